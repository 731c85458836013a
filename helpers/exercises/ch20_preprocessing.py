"""The exercises of chapter 20: from a file to what a model is fed, and how near two clips are."""

import numpy as np
from scipy import ndimage

from helpers import metrics, preprocessing, video
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property


def ramp(*shape):
    """A clip in which no two neighbouring values are alike."""
    return (np.arange(np.prod(shape)) * 37 % 251).astype(np.uint8).reshape(shape)


def draw_pixels(rng, *shape):
    return rng.integers(0, 256, shape).astype(np.uint8)


# --- sample_dense


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


# --- sample_segments


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


# --- crop_and_flip


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


# --- normalize


def without_255(video, mean, std):
    return (video - np.asarray(mean)) / np.asarray(std)


def divides_at_the_end(video, mean, std):
    return (video - np.asarray(mean)) / np.asarray(std) / 255


def float64_all_the_way(video, mean, std):
    return (video / 255 - np.asarray(mean)) / np.asarray(std)


def whole_number_division(video, mean, std):
    return (video // 255 - np.asarray(mean)) / np.asarray(std)


def own_statistics(video, mean, std):
    scaled = video / 255
    axes = tuple(range(video.ndim - 1))
    return (scaled - scaled.mean(axes)) / scaled.std(axes)


def own_mean_of_all_channels(video, mean, std):
    scaled = video / 255
    return (scaled - scaled.mean()) / scaled.std()


def channels_first(video, mean, std):
    mean, std = np.asarray(mean)[:, None, None], np.asarray(std)[:, None, None]
    return (video / 255 - mean) / std


def divides_by_256(video, mean, std):
    return (video / 256 - np.asarray(mean)) / np.asarray(std)


def over_the_variance(video, mean, std):
    return (video / 255 - np.asarray(mean)) / np.asarray(std) ** 2


def divides_before_it_subtracts(video, mean, std):
    return video / 255 / np.asarray(std) - np.asarray(mean)


def undoes_it(video, mean, std):
    return video / 255 * np.asarray(std) + np.asarray(mean)


def statistics_in_bgr(video, mean, std):
    mean, std = np.atleast_1d(mean), np.atleast_1d(std)
    return (video / 255 - mean[::-1]) / std[::-1]


def from_minus_one(video, mean, std):
    return (video / 127.5 - 1 - np.asarray(mean)) / np.asarray(std)


def draw_normalize(rng):
    channels = int(rng.choice([1, 3]))
    shape = [int(n) for n in rng.integers(1, 5, 3 + int(rng.integers(0, 2)))]
    pixels = draw_pixels(rng, *shape, channels)
    if rng.random() < 0.2:
        return pixels, float(rng.random()), float(rng.uniform(0.1, 1))
    return pixels, rng.random(channels).tolist(), rng.uniform(0.1, 1, channels).tolist()


normalize = Exercise(
    reference=preprocessing.normalize,
    chapter="20_preprocessing",
    task=(
        "Scale 8-bit pixels to [0, 1], subtract the mean of their channel and divide by its "
        "standard deviation; the result is float32."
    ),
    minutes=5,
    difficulty=1,
    points=2,
    cases=[
        Case("black", (np.zeros((1, 1, 1, 3), np.uint8), [0.5, 0.5, 0.0], [0.5, 0.25, 1.0])),
        Case(
            "white", (np.full((1, 1, 1, 3), 255, np.uint8), [0.5, 0.5, 0.0], [0.5, 0.25, 1.0])
        ),
        Case("one number for all channels", (ramp(1, 1, 2, 3), 0.45, 0.225)),
        Case("a grey clip", (ramp(2, 1, 2, 1), [0.5], [0.25])),
        Case("ImageNet's", (ramp(2, 2, 2, 3), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])),
        Case("a batch", (ramp(2, 2, 1, 2, 3), [0.2, 0.4, 0.6], [0.3, 0.2, 0.1])),
    ],
    random_case=draw_normalize,
    properties=[
        Property("the shape stays", lambda args, got: got.shape == args[0].shape),
        Property("the dtype is float32", lambda args, got: got.dtype == np.float32),
    ],
    tolerance=(1e-5, 1e-5),
    hints=(
        "Three steps, in the order of the docstring's first line. The channels are the last "
        "axis, so NumPy lines up three means with them by itself.",
        "Make the pixels float32 before you compute, and the statistics too: one float64 operand "
        "makes the whole result float64, twice the memory.",
        "`scaled = video.astype(np.float32) / 255`, then "
        "`(scaled - np.asarray(mean, np.float32)) / np.asarray(std, np.float32)`.",
    ),
    misconceptions=[
        Misconception(
            "it does not divide by 255",
            without_255,
            "The mean and the deviation are those of pixels from 0 to 1. Without the division "
            "the network gets numbers in the hundreds where it was trained on −3 to 3.",
        ),
        Misconception(
            "it divides by 255 at the end",
            divides_at_the_end,
            "A mean of 0.5 is subtracted from pixels of up to 255. The scaling comes first, so "
            "that both are on one scale.",
        ),
        Misconception(
            "it returns float64",
            float64_all_the_way,
            "The numbers are right but take twice the memory: uint8 / 255, and a list of floats, "
            "are float64 in NumPy. Convert to float32 first.",
        ),
        Misconception(
            "it divides in whole numbers",
            whole_number_division,
            "`//` leaves 1 for white and 0 for all else. Use `/`.",
        ),
        Misconception(
            "it takes the clip's own statistics",
            own_statistics,
            "Then a dark clip and a bright one become alike, and a constant one divides by "
            "zero. Use the statistics of the data that the network was trained on.",
        ),
        Misconception(
            "it takes one mean and deviation of the clip itself",
            own_mean_of_all_channels,
            "`mean` and `std` have no influence, and a dark clip and a bright one become alike. "
            "Use the statistics of the data that the network was trained on, for each channel.",
        ),
        Misconception(
            "it lines the statistics up for channels that come first",
            channels_first,
            "`[:, None, None]` is for PyTorch's (channels, height, width). Here the channels are "
            "last, and three numbers line up with them as they are.",
        ),
        Misconception(
            "it divides by 256",
            divides_by_256,
            "8 bits have 256 values, but the largest is 255, and white should be 1.",
        ),
        Misconception(
            "it divides by the variance",
            over_the_variance,
            "`std` is the deviation already, not to be squared. Keras's layer takes the "
            "variance; PyTorch's and this take the deviation.",
        ),
        Misconception(
            "it divides before it subtracts",
            divides_before_it_subtracts,
            "The mean is that of the pixels as they are, so subtract it first.",
        ),
        Misconception(
            "it undoes the normalisation",
            undoes_it,
            "Multiplying and adding is the way back, from the network's input to a picture.",
        ),
        Misconception(
            "it has red and blue the wrong way round",
            statistics_in_bgr,
            "The first mean belongs to the first channel. BGR is OpenCV's order; here it is RGB.",
        ),
        Misconception(
            "it scales to −1 to 1 first",
            from_minus_one,
            "Some networks want −1 to 1 and nothing else. Mean and deviation belong to 0 to 1.",
        ),
    ],
    picture=pictures.clip_difference,
)


