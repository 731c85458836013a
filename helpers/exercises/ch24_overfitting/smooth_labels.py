"""Exercise of chapter 24: targets that leave a little to every class."""

import numpy as np

from helpers import from_scratch
from helpers.course.exercise import Case, Exercise, Misconception, Property


def one_hot(labels, num_classes):
    """In float64, so that a mistake is recognised in float32 too."""
    return np.eye(num_classes)[labels]


def spread_over_the_wrong_classes(labels, num_classes, smoothing):
    hot = one_hot(labels, num_classes)
    return (1 - smoothing) * hot + smoothing / (num_classes - 1) * (1 - hot)


def forgets_the_right_class(labels, num_classes, smoothing):
    hot = one_hot(labels, num_classes)
    return (1 - smoothing) * hot + smoothing / num_classes * (1 - hot)


def takes_nothing_away(labels, num_classes, smoothing):
    hot = one_hot(labels, num_classes)
    return hot + smoothing / num_classes * (1 - hot)


def on_top_of_one_hot(labels, num_classes, smoothing):
    return one_hot(labels, num_classes) + smoothing / num_classes


def all_of_it_to_each(labels, num_classes, smoothing):
    hot = one_hot(labels, num_classes)
    return (1 - smoothing) * hot + smoothing * (1 - hot)


def half_of_it_to_each(labels, num_classes, smoothing):
    return (1 - smoothing) * one_hot(labels, num_classes) + smoothing / 2


def the_other_way_round(labels, num_classes, smoothing):
    hot = one_hot(labels, num_classes)
    return smoothing * hot + (1 - smoothing) / num_classes


def not_smoothed(labels, num_classes, smoothing):
    return one_hot(labels, num_classes)


def shares_among_the_batch(labels, num_classes, smoothing):
    hot = one_hot(labels, num_classes)
    return (1 - smoothing) * hot + smoothing / len(labels)


def in_float64(labels, num_classes, smoothing):
    return (1 - smoothing) * np.eye(num_classes)[labels] + smoothing / num_classes


def as_many_classes_as_occur(labels, num_classes, smoothing):
    hot = one_hot(labels, labels.max() + 1)
    return (1 - smoothing) * hot + smoothing / (labels.max() + 1)


def counts_the_largest_label(labels, num_classes, smoothing):
    hot = one_hot(labels, num_classes)
    return (1 - smoothing) * hot + smoothing / (labels.max() + 1)


def labels_from_one(labels, num_classes, smoothing):
    hot = one_hot(labels - 1, num_classes)
    return (1 - smoothing) * hot + smoothing / num_classes


def every_label_in_every_row(labels, num_classes, smoothing):
    smoothed = np.full((len(labels), num_classes), smoothing / num_classes)
    smoothed[:, labels] += 1 - smoothing
    return smoothed


def overwrites_the_part_of_the_rest(labels, num_classes, smoothing):
    smoothed = np.full((len(labels), num_classes), smoothing / num_classes)
    smoothed[np.arange(len(labels)), labels] = 1 - smoothing * (num_classes - 1)
    return smoothed


def classes_by_rows(labels, num_classes, smoothing):
    return ((1 - smoothing) * one_hot(labels, num_classes) + smoothing / num_classes).T


def one_row_for_all(labels, num_classes, smoothing):
    row = np.full(num_classes, smoothing / num_classes)
    rows = [row] * len(labels)
    for smoothed, label in zip(rows, labels, strict=True):
        smoothed[label] += 1 - smoothing
    return np.stack(rows)


def draw_labels(rng):
    num_classes = int(rng.integers(2, 7))
    labels = rng.integers(0, num_classes, int(rng.integers(1, 5)))
    return labels, num_classes, float(rng.choice([0, 0.1, 0.2, 0.5, 0.75]))


