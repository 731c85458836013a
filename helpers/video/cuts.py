"""Where one shot ends and the next begins: how much the colours change, and what is a cut."""

import numpy as np

from helpers import validate


def histogram_changes(frames: np.ndarray, num_bins: int = 16) -> np.ndarray:
    """How much the colours change from each frame to the next, wherever they are in the picture.

    Args:
        frames: uint8, (num_frames, height, width, channels), with 1 or 3 channels.
        num_bins: into how many bins of equal width the values 0 to 255 are sorted, at least 1.
            Where they do not divide evenly, value v falls into bin v * num_bins / 256, rounded
            down.

    Returns:
        float64, (num_frames - 1,): entry k compares frames k and k + 1. Each channel of a frame
        has a histogram of its own, as shares of the pixels. The change is half the sum of the
        absolute differences of two histograms, averaged over the channels: 0 when they are the
        same, 1 when no bin is used by both. A single frame gives an empty array.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frames = np.array([[0, 0], [0, 200], [200, 0], [90, 90]], np.uint8)  # of two pixels
    >>> histogram_changes(frames.reshape(4, 1, 2, 1))
    array([0.5, 0. , 1. ])
    """
    validate.clip(frames=frames)
    validate.positive_int(num_bins=num_bins)
    num_frames, height, width, channels = frames.shape
    # The 256 values of a channel are counted behind those of the channel before; one frame at a
    # time, since whole numbers of 64 bits for a long clip's pixels would fill the memory.
    first = 256 * np.arange(channels)
    counts = [
        np.bincount((first + frame).ravel(), minlength=256 * channels) for frame in frames
    ]
    # Values are sorted into bins after counting, when there are far fewer of them than pixels.
    in_bin = np.arange(256)[:, np.newaxis] * num_bins // 256 == np.arange(num_bins)
    histograms = np.reshape(counts, (num_frames, channels, 256)) @ in_bin
    # Whole numbers until the last step: equal histograms differ by 0 and no less.
    differences = np.abs(np.diff(histograms, axis=0)).sum(axis=(1, 2))
    return differences / (2 * height * width * channels)


def shot_cuts(changes: np.ndarray, threshold: float, min_frames: int) -> np.ndarray:
    """The frames at which a new shot begins: large changes that do not come too soon.

    Args:
        changes: how much each frame differs from the one before, from 0 to 1: floats,
            (num_frames - 1,). Entry k compares frames k and k + 1. There may be none.
        threshold: what a change must be above to count, from 0 to 1.
        min_frames: how many frames a shot must have before the next may begin, at least 1.

    Returns:
        The number of each shot's first frame, rising, without the first shot's 0: int64,
        (num_cuts,). Frames are decided in order: one whose change counts begins a shot when the
        shot that it would end has at least `min_frames` frames by then, and goes on with that
        shot otherwise. So a flash of fewer frames, which changes the picture twice, is one cut
        at most. The last shot may be shorter.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> changes = np.array([0.0, 0.1, 0.9, 0.8, 0.0, 0.7])
    >>> shot_cuts(changes, threshold=0.5, min_frames=2)
    array([3, 6])
    """
    validate.changes(changes=changes)
    validate.fraction(threshold=threshold)
    validate.positive_int(min_frames=min_frames)
    cuts, shot_start = [], 0
    for frame in (np.flatnonzero(changes > threshold) + 1).tolist():
        # From the start of a shot that was kept: a change that was passed over begins nothing.
        if frame - shot_start >= min_frames:
            cuts.append(frame)
            shot_start = frame
    return np.array(cuts, np.int64)
