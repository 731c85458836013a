"""Anchors, and boxes written as what differs from them."""

from collections.abc import Sequence

import numpy as np

from helpers import validate

# The largest growth that is decoded, as in torchvision and Detectron: an untrained network can
# predict dw = 1000, and exp(1000) is infinite.
MAX_LOG_SCALE = np.log(1000 / 16)


def anchors(
    feature_size: tuple[int, int],
    stride: float,
    sizes: Sequence[float],
    aspect_ratios: Sequence[float],
) -> np.ndarray:
    """The boxes from which a detector's predictions at each cell of a feature map start.

    Args:
        feature_size: rows and columns of the feature map.
        stride: how many pixels of the image a cell is high and wide.
        sizes: the square roots of the anchors' areas, in pixels.
        aspect_ratios: height divided by width.

    Returns:
        float64, (rows * columns * sizes * ratios, 4): x1, y1, x2, y2 in pixels. Row by row, in
        each row cell by cell, in each cell size by size, in each size ratio by ratio. Each is
        centred in its cell, as in SSD; torchvision centres it on the cell's upper left corner
        and rounds it to whole pixels.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> anchors((1, 2), stride=8, sizes=[8], aspect_ratios=[1, 4])
    array([[ 0.,  0.,  8.,  8.],
           [ 2., -4.,  6., 12.],
           [ 8.,  0., 16.,  8.],
           [10., -4., 14., 12.]])
    """
    validate.feature_size(feature_size)
    validate.positive(stride=stride)
    validate.positive_row(None, sizes=sizes, aspect_ratios=aspect_ratios)
    # A height of size * root and a width of size / root have the area size**2.
    root = np.sqrt(np.asarray(aspect_ratios, np.float64))
    size = np.asarray(sizes, np.float64)[:, None]
    extent = np.stack([size / root, size * root], axis=-1).reshape(-1, 2)
    rows, columns = feature_size
    y, x = np.meshgrid(np.arange(rows) + 0.5, np.arange(columns) + 0.5, indexing="ij")
    center = stride * np.stack([x, y], axis=-1).reshape(-1, 1, 2)
    corners = np.concatenate([center - extent / 2, center + extent / 2], axis=-1)
    return corners.reshape(-1, 4)


def encode(
    boxes: np.ndarray, anchors: np.ndarray, weights: Sequence[float] = (1, 1, 1, 1)
) -> np.ndarray:
    """What a network is to predict at each anchor so that the box comes out.

    Args:
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2, with width and height above 0.
        anchors: in the same way, one for each box.
        weights: four numbers above 0, by which the result is multiplied. Fast R-CNN's are
            (10, 10, 5, 5).

    Returns:
        float64, (n, 4): dx and dy, from the anchor's centre to the box's, in the anchor's widths
        and heights; dw and dh, the natural logarithms of how many times as wide and as high the
        box is. The parametrisation of Faster R-CNN (Ren et al., 2015).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> encode(np.array([[5, 0, 15, 20]]), anchors=np.array([[0, 0, 10, 10]]))
    array([[0.5       , 0.5       , 0.        , 0.69314718]])
    """
    validate.solid_boxes(boxes=boxes, anchors=anchors)
    validate.same_count("box", boxes=len(boxes), anchors=len(anchors))
    validate.positive_row(4, weights=weights)
    center, extent = _center_and_extent(boxes)
    anchor_center, anchor_extent = _center_and_extent(anchors)
    shift = (center - anchor_center) / anchor_extent
    return np.concatenate([shift, np.log(extent / anchor_extent)], axis=1) * weights


def decode(
    deltas: np.ndarray, anchors: np.ndarray, weights: Sequence[float] = (1, 1, 1, 1)
) -> np.ndarray:
    """The boxes that a network's predictions mean: the inverse of `encode`.

    Args:
        deltas: floats or whole numbers, (n, 4): dx, dy, dw, dh, as `encode` gives them.
        anchors: floats or whole numbers, (n, 4): x1, y1, x2, y2, with width and height above 0.
        weights: four numbers above 0, by which the deltas are divided.

    Returns:
        float64, (n, 4): x1, y1, x2, y2. A box is at most 62.5 times as wide and as high as its
        anchor: dw and dh, divided by their weights, are cut off at log(1000 / 16), as in
        torchvision. It may reach beyond the image.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> anchors = np.array([[0, 0, 10, 10]])
    >>> decode(np.array([[0.5, 0.5, 0, np.log(2)]]), anchors)
    array([[ 5.,  0., 15., 20.]])
    >>> decode(np.array([[0, 0, 1000, 0]]), anchors)
    array([[-307.5,    0. ,  317.5,   10. ]])
    """
    validate.solid_boxes(anchors=anchors)
    validate.box_deltas(len(anchors), deltas=deltas)
    validate.positive_row(4, weights=weights)
    shift, log_scale = np.split(deltas / np.asarray(weights, np.float64), 2, axis=1)
    anchor_center, anchor_extent = _center_and_extent(anchors)
    center = anchor_center + shift * anchor_extent
    extent = anchor_extent * np.exp(np.minimum(log_scale, MAX_LOG_SCALE))
    return np.concatenate([center - extent / 2, center + extent / 2], axis=1)


def _center_and_extent(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres (x, y) and extents (width, height) of boxes, float64, (n, 2) each."""
    low, high = np.split(boxes.astype(np.float64), 2, axis=1)
    return (low + high) / 2, high - low
