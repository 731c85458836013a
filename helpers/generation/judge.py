"""The judge: a small motion classifier that says which digit goes where, and how it sees a clip.

Its weights are stored with the course, so that every model of chapter 31 is judged alike.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from helpers import validate
from helpers.generation.clips import DIRECTIONS, NUM_DIGITS, SHAPE
from helpers.lazy import keras

if TYPE_CHECKING:
    from keras import KerasTensor

    from helpers.generation.storing import Label

NUM_FEATURES = 64
_BLOCK = 250  # clips that go through the network at once
# Filters and kernel of each convolution over a frame, which halves height and width.
_LAYERS = ((16, 5), (32, 3), (64, 3))


@dataclass(frozen=True)
class Reading:
    """What the judge reads in clips.

    Attributes:
        digit: int64 (clips,), 0 to 9: the likeliest.
        direction: int64 (clips,), an index into `DIRECTIONS`: the likeliest.
        digit_probability, direction_probability: float32 (clips,), what it gives to these.
    """

    digit: np.ndarray
    direction: np.ndarray
    digit_probability: np.ndarray
    direction_probability: np.ndarray


class Judge:
    """A trained network with two answers, and the features that both are read from.

    Attributes:
        network: gives features (batch, 64), digit logits (batch, 10) and direction logits
            (batch, 4) for uint8 clips (batch, 8, 24, 24, 1).
        label: how it was trained, and what it reaches.
    """

    def __init__(self, network: "keras.Model", label: "Label | None" = None) -> None:
        self.network = network
        self.label = label

    def read(self, video: np.ndarray) -> Reading:
        """Name the digit and the direction of each clip.

        Args:
            video: uint8 (clips, 8, 24, 24, 1).

        >>> seen = judge().read(np.zeros((2, *SHAPE), np.uint8))
        >>> seen.digit.shape, bool(seen.digit_probability.max() < 0.5)  # there is no digit
        ((2,), True)
        """
        _, digit, direction = self._outputs(video)
        digit, direction = _softmax(digit), _softmax(direction)
        return Reading(
            digit.argmax(axis=1),
            direction.argmax(axis=1),
            digit.max(axis=1),
            direction.max(axis=1),
        )

    def features(self, video: np.ndarray) -> np.ndarray:
        """float64 (clips, 64): the averages over the last convolution, before both answers.

        Args:
            video: uint8 (clips, 8, 24, 24, 1).
        """
        return self._outputs(video)[0].astype(np.float64)

    def _outputs(self, video: np.ndarray) -> list[np.ndarray]:
        validate.generated(SHAPE, video=video)
        blocks = [
            self.network(video[first : first + _BLOCK], training=False)
            for first in range(0, len(video), _BLOCK)
        ]
        return [np.concatenate(part) for part in zip(*blocks, strict=True)]


@cache
def judge() -> Judge:
    """The judge with its stored weights, made by `benchmarks/generation_judge.py`."""
    from helpers.generation import storing  # here, since it needs IPython

    weights, label = storing.load("judge")
    network = judge_network()
    network.set_weights(weights)
    return Judge(network, label)


def judge_network() -> "keras.Model":
    """The untrained network: three convolutions over each frame, one layer over time, two heads.

    The layer over time sees all eight frames of a place at once, so that it can tell their order.
    """
    num_frames, height, width, channels = SHAPE
    clip = keras.Input(SHAPE, name="clip")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(clip)
    x = keras.ops.reshape(x, (-1, height, width, channels))  # (batch * frames, ...)
    for filters, kernel in _LAYERS:
        x = keras.layers.Conv2D(filters, kernel, 2, padding="same", use_bias=False)(x)
        x = _normalised(x)
    x = keras.ops.reshape(x, (-1, num_frames, *x.shape[1:]))
    x = keras.layers.Permute((2, 3, 1, 4))(x)  # (batch, 3, 3, frames, filters)
    x = keras.layers.Reshape((*x.shape[1:3], -1))(x)
    x = _normalised(keras.layers.Conv2D(NUM_FEATURES, 1, use_bias=False)(x))
    features = keras.layers.GlobalAveragePooling2D(name="features")(x)
    digit = keras.layers.Dense(NUM_DIGITS, name="digit")(features)
    direction = keras.layers.Dense(len(DIRECTIONS), name="direction")(features)
    return keras.Model(clip, [features, digit, direction], name="judge")


def _normalised(x: "KerasTensor") -> "KerasTensor":
    return keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.9)(x))


def _softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
