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


def leaves_the_ends(video, window):
    time, half = video.ndim - 4, window // 2
    filtered = np.moveaxis(video.copy(), time, 0)
    for t in range(half, video.shape[time] - half):
        around = np.take(video, range(t - half, t + half + 1), time)
        filtered[t] = np.median(around, axis=time)
    return np.moveaxis(filtered, 0, time)


def reads_what_it_has_filtered(video, window):
    half, last = window // 2, video.shape[-4] - 1
    filtered = np.moveaxis(video.copy(), -4, 0)
    for t in range(last + 1):
        around = np.clip(range(t - half, t + half + 1), 0, last)
        filtered[t] = np.median(filtered[around], axis=0)
    return np.moveaxis(filtered, 0, -4)


def one_frame_short(video, window):
    half, last = window // 2, video.shape[-4] - 1
    frames = np.moveaxis(video, -4, 0)
    around = [np.clip(range(t - half, t + half), 0, last).astype(int) for t in range(last + 1)]
    filtered = np.stack([np.median(frames[indices], axis=0) for indices in around])
    return np.moveaxis(filtered, 0, -4).astype(np.uint8)


def one_clip_alone(video, window):
    half = window // 2
    padded = np.pad(video, [(half, half), (0, 0), (0, 0), (0, 0)], mode="edge")
    return median_over(np.lib.stride_tricks.sliding_window_view(padded, window, axis=0))


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


def leaves_the_ends_of_the_first_axis(video, window):
    half, filtered = window // 2, video.copy()
    for t in range(half, len(video) - half):
        filtered[t] = np.median(video[t - half : t + half + 1], axis=0)
    return filtered


def scipy_for_one_clip(video, window):
    return ndimage.median_filter(video, size=(window, 1, 1, 1), mode="nearest")


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
ends = np.array([10, 90, 10, 10, 10, 80, 70], np.uint8).reshape(7, 1, 1, 1)

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
        # The second frame and the last but one: the outermost stay as they are in any case.
        Case("the ends", (ends, 5)),
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
            "it leaves the ends as they are",
            leaves_the_ends,
            "Only frames with a full window were filtered, so a flash near an end stays. Repeat "
            "the first and the last frame, and every frame has a full window.",
        ),
        Misconception(
            "it reads frames that it has already filtered",
            reads_what_it_has_filtered,
            "When the result is written over the input, half of each window is no longer the "
            "video. Read from one array and write to another.",
        ),
        Misconception(
            "its window lacks the last frame",
            one_frame_short,
            "A slice ends before its stop: `t - half : t + half` is one frame short, and the "
            "median of an even number lies between two. It is `t - half : t + half + 1`.",
        ),
        Misconception(
            "it takes one clip, but no batch",
            one_clip_alone,
            "The video can be (batch, frames, height, width, channels) too: five axes. Count "
            "from the end, where the frames are axis -4 in both.",
        ),
        Misconception(
            "it gives SciPy four sizes, also for a batch",
            scipy_for_one_clip,
            "`size` has one number for each axis, and a batch has five: put a 1 in front, "
            "`(1,) * (video.ndim - 4) + (window, 1, 1, 1)`.",
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
            "it takes the first axis for time, and leaves the ends as they are",
            leaves_the_ends_of_the_first_axis,
            "Two things: with a batch in front the first axis counts clips, not frames; and only "
            "frames with a full window were filtered, where the edge should be repeated.",
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
