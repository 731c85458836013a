"""Checks of what a layer written by hand is given."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.validate.numbers import one_of, positive_int


def convolution(clip: Any, kernel: Any, stride: Any, padding: Any) -> None:
    """Raise unless a 3D convolution of this clip by this kernel makes sense."""
    _floats("clip", clip, ("frames", "height", "width", "in_channels"))
    _floats("kernel", kernel, ("frames", "height", "width", "in_channels", "out_channels"))
    if clip.shape[3] != kernel.shape[3]:
        raise ValueError(
            f"clip has {clip.shape[3]} channels, but kernel takes {kernel.shape[3]}: its fourth "
            "axis must be as long as the clip's last."
        )
    if not isinstance(stride, Sequence) or len(stride) != 3:
        raise ValueError(
            f"stride is {stride!r}, but it must be three numbers: frames, rows and columns."
        )
    for step in stride:
        positive_int(stride=step)
    one_of(("valid", "same"), padding=padding)
    too_long = [k > n for n, k in zip(clip.shape, kernel.shape[:3], strict=False)]
    if padding == "valid" and any(too_long):
        raise ValueError(
            f"kernel spans {kernel.shape[:3]}, but clip has {clip.shape[:3]} frames, rows and "
            'columns: with padding="valid" it must fit inside.'
        )


def shift(features: Any, fold_div: Any) -> None:
    """Raise unless 1 / fold_div of the channels of these features can go each way in time."""
    _floats("features", features, ("batch", "frames", "height", "width", "channels"))
    positive_int(fold_div=fold_div)
    if fold_div < 2:
        raise ValueError(f"fold_div is {fold_div}, but it must be at least 2: half each way.")


def attention(features: Any, query: Any, mask: Any) -> None:
    """Raise unless a query can weigh the frames of these features."""
    _floats("features", features, ("batch", "frames", "channels"))
    _floats("query", query, ("channels",))
    if query.shape != features.shape[2:]:
        raise ValueError(
            f"query has {len(query)} numbers, but features has {features.shape[2]} channels: one "
            "for each is needed."
        )
    if mask is None:
        return
    if not isinstance(mask, np.ndarray) or mask.dtype != bool:
        raise TypeError("mask must be a NumPy array of booleans, True for a frame that counts.")
    if mask.shape != features.shape[:2]:
        raise ValueError(
            f"mask has the shape {mask.shape}, but it must be (batch, frames), here "
            f"{features.shape[:2]}."
        )
    empty = np.flatnonzero(~mask.any(axis=1))
    if empty.size:
        raise ValueError(
            f"mask leaves no frame of clip {empty[0]}, so there is nothing to average: leave that "
            "clip out."
        )


def _floats(name: str, value: Any, axes: tuple[str, ...]) -> None:
    if not isinstance(value, np.ndarray) or not np.issubdtype(value.dtype, np.floating):
        kind = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
        raise TypeError(f"{name} is {kind}, but it must be a NumPy array of floats.")
    if value.ndim != len(axes):
        wanted = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
        raise ValueError(f"{name} has the shape {value.shape}, but it must be {wanted}.")
    if value.size == 0 or not np.isfinite(value).all():
        raise ValueError(
            f"{name}, of the shape {value.shape}, must hold finite numbers, at least one."
        )
