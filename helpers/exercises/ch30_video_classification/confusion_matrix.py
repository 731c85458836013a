"""Exercise of chapter 30: which class is taken for which."""

import numpy as np

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property


def transposed(labels, predictions, num_classes):
    return metrics.confusion_matrix(labels, predictions, num_classes).T


def a_pair_counts_once(labels, predictions, num_classes):
    matrix = np.zeros((num_classes, num_classes), int)
    matrix[labels, predictions] += 1
    return matrix


def as_many_as_the_largest(labels, predictions, num_classes):
    num_classes = int(max(labels.max(), predictions.max())) + 1
    return metrics.confusion_matrix(labels, predictions, num_classes)


def those_that_occur(labels, predictions, num_classes):
    matrix = metrics.confusion_matrix(labels, predictions, num_classes)
    occur = np.unique(np.concatenate([labels, predictions]))
    return matrix[np.ix_(occur, occur)]


def shares_of_each_label(labels, predictions, num_classes):
    matrix = metrics.confusion_matrix(labels, predictions, num_classes)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


def shares_of_all(labels, predictions, num_classes):
    return metrics.confusion_matrix(labels, predictions, num_classes) / len(labels)


def in_floats(labels, predictions, num_classes):
    return metrics.confusion_matrix(labels, predictions, num_classes).astype(float)


def hits_only(labels, predictions, num_classes):
    return np.diag(np.diag(metrics.confusion_matrix(labels, predictions, num_classes)))


def mistakes_only(labels, predictions, num_classes):
    matrix = metrics.confusion_matrix(labels, predictions, num_classes)
    return matrix - np.diag(np.diag(matrix))


def classes_from_one(labels, predictions, num_classes):
    matrix = np.zeros((num_classes, num_classes), int)
    for label, prediction in zip(labels.tolist(), predictions.tolist(), strict=True):
        matrix[label - 1, prediction - 1] += 1
    return matrix


def both_ways(labels, predictions, num_classes):
    matrix = metrics.confusion_matrix(labels, predictions, num_classes)
    return matrix + matrix.T - np.diag(np.diag(matrix))


def without_the_empty_end(labels, predictions, num_classes):
    counts = np.bincount(labels.astype(int) * num_classes + predictions)
    return counts.reshape(num_classes, num_classes)


def pairs_of_labels_with_labels(labels, predictions, num_classes):
    return metrics.confusion_matrix(labels, labels, num_classes)


def pairs_that_overflow(labels, predictions, num_classes):
    pairs = (labels * labels.dtype.type(num_classes) + predictions).astype(int)
    counts = np.bincount(pairs % num_classes**2, minlength=num_classes**2)
    return counts.reshape(num_classes, num_classes)


def one_row_under_several_names(labels, predictions, num_classes):
    matrix = [[0] * num_classes] * num_classes
    for label, prediction in zip(labels, predictions, strict=True):
        matrix[label][prediction] += 1
    return np.array(matrix)


def in_8_bits(labels, predictions, num_classes):
    return metrics.confusion_matrix(labels, predictions, num_classes).astype(np.uint8)


def in_32_bits(labels, predictions, num_classes):
    return metrics.confusion_matrix(labels, predictions, num_classes).astype(np.int32)


def draw_labels(rng):
    num_classes, num_clips = int(rng.integers(1, 6)), int(rng.integers(1, 20))
    labels, predictions = rng.integers(0, num_classes, (2, num_clips))
    is_right = rng.random(num_clips) < 0.4
    return labels, np.where(is_right, labels, predictions), num_classes


def classes(*numbers):
    return np.array(numbers)


