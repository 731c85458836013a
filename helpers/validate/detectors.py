"""Checks of what detectors are made of and learn from."""

from typing import Any

import numpy as np

from helpers.validate.boxes import box_ids, scores_in_unit
from helpers.validate.models import network


def pyramid_levels(coarse: Any, lateral: Any) -> None:
    """Raise unless the coarse level is the halved lateral one, with as many channels.

    >>> pyramid_levels(np.zeros((1, 4, 4, 8)), np.zeros((1, 16, 16, 8)))
    Traceback (most recent call last):
    ...
    ValueError: coarse has the shape (1, 4, 4, 8), but for a lateral of the shape (1, 16, 16, 8) \
it must be (1, 8, 8, 8): half the rows and columns, rounded up, and as many channels.
    """
    found, finer = tuple(coarse.shape), tuple(lateral.shape)
    for name, shape in (("coarse", found), ("lateral", finer)):
        if len(shape) != 4:
            raise ValueError(
                f"{name} has the shape {shape}, but it must be (batch, rows, columns, channels)."
            )
    wanted = (finer[0], -(-finer[1] // 2), -(-finer[2] // 2), finer[3])
    if found != wanted:
        raise ValueError(
            f"coarse has the shape {found}, but for a lateral of the shape {finer} it must be "
            f"{wanted}: half the rows and columns, rounded up, and as many channels."
        )


def same_shapes(**values: Any) -> None:
    """Raise unless all keyword arguments, arrays or tensors, have one shape."""
    shapes = {name: tuple(np.shape(value)) for name, value in values.items()}
    if len(set(shapes.values())) > 1:
        said = " and ".join(f"{name} has {shape}" for name, shape in shapes.items())
        raise ValueError(f"{said}, but their shapes must be equal: one would be broadcast.")


def last_axis(length: int, **values: Any) -> None:
    """Raise unless the last axis of every keyword argument is so long."""
    for name, value in values.items():
        shape = tuple(np.shape(value))
        if not shape or shape[-1] != length:
            raise ValueError(f"{name} has the shape {shape}, but it must be (..., {length}).")


def points(**values: Any) -> None:
    """Raise unless every keyword argument holds points (x, y), (n, 2); n may be 0."""
    for name, value in values.items():
        if not isinstance(value, np.ndarray):
            raise TypeError(
                f"{name} is a {type(value).__name__}, but it must be a NumPy array: np.array(...)."
            )
        if value.ndim != 2 or value.shape[1] != 2:
            raise ValueError(
                f"{name} has the shape {value.shape}, but it must be (n, 2): x, y in a row for "
                "each point."
            )
        _finite(name, value)


def clips_alike(clips: Any) -> None:
    """Raise unless there are clips, with frames of one size and the same kinds of object."""
    if not clips:
        raise ValueError("clips is empty: pass what datasets.moving_shapes returned.")
    for some in clips:
        if not hasattr(some, "object_names"):
            raise TypeError(
                f"clips holds a {type(some).__name__}, but each must be what "
                "datasets.moving_shapes returned."
            )
    first = clips[0]
    for some in clips[1:]:
        if some.video.shape[2:] != first.video.shape[2:]:
            raise ValueError(
                f"clips have frames of {first.video.shape[2:]} and of {some.video.shape[2:]}, but "
                "they must be of one size."
            )
        if some.object_names != first.object_names:
            raise ValueError(
                f"clips hold {first.object_names} and {some.object_names}, but their kinds of "
                "object must be the same, in the same order: pass the same shapes= to both."
            )


def class_numbers(count: int, **values: Any) -> None:
    """Raise unless every keyword argument holds a class, 0 or more, for each of the boxes."""
    for name, value in values.items():
        box_ids(count, **{name: value})
        if value.dtype.kind == "U":
            raise TypeError(
                f"{name} holds text, but classes must be numbered: pass indices into their names."
            )
        if count and value.min() < 0:
            raise ValueError(
                f"{name} holds {value.min()}, but classes must be 0 or more: -1 stands for "
                "background."
            )


def class_scores(count: int, **values: Any) -> None:
    """Raise unless every keyword argument holds scores from 0 to 1, (boxes, classes)."""
    for name, value in values.items():
        if not isinstance(value, np.ndarray) or value.ndim != 2 or len(value) != count:
            found = getattr(value, "shape", type(value).__name__)
            raise ValueError(
                f"{name} is {found}, but it must be an array ({count}, classes), a row for each "
                "box."
            )
        scores_in_unit(value.size, **{name: value.reshape(-1)})


def distances(**values: Any) -> None:
    """Raise unless every keyword argument holds distances of 0 or more, (n, 4)."""
    for name, value in values.items():
        if not isinstance(value, np.ndarray) or value.ndim != 2 or value.shape[1] != 4:
            found = getattr(value, "shape", type(value).__name__)
            raise ValueError(
                f"{name} is {found}, but it must be an array (n, 4): left, top, right, bottom in "
                "a row for each point."
            )
        _finite(name, value)
        if value.size and value.min() < 0:
            raise ValueError(
                f"{name} holds {value.min():g}, but no side of a box lies at a distance below 0."
            )


def regression_range(value: Any) -> None:
    """Raise unless it is a pair of distances (low, high), low of 0 or more and below high.

    >>> regression_range((8, 4))
    Traceback (most recent call last):
    ...
    ValueError: regression_range is (8, 4), but it must be (low, high), 0 <= low < high: \
distances in pixels, for the last level up to np.inf.
    """
    if (
        not isinstance(value, tuple | list)
        or len(value) != 2
        or not all(isinstance(number, int | float | np.number) for number in value)
        or not 0 <= value[0] < value[1]
    ):
        raise ValueError(
            f"regression_range is {value!r}, but it must be (low, high), 0 <= low < high: "
            "distances in pixels, for the last level up to np.inf."
        )


def image_network(input_shape: Any, num_classes: Any, **counts: Any) -> None:
    """Raise unless these describe a detector of images.

    counts: the builder's further numbers; each a whole number of at least 1, or several of them.

    >>> image_network((None, 64, 64, 3), 3)
    Traceback (most recent call last):
    ...
    ValueError: input_shape is (None, 64, 64, 3), but it must be (height, width, channels), \
without the batch.
    """
    if not isinstance(input_shape, tuple | list) or len(input_shape) != 3:
        raise ValueError(
            f"input_shape is {input_shape!r}, but it must be (height, width, channels), without "
            "the batch."
        )
    network((1, *input_shape), num_classes, **counts)


def images_for(input_shape: tuple[int | None, ...], **values: Any) -> None:
    """Raise unless every keyword argument holds images, at least one, as a network takes them.

    input_shape: the network's, with the batch axis.

    >>> images_for((None, 64, 64, 3), images=np.zeros((64, 64, 3)))
    Traceback (most recent call last):
    ...
    ValueError: images has the shape (64, 64, 3), but the network takes (images, 64, 64, 3): \
for a single one pass images[np.newaxis].
    """
    for name, value in values.items():
        if not isinstance(value, np.ndarray):
            raise TypeError(
                f"{name} is a {type(value).__name__}, but it must be a NumPy array: np.array(...)."
            )
        wanted = input_shape[1:]
        if value.shape[1:] != wanted:
            remedy = (
                f": for a single one pass {name}[np.newaxis]" if value.shape == wanted else ""
            )
            raise ValueError(
                f"{name} has the shape {value.shape}, but the network takes (images, "
                f"{', '.join(map(str, wanted))}){remedy}."
            )
        if not len(value):
            raise ValueError(f"{name} has the shape {value.shape}: there are no images in it.")


def feature_map(**values: Any) -> None:
    """Raise unless every keyword argument is a map of numbers, (rows, columns, channels)."""
    for name, value in values.items():
        if not isinstance(value, np.ndarray) or value.ndim != 3:
            found = getattr(value, "shape", type(value).__name__)
            raise ValueError(
                f"{name} is {found}, but it must be an array (rows, columns, channels) of one "
                "image."
            )
        _finite(name, value)


def _finite(name: str, value: np.ndarray) -> None:
    if value.dtype.kind not in "iuf":
        raise TypeError(f"{name} is {value.dtype}, but it must hold floats or whole numbers.")
    if not np.isfinite(value).all():
        raise ValueError(f"{name} holds NaN or infinity: look for the step that made them.")
