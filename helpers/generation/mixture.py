"""Mode collapse where it can be seen: a GAN for points in the plane, from a mixture of eight."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers import validate
from helpers.generation.adversarial import discriminator_loss, generator_loss, r1
from helpers.lazy import keras, tf

if TYPE_CHECKING:
    import tensorflow as tf

NUM_MODES = 8
RADIUS, SPREAD = 2.0, 0.02  # of the ring on which the modes lie, and of the points in a mode
NEAR = 0.2  # how near to the middle of a mode a point counts as one of it
_NUM_POINTS = 2000
_LATENT, _WIDTH, _BATCH_SIZE = 8, 64, 128


@dataclass(frozen=True)
class Mixture:
    """Points that a generator has made of a mixture of eight.

    Attributes:
        points: float32 (2000, 2).
        covered: how many of the eight modes have at least 1 % of the points near them.
        near: the share of the points that lie near a mode, 0 to 1.
    """

    points: np.ndarray
    covered: int
    near: float


def centers() -> np.ndarray:
    """The middles of the modes, float32 (8, 2), evenly round a ring."""
    angle = np.arange(NUM_MODES) * 2 * np.pi / NUM_MODES
    return (RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)).astype(np.float32)


def learn_mixture(
    *,
    discriminator_rate: float,
    generator_rate: float,
    gamma: float,
    seed: int,
    num_steps: int = 4000,
) -> Mixture:
    """Train a small GAN on the mixture and say what its generator makes at the end.

    Both networks have two hidden layers of 64 units. The losses are those of the video GAN.

    Args:
        discriminator_rate, generator_rate: the learning rates of their Adams, above 0.
        gamma: the weight of the R1 penalty, 0 for none.
        seed: of weights, points and noise; 0 or more.
        num_steps: of both.
    """
    validate.positive(discriminator_rate=discriminator_rate, generator_rate=generator_rate)
    validate.non_negative(gamma=gamma)
    validate.non_negative_int(seed=seed)
    validate.positive_int(num_steps=num_steps)
    keras.utils.set_random_seed(seed)
    generator, discriminator = _network(_LATENT, 2), _network(2, 1)
    generator_optimizer = _optimizer(generator, generator_rate)
    discriminator_optimizer = _optimizer(discriminator, discriminator_rate)

    @tf.function(autograph=False, jit_compile=False)
    def train() -> None:
        def step(number: "tf.Tensor") -> "tf.Tensor":
            _step(generator, discriminator, generator_optimizer, discriminator_optimizer, gamma)
            return number + 1

        # All steps in one graph: each of them is too small to be called from Python.
        tf.while_loop(lambda number: number < num_steps, step, [tf.constant(0)])

    train()
    return measured_points(np.asarray(generator(tf.random.normal((_NUM_POINTS, _LATENT)))))


def measured_points(points: np.ndarray) -> Mixture:
    """Count the modes that points, float (points, 2), cover.

    >>> measured_points(centers().repeat(2, axis=0)[:9]).covered
    5
    """
    distance = np.linalg.norm(points[:, np.newaxis] - centers(), axis=2)  # (points, modes)
    mode = distance.argmin(axis=1)[distance.min(axis=1) < NEAR]
    counts = np.bincount(mode, minlength=NUM_MODES)
    covered = int((counts >= 0.01 * len(points)).sum())
    return Mixture(points, covered, float(counts.sum() / len(points)))


def _network(num_inputs: int, num_outputs: int) -> "keras.Model":
    layers = [keras.layers.Dense(_WIDTH, activation="relu") for _ in range(2)]
    return keras.Sequential(
        [keras.Input((num_inputs,)), *layers, keras.layers.Dense(num_outputs)]
    )


def _optimizer(network: "keras.Model", rate: float) -> "keras.optimizers.Optimizer":
    optimizer = keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99)
    optimizer.build(network.trainable_variables)  # here, since a graph must make no variables
    return optimizer


def _step(
    generator: "keras.Model",
    discriminator: "keras.Model",
    generator_optimizer: "keras.optimizers.Optimizer",
    discriminator_optimizer: "keras.optimizers.Optimizer",
    gamma: float,
) -> None:
    real = tf.gather(centers(), tf.random.uniform((_BATCH_SIZE,), 0, NUM_MODES, tf.int32))
    real += SPREAD * tf.random.normal((_BATCH_SIZE, 2))
    fake = generator(tf.random.normal((_BATCH_SIZE, _LATENT)))
    with tf.GradientTape() as tape:
        real_logits, penalty = r1(discriminator, real, gamma or None)
        loss = discriminator_loss(real_logits, discriminator(fake)) + penalty
    weights = discriminator.trainable_variables
    discriminator_optimizer.apply(tape.gradient(loss, weights), weights)
    with tf.GradientTape() as tape:
        fake = generator(tf.random.normal((_BATCH_SIZE, _LATENT)))
        loss = generator_loss(discriminator(fake))
    weights = generator.trainable_variables
    generator_optimizer.apply(tape.gradient(loss, weights), weights)
