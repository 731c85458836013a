import itertools

import numpy as np
import pytest

from helpers import boxes, tracking

NONE = np.zeros((0, 4))


def draw(rng: np.random.Generator, count: int) -> np.ndarray:
    corner = rng.random((count, 2)) * 12
    return np.concatenate([corner, corner + rng.random((count, 2)) * 10 + 2], axis=1)


def by_trying_all(ious: np.ndarray, threshold: float) -> set[tuple[int, int]]:
    """The pairs with the largest sum, less those below the threshold."""
    if ious.shape[0] > ious.shape[1]:
        return {(i, j) for j, i in by_trying_all(ious.T, threshold)}
    rows = range(ious.shape[0])
    choices = itertools.permutations(range(ious.shape[1]), ious.shape[0])
    best = max(choices, key=lambda columns: sum(ious[i, columns[i]] for i in rows))
    return {(i, best[i]) for i in rows if ious[i, best[i]] >= threshold}


def test_equals_trying_all() -> None:
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(500):
        tracks, detections = (draw(rng, int(n)) for n in rng.integers(0, 6, 2))
        threshold = float(rng.choice([0.05, 0.2, 0.4]))
        pairs, old, new = tracking.associate(tracks, detections, threshold)
        assert pairs.shape[1:] == (2,) and {pairs.dtype, old.dtype, new.dtype} == {
            np.dtype(np.int64)
        }
        expected = by_trying_all(boxes.iou(tracks, detections), threshold)
        assert {tuple(pair) for pair in pairs.tolist()} == expected
        assert pairs[:, 0].tolist() == sorted(pairs[:, 0].tolist())
        assert old.tolist() == [i for i in range(len(tracks)) if i not in pairs[:, 0]]
        assert new.tolist() == [j for j in range(len(detections)) if j not in pairs[:, 1]]
        seen.add(len(pairs))
    assert seen >= {0, 1, 2, 3}


def test_the_threshold_itself_is_enough() -> None:
    half = np.array([[0, 0, 10, 5]])
    whole = np.array([[0, 0, 10, 10]])
    assert tracking.associate(whole, half, 0.5)[0].tolist() == [[0, 0]]
    assert tracking.associate(whole, half, 0.5000001)[0].tolist() == []


def test_the_threshold_comes_after_the_assignment() -> None:
    """0.29 + 0.29 is more than 0.48, and then both are dropped."""
    tracks = np.array([[0, 0, 10, 10], [9, 0, 19, 10]])
    detections = np.array([[5.5, 0, 15.5, 10], [14.5, 0, 24.5, 10]])
    pairs, old, new = tracking.associate(tracks, detections, 0.3)
    assert (pairs.tolist(), old.tolist(), new.tolist()) == ([], [0, 1], [0, 1])


def test_nothing_on_a_side() -> None:
    one = np.array([[0, 0, 1, 1]])
    for tracks, detections, lost, new in (
        (NONE, NONE, [], []),
        (one, NONE, [0], []),
        (NONE, one, [], [0]),
    ):
        got = tracking.associate(tracks, detections, 0.3)
        assert [each.tolist() for each in got] == [[], lost, new]
        assert got[0].shape == (0, 2)


def test_malformed() -> None:
    with pytest.raises(ValueError, match="iou_threshold is 0, but it must be above 0"):
        tracking.associate(NONE, NONE, 0)
    with pytest.raises(ValueError, match="iou_threshold is 30, but it must be from 0 to 1"):
        tracking.associate(NONE, NONE, 30)
    with pytest.raises(ValueError, match="detections has the shape"):
        tracking.associate(NONE, np.zeros(4), 0.3)
