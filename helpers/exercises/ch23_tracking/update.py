"""Exercise of chapter 23: a Kalman filter's correction by a measurement."""

import numpy as np

from helpers import tracking
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch23_tracking.arrays import draw_covariance, is_covariance


def expected_spread(covariance, observation, noise):
    return observation @ covariance @ observation.T + noise


def right_gain(covariance, observation, noise):
    spread = expected_spread(covariance, observation, noise)
    return covariance @ observation.T @ np.linalg.inv(spread)


def corrected(mean, covariance, measurement, observation, gain):
    """With some gain, and the covariance that is right for the right gain."""
    new_mean = mean + gain @ (measurement - observation @ mean)
    return new_mean, covariance - gain @ observation @ covariance


def without_measurement_noise(mean, covariance, measurement, observation, measurement_noise):
    spread = expected_spread(covariance, observation, 0)
    gain = covariance @ observation.T @ np.linalg.pinv(spread)
    return corrected(mean, covariance, measurement, observation, gain)


def half_way(mean, covariance, measurement, observation, measurement_noise):
    gain = observation.T / 2
    return corrected(mean, covariance, measurement, observation, gain)


def without_gain(mean, covariance, measurement, observation, measurement_noise):
    gain = right_gain(covariance, observation, measurement_noise)
    _, new_covariance = corrected(mean, covariance, measurement, observation, gain)
    return mean + observation.T @ (measurement - observation @ mean), new_covariance


def away_from_the_measurement(mean, covariance, measurement, observation, measurement_noise):
    gain = right_gain(covariance, observation, measurement_noise)
    _, new_covariance = corrected(mean, covariance, measurement, observation, gain)
    return mean + gain @ (observation @ mean - measurement), new_covariance


def adds_the_measurement(mean, covariance, measurement, observation, measurement_noise):
    gain = right_gain(covariance, observation, measurement_noise)
    _, new_covariance = corrected(mean, covariance, measurement, observation, gain)
    return mean + gain @ measurement, new_covariance


def covariance_stays(mean, covariance, measurement, observation, measurement_noise):
    gain = right_gain(covariance, observation, measurement_noise)
    new_mean, _ = corrected(mean, covariance, measurement, observation, gain)
    return new_mean, covariance.astype(float)


def covariance_grows(mean, covariance, measurement, observation, measurement_noise):
    gain = right_gain(covariance, observation, measurement_noise)
    new_mean, _ = corrected(mean, covariance, measurement, observation, gain)
    return new_mean, covariance + gain @ observation @ covariance


def half_of_josephs_form(mean, covariance, measurement, observation, measurement_noise):
    gain = right_gain(covariance, observation, measurement_noise)
    new_mean, _ = corrected(mean, covariance, measurement, observation, gain)
    left = np.eye(len(mean)) - gain @ observation
    return new_mean, left @ covariance @ left.T


def the_other_weight(mean, covariance, measurement, observation, measurement_noise):
    spread = expected_spread(covariance, observation, measurement_noise)
    gain = observation.T @ measurement_noise @ np.linalg.inv(spread)
    return corrected(mean, covariance, measurement, observation, gain)


def weight_of_the_noise_alone(mean, covariance, measurement, observation, measurement_noise):
    gain = covariance @ observation.T @ np.linalg.inv(measurement_noise)
    return corrected(mean, covariance, measurement, observation, gain)


def measured_entries_only(mean, covariance, measurement, observation, measurement_noise):
    spread = expected_spread(covariance, observation, measurement_noise)
    in_measurement = observation @ covariance @ observation.T @ np.linalg.inv(spread)
    return corrected(mean, covariance, measurement, observation, observation.T @ in_measurement)


def divided_entry_by_entry(mean, covariance, measurement, observation, measurement_noise):
    spread = expected_spread(covariance, observation, measurement_noise)
    gain = covariance @ observation.T / np.diagonal(spread)
    return corrected(mean, covariance, measurement, observation, gain)


def gain_of_the_new_covariance(mean, covariance, measurement, observation, measurement_noise):
    gain = right_gain(covariance, observation, measurement_noise)
    _, new_covariance = corrected(mean, covariance, measurement, observation, gain)
    second = right_gain(new_covariance, observation, measurement_noise)
    return mean + second @ (measurement - observation @ mean), new_covariance


def draw_case(rng):
    size = int(rng.integers(1, 4))
    num_measured = int(rng.integers(1, size + 1))
    observation = np.eye(num_measured, size)
    if rng.random() < 0.5:
        observation = observation + rng.integers(-1, 2, observation.shape) / 2
    return (
        rng.integers(-9, 10, size).astype(float),
        draw_covariance(rng, size),
        rng.integers(-9, 10, num_measured).astype(float),
        observation,
        draw_covariance(rng, num_measured) / 2,
    )


def one(number):
    return np.array([[float(number)]])


CORRELATED = np.array([[2.0, 1.0], [1.0, 1.0]])
FIRST = np.array([[1.0, 0.0]])
MODEL = tracking.constant_velocity()

