"""A moving average of a network's weights."""

import numpy as np

from helpers import validate


def update_average(
    average: list[np.ndarray], weights: list[np.ndarray], momentum: float, step: int
) -> list[np.ndarray]:
    """Move an exponential average of the weights one step on.

    The average keeps a share of `momentum` of itself and takes the rest from the weights.
    At step 0 there is no average yet: it becomes the weights, whatever `average` holds. So it
    needs no correction later for having begun at zero. As Keras's optimizers with
    `use_ema=True, ema_momentum=momentum` do; the idea is Polyak and Juditsky's (1992), who took
    the plain mean of all steps.

    Args:
        average: floats, a list of arrays: what this function returned a step before.
        weights: the weights after this step, as `model.get_weights()` returns them: as many
            arrays, of the same shapes.
        momentum: 0 or more and below 1; 0.99 in Keras.
        step: which step this is, counted from 0.

    Returns:
        The new average, a list of new arrays, each of the shape and dtype of the weights.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> average = update_average([np.zeros(2)], [np.array([1.0, 2.0])], momentum=0.75, step=0)
    >>> update_average(average, [np.array([5.0, 2.0])], momentum=0.75, step=1)
    [array([2., 2.])]
    """
    validate.averaging(average, weights, momentum, step)
    if step == 0:
        return [new.copy() for new in weights]
    # astype, since a NumPy float64 as momentum would widen float32.
    return [
        (momentum * old + (1 - momentum) * new).astype(new.dtype)
        for old, new in zip(average, weights, strict=True)
    ]
