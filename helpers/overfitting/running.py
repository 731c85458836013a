"""One training run under some remedies, from the clips to the three accuracies."""

import time
from dataclasses import dataclass
from functools import cache

import numpy as np

from helpers import datasets, from_scratch, training
from helpers.lazy import keras
from helpers.overfitting.augmenting import augment
from helpers.overfitting.network import network
from helpers.overfitting.remedies import Remedies

NUM_STEPS = 300
NUM_VALIDATION = 200
AT_A_TIME = 200  # clips that go through the model at once when it is not trained
_NUM_MADE = 2000  # clips of shapes to pretrain on
NUM_CLASSES = len(datasets.MOTIONS)


@dataclass(frozen=True)
class Result:
    """What a run reached.

    Attributes:
        model: the trained model.
        train, validation: its accuracy on its clips, 0 to 1, as it will be used (no dropout,
            the averages of batch normalisation).
        epochs: after which of them, from 1, the losses were noted: those that `run` was told
            to watch, and with early stopping all.
        train_losses, validation_losses: the cross-entropy after these epochs, measured alike;
            the first is empty unless `run` was told to watch.
        losses_in_training: the loss as Keras's `fit` reports it, averaged over the epoch's
            steps, with the statistics of each batch; empty unless it was told to watch.
        steps: how many the optimizer made.
        seconds: processor time of the training, pretraining and watching included.
    """

    model: "keras.Model"
    train: float
    validation: float
    epochs: list[int]
    train_losses: list[float]
    validation_losses: list[float]
    losses_in_training: list[float]
    steps: int
    seconds: float


def small_task(seed: int, num_train: int = 50) -> tuple[datasets.Clips, datasets.Clips]:
    """Clips of moving digits to train on and to validate with; other clips for each seed.

    The label is the motion. For a test, make clips with `split="test"`: other digits.
    """
    train = datasets.moving_digits(num_train, seed=100 + seed)
    return train, datasets.moving_digits(NUM_VALIDATION, seed=5000 + seed)


def predict(model: "keras.Model", x: np.ndarray) -> np.ndarray:
    """The classes, (clips,), with the largest logit."""
    parts = np.split(x, range(AT_A_TIME, len(x), AT_A_TIME))
    batches = [np.asarray(model(part, training=False)) for part in parts]
    return np.concatenate(batches).argmax(axis=1)


