from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask
from sklearn import metrics as sklearn_metrics

from helpers.metrics import (
    Detections,
    GroundTruth,
    average_precision,
    match_detections,
    precision_recall,
    voc_average_precision,
)

METHODS = ("voc2007", "voc2010", "coco")


def plain_average_precision(hits: list[bool], num_truth: int, method: str) -> float:
    """By the definitions, in fractions; the levels of recall are those of the published code."""
    precision, recall = [], []
    for rank in range(1, len(hits) + 1):
        precision.append(Fraction(sum(hits[:rank]), rank))
        recall.append(Fraction(sum(hits[:rank]), num_truth))

    def best_from(level: float) -> Fraction:
        reached = [p for p, r in zip(precision, recall, strict=True) if float(r) >= level]
        return max(reached, default=Fraction(0))

    if method == "voc2010":
        steps = [Fraction(0), *recall]
        area = sum(
            (high - low) * max(precision[rank:])
            for rank, (low, high) in enumerate(zip(steps, recall, strict=False))
        )
        return float(area)
    levels = np.arange(0, 1.1, 0.1) if method == "voc2007" else np.linspace(0, 1, 101)
    return float(sum(best_from(level) for level in levels.tolist()) / len(levels))


@given(st.lists(st.booleans(), max_size=25), st.integers(0, 8))
def test_average_precision_by_definition(hits: list[bool], num_missed: int) -> None:
    num_truth = max(1, sum(hits) + num_missed)
    curve = precision_recall(np.array(hits, bool), num_truth)
    for method in METHODS:
        expected = plain_average_precision(hits, num_truth, method)
        assert average_precision(*curve, method) == pytest.approx(expected, abs=1e-12)


def test_average_precision_by_hand() -> None:
    """TP, FP, TP over two objects: recall 1/2 at precision 1, recall 1 at precision 2/3."""
    precision, recall = precision_recall(np.array([True, False, True]), 2)
    assert precision.tolist() == [1, 1 / 2, 2 / 3] and recall.tolist() == [1 / 2, 1 / 2, 1]
    for method, expected in (
        ("voc2007", (6 + 5 * 2 / 3) / 11),
        ("voc2010", 1 / 2 * 1 + 1 / 2 * 2 / 3),
        ("coco", (51 + 50 * 2 / 3) / 101),
    ):
        assert average_precision(precision, recall, method) == pytest.approx(
            expected, abs=1e-15
        )
    # FP, TP over two: recall 1/2 at precision 1/2, and never more.
    curve = precision_recall(np.array([False, True]), 2)
    assert average_precision(*curve, "voc2007") == pytest.approx(6 * 0.5 / 11)
    assert average_precision(*curve, "voc2010") == pytest.approx(0.25)
    assert average_precision(*curve, "coco") == pytest.approx(51 * 0.5 / 101)


def test_levels_are_the_published_ones_to_the_last_bit() -> None:
    """3 objects of 10 are not 0.30000000000000004: the level 0.3 is not reached."""
    curve = precision_recall(np.ones(3, bool), 10)
    assert average_precision(*curve, "voc2007") == pytest.approx(3 / 11)
    curve = precision_recall(np.ones(35, bool), 100)
    assert average_precision(*curve, "coco") == pytest.approx(35 / 101)


def test_the_area_is_never_below_scikit_learns() -> None:
    """Without the envelope, and with all objects found, it is scikit-learn's."""
    rng = np.random.default_rng(0)
    for _ in range(100):
        hits = rng.random(30) < 0.4
        hits[-1] = True
        scores = -np.arange(30.0)
        curve = precision_recall(hits, int(hits.sum()))
        plain = sklearn_metrics.average_precision_score(hits, scores)
        recall = np.diff(curve[1], prepend=0)
        assert float(np.sum(recall * curve[0])) == pytest.approx(plain)
        assert average_precision(*curve, "voc2010") >= plain - 1e-12


def test_all_nothing_and_none() -> None:
    for method in METHODS:
        all_right = precision_recall(np.ones(4, bool), 4)
        assert average_precision(*all_right, method) == pytest.approx(1)
        all_wrong = precision_recall(np.zeros(4, bool), 4)
        assert average_precision(*all_wrong, method) == 0
        nothing = precision_recall(np.zeros(0, bool), 4)
        assert nothing[0].shape == nothing[1].shape == (0,)
        assert average_precision(*nothing, method) == 0


def plain_match(ious: np.ndarray, scores: np.ndarray, threshold: float) -> list[int]:
    """pycocotools' evaluateImg, without what is ignored."""
    found, taken = [-1] * len(ious), set()
    for d in sorted(range(len(ious)), key=lambda d: (-scores[d], d)):
        best = threshold
        for g in range(ious.shape[1]):
            if g in taken or ious[d, g] < best:
                continue
            best, found[d] = ious[d, g], g
        taken.add(found[d])
        taken.discard(-1)
    return found


