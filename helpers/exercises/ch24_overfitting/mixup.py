"""Exercise of chapter 24: blends of two samples and of their targets."""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def wide(share, x):
    """The shares, with as many axes as x."""
    return np.broadcast_to(share, len(x)).reshape(-1, *[1] * (x.ndim - 1))


def blend(x, other, share):
    """In float64, so that a mistake is recognised in float32 too."""
    return wide(share, x) * x.astype(float) + (1 - wide(share, x)) * other


def targets_as_they_were(x, y, partner, share):
    return blend(x, x[partner], share), y.astype(float)


def samples_as_they_were(x, y, partner, share):
    return x.astype(float), blend(y, y[partner], share)


def target_of_the_larger_share(x, y, partner, share):
    larger = wide(share, y) >= 0.5
    return blend(x, x[partner], share), np.where(larger, y, y[partner]).astype(float)


def share_on_the_partner(x, y, partner, share):
    return blend(x[partner], x, share), blend(y[partner], y, share)


def targets_with_the_share_on_the_partner(x, y, partner, share):
    return blend(x, x[partner], share), blend(y[partner], y, share)


def another_permutation_for_the_targets(x, y, partner, share):
    return blend(x, x[partner], share), blend(y, y[np.argsort(partner)], share)


def scattered(x, y, partner, share):
    """Sample i goes to its partner, and does not get from it."""
    back = np.argsort(partner)
    return blend(x, x[back], share), blend(y, y[back], share)


def the_batch_reversed(x, y, partner, share):
    return blend(x, x[::-1], share), blend(y, y[::-1], share)


def the_neighbour(x, y, partner, share):
    return blend(x, np.roll(x, 1, axis=0), share), blend(y, np.roll(y, 1, axis=0), share)


def back_to_whole_numbers(x, y, partner, share):
    blended = blend(x, x[partner], share).astype(x.dtype)
    return blended.astype(float), blend(y, y[partner], share)


def as_bytes(x, y, partner, share):
    return blend(x, x[partner], share).astype(x.dtype), blend(y, y[partner], share)


def difference_in_bytes(x, y, partner, share):
    blended = x + (1 - wide(share, x)) * (x[partner] - x)
    return blended.astype(float), blend(y, y[partner], share)


def one_share_for_all(x, y, partner, share):
    first = np.ravel(share)[0]
    return blend(x, x[partner], first), blend(y, y[partner], first)


def the_mean_share(x, y, partner, share):
    return blend(x, x[partner], np.mean(share)), blend(y, y[partner], np.mean(share))


def half_of_each(x, y, partner, share):
    return blend(x, x[partner], 0.5), blend(y, y[partner], 0.5)


def the_larger_share_first(x, y, partner, share):
    share = np.maximum(share, 1 - np.asarray(share))
    return blend(x, x[partner], share), blend(y, y[partner], share)


def share_along_the_last_axis(x, y, partner, share):
    share, x, y = np.asarray(share), x.astype(float), y.astype(float)
    blended = share * x + (1 - share) * x[partner]
    return blended, share * y + (1 - share) * y[partner]


def share_of_four_axes(x, y, partner, share):
    four = np.broadcast_to(share, len(x)).reshape(-1, 1, 1, 1)
    blended = four * x.astype(float) + (1 - four) * x[partner]
    return blended, blend(y, y[partner], share)


def in_place(x, y, partner, share):
    x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
    other_x, other_y = x[partner], y[partner]
    x *= wide(share, x)
    y *= wide(share, y)
    x += (1 - wide(share, x)) * other_x
    y += (1 - wide(share, y)) * other_y
    return x, y


def in_float64(x, y, partner, share):
    x, y = x.astype(float), y.astype(float)
    return tuple(wide(share, a) * a + (1 - wide(share, a)) * a[partner] for a in (x, y))


def one_after_the_other(x, y, partner, share):
    x, y = x.astype(float), y.astype(float)
    shares = np.broadcast_to(share, len(x))
    for i, j in enumerate(partner):
        x[i] = shares[i] * x[i] + (1 - shares[i]) * x[j]
        y[i] = shares[i] * y[i] + (1 - shares[i]) * y[j]
    return x, y


def adds_all_of_the_partner(x, y, partner, share):
    x, y = x.astype(float), y.astype(float)
    return wide(share, x) * x + x[partner], wide(share, y) * y + y[partner]


def samples_alone(x, y, partner, share):
    return blend(x, x[partner], share)


