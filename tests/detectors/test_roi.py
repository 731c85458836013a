"""RoIAlign by hand, by a plain loop, and as one product with matrices."""

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from helpers import detectors
from helpers.detectors.roi import roi_align_batch

GRID = np.arange(25.0).reshape(5, 5, 1)


def value_at(features: np.ndarray, y: float, x: float) -> np.ndarray:
    """Interpolation in cells, whose middles are whole numbers, as torchvision's kernel has it."""
    rows, columns, channels = features.shape
    if y < -1 or y > rows or x < -1 or x > columns:
        return np.zeros(channels)
    y, x = min(max(y, 0), rows - 1), min(max(x, 0), columns - 1)
    total = np.zeros(channels)
    for row in (int(y), int(y) + 1):
        for column in (int(x), int(x) + 1):
            weight = (1 - abs(y - row)) * (1 - abs(x - column))
            if weight:
                total += weight * features[row, column]
    return total


def by_loops(
    features: np.ndarray, boxes: np.ndarray, size: int, ratio: int, stride: float
) -> np.ndarray:
    result = np.zeros((len(boxes), size, size, features.shape[2]))
    for number, (x1, y1, x2, y2) in enumerate(boxes / stride - 0.5):
        height, width = (y2 - y1) / size, (x2 - x1) / size
        for row in range(size):
            for column in range(size):
                for i in range(ratio):
                    for j in range(ratio):
                        y = y1 + (row + (i + 0.5) / ratio) * height
                        x = x1 + (column + (j + 0.5) / ratio) * width
                        result[number, row, column] += value_at(features, y, x) / ratio**2
    return result


def draw(rng: np.random.Generator, count: int) -> np.ndarray:
    """Some reach over the map's border, some lie beyond it, some are empty."""
    corner = rng.uniform(-20, 40, (count, 2))
    extent = rng.uniform(0, 30, (count, 2)) * (rng.random((count, 2)) > 0.1)
    return np.concatenate([corner, corner + extent], axis=1)


def test_equals_plain_loops() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        rows, columns, channels, size, ratio = (int(n) for n in rng.integers(1, 6, 5))
        stride = float(rng.choice([1, 4, 7.5]))
        features, boxes = rng.normal(size=(rows, columns, channels)), draw(rng, 6)
        got = detectors.roi_align(features, boxes, size, ratio, stride)
        assert got.dtype == np.float64
        np.testing.assert_allclose(
            got, by_loops(features, boxes, size, ratio, stride), atol=1e-9
        )


def test_detectron2s_case() -> None:
    """The numbers of its tests/layers/test_roi_align.py, whose one sample a bin is found by
    `sampling_ratio=0`; with `aligned=False`, half a cell off, they are 7.5 and so on."""
    wanted = [
        [4.5, 5.0, 5.5, 6.0],
        [7.0, 7.5, 8.0, 8.5],
        [9.5, 10.0, 10.5, 11.0],
        [12.0, 12.5, 13.0, 13.5],
    ]
    got = detectors.roi_align(GRID, np.array([[1, 1, 3, 3]]), 4, sampling_ratio=1)
    np.testing.assert_allclose(got[0, :, :, 0], wanted)


def test_a_box_on_whole_cells_reads_them() -> None:
    got = detectors.roi_align(GRID, np.array([[4, 8, 16, 20]]), 3, sampling_ratio=1, stride=4)
    np.testing.assert_array_equal(got[0, :, :, 0], GRID[2:5, 1:4, 0])
    # Four samples a bin average to the same, since the grid is a plane.
    got = detectors.roi_align(GRID, np.array([[4, 4, 16, 16]]), 3, sampling_ratio=2, stride=4)
    np.testing.assert_allclose(got[0, :, :, 0], GRID[1:4, 1:4, 0])


def test_half_a_cell_is_not_rounded() -> None:
    boxes = np.array([[0, 0, 2, 2], [0.5, 0, 2.5, 2]])
    got = detectors.roi_align(GRID, boxes, 2)
    assert (got[1] - got[0])[1, 1, 0] == pytest.approx(0.5)


def test_beyond_the_border() -> None:
    """Up to a cell beyond the outermost middles their value holds, and then nothing."""
    ones = np.ones((2, 2, 1))
    places = np.array([-0.6, -0.4, 2.4, 2.6])
    boxes = np.stack([places, 0 * places, places, 0 * places + 2], axis=1)
    got = detectors.roi_align(ones, boxes, 1, sampling_ratio=1)
    assert got.ravel().tolist() == [0, 1, 1, 0]


def test_the_batch_form_is_the_same() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        rows, columns, channels, size, ratio = (int(n) for n in rng.integers(1, 7, 5))
        features = rng.normal(size=(3, rows, columns, channels))
        boxes = np.stack([draw(rng, 5) for _ in range(3)])
        got = roi_align_batch(
            features.astype(np.float32), boxes.astype(np.float32), size, ratio, 4.0
        )
        wanted = [
            detectors.roi_align(some, there, size, ratio, 4.0)
            for some, there in zip(features, boxes, strict=True)
        ]
        np.testing.assert_allclose(got, wanted, atol=2e-5)


def test_features_learn_through_the_batch_form() -> None:
    features = tf.Variable(np.zeros((1, 4, 4, 1), np.float32))
    boxes = tf.constant([[[4.0, 4.0, 12.0, 12.0]]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(roi_align_batch(features, boxes, 2, 2, 4.0))
    gradient = tape.gradient(loss, features).numpy()[0, :, :, 0]
    assert gradient.sum() == pytest.approx(4) and gradient[1:3, 1:3].min() > 0


def test_no_boxes() -> None:
    assert detectors.roi_align(GRID, np.zeros((0, 4)), 3).shape == (0, 3, 3, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": np.zeros((1, 5, 5, 2))}, r"features is \(1, 5, 5, 2\)"),
        ({"features": [[1.0]]}, "features is list"),
        ({"features": np.full((2, 2, 1), np.nan)}, "features holds NaN"),
        ({"boxes": np.array([[3, 0, 1, 1]])}, "boxes has a box, 0"),
        ({"output_size": 0}, "output_size is 0"),
        ({"sampling_ratio": 1.5}, "sampling_ratio is 1.5"),
        ({"stride": 0}, "stride is 0"),
    ],
)
def test_malformed(change: dict[str, Any], message: str) -> None:
    fine: dict[str, Any] = {
        "features": GRID,
        "boxes": np.array([[0, 0, 1, 1]]),
        "output_size": 2,
        "sampling_ratio": 2,
        "stride": 1,
    }
    detectors.roi_align(**fine)
    with pytest.raises((TypeError, ValueError), match=message):
        detectors.roi_align(**{**fine, **change})
