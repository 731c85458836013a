"""Several clips of one video, to test on: its views."""

import numpy as np

from helpers import validate


def view_starts(total_frames: int, num_frames: int, stride: int, num_views: int) -> np.ndarray:
    """Where the views of a video start: clips that are always the same, for testing.

    Args:
        total_frames: how many frames the video has, at least 1.
        num_frames: how many frames a clip has, at least 1.
        stride: the step from one frame of a clip to the next, at least 1.
        num_views: how many clips to take, at least 1.

    Returns:
        The number of each clip's first frame, rising: int64, (num_views,). The first clip
        starts at frame 0, the last ends at the video's last frame, and the others start at
        even steps between, rounded down, nearly as in torchcodec's `clips_at_regular_indices`.
        A single clip starts in the middle between these two, rounded down, as in MMAction2.
        Where the video is too short for one clip, all start at 0.

    Raises:
        TypeError, ValueError: when a number is not whole or is below 1.

    >>> view_starts(total_frames=100, num_frames=16, stride=2, num_views=4)
    array([ 0, 23, 46, 69])
    >>> view_starts(total_frames=100, num_frames=16, stride=2, num_views=1)
    array([34])
    """
    validate.positive_int(
        total_frames=total_frames, num_frames=num_frames, stride=stride, num_views=num_views
    )
    span = (num_frames - 1) * stride + 1  # from a clip's first frame to its last
    last_start = max(0, total_frames - span)
    if num_views == 1:
        return np.array([last_start // 2])
    # Whole numbers all the way: a float could round the wrong way.
    return np.arange(num_views) * last_start // (num_views - 1)
