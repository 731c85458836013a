"""Exercise of chapter 23: a Kalman filter's prediction."""

import numpy as np

from helpers import tracking
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch23_tracking.arrays import (
    POSITION_AND_VELOCITY,
    draw_covariance,
    is_covariance,
)


def without_process_noise(mean, covariance, transition, process_noise):
    return transition @ mean, transition @ covariance @ transition.T


def from_one_side(mean, covariance, transition, process_noise):
    return transition @ mean, transition @ covariance + process_noise


def transposed_first(mean, covariance, transition, process_noise):
    return transition @ mean, transition.T @ covariance @ transition + process_noise


def twice_in_a_row(mean, covariance, transition, process_noise):
    return transition @ mean, transition @ covariance @ transition + process_noise


def covariance_stays(mean, covariance, transition, process_noise):
    return transition @ mean, covariance + process_noise


def mean_stays(mean, covariance, transition, process_noise):
    return mean.astype(float), transition @ covariance @ transition.T + process_noise


def mean_from_the_left(mean, covariance, transition, process_noise):
    return mean @ transition, transition @ covariance @ transition.T + process_noise


def entry_by_entry(mean, covariance, transition, process_noise):
    return (transition * mean).sum(axis=1), transition * covariance + process_noise


def noise_before_the_step(mean, covariance, transition, process_noise):
    return transition @ mean, transition @ (covariance + process_noise) @ transition.T


def noise_squared(mean, covariance, transition, process_noise):
    noise = process_noise @ process_noise.T
    return transition @ mean, transition @ covariance @ transition.T + noise


def noise_taken_away(mean, covariance, transition, process_noise):
    return transition @ mean, transition @ covariance @ transition.T - process_noise


def noise_in_the_mean(mean, covariance, transition, process_noise):
    moved = transition @ mean + np.diagonal(process_noise)
    return moved, transition @ covariance @ transition.T + process_noise


def draw_case(rng):
    size = int(rng.integers(1, 4))
    transition = np.eye(size) + rng.integers(-2, 3, (size, size)) / 2
    mean = rng.integers(-9, 10, size).astype(float)
    return mean, draw_covariance(rng, size), transition, draw_covariance(rng, size) / 4


MODEL = tracking.constant_velocity()

predict = Exercise(
    reference=tracking.predict,
    chapter="23_tracking",
    task=(
        "Return mean and covariance of the state a step later: where it is expected, and how "
        "unsure that is."
    ),
    minutes=5,
    difficulty=1,
    points=2,
    cases=[
        Case(
            "one number that stays", (np.array([3.0]), np.eye(1), np.eye(1), np.zeros((1, 1)))
        ),
        Case(
            "one number that doubles",
            (np.array([3.0]), np.array([[2.0]]), np.array([[2.0]]), np.array([[0.5]])),
        ),
        Case(
            "a state known exactly, that may change",
            (np.array([5.0, 2.0]), np.zeros((2, 2)), np.eye(2), np.diag([1.0, 0.25])),
        ),
        Case(
            "position and velocity, nothing else changes",
            (np.array([5.0, 2.0]), np.eye(2), POSITION_AND_VELOCITY, np.zeros((2, 2))),
        ),
        Case(
            "position and velocity, both may change",
            (
                np.array([5.0, -2.0]),
                np.array([[2.0, 0.5], [0.5, 1.0]]),
                POSITION_AND_VELOCITY,
                np.array([[0.25, 0.5], [0.5, 2.0]]),
            ),
        ),
        Case(
            "two numbers that change places",
            (
                np.array([5.0, 2.0]),
                np.diag([4.0, 1.0]),
                np.array([[0.0, 1.0], [1.0, 0.0]]),
                np.eye(2),
            ),
        ),
        Case(
            "a state in whole numbers",
            (
                np.array([5, 2]),
                np.eye(2, dtype=int),
                POSITION_AND_VELOCITY.astype(float),
                np.diag([1.0, 3.0]),
            ),
        ),
        Case(
            "a box, in SORT's model",
            (
                np.array([50.0, 40, 800, 0.5, 2, -1, 10]),
                MODEL.initial_covariance,
                MODEL.transition,
                MODEL.process_noise,
            ),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property("the new covariance is symmetric", lambda args, got: is_covariance(got[1])),
        Property(
            "no noise makes it surer: the covariance has at least that of the noise",
            lambda args, got: bool(np.all(np.diagonal(got[1]) >= np.diagonal(args[3]) - 1e-6)),
        ),
    ],
    hints=(
        "The mean moves as the state does. For the covariance: if x has the covariance P, which "
        "has F x? Try it with one number, where it is a variance.",
        "The variance of 2x is 4 times that of x: the factor counts twice. For matrices it stands "
        "on both sides, once transposed. A random change that has nothing to do with the state "
        "adds its own covariance.",
        "`transition @ mean`, and `transition @ covariance @ transition.T + process_noise`.",
    ),
    misconceptions=[
        Misconception(
            "it forgets the process noise",
            without_process_noise,
            "Then the filter becomes ever surer of itself, and in the end believes no "
            "measurement. Add `process_noise`.",
        ),
        Misconception(
            "the transition counts once in the covariance",
            from_one_side,
            "The variance of 2x is 4 times that of x. Multiply from both sides: `transition @ "
            "covariance @ transition.T`.",
        ),
        Misconception(
            "the transposed matrix comes first",
            transposed_first,
            "`transition.T @ covariance @ transition` makes the velocity unsure by the position. "
            "It is the other way round: the transposed one comes last.",
        ),
        Misconception(
            "it multiplies by the transition from both sides, never transposed",
            twice_in_a_row,
            "The result is not even symmetric. The second one is transposed.",
        ),
        Misconception(
            "the covariance does not move",
            covariance_stays,
            "The noise is right, but a velocity that is unsure makes the next position unsure: "
            "`transition` acts on the covariance, too.",
        ),
        Misconception(
            "the mean does not move",
            mean_stays,
            "The covariance is right. The mean moves as the state does: `transition @ mean`.",
        ),
        Misconception(
            "it multiplies the mean from the left",
            mean_from_the_left,
            "`mean @ transition` adds the position to the velocity. Row i of `transition` says "
            "how the new entry i comes about: `transition @ mean`.",
        ),
        Misconception(
            "it multiplies the covariance entry by entry",
            entry_by_entry,
            "`*` multiplies each entry by the one at the same place. The product of matrices is "
            "`@`.",
        ),
        Misconception(
            "it adds the noise before the step",
            noise_before_the_step,
            "The noise is what comes on top of the step, so the transition does not act on it.",
        ),
        Misconception(
            "it squares the noise",
            noise_squared,
            "`process_noise` is a covariance already, not a standard deviation. Add it as it is.",
        ),
        Misconception(
            "it takes the noise away",
            noise_taken_away,
            "A random change makes the state less sure, so its covariance is added.",
        ),
        Misconception(
            "it adds the noise to the mean",
            noise_in_the_mean,
            "The mean of the random change is 0. Only the covariance grows by it.",
        ),
    ],
)
