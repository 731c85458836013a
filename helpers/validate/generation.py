"""Checks of what generators of video, and what judges them, are given."""

from typing import Any

import numpy as np

from helpers.validate.numbers import (
    finite_numbers,
    non_negative,
    non_negative_int,
    one_of,
    positive_int,
)


def generated(shape: tuple[int, ...], **values: Any) -> None:
    """Raise unless every keyword argument is uint8 clips, (clips, *shape), at least one."""
    for name, value in values.items():
        if not isinstance(value, np.ndarray) or value.dtype != np.uint8:
            raise TypeError(
                f"{name} is {_kind(value)}, but it must be a NumPy array of uint8: samples from -1 "
                "to 1 become such by `np.rint((x + 1) * 127.5).clip(0, 255).astype(np.uint8)`."
            )
        if value.ndim != len(shape) + 1 or value.shape[1:] != shape or len(value) == 0:
            wanted = ", ".join(map(str, shape))
            raise ValueError(
                f"{name} has the shape {value.shape}, but it must be (clips, {wanted}), with at "
                "least one clip."
            )


def gan_logits(**values: Any) -> None:
    """Raise unless every keyword argument is finite floats, (batch, ...), at least one."""
    for name, value in values.items():
        _floats(name, value, min_axes=1, wanted="(batch, ...), as a discriminator returns it")


def gradient_penalty(gradients: Any, gamma: Any) -> None:
    """Raise unless these are gradients, a row for each clip, and a weight of 0 or more."""
    _floats(
        "gradients", gradients, min_axes=2, wanted="(batch, ...), of the shape of the clips"
    )
    non_negative(gamma=gamma)


def power_iteration(weight: Any, u: Any, num_iterations: Any) -> None:
    """Raise unless u has a number for each output channel of the weight, and is not zero."""
    _floats("weight", weight, min_axes=2, wanted="(..., outputs), as `layer.kernel` is")
    _floats("u", u, min_axes=1, wanted=f"({weight.shape[-1]},)")
    if u.shape != weight.shape[-1:]:
        raise ValueError(
            f"u has the shape {u.shape}, but weight has {weight.shape[-1]} outputs: u must be "
            f"({weight.shape[-1]},)."
        )
    if not u.any():
        raise ValueError("u is all zeros, and stays so: begin with random numbers.")
    positive_int(num_iterations=num_iterations)


def transposed_convolution(
    size: Any, kernel: Any, stride: Any, padding: Any, output_padding: Any
) -> None:
    """Raise unless Keras would build such a layer."""
    positive_int(size=size, kernel=kernel, stride=stride)
    one_of(("same", "valid"), padding=padding)
    if output_padding is None:
        return
    non_negative_int(output_padding=output_padding)
    if output_padding >= stride:
        raise ValueError(
            f"output_padding is {output_padding}, but it must be below the stride, {stride}."
        )


def gaussians(mean: Any, covariance: Any, other_mean: Any, other_covariance: Any) -> None:
    """Raise unless these are the means and covariances of two Gaussians of one dimension."""
    _floats("mean", mean, min_axes=1, wanted="(d,)")
    size = mean.size
    _shaped("mean", mean, (size,))
    _shaped("other_mean", other_mean, (size,))
    for name, value in {"covariance": covariance, "other_covariance": other_covariance}.items():
        _shaped(name, value, (size, size))
        largest = np.abs(value).max()
        if not np.allclose(value, value.T, rtol=0, atol=1e-6 * largest):
            raise ValueError(
                f"{name} is not symmetric, so it is no covariance: "
                "np.cov(features, rowvar=False)."
            )
        smallest = np.linalg.eigvalsh(value)[0]
        if smallest < -1e-6 * largest * size:
            raise ValueError(
                f"{name} has the eigenvalue {smallest:.3g}, but a covariance has none below 0."
            )


