"""Checks of what sizes and costs are estimated from."""

from typing import Any

import numpy as np

from helpers.validate.images import array
from helpers.validate.models import fixed_length
from helpers.validate.numbers import positive_int


def layouts(video: Any, source: Any, target: Any) -> None:
    """Raise unless the letters of both orders are the same, one for each axis of the video.

    >>> layouts(np.zeros((8, 32, 32, 3)), "THWC", "CTH")
    Traceback (most recent call last):
    ...
    ValueError: target is 'CTH', but it must have the letters of source, 'THWC', in another order.
    """
    array("video", video)
    for name, value in (("source", source), ("target", target)):
        if not isinstance(value, str):
            raise TypeError(f"{name} is {value!r}, but it must be a string such as 'BTHWC'.")
        if len(set(value)) < len(value):
            raise ValueError(f"{name} is {value!r}, but no letter may come twice.")
    if video.ndim != len(source):
        raise ValueError(
            f"source is {source!r}, {len(source)} letters, but video has {video.ndim} axes, "
            f"{video.shape}: give a letter for each."
        )
    if set(source) != set(target):
        raise ValueError(
            f"target is {target!r}, but it must have the letters of source, {source!r}, in "
            "another order."
        )


def dtype_name(**values: Any) -> None:
    """Raise unless every keyword argument is NumPy's name of a type of numbers.

    >>> dtype_name(dtype="float12")
    Traceback (most recent call last):
    ...
    ValueError: dtype is 'float12', but it must be a type of NumPy, such as "uint8" or "float32".
    """
    for name, value in values.items():
        problem = (
            f"{name} is {value!r}, but it must be a type of NumPy, such as "
            '"uint8" or "float32".'
        )
        if not isinstance(value, str):
            raise TypeError(problem)
        try:
            kind = np.dtype(value).kind
        except TypeError:
            raise ValueError(problem) from None
        if kind not in "biuf":
            raise ValueError(problem)


def convolution_sizes(
    in_channels: Any, out_channels: Any, kernel: Any, output_size: Any
) -> None:
    """Raise unless these describe a convolution and the size of what it puts out.

    >>> convolution_sizes(3, 64, kernel=(3, 3, 3), output_size=(32, 32))
    Traceback (most recent call last):
    ...
    ValueError: output_size is (32, 32), but it must hold 3 numbers, not 2.
    """
    positive_int(in_channels=in_channels, out_channels=out_channels)
    sizes("kernel", kernel, None)
    sizes("output_size", output_size, len(kernel))


def token_sizes(clip_size: Any, patch: Any, compression: Any) -> None:
    """Raise unless whole latent frames, and whole patches of them, fill the clip.

    >>> token_sizes((80, 480, 832), (1, 2, 2), (4, 8, 8))
    Traceback (most recent call last):
    ...
    ValueError: the clip has 80 frames, but one and a multiple of 4 more are needed: take 77 or 81.
    """
    for name, value in (
        ("clip_size", clip_size),
        ("patch", patch),
        ("compression", compression),
    ):
        sizes(name, value, 3)
    frames = clip_size[0]
    step = compression[0]
    if (frames - 1) % step:
        below = (frames - 1) // step * step + 1
        raise ValueError(
            f"the clip has {frames} frames, but one and a multiple of {step} more are needed: "
            f"take {below} or {below + step}."
        )
    latent = ((frames - 1) // step + 1, clip_size[1], clip_size[2])
    wanted = (patch[0], patch[1] * compression[1], patch[2] * compression[2])
    for axis, size, multiple in zip(
        ("latent frames", "height", "width"), latent, wanted, strict=True
    ):
        if size % multiple:
            raise ValueError(
                f"the clip's {axis}, {size}, is no multiple of {multiple}: whole patches must "
                "fill it."
            )


def sizes(name: str, value: Any, length: int | None) -> None:
    """Raise unless it is a tuple or list of whole numbers of at least 1, so many if not None."""
    if not isinstance(value, tuple | list):
        raise TypeError(
            f"{name} is {value!r} ({type(value).__name__}), but it must be a tuple, a number for "
            "each axis."
        )
    if not value:
        raise ValueError(f"{name} is empty: it must hold a number for each axis.")
    if length is not None:
        fixed_length(name, value, length)
    for one in value:
        positive_int(**{f"a number in {name}": one})
