"""Exercise of chapter 31: the R1 gradient penalty."""

import numpy as np

from helpers import generation
from helpers.course.exercise import Case, Exercise, Misconception, Property


def squares(gradients):
    """The squared length for each clip."""
    return (gradients.astype(float) ** 2).reshape(len(gradients), -1).sum(axis=1)


def without_the_half(gradients, gamma):
    return float(gamma * squares(gradients).mean())


def mean_over_all_pixels(gradients, gamma):
    return float(gamma / 2 * (gradients**2).mean())


def sum_over_the_batch(gradients, gamma):
    return float(gamma / 2 * squares(gradients).sum())


def length_not_squared(gradients, gamma):
    return float(gamma / 2 * np.sqrt(squares(gradients)).mean())


def square_of_the_mean_length(gradients, gamma):
    return float(gamma / 2 * np.sqrt(squares(gradients)).mean() ** 2)


def length_of_the_mean_gradient(gradients, gamma):
    return float(gamma / 2 * (gradients.mean(axis=0) ** 2).sum())


def towards_one(gradients, gamma):
    """WGAN-GP's, with gamma as its weight."""
    return float(gamma * ((np.sqrt(squares(gradients)) - 1) ** 2).mean())


def half_towards_one(gradients, gamma):
    return float(gamma / 2 * ((np.sqrt(squares(gradients)) - 1) ** 2).mean())


def over_the_last_axis(gradients, gamma):
    return float(gamma / 2 * (gradients**2).sum(axis=-1).mean())


def over_the_second_axis(gradients, gamma):
    return float(gamma / 2 * (gradients**2).sum(axis=1).mean())


def absolute_values(gradients, gamma):
    return float(gamma / 2 * np.abs(gradients).reshape(len(gradients), -1).sum(axis=1).mean())


def sum_then_square(gradients, gamma):
    return float(gamma / 2 * (gradients.reshape(len(gradients), -1).sum(axis=1) ** 2).mean())


def steepest_pixel(gradients, gamma):
    return float(gamma / 2 * (gradients.reshape(len(gradients), -1) ** 2).max(axis=1).mean())


def steepest_clip(gradients, gamma):
    return float(gamma / 2 * squares(gradients).max())


def gamma_squared(gradients, gamma):
    return float(gamma**2 / 2 * squares(gradients).mean())


def gamma_left_out(gradients, gamma):
    return float(squares(gradients).mean() / 2)


def a_penalty_for_each_clip(gradients, gamma):
    return gamma / 2 * squares(gradients)


def a_reward(gradients, gamma):
    return float(-gamma / 2 * squares(gradients).mean())


def draw_gradients(rng):
    shape = rng.integers(1, [4, 4, 3, 3, 3])[: rng.integers(2, 6)]
    return np.round(rng.normal(size=shape), 2), float(rng.choice([0.1, 1.0, 10.0]))


