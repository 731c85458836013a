import numpy as np
import pytest

from helpers import boxes

NONE = np.zeros((0, 4))


def draw(rng: np.random.Generator, count: int) -> np.ndarray:
    """Boxes on a coarse grid, so that many overlaps are equal."""
    corner = rng.integers(0, 6, (count, 2)) * 4
    return np.concatenate([corner, corner + 4 * rng.integers(1, 5, (count, 2))], axis=1)


def plain_assign(
    overlap: list[list[float]], positive: float, negative: float, force_best: bool
) -> list[int]:
    result = []
    for row in overlap:
        best = max(row)
        forced = force_best and any(
            value > 0 and value == max(other[target] for other in overlap)
            for target, value in enumerate(row)
        )
        if best >= positive or forced:
            result.append(row.index(best))
        else:
            result.append(-1 if best < negative else -2)
    return result


def test_equals_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(500):
        num_anchors, num_targets = (int(n) for n in rng.integers(1, [25, 6]))
        anchors, targets = draw(rng, num_anchors), draw(rng, num_targets)
        negative, positive = np.sort(rng.choice([0.25, 0.3, 0.5, 0.6, 0.75], 2)).tolist()
        overlap = boxes.iou(anchors, targets).tolist()
        for force_best in (True, False):
            got = boxes.assign(anchors, targets, positive, negative, force_best)
            assert got.dtype == np.int64
            assert got.tolist() == plain_assign(overlap, positive, negative, force_best)
            seen |= set(got.tolist())
    assert seen >= {-2, -1, 0, 1, 2}


def test_the_thresholds_themselves() -> None:
    """From the upper one on an anchor is positive, below the lower one it is background."""
    anchors = np.array([[0, 0, 10, 5], [0, 0, 10, 4], [0, 0, 10, 3], [0, 0, 10, 10]])
    target = np.array([[0, 0, 10, 10]])
    assert boxes.assign(anchors, target, 0.5, 0.4).tolist() == [0, -2, -1, 0]


def test_every_object_that_is_overlapped_forces_its_best_anchors() -> None:
    anchors = np.array([[0, 0, 10, 10], [20, 0, 30, 10], [20, 0, 30, 10], [50, 0, 60, 10]])
    targets = np.array([[0, 0, 10, 1], [20, 0, 30, 1], [90, 90, 95, 95]])
    # Equally good ones all; the third object, which nothing overlaps, makes nothing positive.
    assert boxes.assign(anchors, targets, 0.7, 0.3).tolist() == [0, 1, 1, -1]
    assert boxes.assign(anchors, targets, 0.7, 0.3, force_best=False).tolist() == [-1] * 4
    # The only anchor is best for both objects, and gets the one it overlaps more.
    both = np.array([[0, 0, 10, 1], [0, 0, 10, 4]])
    assert boxes.assign(anchors[:1], both, 0.7, 0.3).tolist() == [1]
    # Equal overlaps: the object with the lower index.
    assert boxes.assign(anchors[:1], both[[0, 0]], 0.7, 0.3).tolist() == [0]


def test_no_boxes() -> None:
    one = np.array([[0, 0, 1, 1]])
    assert boxes.assign(one, NONE, 0.7, 0.3).tolist() == [-1]
    assert boxes.assign(NONE, one, 0.7, 0.3).shape == (0,)
    assert boxes.assign(NONE, NONE, 0.7, 0.3).dtype == np.int64


def test_malformed_thresholds() -> None:
    with pytest.raises(
        ValueError, match=r"negative_iou is 0.7, but it must be at most positive"
    ):
        boxes.assign(NONE, NONE, 0.3, 0.7)
    with pytest.raises(ValueError, match=r"positive_iou is 1\.5, but it must be from 0 to 1"):
        boxes.assign(NONE, NONE, 1.5, 0.7)
    with pytest.raises(ValueError, match="negative_iou is -1"):
        boxes.assign(NONE, NONE, 0.5, -1)
