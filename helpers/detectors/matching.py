"""Which of a set of predictions is to find which object."""

import numpy as np
from scipy import optimize

from helpers import boxes, validate


def bipartite_match(
    probabilities: np.ndarray,
    predicted: np.ndarray,
    class_ids: np.ndarray,
    targets: np.ndarray,
    class_weight: float = 1.0,
    l1_weight: float = 5.0,
    giou_weight: float = 2.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Pair each object with a query of its own, so that the sum of the pairs' costs is smallest.

    What a query and an object cost together is less, the more probable the query holds the
    object's class, the closer the two boxes' centres and sizes are, and the larger their
    generalised IoU is:

    -class_weight * probability + l1_weight * L1 - giou_weight * GIoU

    The probability is that of the object's class. L1 is the sum of the absolute differences of
    the boxes' centres x, y, widths and heights. This is DETR's matching with its weights (Carion
    et al., ECCV 2020), by which a detector learns to name each object once, without any NMS.

    Args:
        probabilities: floats from 0 to 1, (queries, classes), after the softmax. A column for
            "no object" may follow those of the classes.
        predicted: the queries' boxes, floats or whole numbers, (queries, 4): x1, y1, x2, y2 as
            shares of the image's width and height. In pixels, L1 would outweigh all the rest.
        class_ids: the objects' classes, whole numbers from 0 to classes - 1, (objects,).
        targets: the objects' boxes, (objects, 4), as `predicted`; there may be none.
        class_weight, l1_weight, giou_weight: 0 or more.

    Returns:
        The queries' indices, rising, and the indices of their objects, int64, (pairs,) each. There
        are as many pairs as objects, or as queries where these are fewer. Of several matchings
        with the same sum it may be any.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> there = np.array([[0.0, 0.0, 0.5, 0.5], [0.5, 0.5, 1.0, 1.0]])
    >>> predicted = there[[1, 0, 1]]
    >>> probabilities = np.array([[0.2, 0.8], [0.9, 0.1], [0.4, 0.6]])
    >>> bipartite_match(probabilities, predicted, np.array([0, 1]), there)
    (array([0, 1]), array([1, 0]))
    """
    validate.boxes(predicted=predicted, targets=targets)
    validate.class_scores(len(predicted), probabilities=probabilities)
    validate.class_numbers(len(targets), class_ids=class_ids)
    for class_id in class_ids:
        validate.index_below(probabilities.shape[1], **{"a class in class_ids": class_id})
    validate.non_negative(
        class_weight=class_weight, l1_weight=l1_weight, giou_weight=giou_weight
    )
    # The queries as rows and the objects as columns: each meets each.
    gap = predicted.astype(np.float64)[:, None] - targets  # (queries, objects, 4)
    low, high = gap[..., :2], gap[..., 2:]
    # The centres differ by the mean of both corners' gaps, the sizes by their difference.
    l1 = (np.abs(low + high) / 2 + np.abs(high - low)).sum(axis=-1)
    # Not the logarithm, as in the loss: a probability is of the same order as the boxes' terms.
    cost = (
        l1_weight * l1
        - class_weight * probabilities[:, class_ids]
        - giou_weight * boxes.generalized_iou(predicted, targets)
    )
    # All pairs are chosen together: a greedy choice may leave the last object a poor query.
    return optimize.linear_sum_assignment(cost)
