"""Metrics, each equal to the field's own library."""

from helpers.metrics.classification import (
    confusion_matrix,
    expected_calibration_error,
    per_class_accuracy,
    top_k_accuracy,
    vote_clips,
)
from helpers.metrics.image import psnr, ssim

__all__ = [
    "confusion_matrix",
    "expected_calibration_error",
    "per_class_accuracy",
    "psnr",
    "ssim",
    "top_k_accuracy",
    "vote_clips",
]
