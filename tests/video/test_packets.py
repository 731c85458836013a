from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import PictureType
from hypothesis import given
from hypothesis import strategies as st

from helpers import datasets, video
from helpers.video import VideoError, display_order, read_packets
from tests.video.conftest import MakeVideo, copy_packets, encode_video, x264


def plain_types(path: Path) -> str:
    """Every frame's type in the order of showing, by a plain decode."""
    with av.open(str(path)) as container:
        return "".join(PictureType(f.pict_type).name for f in container.decode(video=0))


@pytest.mark.parametrize("name", ["bigbuckbunny", "bikes", "pedestrians"])
def test_the_types_are_those_of_a_plain_decode(name: str) -> None:
    path = datasets.real_clip(name)
    packets = read_packets(path)
    shown = packets.frame_type[display_order(packets.pts)]
    assert "".join(shown) == plain_types(path)
    assert tuple(np.flatnonzero(packets.is_keyframe[display_order(packets.pts)])) == (
        video.probe(path).keyframes
    )


def test_broken_times_do_not_hide_the_types() -> None:
    path = datasets.real_clip("city_night")
    packets = read_packets(path)
    assert not packets.pts.any()
    assert "".join(packets.frame_type) == plain_types(path)  # it has no B-frames
    with pytest.raises(ValueError, match="pts holds 0 for 190 frames"):
        display_order(packets.pts)


def test_the_sizes_are_the_bytes_in_the_file() -> None:
    path = datasets.real_clip("bikes")
    packets = read_packets(path)
    with av.open(str(path)) as container:
        assert packets.size.tolist() == [p.size for p in container.demux(video=0) if p.size]
    assert 0.98 * path.stat().st_size < packets.size.sum() < path.stat().st_size


def test_in_real_files_the_b_frames_are_those_shown_before_a_packet_stored_earlier() -> None:
    for name in ("bigbuckbunny", "bikes", "pedestrians"):
        packets = read_packets(datasets.real_clip(name))
        overtakes = packets.pts < np.maximum.accumulate(packets.pts)
        assert ((packets.frame_type == "B") == overtakes).all()


def test_dts_rise_and_no_picture_is_shown_before_it_is_decoded() -> None:
    for name in ("bigbuckbunny", "bikes", "pedestrians"):
        packets = read_packets(datasets.real_clip(name))
        assert packets.dts is not None
        assert (np.diff(packets.dts) > 0).all()
        assert (packets.pts >= packets.dts).all()


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("b.mp4", "libx264", x264(bframes=3, keyint=12, b_adapt=0)),
        ("pyramid.mkv", "libx264", x264(bframes=5, b_pyramid="normal", b_adapt=0)),
        ("open.mp4", "libx264", x264(bframes=3, keyint=12, open_gop=1, b_adapt=0)),
        ("intra.mp4", "libx264", x264(keyint=1)),
        ("vp9.webm", "libvpx-vp9", {"deadline": "realtime", "g": "8"}),
        ("mpeg4.mp4", "mpeg4", {"bf": "2", "g": "9"}),
    ],
)
def test_files_of_other_kinds(
    name: str, codec: str, options: dict[str, str], make_video: MakeVideo
) -> None:
    path = make_video(f"packets_{name}", codec=codec, options=options)
    packets = read_packets(path)
    assert "".join(packets.frame_type[display_order(packets.pts)]) == plain_types(path)


def test_a_damaged_packet_has_no_type(tmp_path: Path) -> None:
    whole = encode_video(tmp_path / "whole.mp4", options=x264(bframes=0, keyint=10))

    def break_one(number: int, packet: av.Packet) -> av.Packet:
        if number != 13:
            return packet
        broken = av.Packet(b"\0" * packet.size)
        broken.pts, broken.dts, broken.time_base = packet.pts, packet.dts, packet.time_base
        return broken

    packets = read_packets(copy_packets(whole, tmp_path / "broken.mp4", break_one))
    assert np.flatnonzero(packets.frame_type == "").tolist() == [13]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="does not exist"):
        read_packets(tmp_path / "none.mp4")
    raw = encode_video(tmp_path / "a.h264", 3)
    with pytest.raises(VideoError, match=r"a\.h264 has packets without a time"):
        read_packets(raw)
    whole = encode_video(tmp_path / "whole.mp4", container_options={"movflags": "faststart"})
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(VideoError, match="cut off"):
        read_packets(cut)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, unique=True))
def test_display_order_puts_the_times_in_order(times: list[int]) -> None:
    pts = np.array(times)
    order = display_order(pts)
    assert order.dtype == np.int64
    assert pts[order].tolist() == sorted(times)


@pytest.mark.parametrize(
    ("pts", "error", "match"),
    [
        ([0, 1], TypeError, "pts is a list"),
        (np.array([0.0, 1.0]), TypeError, "pts is float64"),
        (np.array([[0, 1]]), ValueError, r"shape \(1, 2\)"),
        (np.array([], int), ValueError, "pts is empty"),
        (np.array([3, 4, 3, 3]), ValueError, "pts holds 3 for 3 frames"),
    ],
)
def test_wrong_times_are_named(pts: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        display_order(pts)


def test_matroska_stores_no_dts_where_there_are_b_frames(make_video: MakeVideo) -> None:
    options = x264(bframes=3, b_adapt=0)
    assert read_packets(make_video("packets_dts.mkv", options=options)).dts is None