def draw_batch(rng):
    batch = int(rng.integers(1, 5))
    shape = (batch, *(int(n) for n in rng.integers(1, 4, int(rng.choice([1, 2, 4])))))
    if rng.random() < 0.5:
        x = rng.integers(0, 256, shape).astype(np.uint8)
    else:
        x = np.round(rng.normal(size=shape), 1).astype(np.float32)
    y = np.eye(3, dtype=np.float32)[rng.integers(0, 3, batch)]
    share = np.round(rng.random(batch), 2)
    return x, y, rng.permutation(batch), share if rng.random() < 0.7 else float(share[0])


def pixels(*rows):
    return np.array(rows, np.uint8)


def one_hot(*labels):
    return np.eye(3, dtype=np.float32)[list(labels)]


SWAP = np.array([1, 0])
ROUND = np.array([1, 2, 0])
CLIPS = np.arange(16, dtype=np.float32).reshape(2, 2, 2, 1, 2)

mixup = Exercise(
    reference=from_scratch.mixup,
    chapter="24_overfitting",
    task=(
        "Blend each sample with its partner, `share` of itself and the rest of the partner, and "
        "the targets alike."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("a batch of one", (pixels([10, 20]), one_hot(1), np.array([0]), 0.25)),
        Case("a share of 1: nothing changes", (pixels([10], [20]), one_hot(0, 1), SWAP, 1.0)),
        Case(
            "a share of 0: the partner itself",
            (pixels([10], [20]), one_hot(0, 1), SWAP, 0.0),
        ),
        Case(
            "each its own partner",
            (pixels([10], [20]), one_hot(0, 1), np.array([0, 1]), 0.25),
        ),
        Case("a quarter of itself", (pixels([40], [80]), one_hot(0, 1), SWAP, 0.25)),
        Case("three quarters of itself", (pixels([40], [80]), one_hot(0, 1), SWAP, 0.75)),
        Case(
            "a share for each sample",
            (pixels([40], [80]), one_hot(0, 1), SWAP, np.array([0.25, 1.0])),
        ),
        Case(
            "a share for each sample, of several numbers",
            (
                pixels([40, 50, 60], [80, 70, 0]),
                one_hot(0, 1),
                SWAP,
                np.array([0.25, 0.75]),
            ),
        ),
        Case("black and white, and fractions", (pixels([0, 255]), one_hot(2), SWAP[1:], 0.5)),
        Case(
            "white and black",
            (pixels([0, 255], [255, 0]), one_hot(0, 1), SWAP, np.array([0.25, 0.5])),
        ),
        Case(
            "a result between two whole numbers",
            (pixels([1], [2]), one_hot(0, 1), SWAP, 0.5),
        ),
        Case(
            "three in a circle",
            (pixels([0], [100], [200]), one_hot(0, 1, 2), ROUND, np.array([0.5, 0.25, 0.75])),
        ),
        Case(
            "floats between 0 and 1",
            (
                np.array([[0.25], [0.75]], np.float32),
                one_hot(2, 0),
                SWAP,
                np.array([0.5, 0.75]),
            ),
        ),
        Case("two clips", (CLIPS, one_hot(0, 2), SWAP, np.array([0.25, 0.5]))),
        Case(
            "float64, and targets that are not one-hot",
            (
                np.array([[1.0, 2.0], [3.0, 5.0]]),
                np.array([[0.5, 0.25, 0.25], [0.0, 0.5, 0.5]]),
                SWAP,
                np.array([0.5, 0.25]),
            ),
        ),
    ],
    random_case=draw_batch,
    tolerance=(1e-5, 1e-4),
    properties=[
        Property(
            "the shapes stay",
            lambda args, got: (got[0].shape, got[1].shape) == (args[0].shape, args[1].shape),
        ),
        Property(
            "each row of targets has the sum that it had",
            lambda args, got: np.allclose(got[1].sum(axis=1), args[1].sum(axis=1)),
        ),
        Property(
            "no blend is above the largest number of the batch or below the smallest",
            lambda args, got: (
                (got[0] <= args[0].max() + 1e-3).all()
                and (got[0] >= args[0].min() - 1e-3).all()
            ),
        ),
    ],
    hints=(
        "Without axes it is one line: share · own + (1 − share) · other. What is the other "
        "sample of each, for all samples at once? And which shape must the shares have, so that "
        "each meets its own sample?",
        "`x[partner]` holds the partners in order. Make everything float32 first, since 8 bits "
        "have neither fractions nor negative numbers. A share for each sample needs as many axes "
        "as x, all but the first of length 1.",
        "`share = np.broadcast_to(np.asarray(share, np.float32), len(x))`, then "
        "`of_x = share.reshape(len(x), *[1] * (x.ndim - 1))` and `of_x * x + (1 - of_x) * "
        "x[partner]`; the same for y with `share[:, None]`.",
    ),
    misconceptions=[
        Misconception(
            "it does not blend the targets",
            targets_as_they_were,
            "A clip that is mostly another's is still called by its own class: that is label "
            "noise. mixup asks the network to be right in between, so the targets blend as well.",
        ),
        Misconception(
            "it does not blend the samples",
            samples_as_they_were,
            "Only the targets are blended: the network is told two classes and shown one.",
        ),
        Misconception(
            "it takes the target of the larger share",
            target_of_the_larger_share,
            "The target is blended, too, with the same share: 0.75 of one class and 0.25 of the "
            "other.",
        ),
        Misconception(
            "it gives the share to the partner",
            share_on_the_partner,
            "`share` is what a sample keeps of itself; the partner gets 1 − share.",
        ),
        Misconception(
            "its targets give the share to the partner",
            targets_with_the_share_on_the_partner,
            "The samples are right. In the targets the two are exchanged, so each blend is called "
            "by the class of which it has less.",
        ),
        Misconception(
            "it takes another permutation for the targets",
            another_permutation_for_the_targets,
            "Samples and targets must have the same partner. For two or an exchange of pairs no "
            "one notices; take `partner` for both.",
        ),
        Misconception(
            "it takes the permutation the other way round",
            scattered,
            "Sample i is blended with sample `partner[i]`: `x[partner]`. `np.argsort(partner)`, or "
            "writing to `[partner]`, gives the partners to the wrong ones.",
        ),
        Misconception(
            "it takes the reversed batch for the partners",
            the_batch_reversed,
            "`partner` has no influence, so a batch of some clips always gives the same pairs.",
        ),
        Misconception(
            "it takes the sample before for the partner",
            the_neighbour,
            "`partner` has no influence, so a batch of some clips always gives the same pairs.",
        ),
        Misconception(
            "it cuts the blends to whole numbers",
            back_to_whole_numbers,
            "Going back to uint8 on the way cuts off the fractions, which darkens a little. "
            "float32 all the way.",
        ),
        Misconception(
            "it returns the dtype of x",
            as_bytes,
            "The docstring asks for float32: uint8 cuts off the fractions, float64 doubles the "
            "memory.",
        ),
        Misconception(
            "it subtracts bytes",
            difference_in_bytes,
            "`x[partner] - x` of uint8 wraps around below 0: 40 − 80 is 216. Make float32 first.",
        ),
        Misconception(
            "it takes the first share for all",
            one_share_for_all,
            "With a share for each sample, each is blended by its own.",
        ),
        Misconception(
            "it takes the mean share for all",
            the_mean_share,
            "With a share for each sample, each is blended by its own.",
        ),
        Misconception(
            "it blends half and half",
            half_of_each,
            "`share` has no influence.",
        ),
        Misconception(
            "it gives the larger share to the sample itself",
            the_larger_share_first,
            "MixMatch does so, to keep a blend near its own label. Here the share is taken as it "
            "is.",
        ),
        Misconception(
            "its shares run along the last axis",
            share_along_the_last_axis,
            "NumPy aligns shapes from the right: (batch,) meets the channels. It fails, or worse, "
            "it does not. The shares need an axis of length 1 for each further axis of x.",
        ),
        Misconception(
            "its shares have four axes",
            share_of_four_axes,
            "(batch, 1, 1, 1) fits images. With clips it meets the frames, and where there are as "
            "many frames as clips nothing fails. Count the axes of x: `x.ndim`.",
        ),
        Misconception(
            "it changes its arguments in place",
            in_place,
            "`astype` copies, `np.asarray` does not where the dtype is right already. The caller's "
            "clips are then blended again at every epoch.",
        ),
        Misconception(
            "it returns float64",
            in_float64,
            "`astype(float)` is float64, twice the memory of a batch. The docstring asks for "
            "float32.",
        ),
        Misconception(
            "it blends one sample after the other in place",
            one_after_the_other,
            "The second sample meets a partner that is a blend already. All partners are taken as "
            "they came: `x[partner]` before anything changes.",
        ),
        Misconception(
            "it adds all of the partner",
            adds_all_of_the_partner,
            "The partner has the rest, 1 − share, so that the two shares sum to 1.",
        ),
        Misconception(
            "it returns the samples alone",
            samples_alone,
            "Both come back, blended: `return x, y`.",
        ),
    ],
)
