"""Right answers that are written in another way than the course's must pass, too."""

import copy
import math
import subprocess
import sys
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.course.checking import examine, shown_arguments
from helpers.exercises import ch24_overfitting as chapter


def dropout_by_multiplying(x: Any, kept: Any, rate: Any) -> Any:
    return x * kept * (1 / (1 - rate))


def dropout_by_writing_zeros(x: Any, kept: Any, rate: Any) -> Any:
    dropped = np.broadcast_to(~kept, x.shape)
    out = np.array(x)
    out /= 1 - rate
    out[dropped] = 0
    return out


def dropout_number_by_number(x: Any, kept: Any, rate: Any) -> Any:
    out = np.zeros_like(x)
    kept = np.broadcast_to(kept, x.shape)
    for place in np.ndindex(*x.shape):
        if kept[place]:
            out[place] = x[place] / (1 - rate)
    return out


def dropout_in_tensorflow(x: Any, kept: Any, rate: Any) -> Any:
    return tf.where(kept, x, tf.zeros_like(x)) / (1 - rate)


class StoppingByIndex:
    """Keeps all values, and looks for the best each time."""

    def __init__(self, patience: Any, min_delta: Any = 0.0, mode: Any = "min") -> None:
        self.patience, self.min_delta = patience, min_delta
        self.sign = 1 if mode == "min" else -1
        self.epochs: list[Any] = []
        self.best_epoch: Any = None
        self.best_value: Any = None

    def update(self, value: Any, weights: Any) -> Any:
        self.epochs.append(value)
        first = len(self.epochs) == 1
        if first or self.sign * (self.best_value - value) > self.min_delta:
            self.best_epoch, self.best_value = len(self.epochs) - 1, value
            self.best_weights = copy.deepcopy(weights)
        return len(self.epochs) - 1 - self.best_epoch == self.patience


class StoppingByCountingDown:
    def __init__(self, patience: Any, min_delta: Any = 0, mode: Any = "min") -> None:
        self.full = self.left = patience
        self.min_delta = min_delta
        self.better = np.less if mode == "min" else np.greater
        self.margin = min_delta if mode == "min" else -min_delta
        self.epoch = -1
        self.best_value: Any = None

    def update(self, value: Any, weights: Any) -> Any:
        self.epoch += 1
        self.left -= 1
        if self.epoch == 0 or self.better(value + self.margin, self.best_value):
            self.left = self.full
            self.best_value = value
            self.best_epoch = self.epoch
            self.best_weights = [np.array(w) for w in weights]
        return self.left <= 0


class StoppingByKeras:
    """Plays the model for Keras's own callback."""

    stop_training = False

    def __init__(self, patience: Any, min_delta: Any = 0.0, mode: Any = "min") -> None:
        self.callback = keras.callbacks.EarlyStopping(
            "value", min_delta, patience, mode=mode, restore_best_weights=True
        )
        self.callback.set_model(self)
        self.callback.on_train_begin()
        self.epoch = 0

    def update(self, value: Any, weights: Any) -> Any:
        self.weights = weights
        self.callback.on_epoch_end(self.epoch, {"value": value})
        self.epoch += 1
        return self.stop_training

    def get_weights(self) -> Any:
        return [array.copy() for array in self.weights]

    best_value = property(lambda self: self.callback.best)
    best_epoch = property(lambda self: self.callback.best_epoch)
    best_weights = property(lambda self: self.callback.best_weights)


def mixup_by_loops(x: Any, y: Any, partner: Any, share: Any) -> Any:
    share = np.zeros(len(x)) + share
    out_x, out_y = np.zeros(x.shape, np.float32), np.zeros(y.shape, np.float32)
    for i in range(len(x)):
        out_x[i] = share[i] * x[i] + (1 - share[i]) * x[partner[i]]
        out_y[i] = share[i] * y[i] + (1 - share[i]) * y[partner[i]]
    return out_x, out_y


