"""Noise, and three ways to take it away: in space, in time, and by similar patches."""

import numpy as np
from scipy import ndimage

from helpers import validate


def add_noise(video: np.ndarray, sigma: float, seed: int | np.random.Generator) -> np.ndarray:
    """Add Gaussian noise, fresh in every value, rounded and saturated at 0 and 255.

    Args:
        video: uint8, (frames, height, width, channels) or
            (batch, frames, height, width, channels), with 1 or 3 channels.
        sigma: the noise's standard deviation in grey levels, 0 or more.
        seed: a number, the same for the same noise, or a generator to draw from.

    Returns:
        uint8, the shape of `video`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> round(add_noise(np.full((4, 64, 64, 3), 128, np.uint8), sigma=10, seed=0).std())
    10
    """
    validate.video(video=video)
    validate.non_negative(sigma=sigma)
    noise = np.random.default_rng(seed).standard_normal(video.shape, dtype=np.float32)
    return np.clip(np.round(video + np.float32(sigma) * noise), 0, 255).astype(np.uint8)


def gaussian_blur(video: np.ndarray, sigma: float) -> np.ndarray:
    """Blur every channel of every frame on its own.

    Args:
        video: uint8, (frames, height, width, channels) or
            (batch, frames, height, width, channels), with 1 or 3 channels.
        sigma: the Gaussian's standard deviation in pixels, 0 or more.

    Returns:
        uint8, the shape of `video`, rounded. Beyond the edge the pixels inside it are mirrored
        (SciPy's `mode="reflect"`).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> spot = np.array([0, 0, 90, 0, 0], np.uint8).reshape(1, 1, 5, 1)
    >>> gaussian_blur(spot, sigma=1.0).ravel()
    array([ 5, 22, 36, 22,  5], dtype=uint8)
    """
    validate.video(video=video)
    validate.non_negative(sigma=sigma)
    blurred = ndimage.gaussian_filter(video, sigma, axes=(-3, -2), output=np.float32)
    return np.round(blurred).astype(np.uint8)


def temporal_median(video: np.ndarray, window: int) -> np.ndarray:
    """Replace each pixel by its median over the frames around its own.

    Args:
        video: uint8, (frames, height, width, channels) or
            (batch, frames, height, width, channels), with 1 or 3 channels.
        window: over how many frames, an odd number: the frame itself and as many before as
            after it. Before the first frame and after the last, that frame is repeated.

    Returns:
        uint8, the shape of `video`: equal, for a clip, to SciPy's
        `median_filter(clip, size=(window, 1, 1, 1), mode="nearest")`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> flash = np.array([10, 10, 255, 10, 30], np.uint8).reshape(5, 1, 1, 1)
    >>> temporal_median(flash, window=3).ravel()
    array([10, 10, 10, 30, 30], dtype=uint8)
    """
    validate.video(video=video)
    validate.odd_int(window=window)
    half = window // 2
    padding = [(0, 0)] * (video.ndim - 4) + [(half, half), (0, 0), (0, 0), (0, 0)]
    padded = np.pad(video, padding, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, window, axis=-4)
    # (..., frames, height, width, channels, window): the middle of an odd number is exact.
    return np.median(windows, axis=-1).astype(np.uint8)


def non_local_means(video: np.ndarray, sigma: float) -> np.ndarray:
    """Average pixels whose surroundings look alike, each frame on its own.

    Every pixel becomes the weighted mean of those at most 5 rows and columns away. The weight
    is exp(-max(d2 - 2 * sigma**2, 0) / (0.8 * sigma)**2), where d2 is the mean squared
    difference of the two 3x3 patches over all channels. After Buades, Coll and Morel,
    "Non-Local Means Denoising", Image Processing On Line, 2011.

    Args:
        video: uint8, (frames, height, width, channels) or
            (batch, frames, height, width, channels), with 1 or 3 channels.
            Frames have at least 11x11 pixels.
        sigma: the noise's standard deviation in grey levels, above 0.

    Returns:
        uint8, the shape of `video`, rounded. Beyond the edge the pixels inside it are
        mirrored.

    Raises:
        TypeError, ValueError: when an argument is not as described.
    """
    validate.video(video=video)
    validate.positive(sigma=sigma)
    validate.frame_size(11, video=video)
    reach = 5
    height, width = video.shape[-3:-1]
    # (channels, ..., height, width): sums over the channels are fastest along the first axis.
    pixels = np.moveaxis(video, -1, 0).astype(np.float32, order="C")
    padding = [(0, 0)] * (video.ndim - 2) + [(reach, reach), (reach, reach)]
    padded = np.pad(pixels, padding, mode="symmetric")
    total = np.zeros_like(pixels)
    total_weight = np.zeros_like(pixels[0])
    for top in range(2 * reach + 1):
        for left in range(2 * reach + 1):
            shifted = padded[..., top : top + height, left : left + width]
            difference = np.mean((pixels - shifted) ** 2, axis=0)
            distance = ndimage.uniform_filter(difference, size=3, axes=(-2, -1))
            excess = np.maximum(distance - 2 * sigma**2, 0)
            weight = np.exp(-excess / (0.8 * sigma) ** 2)
            total += weight * shifted
            total_weight += weight
    denoised = np.round(total / total_weight).astype(np.uint8)
    return np.ascontiguousarray(np.moveaxis(denoised, 0, -1))
