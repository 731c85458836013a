"""Parameters, multiply-accumulates and activations, worked by hand and by TensorFlow's profiler."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops
from tensorflow.python.framework.convert_to_constants import (
    convert_variables_to_constants_v2,
)

from helpers import models

Layer = Callable[[], Any]


def sequential(shape: tuple[int | None, ...], *stack: Any) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *stack])


def applied(
    shape: tuple[int, ...], call: Callable[..., Any], num_inputs: int = 1
) -> keras.Model:
    inputs = [keras.Input(shape) for _ in range(num_inputs)]
    return keras.Model(inputs, call(*inputs))


# (layer, input without the batch, parameters, MACs), each product written out.
HAND: list[tuple[Layer, tuple[int, ...], int, int]] = [
    (lambda: layers.Dense(5), (7,), 7 * 5 + 5, 7 * 5),
    (lambda: layers.Dense(5), (2, 3, 7), 7 * 5 + 5, 2 * 3 * 7 * 5),
    (lambda: layers.EinsumDense("...x,xy->...y", 5), (4, 3), 15, 4 * 3 * 5),
    (lambda: layers.Conv1D(4, 3), (9, 2), 3 * 2 * 4 + 4, 7 * 3 * 2 * 4),
    (lambda: layers.Conv2D(4, 3), (8, 9, 2), 9 * 2 * 4 + 4, 6 * 7 * 9 * 2 * 4),
    (lambda: layers.Conv2D(4, 3, padding="same"), (8, 9, 2), 76, 8 * 9 * 9 * 2 * 4),
    (lambda: layers.Conv2D(4, 3, strides=2, padding="same"), (7, 9, 2), 76, 4 * 5 * 9 * 2 * 4),
    (lambda: layers.Conv2D(4, 3, dilation_rate=2), (8, 9, 2), 76, 4 * 5 * 9 * 2 * 4),
    (lambda: layers.Conv2D(4, 3, groups=2), (8, 9, 6), 9 * 3 * 4 + 4, 6 * 7 * 9 * 3 * 4),
    (
        lambda: layers.Conv2D(4, 3, data_format="channels_first"),
        (2, 8, 9),
        76,
        6 * 7 * 9 * 2 * 4,
    ),
    (
        lambda: layers.Conv3D(4, (3, 5, 1), use_bias=False),
        (6, 8, 9, 2),
        15 * 2 * 4,
        4 * 4 * 9 * 15 * 2 * 4,
    ),
    (lambda: layers.DepthwiseConv1D(3), (9, 2), 3 * 2 + 2, 7 * 3 * 2),
    (
        lambda: layers.DepthwiseConv2D(3, depth_multiplier=2),
        (8, 9, 5),
        9 * 5 * 2 + 10,
        6 * 7 * 9 * 10,
    ),
    (
        lambda: layers.SeparableConv2D(4, 3, depth_multiplier=2),
        (8, 9, 5),
        9 * 10 + 10 * 4 + 4,
        6 * 7 * (9 * 10 + 10 * 4),
    ),
    (lambda: layers.SeparableConv1D(4, 3), (9, 5), 15 + 20 + 4, 7 * (3 * 5 + 5 * 4)),
    (lambda: layers.Conv1DTranspose(3, 2), (9, 4), 2 * 4 * 3 + 3, 9 * 4 * 2 * 3),
    (
        lambda: layers.Conv2DTranspose(5, 3, strides=2, padding="same"),
        (4, 6, 2),
        9 * 2 * 5 + 5,
        4 * 6 * 2 * 9 * 5,
    ),
    (lambda: layers.Conv3DTranspose(3, 2, 2), (4, 5, 6, 2), 51, 4 * 5 * 6 * 2 * 8 * 3),
    (lambda: layers.SimpleRNN(4), (5, 3), 4 * (3 + 4 + 1), 5 * 4 * (3 + 4)),
    (lambda: layers.GRU(4), (5, 3), 3 * 4 * (3 + 4 + 2), 5 * 3 * 4 * (3 + 4)),
    (lambda: layers.LSTM(4, return_sequences=True), (5, 3), 128, 5 * 4 * 4 * (3 + 4)),
    (lambda: layers.Bidirectional(layers.GRU(4)), (5, 3), 2 * 108, 2 * 5 * 3 * 4 * (3 + 4)),
    (
        lambda: layers.ConvLSTM2D(4, 3, padding="same"),
        (5, 6, 7, 2),
        4 * (9 * (2 + 4) * 4 + 4),
        5 * 6 * 7 * 4 * 9 * (2 + 4) * 4,
    ),
    (
        lambda: layers.ConvLSTM2D(4, 3, strides=2, return_sequences=True),
        (5, 7, 9, 2),
        880,
        5 * 3 * 4 * 4 * 9 * (2 + 4) * 4,
    ),
    (lambda: layers.Embedding(11, 4), (5,), 44, 0),
    (lambda: layers.BatchNormalization(), (5, 6), 2 * 6, 0),
    (lambda: layers.BatchNormalization(scale=False), (5, 6), 6, 0),
    (lambda: layers.LayerNormalization(), (5, 6), 2 * 6, 0),
    (lambda: layers.GroupNormalization(2), (5, 6), 2 * 6, 0),
    (lambda: layers.RMSNormalization(), (5, 6), 6, 0),
    (lambda: layers.PReLU(), (5, 6), 30, 0),
    (lambda: layers.Normalization(), (5, 6), 0, 0),
    (lambda: layers.MaxPooling2D(), (8, 8, 3), 0, 0),
    (lambda: layers.TimeDistributed(layers.Dense(5)), (6, 7), 40, 6 * 7 * 5),
    (lambda: layers.TimeDistributed(layers.Conv2D(4, 3)), (6, 8, 9, 2), 76, 6 * 42 * 72),
]


@pytest.mark.parametrize(("layer", "shape", "parameters", "macs"), HAND)
def test_by_hand(layer: Layer, shape: tuple[int, ...], parameters: int, macs: int) -> None:
    model = sequential(shape, layer())
    total = models.count(model)
    assert (total.parameters, total.macs) == (parameters, macs)
    assert total.activation_bytes == 4 * total.activations
    if len(total.rows) == 1 and not isinstance(model.layers[0], layers.TimeDistributed):
        assert total.activations == np.prod(model.output_shape[1:])


def test_attention_by_hand() -> None:
    """3 queries of width 6 and 5 keys of width 4: two heads with keys of 7, values of 2."""
    query, value = keras.Input((3, 6)), keras.Input((5, 4))
    projections = 3 * 6 * 14 + 5 * 4 * 14 + 5 * 4 * 4 + 3 * 4 * 6
    products = 2 * 3 * 5 * 7 + 2 * 3 * 5 * 2
    # Queries, keys, values, weights, weighted values, and what comes out.
    held = 3 * 14 + 5 * 14 + 5 * 4 + 2 * 3 * 5 + 3 * 4 + 3 * 6
    weights = (6 + 1) * 14 + (4 + 1) * 14 + (4 + 1) * 4 + 4 * 6 + 6
    calls: list[Callable[[Any], Any]] = [
        lambda attention: attention(query, value),
        lambda attention: attention(key=value, value=value, query=query),
        lambda attention: attention(query, value, attention_mask=np.ones((1, 3, 5), bool)),
        lambda attention: attention(query, value, return_attention_scores=True),
    ]
    for call in calls:
        outputs = call(layers.MultiHeadAttention(2, key_dim=7, value_dim=2))
        total = models.count(keras.Model([query, value], outputs))
        assert (total.parameters, total.macs) == (weights, projections + products)
        assert total.activations == held


def test_attention_with_keys_of_their_own_width() -> None:
    query, value, key = keras.Input((3, 6)), keras.Input((5, 4)), keras.Input((5, 9))
    outputs = layers.MultiHeadAttention(1, key_dim=7, value_dim=2)(query, value, key)
    total = models.count(keras.Model([query, value, key], outputs))
    assert total.macs == 3 * 6 * 7 + 5 * 9 * 7 + 5 * 4 * 2 + 3 * 2 * 6 + 3 * 5 * (7 + 2)


def test_attention_with_a_gate_has_one_projection_more() -> None:
    plain, gated = (
        models.count(
            applied(
                (3, 6),
                lambda x, gate=gate: layers.MultiHeadAttention(2, 4, use_gate=gate)(x, x),
            )
        )
        for gate in (False, True)
    )
    assert gated.parameters - plain.parameters == (6 + 1) * 8
    assert gated.macs - plain.macs == 3 * 6 * 8


def test_attention_along_an_axis() -> None:
    """Divided attention: each of 4 x 5 tokens meets those of its row, or of its column."""
    for axis, met in ((1, 4), (2, 5), ((1, 2), 20)):
        attention = layers.MultiHeadAttention(2, key_dim=3, attention_axes=axis)
        total = models.count(applied((4, 5, 6), lambda x, layer=attention: layer(x, x)))
        assert total.macs == 4 * 20 * 6 * 6 + 2 * 20 * met * 2 * 3, axis


def test_matrix_products_without_weights() -> None:
    def macs(call: Callable[..., Any], num_inputs: int = 2) -> int:
        return models.count(applied((4, 5), call, num_inputs)).macs

    assert macs(lambda a, b: ops.matmul(a, ops.transpose(b, (0, 2, 1)))) == 4 * 4 * 5
    assert macs(lambda a, b: ops.einsum("bic,bjc->bij", a, b)) == 4 * 4 * 5
    assert macs(lambda a, b: ops.einsum("...c,...c->...", a, b)) == 4 * 5
    assert macs(lambda a: ops.einsum("bic->bci", a), 1) == 0
    assert macs(lambda a, b: layers.Dot(2)([a, b])) == 4 * 4 * 5
    assert macs(lambda a, b: layers.Attention()([a, b])) == 4 * 4 * 5 + 4 * 4 * 5
    assert macs(lambda a, b: a * b + ops.relu(a)) == 0


def test_frames_that_a_model_puts_into_the_batch() -> None:
    """Twelve frames cost twelve times one frame, whichever way they get to the 2D network."""
    frame = sequential((32, 32, 1), layers.Conv2D(4, 3), layers.Conv2D(4, 3))
    one = models.count(frame)
    merged = applied((12, 32, 32, 1), lambda x: frame(ops.reshape(x, (-1, 32, 32, 1))))
    for model in (merged, sequential((12, 32, 32, 1), layers.TimeDistributed(frame))):
        total = models.count(model)
        assert (total.macs, total.parameters) == (12 * one.macs, one.parameters)
        assert total.activations == 12 * one.activations


def test_models_in_models_and_shared_layers() -> None:
    shared = layers.Dense(5, name="shared")
    inner = sequential((5,), shared, layers.Dense(5, name="other"))
    x = keras.Input((5,))
    total = models.count(keras.Model(x, inner(shared(inner(x)))))
    assert [row.name for row in total.rows] == [
        f"{inner.name}/shared",
        f"{inner.name}/other",
        "shared",
        f"{inner.name}/shared",
        f"{inner.name}/other",
    ]
    assert [row.parameters for row in total.rows] == [30, 30, 0, 0, 0]
    assert (total.parameters, total.macs, total.activations) == (60, 5 * 25, 5 * 5)


def test_frozen_layers_count_and_counting_leaves_the_model_as_it_is() -> None:
    model = models.cnn3d((12, 32, 32, 1), 10)
    before = models.count(model)
    model.trainable = False
    assert models.count(model) == before
    assert all(layer.output is layer.output for layer in model.layers)  # still called once
    assert before.parameters == model.count_params() - 2 * (16 + 32 + 64)


def test_several_inputs_and_half_precision() -> None:
    a, b = keras.Input((4,)), keras.Input((4,))
    half = layers.Dense(3, dtype="mixed_float16")
    total = models.count(keras.Model([a, b], layers.Concatenate()([half(a), half(b)])))
    assert [row.activation_bytes for row in total.rows] == [6, 6, 24]


def test_a_reshaping_makes_no_new_numbers() -> None:
    model = sequential((4, 6), layers.Reshape((6, 4)), layers.Flatten(), layers.ReLU())
    assert [row.activations for row in models.count(model).rows] == [0, 0, 24]


def test_the_table() -> None:
    text = str(models.count(sequential((8, 8, 3), layers.Conv2D(4, 3, name="first"))))
    head, row, total = text.splitlines()
    assert head.split() == ["layer", "kind", "output", "parameters", "MACs", "activations"]
    assert row.split() == ["first", "Conv2D", "1×6×6×4", "112", "3,888", "144"]
    assert total.split() == ["total", "112", "3,888", "144"]
    assert len(head) == len(row) == len(total)


class Own(layers.Layer):
    def build(self, shape: tuple[int, ...]) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], 3))

    def call(self, x: Any) -> Any:
        return x @ self.kernel


class OwnConv2D(layers.Conv2D):
    def call(self, x: Any) -> Any:
        return super().call(super().call(x))


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: sequential((4,), Own(name="mine")), "the Own 'mine' takes"),
        (lambda: sequential((9, 9, 3), OwnConv2D(3, 3, name="mine")), "the OwnConv2D 'mine'"),
        (
            lambda: sequential((4, 5), layers.RNN(layers.GRUCell(3), name="cell")),
            "the RNN 'cell'",
        ),
        (lambda: applied((4, 5), lambda a, b: ops.tensordot(a, b, 2), 2), "the Tensordot"),
        (lambda: applied((4,), lambda a, b, c: ops.einsum("bi,bi,bi->b", a, b, c), 3), "order"),
        (lambda: sequential((None, 4), layers.Dense(3)), r"takes the shape \(None, None, 4\)"),
        (
            lambda: applied((2, 4), lambda x: layers.Add()([ops.reshape(x, (-1, 4)), x[:, 0]])),
            "The Add 'add.*' gives the shape",
        ),
    ],
)
def test_what_cannot_be_counted_is_named(model: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        models.count(model())


def test_only_models_that_know_their_layers_calls() -> None:
    class Subclass(keras.Model):
        def call(self, x: Any) -> Any:
            return x

    for thing in (Subclass(), keras.Sequential([layers.Dense(3)]), layers.Dense(3), 5):
        with pytest.raises(TypeError, match="functional or sequential Keras model"):
            models.count(thing)


def profiled(model: keras.Model) -> float:
    """TensorFlow's own count of the operations of products, of which a MAC is two."""
    spec = tf.TensorSpec((1, *model.input_shape[1:]))
    concrete = tf.function(lambda x: model(x)).get_concrete_function(spec)
    profiler = tf.compat.v1.profiler
    options = (
        profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation())
        .with_accounted_types(["Conv.*", "DepthwiseConv.*", "MatMul", "BatchMatMul.*"])
        .with_empty_output()
        .build()
    )
    graph = convert_variables_to_constants_v2(concrete).graph
    return profiler.profile(graph, cmd="op", options=options).total_float_ops / 2


