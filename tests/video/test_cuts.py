import time
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import datasets, video

# Without their types, since wrong arguments are tested, too.
histogram_changes: Any = video.histogram_changes
shot_cuts: Any = video.shot_cuts

# Where a new shot begins, found by eye.
CUTS = {
    "bigbuckbunny": [],
    "bikes": [30, 76, 137, 187, 242],
    "city_night": [116],
    "pedestrians": [],
}


def random_frames(rng: np.random.Generator) -> np.ndarray:
    shape = (*rng.integers(1, 7, 3), int(rng.choice([1, 3])))
    low, high = sorted(rng.choice(257, 2, replace=False))
    return rng.integers(low, high, shape).astype(np.uint8)


def half_the_distance(histograms: Any) -> np.ndarray:
    """Of shares, (num_frames, channels, bins)."""
    return np.abs(np.diff(np.array(histograms), axis=0)).sum(axis=2).mean(axis=1) / 2


def test_equals_numpys_histogram() -> None:
    rng = np.random.default_rng(0)
    for _ in range(2000):
        frames = random_frames(rng)
        num_bins = int(rng.integers(1, 300))
        histograms = [
            [np.histogram(frame[..., c], num_bins, (0, 256))[0] for c in range(frame.shape[-1])]
            for frame in frames
        ]
        expected = half_the_distance(np.array(histograms) / frames[0, ..., 0].size)
        got = histogram_changes(frames, num_bins)
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, atol=1e-12)


def test_equals_opencvs_histogram() -> None:
    rng = np.random.default_rng(1)
    for _ in range(2000):
        frames = random_frames(rng)
        num_bins = int(rng.choice([1, 2, 4, 8, 16, 32, 64, 128, 256]))
        histograms = [
            [
                cv2.calcHist([frame], [c], None, [num_bins], [0, 256]).ravel()
                for c in range(frame.shape[-1])
            ]
            for frame in frames
        ]
        expected = half_the_distance(np.array(histograms, float) / frames[0, ..., 0].size)
        got = histogram_changes(frames, num_bins)
        np.testing.assert_allclose(got, expected, atol=1e-12)


def test_the_facts_of_a_histogram() -> None:
    rng = np.random.default_rng(2)
    frame = rng.integers(0, 256, (7, 9, 3), dtype=np.uint8)
    moved = rng.permuted(frame.reshape(63, 3), axis=0).reshape(7, 9, 3)
    assert histogram_changes(np.stack([frame, moved])).tolist() == [0.0]
    black_and_white = np.zeros((3, 5, 7, 3), np.uint8)
    black_and_white[1] = 255
    assert histogram_changes(black_and_white, 2).tolist() == [1.0, 1.0]
    assert histogram_changes(black_and_white, 1).tolist() == [0.0, 0.0]
    assert histogram_changes(frame[np.newaxis]).shape == (0,)
    many = rng.integers(0, 256, (200, 3, 5, 3), dtype=np.uint8)
    changes = histogram_changes(many, 256)
    assert changes.min() >= 0 and changes.max() <= 1  # and not a hair above
    np.testing.assert_array_equal(histogram_changes(many[::-1], 256), changes[::-1])


def test_frames_are_kept_and_a_long_clip_is_fast() -> None:
    frames = np.random.default_rng(3).integers(0, 256, (400, 144, 192, 3), dtype=np.uint8)
    frames.flags.writeable = False
    histogram_changes(frames[:2])
    start = time.perf_counter()
    histogram_changes(frames)
    assert time.perf_counter() - start < 2  # 0.1 s, unless the machine is busy


def shots_by_definition(changes: Any, threshold: float, min_frames: int) -> list[int]:
    """Frame by frame: every frame but the first goes on with its shot or begins another."""
    shots = [[0]]
    for frame, change in enumerate(changes, start=1):
        if change > threshold and len(shots[-1]) >= min_frames:
            shots.append([])
        shots[-1].append(frame)
    return [shot[0] for shot in shots[1:]]


@given(
    st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])),
    st.sampled_from([0.0, 0.2, 0.4, 1.0]),
    st.integers(1, 12),
)
def test_shot_cuts_by_definition(changes: Any, threshold: float, min_frames: int) -> None:
    got = shot_cuts(np.array(changes, float), threshold, min_frames)
    assert got.dtype == np.int64
    assert got.tolist() == shots_by_definition(changes, threshold, min_frames)


def test_random_cuts_by_definition() -> None:
    rng = np.random.default_rng(4)
    for _ in range(3000):
        changes = rng.random(rng.integers(0, 60)) ** 3
        args = changes, float(rng.random()), int(rng.integers(1, 15))
        assert shot_cuts(*args).tolist() == shots_by_definition(*args)


def test_a_flash_is_one_cut() -> None:
    frames = np.full((40, 4, 6, 3), 60, np.uint8)
    frames[20:22] = 250
    changes = histogram_changes(frames)
    assert shot_cuts(changes, 0.5, 1).tolist() == [20, 22]
    assert shot_cuts(changes, 0.5, 3).tolist() == [20]


def test_no_frames_and_one() -> None:
    one = np.zeros((1, 4, 4, 3), np.uint8)
    assert shot_cuts(histogram_changes(one), 0.5, 10).tolist() == []
    with pytest.raises(ValueError, match="frames has the shape"):
        histogram_changes(one[:0])


@pytest.mark.parametrize("name", datasets.REAL_CLIPS)
def test_finds_the_cuts_of_the_real_clips(name: str) -> None:
    path = datasets.real_clip(name)
    indices = np.arange(video.probe(path).num_frames)
    small = [  # every fourth pixel, in parts, to spare time and memory
        video.read_frames(path, part)[:, ::4, ::4] for part in np.array_split(indices, 4)
    ]
    changes = histogram_changes(np.concatenate(small))
    for threshold in (0.12, 0.15, 0.18):
        assert shot_cuts(changes, threshold, 10).tolist() == CUTS[name]


@pytest.mark.parametrize(
    ("args", "error", "match"),
    [
        (([[1]],), TypeError, "frames is a list"),
        ((np.zeros((2, 4, 4, 3)),), TypeError, "frames is float64"),
        ((np.zeros((4, 4, 3), np.uint8),), ValueError, "frames has the shape"),
        ((np.zeros((2, 4, 4, 3), np.uint8), 0), ValueError, "num_bins is 0"),
        ((np.zeros((2, 4, 4, 3), np.uint8), 16.0), TypeError, "num_bins is 16.0"),
    ],
)
def test_wrong_frames_are_named(args: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        histogram_changes(*args)


@pytest.mark.parametrize(
    ("args", "error", "match"),
    [
        (([0.1], 0.5, 1), TypeError, "changes is a list"),
        ((np.array([0.1, np.nan]), 0.5, 1), ValueError, "changes holds NaN"),
        ((np.array([0.1, 30.0]), 0.5, 1), ValueError, "changes holds 30"),
        ((np.zeros((2, 2)), 0.5, 1), ValueError, "changes has the shape"),
        ((np.array([0, 1]), 0.5, 1), TypeError, "changes is int64"),
        ((np.array([0.1]), 27, 1), ValueError, "threshold is 27"),
        ((np.array([0.1]), 0.5, 0), ValueError, "min_frames is 0"),
        ((np.array([0.1]), 0.5, 1.5), TypeError, "min_frames is 1.5"),
    ],
)
def test_wrong_changes_are_named(args: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        shot_cuts(*args)
