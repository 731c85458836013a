"""Checks of what a classifier gave and what was right."""

from typing import Any

import numpy as np

from helpers.validate.learning import confidence
from helpers.validate.numbers import positive_int


def class_indices(num_classes: int, **values: Any) -> None:
    """Raise unless every keyword argument holds class numbers in one row, all rows alike.

    >>> import numpy as np
    >>> class_indices(3, labels=np.array([0, 3]))
    Traceback (most recent call last):
    ...
    ValueError: labels holds 3, but there are 3 classes: they are numbered from 0 to 2.
    """
    positive_int(num_classes=num_classes)
    shapes = {}
    for name, value in values.items():
        numbers = _array(name, value)
        if not np.issubdtype(numbers.dtype, np.integer):
            raise TypeError(f"{name} is {numbers.dtype}, but classes are whole numbers.")
        if numbers.ndim != 1 or numbers.size == 0:
            raise ValueError(
                f"{name} has the shape {numbers.shape}, but it must be one row of class numbers, "
                "at least one."
            )
        outside = numbers[(numbers < 0) | (numbers >= num_classes)]
        if outside.size:
            raise ValueError(
                f"{name} holds {outside[0]}, but there are {num_classes} classes: they are "
                f"numbered from 0 to {num_classes - 1}."
            )
        shapes[name] = numbers.shape
    if len(set(shapes.values())) > 1:
        said = " and ".join(f"{name} has {shape[0]}" for name, shape in shapes.items())
        raise ValueError(f"{said} numbers, but they must belong together, one each a clip.")


def scores(**values: Any) -> None:
    """Raise unless every keyword argument holds finite scores, (clips, classes)."""
    for name, value in values.items():
        numbers = _array(name, value)
        if numbers.ndim != 2 or numbers.size == 0:
            raise ValueError(
                f"{name} has the shape {numbers.shape}, but it must be (clips, classes), at least "
                "one of each."
            )
        if not np.issubdtype(numbers.dtype, np.floating):
            raise TypeError(f"{name} is {numbers.dtype}, but scores must be floats.")
        if not np.isfinite(numbers).all():
            raise ValueError(f"{name} holds NaN or infinity: has the training diverged?")


def scores_and_labels(scores_of_clips: Any, labels: Any) -> None:
    """Raise unless there is a row of scores for each label, and a score for each class."""
    scores(scores=scores_of_clips)
    num_clips, num_classes = scores_of_clips.shape
    class_indices(num_classes, labels=labels)
    if len(labels) != num_clips:
        raise ValueError(
            f"scores has {num_clips} rows and labels has {len(labels)} numbers, but each clip "
            "has one of both."
        )


def top_k(k: Any, num_classes: int) -> None:
    """Raise unless k is a whole number from 1 to the number of classes."""
    positive_int(k=k)
    if k > num_classes:
        raise ValueError(
            f"k is {k}, but there are {num_classes} classes: every label would be among them."
        )


def probabilities(**values: Any) -> None:
    """Raise unless every keyword argument holds probabilities, (clips, classes).

    >>> import numpy as np
    >>> probabilities(probabilities=np.array([[2.0, -1.0]]))
    Traceback (most recent call last):
    ...
    ValueError: probabilities holds -1, below 0: are these logits? Apply the softmax first.
    """
    for name, value in values.items():
        scores(**{name: value})
        if value.min() < 0:
            raise ValueError(
                f"{name} holds {value.min():g}, below 0: are these logits? Apply the softmax "
                "first."
            )
        sums = value.sum(axis=1)
        off = np.flatnonzero(np.abs(sums - 1) > 1e-3)
        if off.size:
            raise ValueError(
                f"{name} has a row, {off[0]}, that sums to {sums[off[0]]:g}, but probabilities "
                "sum to 1: apply the softmax first."
            )


def clip_ids(num_clips: int, **values: Any) -> None:
    """Raise unless every keyword argument names a video, by number or text, for each clip."""
    for name, value in values.items():
        names = _array(name, value)
        if names.dtype.kind not in "iuU":
            raise TypeError(
                f"{name} is {names.dtype}, but ids must be whole numbers or text, one a clip."
            )
        if names.shape != (num_clips,):
            raise ValueError(
                f"{name} has the shape {names.shape}, but it must be ({num_clips},), one id a clip."
            )


def drawn_groups(groups: Any, order: Any, test_share: Any) -> None:
    """Raise unless `order` names each group once, and the share lies between 0 and 1.

    >>> drawn_groups(np.array([1, 1, 2]), order=np.array([2, 3]), test_share=0.5)
    Traceback (most recent call last):
    ...
    ValueError: order holds 3, which is no group: leave it out.
    """
    clip_ids(np.size(groups), groups=groups)
    clip_ids(np.size(order), order=order)
    if (groups.dtype.kind == "U") != (order.dtype.kind == "U"):
        raise TypeError(
            f"groups is {groups.dtype} and order is {order.dtype}, but a group must be written "
            "the same way in both."
        )
    names, counts = np.unique(order, return_counts=True)
    if (unknown := names[~np.isin(names, groups)]).size:
        raise ValueError(f"order holds {unknown[0]}, which is no group: leave it out.")
    if (missing := groups[~np.isin(groups, names)]).size:
        raise ValueError(f"order lacks the group {missing[0]}, but it must hold each once.")
    if counts.max(initial=1) > 1:
        raise ValueError(
            f"order holds {names[counts.argmax()]} twice, but each group comes once."
        )
    confidence(test_share=test_share)


def _array(name: str, value: Any) -> np.ndarray:
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} is a {type(value).__name__}, but it must be a NumPy array: np.asarray(...)."
        )
    return value
