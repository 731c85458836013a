from typing import Any

import cv2
import numpy as np
import pytest
from pycocotools import mask

from helpers import boxes


def draw(
    rng: np.random.Generator, count: int, grid: float = 1.0, levels: int = 8
) -> tuple[np.ndarray, np.ndarray]:
    """Boxes in heaps, with ties in the scores and, on a coarse grid, equal boxes and IoUs."""
    corner = rng.integers(0, 4, (count, 2)) * 30 + rng.uniform(0, 12, (count, 2))
    size = rng.uniform(8, 30, (count, 2))
    found = np.round(np.concatenate([corner, corner + size], axis=1) / grid) * grid
    return found, rng.integers(0, levels, count) / levels


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Of two boxes, by pycocotools, so that the loops below share no code with the tested."""
    rows = [np.array([[x1, y1, x2 - x1, y2 - y1]]) for x1, y1, x2, y2 in (a, b)]
    return float(mask.iou(*rows, np.zeros(1, np.uint8)).item())


def plain_nms(
    found: np.ndarray, scores: np.ndarray, threshold: float, classes: np.ndarray
) -> list[int]:
    kept: list[int] = []
    for i in sorted(range(len(found)), key=lambda i: (-scores[i], i)):
        rivals = [j for j in kept if classes[j] == classes[i]]
        if all(overlap(found[i], found[j]) <= threshold for j in rivals):
            kept.append(i)
    return kept


def test_nms_equals_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        grid, levels = float(rng.choice([1 / 64, 4, 8])), int(rng.choice([2, 8, 1000]))
        found, scores = draw(rng, int(rng.integers(0, 40)), grid, levels)
        threshold = float(rng.choice([0, 0.25, 0.5, 0.6, 1]))
        got = boxes.nms(found, scores, threshold)
        assert got.dtype == np.int64
        assert got.tolist() == plain_nms(found, scores, threshold, np.zeros(len(found)))
        classes = rng.integers(0, 3, len(found))
        assert boxes.nms(found, scores, threshold, classes).tolist() == plain_nms(
            found, scores, threshold, classes
        )


def test_nms_equals_opencv() -> None:
    """The same rule, ties included; OpenCV cuts boxes to whole numbers and scores to float32."""
    rng = np.random.default_rng(1)
    num_kept = 0
    for _ in range(300):
        found, scores = draw(rng, int(rng.integers(1, 120)), levels=int(rng.choice([4, 1000])))
        threshold = float(rng.uniform(0.1, 0.9))
        xywh = np.concatenate([found[:, :2], found[:, 2:] - found[:, :2]], axis=1).astype(int)
        scores = (1 + scores) / 2  # OpenCV drops a score that is not above its threshold of 0
        expected = cv2.dnn.NMSBoxes(xywh.tolist(), scores.tolist(), 0, threshold)
        assert boxes.nms(found, scores, threshold).tolist() == np.ravel(expected).tolist()
        num_kept += len(expected)
    assert num_kept > 1000


def test_the_threshold_itself_suppresses_nothing() -> None:
    found, scores = np.array([[0, 0, 10, 10], [0, 0, 10, 5]]), np.array([0.9, 0.8])
    assert boxes.nms(found, scores, 0.5).tolist() == [0, 1]
    assert boxes.nms(found, scores, np.nextafter(0.5, 0)).tolist() == [0]


def test_classes_are_apart_even_where_coordinates_are_huge() -> None:
    """An offset for each class, as batched_nms adds, would lose the boxes' own digits."""
    found = np.array([[0, 0, 1, 1], [0.5, 0, 1.5, 1], [1e15, 0, 1e15 + 2, 2]])
    scores, classes = np.array([0.9, 0.8, 0.7]), np.array(["cat", "dog", "dog"])
    assert boxes.nms(found, scores, 0.3, classes).tolist() == [0, 1, 2]
    assert boxes.nms(found, scores, 0.3).tolist() == [0, 2]


def plain_soft_nms(
    found: np.ndarray,
    scores: np.ndarray,
    method: str,
    iou_threshold: float,
    sigma: float,
    min_score: float,
) -> tuple[list[int], list[float]]:
    current = dict(enumerate(scores.tolist()))
    taken, rescored = [], []
    while current:
        best = min(current, key=lambda i: (-current[i], i))
        score = current.pop(best)
        if score < min_score:
            continue
        taken.append(best)
        rescored.append(score)
        for i in current:
            ov = overlap(found[best], found[i])
            if method == "gaussian":
                current[i] *= np.exp(-ov * ov / sigma)
            elif ov > iou_threshold:
                current[i] *= 1 - ov
    return taken, rescored


