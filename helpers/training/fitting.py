"""Train a classifier of clips: for so many epochs, or for so many seconds."""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers import validate
from helpers.lazy import keras
from helpers.training import feeding
from helpers.training.history import History
from helpers.training.progress import Silent
from helpers.training.progress import line as progress_line
from helpers.training.schedules import cosine_schedule


def fit(
    model: "keras.Model",
    x: Any,
    y: np.ndarray | None = None,
    *,
    epochs: int | None = None,
    seconds: float | None = None,
    batch_size: int = 32,
    learning_rate: float | Callable[[float], float] = 1e-3,
    weight_decay: float = 0.0,
    validation: Any = None,
    patience: int | None = None,
    seed: int = 0,
    checkpoint: str | os.PathLike[str] | None = None,
    save_seconds: float = 30.0,
    progress: bool = True,
) -> History:
    """Train a Keras model with Adam on the cross-entropy of its logits, and return the course.

    `epochs=` does the same steps on every machine, and on one machine gives the same weights
    to the last bit when the model was made after `set_seed`. `seconds=` stops within a step of
    the limit, so a faster machine does more steps: two runs of it are never quite the same.

    What the seconds count: all steps of training with the making of their batches, by the
    clock. Not counted: the first step, in which TensorFlow compiles the model, validation and
    checkpoints. `History.wall_seconds` counts all of it.

    Args:
        model: with one input and logits (batch, classes) as output; made with keras.Input.
        x: clips, (clips, ...), of any dtype: they stay as they are, and the model converts a
            batch at a time. Or a `tf.data.Dataset` of batches (clips, labels); or a function
            that makes one for the epoch 0, 1, ..., which is how the order and the augmentation
            change between epochs and are still the same after an interruption.
        y: labels, whole numbers from 0 to classes - 1, (clips,); None with a dataset.
        epochs, seconds: how long to train; give one of them.
        batch_size: clips a step, for arrays; at most all of them.
        learning_rate: the peak of a cosine schedule with a warm-up in the first 5 % of the
            training, measured in steps or, with `seconds`, in time; or a function from the
            share of the training that is done, 0 to 1, to the rate.
        weight_decay: AdamW's, 0 or more; 0 is Adam.
        validation: (clips, labels) or a dataset, evaluated after every epoch.
        patience: stop when this many epochs brought no lower validation loss. Then, and at any
            other end, the model gets back the weights of the lowest.
        seed: of the clips' order. Call `set_seed` before the model is made for its weights.
        checkpoint: a folder. When it holds the state of the same call, the training goes on
            from there: with arrays or a function of the epoch, `epochs=` ends with the weights
            of an uninterrupted run.
        save_seconds: how often the state is saved; at most so much is done twice.
        progress: show a line of progress in a live notebook or a terminal; in a program without
            one, print a line now and then.

    An interrupt (Ctrl-C, or a notebook's Stop button) is heeded after the step under way, when
    the state has been saved to the checkpoint; a second one at once.

    Raises:
        TypeError, ValueError: when an argument is not as described.
        FloatingPointError: when the loss becomes NaN or infinite.
        KeyboardInterrupt: when it is interrupted.

    >>> import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    >>> x = np.eye(2, dtype=np.float32).repeat(16, axis=0)
    >>> fit(model, x, np.arange(32) // 16, epochs=3).steps
    [1, 2, 3]
    """
    started = time.perf_counter()
    validate.budget(epochs, seconds)
    validate.positive_int(batch_size=batch_size)
    validate.non_negative_int(seed=seed)
    validate.non_negative(weight_decay=weight_decay, save_seconds=save_seconds)
    if not callable(learning_rate):
        validate.positive(learning_rate=learning_rate)
    if patience is not None:
        validate.positive_int(patience=patience)
        if validation is None:
            raise ValueError(f"patience is {patience}, but there is no validation= to watch.")
    input_shape, num_classes = feeding.check_model(model)
    if feeding.is_dataset(x):
        if y is not None:
            raise ValueError("y must be left out: the dataset holds the labels.")
        feeding.check_dataset(x(0) if callable(x) else x, input_shape, "x")
        batches = feeding.dataset_epochs(x, num_classes)
        steps_an_epoch = feeding.steps_in_dataset(x, is_needed=epochs is not None)
    else:
        validate.clips_and_labels(x, y, input_shape, num_classes)
        batch_size = min(batch_size, len(x))
        batches = feeding.array_epochs(x, np.asarray(y), batch_size, seed)
        steps_an_epoch = len(x) // batch_size
    if validation is not None:
        feeding.check_validation(validation, input_shape, num_classes)

    model.compile(
        # AdamW with 0 is the same, but its decay would be a third of what TensorFlow traces.
        optimizer=(
            keras.optimizers.AdamW(weight_decay=weight_decay)
            if weight_decay
            else keras.optimizers.Adam()
        ),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
        # XLA ruins 3D convolutions on the CPU, as benchmarks/convolutions.py measures, and
        # Keras's own "auto" takes it on some machines and not on others.
        jit_compile=False,
    )
    # Left to the first step, this would have TensorFlow trace that step twice: with the making
    # of the optimizer's variables and without. So would metrics=["accuracy"] above.
    model.optimizer.build(model.trainable_variables)
    from helpers.training.checkpoints import Checkpoint  # these two import TensorFlow
    from helpers.training.loop import Plan, Training

    settings = {
        "epochs": epochs,
        "seconds": seconds,
        "batch_size": batch_size,
        "learning_rate": None if callable(learning_rate) else float(learning_rate),
        "weight_decay": weight_decay,
        "patience": patience,
        "seed": seed,
        "steps an epoch": steps_an_epoch,
        "model": [list(weight.shape) for weight in model.weights],
    }
    plan = Plan(
        batches=batches,
        steps_an_epoch=steps_an_epoch,
        epochs=epochs,
        seconds=seconds,
        rate=learning_rate if callable(learning_rate) else _cosine(learning_rate),
        validation=(
            None
            if validation is None
            else feeding.in_order(validation, batch_size, num_classes)
        ),
        patience=patience,
        checkpoint=None if checkpoint is None else Checkpoint(checkpoint, settings),
        save_seconds=save_seconds,
        line=progress_line() if progress else Silent(),
    )
    return Training(model, plan, started).run()


def _cosine(peak: float) -> Callable[[float], float]:
    """From the share of the training that is done to the rate: the schedule in percent."""
    return lambda share: float(cosine_schedule(100 * share, 100, peak, warmup_steps=5))
