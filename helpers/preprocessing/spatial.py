"""Where the pixels come from: resize, crop and flip, the same for all frames of a clip."""

import numpy as np
from PIL import Image

from helpers import validate


def resize_clip(clip: np.ndarray, short_side: int) -> np.ndarray:
    """Resize the frames so that their shorter side has `short_side` pixels.

    Bilinear and antialiased: where it shrinks, each pixel is an average of all those that fall
    together. Pillow's resize, as in torchvision's with `antialias=True`.

    Args:
        clip: uint8, (frames, height, width, channels), with 1 or 3 channels.
        short_side: the new length of the shorter side in pixels, at least 1.

    Returns:
        uint8, (frames, new height, new width, channels). The longer side keeps the aspect
        ratio, rounded down.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> resize_clip(np.zeros((8, 576, 768, 3), np.uint8), 128).shape
    (8, 128, 170, 3)
    """
    validate.clip(clip=clip)
    validate.positive_int(short_side=short_side)
    num_frames, height, width, channels = clip.shape
    shorter = min(height, width)
    new_height, new_width = height * short_side // shorter, width * short_side // shorter
    resized = np.empty((num_frames, new_height, new_width, channels), np.uint8)
    for frame, out in zip(clip, resized, strict=True):
        picture = Image.fromarray(frame[..., 0] if channels == 1 else frame)
        picture = picture.resize((new_width, new_height), Image.Resampling.BILINEAR)
        out[:] = np.asarray(picture).reshape(out.shape)
    return resized


def center_crop(video: np.ndarray, size: int) -> np.ndarray:
    """Cut a square from the middle of every frame.

    Args:
        video: uint8, (frames, height, width, channels) or
            (batch, frames, height, width, channels), with 1 or 3 channels.
        size: the side of the square in pixels, at most the frames' shorter side.

    Returns:
        uint8, the same shape but for height and width: a view of `video`, not a copy. Where
        the middle falls between two pixels, the square lies nearer to the top and the left,
        as in Keras's `CenterCrop`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> center_crop(np.zeros((8, 128, 171, 3), np.uint8), 112).shape
    (8, 112, 112, 3)
    """
    validate.video(video=video)
    validate.positive_int(size=size)
    validate.frame_size(size, video=video)
    top = (video.shape[-3] - size) // 2
    left = (video.shape[-2] - size) // 2
    return video[..., top : top + size, left : left + size, :]


def crop_and_flip(
    clips: np.ndarray,
    tops: list[int] | np.ndarray,
    lefts: list[int] | np.ndarray,
    flips: list[bool] | np.ndarray,
    size: int,
) -> np.ndarray:
    """Cut a square from each clip and mirror it or not, the same for all frames of a clip.

    Args:
        clips: uint8, (batch, frames, height, width, channels), with 1 or 3 channels.
        tops: the first row of each clip's square, whole numbers, (batch,).
        lefts: the first column of each clip's square, whole numbers, (batch,).
        flips: whether left and right then change places in the square, booleans, (batch,).
        size: the side of the square in pixels; it must lie inside the frames.

    Returns:
        uint8, (batch, frames, size, size, channels): a new array, and `clips` stays as it was.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> clips = np.arange(6, dtype=np.uint8).reshape(1, 1, 2, 3, 1)  # rows 0 1 2 and 3 4 5
    >>> crop_and_flip(clips, tops=[0], lefts=[1], flips=[True], size=2)[0, 0, :, :, 0]
    array([[2, 1],
           [5, 4]], dtype=uint8)
    """
    validate.crops(clips, tops, lefts, flips, size)
    batch, num_frames, _, _, channels = clips.shape
    cropped = np.empty((batch, num_frames, size, size, channels), clips.dtype)
    for i, (top, left, flip) in enumerate(zip(tops, lefts, flips, strict=True)):
        # One square for the whole clip: only what is in the picture moves, never the crop.
        square = clips[i, :, top : top + size, left : left + size]
        cropped[i] = square[:, :, ::-1] if flip else square
    return cropped
