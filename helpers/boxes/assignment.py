"""Which object each anchor is to find."""

import numpy as np

from helpers import validate
from helpers.boxes.overlaps import iou_of


def assign(
    anchors: np.ndarray,
    targets: np.ndarray,
    positive_iou: float,
    negative_iou: float,
    force_best: bool = True,
) -> np.ndarray:
    """For training, tell each anchor which object it is to find, or that it is to find none.

    An anchor's object is the one with which its IoU is largest, of equal ones the one with the
    lowest index. The anchor is positive from `positive_iou` on, background below `negative_iou`,
    and between the two ignored: it counts neither way.

    Args:
        anchors: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        targets: the boxes of the image's objects, in the same way, (m, 4); m may be 0.
        positive_iou: from 0 to 1. Faster R-CNN has 0.7, RetinaNet 0.5.
        negative_iou: from 0 to positive_iou. Faster R-CNN has 0.3, RetinaNet 0.4.
        force_best: whether anchors are positive, too, whatever their IoU, when no other anchor
            has a larger IoU with some object; of several equally good ones, all are. An object
            that no anchor overlaps forces none. A forced anchor, too, gets the object with which
            its own IoU is largest, as in torchvision and Detectron2: that may be another than
            the one that forced it.

    Returns:
        int64, (n,): the index of the anchor's object; -1 for background, -2 for ignored.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> anchors = np.array([[0, 0, 10, 10], [0, 0, 10, 6], [20, 0, 30, 10], [50, 0, 60, 10]])
    >>> targets = np.array([[0, 0, 10, 10], [20, 0, 30, 4]])
    >>> assign(anchors, targets, positive_iou=0.7, negative_iou=0.3)
    array([ 0, -2,  1, -1])
    >>> assign(anchors, targets, positive_iou=0.7, negative_iou=0.3, force_best=False)
    array([ 0, -2, -2, -1])
    """
    validate.boxes(anchors=anchors, targets=targets)
    validate.iou_band(positive_iou, negative_iou)
    if not len(targets):
        return np.full(len(anchors), -1, np.int64)
    overlap = iou_of(anchors.astype(np.float64)[:, None], targets.astype(np.float64))
    target = overlap.argmax(axis=1)
    best = overlap.max(axis=1)
    is_positive = best >= positive_iou
    if force_best and len(anchors):
        is_positive |= ((overlap == overlap.max(axis=0)) & (overlap > 0)).any(axis=1)
    return np.where(is_positive, target, np.where(best < negative_iou, -1, -2))
