"""Which detection belongs to which track."""

import numpy as np
from scipy import optimize

from helpers import boxes, validate


def associate(
    tracks: np.ndarray, detections: np.ndarray, iou_threshold: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give each track a detection, and each detection to one track at most.

    Of all ways to pair as many as possible, that one is taken whose sum of IoUs is largest, where
    several are, any of them; then the pairs whose IoU is below the threshold are dropped, and at
    the threshold they stay. So in SORT (Bewley et al., ICIP 2016). The threshold comes last: a
    pair that is dropped in the end may have kept both its members from others that would do. (The
    authors' code skips the assignment when no box is above the threshold with two others, and
    then takes the pairs above it.)

    Args:
        tracks: where the tracks are predicted, floats or whole numbers, (n, 4): x1, y1, x2, y2.
        detections: in the same way, (m, 4).
        iou_threshold: above 0, at most 1.

    Returns:
        - The pairs, int64, (pairs, 2): the index of a track and that of its detection, by rising
          index of the track.
        - The indices of the tracks without a detection, rising, int64.
        - The indices of the detections without a track, rising, int64.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> tracks = np.array([[0, 0, 10, 10], [20, 0, 30, 10]])
    >>> detections = np.array([[50, 0, 60, 10], [21, 0, 31, 10], [1, 0, 11, 10]])
    >>> pairs, lost, new = associate(tracks, detections, iou_threshold=0.3)
    >>> pairs.tolist(), lost.tolist(), new.tolist()
    ([[0, 2], [1, 1]], [], [0])
    """
    validate.boxes(tracks=tracks, detections=detections)
    validate.positive(iou_threshold=iou_threshold)
    validate.fraction(iou_threshold=iou_threshold)
    ious = boxes.iou(tracks, detections)
    rows, columns = optimize.linear_sum_assignment(ious, maximize=True)
    is_close = ious[rows, columns] >= iou_threshold
    pairs = np.stack([rows, columns], axis=1)[is_close]
    unmatched_tracks = np.setdiff1d(np.arange(len(tracks)), pairs[:, 0])
    unmatched_detections = np.setdiff1d(np.arange(len(detections)), pairs[:, 1])
    return pairs, unmatched_tracks, unmatched_detections