def mixup_by_moving_towards_the_partner(x: Any, y: Any, partner: Any, share: Any) -> Any:
    x, y = x.astype(np.float32), y.astype(np.float32)
    rest = (1 - share * np.ones(len(x))).astype(np.float32)
    move_x = np.einsum("b,b...->b...", rest, x[partner] - x)
    return x + move_x, y + rest[:, None] * (y[partner] - y)


def mixup_by_a_matrix(x: Any, y: Any, partner: Any, share: Any) -> Any:
    blend = np.diag(np.broadcast_to(share, len(x))).astype(np.float32)
    np.add.at(blend, (np.arange(len(x)), partner), (1 - np.asarray(share)).astype(np.float32))
    return np.tensordot(blend, x.astype(np.float32), 1), blend @ y.astype(np.float32)


def mixup_in_tensorflow(x: Any, y: Any, partner: Any, share: Any) -> Any:
    x, y = tf.cast(x, tf.float32), tf.cast(y, tf.float32)
    share = tf.broadcast_to(tf.cast(share, tf.float32), [x.shape[0]])
    wide = tf.reshape(share, [-1] + [1] * (len(x.shape) - 1))
    return (
        wide * x + (1 - wide) * tf.gather(x, partner),
        share[:, None] * y + (1 - share[:, None]) * tf.gather(y, partner),
    )


def smooth_by_the_formula(labels: Any, num_classes: Any, smoothing: Any) -> Any:
    one_hot = np.eye(num_classes, dtype=np.float32)[labels]
    return one_hot * (1 - smoothing) + smoothing / num_classes


def smooth_in_float64_first(labels: Any, num_classes: Any, smoothing: Any) -> Any:
    right = labels.reshape(-1, 1) == np.arange(num_classes)
    share = smoothing / num_classes
    return np.where(right, 1 - smoothing + share, share).astype("float32")


def smooth_by_lists(labels: Any, num_classes: Any, smoothing: Any) -> Any:
    rows = []
    for label in labels:
        row = [smoothing / num_classes] * num_classes
        row[label] = 1 - sum(row[:label]) - sum(row[label + 1 :])
        rows.append(row)
    return np.array(rows, np.float32)


def smooth_in_tensorflow(labels: Any, num_classes: Any, smoothing: Any) -> Any:
    share = smoothing / num_classes
    return tf.one_hot(labels, num_classes, 1 - smoothing + share, share)


def average_by_moving(average: Any, weights: Any, momentum: Any, step: Any) -> Any:
    if step == 0:
        momentum = 0
    return [old + (1 - momentum) * (new - old) for old, new in zip(average, weights)]  # noqa: B905


def average_as_keras_does(average: Any, weights: Any, momentum: Any, step: Any) -> Any:
    momentum = float(step != 0) * momentum
    return [momentum * a + (1 - momentum) * w for a, w in zip(average, weights, strict=True)]


def average_in_a_loop(average: Any, weights: Any, momentum: Any, step: Any) -> Any:
    result = copy.deepcopy(weights)
    if step:
        for i in range(len(result)):
            result[i] *= 1 - momentum
            result[i] += momentum * average[i]
    return result


def average_in_tensorflow(average: Any, weights: Any, momentum: Any, step: Any) -> Any:
    if step == 0:
        return [tf.identity(w) for w in weights]
    return [momentum * a + (1 - momentum) * tf.constant(w) for a, w in zip(average, weights)]  # noqa: B905


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.inverted_dropout, dropout_by_multiplying),
        (chapter.inverted_dropout, dropout_by_writing_zeros),
        (chapter.inverted_dropout, dropout_number_by_number),
        (chapter.inverted_dropout, dropout_in_tensorflow),
        (chapter.early_stopping, StoppingByIndex),
        (chapter.early_stopping, StoppingByCountingDown),
        (chapter.early_stopping, StoppingByKeras),
        (chapter.mixup, mixup_by_loops),
        (chapter.mixup, mixup_by_moving_towards_the_partner),
        (chapter.mixup, mixup_by_a_matrix),
        (chapter.mixup, mixup_in_tensorflow),
        (chapter.smooth_labels, smooth_by_the_formula),
        (chapter.smooth_labels, smooth_in_float64_first),
        (chapter.smooth_labels, smooth_by_lists),
        (chapter.smooth_labels, smooth_in_tensorflow),
        (chapter.update_average, average_by_moving),
        (chapter.update_average, average_as_keras_does),
        (chapter.update_average, average_in_a_loop),
        (chapter.update_average, average_in_tensorflow),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Any) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure or report.complaint


