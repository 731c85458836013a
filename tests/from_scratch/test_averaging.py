import numpy as np
import pytest

from helpers.from_scratch import update_average


def draw_weights(rng: np.random.Generator) -> list[np.ndarray]:
    return [rng.normal(size=size).astype(np.float32) for size in [(3, 2), (2,), ()]]


def test_equal_to_kerass_optimizer_at_every_step() -> None:
    import keras

    rng = np.random.default_rng(0)
    for _ in range(40):
        variables = [keras.Variable(array) for array in draw_weights(rng)]
        momentum = float(rng.choice([0.0, 0.5, 0.9, 0.999]))
        optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=momentum)
        average = [np.zeros(v.shape, np.float32) for v in variables]
        for step in range(int(rng.integers(1, 12))):
            optimizer.apply(draw_weights(rng), variables)
            weights = [v.numpy() for v in variables]
            average = update_average(average, weights, momentum, step)
            by_keras = optimizer._model_variables_moving_average
            for got, wanted in zip(average, by_keras, strict=True):
                np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-5)
        optimizer.finalize_variable_values(variables)  # as `fit` does in the end
        for got, variable in zip(average, variables, strict=True):
            np.testing.assert_allclose(got, variable, rtol=1e-4, atol=1e-5)


def test_equal_to_the_weighted_sum_of_all_steps() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        num_steps, momentum = int(rng.integers(1, 30)), float(rng.random())
        history = rng.normal(size=(num_steps, 4))
        average = [np.full(4, np.nan)]  # step 0 does not look at it
        for step, weights in enumerate(history):
            average = update_average(average, [weights], momentum, step)
        shares = (1 - momentum) * momentum ** np.arange(num_steps)[::-1]
        shares[0] = momentum ** (num_steps - 1)  # the first step has the rest
        np.testing.assert_allclose(shares.sum(), 1)
        np.testing.assert_allclose(average[0], shares @ history, atol=1e-12)


def test_weights_that_stay_are_their_own_average() -> None:
    weights = [np.full((2, 3), 5.0)]
    average = update_average([np.zeros((2, 3))], weights, 0.9, 0)
    for step in range(1, 5):
        average = update_average(average, weights, 0.9, step)
        np.testing.assert_allclose(average, weights)


@pytest.mark.parametrize("step", [0, 1])
def test_the_arguments_stay_and_the_results_are_new(step: int) -> None:
    average, weights = [np.zeros(2, np.float32)], [np.ones(2, np.float32)]
    average[0].flags.writeable = weights[0].flags.writeable = False
    for momentum in (0.5, np.float64(0.5), 0):
        (got,) = update_average(average, weights, momentum, step)
        assert got.dtype == np.float32
        assert not np.shares_memory(got, weights[0]) and not np.shares_memory(got, average[0])


def test_bad_input_is_one_clear_error() -> None:
    average, weights = [np.zeros(2), np.zeros(3)], [np.ones(2), np.ones(3)]
    with pytest.raises(TypeError, match="weights must be a list of NumPy arrays of floats"):
        update_average(average, np.ones((2, 2)), 0.9, 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="average must be a list of NumPy arrays of floats"):
        update_average([0.0, 1.0], weights, 0.9, 1)  # type: ignore[list-item]
    with pytest.raises(ValueError, match=r"average has the shapes .* must be alike"):
        update_average(average[:1], weights, 0.9, 1)
    with pytest.raises(ValueError, match="momentum is 1, but it must be 0 or more and below 1"):
        update_average(average, weights, 1, 1)
    with pytest.raises(ValueError, match="step is -1, but it must be 0 or more"):
        update_average(average, weights, 0.9, -1)
    with pytest.raises(TypeError, match=r"step is 1\.0 .* whole number"):
        update_average(average, weights, 0.9, 1.0)  # type: ignore[arg-type]
