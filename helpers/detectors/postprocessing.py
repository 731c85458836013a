"""From a network's scored boxes to detections."""

from abc import ABC, abstractmethod
from collections.abc import Iterable

import numpy as np

from helpers import validate
from helpers.boxes import nms
from helpers.metrics import Detections


def postprocess(
    boxes: np.ndarray,
    scores: np.ndarray,
    score_threshold: float = 0.05,
    iou_threshold: float = 0.6,
    max_candidates: int = 100,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The detections in one image, from all the boxes that a network predicts for it.

    A box counts once for each class in which its score is above `score_threshold`. Of these
    candidates the `max_candidates` with the highest scores go through non-maximum suppression,
    each class for itself. Of equal scores the one of the earlier box, and then of the lower
    class, is higher.

    Args:
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        scores: floats from 0 to 1, (n, classes).
        score_threshold, iou_threshold: from 0 to 1.
        max_candidates: at least 1.

    Returns:
        By falling score: the boxes (kept, 4), their scores (kept,) and their classes, int64,
        (kept,).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> found = np.array([[0, 0, 10, 10], [1, 0, 11, 10]])
    >>> kept, scores, class_ids = postprocess(found, np.array([[0.9, 0.3], [0.8, 0.01]]))
    >>> kept[:, 0], scores, class_ids
    (array([0, 0]), array([0.9, 0.3]), array([0, 1]))
    """
    validate.boxes(boxes=boxes)
    validate.class_scores(len(boxes), scores=scores)
    validate.fraction(score_threshold=score_threshold)
    validate.positive_int(max_candidates=max_candidates)
    box, class_ids = np.nonzero(scores > score_threshold)
    best = np.argsort(-scores[box, class_ids], kind="stable")[:max_candidates]
    box, class_ids = box[best], class_ids[best]
    kept = nms(boxes[box], scores[box, class_ids], iou_threshold, class_ids)
    box, class_ids = box[kept], class_ids[kept]
    return boxes[box], scores[box, class_ids], class_ids


class FrameDetector(ABC):
    """A detector that looks at each image by itself, and how its boxes become detections."""

    @property
    @abstractmethod
    def input_shape(self) -> tuple[int | None, ...]:
        """(None, height, width, channels): what the network takes."""

    @abstractmethod
    def predict(self, images: np.ndarray) -> tuple[Iterable[np.ndarray], Iterable[np.ndarray]]:
        """The boxes in each of a few images, and their scores, as `postprocess` takes them."""

    def detect(
        self, images: np.ndarray, *, score_threshold: float = 0.05, iou_threshold: float = 0.6
    ) -> Detections:
        """Find the objects in images; `image_ids` are indices into them.

        Args:
            images: (images, height, width, channels) of 0 to 255, at least one.
            score_threshold, iou_threshold: see `postprocess`.

        Raises:
            TypeError, ValueError: when an argument is not as described.
        """
        validate.images_for(self.input_shape, images=images)
        found = []
        for first in range(0, len(images), 64):  # few enough for the memory
            some = self.predict(images[first : first + 64])
            for boxes, scores in zip(*some, strict=True):
                found.append(postprocess(boxes, scores, score_threshold, iou_threshold))
        kept, kept_scores, class_ids = zip(*found, strict=True)
        image_ids = np.arange(len(found)).repeat([len(rows) for rows in kept])
        return Detections(image_ids, *map(np.concatenate, (class_ids, kept, kept_scores)))
