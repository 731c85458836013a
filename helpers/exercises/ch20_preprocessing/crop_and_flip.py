"""Exercise of chapter 20: one crop and one flip for all frames of a clip."""

import numpy as np

from helpers import preprocessing
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch20_preprocessing.arrays import draw_pixels, ramp


def cut_out(clips, tops, lefts, flips, size, mirror=lambda square: square[:, :, ::-1]):
    squares = []
    for clip, top, left, flip in zip(clips, tops, lefts, flips, strict=True):
        square = clip[:, top : top + size, left : left + size]
        squares.append(mirror(square) if flip else square)
    return np.stack(squares)


def a_draw_a_frame(clips, tops, lefts, flips, size):
    cropped = [
        [
            clip[t, tops[t] : tops[t] + size, lefts[t] : lefts[t] + size]
            [:, :: -1 if flips[t] else 1]
            for t in range(len(clip))
        ]
        for clip in clips
    ]  # fmt: skip
    return np.array(cropped)


def cuts_frames_away(clips, tops, lefts, flips, size):
    squares = []
    for clip, top, left, flip in zip(clips, tops, lefts, flips, strict=True):
        square = clip[top : top + size, left : left + size]
        squares.append(square[:, ::-1] if flip else square)
    return np.stack(squares)


def one_square_for_all(clips, tops, lefts, flips, size):
    batch = len(clips)
    return cut_out(clips, [tops[0]] * batch, [lefts[0]] * batch, flips, size)


def flips_every_axis(clips, tops, lefts, flips, size):
    return cut_out(clips, tops, lefts, flips, size, np.flip)


def swapped_offsets(clips, tops, lefts, flips, size):
    return cut_out(clips, lefts, tops, flips, size)


def the_first_clips_for_all(clips, tops, lefts, flips, size):
    batch = len(clips)
    return cut_out(clips, [tops[0]] * batch, [lefts[0]] * batch, [flips[0]] * batch, size)


def upside_down(clips, tops, lefts, flips, size):
    return cut_out(clips, tops, lefts, flips, size, lambda square: square[:, ::-1])


def back_in_time(clips, tops, lefts, flips, size):
    return cut_out(clips, tops, lefts, flips, size, lambda square: square[::-1])


def red_for_blue(clips, tops, lefts, flips, size):
    return cut_out(clips, tops, lefts, flips, size, lambda square: square[..., ::-1])


def flips_before_it_cuts(clips, tops, lefts, flips, size):
    turned = [c[:, :, ::-1] if flip else c for c, flip in zip(clips, flips, strict=True)]
    return cut_out(np.stack(turned), tops, lefts, [False] * len(clips), size)


def never_flips(clips, tops, lefts, flips, size):
    return cut_out(clips, tops, lefts, [False] * len(clips), size)


def flips_the_others(clips, tops, lefts, flips, size):
    return cut_out(clips, tops, lefts, ~np.asarray(flips), size)


def draw_crop(rng):
    batch, num_frames, height, width = (
        int(n) for n in rng.integers([1, 1, 3, 3], [4, 5, 9, 9])
    )
    size = int(rng.integers(1, min(height, width) + 1))
    # Offsets that fit either side: swapped ones are then wrong in what they show, not in shape.
    most = min(height, width) - size + 1
    clips = draw_pixels(rng, batch, num_frames, height, width, int(rng.choice([1, 3])))
    tops, lefts = rng.integers(0, most, (2, batch))
    return clips, tops, lefts, rng.random(batch) < 0.5, size


