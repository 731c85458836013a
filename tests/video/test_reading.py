"""Frame k is display frame k, whatever the file: against plain decoding and OpenCV."""

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from helpers import datasets, video
from helpers.video import decoding, indexing
from tests.video.conftest import (
    MakeVideo,
    copy_packets,
    decode_all,
    encode_video,
    number_of,
    x264,
)

GOPS = {"bframes": 3, "keyint": 12, "b_adapt": 0}
OPEN_GOPS = {**GOPS, "open_gop": 1}
MPEG = {"bf": "2", "g": "12", "b": "2000000"}
VP = {"g": "15", "b": "500000", "lag-in-frames": "16", "auto-alt-ref": "1", "cpu-used": "8"}
X265 = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=10:open-gop=1:bframes=3"}
UNEVEN = np.cumsum(np.random.default_rng(1).integers(10, 200, 60)).tolist()
LATE = [90_000 + 40 * k for k in range(60)]

FILES: dict[str, dict[str, Any]] = {
    "closed_gops.mp4": {"num_frames": 60, "options": x264(**GOPS)},
    "closed_gops.mkv": {"num_frames": 60, "options": x264(**GOPS)},
    "b_pyramid.mp4": {"num_frames": 60, "options": x264(bframes=8, b_adapt=0, keyint=25)},
    "open_gops.mp4": {"num_frames": 60, "options": x264(**OPEN_GOPS)},
    "open_gops.mkv": {"num_frames": 60, "options": x264(**OPEN_GOPS)},
    "open_gops.ts": {"num_frames": 60, "options": x264(**OPEN_GOPS)},
    "long_gops.mp4": {"num_frames": 320, "options": x264(bframes=2, keyint=300)},
    "short_gops.mp4": {"options": x264(bframes=1, keyint=2)},
    "only_keyframes.mp4": {"options": x264(keyint=1)},
    "no_keyframes_but_refresh.mp4": {
        "num_frames": 60,
        "options": x264(intra_refresh=1, keyint=15, bframes=0),
    },
    "variable_rate.mp4": {"num_frames": 60, "times": UNEVEN, "options": x264(**GOPS)},
    "variable_rate.mkv": {"num_frames": 60, "times": UNEVEN, "options": x264(**GOPS)},
    "late_start.mp4": {"num_frames": 60, "times": LATE, "options": x264(**GOPS)},
    "late_start.mkv": {"num_frames": 60, "times": LATE, "options": x264(**GOPS)},
    "fragments.mp4": {
        "num_frames": 60,
        "options": x264(**GOPS),
        "container_options": {"movflags": "frag_keyframe+empty_moov"},
    },
    "interlaced.mp4": {"num_frames": 60, "options": x264(interlaced=1, **GOPS)},
    "odd_size.mp4": {"size": (97, 131), "pix_fmt": "yuv444p", "options": x264(**GOPS)},
    "odd_size.webm": {"size": (97, 131), "codec": "libvpx-vp9", "options": VP},
    "hevc.mp4": {"num_frames": 60, "codec": "libx265", "options": X265},
    "vp9.webm": {"num_frames": 60, "codec": "libvpx-vp9", "options": VP},
    "vp8.webm": {"num_frames": 60, "codec": "libvpx", "options": VP},
    "transport_stream.ts": {"num_frames": 60, "options": x264(**GOPS)},
    "raw.h264": {"num_frames": 60, "options": x264(**GOPS)},
    "mpeg2.mpg": {"num_frames": 60, "codec": "mpeg2video", "options": MPEG},
    "mpeg4.avi": {"codec": "mpeg4", "options": MPEG},
    "h264.avi": {"options": x264(**GOPS)},
    "motion_jpeg.avi": {"codec": "mjpeg", "pix_fmt": "yuvj420p"},
    "animation.gif": {"codec": "gif", "pix_fmt": "rgb8"},
    "flash.flv": {"options": x264(**GOPS)},
}
SEEKABLE = ["open_gops.mp4", "open_gops.mkv", "long_gops.mp4", "late_start.mp4", "hevc.mp4"]