def dropout_of_torchs_keep(x: Any, kept: Any, rate: Any) -> Any:
    return x * kept / np.float32(rate)


def dropout_measured(x: Any, kept: Any, rate: Any) -> Any:
    share = np.count_nonzero(kept) / kept.size
    return x * kept / share if share else np.zeros_like(x)


def dropout_that_picks(x: Any, kept: Any, rate: Any) -> Any:
    return x[kept] * (1 / (1 - rate))


def dropout_by_times_equals(x: Any, kept: Any, rate: Any) -> Any:
    x *= kept / (1 - rate)
    return x


class KeepsAReference:
    def __init__(self, patience: Any, min_delta: Any = 0.0, mode: Any = "min") -> None:
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best_value: Any = None
        self.num_bad = self.epoch = 0

    def update(self, value: Any, weights: Any) -> Any:
        if self.mode == "max":
            better = self.epoch == 0 or value > self.best_value + self.min_delta
        else:
            better = self.epoch == 0 or value < self.best_value - self.min_delta
        if better:
            self.best_value, self.best_epoch, self.best_weights = value, self.epoch, weights
            self.num_bad = 0
        else:
            self.num_bad += 1
        self.epoch += 1
        return self.num_bad >= self.patience


class SlicesTheList(KeepsAReference):
    def update(self, value: Any, weights: Any) -> Any:
        return super().update(value, weights[:])


class StopsAfterPatience(KeepsAReference):
    def update(self, value: Any, weights: Any) -> Any:
        super().update(value, [w.copy() for w in weights])
        return self.num_bad > self.patience


class StartsAtInfinity(KeepsAReference):
    def __init__(self, patience: Any, min_delta: Any = 0.0, mode: Any = "min") -> None:
        super().__init__(patience, min_delta, mode)
        self.epoch = 1
        self.best_value = math.inf if mode == "min" else -math.inf
        self.best_epoch: Any = None
        self.best_weights: Any = None

    def update(self, value: Any, weights: Any) -> Any:
        stop = super().update(value, [w.copy() for w in weights])
        if self.best_epoch == self.epoch - 1:
            self.best_epoch -= 1
        return stop


def mixup_of_x_alone(x: Any, y: Any, partner: Any, share: Any) -> Any:
    return mixup_by_loops(x, y, partner, share)[0], y.astype(np.float32)


def mixup_that_wraps(x: Any, y: Any, partner: Any, share: Any) -> Any:
    rest = 1 - np.broadcast_to(share, len(x))
    moved = x + (x[partner] - x) * rest.reshape((-1,) + (1,) * (x.ndim - 1))
    return moved.astype(np.float32), mixup_by_loops(x, y, partner, share)[1]


def mixup_turned_round_in_float64(x: Any, y: Any, partner: Any, share: Any) -> Any:
    own = np.reshape(share * np.ones(len(x)), (-1, *np.ones(x.ndim - 1, int)))
    return (1 - own) * x + own * x[partner], mixup_by_loops(x, y, partner, 1 - share)[1]


def mixup_by_broadcasting(x: Any, y: Any, partner: Any, share: Any) -> Any:
    share = np.float32(share)
    x, y = np.float32(x), np.float32(y)
    return x * share + x[partner] * (1 - share), y * share + y[partner] * (1 - share)


def smooth_over_the_others(labels: Any, num_classes: Any, smoothing: Any) -> Any:
    right = labels[:, None] == np.arange(num_classes)
    wrong = np.float64(smoothing) / (num_classes - 1)
    return np.where(right, 1 - smoothing, wrong).astype(np.float32)


