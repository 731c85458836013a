"""Frames to H.264 in mp4: what every browser plays."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc


def encode(
    file: BinaryIO | Path,
    frames: Iterable[npt.NDArray[np.uint8]],
    fps: float,
    size: tuple[int, int],
    quality: int,
    num_threads: int = 0,
) -> None:
    """Write frames as mp4.

    Args:
        file: a path, or what is open for writing bytes.
        frames: uint8, (num_frames, height, width, 3), or 1 channel for grey; or such frames
            one after another.
        fps: frames a second, above 0.
        size: (height, width) of the video, both even: frames of another size are resized.
        quality: x264's constant rate factor: 18 is hard to tell from the input, 28 is small.
        num_threads: 0 leaves it to the machine. The same input and number of threads give the
            same bytes.
    """
    height, width = size
    # Without "bitexact" the encoder's version and the date would be part of the bytes.
    # With "faststart" the index comes first, so that a browser plays while it downloads.
    target = f"file:{file}" if isinstance(file, Path) else file
    container_options = {"fflags": "+bitexact"}
    if isinstance(file, Path):
        container_options["movflags"] = "+faststart"
    options = {"crf": str(quality), "preset": "medium", "flags": "+bitexact"}
    # x264's look at later frames reads memory that nobody wrote: other bytes now and then.
    options["x264-params"] = "mbtree=0"
    with av.open(target, "w", format="mp4", options=container_options) as container:
        stream = container.add_stream(
            "libx264", Fraction(fps).limit_denominator(100_000), options
        )
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        context = stream.codec_context
        context.thread_count = num_threads
        # The colours of HD video, written into the file so that players and readers know.
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        for frame in frames:
            rgb = np.broadcast_to(frame, (*frame.shape[:2], 3))
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            picture = picture.reformat(
                width=width,
                height=height,
                format="yuv420p",
                interpolation="AREA",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
            )
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def pad_to_even(frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Repeat the last row and column where a side is odd: H.264's colours come in 2x2 blocks."""
    _, height, width, _ = frames.shape
    return np.pad(frames, ((0, 0), (0, height % 2), (0, width % 2), (0, 0)), mode="edge")