def diffusion(clips: Any, noise: Any, time: Any, offset: Any) -> None:
    """Raise unless each clip has noise of its shape and a time from 0 to 1."""
    _floats("clips", clips, min_axes=2, wanted="(batch, ...)")
    _shaped("noise", noise, clips.shape)
    _shaped("time", time, (len(clips),))
    outside = time[(time < 0) | (time > 1)]
    if outside.size:
        raise ValueError(
            f"time holds {outside[0]:g}, but it must be from 0 (clean) to 1 (noise)."
        )
    non_negative(offset=offset)


def latents(first: Any, second: Any, shares: Any) -> None:
    """Raise unless these are two latent vectors with a direction, and shares of the way."""
    _floats("first", first, min_axes=1, wanted="(dimensions,)")
    _shaped("first", first, (first.size,))
    _shaped("second", second, first.shape)
    for name, value in {"first": first, "second": second}.items():
        if not value.any():
            raise ValueError(f"{name} is all zeros, but it must point somewhere.")
    numbers = finite_numbers("shares", shares)
    if numbers.ndim != 1:
        raise ValueError(
            f"shares has the shape {numbers.shape}, but it must be (steps,): "
            "np.linspace(0, 1, num_steps)."
        )
    outside = numbers[(numbers < 0) | (numbers > 1)]
    if outside.size:
        raise ValueError(f"shares holds {outside[0]:g}, but it must be from 0 to 1.")


def feature_sets(**values: Any) -> None:
    """Raise unless every keyword argument is features, (clips, d), of two clips or more."""
    for name, value in values.items():
        _floats(name, value, min_axes=2, wanted="(clips, d)")
        if value.ndim != 2 or len(value) < 2:
            raise ValueError(
                f"{name} has the shape {value.shape}, but it must be (clips, d), with two clips or "
                "more: one has no covariance."
            )
    widths = {name: value.shape[1] for name, value in values.items()}
    if len(set(widths.values())) > 1:
        told = ", ".join(f"{name} has {width}" for name, width in widths.items())
        raise ValueError(f"The features must have the same columns, but {told}.")


def given_frames(minimum: int, **values: Any) -> None:
    """Raise unless every keyword argument is uint8 clips, one or more, of so many frames.

    >>> given_frames(2, first=np.zeros((4, 1, 24, 24, 1), np.uint8))
    Traceback (most recent call last):
    ...
    ValueError: first has the shape (4, 1, 24, 24, 1), but it must be (clips, frames, height, \
width, channels), with at least one clip and 2 frames or more.
    """
    for name, value in values.items():
        if not isinstance(value, np.ndarray) or value.dtype != np.uint8:
            raise TypeError(f"{name} is {_kind(value)}, but it must be a NumPy array of uint8.")
        if value.ndim != 5 or value.shape[1] < minimum or value.size == 0:
            frames = "a frame" if minimum == 1 else f"{minimum} frames"
            raise ValueError(
                f"{name} has the shape {value.shape}, but it must be (clips, frames, height, "
                f"width, channels), with at least one clip and {frames} or more."
            )


def _floats(name: str, value: Any, min_axes: int, wanted: str) -> None:
    if not isinstance(value, np.ndarray) or not np.issubdtype(value.dtype, np.floating):
        raise TypeError(f"{name} is {_kind(value)}, but it must be a NumPy array of floats.")
    if value.ndim < min_axes or value.size == 0:
        raise ValueError(
            f"{name} has the shape {value.shape}, but it must be {wanted}, and not empty."
        )
    if not np.isfinite(value).all():
        raise ValueError(f"{name} must hold finite numbers, but has NaN or infinity in it.")


def _shaped(name: str, value: Any, shape: tuple[int, ...]) -> None:
    _floats(name, value, min_axes=1, wanted=f"{shape}")
    if value.shape != shape:
        raise ValueError(f"{name} has the shape {value.shape}, but it must be {shape}.")


def _kind(value: Any) -> str:
    return str(value.dtype) if isinstance(value, np.ndarray) else type(value).__name__
