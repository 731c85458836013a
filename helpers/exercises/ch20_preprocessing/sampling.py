"""Exercises of chapter 20: which frames a dense and a segment sampling choose."""

import numpy as np

from helpers import video
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property


def starts_over(total_frames, num_frames, stride, start):
    return (start + stride * np.arange(num_frames)) % total_frames


def runs_past_the_end(total_frames, num_frames, stride, start):
    return start + stride * np.arange(num_frames)


def comes_out_short(total_frames, num_frames, stride, start):
    return np.arange(start, total_frames, stride)[:num_frames]


def stays_on_the_last_chosen(total_frames, num_frames, stride, start):
    last = start + (total_frames - 1 - start) // stride * stride
    return np.minimum(start + stride * np.arange(num_frames), last)


def moves_the_start(total_frames, num_frames, stride, start):
    start = max(0, min(start, total_frames - 1 - stride * (num_frames - 1)))
    return np.minimum(start + stride * np.arange(num_frames), total_frames - 1)


def leaves_stride_frames_out(total_frames, num_frames, stride, start):
    return np.minimum(start + (stride + 1) * np.arange(num_frames), total_frames - 1)


def ends_at_total_frames(total_frames, num_frames, stride, start):
    return np.minimum(start + stride * np.arange(num_frames), total_frames)


def takes_num_frames_for_the_end(total_frames, num_frames, stride, start):
    return np.arange(start, min(start + num_frames, total_frames), stride)


def forgets_the_stride(total_frames, num_frames, stride, start):
    return np.minimum(start + np.arange(num_frames), total_frames - 1)


def spreads_to_the_end(total_frames, num_frames, stride, start):
    return np.linspace(start, total_frames - 1, num_frames).astype(int)


def draw_dense(rng):
    total_frames = int(rng.integers(1, 120))
    return (
        total_frames,
        int(rng.integers(1, 17)),
        int(rng.integers(1, 9)),
        int(rng.integers(0, total_frames)),
    )


sample_dense = Exercise(
    reference=video.sample_dense,
    chapter="20_preprocessing",
    task=(
        "Return the indices of `num_frames` frames, `stride` apart, from frame `start` on; past "
        "the end of the video, repeat its last frame."
    ),
    minutes=5,
    difficulty=1,
    points=2,
    cases=[
        Case("a video of one frame", (1, 3, 2, 0)),
        Case("one frame wanted", (9, 1, 4, 5)),
        Case("it starts at the last frame", (6, 3, 1, 5)),
        Case("it ends at the last frame exactly", (10, 4, 3, 0)),
        Case("its end falls between two steps", (100, 4, 2, 96)),
        Case("neighbouring frames", (30, 5, 1, 12)),
        Case("16 × 4 in a long video", (400, 16, 4, 100)),
    ],
    random_case=draw_dense,
    properties=[
        Property("there are `num_frames` indices", lambda args, got: len(got) == args[1]),
        Property("the first is `start`", lambda args, got: got[0] == args[3]),
        Property(
            "each is a frame of the video, from 0 to `total_frames` - 1",
            lambda args, got: got.min() >= 0 and got.max() < args[0],
        ),
    ],
    hints=(
        "Forget the end of the video first: which frame is number 0, number 1, number i? Make "
        "all of them at once, then deal with those that do not exist.",
        "Frame number i is `start + stride * i`. Every index beyond the last frame becomes the "
        "last frame, whatever the stride. What is the last frame's index?",
        "`indices = start + stride * np.arange(num_frames)`, and then "
        "`np.minimum(indices, ...)` with the index of the last frame, `total_frames - 1`.",
    ),
    misconceptions=[
        Misconception(
            "it starts over at the end",
            starts_over,
            "The remainder puts frame 0 after the last: a shot cut that the video does not have, "
            "and a motion classifier sees it. Repeat the last frame.",
        ),
        Misconception(
            "it runs past the end",
            runs_past_the_end,
            "Some indices are not below `total_frames`: reading them fails, on short videos "
            "only, and so typically after hours of training.",
        ),
        Misconception(
            "it comes out short",
            comes_out_short,
            "Near the end there are fewer than `num_frames` indices, and a clip of another "
            "length fits in no batch.",
        ),
        Misconception(
            "it repeats the last chosen frame, not the last of the video",
            stays_on_the_last_chosen,
            "With 100 frames and steps of 2 from 96 on, 98 is followed by 99. Yours is "
            "torchcodec's rule, and a sound one; the docstring asks for the video's last frame.",
        ),
        Misconception(
            "it moves the start so that the clip fits",
            moves_the_start,
            "That is a sound rule, but another one: the caller asked for `start`, and two "
            "different starts now give the same clip.",
        ),
        Misconception(
            "it leaves `stride` frames out between two",
            leaves_stride_frames_out,
            "A stride is the step from one to the next, so a stride of 1 means neighbours.",
        ),
        Misconception(
            "it is one too far at the end",
            ends_at_total_frames,
            "Frames are counted from 0, so the last is `total_frames` - 1.",
        ),
        Misconception(
            "it forgets the stride",
            forgets_the_stride,
            "`stride` has no influence: the frames are neighbours, whatever was asked for.",
        ),
        Misconception(
            "it spreads the frames up to the end",
            spreads_to_the_end,
            "Then the step depends on how long the video is, and one motion looks fast in a long "
            "video and slow in a short one. The step is `stride`.",
        ),
        Misconception(
            "it takes `num_frames` for the length of the window",
            takes_num_frames_for_the_end,
            "`num_frames` says how many frames come out. They span "
            "(`num_frames` - 1) · `stride` + 1 frames of the video.",
        ),
    ],
    picture=pictures.frame_indices,
)


