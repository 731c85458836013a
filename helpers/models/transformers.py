"""Video transformers: a small one with factorised attention, and TimeSformer."""

import math
from typing import TYPE_CHECKING

from helpers import validate
from helpers.lazy import keras
from helpers.models.parts import Size, begin, to_clips, to_frames

if TYPE_CHECKING:
    from keras import KerasTensor

EPSILON = 1e-6  # of layer normalisation, as in the published transformers


def factorised_transformer(
    input_shape: tuple[int, ...],
    num_classes: int,
    patch: Size = (2, 8, 8),
    width: int = 64,
    depth: int = 1,
    num_heads: int = 4,
) -> "keras.Model":
    """A small ViViT with factorised self-attention (Arnab et al., 2021, their model 3).

    The clip is cut into tubelets, each of which becomes a token with a learned position. In a
    block, tokens of the same time attend to each other, then tokens of the same place, then
    each passes a two-layer network. Attention within space and within time costs (T·S²+S·T²)
    where attention among all costs (T·S)².

    Args:
        input_shape: (frames, height, width, channels) of the clips, which may be uint8.
        num_classes: how many logits come out, (batch, num_classes).
        patch: a tubelet's size in frames, rows and columns; whole tubelets fill the clip.
        width: channels of a token, a multiple of `num_heads`.
        depth: blocks.
        num_heads: of each attention.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> factorised_transformer((12, 32, 32, 1), 10).output_shape
    (None, 10)
    """
    clip, x = begin(
        input_shape, num_classes, patch=patch, width=width, depth=depth, num_heads=num_heads
    )
    validate.patches(input_shape, patch)
    validate.heads(width, num_heads)
    layers = keras.layers
    x = layers.Conv3D(width, patch, strides=patch)(x)  # (batch, times, rows, columns, width)
    times, rows, columns = x.shape[1:4]
    tokens = keras.ops.reshape(x, (-1, times * rows * columns, width))
    tokens = tokens + _learned(tokens, times * rows * columns)
    x = keras.ops.reshape(tokens, (-1, times, rows * columns, width))
    for _ in range(depth):
        for axis in (2, 1):  # the places of a time, then the times of a place
            attention = layers.MultiHeadAttention(
                num_heads, width // num_heads, attention_axes=axis
            )
            y = _layer_norm(x)
            x = layers.Add()([x, attention(y, y)])
        x = layers.Add()([x, _mlp(_layer_norm(x), 2 * width)])
    x = layers.GlobalAveragePooling2D()(_layer_norm(x))
    return keras.Model(clip, layers.Dense(num_classes)(x), name="factorised_transformer")


def timesformer(
    input_shape: tuple[int, ...],
    num_classes: int,
    attention: str = "divided",
    patch_size: int = 16,
    width: int = 768,
    depth: int = 12,
    num_heads: int = 12,
) -> "keras.Model":
    """TimeSformer (Bertasius et al., 2021): ViT-B/16, carried from images to clips.

    Frames are cut into patches; a class token in front of them gives the logits. With 400
    classes and clips of (8, 224, 224, 3) it has 86.11M parameters with the attention "space"
    and "joint", and 121.6M with "divided", whose blocks have a second attention and a dense
    layer behind it: 12 x 2.95M.

    - "space": within each frame; then an average over the frames, blind to their order.
    - "joint": among all patches of all frames.
    - "divided": among a place's patches in all frames, then within each frame.

    Arguments and errors are those of `factorised_transformer`; `patch_size` are the rows and
    columns of a patch.

    >>> timesformer((4, 32, 32, 3), 10, width=16, depth=1, num_heads=2).output_shape
    (None, 10)
    """
    clip, x = begin(
        input_shape,
        num_classes,
        patch_size=patch_size,
        width=width,
        depth=depth,
        num_heads=num_heads,
    )
    validate.one_of(("space", "joint", "divided"), attention=attention)
    validate.patches(input_shape, (1, patch_size, patch_size))
    validate.heads(width, num_heads)
    layers, num_frames = keras.layers, input_shape[0]
    x = layers.Conv2D(width, patch_size, strides=patch_size)(to_frames(x))
    num_patches = math.prod(x.shape[1:3])
    x = keras.ops.reshape(x, (-1, num_patches, width))
    x = _with_class_token(x)
    x = x + _learned(x, num_patches + 1)  # (batch * frames, 1 + patches, width)
    if attention != "space":
        x = _whole_clip(x, num_frames)
    for _ in range(depth):
        if attention == "divided":
            x = _divided(x, num_frames, num_heads)
        else:
            x = layers.Add()([x, _attention(_layer_norm(x), num_heads)])
        x = layers.Add()([x, _mlp(_layer_norm(x), 4 * width)])
    if attention == "space":
        x = keras.ops.mean(to_clips(x, num_frames), axis=1)
    x = _layer_norm(x)[:, 0]
    return keras.Model(clip, layers.Dense(num_classes)(x), name=f"timesformer_{attention}")


