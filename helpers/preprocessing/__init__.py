"""From decoded frames to what a model is fed: resize, crop, flip, colour, time, noise, scale.

Frames stay uint8 until `normalize`. Nothing here draws a random number unless it is given a
seed: offsets, flips and factors are arguments, so that all frames of a clip share them.
"""

from helpers.preprocessing.denoising import (
    add_noise,
    gaussian_blur,
    non_local_means,
    temporal_median,
)
from helpers.preprocessing.layout import to_layout
from helpers.preprocessing.pixels import color_jitter, normalize
from helpers.preprocessing.spatial import center_crop, crop_and_flip, resize_clip
from helpers.preprocessing.temporal import jitter_indices, temporal_mask

__all__ = [
    "add_noise",
    "center_crop",
    "color_jitter",
    "crop_and_flip",
    "gaussian_blur",
    "jitter_indices",
    "non_local_means",
    "normalize",
    "resize_clip",
    "temporal_mask",
    "temporal_median",
    "to_layout",
]
