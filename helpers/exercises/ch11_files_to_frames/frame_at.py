"""Exercise of chapter 11: which frame is on screen at a given moment?"""

import numpy as np

from helpers import video
from helpers.course.exercise import Case, Exercise, Misconception, Property


def units_of(time_base, seconds):
    return np.floor(seconds / time_base + 1e-6)


def at_the_average_rate(pts, time_base, seconds):
    step = np.diff(np.sort(pts)).mean()
    frames = np.floor((units_of(time_base, seconds) - pts.min()) / step).astype(int)
    return np.clip(frames, 0, len(pts) - 1)


def in_stored_order(pts, time_base, seconds):
    begun = np.searchsorted(pts, units_of(time_base, seconds), side="right")
    return np.maximum(begun - 1, 0)


def ends_included(pts, time_base, seconds):
    begun = np.searchsorted(np.sort(pts), units_of(time_base, seconds), side="left")
    return np.maximum(begun - 1, 0)


def the_nearest(pts, time_base, seconds):
    distance = np.abs(np.sort(pts) - units_of(time_base, seconds)[:, np.newaxis])
    return distance.argmin(axis=1)


def rounds_down(pts, time_base, seconds):
    begun = np.searchsorted(np.sort(pts), np.floor(seconds / time_base), side="right")
    return np.maximum(begun - 1, 0)


def to_the_nearest_unit(pts, time_base, seconds):
    begun = np.searchsorted(np.sort(pts), np.rint(seconds / time_base), side="right")
    return np.maximum(begun - 1, 0)


def compares_seconds(pts, time_base, seconds):
    return np.maximum(np.searchsorted(np.sort(pts) * time_base, seconds, side="right") - 1, 0)


def minus_one_before_the_first(pts, time_base, seconds):
    return np.searchsorted(np.sort(pts), units_of(time_base, seconds), side="right") - 1


def the_place_of_the_packet(pts, time_base, seconds):
    begun = np.searchsorted(np.sort(pts), units_of(time_base, seconds), side="right")
    return np.argsort(pts)[np.maximum(begun - 1, 0)]


def one_too_far(pts, time_base, seconds):
    begun = np.searchsorted(np.sort(pts), units_of(time_base, seconds), side="right")
    return np.minimum(begun, len(pts) - 1)


def on_the_clock_of_the_first_frame(pts, time_base, seconds):
    shifted = np.sort(pts) - pts.min()
    begun = np.searchsorted(shifted, units_of(time_base, seconds), side="right")
    return np.maximum(begun - 1, 0)


def seconds_for_units(pts, time_base, seconds):
    return np.maximum(np.searchsorted(np.sort(pts), seconds, side="right") - 1, 0)


def draw_case(rng):
    pts = rng.choice(np.arange(-60, 600), int(rng.integers(1, 16)), replace=False)
    time_base = float(rng.choice([0.01, 1 / 90, 1001 / 30000, 0.5]))
    units = rng.integers(-80, 640, 8)
    units[:4] = rng.choice(pts, 4)  # moments at which a frame begins
    return pts, time_base, (units + rng.choice([0, 0.3, -0.3], 8)) * time_base


