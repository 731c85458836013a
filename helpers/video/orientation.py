"""Turn and mirror a stored frame into what a player shows.

A phone held upright stores its pictures lying down, with a display matrix beside them that says
how to turn them (ISO/IEC 14496-12, 6.2.2).
"""

from typing import Any, NamedTuple

import av
import numpy as np
import numpy.typing as npt


class Orientation(NamedTuple):
    """What to do with a stored frame: swap its two axes, then mirror rows, then columns."""

    swap: bool
    mirror_rows: bool  # up-down
    mirror_columns: bool  # left-right

    @property
    def degrees(self) -> int:
        """The turn counterclockwise: 0, 90, 180 or 270. A mirror image counts by its rows."""
        if self.swap:
            return 90 if self.mirror_rows else 270
        return 180 if self.mirror_rows else 0

    def apply(self, frame: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The frame as a player shows it: (height, width, 3) to the same or (width, height, 3)."""
        if self.swap:
            frame = frame.swapaxes(0, 1)
        if self.mirror_rows:
            frame = frame[::-1]
        if self.mirror_columns:
            frame = frame[:, ::-1]
        return frame


def orientation_of(frame: av.VideoFrame) -> Orientation:
    """Read the display matrix of a decoded frame; turns are taken to the nearest 90 degrees."""
    # Looking at its side data ties a frame into a cycle, which waits for the garbage collector:
    # look at those of a tiny copy, or thousands of files would leave their pictures in memory.
    tiny = frame.reformat(width=16, height=16, format="gray")
    matrix: Any = tiny.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return Orientation(False, False, False)
    # The stored pixel (x, y) is shown at (a x + c y, b x + d y).
    a, b, _, c, d = np.frombuffer(matrix, np.int32)[:5].tolist()
    if abs(a) >= abs(b):
        return Orientation(False, mirror_rows=d < 0, mirror_columns=a < 0)
    return Orientation(True, mirror_rows=b < 0, mirror_columns=c < 0)
