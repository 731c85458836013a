from typing import Any

import numpy as np
import pytest

from helpers import boxes

NONE = np.zeros((0, 4))


def draw(rng: np.random.Generator, count: int) -> np.ndarray:
    corner = rng.uniform(-500, 1500, (count, 2))
    return np.concatenate([corner, corner + np.exp(rng.uniform(0, 4, (count, 2)))], axis=1)


def test_anchors_equal_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        rows, columns, num_sizes, num_ratios = (int(n) for n in rng.integers(1, 5, 4))
        stride = float(rng.choice([4, 7.5, 16]))
        sizes, ratios = rng.uniform(8, 200, num_sizes), rng.uniform(0.2, 4, num_ratios)
        expected = [
            [
                (column + 0.5) * stride - size / ratio**0.5 / 2,
                (row + 0.5) * stride - size * ratio**0.5 / 2,
                (column + 0.5) * stride + size / ratio**0.5 / 2,
                (row + 0.5) * stride + size * ratio**0.5 / 2,
            ]
            for row in range(rows)
            for column in range(columns)
            for size in sizes
            for ratio in ratios
        ]
        got = boxes.anchors((rows, columns), stride, sizes.tolist(), ratios.tolist())
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-9)
        np.testing.assert_allclose(
            boxes.area(got).reshape(-1, num_sizes, num_ratios),
            np.broadcast_to(sizes[:, None] ** 2, (rows * columns, num_sizes, num_ratios)),
        )


def test_decode_is_the_inverse_of_encode() -> None:
    rng = np.random.default_rng(1)
    for weights in ((1, 1, 1, 1), (10, 10, 5, 5), (0.5, 3, 7, 2)):
        found, anchors = draw(rng, 3000), draw(rng, 3000)
        deltas = boxes.encode(found, anchors, weights)
        np.testing.assert_allclose(
            boxes.decode(deltas, anchors, weights), found, rtol=0, atol=1e-9
        )
        drawn = rng.uniform(-4, 4, (3000, 4)) * weights  # log(1000 / 16) is 4.1
        again = boxes.encode(boxes.decode(drawn, anchors, weights), anchors, weights)
        np.testing.assert_allclose(again, drawn, rtol=0, atol=1e-9)


def test_encode_by_hand() -> None:
    """Half an anchor's width to the right, a quarter of its height up, twice as wide, as high."""
    anchor, box = np.array([[0, 0, 20, 40]]), np.array([[0, -10, 40, 30]])
    assert boxes.encode(box, anchor).tolist() == [[0.5, -0.25, np.log(2), 0]]
    assert boxes.encode(box, anchor, (10, 10, 5, 5)).tolist() == [[5, -2.5, 5 * np.log(2), 0]]


def test_growth_is_cut_off() -> None:
    """At 62.5 times the anchor, after the weights, as torchvision does."""
    anchor = np.array([[0, 0, 16, 16]])
    for weights, large in (((1, 1, 1, 1), 5), ((1, 1, 5, 5), 25)):
        got = boxes.decode(np.array([[0, 0, large, 1e6]]), anchor, weights)
        np.testing.assert_allclose(got, [[-492, -492, 508, 508]])
    assert boxes.decode(np.array([[0, 0, -1e6, 0]]), anchor).tolist() == [[8, 0, 8, 16]]


def test_no_boxes() -> None:
    assert boxes.encode(NONE, NONE).shape == (0, 4)
    assert boxes.decode(NONE, NONE).shape == (0, 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"feature_size": 4}, r"feature_size is 4, but it must be a pair: \(rows, columns\)"),
        ({"feature_size": (4, 0)}, "feature_size's columns is 0, but it must be at least 1"),
        ({"feature_size": (2.5, 1)}, "feature_size's rows is 2.5"),
        ({"feature_size": (1, 2, 3)}, "feature_size is .*, but it must be a pair"),
        ({"stride": 0}, "stride is 0, but it must be above 0"),
        ({"sizes": []}, "sizes is .*must be finite and not empty"),
        ({"sizes": 32}, "sizes is 32, but it must be numbers in one row"),
        ({"sizes": [32, -1]}, "a number in sizes is -1"),
        ({"aspect_ratios": [0]}, "a number in aspect_ratios is 0"),
        ({"aspect_ratios": [np.nan]}, "aspect_ratios is .*finite"),
    ],
)
def test_malformed_anchors(change: dict[str, Any], message: str) -> None:
    fine: dict[str, Any] = {
        "feature_size": (2, 2),
        "stride": 8,
        "sizes": [32],
        "aspect_ratios": [1],
    }
    boxes.anchors(**fine)
    with pytest.raises((TypeError, ValueError), match=message):
        boxes.anchors(**{**fine, **change})


def test_malformed_deltas_and_weights() -> None:
    one, two = np.array([[0, 0, 1, 1]]), np.array([[0, 0, 1, 1], [0, 0, 2, 2]])
    with pytest.raises(ValueError, match="boxes has 2 and anchors has 1 rows, but there must"):
        boxes.encode(two, one)
    with pytest.raises(
        ValueError, match=r"boxes has a box, 0, \[3, 0, 3, 5\], without width or"
    ):
        boxes.encode(np.array([[3, 0, 3, 5]]), one)
    with pytest.raises(ValueError, match=r"anchors has a box, 0, .*without width or height"):
        boxes.decode(one, np.array([[0, 5, 3, 5]]))
    with pytest.raises(
        ValueError, match=r"deltas has the shape \(2, 4\), but it must be \(1, 4"
    ):
        boxes.decode(two, one)
    with pytest.raises(ValueError, match="deltas holds NaN"):
        boxes.decode(np.full((1, 4), np.nan), one)
    for function in (boxes.encode, boxes.decode):
        with pytest.raises(ValueError, match=r"weights is \(1, 1\), but it must be 4 numbers"):
            function(one, one, (1, 1))
        with pytest.raises(ValueError, match="a number in weights is 0"):
            function(one, one, (1, 1, 0, 1))