r1_penalty = Exercise(
    reference=generation.r1_penalty,
    chapter="31_video_generation",
    task=(
        "Return gamma / 2 times the mean, over the clips, of the squared length of the gradient of "
        "the discriminator's logit with respect to the clip."
    ),
    minutes=8,
    difficulty=1,
    points=3,
    cases=[
        Case("a discriminator that is flat", (np.zeros((2, 3)), 10.0)),
        Case("no penalty asked for", (np.array([[3.0, 4.0]]), 0.0)),
        Case("one clip, one number", (np.array([[3.0]]), 2.0)),
        Case("one clip of two numbers", (np.array([[3.0, 4.0]]), 10.0)),
        Case("a slope of length 1", (np.array([[0.6, 0.8]]), 10.0)),
        Case("two clips", (np.array([[3.0, 4.0], [0.0, 2.0]]), 10.0)),
        Case("two clips that pull opposite ways", (np.array([[1.0, -2.0], [-1.0, 2.0]]), 1.0)),
        Case(
            "a clip of two frames with 1×2 pixels of two colours",
            (np.array([[[[[1.0, 2.0], [0.0, -1.0]]], [[[2.0, 0.0], [1.0, 1.0]]]]]), 4.0),
        ),
        Case(
            "a clip of three frames with one pixel of two colours",
            (np.array([1.0, 2.0, 0.0, -1.0, 2.0, 1.0]).reshape(1, 3, 1, 1, 2), 2.0),
        ),
    ],
    random_case=draw_gradients,
    properties=[
        Property("it is not negative", lambda args, got: got >= 0),
    ],
    hints=(
        "The gradient of one clip is as large as the clip. Which axes belong to its length, and "
        "over which one is the mean?",
        "`gradients.reshape(len(gradients), -1)` makes a row of each clip, and the squared length "
        "of a row is the sum of its squares. No root is needed.",
        "`squared = (gradients.reshape(len(gradients), -1) ** 2).sum(axis=1)`, then "
        "`float(gamma / 2 * squared.mean())`.",
    ),
    misconceptions=[
        Misconception(
            "it leaves out the half",
            without_the_half,
            "The paper's penalty is gamma / 2: with the same gamma yours is twice as strong.",
        ),
        Misconception(
            "it takes the mean over the pixels",
            mean_over_all_pixels,
            "The length of the gradient is a sum over all pixels of all frames. With their mean "
            "the penalty of a clip of 8×24×24 is 4,608 times too weak.",
        ),
        Misconception(
            "it sums over the batch",
            sum_over_the_batch,
            "Only the pixels are summed; over the clips it is the mean, as in the loss.",
        ),
        Misconception(
            "it does not square the length",
            length_not_squared,
            "`np.linalg.norm` has taken the root. The penalty is on the squared length, whose own "
            "gradient is smooth at 0.",
        ),
        Misconception(
            "it squares the mean length",
            square_of_the_mean_length,
            "First square, then take the mean: one steep clip among flat ones must cost more.",
        ),
        Misconception(
            "it averages the gradients over the batch first",
            length_of_the_mean_gradient,
            "Gradients of different clips cancel each other. Each clip has a length of its own.",
        ),
        Misconception(
            "it pulls the length towards 1",
            towards_one,
            "That is WGAN-GP, for clips between real and fake. R1 pulls it to 0, at real ones.",
        ),
        Misconception(
            "it pulls the length towards 1, with the half",
            half_towards_one,
            "R1 pulls the length to 0: where all is real, there is nothing to tell apart.",
        ),
        Misconception(
            "it sums over the last axis alone",
            over_the_last_axis,
            "The length of a clip's gradient runs over frames, height, width and channels.",
        ),
        Misconception(
            "it sums over the axis after the batch alone",
            over_the_second_axis,
            "`axis=1` is all of a clip only where a clip is one row. Here it is the frames, and "
            "height, width and channels belong to the length, too. Reshape to (batch, -1) first.",
        ),
        Misconception(
            "it takes absolute values",
            absolute_values,
            "That is the L1 length. Here it is the L2 length, squared.",
        ),
        Misconception(
            "it sums first and squares then",
            sum_then_square,
            "Up and down would cancel each other. Square each number, then sum.",
        ),
        Misconception(
            "it takes the steepest pixel",
            steepest_pixel,
            "The length of a vector is made of all its numbers.",
        ),
        Misconception(
            "it takes the steepest clip",
            steepest_clip,
            "Over the clips it is the mean.",
        ),
        Misconception(
            "it squares gamma, too",
            gamma_squared,
            "Only the length is squared. gamma is the weight as it came.",
        ),
        Misconception(
            "it does without gamma",
            gamma_left_out,
            "Right but for the weight: how strong the penalty is is the caller's choice.",
        ),
        Misconception(
            "it returns a penalty for each clip",
            a_penalty_for_each_clip,
            "The mean over the clips is missing.",
        ),
        Misconception(
            "it rewards steepness",
            a_reward,
            "The penalty is added to a loss that goes down, so it must be positive.",
        ),
    ],
    equivalent_mutants={
        "line 21: 1 -> 2": "To NumPy's reshape any negative number is the length that is left.",
    },
)
