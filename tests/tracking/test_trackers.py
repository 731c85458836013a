"""SORT and ByteTrack against plain ones, written from the published code's description."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from helpers import boxes as course_boxes
from helpers.metrics import Tracks
from helpers.tracking import ByteTrack, Sort, run

NONE = np.zeros((0, 4))


class PlainTrack:
    """A Kalman filter for each box, with inverses and without Joseph's form."""

    F = np.eye(7) + np.diag([1, 1, 1, 0], 4)[:7, :7] * np.array([[1, 1, 1, 0, 0, 0, 0]]).T
    H = np.eye(4, 7)
    Q = np.diag([1, 1, 1, 1, 1e-2, 1e-2, 1e-4])
    R = np.diag([1.0, 1, 10, 10])

    def __init__(self, number: int, box: np.ndarray) -> None:
        self.number, self.seen = number, False
        self.since_update = self.streak = 0
        self.x = np.append(self.measured(box), [0, 0, 0])
        self.P = np.diag([10.0] * 4 + [10_000.0] * 3)

    @staticmethod
    def measured(box: np.ndarray) -> list[float]:
        x1, y1, x2, y2 = box.tolist()
        return [(x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) * (y2 - y1), (x2 - x1) / (y2 - y1)]

    def box(self) -> list[float]:
        x, y, area, ratio = self.x[:4]
        width = np.sqrt(area * ratio)
        height = area / width
        return [x - width / 2, y - height / 2, x + width / 2, y + height / 2]

    def predict(self) -> None:
        if self.x[2] + self.x[6] <= 0:
            self.x[6] = 0
        self.x, self.P = self.F @ self.x, self.F @ self.P @ self.F.T + self.Q
        if self.since_update > 0:
            self.streak = 0
        self.since_update += 1

    def update(self, box: np.ndarray) -> None:
        self.since_update = 0
        self.streak += 1
        gain = self.P @ self.H.T @ np.linalg.inv(self.H @ self.P @ self.H.T + self.R)
        self.x = self.x + gain @ (self.measured(box) - self.H @ self.x)
        self.P = (np.eye(7) - gain @ self.H) @ self.P


class Plain:
    """Both trackers; without scores it is SORT."""

    def __init__(self, max_age: int, min_hits: int, **settings: float) -> None:
        self.max_age, self.min_hits, self.settings = max_age, min_hits, settings
        self.tracks: list[PlainTrack] = []
        self.numbers = itertools.count(1)
        self.frame = 0

    def pair(
        self, tracks: list[PlainTrack], boxes: np.ndarray, near: list[int], threshold: float
    ) -> Iterator[tuple[PlainTrack, int]]:
        predicted = np.array([track.box() for track in tracks]).reshape(-1, 4)
        ious = course_boxes.iou(boxes[near], predicted)
        for d, t in zip(*linear_sum_assignment(-ious), strict=True):
            if not ious[d, t] < threshold:
                yield tracks[t], near[d]

    def update(self, boxes: np.ndarray, scores: Any = None) -> tuple[np.ndarray, np.ndarray]:
        self.frame += 1
        for track in self.tracks:
            track.predict()
        is_byte = scores is not None
        scores = np.ones(len(boxes)) if scores is None else scores
        high = [i for i, s in enumerate(scores) if s > self.settings.get("high_score", 0)]
        pairs = list(self.pair(self.tracks, boxes, high, self.settings["iou_threshold"]))
        taken = {i for _, i in pairs}
        if is_byte:
            matched = {track for track, _ in pairs}
            left = [
                track
                for track in self.tracks
                if track not in matched and track.since_update == 1
            ]
            low = [
                i
                for i, s in enumerate(scores)
                if self.settings["low_score"] < s <= self.settings["high_score"]
            ]
            pairs += self.pair(left, boxes, low, self.settings["low_iou_threshold"])
        for track, i in pairs:
            track.update(boxes[i])
        for i in high:
            if i not in taken and scores[i] >= self.settings.get("start_score", 0):
                self.tracks.append(PlainTrack(next(self.numbers), boxes[i]))
        kept, shown = [], []
        for track in self.tracks:
            if track.since_update < 1 and (
                track.streak >= self.min_hits or self.frame <= self.min_hits
            ):
                track.seen = True
                shown.append(track)
            is_over = track.since_update > self.max_age
            if not is_over and not (is_byte and track.since_update and not track.seen):
                kept.append(track)
        self.tracks = kept
        numbers = [track.number for track in shown]
        return np.array([track.box() for track in shown]).reshape(-1, 4), np.array(numbers)


