from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import datasets, video
from tests.video.conftest import decode_all, encode_video, number_of, x264

frame_at: Any = video.frame_at  # without its types, since wrong arguments are tested, too


@given(
    st.lists(st.integers(-1000, 1000), min_size=1, unique=True),
    st.lists(st.integers(-1200, 1200), min_size=1),
    st.sampled_from(
        [Fraction(1, 12800), Fraction(1001, 30000), Fraction(1, 90000), Fraction(2)]
    ),
)
def test_by_definition(times: list[int], units: list[int], time_base: Fraction) -> None:
    seconds = np.array([float(unit * time_base) for unit in units])
    expected = [max(0, sum(time <= unit for time in times) - 1) for unit in units]
    got = frame_at(np.array(times), float(time_base), seconds)
    assert got.dtype == np.int64
    assert got.tolist() == expected


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001), Fraction(10)])
def test_the_start_of_each_frame_belongs_to_it(rate: Fraction) -> None:
    time_base = float(1 / (rate * 1024))
    frames = np.arange(1000)
    starts = frames / float(rate)
    assert (frame_at(frames * 1024, time_base, starts) == frames).all()
    assert (frame_at(frames * 1024, time_base, starts + 0.999 / float(rate)) == frames).all()
    assert (
        frame_at(frames * 1024, time_base, starts[1:] - 1e-3 / float(rate)) < frames[1:]
    ).all()


def test_an_uneven_file_shows_the_frames_that_were_written_for_those_moments(
    tmp_path: Path,
) -> None:
    times = [0, 40, 80, 500, 520, 1400, 1440, 1480]  # milliseconds
    options = x264(bframes=2, b_adapt=0)
    path = encode_video(tmp_path / "uneven.mkv", len(times), options=options, times=times)
    packets = video.read_packets(path)
    assert (np.diff(packets.pts) < 0).any()  # there are B-frames: stored in another order
    moments = np.array([0.0, 0.039, 0.04, 0.3, 0.51, 1.399, 1.4, 7.0])
    frames = frame_at(packets.pts, packets.time_base, moments)
    assert frames.tolist() == [0, 0, 1, 2, 3, 4, 5, 7]
    pictures = video.read_frames(path, frames)
    assert [number_of(picture) for picture in pictures] == frames.tolist()
    assert [number_of(picture) for picture in decode_all(path)] == list(range(len(times)))


def test_of_a_constant_rate_it_is_the_frame_by_the_rate() -> None:
    packets = video.read_packets(datasets.real_clip("bikes"))
    seconds = np.arange(0.02, 10, 0.04)
    frames = frame_at(packets.pts, packets.time_base, seconds)
    assert frames.tolist() == (seconds * 25).astype(int).tolist()


@pytest.mark.parametrize(
    ("args", "error", "match"),
    [
        ((np.array([0, 0]), 0.1, np.array([1.0])), ValueError, "pts holds 0 for 2 frames"),
        ((np.array([0, 1]), 0, np.array([1.0])), ValueError, "time_base is 0,"),
        ((np.array([0, 1]), 0.1, 1.0), TypeError, r"pass np.array\(\[1.5\]\)"),
        ((np.array([0, 1]), 0.1, [1.0]), TypeError, "seconds is"),
        ((np.array([0, 1]), 0.1, np.array([np.nan])), ValueError, "finite"),
        ((np.array([0, 1]), 0.1, np.array([])), ValueError, "not empty"),
    ],
)
def test_wrong_arguments_are_named(args: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        frame_at(*args)