crop_and_flip = Exercise(
    reference=preprocessing.crop_and_flip,
    chapter="20_preprocessing",
    task=(
        "Cut one square from each clip, the same for all its frames, and mirror it left to "
        "right where `flips` says so."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("one pixel of one frame", (ramp(1, 1, 1, 1, 1), [0], [0], [True], 1)),
        Case("the whole frame, flipped", (ramp(1, 1, 2, 2, 3), [0], [0], [True], 2)),
        Case("one frame, not flipped", (ramp(1, 1, 3, 4, 1), [1], [0], [False], 2)),
        Case("one clip of several frames", (ramp(1, 3, 3, 4, 1), [0], [1], [True], 2)),
        Case(
            "each clip of a batch has its own",
            (ramp(2, 2, 4, 5, 3), [0, 2], [1, 0], [True, False], 2),
        ),
        Case(
            "more clips than frames",
            (ramp(3, 2, 4, 4, 1), [2, 0, 1], [0, 1, 1], [False, True, True], 2),
        ),
    ],
    random_case=draw_crop,
    properties=[
        Property(
            "the shape is (batch, frames, `size`, `size`, channels)",
            lambda args, got: (
                got.shape == (*args[0].shape[:2], args[4], args[4], args[0].shape[4])
            ),
        ),
    ],
    demands=[
        Property(
            "it is a new array, which shares no memory with `clips`",
            lambda args, got: not np.shares_memory(args[0], np.asarray(got)),
        ),
    ],
    hints=(
        "Begin with one clip: cut rows `top` to `top + size` and columns `left` to "
        "`left + size` from all its frames with one slice. Which axis is which?",
        "A clip is (frames, height, width, channels): `clip[:, rows, columns]`. To mirror left "
        "to right, reverse the axis of the columns, after cutting. Collect the clips in a loop.",
        "`square = clips[i, :, top : top + size, left : left + size]`, then "
        "`square[:, :, ::-1] if flip else square`, in a loop over "
        "`zip(tops, lefts, flips)`; `np.stack` makes one array.",
    ),
    misconceptions=[
        Misconception(
            "it takes the offsets frame by frame",
            a_draw_a_frame,
            "`tops[t]` belongs to clip t, not to frame t. With a crop of its own for each frame "
            "the picture jumps, and that looks like motion. All frames of a clip share one.",
        ),
        Misconception(
            "it swaps top and left",
            swapped_offsets,
            "`top` counts rows and comes first; `left` counts columns. Arrays are "
            "(height, width), although people say width × height.",
        ),
        Misconception(
            "it treats every clip like the first",
            the_first_clips_for_all,
            "Within a clip the parameters are shared; between clips they differ. Otherwise a "
            "batch sees a single augmentation.",
        ),
        Misconception(
            "it cuts every clip at the place of the first",
            one_square_for_all,
            "`tops[0]` and `lefts[0]` are those of clip 0. Each clip has its own square.",
        ),
        Misconception(
            "it cuts frames instead of rows",
            cuts_frames_away,
            "The first axis of a clip counts its frames. The rows are the second and the columns "
            "the third: `clip[:, rows, columns]`.",
        ),
        Misconception(
            "it flips every axis",
            flips_every_axis,
            "`np.flip` without an axis reverses all of them: time, rows, columns and colours.",
        ),
        Misconception(
            "it turns the picture upside down",
            upside_down,
            "Reversing the axis of the rows exchanges top and bottom. Left and right are "
            "columns: the axis before the channels.",
        ),
        Misconception(
            "it reverses time",
            back_in_time,
            "`square[::-1]` reverses the first axis, the frames: people now walk backwards.",
        ),
        Misconception(
            "it exchanges red and blue",
            red_for_blue,
            "`[..., ::-1]` reverses the last axis, the channels. The columns are one before.",
        ),
        Misconception(
            "it flips the frame before it cuts",
            flips_before_it_cuts,
            "Then `left` is counted from the right edge, and another part of the picture is cut "
            "out. Cut first, and mirror the square.",
        ),
        Misconception(
            "it never flips", never_flips, "`flips` has no influence: look at each clip's own."
        ),
        Misconception(
            "it flips the others",
            flips_the_others,
            "True means that this clip is mirrored; here it is the other way round.",
        ),
    ],
    picture=pictures.clip_difference,
    equivalent_mutants={
        "line 31: True -> False": "The validation has seen to equal lengths already."
    },
)
