"""A written file plays in a browser, holds what was written and never spoils an old one."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from helpers import datasets, video
from helpers.video import VideoError, writing


def psnr(first: np.ndarray, second: np.ndarray) -> float:
    error = np.mean((first.astype(float) - second) ** 2)
    return float(10 * np.log10(255**2 / error))


ENCODED = """
import hashlib, io
import numpy as np
from helpers.video.encoding import encode
frames = np.random.default_rng(0).integers(0, 40, (24, 98, 98, 1), np.uint8)
frames = np.maximum.accumulate(frames)[::-1].repeat(3, axis=1).repeat(3, axis=2)
file = io.BytesIO()
encode(file, frames, 8, frames.shape[1:3], quality=18, num_threads=1)
print(hashlib.sha256(file.getvalue()).hexdigest())
"""


def test_bytes_do_not_depend_on_what_lay_in_memory() -> None:
    """glibc fills what a program asks for with another byte in each process."""
    hashes = {
        subprocess.run(
            [sys.executable, "-c", ENCODED],
            env={**os.environ, "MALLOC_PERTURB_": str(byte)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for byte in (1, 77, 165, 254)
    }
    assert len(hashes) == 1


def test_what_is_read_is_near_what_was_written(tmp_path: Path) -> None:
    frames = video.read_clip(datasets.real_clip("bikes"), 12, stride=1, start=40)
    path = tmp_path / "a.mp4"
    video.write_video(path, frames, fps=12.5)
    info = video.probe(path)
    assert (info.num_frames, info.fps, info.codec) == (12, 12.5, "h264")
    assert (info.height, info.width) == (272, 640)
    assert psnr(video.read_frames(path, range(12)), frames) > 38


@pytest.mark.parametrize(
    "colour", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (213, 94, 0)]
)
def test_colours_survive(colour: tuple[int, int, int], tmp_path: Path) -> None:
    frames = np.full((3, 64, 64, 3), colour, np.uint8)
    video.write_video(tmp_path / "a.mp4", frames, fps=10)
    got = video.read_frames(tmp_path / "a.mp4", [1])[0, 32, 32]
    assert np.abs(got.astype(int) - colour).max() <= 3


def test_the_file_is_what_browsers_play(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    video.write_video(path, np.zeros((3, 48, 64, 3), np.uint8), fps=10)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # it starts before it is loaded
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (int(context.colorspace), int(context.color_range)) == (
            1,
            1,
        )  # BT.709, 16 to 235


@pytest.mark.parametrize("fps", [0.5, 10, 23.976, 30_000 / 1001, 240])
def test_the_frame_rate_is_kept(fps: float, tmp_path: Path) -> None:
    video.write_video(tmp_path / "a.mp4", np.zeros((7, 16, 16, 3), np.uint8), fps)
    assert video.probe(tmp_path / "a.mp4").fps == pytest.approx(fps, rel=1e-4)


def test_odd_sides_grow_by_a_copy_of_the_edge(tmp_path: Path) -> None:
    frames = np.full((4, 31, 45, 3), 90, np.uint8)
    frames[:, -1, :] = frames[:, :, -1] = 200
    video.write_video(tmp_path / "a.mp4", frames, fps=10)
    got = video.read_frames(tmp_path / "a.mp4", [2])[0]
    assert got.shape == (32, 46, 3)
    assert got[-1, 20].min() > 180
    assert got[15, -1].min() > 180


def test_grey_frames_are_written(tmp_path: Path) -> None:
    frames = np.full((4, 32, 32, 1), 77, np.uint8)
    video.write_video(tmp_path / "a.mp4", frames, fps=10)
    assert np.abs(video.read_frames(tmp_path / "a.mp4", [3]).astype(int) - 77).max() <= 2


def test_opencv_reads_it(tmp_path: Path) -> None:
    frames = video.read_clip(datasets.real_clip("bikes"), 5)
    video.write_video(tmp_path / "a.mp4", frames, fps=10)
    capture = cv2.VideoCapture(str(tmp_path / "a.mp4"))
    assert sum(1 for _ in iter(capture.grab, False)) == 5


def test_a_new_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.MP4"
    for num_frames in (3, 6):
        video.write_video(path, np.zeros((num_frames, 16, 16, 3), np.uint8), fps=10)
        assert video.probe(path).num_frames == num_frames
    assert [file.name for file in tmp_path.iterdir()] == ["a.MP4"]


@pytest.mark.parametrize("failure", [av.error.ExternalError, OSError, KeyboardInterrupt])
def test_a_failed_write_leaves_the_old_file(
    failure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mp4"
    frames = np.zeros((3, 16, 16, 3), np.uint8)
    video.write_video(path, frames, fps=10)
    before = path.read_bytes()

    def fail(file: Path, *args: Any, **kwargs: Any) -> None:
        file.write_bytes(b"half a file")
        raise failure(1, "made to fail")

    monkeypatch.setattr(writing, "encode", fail)
    expected = KeyboardInterrupt if failure is KeyboardInterrupt else VideoError
    with pytest.raises(expected):
        video.write_video(path, frames, fps=10)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys, numpy as np\nfrom helpers import video\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "noise = np.random.default_rng(0).integers(0, 256, (9, 64, 64, 3), dtype=np.uint8)\n"
        "try:\n    video.write_video(sys.argv[1], noise, 10)\n"
        "except video.VideoError as error:\n    print(error)\n"
    )
    (tmp_path / "a.mp4").write_bytes(b"old")
    command = [sys.executable, "-c", program, str(tmp_path / "a.mp4")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "a.mp4 cannot be written" in run.stdout
    assert "free space" in run.stdout
    assert run.stderr == ""
    assert (tmp_path / "a.mp4").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


FRAMES = np.zeros((3, 16, 16, 3), np.uint8)


@pytest.mark.parametrize(
    ("name", "frames", "fps", "error", "match"),
    [
        ("a.avi", FRAMES, 10, VideoError, "a.avi does not end in .mp4: name it a.mp4"),
        ("a", FRAMES, 10, VideoError, "does not end in .mp4"),
        ("nowhere/a.mp4", FRAMES, 10, VideoError, "first make the folder"),
        ("a.mp4", FRAMES / 255, 10, TypeError, "frames is float64"),
        ("a.mp4", FRAMES > 0, 10, TypeError, "frames is bool"),
        ("a.mp4", FRAMES[0], 10, ValueError, "frames has the shape"),
        ("a.mp4", FRAMES[:0], 10, ValueError, "frames has the shape"),
        ("a.mp4", FRAMES.transpose(0, 3, 1, 2), 10, ValueError, "frames has the shape"),
        ("a.mp4", FRAMES, 0, ValueError, "fps is 0"),
        ("a.mp4", FRAMES, float("nan"), ValueError, "fps"),
        ("a.mp4", FRAMES, "10", TypeError, "fps"),
    ],
)
def test_wrong_arguments_are_named(
    name: str, frames: Any, fps: Any, error: type[Exception], match: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=match):
        video.write_video(tmp_path / name, frames, fps)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(VideoError, match=r"a\.mp4 is a folder"):
        video.write_video(tmp_path / "a.mp4", FRAMES, 10)
