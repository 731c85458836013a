"""Write frames as a video file that a browser plays."""

import uuid
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from helpers import validate
from helpers.video.encoding import encode, pad_to_even
from helpers.video.errors import VideoError


def write_video(path: str | PathLike[str], frames: npt.NDArray[np.uint8], fps: float) -> None:
    """Write frames as an H.264 mp4 file that browsers play.

    The file appears when it is complete: if writing fails, an older file of that name stays.
    What is read back is near what was written, not equal: colours are stored at half the
    resolution (4:2:0) and compressed. An odd height or width grows by one pixel, a copy of the
    last row or column, since H.264 stores colours for 2x2 pixels.

    Args:
        path: where to write, ending in ".mp4". The folder must exist.
        frames: RGB or grey, uint8, (num_frames, height, width, 3 or 1).
        fps: frames a second.

    Raises:
        TypeError, ValueError: when the frames are not such an array, or fps is not above 0.
        VideoError: when the file cannot be written.
    """
    validate.clip(frames=frames)
    validate.positive(fps=fps)
    frames = pad_to_even(frames)
    write_whole(Path(path), frames, fps, size=(frames.shape[1], frames.shape[2]))


def write_whole(
    path: Path, frames: Iterable[npt.NDArray[np.uint8]], fps: float, size: tuple[int, int]
) -> None:
    """Encode frames, which may be made one at a time, into a file that appears when complete.

    size: (height, width) of the video, both even.

    Raises:
        VideoError: when the file cannot be written.
    """
    if path.suffix.lower() != ".mp4":
        raise VideoError(
            f"{path} does not end in .mp4: name it {path.with_suffix('.mp4').name}."
        )
    if not path.parent.is_dir():
        raise VideoError(f"{path} cannot be written: first make the folder {path.parent}.")
    if path.is_dir():
        raise VideoError(f"{path} is a folder: give the path of a file.")
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        encode(unfinished, frames, fps, size, quality=18)
        unfinished.replace(path)
    except (av.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or "the encoder refused the frames"
        raise VideoError(
            f"{path} cannot be written ({reason}): check the folder's permissions and the free "
            "space on the disk."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
