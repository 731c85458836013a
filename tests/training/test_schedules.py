import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.training import cosine_schedule


@given(
    num_steps=st.integers(1, 5000),
    peak=st.floats(1e-6, 10),
    warmup=st.floats(0, 0.99),
    final=st.floats(0, 1),
    data=st.data(),
)
def test_equals_keras(
    num_steps: int, peak: float, warmup: float, final: float, data: st.DataObject
) -> None:
    warmup_steps = int(warmup * num_steps)
    decay_steps = num_steps - warmup_steps
    if warmup_steps:
        theirs = keras.optimizers.schedules.CosineDecay(
            0.0, decay_steps, alpha=final, warmup_target=peak, warmup_steps=warmup_steps
        )
    else:
        theirs = keras.optimizers.schedules.CosineDecay(peak, decay_steps, alpha=final)
    step = data.draw(st.integers(0, 2 * num_steps))
    ours = cosine_schedule(step, num_steps, peak, warmup_steps, final * peak)
    # Keras computes in float32.
    np.testing.assert_allclose(ours, float(theirs(step)), atol=1e-6 * peak)


def test_corners() -> None:
    assert cosine_schedule(0, 10, 0.1) == 0.1
    assert cosine_schedule(0, 10, 0.1, warmup_steps=1) == 0
    assert cosine_schedule(1, 10, 0.1, warmup_steps=1) == 0.1
    assert cosine_schedule(10, 10, 0.1, final=0.02) == pytest.approx(0.02)
    assert cosine_schedule(11, 10, 0.1, final=0.02) == pytest.approx(0.02)
    assert type(cosine_schedule(3, 10, 0.1, 5)) is type(cosine_schedule(7, 10, 0.1, 5)) is float
    # Between two steps as well: `fit` counts in shares of the training.
    assert cosine_schedule(2.5, 100, 0.1, warmup_steps=5) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 10, 0.1, 10), "warmup_steps is 10, .* below num_steps, which is 10"),
        ((0, 10, 0.1, -1), "warmup_steps is -1"),
        ((0, 10, 0.1, 0, 0.2), "final is 0.2, .* at most peak, which is 0.1"),
        ((-1, 10, 0.1), "step is -1, but it must be 0 or more"),
        ((0, 0, 0.1), "num_steps is 0, but it must be at least 1"),
        ((0, 10, 0.0), "peak is 0.0, but it must be above 0"),
        ((np.nan, 10, 0.1), "step is nan, but it must be finite"),
        ((np.arange(3), 10, 0.1), r"step has the shape \(3,\), but it must be one number"),
        ((0, 10.5, 0.1), "num_steps is 10.5 .* whole number"),
    ],
)
def test_bad_arguments(arguments: tuple, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        cosine_schedule(*arguments)
