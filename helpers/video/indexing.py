"""When each frame of a file is shown, and where to start decoding to reach it.

A file stores frames in the order in which they are decoded, each with the time at which it is
shown (PTS, presentation time stamp). Frame k is the k-th by that time.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import numpy.typing as npt

from helpers.video.errors import VideoError
from helpers.video.opening import cut_off, decode, demux, open_video, video_stream
from helpers.video.orientation import Orientation, orientation_of

# With these, every packet is one displayed frame and carries its time, so that the packets tell
# the frames without decoding. Elsewhere a packet can be half a frame (a field), a frame that is
# never shown (VP8), or have no time (AVI, raw streams).
_FORMATS = {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"}
_CODECS = {"av1", "h264", "hevc", "vp9"}


@dataclass(frozen=True)
class SeekTable:
    """Times in units of the stream's time base, in display order.

    Attributes:
        timestamps: when each frame is shown, int64, (num_frames,), rising.
        starts: the numbers of the frames from which decoding can start, int64, (num_starts,):
            the keyframes, and the first frame after a keyframe that is not shown itself.
        start_times: when the keyframe of each start is shown, or would be, int64, (num_starts,).
    """

    timestamps: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    start_times: npt.NDArray[np.int64]


@dataclass(frozen=True)
class FrameTable:
    """Which frames a file shows.

    Attributes:
        num_frames: how many frames are shown.
        duration: seconds.
        keyframes: the numbers of the keyframes, int64, (num_keyframes,).
        seeks: how to reach a frame; None when only counting from the start of the file does.
    """

    num_frames: int
    duration: float
    keyframes: npt.NDArray[np.int64]
    seeks: SeekTable | None


@dataclass(frozen=True)
class VideoIndex:
    """What a file holds: its frames' times, and what its stored pictures are."""

    table: FrameTable
    height: int  # as stored, before rotation
    width: int
    orientation: Orientation
    codec: str
    has_audio: bool

    @property
    def size(self) -> tuple[int, int]:
        """Height and width as displayed."""
        if self.orientation.swap:
            return self.width, self.height
        return self.height, self.width


def index_video(path: Path) -> VideoIndex:
    """Index a file. The result is kept until the file changes.

    Raises:
        VideoError: when the file is missing, a folder, empty, cut off, not a video, has no
            frames or only sound.
    """
    try:
        status = path.stat()
        version = (status.st_mtime_ns, status.st_size)
    except (OSError, ValueError):  # ValueError: a zero byte in the name
        version = (0, 0)  # `open_video` finds the words
    return _index_video(path, path.absolute(), version)


@lru_cache(maxsize=64)
def _index_video(path: Path, absolute: Path, version: tuple[int, int]) -> VideoIndex:
    with open_video(path) as container:
        stream = video_stream(container, path)
        codec = stream.codec_context.codec.canonical_name
        file_format = container.format.name
        has_audio = bool(container.streams.audio)
        frame = next(decode(container, stream), None)
    if frame is None:
        raise VideoError(f"{path} has no frame that can be decoded: give another file.")
    table = None
    if file_format in _FORMATS and codec in _CODECS:
        table = _table_from_packets(path)
    return VideoIndex(
        table=table or _table_from_frames(path),
        height=frame.height,
        width=frame.width,
        orientation=orientation_of(frame),
        codec=codec,
        has_audio=has_audio,
    )


def _table_from_packets(path: Path) -> FrameTable | None:
    """The table without decoding; None when the packets do not tell the frames surely."""
    packets = []  # (presentation time, duration, is it shown, is it a keyframe)
    with open_video(path) as container:
        stream = video_stream(container, path)
        clock = _Clock.of(stream)
        for packet in demux(container, stream):
            if packet.size == 0:
                continue  # the end
            if packet.is_corrupt:
                raise cut_off(path)
            if packet.pts is None:
                return None
            # An edit list cuts off a start that must be decoded for what comes after it.
            shown, key = not packet.is_discard, packet.is_keyframe
            packets.append((packet.pts, packet.duration or 0, shown, key))
        if len(packets) < len(stream.index_entries):
            raise cut_off(path)
    if not packets or packets[0] != min(packets) or not packets[0][3]:
        return None  # the first frames lean on others before the file: some may not decode
    times, durations, shown, key = np.array(sorted(packets), np.int64).T
    is_shown, is_key = shown.astype(bool), key.astype(bool)
    timestamps = times[is_shown]
    if not len(timestamps) or not _rising(timestamps):
        return None
    return FrameTable(
        num_frames=len(timestamps),
        duration=clock.seconds(timestamps, durations[is_shown]),
        keyframes=np.flatnonzero(is_key[is_shown]),
        seeks=SeekTable(
            timestamps=timestamps,
            starts=np.searchsorted(timestamps, times[is_key]),
            start_times=times[is_key],
        ),
    )


def _table_from_frames(path: Path) -> FrameTable:
    """The table from decoding every frame. Slow, but what comes out is what is shown."""
    with open_video(path) as container:
        stream = video_stream(container, path, in_parallel=True)
        clock = _Clock.of(stream)
        frames = [  # a time of -1 is broken, as it does not rise
            (-1 if frame.pts is None else frame.pts, frame.duration or 0, frame.key_frame)
            for frame in decode(container, stream)
        ]
    timestamps, durations, is_key = np.array(frames, np.int64).T
    return FrameTable(
        num_frames=len(frames),
        duration=clock.seconds(timestamps, durations),
        keyframes=np.flatnonzero(is_key),
        seeks=None,
    )


class _Clock(NamedTuple):
    """How a stream tells time."""

    time_base: Fraction  # seconds a unit
    rate: Fraction  # the frames a second that the file claims

    @classmethod
    def of(cls, stream: av.VideoStream) -> "_Clock":
        rate = stream.guessed_rate or stream.average_rate or Fraction(25)
        return cls(stream.time_base or Fraction(0), rate)

    def seconds(
        self, timestamps: npt.NDArray[np.int64], durations: npt.NDArray[np.int64]
    ) -> float:
        """From the start of the first frame to the end of the last."""
        num_frames = len(timestamps)
        if _rising(timestamps):
            length = int(timestamps[-1] - timestamps[0])
            # A last duration that is not told counts as the mean of the others.
            length += int(durations[-1]) or length // max(1, num_frames - 1)
            if length * self.time_base > 0:
                return float(length * self.time_base)
        return float(num_frames / self.rate)  # no times, or broken ones


def _rising(timestamps: npt.NDArray[np.int64]) -> bool:
    return bool((np.diff(timestamps) > 0).all())
