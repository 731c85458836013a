"""Exercise of chapter 30: is the label among the best classes?"""

import numpy as np

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property


def rank_of_the_label(scores, labels):
    """How many classes stand before the label, and before which lower number settles a tie."""
    own = scores[np.arange(len(labels)), labels][:, None]
    earlier = np.arange(scores.shape[1]) < labels[:, None]
    return ((scores > own) | ((scores == own) & earlier)).sum(axis=1)


def best_only(scores, labels, k=5):
    return float(np.mean(scores.argmax(axis=1) == labels))


def the_worst_k(scores, labels, k=5):
    worst = np.argsort(scores, axis=1, kind="stable")[:, :k]
    return float(np.mean((worst == labels[:, None]).any(axis=1)))


def higher_number_wins(scores, labels, k=5):
    best = np.argsort(scores, axis=1, kind="stable")[:, -k:]
    return float(np.mean((best == labels[:, None]).any(axis=1)))


def sorted_upwards_in_any_order(scores, labels, k=5):
    best = np.argsort(scores, axis=1)[:, -k:]
    return float(np.mean((best == labels[:, None]).any(axis=1)))


def sorted_downwards_in_any_order(scores, labels, k=5):
    best = np.argsort(-scores, axis=1)[:, :k]
    return float(np.mean((best == labels[:, None]).any(axis=1)))


def every_tie_counts(scores, labels, k=5):
    own = scores[np.arange(len(labels)), labels]
    return float(np.mean((scores > own[:, None]).sum(axis=1) < k))


def no_tie_counts(scores, labels, k=5):
    own = scores[np.arange(len(labels)), labels]
    return float(np.mean((scores >= own[:, None]).sum(axis=1) <= k))


def one_class_more(scores, labels, k=5):
    return float(np.mean(rank_of_the_label(scores, labels) <= k))


def one_class_fewer(scores, labels, k=5):
    return float(np.mean(rank_of_the_label(scores, labels) < k - 1))


def exactly_at_place_k(scores, labels, k=5):
    return float(np.mean(rank_of_the_label(scores, labels) == k - 1))


def over_k_as_well(scores, labels, k=5):
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.mean(best == labels[:, None]))


def among_those_of_any_clip(scores, labels, k=5):
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.mean(np.isin(labels, best)))


def sorts_the_clips(scores, labels, k=5):
    best = np.argsort(-scores, axis=0, kind="stable")[:, :k]
    return float(np.mean((best == labels[:, None]).any(axis=1)))


def in_percent(scores, labels, k=5):
    return 100 * metrics.top_k_accuracy(scores, labels, k)


def the_number_of_clips(scores, labels, k=5):
    return metrics.top_k_accuracy(scores, labels, k) * len(labels)


def the_error(scores, labels, k=5):
    return 1 - metrics.top_k_accuracy(scores, labels, k)


def clip_by_clip(scores, labels, k=5):
    return rank_of_the_label(scores, labels) < k


def mean_rank(scores, labels, k=5):
    return float(np.mean(rank_of_the_label(scores, labels) + 1))


def by_size(scores, labels, k=5):
    best = np.argsort(-np.abs(scores), axis=1, kind="stable")[:, :k]
    return float(np.mean((best == labels[:, None]).any(axis=1)))


def draw_top_k(rng):
    num_clips, num_classes = int(rng.integers(1, 7)), int(rng.integers(1, 7))
    if rng.random() < 0.5:  # with ties
        scores = rng.integers(-1, 2, (num_clips, num_classes)).astype(float)
    else:
        scores = np.round(rng.normal(size=(num_clips, num_classes)), 2)
    labels = rng.integers(0, num_classes, num_clips)
    return scores, labels, int(rng.integers(1, num_classes + 1))


def of_clips(*rows):
    return np.array(rows, float)