def _whole_clip(x: "KerasTensor", num_frames: int) -> "KerasTensor":
    """Tokens of frames to (batch, 1 + patches * frames, width), a place's frames in a row."""
    x = to_clips(x, num_frames)
    token, patches = x[:, 0, :1], keras.ops.transpose(x[:, :, 1:], (0, 2, 1, 3))
    num_patches, width = patches.shape[1], patches.shape[3]
    places = keras.ops.reshape(patches, (-1, num_frames, width))
    places = places + _learned(places, num_frames)
    patches = keras.ops.reshape(places, (-1, num_patches * num_frames, width))
    return keras.ops.concatenate([token, patches], axis=1)


def _divided(x: "KerasTensor", num_frames: int, num_heads: int) -> "KerasTensor":
    """Attention over time and a dense layer, then attention over each frame."""
    layers, ops = keras.layers, keras.ops
    width = x.shape[-1]
    token, patches = x[:, :1], x[:, 1:]
    num_patches = patches.shape[1] // num_frames
    places = ops.reshape(patches, (-1, num_frames, width))
    over_time = layers.Dense(width)(_attention(_layer_norm(places), num_heads))
    places = layers.Add()([places, over_time])

    # Each frame attends with a copy of the class token, whose answers are averaged.
    frames = ops.reshape(places, (-1, num_patches, num_frames, width))
    frames = ops.transpose(frames, (0, 2, 1, 3))
    tokens = ops.repeat(ops.expand_dims(token, 1), num_frames, axis=1)
    together = to_frames(ops.concatenate([tokens, frames], axis=2))
    answer = to_clips(_attention(_layer_norm(together), num_heads), num_frames)
    over_space = ops.transpose(answer[:, :, 1:], (0, 2, 1, 3))
    over_space = ops.reshape(over_space, (-1, num_patches * num_frames, width))
    patches = ops.reshape(places, (-1, num_patches * num_frames, width))
    return ops.concatenate(
        [token + ops.mean(answer[:, :, 0], axis=1, keepdims=True), patches + over_space], axis=1
    )


def _attention(x: "KerasTensor", num_heads: int) -> "KerasTensor":
    return keras.layers.MultiHeadAttention(num_heads, x.shape[-1] // num_heads)(x, x)


def _layer_norm(x: "KerasTensor") -> "KerasTensor":
    return keras.layers.LayerNormalization(epsilon=EPSILON)(x)


def _mlp(x: "KerasTensor", hidden: int) -> "KerasTensor":
    y = keras.layers.Dense(hidden, activation="gelu")(x)
    return keras.layers.Dense(x.shape[-1])(y)


def _with_class_token(x: "KerasTensor") -> "KerasTensor":
    token = keras.ops.zeros_like(x[:, :1]) + _learned(x, 1)  # one for each in the batch
    return keras.ops.concatenate([token, x], axis=1)


def _learned(x: "KerasTensor", count: int) -> "KerasTensor":
    """So many learned vectors as wide as x, (1, count, width), such as those of positions.

    An embedding of the numbers 0, 1, ... They are made from x, since what does not depend on
    the model's input is not part of the model: its weights would not be trained.
    """
    zero = keras.ops.zeros_like(x[:1, :1, 0], dtype="int32")
    numbers = zero + keras.ops.arange(count, dtype="int32")
    return keras.layers.Embedding(count, x.shape[-1])(numbers)
