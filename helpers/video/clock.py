"""From a moment to the frame that is on screen."""

import numpy as np

from helpers import validate


def frame_at(pts: np.ndarray, time_base: float, seconds: np.ndarray) -> np.ndarray:
    """Which frame is on screen at each moment, whether or not frames come at a constant rate.

    Args:
        pts: when each picture is shown, in units of `time_base`, in stored order, which need
            not be the order of showing: whole numbers, all different, (num_frames,).
        time_base: seconds a unit, above 0, such as 1/12800.
        seconds: the moments, on the clock of `pts`, in any order: floats, (num_moments,).

    Returns:
        The frames' numbers in the order of showing, counted from 0: int64, (num_moments,).
        A frame is on screen from its time up to, but without, the time of the next one.
        Before the first frame's time it is frame 0; the last frame stays for ever.
        A moment less than a millionth of a unit before a whole one counts as that one, since
        floats hold few of them exactly: 0.29 s is a hair less than 29 units of 0.01.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frame_at(np.array([0, 30, 10]), 0.01, np.array([0.05, 0.1, 0.29, 0.3, 9.0]))
    array([0, 1, 1, 2, 2])
    """
    validate.timestamps(pts=pts)
    validate.positive(time_base=time_base)
    validate.moments(seconds=seconds)
    units = np.floor(seconds / time_base + 1e-6)  # (num_moments,)
    # How many frames have begun by then? The last of them is on screen.
    begun = np.searchsorted(np.sort(pts), units, side="right")
    return np.maximum(begun - 1, 0)
