"""What is worked out on the back of an envelope equals what the model then has."""

from typing import Any

import keras
import numpy as np
import pytest

from helpers import models


@pytest.mark.parametrize("seed", range(60))
def test_a_convolution_costs_what_keras_builds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ndim = int(rng.integers(1, 4))
    kernel = tuple(int(k) for k in rng.integers(1, 5, ndim))
    size = tuple(int(s) for s in rng.integers(5, 9, ndim))
    inputs, outputs, bias = int(rng.integers(1, 6)), int(rng.integers(1, 6)), seed % 2 == 0
    layer = getattr(keras.layers, f"Conv{ndim}D")(outputs, kernel, use_bias=bias)
    model = keras.Sequential([keras.Input((*size, inputs)), layer])
    total = models.count(model)
    output_size = layer.output.shape[1:-1]
    expected = total.parameters, total.macs
    assert models.convolution_cost(inputs, outputs, kernel, output_size, bias) == expected


@pytest.mark.parametrize(
    ("clip", "patch", "compression", "tokens"),
    [
        ((16, 224, 224), (2, 16, 16), (1, 1, 1), 1568),  # VideoMAE
        ((8, 224, 224), (1, 16, 16), (1, 1, 1), 8 * 196),  # TimeSformer
        ((1, 224, 224), (1, 16, 16), (1, 1, 1), 196),  # ViT-B/16
        ((49, 480, 720), (1, 2, 2), (4, 8, 8), 17550),  # CogVideoX
        ((129, 720, 1280), (1, 2, 2), (4, 8, 8), 118800),  # HunyuanVideo
        ((1, 480, 832), (1, 2, 2), (4, 8, 8), 1560),  # an image to a causal encoder
    ],
)
def test_published_numbers_of_tokens(
    clip: Any, patch: Any, compression: Any, tokens: int
) -> None:
    assert models.num_tokens(clip, patch, compression) == tokens


@pytest.mark.parametrize("dtype", ["uint8", "bool", "float16", "float32", "float64", "int64"])
def test_batch_bytes_are_those_of_an_array(dtype: str) -> None:
    for sizes in np.random.default_rng(0).integers(1, 6, (20, 5)):
        clips, frames, height, width, channels = (int(size) for size in sizes)
        expected = np.zeros((clips, frames, height, width, channels), dtype).nbytes
        assert models.batch_bytes(clips, frames, height, width, channels, dtype) == expected


def test_a_batch_larger_than_any_memory_does_not_overflow() -> None:
    assert models.batch_bytes(10**6, 10**4, 10**4, 10**4, 3, "float64") == 24 * 10**18


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: models.batch_bytes(0, 1, 1, 1, 1, "uint8"), ValueError, "batch_size is 0"),
        (lambda: models.batch_bytes(1, 1, 1.5, 1, 1, "uint8"), TypeError, "height is 1.5"),  # type: ignore[arg-type]
        (lambda: models.batch_bytes(1, 1, 1, 1, 1, "float12"), ValueError, "'float12'"),
        (lambda: models.batch_bytes(1, 1, 1, 1, 1, "S4"), ValueError, "'S4'"),
        (lambda: models.batch_bytes(1, 1, 1, 1, 1, 4), TypeError, "dtype is 4"),  # type: ignore[arg-type]
        (lambda: models.convolution_cost(3, 0, (3,), (8,)), ValueError, "out_channels is 0"),
        (lambda: models.convolution_cost(3, 8, 3, (8,)), TypeError, "kernel is 3"),  # type: ignore[arg-type]
        (lambda: models.convolution_cost(3, 8, (), ()), ValueError, "kernel is empty"),
        (lambda: models.convolution_cost(3, 8, (3, 3), (8,)), ValueError, "output_size"),
        (lambda: models.convolution_cost(3, 8, (3, 0), (8, 8)), ValueError, "in kernel is 0"),
        (lambda: models.num_tokens((16, 224), (2, 16, 16)), ValueError, "clip_size"),  # type: ignore[arg-type]
        (lambda: models.num_tokens((16, 224, 220), (2, 16, 16)), ValueError, "width, 220"),
        (lambda: models.num_tokens((15, 224, 224), (2, 16, 16)), ValueError, "frames, 15"),
        (
            lambda: models.num_tokens((80, 480, 832), (1, 2, 2), (4, 8, 8)),
            ValueError,
            "take 77 or 81",
        ),
    ],
)
def test_bad_input_is_one_clear_error(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
