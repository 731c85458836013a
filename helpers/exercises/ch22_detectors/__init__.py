"""The exercises of chapter 22, one module each, in the order of the chapter."""

from helpers.exercises.ch22_detectors.anchors import anchors
from helpers.exercises.ch22_detectors.bipartite_match import bipartite_match
from helpers.exercises.ch22_detectors.focal_loss import focal_loss
from helpers.exercises.ch22_detectors.fpn_merge import fpn_merge
from helpers.exercises.ch22_detectors.point_targets import point_targets
from helpers.exercises.ch22_detectors.roi_align import roi_align

EXERCISES = (anchors, point_targets, focal_loss, fpn_merge, bipartite_match, roi_align)