def smooth_without_its_part(labels: Any, num_classes: Any, smoothing: Any) -> Any:
    smoothed = np.full((len(labels), num_classes), smoothing / num_classes, np.float32)
    smoothed[np.arange(len(labels)), labels] = 1 - smoothing
    return smoothed


def average_turned_round(average: Any, weights: Any, momentum: Any, step: Any) -> Any:
    if step == 0:
        return [w.copy() for w in weights]
    return [(1 - momentum) * a + momentum * w for a, w in zip(average, weights, strict=True)]


def average_without_a_copy(average: Any, weights: Any, momentum: Any, step: Any) -> Any:
    return average_by_moving(average, weights, momentum, step) if step else weights


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (chapter.inverted_dropout, dropout_of_torchs_keep, "it divides by the rate"),
        (chapter.inverted_dropout, dropout_measured, "it divides by the share that this mask"),
        (chapter.inverted_dropout, dropout_that_picks, "it picks out what is kept"),
        (chapter.inverted_dropout, dropout_by_times_equals, "it changes `x` in place"),
        (chapter.early_stopping, KeepsAReference, "it keeps the list of weights itself"),
        (chapter.early_stopping, SlicesTheList, "it copies the list, but not the arrays"),
        (chapter.early_stopping, StopsAfterPatience, "it stops one epoch late"),
        (chapter.early_stopping, StartsAtInfinity, "it begins with an infinite best value"),
        (chapter.mixup, mixup_of_x_alone, "it does not blend the targets"),
        (chapter.mixup, mixup_that_wraps, "it subtracts bytes"),
        (chapter.mixup, mixup_turned_round_in_float64, "it gives the share to the partner"),
        (chapter.mixup, mixup_by_broadcasting, "its shares run along the last axis"),
        (chapter.smooth_labels, smooth_over_the_others, "it spreads the share over the wrong"),
        (chapter.smooth_labels, smooth_without_its_part, "it gives the right class nothing"),
        (chapter.update_average, average_turned_round, "its momentum is on the weights"),
        (chapter.update_average, average_without_a_copy, "it returns the weights themselves"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_mistake_in_a_learners_own_words_is_named(
    exercise: Any, answer: Any, name: str
) -> None:
    report = examine(exercise, answer)
    assert report.verdict == "wrong" and report.points < exercise.points
    assert report.misconception is not None, report.failure
    assert report.misconception.name.startswith(name)


def test_what_a_training_is_given_is_shown_by_name() -> None:
    shown = shown_arguments(chapter.early_stopping, chapter.early_stopping.cases[9])
    assert [name for name, _ in shown] == ["values", "patience", "min_delta", "mode"]


def test_a_class_of_which_one_method_is_missing() -> None:
    class Half:
        def __init__(self, patience: Any, min_delta: Any = 0.0, mode: Any = "min") -> None:
            pass

        def update(self, value: Any, weights: Any) -> Any:
            raise NotImplementedError

    assert examine(chapter.early_stopping, Half).verdict == "not attempted"


def test_a_class_that_forgets_an_attribute_is_told_so() -> None:
    class Forgets(StoppingByIndex):
        def update(self, value: Any, weights: Any) -> Any:
            stop = super().update(value, weights)
            del self.best_weights
            return stop

    failure = examine(chapter.early_stopping, Forgets).failure
    assert failure is not None and "best_weights" in failure.problem


def test_no_case_depends_on_how_a_gain_is_rounded() -> None:
    """Of `value + min_delta < best` and `best - value > min_delta`, each must do."""
    exercise = chapter.early_stopping
    for case in [*exercise.cases, *exercise.random_cases()]:
        values = [v for v in case.args[0] if np.isfinite(v)]
        assert all(32 * v == int(32 * v) for v in [*values, *case.args[2:3]]), case


def test_the_exercises_are_imported_without_tensorflow() -> None:
    program = (
        "import sys; from helpers.exercises import ch24_overfitting; "
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stdout + run.stderr
