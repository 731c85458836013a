"""How close one image or clip is to another: PSNR and SSIM."""

import numpy as np
from scipy import ndimage

from helpers import validate


def psnr(reference: np.ndarray, image: np.ndarray, data_range: float | None = None) -> float:
    """Peak signal-to-noise ratio in decibels; larger is closer.

    Args:
        reference: uint8 or floats, any shape.
        image: the same shape; uint8 if the reference is uint8, floats if it is floats.
        data_range: the distance from black to white. For uint8 it is 255 if not given; for
            floats it must be given, and the reference must not span more than it.

    Returns:
        10 * log10(data_range**2 / mean squared error), and inf for equal images. The error is
        averaged over the whole array: a clip gets one number, which is not the mean of its
        frames' own. Equal to scikit-image's `peak_signal_noise_ratio`.

    Raises:
        TypeError, ValueError: when an argument is not as described, is empty or holds NaN.

    >>> black = np.zeros((2, 2), np.uint8)
    >>> white = np.full((2, 2), 255, np.uint8)
    >>> psnr(black, white), psnr(black, black)
    (0.0, inf)
    """
    validate.same_shape(reference=reference, image=image)
    data_range = validate.data_range(data_range, reference=reference, image=image)
    # In uint8, 3 - 5 is 254 and 16 * 16 is 0: leave it before the first subtraction.
    error = reference.astype(np.float64) - image
    mean_squared_error = np.mean(error**2)
    if mean_squared_error == 0:
        return float("inf")
    return float(10 * np.log10(data_range**2 / mean_squared_error))


def ssim(
    reference: np.ndarray,
    image: np.ndarray,
    data_range: float | None = None,
    window: str = "gaussian",
) -> float:
    """Mean structural similarity; larger is closer.

    In a window around every pixel, each channel of each frame on its own, take the means mx
    and my, the variances vx and vy and the covariance c. The similarity at that pixel is

        (2 * mx * my + c1) * (2 * c + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))

    with c1 = (0.01 * data_range)**2 and c2 = (0.03 * data_range)**2. Two windows are in use,
    and their numbers differ:

    - "gaussian": 11x11 pixels, weights of a Gaussian with a standard deviation of 1.5 pixels
      that sum to 1, variances and covariance divided by n. So in the paper (Wang et al., IEEE
      Transactions on Image Processing, 2004), and in scikit-image's `structural_similarity`
      with `gaussian_weights=True, use_sample_covariance=False`.
    - "uniform": 7x7 pixels, equal weights, variances and covariance divided by n - 1. So in
      scikit-image by default.

    Args:
        reference: uint8 or floats, (..., height, width, channels); a grey image has 1 channel.
            Frames are at least as large as the window.
        image: the same shape; uint8 if the reference is uint8, floats if it is floats.
        data_range: the distance from black to white. For uint8 it is 255 if not given; for
            floats it must be given, and the reference must not span more than it.
        window: "gaussian" or "uniform".

    Returns:
        The mean over all frames, channels and pixels whose window lies inside the frame: at
        most 1, and 1 for equal images.

    Raises:
        TypeError, ValueError: when an argument is not as described, is empty or holds NaN.

    >>> image = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    >>> ssim(image, image)
    1.0
    >>> [round(ssim(image, 255 - image, window=name), 3) for name in ("gaussian", "uniform")]
    [-0.826, -0.744]
    """
    validate.same_shape(reference=reference, image=image)
    data_range = validate.data_range(data_range, reference=reference, image=image)
    validate.one_of(("gaussian", "uniform"), window=window)
    radius = 5 if window == "gaussian" else 3
    validate.frame_size(2 * radius + 1, reference=reference)

    def local_mean(values: np.ndarray) -> np.ndarray:  # over height and width alone
        if window == "gaussian":
            return ndimage.gaussian_filter(values, sigma=1.5, radius=radius, axes=(-3, -2))
        return ndimage.uniform_filter(values, size=2 * radius + 1, axes=(-3, -2))

    x, y = reference.astype(np.float64), image.astype(np.float64)
    mean_x, mean_y = local_mean(x), local_mean(y)
    # The variance is the mean of the squares minus the square of the mean.
    correction = 1.0 if window == "gaussian" else 49 / 48  # n / (n - 1)
    variance_x = correction * (local_mean(x * x) - mean_x**2)
    variance_y = correction * (local_mean(y * y) - mean_y**2)
    covariance = correction * (local_mean(x * y) - mean_x * mean_y)

    # The constants keep flat and black patches from dividing by nothing.
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (variance_x + variance_y + c2)
    # Windows that hang over the edge saw mirrored pixels: leave them out.
    inside = slice(radius, -radius)
    return float(np.mean((luminance * structure)[..., inside, inside, :]))
