"""Plain stacks of 3D convolutions, whole and factorised, and C3D."""

from typing import TYPE_CHECKING

from helpers import validate
from helpers.lazy import keras
from helpers.models.parts import CUBE, TWO, begin, convolution, factorised, normalised

if TYPE_CHECKING:
    from keras import KerasTensor

# Wider than the others, since it sees colours and not features, and steps over 2 pixels at once.
STEM = (3, 5, 5)


def cnn3d(
    input_shape: tuple[int, ...], num_classes: int, widths: tuple[int, ...] = (16, 32, 64)
) -> "keras.Model":
    """A stack of 3D convolutions with batch normalisation, averaged over all that is left.

    Each convolution halves frames, height and width, and every kernel spans three frames, the
    strides between them more: with three widths, 15 frames. Halving at once, in the first
    layer, is what makes it learn in seconds: full-sized feature maps are most of the cost of
    `c3d` and `r3d_18`.

    Args:
        input_shape: (frames, height, width, channels) of the clips, which may be uint8.
        num_classes: how many logits come out, (batch, num_classes).
        widths: channels of the convolutions.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> cnn3d((12, 32, 32, 1), 10).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    for index, width in enumerate(widths):
        x = normalised(convolution(x, width, CUBE if index else STEM, TWO))
    return keras.Model(clip, _logits(x, num_classes), name="cnn3d")


def cnn2plus1d(
    input_shape: tuple[int, ...], num_classes: int, widths: tuple[int, ...] = (16, 32, 64)
) -> "keras.Model":
    """`cnn3d` with each convolution factorised into one in space and one in time: (2+1)D.

    Between the two are normalisation, ReLU and so many channels, `middle_channels`, that there
    are as many weights as in the 3D form. Arguments and errors are those of `cnn3d`.

    >>> cnn2plus1d((12, 32, 32, 1), 10).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    for index, width in enumerate(widths):
        x = normalised(factorised(x, width, CUBE if index else STEM, TWO))
    return keras.Model(clip, _logits(x, num_classes), name="cnn2plus1d")


def c3d(
    input_shape: tuple[int, ...],
    num_classes: int,
    widths: tuple[int, ...] = (64, 128, 256, 512, 512),
    units: int = 4096,
) -> "keras.Model":
    """C3D (Tran et al., 2015): eight convolutions, five poolings, two wide dense layers.

    As it is, for clips of (16, 112, 112, 3) and 101 classes, it has 78,409,573 parameters and
    takes 38.547 GMACs. Where a pooling meets an odd size, the published network pads both
    sides, this one the far side: the sizes are the same.

    Arguments and errors are those of `cnn3d`; `widths` has five numbers, one for each pooling,
    and `units` is the size of the dense layers.

    >>> c3d((16, 32, 32, 3), 10, widths=(4, 8, 8, 16, 16), units=32).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths, units=units)
    validate.fixed_length("widths", widths, 5)
    layers = keras.layers
    for stage, width in enumerate(widths):
        for _ in range(1 if stage < 2 else 2):
            x = layers.Conv3D(width, CUBE, padding="same", activation="relu")(x)
        # Time is kept longer than space: the first pooling leaves the frames alone.
        x = layers.MaxPooling3D(TWO if stage else (1, 2, 2), padding="same")(x)
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dropout(0.5)(layers.Dense(units, activation="relu")(x))
    return keras.Model(clip, layers.Dense(num_classes)(x), name="c3d")


def _logits(x: "KerasTensor", num_classes: int) -> "KerasTensor":
    return keras.layers.Dense(num_classes)(keras.layers.GlobalAveragePooling3D()(x))
