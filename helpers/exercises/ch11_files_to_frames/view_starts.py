"""Exercise of chapter 11: where the test clips of a video start."""

import numpy as np

from helpers import video
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property


def last_start_of(total_frames, num_frames, stride):
    return max(0, total_frames - (num_frames - 1) * stride - 1)


def spread(last_start, num_views):
    if num_views == 1:
        return np.array([last_start // 2])
    return np.arange(num_views) * last_start // (num_views - 1)


def one_past_the_end(total_frames, num_frames, stride, num_views):
    return spread(last_start_of(total_frames, num_frames, stride) + 1, num_views)


def forgets_the_stride(total_frames, num_frames, stride, num_views):
    return spread(max(0, total_frames - num_frames), num_views)


def frames_times_stride(total_frames, num_frames, stride, num_views):
    return spread(max(0, total_frames - num_frames * stride), num_views)


def segments_of_the_video(total_frames, num_frames, stride, num_views):
    return np.arange(num_views) * total_frames // num_views


def never_reaches_the_end(total_frames, num_frames, stride, num_views):
    last_start = last_start_of(total_frames, num_frames, stride)
    return np.arange(num_views) * last_start // num_views


def middles(total_frames, num_frames, stride, num_views):
    num_starts = last_start_of(total_frames, num_frames, stride) + 1
    return (2 * np.arange(num_views) + 1) * num_starts // (2 * num_views)


def negative_in_short_videos(total_frames, num_frames, stride, num_views):
    return spread(total_frames - (num_frames - 1) * stride - 1, num_views)


def a_single_view_at_the_start(total_frames, num_frames, stride, num_views):
    last_start = last_start_of(total_frames, num_frames, stride)
    return np.arange(num_views) * last_start // max(1, num_views - 1)


def rounds_to_the_nearest(total_frames, num_frames, stride, num_views):
    last_start = last_start_of(total_frames, num_frames, stride)
    if num_views == 1:
        return np.array([last_start // 2])
    return np.round(np.linspace(0, last_start, num_views)).astype(int)


def truncates_floats(total_frames, num_frames, stride, num_views):
    last_start = last_start_of(total_frames, num_frames, stride)
    if num_views == 1:
        return np.array([last_start // 2])
    return (np.arange(num_views) * (last_start / (num_views - 1))).astype(int)


def truncates_linspace(total_frames, num_frames, stride, num_views):
    last_start = last_start_of(total_frames, num_frames, stride)
    if num_views == 1:
        return np.array([last_start // 2])
    return np.linspace(0, last_start, num_views).astype(int)


def a_whole_step(total_frames, num_frames, stride, num_views):
    last_start = last_start_of(total_frames, num_frames, stride)
    if num_views == 1:
        return np.array([last_start // 2])
    return np.arange(num_views) * (last_start // (num_views - 1))


def end_to_end(total_frames, num_frames, stride, num_views):
    return np.arange(num_views) * ((num_frames - 1) * stride + 1)


def each_start_once(total_frames, num_frames, stride, num_views):
    return np.unique(spread(last_start_of(total_frames, num_frames, stride), num_views))


def draw_case(rng):
    return (
        int(rng.integers(1, 400)),
        int(rng.integers(1, 17)),
        int(rng.integers(1, 9)),
        int(rng.integers(1, 13)),
    )


def span_of(args):
    return (args[1] - 1) * args[2] + 1


view_starts = Exercise(
    reference=video.view_starts,
    chapter="11_files_to_frames",
    task=(
        "Return where `num_views` test clips of a video start: the first at its beginning, the "
        "last so that it ends with the video, the others evenly between; a single one in the "
        "middle."
    ),
    minutes=6,
    difficulty=2,
    points=2,
    cases=[
        Case("a video of one frame", (1, 1, 1, 1)),
        Case("a video that is too short", (10, 8, 4, 3)),
        Case("a video that is as long as a clip", (29, 8, 4, 3)),
        Case("a single view", (100, 16, 2, 1)),
        Case("two views: both ends", (100, 16, 2, 2)),
        Case("steps that do not come out even", (101, 16, 2, 4)),
        Case("more views than places", (33, 16, 2, 5)),
        Case("clips of one frame", (10, 1, 5, 4)),
        Case("an end that floats miss", (62, 1, 1, 8)),
        Case("a start that floats miss", (123, 1, 1, 15)),
        Case("ten views of ten seconds", (300, 8, 8, 10)),
    ],
    random_case=draw_case,
    properties=[
        Property("there are `num_views` starts", lambda args, got: len(got) == args[3]),
        Property("no start is below 0", lambda args, got: got.min() >= 0),
        Property(
            "where a clip fits into the video, every clip ends inside it",
            lambda args, got: got.max() + span_of(args) <= max(args[0], span_of(args)),
        ),
    ],
    hints=(
        "Look at the last clip: its last frame is to be the video's last. From a clip's first "
        "frame to its last, how many frames of the video does it span?",
        "A clip spans (`num_frames` - 1) · `stride` + 1 frames. So the last start is "
        "`total_frames` minus that, but never below 0. Cut the way from 0 to there into "
        "`num_views` - 1 steps, and mind a single view.",
        "`np.arange(num_views) * last_start // (num_views - 1)` in whole numbers: multiply "
        "first, divide last. For one view, `np.array([last_start // 2])`.",
    ),
    misconceptions=[
        Misconception(
            "its last clip ends one frame behind the video",
            one_past_the_end,
            "The span counts both ends: (`num_frames` - 1) · `stride` + 1. A widely used "
            "tutorial has this mistake, and now and then reads a frame that does not exist.",
        ),
        Misconception(
            "it forgets the stride",
            forgets_the_stride,
            "Eight frames with a stride of 4 span 29 frames of the video, not 8: the last clips "
            "run over the end.",
        ),
        Misconception(
            "it takes `num_frames` · `stride` for the span",
            frames_times_stride,
            "After the last frame nothing is left out, so the span is (`num_frames` - 1) · "
            "`stride` + 1. Some loaders use yours; it misses the last frames of the video.",
        ),
        Misconception(
            "it cuts the video into parts and starts at each",
            segments_of_the_video,
            "The last part begins too late when it is shorter than a clip. Spread the *starts*, "
            "from 0 to the last possible one.",
        ),
        Misconception(
            "it never comes to the end of the video",
            never_reaches_the_end,
            "From the first start to the last there are `num_views` - 1 steps. SlowFast's first "
            "loader divided by `num_views`: a sound rule, but another, and the end is not seen.",
        ),
        Misconception(
            "it takes the middles of equal parts",
            middles,
            "That is how chapter 00 chose frames, and a sound rule for clips too. Here the "
            "first clip begins with the video and the last ends with it.",
        ),
        Misconception(
            "it starts below 0 in short videos",
            negative_in_short_videos,
            "Where a clip does not fit, the last start would be negative, and in Python a "
            "negative index counts from the end. Start at 0.",
        ),
        Misconception(
            "it puts a single view at the start",
            a_single_view_at_the_start,
            "One view has to stand for the whole video, so it is the middle one. At the start "
            "there is often a title.",
        ),
        Misconception(
            "it rounds to the nearest",
            rounds_to_the_nearest,
            "MMAction2 does, torchcodec rounds down; the docstring asks for that. A frame is no "
            "great matter, but two protocols are not one.",
        ),
        Misconception(
            "it computes the step as a float",
            truncates_floats,
            "A product that should be whole can come out a hair below, and is then cut off. "
            "Multiply first, divide last, in whole numbers.",
        ),
        Misconception(
            "it leaves the rounding to `np.linspace`",
            truncates_linspace,
            "`linspace` reaches the end exactly, but a start between can come out a hair below "
            "a whole number and is then cut off: with 15 views, `np.linspace(0, 122, 15)` has "
            "60.99999999999999 where 61 is right.",
        ),
        Misconception(
            "its step is a whole number",
            a_whole_step,
            "The remainder of the division is lost at each step, and the last clip ends before "
            "the video does.",
        ),
        Misconception(
            "it puts one clip behind the other",
            end_to_end,
            "Then a long video is seen at its beginning only, and a short one runs out.",
        ),
        Misconception(
            "it leaves out starts that come twice",
            each_start_once,
            "In a short video some views are alike. Averaging expects `num_views` of them all "
            "the same.",
        ),
    ],
    picture=pictures.frame_indices,
)
