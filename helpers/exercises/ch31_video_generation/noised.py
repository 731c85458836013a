"""Exercise of chapter 31: the forward diffusion step on the cosine schedule."""

import numpy as np

from helpers import generation
from helpers.course.exercise import Case, Exercise, Misconception, Property


def kept_at(time, offset=0.008):
    """ᾱ at each time."""
    angle = (np.append(time, 0) + offset) / (1 + offset) * np.pi / 2
    level = np.cos(angle) ** 2
    return level[:-1] / level[-1]


def wide(numbers, clips):
    return np.reshape(numbers, (-1, *[1] * (clips.ndim - 1)))


def mix(clips, noise, kept):
    kept = wide(kept, clips)
    return np.sqrt(kept) * clips + np.sqrt(np.maximum(1 - kept, 0)) * noise


def linear(clips, noise, time, offset=0.008):
    return (1 - wide(time, clips)) * clips + wide(time, clips) * noise


def kept_falls_evenly(clips, noise, time, offset=0.008):
    return mix(clips, noise, 1 - time)


def without_roots(clips, noise, time, offset=0.008):
    kept = wide(kept_at(time, offset), clips)
    return kept * clips + (1 - kept) * noise


def root_of_the_clip_alone(clips, noise, time, offset=0.008):
    kept = wide(kept_at(time, offset), clips)
    return np.sqrt(kept) * clips + (1 - kept) * noise


def root_of_the_noise_alone(clips, noise, time, offset=0.008):
    kept = wide(kept_at(time, offset), clips)
    return kept * clips + np.sqrt(1 - kept) * noise


def weights_that_sum_to_one(clips, noise, time, offset=0.008):
    share = np.sqrt(wide(kept_at(time, offset), clips))
    return share * clips + (1 - share) * noise


def clip_not_shrunk(clips, noise, time, offset=0.008):
    return clips + np.sqrt(1 - wide(kept_at(time, offset), clips)) * noise


def turned_round(clips, noise, time, offset=0.008):
    return mix(noise, clips, kept_at(time, offset))


def time_turned_round(clips, noise, time, offset=0.008):
    return mix(clips, noise, kept_at(1 - time, offset))


def cosine_not_squared(clips, noise, time, offset=0.008):
    return mix(clips, noise, np.minimum(np.sqrt(kept_at(time, offset)), 1))


def not_divided_by_the_start(clips, noise, time, offset=0.008):
    angle = (time + offset) / (1 + offset) * np.pi / 2
    return mix(clips, noise, np.cos(angle) ** 2)


def offset_ignored(clips, noise, time, offset=0.008):
    return mix(clips, noise, np.cos(time * np.pi / 2) ** 2)


def offset_as_in_the_paper_always(clips, noise, time, offset=0.008):
    return mix(clips, noise, kept_at(time, 0.008))


def beyond_the_end(clips, noise, time, offset=0.008):
    """(t + s) · π / 2, without the division by 1 + s."""
    level = np.cos((np.append(time, 0) + offset) * np.pi / 2) ** 2
    return mix(clips, noise, level[:-1] / level[-1])


def half_a_turn(clips, noise, time, offset=0.008):
    level = np.cos((np.append(time, 0) + offset) / (1 + offset) * np.pi) ** 2
    return mix(clips, noise, np.minimum(level[:-1] / level[-1], 1))


def one_time_for_all(clips, noise, time, offset=0.008):
    return mix(clips, noise, np.repeat(kept_at(time, offset)[:1], len(clips)))


def the_mean_time(clips, noise, time, offset=0.008):
    return mix(clips, noise, np.repeat(kept_at(time.mean()[None], offset), len(clips)))


def time_along_the_last_axis(clips, noise, time, offset=0.008):
    kept = kept_at(time, offset)
    return np.sqrt(kept) * clips + np.sqrt(1 - kept) * noise


def one_axis_more(clips, noise, time, offset=0.008):
    kept = kept_at(time, offset)[:, None]
    return np.sqrt(kept) * clips + np.sqrt(1 - kept) * noise


def itself_at_time_zero(clips, noise, time, offset=0.008):
    return mix(clips, noise, kept_at(time, offset)) if time.any() else clips


