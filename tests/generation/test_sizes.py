import itertools

import numpy as np
import pytest

from helpers.generation import transposed_size


def test_equal_to_what_keras_computes() -> None:
    """All sizes, kernels, strides, paddings and output paddings up to 6."""
    import keras

    for size, kernel, stride in itertools.product(range(1, 7), repeat=3):
        for padding in ("same", "valid"):
            for output_padding in (None, *range(stride)):
                layer = keras.layers.Conv1DTranspose(
                    1, kernel, stride, padding, output_padding=output_padding
                )
                wanted = layer.compute_output_shape((1, size, 1))[1]
                got = transposed_size(size, kernel, stride, padding, output_padding)
                assert got == wanted, (size, kernel, stride, padding, output_padding)


@pytest.mark.parametrize("axes", [2, 3])
def test_equal_to_what_keras_makes(axes: int) -> None:
    import keras

    layers = {2: keras.layers.Conv2DTranspose, 3: keras.layers.Conv3DTranspose}
    rng = np.random.default_rng(axes)
    checked = 0
    while checked < 40:
        size, kernel, stride = (rng.integers(1, high, axes) for high in (5, 6, 4))
        padding = str(rng.choice(["same", "valid"]))
        given = rng.random() < 0.5
        output_padding = rng.integers(stride).tolist() if given else [None] * axes
        layer = layers[axes](
            1,
            tuple(kernel.tolist()),
            tuple(stride.tolist()),
            padding,
            output_padding=tuple(output_padding) if given else None,
        )
        wanted = [
            transposed_size(int(n), int(k), int(s), padding, extra)
            for n, k, s, extra in zip(size, kernel, stride, output_padding, strict=True)
        ]
        if (np.array(wanted) <= (size - 1) * stride).any():
            continue  # nothing is left for the last input, and TensorFlow refuses
        made = layer(np.zeros((1, *size, 1), np.float32))
        assert list(made.shape[1:-1]) == wanted, (size, kernel, stride, padding, output_padding)
        checked += 1


def test_bad_input_is_one_clear_error() -> None:
    with pytest.raises(TypeError, match=r"size is 4\.0"):
        transposed_size(4.0, 3, 2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="kernel is 0"):
        transposed_size(4, 0, 2)
    with pytest.raises(ValueError, match="padding is 'causal'"):
        transposed_size(4, 3, 2, "causal")
    with pytest.raises(ValueError, match=r"output_padding is 2, .* below the stride, 2"):
        transposed_size(4, 3, 2, "same", 2)
