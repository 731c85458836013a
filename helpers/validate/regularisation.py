"""Checks of what a means against overfitting is given."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.validate.classification import class_indices
from helpers.validate.numbers import (
    finite_numbers,
    non_negative,
    non_negative_int,
    one_of,
    positive_int,
)


def below_one(**values: Any) -> None:
    """Raise unless every keyword argument is one number of at least 0 and below 1.

    >>> below_one(rate=1)
    Traceback (most recent call last):
    ...
    ValueError: rate is 1, but it must be 0 or more and below 1.
    """
    for name, value in values.items():
        non_negative(**{name: value})
        if value >= 1:
            raise ValueError(f"{name} is {value}, but it must be 0 or more and below 1.")


def dropout(x: Any, kept: Any, rate: Any) -> None:
    """Raise unless the mask `kept` fits x, and `rate` is a share that can be dropped."""
    below_one(rate=rate)
    _finite_floats("x", x)
    if not isinstance(kept, np.ndarray) or kept.dtype != bool:
        raise TypeError("kept must be a NumPy array of booleans, True for what stays.")
    fits = kept.ndim == x.ndim and all(
        length in (1, wanted) for length, wanted in zip(kept.shape, x.shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"kept has the shape {kept.shape}, but x has {x.shape}: each axis must be as long as "
            "that of x, or 1."
        )


def early_stopping(patience: Any, min_delta: Any, mode: Any) -> None:
    """Raise unless these say when a training has stopped getting better."""
    positive_int(patience=patience)
    non_negative(min_delta=min_delta)
    one_of(("min", "max"), mode=mode)


def epoch(value: Any, weights: Any) -> None:
    """Raise unless an epoch gave one number, NaN or infinity included, and a list of weights."""
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "iuf" or numbers.shape != ():
        raise TypeError(
            f"value is {value!r} ({type(value).__name__}), but it must be one number, such as a "
            "validation loss."
        )
    _arrays("weights", weights, of="numbers")


def mixing(x: Any, y: Any, partner: Any, share: Any) -> None:
    """Raise unless each sample has a target, a partner and a share to mix by."""
    if not isinstance(x, np.ndarray) or not (
        x.dtype == np.uint8 or np.issubdtype(x.dtype, np.floating)
    ):
        kind = x.dtype if isinstance(x, np.ndarray) else type(x).__name__
        raise TypeError(f"x is {kind}, but it must be a NumPy array of uint8 or floats.")
    if x.ndim < 2 or x.size == 0 or not np.isfinite(x).all():
        raise ValueError(
            f"x, of the shape {x.shape}, must hold finite numbers and be (batch, ...), with at "
            "least one sample."
        )
    _finite_floats("y", y)
    if y.ndim != 2 or len(y) != len(x):
        raise ValueError(
            f"y has the shape {y.shape}, but it must be ({len(x)}, classes): one-hot, a row for "
            "each sample of x."
        )
    if not isinstance(partner, np.ndarray) or not np.issubdtype(partner.dtype, np.integer):
        raise TypeError("partner must be a NumPy array of whole numbers, indices of samples.")
    if partner.shape != (len(x),) or not np.array_equal(np.sort(partner), np.arange(len(x))):
        raise ValueError(
            f"partner is {partner.tolist()}, but it must hold each of 0 to {len(x) - 1} once: "
            f"rng.permutation({len(x)})."
        )
    shares = finite_numbers("share", share)
    if shares.shape not in ((), (len(x),)):
        raise ValueError(
            f"share has the shape {shares.shape}, but it must be one number, or ({len(x)},), one "
            "for each sample."
        )
    outside = shares[(shares < 0) | (shares > 1)]
    if outside.size:
        raise ValueError(f"share holds {outside[0]:g}, but it must be from 0 to 1.")


def smoothing(labels: Any, num_classes: Any, smoothing: Any) -> None:
    """Raise unless these are labels of so many classes, and a share to take from them."""
    class_indices(num_classes, labels=labels)
    below_one(smoothing=smoothing)


def averaging(average: Any, weights: Any, momentum: Any, step: Any) -> None:
    """Raise unless the average has an array for each of the weights, of its shape."""
    _arrays("average", average, of="floats")
    _arrays("weights", weights, of="floats")
    shapes = [array.shape for array in average], [array.shape for array in weights]
    if shapes[0] != shapes[1]:
        raise ValueError(
            f"average has the shapes {shapes[0]} and weights {shapes[1]}, but they must be alike, "
            "array by array."
        )
    below_one(momentum=momentum)
    non_negative_int(step=step)


def _arrays(name: str, value: Any, of: str) -> None:
    """A weight without axes comes from Keras as a NumPy number, which will do as well."""
    kind = np.floating if of == "floats" else np.number
    alike = isinstance(value, Sequence) and all(
        isinstance(array, np.ndarray | np.generic) and np.issubdtype(array.dtype, kind)
        for array in value
    )
    if not alike:
        raise TypeError(
            f"{name} must be a list of NumPy arrays of {of}, as model.get_weights() returns it."
        )


def _finite_floats(name: str, value: Any) -> None:
    if not isinstance(value, np.ndarray) or not np.issubdtype(value.dtype, np.floating):
        kind = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
        raise TypeError(f"{name} is {kind}, but it must be a NumPy array of floats.")
    if value.size == 0 or not np.isfinite(value).all():
        raise ValueError(
            f"{name}, of the shape {value.shape}, must hold finite numbers, at least one."
        )
