"""Points in place of anchors: where they lie, what each is to predict, and back to boxes."""

from typing import Any

import numpy as np

from helpers import validate
from helpers.lazy import keras


def points(feature_size: tuple[int, int], stride: float) -> np.ndarray:
    """The middle of each cell of a feature map, as a place in the image.

    Args:
        feature_size: rows and columns of the feature map.
        stride: how many pixels of the image a cell is high and wide.

    Returns:
        float64, (rows * columns, 2): x, y in pixels, row by row.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> points((1, 2), stride=8)
    array([[ 4.,  4.],
           [12.,  4.]])
    """
    validate.feature_size(feature_size)
    validate.positive(stride=stride)
    rows, columns = feature_size
    y, x = np.meshgrid(np.arange(rows) + 0.5, np.arange(columns) + 0.5, indexing="ij")
    return stride * np.stack([x, y], axis=-1).reshape(-1, 2)


def point_targets(
    points: np.ndarray,
    boxes: np.ndarray,
    class_ids: np.ndarray,
    regression_range: tuple[float, float],
) -> tuple[np.ndarray, np.ndarray]:
    """What an anchor-free detector is to predict at each point of one level of its pyramid.

    A point may stand for an object when it lies inside the object's box, not on a side, and the
    farthest side is at a distance that is this level's to predict. Of several such objects it
    stands for the one with the smallest box, of equal ones for the one with the lowest index;
    with none, it is background (FCOS: Tian et al., ICCV 2019).

    Args:
        points: floats or whole numbers, (n, 2): x, y in pixels.
        boxes: the boxes of the image's objects, floats or whole numbers, (m, 4): x1, y1, x2, y2;
            m may be 0.
        class_ids: the objects' classes, whole numbers of 0 or more, (m,).
        regression_range: the level's distances (low, high), in pixels: above low, up to high.
            The last level's high is infinite.

    Returns:
        The class of each point's object, int64, (n,), -1 for background; and the distances from
        the point to the left, top, right and bottom side of its box, float64, (n, 4), all above
        0; 0 for background.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> points = np.array([[4, 4], [12, 4], [20, 4]])
    >>> there = np.array([[0, 0, 16, 10], [8, 2, 14, 8]])
    >>> labels, distances = point_targets(points, there, np.array([5, 7]), (0, np.inf))
    >>> labels
    array([ 5,  7, -1])
    >>> distances
    array([[ 4.,  4., 12.,  6.],
           [ 4.,  2.,  2.,  4.],
           [ 0.,  0.,  0.,  0.]])
    """
    validate.points(points=points)
    validate.boxes(boxes=boxes)
    validate.class_numbers(len(boxes), class_ids=class_ids)
    validate.regression_range(regression_range)
    if not len(boxes):
        return np.full(len(points), -1, np.int64), np.zeros((len(points), 4))
    # The points as rows and the boxes as columns: each meets each.
    x, y = points.astype(np.float64).T[:, :, None]  # (n, 1) each
    x1, y1, x2, y2 = boxes.astype(np.float64).T  # (m,) each
    distances = np.stack([x - x1, y - y1, x2 - x, y2 - y], axis=-1)  # (n, m, 4)
    farthest = distances.max(axis=-1)
    low, high = regression_range
    is_candidate = (distances.min(axis=-1) > 0) & (low < farthest) & (farthest <= high)
    # A large box has other points: a small one may have only this.
    chosen = np.where(is_candidate, (x2 - x1) * (y2 - y1), np.inf).argmin(axis=1)
    is_positive = is_candidate.any(axis=1)
    own = distances[np.arange(len(points)), chosen]
    return (
        np.where(is_positive, class_ids[chosen].astype(np.int64), -1),
        np.where(is_positive[:, None], own, 0.0),
    )


def centerness(distances: np.ndarray) -> np.ndarray:
    """How near a point is to the middle of its box: 1 in the middle, 0 at a side.

    sqrt(min(left, right) / max(left, right) * min(top, bottom) / max(top, bottom)), by which
    FCOS weighs what a point predicts (Tian et al., ICCV 2019).

    Args:
        distances: floats of 0 or more, (n, 4): to the left, top, right and bottom side.

    Returns:
        float64, (n,), from 0 to 1; 0 where both distances of an axis are 0, as in background.

    Raises:
        TypeError, ValueError: when the distances are not as described.

    >>> centerness(np.array([[4, 3, 4, 3], [2, 3, 8, 3], [0, 0, 0, 0]]))
    array([1. , 0.5, 0. ])
    """
    validate.distances(distances=distances)
    near = np.minimum(distances[:, :2], distances[:, 2:]).astype(np.float64)
    far = np.maximum(distances[:, :2], distances[:, 2:]).astype(np.float64)
    share = np.divide(near, far, out=np.zeros_like(far), where=far > 0)
    return np.sqrt(share.prod(axis=1))


def to_boxes(points: Any, distances: Any) -> Any:
    """The boxes whose sides are so far from the points: the inverse of `point_targets`.

    Args:
        points: floats, (..., 2): x, y.
        distances: floats, (..., 4): to the left, top, right and bottom side.

    Returns:
        A tensor, (..., 4): x1, y1, x2, y2.

    Raises:
        ValueError: when the last axes are not 2 and 4 long.

    >>> to_boxes(np.array([[12.0, 4.0]]), np.array([[4.0, 2.0, 2.0, 4.0]])).numpy()
    array([[ 8.,  2., 14.,  8.]])
    """
    validate.last_axis(2, points=points)
    validate.last_axis(4, distances=distances)
    return keras.ops.concatenate(
        [points - distances[..., :2], points + distances[..., 2:]], axis=-1
    )
