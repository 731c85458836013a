"""Frames of clips as images, detections from scored boxes, and which objects were found."""

from typing import Any

import numpy as np
import pytest

from helpers import boxes, datasets, detectors, metrics
from helpers.detectors.postprocessing import FrameDetector

OPTIONS: dict[str, Any] = {
    "num_frames": 3,
    "size": 32,
    "channels": 3,
    "motions": ("free",),
    "shapes": ("circle", "square"),
}


def clips(num_objects: int, **changes: Any) -> datasets.Clips:
    return datasets.moving_shapes(2, seed=0, num_objects=num_objects, **OPTIONS | changes)


def test_each_image_has_its_own_objects() -> None:
    some = [clips(3), clips(5)]
    got = detectors.frames(*some, min_visible=0)
    assert len(got) == 12 and got.class_names == ("circle", "square")
    for index in range(12):
        part, (clip, frame) = some[index // 6], divmod(index % 6, 3)
        np.testing.assert_array_equal(got.images[index], part.video[clip, frame])
        there, class_ids = got.objects(index)
        np.testing.assert_array_equal(there, part.boxes[clip, frame])
        np.testing.assert_array_equal(class_ids, part.object_label[clip])
        rows = got.truth.image_ids == index
        np.testing.assert_array_equal(got.visible[rows], part.visible[clip, frame])


def test_what_is_hidden_is_left_out() -> None:
    some = clips(8)
    everything = detectors.frames(some, min_visible=0)
    for share in (0.1, 0.5):
        got = detectors.frames(some, min_visible=share)
        kept = everything.visible >= share
        assert 0 < kept.sum() < kept.size
        np.testing.assert_array_equal(got.truth.boxes, everything.truth.boxes[kept])
        np.testing.assert_array_equal(got.truth.class_ids, everything.truth.class_ids[kept])
        np.testing.assert_array_equal(got.truth.image_ids, everything.truth.image_ids[kept])
    default = detectors.frames(some)
    assert default.visible.min() >= 0.1
    assert len(default.visible) == (everything.visible >= 0.1).sum()


def test_malformed_clips() -> None:
    with pytest.raises(ValueError, match="clips is empty"):
        detectors.frames()
    with pytest.raises(TypeError, match="clips holds a ndarray"):
        detectors.frames(np.zeros((2, 3, 32, 32, 3)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"frames of \(32, 32, 3\) and of \(40, 40, 3\)"):
        detectors.frames(clips(3), clips(3, size=40))
    with pytest.raises(ValueError, match="their kinds of object must be the same"):
        detectors.frames(clips(3), clips(3, shapes=("square", "circle")))
    with pytest.raises(ValueError, match="min_visible is 10"):
        detectors.frames(clips(3), min_visible=10)


def test_postprocess_by_hand() -> None:
    found = np.array([[0, 0, 10, 10], [0, 0, 10, 8], [20, 20, 30, 30]])
    scores = np.array([[0.6, 0.05], [0.9, 0.2], [0.3, 0.7]])
    # Class 0: box 1 suppresses box 0, whose IoU with it is 0.8. Box 2 is both.
    kept, kept_scores, class_ids = detectors.postprocess(found, scores)
    assert kept.tolist() == [found[i].tolist() for i in (1, 2, 2, 1)]
    assert kept_scores.tolist() == [0.9, 0.7, 0.3, 0.2]
    assert class_ids.tolist() == [0, 1, 0, 1]
    # At the threshold a score does not count, and an overlap does not suppress.
    kept, kept_scores, _ = detectors.postprocess(found, scores, 0.3, 0.8)
    assert kept_scores.tolist() == [0.9, 0.7, 0.6]
    # The limit comes before the suppression: box 0 takes a place and then goes.
    _, kept_scores, _ = detectors.postprocess(found, scores, max_candidates=3)
    assert kept_scores.tolist() == [0.9, 0.7]


def test_postprocess_of_equal_scores_and_of_none() -> None:
    found = np.array([[0, 0, 1, 1], [5, 5, 6, 6]])
    kept, _, class_ids = detectors.postprocess(found, np.full((2, 2), 0.5), max_candidates=3)
    assert (kept[:, 0].tolist(), class_ids.tolist()) == ([0, 0, 5], [0, 1, 0])
    kept, scores, class_ids = detectors.postprocess(found, np.zeros((2, 2)))
    assert (kept.shape, scores.shape, class_ids.shape) == ((0, 4), (0,), (0,))


def test_perfect_predictions_come_through_whole() -> None:
    """From the truth to each point's targets, back to boxes, and to average precision."""
    some = detectors.frames(clips(3, object_size=(10, 16)))
    points = detectors.points((32, 32), stride=1)
    rows = []
    for index in range(len(some)):
        labels, distances = detectors.point_targets(points, *some.objects(index), (0, np.inf))
        scores = np.eye(2)[labels] * (labels >= 0)[:, None]
        scores *= detectors.centerness(distances)[:, None]
        kept = detectors.postprocess(
            np.asarray(detectors.to_boxes(points, distances)), scores, max_candidates=1024
        )
        rows.append((np.full(len(kept[1]), index), kept[2], kept[0], kept[1]))
    found = metrics.Detections(*(np.concatenate(parts) for parts in zip(*rows, strict=True)))
    is_found = detectors.is_found(found, some.truth, iou_threshold=0.95, score_threshold=0)
    # Only what has no point of its own behind a smaller one, or overlaps its like too much.
    for missed in np.flatnonzero(~is_found):
        others = (some.truth.image_ids == some.truth.image_ids[missed]) & (
            np.arange(len(is_found)) != missed
        )
        overlap = boxes.iou(some.truth.boxes[[missed]], some.truth.boxes[others])
        assert overlap.max() > 0.4
    assert is_found.mean() > 0.9


def test_is_found() -> None:
    there = np.array([[0, 0, 10, 10], [0, 0, 10, 10], [50, 0, 60, 10], [0, 0, 10, 10]])
    truth = metrics.GroundTruth(np.array([0, 0, 0, 1]), np.array([0, 1, 0, 0]), there)

    def found(rows: list[tuple[int, int, list[int], float]], **options: Any) -> list[bool]:
        images, class_ids, found_boxes, scores = zip(*rows, strict=True)
        detections = metrics.Detections(
            np.array(images), np.array(class_ids), np.array(found_boxes), np.array(scores)
        )
        return detectors.is_found(detections, truth, **options).tolist()

    exact, near = [0, 0, 10, 10], [0, 0, 10, 6]
    assert found([(0, 0, exact, 0.9)]) == [True, False, False, False]
    assert found([(0, 1, exact, 0.9), (1, 0, near, 0.9)]) == [False, True, False, True]
    assert found([(1, 0, near, 0.9)], iou_threshold=0.7) == [False] * 4
    assert found([(0, 0, exact, 0.49)]) == [False] * 4
    assert found([(0, 0, exact, 0.5)]) == [True, False, False, False]
    # Two detections of one object are one object.
    assert found([(0, 0, exact, 0.9), (0, 0, near, 0.8)]) == [True, False, False, False]
    with pytest.raises(ValueError, match="score_threshold is 30"):
        found([(0, 0, exact, 0.9)], score_threshold=30)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"scores": np.array([0.5])},
            r"scores is \(1,\), but it must be an array \(1, classes\)",
        ),
        ({"scores": np.array([[3.0]])}, "scores holds 3.*sigmoid"),
        ({"scores": np.zeros((2, 1))}, r"scores is \(2, 1\)"),
        ({"boxes": np.array([[1, 0, 0, 1]])}, "boxes has a box, 0"),
        ({"score_threshold": 5}, "score_threshold is 5"),
        ({"iou_threshold": 60}, "iou_threshold is 60"),
        ({"max_candidates": 0}, "max_candidates is 0"),
    ],
)
def test_malformed_predictions(change: dict[str, Any], message: str) -> None:
    fine: dict[str, Any] = {"boxes": np.array([[0, 0, 1, 1]]), "scores": np.array([[0.5]])}
    detectors.postprocess(**fine)
    with pytest.raises((TypeError, ValueError), match=message):
        detectors.postprocess(**{**fine, **change})


