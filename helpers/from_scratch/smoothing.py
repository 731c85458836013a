"""Label smoothing: targets that leave a little to every class."""

import numpy as np

from helpers import validate


def smooth_labels(labels: np.ndarray, num_classes: int, smoothing: float) -> np.ndarray:
    """Turn labels into one-hot targets, of which a share is spread evenly over all classes.

    All classes, the right one included, get the same part of that share, as in Szegedy et al.
    (2016) and in Keras's `CategoricalCrossentropy(label_smoothing=...)`. Another convention,
    not this one, spreads it over the wrong classes alone.

    Args:
        labels: whole numbers, (batch,), from 0 to `num_classes - 1`.
        num_classes: how many classes there are.
        smoothing: the share that is spread, 0 or more and below 1.

    Returns:
        float32, (batch, num_classes). Each row sums to 1.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> smooth_labels(np.array([2, 0]), num_classes=4, smoothing=0.2)
    array([[0.05, 0.05, 0.85, 0.05],
           [0.85, 0.05, 0.05, 0.05]], dtype=float32)
    """
    validate.smoothing(labels, num_classes, smoothing)
    smoothed = np.full((len(labels), num_classes), smoothing / num_classes, np.float32)
    # What is not spread stays with the right class, on top of its part of the rest.
    smoothed[np.arange(len(labels)), labels] += 1 - smoothing
    return smoothed
