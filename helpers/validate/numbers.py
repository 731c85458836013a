"""Checks of numbers and options."""

import operator
from typing import Any

import numpy as np


def positive_int(**values: Any) -> None:
    """Raise unless every keyword argument is a whole number of at least 1.

    Python and NumPy integers pass; ``bool``, ``float`` and arrays do not.

    >>> positive_int(num_frames=8)
    >>> positive_int(num_frames=0)
    Traceback (most recent call last):
    ...
    ValueError: num_frames is 0, but it must be at least 1.
    """
    for name, value in values.items():
        _whole_number(name, value)
        if value < 1:
            raise ValueError(f"{name} is {value}, but it must be at least 1.")


def non_negative_int(**values: Any) -> None:
    """Raise unless every keyword argument is a whole number of at least 0."""
    for name, value in values.items():
        _whole_number(name, value)
        if value < 0:
            raise ValueError(f"{name} is {value}, but it must be 0 or more.")


def index_below(size: int, **values: Any) -> None:
    """Raise unless every keyword argument is a whole number from 0 to size - 1."""
    for name, value in values.items():
        _whole_number(name, value)
        if not 0 <= value < size:
            raise ValueError(f"{name} is {value}, but it must be from 0 to {size - 1}.")


def unit_interval(shape: tuple[int, ...], **values: Any) -> None:
    """Raise unless every keyword argument holds numbers in [0, 1) and has the shape."""
    for name, value in values.items():
        numbers = finite_numbers(name, value)
        if numbers.shape != shape:
            raise ValueError(
                f"{name} has the shape {numbers.shape}, but it must have the shape {shape}."
            )
        outside = numbers[(numbers < 0) | (numbers >= 1)]
        if outside.size:
            raise ValueError(
                f"{name} holds {outside[0]:g}, but every number in it must be 0 or more and "
                "below 1."
            )


def odd_int(**values: Any) -> None:
    """Raise unless every keyword argument is an odd whole number of at least 1."""
    positive_int(**values)
    for name, value in values.items():
        if value % 2 == 0:
            raise ValueError(
                f"{name} is {value}, but it must be odd, so that it has a middle: "
                f"try {value - 1} or {value + 1}."
            )


def positive(**values: Any) -> None:
    """Raise unless every keyword argument is a finite number above 0."""
    for name, value in values.items():
        if _finite_number(name, value) <= 0:
            raise ValueError(f"{name} is {value}, but it must be above 0.")


def non_negative(**values: Any) -> None:
    """Raise unless every keyword argument is a finite number of at least 0."""
    for name, value in values.items():
        if _finite_number(name, value) < 0:
            raise ValueError(f"{name} is {value}, but it must be 0 or more.")


def one_of(options: tuple[str, ...], **values: Any) -> None:
    """Raise unless every keyword argument is one of the options."""
    for name, value in values.items():
        if not isinstance(value, str) or value not in options:
            raise ValueError(f"{name} is {value!r}, but it must be one of {options}.")


def _whole_number(name: str, value: Any) -> None:
    try:
        if isinstance(value, bool):
            raise TypeError
        operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name} is {value!r} ({type(value).__name__}), but it must be a whole number."
        ) from None


def _finite_number(name: str, value: Any) -> float:
    numbers = finite_numbers(name, value)
    if numbers.shape != ():
        raise TypeError(f"{name} has the shape {numbers.shape}, but it must be one number.")
    return float(numbers)


def finite_numbers(name: str, value: Any) -> np.ndarray:
    """The value as finite floats, at least one of them."""
    try:
        numbers = np.asarray(value)
        if not np.issubdtype(numbers.dtype, np.number) or np.iscomplexobj(numbers):
            raise TypeError
    except (TypeError, ValueError):  # NumPy raises ValueError for lists of uneven length
        raise TypeError(
            f"{name} is {value!r} ({type(value).__name__}), but it must be a number."
        ) from None
    if numbers.size == 0 or not np.isfinite(numbers).all():
        raise ValueError(f"{name} is {value!r}, but it must be finite and not empty.")
    return numbers
