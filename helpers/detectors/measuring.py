"""Which objects a detector found, so that its recall can be told for any part of them."""

import numpy as np

from helpers import validate
from helpers.boxes import iou
from helpers.metrics import Detections, GroundTruth, match_detections


def is_found(
    detections: Detections,
    truth: GroundTruth,
    iou_threshold: float = 0.5,
    score_threshold: float = 0.5,
) -> np.ndarray:
    """Whether each object was found, by a detection that found no other.

    Average precision has one number for all objects. This tells which, so that the recall of the
    small or the hidden ones is the mean over them.

    Args:
        detections: what was found; those below the score threshold are left out.
        truth: what is there.
        iou_threshold: from which IoU on a detection has found an object of its class. Above 0.
        score_threshold: from 0 to 1: where the detector is used, one must be chosen.

    Returns:
        Booleans, one a row of truth. In each image and class the detections are matched as in
        `metrics.match_detections`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> there = np.array([[0, 0, 10, 10], [20, 0, 30, 10]])
    >>> truth = GroundTruth(np.array([1, 1]), np.array([0, 0]), there)
    >>> found = Detections(np.array([1]), np.array([0]), there[1:] + 1, np.array([0.8]))
    >>> is_found(found, truth)
    array([False,  True])
    """
    validate.fraction(score_threshold=score_threshold)
    found = np.zeros(len(truth.boxes), bool)
    sure = detections.scores >= score_threshold
    for image, class_id in {*zip(truth.image_ids, truth.class_ids, strict=True)}:
        objects = np.flatnonzero((truth.image_ids == image) & (truth.class_ids == class_id))
        here = sure & (detections.image_ids == image) & (detections.class_ids == class_id)
        overlaps = iou(detections.boxes[here], truth.boxes[objects])
        matched = match_detections(overlaps, detections.scores[here], iou_threshold)
        found[objects[matched[matched >= 0]]] = True
    return found
