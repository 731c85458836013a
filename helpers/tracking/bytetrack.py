"""ByteTrack: SORT, and a second look at the detections that are usually thrown away."""

import numpy as np

from helpers import validate
from helpers.tracking.association import associate
from helpers.tracking.track import TrackList


class ByteTrack:
    """Association of every detection box (Zhang, Sun, Jiang, Yu, Weng et al., ECCV 2022).

    A detector gives low scores to what is half hidden, but also to what is not there. So tracks
    are first paired with the detections whose score is above `high_score`; then those that were
    found in the frame before, and now were not, with the ones above `low_score`. These never
    start a track.

    Only this idea is ByteTrack's; motion model, association and life cycle are those of `Sort`,
    so that the two can be compared. The authors' code, ifzhang/ByteTrack, has a Kalman filter
    with (x, y, aspect ratio, height) whose noise grows with the box, multiplies the IoU by the
    score in the first association, leaves new tracks to the last, and drops doubles.

    Args:
        high_score, low_score: from 0 to 1; as in the authors' code.
        start_score: the least score that starts a track, from 0 to 1; above `high_score` by 0.1,
            as in the authors' code.
        iou_threshold: the least IoU of a track with its detection in the first association,
            above 0, at most 1. The code's `match_thresh` is 1 less such a threshold.
        low_iou_threshold: in the second.
        max_age: how many frames in a row a track is kept without a detection, 0 or more; the
            code's `track_buffer`, at 30 frames a second. One that was never shown is deleted in
            its first frame without.
        min_hits: how often in a row a track has to be found before it is shown, 0 or more. In the
            authors' code it is once after the start; in the very first frame, at once.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> tracker = ByteTrack()
    >>> for score in (0.9, 0.3, 0.8):
    ...     _, track_ids = tracker.update(np.array([[0, 0, 10, 10]]), np.array([score]))
    ...     print(track_ids)
    [1]
    [1]
    [1]
    """

    def __init__(
        self,
        high_score: float = 0.6,
        low_score: float = 0.1,
        start_score: float = 0.7,
        iou_threshold: float = 0.2,
        low_iou_threshold: float = 0.5,
        max_age: int = 30,
        min_hits: int = 1,
    ) -> None:
        validate.fraction(high_score=high_score, low_score=low_score, start_score=start_score)
        validate.track_rules(max_age, min_hits)
        validate.positive(iou_threshold=iou_threshold, low_iou_threshold=low_iou_threshold)
        validate.fraction(iou_threshold=iou_threshold, low_iou_threshold=low_iou_threshold)
        self.high_score = high_score
        self.low_score = low_score
        self.start_score = start_score
        self.iou_threshold = iou_threshold
        self.low_iou_threshold = low_iou_threshold
        self._tracks = TrackList(max_age, min_hits)

    def update(self, boxes: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Go on by a frame. Call it for each, also for those without detections.

        Args:
            boxes: the frame's detections, floats or whole numbers, (n, 4): x1, y1, x2, y2, with
                width and height above 0.
            scores: floats from 0 to 1, (n,).

        Returns:
            Of each track shown, its box as corrected, float64, (tracks, 4), and its id, int64,
            (tracks,), by rising id. Ids count from 1; some of them are never shown.

        Raises:
            TypeError, ValueError: when an argument is not as described.
        """
        validate.measurable_boxes(boxes=boxes)
        validate.scores_in_unit(len(boxes), scores=scores)
        were_found = self._tracks.are_found()
        predicted = self._tracks.predict()
        high = np.flatnonzero(scores > self.high_score)
        low = np.flatnonzero((scores > self.low_score) & (scores <= self.high_score))

        pairs, left, new = associate(predicted, boxes[high], self.iou_threshold)
        left = left[were_found[left]]
        low_pairs, _, _ = associate(predicted[left], boxes[low], self.low_iou_threshold)

        new = high[new]
        self._tracks.correct(
            boxes,
            # From indices among those left, those high and those low, to indices among all.
            np.concatenate(
                [
                    np.column_stack([pairs[:, 0], high[pairs[:, 1]]]),
                    np.column_stack([left[low_pairs[:, 0]], low[low_pairs[:, 1]]]),
                ]
            ),
            starts=new[scores[new] >= self.start_score],
        )
        self._tracks.drop_lost_if_never_shown()
        return self._tracks.show()
