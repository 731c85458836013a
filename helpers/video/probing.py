"""What is in a video file: size, frames, rate, codec."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from helpers.video.indexing import index_video


@dataclass(frozen=True, repr=False)
class VideoInfo:
    """What is in a video file.

    Attributes:
        path: the file.
        width, height: pixels as displayed, that is after rotation. Pixels that are not square
            are not stretched.
        num_frames: how many frames are displayed. They are counted, since what a file's header
            says can be wrong.
        fps: the average number of frames a second: num_frames / duration.
        duration: seconds from the start of the first frame to the end of the last.
        codec: FFmpeg's name for it, such as "h264".
        has_audio: whether there is sound.
        rotation: how far a player turns the stored picture counterclockwise: 0, 90, 180 or 270
            degrees.
        keyframes: the numbers of the frames that need no other frame to be decoded.
    """

    path: Path
    width: int
    height: int
    num_frames: int
    fps: float
    duration: float
    codec: str
    has_audio: bool
    rotation: int
    keyframes: tuple[int, ...]

    def __repr__(self) -> str:
        frames = "1 frame" if self.num_frames == 1 else f"{self.num_frames} frames"
        sound = "sound" if self.has_audio else "no sound"
        turned = f", turned by {self.rotation} degrees" if self.rotation else ""
        return (
            f"{self.path.name}: {self.width}x{self.height}, {frames} at {self.fps:.4g} fps, "
            f"{self.duration:.4g} s, {self.codec}, {sound}{turned}"
        )


def probe(path: str | PathLike[str]) -> VideoInfo:
    """Tell what is in a video file, without keeping its pictures.

    The frames are counted from the file's packets where each packet is one frame (H.264, HEVC,
    VP9 and AV1 in mp4, mov, mkv and webm), else by decoding them all. The result is kept, and
    found anew when the file changes.

    Raises:
        VideoError: when the file is missing, a folder, empty, cut off, not a video, has no
            frames or only sound. Whether it is cut off is known of mp4, mov, mkv, webm and
            AVI; of other files, such as transport streams, what is there is read.

    >>> from helpers import datasets
    >>> probe(datasets.real_clip("bikes"))
    bikes.mp4: 640x272, 250 frames at 25 fps, 10 s, h264, no sound
    """
    path = Path(path)
    index = index_video(path)
    table = index.table
    height, width = index.size
    return VideoInfo(
        path=path,
        width=width,
        height=height,
        num_frames=table.num_frames,
        fps=table.num_frames / table.duration,
        duration=table.duration,
        codec=index.codec,
        has_audio=index.has_audio,
        rotation=index.orientation.degrees,
        keyframes=tuple(table.keyframes.tolist()),
    )