top_k_accuracy = Exercise(
    reference=metrics.top_k_accuracy,
    chapter="30_video_classification",
    task=(
        "Return the share of the clips whose label is among the `k` classes with the highest "
        "scores; of equal scores the class with the lower number ranks first."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("one clip, one class", (of_clips([0.3]), np.array([0]), 1)),
        Case("the label comes second, k is 1", (of_clips([0.2, 0.7, 0.1]), np.array([0]), 1)),
        Case("the label comes second, k is 2", (of_clips([0.2, 0.7, 0.1]), np.array([0]), 2)),
        Case("the label comes third, k is 2", (of_clips([0.2, 0.7, 0.1]), np.array([2]), 2)),
        Case("as many as there are classes", (of_clips([0.2, 0.7, 0.1]), np.array([2]), 3)),
        Case(
            "k is not given: five classes count",
            (of_clips([6, 5, 4, 3, 2, 1], [6, 5, 4, 3, 2, 1]), np.array([4, 5])),
        ),
        Case("negative logits", (of_clips([-3, -1, -2]), np.array([2]), 2)),
        Case(
            "a network that gives every class one score",
            (np.zeros((4, 4)), np.array([0, 1, 2, 3]), 2),
        ),
        Case("a tie for the last place", (of_clips([1, 0, 2, 1]), np.array([3]), 2)),
        Case(
            "a tie for the last place, the other label",
            (of_clips([1, 0, 2, 1]), np.array([0]), 2),
        ),
        Case(
            "twenty classes, of which ten share the highest score",
            (np.tile([0.0, 1.0], (5, 10)), np.array([1, 3, 5, 7, 9])),
        ),
        Case(
            "three clips",
            (
                of_clips([0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.3, 0.1, 0.6]),
                np.array([2, 0, 1]),
                2,
            ),
        ),
    ],
    random_case=draw_top_k,
    properties=[
        Property("it is a share, from 0 to 1", lambda args, got: 0 <= got <= 1),
        Property(
            "with k as large as the number of classes it is 1",
            lambda args, got: args[0].shape[1] not in args[2:] or got == 1,
        ),
    ],
    hints=(
        "For one clip: which are the numbers of its k best classes, and is the label one of "
        "them? Then do it for all clips at once: one row each.",
        "`np.argsort` sorts upwards, so sort the negated scores. Of equal scores a stable sort "
        "leaves the lower number first: `kind='stable'`. Compare each row with its own label, "
        "which needs the shape (clips, 1).",
        "`best = np.argsort(-scores, axis=1, kind='stable')[:, :k]`; "
        "`(best == labels[:, None]).any(axis=1)` says for each clip whether it is a hit; the "
        "mean of that, as a `float`.",
    ),
    misconceptions=[
        Misconception(
            "it looks at the best class only",
            best_only,
            "`k` has no influence: that is top-1, whatever was asked for.",
        ),
        Misconception(
            "it takes the k lowest scores",
            the_worst_k,
            "`np.argsort` sorts upwards, so the first k are the worst. Sort the negated scores.",
        ),
        Misconception(
            "of equal scores it takes the class with the higher number",
            higher_number_wins,
            "The last k of an upward sort have the higher numbers of a tie, as in scikit-learn. "
            "`np.argmax` and `tf.math.top_k` take the lower: sort the negated scores, stably.",
        ),
        Misconception(
            "it takes the last k of an upward sort that is not stable",
            sorted_upwards_in_any_order,
            "It differs where scores are equal: such a sort leaves them in any order, which "
            "depends on the processor. Sort the negated scores with `kind='stable'`, and the "
            "lower number comes first.",
        ),
        Misconception(
            "its sort is not stable",
            sorted_downwards_in_any_order,
            "It differs where scores are equal: `np.argsort` leaves them in any order, which "
            "depends on the processor, unless told `kind='stable'`.",
        ),
        Misconception(
            "it counts every class of a tie",
            every_tie_counts,
            "Fewer than k classes are strictly better: so does Keras, and a network that gives "
            "every class the same score is right each time. Exactly k classes count.",
        ),
        Misconception(
            "it counts no class of a tie",
            no_tie_counts,
            "With `>=` a label ranks behind all that equal it. Of a tie, those with the lower "
            "numbers count until there are k.",
        ),
        Misconception(
            "it counts one class too many",
            one_class_more,
            "Ranks are counted from 0, so the k best are those below k.",
        ),
        Misconception(
            "it counts one class too few",
            one_class_fewer,
            "The k best include the one at place k: from 0 on, those below k.",
        ),
        Misconception(
            "it asks whether the label is at place k",
            exactly_at_place_k,
            "The label may stand at any of the first k places.",
        ),
        Misconception(
            "it divides by k as well",
            over_k_as_well,
            "Of the k classes of a clip only one can be its label. Ask with `any` whether one "
            "is, then average over the clips.",
        ),
        Misconception(
            "it looks among the best classes of all clips",
            among_those_of_any_clip,
            "`np.isin` compares with the whole table. Each label belongs to its own row.",
        ),
        Misconception(
            "it sorts the clips, not the classes",
            sorts_the_clips,
            "Axis 0 counts clips. The classes of one clip are a row: axis 1.",
        ),
        Misconception(
            "it answers in percent",
            in_percent,
            "The contract says a share, from 0 to 1.",
        ),
        Misconception(
            "it returns the number of hits",
            the_number_of_clips,
            "Divide by the number of clips.",
        ),
        Misconception(
            "it returns the error",
            the_error,
            "That is the share of misses, as older papers print it. The accuracy is 1 minus "
            "that.",
        ),
        Misconception(
            "it returns an answer for each clip",
            clip_by_clip,
            "Right so far: the mean over the clips is missing.",
        ),
        Misconception(
            "it returns the mean rank",
            mean_rank,
            "The rank of the label says how far down it stands. Here only counts whether that "
            "is among the first k.",
        ),
        Misconception(
            "it goes by the size of the scores, without their sign",
            by_size,
            "Logits can be negative, and −3 is less likely than −1.",
        ),
    ],
)
