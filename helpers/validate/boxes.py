"""Checks of boxes, of what comes with them, and of the curves that judge them."""

from typing import Any

import numpy as np

from helpers.validate.numbers import (
    finite_numbers,
    non_negative,
    non_negative_int,
    positive,
    positive_int,
)


def boxes(**values: Any) -> None:
    """Raise unless every keyword argument holds boxes (x1, y1, x2, y2), (n, 4); n may be 0.

    >>> import numpy as np
    >>> boxes(targets=np.array([[10, 10, 5, 20]]))
    Traceback (most recent call last):
    ...
    ValueError: targets has a box, 0, whose x2, 5, is below its x1, 10: boxes are x1, y1, x2, y2; \
add x1 and y1 to a width and a height.
    """
    for name, value in values.items():
        numbers = _real(name, value)
        if numbers.ndim != 2 or numbers.shape[1] != 4:
            raise ValueError(
                f"{name} has the shape {numbers.shape}, but it must be (n, 4): x1, y1, x2, y2 in "
                "a row for each box, and np.zeros((0, 4)) where there is none."
            )
        _finite(name, numbers)
        for low, high, axis in ((0, 2, "x"), (1, 3, "y")):
            turned = np.flatnonzero(numbers[:, high] < numbers[:, low])
            if turned.size:
                box = numbers[turned[0]]
                raise ValueError(
                    f"{name} has a box, {turned[0]}, whose {axis}2, {box[high]:g}, is below its "
                    f"{axis}1, {box[low]:g}: boxes are x1, y1, x2, y2; add x1 and y1 to a width "
                    "and a height."
                )


def solid_boxes(**values: Any) -> None:
    """Raise unless every keyword argument holds boxes whose width and height are above 0."""
    boxes(**values)
    for name, value in values.items():
        flat = np.flatnonzero((value[:, 2] <= value[:, 0]) | (value[:, 3] <= value[:, 1]))
        if flat.size:
            raise ValueError(
                f"{name} has a box, {flat[0]}, {value[flat[0]].tolist()}, without width or "
                "height, which has no logarithm: leave it out."
            )


def scores_in_unit(count: int, **values: Any) -> None:
    """Raise unless every keyword argument holds a score from 0 to 1 for each box."""
    for name, value in values.items():
        numbers = _one_each(name, _real(name, value), count)
        if not np.issubdtype(numbers.dtype, np.floating):
            raise TypeError(f"{name} is {numbers.dtype}, but scores must be floats.")
        _finite(name, numbers)
        outside = numbers[(numbers < 0) | (numbers > 1)]
        if outside.size:
            raise ValueError(
                f"{name} holds {outside[0]:g}, but every score must be from 0 to 1: apply the "
                "sigmoid or the softmax first."
            )


def areas(count: int, **values: Any) -> None:
    """Raise unless every keyword argument holds an area of 0 or more for each box."""
    for name, value in values.items():
        numbers = _one_each(name, _real(name, value), count)
        _finite(name, numbers)
        if count and numbers.min() < 0:
            raise ValueError(
                f"{name} holds {numbers.min():g}, but every area must be 0 or more."
            )


def box_ids(count: int, **values: Any) -> None:
    """Raise unless every keyword argument holds an id, whole number or text, for each box."""
    for name, value in values.items():
        if _one_each(name, _array(name, value), count).dtype.kind not in "iuU":
            raise TypeError(
                f"{name} is {value.dtype}, but ids must be whole numbers or text, one a box: "
                "where there is no box, pass np.zeros(0, int)."
            )


def ids_of_one_kind(**values: np.ndarray) -> None:
    """Raise unless all keyword arguments hold whole numbers, or all hold text.

    An empty row fits both.
    """
    kinds = {
        name: "text" if value.dtype.kind == "U" else "whole numbers"
        for name, value in values.items()
        if value.size
    }
    if len(set(kinds.values())) > 1:
        said = " and ".join(f"{name} holds {kind}" for name, kind in kinds.items())
        raise TypeError(f"{said}, but one id must be written the same way in both.")


def known_ids(known: Any, **values: np.ndarray) -> None:
    """Raise unless every id of every keyword argument is among the known ones.

    >>> import numpy as np
    >>> known_ids(np.array([1, 2]), image_ids=np.array([2, 3]))
    Traceback (most recent call last):
    ...
    ValueError: image_ids holds 3, which is not among the 2 known ones: leave it out, or add it \
to them.
    """
    known = _array("the known ids", known)
    box_ids(known.size, **{"the known ids": known})
    for name, value in values.items():
        ids_of_one_kind(**{name: value, "the known ids": known})
        unknown = value[~np.isin(value, known)] if known.size else value
        if unknown.size:
            raise ValueError(
                f"{name} holds {unknown[0]}, which is not among the {known.size} known ones: "
                "leave it out, or add it to them."
            )


def flags(count: int | None, **values: Any) -> None:
    """Raise unless every keyword argument holds booleans in one row, so many if count says."""
    for name, value in values.items():
        row = _array(name, value)
        _one_each(name, row, row.size if count is None else count)
        if row.dtype != np.bool_:
            raise TypeError(
                f"{name} is {row.dtype}, but it must hold booleans: pass {name}.astype(bool)."
            )


