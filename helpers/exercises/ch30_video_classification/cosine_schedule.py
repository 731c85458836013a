"""Exercise of chapter 30: a learning rate that warms up and falls along a cosine."""

import numpy as np

from helpers import training
from helpers.course.exercise import Case, Exercise, Misconception, Property


def warm_up_or(step, num_steps, peak, warmup_steps, final, fall):
    """The right warm-up, and ``fall`` of the share of the way from the peak to the end."""
    if step < warmup_steps:
        return peak * step / warmup_steps
    return float(fall(min((step - warmup_steps) / (num_steps - warmup_steps), 1)))


def wave(share):
    return (1 + np.cos(np.pi * share)) / 2


def without_warm_up(step, num_steps, peak, warmup_steps=0, final=0.0):
    return training.cosine_schedule(step, num_steps, peak, 0, final)


def a_jump_after_the_warm_up(step, num_steps, peak, warmup_steps=0, final=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    return float(final + (peak - final) * wave(min(step / num_steps, 1)))


def ends_too_late(step, num_steps, peak, warmup_steps=0, final=0.0):
    return training.cosine_schedule(step, num_steps + warmup_steps, peak, warmup_steps, final)


def a_whole_wave(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final,
        lambda share: final + (peak - final) * wave(2 * share),
    )  # fmt: skip


def a_quarter_of_a_wave(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final,
        lambda share: final + (peak - final) * np.cos(np.pi / 2 * share),
    )  # fmt: skip


def rises_again(step, num_steps, peak, warmup_steps=0, final=0.0):
    if step < warmup_steps:
        return peak * step / warmup_steps
    share = (step - warmup_steps) / (num_steps - warmup_steps)
    return float(final + (peak - final) * wave(share))


def nothing_after_the_end(step, num_steps, peak, warmup_steps=0, final=0.0):
    if step > num_steps:
        return 0.0
    return training.cosine_schedule(step, num_steps, peak, warmup_steps, final)


def falls_to_zero(step, num_steps, peak, warmup_steps=0, final=0.0):
    return training.cosine_schedule(step, num_steps, peak, warmup_steps)


def stops_at_the_last_rate(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final, lambda share: max(peak * wave(share), final)
    )


def last_rate_on_top(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final, lambda share: final + peak * wave(share)
    )


def last_rate_as_a_share(step, num_steps, peak, warmup_steps=0, final=0.0):
    return training.cosine_schedule(step, num_steps, peak, warmup_steps, final * peak)


def not_halved(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final,
        lambda share: final + 2 * (peak - final) * wave(share),
    )  # fmt: skip


def the_bare_cosine(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final,
        lambda share: final + (peak - final) * np.cos(np.pi * share),
    )  # fmt: skip


def a_straight_line(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final,
        lambda share: final + (peak - final) * (1 - share),
    )  # fmt: skip


def begins_at_step_one(step, num_steps, peak, warmup_steps=0, final=0.0):
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    return training.cosine_schedule(step, num_steps, peak, warmup_steps, final)


def warm_up_from_the_last_rate(step, num_steps, peak, warmup_steps=0, final=0.0):
    if step < warmup_steps:
        return final + (peak - final) * step / warmup_steps
    return training.cosine_schedule(step, num_steps, peak, warmup_steps, final)


def warm_up_times_cosine(step, num_steps, peak, warmup_steps=0, final=0.0):
    warm = min(step / warmup_steps, 1) if warmup_steps else 1
    return float(warm * (final + (peak - final) * wave(min(step / num_steps, 1))))


def divides_by_no_warm_up(step, num_steps, peak, warmup_steps=0, final=0.0):
    warmup = peak * step / warmup_steps
    return min(warmup, training.cosine_schedule(step, num_steps, peak, warmup_steps, final))


def cosine_of_the_warm_up(step, num_steps, peak, warmup_steps=0, final=0.0):
    if step < warmup_steps:
        return float(peak * (1 - wave(step / warmup_steps)))
    return training.cosine_schedule(step, num_steps, peak, warmup_steps, final)


def in_degrees(step, num_steps, peak, warmup_steps=0, final=0.0):
    return warm_up_or(
        step, num_steps, peak, warmup_steps, final,
        lambda share: final + (peak - final) * (1 + np.cos(180 * share)) / 2,
    )  # fmt: skip


def whole_steps_only(step, num_steps, peak, warmup_steps=0, final=0.0):
    return training.cosine_schedule(int(step), num_steps, peak, warmup_steps, final)


def draw_schedule(rng):
    num_steps = int(rng.integers(1, 200))
    warmup_steps = int(rng.integers(0, num_steps)) if rng.random() < 0.7 else 0
    step = int(rng.integers(0, num_steps * 5 // 4 + 2))
    peak = float(rng.choice([0.01, 0.1, 0.5, 2.0]))
    final = float(rng.choice([0, 0, 0.01, 0.1])) * peak
    return step, num_steps, peak, warmup_steps, final


cosine_schedule = Exercise(
    reference=training.cosine_schedule,
    chapter="30_video_classification",
    task=(
        "Return the learning rate of a step: from 0 straight up to `peak` during the warm-up, "
        "then along half a wave of a cosine down to `final`."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("the first step, without warm-up", (0, 10, 0.1)),
        Case("the first step of a warm-up", (0, 10, 0.1, 4, 0.0)),
        Case("in the middle of the warm-up", (2, 10, 0.1, 4, 0.02)),
        Case("between two steps of the warm-up", (2.5, 10, 0.1, 4, 0.02)),
        Case("between two steps on the way down", (5.5, 10, 0.1, 4, 0.02)),
        Case("the end of the warm-up", (4, 10, 0.1, 4, 0.02)),
        Case("half-way down, without warm-up", (5, 10, 0.1, 0, 0.0)),
        Case("a quarter of the way down", (25, 100, 1.0, 0, 0.0)),
        Case("half-way down, after a warm-up", (60, 110, 0.1, 10, 0.02)),
        Case("the last step", (10, 10, 0.1, 4, 0.02)),
        Case("after the end", (15, 10, 0.1, 0, 0.02)),
        Case("a training of one step", (1, 1, 0.1, 0, 0.0)),
    ],
    random_case=draw_schedule,
    properties=[
        Property("it is never above `peak`", lambda args, got: got <= args[2] * (1 + 1e-9)),
        Property("it is never below 0", lambda args, got: got >= 0),
    ],
    hints=(
        "Two pieces, so an `if`: is the step in the warm-up? There the rate is a share of "
        "`peak`. After it, work out first how much of the way from the end of the warm-up to "
        "`num_steps` is done, a number from 0 to 1.",
        "cos(π · share) goes from 1 to −1 while the share goes from 0 to 1, so "
        "(1 + cos(π · share)) / 2 goes from 1 to 0. Stretch that to go from `peak` to `final`. "
        "What is the share after the last step?",
        "`share = min((step - warmup_steps) / (num_steps - warmup_steps), 1)`, then "
        "`final + (peak - final) * (1 + np.cos(np.pi * share)) / 2`; in the warm-up, "
        "`peak * step / warmup_steps`.",
    ),
    misconceptions=[
        Misconception(
            "it has no warm-up",
            without_warm_up,
            "`warmup_steps` has no influence: the first steps, when gradients are wild and "
            "Adam's averages are empty, go at full rate.",
        ),
        Misconception(
            "it jumps down where the warm-up ends",
            a_jump_after_the_warm_up,
            "The cosine counts from step 0, so part of its fall is over when it begins. Count "
            "from the end of the warm-up: `step - warmup_steps`.",
        ),
        Misconception(
            "it ends `warmup_steps` too late",
            ends_too_late,
            "The fall takes what the warm-up leaves: `num_steps - warmup_steps`. This is the "
            "trap in Keras's `CosineDecay`, whose `decay_steps` come after the warm-up.",
        ),
        Misconception(
            "it takes a whole wave",
            a_whole_wave,
            "cos(2π · share) is back at the peak in the end. Half a wave, π · share, goes down "
            "and stays there.",
        ),
        Misconception(
            "it takes a quarter of a wave",
            a_quarter_of_a_wave,
            "cos(π/2 · share) is steepest at the end. Half a wave is flat at both ends, so that "
            "training settles.",
        ),
        Misconception(
            "it rises again after the last step",
            rises_again,
            "Beyond `num_steps` the share is above 1 and the cosine comes back up. Stop the "
            "share at 1.",
        ),
        Misconception(
            "it is 0 after the last step",
            nothing_after_the_end,
            "After `num_steps` the rate stays at `final`.",
        ),
        Misconception(
            "it always falls to 0",
            falls_to_zero,
            "`final` has no influence.",
        ),
        Misconception(
            "it falls towards 0 and stops at the last rate",
            stops_at_the_last_rate,
            "`max(..., final)` reaches `final` too early and then runs level. Let the cosine "
            "itself end there: scale it by `peak - final`.",
        ),
        Misconception(
            "it adds the last rate on top",
            last_rate_on_top,
            "It then begins at `peak + final`. Scale the wave by `peak - final` before you add.",
        ),
        Misconception(
            "it takes the last rate for a share of the peak",
            last_rate_as_a_share,
            "So does Keras's `alpha`. Here `final` is a rate itself.",
        ),
        Misconception(
            "it does not halve the wave",
            not_halved,
            "1 + cos goes from 2 to 0: without `/ 2` the training begins at nearly twice the "
            "peak.",
        ),
        Misconception(
            "it takes the bare cosine",
            the_bare_cosine,
            "A cosine goes from 1 to −1, and with it the rate below `final`, even below 0: "
            "then training climbs. It is (1 + cos) / 2.",
        ),
        Misconception(
            "it falls in a straight line",
            a_straight_line,
            "A linear decay is a good schedule, too, but not this one.",
        ),
        Misconception(
            "its warm-up is one step ahead",
            begins_at_step_one,
            "`(step + 1) / warmup_steps` avoids a first step without effect, and is common. The "
            "docstring has 0 at step 0 and the peak at step `warmup_steps`.",
        ),
        Misconception(
            "its warm-up begins at the last rate",
            warm_up_from_the_last_rate,
            "The warm-up begins at 0. `final` is where the training ends.",
        ),
        Misconception(
            "it multiplies warm-up and cosine",
            warm_up_times_cosine,
            "The cosine already falls during the warm-up, so the rate never reaches `peak`. One "
            "after the other.",
        ),
        Misconception(
            "it divides by a warm-up of 0 steps",
            divides_by_no_warm_up,
            "Without warm-up, `step / warmup_steps` is a division by 0. Ask first whether the "
            "step is in the warm-up.",
        ),
        Misconception(
            "its warm-up is a cosine, too",
            cosine_of_the_warm_up,
            "The warm-up is a straight line.",
        ),
        Misconception(
            "it takes the cosine of degrees",
            in_degrees,
            "`np.cos` takes radians: half a wave is π, not 180.",
        ),
        Misconception(
            "it rounds the step down",
            whole_steps_only,
            "The step may lie between two whole ones, 2.5 say, as for a curve on a fine grid. "
            "The formula takes it as it is.",
        ),
    ],
)
