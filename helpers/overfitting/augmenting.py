"""Clips changed at random, with labels that change along where they must."""

import numpy as np

from helpers.datasets import MOTIONS, REVERSED
from helpers.overfitting.remedies import Remedies

# What each label becomes when the clip is turned left to right, and upside down. Both turn
# clockwise into anticlockwise; what accelerates, brakes or is shuffled stays what it is.
_PAIRS = {
    "left to right": (("left", "right"), ("clockwise", "anticlockwise")),
    "upside down": (("up", "down"), ("clockwise", "anticlockwise")),
}


def _exchanged(pairs: tuple[tuple[str, str], ...]) -> np.ndarray:
    becomes = dict(pairs) | {b: a for a, b in pairs}
    return np.array([MOTIONS.index(becomes.get(name, name)) for name in MOTIONS])


# (axis to turn, what the labels become): width, height, frames.
_MIRRORS = (
    (3, _exchanged(_PAIRS["left to right"])),
    (2, _exchanged(_PAIRS["upside down"])),
    (1, np.array(REVERSED)),
)


def augment(
    x: np.ndarray, y: np.ndarray, remedies: Remedies, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Change a batch of the motion task's clips as the remedies say, each clip in its own way.

    Args:
        x: uint8 (batch, frames, height, width, channels).
        y: labels, indices into `MOTIONS`, (batch,).
        remedies: what to do; its shift, mirror and brightness are looked at.
        rng: where the random numbers come from.

    Returns:
        Clips, uint8, and labels, new arrays where anything changes.

    >>> x, y = np.zeros((4, 12, 32, 32, 1), np.uint8), np.arange(4)
    >>> augment(x, y, Remedies(mirror="with labels"), np.random.default_rng(0))[0].shape
    (4, 12, 32, 32, 1)
    """
    if remedies.shift:
        x = _shifted(x, rng)
    if remedies.mirror:
        x, y = _mirrored(x, y, rng, with_labels=remedies.mirror == "with labels")
    if remedies.brightness:
        gain = rng.uniform(0.6, 1.4, (len(x), 1, 1, 1, 1))
        offset = rng.uniform(-30, 30, (len(x), 1, 1, 1, 1))
        x = np.rint((x * gain + offset).clip(0, 255)).astype(np.uint8)
    return x, y


def _shifted(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each clip moved anywhere; what leaves on one side comes back on the other."""
    height, width = x.shape[2:4]
    rows = (np.arange(height) + rng.integers(height, size=(len(x), 1))) % height
    columns = (np.arange(width) + rng.integers(width, size=(len(x), 1))) % width
    clip = np.arange(len(x))[:, np.newaxis, np.newaxis]
    # Frames between the others: with a slice in their midst, the picked axes would come first.
    moved = x.transpose(0, 2, 3, 1, 4)[clip, rows[:, :, np.newaxis], columns[:, np.newaxis]]
    return moved.transpose(0, 3, 1, 2, 4)


def _mirrored(
    x: np.ndarray, y: np.ndarray, rng: np.random.Generator, with_labels: bool
) -> tuple[np.ndarray, np.ndarray]:
    x, y = x.copy(), y.copy()
    for axis, becomes in _MIRRORS:
        chosen = np.flatnonzero(rng.random(len(x)) < 0.5)
        x[chosen] = np.flip(x[chosen], axis)
        if with_labels:
            y[chosen] = becomes[y[chosen]]
    return x, y
