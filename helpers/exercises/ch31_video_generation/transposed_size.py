"""Exercise of chapter 31: how long an axis is after a transposed convolution."""

from helpers import generation
from helpers.course.exercise import Case, Exercise, Misconception, Property


def right(size, kernel, stride, padding, output_padding):
    return generation.transposed_size(size, kernel, stride, padding, output_padding)


def of_a_convolution(size, kernel, stride, padding="same", output_padding=None):
    if padding == "same":
        return -(-size // stride)
    return (size - kernel) // stride + 1


def ceiling_always(size, kernel, stride, padding="same", output_padding=None):
    return -(-size // stride)


def same_of_a_convolution(size, kernel, stride, padding="same", output_padding=None):
    if padding == "same" and output_padding is None:
        return -(-size // stride)
    return right(size, kernel, stride, padding, output_padding)


def of_pytorch(size, kernel, stride, padding="same", output_padding=None):
    cut = kernel // 2 if padding == "same" else 0
    return (size - 1) * stride - 2 * cut + kernel + (output_padding or 0)


def same_keeps_the_size(size, kernel, stride, padding="same", output_padding=None):
    if padding == "same" and output_padding is None:
        return size
    return right(size, kernel, stride, padding, output_padding)


def gaps_forgotten(size, kernel, stride, padding="same", output_padding=None):
    if padding == "valid" and output_padding is None:
        return (size - 1) * stride + kernel
    return right(size, kernel, stride, padding, output_padding)


def a_kernel_for_each(size, kernel, stride, padding="same", output_padding=None):
    if padding == "valid" and output_padding is None:
        return size * stride + kernel - 1
    return right(size, kernel, stride, padding, output_padding)


def size_times_stride_plus_kernel(size, kernel, stride, padding="same", output_padding=None):
    if padding == "valid":
        return size * stride + kernel + (output_padding or 0)
    return right(size, kernel, stride, padding, output_padding)


def padding_ignored(size, kernel, stride, padding="same", output_padding=None):
    return right(size, kernel, stride, "valid", output_padding)


def always_same(size, kernel, stride, padding="same", output_padding=None):
    return right(size, kernel, stride, "same", output_padding)


def valid_when_not_given(size, kernel, stride, padding="valid", output_padding=None):
    return right(size, kernel, stride, padding, output_padding)


def output_padding_ignored(size, kernel, stride, padding="same", output_padding=None):
    return right(size, kernel, stride, padding, None)


def output_padding_on_top(size, kernel, stride, padding="same", output_padding=None):
    return right(size, kernel, stride, padding, None) + (output_padding or 0)


def output_padding_at_both_ends(size, kernel, stride, padding="same", output_padding=None):
    return right(size, kernel, stride, padding, output_padding) + (output_padding or 0)


def zero_taken_for_not_given(size, kernel, stride, padding="same", output_padding=None):
    return right(size, kernel, stride, padding, output_padding or None)


def cut_at_one_end(size, kernel, stride, padding="same", output_padding=None):
    if padding == "same" and output_padding is not None:
        return (size - 1) * stride + kernel - kernel // 2 + output_padding
    return right(size, kernel, stride, padding, output_padding)


def cut_rounded_away(size, kernel, stride, padding="same", output_padding=None):
    if padding == "same" and output_padding is not None:
        return (size - 1) * stride + kernel - 2 * ((kernel - 1) // 2) + output_padding
    return right(size, kernel, stride, padding, output_padding)


def cut_of_kernel_less_one(size, kernel, stride, padding="same", output_padding=None):
    if padding == "same" and output_padding is not None:
        return (size - 1) * stride + 1 + output_padding
    return right(size, kernel, stride, padding, output_padding)


def same_as_a_cut(size, kernel, stride, padding="same", output_padding=None):
    if padding == "same":
        return (size - 1) * stride + 1 + (output_padding or 0)
    return right(size, kernel, stride, padding, output_padding)


def without_the_stride(size, kernel, stride, padding="same", output_padding=None):
    return size + kernel - 1 if padding == "valid" else size


def draw_sizes(rng):
    size, kernel, stride = (int(n) for n in rng.integers(1, [9, 7, 5]))
    padding = str(rng.choice(["same", "valid"]))
    output_padding = int(rng.integers(stride)) if rng.random() < 0.5 else None
    if padding == "same" and kernel % 2 == 0 and output_padding == 0:
        output_padding = None  # Keras computes that size, but on some machines cannot run it
    return size, kernel, stride, padding, output_padding


transposed_size = Exercise(
    reference=generation.transposed_size,
    chapter="31_video_generation",
    task=(
        "Return how long an axis of `size` is after a transposed convolution with this kernel, "
        "stride and padding, as in Keras."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("one pixel, as in a generator's beginning", (1, 4, 1, "valid")),
        Case("stride 1, same", (5, 3, 1, "same")),
        Case("stride 1, valid", (5, 3, 1, "valid")),
        Case("same, and nothing else given", (4, 3, 2)),
        Case("stride 2, kernel 4, same", (12, 4, 2, "same")),
        Case("stride 2, kernel 4, valid", (12, 4, 2, "valid")),
        Case("a kernel of 1 with the stride 3, valid", (4, 1, 3, "valid")),
        Case("a kernel as long as the stride, valid", (4, 2, 2, "valid")),
        Case("output_padding 0, same", (4, 3, 2, "same", 0)),
        Case("output_padding 1, same", (4, 3, 2, "same", 1)),
        Case("output_padding 1, same, an even kernel", (4, 4, 2, "same", 1)),
        Case("output_padding 2 of a stride of 3, valid", (4, 5, 3, "valid", 2)),
        Case("output_padding 0, valid, a short kernel", (4, 1, 3, "valid", 0)),
    ],
    random_case=draw_sizes,
    properties=[
        Property(
            "with the stride 1, same and an odd kernel the size stays",
            lambda args, got: (
                args[2] != 1 or "valid" in args or args[1] % 2 == 0 or got == args[0]
            ),
        ),
    ],
    hints=(
        "Lay the kernel down once for each input, `stride` apart. How long is the whole, from the "
        "beginning of the first copy to the end of the last?",
        "That span is (size − 1) · stride + kernel. valid keeps it, and where the kernel is "
        "shorter than the stride, adds the last gap. same is size · stride. What changes with "
        "output_padding stands in the docstring.",
        "With output_padding: `span - 2 * (kernel // 2 if padding == 'same' else 0) + "
        "output_padding`. Without: `size * stride` for same, `span + max(stride - kernel, 0)` for "
        "valid. Ask `output_padding is not None`, since 0 is given, too.",
    ),
    misconceptions=[
        Misconception(
            "it is the formula of a convolution",
            of_a_convolution,
            "A transposed convolution goes the other way: it makes the axis longer.",
        ),
        Misconception(
            "its same is that of a convolution",
            same_of_a_convolution,
            "A convolution makes the axis `stride` times shorter, rounded up. A transposed one "
            "goes the other way: `size * stride`.",
        ),
        Misconception(
            "it divides by the stride",
            ceiling_always,
            "That is a convolution with same padding. A transposed one goes the other way, and "
            "padding and output_padding have their say.",
        ),
        Misconception(
            "it is PyTorch's formula",
            of_pytorch,
            "There padding is a number and output_padding is 0 when not given. Keras's same makes "
            "the axis exactly `stride` times as long.",
        ),
        Misconception(
            "its same keeps the size",
            same_keeps_the_size,
            "That holds for the stride 1. In general same means `stride` times as long.",
        ),
        Misconception(
            "it forgets the last gap where the kernel is shorter than the stride",
            gaps_forgotten,
            "Keras gives every input `stride` places at least: the length is "
            "(size − 1) · stride + max(kernel, stride).",
        ),
        Misconception(
            "it counts one stride too many, less 1",
            a_kernel_for_each,
            "From the first copy to the last there are size − 1 steps of `stride`, and then one "
            "kernel.",
        ),
        Misconception(
            "it counts one stride too many",
            size_times_stride_plus_kernel,
            "Between `size` copies there are size − 1 steps, not `size`.",
        ),
        Misconception(
            "it takes every padding for valid",
            padding_ignored,
            "same cuts the ends: `stride` times as long, no more.",
        ),
        Misconception(
            "it takes every padding for same",
            always_same,
            "valid cuts nothing: the result covers all copies of the kernel.",
        ),
        Misconception(
            "its padding is valid when not given",
            valid_when_not_given,
            "In Keras's layers it is, but the docstring's signature has same.",
        ),
        Misconception(
            "it ignores output_padding",
            output_padding_ignored,
            "Given, it decides which of the `stride` possible lengths comes out.",
        ),
        Misconception(
            "it adds output_padding to the length that it would have without",
            output_padding_on_top,
            "Given, it takes the place of the other rules: the span, less the cuts, plus it.",
        ),
        Misconception(
            "it adds output_padding at both ends",
            output_padding_at_both_ends,
            "It is added once, at the end.",
        ),
        Misconception(
            "it takes an output_padding of 0 for none",
            zero_taken_for_not_given,
            "`if output_padding` is false for 0, too. Ask whether it `is not None`.",
        ),
        Misconception(
            "it cuts half a kernel at one end only",
            cut_at_one_end,
            "With output_padding, same cuts `kernel // 2` from either end.",
        ),
        Misconception(
            "it cuts (kernel − 1) // 2 from either end",
            cut_rounded_away,
            "That differs for even kernels: Keras cuts kernel // 2.",
        ),
        Misconception(
            "with output_padding it cuts kernel − 1",
            cut_of_kernel_less_one,
            "That is kernel // 2 from either end for odd kernels only. Keras cuts as much from "
            "both ends: an even kernel loses its whole length.",
        ),
        Misconception(
            "its same is a cut of kernel − 1",
            same_as_a_cut,
            "That leaves (size − 1) · stride + 1. Without output_padding same is `stride` times as "
            "long; with it, Keras cuts kernel // 2 from either end.",
        ),
        Misconception(
            "it leaves the stride out",
            without_the_stride,
            "The copies of the kernel lie `stride` apart: that is what makes the axis longer.",
        ),
    ],
)
