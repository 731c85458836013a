"""How much boxes overlap."""

import numpy as np

from helpers import validate


def area(boxes: np.ndarray) -> np.ndarray:
    """Width times height.

    Args:
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2.

    Returns:
        float64, (n,).

    Raises:
        TypeError, ValueError: when the boxes are not as described.

    >>> area(np.array([[0, 0, 4, 3], [5, 5, 5, 9]]))
    array([12.,  0.])
    """
    validate.boxes(boxes=boxes)
    return areas_of(boxes.astype(np.float64))


def iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of each box with each.

    Args:
        a: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        b: in the same way, (m, 4).

    Returns:
        float64, (n, m), from 0 to 1; 0 where the union is empty. Equal to pycocotools'
        `mask.iou`, which takes (x, y, width, height), and to torchvision's `box_iou`, which
        gives NaN for an empty union.

    Raises:
        TypeError, ValueError: when the boxes are not as described.

    >>> iou(np.array([[0, 0, 2, 2]]), np.array([[1, 0, 3, 2], [0, 0, 2, 4], [5, 5, 6, 6]]))
    array([[0.33333333, 0.5       , 0.        ]])
    """
    validate.boxes(a=a, b=b)
    # The coordinates of a as columns and those of b as rows: each meets each.
    ax1, ay1, ax2, ay2 = a.astype(np.float64).T[..., None]
    bx1, by1, bx2, by2 = b.astype(np.float64).T
    width = np.minimum(ax2, bx2) - np.maximum(ax1, bx1)
    height = np.minimum(ay2, by2) - np.maximum(ay1, by1)
    # Both are negative for boxes apart in x and in y: their product would be positive.
    intersection = np.maximum(width, 0) * np.maximum(height, 0)
    union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - intersection
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)


def generalized_iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU less the share of the hull that neither box covers, of each box with each.

    The hull is the smallest box around both. Unlike the IoU, which is 0 for all boxes apart,
    this grows as they come closer, and so can be learnt from (Rezatofighi et al., CVPR 2019).

    Args:
        a: floats or whole numbers, (n, 4): x1, y1, x2, y2.
        b: in the same way, (m, 4).

    Returns:
        float64, (n, m), from -1 to 1; 0 where the hull is empty.

    Raises:
        TypeError, ValueError: when the boxes are not as described.

    >>> generalized_iou(np.array([[0, 0, 1, 1]]), np.array([[0, 0, 1, 1], [3, 0, 4, 1]]))
    array([[ 1. , -0.5]])
    """
    validate.boxes(a=a, b=b)
    a, b = a.astype(np.float64)[:, None], b.astype(np.float64)
    intersection, union = _intersection_and_union(a, b)
    low, high = np.minimum(a[..., :2], b[..., :2]), np.maximum(a[..., 2:], b[..., 2:])
    hull = np.prod(high - low, axis=-1)
    return _ratio(intersection, union) - _ratio(hull - union, hull)


def areas_of(boxes: np.ndarray) -> np.ndarray:
    """The areas of checked float64 boxes, (..., 4)."""
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def iou_of(a: np.ndarray, b: np.ndarray, over_a: np.ndarray | None = None) -> np.ndarray:
    """The IoU of checked float64 boxes, (..., 4) each, whose leading axes broadcast.

    Where `over_a` is true, the intersection is divided by a's area in place of the union: this
    is how COCO compares a detection, a, with a region that holds a crowd.
    """
    intersection, union = _intersection_and_union(a, b)
    return _ratio(
        intersection, union if over_a is None else np.where(over_a, areas_of(a), union)
    )


def _intersection_and_union(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    width = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    height = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    # Both are negative for boxes apart in x and in y: their product would be positive.
    intersection = np.maximum(width, 0) * np.maximum(height, 0)
    return intersection, areas_of(a) + areas_of(b) - intersection


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
