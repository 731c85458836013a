"""Open a video file, or say in one sentence why it cannot be opened."""

from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import av

from helpers.video.completeness import promised_size
from helpers.video.errors import VideoError

# Texts that FFmpeg takes for videos: what it would draw as a terminal, and lists of other files.
_TEXTS = {"tty", "concat", "dash", "hls"}


@contextmanager
def open_video(path: Path) -> Iterator[av.container.InputContainer]:
    """Open the file for reading; errors of the system and of FFmpeg become `VideoError`."""
    try:
        if path.is_dir():
            raise VideoError(f"{path} is a folder: give the path of one video file in it.")
        if not path.exists():
            raise VideoError(f"{path} does not exist: check its name and its folder.")
        size = path.stat().st_size
        if size == 0:
            raise VideoError(f"{path} is empty (0 bytes): copy or download it again.")
        with path.open("rb") as file:
            if promised_size(file.read(64)) > size:
                raise cut_off(path)
        # "file:" keeps FFmpeg from taking a name such as "a:b.mp4" for an internet address.
        with av.open(f"file:{path}", metadata_errors="ignore") as container:
            if container.format.name in _TEXTS:
                raise VideoError(f"{path} is a text file: give a video file.")
            yield container
    except (av.FFmpegError, OSError) as error:
        if isinstance(error, PermissionError) and not isinstance(error, av.FFmpegError):
            raise VideoError(f"{path} may not be read: change its permissions.") from None
        raise VideoError(
            f"{path} cannot be read as a video: it is damaged, cut off or of another kind. Copy "
            "or download it again, or convert it to mp4."
        ) from None


def video_stream(
    container: av.container.InputContainer, path: Path, in_parallel: bool = False
) -> av.VideoStream:
    """The file's first video stream; the cover picture of a song does not count.

    To decode `in_parallel` uses every processor core. It pays off for many frames in a row, as
    it costs some frames more after each seek.
    """
    for stream in container.streams.video:
        if stream.codec_context is None:
            continue  # FFmpeg has no decoder for it
        if not stream.disposition & av.stream.Disposition.attached_pic:
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = 0 if in_parallel else 1  # 0: as many as cores
            return stream
    if container.streams.audio:
        raise VideoError(f"{path} holds sound but no video: give a file with pictures.")
    raise VideoError(f"{path} holds no video that can be decoded: give a video file.")


def demux(
    container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator["av.Packet[av.VideoStream]"]:
    """The stream's packets from where the file stands; an empty one at the end."""
    # After the last packet PyAV 18 raises IndexError when another stream began mid-file.
    with suppress(IndexError):
        yield from container.demux(stream)


def decode(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    wanted: Container[int] | None = None,
) -> Iterator[av.VideoFrame]:
    """The frames from where the file stands, in display order, without the damaged ones.

    With `wanted`, the times of the frames that matter, H.264 leaves out what neither matters
    nor is a reference for another frame: about a third of the work where there are B-frames.
    """
    for packet in demux(container, stream):
        if wanted is not None and stream.codec_context.name == "h264":
            stream.codec_context.skip_frame = "DEFAULT" if packet.pts in wanted else "NONREF"
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue  # players go on after a damaged packet, too
        yield from frames


def cut_off(path: Path) -> VideoError:
    """The error for a file that ends before its last frame."""
    return VideoError(f"{path} is cut off, its end is missing: copy or download it again.")
