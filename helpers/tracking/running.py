"""A tracker run over a whole video."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.metrics import Tracks


def run(
    tracker: Any, boxes: Sequence[np.ndarray], scores: Sequence[np.ndarray] | None = None
) -> Tracks:
    """The tracks that a tracker makes of the detections of a video.

    Args:
        tracker: a new `Sort` or `ByteTrack`.
        boxes: the detections of each frame, as the tracker's `update` takes them.
        scores: their scores, for a tracker that takes scores.

    Returns:
        The tracks as they were shown; the frames count from 0.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> from helpers.tracking import Sort
    >>> tracks = run(Sort(), [np.array([[0, 0, 10, 10]]), np.array([[1, 0, 11, 10]])])
    >>> tracks.frame_ids, tracks.track_ids
    (array([0, 1]), array([1, 1]))
    """
    columns = [boxes] if scores is None else [boxes, scores]
    shown = [tracker.update(*of_frame) for of_frame in zip(*columns, strict=True)]
    return Tracks(
        frame_ids=np.repeat(np.arange(len(shown)), [len(ids) for _, ids in shown]),
        track_ids=np.concatenate([np.zeros(0, np.int64), *(ids for _, ids in shown)]),
        boxes=np.concatenate([np.zeros((0, 4)), *(box for box, _ in shown)]),
    )
