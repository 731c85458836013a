"""Checks of frames, clips and what belongs to them."""

from typing import Any

import numpy as np

from helpers.validate.numbers import finite_numbers, positive, positive_int


def clip(**values: Any) -> None:
    """Raise unless every keyword argument is one uint8 clip with pixels in it.

    A clip has the shape (frames, height, width, channels), with 1 channel (grey) or 3.
    """
    for name, value in values.items():
        _uint8_video(name, value, "(frames, height, width, channels)", (4,))


def video(**values: Any) -> None:
    """Raise unless every keyword argument is a uint8 clip or a uint8 batch of clips.

    >>> import numpy as np
    >>> video(clip=np.zeros((8, 112, 112, 3), np.uint8))
    >>> video(clip=np.zeros((3, 8, 112, 112), np.uint8))
    Traceback (most recent call last):
    ...
    ValueError: clip has the shape (3, 8, 112, 112), which has 112 channels, but it must be \
(frames, height, width, channels) or the same with a batch axis in front, with 1 or 3 \
channels; if the channels come first, move them with np.moveaxis(clip, 0, -1).
    """
    layout = "(frames, height, width, channels) or the same with a batch axis in front"
    for name, value in values.items():
        _uint8_video(name, value, layout, (4, 5))


def same_shape(**values: Any) -> None:
    """Raise unless all keyword arguments are arrays of one shape with at least one element."""
    (first, reference), *others = values.items()
    for name, value in values.items():
        array(name, value)
    for name, value in others:
        if value.shape != reference.shape:
            raise ValueError(
                f"{first} has the shape {reference.shape} and {name} has {value.shape}, "
                "but the two shapes must be equal."
            )


def frame_size(minimum: int, **images: Any) -> None:
    """Raise unless the frames of every (..., height, width, channels) reach the minimum."""
    for name, image in images.items():
        if image.ndim < 3:
            raise ValueError(
                f"{name} has the shape {image.shape}, but it must be (..., height, width, "
                f"channels): give a grey image its channel with {name}[..., np.newaxis]."
            )
        if min(image.shape[-3:-1]) < minimum:
            raise ValueError(
                f"{name} has frames of {image.shape[-3]}x{image.shape[-2]} pixels in the shape "
                f"{image.shape} (..., height, width, channels), but they must be at least "
                f"{minimum}x{minimum}."
            )


def data_range(data_range: float | None, **images: Any) -> float:
    """Return the distance from black to white of the images, checked against their values.

    All images must be uint8, or all must be floats without NaN or infinity. ``None`` means
    255 for uint8; for floats it raises, since 0 to 1, -1 to 1 and 0 to 255 are all in use.
    The first image is the reference: its values must not span more than the range.

    >>> import numpy as np
    >>> data_range(None, image=np.zeros((8, 8), np.uint8))
    255.0
    >>> data_range(2, image=np.linspace(-1, 1, 64))
    2.0
    """
    for name, image in images.items():
        array(name, image)
        if image.dtype != np.uint8 and not np.issubdtype(image.dtype, np.floating):
            raise TypeError(f"{name} is {image.dtype}, but it must be uint8 or a float type.")
        if not np.isfinite(image).all():
            raise ValueError(f"{name} holds NaN or infinity: look for the step that made them.")
    dtypes = {name: image.dtype for name, image in images.items()}
    if np.dtype(np.uint8) in dtypes.values() and len(set(dtypes.values())) > 1:
        found = " and ".join(f"{name} is {dtype}" for name, dtype in dtypes.items())
        raise TypeError(f"{found}, but they must share one scale: bring both to uint8.")
    name, reference = next(iter(images.items()))
    if data_range is None:
        if reference.dtype != np.uint8:
            raise ValueError(
                f"data_range is missing, and {name} is {reference.dtype}: pass 1.0 for values "
                "from 0 to 1, 2.0 for -1 to 1, or 255.0 for 0 to 255."
            )
        return 255.0
    positive(data_range=data_range)
    low, high = float(reference.min()), float(reference.max())
    if high - low > 1.001 * data_range:  # room for rounding in the reference
        raise ValueError(
            f"data_range is {data_range}, but the values of {name} span {low:g} to {high:g}: "
            "pass the distance from black to white, 255 for 8-bit values."
        )
    return float(data_range)


