"""A network that predicts the next frame from all frames before it, and rolls on from there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers import training, validate
from helpers.generation import storing
from helpers.generation.clips import SHAPE, digits
from helpers.generation.pacing import run_steps
from helpers.lazy import keras, tf

if TYPE_CHECKING:
    from keras import KerasTensor

NUM_CLIPS = 6000  # to train on
NUM_GIVEN = 2  # real frames that `sample` goes on from: one would not tell the motion
_BATCH = 4
_BLOCK = 100  # clips that are predicted at once
_LEARNING_RATE = 5e-3
_WIDTH = 32  # channels
_NUM_BLOCKS = 3


class NextFrame:
    """A trained predictor.

    Attributes:
        network: takes clips of some fixed length, (batch, frames, 24, 24, 1), -1 to 1, and gives
            as many frames, at each place the one that it expects next.
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
            lambda clips: network(clips, training=False),
            input_signature=[tf.TensorSpec(network.input_shape, tf.float32)],
        )

    @property
    def num_parameters(self) -> int:
        return self.network.count_params()

    def predict(self, video: np.ndarray) -> np.ndarray:
        """Predict each frame after the first, and one more, from the true frames before it.

        Args:
            video: uint8 (clips, frames, 24, 24, 1), from one frame to as many as the network's.

        Returns:
            uint8 of the same shape: at place t the frame t + 1, which knows frames 0 to t.
        """
        validate.given_frames(1, video=video)
        num_frames, length = video.shape[1], self.network.input_shape[1]
        if num_frames > length:
            raise ValueError(
                f"video has {num_frames} frames, but the network was made for {length}: pass "
                f"video[:, :{length}]."
            )
        predicted = np.empty_like(video)
        for first in range(0, len(video), _BLOCK):
            block = video[first : first + _BLOCK]
            # Black where frames are missing: what comes later cannot change what is predicted.
            clips = np.full((len(block), length, *SHAPE[1:]), -1, np.float32)
            clips[:, :num_frames] = block / np.float32(127.5) - 1
            frames = self._compiled(clips).numpy()[:, :num_frames]
            predicted[first : first + _BLOCK] = np.rint((frames + 1) * 127.5).clip(0, 255)
        return predicted

    def roll_out(self, given: np.ndarray, num_frames: int) -> np.ndarray:
        """Predict frame after frame, each from the given ones and from those predicted before.

        Args:
            given: uint8 (clips, given, 24, 24, 1), at least one frame.
            num_frames: how many frames to predict, at least 1.

        Returns:
            uint8 (clips, num_frames, 24, 24, 1), without the given ones.
        """
        validate.given_frames(1, given=given)
        validate.positive_int(num_frames=num_frames)
        video = given
        for _ in range(num_frames):
            video = np.concatenate([video, self.predict(video)[:, -1:]], axis=1)
        return video[:, given.shape[1] :]

    def sample(self, num_clips: int, *, seed: int) -> np.ndarray:
        """Go on from the first two frames of new clips of the digits it was trained on.

        Unlike a generator that begins with noise, it is given which digit goes where.

        Args:
            num_clips: how many, at least 1.
            seed: of the real clips, 0 or more.

        Returns:
            uint8 (clips, 8, 24, 24, 1), of which the first two frames are real.
        """
        given = digits(num_clips, seed=seed).video[:, :NUM_GIVEN]
        return np.concatenate([given, self.roll_out(given, SHAPE[0] - NUM_GIVEN)], axis=1)

    def save(self, name: str, *, command: str, about: str) -> storing.Label:
        """Store the weights under a name; see `storing.save`."""
        return storing.save(name, self.network.get_weights(), command=command, about=about)


def stored(name: str = "next_frame") -> NextFrame:
    """The predictor whose weights are stored under a name; `storing.load` gives their label."""
    network = next_frame_network(SHAPE[0])
    network.set_weights(storing.load(name)[0])
    return NextFrame(network)


