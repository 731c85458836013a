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


def test_it_can_be_shown_as_an_exercise() -> None:
    source = stub.source_of(training.train_step)
    assert stub.free_names(source) == {"keras", "np", "tf"}
    assert stub.free_names(stub.stub_of(training.train_step)) <= {"keras", "np", "tf"}
    source = stub.source_of(training.cosine_schedule)
    assert stub.free_names(source) == {"np", "validate"}