def run(
    remedies: Remedies,
    seed: int,
    *,
    num_steps: int = NUM_STEPS,
    labels: np.ndarray | None = None,
    watch: int = 0,
) -> Result:
    """Train the small network on the small task under these remedies.

    Every run takes the same number of steps with AdamW on a cosine schedule, unless it stops
    early. Whatever is drawn at random depends on the seed: clips, first weights, order.

    Args:
        remedies: what to do about overfitting.
        seed: of everything.
        num_steps: of the optimizer.
        labels: to train on in place of the true ones, (num_train,).
        watch: note the losses after every so many epochs; 0 is never.

    >>> run(Remedies(num_train=20), seed=0, num_steps=2).steps
    2
    """
    train, validation = small_task(seed, remedies.num_train)
    train_labels = train.label if labels is None else labels
    shape = train.video.shape[1:]
    started = time.process_time()
    training.set_seed(seed)
    model = network(shape, NUM_CLASSES, remedies)
    pretraining_seconds = 0.0
    if remedies.is_pretrained:
        weights, pretraining_seconds = _pretrained(remedies.widths, remedies.normalisation)
        started = time.process_time()  # the first run with these waits for them, others do not
        # All but the head, whose kernel and bias are the last two.
        model.set_weights(weights[:-2] + model.get_weights()[-2:])
    _compile(model, remedies, num_steps)
    rng = np.random.default_rng(seed)
    batch_size = min(remedies.batch_size, len(train_labels))
    steps_an_epoch = len(train_labels) // batch_size
    stopping = from_scratch.EarlyStopping(
        remedies.patience or num_steps, mode="min" if remedies.monitor == "loss" else "max"
    )
    every = 1 if remedies.patience else watch  # so many epochs; 0: nobody looks
    average: list[np.ndarray] = []
    epochs: list[int] = []
    train_losses: list[float] = []
    validation_losses: list[float] = []
    losses_in_training: list[float] = []
    losses_in_epoch: list[float] = []
    for step in range(num_steps):
        if step % steps_an_epoch == 0:
            order = rng.permutation(len(train_labels))
            losses_in_epoch = []
        first = step % steps_an_epoch * batch_size
        chosen = order[first : first + batch_size]
        batch = _batch(train.video[chosen], train_labels[chosen], remedies, rng)
        losses_in_epoch.append(float(model.train_on_batch(*batch)))
        if remedies.averaging:
            weights = model.get_weights()
            average = from_scratch.update_average(
                average or weights, weights, remedies.averaging, step
            )
        epoch, steps_of_next = divmod(step + 1, steps_an_epoch)
        if steps_of_next or not every or epoch % every:
            continue
        epochs.append(epoch)
        loss, accuracy = _measure(model, validation.video, validation.label)
        validation_losses.append(loss)
        if watch:
            train_losses.append(_measure(model, train.video, train_labels)[0])
            losses_in_training.append(float(np.mean(losses_in_epoch)))
        monitored = loss if remedies.monitor == "loss" else accuracy
        if stopping.update(monitored, model.get_weights()):
            break
    if remedies.averaging:
        model.set_weights(average)
    if remedies.patience:
        model.set_weights(stopping.best_weights)
    seconds = pretraining_seconds + time.process_time() - started
    return Result(
        model=model,
        train=training.accuracy(model, train.video, train_labels, AT_A_TIME),
        validation=training.accuracy(model, validation.video, validation.label, AT_A_TIME),
        epochs=epochs,
        train_losses=train_losses,
        validation_losses=validation_losses,
        losses_in_training=losses_in_training,
        steps=step + 1,
        seconds=seconds,
    )


def _compile(model: "keras.Model", remedies: Remedies, num_steps: int) -> None:
    # With Adam a batch of a quarter wants about half the rate.
    peak = remedies.learning_rate * np.sqrt(remedies.batch_size / 16)
    warmup = num_steps // 20
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, max(num_steps - warmup, 1), warmup_target=peak, warmup_steps=warmup
    )
    model.compile(
        # AdamW with 0 is the same, but its decay would be a third of what TensorFlow traces.
        optimizer=(
            keras.optimizers.AdamW(schedule, weight_decay=remedies.weight_decay)
            if remedies.weight_decay
            else keras.optimizers.Adam(schedule)
        ),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    # Left to the first step, this would have TensorFlow trace that step twice: with the making
    # of the optimizer's variables and without.
    model.optimizer.build(model.trainable_variables)


def _batch(
    x: np.ndarray, y: np.ndarray, remedies: Remedies, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Clips and targets, float32 (batch, classes), as the remedies want them."""
    x, y = augment(x, y, remedies, rng)
    targets = from_scratch.smooth_labels(y, NUM_CLASSES, remedies.label_smoothing)
    if remedies.mixup:
        share = rng.beta(remedies.mixup, remedies.mixup, len(x))
        x, targets = from_scratch.mixup(x, targets, rng.permutation(len(x)), share)
    return x, targets


def _measure(model: "keras.Model", x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """The cross-entropy, without penalties, and the accuracy, as the model will be used."""
    logits = model(x, training=False)
    losses = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
    return float(np.mean(losses)), float(np.mean(np.argmax(logits, axis=1) == y))


@cache
def _pretrained(widths: tuple[int, ...], normalisation: str) -> tuple[list[np.ndarray], float]:
    """Weights of a network that has learned the motions from made shapes, and its seconds."""
    started = time.process_time()
    shapes = datasets.moving_shapes(_NUM_MADE, seed=9)
    remedies = Remedies(widths=widths, normalisation=normalisation)
    model = network(shapes.video.shape[1:], NUM_CLASSES, remedies)
    training.fit(
        model,
        shapes.video,
        shapes.label,
        epochs=8,
        learning_rate=remedies.learning_rate,
        progress=False,
    )
    return model.get_weights(), time.process_time() - started
