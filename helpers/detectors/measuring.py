"""Which objects a detector found, and of which kind its errors are."""

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


def error_kinds(
    detections: Detections,
    truth: GroundTruth,
    iou_threshold: float = 0.5,
    background_iou: float = 0.1,
) -> tuple[np.ndarray, np.ndarray]:
    """What is wrong with each detection, and which objects nothing came near.

    These are the kinds of TIDE (Bolya et al., ECCV 2020), counted here, where TIDE weighs each
    kind by the average precision that it costs. The first that fits is taken:

    - "right": it found an object, matched as in `metrics.match_detections`.
    - "localisation": its largest IoU with an object of its class is below `iou_threshold`, and at
      least `background_iou`.
    - "class": its IoU with an object of another class reaches `iou_threshold`.
    - "duplicate": its IoU with an object of its class does, but another detection found that.
    - "background": its IoU with every object is below `background_iou`.
    - "both": neither the place nor the class is right.

    Args:
        detections: what was found. All of them count: leave those with too low scores out.
        truth: what is there.
        iou_threshold: above 0, at most 1.
        background_iou: above 0, at most `iou_threshold`.

    Returns:
        The kind of each detection, text, (detections,); and of each object whether it was missed,
        booleans, (objects,): neither found, nor the object that a detection with an error of
        localisation or class overlaps most.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> there = np.array([[0, 0, 10, 10], [20, 0, 30, 10]])
    >>> truth = GroundTruth(np.array([1, 1]), np.array(["cat", "dog"]), there)
    >>> found = Detections(
    ...     np.ones(3, int), np.array(["cat", "cat", "dog"]), there[[0, 0, 0]], np.ones(3)
    ... )
    >>> kinds, is_missed = error_kinds(found, truth)
    >>> kinds.tolist(), is_missed
    (['right', 'duplicate', 'class'], array([False,  True]))
    """
    validate.positive(iou_threshold=iou_threshold, background_iou=background_iou)
    validate.fraction(iou_threshold=iou_threshold)
    if background_iou > iou_threshold:
        raise ValueError(
            f"background_iou is {background_iou}, but it must be at most iou_threshold, which is "
            f"{iou_threshold}."
        )
    kinds = np.full(len(detections.scores), "background", "<U12")
    is_missed = np.ones(len(truth.boxes), bool)
    for image in np.unique(truth.image_ids):
        here = np.flatnonzero(detections.image_ids == image)
        objects = np.flatnonzero(truth.image_ids == image)
        overlap = iou(detections.boxes[here], truth.boxes[objects])
        is_own = detections.class_ids[here, None] == truth.class_ids[objects]
        own, other = overlap * is_own, overlap * ~is_own  # (detections, objects)
        # Objects of another class have an IoU of 0 here: no detection takes them.
        matched = match_detections(own, detections.scores[here], iou_threshold)
        is_right = matched >= 0
        is_near = ~is_right & (own.max(axis=1) >= background_iou)
        is_near &= own.max(axis=1) < iou_threshold
        is_confused = ~is_right & ~is_near & (other.max(axis=1) >= iou_threshold)
        is_second = own.max(axis=1) >= iou_threshold
        is_lost = overlap.max(axis=1) < background_iou
        kinds[here] = np.select(
            [is_right, is_near, is_confused, is_second, is_lost],
            ["right", "localisation", "class", "duplicate", "background"],
            "both",
        )
        is_missed[objects[matched[is_right]]] = False
        is_missed[objects[own.argmax(axis=1)[is_near]]] = False
        is_missed[objects[other.argmax(axis=1)[is_confused]]] = False
    return kinds, is_missed
