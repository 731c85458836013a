"""Copy a video's packets into another file: another box, the same bytes."""

import uuid
from os import PathLike
from pathlib import Path

import av
import numpy as np

from helpers import validate
from helpers.video.errors import VideoError
from helpers.video.opening import demux, open_video, video_stream


def remux(
    source: str | PathLike[str],
    target: str | PathLike[str],
    times: np.ndarray | None = None,
    rotation: int = 0,
) -> Path:
    """Copy the packets of a file's video into a new file, without decoding anything.

    Sound is left out. The file appears when it is complete.

    Args:
        source: the file to copy.
        target: where to write; its ending names the container, such as ".mkv" or ".mp4".
        times: when each picture is to be shown, in units of the source's time base and in
            stored order: whole numbers, rising, (num_packets,). Only for files without
            B-frames, whose stored order is that of showing. None keeps the times. A start other
            than 0 is kept to the millisecond.
        rotation: how far a player is to turn the pictures counterclockwise: 0, 90, 180 or 270
            degrees. mp4, mov and mkv store it.

    Returns:
        The target's path.

    Raises:
        TypeError, ValueError: when times or rotation are not as described.
        VideoError: when the source cannot be read or the target not be written.
    """
    source, target = Path(source), Path(target)
    if rotation not in (0, 90, 180, 270):
        raise ValueError(f"rotation is {rotation!r}, but it must be 0, 90, 180 or 270.")
    if times is not None:
        _check_times(source, times)
    unfinished = target.with_name(f".{uuid.uuid4().hex}.part{target.suffix}")
    try:
        with open_video(source) as reader:
            stream = video_stream(reader, source)
            try:
                with av.open(f"file:{unfinished}", "w") as writer:
                    copy = writer.add_stream_from_template(stream)
                    copy.set_display_rotation(rotation)
                    packets = (packet for packet in demux(reader, stream) if packet.size)
                    for number, packet in enumerate(packets):
                        if times is not None:
                            packet.pts = packet.dts = int(times[number])
                        packet.stream = copy
                        writer.mux(packet)
                unfinished.replace(target)
            except (av.FFmpegError, OSError, ValueError) as error:
                raise VideoError(
                    f"{target} cannot be written ({getattr(error, 'strerror', None) or error}): "
                    "check that its folder exists and that its ending names a container for this "
                    "codec, such as .mp4 or .mkv."
                ) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _check_times(source: Path, times: np.ndarray) -> None:
    validate.timestamps(times=times)
    with open_video(source) as reader:
        stream = video_stream(reader, source)
        pts = [packet.pts or 0 for packet in demux(reader, stream) if packet.size]
    if len(times) != len(pts):
        raise ValueError(
            f"times has {len(times)} entries, but {source.name} has {len(pts)} packets: give one "
            "time each."
        )
    if (np.diff(times) < 0).any():
        raise ValueError("times must rise from one entry to the next: sort them.")
    if (np.diff(pts) < 0).any():
        raise ValueError(
            f"{source.name} has B-frames, which are not stored in the order of showing: new "
            "times cannot be given packet by packet. Leave times out."
        )
