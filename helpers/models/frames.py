"""Models that look at each frame with a 2D network, and put the frames together afterwards."""

from typing import TYPE_CHECKING

from helpers import validate
from helpers.lazy import keras
from helpers.models.parts import begin, normalised, to_clips, to_frames

if TYPE_CHECKING:
    from keras import KerasTensor


def frame_cnn(
    input_shape: tuple[int, ...], num_classes: int, widths: tuple[int, ...] = (16, 32, 64)
) -> "keras.Model":
    """A 2D network's logits for each frame, averaged over the frames: blind to their order.

    An average is the same in any order. So where no single frame carries the label, as in the
    motion task, this model stays at chance, however long it is trained.

    Args:
        input_shape: (frames, height, width, channels) of the clips, which may be uint8.
        num_classes: how many logits come out, (batch, num_classes).
        widths: channels of the convolutions, each of which halves height and width.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frame_cnn((12, 32, 32, 1), 10).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    logits = keras.layers.Dense(num_classes)(_features(x, widths))  # (batch, frames, classes)
    return keras.Model(clip, keras.layers.GlobalAveragePooling1D()(logits), name="frame_cnn")


def attention_cnn(
    input_shape: tuple[int, ...], num_classes: int, widths: tuple[int, ...] = (16, 32, 64)
) -> "keras.Model":
    """A 2D network's features of each frame, averaged with weights from a learned query.

    A frame's weight is the softmax, over the frames, of its features' product with the query:
    `helpers.from_scratch.attention_pool`. It chooses frames by what they show and not by when,
    so it is as blind to their order as `frame_cnn`: it can never tell a motion from its reverse.
    It helps where some frames show the class and others do not.

    Arguments and errors are those of `frame_cnn`.

    >>> attention_cnn((12, 32, 32, 1), 10).get_layer("weights").output.shape
    (None, 12, 1)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    x = _features(x, widths)
    scores = keras.layers.Dense(1, use_bias=False, name="query")(x)  # (batch, frames, 1)
    weights = keras.layers.Softmax(axis=1, name="weights")(scores)
    x = keras.ops.einsum("bfo,bfc->bc", weights, x)
    return keras.Model(clip, keras.layers.Dense(num_classes)(x), name="attention_cnn")


def cnn_gru(
    input_shape: tuple[int, ...],
    num_classes: int,
    widths: tuple[int, ...] = (16, 32, 64),
    units: int = 64,
    frames_at_once: int = 2,
) -> "keras.Model":
    """A 2D network's features of each pair of frames, read in their order by a GRU.

    The 2D network takes a frame and the next one as channels of one image. So it sees a step of
    the motion, wherever in the frame it happens, and the GRU what comes of the steps. Features
    of single frames, `frames_at_once=1`, would have to hold where everything is, which takes
    far longer to learn.

    Arguments and errors are those of `frame_cnn`; and:

    Args:
        units: size of the GRU's state.
        frames_at_once: how many neighbouring frames the 2D network sees, at most all.

    >>> cnn_gru((12, 32, 32, 1), 10).get_layer("gru").output.shape
    (None, 64)
    """
    clip, x = begin(
        input_shape, num_classes, widths=widths, units=units, frames_at_once=frames_at_once
    )
    validate.within(1, input_shape[0], frames_at_once=frames_at_once)
    features = _features(_neighbours(x, frames_at_once), widths)
    x = keras.layers.GRU(units, name="gru")(features)
    return keras.Model(clip, keras.layers.Dense(num_classes)(x), name="cnn_gru")


def _neighbours(x: "KerasTensor", count: int) -> "KerasTensor":
    """So many frames in a row as channels: (batch, frames - count + 1, height, width, ...)."""
    if count == 1:
        return x
    num_windows = x.shape[1] - count + 1
    windows = [x[:, first : first + num_windows] for first in range(count)]
    return keras.layers.Concatenate()(windows)


def _features(x: "KerasTensor", widths: tuple[int, ...]) -> "KerasTensor":
    """(batch, frames, height, width, channels) to (batch, frames, features)."""
    num_frames = x.shape[1]
    x = to_frames(x)
    for index, width in enumerate(widths):
        kernel = 3 if index else 5
        x = keras.layers.Conv2D(width, kernel, strides=2, padding="same", use_bias=False)(x)
        x = normalised(x)
    return to_clips(keras.layers.GlobalAveragePooling2D()(x), num_frames)
