"""Exercise of chapter 10: parameters and multiply-accumulates of a convolution."""

import math

from helpers import models
from helpers.course.exercise import Case, Exercise, Misconception, Property


def without_input_channels(in_channels, out_channels, kernel, output_size, bias=True):
    weights = out_channels * math.prod(kernel)
    return weights + out_channels * bias, weights * math.prod(output_size)


def never_a_bias(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    return weights, weights * math.prod(output_size)


def always_a_bias(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    return weights + out_channels, weights * math.prod(output_size)


def one_bias_altogether(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    return weights + bias, weights * math.prod(output_size)


def each_weight_used_once(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    return weights + out_channels * bias, weights


def a_mac_for_the_bias(in_channels, out_channels, kernel, output_size, bias=True):
    parameters = (in_channels * math.prod(kernel) + bias) * out_channels
    return parameters, parameters * math.prod(output_size)


def two_operations(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    return weights + out_channels * bias, 2 * weights * math.prod(output_size)


def a_cube(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * kernel[0] ** len(kernel)
    return weights + out_channels * bias, weights * math.prod(output_size)


def kernel_in_space_only(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel[-2:])
    return weights + out_channels * bias, weights * math.prod(output_size)


def input_channels_twice(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    macs = weights * in_channels * math.prod(output_size)
    return weights + out_channels * bias, macs


def one_output_channel(in_channels, out_channels, kernel, output_size, bias=True):
    each = in_channels * math.prod(kernel)
    return (each + bias) * out_channels, each * math.prod(output_size)


def a_single_frame(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    return weights + out_channels * bias, weights * math.prod(output_size[-2:])


def macs_first(in_channels, out_channels, kernel, output_size, bias=True):
    weights = in_channels * out_channels * math.prod(kernel)
    return weights * math.prod(output_size), weights + out_channels * bias


def draw_case(rng):
    in_channels, out_channels = (int(n) for n in rng.integers(1, 65, 2))
    num_axes = int(rng.integers(1, 4))
    kernel = tuple(int(n) for n in rng.integers(1, 8, num_axes))
    output_size = tuple(int(n) for n in rng.integers(1, 33, num_axes))
    return in_channels, out_channels, kernel, output_size, bool(rng.integers(2))


convolution_cost = Exercise(
    reference=models.convolution_cost,
    chapter="10_what_is_a_video_model",
    task=(
        "Return how many parameters a convolution has, and how many multiply-accumulates (MACs) "
        "it takes for one clip or image. It may slide along any number of axes."
    ),
    minutes=6,
    difficulty=2,
    points=2,
    cases=[
        Case("one weight, used once", (1, 1, (1,), (1,), False)),
        Case("one weight and one bias", (1, 1, (1,), (1,), True)),
        Case("nothing said about the bias", (1, 2, (1,), (1,))),
        Case("two channels in, one out", (2, 1, (1,), (1,), False)),
        Case("one channel in, two out", (1, 2, (1,), (1,), False)),
        Case("along one axis", (1, 1, (3,), (5,), False)),
        Case("more columns than rows", (1, 1, (2, 3), (1, 1), False)),
        Case("a kernel in time only", (2, 3, (3, 1, 1), (2, 1, 1), True)),
        Case("a kernel in space only", (2, 3, (1, 3, 3), (2, 1, 1), True)),
        Case("the first layer of a 2D network", (3, 64, (3, 3), (32, 32), True)),
        Case("the same layer in 3D", (3, 64, (3, 3, 3), (16, 32, 32), True)),
        Case(
            "without the bias, as before a normalisation",
            (64, 128, (3, 3, 3), (8, 14, 14), False),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "a bias is one parameter for each output channel, or none",
            lambda args, got: got[0] % args[1] == 0,
        ),
        Property(
            "every position of the output costs the same number of MACs",
            lambda args, got: got[1] % math.prod(args[3]) == 0,
        ),
    ],
    hints=(
        "Take a single number of the output. How many numbers of the input does it see, and so "
        "how many weights and how many multiplications does it need?",
        "It sees the whole kernel, in every input channel. Each output channel has such a set of "
        "weights of its own. The weights are the same at all positions, but the multiplications "
        "are done anew at each.",
        "`weights = in_channels * out_channels * math.prod(kernel)`. With a bias there are "
        "`out_channels` parameters more. The MACs are `weights * math.prod(output_size)`.",
    ),
    misconceptions=[
        Misconception(
            "it forgets the input channels",
            without_input_channels,
            "An output channel has a kernel for each input channel and adds up what they give. "
            "With 64 channels in, that is 64 times as many weights.",
        ),
        Misconception(
            "it forgets the bias",
            never_a_bias,
            "With `bias`, each output channel has one parameter more.",
        ),
        Misconception(
            "it adds a bias always",
            always_a_bias,
            "`bias=False` means that there is none. It is usual before a normalisation, which "
            "has one of its own.",
        ),
        Misconception(
            "it has one bias for all channels",
            one_bias_altogether,
            "Each output channel has its own bias: `out_channels` of them.",
        ),
        Misconception(
            "it uses each weight once for the whole clip",
            each_weight_used_once,
            "The kernel slides: every weight is used at every position of the output. That is "
            "why a convolution has few parameters and takes long all the same.",
        ),
        Misconception(
            "it counts the bias among the MACs",
            a_mac_for_the_bias,
            "A bias is added, and nothing is multiplied. By the docstring it is no MAC.",
        ),
        Misconception(
            "it counts a MAC as two operations",
            two_operations,
            "A multiplication and an addition together are one MAC and two FLOPs. Papers "
            "confuse the two; the docstring asks for MACs.",
        ),
        Misconception(
            "it takes the kernel for a cube",
            a_cube,
            "A kernel can have another size along each axis: (3, 1, 1) sees three frames of one "
            "pixel, 3 weights and not 27. Multiply the sizes.",
        ),
        Misconception(
            "it forgets the frames of the kernel",
            kernel_in_space_only,
            "A 3D kernel has weights for each of its frames: 3 · 3 · 3, three times as many as "
            "in 2D.",
        ),
        Misconception(
            "it multiplies the MACs by the input channels twice",
            input_channels_twice,
            "The weights count the input channels already: each weight is used once at each "
            "position.",
        ),
        Misconception(
            "it counts the MACs of one output channel",
            one_output_channel,
            "At each position there is a number to compute for every output channel, each with "
            "weights of its own.",
        ),
        Misconception(
            "it forgets the frames of the output",
            a_single_frame,
            "A 3D kernel slides in time, too: there are positions in every frame of the output. "
            "Multiply all of `output_size`.",
        ),
        Misconception(
            "it gives the MACs first",
            macs_first,
            "The order is (parameters, MACs).",
        ),
    ],
)
