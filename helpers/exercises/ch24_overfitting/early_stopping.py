"""Exercise of chapter 24: when to stop, and which weights to keep.

An answer is a class. It watches a training that is made up: its values are given, and the
weights after each epoch tell which epoch it was.
"""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def train(stopping, values, patience, min_delta=None, mode=None):
    """What a training comes to that asks, after each epoch, whether to stop.

    The weights are two arrays in one list. Training changes the first in place, and puts a new
    one in the place of the second. After epoch n, they hold n and 10 n.
    """
    settings = [setting for setting in (min_delta, mode) if setting is not None]
    watcher = stopping(patience, *settings)
    weights = [np.zeros(2), np.zeros(1)]
    answers = []
    for number, value in enumerate(values):
        weights[0][:] = number
        weights[1] = np.full(1, 10.0 * number)
        answers.append(watcher.update(value, weights))
        if answers[-1]:
            break
    weights[0][:] = -1  # training may go on
    return {
        "what update said": answers,
        "best_value": watcher.best_value,
        "best_epoch": watcher.best_epoch,
        "best_weights": watcher.best_weights,
    }


class Watcher:
    """A right answer, in which each subclass gets one thing wrong."""

    first_epoch = 0

    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.epoch, self.wait = self.first_epoch - 1, 0
        self.best_value = self.best_epoch = self.best_weights = self.last = None

    def update(self, value, weights):
        self.epoch += 1
        better = self.best_value is None or self.is_better(value)
        if better:
            self.keep(value, weights)
        self.count(value, better)
        self.last = value
        return self.must_stop()

    def is_better(self, value):
        if self.mode == "min":
            return value + self.min_delta < self.best_value
        return value - self.min_delta > self.best_value

    def keep(self, value, weights):
        self.best_value, self.best_epoch = value, self.epoch
        self.best_weights = self.copied(weights)

    def copied(self, weights):
        return [array.copy() for array in weights]

    def count(self, value, better):
        self.wait = 0 if better else self.wait + 1

    def must_stop(self):
        return self.wait >= self.patience


class CountsFromTheStart(Watcher):
    def must_stop(self):
        return self.epoch >= self.patience


class ComparesWithTheLast(Watcher):
    def is_better(self, value):
        if self.mode == "min":
            return value + self.min_delta < self.last
        return value - self.min_delta > self.last


class CountsEpochsWorseThanTheLast(Watcher):
    def count(self, value, better):
        if self.last is None:
            return
        worse = value >= self.last if self.mode == "min" else value <= self.last
        self.wait = self.wait + 1 if worse else 0


class KeepsTheList(Watcher):
    def copied(self, weights):
        return weights


class CopiesTheListAlone(Watcher):
    def copied(self, weights):
        return list(weights)


class TiesAreBetter(Watcher):
    def is_better(self, value):
        if self.mode == "min":
            return value + self.min_delta <= self.best_value
        return value - self.min_delta >= self.best_value


class OneEpochLate(Watcher):
    def must_stop(self):
        return self.wait > self.patience


class OneEpochEarly(Watcher):
    def must_stop(self):
        return self.epoch > 0 and self.wait + 1 >= self.patience


class LowerIsAlwaysBetter(Watcher):
    def is_better(self, value):
        return value + self.min_delta < self.best_value


class HigherIsAlwaysBetter(Watcher):
    def is_better(self, value):
        return value - self.min_delta > self.best_value


class WithoutMinDelta(Watcher):
    def is_better(self, value):
        return value < self.best_value if self.mode == "min" else value > self.best_value


class MinDeltaOnTheWrongSide(Watcher):
    def is_better(self, value):
        if self.mode == "min":
            return value - self.min_delta < self.best_value
        return value + self.min_delta > self.best_value


class MinDeltaAsAShare(Watcher):
    def is_better(self, value):
        if self.mode == "min":
            return value < self.best_value * (1 - self.min_delta)
        return value > self.best_value * (1 + self.min_delta)


class KeepsTheLastWeights(Watcher):
    def update(self, value, weights):
        stop = super().update(value, weights)
        self.best_weights = self.copied(weights)
        return stop


class NeverForgives(Watcher):
    def count(self, value, better):
        self.wait += not better


class LowersTheBarOnSmallGains(Watcher):
    def count(self, value, better):
        super().count(value, better)
        gain = value < self.best_value if self.mode == "min" else value > self.best_value
        if gain:
            self.best_value = value


class CountsFromOne(Watcher):
    first_epoch = 1


class NanIsBetter(Watcher):
    def is_better(self, value):
        if self.mode == "min":
            return not value + self.min_delta >= self.best_value
        return not value - self.min_delta <= self.best_value


class BeginsAtInfinity(Watcher):
    def update(self, value, weights):
        if self.best_value is None:
            self.best_value = np.inf if self.mode == "min" else -np.inf
        return super().update(value, weights)


