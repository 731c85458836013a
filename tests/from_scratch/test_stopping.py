from typing import Any

import numpy as np
import pytest

from helpers.from_scratch import EarlyStopping


class Model:
    """What Keras's callback asks of a model: weights to get and set, and a flag."""

    def __init__(self) -> None:
        self.weights = [np.zeros(2, np.float32), np.zeros(1, np.float32)]
        self.stop_training = False

    def train(self) -> None:
        for number, array in enumerate(self.weights):
            array += 10**number

    def get_weights(self) -> list[np.ndarray]:
        return [array.copy() for array in self.weights]

    def set_weights(self, weights: list[np.ndarray]) -> None:
        self.weights = weights


def by_keras(
    values: list[float], patience: int, min_delta: float, mode: str
) -> tuple[int, float, int, list[np.ndarray]]:
    """After how many epochs Keras stops, its best value and epoch, and what it restores."""
    import keras

    callback = keras.callbacks.EarlyStopping(
        "value", min_delta, patience, mode=mode, restore_best_weights=True
    )
    model: Any = Model()
    callback.set_model(model)
    callback.on_train_begin()
    num_epochs = 0
    for epoch, value in enumerate(values):
        model.train()
        callback.on_epoch_end(epoch, {"value": value})
        num_epochs += 1
        if model.stop_training:
            break
    callback.on_train_end()
    return num_epochs, float(callback.best), callback.best_epoch, model.weights


def by_hand(
    values: list[float], patience: int, min_delta: float, mode: str
) -> tuple[int, float | None, int | None, list[np.ndarray] | None]:
    stopping, model = EarlyStopping(patience, min_delta, mode), Model()
    num_epochs = 0
    for value in values:
        model.train()
        num_epochs += 1
        if stopping.update(value, model.weights):
            break
    return num_epochs, stopping.best_value, stopping.best_epoch, stopping.best_weights


def draw_values(rng: np.random.Generator) -> list[float]:
    """A curve with ties, gains of exactly min_delta, and sometimes NaN and infinity."""
    # Eighths, since Keras compares in float32, which they fit exactly.
    values = rng.integers(0, 9, size=rng.integers(1, 15)) / 8
    if rng.random() < 0.4:
        values[rng.random(len(values)) < 0.2] = rng.choice([np.nan, np.inf, -np.inf])
    return [float(value) for value in values]


def test_equal_to_kerass_callback() -> None:
    rng = np.random.default_rng(0)
    num_stopped = 0
    for _ in range(1500):
        values, mode = draw_values(rng), str(rng.choice(["min", "max"]))
        settings = int(rng.integers(1, 5)), float(rng.choice([0, 0, 0.125, 0.25])), mode
        wanted, got = by_keras(values, *settings), by_hand(values, *settings)
        assert got[0] == wanted[0] and got[2] == wanted[2], (values, settings)
        np.testing.assert_equal(got[1], wanted[1])  # NaN equals NaN
        for one, other in zip(got[3] or [], wanted[3], strict=True):
            np.testing.assert_array_equal(one, other)
        num_stopped += got[0] < len(values)
    assert num_stopped > 300


def test_equal_to_kerass_callback_on_smooth_curves() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        noisy = np.cumsum(rng.normal(size=40)).astype(np.float32)
        values, settings = [float(v) for v in noisy], (int(rng.integers(1, 8)), 0.0, "min")
        assert by_hand(values, *settings)[:3] == by_keras(values, *settings)[:3]


def test_keras_takes_a_patience_of_zero_for_one() -> None:
    # Which is why there is no patience of 0 here.
    rng = np.random.default_rng(2)
    for _ in range(100):
        values = draw_values(rng)
        np.testing.assert_equal(
            by_keras(values, 0, 0.0, "min")[:3], by_keras(values, 1, 0.0, "min")[:3]
        )


def test_the_best_weights_are_copies() -> None:
    stopping, model = EarlyStopping(3), Model()
    model.train()
    assert not stopping.update(1.0, model.weights)
    model.train()  # in the same arrays
    model.weights[0] = np.full(2, 7, np.float32)  # and in the same list
    assert stopping.best_weights is not None
    np.testing.assert_equal(stopping.best_weights, [np.ones(2), np.array([10.0])])


def test_nothing_before_the_first_epoch() -> None:
    stopping = EarlyStopping(1)
    assert (stopping.best_value, stopping.best_epoch, stopping.best_weights) == (None,) * 3


def test_numbers_of_numpy_and_tensorflow_will_do() -> None:
    import tensorflow as tf

    values: list[Any] = [2, np.float32(2), np.array(2.0), tf.constant(2.0)]
    for value in values:
        stopping = EarlyStopping(1)
        assert not stopping.update(value, [])
        assert stopping.update(value, [])
        assert type(stopping.best_value) is float


def test_bad_input_is_one_clear_error() -> None:
    with pytest.raises(ValueError, match="patience is 0, but it must be at least 1"):
        EarlyStopping(0)
    with pytest.raises(ValueError, match=r"min_delta is -0\.1, but it must be 0 or more"):
        EarlyStopping(1, -0.1)
    with pytest.raises(ValueError, match="mode is 'auto', but it must be one of"):
        EarlyStopping(1, 0.0, "auto")
    stopping = EarlyStopping(1)
    with pytest.raises(TypeError, match=r"value is None .* must be one number"):
        stopping.update(None, [])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"value is \[0\.5\] .* must be one number"):
        stopping.update([0.5], [])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="weights must be a list of NumPy arrays of numbers"):
        stopping.update(0.5, np.zeros(3))  # type: ignore[arg-type]


def test_weights_may_be_anything_that_keras_returns() -> None:
    import keras

    model = keras.Sequential([keras.Input((2,)), keras.layers.BatchNormalization()])
    counter, scalar = np.arange(3), keras.Variable(1.5).numpy()
    weights = [*model.get_weights(), counter, scalar]
    stopping = EarlyStopping(1)
    stopping.update(0.5, weights)
    np.testing.assert_equal(stopping.best_weights, weights)


def test_any_gain_counts_unless_told_otherwise() -> None:
    stopping = EarlyStopping(1)
    answers = [stopping.update(value, []) for value in (1.0, 0.875, 0.874, 0.874)]
    assert answers == [False, False, False, True]