def box_deltas(count: int, **values: Any) -> None:
    """Raise unless every keyword argument holds (dx, dy, dw, dh) for each anchor."""
    for name, value in values.items():
        numbers = _real(name, value)
        if numbers.shape != (count, 4):
            raise ValueError(
                f"{name} has the shape {numbers.shape}, but it must be ({count}, 4): dx, dy, dw, "
                "dh in a row for each anchor."
            )
        _finite(name, numbers)


def overlaps(**values: Any) -> None:
    """Raise unless every keyword argument holds overlaps from 0 to 1, (detections, objects)."""
    for name, value in values.items():
        numbers = _real(name, value)
        if numbers.ndim != 2:
            raise ValueError(
                f"{name} has the shape {numbers.shape}, but it must be (detections, objects)."
            )
        _finite(name, numbers)
        outside = numbers[(numbers < 0) | (numbers > 1)]
        if outside.size:
            raise ValueError(f"{name} holds {outside[0]:g}, but overlaps are from 0 to 1.")


def same_count(unit: str, **counts: int) -> None:
    """Raise unless all keyword arguments are equal: what belongs together has one of each."""
    if len(set(counts.values())) > 1:
        said = " and ".join(f"{name} has {count}" for name, count in counts.items())
        raise ValueError(f"{said} rows, but there must be one of each for every {unit}.")


def fraction(**values: Any) -> None:
    """Raise unless every keyword argument is one number from 0 to 1.

    >>> fraction(iou_threshold=50)
    Traceback (most recent call last):
    ...
    ValueError: iou_threshold is 50, but it must be from 0 to 1.
    """
    for name, value in values.items():
        non_negative(**{name: value})
        if value > 1:
            raise ValueError(f"{name} is {value}, but it must be from 0 to 1.")


def iou_band(positive_iou: Any, negative_iou: Any) -> None:
    """Raise unless these are two thresholds from 0 to 1, the negative one not above the other."""
    fraction(positive_iou=positive_iou, negative_iou=negative_iou)
    if negative_iou > positive_iou:
        raise ValueError(
            f"negative_iou is {negative_iou}, but it must be at most positive_iou, which is "
            f"{positive_iou}."
        )


def feature_size(value: Any) -> None:
    """Raise unless it is a pair of whole numbers of at least 1: rows and columns."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"feature_size is {value!r}, but it must be a pair: (rows, columns).")
    positive_int(**{"feature_size's rows": value[0], "feature_size's columns": value[1]})


def positive_row(count: int | None, **values: Any) -> None:
    """Raise unless every keyword argument is a row of numbers above 0, so many if count says."""
    for name, value in values.items():
        numbers = finite_numbers(name, value)
        if numbers.ndim != 1 or count not in (None, len(numbers)):
            many = "numbers" if count is None else f"{count} numbers"
            raise ValueError(f"{name} is {value!r}, but it must be {many} in one row.")
        for number in numbers:
            positive(**{f"a number in {name}": number})


def hits(is_true_positive: Any, num_truth: Any) -> None:
    """Raise unless these flags, one a detection, can be hits of so many objects."""
    flags(None, is_true_positive=is_true_positive)
    non_negative_int(num_truth=num_truth)
    if num_truth == 0:
        raise ValueError(
            "num_truth is 0, but recall is a share of the objects: leave out a class without any."
        )
    num_hits = np.count_nonzero(is_true_positive)
    if num_hits > num_truth:
        raise ValueError(
            f"is_true_positive has {num_hits} hits, but num_truth is {num_truth}: each object "
            "can be found once; a second detection of it is a false positive."
        )


def precision_and_recall(precision: Any, recall: Any) -> None:
    """Raise unless these are a curve by rank: shares, and recall never falls."""
    for name, value in (("precision", precision), ("recall", recall)):
        numbers = _one_each(name, _real(name, value), precision.size)
        _finite(name, numbers)
        outside = numbers[(numbers < 0) | (numbers > 1)]
        if outside.size:
            raise ValueError(f"{name} holds {outside[0]:g}, but it must be from 0 to 1.")
    if (np.diff(recall) < 0).any():
        raise ValueError(
            "recall falls from one rank to the next: give both by falling score, and recall "
            "second."
        )


def _array(name: str, value: Any) -> np.ndarray:
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but it must be a NumPy array: np.array(...)."
        )
    return value


def _real(name: str, value: Any) -> np.ndarray:
    numbers = _array(name, value)
    if numbers.dtype.kind not in "iuf":
        raise TypeError(f"{name} is {numbers.dtype}, but it must hold floats or whole numbers.")
    return numbers


def _finite(name: str, numbers: np.ndarray) -> None:
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} holds NaN or infinity: look for the step that made them.")


def _one_each(name: str, row: np.ndarray, count: int) -> np.ndarray:
    if row.shape != (count,):
        raise ValueError(
            f"{name} has the shape {row.shape}, but it must be ({count},), one value each."
        )
    return row
