from typing import Any

import numpy as np
import pytest

from helpers import tracking


def draw_covariance(rng: np.random.Generator, size: int) -> np.ndarray:
    root = rng.normal(size=(size, size))
    return root @ root.T + 0.1 * np.eye(size)


def all_at_once(
    mean: np.ndarray,
    covariance: np.ndarray,
    measurements: list[np.ndarray],
    transition: np.ndarray,
    process_noise: np.ndarray,
    observation: np.ndarray,
    measurement_noise: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted least squares over the states of all steps together; those of the last.

    The first state is near the mean, each state near the one before moved on, and each
    measurement near what its state would give: every distance squared and weighted.
    """
    size, steps = len(mean), len(measurements)
    information, right = np.zeros((size * steps,) * 2), np.zeros(size * steps)

    def add(factor: np.ndarray, target: np.ndarray, noise: np.ndarray) -> None:
        nonlocal information, right
        weight = np.linalg.inv(noise)
        information = information + factor.T @ weight @ factor
        right = right + factor.T @ weight @ target

    def block(step: int) -> np.ndarray:
        return np.eye(size * steps)[step * size : (step + 1) * size]

    add(block(0), mean, covariance)
    for step, measurement in enumerate(measurements):
        add(observation @ block(step), measurement, measurement_noise)
        if step:
            add(block(step) - transition @ block(step - 1), np.zeros(size), process_noise)
    return np.linalg.solve(information, right)[-size:], np.linalg.inv(information)[
        -size:, -size:
    ]


def test_a_run_is_least_squares_over_all_states() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        size, steps = int(rng.integers(1, 5)), int(rng.integers(1, 6))
        num_measured = int(rng.integers(1, size + 2))
        mean, covariance = rng.normal(size=size), draw_covariance(rng, size)
        transition = rng.normal(size=(size, size))
        observation = rng.normal(size=(num_measured, size))
        process_noise = draw_covariance(rng, size)
        measurement_noise = draw_covariance(rng, num_measured)
        measurements = list(rng.normal(size=(steps, num_measured)))
        expected = all_at_once(
            mean,
            covariance,
            measurements,
            transition,
            process_noise,
            observation,
            measurement_noise,
        )
        for step, measurement in enumerate(measurements):
            if step:
                mean, covariance = tracking.predict(mean, covariance, transition, process_noise)
            mean, covariance = tracking.update(
                mean, covariance, measurement, observation, measurement_noise
            )
        np.testing.assert_allclose(mean, expected[0], rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(covariance, expected[1], rtol=1e-6, atol=1e-8)


def test_update_is_the_normal_distribution_given_a_part_of_it() -> None:
    """State and measurement are jointly normal; the textbook's conditional distribution."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        covariance, noise = draw_covariance(rng, 3), draw_covariance(rng, 2)
        mean, observation, measurement = (rng.normal(size=s) for s in (3, (2, 3), 2))
        cross = covariance @ observation.T
        inverse = np.linalg.inv(observation @ cross + noise)
        got = tracking.update(mean, covariance, measurement, observation, noise)
        np.testing.assert_allclose(
            got[0], mean + cross @ inverse @ (measurement - observation @ mean)
        )
        np.testing.assert_allclose(got[1], covariance - cross @ inverse @ cross.T, atol=1e-12)


def test_by_hand() -> None:
    # P = 4 and R = 1: the gain is 4/5 of the way from 10 to 15, and 1/5 of the variance stays.
    one = np.eye(1)
    mean, covariance = tracking.update(np.array([10]), 4 * one, np.array([15]), one, one)
    assert mean.tolist() == [14] and covariance == pytest.approx(np.array([[0.8]]))
    # Then a step that adds a variance of 0.2.
    mean, covariance = tracking.predict(mean, covariance, 2 * one, 0.2 * one)
    assert mean.tolist() == [28] and covariance == pytest.approx(np.array([[3.4]]))


def test_rounding_leaves_a_variance_above_0() -> None:
    """The gain is 1 to the last bit, and 1 less the gain is 0; the variance is the noise's."""
    one = np.eye(1)
    _, covariance = tracking.update(np.zeros(1), 1e12 * one, np.ones(1), one, 1e-8 * one)
    assert covariance == pytest.approx(np.array([[1e-8]]))


def test_whole_numbers_and_the_arguments_stay() -> None:
    mean, covariance = np.array([5, 2]), np.array([[2, 1], [1, 1]])
    got = tracking.predict(mean, covariance, np.array([[1, 1], [0, 1]]), np.eye(2, dtype=int))
    assert [each.dtype for each in got] == [np.float64] * 2
    assert got[0].tolist() == [7, 2] and got[1].tolist() == [[6, 2], [2, 2]]
    got = tracking.update(mean, covariance, np.array([9]), np.array([[1, 0]]), np.array([[2]]))
    assert [each.dtype for each in got] == [np.float64] * 2
    assert mean.tolist() == [5, 2] and covariance.tolist() == [[2, 1], [1, 1]]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"mean": [1, 2]}, TypeError, "mean is a list, but it must be a NumPy array"),
        ({"mean": np.eye(2)}, ValueError, r"mean has the shape \(2, 2\).*one axis"),
        ({"mean": np.array([np.nan, 0])}, ValueError, "mean .* finite"),
        ({"covariance": np.eye(3)}, ValueError, r"covariance has .*must be \(2, 2\)"),
        ({"covariance": np.array([[1, 2], [0, 1]])}, ValueError, "covariance is not symmetric"),
        ({"covariance": np.diag([1, -1])}, ValueError, "covariance has -1 on its diagonal"),
    ],
)
def test_malformed_state(change: dict[str, Any], error: type, message: str) -> None:
    state = {"mean": np.zeros(2), "covariance": np.eye(2)} | change
    with pytest.raises(error, match=message):
        tracking.predict(**state, transition=np.eye(2), process_noise=np.eye(2))
    with pytest.raises(error, match=message):
        tracking.update(
            **state,
            measurement=np.zeros(1),
            observation=np.ones((1, 2)),
            measurement_noise=np.eye(1),
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measurement": np.zeros((1, 1))}, "measurement has the shape"),
        ({"observation": np.eye(2)}, r"observation has the shape \(2, 2\).*\(1, 2\)"),
        ({"measurement_noise": np.eye(2)}, r"measurement_noise .*\(1, 1\)"),
        ({"measurement_noise": np.zeros((1, 1))}, "a variance in measurement_noise is 0.0"),
    ],
)
def test_malformed_measurement(change: dict[str, Any], message: str) -> None:
    measured = {
        "measurement": np.zeros(1),
        "observation": np.ones((1, 2)),
        "measurement_noise": np.eye(1),
    } | change
    with pytest.raises(ValueError, match=message):
        tracking.update(np.zeros(2), np.eye(2), **measured)


def test_malformed_step() -> None:
    with pytest.raises(ValueError, match=r"transition has the shape \(1, 1\)"):
        tracking.predict(np.zeros(2), np.eye(2), np.eye(1), np.eye(2))
    with pytest.raises(ValueError, match="process_noise is not symmetric"):
        tracking.predict(np.zeros(2), np.eye(2), np.eye(2), np.triu(np.ones((2, 2))))
