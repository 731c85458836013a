"""Video files of every kind, made on the spot. Each frame carries its number as a bar code."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

_BITS = 10
_BLOCK = 12  # pixels: wide enough to survive any compression used here

MakeVideo = Callable[..., Path]


@cache
def numbered_frames(num_frames: int, height: int = 96, width: int = 128) -> np.ndarray:
    """RGB frames of a moving texture, each with its own number in a bar code at the top."""
    rng = np.random.default_rng(0)
    texture = rng.integers(60, 200, (height, width + num_frames, 3), dtype=np.uint8)
    frames = np.stack([texture[:, k : k + width] for k in range(num_frames)])
    for k in range(num_frames):
        for bit in range(_BITS):
            value = 255 if k >> bit & 1 else 0
            frames[k, :_BLOCK, bit * _BLOCK : (bit + 1) * _BLOCK] = value
    return frames


def number_of(frame: np.ndarray) -> int:
    """Read the bar code."""
    centres = frame[_BLOCK // 2, _BLOCK // 2 : _BITS * _BLOCK : _BLOCK].mean(axis=-1)
    return int(sum(1 << int(bit) for bit in np.flatnonzero(centres > 127)))


def x264(**parameters: Any) -> dict[str, str]:
    """Options for libx264; an underscore in a name stands for a hyphen."""
    text = ":".join(f"{name.replace('_', '-')}={value}" for name, value in parameters.items())
    return {"preset": "ultrafast", "x264-params": text}


def encode_video(
    path: Path,
    num_frames: int = 40,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    *,
    size: tuple[int, int] = (96, 128),
    pix_fmt: str = "yuv420p",
    times: Sequence[int] | None = None,
    container_options: dict[str, str] | None = None,
    prepare: Callable[[Any], None] = lambda stream: None,
) -> Path:
    """Encode numbered frames at 25 fps, or at the given times in milliseconds.

    `prepare` gets the stream before the first frame.
    """
    default = x264() if codec == "libx264" else {}
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream: Any = container.add_stream(codec, rate=25, options=options or default)
        stream.height, stream.width = size
        stream.pix_fmt = pix_fmt
        stream.codec_context.thread_count = 1
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        prepare(stream)
        for k, frame in enumerate(numbered_frames(num_frames, *size)):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24").reformat(format=pix_fmt)
            if times is not None:
                picture.pts, picture.time_base = times[k], Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def copy_packets(
    source: Path, target: Path, change: Callable[[int, av.Packet], av.Packet | None]
) -> Path:
    """Copy a file's video without encoding it again.

    `change` gets each packet's number and the packet, and gives the packet to write, or None.
    """
    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        stream = reader.streams.video[0]
        copy = writer.add_stream_from_template(stream)
        packets = (packet for packet in reader.demux(stream) if packet.dts is not None)
        for number, packet in enumerate(packets):
            changed = change(number, packet)
            if changed is not None:
                changed.stream = copy
                writer.mux(changed)
    return target


def decode_all(path: Path) -> np.ndarray:
    """Every frame, by a plain decode from the start; rotation is not applied."""
    with av.open(str(path)) as container:
        return np.stack([f.to_ndarray(format="rgb24") for f in container.decode(video=0)])


@pytest.fixture(scope="session")
def make_video(tmp_path_factory: pytest.TempPathFactory) -> MakeVideo:
    """Make a file of the given name once: `make_video("a.mp4", num_frames=8)`."""
    made: dict[str, tuple[Path, str]] = {}

    def make(name: str, *args: Any, **kwargs: Any) -> Path:
        wanted = repr((args, kwargs))
        path, how = made.get(name, (None, wanted))
        assert how == wanted, f"{name} was made in another way before"
        if path is None:
            path = encode_video(tmp_path_factory.mktemp("made") / name, *args, **kwargs)
            made[name] = path, wanted
        return path

    return make
