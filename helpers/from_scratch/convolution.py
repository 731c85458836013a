"""A 3D convolution by hand."""

import numpy as np

from helpers import validate


def conv3d(
    clip: np.ndarray,
    kernel: np.ndarray,
    stride: tuple[int, int, int] = (1, 1, 1),
    padding: str = "valid",
) -> np.ndarray:
    """Convolve one clip in time and space, as the layers of deep learning do.

    As there, the kernel is not flipped, so that it is a cross-correlation. Follows the
    documentation of TensorFlow's `tf.nn.conv3d`, for both kinds of padding.

    Args:
        clip: floats, (frames, height, width, in_channels).
        kernel: floats, (frames, height, width, in_channels, out_channels).
        stride: the steps from one output to the next, in frames, rows and columns.
        padding: "valid": the kernel stays inside the clip. "same": along an axis of length n
            there are ceil(n / stride) outputs, and as few zeros around the clip as the kernel
            then needs; when their number is odd, the extra one comes after the clip, not
            before it.

    Returns:
        Floats, (frames, height, width, out_channels).

    Raises:
        TypeError, ValueError: when an argument is not as described, or with "valid" the kernel
            is larger than the clip.

    >>> clip = np.array([1.0, 2.0, 4.0]).reshape(3, 1, 1, 1)
    >>> change = np.array([-1.0, 1.0]).reshape(2, 1, 1, 1, 1)
    >>> conv3d(clip, change).ravel()
    array([1., 2.])
    >>> conv3d(clip, change, padding="same").ravel()
    array([ 1.,  2., -4.])
    """
    validate.convolution(clip, kernel, stride, padding)
    window = kernel.shape[:3]
    if padding == "same":
        # The last window begins at (outputs - 1) * stride and must fit: that many zeros.
        zeros = [
            max((-(-length // step) - 1) * step + size - length, 0)
            for length, size, step in zip(clip.shape[:3], window, stride, strict=True)
        ]
        clip = np.pad(clip, [(n // 2, n - n // 2) for n in zeros] + [(0, 0)])
    # A view: (frames, height, width, in_channels, kernel frames, kernel height, kernel width)
    windows = np.lib.stride_tricks.sliding_window_view(clip, window, axis=(0, 1, 2))
    windows = windows[:: stride[0], :: stride[1], :: stride[2]]
    # Every output sums over the window and over all input channels.
    return np.einsum("thwcijk,ijkco->thwo", windows, kernel)