def draw_scene(rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Frames of boxes that move, grow or shrink, hide, and of false ones; and their scores."""
    count = int(rng.integers(0, 6))
    corner, velocity = rng.random((count, 2)) * 60, rng.normal(0, 2, (count, 2))
    size, growth = rng.random((count, 2)) * 15 + 5, rng.normal(0, 0.08, (count, 1))
    for frame in range(int(rng.integers(2, 25))):
        low = corner + velocity * frame
        moved = np.concatenate([low, low + size * np.exp(growth * frame)], axis=1)
        moved += rng.normal(0, 0.4, moved.shape)
        moved = moved[rng.random(count) < 0.85]
        false = rng.random((int(rng.integers(0, 3)), 2)) * 60
        false = np.concatenate([false, false + rng.random(false.shape) * 10 + 2], axis=1)
        both = np.concatenate([moved, false])
        both = both[(both[:, 2:] - both[:, :2] > 0.5).all(axis=1)]
        yield rng.permutation(both), rng.random(len(both))


def assert_same(got: tuple[np.ndarray, np.ndarray], expected: Any) -> int:
    assert got[1].tolist() == expected[1].tolist()
    assert [each.dtype for each in got] == [np.float64, np.int64]
    np.testing.assert_allclose(got[0], expected[0], rtol=1e-7, atol=1e-7)
    return len(got[1])


def test_sort_equals_a_plain_one() -> None:
    rng = np.random.default_rng(0)
    shown = 0
    for _ in range(60):
        rules = int(rng.integers(0, 4)), int(rng.integers(0, 5))
        threshold = float(rng.choice([0.1, 0.3, 0.5]))
        tracker, plain = Sort(*rules, threshold), Plain(*rules, iou_threshold=threshold)
        for boxes, _ in draw_scene(rng):
            shown += assert_same(tracker.update(boxes), plain.update(boxes))
    assert shown > 500


def test_bytetrack_equals_a_plain_one() -> None:
    rng = np.random.default_rng(1)
    shown = 0
    for _ in range(60):
        settings = {
            "high_score": float(rng.choice([0.4, 0.6])),
            "low_score": float(rng.choice([0.1, 0.2])),
            "start_score": float(rng.choice([0.5, 0.7])),
            "iou_threshold": float(rng.choice([0.1, 0.2])),
            "low_iou_threshold": float(rng.choice([0.3, 0.5])),
            "max_age": int(rng.integers(0, 8)),
            "min_hits": int(rng.integers(0, 3)),
        }
        tracker, plain = ByteTrack(**settings), Plain(**settings)  # type: ignore[arg-type]
        for boxes, scores in draw_scene(rng):
            shown += assert_same(tracker.update(boxes, scores), plain.update(boxes, scores))
    assert shown > 500


def test_bytetrack_is_sort_where_all_scores_are_high() -> None:
    """Without hits to wait for, every track is shown at once, and none dropped unseen."""
    rng = np.random.default_rng(2)
    for _ in range(30):
        byte, sort = ByteTrack(min_hits=0, max_age=2), Sort(2, 0, iou_threshold=0.2)
        for boxes, _ in draw_scene(rng):
            assert_same(byte.update(boxes, np.ones(len(boxes))), sort.update(boxes))


def moving(*columns: int | None) -> list[np.ndarray]:
    """A box at these columns, frame by frame; None where it is not detected."""
    return [NONE if x is None else np.array([[x, 0, x + 10, 10]]) for x in columns]


def test_sort_shows_what_is_confirmed_and_in_the_first_frames_all() -> None:
    at_once = run(Sort(), moving(0, 1, 2, 3))
    assert at_once.frame_ids.tolist() == [0, 1, 2, 3]
    # One that appears in frame 3: three hits after the start, frame 6.
    late = run(Sort(), moving(None, None, None, 3, 4, 5, 6))
    assert late.frame_ids.tolist() == [6]


def test_sort_keeps_a_track_for_max_age_frames() -> None:
    gap = [0, 1, 2, 3, None, 5, 6, 7, 8]
    assert set(run(Sort(), moving(*gap)).track_ids.tolist()) == {1}
    longer = [0, 1, 2, 3, None, None, 6, 7, 8, 9]
    assert set(run(Sort(), moving(*longer)).track_ids.tolist()) == {1, 2}
    assert set(run(Sort(max_age=2), moving(*longer)).track_ids.tolist()) == {1}


def test_an_area_that_shrinks_stays_above_0() -> None:
    tracker = Sort(max_age=100)
    for size in (40, 30, 20, 10):
        tracker.update(np.array([[0, 0, size, size]]))
    for _ in range(50):
        tracker.update(NONE)
    boxes, track_ids = tracker.update(np.array([[0.0, 0, 1, 1]]))
    assert np.isfinite(boxes).all() and track_ids.shape == (0,)


def test_bytetrack_looks_at_low_scores() -> None:
    boxes = moving(0, 1, 2, 3, 4, 5, 6, 7)
    scores = [np.array([s]) for s in (0.9, 0.9, 0.3, 0.3, 0.3, 0.3, 0.9, 0.9)]
    both = run(ByteTrack(), boxes, scores)
    assert both.frame_ids.tolist() == list(range(8)) and set(both.track_ids.tolist()) == {1}
    high = [b[s > 0.6] for b, s in zip(boxes, scores, strict=True)]
    assert set(run(Sort(min_hits=1), high).track_ids.tolist()) == {1, 2}


def test_bytetrack_starts_nothing_from_low_scores() -> None:
    boxes = moving(*range(8))
    for score in (0.05, 0.1, 0.3, 0.6, 0.65):
        assert len(run(ByteTrack(), boxes, [np.array([score])] * 8)) == 0
    assert len(run(ByteTrack(), boxes, [np.array([0.7])] * 8)) == 8


def test_bytetrack_gives_no_low_score_to_a_track_that_was_lost_before() -> None:
    boxes = moving(0, 0, None, 0, 0)
    scores = [np.full(len(b), s) for b, s in zip(boxes, (0.9, 0.9, 0.0, 0.3, 0.9), strict=True)]
    assert run(ByteTrack(), boxes, scores).frame_ids.tolist() == [0, 1, 4]


def test_two_trackers_number_their_tracks_on_their_own() -> None:
    for tracker in (Sort(), Sort()):
        assert tracker.update(moving(0)[0])[1].tolist() == [1]


def test_run_gives_tracks() -> None:
    tracks = run(Sort(), [])
    assert isinstance(tracks, Tracks) and len(tracks) == 0
    tracks = run(Sort(), [NONE, *moving(0)])
    assert tracks.frame_ids.tolist() == [1]
    with pytest.raises(ValueError, match="zip"):
        run(ByteTrack(), moving(0, 1), [np.ones(1)])


def test_malformed() -> None:
    with pytest.raises(ValueError, match="max_age is -1"):
        Sort(max_age=-1)
    with pytest.raises(TypeError, match=r"min_hits is 0\.5"):
        ByteTrack(min_hits=0.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="iou_threshold is 0,"):
        Sort(iou_threshold=0)
    with pytest.raises(ValueError, match="low_iou_threshold is 2"):
        ByteTrack(low_iou_threshold=2)
    with pytest.raises(ValueError, match="high_score is 60"):
        ByteTrack(high_score=60)
    with pytest.raises(ValueError, match=r"boxes has a box, 0, .*without width or height"):
        Sort().update(np.array([[0, 0, 0, 5]]))
    with pytest.raises(ValueError, match=r"scores has the shape \(2,\)"):
        ByteTrack().update(np.array([[0, 0, 5, 5]]), np.ones(2))
