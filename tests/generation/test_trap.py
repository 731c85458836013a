"""What chapter 31 says of `trainable`: Keras reads it when it traces a step, not at `compile`."""

import warnings

import keras
import numpy as np
import pytest


def network(inputs: int, outputs: int) -> keras.Model:
    layers = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(outputs)]
    return keras.Sequential([keras.Input((inputs,)), *layers])


def change(before: list[np.ndarray], model: keras.Model) -> float:
    pairs = zip(before, model.get_weights(), strict=True)
    return max(float(np.abs(old - new).max()) for old, new in pairs)


@pytest.mark.parametrize("is_traced_first", [False, True])
def test_a_discriminator_frozen_before_its_first_step_never_learns(
    is_traced_first: bool,
) -> None:
    keras.utils.set_random_seed(0)
    generator, discriminator = network(4, 2), network(2, 1)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    rng = np.random.default_rng(0)
    noise, real = rng.normal(size=(32, 4)), rng.normal(size=(32, 2)) + 3
    labels = np.repeat([[1.0], [0.0]], 32, axis=0)

    def train_discriminator() -> None:
        discriminator.train_on_batch(np.concatenate([real, generator(noise)]), labels)

    discriminator.compile("adam", loss)
    if is_traced_first:
        train_discriminator()
    discriminator.trainable = False
    combined = keras.Sequential([generator, discriminator])
    combined.compile("adam", loss)
    before = generator.get_weights(), discriminator.get_weights()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for _ in range(5):
            train_discriminator()
            combined.train_on_batch(noise, np.ones((32, 1)))
    said = any("does not have any trainable weights" in str(one.message) for one in warned)
    assert said is not is_traced_first
    assert change(before[0], generator) > 1e-3
    assert (change(before[1], discriminator) > 1e-3) is is_traced_first
    if not is_traced_first:
        assert change(before[1], discriminator) == 0
        discriminator.trainable = True
        train_discriminator()
        assert change(before[1], discriminator) == 0  # the traced step stays as it is
        discriminator.compile("adam", loss)
        train_discriminator()
        assert change(before[1], discriminator) > 1e-4
