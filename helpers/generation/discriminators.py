"""The video GAN's two judges: one looks at single frames, one at how the frames go together."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.generation.clips import SHAPE
from helpers.lazy import keras, tf

if TYPE_CHECKING:
    import tensorflow as tf
    from keras import KerasTensor

GROUP = 4  # clips that are compared with each other; a batch is a multiple of it
_FRAME_WIDTHS, _CLIP_WIDTHS = (16, 32, 48), (24, 48, 64)


def frame_discriminator() -> "keras.Model":
    """Build the untrained judge of frames, (batch, 24, 24, 1), which gives logits, (batch,)."""
    return _discriminator(1, _FRAME_WIDTHS, "frame_discriminator")


def clip_discriminator() -> "keras.Model":
    """Build the untrained judge of clips, (batch, 24, 24, 8), which gives logits, (batch,).

    The frames are the channels of one picture, as `as_channels` makes it, so that the first
    convolution is a 3D one whose kernel is as long as the clip: order and speed are what it can
    see best.
    """
    return _discriminator(SHAPE[0], _CLIP_WIDTHS, "clip_discriminator")


def as_channels(clips: "tf.Tensor") -> "tf.Tensor":
    """(batch, frames, height, width, 1) to (batch, height, width, frames)."""
    return tf.transpose(clips[..., 0], (0, 2, 3, 1))


def _discriminator(channels: int, widths: tuple[int, ...], name: str) -> "keras.Model":
    layers = keras.layers
    picture = x = keras.Input((*SHAPE[1:3], channels))
    for width in widths:
        x = layers.Conv2D(width, 4, 2, padding="same", kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.Concatenate()([layers.Flatten()(x), _deviation(x)])
    x = layers.LeakyReLU(0.2)(layers.Dense(64)(x))
    logit = keras.ops.squeeze(layers.Dense(1)(x), axis=-1)
    return keras.Model(picture, logit, name=name)


def _deviation(x: "KerasTensor") -> "KerasTensor":
    """How much the clips of a group differ, (batch, 1), the same for all of a group.

    By this number a batch of clips that are all alike gives itself away (Karras et al., 2018).
    """
    ops = keras.ops
    size = int(np.prod(x.shape[1:]))
    groups = ops.reshape(x, (GROUP, -1, size))
    # A little more than the variance, since a root has no slope at 0.
    spread = ops.mean(ops.sqrt(ops.var(groups, axis=0) + 1e-8), axis=-1)
    return ops.tile(spread, GROUP)[:, None]
