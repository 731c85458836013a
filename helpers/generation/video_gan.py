"""A video GAN: a generator with codes for content and motion, and two discriminators."""

from typing import TYPE_CHECKING

import numpy as np

from helpers import validate
from helpers.generation import storing
from helpers.generation.adversarial import discriminator_loss, generator_loss, r1
from helpers.generation.clips import SHAPE
from helpers.generation.discriminators import (
    as_channels,
    clip_discriminator,
    frame_discriminator,
)
from helpers.generation.generator import CONTENT, MOTION, generator
from helpers.lazy import keras, tf

if TYPE_CHECKING:
    import tensorflow as tf

GENERATOR_RATE, DISCRIMINATOR_RATE = 1e-3, 1.5e-3
AVERAGED = 0.1  # the weights of about the last tenth of the steps are averaged
_BLOCK = 250  # clips that are made at once


class VideoGAN:
    """The networks of the GAN, its two optimisers, and one step of its training.

    The generator is not told which digit or direction it is to make.

    Attributes:
        generator: what is trained, from [content, motion] to clips in [-1, 1].
        averaged: the same network with a moving average of its weights, which makes the samples.
        frame_discriminator, clip_discriminator: give logits, above 0 for real.
        generator_optimizer, discriminator_optimizer: one for each side.
    """

    def __init__(self) -> None:
        """Build it untrained."""
        self.generator, self.averaged = generator(), generator()
        self.averaged.set_weights(self.generator.get_weights())
        self.frame_discriminator = frame_discriminator()
        self.clip_discriminator = clip_discriminator()
        # No momentum, since the other side moves: yesterday's slope says little about today's.
        self.generator_optimizer = keras.optimizers.Adam(GENERATOR_RATE, 0.0, 0.99)
        self.discriminator_optimizer = keras.optimizers.Adam(DISCRIMINATOR_RATE, 0.0, 0.99)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator_weights)

    @property
    def discriminator_weights(self) -> list:
        """The variables of both discriminators, which share an optimiser."""
        both = (self.frame_discriminator, self.clip_discriminator)
        return [weight for network in both for weight in network.trainable_variables]

    def train_step(
        self, real: "tf.Tensor", gamma: "float | tf.Tensor | None"
    ) -> dict[str, "tf.Tensor"]:
        """Train the discriminators once, then the generator once.

        Args:
            real: float32 (batch, 8, 24, 24, 1) in [-1, 1].
            gamma: the weight of the R1 penalty; None leaves it out in this step.

        Returns:
            The losses, and the share of real and of fake examples that each discriminator
            called by their name.
        """
        batch = real.shape[0]
        number = tf.random.uniform((), 0, SHAPE[0], tf.int32)  # of the frame that is looked at
        fake = self.generator(_noise(batch))
        with tf.GradientTape() as tape:
            frame_real, frame_penalty = r1(self.frame_discriminator, real[:, number], gamma)
            clip_real, clip_penalty = r1(self.clip_discriminator, as_channels(real), gamma)
            frame_fake = self.frame_discriminator(fake[:, number])
            clip_fake = self.clip_discriminator(as_channels(fake))
            loss = discriminator_loss(frame_real, frame_fake)
            loss += discriminator_loss(clip_real, clip_fake)
            penalised = loss + frame_penalty + clip_penalty
        weights = self.discriminator_weights
        self.discriminator_optimizer.apply(tape.gradient(penalised, weights), weights)

        with tf.GradientTape() as tape:
            fake = self.generator(_noise(batch))
            fooled = generator_loss(self.frame_discriminator(fake[:, number]))
            fooled += generator_loss(self.clip_discriminator(as_channels(fake)))
        weights = self.generator.trainable_variables
        self.generator_optimizer.apply(tape.gradient(fooled, weights), weights)
        done = tf.cast(self.generator_optimizer.iterations, tf.float32)
        share = 1 / (AVERAGED * done + 1)
        for average, weight in zip(self.averaged.weights, self.generator.weights, strict=True):
            average.assign_add(share * (weight - average))
        return {
            "discriminator_loss": loss,
            "generator_loss": fooled,
            "frame_real": _share(frame_real > 0),
            "frame_fake": _share(frame_fake < 0),
            "clip_real": _share(clip_real > 0),
            "clip_fake": _share(clip_fake < 0),
        }

    @property
    def num_parameters(self) -> int:
        """Of the generator, which is all that sampling needs."""
        return int(self.averaged.count_params())

    def sample(self, num_clips: int, *, seed: int) -> np.ndarray:
        """Make clips, uint8 (num_clips, 8, 24, 24, 1); the same seed, the same clips."""
        return self.clips(*codes(num_clips, seed=seed))

    def clips(self, content: np.ndarray, motion: np.ndarray) -> np.ndarray:
        """Make the clips of given codes.

        Args:
            content: float32 (clips, 16), what moves.
            motion: float32 (clips, 8), how it moves.

        Returns:
            uint8 (clips, 8, 24, 24, 1).
        """
        blocks = [
            np.asarray(self.averaged([content[i : i + _BLOCK], motion[i : i + _BLOCK]]))
            for i in range(0, len(content), _BLOCK)
        ]
        return np.rint((np.concatenate(blocks) + 1) * 127.5).astype(np.uint8)

    def save(self, name: str, *, command: str, about: str) -> storing.Label:
        """Store the averaged generator under a name, with a label."""
        return storing.save(name, self.averaged.get_weights(), command=command, about=about)


def codes(num_clips: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw the codes of some clips: content (num_clips, 16) and motion (num_clips, 8), float32.

    >>> content, motion = codes(3, seed=0)
    >>> content.shape, motion.shape
    ((3, 16), (3, 8))
    """
    validate.positive_int(num_clips=num_clips)
    validate.non_negative_int(seed=seed)
    rng = np.random.default_rng(seed)
    both = rng.standard_normal((num_clips, CONTENT + MOTION), np.float32)
    return both[:, :CONTENT], both[:, CONTENT:]


def stored(name: str = "gan") -> VideoGAN:
    """The GAN whose generator is stored under a name; `storing.load` gives its label.

    Its discriminators, which sampling does not need, are untrained.
    """
    gan = VideoGAN()
    for network in (gan.generator, gan.averaged):
        network.set_weights(storing.load(name)[0])
    return gan


def _noise(batch: int) -> "list[tf.Tensor]":
    return [tf.random.normal((batch, CONTENT)), tf.random.normal((batch, MOTION))]


def _share(right: "tf.Tensor") -> "tf.Tensor":
    return tf.reduce_mean(tf.cast(right, tf.float32))