@pytest.mark.parametrize("method", ["linear", "gaussian"])
def test_soft_nms_equals_a_plain_loop(method: str) -> None:
    rng = np.random.default_rng(2)
    num_dropped = 0
    for _ in range(200):
        found, scores = draw(rng, int(rng.integers(0, 30)), float(rng.choice([1 / 64, 4])))
        options = {
            "iou_threshold": float(rng.choice([0, 0.3, 0.5])),
            "sigma": float(rng.choice([0.1, 0.5])),
            "min_score": float(rng.choice([0, 0.001, 0.2])),
        }
        before = scores.copy()
        indices, rescored = boxes.soft_nms(found, scores, method, **options)
        expected = plain_soft_nms(found, scores, method, **options)
        assert indices.dtype == np.int64 and rescored.dtype == np.float64
        assert indices.tolist() == expected[0]
        np.testing.assert_allclose(rescored, expected[1], rtol=1e-12, atol=0)
        assert (np.diff(rescored) <= 0).all() and (scores == before).all()
        num_dropped += len(found) - len(indices)
    assert num_dropped > 100


def test_soft_nms_by_default() -> None:
    """Bodla's constants: 0.3, sigma 0.5, scores from 0.001 on."""
    found = np.array([[0, 0, 10, 10], [0, 0, 10, 5], [0, 0, 10, 3], [0, 0, 10, 3]])
    indices, rescored = boxes.soft_nms(found[:3], np.array([1.0, 0.5, 0.25]))
    assert indices.tolist() == [0, 1, 2]
    # At the threshold of 0.3 nothing is lowered; the third overlaps the second by 0.6.
    np.testing.assert_allclose(rescored, [1, 0.25, 0.25 * 0.4])
    _, rescored = boxes.soft_nms(found[:2], np.array([1.0, 0.5]), "gaussian")
    np.testing.assert_allclose(rescored, [1, 0.5 * np.exp(-0.5)])
    assert len(boxes.soft_nms(found[2:], np.array([1.0, 0.5]))[0]) == 1  # 0.5 * (1 - 1)
    halves = np.array([1, 0.5], np.float32)  # what a network gives: lowered in float64
    _, lowered = boxes.soft_nms(found[:2], halves, "gaussian")
    assert lowered.tolist() == rescored.tolist()
    apart = np.array([[0, 0, 1, 1], [5, 5, 6, 6]])
    assert boxes.soft_nms(apart, np.array([0.001, 0.0009]))[0].tolist() == [0]


def test_no_boxes() -> None:
    none = np.zeros((0, 4))
    assert boxes.nms(none, np.zeros(0), 0.5).shape == (0,)
    assert boxes.nms(none, np.zeros(0), 0.5, np.zeros(0, int)).shape == (0,)
    indices, rescored = boxes.soft_nms(none, np.zeros(0))
    assert indices.dtype == np.int64 and rescored.shape == (0,)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scores": np.zeros(1)}, r"scores has the shape \(1,\), but it must be \(2,\)"),
        ({"scores": np.array([0.5, np.nan])}, "scores holds NaN"),
        ({"scores": np.array([0.5, np.inf])}, "scores holds NaN or infinity"),
        ({"scores": np.array([0.5, 2])}, "scores holds 2.*apply the sigmoid or the softmax"),
        ({"scores": np.array([0.5, -1])}, "scores holds -1"),
        ({"scores": np.array([1, 0])}, "scores is int64, but scores must be floats"),
        ({"scores": [0.5, 0.5]}, "scores is a list"),
        ({"iou_threshold": 1.5}, "iou_threshold is 1.5, but it must be from 0 to 1"),
        ({"iou_threshold": -0.5}, "iou_threshold is -0.5"),
        ({"iou_threshold": np.nan}, "iou_threshold is nan"),
        ({"iou_threshold": "half"}, "iou_threshold is 'half'"),
    ],
)
def test_malformed_arguments(change: dict[str, Any], message: str) -> None:
    fine: dict[str, Any] = {
        "boxes": np.array([[0, 0, 1, 1], [0, 0, 2, 2]]),
        "scores": np.array([0.5, 0.5]),
        "iou_threshold": 0.5,
    }
    for function in (boxes.nms, boxes.soft_nms):
        function(**fine)
        with pytest.raises((TypeError, ValueError), match=message):
            function(**{**fine, **change})


def test_malformed_classes_and_options() -> None:
    found, scores = np.array([[0, 0, 1, 1]]), np.array([0.5])
    with pytest.raises(ValueError, match=r"class_ids has the shape \(2,\)"):
        boxes.nms(found, scores, 0.5, np.zeros(2, int))
    with pytest.raises(TypeError, match="class_ids is float64, but ids must be whole numbers"):
        boxes.nms(found, scores, 0.5, np.zeros(1))
    with pytest.raises(ValueError, match="method is 'soft', but it must be one of"):
        boxes.soft_nms(found, scores, "soft")
    with pytest.raises(ValueError, match="sigma is 0, but it must be above 0"):
        boxes.soft_nms(found, scores, "gaussian", sigma=0)
    with pytest.raises(ValueError, match="min_score is 2, but it must be from 0 to 1"):
        boxes.soft_nms(found, scores, min_score=2)
