"""Checks of times and frame numbers."""

from typing import Any

import numpy as np

from helpers.validate.numbers import finite_numbers


def timestamps(**values: Any) -> None:
    """Raise unless every keyword argument holds whole numbers in one row, all different.

    >>> import numpy as np
    >>> timestamps(pts=np.array([0, 512, 512]))
    Traceback (most recent call last):
    ...
    ValueError: pts holds 512 for 2 frames, so times do not tell them apart: count the frames \
as they are decoded.
    """
    for name, value in values.items():
        _whole_numbers(name, value)
        if not len(value):
            raise ValueError(f"{name} is empty, but a video has at least one frame.")
        times, counts = np.unique(value, return_counts=True)
        if counts.max() > 1:
            raise ValueError(
                f"{name} holds {times[counts.argmax()]} for {counts.max()} frames, so times do "
                "not tell them apart: count the frames as they are decoded."
            )


def changes(**values: Any) -> None:
    """Raise unless every keyword argument holds floats from 0 to 1 in one row, or none."""
    for name, value in values.items():
        if not isinstance(value, np.ndarray):
            raise TypeError(
                f"{name} is a {type(value).__name__}, but it must be an array of floats: use "
                "np.array."
            )
        if not np.issubdtype(value.dtype, np.floating):
            raise TypeError(f"{name} is {value.dtype}, but it must hold floats.")
        if value.ndim != 1:
            raise ValueError(
                f"{name} has the shape {value.shape}, but it must be one row, (n,)."
            )
        if np.isnan(value).any():
            raise ValueError(f"{name} holds NaN at {np.isnan(value).argmax()}.")
        outside = value[(value < 0) | (value > 1)]
        if outside.size:
            raise ValueError(
                f"{name} holds {outside[0]:g}, but every change must be from 0 to 1: divide by "
                "the largest that there can be."
            )


def moments(**values: Any) -> None:
    """Raise unless every keyword argument holds seconds in one row, at least one."""
    for name, value in values.items():
        numbers = finite_numbers(name, value)
        if not isinstance(value, np.ndarray) or numbers.ndim != 1:
            raise TypeError(
                f"{name} is {value!r}, but it must be a NumPy array (n,): for one moment, pass "
                "np.array([1.5])."
            )


def frame_numbers(**values: Any) -> None:
    """Raise unless every keyword argument holds frame numbers in one row; there may be none."""
    for name, value in values.items():
        _whole_numbers(name, value)
        if len(value) and value.min() < 0:
            raise ValueError(
                f"{name} holds {value.min()}, but frames are counted from 0: give numbers of 0 "
                "or more."
            )


def keyframes(**values: Any) -> None:
    """Raise unless every keyword argument holds rising frame numbers, the first of them 0.

    >>> import numpy as np
    >>> keyframes(keyframes=np.array([12, 24]))
    Traceback (most recent call last):
    ...
    ValueError: keyframes begins with 12, but it must begin with 0: what comes before the first \
keyframe cannot be decoded.
    """
    for name, value in values.items():
        frame_numbers(**{name: value})
        if not len(value) or value[0] != 0:
            first = f"begins with {value[0]}" if len(value) else "is empty"
            raise ValueError(
                f"{name} {first}, but it must begin with 0: what comes before the first keyframe "
                "cannot be decoded."
            )
        if (np.diff(value) <= 0).any():
            raise ValueError(f"{name} must rise from one entry to the next: sort it.")


def _whole_numbers(name: str, value: Any) -> None:
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but it must be a NumPy array: np.array(...)."
        )
    if value.ndim != 1:
        raise ValueError(f"{name} has the shape {value.shape}, but it must be one row, (n,).")
    if not np.issubdtype(value.dtype, np.integer):
        raise TypeError(f"{name} is {value.dtype}, but it must hold whole numbers.")
