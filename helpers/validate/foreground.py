"""Checks of what a camera that stands still sees."""

from typing import Any

import numpy as np

from helpers.validate.images import array


def same_scene(frames: np.ndarray, background: Any) -> None:
    """Raise unless the background is a uint8 picture of the size of the frames.

    >>> same_scene(np.zeros((2, 8, 8, 3), np.uint8), np.zeros((4, 4, 3), np.uint8))
    Traceback (most recent call last):
    ...
    ValueError: background has the shape (4, 4, 3), but the frames have (8, 8, 3): take it from \
frames of the same size.
    """
    array("background", background)
    if background.dtype != np.uint8:
        raise TypeError(
            f"background is {background.dtype}, but it must be uint8, 0 to 255, like the frames: "
            "pass background.astype(np.uint8)."
        )
    if background.shape != frames.shape[1:]:
        raise ValueError(
            f"background has the shape {background.shape}, but the frames have "
            f"{frames.shape[1:]}: take it from frames of the same size."
        )


def single_mask(**values: Any) -> None:
    """Raise unless every keyword argument is one mask: booleans, (height, width).

    >>> single_mask(mask=np.zeros((2, 8, 8), bool))
    Traceback (most recent call last):
    ...
    ValueError: mask has the shape (2, 8, 8), but it must be (height, width): pass one frame's \
mask.
    """
    for name, value in values.items():
        array(name, value)
        if value.dtype != np.bool_:
            raise TypeError(
                f"{name} is {value.dtype}, but it must hold booleans: compare, as in "
                f"{name} > 0."
            )
        if value.ndim != 2:
            raise ValueError(
                f"{name} has the shape {value.shape}, but it must be (height, width): pass one "
                "frame's mask."
            )
