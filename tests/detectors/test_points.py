"""Points of an anchor-free detector: what each stands for, and back to boxes."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from helpers import boxes, detectors

NONE = np.zeros((0, 4))
ALL = (0, np.inf)


def targets_by_loops(
    points: np.ndarray, there: np.ndarray, class_ids: np.ndarray, low: float, high: float
) -> tuple[list[int], list[list[float]]]:
    labels, distances = [], []
    for x, y in points.tolist():
        label, sides, smallest = -1, [0.0] * 4, np.inf
        for (x1, y1, x2, y2), class_id in zip(there.tolist(), class_ids.tolist(), strict=True):
            own = [x - x1, y - y1, x2 - x, y2 - y]
            size = (x2 - x1) * (y2 - y1)
            if min(own) > 0 and low < max(own) <= high and size < smallest:
                label, sides, smallest = class_id, own, size
        labels.append(label)
        distances.append(sides)
    return labels, distances


def test_points_are_the_middles_of_cells() -> None:
    got = detectors.points((3, 2), stride=4)
    assert got.dtype == np.float64
    assert got.tolist() == [[2, 2], [6, 2], [2, 6], [6, 6], [2, 10], [6, 10]]
    # So are the anchors' middles.
    anchors = boxes.anchors((3, 2), 4, [8], [1])
    np.testing.assert_array_equal(got, (anchors[:, :2] + anchors[:, 2:]) / 2)


def test_targets_equal_plain_loops() -> None:
    rng = np.random.default_rng(0)
    positives = 0
    for _ in range(300):
        points = detectors.points((8, 8), 8)
        corner = rng.integers(0, 48, (rng.integers(0, 6), 2)).astype(float)
        there = np.concatenate([corner, corner + rng.integers(1, 30, corner.shape)], axis=1)
        class_ids = rng.integers(0, 4, len(there))
        low, high = [(0.0, 8.0), (8.0, 16.0), (16.0, np.inf), ALL][rng.integers(4)]
        labels, distances = detectors.point_targets(points, there, class_ids, (low, high))
        wanted = targets_by_loops(points, there, class_ids, low, high)
        assert labels.dtype == np.int64 and distances.dtype == np.float64
        assert labels.tolist() == wanted[0]
        np.testing.assert_array_equal(distances, wanted[1])
        positives += int(np.count_nonzero(labels >= 0))
    assert positives > 1000


def test_targets_by_hand() -> None:
    point = np.array([[5, 5]])
    box = np.array([[0, 1, 9, 12]])
    labels, distances = detectors.point_targets(point, box, np.array([2]), ALL)
    assert (labels.tolist(), distances.tolist()) == ([2], [[5, 4, 4, 7]])
    # The farthest side lies at 7: above low, up to high.
    for bounds, label in (((0, 7), 2), ((7, 9), -1), ((6, 8), 2), ((0, 6.9), -1)):
        assert detectors.point_targets(point, box, np.array([2]), bounds)[0] == label


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint64])
def test_classes_of_any_whole_numbers(dtype: type) -> None:
    points, there = np.array([[5, 5], [50, 50]]), np.array([[0, 0, 10, 10]])
    labels, _ = detectors.point_targets(points, there, np.array([7], dtype), ALL)
    assert labels.tolist() == [7, -1] and labels.dtype == np.int64


def test_a_point_on_a_side_is_outside() -> None:
    points = np.array([[0, 5], [10, 5], [5, 0], [5, 10], [5, 5]])
    labels, distances = detectors.point_targets(
        points, np.array([[0, 0, 10, 10]]), np.array([0]), ALL
    )
    assert labels.tolist() == [-1, -1, -1, -1, 0]
    assert distances[:4].max() == 0


def test_the_smallest_box_wins_and_of_equal_ones_the_first() -> None:
    point = np.array([[5, 5]])
    there = np.array([[0, 0, 20, 20], [2, 2, 8, 8], [3, 3, 9, 9]])
    for order in ([0, 1, 2], [1, 0, 2], [1, 2, 0]):
        labels, _ = detectors.point_targets(
            point, there[order], np.array([4, 5, 6])[order], ALL
        )
        assert labels == 5
    assert detectors.point_targets(point, there[[2, 1]], np.array([6, 5]), ALL)[0] == 6
    # A smaller box that another level predicts does not count.
    assert detectors.point_targets(point, there, np.array([4, 5, 6]), (10, 20))[0] == 4


def test_nothing_there() -> None:
    points = detectors.points((2, 2), 8)
    labels, distances = detectors.point_targets(points, NONE, np.zeros(0, int), ALL)
    assert labels.tolist() == [-1] * 4 and labels.dtype == np.int64
    np.testing.assert_array_equal(distances, np.zeros((4, 4)))
    empty = detectors.point_targets(np.zeros((0, 2)), NONE, np.zeros(0, int), ALL)
    assert [part.shape for part in empty] == [(0,), (0, 4)]


def test_to_boxes_is_the_inverse() -> None:
    rng = np.random.default_rng(1)
    corner = rng.uniform(0, 40, (5, 2))
    there = np.concatenate([corner, corner + rng.uniform(9, 20, (5, 2))], axis=1)
    points = detectors.points((16, 16), 4)
    class_ids = np.arange(5)
    labels, distances = detectors.point_targets(points, there, class_ids, ALL)
    is_positive = labels >= 0
    assert is_positive.sum() > 10
    got = np.asarray(detectors.to_boxes(points[is_positive], distances[is_positive]))
    np.testing.assert_allclose(got, there[labels[is_positive]], atol=1e-5)


def test_centerness() -> None:
    distances = np.array([[5, 5, 5, 5], [1, 2, 4, 2], [1, 1, 9, 9], [0, 3, 5, 3], [0, 0, 0, 0]])
    got = detectors.centerness(distances)
    np.testing.assert_allclose(got, [1, 0.5, 1 / 9, 0, 0])
    # It does not depend on the box's size, nor on which way is up.
    np.testing.assert_allclose(detectors.centerness(7 * distances[:, [3, 2, 1, 0]]), got)
    assert detectors.centerness(NONE).shape == (0,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": [[1, 2]]}, "points is a list"),
        (
            {"points": np.zeros((3, 4))},
            r"points has the shape \(3, 4\), but it must be \(n, 2\)",
        ),
        ({"points": np.array([[np.nan, 0]])}, "points holds NaN"),
        ({"boxes": np.array([[5, 0, 1, 9]])}, "boxes has a box, 0, whose x2, 1, is below"),
        ({"class_ids": np.array([1, 2])}, r"class_ids has the shape \(2,\)"),
        ({"class_ids": np.array([-1])}, "class_ids holds .*-1.*0 or more"),
        ({"class_ids": np.array([0.5])}, "class_ids is float64"),
        ({"class_ids": np.array(["cat"])}, "class_ids holds text, .*numbered"),
        ({"regression_range": 8}, "regression_range is 8"),
        ({"regression_range": (8, 8)}, r"regression_range is \(8, 8\)"),
        ({"regression_range": (-1, 8)}, r"regression_range is \(-1, 8\)"),
        ({"regression_range": (0, np.nan)}, r"regression_range is \(0, nan\)"),
        ({"regression_range": ("0", "8")}, "regression_range is"),
    ],
)
def test_malformed_targets(change: dict[str, Any], message: str) -> None:
    fine: dict[str, Any] = {
        "points": np.array([[4, 4]]),
        "boxes": np.array([[0, 0, 8, 8]]),
        "class_ids": np.array([1]),
        "regression_range": (0, 8),
    }
    detectors.point_targets(**fine)
    with pytest.raises((TypeError, ValueError), match=message):
        detectors.point_targets(**{**fine, **change})


def test_malformed_distances() -> None:
    with pytest.raises(ValueError, match=r"distances is \(3, 2\)"):
        detectors.centerness(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="distances holds -1"):
        detectors.centerness(np.array([[1, -1, 1, 1]]))
    with pytest.raises(ValueError, match=r"points has the shape \(1, 4\)"):
        detectors.to_boxes(np.zeros((1, 4)), np.zeros((1, 4)))
    with pytest.raises(ValueError, match=r"distances has the shape \(1, 2\)"):
        detectors.to_boxes(np.zeros((1, 2)), np.zeros((1, 2)))
    with pytest.raises(ValueError, match="stride is 0"):
        detectors.points((2, 2), 0)
    with pytest.raises(TypeError, match="feature_size is 4"):
        detectors.points(4, 8)  # type: ignore[arg-type]


def test_the_import_is_cheap() -> None:
    program = "import sys, helpers.detectors; print({'keras', 'tensorflow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")
