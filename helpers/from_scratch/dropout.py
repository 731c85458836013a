"""Dropout, as it is applied in training."""

import numpy as np

from helpers import validate


def inverted_dropout(x: np.ndarray, kept: np.ndarray, rate: float) -> np.ndarray:
    """Set what is dropped to 0, and scale what is kept so that the expected value stays.

    "Inverted", since all the scaling is done in training: at test time there is nothing to do.
    What is dropped together depends on the shape of the mask alone. Of clips, which are (batch,
    frames, height, width, channels), a mask of that same shape drops single numbers (Srivastava
    et al., 2014); (batch, 1, 1, 1, channels) drops whole channels (Tompson et al., 2015, in
    images; Keras's `SpatialDropout3D`); (batch, frames, 1, 1, 1) drops whole frames; and
    (batch, 1, 1, 1, 1), on a residual branch, drops that branch for a clip: stochastic depth
    (Huang et al., 2016).

    Args:
        x: floats.
        kept: booleans, True for what stays, with as many axes as x, each as long as that of x
            or 1. An axis of 1 stands for the whole axis of x.
        rate: the probability with which the mask was drawn False, 0 or more and below 1. It is
            not measured from the mask.

    Returns:
        A new array of the shape and dtype of x.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> inverted_dropout(x, np.array([[True, False], [True, True]]), 0.5)
    array([[2., 0.],
           [6., 8.]])
    >>> inverted_dropout(x, np.array([[False], [True]]), 0.5)
    array([[0., 0.],
           [6., 8.]])
    """
    validate.dropout(x, kept, rate)
    # A share of 1 - rate is kept on average, so dividing by it restores the expected value.
    # float(): a NumPy float64 would turn float32 into float64.
    return np.where(kept, x / (1 - float(rate)), 0)
