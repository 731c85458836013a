"""When each frame of a file is shown, and where to start decoding to reach it.

A file stores frames in the order in which they are decoded, each with the time at which it is
shown (PTS, presentation time stamp). Frame k is the k-th by that time.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from helpers.video.errors import VideoError
from helpers.video.opening import cut_off, decode, open_video, video_stream
from helpers.video.orientation import Orientation, orientation_of

# With these, every packet is one displayed frame and carries its time, so that the packets tell
# the frames without decoding. Elsewhere a packet can be half a frame (a field), a frame that is
# never shown (VP8), or have no time (AVI, raw streams).
_MOV = "mov,mp4,m4a,3gp,3g2,mj2"
_MATROSKA = "matroska,webm"
_CODECS = {"av1", "h264", "hevc", "vp9"}


@dataclass(frozen=True)
class SeekTable:
    """Times in units of the stream's time base, in display order.

    Attributes:
        timestamps: when each frame is shown, int64, (num_frames,), rising.
        starts: the numbers of the frames from which decoding can start, int64, (num_starts,):
            the keyframes, and the first frame after a keyframe that is not shown itself.
        seek_times: where to seek for each start, int64, (num_starts,).
    """

    timestamps: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    seek_times: npt.NDArray[np.int64]


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
    except OSError:
        version = (0, 0)  # `open_video` finds the words
    return _index_video(path, path.absolute(), version)


@lru_cache(maxsize=64)
def _index_video(path: Path, absolute: Path, version: tuple[int, int]) -> VideoIndex:
    with open_video(path) as container:
        stream = video_stream(container, path)
        codec = stream.codec_context.codec.canonical_name
        layout = container.format.name
        has_audio = bool(container.streams.audio)
        frame = next(decode(container, stream), None)
    if frame is None:
        raise VideoError(f"{path} has no frame that can be decoded: give another file.")
    table = None
    if layout in (_MOV, _MATROSKA) and codec in _CODECS:
        table = _table_from_packets(path, seek_by_dts=layout == _MOV)
    return VideoIndex(
        table=table or _table_from_frames(path),
        height=frame.height,
        width=frame.width,
        orientation=orientation_of(frame),
        codec=codec,
        has_audio=has_audio,
    )


def _table_from_packets(path: Path, seek_by_dts: bool) -> FrameTable | None:
    """The table without decoding; None when the packets do not tell the frames surely."""
    packets = []  # (presentation time, duration, is it shown, is it a keyframe, where to seek)
    with open_video(path) as container:
        stream = video_stream(container, path)
        for packet in container.demux(stream):
            if packet.size == 0:
                continue  # the end
            if packet.is_corrupt:
                raise cut_off(path)
            seek_time = packet.dts if seek_by_dts else packet.pts
            if packet.pts is None or seek_time is None:
                return None
            # An edit list cuts off a start that must be decoded for what comes after it.
            shown, key = not packet.is_discard, packet.is_keyframe
            packets.append((packet.pts, packet.duration or 0, shown, key, seek_time))
        if len(packets) < len(stream.index_entries):
            raise cut_off(path)
        time_base = stream.time_base or Fraction(1, av.time_base)
    if not packets or packets[0] != min(packets) or not packets[0][3]:
        return None  # the first frames lean on others before the file: some may not decode
    packets.sort()
    times, durations, shown, key, seek_times = np.array(packets, np.int64).T
    is_shown, is_key = shown.astype(bool), key.astype(bool)
    timestamps = times[is_shown]
    if not len(timestamps) or (np.diff(timestamps) == 0).any():
        return None
    return FrameTable(
        num_frames=len(timestamps),
        duration=_seconds(timestamps, durations[is_shown], time_base),
        keyframes=np.flatnonzero(is_key[is_shown]),
        seeks=SeekTable(
            timestamps=timestamps,
            starts=np.searchsorted(timestamps, times[is_key]),
            seek_times=seek_times[is_key],
        ),
    )


def _table_from_frames(path: Path) -> FrameTable:
    """The table from decoding every frame. Slow, but what comes out is what is shown."""
    frames = []  # (presentation time, duration, is it a keyframe)
    with open_video(path) as container:
        stream = video_stream(container, path)
        for frame in decode(container, stream):
            frames.append((frame.pts, frame.duration or 0, frame.key_frame))
        rate = stream.guessed_rate or stream.average_rate or Fraction(25)
        time_base = stream.time_base or Fraction(1, av.time_base)
    keyframes = np.flatnonzero([is_keyframe for _, _, is_keyframe in frames])
    duration = float(len(frames) / rate)
    if all(time is not None for time, _, _ in frames):
        times, durations, _ = np.array(frames, np.int64).T
        if (np.diff(times) > 0).all():
            duration = _seconds(times, durations, time_base) or duration
    return FrameTable(len(frames), duration, keyframes, seeks=None)


def _seconds(
    times: npt.NDArray[np.int64], durations: npt.NDArray[np.int64], time_base: Fraction
) -> float:
    """From the start of the first frame to the end of the last."""
    last = int(durations[-1])
    if last == 0 and len(times) > 1:  # not told: take the mean
        last = int(times[-1] - times[0]) // (len(times) - 1)
    return float((int(times[-1] - times[0]) + last) * time_base)
