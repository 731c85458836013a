"""Detectors of single frames, built from readable parts, that learn in a minute.

TensorFlow is imported when the first of these that needs it is called.

>>> from helpers import detectors
>>> detectors.points((1, 2), stride=8)
array([[ 4.,  4.],
       [12.,  4.]])
"""

from helpers.detectors.fitting import Detector, fit
from helpers.detectors.frames import Frames, frames
from helpers.detectors.losses import focal_loss, giou_loss, smooth_l1
from helpers.detectors.matching import bipartite_match
from helpers.detectors.measuring import error_kinds, is_found
from helpers.detectors.one_stage import OneStageDetector
from helpers.detectors.points import centerness, point_targets, points, to_boxes
from helpers.detectors.postprocessing import postprocess
from helpers.detectors.pyramid import fpn_merge
from helpers.detectors.roi import roi_align
from helpers.detectors.two_stage import TwoStageDetector

__all__ = [
    "Detector",
    "Frames",
    "OneStageDetector",
    "TwoStageDetector",
    "bipartite_match",
    "centerness",
    "error_kinds",
    "fit",
    "focal_loss",
    "fpn_merge",
    "frames",
    "giou_loss",
    "is_found",
    "point_targets",
    "points",
    "postprocess",
    "roi_align",
    "smooth_l1",
    "to_boxes",
]
