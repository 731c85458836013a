"""Clips of moving handwritten digits."""

from functools import cache

import numpy as np

from helpers import validate
from helpers.datasets.clips import Clips
from helpers.datasets.motions import MOTIONS
from helpers.datasets.moving import Knobs, make_clips
from helpers.datasets.rendering import template_axis

_NUM_TRAIN = 1200  # of the 1,797 digits; the rest are for testing
_SMALLEST = 14  # in smaller digits a stroke can slip between the middles of the pixels


def moving_digits(
    num_clips: int,
    *,
    seed: int,
    split: str = "train",
    num_frames: int = 12,
    size: int = 32,
    num_objects: int = 1,
    channels: int = 1,
    motions: tuple[str, ...] = MOTIONS,
    object_size: tuple[float, float] = (18.0, 22.0),
    noise: float = 8.0,
    motion_blur: float = 0.0,
    occluder: int = 0,
) -> Clips:
    """Make clips of real handwritten digits that move, with the truth about every pixel.

    The digits are those of scikit-learn's `load_digits`, 8x8 pixels, enlarged. Training takes
    the first 1,200 of them and testing the other 597, in the order of the file, where one
    writer's digits follow each other: so no digit is in both, and hardly a writer is.

    The motions and everything else are as in `moving_shapes`: the label is the motion, and
    `object_label` says which digit it is. In the motion task digits are turned anyhow, so that
    a 6 may look like a 9; with `motions=("free",)` they stand upright and bounce off the
    borders, as in Moving MNIST (Srivastava et al., 2015).

    Args:
        num_clips, seed, num_frames, num_objects, channels, motions, noise, motion_blur,
            occluder: as in `moving_shapes`.
        size: height and width of the frames in pixels, 18 to 512.
        split: "train" or "test".
        object_size: least and largest diameter of the circle round the 8x8 square, in pixels,
            14 to `size - 4`. A digit is about two thirds of it tall.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> clips = moving_digits(20, seed=0, split="test")
    >>> clips.video.shape, clips.object_names[3], clips.object_label.shape
    ((20, 12, 32, 32, 1), '3', (20, 1))
    """
    validate.one_of(("train", "test"), split=split)
    knobs = Knobs(
        num_frames=num_frames,
        size=size,
        num_objects=num_objects,
        channels=channels,
        motions=motions,
        object_size=object_size,
        noise=noise,
        motion_blur=motion_blur,
        occluder=occluder,
        smallest_object=_SMALLEST,
    )
    templates, digits = digit_templates()
    chosen = slice(_NUM_TRAIN) if split == "train" else slice(_NUM_TRAIN, None)
    names = tuple("0123456789")
    return make_clips(num_clips, seed, knobs, templates[chosen], digits[chosen], names)


@cache
def digit_templates() -> tuple[np.ndarray, np.ndarray]:
    """All 1,797 digits as templates (digits, side, side), and which digit each one is."""
    from sklearn.datasets import load_digits  # here, since it takes a second to import

    data = load_digits()
    # The 8x8 square fills the circle round it: its half diagonal is one radius.
    pixel = template_axis(side=64) * 4 * np.sqrt(2) + 3.5
    weights = np.clip(1 - np.abs(pixel[:, np.newaxis] - np.arange(8)), 0, None)  # bilinear
    ink = weights @ (data.images / 16) @ weights.T
    # The edge is where there is half the ink. A third makes it about one pixel wide.
    return ((ink - 0.5) / 3).astype(np.float32), data.target