def test_match_detections_equals_a_plain_loop() -> None:
    rng = np.random.default_rng(1)
    for _ in range(500):
        shape = tuple(int(n) for n in rng.integers(0, 8, 2))
        ious = rng.integers(0, 6, shape) / 5  # many are equal, and some at the threshold
        scores = rng.integers(0, 5, shape[0]) / 4
        threshold = float(rng.choice([0.2, 0.4, 0.5, 0.6, 1]))
        got = match_detections(ious, scores, threshold)
        assert got.dtype == np.int64
        assert got.tolist() == plain_match(ious, scores, threshold)


def test_match_detections_takes_the_next_best() -> None:
    ious = np.array([[0.9, 0.0], [0.8, 0.6]])
    assert match_detections(ious, np.array([0.9, 0.8]), 0.5).tolist() == [0, 1]
    assert match_detections(ious, np.array([0.8, 0.9]), 0.5).tolist() == [-1, 0]
    assert match_detections(np.array([[0.7, 0.7]]), np.array([1.0]), 0.7).tolist() == [1]
    assert match_detections(np.zeros((0, 3)), np.zeros(0), 0.5).shape == (0,)
    assert match_detections(np.zeros((2, 0)), np.zeros(2), 0.5).tolist() == [-1, -1]


def plain_voc(
    detections: Detections, truth: GroundTruth, label: int, threshold: float, method: str
) -> float:
    """The devkit's loop, an object at a time."""
    objects = [i for i, one in enumerate(truth.class_ids) if one == label]
    num_truth = sum(not truth.is_difficult[i] for i in objects)
    if num_truth == 0:
        return float("nan")
    rows = [i for i, one in enumerate(detections.class_ids) if one == label]
    found, hits = set(), []
    for d in sorted(rows, key=lambda i: (-detections.scores[i], i)):
        best, largest = -1, -np.inf
        for g in objects:
            if truth.image_ids[g] != detections.image_ids[d]:
                continue
            (x1, y1, x2, y2), (u1, v1, u2, v2) = detections.boxes[d], truth.boxes[g]
            pair = [[[x1, y1, x2 - x1, y2 - y1]], [[u1, v1, u2 - u1, v2 - v1]]]
            ov = mask.iou(*(np.array(one, float) for one in pair), np.zeros(1, np.uint8)).item()
            if ov > largest:
                best, largest = g, ov
        if largest > threshold:
            if not truth.is_difficult[best]:
                hits.append(best not in found)
                found.add(best)
        else:
            hits.append(False)
    return plain_average_precision(hits, num_truth, method)


def test_voc_equals_the_devkits_loop() -> None:
    rng = np.random.default_rng(2)

    def some_boxes(count: int) -> np.ndarray:
        corner = rng.integers(0, 3, (count, 2)) * 8
        return np.concatenate([corner, corner + 4 * rng.integers(1, 4, (count, 2))], axis=1)

    num_nan = 0
    for _ in range(150):
        num_found, num_truth = (int(n) for n in rng.integers(0, [40, 20]))
        detections = Detections(
            rng.integers(0, 4, num_found),
            rng.integers(0, 3, num_found),
            some_boxes(num_found),
            rng.integers(0, 6, num_found) / 5,
        )
        truth = GroundTruth(
            rng.integers(0, 4, num_truth),
            rng.integers(0, 3, num_truth),
            some_boxes(num_truth),
            is_difficult=rng.random(num_truth) < 0.3,
        )
        method, threshold = str(rng.choice(METHODS)), float(rng.choice([0.25, 0.5]))
        got = voc_average_precision(detections, truth, threshold, method)
        assert list(got) == np.union1d(detections.class_ids, truth.class_ids).tolist()
        for label, value in got.items():
            expected = plain_voc(detections, truth, label, threshold, method)
            assert value == pytest.approx(expected, abs=1e-12, nan_ok=True)
            num_nan += int(np.isnan(value))
    assert num_nan


def voc(found: Any, there: Any, difficult: Any = None) -> float:
    found, there = np.array(found, float), np.array(there, float)
    count = len(found)
    truth = GroundTruth(
        np.ones(len(there), int), np.ones(len(there), int), there, is_difficult=difficult
    )
    scores = np.linspace(0.9, 0.1, count)
    detections = Detections(np.ones(count, int), np.ones(count, int), found, scores)
    return voc_average_precision(detections, truth)[1]


