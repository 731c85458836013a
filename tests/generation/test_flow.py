"""Flow matching: the target, the walks, the network, its training, and the stored weights."""

from typing import Any

import numpy as np
import pytest

from helpers import generation
from helpers.generation import flow, sampling, storing
from helpers.generation.flow_network import DEVIATION, MEAN, velocity_network


def scaled(video: Any) -> Any:
    return video.astype(np.float32) / 127.5 - 1


@pytest.fixture(scope="module")
def clips() -> Any:
    return scaled(generation.digits(32, seed=5, split="test").video)


@pytest.fixture(scope="module")
def noise(clips: Any) -> Any:
    return np.random.default_rng(6).standard_normal(clips.shape, np.float32)


def error(network: Any, clips: Any, noise: Any) -> float:
    """The mean squared error of the velocity, with a moment of its own for each clip."""
    moment = ((np.arange(len(clips)) + 0.5) / len(clips)).astype(np.float32)
    point, velocity = sampling.straight_path(noise, clips, moment[:, None, None, None, None])
    return float(np.mean((np.asarray(network([point, moment])) - velocity) ** 2))


def test_the_path_goes_from_noise_to_data(clips: Any, noise: Any) -> None:
    for moment, wanted in ((0.0, noise), (1.0, clips), (0.5, (noise + clips) / 2)):
        point, _ = sampling.straight_path(noise, clips, moment)
        np.testing.assert_allclose(point, wanted, atol=1e-6)


def test_the_target_is_the_derivative_of_the_path(clips: Any, noise: Any) -> None:
    before, velocity = sampling.straight_path(noise, clips, 0.25)
    after, _ = sampling.straight_path(noise, clips, 0.75)
    np.testing.assert_allclose(velocity, (after - before) / 0.5, atol=1e-5)


def test_noise_and_data_must_have_one_shape(noise: Any) -> None:
    with pytest.raises(ValueError, match="two shapes must be equal"):
        sampling.straight_path(noise, noise[:1], 0.5)


@pytest.mark.parametrize("walk", [sampling.euler, sampling.heun])
@pytest.mark.parametrize("num_steps", [1, 7])
def test_a_straight_flow_arrives_in_any_number_of_steps(
    walk: Any, num_steps: int, clips: Any, noise: Any
) -> None:
    arrived = walk(lambda point, moment: clips - noise, noise, num_steps)
    np.testing.assert_allclose(arrived, clips, atol=1e-5)


@pytest.mark.parametrize(("walk", "order"), [(sampling.euler, 1), (sampling.heun, 2)])
def test_the_error_falls_with_the_order_of_the_walk(walk: Any, order: int) -> None:
    """On a curved flow, x' = x cos t, whose end is known."""
    exact = np.exp(np.sin(1.0))
    errors = [abs(walk(lambda x, t: x * np.cos(t), np.ones(1), n)[0] - exact) for n in (32, 64)]
    assert errors[0] / errors[1] == pytest.approx(2**order, rel=0.1)


@pytest.mark.parametrize("walk", [sampling.euler, sampling.heun])
def test_walks_need_a_step_and_leave_the_noise_alone(walk: Any, noise: Any) -> None:
    with pytest.raises(ValueError, match="num_steps is 0"):
        walk(lambda point, moment: point, noise, 0)
    kept = noise.copy()
    walk(lambda point, moment: point, noise, 2)
    np.testing.assert_array_equal(noise, kept)


def test_pixels_have_the_mean_and_deviation_that_the_network_is_told() -> None:
    pixels = scaled(generation.digits(3000, seed=8).video)
    assert pixels.mean() == pytest.approx(MEAN, abs=0.01)
    assert pixels.std() == pytest.approx(DEVIATION, abs=0.01)


def test_the_losses_of_a_training_fall_below_the_untrained(clips: Any, noise: Any) -> None:
    trained = flow.train(60, seed=0)
    assert len(trained.losses) == 60
    untrained = error(velocity_network(), clips, noise)
    assert trained.losses[0] == pytest.approx(untrained, rel=0.15)
    assert trained.losses[-10:].mean() < 0.8 * untrained


def test_the_same_seed_trains_and_samples_the_same() -> None:
    one, two, other = (flow.train(2, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.losses, two.losses)
    assert one.losses[1] != other.losses[1]
    samples = one.sample(3, seed=1, num_steps=2)
    assert samples.shape == (3, *generation.SHAPE) and samples.dtype == np.uint8
    np.testing.assert_array_equal(samples, two.sample(3, seed=1, num_steps=2))
    assert (samples != one.sample(3, seed=2, num_steps=2)).any()
    assert (samples[0] != samples[1]).any()


def test_seconds_end_a_training() -> None:
    assert 1 <= len(flow.train(10_000, seed=0, seconds=0.2).losses) < 50


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"num_steps": 0, "seed": 0}, "num_steps is 0"),
        ({"num_steps": 1, "seed": -1}, "seed is -1"),
        ({"num_steps": 1, "seed": 0, "seconds": 0}, "seconds is 0"),
    ],
)
def test_bad_arguments(arguments: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        flow.train(**arguments)


def test_stored_weights_are_labelled_and_worth_it(clips: Any, noise: Any) -> None:
    _, label = storing.load("flow")
    assert "benchmarks/generation.py" in label.command
    assert label.day.startswith("20") and "cores" in label.machine and label.about
    assert error(flow.stored().network, clips, noise) < 0.7 * error(
        velocity_network(), clips, noise
    )
