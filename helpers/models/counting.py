"""What a model costs: its parameters, its multiply-accumulates and its activation memory."""

import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.lazy import keras, tf
from helpers.models import counting_rules

if TYPE_CHECKING:
    from keras import KerasTensor


@dataclass(frozen=True)
class Row:
    """One call of a layer, or of an operation, for one clip.

    Attributes:
        name: the layer's, after those of the models that it is nested in: "encoder/conv3d".
        kind: the layer's class, such as "Conv3D".
        output_shape: with the batch in front, which is 1, or the number of frames where a model
            has put the frames of a clip there.
        parameters: 0 in the second and any further call of a layer.
        macs: multiply-accumulates.
        activations: how many numbers it makes that the backward pass may want.
        activation_bytes: the memory that they take.
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    macs: int
    activations: int
    activation_bytes: int


@dataclass(frozen=True)
class Count:
    """The calls of a model's layers in their order, and the sums over them; str() is a table."""

    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self) -> int:
        return sum(row.macs for row in self.rows)

    @property
    def activations(self) -> int:
        return sum(row.activations for row in self.rows)

    @property
    def activation_bytes(self) -> int:
        return sum(row.activation_bytes for row in self.rows)

    def __str__(self) -> str:
        table: list[tuple[str, ...]] = [
            ("layer", "kind", "output", "parameters", "MACs", "activations")
        ]
        for row in self.rows:
            numbers = (row.parameters, row.macs, row.activations)
            shape = "×".join(map(str, row.output_shape))
            table.append((row.name, row.kind, shape, *(f"{number:,}" for number in numbers)))
        numbers = (self.parameters, self.macs, self.activations)
        table.append(("total", "", "", *(f"{number:,}" for number in numbers)))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = []
        for line in table:
            words = [cell.ljust(width) for cell, width in zip(line[:3], widths, strict=False)]
            sums = [cell.rjust(width) for cell, width in zip(line[3:], widths[3:], strict=True)]
            lines.append("  ".join(words + sums))
        return "\n".join(lines)


def count(model: "keras.Model") -> Count:
    """Count a model's parameters, multiply-accumulates and activations, layer by layer.

    For one clip, from the shapes alone: nothing is computed. The conventions:

    - **Parameters** as PyTorch counts them: all weights, frozen ones too, but not what batch
      normalisation keeps of the data's mean and variance. Those of a shared layer count once.
    - **Multiply-accumulates** (MACs) as fvcore and torchvision count them, who call them FLOPs:
      those of convolutions, of dense and recurrent layers and of matrix products, such as the
      two in attention. A convolution's zeros at the border count like any number. Not counted:
      biases, normalisation, activation functions, softmax, pooling, resizing, and arithmetic
      element by element. A MAC is two operations where a processor's are counted.
    - **Activations**: the numbers that layers put out and that training keeps for the backward
      pass. In attention, queries, keys, values, weights and the weighted values count as well;
      what goes on inside a recurrent layer does not. A reshaping makes no new numbers. It is an
      estimate: a framework may compute in place, fuse layers, or keep copies.

    A layer of your own counts, with no MACs, when it has no weights.

    Args:
        model: a functional or sequential Keras model of known input shape. It may hold other
            such models; `TimeDistributed` and `Bidirectional` are looked into.

    Raises:
        TypeError: when it is not such a model.
        ValueError: when a size of its input is unknown, or no rule says how many MACs a layer
            with weights takes.

    >>> model = keras.Sequential(
    ...     [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.Flatten()]
    ... )
    >>> total = count(model)
    >>> total.parameters, total.macs, total.activations
    (112, 3888, 144)
    """
    if not _is_graph(model):
        raise TypeError(
            f"model is a {type(model).__name__}, but it must be a functional or sequential Keras "
            "model, which begins with keras.Input(...)."
        )
    inputs = []
    for tensor in model.inputs:
        if None in tensor.shape[1:]:
            raise ValueError(
                f"{model.name} takes the shape {tensor.shape}, but what it costs depends on every "
                "size but the first: make it with a keras.Input of known shape."
            )
        inputs.append(_tensor((1, *tensor.shape[1:]), tensor.dtype))
    return Count(tuple(_Walk().through(model, inputs, "").rows))


