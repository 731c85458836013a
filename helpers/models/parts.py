"""What the models share: their beginning, ways between clips and frames, and convolutions."""

from typing import TYPE_CHECKING

from helpers import validate
from helpers.lazy import keras

if TYPE_CHECKING:
    from keras import KerasTensor

Size = tuple[int, int, int]  # frames, height, width
CUBE: Size = (3, 3, 3)
ONE: Size = (1, 1, 1)
TWO: Size = (2, 2, 2)


def begin(
    input_shape: tuple[int, ...], num_classes: int, **counts: int | tuple[int, ...]
) -> "tuple[KerasTensor, KerasTensor]":
    """Check a builder's arguments; the model's input, clips of 0 to 255, and it from -1 to 1.

    Clips are cast to float32 in here, a batch at a time, so that they can be uint8 until then.
    """
    validate.network(input_shape, num_classes, **counts)
    clip = keras.Input(input_shape, name="clip")
    return clip, keras.layers.Rescaling(1 / 127.5, offset=-1.0)(clip)


def to_frames(x: "KerasTensor") -> "KerasTensor":
    """(batch, frames, height, width, channels) to (batch * frames, height, width, channels)."""
    return keras.ops.reshape(x, (-1, *x.shape[2:]))


def to_clips(x: "KerasTensor", num_frames: int) -> "KerasTensor":
    """(batch * frames, ...) to (batch, frames, ...)."""
    return keras.ops.reshape(x, (-1, num_frames, *x.shape[1:]))


def normalised(x: "KerasTensor") -> "KerasTensor":
    """Batch normalisation, then ReLU."""
    return keras.layers.ReLU()(keras.layers.BatchNormalization()(x))


def convolution(
    x: "KerasTensor", width: int, kernel: Size = CUBE, strides: Size = ONE
) -> "KerasTensor":
    """A 3D convolution without the bias, since the normalisation after it has one."""
    return keras.layers.Conv3D(width, kernel, strides, padding="same", use_bias=False)(x)


def factorised(
    x: "KerasTensor",
    width: int,
    kernel: Size = CUBE,
    strides: Size = ONE,
    middle: int | None = None,
) -> "KerasTensor":
    """The (2+1)D form of it: space, normalisation and ReLU, time."""
    time, *space = kernel
    middle = middle or middle_channels(x.shape[-1], width, kernel)
    x = convolution(x, middle, (1, space[0], space[1]), (1, strides[1], strides[2]))
    return convolution(normalised(x), width, (time, 1, 1), (strides[0], 1, 1))


def middle_channels(
    in_channels: int, out_channels: int, kernel: tuple[int, int, int] = (3, 3, 3)
) -> int:
    """How many channels a (2+1)D convolution has between its two halves.

    The first half convolves in space and the second in time. It gets as many middle channels as
    leave the two together no more weights than the 3D convolution that they stand for, biases
    not counted, and one at least (R(2+1)D, Tran et al., 2018).

    Args:
        in_channels, out_channels: of the 3D convolution, at least 1.
        kernel: its size in frames, rows and columns.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> middle_channels(64, 64), middle_channels(64, 128)
    (144, 230)
    """
    validate.positive_int(in_channels=in_channels, out_channels=out_channels)
    validate.sizes("kernel", kernel, 3)
    time, height, width = kernel
    space = height * width
    weights = time * space * in_channels * out_channels
    # A middle channel costs its kernels in space, one for each input channel, and its part of
    # the kernels in time, one for each output channel. A tiny layer may get more than it has.
    return max(weights // (space * in_channels + time * out_channels), 1)
