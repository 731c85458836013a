"""Video files of every kind, made on the spot. Each frame carries its number as a bar code."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

Frames = npt.NDArray[np.uint8]

_BITS = 10
_BLOCK = 12  # pixels: wide enough to survive any compression used here


def numbered_frames(num_frames: int, height: int = 96, width: int = 128) -> Frames:
    """RGB frames of a moving texture, each with its own number in a bar code at the top."""
    rng = np.random.default_rng(0)
    texture = rng.integers(60, 200, (height, width + num_frames, 3), dtype=np.uint8)
    frames = np.stack([texture[:, k : k + width] for k in range(num_frames)])
    for k in range(num_frames):
        for bit in range(_BITS):
            value = 255 if k >> bit & 1 else 0
            frames[k, :_BLOCK, bit * _BLOCK : (bit + 1) * _BLOCK] = value
    return frames


def number_of(frame: Frames) -> int:
    """Read the bar code."""
    centres = frame[_BLOCK // 2, _BLOCK // 2 : _BITS * _BLOCK : _BLOCK].mean(axis=-1)
    return int(sum(1 << bit for bit in np.flatnonzero(centres > 127)))


def make_video(
    path: Path,
    num_frames: int = 40,
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    *,
    size: tuple[int, int] = (96, 128),
    pix_fmt: str = "yuv420p",
    fps: int = 25,
    times: Sequence[int] | None = None,
    container_options: dict[str, str] | None = None,
    prepare: Callable[[Any], None] = lambda stream: None,
) -> Path:
    """Encode numbered frames; `times` are presentation times in 1/1000 s, `prepare` gets the
    stream before the first frame.
    """
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream: Any = container.add_stream(codec, rate=fps, options=options or {})
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


def sequential(path: Path) -> Frames:
    """Every frame, by a plain decode from the start; rotation is not applied."""
    with av.open(str(path)) as container:
        return np.stack([f.to_ndarray(format="rgb24") for f in container.decode(video=0)])
