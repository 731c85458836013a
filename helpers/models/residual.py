"""The 18-layer residual networks of "A Closer Look at Spatiotemporal Convolutions"."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from helpers import validate
from helpers.lazy import keras
from helpers.models.parts import (
    CUBE,
    ONE,
    TWO,
    Size,
    begin,
    convolution,
    factorised,
    middle_channels,
    normalised,
)

if TYPE_CHECKING:
    from keras import KerasTensor

Widths = tuple[int, ...]
# (x, width, strides, channels between the halves of a factorised one) to its output.
Convolution = Callable[["KerasTensor", int, Size, int], "KerasTensor"]

STEM, STEM_STRIDES = (3, 7, 7), (1, 2, 2)
FLAT = (1, 3, 3)


def r3d_18(
    input_shape: tuple[int, ...], num_classes: int, widths: Widths = (64, 128, 256, 512)
) -> "keras.Model":
    """R3D-18 (Tran et al., 2018): ResNet-18 with 3D convolutions throughout.

    Layer by layer torchvision's `r3d_18`: as it is, for clips of (16, 112, 112, 3) and 400
    classes, it has 33,371,472 parameters and takes 40.697 GMACs. Where a step of 2 meets an
    even size, torchvision pads the near side, Keras the far side: the sizes are the same.

    Args:
        input_shape: (frames, height, width, channels) of the clips, which may be uint8.
        num_classes: how many logits come out, (batch, num_classes).
        widths: channels of the four stages of two blocks each.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> r3d_18((8, 32, 32, 3), 10, widths=(4, 8, 16, 32)).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    x = normalised(convolution(x, widths[0], STEM, STEM_STRIDES))
    return _network("r3d_18", clip, x, num_classes, widths, [_in_3d] * 4)


def mc3_18(
    input_shape: tuple[int, ...], num_classes: int, widths: Widths = (64, 128, 256, 512)
) -> "keras.Model":
    """MC3-18 (Tran et al., 2018): 3D convolutions in the first stage, 2D ones in the others.

    The 2D stages leave the number of frames as it is. As torchvision's `mc3_18`: 11,695,440
    parameters and 43.343 GMACs. Arguments and errors are those of `r3d_18`.

    >>> mc3_18((8, 32, 32, 3), 10, widths=(4, 8, 16, 32)).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    x = normalised(convolution(x, widths[0], STEM, STEM_STRIDES))
    return _network("mc3_18", clip, x, num_classes, widths, [_in_3d] + [_in_2d] * 3)


def r2plus1d_18(
    input_shape: tuple[int, ...], num_classes: int, widths: Widths = (64, 128, 256, 512)
) -> "keras.Model":
    """R(2+1)D-18 (Tran et al., 2018): each 3D convolution is one in space and one in time.

    As torchvision's `r2plus1d_18`: 31,505,325 parameters and 40.519 GMACs. Two things in it do
    not follow from the paper's formula, `middle_channels`: the stem has 45 channels in its
    middle, and a block's second convolution has as many there as its first. Arguments and
    errors are those of `r3d_18`; other widths change the 45 in proportion.

    >>> r2plus1d_18((8, 32, 32, 3), 10, widths=(4, 8, 16, 32)).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    middle = max(45 * widths[0] // 64, 1)
    x = normalised(factorised(x, widths[0], STEM, STEM_STRIDES, middle))
    return _network("r2plus1d_18", clip, x, num_classes, widths, [_in_2plus1d] * 4)


def _network(
    name: str,
    clip: "KerasTensor",
    x: "KerasTensor",
    num_classes: int,
    widths: Widths,
    convolutions: Sequence[Convolution],
) -> "keras.Model":
    """What follows the stem: four stages of two blocks, the average, and logits."""
    validate.fixed_length("widths", widths, 4)
    for stage, (width, convolve) in enumerate(zip(widths, convolutions, strict=True)):
        x = _block(x, width, convolve, TWO if stage else ONE)
        x = _block(x, width, convolve, ONE)
    x = keras.layers.GlobalAveragePooling3D()(x)
    return keras.Model(clip, keras.layers.Dense(num_classes)(x), name=name)


def _block(x: "KerasTensor", width: int, convolve: Convolution, strides: Size) -> "KerasTensor":
    """Two convolutions, and a way round them that changes no more than it must."""
    layers = keras.layers
    middle = middle_channels(x.shape[-1], width)
    y = normalised(convolve(x, width, strides, middle))
    y = layers.BatchNormalization()(convolve(y, width, ONE, middle))
    if y.shape != x.shape:
        if y.shape[1] == x.shape[1]:  # 2D convolutions keep all frames
            strides = (1, *strides[1:])
        x = layers.BatchNormalization()(convolution(x, width, ONE, strides))
    return layers.ReLU()(layers.Add()([x, y]))


def _in_3d(x: "KerasTensor", width: int, strides: Size, middle: int) -> "KerasTensor":
    return convolution(x, width, CUBE, strides)


def _in_2d(x: "KerasTensor", width: int, strides: Size, middle: int) -> "KerasTensor":
    return convolution(x, width, FLAT, (1, *strides[1:]))


def _in_2plus1d(x: "KerasTensor", width: int, strides: Size, middle: int) -> "KerasTensor":
    return factorised(x, width, CUBE, strides, middle)
