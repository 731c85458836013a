"""Which of many overlapping detections to keep."""

import numpy as np

from helpers import validate


def nms(
    boxes: np.ndarray,
    scores: np.ndarray,
    iou_threshold: float,
    class_ids: np.ndarray | None = None,
) -> np.ndarray:
    """Keep the best of the detections that overlap: non-maximum suppression.

    A detection is suppressed when its IoU with a better one that is kept is above the
    threshold; at the threshold both stay. Of equal scores the one with the lower index is
    better.

    Args:
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        scores: floats from 0 to 1, (n,).
        iou_threshold: from 0 to 1.
        class_ids: whole numbers or text, (n,): then only detections of one class suppress each
            other. Without them, all do.

    Returns:
        The indices of the detections kept, by falling score: int64, (kept,). Equal to
        torchvision's `nms` and, with class_ids and coordinates from 0 on, to its
        `batched_nms`, which may shift each class by an offset and then loses precision.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]])
    >>> scores = np.array([0.8, 0.9, 0.7])
    >>> nms(boxes, scores, iou_threshold=0.5)
    array([1, 2])
    >>> nms(boxes, scores, iou_threshold=0.5, class_ids=np.array([0, 1, 1]))
    array([1, 0, 2])
    """
    validate.boxes(boxes=boxes)
    validate.scores_in_unit(len(boxes), scores=scores)
    validate.fraction(iou_threshold=iou_threshold)
    if class_ids is not None:
        validate.box_ids(len(boxes), class_ids=class_ids)
    x1, y1, x2, y2 = boxes.astype(np.float64).T
    area = (x2 - x1) * (y2 - y1)
    kept = []
    rest = np.argsort(-scores, kind="stable")  # equal scores stay in the order of the indices
    while rest.size:
        best, rest = rest[0], rest[1:]
        kept.append(best)
        width = np.minimum(x2[best], x2[rest]) - np.maximum(x1[best], x1[rest])
        height = np.minimum(y2[best], y2[rest]) - np.maximum(y1[best], y1[rest])
        intersection = np.maximum(width, 0) * np.maximum(height, 0)
        union = area[best] + area[rest] - intersection
        overlap = np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)
        if class_ids is not None:
            overlap[class_ids[rest] != class_ids[best]] = 0
        # What goes now can suppress nothing later: only those that are kept do.
        rest = rest[overlap <= iou_threshold]
    return np.array(kept, np.int64)


def soft_nms(
    boxes: np.ndarray,
    scores: np.ndarray,
    method: str = "linear",
    iou_threshold: float = 0.3,
    sigma: float = 0.5,
    min_score: float = 0.001,
) -> tuple[np.ndarray, np.ndarray]:
    """Lower the scores of detections that overlap a better one, in place of dropping them.

    Again and again the detection with the highest score is taken, of equal ones the one with the
    lowest index, and the scores of those not yet taken are multiplied by a factor that depends
    on their IoU with it (Bodla, Singh, Chellappa and Davis, ICCV 2017):

    - "linear": 1 - IoU where the IoU is above `iou_threshold`, else 1.
    - "gaussian": exp(-IoU**2 / sigma), whatever the IoU.

    It ends when no score of at least `min_score` is left. (The authors' code never drops a
    detection that overlaps none, however low its score.)

    Args:
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        scores: floats from 0 to 1, (n,).
        method: "linear" or "gaussian".
        iou_threshold: from 0 to 1; for "linear" alone.
        sigma: above 0; for "gaussian" alone.
        min_score: from 0 to 1.

    Returns:
        The indices of the detections in the order in which they were taken, int64, (kept,), and
        the scores they had then, float64, (kept,), which never rise.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 5], [20, 0, 30, 10]])
    >>> soft_nms(boxes, np.array([0.9, 0.8, 0.7]))
    (array([0, 2, 1]), array([0.9, 0.7, 0.4]))
    """
    validate.boxes(boxes=boxes)
    validate.scores_in_unit(len(boxes), scores=scores)
    validate.one_of(("linear", "gaussian"), method=method)
    validate.fraction(iou_threshold=iou_threshold, min_score=min_score)
    validate.positive(sigma=sigma)
    x1, y1, x2, y2 = boxes.astype(np.float64).T
    area = (x2 - x1) * (y2 - y1)
    scores = scores.astype(np.float64)  # a copy
    taken = []
    rest = np.arange(len(boxes))  # rising, so that of equal scores the first is the right one
    while rest.size and scores[rest].max() >= min_score:
        best = rest[scores[rest].argmax()]
        taken.append(best)
        rest = rest[rest != best]
        width = np.minimum(x2[best], x2[rest]) - np.maximum(x1[best], x1[rest])
        height = np.minimum(y2[best], y2[rest]) - np.maximum(y1[best], y1[rest])
        intersection = np.maximum(width, 0) * np.maximum(height, 0)
        union = area[best] + area[rest] - intersection
        overlap = np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)
        if method == "linear":
            scores[rest] *= np.where(overlap > iou_threshold, 1 - overlap, 1)
        else:
            scores[rest] *= np.exp(-(overlap**2) / sigma)
    indices = np.array(taken, np.int64)
    return indices, scores[indices]  # once taken, a score was not touched again
