"""A penalty that keeps a discriminator smooth where the real clips are."""

import numpy as np

from helpers import validate


def r1_penalty(gradients: np.ndarray, gamma: float) -> float:
    """Return the R1 penalty (Mescheder et al., 2018), which is added to a discriminator's loss.

    It is gamma / 2 times the mean, over the real clips, of the squared length of the gradient of
    the discriminator's logit with respect to the clip.

    Args:
        gradients: floats, (batch, frames, height, width, channels), or another shape with the
            batch first: row i is the gradient of clip i's own logit. It is the gradient of the
            sum of the logits, since one clip's logit does not depend on another clip.
        gamma: the weight of the penalty, 0 or more; 10 in the paper.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> r1_penalty(np.array([[3.0, 4.0], [0.0, 1.0]]), gamma=10)
    65.0
    """
    validate.gradient_penalty(gradients, gamma)
    # All axes but the batch are one long vector, whose length counts.
    squared_lengths = (gradients.reshape(len(gradients), -1) ** 2).sum(axis=1)  # (batch,)
    return float(gamma / 2 * squared_lengths.mean())
