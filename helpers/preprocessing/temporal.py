"""Augmentation along time. Reversal needs no function: it is `clip[::-1]`."""

from typing import Any

import numpy as np

from helpers import validate


def jitter_indices(
    indices: np.ndarray, offsets: int | np.ndarray, num_frames: int
) -> np.ndarray:
    """Shift the numbers of sampled frames, and keep them inside the video.

    Args:
        indices: the frames' numbers, whole and never decreasing, (samples,).
        offsets: whole numbers; one for all (the clip starts earlier or later), or one for each
            index (each frame jitters), (samples,).
        num_frames: how many frames the video has, at least 1.

    Returns:
        The shifted numbers, (samples,). One that leaves the video becomes its first or last.

    Raises:
        TypeError, ValueError: when an argument is not as described, or when a later frame
            would come before an earlier one.

    >>> jitter_indices(np.array([0, 4, 8]), np.array([-1, 1, 0]), num_frames=9)
    array([0, 5, 8])
    """
    validate.positive_int(num_frames=num_frames)
    indices, offsets = _whole_numbers("indices", indices), _whole_numbers("offsets", offsets)
    if indices.ndim != 1 or offsets.shape not in ((), indices.shape):
        raise ValueError(
            f"indices has the shape {indices.shape} and offsets {offsets.shape}, but they must "
            "be (samples,), and one number or (samples,)."
        )
    moved = np.clip(indices + offsets, 0, num_frames - 1)
    if (np.diff(moved) < 0).any():
        raise ValueError(
            f"The jittered indices run backwards: {moved}. Start from ascending indices, and "
            "keep the offsets within half of the step between them."
        )
    return moved


def temporal_mask(clip: np.ndarray, start: int, length: int) -> np.ndarray:
    """Black out `length` frames from `start` on: cutout along time.

    Args:
        clip: uint8, (frames, height, width, channels), with 1 or 3 channels.
        start: the first black frame, 0 or more.
        length: how many frames, 0 or more; they must lie inside the clip.

    Returns:
        uint8, the shape of `clip`: a copy.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> temporal_mask(np.full((4, 1, 1, 1), 9, np.uint8), start=1, length=2).ravel()
    array([9, 0, 0, 9], dtype=uint8)
    """
    validate.clip(clip=clip)
    validate.non_negative_int(start=start, length=length)
    if start + length > len(clip):
        raise ValueError(
            f"start is {start} and length {length}, but the clip has {len(clip)} frames: their "
            "sum must not exceed it."
        )
    masked = clip.copy()
    masked[start : start + length] = 0
    return masked


def _whole_numbers(name: str, value: Any) -> np.ndarray:
    numbers = np.asarray(value)
    if not np.issubdtype(numbers.dtype, np.integer):
        raise TypeError(f"{name} is {numbers.dtype}, but it must hold whole numbers.")
    return numbers
