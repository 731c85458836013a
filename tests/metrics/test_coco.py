import contextlib
import io
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from helpers import boxes
from helpers.metrics import (
    Detections,
    GroundTruth,
    average_precision,
    coco_metrics,
    match_detections,
    precision_recall,
)

NAMES = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]
NO_IDS, NO_BOXES = np.zeros(0, int), np.zeros((0, 4))
EMPTY_TRUTH = GroundTruth(NO_IDS, NO_IDS, NO_BOXES)
EMPTY_DETECTIONS = Detections(NO_IDS, NO_IDS, NO_BOXES, np.zeros(0))


def xywh(row: np.ndarray) -> list[float]:
    x1, y1, x2, y2 = row.astype(float).tolist()
    return [x1, y1, x2 - x1, y2 - y1]


def pycocotools(detections: Detections, truth: GroundTruth) -> dict[str, float]:
    """The reference's figures; its -1 as NaN."""
    images = np.union1d(detections.image_ids, truth.image_ids).tolist()
    classes = np.union1d(detections.class_ids, truth.class_ids).tolist()
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": one} for one in images],
            "categories": [{"id": one} for one in classes],
            "annotations": [
                {
                    "id": number,  # from 1 on: pycocotools takes 0 for "not matched"
                    "image_id": image,
                    "category_id": label,
                    "bbox": xywh(box),
                    "area": area,
                    "iscrowd": int(crowd),
                }
                for number, (image, label, box, area, crowd) in enumerate(
                    zip(
                        truth.image_ids.tolist(),
                        truth.class_ids.tolist(),
                        truth.boxes,
                        truth.areas.tolist(),
                        truth.is_crowd,
                        strict=True,
                    ),
                    start=1,
                )
            ],
        }
        coco.createIndex()
        results = COCO()
        results.dataset = {
            **coco.dataset,
            "annotations": [
                {
                    "id": number,
                    "image_id": image,
                    "category_id": label,
                    "bbox": xywh(box),
                    "score": score,
                    "area": xywh(box)[2] * xywh(box)[3],
                    "iscrowd": 0,
                }
                for number, (image, label, box, score) in enumerate(
                    zip(
                        detections.image_ids.tolist(),
                        detections.class_ids.tolist(),
                        detections.boxes,
                        detections.scores.tolist(),
                        strict=True,
                    ),
                    start=1,
                )
            ],
        }
        results.createIndex()
        evaluation = COCOeval(coco, results, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    stats = np.where(evaluation.stats == -1, np.nan, evaluation.stats)
    return dict(zip(NAMES, stats.tolist(), strict=True))


def assert_equal(detections: Detections, truth: GroundTruth) -> dict[str, float]:
    got, expected = coco_metrics(detections, truth), pycocotools(detections, truth)
    assert list(got) == NAMES
    np.testing.assert_allclose(
        list(got.values()), list(expected.values()), rtol=0, atol=1e-12, equal_nan=True
    )
    return got


def draw(
    rng: np.random.Generator, num_truth: int, num_found: int, levels: int, grid: float
) -> tuple[Detections, GroundTruth]:
    """Objects and detections near them and elsewhere.

    Coordinates are multiples of the grid, a power of 2, so that neither library rounds them; a
    coarse one makes equal boxes, and IoUs that are exactly at a threshold. `levels` is the number
    of different scores.
    """
    num_images, num_classes = (int(n) for n in rng.integers(1, [12, 6]))
    images = rng.choice(1000, num_images, replace=False)
    classes = rng.choice(90, num_classes, replace=False) + 1

    def some_boxes(count: int) -> np.ndarray:
        size = np.exp(
            rng.uniform(0, np.log(250), (count, 1)) + rng.uniform(-0.5, 0.5, (count, 2))
        )
        corner = rng.uniform(0, 200, (count, 2))
        return np.concatenate([corner, corner + size], axis=1)

    there = some_boxes(num_truth)
    truth_images, truth_classes = rng.choice(images, num_truth), rng.choice(classes, num_truth)
    found = some_boxes(num_found)
    found_images, found_classes = rng.choice(images, num_found), rng.choice(classes, num_found)
    if num_truth:
        near = rng.random(num_found) < 0.7
        source = rng.integers(0, num_truth, num_found)[near]
        extent = np.tile(there[source, 2:] - there[source, :2], 2)
        noise = rng.normal(0, 0.08, extent.shape) * rng.choice([0, 1], (len(extent), 1))
        found[near] = there[source] + noise * extent
        found_images[near], found_classes[near] = truth_images[source], truth_classes[source]
    there, found = (np.round(each / grid) * grid for each in (there, found))
    found[:, 2:] = np.maximum(found[:, 2:], found[:, :2])
    scores = rng.integers(0, levels, num_found) / max(levels - 1, 1)
    areas = boxes.area(there)
    if rng.random() < 0.5:  # a mask is smaller than its box
        areas = areas * rng.uniform(0.4, 1, num_truth)
    is_crowd = rng.random(num_truth) < rng.choice([0, 0.2])
    return (
        Detections(found_images, found_classes, found, scores),
        GroundTruth(truth_images, truth_classes, there, is_crowd, areas=areas),
    )


@pytest.mark.parametrize("seed", range(6))
def test_equals_pycocotools(seed: int) -> None:
    rng = np.random.default_rng(seed)
    num_nan = 0
    for _ in range(60):
        num_truth, num_found = (int(n) for n in rng.integers(0, [60, 150]))
        levels, grid = int(rng.choice([2, 10, 1000])), float(rng.choice([1 / 64, 1, 8]))
        got = assert_equal(*draw(rng, num_truth, num_found, levels, grid))
        num_nan += int(np.isnan(list(got.values())).any())
    assert 0 < num_nan < 60


@pytest.mark.parametrize("seed", range(3))
def test_equals_pycocotools_with_more_than_100_detections(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    for _ in range(3):
        detections, truth = draw(rng, 150, 2500, int(rng.choice([3, 1000])), grid=1.0)
        crowded = Detections(
            detections.image_ids // 500,  # two images
            detections.class_ids,
            detections.boxes,
            detections.scores,
        )
        pairs = np.stack([crowded.image_ids, crowded.class_ids])
        assert np.unique(pairs, axis=1, return_counts=True)[1].max() > 100
        assert_equal(
            crowded,
            GroundTruth(
                truth.image_ids // 500,
                truth.class_ids,
                truth.boxes,
                truth.is_crowd,
                areas=truth.areas,
            ),
        )


def test_arbitrary_floats() -> None:
    """Where x1 + width is not x2 to the last bit, the figures still agree."""
    rng = np.random.default_rng(7)
    for _ in range(30):
        detections, truth = draw(rng, 40, 80, 1000, grid=2**-40)
        thirds = Detections(
            detections.image_ids, detections.class_ids, detections.boxes / 3, detections.scores
        )
        there = GroundTruth(truth.image_ids, truth.class_ids, truth.boxes / 3, truth.is_crowd)
        assert_equal(thirds, there)


def one_class(found: Any, scores: Any, there: Any, **more: Any) -> dict[str, float]:
    """The figures of one image with one class, compared with pycocotools."""
    found, there = (np.array(each, float).reshape(-1, 4) for each in (found, there))
    return assert_equal(
        Detections(np.ones(len(found), int), np.ones(len(found), int), found, np.array(scores)),
        GroundTruth(np.ones(len(there), int), np.ones(len(there), int), there, **more),
    )


def test_the_example_of_two_objects() -> None:
    there = [[0, 0, 10, 10], [20, 0, 30, 10]]
    got = one_class([there[0], [50, 0, 60, 10], there[1]], [0.9, 0.8, 0.7], there)
    assert got["AP"] == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert got["AR1"] == 0.5 and got["AR10"] == 1
    assert np.isnan(got["APm"]) and np.isnan(got["ARl"])


def test_a_crowd_is_taken_again_and_again() -> None:
    crowd, single = [0, 0, 100, 100], [200, 0, 220, 20]
    inside = [[0, 0, 20, 20], [30, 0, 50, 20], [60, 60, 90, 90]]
    flags = np.array([True, False])
    got = one_class([*inside, single], [0.9, 0.8, 0.7, 0.6], [crowd, single], is_crowd=flags)
    assert got["AP"] == pytest.approx(1)
    got = one_class([*inside, single], [0.9, 0.8, 0.7, 0.6], [crowd, single])
    assert got["AP"] < 0.2


def test_an_object_goes_before_a_crowd_that_overlaps_more() -> None:
    crowd, single = [0, 0, 100, 100], [0, 0, 20, 20]
    got = one_class([[0, 0, 20, 16]], [0.9], [crowd, single], is_crowd=np.array([True, False]))
    assert got["AP50"] == pytest.approx(1) and got["AR100"] == pytest.approx(0.7)


def test_of_equal_overlaps_the_last_object_is_taken() -> None:
    """The second detection overlaps one object alone, and is right where that is still free."""
    left, right = [0, 0, 10, 10], [4, 0, 14, 10]
    found = [[2, 0, 12, 10], left]
    assert one_class(found, [0.9, 0.8], [left, right])["AP50"] == pytest.approx(1)
    assert one_class(found, [0.9, 0.8], [right, left])["AP50"] == pytest.approx(51 / 101)


def test_areas_at_the_limits_are_in_both_ranges() -> None:
    there = [[0, 0, 32, 32], [200, 0, 296, 96]]
    got = one_class(there, [0.9, 0.8], there)
    for name in ("APs", "APm", "APl", "ARs", "ARm", "ARl"):
        assert got[name] == pytest.approx(1), name
    # The area of the mask, not of the box, decides.
    got = one_class(there, [0.9, 0.8], there, areas=np.array([500.0, 600.0]))
    assert got["APs"] == pytest.approx(1) and np.isnan(got["APm"]) and np.isnan(got["APl"])
    huge = [[0, 0, 2e5, 1e5]]
    assert np.isnan(one_class(huge, [0.9], huge)["AP"])


def test_equal_scores_come_by_image_then_by_index() -> None:
    box, elsewhere = np.array([[0, 0, 9, 9.0]]), np.array([[50, 0, 59, 9.0]])
    truth = GroundTruth(np.array([3, 8]), np.array([1, 1]), np.concatenate([box, box]))
    for ids, rows in (
        ([8, 3], [box, elsewhere]),  # the miss in image 3 goes before the hit in image 8
        ([8, 3], [elsewhere, box]),
        ([3, 3], [elsewhere, box]),
        ([3, 3], [box, elsewhere]),
    ):
        found = Detections(
            np.array(ids), np.array([1, 1]), np.concatenate(rows), np.array([0.5, 0.5])
        )
        assert_equal(found, truth)
    images = np.array([8, 3])
    miss_first = coco_metrics(
        Detections(images, np.ones(2, int), np.concatenate([box, elsewhere]), np.ones(2)), truth
    )
    hit_first = coco_metrics(
        Detections(images, np.ones(2, int), np.concatenate([elsewhere, box]), np.ones(2)), truth
    )
    assert miss_first["AP"] < hit_first["AP"]


def test_nothing_found_and_nothing_there() -> None:
    box = np.array([[0, 0, 9, 9]])
    one = np.array([1])
    found, truth = Detections(one, one, box, np.ones(1)), GroundTruth(one, one, box)
    assert all(np.isnan(list(coco_metrics(EMPTY_DETECTIONS, EMPTY_TRUTH).values())))
    assert all(np.isnan(list(coco_metrics(found, EMPTY_TRUTH).values())))
    got = coco_metrics(EMPTY_DETECTIONS, truth)
    assert got["AP"] == 0 and got["AR100"] == 0 and np.isnan(got["APl"])
    # A class that occurs on one side only, and an image without objects.
    stray = Detections(np.array([1, 2, 2]), np.array([1, 1, 9]), box[[0, 0, 0]], np.ones(3))
    assert_equal(stray, truth)
    assert_equal(found, GroundTruth(np.array([1, 4]), np.array([1, 7]), box[[0, 0]]))


def test_ids_may_be_text() -> None:
    rng = np.random.default_rng(3)
    detections, truth = draw(rng, 30, 60, 1000, 1.0)

    def as_text(ids: np.ndarray) -> np.ndarray:
        return np.array([f"{one:04d}" for one in ids])

    text = coco_metrics(
        Detections(
            as_text(detections.image_ids),
            as_text(detections.class_ids),
            detections.boxes,
            detections.scores,
        ),
        GroundTruth(
            as_text(truth.image_ids),
            as_text(truth.class_ids),
            truth.boxes,
            truth.is_crowd,
            areas=truth.areas,
        ),
    )
    np.testing.assert_equal(text, coco_metrics(detections, truth))


def test_in_small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few pairs fit the memory, the figures are the same."""
    detections, truth = draw(np.random.default_rng(4), 60, 150, 1000, 1.0)
    expected = coco_metrics(detections, truth)
    for portion in (1, 7, 100):
        monkeypatch.setattr("helpers.metrics.coco_matching.PAIRS_AT_ONCE", portion)
        np.testing.assert_equal(coco_metrics(detections, truth), expected)


def test_match_detections_is_the_same_rule() -> None:
    """The plain function, image by image and class by class, gives the same AP."""
    rng = np.random.default_rng(5)
    for _ in range(40):
        detections, truth = draw(
            rng, 50, 90, int(rng.choice([3, 1000])), float(rng.choice([1, 8]))
        )
        truth = GroundTruth(truth.image_ids, truth.class_ids, truth.boxes)
        found = []
        for label in np.unique(truth.class_ids):
            hits, scores = [], []
            for image in np.union1d(detections.image_ids, truth.image_ids):
                mine = (detections.image_ids == image) & (detections.class_ids == label)
                there = (truth.image_ids == image) & (truth.class_ids == label)
                ious = boxes.iou(detections.boxes[mine], truth.boxes[there])
                hits.append(match_detections(ious, detections.scores[mine], 0.5) >= 0)
                scores.append(detections.scores[mine])
            order = np.argsort(-np.concatenate(scores), kind="stable")
            num_truth = int(np.count_nonzero(truth.class_ids == label))
            curve = precision_recall(np.concatenate(hits)[order], num_truth)
            found.append(average_precision(*curve, "coco"))
        assert coco_metrics(detections, truth)["AP50"] == pytest.approx(
            np.mean(found), abs=1e-12
        )


def test_unknown_and_mixed_ids() -> None:
    box, one = np.array([[0, 0, 9, 9]]), np.array([1])
    found, truth = Detections(one, np.array([4]), box, np.ones(1)), GroundTruth(one, one, box)
    coco_metrics(found, truth, image_ids=np.array([1, 2]), class_ids=np.array([1, 4]))
    with pytest.raises(
        ValueError, match="the detections' class_ids holds 4, which is not among"
    ):
        coco_metrics(found, truth, class_ids=one)
    with pytest.raises(ValueError, match="image_ids holds 1, which is not among the 0 known"):
        coco_metrics(found, truth, image_ids=NO_IDS)
    named = GroundTruth(np.array(["1"]), one, box)
    with pytest.raises(TypeError, match="truth's image_ids holds text, but one id must"):
        coco_metrics(found, named)
    with pytest.raises(TypeError, match="must be a NumPy array"):
        coco_metrics(found, truth, class_ids=[1, 4])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"image_ids": np.array([1, 2])},
            r"image_ids has the shape \(2,\), but it must be \(1,\)",
        ),
        ({"class_ids": np.array([1.0])}, "class_ids is float64, but ids must be whole numbers"),
        (
            {"boxes": np.array([[5, 0, 4, 9]])},
            "boxes has a box, 0, whose x2, 4, is below its x1",
        ),
        ({"scores": np.array([1.5])}, "scores holds 1.5, but every score must be from 0 to 1"),
        ({"scores": np.array([np.nan])}, "scores holds NaN"),
        ({"scores": np.array([1])}, "scores is int64, but scores must be floats"),
        ({"scores": [0.5]}, "scores is a list, but it must be a NumPy array"),
    ],
)
def test_malformed_detections(change: dict[str, Any], message: str) -> None:
    fine = {
        "image_ids": np.array([1]),
        "class_ids": np.array([1]),
        "boxes": np.array([[0, 0, 9, 9]]),
        "scores": np.array([0.5]),
    }
    Detections(**fine)
    with pytest.raises((TypeError, ValueError), match=message):
        Detections(**{**fine, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_crowd": np.array([1])}, r"is_crowd is int64.*is_crowd.astype\(bool\)"),
        ({"is_difficult": np.array([True, False])}, r"is_difficult has the shape \(2,\)"),
        ({"areas": np.array([-1.0])}, "areas holds -1, but every area must be 0 or more"),
        ({"areas": np.array([np.inf])}, "areas holds NaN or infinity"),
        ({"boxes": np.zeros((1, 5))}, r"boxes has the shape \(1, 5\), but it must be \(n, 4\)"),
        ({"image_ids": np.array([None])}, "image_ids is object, but ids must be"),
    ],
)
def test_malformed_truth(change: dict[str, Any], message: str) -> None:
    fine = {
        "image_ids": np.array([1]),
        "class_ids": np.array([1]),
        "boxes": np.array([[0, 0, 9, 9]]),
    }
    with pytest.raises((TypeError, ValueError), match=message):
        GroundTruth(**{**fine, **change})
