"""The losses of a GAN on logits, and the R1 penalty, as tensors that a tape can follow."""

from typing import TYPE_CHECKING

from helpers.lazy import tf

if TYPE_CHECKING:
    from collections.abc import Callable

    import tensorflow as tf


def discriminator_loss(real_logits: "tf.Tensor", fake_logits: "tf.Tensor") -> "tf.Tensor":
    """The mean cross-entropy of calling the real ones real and the fake ones fake.

    The tensors' counterpart of `generation.gan_losses`, which tests compare it with.
    """
    # softplus(x) is log(1 + exp(x)), without an overflow.
    return tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
        tf.nn.softplus(fake_logits)
    )


def generator_loss(fake_logits: "tf.Tensor") -> "tf.Tensor":
    """The mean cross-entropy of having the fake ones called real: non-saturating."""
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def r1(
    discriminator: "Callable[[tf.Tensor], tf.Tensor]",
    real: "tf.Tensor",
    gamma: "float | tf.Tensor | None",
) -> "tuple[tf.Tensor, tf.Tensor]":
    """The logits of real examples, and gamma / 2 times their mean squared gradient.

    Called under a tape, it has that tape follow the gradient, too: the penalty's own gradient is
    a second derivative. Where gamma is None, the penalty is left out, and is 0.
    """
    if gamma is None:
        return discriminator(real), tf.constant(0.0)
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = discriminator(real)
    # The sum's gradient is each example's own as long as no logit depends on another example.
    # The video GAN's depend on the group's spread, by so little that it makes no difference.
    gradient = tape.gradient(logits, real)
    squares = tf.reduce_sum(gradient**2, axis=range(1, len(gradient.shape)))
    return logits, gamma / 2 * tf.reduce_mean(squares)
