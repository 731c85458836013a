from collections.abc import Callable

import keras
import numpy as np
import pytest

from helpers import training
from helpers.course import stub

Make = Callable[..., keras.Model]


def test_equals_keras_own_step(make_model: Make, clips: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = clips
    ours, theirs = make_model(), make_model()
    optimizer = keras.optimizers.Adam(0.01)
    theirs.compile(
        keras.optimizers.Adam(0.01),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    for start in (0, 20, 40):
        batch = x[start : start + 20], y[start : start + 20]
        ours_loss = training.train_step(ours, optimizer, *batch)
        assert isinstance(ours_loss, float)
        assert ours_loss == pytest.approx(float(theirs.train_on_batch(*batch)), rel=1e-4)
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        # Adam divides by the gradient's size, so rounding of a tiny one shows in the weights.
        np.testing.assert_allclose(one, other, atol=2e-3)


def test_penalties_count_as_in_keras(clips: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = clips
    models = []
    for _ in range(2):
        training.set_seed(1)
        penalty = keras.regularizers.L2(0.1)
        flat, dense = keras.layers.Flatten(), keras.layers.Dense(3, kernel_regularizer=penalty)
        models.append(keras.Sequential([keras.Input(x.shape[1:]), flat, dense]))
    ours, theirs = models
    theirs.compile(
        keras.optimizers.SGD(1e-4),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    optimizer = keras.optimizers.SGD(1e-4)
    for _ in range(2):
        loss = training.train_step(ours, optimizer, x.astype(np.float32), y)
        assert loss == pytest.approx(float(theirs.train_on_batch(x, y)), rel=1e-4)
    np.testing.assert_allclose(ours.get_weights()[0], theirs.get_weights()[0], rtol=1e-4)


def test_bad_input_is_one_clear_error(
    make_model: Make, clips: tuple[np.ndarray, np.ndarray]
) -> None:
    (x, y), optimizer = clips, keras.optimizers.SGD(0.1)
    with pytest.raises(
        ValueError, match=r"y has the shape \(60, 3\).* pass y.argmax\(axis=1\)"
    ):
        training.train_step(make_model(), optimizer, x, np.eye(3)[y])
    with pytest.raises(
        ValueError, match=r"x has the shape \(4, 8, 8, 1\), but the model takes"
    ):
        training.train_step(make_model(), optimizer, x[0], y)
    with pytest.raises(ValueError, match=r"y holds the label 3, but the model has 3 classes"):
        training.train_step(make_model(), optimizer, x, y + 1)


def test_it_can_be_shown_as_an_exercise() -> None:
    source = stub.source_of(training.train_step)
    assert stub.free_names(source) == {"keras", "np", "tf", "validate"}
    assert stub.free_names(stub.stub_of(training.train_step)) <= {"keras", "np", "tf"}
    source = stub.source_of(training.cosine_schedule)
    assert stub.free_names(source) == {"np", "validate"}
