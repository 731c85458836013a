from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from helpers import datasets, video
from tests.video.conftest import encode_video, x264


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bigbuckbunny", "1280x720, 132 frames at 25 fps, 5.28 s, h264, sound"),
        ("bikes", "640x272, 250 frames at 25 fps, 10 s, h264, no sound"),
        ("city_night", "720x404, 190 frames at 25 fps, 7.6 s, h264, no sound"),
        ("pedestrians", "768x576, 400 frames at 10 fps, 40 s, h264, no sound"),
    ],
)
def test_the_real_clips(name: str, text: str) -> None:
    info = video.probe(datasets.real_clip(name))
    assert repr(info) == f"{name}.mp4: {text}"
    assert info.path == datasets.real_clip(name)


def test_keyframes() -> None:
    bikes = video.probe(datasets.real_clip("bikes"))
    assert bikes.keyframes == (0, 30, 76, 137, 187, 242)
    with av.open(str(bikes.path)) as container:
        frames = container.decode(video=0)
        assert bikes.keyframes == tuple(k for k, f in enumerate(frames) if f.key_frame)


def test_the_rate_is_the_average(tmp_path: Path) -> None:
    times = [0, 100, 150, 1000, 1100]
    info = video.probe(encode_video(tmp_path / "a.mkv", 5, times=times))
    assert info.duration == pytest.approx(1.1, abs=0.15)  # the last frame's length is a guess
    assert info.fps == pytest.approx(5 / info.duration)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "h264", "avi"])
def test_one_frame(suffix: str, tmp_path: Path) -> None:
    info = video.probe(encode_video(tmp_path / f"a.{suffix}", 1))
    assert (info.num_frames, info.duration, info.fps) == (1, 0.04, 25)
    assert "1 frame at" in repr(info)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi", "flv"])
def test_the_duration_is_exact_whatever_the_container(suffix: str, tmp_path: Path) -> None:
    path = encode_video(tmp_path / f"a.{suffix}", 30, options=x264(bframes=3, keyint=12))
    info = video.probe(path)
    assert info.duration == pytest.approx(1.2, abs=0.002)
    assert info.fps == pytest.approx(25, rel=0.002)
    assert info.keyframes == (0, 12, 24)


def test_what_differs_makes_two_infos_differ(tmp_path: Path) -> None:
    first = video.probe(encode_video(tmp_path / "a.mp4", 3))
    assert first == video.probe(str(tmp_path / "a.mp4"))
    assert first != video.probe(encode_video(tmp_path / "b.mp4", 4))


def test_the_repr_names_no_folder(tmp_path: Path) -> None:
    path = encode_video(
        tmp_path / "a.mp4", 3, prepare=lambda stream: stream.set_display_rotation(90)
    )
    text = repr(video.probe(path))
    assert (
        text
        == "a.mp4: 96x128, 3 frames at 25 fps, 0.12 s, h264, no sound, turned by 90 degrees"
    )


def test_sound_that_comes_with_a_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25)
        stream.height, stream.width, stream.pix_fmt = 64, 64, "yuv420p"
        sound: Any = container.add_stream("aac", rate=44_100)
        for _ in range(5):
            black = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(black))
        silence = np.zeros((1, 88_200), np.float32)
        samples = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
        samples.sample_rate = 44_100
        container.mux(sound.encode(samples))
        container.mux(stream.encode(None))
        container.mux(sound.encode(None))
    info = video.probe(path)
    assert info.has_audio
    assert (info.num_frames, info.duration) == (5, 0.2)  # the picture's, not the sound's
