"""A 2D network whose channels are shifted in time, so that it sees neighbouring frames."""

import math
from typing import TYPE_CHECKING

from helpers import validate
from helpers.lazy import keras
from helpers.models.parts import begin, normalised, to_clips, to_frames

if TYPE_CHECKING:
    from keras import KerasTensor


def shift_cnn(
    input_shape: tuple[int, ...],
    num_classes: int,
    widths: tuple[int, ...] = (16, 32, 64, 64),
    fold_div: int | None = 4,
) -> "keras.Model":
    """A 2D network on frames, with a temporal shift before each convolution but the first.

    The shift, `helpers.from_scratch.temporal_shift`, gives a frame some channels of its
    neighbours, at no parameter and no multiplication (TSM, Lin, Gan and Han, 2019). So every
    convolution after the first sees one frame further to both sides.

    Args:
        input_shape: (frames, height, width, channels) of the clips, which may be uint8.
        num_classes: how many logits come out, (batch, num_classes).
        widths: channels of the convolutions. The first steps over four pixels, the third over
            two, since a network with this little time learns little from large feature maps.
        fold_div: one in so many channels goes each way, at least 2; the paper has 8, for wider
            layers. None: no shift, the same network on single frames.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> shift_cnn((12, 32, 32, 1), 10).output_shape
    (None, 10)
    """
    clip, x = begin(input_shape, num_classes, widths=widths)
    if fold_div is not None:
        validate.positive_int(fold_div=fold_div)
        validate.within(2, math.inf, fold_div=fold_div)  # half each way is all of them
    num_frames = input_shape[0]
    for index, width in enumerate(widths):
        if index and fold_div is not None:
            x = _shifted(x, fold_div)
        kernel, stride = (3, 2 if index == 2 else 1) if index else (7, 4)
        frames = keras.layers.Conv2D(width, kernel, stride, padding="same", use_bias=False)(
            to_frames(x)
        )
        x = to_clips(normalised(frames), num_frames)
    x = keras.layers.GlobalAveragePooling3D()(x)
    return keras.Model(clip, keras.layers.Dense(num_classes)(x), name="shift_cnn")


def _shifted(x: "KerasTensor", fold_div: int) -> "KerasTensor":
    """`helpers.from_scratch.temporal_shift`; splitting and padding is faster than slicing."""
    fold = x.shape[-1] // fold_div
    if fold == 0:
        return x
    later, earlier, same = keras.ops.split(x, [fold, 2 * fold], axis=-1)
    space = [(0, 0)] * 3
    later = keras.ops.pad(later[:, 1:], [(0, 0), (0, 1), *space])
    earlier = keras.ops.pad(earlier[:, :-1], [(0, 0), (1, 0), *space])
    return keras.layers.Concatenate()([later, earlier, same])