# --- temporal_median


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


# --- psnr


def range_of(reference, data_range):
    return 255 if data_range is None else data_range


def squared_error(reference, image):
    return np.mean((reference.astype(float) - image) ** 2)


def decibels(ratio):
    return float(10 * np.log10(ratio)) if ratio else -float("inf")


def overflows(reference, image, data_range=None):
    error = np.mean((reference - image) ** 2, dtype=float)
    return (
        float("inf") if error == 0 else decibels(range_of(reference, data_range) ** 2 / error)
    )


def always_255(reference, image, data_range=None):
    error = squared_error(reference, image)
    return float("inf") if error == 0 else decibels(255**2 / error)


def range_of_the_content(reference, image, data_range=None):
    error = squared_error(reference, image)
    return float("inf") if error == 0 else decibels(float(reference.max()) ** 2 / error)


def range_not_squared(reference, image, data_range=None):
    error = squared_error(reference, image)
    return float("inf") if error == 0 else decibels(range_of(reference, data_range) / error)


def twice_the_decibels(reference, image, data_range=None):
    return 2 * metrics.psnr(reference, image, data_range)


def half_the_decibels(reference, image, data_range=None):
    return metrics.psnr(reference, image, data_range) / 2


def natural_logarithm(reference, image, data_range=None):
    return metrics.psnr(reference, image, data_range) * np.log(10)


def absolute_error(reference, image, data_range=None):
    error = np.mean(np.abs(reference.astype(float) - image))
    return (
        float("inf") if error == 0 else decibels(range_of(reference, data_range) ** 2 / error)
    )


