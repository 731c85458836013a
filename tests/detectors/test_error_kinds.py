"""Each error of a detector gets the kind that TIDE's definitions say."""

from typing import Any

import numpy as np
import pytest

from helpers import boxes, detectors, metrics

CAT, DOG = 0, 1
HERE, THERE = [0, 0, 10, 10], [20, 0, 30, 10]
HALF, EDGE, AWAY = [0, 0, 10, 4], [9, 0, 19, 10], [50, 50, 60, 60]  # IoU 0.4, 0.05 and 0


def kinds_of(
    rows: list[tuple[int, int, list[int], float]], **options: Any
) -> tuple[list[str], list[bool]]:
    """Of detections (image, class, box, score), with a cat and a dog in image 0, a cat in 1."""
    truth = metrics.GroundTruth(
        np.array([0, 0, 1]), np.array([CAT, DOG, CAT]), np.array([HERE, THERE, HERE])
    )
    images, class_ids, found, scores = zip(*rows, strict=True)
    detections = metrics.Detections(
        np.array(images), np.array(class_ids), np.array(found), np.array(scores)
    )
    kinds, is_missed = detectors.error_kinds(detections, truth, **options)
    return kinds.tolist(), is_missed.tolist()


@pytest.mark.parametrize(
    ("row", "kind", "missed"),
    [
        ((0, CAT, HERE, 0.9), "right", [False, True, True]),
        ((0, CAT, HALF, 0.9), "localisation", [False, True, True]),
        ((0, DOG, HERE, 0.9), "class", [False, True, True]),
        ((0, DOG, HALF, 0.9), "both", [True, True, True]),
        ((0, CAT, EDGE, 0.9), "background", [True, True, True]),
        ((0, CAT, AWAY, 0.9), "background", [True, True, True]),
        ((1, DOG, HERE, 0.9), "class", [True, True, False]),
        ((2, CAT, HERE, 0.9), "background", [True, True, True]),  # nothing is there
    ],
)
def test_alone(row: tuple[int, int, list[int], float], kind: str, missed: list[bool]) -> None:
    assert kinds_of([row]) == ([kind], missed)


def test_the_better_of_two_is_right_whatever_their_order() -> None:
    two = [(0, CAT, HERE, 0.5), (0, CAT, HERE, 0.9)]
    assert kinds_of(two)[0] == ["duplicate", "right"]
    assert kinds_of(two[::-1])[0] == ["right", "duplicate"]
    # Near an object that is found already, it is still badly placed, and no duplicate.
    assert kinds_of([(0, CAT, HERE, 0.9), (0, CAT, HALF, 0.5)])[0] == ["right", "localisation"]


def test_thresholds() -> None:
    half = [(0, CAT, HALF, 0.9)]
    assert kinds_of(half, iou_threshold=0.4)[0] == ["right"]
    assert kinds_of(half, background_iou=0.4)[0] == ["localisation"]
    assert kinds_of(half, background_iou=0.41)[0] == ["background"]
    with pytest.raises(ValueError, match=r"background_iou is 0.6, but .* iou_threshold"):
        kinds_of(half, background_iou=0.6)
    with pytest.raises(ValueError, match="iou_threshold is 50"):
        kinds_of(half, iou_threshold=50)


def test_nothing_found_and_nothing_there() -> None:
    def none(kind: Any, *scores: np.ndarray) -> Any:
        return kind(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 4)), *scores)

    truth = metrics.GroundTruth(np.array([0]), np.array([CAT]), np.array([HERE]))
    kinds, is_missed = detectors.error_kinds(none(metrics.Detections, np.zeros(0)), truth)
    assert not len(kinds) and is_missed.tolist() == [True]
    found = metrics.Detections(np.array([0]), np.array([CAT]), np.array([HERE]), np.ones(1))
    kinds, is_missed = detectors.error_kinds(found, none(metrics.GroundTruth))
    assert kinds.tolist() == ["background"] and not len(is_missed)


def by_the_book(detections: Any, truth: Any) -> tuple[list[str], set[int]]:
    """TIDE's definitions, one detection at a time, after COCO's matching."""
    taken: set[int] = set()
    found_by: dict[int, int] = {}
    order = sorted(range(len(detections.scores)), key=lambda row: -detections.scores[row])
    overlaps = boxes.iou(detections.boxes, truth.boxes)
    for row in order:
        free = [
            (overlaps[row, column], column)
            for column in range(len(truth.boxes))
            if column not in taken
            and truth.image_ids[column] == detections.image_ids[row]
            and truth.class_ids[column] == detections.class_ids[row]
            and overlaps[row, column] >= 0.5
        ]
        if free:
            found_by[row] = max(free)[1]
            taken.add(max(free)[1])
    kinds, explained = [], set(taken)
    for row in range(len(detections.scores)):
        own, other = [(0.0, -1)], [(0.0, -1)]
        for column in np.flatnonzero(truth.image_ids == detections.image_ids[row]).tolist():
            same = truth.class_ids[column] == detections.class_ids[row]
            (own if same else other).append((overlaps[row, column], column))
        (best, nearest), (wrong, mistaken) = max(own), max(other)
        if row in found_by:
            kinds.append("right")
        elif 0.1 <= best < 0.5:
            kinds.append("localisation")
            explained.add(nearest)
        elif wrong >= 0.5:
            kinds.append("class")
            explained.add(mistaken)
        elif best >= 0.5:
            kinds.append("duplicate")
        else:
            kinds.append("background" if max(best, wrong) < 0.1 else "both")
    return kinds, set(range(len(truth.boxes))) - explained


def test_on_random_scenes_as_by_the_book() -> None:
    seen = set()
    for seed in range(200):
        rng = np.random.default_rng(seed)
        corner = rng.uniform(0, 25, (12, 2))
        there = np.hstack([corner, corner + rng.uniform(5, 15, (12, 2))])
        truth = metrics.GroundTruth(rng.integers(0, 3, 12), rng.integers(0, 2, 12), there)
        of = rng.integers(0, 12, 20)
        found = there[of] + rng.normal(0, 2, (20, 4))
        found[:, 2:] = np.maximum(found[:, 2:], found[:, :2] + 1)
        class_ids = np.where(rng.random(20) < 0.8, truth.class_ids[of], rng.integers(0, 2, 20))
        detections = metrics.Detections(
            truth.image_ids[of], class_ids, found, rng.permutation(20) / 20
        )
        kinds, is_missed = detectors.error_kinds(detections, truth)
        expected, missed = by_the_book(detections, truth)
        assert kinds.tolist() == expected
        assert set(np.flatnonzero(is_missed).tolist()) == missed
        seen |= set(expected)
    assert len(seen) == 6
