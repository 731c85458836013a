"""A `tf.data` pipeline as a list of stages, so that each can be replaced and the rest timed."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers import validate
from helpers.lazy import tf

if TYPE_CHECKING:
    import tensorflow as tf

# A stage that waits, for a disk or a network, needs a thread all the same, and TensorFlow has
# as many as there are processor cores.
_THREADS = 16


@dataclass(frozen=True)
class Stage:
    """One step of an input pipeline.

    Attributes:
        name: unique in its pipeline.
        function: from one element to the next, as NumPy arrays. None gives zeros at once.
        shape, dtype: of what the function returns, such as (16, 112, 112, 3) and "uint8".
        parallel: on how many elements it works at once, at least 1.
    """

    name: str
    function: Callable[[Any], Any] | None
    shape: tuple[int, ...]
    dtype: str
    parallel: int = 1


def connect(
    elements: np.ndarray, stages: Sequence[Stage], batch_size: int
) -> "tf.data.Dataset":
    """Chain the stages: a `map` each, then `batch` and `prefetch`, as one would write it.

    Args:
        elements: what the first stage gets one of at a time, such as numbers of clips, (n, ...).
        stages: in order, at least one.
        batch_size: at least 1. The last batch may be smaller.

    Raises:
        TypeError, ValueError: when an argument is not as described.
    """
    _check(stages)
    validate.positive_int(batch_size=batch_size)
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    for stage in stages:
        dataset = dataset.map(
            _operation(stage), num_parallel_calls=stage.parallel if stage.parallel > 1 else None
        )
    options = tf.data.Options()
    options.threading.private_threadpool_size = _THREADS
    return dataset.batch(batch_size).prefetch(2).with_options(options)


def substitute(stages: Sequence[Stage], name: str) -> list[Stage]:
    """The same stages, but the named one gives zeros of its shape at once.

    Raises:
        ValueError: when no stage, or more than one, has the name.
    """
    _check(stages)
    validate.one_of(tuple(stage.name for stage in stages), name=name)
    return [replace(stage, function=None) if stage.name == name else stage for stage in stages]


def seconds(datasets: Mapping[str, "tf.data.Dataset"], passes: int = 2) -> dict[str, float]:
    """How long a pass over each dataset takes: the fastest of some, once it is warm.

    The datasets take turns, so that another program on the machine disturbs one as much as the
    other, and the fastest pass is the one that was disturbed the least. The first element is
    fetched once before, since TensorFlow traces functions then.

    Args:
        datasets: by name.
        passes: over each dataset, at least 1.

    Raises:
        TypeError, ValueError: when `passes` is not a whole number of at least 1.
    """
    validate.positive_int(passes=passes)
    for dataset in datasets.values():
        for _ in dataset.take(1):
            pass
    fastest = dict.fromkeys(datasets, float("inf"))
    for _ in range(passes):
        for name, dataset in datasets.items():
            start = time.perf_counter()
            for _ in dataset:
                pass
            fastest[name] = min(fastest[name], time.perf_counter() - start)
    return fastest


def _operation(stage: Stage) -> Callable[["tf.Tensor"], "tf.Tensor"]:
    compute = stage.function
    if compute is None:
        return lambda element: tf.zeros(stage.shape, stage.dtype)

    def function(element: Any) -> np.ndarray:
        result = np.asarray(compute(element))
        if result.shape != stage.shape or result.dtype != stage.dtype:
            raise ValueError(
                f"The stage {stage.name!r} gave {result.dtype} of shape {result.shape}, but it "
                f"says {stage.dtype} of shape {stage.shape}."
            )
        return result

    def operation(element: "tf.Tensor") -> "tf.Tensor":
        # Were it not stateful, TensorFlow would run it in parallel unasked.
        result = tf.numpy_function(function, [element], stage.dtype, stateful=True)
        return tf.ensure_shape(result, stage.shape)

    return operation


def _check(stages: Sequence[Stage]) -> None:
    names = [stage.name for stage in stages]
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f"stages has the names {names}, but there must be at least one stage, and each must "
            "have a name of its own."
        )
    for stage in stages:
        validate.positive_int(parallel=stage.parallel)
