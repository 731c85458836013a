"""A training's loop: so many steps, or so much processor time, with a line of progress."""

import time
from collections.abc import Callable

import numpy as np

from helpers import validate
from helpers.interrupting import held_interrupts
from helpers.training.progress import line as progress_line


def run_steps(
    step: Callable[[int, float], float], num_steps: int, seconds: float | None
) -> tuple[np.ndarray, float]:
    """Call a step again and again.

    Args:
        step: takes its number, from 1, and how much of the training is done, 0 to 1; gives the
            loss.
        num_steps: how often at most, at least 1.
        seconds: stop earlier, after so many of processor time, all cores together; the first
            step, in which TensorFlow compiles the network, is not counted. None: no limit.

    Returns:
        The losses, float64 (steps,), and the seconds.

    Raises:
        FloatingPointError: when a loss is not finite.
        TypeError, ValueError: when an argument is not as described.

    >>> losses, seconds = run_steps(lambda number, done: done, num_steps=4, seconds=None)
    >>> losses
    array([0.  , 0.25, 0.5 , 0.75])
    """
    validate.positive_int(num_steps=num_steps)
    if seconds is not None:
        validate.positive(seconds=seconds)
    line = progress_line()
    losses: list[float] = []
    done = taken = 0.0
    with held_interrupts() as interrupts:
        while done < 1:
            losses.append(step(len(losses) + 1, done))
            number = len(losses)
            if not np.isfinite(losses[-1]):
                raise FloatingPointError(
                    f"The loss is {losses[-1]} at step {number}: the learning rate is too large."
                )
            if number == 1:
                started = time.process_time()
            taken = time.process_time() - started
            done = max(number / num_steps, taken / seconds if seconds else 0)
            line.show(min(done, 1), f"step {number} · loss {losses[-1]:.3f}")
            interrupts.check()
    line.close(f"{len(losses)} steps · {taken:.0f} s of the processor")
    return np.array(losses), taken
