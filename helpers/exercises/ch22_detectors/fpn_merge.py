"""Exercise of chapter 22: one step down a feature pyramid.

An answer may be a tensor or an array. The misconceptions compute in float64, so that a mistake
is recognised in float32 too.
"""

import numpy as np

from helpers import detectors
from helpers.course.exercise import Case, Exercise, Misconception, Property


def picked(coarse, rows, columns):
    """The coarse cells of these rows and columns, float64."""
    return coarse.astype(float)[:, rows][:, :, columns]


def repeated(coarse):
    return coarse.astype(float).repeat(2, axis=1).repeat(2, axis=2)


def blended(values, size, axis, places):
    """Linear interpolation along an axis, at places counted in cells."""
    places = np.clip(places, 0, values.shape[axis] - 1)
    left = np.floor(places).astype(int)
    right = np.minimum(left + 1, values.shape[axis] - 1)
    share = (places - left).reshape([size if n == axis else 1 for n in range(4)])
    return values.take(left, axis) * (1 - share) + values.take(right, axis) * share


def stretched_to_the_corners(coarse, lateral):
    rows, columns = (
        np.round(np.linspace(0, n - 1, size)).astype(int)
        for n, size in zip(coarse.shape[1:3], lateral.shape[1:3], strict=True)
    )
    return picked(coarse, rows, columns) + lateral


def stretched_to_the_size(coarse, lateral):
    """As keras.ops.image.resize does, by the middles of the cells."""
    rows, columns = (
        np.floor((np.arange(size) + 0.5) * n / size).astype(int)
        for n, size in zip(coarse.shape[1:3], lateral.shape[1:3], strict=True)
    )
    return picked(coarse, rows, columns) + lateral


def bilinear(coarse, lateral):
    finer = coarse.astype(float)
    for axis in (1, 2):
        n, size = finer.shape[axis], lateral.shape[axis]
        finer = blended(finer, size, axis, (np.arange(size) + 0.5) * n / size - 0.5)
    return finer + lateral


def bilinear_between_the_corners(coarse, lateral):
    finer = coarse.astype(float)
    for axis in (1, 2):
        size = lateral.shape[axis]
        finer = blended(finer, size, axis, np.linspace(0, finer.shape[axis] - 1, size))
    return finer + lateral