def test_vocs_rules() -> None:
    box, half, other = [0, 0, 10, 10], [0, 0, 10, 5], [50, 0, 60, 10]
    assert voc([half], [box]) == 0  # at the threshold it is no match
    assert voc([[0, 0, 10, 5.1]], [box]) == 1
    # A second detection of an object is a false positive, and so is what follows it.
    assert voc([box, box, other], [box, other]) == pytest.approx(0.5 + 0.5 * 2 / 3)
    # It does not fall back on the other object that it overlaps, as COCO's would.
    assert voc([box, box], [box, [0, 0, 10, 9]]) == pytest.approx(0.5)
    # What finds a difficult object counts neither way, however often.
    difficult = np.array([True, False])
    assert voc([box, box, other], [box, other], difficult) == 1
    assert np.isnan(voc([box], [box], np.array([True])))
    # The mAP of classes of which one has no objects.
    got = voc_average_precision(
        Detections(
            np.array(["a", "a"]), np.array(["cat", "dog"]), np.array([box, box]), np.ones(2)
        ),
        GroundTruth(np.array(["a"]), np.array(["cat"]), np.array([box])),
    )
    assert got["cat"] == 1 and np.isnan(got["dog"]) and np.nanmean(list(got.values())) == 1


def test_voc_of_nothing() -> None:
    no_ids, no_boxes = np.zeros(0, int), np.zeros((0, 4))
    nothing = Detections(no_ids, no_ids, no_boxes, np.zeros(0))
    assert voc_average_precision(nothing, GroundTruth(no_ids, no_ids, no_boxes)) == {}
    truth = GroundTruth(np.array([1]), np.array(["cat"]), np.array([[0, 0, 9, 9]]))
    assert voc_average_precision(nothing, truth) == {"cat": 0}
    # An empty row of text beside numbers leaves them numbers.
    no_names = np.zeros(0, str)
    nothing = Detections(no_names, no_names, no_boxes, np.zeros(0))
    ids = np.array([9, 10])
    truth = GroundTruth(ids, ids, np.array([[0, 0, 9, 9], [0, 0, 9, 9]]))
    assert list(voc_average_precision(nothing, truth)) == [9, 10]


def test_malformed_voc() -> None:
    box, one = np.array([[0, 0, 9, 9]]), np.array([1])
    found, truth = Detections(one, one, box, np.ones(1)), GroundTruth(one, one, box)
    with pytest.raises(ValueError, match="iou_threshold is 50, but it must be from 0 to 1"):
        voc_average_precision(found, truth, iou_threshold=50)
    with pytest.raises(ValueError, match="method is 'voc', but it must be one of"):
        voc_average_precision(found, truth, method="voc")
    with pytest.raises(ValueError, match="image_ids holds 1, which is not among the 2 known"):
        voc_average_precision(found, truth, image_ids=np.array([2, 3]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros(3), np.zeros(3), 0.5), r"ious has the shape \(3,\)"),
        ((np.full((1, 1), 1.5), np.zeros(1), 0.5), "ious holds 1.5, but overlaps are from 0"),
        ((np.full((1, 1), np.nan), np.zeros(1), 0.5), "ious holds NaN"),
        ((np.zeros((1, 1)), np.zeros(2), 0.5), r"scores has the shape \(2,\)"),
        ((np.zeros((1, 1)), np.zeros(1), 0), "iou_threshold is 0, but it must be above 0"),
        ((np.zeros((1, 1)), np.zeros(1), 2), "iou_threshold is 2, but it must be from 0 to 1"),
        (([[0.5]], np.zeros(1), 0.5), "ious is a list"),
    ],
)
def test_malformed_matches(arguments: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        match_detections(*arguments)


@pytest.mark.parametrize(
    ("hits", "num_truth", "message"),
    [
        (np.array([1, 0]), 2, r"is_true_positive is int64.*astype\(bool\)"),
        ([True], 1, "is_true_positive is a list"),
        (np.ones((2, 2), bool), 9, r"is_true_positive has the shape \(2, 2\)"),
        (np.ones(3, bool), 2, "is_true_positive has 3 hits, but num_truth is 2"),
        (np.zeros(3, bool), 0, "num_truth is 0, but recall is a share of the objects"),
        (np.zeros(3, bool), -1, "num_truth is -1"),
        (np.zeros(3, bool), 2.0, "num_truth is 2.0"),
    ],
)
def test_malformed_hits(hits: Any, num_truth: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        precision_recall(hits, num_truth)


@pytest.mark.parametrize(
    ("precision", "recall", "message"),
    [
        (np.ones(2), np.ones(3), r"recall has the shape \(3,\), but it must be \(2,\)"),
        (np.ones((2, 1)), np.ones(2), r"precision has the shape \(2, 1\)"),
        (np.array([np.nan]), np.ones(1), "precision holds NaN"),
        (np.array([2.0]), np.ones(1), "precision holds 2, but it must be from 0 to 1"),
        (np.ones(2), np.array([0.5, 0.4]), "recall falls from one rank to the next"),
        ([1.0], np.ones(1), "precision is a list"),
        (1.0, np.ones(1), "precision is a float"),
        (np.array(1.0), np.ones(1), r"precision has the shape \(\)"),
    ],
)
def test_malformed_curves(precision: Any, recall: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        average_precision(precision, recall, "coco")


def test_unknown_method() -> None:
    with pytest.raises(ValueError, match="method is '11-point', but it must be one of"):
        average_precision(np.ones(1), np.ones(1), "11-point")
