"""The training of the video GAN, and what is noted on the way."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from helpers import validate
from helpers.generation.clips import digits
from helpers.generation.video_gan import VideoGAN, codes, stored
from helpers.interrupting import held_interrupts
from helpers.lazy import keras, tf
from helpers.training.progress import line as progress_line

__all__ = ["Record", "VideoGAN", "codes", "stored", "train"]

NUM_TRAIN = 6000
BATCH_SIZE = 16  # a multiple of `discriminators.GROUP`
PENALTY_EVERY = 4  # steps; the penalty is as much larger (Karras et al., 2020)
_NUM_SHOWN = 8
_NOTED_EVERY = 25


@dataclass
class Record:
    """What was noted in a training.

    Attributes:
        steps: after which steps the curves were noted.
        curves: from the name of a loss or share, as `VideoGAN.train_step` returns it, to its
            means over the steps since the last note.
        sampled: after which steps samples were made.
        samples: uint8 (8, 8, 24, 24, 1) each, always of the same codes.
        seconds: of the processor, all threads together, without the compilation.
    """

    steps: list[int] = field(default_factory=list)
    curves: dict[str, list[float]] = field(default_factory=dict)
    sampled: list[int] = field(default_factory=list)
    samples: list[np.ndarray] = field(default_factory=list)
    seconds: float = 0.0


def train(
    num_steps: int,
    *,
    seed: int,
    seconds: float | None = None,
    gamma: float = 1.0,
    sample_every: int | None = None,
) -> tuple[VideoGAN, Record]:
    """Train a video GAN on 6,000 clips of gliding digits.

    On one machine the same arguments give the same weights, unless seconds stop it.

    Args:
        num_steps: of both sides, at most.
        seed: of the weights, the batches and the noise.
        seconds: stop after so many of the processor, which pass faster than a clock's when two
            cores work; not counted are the first steps, which compile.
        gamma: the weight of the R1 penalty, 0 or more.
        sample_every: after how many steps to keep samples, if at all.

    Returns:
        The GAN and what was noted.

    Raises:
        FloatingPointError: when a loss is not finite any more.
        TypeError, ValueError: when an argument is not as described.
    """
    validate.positive_int(num_steps=num_steps)
    validate.non_negative_int(seed=seed)
    validate.non_negative(gamma=gamma)
    if seconds is not None:
        validate.positive(seconds=seconds)
    if sample_every is not None:
        validate.positive_int(sample_every=sample_every)
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    clips = digits(NUM_TRAIN, seed=0).video
    gan, record = VideoGAN(), Record()
    # A graph each, as penalised and other steps differ.
    compiled = tf.function(gan.train_step, jit_compile=False, autograph=False)
    shown = codes(_NUM_SHOWN, seed=0)
    noted = []
    line = progress_line()
    started = time.process_time()
    with held_interrupts() as interrupts, _unfused():
        for step in range(num_steps):
            real = clips[rng.integers(NUM_TRAIN, size=BATCH_SIZE)].astype(np.float32)
            weight = gamma * PENALTY_EVERY if step % PENALTY_EVERY == 0 else None
            noted.append(compiled(tf.constant(real / 127.5 - 1), weight))
            if step < 2:  # both graphs are there now
                started = time.process_time()
            record.seconds = time.process_time() - started
            is_over = seconds is not None and record.seconds >= seconds
            is_last = is_over or step + 1 == num_steps
            if is_last or (step + 1) % _NOTED_EVERY == 0:
                _note(record, step + 1, noted)
                noted = []
            if sample_every is not None and (is_last or (step + 1) % sample_every == 0):
                record.sampled.append(step + 1)
                record.samples.append(gan.clips(*shown))
            share = (step + 1) / num_steps
            if seconds is not None:
                share = max(share, record.seconds / seconds)
            line.show(share, f"step {step + 1} · {record.seconds:.0f} s")
            interrupts.check()
            if is_last:
                break
    line.close(f"{record.steps[-1]} steps · {record.seconds:.0f} s of the processor")
    return gan, record


@contextmanager
def _unfused() -> Iterator[None]:
    """Compile without TensorFlow's fusion of operations.

    Where a network is used more than once in a step, its pass over the graph may give up with an
    error in red (TensorFlow 2.21). The step is as fast without it, and compiled sooner.
    """
    options = tf.config.optimizer
    options.set_experimental_options({"remapping": False})
    try:
        yield
    finally:
        options.set_experimental_options(
            {"remapping": True}
        )  # which is TensorFlow's own choice


def _note(record: Record, step: int, noted: list) -> None:
    """Append the means of some steps, or raise when they are not finite."""
    means = {name: float(np.mean([one[name] for one in noted])) for name in noted[0]}
    for name in ("discriminator_loss", "generator_loss"):
        if not math.isfinite(means[name]):
            raise FloatingPointError(
                f"The {name.replace('_', ' ')} is {means[name]} by step {step}: one side has run "
                "away from the other, so lower the learning rates, or raise gamma."
            )
    record.steps.append(step)
    for name, value in means.items():
        record.curves.setdefault(name, []).append(value)