def random_stack(rng: np.random.Generator, dimensions: int) -> keras.Model:
    """Convolutions of the kinds that the profiler knows, then dense layers."""
    size = tuple(int(n) for n in rng.integers(16, 20, dimensions))
    x = clip = keras.Input((*size, int(rng.integers(1, 5))))
    for _ in range(3):
        kind = str(rng.choice(["plain", "depthwise", "separable", "transposed"]))
        kernel, width = int(rng.integers(1, 4)), int(rng.integers(1, 6))
        strides = int(rng.integers(1, 3))
        padding = str(rng.choice(["same", "valid"]))
        if kind == "plain" or dimensions == 3:
            conv = getattr(layers, f"Conv{dimensions}D")
            x = conv(width, kernel, strides, padding, use_bias=bool(rng.integers(2)))(x)
        elif kind == "depthwise":
            conv = getattr(layers, f"DepthwiseConv{dimensions}D")
            x = conv(kernel, 1, padding, depth_multiplier=int(rng.integers(1, 3)))(x)
        elif kind == "separable":
            conv = getattr(layers, f"SeparableConv{dimensions}D")
            x = conv(width, kernel, strides, "same")(x)
        else:
            # Of "valid" ones the profiler counts the places of the output, not of the input.
            conv = getattr(layers, f"Conv{dimensions}DTranspose")
            x = conv(width, kernel, 1, "same")(x)
    x = layers.Dense(int(rng.integers(1, 6)))(x)
    return keras.Model(clip, layers.Dense(3)(layers.Flatten()(x)))


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_equal_to_tensorflows_profiler(dimensions: int) -> None:
    rng = np.random.default_rng(dimensions)
    for _ in range(8):
        model = random_stack(rng, dimensions)
        assert models.count(model).macs == profiled(model), model.summary()


@pytest.mark.parametrize(
    "name", ["frame CNN, averaged", "3D CNN", "(2+1)D CNN", "temporal shift"]
)
def test_small_models_equal_to_tensorflows_profiler(name: str) -> None:
    model = models.SMALL[name].build((12, 32, 32, 1), 10)
    assert models.count(model).macs == profiled(model)
