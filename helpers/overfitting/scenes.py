"""Clips whose background may give the label away."""

from dataclasses import dataclass

import numpy as np

from helpers import validate
from helpers.datasets import moving_shapes

DIRECTIONS = ("left", "right", "up", "down")
_DARKEST, _CONTRAST = 30, 48  # of the stripes, in grey levels; the shapes are brighter
_PERIOD = 8  # pixels from stripe to stripe


@dataclass(frozen=True)
class Scenes:
    """Clips of a shape that moves before stripes.

    Attributes:
        video: uint8 (clips, frames, height, width, 1).
        label: int64 (clips,), the direction of motion.
        background: int64 (clips,), which way the stripes run.
        without_object: uint8, as `video`, with stripes in the place of the shape.
    """

    video: np.ndarray
    label: np.ndarray
    background: np.ndarray
    without_object: np.ndarray


def scenes(num_clips: int, *, seed: int, bias: float) -> Scenes:
    """Make clips of four motions before four backgrounds, still and noisy.

    Args:
        num_clips: how many, at least 1.
        seed: 0 or more; the same seed and bias, the same clips.
        bias: in which share of the clips the background is the one of the label, 0 to 1. In
            the others it is drawn without regard to the label, so that with 0 it tells nothing.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> made = scenes(100, seed=0, bias=1.0)
    >>> made.video.shape, bool((made.background == made.label).all())
    ((100, 12, 32, 32, 1), True)
    """
    validate.within(0, 1, bias=bias)
    clips = moving_shapes(num_clips, seed=seed, motions=DIRECTIONS)
    rng = np.random.default_rng(seed)
    background = np.where(
        rng.random(num_clips) < bias, clips.label, rng.integers(4, size=num_clips)
    )
    phase = rng.uniform(0, 2 * np.pi, (num_clips, 1, 1))
    y, x = 2 * np.pi / _PERIOD * np.mgrid[: clips.video.shape[2], : clips.video.shape[3]]
    angle = np.stack([x, y, x + y, x - y])[background] + phase  # (clips, height, width)
    stripes = _DARKEST + _CONTRAST * (1 + np.sin(angle)) / 2
    stripes = stripes[:, np.newaxis, :, :, np.newaxis]
    noisy = stripes + rng.normal(0, 8, clips.video.shape)
    empty = np.rint(noisy.clip(0, 255)).astype(np.uint8)
    is_object = np.any(clips.masks, axis=2)[..., np.newaxis]
    return Scenes(np.where(is_object, clips.video, empty), clips.label, background, empty)


def swap_backgrounds(video: np.ndarray, partner: np.ndarray) -> np.ndarray:
    """Put each clip's moving part before the background of another clip.

    The background is taken to be the median over the frames, so the camera must stand still and
    nothing must stay in one place for half of the clip. No masks are needed.

    Args:
        video: uint8 (clips, frames, height, width, channels).
        partner: whole numbers (clips,): whose background each clip gets.

    Returns:
        A new array like `video`.

    >>> made = scenes(8, seed=0, bias=1.0)
    >>> swap_backgrounds(made.video, np.arange(8)[::-1]).shape
    (8, 12, 32, 32, 1)
    """
    background = np.median(video, axis=1, keepdims=True)
    moved = video + (background[partner] - background)
    return np.rint(moved.clip(0, 255)).astype(np.uint8)
