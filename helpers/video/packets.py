"""What a file holds before anything is decoded: its packets, one for each stored picture."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import PictureType

from helpers import validate
from helpers.video.errors import VideoError
from helpers.video.opening import cut_off, demux, open_video, video_stream


@dataclass(frozen=True)
class Packets:
    """The packets of a file's video in stored order, which is the order of decoding.

    Attributes:
        pts: when each picture is shown, in units of `time_base`, int64, (num_packets,).
        dts: when each is decoded, int64, (num_packets,); None where the file does not say it
            of every packet, as in Matroska.
        size: bytes, int64, (num_packets,).
        is_keyframe: whether decoding can start there, bool, (num_packets,).
        frame_type: "I" needs no other picture, "P" those decoded before it, "B" has
            blocks from up to two; "" where no picture came out. Text, (num_packets,).
        time_base: seconds a unit.
    """

    pts: npt.NDArray[np.int64]
    dts: npt.NDArray[np.int64] | None
    size: npt.NDArray[np.int64]
    is_keyframe: npt.NDArray[np.bool_]
    frame_type: npt.NDArray[np.str_]
    time_base: float


def read_packets(path: str | PathLike[str]) -> Packets:
    """Read all packets of a file's video.

    Everything is decoded once, since only the decoder tells a picture's type.

    Raises:
        VideoError: when the file cannot be read, or its packets carry no times, as those of
            a raw stream.

    >>> from helpers import datasets
    >>> packets = read_packets(datasets.real_clip("bikes"))
    >>> "".join(packets.frame_type[:9])
    'IPBBBPBBB'
    >>> packets.pts[:5] // 512  # the frames that they hold, each 512 units long
    array([0, 4, 2, 1, 3])
    """
    path = Path(path)
    rows: list[tuple[int, int | None, int, bool]] = []
    types: dict[Any, str] = {}
    with open_video(path) as container:
        stream = video_stream(container, path, in_parallel=True)
        # The decoder hands a packet's `opaque` on to the frame that it makes of it.
        stream.codec_context.copy_opaque = True
        for packet in demux(container, stream):
            if packet.is_corrupt:
                raise cut_off(path)
            if packet.size:
                if packet.pts is None:
                    raise VideoError(
                        f"{path} has packets without a time: convert it to mp4 or mkv."
                    )
                packet.opaque = len(rows)
                rows.append((packet.pts, packet.dts, packet.size, packet.is_keyframe))
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue
            types.update((frame.opaque, PictureType(frame.pict_type).name) for frame in frames)
        time_base = float(stream.time_base or 1)
    if not rows:
        raise VideoError(f"{path} has no packet of video: give another file.")
    pts, dts, size, is_keyframe = zip(*rows, strict=True)
    return Packets(
        pts=np.array(pts),
        dts=None if None in dts else np.array(dts),
        size=np.array(size),
        is_keyframe=np.array(is_keyframe),
        frame_type=np.array([types.get(number, "") for number in range(len(rows))]),
        time_base=time_base,
    )


def display_order(pts: np.ndarray) -> np.ndarray:
    """Which packet holds frame 0, frame 1, ...: frames are numbered in the order of showing.

    Args:
        pts: when each packet's picture is shown (its presentation time stamp), in the order in
            which the packets are stored: whole numbers, all different, (num_packets,).
            They may start anywhere, also below 0, and lie unevenly.

    Returns:
        The places of the packets in `pts`, counted from 0, in the order in which their pictures
        are shown: int64, (num_packets,). Entry k is the place of the packet that holds frame k.

    Raises:
        TypeError, ValueError: when `pts` is not such an array, or a time comes twice: then the
            times do not tell the order.

    >>> display_order(np.array([0, 40, 20, 10, 30]))
    array([0, 3, 2, 4, 1])
    """
    validate.timestamps(pts=pts)
    return np.argsort(pts)
