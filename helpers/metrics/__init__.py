"""Metrics, each equal to the field's own library."""

from helpers.metrics.image import psnr, ssim

__all__ = ["psnr", "ssim"]
