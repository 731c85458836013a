"""Learning rates that change while a model trains."""

import numpy as np

from helpers import validate


def cosine_schedule(
    step: float, num_steps: int, peak: float, warmup_steps: int = 0, final: float = 0.0
) -> float:
    """Return the learning rate of a step: a linear warm-up, then half a wave of a cosine.

    The rate rises from 0 at step 0 to `peak` at step `warmup_steps`, falls from there along a
    cosine to `final` at step `num_steps`, and stays there. Without warm-up it starts at `peak`.
    The cosine is that of SGDR (Loshchilov and Hutter, 2017), without its restarts, and equals
    Keras's `CosineDecay`, which counts its `decay_steps` from the end of the warm-up.

    Args:
        step: the step, 0 or more.
        num_steps: how many steps the training has, the warm-up included, at least 1.
        peak: the highest rate, above 0.
        warmup_steps: how many of the steps the warm-up takes, 0 or more, below `num_steps`.
        final: the last rate, from 0 to `peak`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> [cosine_schedule(step, 110, peak=0.1, warmup_steps=10) for step in (0, 5, 10, 60, 110)]
    [0.0, 0.05, 0.1, 0.05, 0.0]
    """
    validate.schedule(step, num_steps, peak, warmup_steps, final)
    if step < warmup_steps:
        return peak * step / warmup_steps
    # How much of the way from the peak to the last step is done, at most all of it.
    share = min((step - warmup_steps) / (num_steps - warmup_steps), 1)
    return float(final + (peak - final) * (1 + np.cos(np.pi * share)) / 2)
