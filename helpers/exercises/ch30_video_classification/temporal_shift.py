"""Exercise of chapter 30: channels from the neighbouring frames."""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def from_after(x, axis=1):
    """What comes next along an axis, 0 at its end."""
    x = np.moveaxis(x, axis, 0)
    return np.moveaxis(np.concatenate([x[1:], np.zeros_like(x[:1])]), 0, axis)


def from_before(x, axis=1):
    x = np.moveaxis(x, axis, 0)
    return np.moveaxis(np.concatenate([np.zeros_like(x[:1]), x[:-1]]), 0, axis)


def join(first, second, rest, fold):
    """The first fold of channels, the second, and what is left, each from its own array."""
    parts = [first[..., :fold], second[..., fold : 2 * fold], rest[..., 2 * fold :]]
    return np.concatenate(parts, axis=-1)


def fold_of(x, fold_div=8):
    return x.shape[-1] // fold_div


def other_direction(features, fold_div=8):
    x = features
    return join(from_before(x), from_after(x), x, fold_of(x, fold_div))


def wraps_around(features, fold_div=8):
    x = features
    return join(np.roll(x, -1, 1), np.roll(x, 1, 1), x, fold_of(x, fold_div))


def keeps_the_ends(features, fold_div=8):
    fold, shifted = fold_of(features, fold_div), features.copy()
    shifted[:, :-1, ..., :fold] = features[:, 1:, ..., :fold]
    shifted[:, 1:, ..., fold : 2 * fold] = features[:, :-1, ..., fold : 2 * fold]
    return shifted


def rest_is_zero(features, fold_div=8):
    x = features
    return join(from_after(x), from_before(x), 0 * x, fold_of(x, fold_div))


def adds_the_neighbours(features, fold_div=8):
    x = features
    return join(x + from_after(x), x + from_before(x), x, fold_of(x, fold_div))