def always_the_middle(total_frames, num_frames, offsets):
    return video.sample_indices(total_frames, num_frames)


def one_offset_for_all(total_frames, num_frames, offsets):
    return ((np.arange(num_frames) + offsets[0]) * total_frames / num_frames).astype(int)


def whole_number_segments(total_frames, num_frames, offsets):
    length = total_frames // num_frames
    return (np.arange(num_frames) * length + np.asarray(offsets) * length).astype(int)


def rounds_twice(total_frames, num_frames, offsets):
    starts = np.arange(num_frames) * total_frames // num_frames
    return starts + (np.asarray(offsets) * total_frames / num_frames).astype(int)


def rounds_to_the_nearest(total_frames, num_frames, offsets):
    places = (np.arange(num_frames) + offsets) * total_frames / num_frames
    return np.round(places).astype(int)


def rounds_to_the_nearest_and_stops(total_frames, num_frames, offsets):
    return np.minimum(
        rounds_to_the_nearest(total_frames, num_frames, offsets), total_frames - 1
    )


def rounds_up(total_frames, num_frames, offsets):
    places = (np.arange(num_frames) + offsets) * total_frames / num_frames
    return np.minimum(np.ceil(places), total_frames - 1).astype(int)


def offsets_in_frames(total_frames, num_frames, offsets):
    return (np.arange(num_frames) * total_frames / num_frames + offsets).astype(int)


def anywhere_in_the_video(total_frames, num_frames, offsets):
    return np.sort((np.asarray(offsets) * total_frames).astype(int))


def without_a_guard(total_frames, num_frames, offsets):
    return ((np.arange(num_frames) + offsets) * total_frames / num_frames).astype(int)


def draw_segments(rng):
    num_frames = int(rng.integers(1, 17))
    return int(rng.integers(1, 300)), num_frames, rng.random(num_frames)