def five_axes_always(clips, noise, time, offset=0.008):
    kept = kept_at(time, offset).reshape(-1, 1, 1, 1, 1)
    return np.sqrt(kept) * clips + np.sqrt(1 - kept) * noise


def linear_betas(clips, noise, time, offset=0.008):
    """Ho et al.'s schedule, 1,000 steps from 0.0001 to 0.02, at the step of that time."""
    kept = np.append(1, np.cumprod(1 - np.linspace(1e-4, 0.02, 1000)))
    return mix(clips, noise, kept[np.rint(time * 1000).astype(int)])


def divided_by_the_first_clips(clips, noise, time, offset=0.008):
    """f(t) / f of the first clip's time, in place of f(0)."""
    level = np.cos((time + offset) / (1 + offset) * np.pi / 2) ** 2
    return mix(clips, noise, np.minimum(level / max(level[0], 1e-12), 1))


def the_schedule_alone(clips, noise, time, offset=0.008):
    return kept_at(time, offset)


def draw_diffusion(rng):
    shape = rng.integers(1, [4, 4, 3, 3, 3])[: rng.integers(2, 6)]
    clips, noise = np.round(rng.normal(size=(2, *shape)), 2)
    time = np.round(rng.random(shape[0]), 3)
    return clips, noise, time, float(rng.choice([0.0, 0.008, 0.1]))


ONES, TENS = np.ones((1, 2)), np.full((1, 2), 10.0)

