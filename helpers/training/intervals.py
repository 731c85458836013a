"""How sure a measured number is: intervals over seeds, and for one accuracy."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from scipy import stats

from helpers import validate


class Interval(NamedTuple):
    """A measured value, and the ends of its confidence interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.4g} ({self.low:.4g} to {self.high:.4g})"


def interval(values: Iterable[float], confidence: float = 0.95) -> Interval:
    """Return the mean of repeated measurements and Student's t interval for it.

    It says where the mean over very many seeds lies, if the values spread about as a normal
    distribution does; not where the next seed falls. Where every value is the same, as when
    five models all reach an accuracy of 1, it has no width: five seeds on this test set did
    not differ, and it knows nothing of how few clips were tested. `accuracy_interval` does.

    Args:
        values: the measurements, at least two, finite.
        confidence: how often such an interval holds the true mean, above 0 and below 1.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> print(interval([0.98, 0.99, 1.0]))
    0.99 (0.9652 to 1.015)
    """
    measured = np.array(list(values))
    validate.measurements(values=measured)
    validate.confidence(confidence=confidence)
    mean = float(measured.mean())
    error = measured.std(ddof=1) / np.sqrt(len(measured))
    width = float(stats.t.ppf((1 + confidence) / 2, df=len(measured) - 1) * error)
    return Interval(mean, mean - width, mean + width)


def accuracy_interval(num_right: int, num_clips: int, confidence: float = 0.95) -> Interval:
    """Return one model's accuracy on a test set and Wilson's interval for it.

    It says where the accuracy on very many clips of the same kind lies, for this one model:
    the chance in which clips were tested. It keeps a width even when all answers are right.
    Wilson, 1927; the clips must be independent, so count videos where clips share one.

    Args:
        num_right: how many clips were classified rightly.
        num_clips: how many were tested, at least 1.
        confidence: how often such an interval holds the true accuracy, above 0 and below 1.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> print(accuracy_interval(100, 100))
    1 (0.963 to 1)
    """
    validate.positive_int(num_clips=num_clips)
    validate.index_below(num_clips + 1, num_right=num_right)
    validate.confidence(confidence=confidence)
    accuracy = num_right / num_clips
    low, high = stats.binomtest(num_right, num_clips).proportion_ci(confidence, "wilson")
    return Interval(accuracy, float(low), float(high))
