"""How good a detector is, step by step: matches, precision and recall, average precision."""

import numpy as np

from helpers import validate


def match_detections(ious: np.ndarray, scores: np.ndarray, iou_threshold: float) -> np.ndarray:
    """Give each detection of an image and class the object that it found.

    By falling score, of equal scores the lower index first, each detection takes from the
    objects that are still free the one with which its IoU is largest, of equal ones the one with
    the highest index, if that IoU is at least the threshold. So in COCO; VOC's rule differs, see
    `voc_average_precision`.

    Args:
        ious: floats from 0 to 1, (detections, objects).
        scores: floats from 0 to 1, (detections,).
        iou_threshold: above 0, at most 1.

    Returns:
        The index of the object that each detection found, -1 where it found none: int64,
        (detections,). No object comes twice. As in pycocotools where there are no crowds.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> ious = np.array([[0.6, 0.0], [0.8, 0.5], [0.7, 0.2]])
    >>> match_detections(ious, scores=np.array([0.3, 0.9, 0.8]), iou_threshold=0.5)
    array([-1,  0, -1])
    """
    validate.overlaps(ious=ious)
    validate.scores_in_unit(len(ious), scores=scores)
    validate.positive(iou_threshold=iou_threshold)
    validate.fraction(iou_threshold=iou_threshold)
    found = np.full(len(ious), -1, np.int64)
    num_objects = ious.shape[1]
    if num_objects == 0:
        return found
    free = ious.astype(np.float64)  # a copy
    for detection in np.argsort(-scores, kind="stable"):
        # argmax gives the first of equal ones: read the row from its end.
        best = num_objects - 1 - free[detection, ::-1].argmax()
        if free[detection, best] >= iou_threshold:
            found[detection] = best
            free[:, best] = 0  # taken: below the threshold for all that follow
    return found


def precision_recall(
    is_true_positive: np.ndarray, num_truth: int
) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall of the detections up to each rank.

    Args:
        is_true_positive: booleans, (detections,), by falling score: whether the detection found
            an object. Detections that count neither way are left out.
        num_truth: how many objects there are, at least 1.

    Returns:
        Precision, the share of these detections that are right, and recall, the share of the
        objects that they found: float64, (detections,) each.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> precision, recall = precision_recall(np.array([True, False, True]), num_truth=2)
    >>> precision.round(3), recall
    (array([1.   , 0.5  , 0.667]), array([0.5, 0.5, 1. ]))
    """
    validate.hits(is_true_positive, num_truth)
    num_hits = np.cumsum(is_true_positive)
    rank = np.arange(1, len(is_true_positive) + 1)
    return num_hits / rank, num_hits / num_truth


def average_precision(precision: np.ndarray, recall: np.ndarray, method: str) -> float:
    """One number for a curve of precision over recall.

    All three methods replace the precision at a rank by the highest at this or a later rank, so
    that it never rises with recall. They differ in where they read it:

    - "voc2007": the mean over the 11 recalls 0, 0.1, ... 1, each read at the first rank that
      reaches it; 0 where no rank does. Everingham et al. (2010), Salton and McGill before them.
    - "voc2010": the area under the curve, as VOC has done since 2010: a curve of steps, on which
      each rank counts for what recall has risen since the rank before, the first since 0.
    - "coco": as "voc2007", with the 101 recalls 0, 0.01, ... 1.

    To the last bit the recalls are those of `np.linspace`, as in the published code: the fourth
    of 11 is 0.30000000000000004, which 3 objects of 10 do not reach.

    Args:
        precision, recall: floats from 0 to 1, (detections,), by rank, as `precision_recall` gives
            them; recall never falls. There may be none.
        method: "voc2007", "voc2010" or "coco".

    Returns:
        From 0 to 1; larger is better. 0 when there are no detections. Equal to py-faster-rcnn's
        and to pycocotools'.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> precision, recall = np.array([1, 1 / 2, 2 / 3]), np.array([1 / 2, 1 / 2, 1])
    >>> for method in ("voc2007", "voc2010", "coco"):
    ...     print(f"{average_precision(precision, recall, method):.6f}")
    0.848485
    0.833333
    0.834983
    """
    validate.precision_and_recall(precision, recall)
    validate.one_of(("voc2007", "voc2010", "coco"), method=method)
    # From the right, the highest so far; beyond the last rank it is 0.
    envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0)
    if method == "voc2010":
        return float(np.sum(np.diff(recall, prepend=0) * envelope[:-1]))
    levels = np.linspace(0, 1, 11 if method == "voc2007" else 101)
    return float(np.mean(envelope[np.searchsorted(recall, levels, side="left")]))