def next_frame_network(num_frames: int) -> "keras.Model":
    """The untrained network, which predicts that the last frame stays as it is.

    Two pixels by two become one place. A causal convolution sees the frames t - 1 and t of a
    place's neighbourhood, never a later one; four of them reach back over five frames.
    """
    clip = keras.Input((num_frames, *SHAPE[1:]), name="clip")
    rows, columns = SHAPE[1] // 2, SHAPE[2] // 2
    places = keras.ops.reshape(clip + 1, (-1, rows, 2, columns, 2))  # black is 0, as beyond it
    places = keras.ops.transpose(places, (0, 1, 3, 2, 4))
    x = keras.ops.reshape(places, (-1, num_frames, rows, columns, 4))
    x = _causal_convolution(x)
    for _ in range(_NUM_BLOCKS):
        y = _causal_convolution(keras.ops.relu(x))
        x = x + _convolution(keras.ops.relu(y))
    change = keras.layers.Dense(4, kernel_initializer="zeros")(keras.ops.relu(x))
    change = keras.ops.reshape(change, (-1, rows, columns, 2, 2))
    change = keras.ops.transpose(change, (0, 1, 3, 2, 4))
    change = keras.ops.reshape(change, (-1, num_frames, *SHAPE[1:]))
    return keras.Model(clip, clip + change, name="next_frame_network")


def _causal_convolution(x: "KerasTensor") -> "KerasTensor":
    before = keras.ops.concatenate([keras.ops.zeros_like(x[:, :1]), x[:, :-1]], axis=1)
    return _convolution(keras.ops.concatenate([before, x], axis=-1))


def _convolution(x: "KerasTensor") -> "KerasTensor":
    """Over each frame, (batch, frames, rows, columns, channels)."""
    frames = keras.ops.reshape(x, (-1, *x.shape[2:]))
    frames = keras.layers.Conv2D(_WIDTH, 3, padding="same")(frames)
    return keras.ops.reshape(frames, (-1, *x.shape[1:4], _WIDTH))


def train(
    num_steps: int,
    *,
    seed: int,
    seconds: float | None = None,
    video: np.ndarray | None = None,
) -> NextFrame:
    """Train a predictor with the mean squared error, from true frames before the predicted one.

    Args:
        num_steps: of Adam, each on 4 clips, at least 1.
        seed: of first weights and order.
        seconds: stop earlier, after so many of processor time, all cores together; the first
            step, in which TensorFlow compiles the network, is not counted.
        video: uint8 (clips, frames, 24, 24, 1), two frames or more, to train on;
            `digits(6000, seed=0)` when left out.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> len(train(2, seed=0).losses)
    2
    """
    validate.positive_int(num_steps=num_steps)
    validate.non_negative_int(seed=seed)
    if video is None:
        video = digits(NUM_CLIPS, seed=0).video
    validate.given_frames(2, video=video)
    training.set_seed(seed)
    rng = np.random.default_rng(seed)
    network = next_frame_network(video.shape[1] - 1)
    compiled = _prepared(network)

    def step(number: int, done: float) -> float:
        clips = video[rng.integers(len(video), size=_BATCH)].astype(np.float32) / 127.5 - 1
        # The rate stays for half of the training and falls to zero until its end.
        rate = _LEARNING_RATE * min(2 * (1 - done), 1)
        return float(compiled(clips, np.float32(rate)))

    losses, taken = run_steps(step, num_steps, seconds)
    # The same weights, and a frame more to go on from.
    longer = next_frame_network(video.shape[1])
    longer.set_weights(network.get_weights())
    return NextFrame(longer, losses, taken)


def _prepared(network: "keras.Model") -> Callable[..., Any]:
    """A compiled step of training."""
    weights = network.trainable_variables
    optimizer = keras.optimizers.Adam(beta_2=0.99, global_clipnorm=0.1)
    optimizer.build(weights)

    @tf.function
    def step(clips: Any, rate: Any) -> Any:
        with tf.GradientTape() as tape:
            predicted = network(clips[:, :-1], training=True)
            loss = tf.reduce_mean((predicted - clips[:, 1:]) ** 2)
        optimizer.learning_rate.assign(rate)
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return step
