"""Sizes and costs on the back of an envelope, which `helpers.models.count` then confirms."""

import math

import numpy as np

from helpers import validate


def batch_bytes(
    batch_size: int, num_frames: int, height: int, width: int, channels: int, dtype: str
) -> int:
    """How many bytes a batch of clips takes.

    Args:
        batch_size: clips, at least 1.
        num_frames, height, width, channels: of a clip, at least 1 each.
        dtype: of the values, by NumPy's name: "uint8", "float16", "float32" ...

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> batch_bytes(8, 16, 224, 224, 3, dtype="uint8")
    19267584
    """
    validate.positive_int(
        batch_size=batch_size,
        num_frames=num_frames,
        height=height,
        width=width,
        channels=channels,
    )
    validate.dtype_name(dtype=dtype)
    values = batch_size * num_frames * height * width * channels
    return values * np.dtype(dtype).itemsize


def convolution_cost(
    in_channels: int,
    out_channels: int,
    kernel: tuple[int, ...],
    output_size: tuple[int, ...],
    bias: bool = True,
) -> tuple[int, int]:
    """Parameters and multiply-accumulates (MACs) of a convolution over one clip or image.

    Args:
        in_channels, out_channels: at least 1.
        kernel: its size along each axis that it slides along: (rows, columns) in 2D, (frames,
            rows, columns) in 3D.
        output_size: how large its output is along the same axes.
        bias: whether each output channel has one. It is a parameter; adding it is no MAC.

    Returns:
        (parameters, MACs), for a single clip.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> convolution_cost(3, 64, kernel=(3, 3), output_size=(32, 32))
    (1792, 1769472)
    """
    validate.convolution_sizes(in_channels, out_channels, kernel, output_size)
    # Each output channel has a kernel for every input channel, used anew at each position.
    weights = in_channels * out_channels * math.prod(kernel)
    parameters = weights + out_channels if bias else weights
    return parameters, weights * math.prod(output_size)


def num_tokens(
    clip_size: tuple[int, int, int],
    patch: tuple[int, int, int],
    compression: tuple[int, int, int] = (1, 1, 1),
) -> int:
    """How many tokens a video transformer reads for a clip.

    Args:
        clip_size: (frames, height, width) of the clip in pixels.
        patch: frames, rows and columns that become one token: of pixels, or of the latent space
            if there is a compression.
        compression: frames, rows and columns of pixels to one of the latent space. The encoder
            is causal: the first frame becomes a latent frame alone, and each further
            `compression[0]` frames one more.

    Returns:
        The number of tokens of a clip, without class tokens.

    Raises:
        TypeError, ValueError: when a size is not a whole number of at least 1, or the clip does
            not divide evenly.

    >>> num_tokens((16, 224, 224), patch=(2, 16, 16))
    1568
    >>> num_tokens((81, 480, 832), patch=(1, 2, 2), compression=(4, 8, 8))
    32760
    """
    validate.token_sizes(clip_size, patch, compression)
    frames, height, width = clip_size
    latent = (
        (frames - 1) // compression[0] + 1,  # the first frame stands alone
        height // compression[1],
        width // compression[2],
    )
    return math.prod(size // step for size, step in zip(latent, patch, strict=True))