update = Exercise(
    reference=tracking.update,
    chapter="23_tracking",
    task=(
        "Return mean and covariance of the state after it was measured: between what was "
        "expected and what was measured, nearer to what is surer."
    ),
    minutes=10,
    difficulty=3,
    points=4,
    cases=[
        Case(
            "one number, as sure as its measurement",
            (np.array([3.0]), one(1), np.array([5.0]), one(1), one(1)),
        ),
        Case(
            "one number, much surer than its measurement",
            (np.array([3.0]), one(1), np.array([5.0]), one(1), one(99)),
        ),
        Case(
            "one number, known exactly",
            (np.array([3.0]), one(0), np.array([5.0]), one(1), one(1)),
        ),
        Case(
            "one number, measured as expected",
            (np.array([3.0]), one(4), np.array([3.0]), one(1), one(1)),
        ),
        Case(
            "one number, of which twice is measured",
            (np.array([3.0]), one(4), np.array([10.0]), one(2), one(1)),
        ),
        Case(
            "the position is measured, the velocity has nothing to do with it",
            (np.array([7.0, 2.0]), np.eye(2), np.array([9.0]), FIRST, one(1)),
        ),
        Case(
            "the position is measured, and tells about the velocity",
            (np.array([7.0, 2.0]), CORRELATED, np.array([9.0]), FIRST, one(2)),
        ),
        Case(
            "two measurements whose errors go together",
            (
                np.array([7.0, 2.0]),
                CORRELATED,
                np.array([9.0, 4.0]),
                np.eye(2),
                np.array([[2.0, 1.0], [1.0, 3.0]]),
            ),
        ),
        Case(
            "two measurements of one number",
            (
                np.array([3.0]),
                one(4),
                np.array([5.0, 1.0]),
                np.ones((2, 1)),
                np.diag([1.0, 2.0]),
            ),
        ),
        Case(
            "whole numbers",
            (
                np.array([7, 2]),
                np.array([[2, 1], [1, 1]]),
                np.array([9]),
                np.array([[1, 0]]),
                np.array([[2]]),
            ),
        ),
        Case(
            "a box, in SORT's model",
            (
                np.array([50.0, 40, 800, 0.5, 2, -1, 10]),
                MODEL.transition @ MODEL.initial_covariance @ MODEL.transition.T,
                np.array([54.0, 39, 820, 0.6]),
                MODEL.observation,
                MODEL.measurement_noise,
            ),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "the new covariance is symmetric, and no variance is negative",
            lambda args, got: is_covariance(got[1]),
        ),
        Property(
            "a measurement never makes it less sure",
            lambda args, got: bool(np.all(np.diagonal(got[1]) <= np.diagonal(args[1]) + 1e-6)),
        ),
        Property(
            "a state that is measured as expected does not move",
            lambda args, got: (
                not np.allclose(args[2], args[3] @ args[0]) or np.allclose(got[0], args[0])
            ),
        ),
    ],
    hints=(
        "First with one number: the variance of what is expected is P, that of the measurement "
        "R. By what share of the way do you go to the measurement? By which share does the "
        "variance shrink?",
        "With one number the share is P / (P + R). With matrices: the measurement should be "
        "`observation @ mean`, and differs from it with the covariance S = `observation @ "
        "covariance @ observation.T + measurement_noise`. The gain, (n, m), is `covariance @ "
        "observation.T` times the inverse of S, and tells how each entry of the state answers to "
        "each measurement.",
        "`gain = covariance @ observation.T @ np.linalg.inv(S)`; the mean is `mean + gain @ "
        "(measurement - observation @ mean)`, the covariance `(np.eye(len(mean)) - gain @ "
        "observation) @ covariance`.",
    ),
    misconceptions=[
        Misconception(
            "it forgets the measurement noise",
            without_measurement_noise,
            "Then each measurement is believed to the last digit, and its noise is passed on. "
            "Add `measurement_noise` to the covariance of the difference.",
        ),
        Misconception(
            "it goes half of the way",
            half_way,
            "The gain is 1/2 only where both are equally sure. It depends on `covariance` and "
            "`measurement_noise`.",
        ),
        Misconception(
            "the mean jumps to the measurement",
            without_gain,
            "The covariance is right. The mean goes only a part of the way: multiply the "
            "difference by the gain.",
        ),
        Misconception(
            "the mean moves away from the measurement",
            away_from_the_measurement,
            "The difference is `measurement - observation @ mean`, not the other way round.",
        ),
        Misconception(
            "it adds the measurement, not the difference",
            adds_the_measurement,
            "What was expected must be taken away first: `measurement - observation @ mean`.",
        ),
        Misconception(
            "the covariance stays",
            covariance_stays,
            "The mean is right. But a measurement makes surer: without that the gain never falls.",
        ),
        Misconception(
            "the covariance grows",
            covariance_grows,
            "A measurement makes surer, so `gain @ observation @ covariance` is taken away.",
        ),
        Misconception(
            "it forgets the second half of Joseph's form",
            half_of_josephs_form,
            "`(I - gain @ observation) @ covariance @ (I - gain @ observation).T` needs `+ gain @ "
            "measurement_noise @ gain.T`. The short form has the left factor only.",
        ),
        Misconception(
            "it gives the measurement the weight of the prediction",
            the_other_weight,
            "The share of the way to the measurement is P / (P + R), not R / (P + R): the less "
            "sure the prediction, the further it goes.",
        ),
        Misconception(
            "it divides by the measurement noise alone",
            weight_of_the_noise_alone,
            "P / R may be above 1, and then it goes beyond the measurement. It is P / (P + R).",
        ),
        Misconception(
            "it corrects only what is measured",
            measured_entries_only,
            "A position tells about the velocity, by their covariance: this is how a tracker "
            "learns velocities that it never sees. The gain begins with `covariance @ "
            "observation.T`.",
        ),
        Misconception(
            "it divides by the variances alone",
            divided_entry_by_entry,
            "When several numbers are measured, their differences go together. Multiply by the "
            "inverse of the whole matrix: `np.linalg.inv`, or `np.linalg.solve`.",
        ),
        Misconception(
            "the gain comes from the new covariance",
            gain_of_the_new_covariance,
            "Both come from the covariance before the measurement. Otherwise the measurement "
            "counts as if it were less sure than it is.",
        ),
    ],
)