frame_at = Exercise(
    reference=video.frame_at,
    chapter="11_files_to_frames",
    task=(
        "Return the number of the frame that is on screen at each moment, given when each "
        "packet's picture is shown. Nothing says that frames come at a constant rate."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("a video of one frame", (np.array([5]), 0.1, np.array([0.0, 0.5, 9.0]))),
        Case("before the first frame", (np.array([10, 20]), 0.1, np.array([-1.0, 0.0, 0.99]))),
        Case("after the last frame", (np.array([0, 10]), 0.1, np.array([1.0, 1.5, 100.0]))),
        Case(
            "just before a frame, and at its start",
            (np.array([0, 4]), 0.25, np.array([0.75, 1.0])),
        ),
        Case(
            "a moment that no float holds", (np.array([0, 7, 29]), 0.01, np.array([0.07, 0.29]))
        ),
        Case(
            "a time that no float holds", (np.array([0, 35, 70]), 0.01, np.array([0.35, 0.7]))
        ),
        Case(
            "stored in another order",
            (np.array([0, 30, 10, 20]), 0.1, np.array([1.2, 2.0, 3.5])),
        ),
        Case("times that start below 0", (np.array([-10, 0, 10]), 0.1, np.array([-0.5, 0.5]))),
        Case(
            "first fast, then slow",
            (np.array([0, 1, 2, 3, 13, 23]), 0.1, np.array([0.24, 0.9, 1.5])),
        ),
        Case("a moment between two units", (np.array([0, 1, 2]), 0.04, np.array([0.03, 0.07]))),
        Case("moments in any order", (np.array([0, 10, 20]), 0.1, np.array([2.5, 0.5, 1.5]))),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is a frame for each moment", lambda args, got: got.shape == args[2].shape
        ),
        Property(
            "each is a frame of the video, from 0 to the last",
            lambda args, got: got.min() >= 0 and got.max() < len(args[0]),
        ),
    ],
    hints=(
        "Bring both sides to one scale first: how many units is a moment? Then the question is "
        "how many frames have begun by then.",
        "Sort the times. `np.searchsorted` counts how many of them lie before a value; with "
        '`side="right"`, a time that is equal counts too. The last frame that has begun is on '
        "screen. What if none has?",
        "`begun = np.searchsorted(np.sort(pts), np.floor(seconds / time_base + 1e-6), "
        'side="right")`. '
        "Frames are counted from 0, and before the first one the answer is 0: `np.maximum`.",
    ),
    misconceptions=[
        Misconception(
            "it assumes a constant rate",
            at_the_average_rate,
            "An average rate is right for files whose frames come evenly. Phones and screen "
            "recordings slow down and speed up, and then this drifts, by seconds in the end.",
        ),
        Misconception(
            "it searches times that are not sorted",
            in_stored_order,
            "Packets are stored as they must be decoded, and a binary search in unsorted times "
            "finds anything. It goes unnoticed until the first file with B-frames.",
        ),
        Misconception(
            "a frame still shows when the next one begins",
            ends_included,
            "At the very moment at which a frame begins, it is on screen: equal counts as begun "
            '(`side="right"`). Sampled at k / fps, every frame would come one too early.',
        ),
        Misconception(
            "it takes the nearest frame",
            the_nearest,
            "Shortly before a frame begins it is the nearest, but the one before it is still on "
            "screen.",
        ),
        Misconception(
            "it rounds the moment down",
            rounds_down,
            "0.29 / 0.01 is 28.999999999999996, which becomes 28: one frame too early, for some "
            "numbers and not for others. Add a millionth of a unit before you round down.",
        ),
        Misconception(
            "it rounds the moment to the nearest unit",
            to_the_nearest_unit,
            "Then a frame shows up to half a unit before its time. Where a unit is a whole "
            "frame, as in AVI files, that is half a frame.",
        ),
        Misconception(
            "it compares seconds",
            compares_seconds,
            "35 · 0.01 is 0.35000000000000003, and so the frame has not begun at 0.35. Compare "
            "whole units: they are exact.",
        ),
        Misconception(
            "before the first frame it gives -1",
            minus_one_before_the_first,
            "In Python, -1 is the last frame: a clip would begin with the end of the video.",
        ),
        Misconception(
            "it gives the place of the packet",
            the_place_of_the_packet,
            "Frames are numbered in the order of showing. Where the packet lies in the file is "
            "another number as soon as there are B-frames.",
        ),
        Misconception(
            "it is one frame too far",
            one_too_far,
            "The number of frames that have begun is one more than the number of the last of "
            "them, since frames are counted from 0.",
        ),
        Misconception(
            "its clock starts with the first frame",
            on_the_clock_of_the_first_frame,
            "The moments are on the clock of `pts`. A stream may begin before or after 0, and "
            "sound and picture share that clock.",
        ),
        Misconception(
            "it takes seconds for units",
            seconds_for_units,
            "`pts` counts units of `time_base` seconds: divide the moments by it first.",
        ),
    ],
)
