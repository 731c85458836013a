from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import video

# Without their types, since wrong arguments are tested, too.
sample_indices: Any = video.sample_indices
sample_dense: Any = video.sample_dense
sample_segments: Any = video.sample_segments

counts = st.integers(1, 10_000)
clip_lengths = st.integers(1, 200)


@given(counts, clip_lengths)
def test_uniform_takes_the_middle_of_each_segment(total: int, num: int) -> None:
    middles = [Fraction(2 * i + 1, 2) * total / num for i in range(num)]
    expected = [middle.numerator // middle.denominator for middle in middles]
    got = sample_indices(total, num)
    assert got.dtype == np.int64
    assert got.tolist() == expected


@given(counts, clip_lengths)
def test_uniform_stays_inside_and_in_order(total: int, num: int) -> None:
    got = sample_indices(total, num)
    assert got.shape == (num,)
    assert got.min() >= 0
    assert got.max() < total
    gaps = np.diff(got)
    assert ((gaps == total // num) | (gaps == -(-total // num))).all()  # evenly spread


def test_uniform_of_short_videos_repeats() -> None:
    assert sample_indices(2, 4).tolist() == [0, 0, 1, 1]
    assert sample_indices(1, 3).tolist() == [0, 0, 0]
    assert sample_indices(4, 4).tolist() == [0, 1, 2, 3]


@given(counts, clip_lengths, st.integers(1, 64), st.data())
def test_dense_steps_and_stands_still_at_the_end(
    total: int, num: int, stride: int, data: Any
) -> None:
    start = data.draw(st.integers(0, total - 1))
    got = sample_dense(total, num, stride, start)
    assert got.dtype == np.int64
    assert got.tolist() == [min(start + i * stride, total - 1) for i in range(num)]


@given(counts, clip_lengths, st.data())
def test_segments_take_one_frame_from_each(total: int, num: int, data: Any) -> None:
    offset = st.floats(0, 1, exclude_max=True)
    offsets = data.draw(st.lists(offset, min_size=num, max_size=num))
    got = sample_segments(total, num, offsets)
    assert got.dtype == np.int64
    assert got.shape == (num,)
    for i, index in enumerate(got.tolist()):
        first, end = Fraction(i * total, num), Fraction((i + 1) * total, num)
        # An offset a hair below 1 may round up to the segment's end.
        assert first.numerator // first.denominator <= index <= end
        assert index < total


@given(counts, clip_lengths)
def test_segments_in_the_middle_are_the_uniform_frames(total: int, num: int) -> None:
    assert sample_segments(total, num, np.full(num, 0.5)).tolist() == (
        sample_indices(total, num).tolist()
    )


def test_segments_at_given_places() -> None:
    assert sample_segments(100, 4, [0.0, 0.5, 0.9, 0.2]).tolist() == [0, 37, 72, 80]
    assert sample_segments(8, 8, [np.nextafter(1, 0)] * 8).max() == 7


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: sample_indices(0, 4), ValueError, "total_frames is 0"),
        (lambda: sample_indices(10, 0), ValueError, "num_frames is 0"),
        (lambda: sample_indices(10.0, 4), TypeError, "total_frames is 10.0"),
        (lambda: sample_indices(10, True), TypeError, "num_frames is True"),
        (lambda: sample_dense(10, 4, 0, 0), ValueError, "stride is 0"),
        (lambda: sample_dense(10, 4, 2, 10), ValueError, "start is 10, .* from 0 to 9"),
        (lambda: sample_dense(10, 4, 2, -1), ValueError, "start is -1"),
        (lambda: sample_dense(10, 4, 2, 0.5), TypeError, "start is 0.5"),
        (
            lambda: sample_segments(10, 4, [0.5] * 3),
            ValueError,
            r"offsets has the shape \(3,\)",
        ),
        (lambda: sample_segments(10, 4, 0.5), ValueError, r"shape \(\)"),
        (lambda: sample_segments(10, 2, [0.5, 1.0]), ValueError, "offsets holds 1"),
        (lambda: sample_segments(10, 2, [-0.1, 0.5]), ValueError, "offsets holds -0.1"),
        (lambda: sample_segments(10, 2, [np.nan, 0.5]), ValueError, "finite"),
        (lambda: sample_segments(10, 2, ["a", "b"]), TypeError, "offsets"),
    ],
)
def test_wrong_arguments_are_named(call: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        call()