def cuts_the_first(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    return repeated(coarse)[:, -rows:, -columns:] + lateral


def concatenated(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    finer = repeated(coarse)[:, :rows, :columns]
    return np.concatenate([finer, lateral.astype(float)], axis=-1)


def added_to_the_coarse(coarse, lateral):
    return coarse.astype(float) + lateral[:, ::2, ::2]


def averaged_into_the_coarse(coarse, lateral):
    _, rows, columns, _ = coarse.shape
    even = [
        (0, 0),
        *((0, 2 * n - m) for n, m in zip((rows, columns), lateral.shape[1:3], strict=True)),
        (0, 0),
    ]
    pooled = np.pad(lateral.astype(float), even, mode="edge")
    return (
        coarse
        + (
            pooled[:, ::2, ::2]
            + pooled[:, 1::2, ::2]
            + pooled[:, ::2, 1::2]
            + pooled[:, 1::2, 1::2]
        )
        / 4
    )


def the_mean(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    return (repeated(coarse)[:, :rows, :columns] + lateral) / 2


def the_larger(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    return np.maximum(repeated(coarse)[:, :rows, :columns], lateral)


def the_product(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    return repeated(coarse)[:, :rows, :columns] * lateral


def without_the_lateral(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    return repeated(coarse)[:, :rows, :columns]


def tiled(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    return np.tile(coarse.astype(float), (1, 2, 2, 1))[:, :rows, :columns] + lateral


def zeros_between(coarse, lateral):
    finer = lateral.astype(float)
    finer[:, ::2, ::2] += coarse
    return finer


def quartered(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    return repeated(coarse / 4)[:, :rows, :columns] + lateral


def even_in_any_case(coarse, lateral):
    finer = repeated(coarse)
    finer[:, : lateral.shape[1], : lateral.shape[2]] += lateral
    return finer


def into_the_lateral(coarse, lateral):
    rows, columns = lateral.shape[1:3]
    lateral += repeated(coarse)[:, :rows, :columns].astype(lateral.dtype)
    return lateral


def draw_case(rng):
    batch, rows, columns, channels = (int(n) for n in rng.integers(1, [3, 7, 7, 4]))
    lateral = rng.integers(-9, 10, (batch, rows, columns, channels)).astype(float)
    shape = batch, -(-rows // 2), -(-columns // 2), channels
    return rng.integers(-9, 10, shape) * 10.0, lateral


def level(*rows, dtype=float):
    """One image with one channel."""
    return np.array(rows, dtype)[None, ..., None]


def counted(*shape):
    return np.arange(1.0, np.prod(shape) + 1).reshape(shape)


SQUARE = level([10, 20], [30, 40])

fpn_merge = Exercise(
    reference=detectors.fpn_merge,
    chapter="22_detectors",
    task=(
        "Repeat each cell of the coarser level over the 2 x 2 cells that it covers, and add the "
        "finer level."
    ),
    minutes=6,
    difficulty=1,
    points=2,
    # The cases hold whole numbers; a mistake may resize in float32, which loses a little.
    tolerance=(1e-5, 1e-4),
    num_random_cases=25,
    cases=[
        Case("one cell over one cell", (level([10]), level([1]))),
        Case("one cell over four", (level([10]), level([1, 2], [3, 4]))),
        Case("one cell over a row of two", (level([10]), level([1, 2]))),
        Case("one cell over a column of two", (level([10]), level([1], [2]))),
        Case("nothing to add to", (SQUARE, np.zeros((1, 4, 4, 1)))),
        Case("nothing to add", (np.zeros((1, 2, 2, 1)), counted(1, 4, 4, 1))),
        Case("four rows and columns", (SQUARE, counted(1, 4, 4, 1))),
        Case("three rows", (SQUARE, counted(1, 3, 4, 1))),
        Case("three columns", (SQUARE, counted(1, 4, 3, 1))),
        Case("three rows and columns", (SQUARE, counted(1, 3, 3, 1))),
        Case("five columns", (level([10, 20, 30]), counted(1, 1, 5, 1))),
        Case("five rows", (level([10], [20], [30]), counted(1, 5, 1, 1))),
        Case("two channels", (10 * counted(1, 1, 2, 2), counted(1, 2, 4, 2))),
        Case("two images", (10 * counted(2, 1, 2, 1), counted(2, 2, 4, 1))),
        Case("below zero", (-SQUARE, counted(1, 4, 4, 1))),
        Case(
            "float32",
            (SQUARE.astype(np.float32), counted(1, 4, 4, 1).astype(np.float32)),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property("it has lateral's shape", lambda args, got: got.shape == args[1].shape),
        Property(
            "each coarse cell is added to the first of the cells that it covers",
            lambda args, got: np.allclose(
                (np.asarray(got) - args[1])[:, ::2, ::2],
                args[0],
            ),
        ),
    ],
    hints=(
        "Draw a row of two coarse cells above a row of four finer ones. Which coarse cell does "
        "each of the four lie in? And with three finer ones?",
        "`keras.ops.repeat(x, 2, axis=...)` doubles each row, or each column: once for either "
        "axis. An odd size was halved upwards, so one copy is too many: the last one.",
        "`finer = keras.ops.repeat(keras.ops.repeat(coarse, 2, axis=1), 2, axis=2)`, then "
        "`finer[:, :rows, :columns] + lateral` with `rows, columns = lateral.shape[1:3]`.",
    ),
    misconceptions=[
        Misconception(
            "it stretches the coarse level from corner to corner",
            stretched_to_the_corners,
            "`np.linspace(0, n - 1, size)` gives the border cells less than their share. Each "
            "coarse cell covers two rows and two columns; only an odd size cuts the last short.",
        ),
        Misconception(
            "it stretches the coarse level to the finer one's size",
            stretched_to_the_size,
            "With an even size that is the same. Five columns over three cells are 1.67 each, and "
            "the cells no longer lie over what they were made from: double them, and cut off.",
        ),
        Misconception(
            "it interpolates between the coarse cells",
            bilinear,
            "Bilinear upsampling looks smoother, and some pyramids have it. This one repeats, and "
            "lets the 3 x 3 convolution after it smooth.",
        ),
        Misconception(
            "it interpolates from corner to corner",
            bilinear_between_the_corners,
            "`align_corners`: neither the values nor the places are right. Each coarse cell is "
            "repeated over the 2 x 2 cells that it covers.",
        ),
        Misconception(
            "it cuts off the first row or column",
            cuts_the_first,
            "The halving begins at the upper left, so the one copy too many is the last: `[:, "
            ":rows, :columns]`.",
        ),
        Misconception(
            "it puts the levels one behind the other",
            concatenated,
            "U-Net concatenates channels. A feature pyramid adds, so the width stays the same on "
            "all levels.",
        ),
        Misconception(
            "it adds every other finer cell to the coarse level",
            added_to_the_coarse,
            "The way goes down, from coarse to fine: the result has lateral's shape.",
        ),
        Misconception(
            "it adds the finer level's means to the coarse level",
            averaged_into_the_coarse,
            "The way goes down, from coarse to fine: what is fine must stay, or small objects are "
            "gone.",
        ),
        Misconception(
            "it takes the mean of the two",
            the_mean,
            "The sum. Halving at each level would leave little of the coarsest.",
        ),
        Misconception(
            "it takes the larger of the two",
            the_larger,
            "The sum: both levels are to be heard, and both are to learn.",
        ),
        Misconception(
            "it multiplies the two",
            the_product,
            "That is a gate. A feature pyramid adds.",
        ),
        Misconception(
            "it forgets the finer level",
            without_the_lateral,
            "Upsampling alone knows what is there, but not exactly where. That is what the "
            "lateral connection brings.",
        ),
        Misconception(
            "it repeats the whole map",
            tiled,
            "`np.tile` sets the map beside itself: 1 2 1 2. Each *cell* is to be repeated, 1 1 2 "
            "2: `repeat`.",
        ),
        Misconception(
            "it leaves zeros between the coarse cells",
            zeros_between,
            "Each coarse cell covers four finer ones, and all four get its value.",
        ),
        Misconception(
            "it spreads each coarse cell over four",
            quartered,
            "Nothing is shared out: a feature holds wherever its cell is, and each of the four "
            "gets the whole value.",
        ),
        Misconception(
            "its result is always even",
            even_in_any_case,
            "Where a level has an odd number of rows, its result has, too: cut the copies off, "
            "not the other way round.",
        ),
        Misconception(
            "it writes into the finer level",
            into_the_lateral,
            "`+=` changes the caller's array, and with a tensor it does not: return a new sum.",
        ),
    ],
)
