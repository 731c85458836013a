"""Metrics, each equal to the field's own library."""

from helpers.metrics.annotations import Detections, GroundTruth
from helpers.metrics.classification import (
    confusion_matrix,
    expected_calibration_error,
    per_class_accuracy,
    top_k_accuracy,
    vote_clips,
)
from helpers.metrics.coco import coco_metrics
from helpers.metrics.detection import average_precision, match_detections, precision_recall
from helpers.metrics.hota import hota
from helpers.metrics.image import psnr, ssim
from helpers.metrics.tracking import clear_mot, identity_f1, mota
from helpers.metrics.tracks import Tracks
from helpers.metrics.voc import voc_average_precision

__all__ = [
    "Detections",
    "GroundTruth",
    "Tracks",
    "average_precision",
    "clear_mot",
    "coco_metrics",
    "confusion_matrix",
    "expected_calibration_error",
    "hota",
    "identity_f1",
    "match_detections",
    "mota",
    "per_class_accuracy",
    "precision_recall",
    "psnr",
    "ssim",
    "top_k_accuracy",
    "voc_average_precision",
    "vote_clips",
]