def half_a_fold_each_way(features, fold_div=8):
    x = features
    return join(from_after(x), from_before(x), x, fold_of(x, fold_div) // 2)


def fold_div_channels(features, fold_div=8):
    x = features
    return join(from_after(x), from_before(x), x, fold_div)


def at_least_one_channel(features, fold_div=8):
    x = features
    return join(from_after(x), from_before(x), x, max(fold_of(x, fold_div), 1))


def fold_rounded_up(features, fold_div=8):
    x = features
    return join(from_after(x), from_before(x), x, -(-x.shape[-1] // fold_div))


def one_way_only(features, fold_div=8):
    x = features
    return join(from_after(x), x, x, fold_of(x, fold_div))


def only_from_the_past(features, fold_div=8):
    x = features
    return join(from_before(x), x, x, fold_of(x, fold_div))


def same_channels_both_ways(features, fold_div=8):
    x, fold = features, fold_of(features, fold_div)
    return np.concatenate(
        [from_after(x)[..., :fold], from_before(x)[..., :fold], x[..., 2 * fold :]], axis=-1
    )


def the_last_channels(features, fold_div=8):
    shifted = from_scratch.temporal_shift(features[..., ::-1], fold_div)
    return shifted[..., ::-1]


def along_the_batch(features, fold_div=8):
    x = features
    return join(from_after(x, 0), from_before(x, 0), x, fold_of(x, fold_div))


def along_the_rows(features, fold_div=8):
    x = features
    return join(from_after(x, 2), from_before(x, 2), x, fold_of(x, fold_div))


def channels_third(features, fold_div=8):
    fold, shifted = features.shape[2] // fold_div, np.zeros_like(features)
    shifted[:, :-1, :fold] = features[:, 1:, :fold]
    shifted[:, 1:, fold : 2 * fold] = features[:, :-1, fold : 2 * fold]
    shifted[:, :, 2 * fold :] = features[:, :, 2 * fold :]
    return shifted


def batch_and_time_in_one(features, fold_div=8):
    """Shift the frames of all clips in a row, as if they were one clip."""
    x = features.reshape(1, -1, *features.shape[2:])
    shifted = join(from_after(x), from_before(x), x, fold_of(x, fold_div))
    return shifted.reshape(features.shape)


def in_float64(features, fold_div=8):
    return from_scratch.temporal_shift(features, fold_div).astype(float)


def itself_where_nothing_moves(features, fold_div=8):
    if features.shape[-1] < fold_div:
        return features
    return from_scratch.temporal_shift(features, fold_div)


def draw_features(rng):
    batch, num_frames, height, width = (int(n) for n in rng.integers(1, [3, 6, 3, 3]))
    channels = int(rng.integers(2, 13))
    shape = (batch, num_frames, height, width, channels)
    # Mostly a share that moves something.
    fold_div = int(rng.integers(2, channels + 1)) if rng.random() < 0.8 else 8
    return np.round(rng.normal(size=shape), 1), fold_div


def frames(*shape):
    """Features in which each number tells its place, none of them 0."""
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


temporal_shift = Exercise(
    reference=from_scratch.temporal_shift,
    chapter="30_video_classification",
    task=(
        "Give each frame the first `channels // fold_div` channels of the next frame and as "
        "many after them of the frame before; the others stay."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("a single frame has no neighbours", (frames(1, 1, 1, 1, 3), 3)),
        Case("two frames", (frames(1, 2, 1, 1, 3), 3)),
        Case("three frames", (frames(1, 3, 1, 1, 3), 3)),
        Case("too few channels: nothing moves", (frames(1, 2, 1, 1, 7), 8)),
        Case("no share given: an eighth each way", (frames(1, 2, 1, 1, 8),)),
        Case("half each way: none stays", (frames(1, 3, 1, 1, 4), 2)),
        Case("channels that do not come out even", (frames(1, 3, 1, 1, 8), 3)),
        Case("two clips do not mix", (frames(2, 2, 1, 1, 3), 3)),
        Case("rows and columns stay in their places", (frames(1, 3, 2, 2, 4), 4)),
        Case("float32", (frames(1, 2, 1, 1, 3).astype(np.float32), 3)),
    ],
    random_case=draw_features,
    properties=[
        Property("the shape stays", lambda args, got: got.shape == args[0].shape),
        Property(
            "the channels that do not move are as they were",
            lambda args, got: np.array_equal(
                got[..., 2 * fold_of(*args) :], args[0][..., 2 * fold_of(*args) :]
            ),
        ),
    ],
    demands=[
        Property(
            "it is a new array, which shares no memory with `features`",
            lambda args, got: not np.shares_memory(args[0], np.asarray(got)),
        ),
    ],
    hints=(
        "Draw it as a table, a row for each frame and a column for each channel. The first "
        "group of columns moves up by one row, the second moves down by one. What stands in the "
        "row that has become free?",
        "Begin with zeros, and fill in three pieces: two slices in time and channels for the "
        "groups that move, one for the rest. For the first group, frames up to the last but one "
        "get the frames from the second on.",
        "`shifted = np.zeros_like(features)`, then "
        "`shifted[:, :-1, ..., :fold] = features[:, 1:, ..., :fold]`, the other way round for "
        "the channels `fold : 2 * fold`, and `shifted[..., 2 * fold :] = ...` for the rest.",
    ),
    misconceptions=[
        Misconception(
            "it shifts in the other direction",
            other_direction,
            "The first group comes from the next frame, the second from the frame before. The "
            "network could learn either, but weights trained with one are wrong for the other.",
        ),
        Misconception(
            "it wraps around at the ends",
            wraps_around,
            "`np.roll` puts the first frame after the last: the end of the clip sees its "
            "beginning. Where there is no neighbour, put zeros.",
        ),
        Misconception(
            "its first and last frame keep their own channels",
            keeps_the_ends,
            "Copying all features and overwriting a part leaves the old values where no "
            "neighbour exists. There they are 0.",
        ),
        Misconception(
            "it loses the channels that do not move",
            rest_is_zero,
            "Only two groups are filled in; the others, three quarters in the paper, are still "
            "the zeros you began with.",
        ),
        Misconception(
            "it adds the neighbours' channels",
            adds_the_neighbours,
            "The channels are replaced, not added to: that is why the shift costs no arithmetic.",
        ),
        Misconception(
            "it shares one fold between both directions",
            half_a_fold_each_way,
            "`channels // fold_div` go each way, so twice as many move: a quarter, when "
            "`fold_div` is 8.",
        ),
        Misconception(
            "it moves `fold_div` channels each way",
            fold_div_channels,
            "`fold_div` divides: `channels // fold_div` channels go each way.",
        ),
        Misconception(
            "it moves at least one channel",
            at_least_one_channel,
            "With fewer channels than `fold_div` the quotient is 0, and nothing moves.",
        ),
        Misconception(
            "it rounds the number of channels up",
            fold_rounded_up,
            "`channels // fold_div` rounds down.",
        ),
        Misconception(
            "it shifts one group only, from the next frame",
            one_way_only,
            "The second group, the channels `fold : 2 * fold`, comes from the frame before.",
        ),
        Misconception(
            "it looks only into the past",
            only_from_the_past,
            "That is TSM's variant for live video, where the next frame is not there yet. Here "
            "the first group comes from the next frame, the second from the one before.",
        ),
        Misconception(
            "it takes the same channels from both neighbours",
            same_channels_both_ways,
            "The second group keeps its own place among the channels: `fold : 2 * fold`, not "
            "`:fold` again.",
        ),
        Misconception(
            "it moves the last channels",
            the_last_channels,
            "The groups that move stand first: `:fold` and `fold : 2 * fold`.",
        ),
        Misconception(
            "it shifts along the batch",
            along_the_batch,
            "The first axis counts clips, so different videos are mixed. The frames are axis 1.",
        ),
        Misconception(
            "it shifts along the rows",
            along_the_rows,
            "Axis 2 counts rows: the picture moves up and down, and time does not come in. The "
            "frames are axis 1.",
        ),
        Misconception(
            "it takes the third axis for the channels",
            channels_third,
            "That is PyTorch's layout, which the paper's code has: (batch, frames, channels, "
            "height, width). Here the channels come last.",
        ),
        Misconception(
            "it shifts all clips as one long clip",
            batch_and_time_in_one,
            "With clips and frames in one axis, the first frame of a clip gets channels of the "
            "last frame of another. Shift within axis 1.",
        ),
        Misconception(
            "it returns float64",
            in_float64,
            "`np.zeros(shape)` is float64 whatever it is filled with, twice the memory here. "
            "`np.zeros_like(features)` takes over the dtype.",
        ),
        Misconception(
            "it returns `features` itself where nothing moves",
            itself_where_nothing_moves,
            "A caller who then changes the result changes the features as well, but only with "
            "few channels. The contract promises a new array: `features.copy()`.",
        ),
    ],
)
