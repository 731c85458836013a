"""Exercise of chapter 20: each pixel replaced by its median over time."""

import numpy as np
from scipy import ndimage

from helpers import preprocessing
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch20_preprocessing.arrays import draw_pixels, ramp


def windows_of(video, before, after, mode="edge"):
    padding = [(0, 0)] * video.ndim
    padding[-4] = (before, after)
    padded = np.pad(video, padding, mode=mode)
    return np.lib.stride_tricks.sliding_window_view(padded, before + after + 1, axis=-4)


def median_over(windows):
    return np.median(windows, axis=-1).astype(np.uint8)


def mean_over_time(video, window):
    return windows_of(video, window // 2, window // 2).mean(axis=-1).astype(np.uint8)


def black_beyond_the_ends(video, window):
    return median_over(windows_of(video, window // 2, window // 2, "constant"))


def mirrored_beyond_the_ends(video, window):
    return median_over(windows_of(video, window // 2, window // 2, "reflect"))


def only_the_past(video, window):
    return median_over(windows_of(video, window - 1, 0))


def window_on_each_side(video, window):
    return median_over(windows_of(video, window, window))


def without_padding(video, window):
    windows = np.lib.stride_tricks.sliding_window_view(video, window, axis=-4)
    return median_over(windows)


def fewer_frames_at_the_ends(video, window):
    time, half = video.ndim - 4, window // 2
    frames = [
        np.median(
            np.take(video, range(max(0, t - half), min(video.shape[time], t + half + 1)), time),
            axis=time,
        )
        for t in range(video.shape[time])
    ]
    return np.stack(frames, axis=time).astype(np.uint8)


def first_axis_is_time(video, window):
    half = window // 2
    padded = np.pad(video, [(half, half)] + [(0, 0)] * (video.ndim - 1), mode="edge")
    return median_over(np.lib.stride_tricks.sliding_window_view(padded, window, axis=0))


def slices_the_first_axis(video, window):
    half = window // 2
    frames = [
        np.median(video[max(0, t - half) : t + half + 1], axis=0) for t in range(len(video))
    ]
    return np.array(frames).astype(np.uint8)


def scipys_usual_edges(video, window):
    size = (1,) * (video.ndim - 4) + (window, 1, 1, 1)
    return ndimage.median_filter(video, size=size)


def over_the_whole_clip(video, window):
    median = np.median(video, axis=-4, keepdims=True)
    return np.broadcast_to(median, video.shape).astype(np.uint8)


def over_space(video, window):
    size = (1,) * (video.ndim - 3) + (window, window, 1)
    return ndimage.median_filter(video, size=size, mode="nearest")


def over_all_axes(video, window):
    return ndimage.median_filter(video, size=window, mode="nearest")


def median_in_floats(video, window):
    return np.median(windows_of(video, window // 2, window // 2), axis=-1)


def draw_median(rng):
    shape = [int(n) for n in rng.integers([1, 1, 1], [8, 4, 4])]
    if rng.random() < 0.4:
        shape.insert(0, int(rng.integers(1, 4)))
    pixels = draw_pixels(rng, *shape, int(rng.choice([1, 3])))
    return pixels, int(rng.choice([1, 3, 5, 7]))


flash = np.array([10, 10, 255, 10, 30], np.uint8).reshape(5, 1, 1, 1)

temporal_median = Exercise(
    reference=preprocessing.temporal_median,
    chapter="20_preprocessing",
    task=(
        "Replace each pixel by the median of what it shows in the `window` frames around its "
        "own; before the first frame and after the last, that frame is repeated."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("one frame", (ramp(1, 1, 1, 1), 3)),
        Case("a window of one frame changes nothing", (ramp(3, 1, 2, 1), 1)),
        Case("a flash of one frame", (flash, 3)),
        Case("the ends", (np.array([90, 10, 10, 10, 70], np.uint8).reshape(5, 1, 1, 1), 5)),
        Case("a window longer than the clip", (ramp(3, 1, 1, 1), 7)),
        Case("rows and columns", (ramp(4, 3, 3, 1), 3)),
        Case("a batch of two clips in colour", (ramp(2, 4, 2, 2, 3), 3)),
    ],
    random_case=draw_median,
    properties=[
        Property("the shape stays", lambda args, got: got.shape == args[0].shape),
        Property("the dtype is uint8", lambda args, got: got.dtype == np.uint8),
    ],
    hints=(
        "For each frame you need `window` frames: half of them before it, half after. Make the "
        "clip longer at both ends first, by repeating its first and its last frame.",
        "`np.pad(..., mode='edge')` repeats; pad the axis of the frames and no other. That axis "
        "is the fourth from the end, -4, with a batch in front or without. Then "
        "`np.lib.stride_tricks.sliding_window_view` gives all windows, in a new last axis.",
        "`padding = [(0, 0)] * (video.ndim - 4) + [(half, half), (0, 0), (0, 0), (0, 0)]`, then "
        "`windows = sliding_window_view(padded, window, axis=-4)` and "
        "`np.median(windows, axis=-1).astype(np.uint8)`.",
    ),
    misconceptions=[
        Misconception(
            "it takes the mean",
            mean_over_time,
            "A flash of one frame is spread over its neighbours rather than removed: a mean "
            "leaves ghosts.",
        ),
        Misconception(
            "it puts black frames before and after",
            black_beyond_the_ends,
            "The first and the last frames turn dark, since black is now in their windows. "
            "Repeat the edge.",
        ),
        Misconception(
            "it mirrors the clip at its ends",
            mirrored_beyond_the_ends,
            "Before the first frame comes the first frame again, not the second.",
        ),
        Misconception(
            "it looks at the past only",
            only_the_past,
            "The window lies around the frame. One that ends at it is what a live stream needs, "
            "and delays everything that moves.",
        ),
        Misconception(
            "it takes `window` frames on each side",
            window_on_each_side,
            "`window` counts all frames, the middle one too: `window // 2` on each side.",
        ),
        Misconception(
            "it comes out shorter",
            without_padding,
            "Without padding the first and the last frames have no window and vanish, and with "
            "them the match of frames and labels.",
        ),
        Misconception(
            "its window is shorter at the ends",
            fewer_frames_at_the_ends,
            "Slicing stops at the clip's end, so the first frame has half a window, often an "
            "even number of frames, whose median lies between two. Repeat the edge instead.",
        ),
        Misconception(
            "it takes the first axis for time",
            first_axis_is_time,
            "With a batch in front the first axis counts clips: different videos are mixed. "
            "Count the axes from the end.",
        ),
        Misconception(
            "it slices the first axis, and its window is shorter at the ends",
            slices_the_first_axis,
            "Two things: with a batch in front the first axis counts clips, not frames, and a "
            "slice stops at the ends, where the edge should be repeated.",
        ),
        Misconception(
            "it mirrors the clip at its ends, as SciPy does unless told otherwise",
            scipys_usual_edges,
            'The default of `ndimage`, `mode="reflect"`, goes on with the first frame and then '
            'the second. Repeating the first is `mode="nearest"`.',
        ),
        Misconception(
            "it takes the median of the whole clip",
            over_the_whole_clip,
            "Every frame becomes the same picture, the background. That is a way to find what "
            "moves, not to denoise.",
        ),
        Misconception(
            "its median is over space",
            over_space,
            "The neighbours are in other frames, at the same place, not in the same frame.",
        ),
        Misconception(
            "its median is over all axes",
            over_all_axes,
            "A single number for SciPy's `size` is used for rows, columns and channels too.",
        ),
        Misconception(
            "it returns floats",
            median_in_floats,
            "The median of an odd number of pixels is one of them, so nothing is lost by going "
            "back to uint8, and seven eighths of the memory are saved.",
        ),
    ],
    picture=pictures.clip_difference,
)