def mean_and_std(mean: Any, std: Any, num_channels: int) -> None:
    """Raise unless mean and std are channel statistics of pixels scaled to [0, 1].

    Each is one number, or one number a channel; a mean lies in [0, 1], a deviation in (0, 1].
    """
    for name, value in (("mean", mean), ("std", std)):
        numbers = finite_numbers(name, value)
        if numbers.shape not in ((), (num_channels,)):
            raise ValueError(
                f"{name} has the shape {numbers.shape}, but it must be one number, or "
                f"{num_channels}: one for each channel of the video."
            )
        if numbers.max() > 1:
            raise ValueError(
                f"{name} is {value!r}, on the scale of 0 to 255, but it must be on the scale "
                "of 0 to 1: divide it by 255."
            )
        if numbers.min() < 0 or (name == "std" and numbers.min() == 0):
            least = "above 0" if name == "std" else "0 or more"
            raise ValueError(f"{name} is {value!r}, but every number in it must be {least}.")


def crops(clips: Any, tops: Any, lefts: Any, flips: Any, size: Any) -> None:
    """Raise unless each clip of the batch has one flip and one offset of a crop inside it."""
    _uint8_video("clips", clips, "(batch, frames, height, width, channels)", (5,))
    positive_int(size=size)
    for name, values in (("tops", tops), ("lefts", lefts), ("flips", flips)):
        if np.shape(values) != (len(clips),):
            raise ValueError(
                f"{name} has the shape {np.shape(values)}, but it must be ({len(clips)},): one "
                "value for each clip of the batch, shared by all its frames."
            )
    for name, side, offsets, length in (
        ("tops", "height", np.asarray(tops), clips.shape[2]),
        ("lefts", "width", np.asarray(lefts), clips.shape[3]),
    ):
        if size > length:
            raise ValueError(
                f"size is {size}, but the {side} of the frames is {length}: resize them first, "
                f"or pass a size of {length} or less."
            )
        if not np.issubdtype(offsets.dtype, np.integer):
            raise TypeError(f"{name} is {offsets.dtype}, but it must hold whole numbers.")
        outside = offsets[(offsets < 0) | (offsets > length - size)]
        if outside.size:
            raise ValueError(
                f"{name} holds {outside[0]}, but every offset must be 0 to {length - size}: "
                f"a {side} of {length} minus a size of {size}."
            )
    if np.asarray(flips).dtype != np.bool_:
        raise TypeError(
            f"flips is {np.asarray(flips).dtype}, but it must hold booleans: compare, as in "
            "rng.random(batch) < 0.5."
        )


def array(name: str, value: Any) -> None:
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but it must be a NumPy array: "
            f"pass np.asarray({name})."
        )
    if value.size == 0:
        raise ValueError(f"{name} has the shape {value.shape}, which holds no values.")


def _uint8_video(name: str, value: Any, layout: str, ndims: tuple[int, ...]) -> None:
    array(name, value)
    if value.dtype != np.uint8:
        raise TypeError(_not_uint8(name, value))
    if value.ndim not in ndims:
        raise ValueError(f"{name} has the shape {value.shape}, but it must be {layout}.")
    if value.shape[-1] not in (1, 3):
        message = (
            f"{name} has the shape {value.shape}, which has {value.shape[-1]} channels, but it "
            f"must be {layout}, with 1 or 3 channels"
        )
        # Other libraries use (channels, frames, ...) and (frames, channels, ...).
        for axis in (value.ndim - 4, value.ndim - 3):
            if value.shape[axis] in (1, 3):
                move = f"np.moveaxis({name}, {axis}, -1)"
                message += f"; if the channels come first, move them with {move}"
                break
        raise ValueError(message + ".")


def _not_uint8(name: str, value: np.ndarray) -> str:
    wrong = f"{name} is {value.dtype}"
    if not np.issubdtype(value.dtype, np.floating):
        return f"{wrong}, but it must be uint8, 0 to 255: pass {name}.astype(np.uint8)."
    if np.isnan(value).any():
        return f"{wrong} and holds NaN, but it must be uint8, 0 to 255."
    low, high = value.min(), value.max()
    scale = " * 255" if high <= 1 else ""
    wrong += f" with values from {low:g} to {high:g}, but it must be uint8, 0 to 255"
    if low < 0 or high > 255:
        return f"{wrong}: hand in the frames as they were read, before any scaling."
    return f"{wrong}: pass np.round({name}{scale}).astype(np.uint8)."
