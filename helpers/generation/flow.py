"""Flow matching in the small: noise flows into clips along a velocity that a network predicts."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from helpers import training, validate
from helpers.generation import storing
from helpers.generation.clips import SHAPE, digits
from helpers.generation.flow_network import velocity_network
from helpers.generation.pacing import run_steps
from helpers.generation.sampling import Velocity, heun, straight_path
from helpers.lazy import keras, tf

NUM_CLIPS = 6000  # to train on
NUM_STEPS = 8  # of Heun's, to sample with
_BATCH = 8
_BLOCK = 100  # clips that are sampled at once
_LEARNING_RATE = 4e-3
_WARMUP = 100  # steps
_RECENT = 7.0  # the larger, the more the averaged weights are those of the last steps

Walk = Callable[[Velocity, np.ndarray, int], np.ndarray]


class Flow:
    """A velocity network, with weights averaged over its training.

    Attributes:
        network: takes points (batch, 8, 24, 24, 1), -1 to 1 when they are clips, and moments
            (batch,), and gives velocities.
        losses: float64 (steps,), of each batch of the training; empty when it was loaded.
        seconds: what the training took of the processor, all cores together; 0 when loaded.
    """

    def __init__(
        self, network: "keras.Model", losses: np.ndarray | None = None, seconds: float = 0.0
    ) -> None:
        self.network = network
        self.losses = np.zeros(0) if losses is None else losses
        self.seconds = seconds
        self._compiled = tf.function(
            lambda point, moment: network([point, moment], training=False),
            input_signature=[
                tf.TensorSpec((None, *SHAPE), tf.float32),
                tf.TensorSpec((None,), tf.float32),
            ],
        )

    @property
    def num_parameters(self) -> int:
        return self.network.count_params()

    def velocity(self, point: np.ndarray, moment: float) -> np.ndarray:
        """How the points, float32 (batch, 8, 24, 24, 1), move at a moment, 0 to 1."""
        return self._compiled(point, np.full(len(point), moment, np.float32)).numpy()

    def sample(
        self, num_clips: int, *, seed: int, num_steps: int = NUM_STEPS, walk: Walk = heun
    ) -> np.ndarray:
        """Make clips from noise.

        Args:
            num_clips: how many, at least 1.
            seed: 0 or more; the same seed, the same clips on the same machine.
            num_steps: of the walk from noise to clips, at least 1.
            walk: `sampling.euler`, which asks the network once a step, or `sampling.heun`, twice.

        Returns:
            uint8 (clips, 8, 24, 24, 1).
        """
        validate.positive_int(num_clips=num_clips, num_steps=num_steps)
        validate.non_negative_int(seed=seed)
        rng = np.random.default_rng(seed)
        video = np.empty((num_clips, *SHAPE), np.uint8)
        for first in range(0, num_clips, _BLOCK):
            noise = rng.standard_normal((min(_BLOCK, num_clips - first), *SHAPE), np.float32)
            clips = walk(self.velocity, noise, num_steps)
            video[first : first + _BLOCK] = np.rint((clips + 1) * 127.5).clip(0, 255)
        return video

    def save(self, name: str, *, command: str, about: str) -> storing.Label:
        """Store the weights under a name; see `storing.save`."""
        return storing.save(name, self.network.get_weights(), command=command, about=about)


def stored(name: str = "flow") -> Flow:
    """The flow whose weights are stored under a name; `storing.load` gives their label."""
    network = velocity_network()
    network.set_weights(storing.load(name)[0])
    return Flow(network)


def train(num_steps: int, *, seed: int, seconds: float | None = None) -> Flow:
    """Train a velocity network on gliding digits, `digits(6000, seed=0)`.

    The loss is the mean squared error of the velocity at random moments, logit-normal ones, of
    straight paths from noise to clips.

    Args:
        num_steps: of Adam, each on 8 clips, at least 1.
        seed: of first weights, noise, moments and order.
        seconds: stop earlier, after so many of processor time, all cores together; the first
            step, in which TensorFlow compiles the network, is not counted.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> len(train(2, seed=0).losses)
    2
    """
    validate.positive_int(num_steps=num_steps)
    validate.non_negative_int(seed=seed)
    training.set_seed(seed)
    rng = np.random.default_rng(seed)
    video = digits(NUM_CLIPS, seed=0).video
    network = velocity_network()
    compiled, average = _prepared(network)

    def step(number: int, done: float) -> float:
        clips = video[rng.integers(len(video), size=_BATCH)].astype(np.float32) / 127.5 - 1
        noise = rng.standard_normal(clips.shape, np.float32)
        # Moments in the middle of the way are the hardest, and come most often (logit-normal;
        # Esser et al., 2024). One from each eighth of them, so that the loss jumps about less.
        share = (np.arange(_BATCH) + rng.random(_BATCH)) / _BATCH
        moment = special.expit(special.ndtri(share)).astype(np.float32)
        # It rises at first, stays, and falls to zero over the second half of the training.
        rate = _LEARNING_RATE * min(number / _WARMUP, 1, 2 * (1 - done))
        # Whatever the length of the training, the average is over about its last eighth.
        keep = (1 - 1 / number) ** _RECENT
        return float(compiled(clips, noise, moment, np.float32(rate), np.float32(keep)))

    losses, taken = run_steps(step, num_steps, seconds)
    for weight, averaged in zip(network.trainable_variables, average, strict=True):
        weight.assign(averaged)
    return Flow(network, losses, taken)


def _prepared(network: "keras.Model") -> tuple[Callable[..., Any], list[Any]]:
    """A compiled step of training, and the average of the weights that it keeps."""
    weights = network.trainable_variables
    optimizer = keras.optimizers.Adam(beta_2=0.99, global_clipnorm=1.0)
    optimizer.build(weights)
    average = [tf.Variable(weight.value) for weight in weights]

    @tf.function
    def step(clips: Any, noise: Any, moment: Any, rate: Any, keep: Any) -> Any:
        point, velocity = straight_path(noise, clips, tf.reshape(moment, (-1, 1, 1, 1, 1)))
        with tf.GradientTape() as tape:
            predicted = network([point, moment], training=True)
            loss = tf.reduce_mean((predicted - velocity) ** 2)
        optimizer.learning_rate.assign(rate)
        optimizer.apply(tape.gradient(loss, weights), weights)
        for averaged, weight in zip(average, weights, strict=True):
            averaged.assign(keep * averaged + (1 - keep) * weight)
        return loss

    return step, average
