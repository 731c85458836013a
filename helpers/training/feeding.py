"""Where the batches of an epoch come from: arrays, or a `tf.data` pipeline."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from helpers import validate
from helpers.lazy import keras, tf

Batch = tuple[Any, Any]  # clips (batch, ...) and labels (batch,): arrays or tensors
Epochs = Callable[[int, int], Iterator[Batch]]  # (epoch, first): its batches from the first on


def array_epochs(x: np.ndarray, y: np.ndarray, batch_size: int, seed: int) -> Epochs:
    """Full batches in an order of their own in each epoch; it depends on seed and epoch alone.

    The few clips that do not fill a batch are left out, others in each epoch: TensorFlow would
    compile the model once more for a batch of another size.
    """

    def batches(epoch: int, first: int) -> Iterator[Batch]:
        order = np.random.default_rng((seed, epoch)).permutation(len(x))
        for step in range(first, len(x) // batch_size):
            chosen = order[step * batch_size : (step + 1) * batch_size]
            yield x[chosen], y[chosen]  # a copy of the batch only, in the clips' own dtype

    return batches


def dataset_epochs(x: Any, num_classes: int) -> Epochs:
    """The batches of a dataset, or of the one that a function makes for the epoch."""

    def batches(epoch: int, first: int) -> Iterator[Batch]:
        dataset = x(epoch) if callable(x) else x
        return _known_labels(dataset.skip(first), num_classes, "x")

    return batches


def in_order(
    validation: Any, batch_size: int, num_classes: int
) -> Callable[[], Iterator[Batch]]:
    """All clips in batches in their order: of a pair (clips, labels) or of a dataset."""
    if isinstance(validation, tf.data.Dataset):
        return lambda: _known_labels(validation, num_classes, "validation")
    x, y = validation

    def batches() -> Iterator[Batch]:
        for start in range(0, len(x), batch_size):
            yield x[start : start + batch_size], y[start : start + batch_size]

    return batches


def _known_labels(dataset: Any, num_classes: int, name: str) -> Iterator[Batch]:
    """The dataset's batches; raise at a label that is not one of the classes."""
    for x, y in dataset:
        labels = np.asarray(y)
        outside = labels[(labels < 0) | (labels >= num_classes)]
        if outside.size:
            raise ValueError(
                f"{name} holds the label {outside[0]}, but the model has {num_classes} classes: "
                f"labels go from 0 to {num_classes - 1}."
            )
        yield x, y


def is_dataset(x: Any) -> bool:
    """Whether x is a `tf.data.Dataset` or a function that makes them."""
    return callable(x) or isinstance(x, tf.data.Dataset)


def steps_in_dataset(x: Any, is_needed: bool) -> int | None:
    """How many batches an epoch of it has; None where that is unknown and not needed."""
    num_steps = int((x(0) if callable(x) else x).cardinality())
    if num_steps == tf.data.INFINITE_CARDINALITY:
        raise ValueError("x repeats for ever, so that no epoch ends: leave out its repeat().")
    if num_steps == 0:
        raise ValueError("x is a dataset without any batch: look at how it was made.")
    if num_steps == tf.data.UNKNOWN_CARDINALITY:
        if is_needed:
            raise ValueError(
                "x does not say how many batches it has, which epochs= needs: add "
                ".apply(tf.data.experimental.assert_cardinality(num_batches)) to it."
            )
        return None
    return num_steps


def check_model(model: "keras.Model") -> tuple[tuple[int | None, ...], int]:
    """The shape of the model's input and its number of classes; raise when it has no such."""
    try:
        input_shape, output_shape = model.input_shape, model.output_shape
        (num_classes,) = output_shape[1:]
    except (AttributeError, ValueError, TypeError):
        raise ValueError(
            f"{model.name} must have one input of known shape and give (batch, classes): begin "
            "it with keras.Input(...) and end it with a Dense layer."
        ) from None
    last = model.layers[-1]
    activation = getattr(getattr(last, "activation", None), "__name__", "")
    if activation in ("softmax", "sigmoid") or isinstance(last, keras.layers.Softmax):
        activation = activation or "softmax"
        raise ValueError(
            f"{model.name} ends in a {activation}, but it must give logits: leave that "
            "activation out. The loss has it inside, where it is more exact."
        )
    return input_shape, num_classes


def check_dataset(dataset: Any, input_shape: tuple[int | None, ...], name: str) -> None:
    """Raise unless it is a dataset of batches (clips, labels) as the model takes them."""
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(
            f"{name} gives a {type(dataset).__name__}, but it must give a tf.data.Dataset."
        )
    spec = dataset.element_spec
    shapes = [getattr(part, "shape", None) for part in spec] if isinstance(spec, tuple) else []
    wanted = [tf.TensorShape(input_shape), tf.TensorShape([None])]
    if len(shapes) != 2 or not all(
        shape is not None and shape.is_compatible_with(right)
        for shape, right in zip(shapes, wanted, strict=True)
    ):
        raise ValueError(
            f"{name} gives {spec}, but it must give batches (clips, labels) of the shapes "
            f"{input_shape} and (None,), where None is the batch: is .batch() missing?"
        )
    if not spec[1].dtype.is_integer:
        raise TypeError(f"{name} gives labels of {spec[1].dtype.name}: make them integers.")


def check_validation(
    validation: Any, input_shape: tuple[int | None, ...], num_classes: int
) -> None:
    """Raise unless it is (clips, labels) as the model takes them, or a dataset of batches."""
    if isinstance(validation, tf.data.Dataset):
        check_dataset(validation, input_shape, "validation")
        return
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise TypeError(
            f"validation is a {type(validation).__name__}, but it must be a pair "
            "(clips, labels) or a tf.data.Dataset of such batches."
        )
    x, y = validation
    validate.clips_and_labels(x, y, input_shape, num_classes, prefix="validation ")
