"""The video GAN's generator: what moves is drawn once, how it moves is said frame by frame."""

from typing import TYPE_CHECKING

from helpers.generation.clips import SHAPE
from helpers.lazy import keras

if TYPE_CHECKING:
    from keras import KerasTensor

CONTENT, MOTION = 16, 8  # dimensions of the two latents
_NUM_FRAMES, _SIZE = SHAPE[0], SHAPE[1]
_GRID = _SIZE // 2  # the frame as the last layer's input sees it: a cell is two pixels
_OBJECT = 8  # cells of the object's square, which is 16 pixels wide
_REACH = 3.0  # how far its middle goes from the frame's, in cells
_CHANNELS = 16


def generator() -> "keras.Model":
    """Build the untrained generator, from two latents to clips in [-1, 1].

    As in MoCoGAN (Tulyakov et al., 2018), the content's latent is the same for all frames, and a
    GRU makes a code for each frame from the motion's. Unlike there, the frames are not painted
    from both codes at once: the content becomes a square of features, once a clip, the code of a
    frame becomes the place where the square lies (a spatial transformer, Jaderberg et al., 2015),
    and layers that all frames share paint what lies there. So the content cannot depend on the
    motion, and it is cheap: what is drawn once need not be drawn eight times.

    Returns:
        A model that takes [content (batch, 16), motion (batch, 8)] and gives float32
        (batch, 8, 24, 24, 1).
    """
    layers = keras.layers
    content = keras.Input((CONTENT,), name="content")
    motion = keras.Input((MOTION,), name="motion")

    # What: a square of features.
    x = _leaky(layers.Dense(128)(content))
    x = _leaky(layers.Dense(4 * 4 * 32)(x))
    x = layers.UpSampling2D(2)(layers.Reshape((4, 4, 32))(x))
    thing = layers.Conv2D(_CHANNELS, 3, padding="same")(x)  # (batch, 8, 8, channels)

    # Where, in each frame.
    start = layers.Dense(32, activation="tanh")(motion)
    steps = layers.RepeatVector(_NUM_FRAMES)(motion)
    codes = layers.GRU(32, return_sequences=True, unroll=True)(steps, initial_state=start)
    normal = keras.initializers.RandomNormal(
        stddev=0.3
    )  # so that at first all places are tried
    places = layers.Dense(2, kernel_initializer=normal, activation="tanh")(codes)

    # The frames, of which each is a clip's frame, painted without regard to the others.
    x = _placed(thing, _REACH * places)
    x = layers.Reshape((_NUM_FRAMES * _GRID, _GRID, _CHANNELS))(_leaky(x))
    x = keras.ops.reshape(x, (-1, _GRID, _GRID, _CHANNELS))  # (batch * frames, ...)
    x = _leaky(layers.Conv2D(_CHANNELS, 3, padding="same")(x))
    x = layers.Conv2DTranspose(1, 4, 2, padding="same", bias_initializer=_dark())(x)
    clip = keras.ops.reshape(keras.ops.tanh(x), (-1, *SHAPE))
    return keras.Model([content, motion], clip, name="generator")


def _placed(thing: "KerasTensor", places: "KerasTensor") -> "KerasTensor":
    """Lay a square of features into an empty frame, between its cells by linear interpolation.

    thing: (batch, object, object, channels).
    places: (batch, frames, 2): how far its middle is to the right and below the frame's, in cells.

    Returns (batch, frames, grid, grid, channels).
    """
    ops = keras.ops
    from_middle = ops.arange(_GRID, dtype="float32") - (_GRID - 1) / 2
    of_object = ops.arange(_OBJECT, dtype="float32") - (_OBJECT - 1) / 2
    apart = from_middle[:, None] - of_object - places[..., None, None]
    # How much of each of the object's columns, or rows, a column or row of the frame gets.
    shares = ops.relu(1 - ops.abs(apart))  # (batch, frames, 2, grid, object)
    across, down = shares[:, :, 0], shares[:, :, 1]
    rows = ops.reshape(thing, (-1, 1, _OBJECT, _OBJECT * _CHANNELS))
    x = ops.matmul(down, rows)  # (batch, frames, grid, object * channels)
    x = ops.reshape(x, (-1, _NUM_FRAMES, _GRID, _OBJECT, _CHANNELS))
    return ops.matmul(across[:, :, None], x)


def _leaky(x: "KerasTensor") -> "KerasTensor":
    return keras.layers.LeakyReLU(0.2)(x)


def _dark() -> "keras.initializers.Initializer":
    """Frames begin as dark as most of a real one is."""
    return keras.initializers.Constant(-1.0)
