"""The data to imitate: a handwritten digit that glides across a black frame."""

from dataclasses import dataclass

import numpy as np

from helpers import validate
from helpers.datasets.digits import digit_templates
from helpers.datasets.rendering import Scene, render

DIRECTIONS = ("left", "right", "up", "down")
NUM_DIGITS = 10
SHAPE = (8, 24, 24, 1)  # (frames, height, width, channels)

_NUM_TRAIN = 1200  # of the 1,797 handwritten digits, as in `datasets.moving_digits`
_BLOCK = 256  # clips that are painted at once
_RADIUS = 8.5  # of the circle round a digit's square, in pixels: the square is 12 wide
_MARGIN = 7.0  # how close the middle of a digit comes to a border
_TRAVEL = (4.5, 8.0)  # from the first frame to the last, in pixels
_AHEAD = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])  # x to the right and y down


@dataclass(frozen=True)
class Digits:
    """Clips of gliding digits.

    Attributes:
        video: uint8 (clips, 8, 24, 24, 1), white on black.
        digit: int64 (clips,), 0 to 9.
        direction: int64 (clips,), an index into `DIRECTIONS`.
    """

    video: np.ndarray
    digit: np.ndarray
    direction: np.ndarray


def digits(num_clips: int, *, seed: int, split: str = "train") -> Digits:
    """Make clips in which one upright digit glides left, right, up or down.

    The handwritten digits are those of scikit-learn's `load_digits`; training takes the first
    1,200 of them, testing the other 597. The digit never leaves the frame, so that it starts on
    the side that it glides away from, and its speed, from 0.6 to 1.1 pixels a frame, is the same
    in all frames of a clip.

    Args:
        num_clips: how many, at least 1.
        seed: 0 or more; the same seed and split, the same clips.
        split: "train" or "test".

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> made = digits(100, seed=0)
    >>> made.video.shape, made.video.dtype.name, len(set(made.digit)), len(set(made.direction))
    ((100, 8, 24, 24, 1), 'uint8', 10, 4)
    """
    validate.positive_int(num_clips=num_clips)
    validate.non_negative_int(seed=seed)
    validate.one_of(("train", "test"), split=split)
    rng = np.random.default_rng(seed)
    num_frames, size = SHAPE[:2]
    direction = rng.integers(len(DIRECTIONS), size=num_clips)
    ahead = _AHEAD[direction]  # (clips, 2)
    travel = rng.uniform(*_TRAVEL, size=(num_clips, 1))
    free = size - 2 * _MARGIN - travel * np.abs(ahead)  # how much room there is to choose from
    start = _MARGIN + free * rng.random((num_clips, 2))  # of one that glides right or down
    start -= travel * np.minimum(ahead, 0)  # one that glides left or up comes the other way
    moment = np.linspace(0, 1, num_frames)[:, np.newaxis]  # (frames, 1)
    center = start[:, np.newaxis] + moment * (travel * ahead)[:, np.newaxis]

    templates, names = digit_templates()
    chosen = np.arange(len(names)) < _NUM_TRAIN
    chosen = chosen if split == "train" else ~chosen
    templates, names = templates[chosen], names[chosen]
    kind = rng.integers(len(names), size=num_clips)
    video = np.empty((num_clips, *SHAPE), np.uint8)
    for first in range(0, num_clips, _BLOCK):
        block = slice(first, first + _BLOCK)
        video[block] = _painted(templates, kind[block], center[block])
    return Digits(video, names[kind].astype(np.int64), direction)


def _painted(templates: np.ndarray, kind: np.ndarray, center: np.ndarray) -> np.ndarray:
    """uint8 (clips, frames, height, width, 1) of the digits at their places."""
    num_clips, num_frames, _ = center.shape
    scene = Scene(
        templates=templates,
        kind=kind[:, np.newaxis],
        radius=np.full((num_clips, 1), _RADIUS),
        center=center[:, :, np.newaxis],
        angle=np.zeros((num_clips, num_frames, 1)),
        size=SHAPE[1],
        hidden=np.zeros((num_clips, SHAPE[2]), bool),
    )
    white = np.full((num_clips, 1, 1), 255, np.float32)
    black = np.zeros((num_clips, 1), np.float32)
    return np.rint(render(scene, white, black)[0, ..., np.newaxis]).astype(np.uint8)
