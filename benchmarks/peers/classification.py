"""Video classifiers that others teach, at their published sizes, for clips of our size.

Rewritten from what their pages describe; only the size of the input differs. Each returns
logits, where two of the pages use softmax: the same loss, computed more stably.
"""

import keras
from keras import layers, ops

LEARNING_RATES = {"keras.io: ViViT": 1e-4, "tutorial: (2+1)D": 1e-4, "keras.io: CNN-RNN": 1e-3}
BATCH_SIZES = {"keras.io: ViViT": 32, "tutorial: (2+1)D": 8, "keras.io: CNN-RNN": 32}


def vivit(input_shape: tuple[int, ...], num_classes: int) -> keras.Model:
    """keras.io, "Video Vision Transformer": joint attention over tubelets of 8x8x8.

    8 layers of width 128 with 8 heads, for inputs of 28x28x28, trained with Adam at 1e-4 in
    batches of 32. The clip is resized to that input; as published, the tubelets leave out
    the last 4 of 28 along each axis.
    """
    clip = keras.Input(input_shape)
    x = resize_clip(layers.Rescaling(1 / 255)(clip), 28, 28)
    x = layers.Conv3D(128, 8, strides=8, padding="valid")(x)
    x = layers.Reshape((-1, 128))(x)  # (batch, tokens, width)
    # Numbers 0, 1, ... made from x: what the input has no part in, Keras would not train.
    numbers = ops.cumsum(ops.ones_like(x[:1, :, 0], dtype="int32"), axis=1) - 1
    x = x + layers.Embedding(x.shape[1], 128)(numbers)
    for _ in range(8):
        attended = layers.LayerNormalization(epsilon=1e-6)(x)
        x = x + layers.MultiHeadAttention(8, key_dim=16, dropout=0.1)(attended, attended)
        hidden = layers.LayerNormalization(epsilon=1e-6)(x)
        hidden = layers.Dense(128, activation="gelu")(hidden)
        x = x + layers.Dense(128, activation="gelu")(hidden)
    x = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-6)(x))
    return keras.Model(clip, layers.Dense(num_classes)(x), name="keras_io_vivit")


def two_plus_one_d(input_shape: tuple[int, ...], num_classes: int) -> keras.Model:
    """TensorFlow's tutorial "Video classification with a 3D convolutional neural network".

    (2+1)D residual blocks of 16, 32, 64 and 128 channels with layer normalisation; the frames
    are halved by resizing between them. Adam at 1e-4 in batches of 8; there, clips are
    10x224x224.
    """
    clip = keras.Input(input_shape)
    height = input_shape[1]
    x = _factorised(layers.Rescaling(1 / 255)(clip), 16, (3, 7, 7))
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for step, width in enumerate((16, 32, 64, 128), start=1):
        x = _resize_frames(x, height // 2**step) if step < 5 else x
        main = layers.ReLU()(layers.LayerNormalization()(_factorised(x, width, (3, 3, 3))))
        main = layers.LayerNormalization()(_factorised(main, width, (3, 3, 3)))
        if x.shape[-1] != width:
            x = layers.LayerNormalization()(layers.Dense(width)(x))
        x = x + main
    x = layers.GlobalAveragePooling3D()(x)
    return keras.Model(clip, layers.Dense(num_classes)(x), name="tensorflow_tutorial")


def cnn_rnn(input_shape: tuple[int, ...], num_classes: int) -> keras.Model:
    """keras.io, "Video Classification with a CNN-RNN Architecture".

    InceptionV3 on each frame, then GRUs of 16 and 8. There, InceptionV3 is pretrained and
    frozen; its weights cannot be had offline, so here it is trained from scratch, on frames
    enlarged to 75x75, the smallest that it takes.
    """
    clip = keras.Input(input_shape)
    frames = layers.Rescaling(1 / 127.5, offset=-1.0)(clip)
    frames = ops.repeat(_resize_frames(frames, 75), 3 // input_shape[-1], axis=-1)
    features = keras.applications.InceptionV3(
        weights=None, include_top=False, pooling="avg", input_shape=(75, 75, 3)
    )
    x = layers.TimeDistributed(features)(frames)  # (batch, frames, 2048)
    x = layers.GRU(8)(layers.GRU(16, return_sequences=True)(x))
    x = layers.Dense(8, activation="relu")(layers.Dropout(0.4)(x))
    return keras.Model(clip, layers.Dense(num_classes)(x), name="keras_io_cnn_rnn")


def resize_clip(clip: keras.KerasTensor, num_frames: int, size: int) -> keras.KerasTensor:
    """Linear in space and in time."""
    clip = _resize_frames(clip, size)
    frames, _, _, channels = clip.shape[1:]
    x = ops.reshape(clip, (-1, frames, size * size, channels))
    x = ops.image.resize(x, (num_frames, size * size))
    return ops.reshape(x, (-1, num_frames, size, size, channels))


def _resize_frames(clip: keras.KerasTensor, size: int) -> keras.KerasTensor:
    frames, height, width, channels = clip.shape[1:]
    x = ops.reshape(clip, (-1, height, width, channels))
    return ops.reshape(ops.image.resize(x, (size, size)), (-1, frames, size, size, channels))


def _factorised(
    x: keras.KerasTensor, width: int, kernel: tuple[int, int, int]
) -> keras.KerasTensor:
    time, height, side = kernel
    x = layers.Conv3D(width, (1, height, side), padding="same")(x)
    return layers.Conv3D(width, (time, 1, 1), padding="same")(x)
