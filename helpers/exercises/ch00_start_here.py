"""The exercise of chapter 00: which frames does a model see?"""

import numpy as np

from helpers import video
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property


def first_frames(total_frames, num_frames):
    return np.arange(num_frames)


def whole_number_step(total_frames, num_frames):
    return np.arange(num_frames) * (total_frames // num_frames)


def start_of_each_segment(total_frames, num_frames):
    return np.arange(num_frames) * total_frames // num_frames


def both_ends(total_frames, num_frames):
    return np.linspace(0, total_frames - 1, num_frames).astype(int)


def past_the_end(total_frames, num_frames):
    return np.linspace(0, total_frames, num_frames).astype(int)


def rounded_centre(total_frames, num_frames):
    return np.round((np.arange(num_frames) + 0.5) * total_frames / num_frames).astype(int)


def without_repeats(total_frames, num_frames):
    return np.unique((2 * np.arange(num_frames) + 1) * total_frames // (2 * num_frames))


def half_a_whole_step(total_frames, num_frames):
    step = total_frames // num_frames
    return np.arange(num_frames) * step + step // 2


def slice_of_steps(total_frames, num_frames):
    return np.arange(0, total_frames, total_frames // num_frames)


def inner_points(total_frames, num_frames):
    return np.linspace(0, total_frames - 1, num_frames + 2)[1:-1].astype(int)


def middle_of_the_numbers(total_frames, num_frames):
    borders = np.arange(num_frames + 1) * total_frames // num_frames
    return (borders[:-1] + borders[1:] - 1) // 2


def length_in_floats(total_frames, num_frames):
    length = total_frames / num_frames
    return ((np.arange(num_frames) + 0.5) * length).astype(int)


def draw_case(rng):
    return int(rng.integers(1, 300)), int(rng.integers(1, 33))


sample_indices = Exercise(
    reference=video.sample_indices,
    chapter="00_start_here",
    task=(
        "Cut a video of `total_frames` frames into `num_frames` segments of equal length, and "
        "return the index of the frame in the middle of each."
    ),
    minutes=2,
    difficulty=1,
    points=2,
    cases=[
        Case("one frame of a video that has only one", (1, 1)),
        Case("one frame stands for the whole video", (5, 1)),
        Case("as many frames as the video has", (4, 4)),
        Case("more frames than the video has", (3, 5)),
        Case("segments of two frames, whose middle is a border", (8, 4)),
        Case("segments that do not come out even", (10, 4)),
        Case("segments whose length no float holds exactly", (30, 11)),
        Case("a few frames of a long video", (240, 8)),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there are exactly `num_frames` indices", lambda args, got: len(got) == args[1]
        ),
        Property(
            "each index is a frame of the video, from 0 to `total_frames` - 1",
            lambda args, got: got.min() >= 0 and got.max() < args[0],
        ),
        Property("time never runs backwards", lambda args, got: (np.diff(got) >= 0).all()),
    ],
    hints=(
        "Draw the video as a line from 0 to `total_frames` and cut it into `num_frames` equal "
        "pieces. How long is one? Where, on that line, is the middle of piece number i?",
        "The middle of piece i lies at (i + 1/2) · `total_frames` / `num_frames` on the line. "
        "Frame k covers the line from k to k + 1, so the frame there is that number rounded "
        "down. Make all i at once with `np.arange`.",
        "Stay with whole numbers: multiply first, divide last, by `//`. With T frames and n "
        "segments, (i + 1/2) · T / n is the same as (2i + 1) · T / (2n).",
    ),
    misconceptions=[
        Misconception(
            "it takes the first frames",
            first_frames,
            "The model sees the opening and nothing else; what comes later cannot influence it.",
        ),
        Misconception(
            "it steps by a whole number of frames",
            whole_number_step,
            "`total_frames // num_frames` throws the remainder away. With 239 frames and 16 "
            "wanted, the step is 14 and the last 28 frames are never looked at.",
        ),
        Misconception(
            "it steps by a whole number of frames, from the middle of the first step",
            half_a_whole_step,
            "The middle is right, the step is not: `total_frames // num_frames` throws the "
            "remainder away, so the frames crowd towards the start.",
        ),
        Misconception(
            "it slices the video by a whole step",
            slice_of_steps,
            "The step is rounded down, so the slice has too many frames, begins at the first "
            "one, and has a step of 0 when the video is short.",
        ),
        Misconception(
            "it spaces the frames between the first and the last",
            inner_points,
            "`linspace(0, total_frames - 1, num_frames + 2)[1:-1]` leaves a whole gap at either "
            "end, twice as much as there should be: segments leave half of one.",
        ),
        Misconception(
            "it takes the middle of the frames' numbers",
            middle_of_the_numbers,
            "Frames last: number 0 from 0 to 1. The segment of frames 0 and 1 lasts from 0 to "
            "2, so its middle is at 1, where frame 1 begins. The middle of the numbers is half "
            "a frame too early.",
        ),
        Misconception(
            "it computes the length of a segment as a float",
            length_in_floats,
            "`120 / 13` is not exact, so 6.5 times that is a hair below 60 and becomes 59. Stay "
            "with whole numbers: multiply first, divide last.",
        ),
        Misconception(
            "it takes the start of each segment",
            start_of_each_segment,
            "Each index is half a segment too early: the first frame, often black or a title, "
            "is always in and the end never is. Take the middle.",
        ),
        Misconception(
            "it spans from the first to the last frame",
            both_ends,
            "`linspace(0, total_frames - 1, ...)` leaves fewer gaps than segments and spends "
            "two frames on the very ends. One frame becomes the first, not the middle.",
        ),
        Misconception(
            "it runs past the end",
            past_the_end,
            "Frames are counted from 0, so the last is `total_frames` - 1. Frame "
            "`total_frames` does not exist, and reading it fails.",
        ),
        Misconception(
            "it rounds to the nearest frame",
            rounded_centre,
            "Frame k lasts from k to k + 1, so a moment inside it belongs to k: round down. "
            "Rounding to the nearest can even give `total_frames`, which does not exist.",
        ),
        Misconception(
            "it drops repeated frames",
            without_repeats,
            "A model takes a fixed number of frames. When the video is too short, frames "
            "repeat; an array of another length fits in no batch.",
        ),
    ],
    picture=pictures.frame_indices,
)

EXERCISES = (sample_indices,)
