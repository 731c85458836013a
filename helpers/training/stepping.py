"""One step of training by hand, as `fit` has Keras do it."""

from __future__ import annotations

import numpy as np

from helpers import validate
from helpers.lazy import keras, tf


def train_step(
    model: keras.Model, optimizer: keras.Optimizer, x: np.ndarray, y: np.ndarray
) -> float:
    """Change the model's weights by one step down the gradient of the loss on a batch.

    The loss is the cross-entropy, averaged over the batch, plus the model's own losses
    (`model.losses`), such as penalties on its weights. The model runs as in training, once.

    Args:
        model: a Keras model whose output are logits, (batch, classes).
        optimizer: a Keras optimizer.
        x: a batch of the model's inputs, (batch, ...).
        y: the labels, whole numbers from 0 to classes - 1, (batch,).

    Returns:
        The loss of the batch before the step.

    Raises:
        TypeError, ValueError: when x or y do not fit the model.

    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> x, y = np.eye(3, dtype=np.float32), np.array([0, 1, 0])
    >>> optimizer = keras.optimizers.SGD(0.1)
    >>> before = train_step(model, optimizer, x, y)
    >>> train_step(model, optimizer, x, y) < before
    True
    """
    validate.clips_and_labels(x, y, model.input_shape, model.output_shape[-1])
    with tf.GradientTape() as tape:
        # Dropout drops and batch normalisation learns only when training is True.
        logits = model(x, training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        # The model has collected its own losses while it ran.
        loss = tf.reduce_mean(losses) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return float(loss)
