"""Features at several scales: a small backbone and a feature pyramid on top of it."""

from typing import TYPE_CHECKING, Any

from helpers import validate
from helpers.lazy import keras

if TYPE_CHECKING:
    from keras import KerasTensor

STRIDES = (4, 8, 16)  # pixels of the image to a cell of each level, from fine to coarse
# Of the running averages by which batch normalisation works after training. Keras's 0.99 would
# be a mean over more steps than a minute has, most of them from before the network knew much.
MOMENTUM = 0.9


def begin(
    input_shape: tuple[int, ...], num_classes: int, **counts: int | tuple[int, ...]
) -> "tuple[KerasTensor, KerasTensor]":
    """Check a detector's arguments; its input, images of 0 to 255, and it from -1 to 1."""
    validate.image_network(input_shape, num_classes, **counts)
    image = keras.Input(input_shape, name="image")
    return image, keras.layers.Rescaling(1 / 127.5, offset=-1.0)(image)


def normalised(x: "KerasTensor") -> "KerasTensor":
    """Batch normalisation, then ReLU; without a scale, since what comes next has weights."""
    normalise = keras.layers.BatchNormalization(momentum=MOMENTUM, scale=False)
    return keras.layers.ReLU()(normalise(x))


def convolution(
    x: "KerasTensor", width: int, kernel: int = 3, strides: int = 1
) -> "KerasTensor":
    """A 2D convolution with normalisation and ReLU."""
    layer = keras.layers.Conv2D(width, kernel, strides, padding="same", use_bias=False)
    return normalised(layer(x))


def backbone(x: "KerasTensor", widths: tuple[int, ...]) -> "list[KerasTensor]":
    """The feature maps at the strides 4, 8 and 16: C2, C3 and C4 in the pyramid's paper.

    widths: channels of the stem, at stride 2, and of the three stages.
    """
    stem, *stages = widths
    x = convolution(x, stem, strides=2)
    features = []
    for width in stages:
        x = convolution(convolution(x, width, strides=2), width)
        features.append(x)
    return features


def fpn_merge(coarse: Any, lateral: Any) -> Any:
    """One step down a feature pyramid: what the coarser level knows, added to a finer level.

    Args:
        coarse: the level above, floats (batch, rows, columns, channels).
        lateral: the finer level, after its 1x1 convolution: twice the rows and columns, or one
            less than twice where the halving met an odd size; as many channels.

    Returns:
        The sum, in lateral's shape. Each cell of the coarse level is repeated over the 2 x 2
        cells that it covers: upsampling by nearest neighbour (Lin et al., CVPR 2017).

    Raises:
        ValueError: when the shapes do not fit.

    >>> import numpy as np
    >>> coarse = np.array([[10.0, 20.0]]).reshape(1, 1, 2, 1)
    >>> np.asarray(fpn_merge(coarse, np.zeros((1, 2, 3, 1))))[0, :, :, 0]
    array([[10., 10., 20.],
           [10., 10., 20.]])
    """
    validate.pyramid_levels(coarse, lateral)
    rows, columns = lateral.shape[1:3]
    finer = keras.ops.repeat(keras.ops.repeat(coarse, 2, axis=1), 2, axis=2)
    # An odd row or column was halved upwards: the last copy has no cell below it.
    return finer[:, :rows, :columns] + lateral


def feature_pyramid(features: "list[KerasTensor]", width: int) -> "list[KerasTensor]":
    """Levels of equal width, from fine to coarse, each of which knows what the coarser ones do."""
    laterals = [keras.layers.Conv2D(width, 1)(x) for x in features]
    merged = [laterals[-1]]
    for lateral in reversed(laterals[:-1]):
        merged.insert(0, fpn_merge(merged[0], lateral))
    # The 3x3 convolution smooths what the repeating left in squares.
    return [convolution(x, width) for x in merged]
