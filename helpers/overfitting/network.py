"""A small residual 3D network into which the remedies can be built."""

from typing import TYPE_CHECKING

from helpers.lazy import keras
from helpers.models.parts import CUBE, ONE, TWO, Size, begin
from helpers.overfitting.remedies import NOTHING, Remedies

if TYPE_CHECKING:
    from keras import KerasTensor

STEM = (3, 5, 5)


def network(
    input_shape: tuple[int, ...], num_classes: int, remedies: Remedies = NOTHING
) -> "keras.Model":
    """A 3D network of a stem and two stages, each a halving convolution and a residual branch.

    Args:
        input_shape: (frames, height, width, channels) of the clips, which may be uint8.
        num_classes: how many logits come out, (batch, num_classes).
        remedies: of which those count that are parts of a network: widths, penalties, dropout,
            stochastic depth, normalisation.

    >>> network((12, 32, 32, 1), 10).count_params()
    210042
    """
    clip, x = begin(input_shape, num_classes, widths=remedies.widths)
    x = _convolution(x, remedies.widths[0], remedies, STEM, TWO)
    for width in remedies.widths[1:]:
        x = _dropped(x, remedies) if remedies.dropout_of != "element" else x
        x = _convolution(x, width, remedies, CUBE, TWO)
        branch = _convolution(x, width, remedies, CUBE, ONE)
        if remedies.drop_path:
            # One number a clip: the whole branch stays, or goes.
            branch = keras.layers.Dropout(remedies.drop_path, (None, 1, 1, 1, 1))(branch)
        x = keras.layers.Add()([x, branch])
    x = keras.layers.GlobalAveragePooling3D()(x)
    if remedies.dropout_of == "element":
        x = _dropped(x, remedies)
    return keras.Model(clip, keras.layers.Dense(num_classes)(x), name="network")


def _convolution(
    x: "KerasTensor", width: int, remedies: Remedies, kernel: Size, strides: Size
) -> "KerasTensor":
    """A convolution, normalisation and ReLU."""
    penalty = None
    if remedies.l1 or remedies.l2:
        penalty = keras.regularizers.L1L2(remedies.l1, remedies.l2)
    x = keras.layers.Conv3D(
        width, kernel, strides, padding="same", use_bias=False, kernel_regularizer=penalty
    )(x)
    layers = {
        # 0.9, since with Keras's 0.99 the averages lag behind a training of 300 steps.
        "batch": lambda: keras.layers.BatchNormalization(momentum=0.9),
        "group": lambda: keras.layers.GroupNormalization(groups=8),
        "layer": lambda: keras.layers.GroupNormalization(groups=1),
    }
    return keras.layers.ReLU()(layers[remedies.normalisation]()(x))


def _dropped(x: "KerasTensor", remedies: Remedies) -> "KerasTensor":
    if not remedies.dropout:
        return x
    shapes = {
        "element": None,
        "channel": (None, 1, 1, 1, x.shape[-1]),
        "frame": (None, x.shape[1], 1, 1, 1),
    }
    return keras.layers.Dropout(remedies.dropout, shapes[remedies.dropout_of])(x)
