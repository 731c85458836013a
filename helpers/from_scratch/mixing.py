"""mixup: training on blends of two samples."""

import numpy as np

from helpers import validate


def mixup(
    x: np.ndarray, y: np.ndarray, partner: np.ndarray, share: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Blend each sample and its target with those of a partner (Zhang et al., 2018).

    Sample i keeps its share of itself, and gets the rest from sample `partner[i]`, both as they
    came. The targets are blended alike. The paper draws the share, its λ, from Beta(α, α).

    Args:
        x: uint8 or floats, (batch, ...), for example clips, (batch, frames, height, width,
            channels).
        y: floats, (batch, classes): one-hot, or probabilities.
        partner: whole numbers, (batch,): a permutation of the samples. A sample may be its own
            partner.
        share: from 0 to 1: one number for all samples, or (batch,), one for each.

    Returns:
        The blended x and y, two new arrays of float32, of the shapes of x and y.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> x, y = np.array([[100, 0], [200, 60]], np.uint8), np.eye(2)
    >>> for blended in mixup(x, y, partner=np.array([1, 0]), share=np.array([0.75, 1.0])):
    ...     print(blended)
    [[125.  15.]
     [200.  60.]]
    [[0.75 0.25]
     [0.   1.  ]]
    """
    validate.mixing(x, y, partner, share)
    # Before any arithmetic: 8 bits have neither fractions nor negative numbers.
    x, y = x.astype(np.float32), y.astype(np.float32)
    share = np.broadcast_to(np.asarray(share, np.float32), len(x))
    of_x = share.reshape(len(x), *[1] * (x.ndim - 1))  # (batch, 1, ..., 1)
    of_y = share[:, None]  # (batch, 1)
    return of_x * x + (1 - of_x) * x[partner], of_y * y + (1 - of_y) * y[partner]
