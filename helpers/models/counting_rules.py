"""Multiply-accumulates and activations of single layers and operations, from their shapes.

Shapes have a batch of one clip in front. A layer between models that work on frames can have
several of its frames in that axis, which is why it is in every product here.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from helpers.lazy import keras

Shape = tuple[int, ...]
Rule = Callable[[Any, Sequence[Shape], Sequence[Shape]], int]  # (layer, inputs, outputs)


def macs(operation: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Multiply-accumulates of one call; raise where no rule says how many it takes."""
    kind = type(operation).__name__
    is_kerass = type(operation).__module__.split(".")[0] == "keras"
    if isinstance(operation, keras.Layer):
        if is_kerass and kind in _LAYERS:
            return _LAYERS[kind](operation, inputs, outputs)
        is_known = not operation.weights or (is_kerass and kind in _WEIGHTS_BUT_NO_MACS)
    else:
        if kind in _OPERATIONS:
            return _OPERATIONS[kind](operation, inputs, outputs)
        is_known = kind not in _UNKNOWN_OPERATIONS
    if not is_known:
        raise ValueError(
            f"No rule says how many multiply-accumulates the {kind} {operation.name!r} takes: "
            "make it of Keras's own layers that count knows, such as Conv3D, Dense or "
            "MultiHeadAttention."
        )
    return 0


def activations(operation: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """How many new numbers one call makes that the backward pass may want."""
    kind = type(operation).__name__
    if kind in _VIEWS:
        return 0
    if kind == "MultiHeadAttention":
        query, value, key = _query_value_key(inputs)
        heads, key_dim, value_dim = operation.num_heads, operation.key_dim, operation.value_dim
        projected = (
            heads
            * (
                math.prod(query[:-1])
                * (key_dim + value_dim)  # queries, and what attention returns
                + math.prod(key[:-1]) * key_dim
                + math.prod(value[:-1]) * value_dim
            )
        )
        return (
            math.prod(outputs[0]) + projected + _attention_pairs(operation, query, key) * heads
        )
    return sum(math.prod(shape) for shape in outputs)


def statistics(layer: Any) -> "list[keras.Variable]":
    """The weights of a layer that are no parameters: what it measured on the data."""
    kind = type(layer).__name__
    if kind == "BatchNormalization":
        return [layer.moving_mean, layer.moving_variance]
    return list(layer.weights) if kind == "Normalization" else []


def _convolution(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    channels = _channels(layer, inputs[0]) // layer.groups
    return math.prod(outputs[0]) * math.prod(layer.kernel_size) * channels


def _transposed(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    # Every input goes into a whole kernel of outputs.
    return math.prod(inputs[0]) * math.prod(layer.kernel_size) * layer.filters


def _depthwise(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return math.prod(outputs[0]) * math.prod(layer.kernel_size)


def _separable(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    places = math.prod(outputs[0]) // layer.filters
    between = _channels(layer, inputs[0]) * layer.depth_multiplier
    return places * between * (math.prod(layer.kernel_size) + layer.filters)


def _dense(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return math.prod(outputs[0]) * inputs[0][-1]


def _einsum_dense(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return _einsum(layer.equation, [inputs[0], tuple(layer.kernel.shape)])


def _recurrent(num_gates: int) -> Rule:
    def rule(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
        batch, steps, features = inputs[0]
        return batch * steps * num_gates * layer.units * (features + layer.units)

    return rule


def _conv_lstm(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    # Four gates, each a convolution of the step's input and one of the state.
    places = math.prod(outputs[0]) // layer.filters
    steps = 1 if layer.return_sequences else inputs[0][1]
    channels = _channels(layer, inputs[0]) + layer.filters
    return 4 * places * steps * math.prod(layer.kernel_size) * channels * layer.filters


def _multi_head(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    query, value, key = _query_value_key(inputs)
    key_size, value_size = layer.num_heads * layer.key_dim, layer.num_heads * layer.value_dim
    projections = (
        math.prod(query) * key_size
        + math.prod(key) * key_size
        + math.prod(value) * value_size
        + math.prod(outputs[0]) * value_size
    )
    if layer.get_config().get("use_gate"):
        projections += math.prod(query) * value_size
    return projections + _attention_pairs(layer, query, key) * (key_size + value_size)


def _attention_pairs(layer: Any, query: Shape, key: Shape) -> int:
    """How many pairs of a query and a key meet in each head."""
    return math.prod(query[:-1]) * math.prod(key[axis] for axis in layer.attention_axes)


def _attention(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    query, value, _ = _query_value_key(inputs)
    return math.prod(query[:-1]) * value[-2] * (query[-1] + value[-1])


def _query_value_key(inputs: Sequence[Shape]) -> tuple[Shape, Shape, Shape]:
    """In the order in which Keras takes them; the keys are the values where not given."""
    query, value, *key = inputs
    return query, value, key[0] if key else value


def _dot(layer: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    axis = layer.axes if isinstance(layer.axes, int) else layer.axes[0]
    return math.prod(outputs[0]) * inputs[0][axis]


def _matmul(operation: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    return math.prod(outputs[0]) * inputs[0][-1]


def _einsum(subscripts: str, shapes: Sequence[Shape]) -> int:
    """The product of the lengths of all indices, where two operands are multiplied."""
    lengths: dict[str, int] = {}
    for term, shape in zip(subscripts.split("->")[0].split(","), shapes, strict=True):
        before, dots, after = term.replace(" ", "").partition("...")
        hidden = len(shape) - len(before) - len(after) if dots else 0
        labels = [*before, *(f"...{hidden - index}" for index in range(hidden)), *after]
        for label, length in zip(labels, shape, strict=True):
            lengths[label] = max(lengths.get(label, 1), length)
    return math.prod(lengths.values()) if len(shapes) > 1 else 0


def _einsum_operation(operation: Any, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    if len(inputs) > 2:
        raise ValueError(
            f"No rule says how many multiply-accumulates the einsum {operation.subscripts!r} of "
            f"{len(inputs)} tensors takes, since it depends on their order: take two at a time."
        )
    return _einsum(operation.subscripts, inputs)


def _channels(layer: Any, shape: Shape) -> int:
    if layer.data_format == "channels_last":
        return shape[-1]
    return shape[-len(layer.kernel_size) - 1]


_LAYERS: dict[str, Rule] = {
    **{f"Conv{n}D": _convolution for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": _transposed for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": _depthwise for n in (1, 2)},
    **{f"SeparableConv{n}D": _separable for n in (1, 2)},
    **{f"ConvLSTM{n}D": _conv_lstm for n in (1, 2, 3)},
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    "SimpleRNN": _recurrent(1),
    "GRU": _recurrent(3),
    "LSTM": _recurrent(4),
    "MultiHeadAttention": _multi_head,
    "Attention": _attention,
    "Dot": _dot,
}
_OPERATIONS: dict[str, Rule] = {"Matmul": _matmul, "Einsum": _einsum_operation}

_WEIGHTS_BUT_NO_MACS = {
    "BatchNormalization",
    "Embedding",
    "GroupNormalization",
    "LayerNormalization",
    "Normalization",
    "PReLU",
    "RMSNormalization",
}
# Operations of `keras.ops` that multiply, and are not among the rules.
_UNKNOWN_OPERATIONS = {
    "Conv",
    "ConvTranspose",
    "DepthwiseConv",
    "Dot",
    "DotProductAttention",
    "Inner",
    "SeparableConv",
    "Tensordot",
    "Vdot",
}
_VIEWS = {"ExpandDims", "Flatten", "Identity", "Reshape", "Squeeze"}
