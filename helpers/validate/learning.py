"""Checks of what a training run is given."""

from typing import Any

import numpy as np

from helpers.validate.numbers import (
    finite_numbers,
    non_negative,
    non_negative_int,
    positive,
    positive_int,
)


def clips_and_labels(
    x: Any, y: Any, input_shape: tuple[int | None, ...], num_classes: int, prefix: str = ""
) -> None:
    """Raise unless x are clips that a model takes and y holds a label for each.

    input_shape: the model's, with the batch axis.
    prefix: what stands before x and y in messages, such as ``"validation "``.

    >>> import numpy as np
    >>> x = np.zeros((2, 8, 16, 16, 1), np.uint8)
    >>> clips_and_labels(x, np.array([0, 3]), (None, 8, 16, 16, 1), 3)
    Traceback (most recent call last):
    ...
    ValueError: y holds the label 3, but the model has 3 classes: labels go from 0 to 2.
    """
    for name, value in (("x", x), ("y", y)):
        if not isinstance(value, np.ndarray):
            raise TypeError(
                f"{prefix}{name} is a {type(value).__name__}, but it must be a NumPy array."
            )
    if len(x.shape) == 0 or len(x) == 0:
        raise ValueError(f"{prefix}x has the shape {x.shape}: there are no clips in it.")
    wanted = input_shape[1:]
    fits = len(wanted) == x.ndim - 1 and all(
        length in (None, found) for length, found in zip(wanted, x.shape[1:], strict=True)
    )
    if not fits:
        raise ValueError(
            f"{prefix}x has the shape {x.shape}, but the model takes (clips, "
            f"{', '.join(str(length or 'any') for length in wanted)})."
        )
    if not np.issubdtype(x.dtype, np.integer) and not np.isfinite(x).all():
        raise ValueError(f"{prefix}x holds NaN or infinity: look for the step that made them.")
    if y.shape != (len(x),):
        remedy = f": pass {prefix}y.argmax(axis=1)" if y.shape == (len(x), num_classes) else ""
        raise ValueError(
            f"{prefix}y has the shape {y.shape}, but it must be ({len(x)},), one whole number "
            f"for each clip{remedy}."
        )
    if not np.issubdtype(y.dtype, np.integer):
        raise TypeError(f"{prefix}y is {y.dtype}, but labels must be whole numbers.")
    outside = y[(y < 0) | (y >= num_classes)]
    if outside.size:
        raise ValueError(
            f"{prefix}y holds the label {outside[0]}, but the model has {num_classes} classes: "
            f"labels go from 0 to {num_classes - 1}."
        )


def budget(epochs: Any, seconds: Any) -> None:
    """Raise unless exactly one of the two says how long to train."""
    if (epochs is None) == (seconds is None):
        both = "neither is" if epochs is None else "both are"
        raise ValueError(
            f"epochs and seconds: {both} given, but one of them must say how long to train."
        )
    if epochs is not None:
        positive_int(epochs=epochs)
    else:
        positive(seconds=seconds)


def schedule(step: Any, num_steps: Any, peak: Any, warmup_steps: Any, final: Any) -> None:
    """Raise unless these describe a learning rate: warm-up, peak and decay."""
    positive_int(num_steps=num_steps)
    positive(peak=peak)
    non_negative_int(warmup_steps=warmup_steps)
    non_negative(step=step, final=final)
    if warmup_steps >= num_steps:
        raise ValueError(
            f"warmup_steps is {warmup_steps}, but it must be below num_steps, which is "
            f"{num_steps}."
        )
    if final > peak:
        raise ValueError(f"final is {final}, but it must be at most peak, which is {peak}.")


def measurements(**values: np.ndarray) -> None:
    """Raise unless every keyword argument holds two or more finite numbers in one row."""
    for name, value in values.items():
        if finite_numbers(name, value).ndim != 1 or len(value) < 2:
            raise ValueError(
                f"{name} has the shape {value.shape}, but an interval needs two or more numbers "
                "in one row: repeat the run with more seeds."
            )


def confidence(**values: Any) -> None:
    """Raise unless every keyword argument lies between 0 and 1."""
    for name, value in values.items():
        positive(**{name: value})
        if value >= 1:
            raise ValueError(f"{name} is {value}, but it must be below 1, such as 0.95.")