def mean_of_the_frames(reference, image, data_range=None):
    if reference.ndim < 4:
        return metrics.psnr(reference, image, data_range)
    # Each frame on the scale of the whole clip.
    scale = 255 if data_range is None else data_range
    errors = [squared_error(*frames) for frames in zip(reference, image, strict=True)]
    return float(np.mean([decibels(scale**2 / e) if e else np.inf for e in errors]))


def a_hundred_for_equal(reference, image, data_range=None):
    decibels = metrics.psnr(reference, image, data_range)
    return 100 if decibels == float("inf") else decibels


def made_for_8_bits(reference, image, data_range=None):
    error = squared_error(reference, image)
    return 100 if error == 0 else decibels(255**2 / error)


def the_formula_as_it_stands(reference, image, data_range=None):
    error = np.mean((reference - image) ** 2, dtype=float)
    return float("inf") if error == 0 else decibels(255**2 / error)


def in_bels(reference, image, data_range=None):
    return metrics.psnr(reference, image, data_range) / 10


def noise_to_signal(reference, image, data_range=None):
    return -metrics.psnr(reference, image, data_range)


def draw_psnr(rng):
    shape = [int(n) for n in rng.integers(1, 6, int(rng.integers(2, 5)))]
    kind = int(rng.integers(3))
    if kind == 0:
        reference, image = draw_pixels(rng, 2, *shape)
        return reference, image, None
    reference, image = rng.random((2, *shape))
    return (reference, image, 1.0) if kind == 1 else (2 * reference - 1, 2 * image - 1, 2.0)


def moved(amount):
    """A frame whose every other pixel is that much brighter than in the reference."""
    reference = np.full((2, 2, 1), 100, np.uint8)
    image = reference.copy()
    image[0] += np.uint8(amount)
    return reference, image


