"""Exercise of chapter 12: a fingerprint of a picture that survives another size and encoding."""

import numpy as np

from helpers import video
from helpers.course.exercise import Case, Exercise, Misconception, Property


def grey_of(frames):
    return frames.sum(axis=3, dtype=int)


def shrink(grey, num_rows, num_columns):
    """Sums over cells, with pixels that lie in two of them counted by their parts."""
    num_frames, height, width = grey.shape
    rows = grey.repeat(num_rows, axis=1).reshape(num_frames, num_rows, height, width)
    columns = rows.sum(axis=2).repeat(num_columns, axis=2)
    return columns.reshape(num_frames, num_rows, num_columns, width).sum(axis=3)


def grows(cells):
    """Where a cell is below its right neighbour, row by row."""
    return (cells[:, :, :-1] < cells[:, :, 1:]).reshape(len(cells), -1)


def turned_round(frames):
    cells = shrink(grey_of(frames), 8, 9)
    return (cells[:, :, :-1] > cells[:, :, 1:]).reshape(-1, 64)


def true_when_equal(frames):
    cells = shrink(grey_of(frames), 8, 9)
    return (cells[:, :, :-1] <= cells[:, :, 1:]).reshape(-1, 64)


def compares_downwards(frames):
    cells = shrink(grey_of(frames), 9, 8)
    return (cells[:, :-1] < cells[:, 1:]).reshape(-1, 64)


def column_by_column(frames):
    cells = shrink(grey_of(frames), 8, 9)
    return (cells[:, :, :-1] < cells[:, :, 1:]).transpose(0, 2, 1).reshape(-1, 64)


def average_hash(frames):
    cells = shrink(grey_of(frames), 8, 8)
    return (cells > cells.mean(axis=(1, 2), keepdims=True)).reshape(-1, 64)


def round_the_edge(frames):
    cells = shrink(grey_of(frames), 8, 8)
    return (cells < np.roll(cells, -1, axis=2)).reshape(-1, 64)


def single_pixels(frames):
    grey = grey_of(frames)
    rows = np.arange(8) * grey.shape[1] // 8
    columns = np.arange(9) * grey.shape[2] // 9
    return grows(grey[:, rows[:, np.newaxis], columns])