sample_segments = Exercise(
    reference=video.sample_segments,
    chapter="20_preprocessing",
    task=(
        "Cut the video into `num_frames` equal segments and return the index of one frame of "
        "each: `offsets` says how far into its segment it lies, from 0 up to but without 1."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("a video of one frame", (1, 2, np.array([0.9, 0.1]))),
        Case("one segment: the whole video", (10, 1, np.array([0.75]))),
        Case("the start of each segment", (16, 4, np.zeros(4))),
        Case("places that differ", (100, 4, np.array([0.0, 0.5, 0.9, 0.2]))),
        Case("segments that do not come out even", (10, 4, np.array([0.3, 0.9, 0.1, 0.7]))),
        Case("more segments than frames", (3, 5, np.array([0.9, 0.9, 0.2, 0.2, 0.9]))),
        Case("an offset a hair below 1", (8, 2, np.array([0.25, np.nextafter(1, 0)]))),
    ],
    random_case=draw_segments,
    properties=[
        Property("there are `num_frames` indices", lambda args, got: len(got) == args[1]),
        Property(
            "each is a frame of the video, from 0 to `total_frames` - 1",
            lambda args, got: got.min() >= 0 and got.max() < args[0],
        ),
        Property("time never runs backwards", lambda args, got: (np.diff(got) >= 0).all()),
    ],
    hints=(
        "On a line from 0 to `total_frames`, how long is one segment, and where does number i "
        "begin? The offset says which part of a segment's length to add.",
        "The place on the line is (i + offset) · `total_frames` / `num_frames`. Keep it a float "
        "until the end and round down once. Then look at the last frame: can the rounding of "
        "floats carry you past it?",
        "`places = (np.arange(num_frames) + offsets) * total_frames / num_frames`, then "
        "`places.astype(np.int64)`, and `np.minimum` with `total_frames - 1`.",
    ),
    misconceptions=[
        Misconception(
            "it always takes the middle",
            always_the_middle,
            "`offsets` has no influence. The middles are for validation; in training every epoch "
            "should see other frames.",
        ),
        Misconception(
            "it uses one offset for all segments",
            one_offset_for_all,
            "Each segment has an offset of its own, so use the whole array, not its first value. "
            "With one offset, the steps between frames are always equal.",
        ),
        Misconception(
            "its segments have a whole number of frames",
            whole_number_segments,
            "`total_frames // num_frames` throws the remainder away, and the end of the video is "
            "never seen. A segment may be 2.5 frames long.",
        ),
        Misconception(
            "it rounds twice",
            rounds_twice,
            "The start of the segment and the offset are each rounded down, which loses up to "
            "a frame. Add first, round once.",
        ),
        Misconception(
            "it rounds to the nearest frame",
            rounds_to_the_nearest,
            "Frame k lasts from k to k + 1 on the line, so a place inside it belongs to k: round "
            "down.",
        ),
        Misconception(
            "it rounds to the nearest frame, up to the last",
            rounds_to_the_nearest_and_stops,
            "Frame k lasts from k to k + 1 on the line, so a place inside it belongs to k: round "
            "down. Cutting off at the last frame hides that only there.",
        ),
        Misconception(
            "it rounds up",
            rounds_up,
            "Frame k lasts from k to k + 1 on the line, so a place inside it belongs to k. "
            "Rounded up, frame 0 is hardly ever seen.",
        ),
        Misconception(
            "it adds the offset as frames",
            offsets_in_frames,
            "An offset is a part of the segment, and 0.5 means its middle. Added as frames it "
            "moves nothing by a whole frame: only the starts of the segments are seen.",
        ),
        Misconception(
            "it draws from the whole video",
            anywhere_in_the_video,
            "Sorted random frames can all fall into the first half. One frame from each segment "
            "is what guarantees the coverage.",
        ),
        Misconception(
            "it can run past the end",
            without_a_guard,
            "1 plus the largest float below 1 is 2 after rounding, and the index becomes "
            "`total_frames`. Rare, and so the kind of crash that comes on the third day.",
        ),
    ],
    picture=pictures.frame_indices,
)
