"""Boxes: how much they overlap, which of them to keep, and how a network predicts them.

A box is (x1, y1, x2, y2) in continuous coordinates: x to the right, y down, and the width is
x2 - x1. A pixel is 1 wide, so the box around pixels 3 to 5 goes from 3 to 6; the older rule that
adds 1 to each width (PASCAL VOC's) is the same after 1 was added to its x2 and y2.

>>> import numpy as np
>>> from helpers import boxes
>>> detections = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10]])
>>> boxes.nms(detections, np.array([0.8, 0.9, 0.7]), iou_threshold=0.5)
array([1, 2])
"""

from helpers.boxes.anchors import anchors, decode, encode
from helpers.boxes.assignment import assign
from helpers.boxes.overlaps import area, generalized_iou, iou
from helpers.boxes.suppression import nms, soft_nms

__all__ = [
    "anchors",
    "area",
    "assign",
    "decode",
    "encode",
    "generalized_iou",
    "iou",
    "nms",
    "soft_nms",
]
