"""Checks of arguments, one public call each, so that an algorithm stays its own few lines.

A failed check raises ``TypeError`` or ``ValueError`` with one sentence that names the
argument, the value that came and what to pass instead.
"""

from helpers.validate.classification import (
    class_indices,
    clip_ids,
    probabilities,
    scores,
    scores_and_labels,
    top_k,
)
from helpers.validate.images import (
    clip,
    crops,
    data_range,
    frame_size,
    mean_and_std,
    same_shape,
    video,
)
from helpers.validate.layers import attention, convolution, shift
from helpers.validate.learning import (
    budget,
    clips_and_labels,
    confidence,
    measurements,
    schedule,
)
from helpers.validate.models import fixed_length, heads, network, patches
from helpers.validate.numbers import (
    index_below,
    non_negative,
    non_negative_int,
    odd_int,
    one_of,
    positive,
    positive_int,
    unit_interval,
)
from helpers.validate.scenes import low_and_high, options, within
from helpers.validate.timeline import frame_numbers, keyframes, moments, timestamps

__all__ = [
    "attention",
    "budget",
    "class_indices",
    "clip",
    "clip_ids",
    "clips_and_labels",
    "confidence",
    "convolution",
    "crops",
    "data_range",
    "fixed_length",
    "frame_numbers",
    "frame_size",
    "heads",
    "index_below",
    "keyframes",
    "low_and_high",
    "mean_and_std",
    "measurements",
    "moments",
    "network",
    "non_negative",
    "non_negative_int",
    "odd_int",
    "one_of",
    "options",
    "patches",
    "positive",
    "positive_int",
    "probabilities",
    "same_shape",
    "schedule",
    "scores",
    "scores_and_labels",
    "shift",
    "timestamps",
    "top_k",
    "unit_interval",
    "video",
    "within",
]