class SaysNothing(Watcher):
    def must_stop(self):
        return True if self.wait >= self.patience else None


class SaysGoOn(Watcher):
    def must_stop(self):
        return self.wait < self.patience


class FirstWeightsForGood(Watcher):
    def keep(self, value, weights):
        first = self.best_weights
        super().keep(value, weights)
        self.best_weights = first or self.best_weights


class StopsAtTheFirstBadEpoch(Watcher):
    def must_stop(self):
        return self.wait > 0


class NumberOfTheLastEpoch(Watcher):
    def update(self, value, weights):
        stop = super().update(value, weights)
        self.best_epoch = self.epoch
        return stop


def draw_training(rng):
    # Eighths, which no order of adding and comparing rounds.
    values = rng.integers(0, 9, size=int(rng.integers(1, 10))) / 8
    if rng.random() < 0.2:
        values[rng.integers(len(values))] = rng.choice([np.nan, np.inf])
    settings = float(rng.choice([0, 0.125, 0.25])), str(rng.choice(["min", "max"]))
    patience = int(rng.integers(1, 4))
    values = [float(value) for value in values]
    return (values, patience, *settings) if rng.random() < 0.6 else (values, patience)


early_stopping = Exercise(
    reference=from_scratch.EarlyStopping,
    chapter="24_overfitting",
    task=(
        "Write a class that is told each epoch's value and weights, remembers the best epoch, and "
        "says when `patience` epochs in a row were not better."
    ),
    minutes=15,
    difficulty=2,
    points=4,
    call=train,
    cases=[
        Case("a training of one epoch", ([0.5], 1)),
        Case("every epoch is better", ([1.0, 0.5, 0.25], 1)),
        Case("the second epoch is worse, and that is enough", ([0.5, 1.0, 0.25], 1)),
        Case("a tie is not better", ([0.5, 0.5, 0.25], 1)),
        Case("two worse in a row are one too few for three", ([0.5, 1.0, 0.75, 0.25], 3)),
        Case("two worse in a row are enough for two", ([0.5, 1.0, 0.75, 0.25], 2)),
        Case("worse epochs, but never two in a row", ([1.0, 1.5, 0.5, 0.75, 0.25, 1.0], 2)),
        Case(
            "better than the epoch before, not than the best",
            ([0.25, 1.0, 0.75, 0.5, 0.375], 3),
        ),
        Case("four epochs of patience", ([0.5, 0.25, 0.5, 0.375, 0.5, 0.75, 0.125], 4)),
        Case("higher is better", ([0.25, 0.5, 0.75, 0.5, 0.25], 2, 0.0, "max")),
        Case("higher is better, and nothing is", ([0.5, 0.25, 0.125], 2, 0.0, "max")),
        Case("a gain of less than `min_delta`", ([1.0, 0.875, 0.5], 1, 0.25)),
        Case("a gain of exactly `min_delta`", ([1.0, 0.75, 0.5], 1, 0.25)),
        Case(
            "three small gains, together more than `min_delta`",
            ([1.0, 0.875, 0.75, 0.625, 0.5], 3, 0.25),
        ),
        Case("small gains, together not enough", ([1.0, 0.875, 0.8125, 0.78125], 3, 0.25)),
        Case(
            "a gain smaller than `min_delta`, where higher is better",
            ([0.125, 0.25, 0.75, 0.8125], 2, 0.25, "max"),
        ),
        Case("a loss of NaN in the middle", ([1.0, np.nan, 0.5, 0.75], 2)),
        Case("NaN to the end", ([1.0, np.nan, np.nan, 0.5], 2)),
        Case("NaN from the first epoch on", ([np.nan, 0.5, 0.25], 2)),
        Case("infinite at first, then better", ([np.inf, 0.5, 0.75], 2)),
        Case("losses below 0", ([-0.5, -1.0, -0.75, -0.5], 2)),
    ],
    random_case=draw_training,
    properties=[
        Property(
            "`best_epoch` is one of the epochs",
            lambda args, got: got["best_epoch"] in range(len(got["what update said"])),
        ),
        Property(
            "`best_weights` are those after `best_epoch`",
            lambda args, got: bool((got["best_weights"][0] == got["best_epoch"]).all()),
        ),
    ],
    hints=(
        "Keep four things between the calls: the best value so far, its epoch, its weights, and "
        "how many epochs in a row have not been better. Which of them change when an epoch is "
        "better, which when it is not?",
        'Better is `value + min_delta < best_value` with the mode "min", and `value - min_delta '
        '> best_value` with "max"; any comparison with NaN is False, which is just right. The '
        "first epoch has nothing to be compared with. Training goes on in the arrays that you "
        "are given: keep copies.",
        "If better: `self.best_value, self.best_epoch = value, self.num_epochs`, "
        "`self.best_weights = [array.copy() for array in weights]`, `self.wait = 0`; else "
        "`self.wait += 1`. Then count the epoch, and `return self.wait >= self.patience`.",
    ),
    misconceptions=[
        Misconception(
            "it counts from the first epoch",
            CountsFromTheStart,
            "Patience is how many epochs in a row may fail to get better, not how many there are "
            "in all. Count from the best epoch so far.",
        ),
        Misconception(
            "it compares with the last epoch",
            ComparesWithTheLast,
            "After one bad epoch almost any looks better. Compare with the best so far.",
        ),
        Misconception(
            "it counts epochs worse than the one before",
            CountsEpochsWorseThanTheLast,
            "A loss that creeps down from a bad epoch has still not come back to its best. Every "
            "epoch that is no new best counts.",
        ),
        Misconception(
            "it keeps the list of weights itself",
            KeepsTheList,
            'Training goes on in that list and in those arrays, so the "best" weights are always '
            "the latest. Copy each array.",
        ),
        Misconception(
            "it copies the list, but not the arrays",
            CopiesTheListAlone,
            "`list(weights)` holds the same arrays, and training in place changes them. Copy each "
            "array.",
        ),
        Misconception(
            "it takes a tie for better",
            TiesAreBetter,
            "Better means by more than `min_delta`: `<`, not `<=`. A loss that stands still would "
            "never stop.",
        ),
        Misconception(
            "it stops one epoch late",
            OneEpochLate,
            "It stops at the last of `patience` epochs that are not better: `>=`, not `>`.",
        ),
        Misconception(
            "it stops one epoch early",
            OneEpochEarly,
            "`patience` epochs in a row must fail to get better, and the best epoch itself is not "
            "one of them.",
        ),
        Misconception(
            "it always takes lower for better",
            LowerIsAlwaysBetter,
            'With the mode "max", for an accuracy say, higher is better. So a training that '
            "improves is stopped, and its worst weights are kept.",
        ),
        Misconception(
            "it always takes higher for better",
            HigherIsAlwaysBetter,
            'With the mode "min", the default, lower is better.',
        ),
        Misconception(
            "it ignores `min_delta`",
            WithoutMinDelta,
            "A gain in the fourth decimal is noise. Only a gain above `min_delta` is better.",
        ),
        Misconception(
            "it takes `min_delta` off the wrong side",
            MinDeltaOnTheWrongSide,
            'So an epoch that is a little worse counts as better. With "min" the value must be '
            "below the best one even after adding `min_delta`.",
        ),
        Misconception(
            "it takes `min_delta` for a share",
            MinDeltaAsAShare,
            "`min_delta` is a difference in the value's own units, not a part of the best value.",
        ),
        Misconception(
            "it keeps the weights of the last epoch",
            KeepsTheLastWeights,
            "They are the overfitted ones: that is why training stopped. Copy the weights only "
            "when an epoch is better.",
        ),
        Misconception(
            "its count never goes back to 0",
            NeverForgives,
            "The epochs must come in a row. A new best begins the count anew.",
        ),
        Misconception(
            "it moves the best value on small gains",
            LowersTheBarOnSmallGains,
            "Each small step is then measured from the one before, and many of them together are "
            "never a gain. The best value stays until it is beaten by more than `min_delta`.",
        ),
        Misconception(
            "it counts epochs from 1",
            CountsFromOne,
            'Keras prints "Epoch 1", but its callbacks, and this class, count from 0.',
        ),
        Misconception(
            "it takes NaN for better",
            NanIsBetter,
            "Every comparison with NaN is False, so `not value >= best` is True for it. Ask "
            "whether the value is better, not whether it is not worse.",
        ),
        Misconception(
            "it begins with an infinite best value",
            BeginsAtInfinity,
            "A first loss of NaN or infinity does not beat infinity, so there are no weights to go "
            "back to. The first epoch is the best so far, whatever its value.",
        ),
        Misconception(
            "it returns None for going on",
            SaysNothing,
            "`update` returns False then: `return self.wait >= self.patience` is both.",
        ),
        Misconception(
            "it returns True for going on",
            SaysGoOn,
            "True means stop.",
        ),
        Misconception(
            "it keeps the first weights for good",
            FirstWeightsForGood,
            "The weights must be replaced whenever an epoch is better.",
        ),
        Misconception(
            "it has no patience",
            StopsAtTheFirstBadEpoch,
            "A validation loss goes up and down. `patience` epochs in a row must fail.",
        ),
        Misconception(
            "its best epoch is the last one",
            NumberOfTheLastEpoch,
            "Store the number when the epoch is better, together with the value and the weights.",
        ),
    ],
    equivalent_mutants={
        "line 41: 0 -> 1": "The first epoch is the best so far, and sets `wait` to 0.",
    },
)
