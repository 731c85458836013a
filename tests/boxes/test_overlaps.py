from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask

from helpers import boxes

NONE = np.zeros((0, 4))


def draw(rng: np.random.Generator, count: int, grid: float = 1 / 64) -> np.ndarray:
    """Boxes on a grid so fine, a power of 2, that neither library rounds a corner."""
    corner = rng.uniform(-20, 80, (count, 2))
    size = rng.uniform(0, 50, (count, 2)) * rng.choice([0, 1], (count, 2), p=[0.03, 0.97])
    return np.round(np.concatenate([corner, corner + size], axis=1) / grid) * grid


def xywh(rows: np.ndarray) -> np.ndarray:
    return np.concatenate([rows[:, :2], rows[:, 2:] - rows[:, :2]], axis=1)


def test_iou_equals_pycocotools() -> None:
    rng = np.random.default_rng(0)
    for grid in (1 / 64, 1.0, 8.0):
        for _ in range(100):
            a, b = (draw(rng, int(n), grid) for n in rng.integers(1, 60, 2))
            expected = mask.iou(xywh(a), xywh(b), np.zeros(len(b), np.uint8))
            np.testing.assert_array_equal(boxes.iou(a, b), expected)
    a, b = draw(rng, 1500), draw(rng, 2000)
    np.testing.assert_array_equal(
        boxes.iou(a, b), mask.iou(xywh(a), xywh(b), np.zeros(len(b), np.uint8))
    )


def test_iou_equals_pixels_counted() -> None:
    """Corners at whole numbers: a box is a set of pixels."""
    rng = np.random.default_rng(1)
    for _ in range(300):
        pair = np.sort(rng.integers(0, 13, (2, 2, 2)), axis=1).reshape(2, 4)
        images = np.zeros((2, 12, 12), bool)
        for image, (x1, y1, x2, y2) in zip(images, pair, strict=True):
            image[y1:y2, x1:x2] = True
        union = (images[0] | images[1]).sum()
        expected = (images[0] & images[1]).sum() / union if union else 0
        assert boxes.iou(pair[:1], pair[1:]).item() == expected
        assert boxes.area(pair).tolist() == images.sum(axis=(1, 2)).tolist()
        rows, columns = np.nonzero(images[0] | images[1])
        if all(boxes.area(pair) > 0):
            hull = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
            giou = boxes.generalized_iou(pair[:1], pair[1:]).item()
            assert giou == pytest.approx(expected - (hull - union) / hull)


@given(
    hnp.arrays(float, (5, 4), elements=st.integers(-4, 4)),
    hnp.arrays(float, (3, 4), elements=st.integers(-4, 4)),
)
def test_properties(a: np.ndarray, b: np.ndarray) -> None:
    a, b = (np.sort(each.reshape(-1, 2, 2), axis=1).reshape(-1, 4) for each in (a, b))
    iou, giou = boxes.iou(a, b), boxes.generalized_iou(a, b)
    assert ((iou >= 0) & (iou <= 1)).all()
    assert ((giou >= -1) & (giou <= iou)).all()
    np.testing.assert_array_equal(iou.T, boxes.iou(b, a))
    np.testing.assert_allclose(giou.T, boxes.generalized_iou(b, a))
    np.testing.assert_array_equal(np.diag(boxes.iou(a, a)), boxes.area(a) > 0)
    np.testing.assert_allclose(boxes.iou(a + 7, b + 7), iou)


def test_boxes_without_area() -> None:
    point, line, box = [3, 3, 3, 3], [0, 0, 5, 0], [0, 0, 5, 5]
    flat = np.array([point, line, box])
    assert boxes.iou(flat, flat).tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 1]]
    assert boxes.generalized_iou(flat, flat).tolist()[0][0] == 0


def test_whole_numbers_do_not_overflow() -> None:
    tall = np.array([[0, 0, 250, 250]], np.uint8)
    assert boxes.area(tall).tolist() == [62500]
    assert boxes.iou(tall, tall).tolist() == [[1]]
    wide = np.array([[0, 0, 100_000, 100_000]], np.int32)
    assert boxes.area(wide).tolist() == [1e10]


def test_no_boxes() -> None:
    one = np.array([[0, 0, 1, 1]])
    assert boxes.area(NONE).shape == (0,)
    for compare in (boxes.iou, boxes.generalized_iou):
        assert compare(NONE, one).shape == (0, 1)
        assert compare(one, NONE).shape == (1, 0)
        assert compare(NONE, NONE).shape == (0, 0)


MALFORMED: list[tuple[Any, str]] = [
    ([[0, 0, 1, 1]], "is a list, but it must be a NumPy array"),
    (np.zeros(4), r"has the shape \(4,\), but it must be \(n, 4\)"),
    (np.zeros((2, 5)), r"has the shape \(2, 5\)"),
    (np.array([]), r"has the shape \(0,\).*np.zeros\(\(0, 4\)\) where there is none"),
    (np.zeros((1, 4), bool), "is bool, but it must hold floats or whole numbers"),
    (np.array([["a"] * 4]), "is <U1, but"),
    (np.array([[0, 0, np.nan, 1]]), "holds NaN or infinity"),
    (np.array([[0, 0, np.inf, 1]]), "holds NaN or infinity"),
    (np.array([[0, 0, 1, 1], [5, 0, 4, 1]]), "has a box, 1, whose x2, 4, is below its x1, 5"),
    (np.array([[0, 5, 1, 4.5]]), "has a box, 0, whose y2, 4.5, is below its y1, 5"),
]


@pytest.mark.parametrize(("wrong", "message"), MALFORMED)
def test_malformed_boxes(wrong: Any, message: str) -> None:
    calls: list[tuple[str, Callable[[], object]]] = [
        ("boxes", lambda: boxes.area(wrong)),
        ("a", lambda: boxes.iou(wrong, NONE)),
        ("b", lambda: boxes.iou(NONE, wrong)),
        ("a", lambda: boxes.generalized_iou(wrong, NONE)),
        ("b", lambda: boxes.generalized_iou(NONE, wrong)),
        ("boxes", lambda: boxes.nms(wrong, np.zeros(0), 0.5)),
        ("boxes", lambda: boxes.soft_nms(wrong, np.zeros(0))),
        ("anchors", lambda: boxes.assign(wrong, NONE, 0.7, 0.3)),
        ("targets", lambda: boxes.assign(NONE, wrong, 0.7, 0.3)),
        ("boxes", lambda: boxes.encode(wrong, NONE)),
        ("anchors", lambda: boxes.encode(NONE, wrong)),
        ("anchors", lambda: boxes.decode(NONE, wrong)),
    ]
    for name, call in calls:
        with pytest.raises((TypeError, ValueError), match=f"^{name} {message}"):
            call()
