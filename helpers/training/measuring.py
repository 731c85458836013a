"""Seeds, repeated runs, and how often a model is right."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

from helpers import validate
from helpers.lazy import keras
from helpers.training import feeding

Result = TypeVar("Result")


def set_seed(seed: int) -> None:
    """Seed Python's, NumPy's and TensorFlow's random numbers; call it before a model is made.

    Then the model's first weights and its dropout are the same in every run on this machine.

    >>> set_seed(0)
    """
    validate.non_negative_int(seed=seed)
    keras.utils.set_random_seed(seed)


def repeat(run: Callable[[int], Result], seeds: Iterable[int]) -> list[Result]:
    """Call `run(seed)` for each of the seeds, after `set_seed(seed)`; the results in order.

    >>> accuracies = repeat(lambda seed: 0.9 + seed / 100, seeds=range(3))
    >>> from helpers import training
    >>> print(training.interval(accuracies))
    0.91 (0.8852 to 0.9348)
    """
    results = []
    for seed in seeds:
        set_seed(seed)
        results.append(run(seed))
    return results


def accuracy(model: "keras.Model", x: np.ndarray, y: np.ndarray, batch_size: int = 64) -> float:
    """Return the share of clips for which the model's largest output is the label's, 0 to 1.

    Args:
        model: gives logits or probabilities, (batch, classes). It need not be compiled.
        x: clips, (clips, ...), as the model takes them.
        y: labels, whole numbers from 0 to classes - 1, (clips,).
        batch_size: clips that go through the model at a time.

    Raises:
        TypeError, ValueError: when an argument is not as described.
    """
    validate.positive_int(batch_size=batch_size)
    num_classes = model.output_shape[-1]
    validate.clips_and_labels(x, y, model.input_shape, num_classes)
    num_right = 0
    for clips, labels in feeding.in_order((x, y), batch_size, num_classes)():
        # Called as it is: model.predict would first trace it, which takes longer here.
        outputs = np.asarray(model(clips, training=False))
        num_right += int(np.sum(outputs.argmax(axis=1) == labels))
    return num_right / len(x)
