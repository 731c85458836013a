"""Exercise of chapter 31: spherical interpolation of latents."""

import numpy as np

from helpers import generation
from helpers.course.exercise import Case, Exercise, Misconception, Property


def column(shares):
    return np.asarray(shares, float)[:, None]


def angle_of(first, second):
    cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second))
    return np.arccos(np.clip(cosine, -1, 1))


def along_the_arc(first, second, shares, angle):
    """With the straight line where the angle is none."""
    if np.abs(np.sin(angle)) < 1e-6:
        return straight(first, second, shares)
    s = column(shares)
    return (np.sin((1 - s) * angle) * first + np.sin(s * angle) * second) / np.sin(angle)


def straight(first, second, shares):
    return (1 - column(shares)) * first + column(shares) * second


def straight_then_to_the_length(first, second, shares):
    line = straight(first, second, shares)
    lengths = straight(np.linalg.norm(first), np.linalg.norm(second), shares)
    return line / np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-12) * lengths


def of_length_one(first, second, shares):
    first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
    return along_the_arc(first, second, shares, angle_of(first, second))


def the_length_of_the_first(first, second, shares):
    length = np.linalg.norm(first)
    return of_length_one(first, second, shares) * length


def the_other_way(first, second, shares):
    return along_the_arc(second, first, shares, angle_of(first, second))


def the_arc_the_other_way(first, second, shares):
    angle = angle_of(first, second)
    if np.sin(angle) < 1e-6:
        return straight(first, second, shares)
    return along_the_arc(second, first, shares, angle)


def straight_too_early(first, second, shares):
    angle = angle_of(first, second)
    if np.sin(angle) < 1e-3:
        return straight(first, second, shares)
    return along_the_arc(first, second, shares, angle)


def no_straight_line(first, second, shares):
    angle, s = angle_of(first, second), column(shares)
    return (np.sin((1 - s) * angle) * first + np.sin(s * angle) * second) / np.sin(angle)


def first_for_equal_ways(first, second, shares):
    angle = angle_of(first, second)
    if np.sin(angle) < 1e-6:
        return np.repeat(first[None], len(shares), axis=0)
    return along_the_arc(first, second, shares, angle)


def in_degrees(first, second, shares):
    return along_the_arc(first, second, shares, np.degrees(angle_of(first, second)))


def in_degrees_unless_below_zero(first, second, shares):
    angle = np.degrees(angle_of(first, second))
    if np.sin(angle) < 1e-6:
        return straight(first, second, shares)
    return along_the_arc(first, second, shares, angle)


def in_degrees_on_the_arc(first, second, shares):
    if np.sin(angle_of(first, second)) < 1e-6:
        return straight(first, second, shares)
    return in_degrees(first, second, shares)


def without_the_division(first, second, shares):
    angle, s = angle_of(first, second), column(shares)
    return np.sin((1 - s) * angle) * first + np.sin(s * angle) * second


def a_right_angle_always(first, second, shares):
    return along_the_arc(first, second, shares, np.pi / 2)


def the_cosine_for_the_angle(first, second, shares):
    cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second))
    return along_the_arc(first, second, shares, cosine)


def lengths_left_in_the_cosine(first, second, shares):
    return along_the_arc(first, second, shares, np.arccos(np.clip(first @ second, -1, 1)))


def one_sine(first, second, shares):
    """The weights sum to 1, as on a straight line."""
    angle = angle_of(first, second)
    if np.sin(angle) < 1e-6:
        return straight(first, second, shares)
    part = np.sin(column(shares) * angle) / np.sin(angle)
    return (1 - part) * first + part * second


def a_row_for_each_dimension(first, second, shares):
    return generation.interpolate(first, second, shares).T


def number_by_number(first, second, shares):
    """Of each dimension by itself: the angle is 0 or π."""
    return straight(np.abs(first), np.abs(second), shares) * np.sign(first)


def smooth_start_and_end(first, second, shares):
    s = column(shares)
    return generation.interpolate(first, second, (s * s * (3 - 2 * s)).ravel())


def draw_latents(rng):
    size = int(rng.integers(2, 7))
    first, second = np.round(rng.normal(size=(2, size)), 2) + 0.005
    return first, second, np.linspace(0, 1, int(rng.integers(1, 6)))


def lengths_alike(args):
    first, second = args[:2]
    same = np.isclose(np.linalg.norm(first), np.linalg.norm(second))
    return same and np.sin(angle_of(first, second)) > 0.1


HALVES = np.array([0.0, 0.5, 1.0])
QUARTERS = np.linspace(0, 1, 5)

