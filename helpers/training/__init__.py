"""Train a model, see how it went, and say how sure the result is.

TensorFlow is imported when the first of these that needs it is called.

>>> from helpers import training
>>> print(training.interval([0.98, 0.99, 1.0]))
0.99 (0.9652 to 1.015)
"""

from helpers.training.fitting import fit
from helpers.training.history import History, learning_curves
from helpers.training.intervals import Interval, accuracy_interval, interval
from helpers.training.measuring import accuracy, repeat, set_seed
from helpers.training.schedules import cosine_schedule
from helpers.training.stepping import train_step

__all__ = [
    "History",
    "Interval",
    "accuracy",
    "accuracy_interval",
    "cosine_schedule",
    "fit",
    "interval",
    "learning_curves",
    "repeat",
    "set_seed",
    "train_step",
]
