"""Exercise of chapter 10: how many bytes a batch of clips takes."""

import numpy as np

from helpers import models
from helpers.course.exercise import Case, Exercise, Misconception, Property

DTYPES = ("bool", "uint8", "int16", "float16", "float32", "int64", "float64")


def itemsize(dtype):
    return np.dtype(dtype).itemsize


def counts_values(batch_size, num_frames, height, width, channels, dtype):
    return batch_size * num_frames * height * width * channels


def counts_bits(batch_size, num_frames, height, width, channels, dtype):
    return batch_size * num_frames * height * width * channels * itemsize(dtype) * 8


def always_float32(batch_size, num_frames, height, width, channels, dtype):
    return batch_size * num_frames * height * width * channels * 4


def always_float64(batch_size, num_frames, height, width, channels, dtype):
    return batch_size * num_frames * height * width * channels * 8


def without_channels(batch_size, num_frames, height, width, channels, dtype):
    return batch_size * num_frames * height * width * itemsize(dtype)


def a_single_frame(batch_size, num_frames, height, width, channels, dtype):
    return batch_size * height * width * channels * itemsize(dtype)


def a_single_clip(batch_size, num_frames, height, width, channels, dtype):
    return num_frames * height * width * channels * itemsize(dtype)


def square_frames(batch_size, num_frames, height, width, channels, dtype):
    return batch_size * num_frames * height * height * channels * itemsize(dtype)


def whole_megabytes(batch_size, num_frames, height, width, channels, dtype):
    values = batch_size * num_frames * height * width * channels
    return values * itemsize(dtype) // 10**6


def draw_case(rng):
    # Small enough for an answer that makes the batch and asks for its `nbytes`.
    batch_size, num_frames, channels = (int(n) for n in rng.integers(1, 9, 3))
    height, width = (int(n) for n in rng.integers(1, 100, 2))
    return batch_size, num_frames, height, width, channels, str(rng.choice(DTYPES))


batch_bytes = Exercise(
    reference=models.batch_bytes,
    chapter="10_what_is_a_video_model",
    task="Return how many bytes a batch of clips takes, from its sizes and its dtype.",
    minutes=3,
    difficulty=1,
    points=1,
    cases=[
        Case("one value of one byte", (1, 1, 1, 1, 1, "uint8")),
        Case("one value of eight bytes", (1, 1, 1, 1, 1, "float64")),
        Case("one value that is true or false", (1, 1, 1, 1, 1, "bool")),
        Case("two clips", (2, 1, 1, 1, 1, "uint8")),
        Case("two frames", (1, 2, 1, 1, 1, "uint8")),
        Case("two rows and three columns", (1, 1, 2, 3, 1, "uint8")),
        Case("three channels", (1, 1, 1, 1, 3, "uint8")),
        Case("half precision", (2, 3, 4, 5, 1, "float16")),
        Case("a batch for training", (8, 16, 224, 224, 3, "uint8")),
        Case("the same batch inside the model", (8, 16, 224, 224, 3, "float32")),
        Case("a second of Full HD", (1, 25, 1080, 1920, 3, "float32")),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "no value takes less than a byte",
            lambda args, got: got >= np.prod(args[:5]),
        ),
        Property(
            "it is a multiple of the number of values",
            lambda args, got: got % np.prod(args[:5]) == 0,
        ),
    ],
    hints=(
        "How many values are there in the batch, and how many bytes does each take?",
        "A value for each clip, frame, row, column and channel: multiply. The bytes of a value "
        "follow from the dtype, and NumPy knows them: look at `np.dtype(dtype)`.",
        '`np.dtype("float32").itemsize` is 4. Multiply `batch_size * num_frames * height * '
        "width * channels` by the `itemsize` of your dtype.",
    ),
    misconceptions=[
        Misconception(
            "it counts values, not bytes",
            counts_values,
            "A value takes one byte as uint8 or bool. As float32 it takes four, and so the same "
            "batch is four times as large inside the model.",
        ),
        Misconception(
            "it counts bits",
            counts_bits,
            "The 32 in float32 is a number of bits. A byte has 8 of them, so a value takes 4 "
            "bytes.",
        ),
        Misconception(
            "it takes every batch for float32",
            always_float32,
            "Frames come out of the decoder as uint8, a quarter of that: it is why a pipeline "
            "casts them last. Ask the dtype.",
        ),
        Misconception(
            "it takes every batch for float64",
            always_float64,
            "Eight bytes a value is what NumPy takes when nobody says a dtype. Here one is given.",
        ),
        Misconception(
            "it forgets the channels",
            without_channels,
            "A pixel in colour is three values, so it takes three times as much as a grey one.",
        ),
        Misconception(
            "it forgets the frames",
            a_single_frame,
            "That is a batch of images. A clip of 16 frames takes 16 times as much, which is "
            "part of what makes video hard.",
        ),
        Misconception(
            "it forgets the batch",
            a_single_clip,
            "That is one clip. There are `batch_size` of them in memory at once.",
        ),
        Misconception(
            "it takes the frames for square",
            square_frames,
            "A frame has `height` · `width` pixels, and most videos are wider than high.",
        ),
        Misconception(
            "it gives whole megabytes",
            whole_megabytes,
            "Bytes were asked for. And whole megabytes cut off the rest: a small batch would "
            "take none.",
        ),
    ],
)
