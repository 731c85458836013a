"""Checks of what a tracker estimates, of its settings, and of tracks."""

from typing import Any

import numpy as np

from helpers.validate.boxes import box_ids, boxes, flags
from helpers.validate.numbers import finite_numbers, non_negative_int, positive


def estimate(mean: Any, covariance: Any) -> None:
    """Raise unless these are the mean, (n,), and covariance, (n, n), of a state.

    >>> import numpy as np
    >>> estimate(np.zeros(2), np.array([[1, 2], [0, 1]]))
    Traceback (most recent call last):
    ...
    ValueError: covariance is not symmetric: each entry must be equal to the one mirrored at the \
diagonal.
    """
    numbers = _array("mean", mean)
    if numbers.ndim != 1:
        raise ValueError(f"mean has the shape {numbers.shape}, but it must have one axis.")
    covariances(len(mean), covariance=covariance)


def covariances(size: int, **values: Any) -> None:
    """Raise unless every keyword argument is a covariance, (size, size)."""
    for name, value in values.items():
        matrix(size, size, **{name: value})
        largest = np.abs(value).max()
        # Rounding may leave the two halves slightly different.
        if np.abs(value - value.T).max() > 1e-8 * largest:
            raise ValueError(
                f"{name} is not symmetric: each entry must be equal to the one mirrored at the "
                "diagonal."
            )
        if np.diagonal(value).min() < 0:
            raise ValueError(
                f"{name} has {np.diagonal(value).min():g} on its diagonal, but variances are 0 "
                "or more."
            )


def matrix(rows: int, columns: int, **values: Any) -> None:
    """Raise unless every keyword argument holds finite numbers, (rows, columns)."""
    for name, value in values.items():
        shape = _array(name, value).shape
        if shape != (rows, columns):
            raise ValueError(
                f"{name} has the shape {shape}, but it must be ({rows}, {columns})."
            )


def observed(size: int, measurement: Any, observation: Any, measurement_noise: Any) -> None:
    """Raise unless these are a measurement of a state of that size, and what it says of it."""
    numbers = _array("measurement", measurement)
    if numbers.ndim != 1:
        raise ValueError(
            f"measurement has the shape {numbers.shape}, but it must have one axis."
        )
    matrix(len(numbers), size, observation=observation)
    covariances(len(numbers), measurement_noise=measurement_noise)
    for variance in np.diagonal(measurement_noise):
        positive(**{"a variance in measurement_noise": variance})


def measurable_boxes(**values: Any) -> None:
    """Raise unless every keyword argument holds boxes that have an aspect ratio."""
    boxes(**values)
    for name, value in values.items():
        flat = np.flatnonzero((value[:, 2] <= value[:, 0]) | (value[:, 3] <= value[:, 1]))
        if flat.size:
            raise ValueError(
                f"{name} has a box, {flat[0]}, {value[flat[0]].tolist()}, without width or "
                "height, whose aspect ratio a tracker cannot follow: leave it out."
            )


def box_states(**values: Any) -> None:
    """Raise unless every keyword argument holds (x, y, area, aspect ratio, ...), (n, 4 or 7)."""
    for name, value in values.items():
        if not isinstance(value, np.ndarray) or value.ndim != 2 or value.shape[1] not in (4, 7):
            raise ValueError(
                f"{name} is {_brief(value)}, but it must be an array (n, 4), with x, y, area and "
                "aspect ratio in a row for each box, or (n, 7), with their velocities."
            )
        if value.size:
            finite_numbers(name, value)
        if (value[:, 2:4] <= 0).any():
            raise ValueError(
                f"{name} holds {value[:, 2:4].min():g} for an area or an aspect ratio, but both "
                "must be above 0."
            )


def fate(matched: Any, max_age: Any, min_hits: Any) -> None:
    """Raise unless `matched` says of a track, frame by frame, whether a detection was found."""
    flags(None, matched=matched)
    track_rules(max_age, min_hits)
    if not len(matched) or not matched[0]:
        raise ValueError(
            "matched must begin with True: it is a detection that starts a track. Begin with "
            "that frame."
        )


def track_rules(max_age: Any, min_hits: Any) -> None:
    """Raise unless these are numbers of frames."""
    non_negative_int(max_age=max_age, min_hits=min_hits)


def matched_tracks(matched: Any, num_predicted: Any) -> None:
    """Raise unless `matched` is a table of track numbers by frame and object.

    >>> import numpy as np
    >>> matched_tracks(np.array([[3, 3]]), 2)
    Traceback (most recent call last):
    ...
    ValueError: matched has track 3 twice in frame 0, but a track is matched with one object at \
most.
    """
    non_negative_int(num_predicted=num_predicted)
    if not isinstance(matched, np.ndarray) or matched.ndim != 2 or matched.dtype.kind != "i":
        raise ValueError(
            f"matched is {_brief(matched)}, but it must be an array of signed whole numbers, "
            "(frames, objects)."
        )
    if matched.size and matched.min() < -2:
        raise ValueError(
            f"matched holds {matched.min()}, but it must hold numbers of tracks, -1 for missed "
            "and -2 for absent."
        )
    ordered = np.sort(matched, axis=1)
    frames, places = np.nonzero((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0))
    if frames.size:
        raise ValueError(
            f"matched has track {ordered[frames[0], places[0]]} twice in frame {frames[0]}, but "
            "a track is matched with one object at most."
        )
    num_matches = np.count_nonzero(matched >= 0)
    if num_predicted < num_matches:
        raise ValueError(
            f"num_predicted is {num_predicted}, but {num_matches} boxes were matched: count "
            "those that were matched, too."
        )


def track_rows(frame_ids: Any, track_ids: Any, boxes_: Any) -> None:
    """Raise unless these are the rows of tracks, none of which is in a frame twice."""
    boxes(boxes=boxes_)
    box_ids(len(boxes_), frame_ids=frame_ids, track_ids=track_ids)
    if frame_ids.dtype.kind == "U":
        raise TypeError(
            "frame_ids is text, but frames must be whole numbers, which have an order."
        )
    _, numbers = np.unique(track_ids, return_inverse=True)
    rows = np.stack([frame_ids, numbers], axis=1)
    _, first, counts = np.unique(rows, axis=0, return_index=True, return_counts=True)
    if (counts > 1).any():
        row = first[counts > 1][0]
        raise ValueError(
            f"track {track_ids[row]} is in frame {frame_ids[row]} more than once, but one object "
            "has one box in a frame: give each track an id of its own."
        )


def _array(name: str, value: Any) -> np.ndarray:
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but it must be a NumPy array: np.array(...)."
        )
    return finite_numbers(name, value)


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of the shape {value.shape}"
    return f"a {type(value).__name__}"