interpolate = Exercise(
    reference=generation.interpolate,
    chapter="31_video_generation",
    task="Interpolate between two latent vectors along an arc, at each of the shares of the way.",
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case(
            "twice the same vector",
            (np.array([1.0, 2.0, 2.0]), np.array([1.0, 2.0, 2.0]), HALVES),
        ),
        Case(
            "vectors of which rounding takes the cosine beyond 1",
            (np.array([0.9, 0.6]), np.array([2.7, 1.8]), HALVES),
        ),
        Case(
            "vectors of which rounding takes the cosine below -1",
            (np.array([0.9, 0.6]), np.array([-2.7, -1.8]), HALVES),
        ),
        Case(
            "the same way, but longer", (np.array([1.0, 0.0]), np.array([3.0, 0.0]), QUARTERS)
        ),
        Case("opposite ways", (np.array([1.0, 0.0]), np.array([-1.0, 0.0]), QUARTERS)),
        Case("all but opposite ways", (np.array([1.0, 0.0]), np.array([-1.0, 1e-4]), QUARTERS)),
        Case("half-way alone", (np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.5]))),
        Case("only the end", (np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([1.0]))),
        Case("a right angle", (np.array([2.0, 0.0]), np.array([0.0, 2.0]), QUARTERS)),
        Case("an acute angle", (np.array([1.0, 0.0]), np.array([0.6, 0.8]), QUARTERS)),
        Case("an obtuse angle", (np.array([1.0, 0.0]), np.array([-0.8, 0.6]), QUARTERS)),
        Case("lengths 1 and 3", (np.array([1.0, 0.0]), np.array([1.8, 2.4]), QUARTERS)),
        Case(
            "three dimensions",
            (np.array([1.0, -2.0, 2.0]), np.array([-2.0, 1.0, 2.0]), QUARTERS),
        ),
    ],
    random_case=draw_latents,
    tolerance=(1e-5, 1e-7),
    properties=[
        Property(
            "vectors of one length keep it all the way",
            lambda args, got: (
                np.shape(got) != (len(args[2]), len(args[0]))  # which is said already
                or not lengths_alike(args)
                or np.allclose(np.linalg.norm(got, axis=1), np.linalg.norm(args[0]))
            ),
        ),
    ],
    hints=(
        "What is the length of the point half-way between (2, 0) and (0, 2), on the straight line "
        "and on the arc?",
        "The cosine of the angle is the dot product divided by both lengths; keep it within −1 and "
        "1 before `np.arccos`. `shares[:, None]` makes a row of each share. Where the sine of the "
        "angle is about 0, the formula divides by it: take the straight line there.",
        "`angle = np.arccos(np.clip(cosine, -1, 1))`; `if np.sin(angle) < 1e-6: return "
        "(1 - s) * first + s * second`; else `(np.sin((1 - s) * angle) * first + np.sin(s * angle) "
        "* second) / np.sin(angle)`, with `s = shares[:, None]`.",
    ),
    misconceptions=[
        Misconception(
            "it takes the straight line",
            straight,
            "Half-way between two vectors at a right angle it is shorter by 29 %: a generator has "
            "hardly ever seen such latents. Go along the arc.",
        ),
        Misconception(
            "it takes the straight line and mends the length",
            straight_then_to_the_length,
            "The points lie on the arc, but not evenly: the middle of the way goes faster. And "
            "opposite vectors have no middle.",
        ),
        Misconception(
            "it makes the vectors of length 1",
            of_length_one,
            "Only the angle needs that. The result is made of the vectors as they came.",
        ),
        Misconception(
            "it keeps the length of the first",
            the_length_of_the_first,
            "At share 1 must stand the second vector, with its own length.",
        ),
        Misconception(
            "it goes from the second to the first",
            the_other_way,
            "Share 0 is the first: its weight is sin((1 − s) ω).",
        ),
        Misconception(
            "its arc goes from the second to the first",
            the_arc_the_other_way,
            "Share 0 is the first: its weight is sin((1 − s) ω). That of the second is sin(s ω).",
        ),
        Misconception(
            "it takes the straight line too early",
            straight_too_early,
            "The contract's limit is a sine of 1e-6. Vectors that point almost opposite ways still "
            "have an arc between them, while the straight line passes close to 0.",
        ),
        Misconception(
            "it divides by the sine of an angle of 0",
            no_straight_line,
            "Where both point the same way, sin(ω) is 0, or a rounding takes the cosine beyond 1 "
            "and arccos gives NaN. Keep the cosine within bounds, and take the straight line.",
        ),
        Misconception(
            "it returns the first where there is no angle",
            first_for_equal_ways,
            "Of the same way does not mean of the same length. Take the straight line.",
        ),
        Misconception(
            "its angle is in degrees",
            in_degrees,
            "`np.sin` takes radians, as `np.arccos` gives them.",
        ),
        Misconception(
            "its angle is in degrees, and where that has a negative sine, it goes straight",
            in_degrees_unless_below_zero,
            "`np.sin` takes radians, as `np.arccos` gives them: no `np.degrees`.",
        ),
        Misconception(
            "its arc is in degrees",
            in_degrees_on_the_arc,
            "`np.sin` takes radians, as `np.arccos` gives them: no `np.degrees`.",
        ),
        Misconception(
            "it does not divide by sin(ω)",
            without_the_division,
            "At share 0 the weight of the first is then sin(ω), and must be 1.",
        ),
        Misconception(
            "it takes every angle for a right one",
            a_right_angle_always,
            "Random latents of many dimensions are almost at right angles, but not these.",
        ),
        Misconception(
            "it takes the cosine for the angle",
            the_cosine_for_the_angle,
            "`np.arccos` is missing.",
        ),
        Misconception(
            "it leaves the lengths in the cosine",
            lengths_left_in_the_cosine,
            "The dot product is the cosine times both lengths: divide by them.",
        ),
        Misconception(
            "its weights sum to 1",
            one_sine,
            "That stays on the straight line. On the arc each vector has a sine of its own.",
        ),
        Misconception(
            "it has a row for each dimension",
            a_row_for_each_dimension,
            "The shape is (steps, dimensions): `shares[:, None]`.",
        ),
        Misconception(
            "it interpolates sizes and keeps the signs of the first",
            number_by_number,
            "The numbers of a vector turn together: there is one angle, between the vectors.",
        ),
        Misconception(
            "it starts and ends slowly",
            smooth_start_and_end,
            "A pleasant film, but each share must turn by the same angle.",
        ),
    ],
    equivalent_mutants={
        "line 30: sine < 1e-06 -> sine <= 1e-06": (
            "No case is sure to have a sine of exactly 1e-6: rounding decides."
        ),
    },
)