psnr = Exercise(
    reference=metrics.psnr,
    chapter="20_preprocessing",
    task=(
        "Return the peak signal-to-noise ratio of `image` against `reference` in decibels, and "
        "infinity when the two are equal."
    ),
    minutes=8,
    difficulty=1,
    points=3,
    cases=[
        Case("equal images", (ramp(2, 2), ramp(2, 2), None)),
        Case("black against white", (np.zeros((2, 2), np.uint8), ramp(2, 2) * 0 + 255, None)),
        Case(
            "one grey level everywhere", (ramp(2, 2) // 2, ramp(2, 2) // 2 + np.uint8(1), None)
        ),
        Case("twenty grey levels, brighter", (*moved(20), None)),
        Case("darker", (*moved(20)[::-1], None)),
        Case("floats from 0 to 1", (np.array([[0.0, 0.5]]), np.array([[0.25, 0.5]]), 1.0)),
        Case("floats from −1 to 1", (np.array([[-1.0, 0.5]]), np.array([[-0.5, 0.5]]), 2.0)),
        Case(
            "a clip with one good and one bad frame",
            (
                np.full((2, 1, 2, 1), 100, np.uint8),
                np.array([101, 101, 110, 110], np.uint8).reshape(2, 1, 2, 1),
                None,
            ),
        ),
    ],
    random_case=draw_psnr,
    properties=[
        Property(
            "it is never below 0 for images within the range", lambda args, got: got >= 0.0
        ),
    ],
    hints=(
        "Three parts: an error (one number for the whole array), a ratio, a logarithm. Before "
        "the first subtraction, ask what uint8 does to 3 − 5.",
        "Subtract in float64 and take the mean of the squares. The ratio is the square of the "
        "data range, 255 for uint8, over that error. An error of 0 needs a word of its own.",
        "`error = reference.astype(np.float64) - image`, `mse = np.mean(error**2)`; when it is "
        '0, `float("inf")`; else `10 * np.log10(data_range**2 / mse)` with 255 where '
        "`data_range` is None.",
    ),
    misconceptions=[
        Misconception(
            "it overflows in uint8",
            overflows,
            "In uint8, 3 − 5 is 254 and 16 · 16 is 0, without a warning. Convert to float before "
            "the subtraction.",
        ),
        Misconception(
            "it always takes 255 for the range",
            always_255,
            "For floats from 0 to 1 that adds 48 decibels to any result. The classic way to "
            "publish a wonderful number.",
        ),
        Misconception(
            "it takes the largest value for the range",
            range_of_the_content,
            "L is the distance from black to white that the format allows, not what this "
            "picture happens to hold: a dark scene would be judged more harshly.",
        ),
        Misconception(
            "it does not square the range",
            range_not_squared,
            "The error is squared, so the peak must be too: L² / MSE.",
        ),
        Misconception(
            "it counts 20 for each power of ten of the squared error",
            twice_the_decibels,
            "20 · log10 goes with L / √MSE, 10 · log10 with L² / MSE. This mixes them.",
        ),
        Misconception(
            "it takes the root and counts 10",
            half_the_decibels,
            "10 · log10 goes with L² / MSE; with the root, L / √MSE, it is 20 · log10.",
        ),
        Misconception(
            "its logarithm is natural",
            natural_logarithm,
            "Decibels are tenths of powers of ten: `np.log10`, not `np.log`.",
        ),
        Misconception(
            "its error is absolute, not squared",
            absolute_error,
            "PSNR is defined by the mean squared error, which punishes large errors more.",
        ),
        Misconception(
            "it averages the frames' PSNR",
            mean_of_the_frames,
            "The mean of logarithms is not the logarithm of the mean, and never below it. Both "
            "are in use; here the error is averaged over the whole array.",
        ),
        Misconception(
            "it gives equal images 100",
            a_hundred_for_equal,
            "No finite number is right: 100 is a convention that enters averages unseen. The "
            "docstring asks for infinity.",
        ),
        Misconception(
            "it always takes 255, and gives equal images 100",
            made_for_8_bits,
            "Many a snippet on the web is written so. For floats from 0 to 1 it adds 48 decibels, "
            "and 100 is no measurement.",
        ),
        Misconception(
            "it is the formula for 8 bits, computed in 8 bits",
            the_formula_as_it_stands,
            "Two things: in uint8 the difference and its square wrap around, so convert to float "
            "first; and 255 is the range of 8-bit pixels only.",
        ),
        Misconception(
            "it is in bels",
            in_bels,
            "A decibel is a tenth of a bel: multiply the logarithm by 10.",
        ),
        Misconception(
            "it has the ratio upside down",
            noise_to_signal,
            "Signal over noise: L² above, the error below. Larger is better.",
        ),
    ],
    equivalent_mutants={
        "line 28: if mean_squared_error == 0:\n    return float('inf') -> if False:\n    "
        "return float('inf')": "NumPy divides by zero to inf too, only with a warning."
    },
)


# --- ssim


def similarity(
    reference,
    image,
    data_range=None,
    window="gaussian",
    *,
    k=(0.01, 0.03),
    inside=True,
    sample=None,
    radius=None,
    axes=(-3, -2),
    subtract_means=True,
    deviations=False,
    parts="both",
    number=float,
):
    """SSIM in which one thing at a time can be wrong; each default is the right one."""
    scale = range_of(reference, data_range)
    half = 5 if window == "gaussian" else 3
    sample = (window == "uniform") if sample is None else sample

    def local_mean(values):
        values = np.asarray(values, float)
        if window == "gaussian":
            return ndimage.gaussian_filter(values, 1.5, radius=radius or half, axes=axes)
        return ndimage.uniform_filter(values, 2 * half + 1, axes=axes)

    x, y = reference.astype(number), image.astype(number)
    mx, my = local_mean(x), local_mean(y)
    n = (2 * half + 1) ** 2
    factor = n / (n - 1) if sample else 1.0
    vx, vy, c = (
        factor * (local_mean(a * b) - subtract_means * p * q)
        for a, b, p, q in ((x, x, mx, mx), (y, y, my, my), (x, y, mx, my))
    )
    c1, c2 = k[0] ** 2 * scale**2, k[1] ** 2 * scale**2
    if deviations:
        vx, vy = np.sqrt(np.maximum(vx, 0)), np.sqrt(np.maximum(vy, 0))
    if parts == "no structure":
        c = np.sqrt(np.maximum(vx, 0) * np.maximum(vy, 0))
    luminance = (2 * mx * my + c1) / (mx**2 + my**2 + c1)
    structure = (2 * c + c2) / (vx + vy + c2)
    each = {"luminance": luminance, "structure": structure}.get(parts, luminance * structure)
    cut = slice(half, -half) if inside else slice(None)
    return float(np.mean(each[..., cut, cut, :]))


def one_window(reference, image, data_range=None, window="gaussian"):
    scale = range_of(reference, data_range)
    x, y = reference.astype(float), image.astype(float)
    c1, c2 = (0.01 * scale) ** 2, (0.03 * scale) ** 2
    mx, my, covariance = x.mean(), y.mean(), np.mean((x - x.mean()) * (y - y.mean()))
    luminance = (2 * mx * my + c1) / (mx**2 + my**2 + c1)
    return float(luminance * (2 * covariance + c2) / (x.var() + y.var() + c2))


def edges_too(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, inside=False)


def no_constants(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, k=(0, 0))


def constants_without_range(reference, image, data_range=None, window="gaussian"):
    scale = range_of(reference, data_range)
    return similarity(reference, image, data_range, window, k=(0.01 / scale, 0.03 / scale))


def constants_not_squared(reference, image, data_range=None, window="gaussian"):
    scale = range_of(reference, data_range)
    k = np.sqrt(0.01 / scale), np.sqrt(0.03 / scale)
    return similarity(reference, image, data_range, window, k=k)


def range_of_255(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, 255, window)


def products_in_uint8(reference, image, data_range=None, window="gaussian"):
    number = reference.dtype.type
    return similarity(reference, image, data_range, window, number=number)


def always_divided_by_n(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, sample=False)


def always_divided_by_n_minus_1(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, sample=True)


def without_the_small_print(reference, image, data_range=None, window="gaussian"):
    return similarity(
        reference, image, data_range, window, sample=False, radius=6, inside=False
    )


def first_two_axes(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, axes=(0, 1))


def always_gaussian(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, "gaussian")


def gaussian_too_wide(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, radius=6)


def across_the_channels(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, axes=None)


def square_of_the_mean_kept(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, subtract_means=False)


def deviations_for_variances(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, deviations=True)


def no_structure(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, parts="no structure")


def no_luminance(reference, image, data_range=None, window="gaussian"):
    return similarity(reference, image, data_range, window, parts="structure")


def draw_ssim(rng):
    height, width = (int(n) for n in rng.integers(11, 19, 2))
    shape = (height, width, int(rng.choice([1, 3])))
    if rng.random() < 0.3:
        shape = (2, *shape)
    window = str(rng.choice(["gaussian", "uniform"]))
    smooth = ndimage.gaussian_filter(rng.random(shape), 2, axes=(-3, -2))
    reference = np.clip((smooth - 0.5) * 3 + 0.5, 0, 1)
    image = np.clip(reference + rng.normal(0, 0.15, shape), 0, 1)
    if rng.random() < 0.6:
        reference, image = ((255 * a).astype(np.uint8) for a in (reference, image))
        return reference, image, None, window
    return reference, image, 1.0, window


def slope(size):
    return np.add.outer(np.arange(size) * 9, np.arange(size) * 3).astype(np.uint8)[..., None]


ssim = Exercise(
    reference=metrics.ssim,
    chapter="20_preprocessing",
    task=(
        "Return the structural similarity of `image` and `reference`, averaged over all pixels "
        "whose window lies inside the frame, with either of the two usual windows."
    ),
    minutes=25,
    difficulty=3,
    points=6,
    cases=[
        Case("equal images", (slope(11), slope(11), None, "gaussian")),
        Case("flat and equal: black", (slope(11) * 0, slope(11) * 0, None, "uniform")),
        Case("the smallest frame, negated", (slope(11), 255 - slope(11), None, "gaussian")),
        Case(
            "a frame of 7 rows, equal weights",
            (slope(10)[:7], slope(10)[6::-1], None, "uniform"),
        ),
        Case("brighter by 40", (slope(12) // 2, slope(12) // 2 + 40, None, "gaussian")),
        Case("floats from 0 to 1", (slope(12) / 255, slope(12)[::-1] / 510, 1.0, "gaussian")),
        Case("a colour frame", (ramp(12, 13, 3), ramp(12, 13, 3)[:, ::-1], None, "uniform")),
        Case(
            "a clip of two frames",
            (ramp(2, 12, 12, 1), ramp(2, 12, 12, 1)[::-1], None, "gaussian"),
        ),
    ],
    random_case=draw_ssim,
    properties=[Property("it is at most 1", lambda args, got: got <= 1 + 1e-9)],
    hints=(
        "Write a function that gives the local mean of an array: `ndimage.gaussian_filter` or "
        "`ndimage.uniform_filter` over height and width. All else is made of five local means: "
        "of x, y, x·x, y·y and x·y.",
        "Variance: the mean of the squares minus the square of the mean. Covariance: the mean of "
        "the product minus the product of the means. Dividing by n − 1, as the uniform window "
        "does, multiplies all three by 49 / 48. Do it all in float64.",
        "`ndimage.gaussian_filter(values, sigma=1.5, radius=5, axes=(-3, -2))` or "
        "`ndimage.uniform_filter(values, size=7, axes=(-3, -2))`; the formula of the docstring, "
        "then cut 5 (or 3) pixels off each side, `[..., 5:-5, 5:-5, :]`, and take the mean.",
    ),
    misconceptions=[
        Misconception(
            "it takes the whole image for one window",
            one_window,
            "SSIM is local: a blur here and a sharpened edge there cancel out in one mean and "
            "one variance. Slide the window and average.",
        ),
        Misconception(
            "it counts the edges",
            edges_too,
            "Windows that hang over the edge see mirrored pixels, not the picture. Leave out 5 "
            "(or 3) pixels on each side.",
        ),
        Misconception(
            "it has no constants",
            no_constants,
            "On a flat or black patch it divides 0 by 0, and near it the result jumps about. "
            "That is what c1 and c2 are for.",
        ),
        Misconception(
            "its constants lack the data range",
            constants_without_range,
            "c1 is (0.01 · L)², not 0.01². At 8 bits that is a factor of 65,025, and dark flat "
            "areas become far too important.",
        ),
        Misconception(
            "its constants are not squared",
            constants_not_squared,
            "c1 is (0.01 · L)², since it is added to squares.",
        ),
        Misconception(
            "it always takes 255 for the range",
            range_of_255,
            "For floats from 0 to 1 the constants drown the picture, and everything is nearly "
            "the same as everything.",
        ),
        Misconception(
            "it overflows in uint8",
            products_in_uint8,
            "x · x of 8-bit pixels wraps around at 256. Convert to float64 before the products.",
        ),
        Misconception(
            "it divides by n in both windows",
            always_divided_by_n,
            "The uniform window, as in scikit-image by default, takes the sample covariance: "
            "divided by n − 1, so multiply by 49 / 48.",
        ),
        Misconception(
            "it divides by n − 1 in both windows",
            always_divided_by_n_minus_1,
            "The Gaussian window, as in the paper, divides by n. Only the uniform one takes n − 1.",
        ),
        Misconception(
            "it has the formula, without the details of the windows",
            without_the_small_print,
            "Three details are missing: the Gaussian ends after 5 pixels (`radius=5`), the "
            "uniform window multiplies variances and covariance by 49 / 48, and pixels whose "
            "window hangs over the edge are left out.",
        ),
        Misconception(
            "it filters the first two axes",
            first_two_axes,
            "Of a clip, these are frames and rows. Height and width are the third and the second "
            "axis from the end: `axes=(-3, -2)`.",
        ),
        Misconception(
            "it takes the Gaussian for both windows",
            always_gaussian,
            "`window` has no influence. The two give different numbers for the same pair, which "
            "is why a paper has to say which it used.",
        ),
        Misconception(
            "its Gaussian is too wide",
            gaussian_too_wide,
            "SciPy cuts a Gaussian at four deviations, here after 6 pixels: 13×13. The paper's "
            "window is 11×11: `radius=5`.",
        ),
        Misconception(
            "it blurs across channels and frames",
            across_the_channels,
            "Without `axes=(-3, -2)` the filter runs along all axes, and red looks into green.",
        ),
        Misconception(
            "it forgets to subtract the means",
            square_of_the_mean_kept,
            "The mean of x · x is not the variance: take off the square of the mean, and for the "
            "covariance the product of the means.",
        ),
        Misconception(
            "it adds deviations, not variances",
            deviations_for_variances,
            "The denominator has the variances. A root there puts it on another scale than the "
            "covariance above it.",
        ),
        Misconception(
            "it leaves the structure out",
            no_structure,
            "The product of two deviations is always positive. Only the covariance knows whether "
            "bright is bright in both: a negative picture must score below 0.",
        ),
        Misconception(
            "it leaves the brightness out",
            no_luminance,
            "The factor with the means is missing: a picture that is brighter everywhere would "
            "count as equal.",
        ),
    ],
    equivalent_mutants={
        "line 49: 2 * radius + 1 -> 2 * radius - 1": "It refuses fewer frames that are too small.",
        "line 49: 2 * radius -> 2 + radius": "It refuses fewer frames that are too small.",
    },
)

EXERCISES = (
    sample_dense,
    sample_segments,
    normalize,
    crop_and_flip,
    psnr,
    temporal_median,
    ssim,
)
