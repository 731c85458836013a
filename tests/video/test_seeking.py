from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import datasets, video
from tests.video.conftest import MakeVideo, x264

# Without their types, since wrong arguments are tested, too.
keyframe_before: Any = video.keyframe_before
frames_to_decode: Any = video.frames_to_decode

keyframe_sets = st.sets(st.integers(1, 60)).map(lambda rest: np.array(sorted({0} | rest)))
frame_lists = st.lists(st.integers(0, 80)).map(lambda frames: np.array(frames, np.int64))


def frames_given_out(path: Path, wanted: list[int]) -> int:
    """Really seek and decode; before each frame, seek only if that skips frames."""
    index = video.probe(path)
    packets = video.read_packets(path)
    times = np.sort(packets.pts)
    count, shown = 0, -1  # the frame that came last
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = container.decode(stream)
        for frame in sorted(set(wanted)):
            if max(k for k in index.keyframes if k <= frame) > shown + 1:
                container.seek(int(times[frame]), stream=stream)
                frames = container.decode(stream)
            while shown != frame:
                shown = times.tolist().index(next(frames).pts)
                count += 1
    return count


@pytest.mark.parametrize("bframes", [0, 3])
def test_as_many_frames_as_a_decoder_really_gives_out(
    bframes: int, make_video: MakeVideo
) -> None:
    options = x264(bframes=bframes, keyint=12, b_adapt=0, scenecut=0)
    path = make_video(f"seeking_{bframes}.mp4", options=options)
    keyframes = np.array(video.probe(path).keyframes)
    assert keyframes.tolist() == [0, 12, 24, 36]
    for frame in range(40):
        assert frames_to_decode(keyframes, np.array([frame])) == frames_given_out(path, [frame])
    rng = np.random.default_rng(bframes)
    for _ in range(30):
        wanted = rng.integers(0, 40, rng.integers(1, 8))
        counted = frames_given_out(path, wanted.tolist())
        assert frames_to_decode(keyframes, wanted) == counted


@pytest.mark.parametrize("name", ["bigbuckbunny", "bikes", "pedestrians"])
def test_a_seek_in_a_real_file_lands_on_the_keyframe_before(name: str) -> None:
    path = datasets.real_clip(name)
    keyframes = np.array(video.probe(path).keyframes)
    times = np.sort(video.read_packets(path).pts)
    frames = np.arange(0, len(times), 7)
    landed = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for frame in frames:
            container.seek(int(times[frame]), stream=stream)
            landed.append(times.tolist().index(next(container.decode(stream)).pts))
    assert keyframe_before(keyframes, frames).tolist() == landed


@given(keyframe_sets, frame_lists)
def test_keyframe_before_by_definition(keyframes: np.ndarray, wanted: np.ndarray) -> None:
    got = keyframe_before(keyframes, wanted)
    assert got.dtype == np.int64
    expected = [max(k for k in keyframes.tolist() if k <= frame) for frame in wanted]
    assert got.tolist() == expected


@given(keyframe_sets, frame_lists)
def test_frames_to_decode_by_definition(keyframes: np.ndarray, wanted: np.ndarray) -> None:
    decoded: set[int] = set()
    for frame in wanted.tolist():
        decoded |= set(range(max(k for k in keyframes.tolist() if k <= frame), frame + 1))
    assert frames_to_decode(keyframes, wanted) == len(decoded)


def test_the_facts() -> None:
    keyframes = np.array([0, 30, 60, 90])
    assert keyframe_before(keyframes, np.array([75])).tolist() == [60]
    assert frames_to_decode(keyframes, np.array([], int)) == 0
    assert frames_to_decode(keyframes, np.arange(120)) == 120
    assert isinstance(frames_to_decode(keyframes, np.array([5])), int)


@pytest.mark.parametrize(
    ("keyframes", "wanted", "error", "match"),
    [
        ([0, 3], np.array([1]), TypeError, "keyframes is a list"),
        (np.array([1, 3]), np.array([1]), ValueError, "keyframes begins with 1"),
        (np.array([], int), np.array([1]), ValueError, "keyframes is empty"),
        (np.array([0, 5, 3]), np.array([1]), ValueError, "keyframes must rise"),
        (np.array([0, 3]), np.array([-1]), ValueError, "wanted holds -1"),
        (np.array([0, 3]), np.array([1.0]), TypeError, "wanted is float64"),
    ],
)
def test_wrong_arguments_are_named(
    keyframes: Any, wanted: Any, error: type[Exception], match: str
) -> None:
    for function in (keyframe_before, frames_to_decode):
        with pytest.raises(error, match=match):
            function(keyframes, wanted)
