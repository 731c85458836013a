from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import video

view_starts: Any = video.view_starts  # without its types, since wrong arguments are tested, too

sizes = (st.integers(1, 3000), st.integers(1, 64), st.integers(1, 32), st.integers(1, 40))


@given(*sizes)
def test_by_definition(total: int, num_frames: int, stride: int, num_views: int) -> None:
    last = max(0, total - (num_frames - 1) * stride - 1)
    got = view_starts(total, num_frames, stride, num_views)
    assert got.dtype == np.int64
    if num_views == 1:
        assert got.tolist() == [last // 2]
    else:
        exact = [Fraction(i * last, num_views - 1) for i in range(num_views)]
        assert got.tolist() == [x.numerator // x.denominator for x in exact]


@given(*sizes)
def test_every_view_lies_in_the_video(
    total: int, num_frames: int, stride: int, num_views: int
) -> None:
    starts = view_starts(total, num_frames, stride, num_views)
    assert (np.diff(starts) >= 0).all()
    assert starts.min() >= 0
    span = (num_frames - 1) * stride + 1
    if total >= span:
        assert starts.max() + span <= total
        if num_views > 1:
            assert starts[0] == 0
            assert starts[-1] + span == total
    else:
        assert not starts.any()


def test_near_the_rule_of_mmaction2() -> None:
    """`SampleFrames._get_test_clips` of MMAction2 1.2 rounds to the nearest, not down."""
    for total in (31, 100, 250, 301):
        for num_views in (1, 2, 3, 5, 10):
            last = max(total - (16 - 1) * 2 - 1, 0)
            if num_views > 1:
                theirs = np.round(np.arange(num_views) * (last / float(num_views - 1)))
            else:
                theirs = np.array([last // 2])
            ours = view_starts(total, 16, 2, num_views)
            assert np.abs(ours - theirs).max() <= 1
            assert ours[[0, -1]].tolist() == theirs[[0, -1]].tolist()


@pytest.mark.parametrize(
    ("args", "error", "match"),
    [
        ((0, 8, 1, 1), ValueError, "total_frames is 0"),
        ((10, 0, 1, 1), ValueError, "num_frames is 0"),
        ((10, 8, 0, 1), ValueError, "stride is 0"),
        ((10, 8, 1, 0), ValueError, "num_views is 0"),
        ((10, 8, 1, 2.0), TypeError, "num_views is 2.0"),
    ],
)
def test_wrong_arguments_are_named(args: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        view_starts(*args)
