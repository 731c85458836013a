"""Checks of what a builder of a model is given."""

from collections.abc import Sequence
from typing import Any

from helpers.validate.numbers import positive_int


def network(input_shape: Any, num_classes: Any, **counts: Any) -> None:
    """Raise unless these describe a classifier of clips.

    counts: the builder's further numbers; each a whole number of at least 1, or several of them.

    >>> network((12, 32, 32), 10)
    Traceback (most recent call last):
    ...
    ValueError: input_shape is (12, 32, 32), but it must be (frames, height, width, channels).
    """
    if not isinstance(input_shape, Sequence) or isinstance(input_shape, str):
        raise TypeError(
            f"input_shape is {input_shape!r} ({type(input_shape).__name__}), but it must be a "
            "tuple (frames, height, width, channels)."
        )
    if len(input_shape) != 4:
        remedy = ": leave out the batch" if len(input_shape) == 5 else ""
        raise ValueError(
            f"input_shape is {tuple(input_shape)}, but it must be (frames, height, width, "
            f"channels){remedy}."
        )
    for name, length in zip(
        ("frames", "height", "width", "channels"), input_shape, strict=True
    ):
        positive_int(**{f"input_shape's {name}": length})
    positive_int(num_classes=num_classes)
    for name, value in counts.items():
        if isinstance(value, tuple | list):
            if not value:
                raise ValueError(f"{name} is empty: it must hold at least one number.")
            for one in value:
                positive_int(**{f"a number in {name}": one})
        else:
            positive_int(**{name: value})


def fixed_length(name: str, value: Sequence[int], length: int) -> None:
    """Raise unless it holds so many numbers.

    >>> fixed_length("widths", (64, 128), 4)
    Traceback (most recent call last):
    ...
    ValueError: widths is (64, 128), but it must hold 4 numbers, not 2.
    """
    if len(value) != length:
        raise ValueError(
            f"{name} is {tuple(value)}, but it must hold {length} numbers, not {len(value)}."
        )


def patches(input_shape: Sequence[int], patch: Sequence[int]) -> None:
    """Raise unless whole patches of (frames, height, width) fill the clip.

    >>> patches((12, 32, 32, 1), (2, 5, 8))
    Traceback (most recent call last):
    ...
    ValueError: the clip's height, 32, is no multiple of the patch's, 5: whole patches must fill it.
    """
    fixed_length("patch", patch, 3)
    for name, length, size in zip(
        ("frames", "height", "width"), input_shape, patch, strict=False
    ):
        if length % size:
            raise ValueError(
                f"the clip's {name}, {length}, is no multiple of the patch's, {size}: whole "
                "patches must fill it."
            )


def heads(width: int, num_heads: int) -> None:
    """Raise unless the channels can be shared out among the heads of attention.

    >>> heads(64, 6)
    Traceback (most recent call last):
    ...
    ValueError: width is 64, which 6 heads cannot share evenly: take a multiple of 6.
    """
    if width % num_heads:
        raise ValueError(
            f"width is {width}, which {num_heads} heads cannot share evenly: take a multiple of "
            f"{num_heads}."
        )
