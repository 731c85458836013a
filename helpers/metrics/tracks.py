"""What a tracker followed through a video, and what moves there."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from helpers import validate
from helpers.boxes.overlaps import iou_of


@dataclass(frozen=True, eq=False)
class Tracks:
    """The boxes of a video that belong together, one row a box, in any order; may be empty.

    Args:
        frame_ids: the frame of each, whole numbers that rise with time, (n,).
        track_ids: the track, or in a ground truth the object, that it belongs to, whole numbers
            or text, (n,). No track is in a frame twice.
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> Tracks(np.array([3, 3]), np.array([1, 1]), np.array([[0, 0, 5, 5], [9, 0, 14, 5]]))
    Traceback (most recent call last):
    ...
    ValueError: track 1 is in frame 3 more than once, but one object has one box in a frame: \
give each track an id of its own.
    """

    frame_ids: np.ndarray
    track_ids: np.ndarray
    boxes: np.ndarray

    def __post_init__(self) -> None:
        validate.track_rows(self.frame_ids, self.track_ids, self.boxes)

    def __len__(self) -> int:
        return len(self.boxes)


def number_tracks(tracks: Tracks) -> tuple[np.ndarray, int]:
    """A number in place of each row's id, from 0 in the ascending order of the ids; how many."""
    ids, numbers = np.unique(tracks.track_ids, return_inverse=True)
    return numbers, len(ids)


def by_frame(
    truth: Tracks, predicted: Tracks
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """What is in each frame where something is, as time goes.

    Yields:
        The numbers of its objects, (n,), the numbers of its predicted tracks, (m,), both in the
        order of their rows, and the IoU of each with each, (n, m).
    """
    objects, _ = number_tracks(truth)
    tracks, _ = number_tracks(predicted)
    frames = np.unique(np.concatenate([truth.frame_ids, predicted.frame_ids]))
    for there, found in zip(
        _rows_by_frame(truth, frames), _rows_by_frame(predicted, frames), strict=True
    ):
        ious = iou_of(
            truth.boxes[there].astype(np.float64)[:, None],
            predicted.boxes[found].astype(np.float64),
        )
        yield objects[there], tracks[found], ious


def _rows_by_frame(tracks: Tracks, frames: np.ndarray) -> list[np.ndarray]:
    """The rows of each of the rising frames, in their order."""
    order = np.argsort(tracks.frame_ids, kind="stable")
    edges = np.searchsorted(tracks.frame_ids[order], frames)
    return np.split(order, edges)[1:]  # before the first frame there is nothing
