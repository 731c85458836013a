from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from helpers import datasets, video
from helpers.video import VideoError, remux
from tests.video.conftest import MakeVideo, decode_all, encode_video, number_of, x264


def payload(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize("ending", [".mkv", ".mp4", ".mov"])
@pytest.mark.parametrize("name", ["bikes", "bigbuckbunny"])
def test_the_bytes_the_times_and_the_pictures_stay(
    name: str, ending: str, tmp_path: Path
) -> None:
    source = datasets.real_clip(name)
    copy = remux(source, tmp_path / f"copy{ending}")
    assert copy == tmp_path / f"copy{ending}"
    assert payload(copy) == payload(source)
    before, after = video.probe(source), video.probe(copy)
    assert (after.num_frames, after.keyframes) == (before.num_frames, before.keyframes)
    assert after.duration == pytest.approx(before.duration, abs=0.002)
    assert not after.has_audio
    old, new = video.read_packets(source), video.read_packets(copy)
    difference = np.sort(old.pts * old.time_base) - np.sort(new.pts * new.time_base)
    assert np.abs(difference).max() <= 0.001  # Matroska counts milliseconds
    some = [0, 1, 77, before.num_frames - 1]
    assert (video.read_frames(source, some) == video.read_frames(copy, some)).all()


def test_new_times_are_those_that_are_read(make_video: MakeVideo, tmp_path: Path) -> None:
    source = make_video("remux_plain.mp4", options=x264(bframes=0))
    time_base = video.read_packets(source).time_base
    times = np.cumsum(np.random.default_rng(0).integers(1, 4000, 40))
    packets = video.read_packets(remux(source, tmp_path / "new.mp4", times=times))
    assert np.allclose(packets.pts * packets.time_base, times * time_base, rtol=0, atol=0.001)
    assert np.allclose(np.diff(packets.pts) * packets.time_base, np.diff(times) * time_base)
    frames = video.read_frames(tmp_path / "new.mp4", np.arange(40))
    assert [number_of(frame) for frame in frames] == list(range(40))


@pytest.mark.parametrize("ending", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotation_is_stored(
    rotation: int, ending: str, make_video: MakeVideo, tmp_path: Path
) -> None:
    source = make_video("remux_plain.mp4", options=x264(bframes=0))
    turned = remux(source, tmp_path / f"turned{ending}", rotation=rotation)
    assert video.probe(turned).rotation == rotation
    expected = np.rot90(decode_all(source)[5], rotation // 90)
    assert (video.read_frames(turned, [5])[0] == expected).all()


def test_a_failure_leaves_what_was_there(make_video: MakeVideo, tmp_path: Path) -> None:
    source = make_video("remux_plain.mp4", options=x264(bframes=0))
    for name in ("none/a.mp4", "a.unknown", "a.gif"):
        with pytest.raises(VideoError, match=r"cannot be written"):
            remux(source, tmp_path / name)
    with pytest.raises(VideoError, match="does not exist"):
        remux(tmp_path / "none.mp4", tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"times": np.arange(5)}, ValueError, "times has 5 entries, but .* has 40 packets"),
        ({"times": np.arange(40)[::-1]}, ValueError, "times must rise"),
        ({"times": np.zeros(40, int)}, ValueError, "times holds 0 for 40 frames"),
        ({"times": np.arange(40.0)}, TypeError, "times is float64"),
        ({"rotation": 45}, ValueError, "rotation is 45"),
    ],
)
def test_wrong_arguments_are_named(
    options: Any, error: type[Exception], match: str, make_video: MakeVideo, tmp_path: Path
) -> None:
    source = make_video("remux_plain.mp4", options=x264(bframes=0))
    with pytest.raises(error, match=match):
        remux(source, tmp_path / "a.mp4", **options)


def test_new_times_need_a_file_without_b_frames(tmp_path: Path) -> None:
    source = encode_video(tmp_path / "b.mp4", options=x264(bframes=3, b_adapt=0))
    with pytest.raises(ValueError, match=r"b\.mp4 has B-frames"):
        remux(source, tmp_path / "a.mp4", times=np.arange(40))