@pytest.mark.parametrize("name", FILES)
def test_every_frame_is_its_display_frame(name: str, make_video: MakeVideo) -> None:
    path = make_video(name, **FILES[name])
    expected = decode_all(path)
    assert [number_of(frame) for frame in expected] == list(range(len(expected)))
    assert video.probe(path).num_frames == len(expected)
    np.testing.assert_array_equal(video.read_frames(path, range(len(expected))), expected)
    for k in range(0, len(expected), 61 if len(expected) > 60 else 9):
        np.testing.assert_array_equal(video.read_frames(path, [k])[0], expected[k])
    mixed = np.random.default_rng(0).integers(0, len(expected), 16)
    np.testing.assert_array_equal(video.read_frames(path, mixed), expected[mixed])


@pytest.mark.parametrize("name", datasets.REAL_CLIPS)
def test_real_clips_agree_with_plain_decoding_and_with_opencv(name: str) -> None:
    path = datasets.real_clip(name)
    num_frames = video.probe(path).num_frames
    wanted = np.random.default_rng(0).permutation(num_frames)[:12]
    got = dict(zip(wanted.tolist(), video.read_frames(path, wanted), strict=True))
    capture = cv2.VideoCapture(str(path))
    with av.open(str(path)) as container:
        for k, frame in enumerate(container.decode(video=0)):
            assert capture.grab()
            if k in got:
                bgr = capture.retrieve()[1]
                np.testing.assert_array_equal(got[k], frame.to_ndarray(format="rgb24"))
                np.testing.assert_array_equal(got[k], bgr[..., ::-1])
    assert k + 1 == num_frames
    assert not capture.grab()


@pytest.mark.parametrize(
    "name", ["open_gops.mp4", "variable_rate.mp4", "vp9.webm", "mpeg4.avi"]
)
def test_made_files_agree_with_opencv(name: str, make_video: MakeVideo) -> None:
    path = make_video(name, **FILES[name])
    capture = cv2.VideoCapture(str(path))
    frames = []
    while (frame := capture.read()[1]) is not None:
        frames.append(frame[..., ::-1])
    np.testing.assert_array_equal(video.read_frames(path, range(len(frames))), frames)
    assert video.probe(path).num_frames == len(frames)


