"""Exercise of chapter 10: the channels between the two halves of a (2+1)D convolution."""

import math

from helpers import models
from helpers.course.exercise import Case, Exercise, Misconception, Property

CUBE = (3, 3, 3)


def weights_in_3d(in_channels, out_channels, kernel=CUBE):
    return math.prod(kernel) * in_channels * out_channels


def weights_of_a_middle_channel(in_channels, out_channels, kernel=CUBE):
    time, height, width = kernel
    return height * width * in_channels + time * out_channels


def rounds_to_the_nearest(in_channels, out_channels, kernel=CUBE):
    each = weights_of_a_middle_channel(in_channels, out_channels, kernel)
    return max(round(weights_in_3d(in_channels, out_channels, kernel) / each), 1)


def rounds_up(in_channels, out_channels, kernel=CUBE):
    each = weights_of_a_middle_channel(in_channels, out_channels, kernel)
    return math.ceil(weights_in_3d(in_channels, out_channels, kernel) / each)


def none_in_a_tiny_layer(in_channels, out_channels, kernel=CUBE):
    each = weights_of_a_middle_channel(in_channels, out_channels, kernel)
    return weights_in_3d(in_channels, out_channels, kernel) // each


def the_mean(in_channels, out_channels, kernel=CUBE):
    return (in_channels + out_channels) // 2


def as_many_as_come_out(in_channels, out_channels, kernel=CUBE):
    return out_channels


def time_first(in_channels, out_channels, kernel=CUBE):
    time, height, width = kernel
    each = time * in_channels + height * width * out_channels
    return max(weights_in_3d(in_channels, out_channels, kernel) // each, 1)


def without_time(in_channels, out_channels, kernel=CUBE):
    _, height, width = kernel
    space = height * width
    return max(space * in_channels * out_channels // (space * in_channels + out_channels), 1)


def time_in_one_half_only(in_channels, out_channels, kernel=CUBE):
    _, height, width = kernel
    each = height * width * in_channels + out_channels
    return max(weights_in_3d(in_channels, out_channels, kernel) // each, 1)


def whole_kernels_in_both_halves(in_channels, out_channels, kernel=CUBE):
    each = math.prod(kernel) * (in_channels + out_channels)
    return max(weights_in_3d(in_channels, out_channels, kernel) // each, 1)


def always_a_cube(in_channels, out_channels, kernel=CUBE):
    each = weights_of_a_middle_channel(in_channels, out_channels)
    return max(weights_in_3d(in_channels, out_channels) // each, 1)


def square_windows(in_channels, out_channels, kernel=CUBE):
    time, height, _ = kernel
    each = height * height * in_channels + time * out_channels
    return max(time * height * height * in_channels * out_channels // each, 1)


def draw_case(rng):
    in_channels, out_channels = (int(n) for n in rng.integers(1, 129, 2))
    return in_channels, out_channels, tuple(int(n) for n in rng.integers(1, 8, 3))


def weights_with(num_channels, args):
    return num_channels * weights_of_a_middle_channel(*args)


middle_channels = Exercise(
    reference=models.middle_channels,
    chapter="10_what_is_a_video_model",
    task=(
        "Return how many channels fit between the two halves of a (2+1)D convolution, so that "
        "the half in space and the half in time together have no more weights than the 3D "
        "convolution. There is one at least."
    ),
    minutes=6,
    difficulty=2,
    points=3,
    cases=[
        Case("no room for even one", (1, 1, (1, 1, 1))),
        Case("a kernel of one frame, and no room", (1, 1, (1, 3, 3))),
        Case("room for just one", (1, 2, (1, 1, 2))),
        Case("nothing said about the kernel", (5, 5)),
        Case("a kernel in time only", (2, 6, (3, 1, 1))),
        Case("a kernel of one frame", (8, 8, (1, 3, 3))),
        Case("more columns than rows", (2, 4, (5, 2, 3))),
        Case("few channels in, many out", (3, 64, (3, 3, 3))),
        Case("as many channels in as out", (64, 64, (3, 3, 3))),
        Case("twice as many channels out", (64, 128, (3, 3, 3))),
        Case("half as many channels out", (128, 64, (3, 3, 3))),
    ],
    random_case=draw_case,
    properties=[
        Property("there is at least one", lambda args, got: got >= 1),
        Property(
            "the two halves have no more weights than the 3D convolution, unless there is only "
            "one channel",
            lambda args, got: got == 1 or weights_with(got, args) <= weights_in_3d(*args),
        ),
        Property(
            "with one channel more they would have more",
            lambda args, got: weights_with(got + 1, args) > weights_in_3d(*args),
        ),
    ],
    hints=(
        "Suppose there are m channels in the middle. How many weights has the first half, from "
        "`in_channels` to m, and how many has the second, from m to `out_channels`?",
        "With a kernel of (time, height, width), the first half has height · width · "
        "`in_channels` · m weights and the second time · m · `out_channels`. Each middle channel "
        "costs the same: how often do the weights of the 3D convolution pay for it?",
        "`time * height * width * in_channels * out_channels // (height * width * in_channels + "
        "time * out_channels)`. That can be 0, so put it into `max(..., 1)`.",
    ),
    misconceptions=[
        Misconception(
            "it rounds to the nearest",
            rounds_to_the_nearest,
            "Rounded up, the two halves have more weights than the 3D convolution. Round down.",
        ),
        Misconception(
            "it rounds up",
            rounds_up,
            "Then the two halves have more weights than the 3D convolution, and a comparison "
            "with it is no longer fair. Round down.",
        ),
        Misconception(
            "it gives 0 for a tiny layer",
            none_in_a_tiny_layer,
            "Without a middle channel nothing gets through. One is the least, even if the layer "
            "then has more weights.",
        ),
        Misconception(
            "it takes the mean of both numbers of channels",
            the_mean,
            "That is between the two, but has nothing to do with weights: from 64 to 64, the "
            "mean leaves more than half of the weights unused.",
        ),
        Misconception(
            "it gives the output channels",
            as_many_as_come_out,
            "Then the two halves have far fewer weights than the 3D convolution. The paper fills "
            "them up, so that only the form is compared.",
        ),
        Misconception(
            "it convolves in time first",
            time_first,
            "The half in space comes first: it reads `in_channels` with height · width weights "
            "each. The half in time writes `out_channels`. Yours has them the other way round.",
        ),
        Misconception(
            "it leaves out the frames of the kernel",
            without_time,
            "The 3D kernel has height · width weights for each of its frames, and the half in "
            "time has a weight for each frame, too.",
        ),
        Misconception(
            "its half in time looks at one frame",
            time_in_one_half_only,
            "The second half has a weight for each frame of the kernel: time · `out_channels` "
            "for each middle channel.",
        ),
        Misconception(
            "it gives both halves the whole kernel",
            whole_kernels_in_both_halves,
            "With 27 weights a channel in both halves, nothing is factorised. For a kernel of "
            "(3, 3, 3), the first half has 9 and the second has 3.",
        ),
        Misconception(
            "it always takes a kernel of (3, 3, 3)",
            always_a_cube,
            "`kernel` has no influence. Networks also have kernels of (3, 7, 7) or (1, 3, 3).",
        ),
        Misconception(
            "it takes the kernel for square",
            square_windows,
            "A kernel has height · width weights in space, and the two may differ.",
        ),
    ],
)
