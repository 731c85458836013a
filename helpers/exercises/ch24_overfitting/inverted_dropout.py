"""Exercise of chapter 24: dropout, with the mask that was drawn."""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def scaled(x, kept, factor):
    """In float64, so that a mistake is recognised in float32 too."""
    return np.where(kept, x.astype(float) * factor, 0)


def scaled_at_test_time(x, kept, rate):
    return scaled(x, kept, 1)


def times_the_share_kept(x, kept, rate):
    return scaled(x, kept, 1 - rate)


def over_the_rate(x, kept, rate):
    return scaled(x, kept, 1 / np.float64(rate))


def times_one_plus_the_rate(x, kept, rate):
    return scaled(x, kept, 1 + rate)


def over_the_root(x, kept, rate):
    return scaled(x, kept, 1 / np.sqrt(1 - rate))


def over_what_this_mask_keeps(x, kept, rate):
    return scaled(x, kept, 1 / kept.mean())


def the_mask_the_other_way_round(x, kept, rate):
    return scaled(x, ~kept, 1 / (1 - rate))


def one_mask_for_the_batch(x, kept, rate):
    return scaled(x, kept[:1], 1 / (1 - rate))


def the_mask_in_rows(x, kept, rate):
    return scaled(x, np.resize(kept, x.shape), 1 / (1 - rate))


def every_number_its_own(x, kept, rate):
    return x[kept] / (1 - rate)


def in_place(x, kept, rate):
    x *= kept
    x /= 1 - rate
    return x


def in_float64(x, kept, rate):
    return x * kept.astype(float) / (1 - rate)


def itself_at_a_rate_of_zero(x, kept, rate):
    if rate == 0:
        return x
    return from_scratch.inverted_dropout(x, kept, rate)


def scales_what_is_dropped(x, kept, rate):
    return np.where(kept, x.astype(float) / (1 - rate), x)


def drops_whole_clips(x, kept, rate):
    whole = kept.all(axis=tuple(range(1, kept.ndim)), keepdims=True)
    return scaled(x, whole, 1 / (1 - rate))