confusion_matrix = Exercise(
    reference=metrics.confusion_matrix,
    chapter="30_video_classification",
    task=(
        "Count how often each class was taken for each: in row i and column j, the clips of "
        "class i that were predicted as j."
    ),
    minutes=6,
    difficulty=1,
    points=2,
    cases=[
        Case("one clip, one class", (classes(0), classes(0), 1)),
        Case("one clip, taken for another class", (classes(0), classes(1), 2)),
        Case("the same mistake three times", (classes(0, 0, 0), classes(1, 1, 1), 2)),
        Case("hits and a mistake", (classes(0, 0, 1), classes(0, 1, 1), 2)),
        Case(
            "a class in the middle that never occurs", (classes(0, 2, 2), classes(2, 2, 0), 3)
        ),
        Case("the last class never occurs", (classes(0, 1, 1), classes(1, 1, 0), 3)),
        Case("a class that is only ever predicted", (classes(0, 1, 1), classes(1, 2, 2), 3)),
        Case(
            "class numbers in 8 bits",
            (np.array([16, 16, 3], np.uint8), np.array([16, 2, 3], np.uint8), 17),
        ),
        Case("the same mistake 300 times", (np.zeros(300, int), np.ones(300, int), 2)),
    ],
    random_case=draw_labels,
    properties=[
        Property(
            "its shape is (`num_classes`, `num_classes`)",
            lambda args, got: got.shape == (args[2], args[2]),
        ),
        Property("every clip is counted once", lambda args, got: got.sum() == len(args[0])),
    ],
    demands=[
        Property("its counts are int64", lambda args, got: np.asarray(got).dtype == np.int64),
    ],
    hints=(
        "Begin with a table of zeros, (`num_classes`, `num_classes`), and add 1 for each clip. "
        "Which of its two numbers is the row?",
        "A loop over `zip(labels, predictions)` is right. Without a loop: `matrix[labels, "
        "predictions] += 1` reads, adds and writes once, so a pair that comes three times "
        "counts once. `np.add.at` counts it three times.",
        "`matrix = np.zeros((num_classes, num_classes), np.int64)`, then "
        "`np.add.at(matrix, (labels, predictions), 1)`.",
    ),
    misconceptions=[
        Misconception(
            "its rows are the predictions",
            transposed,
            "Rows are the true classes and columns the predicted ones, as in scikit-learn. The "
            "other way round, recall becomes precision.",
        ),
        Misconception(
            "it counts a pair that comes several times only once",
            a_pair_counts_once,
            "`matrix[labels, predictions] += 1` reads all cells, adds 1 and writes them back: "
            "repeated pairs overwrite each other. Use a loop, `np.add.at` or `np.bincount`.",
        ),
        Misconception(
            "it has as many classes as the largest number says",
            as_many_as_the_largest,
            "A class that occurs nowhere still has a row and a column, or the matrices of two "
            "runs cannot be added. `num_classes` says how many there are.",
        ),
        Misconception(
            "it leaves out classes that never occur",
            those_that_occur,
            "So does scikit-learn unless told otherwise, and row 2 is then no longer class 2. "
            "Pass `labels=range(num_classes)` there.",
        ),
        Misconception(
            "it returns shares of each row",
            shares_of_each_label,
            "The contract asks for counts. Shares follow from them, but not the other way: they "
            "hide how many clips there were.",
        ),
        Misconception(
            "it returns shares of all clips",
            shares_of_all,
            "The contract asks for counts, not for a division by the number of clips.",
        ),
        Misconception(
            "it counts in floats",
            in_floats,
            "`np.zeros` is float64 unless told otherwise. Counts are whole numbers: int64.",
        ),
        Misconception(
            "it counts the hits only",
            hits_only,
            "The mistakes, off the diagonal, are what the matrix is for.",
        ),
        Misconception(
            "it counts the mistakes only",
            mistakes_only,
            "A clip that was predicted right belongs on the diagonal.",
        ),
        Misconception(
            "it numbers the classes from 1",
            classes_from_one,
            "Class 0 is row 0. With `- 1` it becomes row −1, which is the last.",
        ),
        Misconception(
            "it counts a mistake both ways",
            both_ways,
            "Taking a run for a walk is not taking a walk for a run: the matrix need not be "
            "symmetric.",
        ),
        Misconception(
            "its counts stop at the last pair that occurs",
            without_the_empty_end,
            "`np.bincount` is as long as the largest number it meets. Give it "
            "`minlength=num_classes**2`.",
        ),
        Misconception(
            "it never looks at the predictions",
            pairs_of_labels_with_labels,
            "Every clip lands on the diagonal: labels are compared with themselves.",
        ),
        Misconception(
            "the number of a pair overflows",
            pairs_that_overflow,
            "`labels * num_classes` of 8-bit labels wraps around at 256. Convert the labels to "
            "int64 first.",
        ),
        Misconception(
            "all its rows are one row",
            one_row_under_several_names,
            "`[[0] * n] * n` puts the same list in n places, so that a clip counts in every "
            "row. `np.zeros((n, n), np.int64)`, or a new list for each row.",
        ),
        Misconception(
            "it counts in 8 bits",
            in_8_bits,
            "uint8 ends at 255: the 256th clip of a cell makes it 0 again. Class numbers may "
            "be that narrow, counts may not: int64.",
        ),
        Misconception(
            "it counts in 32 bits",
            in_32_bits,
            "The numbers are right, but the contract promises int64: "
            "`np.zeros(shape, np.int64)`.",
        ),
    ],
)
