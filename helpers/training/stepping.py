"""One step of training by hand, as `fit` has Keras do it."""

from __future__ import annotations

import numpy as np

from helpers.lazy import keras, tf


def train_step(
    model: keras.Model, optimizer: keras.Optimizer, x: np.ndarray, y: np.ndarray
) -> float:
    """Change the model's weights by one step down the gradient of the loss on a batch.

    Args:
        model: a Keras model whose output are logits, (batch, classes).
        optimizer: a Keras optimizer.
        x: a batch of the model's inputs, (batch, ...).
        y: the labels, whole numbers from 0 to classes - 1, (batch,).

    Returns:
        The loss of the batch before the step: the cross-entropy, averaged over the batch.

    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> x, y = np.eye(3, dtype=np.float32), np.array([0, 1, 0])
    >>> optimizer = keras.optimizers.SGD(0.1)
    >>> before = train_step(model, optimizer, x, y)
    >>> train_step(model, optimizer, x, y) < before
    True
    """
    with tf.GradientTape() as tape:
        # Dropout drops and batch normalisation learns only when training is True.
        logits = model(x, training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
        loss = tf.reduce_mean(losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return float(loss)
