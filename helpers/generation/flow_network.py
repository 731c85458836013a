"""The network of the flow: a small U-Net over pictures whose channels are the frames of a clip."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.generation.clips import SHAPE
from helpers.lazy import keras

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (32, 64)  # channels at 12 x 12 and at 6 x 6 places
# Of all pixels of the training clips, from -1 to 1.
MEAN, DEVIATION = -0.853, 0.482
_MOMENT = 64  # numbers that stand for a moment
_PATCH = 2  # pixels a side that become one place


def velocity_network() -> "keras.Model":
    """Points (batch, 8, 24, 24, 1) and moments (batch,) in; velocities of the clips' shape out.

    A clip is short, so a convolution over a picture of 8 channels, its frames, sees them all at
    once and costs a fraction of a 3D convolution. Two pixels by two become one place.

    The network need not learn what is known without it: from the mean and the deviation of the
    pixels alone follows, for each moment, the best guess of the velocity that is linear in the
    point. The U-Net predicts the rest, scaled to a deviation of about 1, from a point that is
    scaled to it too (Karras et al., 2022, for diffusion). At first it predicts a rest of 0.
    """
    point = keras.Input(SHAPE, name="point")
    moment = keras.Input((), name="moment")
    time = keras.ops.reshape(moment, (-1, 1, 1, 1, 1))
    spread = keras.ops.sqrt((1 - time) ** 2 + (time * DEVIATION) ** 2)  # of the point's pixels
    scaled = (point - time * MEAN) / spread
    guess = MEAN + (time * DEVIATION**2 - (1 - time)) / spread * scaled
    velocity = guess + DEVIATION / spread * _unet(scaled, _embedded(moment))
    return keras.Model([point, moment], velocity, name="velocity_network")


def _unet(clip: "KerasTensor", moment: "KerasTensor") -> "KerasTensor":
    layers = keras.layers
    few, many = WIDTHS
    frames = layers.Permute((2, 3, 1))(clip[..., 0])  # (batch, height, width, frames)
    fine = layers.Conv2D(few, 3, padding="same")(_gathered(frames))
    fine = _block(fine, few, moment)
    coarse = layers.Dense(many)(_gathered(fine))
    for _ in range(2):
        coarse = _block(coarse, many, moment)
    back = _spread_out(layers.Dense(few * _PATCH**2)(coarse))
    fine = _block(layers.Concatenate()([back, fine]), few, moment)
    last = layers.Dense(2 * SHAPE[0] * _PATCH**2, kernel_initializer="zeros")
    added, kept = keras.ops.split(
        _spread_out(last(keras.ops.silu(_normalised(fine)))), 2, axis=-1
    )
    # Near moment 1 the velocity holds the noise of every single pixel, which 32 channels cannot
    # carry; so the network says how much of each pixel of the point goes into it.
    frames = added + kept * frames
    return keras.ops.expand_dims(layers.Permute((3, 1, 2))(frames), -1)


def _block(x: "KerasTensor", width: int, moment: "KerasTensor") -> "KerasTensor":
    """A residual block, in whose middle the moment scales and shifts the channels.

    Its last kernel begins at zero, so that the block begins by doing nothing.
    """
    layers = keras.layers
    kept = x if x.shape[-1] == width else layers.Dense(width)(x)
    x = layers.Conv2D(width, 3, padding="same")(keras.ops.silu(_normalised(x)))
    change = layers.Dense(2 * width, kernel_initializer="zeros")(moment)
    scale, shift = keras.ops.split(keras.ops.reshape(change, (-1, 1, 1, 2 * width)), 2, axis=-1)
    x = keras.ops.silu(_normalised(x) * (1 + scale) + shift)
    return kept + layers.Conv2D(width, 3, padding="same", kernel_initializer="zeros")(x)


def _embedded(moment: "KerasTensor") -> "KerasTensor":
    """(batch,) to (batch, 128): waves from slow to fast, and two layers of what they tell."""
    frequencies = np.geomspace(1, 1000, _MOMENT // 2).astype(np.float32)
    angle = keras.ops.expand_dims(moment, -1) * frequencies
    x = keras.ops.concatenate([keras.ops.sin(angle), keras.ops.cos(angle)], axis=-1)
    for _ in range(2):
        x = keras.layers.Dense(2 * _MOMENT, activation="silu")(x)
    return x


def _normalised(x: "KerasTensor") -> "KerasTensor":
    return keras.layers.LayerNormalization(center=False, scale=False)(x)


def _gathered(x: "KerasTensor") -> "KerasTensor":
    """Every patch becomes one place that holds all its channels."""
    _, rows, columns, channels = x.shape
    x = keras.ops.reshape(x, (-1, rows // _PATCH, _PATCH, columns // _PATCH, _PATCH, channels))
    x = keras.ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return keras.ops.reshape(x, (-1, rows // _PATCH, columns // _PATCH, _PATCH**2 * channels))


def _spread_out(x: "KerasTensor") -> "KerasTensor":
    """The opposite of `_gathered`."""
    _, rows, columns, channels = x.shape
    x = keras.ops.reshape(x, (-1, rows, columns, _PATCH, _PATCH, channels // _PATCH**2))
    x = keras.ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return keras.ops.reshape(x, (-1, rows * _PATCH, columns * _PATCH, channels // _PATCH**2))
