"""The order of a video's axes, which libraries choose differently."""

import numpy as np

from helpers import validate


def to_layout(video: np.ndarray, source: str, target: str) -> np.ndarray:
    """Bring the axes of a video into another order.

    Args:
        video: an array of any dtype with one axis for each letter of `source`.
        source: the order in which its axes are, a letter each, such as "BTHWC": batch, time
            (frames), height, width, channels. Each letter once.
        target: the order in which they are wanted: the same letters.

    Returns:
        The same values in the order `target`. It may share memory with `video`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> to_layout(np.zeros((2, 8, 32, 40, 3)), "BTHWC", "BCTHW").shape
    (2, 3, 8, 32, 40)
    """
    validate.layouts(video, source, target)
    # Each axis of the result is taken from the place that its letter has in the source.
    return video.transpose([source.index(axis) for axis in target])
