"""RoIAlign: the features in a box, as a small map of fixed size."""

from typing import Any

import numpy as np

from helpers import validate
from helpers.lazy import tf


def roi_align(
    features: np.ndarray,
    boxes: np.ndarray,
    output_size: int,
    sampling_ratio: int = 2,
    stride: float = 1.0,
) -> np.ndarray:
    """Read a feature map inside each box on a regular grid, without rounding the box.

    The box is divided into output_size x output_size bins. In each bin lie sampling_ratio x
    sampling_ratio points, in the middles of as many equal parts, and the bin's value is the
    mean over them. A point's value is interpolated between the middles of the four nearest
    cells; nearer to the border than the outermost middles it is that of the nearest of these,
    and more than one cell beyond them it is 0 (Mask R-CNN: He et al., ICCV 2017).

    Args:
        features: floats or whole numbers, (rows, columns, channels).
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2 in pixels of the image.
        output_size: bins in each direction.
        sampling_ratio: points of a bin in each direction.
        stride: how many pixels of the image a cell is high and wide. Cell (0, 0) covers 0 to
            stride, and its middle lies at stride / 2.

    Returns:
        float64, (n, output_size, output_size, channels). Equal to torchvision's `roi_align` with
        `aligned=True`, `spatial_scale` 1 / stride and channels first.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> ramp = np.array([[[0.0], [1.0], [2.0], [3.0]]])
    >>> roi_align(ramp, np.array([[0.5, 0, 2.5, 1]]), output_size=2, sampling_ratio=1)[0, 0, :, 0]
    array([0.5, 1.5])
    """
    validate.feature_map(features=features)
    validate.boxes(boxes=boxes)
    validate.positive_int(output_size=output_size, sampling_ratio=sampling_ratio)
    validate.positive(stride=stride)
    rows, columns, channels = features.shape
    num_samples = output_size * sampling_ratio  # in each direction, over the whole box
    share = (np.arange(num_samples) + 0.5) / num_samples
    # In cells. The middle of cell 0 lies at 0.5 of the map, and is number 0 here.
    x1, y1, x2, y2 = boxes.T[:, :, None] / stride - 0.5  # (n, 1) each
    x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)  # (n, samples) each
    is_inside = ((y >= -1) & (y <= rows))[:, :, None] & ((x >= -1) & (x <= columns))[:, None, :]
    x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    across, down = (x - left)[:, None, :, None], (y - top)[:, :, None, None]
    upper, lower = (
        features[row[:, :, None], left[:, None, :]] * (1 - across)
        + features[row[:, :, None], right[:, None, :]] * across
        for row in (top, bottom)
    )
    values = (upper * (1 - down) + lower * down) * is_inside[..., None]
    bins = (len(boxes), output_size, sampling_ratio, output_size, sampling_ratio, channels)
    return values.reshape(bins).mean(axis=(2, 4))


def roi_align_batch(
    features: Any, boxes: Any, output_size: int, sampling_ratio: int, stride: float
) -> Any:
    """`roi_align` of several images in TensorFlow, through which their features can learn.

    Sampling along one axis is linear in the features, so it is a product with a matrix; that of
    the rows and that of the columns do not depend on each other.

    Args:
        features: float32, (batch, rows, columns, channels).
        boxes: float32, (batch, n, 4). No gradient is wanted of them.
        output_size, sampling_ratio, stride: as in `roi_align`.

    Returns:
        float32, (batch, n, output_size, output_size, channels).

    >>> ramp = np.array([[[[0.0], [1.0], [2.0], [3.0]]]], np.float32)
    >>> box = np.array([[[0.5, 0, 2.5, 1]]], np.float32)
    >>> roi_align_batch(ramp, box, 2, sampling_ratio=1, stride=1.0).numpy()[0, 0, 0, :, 0]
    array([0.5, 1.5], dtype=float32)
    """
    rows, columns = features.shape[1:3]
    along_x, along_y = (
        _sampling(
            boxes[..., axis], boxes[..., axis + 2], size, output_size, sampling_ratio, stride
        )
        for axis, size in ((0, columns), (1, rows))
    )
    in_rows = tf.einsum("bnor,brcd->bnocd", along_y, features)
    return tf.einsum("bnpc,bnocd->bnopd", along_x, in_rows)


def _sampling(
    low: Any, high: Any, size: int, output_size: int, sampling_ratio: int, stride: float
) -> Any:
    """How much of each cell along an axis is in each bin: (batch, n, output_size, size)."""
    num_samples = output_size * sampling_ratio
    share = ((np.arange(num_samples) + 0.5) / num_samples).astype(np.float32)
    place = (low[..., None] + share * (high - low)[..., None]) / stride - 0.5
    is_inside = tf.cast((place >= -1) & (place <= size), tf.float32)
    place = tf.clip_by_value(place, 0.0, float(size - 1))
    # Linear interpolation: a cell's weight falls from 1 at its middle to 0 at its neighbours'.
    distance = abs(place[..., None] - np.arange(size, dtype=np.float32))
    weight = tf.nn.relu(1 - distance) * is_inside[..., None]
    shape = tf.concat([tf.shape(low), [output_size, sampling_ratio, size]], axis=0)
    return tf.reduce_mean(tf.reshape(weight, shape), axis=-2)
