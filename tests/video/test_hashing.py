from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from helpers import datasets, preprocessing, video

# Without their types, since wrong arguments are tested, too.
difference_hash: Any = video.difference_hash
hash_distances: Any = video.hash_distances


def parts(length: int, num_cells: int) -> list[list[tuple[int, Fraction]]]:
    """For each cell, the pixels in it, and how much of each lies there."""
    cells = []
    for k in range(num_cells):
        low, high = Fraction(k * length, num_cells), Fraction((k + 1) * length, num_cells)
        inside = [
            (p, min(high, Fraction(p + 1)) - max(low, Fraction(p))) for p in range(length)
        ]
        cells.append([(p, part) for p, part in inside if part > 0])
    return cells


def hash_by_definition(frame: np.ndarray) -> list[bool]:
    """In fractions, so that nothing is rounded."""
    height, width, channels = frame.shape
    grey = [[Fraction(sum(pixel), channels) for pixel in row] for row in frame.tolist()]
    bits = []
    for rows in parts(height, 8):
        cells = [
            sum(a * b * grey[y][x] for y, a in rows for x, b in columns)
            for columns in parts(width, 9)
        ]
        bits += [left < right for left, right in pairwise(cells)]
    return bits


def test_equals_its_definition_in_fractions() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        shape = (*rng.integers(1, 22, 2), int(rng.choice([1, 3])))
        high = int(rng.choice([2, 3, 256]))  # with few values there are many ties
        frame = rng.integers(0, high, shape).astype(np.uint8)
        (got,) = difference_hash(frame[np.newaxis])
        assert got.tolist() == hash_by_definition(frame)


def test_equals_opencvs_mean_of_areas() -> None:
    rng = np.random.default_rng(1)
    for _ in range(2000):
        height, width = (int(n) for n in rng.integers([8, 9], 60))
        frame = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        grey = frame.mean(axis=2)
        cells = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA)
        clear = np.abs(np.diff(cells, axis=1)) > 1e-2  # OpenCV rounds a little
        (got,) = difference_hash(frame[np.newaxis]).reshape(1, 8, 8)
        expected = cells[:, :-1] < cells[:, 1:]
        np.testing.assert_array_equal(got[clear], expected[clear])


def test_a_frame_does_not_depend_on_the_others() -> None:
    frames = np.random.default_rng(2).integers(0, 256, (5, 13, 30, 3), dtype=np.uint8)
    frames.flags.writeable = False
    got = difference_hash(frames)
    assert got.shape == (5, 64) and got.dtype == np.bool_
    for frame, bits in zip(frames, got, strict=True):
        np.testing.assert_array_equal(difference_hash(frame[np.newaxis])[0], bits)


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (8, 9), (11, 17), (144, 192), (577, 769)])
@pytest.mark.parametrize("value", [0, 77, 255])
def test_a_flat_picture_has_no_bit_at_any_size(size: tuple[int, int], value: int) -> None:
    assert not difference_hash(np.full((1, *size, 3), value, np.uint8)).any()


def test_the_size_of_the_pixels_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        frames = rng.integers(0, 256, (2, *rng.integers(1, 20, 2), 3), dtype=np.uint8)
        down, right = rng.integers(1, 5, 2)
        larger = frames.repeat(down, axis=1).repeat(right, axis=2)
        np.testing.assert_array_equal(difference_hash(larger), difference_hash(frames))


def test_brightness_and_contrast_do_not_matter() -> None:
    rng = np.random.default_rng(4)
    for _ in range(500):
        frames = rng.integers(0, 60, (2, *rng.integers(1, 30, 2), 3), dtype=np.uint8)
        changed = (frames * int(rng.integers(1, 4)) + int(rng.integers(0, 70))).astype(np.uint8)
        np.testing.assert_array_equal(difference_hash(changed), difference_hash(frames))


def test_a_mirrored_picture_has_the_mirrored_bits() -> None:
    frames = np.random.default_rng(5).integers(0, 256, (9, 24, 27, 3), dtype=np.uint8)
    bits = difference_hash(frames).reshape(9, 8, 8)
    mirrored = difference_hash(frames[:, :, ::-1]).reshape(9, 8, 8)
    np.testing.assert_array_equal(mirrored, ~bits[:, :, ::-1])  # no ties among these
    upside_down = difference_hash(frames[:, ::-1]).reshape(9, 8, 8)
    np.testing.assert_array_equal(upside_down, bits[:, ::-1])


@pytest.fixture(scope="module")
def frames_of_clips() -> dict[str, np.ndarray]:
    """Eight frames of each real clip, in full size."""
    return {name: video.read_clip(datasets.real_clip(name), 8) for name in datasets.REAL_CLIPS}


def test_finds_a_smaller_and_worse_copy_again(
    frames_of_clips: dict[str, np.ndarray], tmp_path: Path
) -> None:
    for name, frames in frames_of_clips.items():
        even = preprocessing.resize_clip(frames, 120)
        even = even[:, :, : even.shape[2] // 2 * 2]
        path = tmp_path / f"{name}.mp4"
        video.write_video(path, even, 25)
        copy = video.read_frames(path, range(len(even)))
        distances = hash_distances(difference_hash(frames), difference_hash(copy))
        assert np.diagonal(distances).max() <= 6


def test_tells_different_clips_apart(frames_of_clips: dict[str, np.ndarray]) -> None:
    hashes = {name: difference_hash(frames) for name, frames in frames_of_clips.items()}
    for one, hashes_of_one in hashes.items():
        for other, hashes_of_other in hashes.items():
            if one != other:
                assert hash_distances(hashes_of_one, hashes_of_other).min() >= 12


def test_distances_equal_counting() -> None:
    rng = np.random.default_rng(6)
    for _ in range(1000):
        n, m = rng.integers(0, 9, 2)
        a, b = rng.random((n, 64)) < rng.random(), rng.random((m, 64)) < rng.random()
        got = hash_distances(a, b)
        assert got.shape == (n, m) and got.dtype == np.int64
        np.testing.assert_array_equal(got, (a[:, np.newaxis] != b).sum(axis=2))


@pytest.mark.parametrize(
    ("frames", "error", "match"),
    [
        ([[1]], TypeError, "frames is a list"),
        (np.zeros((2, 8, 9, 3)), TypeError, "frames is float64"),
        (np.zeros((8, 9, 3), np.uint8), ValueError, "frames has the shape"),
        (np.zeros((0, 8, 9, 3), np.uint8), ValueError, "frames has the shape"),
        (np.zeros((2, 8, 9, 4), np.uint8), ValueError, "4 channels"),
    ],
)
def test_wrong_frames_are_named(frames: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        difference_hash(frames)


@pytest.mark.parametrize(
    ("wrong", "error", "match"),
    [
        ([True] * 64, TypeError, "is list, .* difference_hash"),
        (np.zeros((2, 64), np.uint8), TypeError, "is uint8"),
        (np.zeros(64, bool), ValueError, r"shape \(64,\)"),
        (np.zeros((2, 63), bool), ValueError, r"shape \(2, 63\)"),
    ],
)
def test_wrong_hashes_are_named(wrong: Any, error: type[Exception], match: str) -> None:
    right = np.zeros((3, 64), bool)
    with pytest.raises(error, match=f"a .*{match}"):
        hash_distances(wrong, right)
    with pytest.raises(error, match=f"b .*{match}"):
        hash_distances(right, wrong)
