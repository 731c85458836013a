"""PASCAL VOC's average precision."""

from typing import Any

import numpy as np

from helpers import validate
from helpers.boxes.overlaps import iou_of
from helpers.metrics.annotations import Detections, GroundTruth, number_ids
from helpers.metrics.detection import average_precision, precision_recall


def voc_average_precision(
    detections: Detections,
    truth: GroundTruth,
    iou_threshold: float = 0.5,
    method: str = "voc2010",
    image_ids: np.ndarray | None = None,
    class_ids: np.ndarray | None = None,
) -> dict[Any, float]:
    """Average precision of each class, by the rules of PASCAL VOC.

    By falling score, of equal scores in the order given, each detection is compared with all
    objects of its class in its image, and looks at the one with which its IoU is largest, of
    equal ones at the first. When the IoU is not above the threshold, it is a false positive.
    Otherwise, it counts neither way when the object is difficult, is a true positive when no
    detection before it found the object, and a false positive when one did, even where another
    free object overlaps it enough; COCO would give it that one.

    The IoU must be above the threshold, as the challenge's text and py-faster-rcnn's code have
    it; in the devkit's MATLAB code the threshold itself is enough. VOC's own boxes count pixels:
    add 1 to their x2 and y2.

    Args:
        detections: what was found.
        truth: what is there. `is_crowd` and `areas` do not matter.
        iou_threshold: from 0 to 1.
        method: "voc2007", "voc2010" or "coco", as for `average_precision`.
        image_ids, class_ids: if given, the ids that there are, whole numbers or text, (n,): any
            other in detections or truth is an error.

    Returns:
        For each class that occurs in detections or truth, in ascending order, a number from 0 to
        1; NaN for a class without objects that are not difficult. Mean average precision, mAP,
        is the mean of them without NaN.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> there = np.array([[0, 0, 10, 10], [20, 0, 30, 10]])
    >>> truth = GroundTruth(np.array([1, 1]), np.array(["cat", "cat"]), there)
    >>> found = Detections(truth.image_ids, truth.class_ids, there + [[0], [9]], np.ones(2))
    >>> voc_average_precision(found, truth)
    {'cat': 0.5}
    """
    validate.fraction(iou_threshold=iou_threshold)
    validate.one_of(("voc2007", "voc2010", "coco"), method=method)
    classes, image, found_class, truth_image, truth_class = number_ids(
        detections, truth, image_ids, class_ids
    )
    found_boxes, truth_boxes = (each.boxes.astype(np.float64) for each in (detections, truth))
    result = {}
    for number, name in enumerate(classes.tolist()):
        of_class = np.flatnonzero(truth_class == number)
        num_truth = np.count_nonzero(~truth.is_difficult[of_class])
        if not num_truth:
            result[name] = np.nan
            continue
        objects = {
            one: of_class[truth_image[of_class] == one]
            for one in np.unique(truth_image[of_class])
        }
        ranked = np.flatnonzero(found_class == number)
        ranked = ranked[np.argsort(-detections.scores[ranked], kind="stable")]
        is_found = np.zeros(len(truth_boxes), bool)
        is_hit = []
        for detection in ranked:
            there = objects.get(image[detection], of_class[:0])
            overlaps = iou_of(found_boxes[detection], truth_boxes[there])
            if not there.size or overlaps.max() <= iou_threshold:
                is_hit.append(False)
                continue
            best = there[overlaps.argmax()]
            if not truth.is_difficult[best]:
                is_hit.append(not is_found[best])
                is_found[best] = True
        curve = precision_recall(np.array(is_hit, bool), int(num_truth))
        result[name] = average_precision(*curve, method)
    return result
