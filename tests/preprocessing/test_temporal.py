import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.preprocessing import jitter_indices, temporal_mask


@given(st.integers(1, 50), st.integers(-60, 60), st.data())
def test_one_offset_shifts_the_whole_clip(
    num_frames: int, offset: int, data: st.DataObject
) -> None:
    indices = sorted(data.draw(st.lists(st.integers(0, num_frames - 1), max_size=8)))
    got = jitter_indices(np.array(indices, int), offset, num_frames)
    assert got.tolist() == [min(max(i + offset, 0), num_frames - 1) for i in indices]


def test_an_offset_for_each_index() -> None:
    indices = np.array([2, 6, 10, 14])
    got = jitter_indices(indices, np.array([-3, 1, 0, 9]), num_frames=16)
    assert got.tolist() == [0, 7, 10, 15]
    assert indices.tolist() == [2, 6, 10, 14]


def test_time_never_runs_backwards() -> None:
    assert jitter_indices(np.array([0, 4]), np.array([2, -2]), 9).tolist() == [2, 2]
    with pytest.raises(ValueError, match=r"run backwards: \[3 2\]"):
        jitter_indices(np.array([0, 4]), np.array([3, -2]), 9)


def test_bad_indices_are_one_clear_error() -> None:
    with pytest.raises(TypeError, match="indices is float64"):
        jitter_indices(np.array([0.0, 1.0]), 0, 4)
    with pytest.raises(TypeError, match="offsets is float64"):
        jitter_indices(np.array([0, 1]), 0.5, 4)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"indices has the shape \(2,\) and offsets \(3,\)"):
        jitter_indices(np.array([0, 1]), np.array([0, 1, 2]), 4)
    with pytest.raises(ValueError, match="num_frames is 0"):
        jitter_indices(np.array([0]), 0, 0)


@given(st.integers(1, 6), st.data())
def test_a_mask_is_black_and_the_rest_is_kept(num_frames: int, data: st.DataObject) -> None:
    clip = np.random.default_rng(0).integers(1, 256, (num_frames, 2, 3, 3), dtype=np.uint8)
    before = clip.copy()
    start = data.draw(st.integers(0, num_frames))
    length = data.draw(st.integers(0, num_frames - start))
    masked = temporal_mask(clip, start, length)
    for i in range(num_frames):
        expected = 0 if start <= i < start + length else before[i]
        assert (masked[i] == expected).all()
    np.testing.assert_array_equal(clip, before)
    assert not np.shares_memory(masked, clip)


def test_a_bad_mask_is_one_clear_error() -> None:
    clip = np.zeros((4, 2, 2, 3), np.uint8)
    with pytest.raises(ValueError, match="start is 3 and length 2, but the clip has 4 frames"):
        temporal_mask(clip, 3, 2)
    with pytest.raises(ValueError, match="length is -1"):
        temporal_mask(clip, 3, -1)
    with pytest.raises(TypeError, match="clip is float64"):
        temporal_mask(clip / 255, 0, 1)
