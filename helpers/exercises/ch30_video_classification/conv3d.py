"""Exercise of chapter 30: a 3D convolution by hand."""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def zeros_needed(length, size, step):
    return max((-(-length // step) - 1) * step + size - length, 0)


def convolve(
    clip,
    kernel,
    stride,
    padding,
    *,
    zeros=zeros_needed,
    before=lambda n: n // 2,
    mode="constant",
    sum_up="thwcijk,ijkco->thwo",
):
    """A convolution in which one thing at a time can be wrong; each default is the right one."""
    window = kernel.shape[:3]
    if padding == "same":
        counts = [zeros(*axis) for axis in zip(clip.shape[:3], window, stride, strict=True)]
        clip = np.pad(clip, [(before(n), n - before(n)) for n in counts] + [(0, 0)], mode)
    windows = np.lib.stride_tricks.sliding_window_view(clip, window, axis=(0, 1, 2))
    windows = windows[:: stride[0], :: stride[1], :: stride[2]]
    return np.einsum(sum_up, windows, kernel)


def flips_the_kernel(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel[::-1, ::-1, ::-1], stride, padding)


def never_pads(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, "valid")


def always_pads(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, "same")


def half_a_kernel_on_both_sides(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, padding, zeros=lambda n, size, step: size // 2 * 2)


def zeros_as_for_stride_one(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, padding, zeros=lambda n, size, step: size - 1)


def extra_zero_first(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, padding, before=lambda n: n - n // 2)


def all_zeros_after(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, padding, before=lambda n: 0)


def kernel_on_both_sides(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, padding, zeros=lambda n, size, step: 2 * (size - 1))


def fewer_zeros_than_none(clip, kernel, stride=(1, 1, 1), padding="valid"):
    def zeros(length, size, step):
        return (-(-length // step) - 1) * step + size - length

    return convolve(clip, kernel, stride, padding, zeros=zeros)


def outputs_rounded_down(clip, kernel, stride=(1, 1, 1), padding="valid"):
    result = convolve(clip, kernel, stride, padding)
    if padding == "valid":
        return result
    frames, height, width = (n // s for n, s in zip(clip.shape[:3], stride, strict=True))
    return result[:frames, :height, :width]


def one_output_short(clip, kernel, stride=(1, 1, 1), padding="valid"):
    if padding == "same":
        return convolve(clip, kernel, stride, padding)
    frames, height, width = (
        (n - size) // step
        for n, size, step in zip(clip.shape[:3], kernel.shape[:3], stride, strict=True)
    )
    return convolve(clip, kernel, stride, padding)[:frames, :height, :width]


def one_output_short_of_any(clip, kernel, stride=(1, 1, 1), padding="valid"):
    length = clip.shape[:3]
    if padding == "same":
        length = [
            n + zeros_needed(n, size, step)
            for n, size, step in zip(length, kernel.shape[:3], stride, strict=True)
        ]
    frames, height, width = (
        max((n - size) // step, 0)
        for n, size, step in zip(length, kernel.shape[:3], stride, strict=True)
    )
    return convolve(clip, kernel, stride, padding)[:frames, :height, :width]


def windows_of_stride_one(clip, kernel, stride=(1, 1, 1), padding="valid"):
    frames, height, width = convolve(clip, kernel, stride, padding).shape[:3]
    window = kernel.shape[:3]
    if padding == "same":
        counts = [
            zeros_needed(*axis) for axis in zip(clip.shape[:3], window, stride, strict=True)
        ]
        clip = np.pad(clip, [(n // 2, n - n // 2) for n in counts] + [(0, 0)])
    return convolve(clip, kernel, (1, 1, 1), "valid")[:frames, :height, :width]


def edges_repeated(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, padding, mode="edge")


def without_stride(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, (1, 1, 1), padding)


def one_stride_for_all(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, (stride[0],) * 3, padding)


def stride_the_other_way_round(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride[::-1], padding)


def stride_in_space_only(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, (1, *stride[1:]), padding)


def the_first_channel(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip[..., :1], kernel[..., :1, :], stride, padding)


def channels_apart(clip, kernel, stride=(1, 1, 1), padding="valid"):
    each = convolve(clip, kernel, stride, padding, sum_up="thwcijk,ijkco->thwco")
    return each.reshape(*each.shape[:3], -1)


def channels_exchanged(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel.swapaxes(3, 4), stride, padding)


def the_mean(clip, kernel, stride=(1, 1, 1), padding="valid"):
    return convolve(clip, kernel, stride, padding) / np.prod(kernel.shape[:3])


def frame_by_frame(clip, kernel, stride=(1, 1, 1), padding="valid"):
    in_space = kernel[len(kernel) // 2 :][:1]  # the middle of the kernel, in time
    return convolve(clip, in_space, stride, padding)


def draw_convolution(rng):
    length, window = rng.integers(1, 6, 3), rng.integers(1, 4, 3)
    padding = str(rng.choice(["valid", "same"]))
    if padding == "valid":
        window = np.minimum(window, length)
    # Up to one more than the window: with larger strides and "same", the kernels of libraries
    # disagree, tests/from_scratch/test_convolution.py shows how.
    stride = tuple(int(n) for n in rng.integers(1, window + 2))
    channels, filters = (int(n) for n in rng.integers(1, 3, 2))
    if stride[1] == 1 < stride[2]:
        # Here the float32 kernel that TensorFlow 2.21 takes for one channel reads memory that
        # is not its own; a right answer that calls it must not be called wrong.
        channels = 2
    clip = np.round(rng.normal(size=(*length, channels)), 1)
    return clip, np.round(rng.normal(size=(*window, channels, filters)), 1), stride, padding


def along(axis, *values):
    """The values as a clip along one of its axes."""
    shape = [1, 1, 1, 1]
    shape[axis] = len(values)
    return np.array(values, float).reshape(shape)


def window_along(axis, *values):
    return along(axis, *values)[..., None]


def numbers(*shape):
    """Whole numbers in which no two neighbours are alike."""
    return (np.arange(np.prod(shape)) * 5 % 11 - 4.0).reshape(shape)


conv3d = Exercise(
    reference=from_scratch.conv3d,
    chapter="30_video_classification",
    task=(
        "Slide the kernel over frames, rows and columns of a clip; each output is the sum of "
        "the products in its window, over all input channels."
    ),
    minutes=25,
    difficulty=3,
    points=6,
    cases=[
        Case("one pixel", (along(0, 3), window_along(0, 2), (1, 1, 1), "valid")),
        Case(
            "neither stride nor padding given",
            (numbers(2, 2, 2, 1), numbers(1, 1, 1, 1, 1)),
        ),
        Case(
            "a window as long as the clip",
            (along(0, 1, 2, 4), window_along(0, 1, 10, 100), (1, 1, 1), "valid"),
        ),
        Case(
            "a change in time", (along(0, 1, 2, 4), window_along(0, -1, 1), (1, 1, 1), "valid")
        ),
        Case(
            "an odd number of zeros",
            (along(1, 1, 2, 4), window_along(1, 1, 10), (1, 1, 1), "same"),
        ),
        Case(
            "a window longer than the clip",
            (along(2, 1, 2), window_along(2, 1, 10, 100), (1, 1, 1), "same"),
        ),
        Case(
            "every second frame, zeros on one side only",
            (along(0, 1, 2, 3, 4), window_along(0, 1, 10, 100), (2, 1, 1), "same"),
        ),
        Case(
            "every second column, zeros on both sides",
            (along(2, 1, 2, 3, 4, 5), window_along(2, 1, 10, 100), (1, 1, 2), "same"),
        ),
        Case(
            "a window of one with a stride of two: no zeros at all",
            (along(1, 1, 2, 3, 4), window_along(1, 1), (1, 2, 1), "same"),
        ),
        Case(
            "two channels in, one out",
            (along(3, 2, 3), np.array([10.0, 1.0]).reshape(1, 1, 1, 2, 1), (1, 1, 1), "valid"),
        ),
        Case(
            "one channel in, two out",
            (along(0, 2, 3), np.array([10.0, 1.0]).reshape(1, 1, 1, 1, 2), (1, 1, 1), "valid"),
        ),
        Case(
            "two channels in, two out",
            (numbers(2, 1, 1, 2), numbers(1, 1, 1, 2, 2), (1, 1, 1), "same"),
        ),
        Case(
            "another stride for each axis",
            (numbers(4, 5, 6, 1), numbers(2, 3, 3, 1, 1), (1, 2, 3), "valid"),
        ),
        Case(
            "all at once",
            (numbers(5, 4, 6, 2), numbers(3, 2, 3, 2, 3), (2, 1, 2), "same"),
        ),
    ],
    random_case=draw_convolution,
    properties=[
        Property(
            "the last axis counts the output channels of the kernel",
            lambda args, got: got.shape[-1] == args[1].shape[-1],
        ),
        Property(
            'with "same", an axis of length n has ceil(n / stride) outputs',
            lambda args, got: (
                args[3:] != ("same",)
                or got.shape[:3]
                == tuple(-(-n // s) for n, s in zip(args[0].shape[:3], args[2], strict=True))
            ),
        ),
    ],
    hints=(
        'Write "valid" with a stride of 1 first. Which part of the clip does the output at frame '
        "t, row y and column x see, and over which axes do you sum? Then the stride: that output "
        "sees the part that begins at (t · stride[0], y · stride[1], x · stride[2]).",
        'For "same", ask along each axis where the last window ends: it begins at '
        "(outputs − 1) · stride and is as long as the kernel. What is missing there is the "
        "number of zeros, never below 0. Half of them, rounded down, come before the clip: "
        '`np.pad`. The rest is "valid".',
        "With `part` for the window, of the shape of `kernel[..., 0]`, an output is "
        "`np.einsum('ijkc,ijkco->o', part, kernel)`. The zeros along an axis are "
        "`max((outputs - 1) * step + size - length, 0)`, where outputs is "
        "`-(-length // step)`.",
    ),
    misconceptions=[
        Misconception(
            "it flips the kernel",
            flips_the_kernel,
            "That is the convolution of mathematics. The layers of deep learning do not flip: "
            "they learn the kernel anyway, so it would change nothing but the code.",
        ),
        Misconception(
            'it never pads, also with "same"',
            never_pads,
            "`padding` has no influence: the clip gets shorter and smaller with each layer.",
        ),
        Misconception(
            'it pads, also with "valid"',
            always_pads,
            '"valid" means that only windows that lie wholly inside the clip count.',
        ),
        Misconception(
            "it puts half a kernel of zeros on both sides",
            half_a_kernel_on_both_sides,
            "`size // 2` on each side is one zero too many for an even kernel, and with a stride "
            "the windows begin too early. Count the zeros from where the last window ends.",
        ),
        Misconception(
            "it counts the zeros as if the stride were 1",
            zeros_as_for_stride_one,
            "`size - 1` zeros are right for a stride of 1. With 4 frames, a kernel of 3 and a "
            "stride of 2 the last window needs one zero, not two; the second one, put in front, "
            "shifts every window by a frame. Weights from elsewhere then see other pixels.",
        ),
        Misconception(
            "it puts the extra zero before the clip",
            extra_zero_first,
            "When the number of zeros is odd, TensorFlow's convention has the extra one after "
            "the clip: `zeros // 2` come before.",
        ),
        Misconception(
            "it puts all zeros after the clip",
            all_zeros_after,
            "Then output t looks at frames from t on, and the clip seems to move: half of the "
            "zeros come before.",
        ),
        Misconception(
            "it pads by the whole kernel on both sides",
            kernel_on_both_sides,
            "`size - 1` zeros on each side make the result longer than the clip: SciPy calls "
            'that "full".',
        ),
        Misconception(
            "it pads by a negative number of zeros",
            fewer_zeros_than_none,
            "When the stride is larger than the kernel, the last window can end before the clip "
            "does, and what is missing is below 0. Take `max(..., 0)`.",
        ),
        Misconception(
            'it rounds the number of outputs down with "same"',
            outputs_rounded_down,
            "5 frames with a stride of 2 give 3 outputs, at frames 0, 2 and 4: ceil(n / stride).",
        ),
        Misconception(
            'it is one output short with "valid"',
            one_output_short,
            "Windows begin at 0, stride, 2 · stride, up to n − size: that is "
            "(n − size) // stride + 1 of them.",
        ),
        Misconception(
            "it is one output short",
            one_output_short_of_any,
            "Windows begin at 0, stride, 2 · stride, up to n − size, with n counted after the "
            "padding: that is (n − size) // stride + 1 of them. The `+ 1` is missing.",
        ),
        Misconception(
            "its windows begin at every frame, whatever the stride",
            windows_of_stride_one,
            "The result has the right shape, but output (t, y, x) sees the window that begins "
            "there. It begins at (t · stride[0], y · stride[1], x · stride[2]).",
        ),
        Misconception(
            "it repeats the edge instead of padding with zeros",
            edges_repeated,
            "`np.pad` can repeat the edge; the convention of the layers is zeros.",
        ),
        Misconception(
            "it ignores the stride",
            without_stride,
            "`stride` has no influence: the result has as many frames, rows and columns as with "
            "a stride of 1.",
        ),
        Misconception(
            "it takes the stride of the frames for all axes",
            one_stride_for_all,
            "A video network often keeps the frames and halves the picture, (1, 2, 2): each axis "
            "has its own stride.",
        ),
        Misconception(
            "it reads the stride from the other end",
            stride_the_other_way_round,
            "The order is frames, rows, columns, as in the clip's axes; not x, y, t.",
        ),
        Misconception(
            "it has no stride in time",
            stride_in_space_only,
            "`stride[0]` is the step from frame to frame: with 2, every second frame has an "
            "output.",
        ),
        Misconception(
            "it takes only the first input channel",
            the_first_channel,
            "Each output sums over all input channels: red, green and blue have weights of "
            "their own in each filter.",
        ),
        Misconception(
            "it keeps the input channels apart",
            channels_apart,
            "Without the sum over input channels it is a depthwise convolution, with in · out "
            "channels at the end.",
        ),
        Misconception(
            "it exchanges input and output channels",
            channels_exchanged,
            "The kernel ends in (in_channels, out_channels), Keras's order. PyTorch's begins "
            "with (out_channels, in_channels).",
        ),
        Misconception(
            "it divides by the size of the window",
            the_mean,
            "A convolution is a weighted sum, not a mean: the kernel holds the weights as they "
            "are.",
        ),
        Misconception(
            "it works frame by frame",
            frame_by_frame,
            "With one slice of the kernel for each frame, it never looks at the neighbours: a "
            "2D convolution, which cannot see motion.",
        ),
    ],
    equivalent_mutants={
        "line 41: True -> False": "The validation has seen to three numbers each already."
    },
)
