"""Read chosen frames of a video file: seek to the keyframe before, decode from there."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation, VideoReformatter

from helpers import validate
from helpers.video.decoding import decode_frames
from helpers.video.errors import VideoError
from helpers.video.indexing import VideoIndex, index_video
from helpers.video.sampling import sample_dense, sample_indices

# With chroma at full width a resized frame keeps its mean colour; without, swscale loses one
# grey level in 255 at even widths.
_SCALING = Interpolation.BILINEAR | Interpolation.FULL_CHR_H_INT


def read_clip(
    path: str | PathLike[str],
    num_frames: int,
    stride: int | None = None,
    start: int | None = None,
    size: int | tuple[int, int] | None = None,
) -> npt.NDArray[np.uint8]:
    """Read a clip of a video file.

    Args:
        path: the file.
        num_frames: how many frames to read, at least 1.
        stride: None spreads the frames over the whole video (`sample_indices`); a number takes
            every `stride`-th frame and repeats the last one past the end (`sample_dense`).
        start: the first frame, with a stride; 0 when it is not given.
        size: (height, width), or one number for the shorter side, with the longer side in
            proportion and rounded down. None keeps the file's size. The resize is bilinear and
            averages over all pixels when it shrinks (antialiasing), by FFmpeg's swscale.

    Returns:
        RGB frames, uint8, (num_frames, height, width, 3).

    Raises:
        VideoError: when the file cannot be read.
        TypeError, ValueError: when another argument is out of its range.
    """
    path = Path(path)
    total_frames = index_video(path).table.num_frames
    if stride is not None:
        first = 0 if start is None else start
        indices = sample_dense(total_frames, num_frames, stride, first)
    elif start is None:
        indices = sample_indices(total_frames, num_frames)
    else:
        raise ValueError(f"start is {start}, but stride is missing: pass stride=1 or more.")
    return _read(path, indices, size)


def read_frames(path: str | PathLike[str], indices: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Read the frames with the given numbers: frame k is the k-th that a player shows.

    Only what is needed is decoded, from the keyframe before; a file whose packets do not tell
    its frames (see `probe`) is decoded from its start. Rotation is applied. Colours are
    converted as the file's tags say; a file without tags counts as BT.601, as in FFmpeg.

    Args:
        path: the file.
        indices: whole numbers from 0 to num_frames - 1 in any order, also repeated, (n,).

    Returns:
        RGB frames in the order of `indices`, uint8, (n, height, width, 3).

    Raises:
        VideoError: when the file cannot be read, or has no frame with such a number.
        TypeError: when the indices are not a list of whole numbers.
    """
    try:
        numbers = np.asarray(indices)
    except ValueError:  # lists of uneven length
        raise TypeError("indices must be a list of whole numbers, not of lists.") from None
    if numbers.ndim != 1 or (numbers.size and not np.issubdtype(numbers.dtype, np.integer)):
        raise TypeError(
            f"indices has the shape {numbers.shape} and holds {numbers.dtype}, but it must be a "
            "list of whole numbers: for one frame, pass [k]."
        )
    path = Path(path)
    num_frames = index_video(path).table.num_frames
    outside = numbers[(numbers < 0) | (numbers >= num_frames)]
    if outside.size:
        raise VideoError(
            f"{path} has no frame {outside[0]}: it has {num_frames}, so pass numbers from 0 to "
            f"{num_frames - 1}."
        )
    return _read(path, numbers, None)


def _read(
    path: Path, indices: npt.NDArray[np.integer], size: int | tuple[int, int] | None
) -> npt.NDArray[np.uint8]:
    index = index_video(path)
    height, width = _output_size(index, size)
    stored_size = (width, height) if index.orientation.swap else (height, width)
    clip = np.empty((len(indices), height, width, 3), np.uint8)
    scaler = VideoReformatter()  # one for all frames: it is slow to set up
    for number, frame in decode_frames(path, index.table, np.unique(indices)):
        if (frame.height, frame.width) != stored_size:
            frame = scaler.reformat(
                frame,
                width=stored_size[1],
                height=stored_size[0],
                format="rgb24",
                interpolation=_SCALING,
            )
        rgb: Any = frame.to_ndarray(format="rgb24")
        clip[indices == number] = index.orientation.apply(rgb)
    return clip


def _output_size(index: VideoIndex, size: int | tuple[int, int] | None) -> tuple[int, int]:
    height, width = index.size
    if size is None:
        return height, width
    if isinstance(size, Sequence):
        if len(size) != 2:
            raise ValueError(f"size is {size}, but it must be (height, width) or one number.")
        validate.positive_int(height=size[0], width=size[1])
        return int(size[0]), int(size[1])
    validate.positive_int(size=size)
    shorter = min(height, width)
    return max(1, height * size // shorter), max(1, width * size // shorter)
