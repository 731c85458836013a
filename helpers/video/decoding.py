"""Decode chosen frames of a file, and as few others as possible."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from helpers.video.errors import VideoError
from helpers.video.indexing import FrameTable, SeekTable
from helpers.video.opening import decode, open_video, video_stream

# To decode this many frames that nobody asked for takes about as long as a seek.
_FRAMES_PER_SEEK = 8
_MANY_FRAMES = 100


def decode_frames(
    path: Path, table: FrameTable, wanted: npt.NDArray[np.integer]
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Decode the wanted frames (rising numbers); give each with its number, in any order.

    Raises:
        VideoError: when a wanted frame is damaged.
    """
    seeks = table.seeks
    if not wanted.size:
        return
    if seeks is None:
        missing = {number: number for number in wanted.tolist()}
    else:
        missing = dict(zip(seeks.timestamps[wanted].tolist(), wanted.tolist(), strict=True))
        with open_video(path) as container:
            stream = video_stream(container, path, in_parallel=len(wanted) >= _MANY_FRAMES)
            for start, last in _runs(seeks, wanted):
                container.seek(start, stream=stream)
                frames = decode(container, stream, wanted=missing)
                yield from _take(_by_time(frames), missing, last)
    if missing:  # they can only be found from the start, or the seek went astray
        with open_video(path) as container:
            frames = decode(container, video_stream(container, path, in_parallel=True))
            keyed = enumerate(frames) if seeks is None else _by_time(frames)
            yield from _take(keyed, missing, max(missing))
    if missing:
        raise VideoError(
            f"{path} is damaged: its frame {min(missing.values())} cannot be decoded. Copy or "
            "download the file again, or leave that frame out."
        )


def _runs(seeks: SeekTable, wanted: npt.NDArray[np.integer]) -> Iterator[tuple[int, int]]:
    """Split the wanted frames where a seek saves work: each run's start time and last time."""
    # A frame shown at or after a keyframe never needs what was decoded before that keyframe.
    start = np.searchsorted(seeks.starts, wanted, side="right") - 1
    new_run = seeks.starts[start[1:]] - wanted[:-1] > _FRAMES_PER_SEEK
    first = np.flatnonzero(np.append(True, new_run))
    last = np.flatnonzero(np.append(new_run, True))
    start_times = seeks.start_times[start[first]]
    return zip(start_times.tolist(), seeks.timestamps[wanted[last]].tolist(), strict=True)


def _by_time(frames: Iterator[av.VideoFrame]) -> Iterator[tuple[int, av.VideoFrame]]:
    return ((frame.pts, frame) for frame in frames if frame.pts is not None)


def _take(
    frames: Iterable[tuple[int, av.VideoFrame]], missing: dict[int, int], last: int
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Give the frames whose key is missing and strike it out, up to the last key."""
    for key, frame in frames:
        if key in missing:
            yield missing.pop(key), frame
        if key >= last:
            return