class _Walk:
    """Goes through a model's calls with the shapes of one clip, and notes each.

    The shapes that a model knows itself are of no use: where it works on single frames, their
    number is part of its unknown batch.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.counted: set[int] = set()  # the variables that a row has already

    def through(self, model: Any, inputs: Any, prefix: str) -> "_Walk":
        self._outputs(model, inputs, prefix)
        return self

    def _outputs(self, model: Any, inputs: Any, prefix: str) -> Any:
        if isinstance(model, keras.Sequential):
            model = model._functional
        # As Keras itself finds the shapes of a model's outputs for other inputs.
        return model._run_through_graph(
            inputs, operation_fn=lambda operation: self._caller(operation, prefix)
        )

    def _caller(self, operation: Any, prefix: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self._call(operation, prefix, args, kwargs)

    def _call(
        self, operation: Any, prefix: str, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> Any:
        """The outputs of a call, as tensors without values, with its rows noted."""
        name = prefix + operation.name
        if _is_graph(operation):
            return self._outputs(operation, args[0], f"{name}/")
        if isinstance(operation, keras.layers.TimeDistributed):
            batch, steps, *rest = args[0].shape
            frames = _tensor((batch * steps, *rest), args[0].dtype)
            output = self._call(operation.layer, f"{name}/", (frames,), {})
            return _tensor((batch, steps, *output.shape[1:]), output.dtype)
        outputs = operation.compute_output_spec(*args, **kwargs)
        if isinstance(operation, keras.layers.Bidirectional):
            for layer in (operation.forward_layer, operation.backward_layer):
                self._call(layer, f"{name}/", args, kwargs)
        else:
            self._note(name, operation, _read(operation, args, kwargs), outputs)
        return outputs

    def _note(self, name: str, operation: Any, inputs: Any, outputs: Any) -> None:
        shapes_in, shapes_out = _shapes(inputs), _shapes(outputs)
        if any(None in shape for shape in shapes_out):
            raise ValueError(
                f"The {type(operation).__name__} {name!r} gives the shape {shapes_out[0]} for the "
                f"shapes {shapes_in}: without its sizes it cannot be counted."
            )
        activations = counting_rules.activations(operation, shapes_in, shapes_out)
        dtype = tf.as_dtype(keras.tree.flatten(outputs)[0].dtype)
        self.rows.append(
            Row(
                name=name,
                kind=type(operation).__name__,
                output_shape=shapes_out[0],
                parameters=self._new_parameters(operation),
                macs=counting_rules.macs(operation, shapes_in, shapes_out),
                activations=activations,
                activation_bytes=activations * dtype.size,
            )
        )

    def _new_parameters(self, operation: Any) -> int:
        statistics = {id(weight) for weight in counting_rules.statistics(operation)}
        total = 0
        for weight in getattr(operation, "weights", []):
            if id(weight) not in self.counted | statistics:
                self.counted.add(id(weight))
                total += math.prod(weight.shape)
        return total


def _is_graph(operation: Any) -> bool:
    """Whether it is a model that was made by calling layers on a keras.Input."""
    if isinstance(operation, keras.Sequential):
        return operation.built
    return isinstance(operation, keras.Model) and hasattr(operation, "_run_through_graph")


def _read(operation: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """What a call computes with, in a fixed order, without masks and states."""
    arguments = inspect.signature(operation.call).bind(*args, **kwargs).arguments
    if isinstance(operation, keras.layers.MultiHeadAttention):
        return [arguments.get(name) for name in ("query", "value", "key")]
    if isinstance(operation, keras.Layer):
        return next(iter(arguments.values()))
    return list(arguments.values())


def _tensor(shape: tuple[int, ...], dtype: str) -> "KerasTensor":
    return keras.KerasTensor(shape, dtype)


def _shapes(values: Any) -> list[tuple[int, ...]]:
    return [
        tuple(value.shape) for value in keras.tree.flatten(values) if hasattr(value, "shape")
    ]
