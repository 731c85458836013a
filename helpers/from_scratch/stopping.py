"""Early stopping: end a training that no longer gets better, and return to its best epoch."""

import numpy as np

from helpers import validate


class EarlyStopping:
    """Watch one number, such as the validation loss, and remember the best epoch.

    Epochs are counted from 0. The first epoch is the best so far, whatever its value, NaN
    included. A later one is better only when its value beats the best so far by more than
    `min_delta`: lower with the mode "min", higher with "max". So a tie is not better, nor is
    NaN, and nothing is better than NaN. Decides as Keras's `EarlyStopping` does, with
    `restore_best_weights=True`.

    Attributes:
        best_value: the value of the best epoch so far; None before the first.
        best_epoch: its number; None before the first.
        best_weights: copies of its weights, which stay as they are while training goes on; None
            before the first.

    >>> stopping, weights = EarlyStopping(patience=2), [np.zeros(1)]
    >>> for loss in (0.9, 0.5, 0.7, 0.6, 0.1):
    ...     weights[0] += 1  # an epoch of training
    ...     if stopping.update(loss, weights):
    ...         break
    >>> loss, stopping.best_epoch, stopping.best_value, stopping.best_weights
    (0.6, 1, 0.5, [array([2.])])
    """

    def __init__(self, patience: int, min_delta: float = 0.0, mode: str = "min") -> None:
        """Begin before the first epoch.

        Args:
            patience: after how many epochs in a row that are not better to stop, at least 1.
            min_delta: what a value must gain on the best one to be better, 0 or more.
            mode: "min" where lower is better, "max" where higher is.

        Raises:
            TypeError, ValueError: when an argument is not as described.
        """
        validate.early_stopping(patience, min_delta, mode)
        self.patience = patience
        self.min_delta = min_delta
        self.mode = mode
        self.num_epochs = 0
        self.wait = 0
        self.best_value: float | None = None
        self.best_epoch: int | None = None
        self.best_weights: list[np.ndarray] | None = None

    def update(self, value: float, weights: list[np.ndarray]) -> bool:
        """Take in an epoch that has just ended, and tell whether to stop now.

        Args:
            value: the number that is watched; it may be NaN or infinite.
            weights: the weights after this epoch, as `model.get_weights()` returns them. The
                caller may go on training in these very arrays, and in this very list.

        Returns:
            True when this is the last of `patience` epochs in a row that are not better.

        Raises:
            TypeError: when an argument is not as described.
        """
        validate.epoch(value, weights)
        if self.best_value is None:
            is_better = True
        elif self.mode == "min":
            is_better = value + self.min_delta < self.best_value
        else:
            is_better = value - self.min_delta > self.best_value
        if is_better:
            self.best_value = float(value)
            self.best_epoch = self.num_epochs
            # Copies: the list alone would hold the arrays in which training goes on.
            self.best_weights = [array.copy() for array in weights]
            self.wait = 0
        else:
            self.wait += 1
        self.num_epochs += 1
        return self.wait >= self.patience