def whole_numbers(x, kept, rate):
    return np.where(kept, x.astype(float) // (1 - rate), 0)


def draw_dropout(rng):
    shape = batch, num_frames, _, _, channels = tuple(
        int(n) for n in rng.integers(1, [4, 4, 3, 3, 4])
    )
    masks = (shape, (batch, 1, 1, 1, channels), (batch, num_frames, 1, 1, 1))
    rate = float(rng.choice([0, 0.2, 0.25, 0.5, 0.8]))
    kept = rng.random(masks[rng.integers(3)]) >= rate
    kept.flat[rng.integers(kept.size)] = True  # or nobody could tell one mistake from another
    return np.round(rng.normal(size=shape), 1).astype(np.float32), kept, rate


def numbers(*shape):
    """Numbers that tell their places, none of them 0."""
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


def mask(values, *shape):
    return np.array(values, bool).reshape(shape)


inverted_dropout = Exercise(
    reference=from_scratch.inverted_dropout,
    chapter="24_overfitting",
    task=(
        "Set to 0 what the mask does not keep, and scale the rest so that the expected value "
        "over many masks stays that of `x`."
    ),
    minutes=6,
    difficulty=1,
    points=2,
    cases=[
        Case("a rate of 0: all is kept", (numbers(1, 3), mask([1, 1, 1], 1, 3), 0)),
        Case("half is dropped", (numbers(1, 4), mask([1, 0, 0, 1], 1, 4), 0.5)),
        Case("a fifth is dropped", (numbers(1, 5), mask([1, 1, 0, 1, 1], 1, 5), 0.2)),
        Case(
            "chance drops more than the rate", (numbers(1, 4), mask([0, 0, 1, 0], 1, 4), 0.25)
        ),
        Case("chance drops nothing", (numbers(1, 2), mask([1, 1], 1, 2), 0.5)),
        Case("negative numbers", (-numbers(1, 3), mask([1, 0, 1], 1, 3), 0.2)),
        Case("two samples, each with its own", (numbers(2, 2), mask([1, 0, 0, 1], 2, 2), 0.5)),
        Case(
            "a channel is dropped in all frames",
            (numbers(1, 2, 1, 2, 2), mask([0, 1], 1, 1, 1, 1, 2), 0.5),
        ),
        Case(
            "two clips, each drops another channel",
            (numbers(2, 2, 1, 1, 2), mask([0, 1, 1, 0], 2, 1, 1, 1, 2), 0.5),
        ),
        Case(
            "a whole frame is dropped",
            (numbers(1, 3, 1, 2, 2), mask([1, 0, 1], 1, 3, 1, 1, 1), 0.25),
        ),
        Case(
            "a whole clip is dropped: stochastic depth",
            (numbers(2, 2, 1, 1, 2), mask([0, 1], 2, 1, 1, 1, 1), 0.2),
        ),
        Case("float32", (numbers(1, 3).astype(np.float32), mask([1, 0, 1], 1, 3), 0.25)),
    ],
    random_case=draw_dropout,
    properties=[
        Property("the shape stays", lambda args, got: got.shape == args[0].shape),
        Property(
            "what is dropped is 0",
            lambda args, got: not got[np.broadcast_to(~args[1], got.shape)].any(),
        ),
        Property(
            "what is kept does not shrink",
            lambda args, got: (np.abs(got) >= np.abs(args[0]) * args[1] - 1e-6).all(),
        ),
    ],
    demands=[
        Property(
            "it is a new array, which shares no memory with `x`",
            lambda args, got: not np.shares_memory(args[0], np.asarray(got)),
        ),
    ],
    hints=(
        "A number is kept with the probability 1 − rate and is 0 otherwise. What is its mean "
        "over many masks, if nothing is scaled? What must it be multiplied with, to come out as "
        "itself?",
        "Divide what is kept by 1 − rate. NumPy stretches the axes of length 1 of the mask by "
        "itself, in `x * kept` or in `np.where(kept, ..., ...)`. Watch the dtype.",
        "`np.where(kept, x / (1 - rate), 0)`: a new array, of the dtype of `x`, since plain "
        "numbers of Python do not widen float32.",
    ),
    misconceptions=[
        Misconception(
            "it does not scale",
            scaled_at_test_time,
            "So did the first dropout, which multiplied by 1 − rate at test time instead. "
            "Inverted dropout scales in training, so that a trained network runs as it is.",
        ),
        Misconception(
            "it multiplies by the share kept",
            times_the_share_kept,
            "That is the factor of the old dropout at test time. In training what is kept must "
            "grow, to make up for what is dropped: divide by 1 − rate.",
        ),
        Misconception(
            "it divides by the rate",
            over_the_rate,
            "`rate` is the probability of being dropped, 1 − rate that of being kept. Only at "
            "0.5 are they the same. (TensorFlow 1 had `keep_prob`, the other one.)",
        ),
        Misconception(
            "it multiplies by 1 + rate",
            times_one_plus_the_rate,
            "1 + rate is near 1 / (1 − rate) for small rates only: at 0.5 it is 1.5 instead of 2.",
        ),
        Misconception(
            "it divides by the root of the share kept",
            over_the_root,
            "That keeps the mean square. Dropout keeps the mean: divide by 1 − rate itself.",
        ),
        Misconception(
            "it divides by the share that this mask keeps",
            over_what_this_mask_keeps,
            "What one mask keeps varies by chance, and a factor that follows it makes each number "
            "depend on its neighbours' luck. Divide by the probability, 1 − rate.",
        ),
        Misconception(
            "it drops what the mask keeps",
            the_mask_the_other_way_round,
            "True is what stays.",
        ),
        Misconception(
            "it takes the first sample's mask for all",
            one_mask_for_the_batch,
            "Each sample has its own mask. With one for the whole batch, the gradients of a step "
            "all come from the same thinned network.",
        ),
        Misconception(
            "it repeats the mask number after number",
            the_mask_in_rows,
            "`np.resize` fills the shape in the order of memory. An axis of length 1 stands for "
            "the whole axis of `x`: let NumPy broadcast it.",
        ),
        Misconception(
            "it picks out what is kept",
            every_number_its_own,
            "`x[kept]` is one row of the numbers that are left, and fails where the mask is to be "
            "broadcast. The shape stays; what is dropped becomes 0.",
        ),
        Misconception(
            "it changes `x` in place",
            in_place,
            "The caller still needs `x`: on a residual network, the other branch is that very "
            "array. Make a new one.",
        ),
        Misconception(
            "it returns float64",
            in_float64,
            "`kept.astype(float)` is float64, and makes everything that it touches so. A mask of "
            "booleans does not.",
        ),
        Misconception(
            "it returns `x` itself at a rate of 0",
            itself_at_a_rate_of_zero,
            "A caller who then changes the result changes `x` as well, but only at a rate of 0. "
            "The contract promises a new array.",
        ),
        Misconception(
            "it leaves what is dropped as it is",
            scales_what_is_dropped,
            "What is dropped becomes 0: the network must do without it.",
        ),
        Misconception(
            "it drops every sample that lacks anything",
            drops_whole_clips,
            "One False in a sample's mask is one number, channel or frame, not the whole sample.",
        ),
        Misconception(
            "it divides without a remainder",
            whole_numbers,
            "`//` rounds down. These are floats: `/`.",
        ),
    ],
)
