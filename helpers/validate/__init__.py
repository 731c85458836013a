"""Checks of arguments, one public call each, so that an algorithm stays its own few lines.

A failed check raises ``TypeError`` or ``ValueError`` with one sentence that names the
argument, the value that came and what to pass instead.
"""

from helpers.validate.images import (
    clip,
    crops,
    data_range,
    frame_size,
    mean_and_std,
    same_shape,
    video,
)
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

__all__ = [
    "clip",
    "crops",
    "data_range",
    "frame_size",
    "index_below",
    "mean_and_std",
    "non_negative",
    "non_negative_int",
    "odd_int",
    "one_of",
    "positive",
    "positive_int",
    "same_shape",
    "unit_interval",
    "video",
]
