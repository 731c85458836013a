"""SORT: boxes, a Kalman filter and an assignment."""

import numpy as np

from helpers import validate
from helpers.tracking.association import associate
from helpers.tracking.track import TrackList


class Sort:
    """Simple online and realtime tracking (Bewley, Ge, Ott, Ramos and Upcroft, ICIP 2016).

    In each frame every track is predicted (`constant_velocity`), paired with a detection by IoU
    (`associate`) and corrected by it; a detection without a track starts one. Which tracks are
    shown and when they are deleted says `life_cycle`; but in the first `min_hits` frames, when
    none can be confirmed yet, tentative tracks are shown, too. The scores of the detections play
    no part: leave out those that are too low.

    Args:
        max_age: how many frames in a row a track is kept without a detection, 0 or more.
        min_hits: how often in a row a track has to be found before it is shown, 0 or more.
        iou_threshold: the least IoU of a track with its detection, above 0, at most 1.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> tracker = Sort()
    >>> for x in (0, 3, 6):
    ...     boxes, track_ids = tracker.update(np.array([[x, 0, x + 10, 10]]))
    >>> boxes.round(2), track_ids
    (array([[ 6.,  0., 16., 10.]]), array([1]))
    >>> tracker.update(np.zeros((0, 4)))
    (array([], shape=(0, 4), dtype=float64), array([], dtype=int64))
    """

    def __init__(self, max_age: int = 1, min_hits: int = 3, iou_threshold: float = 0.3) -> None:
        validate.track_rules(max_age, min_hits)
        validate.positive(iou_threshold=iou_threshold)
        validate.fraction(iou_threshold=iou_threshold)
        self.iou_threshold = iou_threshold
        self._tracks = TrackList(max_age, min_hits)

    def update(self, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Go on by a frame. Call it for each, also for those without detections.

        Args:
            boxes: the frame's detections, floats or whole numbers, (n, 4): x1, y1, x2, y2, with
                width and height above 0.

        Returns:
            Of each track shown, its box as corrected, float64, (tracks, 4), and its id, int64,
            (tracks,), by rising id. Ids count from 1; some of them are never shown. Equal to
            abewley/sort but for the numbering of tracks that start in one frame; where it skips
            the assignment (see `associate`), its pairs can be others.

        Raises:
            TypeError, ValueError: when the boxes are not as described.
        """
        validate.measurable_boxes(boxes=boxes)
        predicted = self._tracks.predict()
        pairs, _, new = associate(predicted, boxes, self.iou_threshold)
        self._tracks.correct(boxes, pairs, starts=new)
        return self._tracks.show()
