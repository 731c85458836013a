"""From a network's scored boxes to detections."""

from collections.abc import Iterable

import numpy as np

from helpers import validate
from helpers.boxes import nms
from helpers.metrics import Detections


def postprocess(
    boxes: np.ndarray,
    scores: np.ndarray,
    score_threshold: float = 0.05,
    iou_threshold: float = 0.6,
    max_candidates: int = 100,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The detections in one image, from all the boxes that a network predicts for it.

    A box counts once for each class in which its score is above `score_threshold`. Of these
    candidates the `max_candidates` with the highest scores go through non-maximum suppression,
    each class for itself. Of equal scores the one of the earlier box, and then of the lower
    class, is higher.

    Args:
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        scores: floats from 0 to 1, (n, classes).
        score_threshold, iou_threshold: from 0 to 1.
        max_candidates: at least 1.

    Returns:
        By falling score: the boxes (kept, 4), their scores (kept,) and their classes, int64,
        (kept,).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> found = np.array([[0, 0, 10, 10], [1, 0, 11, 10]])
    >>> kept, scores, class_ids = postprocess(found, np.array([[0.9, 0.3], [0.8, 0.01]]))
    >>> kept[:, 0], scores, class_ids
    (array([0, 0]), array([0.9, 0.3]), array([0, 1]))
    """
    validate.boxes(boxes=boxes)
    validate.class_scores(len(boxes), scores=scores)
    validate.fraction(score_threshold=score_threshold)
    validate.positive_int(max_candidates=max_candidates)
    box, class_ids = np.nonzero(scores > score_threshold)
    best = np.argsort(-scores[box, class_ids], kind="stable")[:max_candidates]
    box, class_ids = box[best], class_ids[best]
    kept = nms(boxes[box], scores[box, class_ids], iou_threshold, class_ids)
    box, class_ids = box[kept], class_ids[kept]
    return boxes[box], scores[box, class_ids], class_ids


def gather(images: Iterable[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Detections:
    """The detections of image 0, 1, ..., each as `postprocess` returns them, as one."""
    found = list(images)
    return Detections(
        image_ids=np.arange(len(found)).repeat([len(scores) for _, scores, _ in found]),
        class_ids=np.concatenate([class_ids for _, _, class_ids in found]),
        boxes=np.concatenate([boxes for boxes, _, _ in found]),
        scores=np.concatenate([scores for _, scores, _ in found]),
    )