@pytest.fixture
def count_decoded(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A list that grows by one entry with every frame that is decoded for reading."""
    decoded: list[Any] = []
    decode = decoding.decode

    def count(*args: Any, **kwargs: Any) -> Any:
        for frame in decode(*args, **kwargs):
            decoded.append(frame.pts)
            yield frame

    monkeypatch.setattr(decoding, "decode", count)
    return decoded


@pytest.mark.parametrize("name", SEEKABLE)
def test_only_the_frames_from_the_keyframe_on_are_decoded(
    name: str, make_video: MakeVideo, count_decoded: list[Any]
) -> None:
    path = make_video(name, **FILES[name])
    info = video.probe(path)
    for k in range(info.num_frames // 2, info.num_frames, 11):
        count_decoded.clear()
        video.read_frames(path, [k])
        keyframe = max(number for number in info.keyframes if number <= k)
        assert 1 <= len(count_decoded) <= k - keyframe + 1
    count_decoded.clear()
    video.read_frames(path, [])
    assert count_decoded == []


def test_frames_far_apart_are_sought_one_by_one(
    make_video: MakeVideo, count_decoded: list[Any]
) -> None:
    path = make_video("closed_gops.mp4", **FILES["closed_gops.mp4"])
    video.read_frames(path, [25, 0, 49])  # keyframes are 0, 12, 24, 36, 48
    assert len(count_decoded) == 1 + 2 + 2
    count_decoded.clear()
    video.read_frames(path, [11, 13])  # a seek would take longer than one frame
    assert 12 > len(count_decoded) > 2  # what is no reference and not wanted is left out


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_a_file_that_starts_between_keyframes(
    suffix: str, make_video: MakeVideo, tmp_path: Path
) -> None:
    source = make_video("closed_gops.mp4", **FILES["closed_gops.mp4"])
    path = copy_packets(source, tmp_path / f"cut.{suffix}", lambda n, p: p if n >= 5 else None)
    expected = decode_all(path)
    assert number_of(expected[0]) == 12  # the first keyframe that is left
    frames = video.read_frames(path, range(video.probe(path).num_frames))
    np.testing.assert_array_equal(frames, expected)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_file_that_starts_at_an_open_gop(
    suffix: str, make_video: MakeVideo, tmp_path: Path
) -> None:
    source = make_video("open_gops.mp4", **FILES["open_gops.mp4"])
    with av.open(str(source)) as container:
        _, second, *_ = (n for n, p in enumerate(container.demux(video=0)) if p.is_keyframe)
    path = copy_packets(
        source, tmp_path / f"cut.{suffix}", lambda n, p: p if n >= second else None
    )
    expected = decode_all(path)  # without the frames that lean on what was cut off
    with av.open(str(path)) as container:
        assert sum(1 for packet in container.demux(video=0) if packet.size) > len(expected)
    frames = video.read_frames(path, range(video.probe(path).num_frames))
    np.testing.assert_array_equal(frames, expected)
    for k in range(0, len(expected), 5):
        np.testing.assert_array_equal(video.read_frames(path, [k])[0], expected[k])


def test_packets_that_show_nothing_are_no_frames(make_video: MakeVideo, tmp_path: Path) -> None:
    def hide(number: int, packet: av.Packet) -> av.Packet:
        if number % 15 != 7:
            return packet
        data = bytearray(bytes(packet))
        data[0] &= 0b11101111  # VP8's "show frame" (RFC 6386, 9.1)
        hidden = av.Packet(bytes(data))
        hidden.pts, hidden.dts, hidden.time_base = packet.pts, packet.dts, packet.time_base
        return hidden

    path = copy_packets(make_video("vp8.webm", **FILES["vp8.webm"]), tmp_path / "a.webm", hide)
    numbers = [number_of(frame) for frame in video.read_frames(path, range(56))]
    assert numbers == [k for k in range(60) if k % 15 != 7]
    assert video.probe(path).num_frames == 56


def test_two_frames_at_the_same_time_are_both_frames(tmp_path: Path) -> None:
    def pair(number: int, packet: av.Packet) -> av.Packet:
        if number % 2 and number > 4 and packet.pts is not None:
            packet.pts = packet.dts = packet.pts - 40
        return packet

    source = encode_video(tmp_path / "a.mkv", 20, options=x264(bframes=0, keyint=5))
    path = copy_packets(source, tmp_path / "b.mkv", pair)
    frames = video.read_frames(path, range(20))
    assert [number_of(frame) for frame in frames] == list(range(20))


@pytest.mark.parametrize("num_hidden", [7, 15])
def test_frames_before_an_edit_lists_start_are_not_shown(
    num_hidden: int, make_video: MakeVideo, tmp_path: Path
) -> None:
    source = make_video("closed_gops.mp4", **FILES["closed_gops.mp4"])

    def earlier(number: int, packet: av.Packet) -> av.Packet:
        ticks = round(num_hidden / 25 / packet.time_base)
        packet.pts, packet.dts = (packet.pts or 0) - ticks, (packet.dts or 0) - ticks
        return packet

    path = copy_packets(source, tmp_path / "trimmed.mp4", earlier)
    assert indexing.index_video(path).table.seeks is not None
    expected = decode_all(path)
    assert number_of(expected[0]) == num_hidden
    info = video.probe(path)
    assert (info.num_frames, info.duration) == (60 - num_hidden, (60 - num_hidden) / 25)
    assert info.keyframes == tuple(k - num_hidden for k in range(0, 60, 12) if k >= num_hidden)
    for k in range(0, info.num_frames, 4):
        np.testing.assert_array_equal(video.read_frames(path, [k])[0], expected[k])


@pytest.mark.parametrize(
    ("degrees", "mirrored", "turn"),
    [
        (90, False, lambda stored: np.rot90(stored, 1)),
        (180, False, lambda stored: np.rot90(stored, 2)),
        (270, False, lambda stored: np.rot90(stored, 3)),
        (0, True, lambda stored: stored[:, ::-1]),
        (90, True, None),
    ],
)
def test_frames_are_turned_as_a_player_shows_them(
    degrees: int, mirrored: bool, turn: Any, tmp_path: Path
) -> None:
    path = encode_video(
        tmp_path / "turned.mp4",
        num_frames=5,
        prepare=lambda stream: stream.set_display_rotation(degrees, hflip=mirrored),
    )
    frames = video.read_frames(path, [0, 3])
    info = video.probe(path)
    assert frames.shape[1:3] == (info.height, info.width)
    assert info.rotation == degrees
    if turn is not None:
        np.testing.assert_array_equal(frames[1], turn(decode_all(path)[3]))
    if not mirrored:  # OpenCV leaves mirrors out
        np.testing.assert_array_equal(
            frames[0], cv2.VideoCapture(str(path)).read()[1][..., ::-1]
        )


def test_a_changed_file_is_looked_at_again(tmp_path: Path) -> None:
    path = encode_video(tmp_path / "a.mp4", num_frames=5)
    assert video.probe(path).num_frames == 5
    encode_video(path, num_frames=9)
    assert video.probe(path).num_frames == 9
    assert number_of(video.read_frames(path, [8])[0]) == 8


def test_read_clip_spreads_or_steps(make_video: MakeVideo) -> None:
    path = make_video("closed_gops.mp4", **FILES["closed_gops.mp4"])

    def numbers(**kwargs: Any) -> list[int]:
        return [number_of(frame) for frame in video.read_clip(path, 4, **kwargs)]

    assert numbers() == [7, 22, 37, 52]
    assert numbers(stride=2) == [0, 2, 4, 6]
    assert numbers(stride=3, start=50) == [50, 53, 56, 59]
    assert numbers(stride=3, start=54) == [54, 57, 59, 59]
    with pytest.raises(ValueError, match="stride is missing"):
        numbers(start=3)
    with pytest.raises(ValueError, match="start is 60"):
        numbers(stride=1, start=60)


@pytest.mark.parametrize(
    ("size", "shape"),
    [(68, (68, 160)), (112, (112, 263)), ((50, 40), (50, 40)), ([300, 700], (300, 700))],
)
def test_read_clip_resizes_as_pillow_does(size: Any, shape: tuple[int, int]) -> None:
    path = datasets.real_clip("bikes")
    full = Image.fromarray(video.read_frames(path, [0])[0])
    expected = np.asarray(full.resize(shape[::-1], Image.Resampling.BILINEAR), dtype=int)
    jagged = np.asarray(full.resize(shape[::-1], Image.Resampling.NEAREST), dtype=int)
    got = video.read_clip(path, 1, stride=1, size=size)[0]
    assert got.shape == (*shape, 3)
    difference = np.abs(got - expected).mean()
    assert difference < 1.5  # of 255; one grey level is what the plain conversion truncates
    assert difference < np.abs(got - jagged).mean()


def test_an_upright_phone_video_is_resized_upright(tmp_path: Path) -> None:
    path = encode_video(
        tmp_path / "a.mp4", 3, prepare=lambda stream: stream.set_display_rotation(90)
    )
    assert video.read_clip(path, 2, size=48).shape == (2, 64, 48, 3)
    full = video.read_clip(path, 1, stride=1)[0]
    half = video.read_clip(path, 1, stride=1, size=48)[0]
    blocks = full.reshape(64, 2, 48, 2, 3).mean(axis=(1, 3))
    assert np.abs(half - blocks).mean() < 12 < np.abs(half[::-1] - blocks).mean()


@pytest.mark.parametrize("size", [0, -3, 2.5, (3,), (3, 4, 5), (0, 4), "112", True])
def test_a_wrong_size_is_refused(size: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"size|height"):
        video.read_clip(datasets.real_clip("bikes"), 2, size=size)


@pytest.mark.parametrize("indices", [[0.0], [[0, 1]], 3, [True], ["a"], [[1], [2, 3]], None])
def test_indices_of_another_kind_are_refused(indices: Any) -> None:
    with pytest.raises(TypeError, match="indices"):
        video.read_frames(datasets.real_clip("bikes"), indices)


def test_no_indices_give_no_frames() -> None:
    assert video.read_frames(datasets.real_clip("bikes"), []).shape == (0, 272, 640, 3)
