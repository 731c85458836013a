"""Who works when: a pipeline and a model that take turns, or work at the same time."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from helpers import validate
from helpers.lazy import tf

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORKERS = ("pipeline", "model")


def trace_training(
    prefetch: int, num_steps: int = 10, milliseconds: float = 10
) -> dict[str, np.ndarray]:
    """Train a model that only waits, on a pipeline that only waits, and note who works when.

    Waiting makes the result nearly independent of the machine. The prefetch that `tf.data` adds
    at the end of a pipeline unasked is switched off.

    Args:
        prefetch: how many batches the pipeline may be ahead; 0 for `prefetch` left out.
        num_steps: at least 1.
        milliseconds: how long one batch takes the pipeline, and one step the model.

    Returns:
        For "pipeline" and "model" when each piece of work began and ended, in milliseconds from
        the start: float64, (num_steps, 2).

    Raises:
        TypeError, ValueError: when an argument is not as described.
    """
    validate.non_negative_int(prefetch=prefetch)
    validate.positive_int(num_steps=num_steps)
    validate.positive(milliseconds=milliseconds)
    spans: dict[str, list[tuple[float, float]]] = {worker: [] for worker in WORKERS}

    def work(worker: str) -> None:
        begin = time.perf_counter()
        time.sleep(milliseconds / 1000)
        spans[worker].append((begin, time.perf_counter()))

    def fetch(number: np.ndarray) -> np.ndarray:
        work("pipeline")
        return number

    options = tf.data.Options()
    options.experimental_optimization.inject_prefetch = False
    dataset = tf.data.Dataset.range(num_steps)
    dataset = dataset.map(lambda number: tf.numpy_function(fetch, [number], tf.int64))
    if prefetch:
        dataset = dataset.prefetch(prefetch)
    for _ in dataset.with_options(options):
        work("model")
    start = spans["pipeline"][0][0]
    return {worker: 1000 * (np.array(spans[worker]) - start) for worker in WORKERS}


def draw_traces(traces: Mapping[str, Mapping[str, np.ndarray]]) -> "Figure":
    """Draw traces of `trace_training` by name, one below the other.

    Returns:
        A matplotlib figure, for `plots.show`.

    >>> busy = np.array([[0.0, 10.0], [20.0, 30.0]])
    >>> figure = draw_traces({"in turn": {"pipeline": busy, "model": busy + 10}})
    >>> figure.axes[0].get_ylabel()
    'in turn'
    """
    import matplotlib.pyplot as plt

    from helpers import plots

    colors = list(plots.COLORS.values())
    figure, rows = plt.subplots(
        len(traces), figsize=(9, 1.5 * len(traces)), sharex=True, squeeze=False
    )
    for axes, (name, trace) in zip(rows[:, 0], traces.items(), strict=True):
        for row, worker in enumerate(WORKERS):
            bars = [(begin, end - begin) for begin, end in trace[worker]]
            axes.broken_barh(bars, (row - 0.4, 0.8), facecolor=colors[row], edgecolor="white")
        axes.set(yticks=[0, 1], yticklabels=WORKERS, ylabel=name, xlabel="time (ms)")
    return figure
