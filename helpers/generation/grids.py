"""Many clips in one, side by side."""

import math

import numpy as np

from helpers import validate

_LINE = 48  # the grey of the lines between clips


def grid(clips: np.ndarray, num_columns: int | None = None) -> np.ndarray:
    """Lay clips side by side, so that they play together.

    Args:
        clips: uint8 (clips, frames, height, width, channels), at least one.
        num_columns: how many stand in a row; by default about as many as there are rows.

    Returns:
        uint8 (frames, ...): rows of clips with grey lines between them. Where the last row is
        not full, it is black.

    >>> grid(np.zeros((5, 8, 24, 24, 1), np.uint8)).shape
    (8, 49, 74, 1)
    """
    validate.clip(clips=clips[0])
    if num_columns is None:
        num_columns = math.ceil(math.sqrt(len(clips)))
    validate.positive_int(num_columns=num_columns)
    num_rows = math.ceil(len(clips) / num_columns)
    missing = num_rows * num_columns - len(clips)
    clips = np.pad(clips, ((0, missing), *[(0, 0)] * 4))
    lined = np.pad(
        clips, ((0, 0), (0, 0), (0, 1), (0, 1), (0, 0)), constant_values=_LINE
    )  # below and to the right of each
    cells = lined.reshape(num_rows, num_columns, *lined.shape[1:])
    rows = np.concatenate(list(np.concatenate(list(cells.swapaxes(0, 1)), axis=3)), axis=1)
    return rows[:, :-1, :-1]