def whole_pixels(frames):
    num_frames, height, width, _ = frames.shape
    bottoms, rights = (np.arange(1, 9) * height // 8), (np.arange(1, 10) * width // 9)
    tops, lefts = (np.arange(8) * height // 8), (np.arange(9) * width // 9)
    grey = grey_of(frames)
    cells = np.empty((num_frames, 8, 9))
    for i in range(8):
        for j in range(9):
            bottom, right = max(bottoms[i], tops[i] + 1), max(rights[j], lefts[j] + 1)
            cells[:, i, j] = grey[:, tops[i] : bottom, lefts[j] : right].mean(axis=(1, 2))
    return grows(cells)


def adds_in_uint8(frames):
    return grows(shrink(sum(np.moveaxis(frames, 3, 0)).astype(int), 8, 9))


def rounds_the_grey(frames):
    return grows(shrink(frames.mean(axis=3).astype(np.uint8).astype(int), 8, 9))


def rounds_the_cells(frames):
    num_values = frames.shape[1] * frames.shape[2] * frames.shape[3]
    return grows(shrink(grey_of(frames), 8, 9) // num_values)


def red_alone(frames):
    return grows(shrink(frames[..., 0].astype(int), 8, 9))


def televisions_grey(frames):
    weights = np.array([299, 587, 114]) if frames.shape[3] == 3 else np.array([1])
    return grows(shrink(frames.astype(int) @ weights, 8, 9))


def draw_case(rng):
    """Frames without a tie, which a right answer in floats may decide either way."""
    while True:
        shape = [int(n) for n in rng.integers([1, 1, 1], [4, 25, 25])]
        low, high = sorted(int(n) for n in rng.choice(257, 2, replace=False))
        pixels = rng.integers(low, high, (*shape, int(rng.choice([1, 3]))))
        if np.diff(shrink(pixels.sum(axis=3), 8, 9), axis=2).all():
            return (pixels.astype(np.uint8),)


def pattern(*shape):
    """A picture in which no two neighbouring values are alike."""
    return (np.arange(np.prod(shape)) * 37 % 251).astype(np.uint8).reshape(shape)


ramp = np.arange(0, 252, 14, dtype=np.uint8)  # 18 values
downwards = (ramp[:, np.newaxis] + np.arange(8, -1, -1, dtype=np.uint8)).reshape(1, 18, 9, 1)
two_greys = np.zeros((1, 8, 9, 3), np.uint8)
two_greys[..., 0::2, :] = [30, 30, 30]
two_greys[..., 1::2, :] = [10, 20, 60]
steps_of_a_third = np.full((1, 8, 9, 3), 90, np.uint8)
steps_of_a_third[..., 1::2, 2] = 91

difference_hash = Exercise(
    reference=video.difference_hash,
    chapter="12_frames_to_batches",
    task=(
        "Make a hash of 64 bits for each frame: shrink its grey picture to 8 rows of 9 cells, "
        "and say for each whether it is darker than its right neighbour."
    ),
    minutes=15,
    difficulty=3,
    points=4,
    cases=[
        Case("one pixel", (np.full((1, 1, 1, 1), 90, np.uint8),)),
        Case("a flat picture", (np.full((1, 16, 18, 3), 200, np.uint8),)),
        Case("two colours of the same grey", (two_greys,)),
        Case("a third of a grey level", (steps_of_a_third,)),
        Case("brighter to the right", (np.tile(ramp, (8, 1)).reshape(1, 8, 18, 1),)),
        Case("brighter downwards, and a little darker to the right", (downwards,)),
        Case("as many pixels as cells", (pattern(1, 8, 9, 1),)),
        Case("fewer pixels than cells", (pattern(1, 3, 5, 1),)),
        Case("a size that does not divide", (pattern(1, 11, 14, 1),)),
        Case("colours", (pattern(2, 16, 18, 3),)),
    ],
    random_case=draw_case,
    properties=[
        Property("a hash has 64 bits", lambda args, got: got.shape == (len(args[0]), 64)),
        Property("bits are booleans", lambda args, got: got.dtype == np.bool_),
    ],
    hints=(
        "Three steps: grey, shrink, compare. In the second a cell is all the pixels in its part "
        "of the picture, and for the third their sum tells as much as their mean.",
        "How can 11 rows become 8 cells? Repeat each row 8 times: 88 rows, which are 8 cells of "
        "11 rows each. The same with 9 along the width. In whole numbers nothing is rounded.",
        "`grey.repeat(8, axis=1).reshape(num_frames, 8, height, width).sum(axis=2)`, likewise "
        "with 9 for the columns; then `cells[:, :, :8] < cells[:, :, 1:]`, and `reshape` to 64.",
    ),
    misconceptions=[
        Misconception(
            "its bits are turned round",
            turned_round,
            "True where it grows *brighter* to the right. Hashes of both kinds in one table find "
            "nothing again.",
        ),
        Misconception(
            "equal cells give True",
            true_when_equal,
            "Darker means darker: a flat picture has no True at all.",
        ),
        Misconception(
            "it compares each cell with the one below",
            compares_downwards,
            "That is the vertical hash, with 9 rows of 8 cells. A sound one, too, but not "
            "to be compared with this.",
        ),
        Misconception(
            "its bits come column by column",
            column_by_column,
            "The top row comes first. The bits are the same, but in this order they match no "
            "other hash.",
        ),
        Misconception(
            "it compares with the mean",
            average_hash,
            "That is the average hash: in a picture with a bright sky it tells little more than "
            "where the sky is. Compare neighbours.",
        ),
        Misconception(
            "it compares the last column with the first",
            round_the_edge,
            "`np.roll` goes on at the other side. Nine cells in a row have eight neighbours to "
            "the right.",
        ),
        Misconception(
            "it takes single pixels",
            single_pixels,
            "A pixel here and there is noise, and another encoding changes it. The mean of all "
            "pixels of a cell hardly changes.",
        ),
        Misconception(
            "its cells have whole pixels",
            whole_pixels,
            "With the borders moved to whole pixels, the cells of a small picture are of unequal "
            "size and lie elsewhere than in a large copy of it.",
        ),
        Misconception(
            "it adds the channels in uint8",
            adds_in_uint8,
            "200 + 200 wraps to 144, so bright pixels come out dark. Sum in a wider type: "
            "`dtype=np.uint16`, or take the `mean`.",
        ),
        Misconception(
            "it rounds the grey of each pixel",
            rounds_the_grey,
            "Up to two thirds of a grey level are lost in each pixel, and in smooth parts of the "
            "picture a bit hangs on that.",
        ),
        Misconception(
            "it rounds the cells",
            rounds_the_cells,
            "Resizing to uint8 rounds each mean, and neighbours that differ by less than one "
            "grey level come out equal: in skies and walls the bits are lost.",
        ),
        Misconception(
            "it looks at red alone",
            red_alone,
            "Grey is the mean of all channels: a blue thing before a black wall has an edge, too.",
        ),
        Misconception(
            "it weights the channels",
            televisions_grey,
            "0.299, 0.587 and 0.114 are the usual grey, and a sound choice. But hashes can be "
            "compared only when they are made the same way, and here it is the plain mean.",
        ),
    ],
)