noised = Exercise(
    reference=generation.noised,
    chapter="31_video_generation",
    task=(
        "Mix each clip with its noise as far as the cosine schedule has taken it at its time, in "
        "one step."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("time 0: the clip itself", (ONES, TENS, np.array([0.0]))),
        Case("time 1: noise alone", (ONES, TENS, np.array([1.0]))),
        Case("half-way", (ONES, TENS, np.array([0.5]))),
        Case("half-way, without noise", (ONES, 0 * TENS, np.array([0.5]))),
        Case("half-way, of a black clip", (0 * ONES, TENS, np.array([0.5]))),
        Case("the offset is 0", (ONES, TENS, np.array([0.25]), 0.0)),
        Case("a large offset", (ONES, TENS, np.array([0.25]), 0.5)),
        Case("a hundredth of the way", (ONES, TENS, np.array([0.01]))),
        Case(
            "three clips, each at its own time",
            (np.ones((3, 2)), np.full((3, 2), 10.0), np.array([0.2, 0.5, 0.9])),
        ),
        Case(
            "as many clips as numbers in each",
            (
                np.arange(4.0).reshape(2, 2),
                np.array([[1.0, -1.0], [2.0, 0.5]]),
                np.array([0.1, 0.8]),
            ),
        ),
        Case(
            "two clips of two frames with 1×2 pixels of one colour",
            (
                np.arange(8.0).reshape(2, 2, 1, 2, 1) / 4 - 1,
                np.arange(8.0)[::-1].reshape(2, 2, 1, 2, 1) / 4 - 1,
                np.array([0.3, 0.7]),
            ),
        ),
    ],
    random_case=draw_diffusion,
    tolerance=(1e-5, 1e-7),
    properties=[
        Property(
            "it has the shape of the clips", lambda args, got: np.shape(got) == args[0].shape
        ),
        Property(
            "at time 0 it is the clip",
            lambda args, got: np.allclose(np.asarray(got)[args[2] == 0], args[0][args[2] == 0]),
        ),
    ],
    demands=[
        Property(
            "it is a new array, which shares no memory with `clips` or `noise`",
            lambda args, got: not any(np.shares_memory(a, np.asarray(got)) for a in args[:2]),
        ),
    ],
    hints=(
        "How much of the clip's variance is left at time t? That is ᾱ. The noise has the rest, so "
        "that both together keep 1. The weights are the roots.",
        "f(t) = cos²((t + offset) / (1 + offset) · π / 2), and ᾱ(t) = f(t) / f(0). There is one ᾱ "
        "a clip: give it the shape (batch, 1, ..., 1), as many axes as the clips have.",
        "`kept = f(time) / f(0)`, `kept = kept.reshape(-1, *[1] * (clips.ndim - 1))`, then "
        "`np.sqrt(kept) * clips + np.sqrt(1 - kept) * noise`.",
    ),
    misconceptions=[
        Misconception(
            "it mixes along a straight line",
            linear,
            "That is flow matching's way, (1 − t) x + t n. On diffusion's the squares of the "
            "weights sum to 1, and the cosine schedule says how fast it goes.",
        ),
        Misconception(
            "its schedule is a straight line",
            kept_falls_evenly,
            "ᾱ = 1 − t. The cosine schedule changes slowly at both ends.",
        ),
        Misconception(
            "it takes no roots",
            without_roots,
            "ᾱ is a share of the variance; a weight is its root.",
        ),
        Misconception(
            "it takes the root for the clip only",
            root_of_the_clip_alone,
            "The noise's weight is a root as well: √(1 − ᾱ).",
        ),
        Misconception(
            "it takes the root for the noise only",
            root_of_the_noise_alone,
            "The clip's weight is a root as well: √ᾱ.",
        ),
        Misconception(
            "its weights sum to 1",
            weights_that_sum_to_one,
            "Their squares do: the noise has √(1 − ᾱ), not 1 − √ᾱ.",
        ),
        Misconception(
            "it does not shrink the clip",
            clip_not_shrunk,
            "Then the variance grows with the noise, as in other models; and at time 1 the clip "
            "would still be there.",
        ),
        Misconception(
            "it has clip and noise the wrong way round",
            turned_round,
            "ᾱ is what is left of the clip.",
        ),
        Misconception(
            "its time runs from noise to clip",
            time_turned_round,
            "That is the direction of sampling, and of many flow-matching papers. Here time 0 is "
            "the clip.",
        ),
        Misconception(
            "it does not square the cosine",
            cosine_not_squared,
            "f is the squared cosine, since it is a share of the variance.",
        ),
        Misconception(
            "it does not divide by f(0)",
            not_divided_by_the_start,
            "Then there is some noise at time 0 already, since the offset lies before it.",
        ),
        Misconception(
            "it ignores the offset",
            offset_ignored,
            "Without it the first steps add too little noise to learn from.",
        ),
        Misconception(
            "its offset is 0.008, whatever it is given",
            offset_as_in_the_paper_always,
            "That is the paper's, and what holds when none is given.",
        ),
        Misconception(
            "it does not divide by 1 + offset",
            beyond_the_end,
            "The cosine would pass 0 before time 1 and come back. At time 1 the angle must be a "
            "right one.",
        ),
        Misconception(
            "it goes through a half turn",
            half_a_turn,
            "The angle grows to π / 2, where the cosine is 0. At π its square is 1 again: the clip "
            "would be back.",
        ),
        Misconception(
            "it takes the first clip's time for all",
            one_time_for_all,
            "Each clip of a batch has a time of its own.",
        ),
        Misconception(
            "it takes the mean time for all",
            the_mean_time,
            "Each clip of a batch has a time of its own.",
        ),
        Misconception(
            "it lays the times along the last axis",
            time_along_the_last_axis,
            "NumPy aligns shapes at the end. The batch comes first: give ᾱ the shape "
            "(batch, 1, ..., 1).",
        ),
        Misconception(
            "it gives ᾱ one more axis, whatever the clips have",
            one_axis_more,
            "`[:, None]` is right for clips of two axes. NumPy aligns shapes at the end, so with "
            "more axes it meets the last two, not the batch. Take as many as `clips.ndim`.",
        ),
        Misconception(
            "it returns `clips` itself at time 0",
            itself_at_time_zero,
            "A caller who then changes the result changes the clips as well, but only at time 0. "
            "The contract promises a new array.",
        ),
        Misconception(
            "it gives ᾱ five axes always",
            five_axes_always,
            "That is right for clips of five axes. Take as many as `clips.ndim`.",
        ),
        Misconception(
            "it is the linear schedule of a thousand βs",
            linear_betas,
            "That is Ho et al.'s of 2020. The cosine schedule came after, since that one destroys "
            "the clip too early.",
        ),
        Misconception(
            "it divides by f at the first clip's time",
            divided_by_the_first_clips,
            "f(0) is f at time 0, not the first number of f(time).",
        ),
        Misconception(
            "it returns ᾱ",
            the_schedule_alone,
            "That is the schedule. Now mix clip and noise by it.",
        ),
    ],
    equivalent_mutants={
        "line 33: 1 -> 2": "To NumPy's reshape any negative number is the length that is left.",
    },
)
