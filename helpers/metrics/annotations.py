"""What a detector found in a set of images, and what is there."""

from dataclasses import dataclass

import numpy as np

from helpers import validate
from helpers.boxes import area


@dataclass(frozen=True, eq=False)
class Detections:
    """What a detector found, one row a detection, in any order; there may be none.

    Args:
        image_ids: the image of each, whole numbers or text, (n,).
        class_ids: the class that was predicted, in the same way.
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        scores: floats from 0 to 1, (n,).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> Detections(np.array([7]), np.array(["cat"]), np.array([[0, 0, 5, 5]]), np.array([50]))
    Traceback (most recent call last):
    ...
    TypeError: scores is int64, but scores must be floats.
    """

    image_ids: np.ndarray
    class_ids: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray

    def __post_init__(self) -> None:
        validate.boxes(boxes=self.boxes)
        count = len(self.boxes)
        validate.box_ids(count, image_ids=self.image_ids, class_ids=self.class_ids)
        validate.scores_in_unit(count, scores=self.scores)


@dataclass(frozen=True, eq=False)
class GroundTruth:
    """The objects in a set of images, one row an object, in any order; there may be none.

    Args:
        image_ids: the image of each, whole numbers or text, (n,).
        class_ids: its class, in the same way.
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        is_crowd: booleans, (n,): whether the box is around a crowd, in which single objects are
            not marked (COCO). If not given, none is.
        is_difficult: booleans, (n,): whether the object need not be found (VOC). If not given,
            none is.
        areas: floats or whole numbers, (n,): the area of each object's mask, by which COCO tells
            small from large. If not given, the area of the box.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> truth = GroundTruth(np.array([7]), np.array(["cat"]), np.array([[0, 0, 5, 5]]))
    >>> truth.areas, truth.is_crowd
    (array([25.]), array([False]))
    """

    image_ids: np.ndarray
    class_ids: np.ndarray
    boxes: np.ndarray
    is_crowd: np.ndarray = None  # type: ignore[assignment]  # filled in below
    is_difficult: np.ndarray = None  # type: ignore[assignment]
    areas: np.ndarray = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        validate.boxes(boxes=self.boxes)
        count = len(self.boxes)
        for name, default in (
            ("is_crowd", np.zeros(count, bool)),
            ("is_difficult", np.zeros(count, bool)),
            ("areas", area(self.boxes)),
        ):
            if getattr(self, name) is None:
                object.__setattr__(self, name, default)  # the dataclass is frozen
        validate.box_ids(count, image_ids=self.image_ids, class_ids=self.class_ids)
        validate.flags(count, is_crowd=self.is_crowd, is_difficult=self.is_difficult)
        validate.areas(count, areas=self.areas)


def number_ids(
    detections: Detections,
    truth: GroundTruth,
    image_ids: np.ndarray | None,
    class_ids: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Numbers in place of ids, in their ascending order, the same in detections and truth.

    Raises unless every id is among the known ones, where those are given.

    Returns:
        The classes that occur, each once; for each detection the number of its image and of its
        class, and for each object of the truth.
    """
    numbered = []
    for name, known, found, there in (
        ("image_ids", image_ids, detections.image_ids, truth.image_ids),
        ("class_ids", class_ids, detections.class_ids, truth.class_ids),
    ):
        sides = {f"the detections' {name}": found, f"the truth's {name}": there}
        validate.ids_of_one_kind(**sides)
        if known is not None:
            validate.known_ids(known, **sides)
        # An empty row of text would make the other's numbers text, and 10 come before 9.
        rows = [row for row in (found, there) if row.size] or [found]
        occurring, numbers = np.unique(np.concatenate(rows), return_inverse=True)
        numbered.append((occurring, numbers[: len(found)], numbers[len(found) :]))
    (_, found_images, there_images), (classes, found_classes, there_classes) = numbered
    return classes, found_images, found_classes, there_images, there_classes
