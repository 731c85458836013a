"""A small task that every kind of layer with a state of its own takes part in."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from helpers import training

SHAPE = (4, 8, 8, 1)  # (frames, height, width, channels)


@pytest.fixture(scope="session")
def clips() -> tuple[np.ndarray, np.ndarray]:
    """60 noisy uint8 clips of three kinds, which a model learns in seconds, and labels."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 60)
    x = rng.integers(0, 100, (60, *SHAPE), dtype=np.uint8)
    x[np.arange(60), y] += 100  # the label is the number of the bright frame
    return x, y


def small_model(seed: int = 0) -> keras.Model:
    training.set_seed(seed)
    return keras.Sequential(
        [
            keras.Input(SHAPE, dtype="uint8"),
            layers.Rescaling(1 / 255),
            layers.Conv3D(4, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.2),
            layers.AveragePooling3D((1, 8, 8)),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


@pytest.fixture
def make_model() -> Callable[[int], keras.Model]:
    return small_model