smooth_labels = Exercise(
    reference=from_scratch.smooth_labels,
    chapter="24_overfitting",
    task=(
        "Make one-hot targets of the labels, and spread the share `smoothing` of each evenly "
        "over all classes."
    ),
    minutes=6,
    difficulty=1,
    points=2,
    cases=[
        Case("no smoothing: one-hot", (np.array([1, 0]), 3, 0.0)),
        Case("one label of two classes", (np.array([1]), 2, 0.5)),
        Case("one label of four classes", (np.array([2]), 4, 0.2)),
        Case("more than half is spread", (np.array([0]), 4, 0.75)),
        Case("three labels", (np.array([2, 0, 1]), 3, 0.3)),
        Case("the last class does not occur", (np.array([1, 0]), 4, 0.2)),
        Case("the same label twice", (np.array([1, 1]), 3, 0.3)),
        Case("labels in 8 bits", (np.array([4, 3, 3], np.int8), 5, 0.1)),
        Case("a hundred classes", (np.array([0, 99]), 100, 0.1)),
    ],
    random_case=draw_labels,
    properties=[
        Property(
            "there is a row for each label, and a number for each class",
            lambda args, got: got.shape == (len(args[0]), args[1]),
        ),
        Property(
            "each row sums to 1", lambda args, got: np.allclose(got.sum(axis=1), 1, atol=1e-5)
        ),
        Property(
            "the right class has the largest number of its row",
            lambda args, got: bool((got.argmax(axis=1) == args[0]).all()),
        ),
    ],
    hints=(
        "How much does each class get when `smoothing` is shared out among all of them? The right "
        "class gets that as well, and something else besides.",
        "Every class has `smoothing / num_classes`, the right one in addition 1 − smoothing. So "
        "begin with an array that is full of the first, and add the second in one place of each "
        "row.",
        "`np.full((len(labels), num_classes), smoothing / num_classes, np.float32)`, then "
        "`smoothed[np.arange(len(labels)), labels] += 1 - smoothing`: the two index arrays name "
        "one place in each row.",
    ),
    misconceptions=[
        Misconception(
            "it spreads the share over the wrong classes alone",
            spread_over_the_wrong_classes,
            "That is another published convention, with s / (K − 1) for each wrong class and 1 − s "
            "for the right one. The docstring, the paper and Keras share it among all K.",
        ),
        Misconception(
            "it gives the right class nothing of the share",
            forgets_the_right_class,
            "With s / K for each wrong class and 1 − s for the right one, s / K is lost and a row "
            "sums to less than 1. The right class gets its s / K as well.",
        ),
        Misconception(
            "it takes nothing from the right class",
            takes_nothing_away,
            "The right class must give away what the others get, or a row sums to more than 1.",
        ),
        Misconception(
            "it adds the share on top of one-hot targets",
            on_top_of_one_hot,
            "The share is taken from the one-hot target before it is spread: (1 − s) · one-hot + "
            "s / K.",
        ),
        Misconception(
            "it gives each wrong class the whole share",
            all_of_it_to_each,
            "All classes share it: each gets `smoothing / num_classes`.",
        ),
        Misconception(
            "it gives each class half of the share",
            half_of_it_to_each,
            "Half is right for two classes, as in Keras's binary cross-entropy. Of K classes each "
            "gets one K-th.",
        ),
        Misconception(
            "it exchanges the share and the rest",
            the_other_way_round,
            "`smoothing` is the share that is spread; the right class keeps 1 − smoothing.",
        ),
        Misconception(
            "it does not smooth",
            not_smoothed,
            "`smoothing` has no influence.",
        ),
        Misconception(
            "it shares among the labels of the batch",
            shares_among_the_batch,
            "The share is spread over the classes, however many labels there are: divide by "
            "`num_classes`, not by `len(labels)`.",
        ),
        Misconception(
            "it returns float64",
            in_float64,
            "`np.eye` and `np.zeros` are float64 unless told otherwise; the network computes in "
            "float32: `dtype=np.float32`.",
        ),
        Misconception(
            "it has as many classes as occur",
            as_many_classes_as_occur,
            "A batch need not hold the last class. The width is `num_classes`.",
        ),
        Misconception(
            "it shares among the classes that occur",
            counts_the_largest_label,
            "A batch need not hold the last class. Divide by `num_classes`.",
        ),
        Misconception(
            "it counts classes from 1",
            labels_from_one,
            "Labels go from 0 to `num_classes - 1`. With `labels - 1`, class 0 becomes −1, which "
            "is the last one.",
        ),
        Misconception(
            "it marks every label in every row",
            every_label_in_every_row,
            "`smoothed[:, labels]` is all rows at all these columns. One place in each row needs "
            "two index arrays: `smoothed[np.arange(len(labels)), labels]`.",
        ),
        Misconception(
            "it takes the share of a class from the right one for each wrong class",
            overwrites_the_part_of_the_rest,
            "1 − s · (K − 1) would be right if each wrong class got s. Each gets s / K, so 1 − s + "
            "s / K are left.",
        ),
        Misconception(
            "its rows are the classes",
            classes_by_rows,
            "A row is a clip, as in the logits: (batch, num_classes).",
        ),
        Misconception(
            "all its rows are one row",
            one_row_for_all,
            "`[row] * n` holds the same array n times, so each label is added to all. Make an "
            "array of two axes.",
        ),
    ],
)
