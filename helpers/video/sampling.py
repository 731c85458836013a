"""Which frames does a model see? Three ways to choose them."""

import numpy as np

from helpers import validate


def sample_indices(total_frames: int, num_frames: int) -> np.ndarray:
    """Choose frames evenly: the middle frame of each of `num_frames` equal segments.

    Args:
        total_frames: how many frames the video has, at least 1.
        num_frames: how many frames to choose, at least 1.

    Returns:
        The chosen frames' numbers, counted from 0, in order: int64, (num_frames,).
        Frame k lasts from k to k + 1 on the time line; the chosen frame is the one on screen
        at the middle of its segment, the later one where the middle is a border between two.
        Frames repeat when `num_frames` is larger than `total_frames`.

    Raises:
        TypeError, ValueError: when a number is not whole or is below 1.

    >>> sample_indices(total_frames=8, num_frames=4)
    array([1, 3, 5, 7])
    """
    validate.positive_int(total_frames=total_frames, num_frames=num_frames)
    # Segment i of n covers [i, i + 1) * total / n, so its middle is (2i + 1) * total / (2n).
    # Whole numbers all the way: a float could round the wrong way.
    segment = np.arange(num_frames)  # (num_frames,)
    return (2 * segment + 1) * total_frames // (2 * num_frames)


def sample_dense(total_frames: int, num_frames: int, stride: int, start: int) -> np.ndarray:
    """Choose every `stride`-th frame from `start` on: a short window, motion kept in detail.

    Args:
        total_frames: how many frames the video has, at least 1.
        num_frames: how many frames to choose, at least 1.
        stride: the step from one chosen frame to the next, at least 1.
        start: the first chosen frame, from 0 to total_frames - 1.

    Returns:
        The chosen frames' numbers, counted from 0, in order: int64, (num_frames,).
        Past the end of the video the last frame is repeated, as in SlowFast's loader: the
        picture stands still. Starting over instead would put a cut into the clip that the
        video does not have.

    Raises:
        TypeError, ValueError: when a number is not whole or is out of its range.

    >>> sample_dense(total_frames=100, num_frames=4, stride=2, start=10)
    array([10, 12, 14, 16])
    >>> sample_dense(total_frames=100, num_frames=4, stride=2, start=96)
    array([96, 98, 99, 99])
    """
    validate.positive_int(total_frames=total_frames, num_frames=num_frames, stride=stride)
    validate.index_below(total_frames, start=start)
    indices = start + stride * np.arange(num_frames)  # (num_frames,)
    return np.minimum(indices, total_frames - 1)


def sample_segments(total_frames: int, num_frames: int, offsets: np.ndarray) -> np.ndarray:
    """Choose one frame from each of `num_frames` equal segments, at a given place in each.

    In training the places are drawn anew each time a video is seen, one a segment:
    `offsets=rng.random(num_frames)`. Places of 0.5 are the middles: `sample_indices`.
    From Temporal Segment Networks (Wang et al., ECCV 2016).

    Args:
        total_frames: how many frames the video has, at least 1.
        num_frames: how many frames to choose, at least 1.
        offsets: where in its segment each frame lies, from 0 (the segment's start) up to
            but without 1 (its end): floats, (num_frames,).

    Returns:
        The chosen frames' numbers, counted from 0, in order: int64, (num_frames,).
        A place between two frames is rounded down. Frames repeat when `num_frames` is
        larger than `total_frames`.

    Raises:
        TypeError, ValueError: when a number is not whole or is below 1, or `offsets` has
            another shape or values outside [0, 1).

    >>> sample_segments(total_frames=100, num_frames=4, offsets=np.array([0, 0.5, 0.9, 0.2]))
    array([ 0, 37, 72, 80])
    """
    validate.positive_int(total_frames=total_frames, num_frames=num_frames)
    validate.unit_interval((num_frames,), offsets=offsets)
    places = (np.arange(num_frames) + offsets) * total_frames / num_frames  # (num_frames,)
    # An offset a hair below 1 can round up to the next segment; the last has none.
    return np.minimum(places.astype(np.int64), total_frames - 1)
