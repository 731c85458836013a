"""How large a transposed convolution makes its input."""

from helpers import validate


def transposed_size(
    size: int,
    kernel: int,
    stride: int,
    padding: str = "same",
    output_padding: int | None = None,
) -> int:
    """Return the length of one axis after a transposed convolution, as Keras makes it.

    Args:
        size: the length of the axis before, in frames or pixels.
        kernel: the length of the kernel along it.
        stride: how far apart the kernel's copies lie.
        padding: "valid": the result covers all copies of the kernel, and where they leave gaps
            (a kernel shorter than the stride), the gap after the last one, too. "same": the
            result is `stride` times as long.
        output_padding: below the stride. If given, it takes the place of these rules: the copies
            of the kernel span some length; "same" takes half a kernel, rounded down, from either
            end; and `output_padding` is added once.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> transposed_size(4, kernel=3, stride=2), transposed_size(4, 3, 2, padding="valid")
    (8, 9)
    >>> transposed_size(4, 3, 2, output_padding=0)
    7
    """
    validate.transposed_convolution(size, kernel, stride, padding, output_padding)
    span = (size - 1) * stride + kernel  # from the first copy's beginning to the last one's end
    if output_padding is not None:
        cut = kernel // 2 if padding == "same" else 0
        return span - 2 * cut + output_padding
    if padding == "same":
        return size * stride
    return span + max(stride - kernel, 0)
