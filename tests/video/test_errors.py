"""A file that is no good gives one error that names it and says what to do."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from helpers import datasets, video
from helpers.video import VideoError
from helpers.video.completeness import promised_size
from tests.video.conftest import encode_video, x264

FASTSTART = {"movflags": "faststart"}
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov"}


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def write_sound(path: Path, codec: str, cover: bool = False) -> Path:
    """A second of silence, with a cover picture if asked for."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=44_100)
        if cover:
            picture: Any = container.add_stream("mjpeg", rate=1)
            picture.width = picture.height = 64
            picture.pix_fmt = "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts = 0
            container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        dtype, name = (np.int16, "s16") if codec == "pcm_s16le" else (np.float32, "fltp")
        silence = np.zeros((1, 44_100), dtype)
        sound = av.AudioFrame.from_ndarray(silence, format=name, layout="mono")
        sound.sample_rate = 44_100
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return path


def write_without_frames(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        container.start_encoding()
    return path


def write(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


TEXT = b"This is a text and no video.\n" * 20
SUBTITLES = b"1\n00:00:01,000 --> 00:00:02,000\nThis is a text.\n\n"

BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "a.mp4", "does not exist: check"),
    "folder": (lambda folder: folder, "is a folder: give"),
    "empty": (write("a.mp4", b""), "is empty .0 bytes.: copy or download"),
    "text named mp4": (write("a.mp4", TEXT), "cannot be read as a video: .* Copy or download"),
    "text that FFmpeg would draw": (write("a.txt", TEXT), "is a text file: give a video"),
    "list of other files": (write("a.txt", b"ffconcat version 1.0\nfile b.mp4\n"), "Copy|give"),
    "subtitles": (write("a.srt", SUBTITLES), "give a video file"),
    "random bytes": (write("a.mp4", np.random.default_rng(0).bytes(9000)), "cannot be read"),
    "random bytes, webm": (write("a.webm", b"\x1a\x45\xdf\xa3"), "cannot be read as a video"),
    "sound": (lambda folder: write_sound(folder / "a.m4a", "aac"), "sound but no video: give"),
    "song with a cover": (
        lambda folder: write_sound(folder / "a.mp3", "libmp3lame", cover=True),
        "sound but no video: give",
    ),
    "wave": (lambda folder: write_sound(folder / "a.wav", "pcm_s16le"), "sound but no video"),
    "no frames": (lambda folder: write_without_frames(folder / "a.mp4"), "give a video file"),
    "mp4 without its end, and so its index": (
        lambda folder: cut(encode_video(folder / "a.mp4"), 0.7),
        "cannot be read as a video: it is damaged, cut off",
    ),
    "mp4 with its index first, without its end": (
        lambda folder: cut(encode_video(folder / "a.mp4", container_options=FASTSTART), 0.7),
        "is cut off, its end is missing: copy or download",
    ),
    "mp4 without its last byte": (
        lambda folder: cut(encode_video(folder / "a.mp4", container_options=FASTSTART), 0.9999),
        "is cut off",
    ),
    "mp4 with nothing but its index": (
        lambda folder: cut(encode_video(folder / "a.mp4", 2, container_options=FASTSTART), 0.1),
        "give",
    ),
    "fragments": (
        lambda folder: cut(
            encode_video(folder / "a.mp4", options=x264(keyint=9), container_options=FRAGMENTS),
            0.7,
        ),
        "is cut off",
    ),
    "mkv": (lambda folder: cut(encode_video(folder / "a.mkv"), 0.7), "is cut off"),
    "webm": (
        lambda folder: cut(encode_video(folder / "a.webm", 9, "libvpx-vp9"), 0.7),
        "is cut off",
    ),
    "avi": (
        lambda folder: cut(encode_video(folder / "a.avi", 9, "mjpeg", pix_fmt="yuvj420p"), 0.7),
        "is cut off",
    ),
    "name too long": (lambda folder: folder / ("a" * 300 + ".mp4"), "cannot be read"),
    "zero byte in the name": (lambda folder: folder / "a\0b.mp4", "does not exist"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_gives_one_clear_error(kind: str, tmp_path: Path) -> None:
    make, message = BAD_FILES[kind]
    path = make(tmp_path)
    for read in (
        video.probe,
        lambda p: video.read_clip(p, 4),
        lambda p: video.read_frames(p, [0]),
    ):
        with pytest.raises(VideoError, match=message) as caught:
            read(path)
        assert str(caught.value).startswith(str(path))
        # What was being handled before the call, as when a test of a time limit before this one
        # interrupted compiled code at an unlucky moment, is none of ours.
        before = sys.exc_info()[1]
        assert caught.value.__suppress_context__ or caught.value.__context__ is before


def test_a_cut_between_two_frames_is_noticed(tmp_path: Path) -> None:
    path = encode_video(tmp_path / "a.mp4", 30, container_options=FASTSTART)
    with av.open(str(path)) as container:
        position = [packet.pos or 0 for packet in container.demux(video=0)][20]
    path.write_bytes(path.read_bytes()[:position])
    with pytest.raises(VideoError, match="is cut off"):
        video.probe(path)


@pytest.mark.parametrize("index", [250, -1, 10_000])
def test_an_index_out_of_range_names_file_and_range(index: int) -> None:
    with pytest.raises(VideoError, match=rf"bikes.mp4 has no frame {index}: .* from 0 to 249"):
        video.read_frames(datasets.real_clip("bikes"), [0, index])


def test_a_damaged_frame_is_named(tmp_path: Path) -> None:
    path = encode_video(tmp_path / "a.mp4", 24, options=x264(keyint=6, bframes=0))
    with av.open(str(path)) as container:
        position = [packet.pos or 0 for packet in container.demux(video=0)][12]
    data = bytearray(path.read_bytes())
    data[position : position + 12] = b"\xff" * 12  # a frame length that cannot be
    path.write_bytes(data)
    assert video.read_frames(path, [0, 18]).shape == (2, 96, 128, 3)
    with pytest.raises(VideoError, match=r"a.mp4 is damaged: its frame 12 .* Copy or download"):
        video.read_frames(path, [12])


@pytest.mark.parametrize("name", ["a:b.mp4", "100%d.mp4", "- film.mp4", "视频 ü.mp4"])
def test_unusual_names_are_read(name: str, tmp_path: Path) -> None:
    path = encode_video(tmp_path / "plain.mp4", num_frames=3).rename(tmp_path / name)
    assert video.read_frames(path, [2]).shape == (1, 96, 128, 3)


def test_ffmpeg_prints_nothing(tmp_path: Path) -> None:
    for number, (make, _) in enumerate(BAD_FILES.values()):
        (tmp_path / str(number)).mkdir()
        make(tmp_path / str(number))
    program = (
        "import sys, pathlib\nfrom helpers import video\n"
        "for path in pathlib.Path(sys.argv[1]).glob('*/a.*'):\n"
        "    try:\n        video.read_clip(path, 4)\n"
        "    except video.VideoError:\n        print('error')\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["error"] * (len(BAD_FILES) - 4)  # four name no such file
    assert run.stderr == ""


def test_the_size_that_a_header_promises() -> None:
    assert promised_size(b"RIFF\x00\x01\x00\x00AVI ") == 256 + 8
    assert promised_size(b"RIFF\x00\x00\x00\x00AVI ") == 0  # never filled in
    assert promised_size(b"RIFF\xff\xff\xff\xffWAVE") == 0  # a stream
    header = b"\x1a\x45\xdf\xa3\x82ab\x18\x53\x80\x67"
    assert promised_size(header + b"\x42\x00") == len(header) + 2 + 512
    assert promised_size(header + b"\x01" + b"\xff" * 7) <= len(header) + 8  # a live stream
    assert promised_size(b"\x1a\x45\xdf\xa3") == promised_size(b"") == 0
