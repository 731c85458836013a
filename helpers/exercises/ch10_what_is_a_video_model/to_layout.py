"""Exercise of chapter 10: bring the axes of a video into another order."""

import numpy as np

from helpers import preprocessing
from helpers.course.exercise import Case, Exercise, Misconception, Property


def shape_in(video, source, target):
    """The shape that the video has in the order `target`."""
    return tuple(video.shape[source.index(axis)] for axis in target)


def reshapes(video, source, target):
    return video.reshape(shape_in(video, source, target))


def the_way_back(video, source, target):
    return video.transpose([target.index(axis) for axis in source])


def moves_the_channels_only(video, source, target):
    return np.moveaxis(video, source.index("C"), target.index("C"))


def exchanges_channels_and_time(video, source, target):
    return video.swapaxes(source.index("C"), source.index("T"))


def exchanges_two_axes(video, source, target):
    return video.swapaxes(source.index("C"), target.index("C"))


def rows_for_columns(video, source, target):
    moved = video.transpose([source.index(axis) for axis in target])
    return moved.swapaxes(target.index("H"), target.index("W"))


def all_the_other_way_round(video, source, target):
    return video.T


def one_order_only(video, source, target):
    return video.transpose(0, 4, 1, 2, 3)


def channels_last_for_granted(video, source, target):
    order = "BTHWC" if video.ndim == 5 else "THWC"
    return video.transpose([order.index(axis) for axis in target])


def numbered(*shape, dtype=np.uint8):
    """A video in which every value is there once."""
    return np.arange(np.prod(shape)).astype(dtype).reshape(shape)


def draw_case(rng):
    axes = list("BTHWC" if rng.integers(2) else "THWC")
    source, target = ("".join(rng.permutation(axes)) for _ in range(2))
    shape = rng.integers(2, 4, len(axes)) if rng.integers(2) else [2] * len(axes)
    dtype = np.uint8 if rng.integers(2) else np.float32
    return numbered(*shape, dtype=dtype), source, target


to_layout = Exercise(
    reference=preprocessing.to_layout,
    chapter="10_what_is_a_video_model",
    task=(
        "Bring the axes of a video from the order `source` into the order `target`. Each value "
        "stays with its frame, row, column and channel."
    ),
    minutes=5,
    difficulty=1,
    points=2,
    cases=[
        Case("three axes of length 1", (numbered(1, 2, 1, 1, 2), "BTHWC", "BCTHW")),
        Case("the order that it has already", (numbered(2, 1, 2, 3), "THWC", "THWC")),
        Case("two pixels with two channels", (numbered(1, 1, 2, 2), "THWC", "CTHW")),
        Case("channels to the front", (numbered(2, 1, 4, 3), "THWC", "CTHW")),
        Case("channels to the back", (numbered(3, 2, 1, 4), "CTHW", "THWC")),
        Case("five axes of the same length", (numbered(2, 2, 2, 2, 2), "BTHWC", "BCTHW")),
        Case(
            "back again, five axes of the same length",
            (numbered(2, 2, 2, 2, 2), "BCTHW", "BTHWC"),
        ),
        Case("frames before channels", (numbered(1, 3, 2, 1, 2), "BCTHW", "BTCHW")),
        Case("each frame channels first", (numbered(1, 2, 1, 2, 3), "BTHWC", "BTCHW")),
        Case("frames before clips", (numbered(2, 3, 1, 1, 2), "BTHWC", "TBHWC")),
        Case(
            "frames before clips, and channels first",
            (numbered(2, 3, 1, 1, 2), "BTHWC", "TBCHW"),
        ),
        Case("from MATLAB's order", (numbered(1, 3, 2, 2), "HWCT", "TCHW")),
        Case("float32", (numbered(2, 2, 2, 2, dtype=np.float32), "THWC", "CTHW")),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "each axis keeps its length",
            lambda args, got: got.shape == shape_in(*args),
        ),
        Property(
            "the values are the same ones, only in other places",
            lambda args, got: np.array_equal(np.sort(got, axis=None), np.unique(args[0])),
        ),
        Property("the dtype stays", lambda args, got: got.dtype == args[0].dtype),
    ],
    hints=(
        "`reshape` keeps the values in their order in memory and only cuts them up in another "
        "way. You need the function that moves the axes.",
        "`video.transpose(order)` takes a number for each axis of the *result*: which axis of "
        "`video` it was. For the first one, ask: where in `source` is the first letter of "
        "`target`?",
        '`"BTHWC".index("C")` is 4. Do that for each letter: '
        "`[source.index(axis) for axis in target]`, and give the list to `video.transpose`.",
    ),
    misconceptions=[
        Misconception(
            "it reshapes",
            reshapes,
            "The shape is right and the pixels are scrambled: `reshape` leaves the values in "
            "their order in memory, so a row of red, green and blue becomes part of one channel. "
            "No error tells you. `transpose` moves the axes.",
        ),
        Misconception(
            "it goes from `target` to `source`",
            the_way_back,
            "That is the way back. `transpose` wants, for each axis of the result, its place in "
            "the source: `source.index(axis)` for each letter of `target`. Where two axes only "
            "change places, both ways are the same, and that hides the mistake.",
        ),
        Misconception(
            "it moves the channels only",
            moves_the_channels_only,
            "That is enough for BTHWC to BCTHW, where all others keep their order. From BTHWC to "
            "TBCHW, the frames move too: place every letter.",
        ),
        Misconception(
            "it exchanges channels and time",
            exchanges_channels_and_time,
            "From BTHWC that gives BCHWT: time is at the end, where the width should be. Going "
            "to BCTHW, the other axes move up by one instead.",
        ),
        Misconception(
            "it exchanges the channels with the axis in their new place",
            exchanges_two_axes,
            "`swapaxes` sends that axis to where the channels were. From BTCHW to BTHWC it would "
            "exchange height and width. The axes between have to move up by one.",
        ),
        Misconception(
            "it exchanges height and width as well",
            rows_for_columns,
            "Every frame is mirrored at its diagonal. With square frames, the shape does not "
            "show it.",
        ),
        Misconception(
            "it turns all axes round",
            all_the_other_way_round,
            "`.T`, or `transpose` without an order, reverses the axes: THWC becomes CWHT. Say "
            "which order you want.",
        ),
        Misconception(
            "it knows one order only",
            one_order_only,
            "0, 4, 1, 2, 3 is right for BTHWC to BCTHW. Find the places from the two strings, "
            "and every other pair works as well.",
        ),
        Misconception(
            "it takes channels last for granted",
            channels_last_for_granted,
            "`source` says where each letter stands, and that need not be BTHWC or THWC: "
            "PyTorch's videos come in another order.",
        ),
    ],
)
