"""Learning rates that change while a model trains."""

import numpy as np

from helpers import validate


def cosine_schedule(
    step: int | float | np.ndarray,
    num_steps: int,
    peak: float,
    warmup_steps: int = 0,
    final: float = 0.0,
) -> np.ndarray:
    """Return the learning rate of a step: a linear warm-up, then half a wave of a cosine.

    The rate rises from 0 at step 0 to `peak` at step `warmup_steps`, falls from there along a
    cosine to `final` at step `num_steps`, and stays there. Without warm-up it starts at `peak`.
    Follows SGDR (Loshchilov and Hutter, 2017) and equals Keras's `CosineDecay`.

    Args:
        step: the step, 0 or more; or several, an array of any shape.
        num_steps: how many steps the training has, at least 1.
        peak: the highest rate, above 0.
        warmup_steps: how many of the steps the warm-up takes, 0 or more, below `num_steps`.
        final: the last rate, from 0 to `peak`.

    Returns:
        float64, the shape of `step`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> cosine_schedule(np.array([0, 5, 10, 60, 110]), 110, peak=0.1, warmup_steps=10)
    array([0.  , 0.05, 0.1 , 0.05, 0.  ])
    """
    validate.schedule(step, num_steps, peak, warmup_steps, final)
    step = np.asarray(step, np.float64)
    warmup = peak * step / max(warmup_steps, 1)
    # How much of the way from the peak to the last step is done, 0 to 1.
    share = np.clip((step - warmup_steps) / (num_steps - warmup_steps), 0, 1)
    cosine = final + (peak - final) * (1 + np.cos(np.pi * share)) / 2
    return np.where(step < warmup_steps, warmup, cosine)
