"""What the pixels are worth: scale, normalise, and jitter their colours."""

import numpy as np

from helpers import validate


def normalize(
    video: np.ndarray,
    mean: float | list[float] | np.ndarray,
    std: float | list[float] | np.ndarray,
) -> np.ndarray:
    """Scale pixels to [0, 1], subtract the mean and divide by the standard deviation.

    Args:
        video: uint8, (frames, height, width, channels) or
            (batch, frames, height, width, channels), with 1 or 3 channels.
        mean: of pixels scaled to [0, 1]: one number, or one for each channel in their order.
        std: the standard deviation, likewise, above 0.

    Returns:
        float32, the shape of `video`: equal to Keras's layers `Rescaling(1 / 255)` and then
        `Normalization(mean=mean, variance=std**2)`.

    Raises:
        TypeError, ValueError: when an argument is not as described, such as a mean or a
            deviation above 1.

    >>> pixel = np.full((1, 1, 1, 3), 255, np.uint8)
    >>> normalize(pixel, mean=[0.5, 0.5, 0.0], std=[0.5, 0.25, 1.0]).ravel()
    array([1., 2., 1.], dtype=float32)
    """
    validate.video(video=video)
    validate.mean_and_std(mean, std, num_channels=video.shape[-1])
    scaled = video.astype(np.float32) / 255
    # The statistics in float32 too: float64 ones would make the whole batch float64.
    return (scaled - np.asarray(mean, np.float32)) / np.asarray(std, np.float32)


def color_jitter(
    clip: np.ndarray, brightness: float = 1.0, contrast: float = 1.0, saturation: float = 1.0
) -> np.ndarray:
    """Change brightness, contrast and saturation, the same in all frames.

    A factor of 1 changes nothing. The three apply in this order, and the result is rounded and
    saturated at 0 and 255 once, at the end. On one frame each alone equals Pillow's
    `ImageEnhance`, to rounding.

    Args:
        clip: uint8, (frames, height, width, channels), with 1 or 3 channels.
        brightness: 0 or more; 0 is black.
        contrast: 0 or more; 0 is the mean grey of the clip (of each frame, it would flicker).
        saturation: 0 or more; 0 is grey.

    Returns:
        uint8, the shape of `clip`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> color_jitter(np.full((1, 1, 1, 3), 100, np.uint8), brightness=1.5).ravel()
    array([150, 150, 150], dtype=uint8)
    """
    validate.clip(clip=clip)
    validate.non_negative(brightness=brightness, contrast=contrast, saturation=saturation)
    pixels: np.ndarray = clip * np.float32(brightness)
    # Grey as in ITU-R BT.601, the weights that Pillow and OpenCV use.
    weights = np.array([0.299, 0.587, 0.114] if clip.shape[-1] == 3 else [1], np.float32)
    mean_grey = np.float32(np.mean(pixels @ weights, dtype=np.float64))
    pixels = mean_grey + np.float32(contrast) * (pixels - mean_grey)
    grey = (pixels @ weights)[..., np.newaxis]
    pixels = grey + np.float32(saturation) * (pixels - grey)
    return np.clip(np.round(pixels), 0, 255).astype(np.uint8)
