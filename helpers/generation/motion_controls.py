"""Controls for predicted frames: two guesses that need no network, and a measure of blur."""

import numpy as np
from scipy import ndimage

from helpers import validate


def repeat_last(first: np.ndarray, num_frames: int) -> np.ndarray:
    """Predict that nothing moves: the last given frame, over and over.

    Args:
        first: uint8 (clips, given, height, width, channels).
        num_frames: how many frames to predict.

    Returns:
        uint8 (clips, num_frames, height, width, channels).
    """
    validate.given_frames(1, first=first)
    validate.positive_int(num_frames=num_frames)
    return first[:, -1:].repeat(num_frames, axis=1)


def push_on(first: np.ndarray, num_frames: int) -> np.ndarray:
    """Predict that the picture goes on as its middle went from the last but one frame.

    The motion is that of the centre of brightness, and the last frame is moved along it, in
    parts of a pixel too (by cubic splines); black comes in behind.
    A strong guess for one thing that glides on black, and no guess at all for anything else.

    Args:
        first: uint8 (clips, given, height, width, channels), given at least 2, none all black.
        num_frames: how many frames to predict.

    Returns:
        uint8 (clips, num_frames, height, width, channels).

    >>> first = np.zeros((1, 2, 1, 8, 1), np.uint8)
    >>> first[0, 0, 0, 1] = first[0, 1, 0, 3] = 200
    >>> push_on(first, 2)[0, :, 0, :, 0]
    array([[  0,   0,   0,   0,   0, 200,   0,   0],
           [  0,   0,   0,   0,   0,   0,   0, 200]], dtype=uint8)
    """
    validate.given_frames(2, first=first)
    validate.positive_int(num_frames=num_frames)
    middle = _middle(first[:, -2:])  # (clips, 2, 2)
    motion = middle[:, 1] - middle[:, 0]  # (clips, 2): rows and columns a frame
    frames = [moved(first[:, -1], motion * number) for number in range(1, num_frames + 1)]
    return np.stack(frames, axis=1)


def moved(frames: np.ndarray, motion: np.ndarray) -> np.ndarray:
    """Move each picture by whole pixels and parts of them, by cubic splines; black comes in.

    Args:
        frames: uint8 (clips, height, width, channels).
        motion: floats that broadcast to (clips, 2): rows down and columns to the right.

    Returns:
        uint8 of the same shape.
    """
    shifts = np.broadcast_to(motion, (len(frames), 2))
    # A spline can overshoot at an edge.
    return np.stack(
        [
            np.rint(ndimage.shift(frame.astype(float), (*shift, 0))).clip(0, 255)
            for frame, shift in zip(frames, shifts, strict=True)
        ]
    ).astype(np.uint8)


def sharpness(video: np.ndarray) -> float:
    """The root mean square of the steps between neighbouring pixels, in grey levels.

    It falls when edges are smeared. It says nothing of whether they are the right ones, and
    noise raises it, so that only predictions of the same thing can be compared by it.

    Args:
        video: uint8 (clips, frames, height, width, channels).
    """
    validate.given_frames(1, video=video)
    light = video.astype(float)
    steps = [np.diff(light, axis=axis).ravel() for axis in (2, 3)]
    return float(np.sqrt(np.mean(np.concatenate(steps) ** 2)))


def _middle(frames: np.ndarray) -> np.ndarray:
    """The centre of brightness (clips, frames, 2), row and column."""
    light = frames.astype(float).sum(axis=-1)
    total = light.sum(axis=(2, 3))
    if (total == 0).any():
        clip = int(np.flatnonzero((total == 0).any(axis=1))[0])
        raise ValueError(
            f"first has a clip, {clip}, with an all black frame, whose middle is nowhere: leave "
            "it out."
        )
    row = (light.sum(axis=3) * np.arange(light.shape[2])).sum(axis=2) / total
    column = (light.sum(axis=2) * np.arange(light.shape[3])).sum(axis=2) / total
    return np.stack([row, column], axis=-1)
