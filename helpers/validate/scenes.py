"""Checks of the knobs of made clips."""

from typing import Any

from helpers.validate.numbers import finite_numbers


def options(known: tuple[Any, ...], **values: Any) -> None:
    """Raise unless every keyword argument is a tuple or list of different known options.

    >>> options(("left", "right"), motions=("left", "up"))
    Traceback (most recent call last):
    ...
    ValueError: motions holds 'up', but each of them must be one of ('left', 'right').
    """
    for name, value in values.items():
        if not isinstance(value, tuple | list):
            raise TypeError(
                f"{name} is {value!r} ({type(value).__name__}), but it must be a tuple: for a "
                f"single one write ({value!r},)."
            )
        if not value:
            raise ValueError(f"{name} is empty: take at least one of {known}.")
        for one in value:
            if one not in known:
                raise ValueError(
                    f"{name} holds {one!r}, but each of them must be one of {known}."
                )
        if len(set(value)) < len(value):
            raise ValueError(f"{name} is {value}, but none may come twice.")


def within(low: float, high: float, **values: Any) -> None:
    """Raise unless every keyword argument is a number, or numbers, from low to high.

    >>> within(0, 1, motion_blur=1.5)
    Traceback (most recent call last):
    ...
    ValueError: motion_blur is 1.5, but it must be from 0 to 1.
    """
    for name, value in values.items():
        numbers = finite_numbers(name, value)
        if numbers.min() < low or numbers.max() > high:
            raise ValueError(f"{name} is {value}, but it must be from {low:g} to {high:g}.")


def low_and_high(**values: Any) -> None:
    """Raise unless every keyword argument is a pair of numbers, the smaller one first."""
    for name, value in values.items():
        numbers = finite_numbers(name, value)
        if numbers.shape != (2,) or numbers[0] > numbers[1]:
            raise ValueError(
                f"{name} is {value!r}, but it must be two numbers, the smaller one first."
            )