class Counting(FrameDetector):
    """Finds as many boxes as an image's value says, apart from one another, of two classes."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        return (None, 8, 8, 1)

    def predict(self, images: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        self.batches.append(len(images))
        counts = images[:, 0, 0, 0].tolist()
        return (
            [np.array([0.0, 0, 4, 4]) + 4 * np.arange(count)[:, None] for count in counts],
            [np.tile([0.9, 0.2], (count, 1)) for count in counts],
        )


def test_each_of_many_images_keeps_its_detections() -> None:
    counts = np.arange(130) % 3
    images = np.ones((130, 8, 8, 1), np.uint8) * counts[:, None, None, None].astype(np.uint8)
    detector = Counting()
    found = detector.detect(images, score_threshold=0.5)
    assert sum(detector.batches) == 130 and max(detector.batches) <= 64
    np.testing.assert_array_equal(found.image_ids, np.arange(130).repeat(counts))
    np.testing.assert_array_equal(found.boxes[:3, 0], [0, 0, 4])  # of the images 1, 2 and 2
    assert not found.class_ids.any() and (found.scores == 0.9).all()
    both = detector.detect(images, score_threshold=0.1)
    np.testing.assert_array_equal(both.image_ids, np.arange(130).repeat(2 * counts))
    # A shift by 4 of 4 pixels overlaps nothing, so that only the same class twice could go.
    np.testing.assert_array_equal(both.class_ids[:6], [0, 1, 0, 0, 1, 1])
