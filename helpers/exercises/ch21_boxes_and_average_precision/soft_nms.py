"""Exercise of chapter 21: lower the scores of overlapping detections instead of dropping them."""

import numpy as np

from helpers import boxes as course_boxes
from helpers.boxes import iou
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch21_boxes_and_average_precision.arrays import (
    draw_boxes,
    draw_scores,
    no_boxes,
    rows,
)


def factor(overlap, method, iou_threshold, sigma):
    if method == "linear":
        return np.where(overlap > iou_threshold, 1 - overlap, 1.0)
    return np.exp(-(overlap**2) / sigma)


def lowered(boxes, scores, min_score, lower, is_enough=np.greater_equal):
    """Soft-NMS, where `lower` makes a factor of the IoU."""
    overlap = iou(boxes, boxes)
    scores = scores.astype(float)
    rest, taken = list(range(len(boxes))), []
    while rest:
        best = max(rest, key=lambda i: scores[i])
        if not is_enough(scores[best], min_score):
            break
        rest.remove(best)
        taken.append(best)
        scores[rest] *= lower(overlap[best, rest])
    taken = np.array(taken, int)
    return taken, scores[taken]


def in_the_first_order(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    overlap = iou(boxes, boxes)
    order, scores = np.argsort(-scores, kind="stable"), scores.astype(float)
    for place, best in enumerate(order):
        rest = order[place + 1 :]
        scores[rest] *= factor(overlap[best, rest], method, iou_threshold, sigma)
    taken = order[scores[order] >= min_score]
    return taken, scores[taken]


def in_the_first_order_sorted_at_the_end(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    taken, scores = in_the_first_order(boxes, scores, method, iou_threshold, sigma, min_score)
    order = np.argsort(-scores, kind="stable")
    return taken[order], scores[order]


def below_the_threshold_too(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    return lowered(boxes, scores, min_score, lambda o: factor(o, method, 0, sigma))


def equal_is_enough(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    def lower(o):
        if method == "linear":
            return np.where(o >= iou_threshold, 1 - o, 1)
        return np.exp(-(o**2) / sigma)

    return lowered(boxes, scores, min_score, lower)


def times_the_iou(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    def lower(o):
        if method == "linear":
            return np.where(o > iou_threshold, o, 1)
        return np.exp(-(o**2) / sigma)

    return lowered(boxes, scores, min_score, lower)


def gaussian_lowers(lower):
    def answer(boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001):
        if method == "linear":
            return course_boxes.soft_nms(boxes, scores, method, iou_threshold, sigma, min_score)
        return lowered(boxes, scores, min_score, lambda o: lower(o, iou_threshold, sigma))

    return answer


without_the_square = gaussian_lowers(lambda o, threshold, sigma: np.exp(-o / sigma))
sigma_squared = gaussian_lowers(lambda o, threshold, sigma: np.exp(-(o**2) / sigma**2))
a_normal_curve = gaussian_lowers(lambda o, threshold, sigma: np.exp(-(o**2) / (2 * sigma**2)))
above_the_threshold_only = gaussian_lowers(
    lambda o, threshold, sigma: np.where(o > threshold, np.exp(-(o**2) / sigma), 1)
)
the_wrong_way_up = gaussian_lowers(lambda o, threshold, sigma: 1 - np.exp(-(o**2) / sigma))


def always_linear(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    return course_boxes.soft_nms(boxes, scores, "linear", iou_threshold, sigma, min_score)


def drops(boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001):
    return lowered(boxes, scores, min_score, lambda o: np.where(o > iou_threshold, 0, 1))


def drops_for_good(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    kept = course_boxes.nms(boxes, scores, iou_threshold)
    kept = kept[scores[kept] >= min_score]
    return kept, scores[kept].astype(float)


def without_min_score(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    return course_boxes.soft_nms(boxes, scores, method, iou_threshold, sigma, 0)


def min_score_at_the_beginning(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    enough = np.flatnonzero(scores >= min_score)
    taken, lower = course_boxes.soft_nms(
        boxes[enough], scores[enough], method, iou_threshold, sigma, 0
    )
    return enough[taken], lower


def min_score_is_too_low(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    return lowered(
        boxes, scores, min_score, lambda o: factor(o, method, iou_threshold, sigma), np.greater
    )


def the_first_scores(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    taken, _ = course_boxes.soft_nms(boxes, scores, method, iou_threshold, sigma, min_score)
    return taken, scores[taken].astype(float)


def by_index(boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001):
    taken, lower = course_boxes.soft_nms(boxes, scores, method, iou_threshold, sigma, min_score)
    order = np.argsort(taken)
    return taken[order], lower[order]


def lowers_what_was_taken(
    boxes, scores, method="linear", iou_threshold=0.3, sigma=0.5, min_score=0.001
):
    overlap = iou(boxes, boxes)
    np.fill_diagonal(overlap, 0)
    scores = scores.astype(float)
    rest, taken = list(range(len(boxes))), []
    while rest:
        best = max(rest, key=lambda i: scores[i])
        if scores[best] < min_score:
            break
        rest.remove(best)
        taken.append(best)
        scores *= factor(overlap[best], method, iou_threshold, sigma)
    taken = np.array(taken, int)
    return taken, scores[taken]


def draw_case(rng):
    count = int(rng.integers(1, 7))
    boxes = draw_boxes(rng, count)
    scores = draw_scores(rng, count, with_ties=False)
    return (
        boxes,
        scores,
        str(rng.choice(["linear", "gaussian"])),
        float(rng.choice([0.1, 0.25, 0.5])),
        float(rng.choice([0.3, 0.5, 1.0])),
        float(rng.choice([0.001, 0.1])),
    )


HALVES = rows([0, 0, 4, 4], [0, 0, 4, 2])
PASSED_BY = rows([0, 0, 10, 10], [0, 0, 10, 9], [20, 0, 30, 10])
THREE = rows([0, 0, 10, 10], [0, 0, 10, 8], [0, 2, 10, 10])

soft_nms = Exercise(
    reference=course_boxes.soft_nms,
    chapter="21_boxes_and_average_precision",
    task=(
        "Take the detections one by one, each time the one whose score is highest now, and lower "
        "the scores of those left that overlap it; return the indices as they were taken, and "
        "the scores that they had then."
    ),
    minutes=10,
    difficulty=3,
    points=4,
    cases=[
        Case("no detections", (no_boxes(), np.zeros(0))),
        Case("one detection", (rows([0, 0, 4, 4]), np.array([0.7]))),
        Case(
            "three apart, with rising scores",
            (rows([0, 0, 4, 4], [6, 0, 9, 4], [0, 6, 4, 9]), np.array([0.2, 0.5, 0.8])),
        ),
        Case(
            "one score for three boxes apart",
            (rows([0, 0, 2, 2], [3, 0, 5, 2], [6, 0, 8, 2]), np.full(3, 0.5)),
        ),
        Case("linear: half of a box", (HALVES, np.array([0.9, 0.8]))),
        Case(
            "linear: an IoU equal to the threshold",
            (HALVES, np.array([0.9, 0.8]), "linear", 0.5),
        ),
        Case(
            "linear: an IoU below the threshold",
            (rows([0, 0, 4, 4], [0, 0, 4, 1]), np.array([0.9, 0.8]), "linear", 0.3),
        ),
        Case("linear: a box twice", (rows([0, 0, 4, 4], [0, 0, 4, 4]), np.array([0.9, 0.8]))),
        Case(
            "linear: the second falls behind the third", (PASSED_BY, np.array([0.9, 0.8, 0.7]))
        ),
        Case("linear: lowered twice", (THREE, np.array([0.9, 0.8, 0.7]))),
        Case(
            "linear: the second is lowered again, by the third",
            (
                rows([0, 0, 10, 10], [0, 0, 10, 8], [0, 4, 10, 12]),
                np.array([0.9, 0.8, 0.5]),
            ),
        ),
        Case("gaussian: half of a box", (HALVES, np.array([0.9, 0.8]), "gaussian")),
        Case(
            "gaussian: another sigma",
            (HALVES, np.array([0.9, 0.8]), "gaussian", 0.3, 0.25),
        ),
        Case(
            "gaussian: an IoU below the threshold counts, too",
            (rows([0, 0, 4, 4], [0, 0, 4, 1]), np.array([0.9, 0.8]), "gaussian"),
        ),
        Case(
            "gaussian: the second falls behind the third",
            (PASSED_BY, np.array([0.9, 0.8, 0.7]), "gaussian"),
        ),
        Case("gaussian: lowered twice", (THREE, np.array([0.9, 0.8, 0.7]), "gaussian")),
        Case(
            "a score equal to `min_score`, and one below",
            (
                rows([0, 0, 4, 4], [6, 0, 9, 4], [0, 6, 4, 9]),
                np.array([0.125, 0.5, 0.25]),
                "linear",
                0.3,
                0.5,
                0.25,
            ),
        ),
        Case(
            "a score that falls below `min_score`",
            (HALVES, np.array([0.75, 0.5]), "linear", 0.3, 0.5, 0.3),
        ),
        Case(
            "the best score is below `min_score`",
            (HALVES, np.array([0.2, 0.1]), "linear", 0.3, 0.5, 0.3),
        ),
        Case(
            "a `min_score` of 0, a box twice",
            (rows([0, 0, 4, 4], [0, 0, 4, 4]), np.array([0.9, 0.8]), "linear", 0.3, 0.5, 0.0),
        ),
        Case(
            "the default `min_score`",
            (rows([0, 0, 4, 4], [6, 0, 9, 4]), np.array([0.0009, 0.0011])),
        ),
        Case(
            "boxes apart in x and in y",
            (rows([0, 0, 4, 4], [8, 8, 12, 12]), np.array([0.9, 0.8]), "gaussian"),
        ),
        Case(
            "a point, twice",
            (rows([3, 3, 3, 3], [3, 3, 3, 3]), np.array([0.9, 0.8]), "gaussian"),
        ),
        Case(
            "boxes smaller than a pixel",
            (rows([0, 0, 0.5, 0.5], [0, 0, 0.5, 0.25]), np.array([0.9, 0.8])),
        ),
        Case(
            "float32",
            (HALVES.astype(np.float32), np.array([0.75, 0.5], np.float32), "gaussian"),
        ),
        Case(
            "bytes",
            (np.array([[0, 0, 240, 240], [0, 0, 240, 80]], np.uint8), np.array([0.9, 0.8])),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "each index comes once",
            lambda args, got: len(np.unique(got[0])) == len(got[0]),
        ),
        Property(
            "the scores never rise", lambda args, got: bool(np.all(np.diff(got[1]) <= 1e-9))
        ),
        Property(
            "no score is above what it was at first",
            lambda args, got: bool(np.all(got[1] <= args[1][got[0]] + 1e-6)),
        ),
        Property(
            "no score is below `min_score`",
            lambda args, got: bool(
                np.all(got[1] >= (args[5] if len(args) > 5 else 0.001) - 1e-9)
            ),
        ),
    ],
    hints=(
        "It is NMS, except that what overlaps stays in the race with a lower score. So sorting "
        "once is not enough: after each step another may be the best.",
        "Keep the indices that are left in an array `rest`, and a copy of all scores. Each time "
        "find the best of `rest`, take it out, and multiply the scores of the others by 1 - IoU "
        "(above the threshold only) or by exp(-IoU² / sigma). Stop when the best is below "
        "`min_score`, or none is left.",
        "`while rest.size and scores[rest].max() >= min_score: best = "
        "rest[scores[rest].argmax()]`; append it; `rest = rest[rest != best]`; with `overlap` "
        "for the IoU of `boxes[best]` with `boxes[rest]`, `scores[rest] *= np.where(overlap > "
        "iou_threshold, 1 - overlap, 1)` or `np.exp(-overlap**2 / sigma)`. A taken score does "
        "not change again, so return `indices, scores[indices]`.",
    ),
    misconceptions=[
        Misconception(
            "it takes them in the order of the first scores",
            in_the_first_order,
            "A lowered score may fall behind another, which is then the best. Look for the "
            "highest score again after each step.",
        ),
        Misconception(
            "it sorts anew only at the end",
            in_the_first_order_sorted_at_the_end,
            "The order decides who lowers whom: a detection that has fallen behind must not "
            "lower one that is better now. Look for the highest score after each step.",
        ),
        Misconception(
            "linear: it lowers below the threshold, too",
            below_the_threshold_too,
            "Up to `iou_threshold` the factor is 1: a small overlap does not mean that both "
            "found one object.",
        ),
        Misconception(
            "linear: an IoU equal to the threshold lowers",
            equal_is_enough,
            "Only above the threshold does it; at the threshold the factor is 1, as in `nms`.",
        ),
        Misconception(
            "linear: it multiplies by the IoU",
            times_the_iou,
            "Then the more two overlap, the more of the score is left. The factor is 1 - IoU.",
        ),
        Misconception(
            "gaussian: it does not square the IoU",
            without_the_square,
            "exp(-IoU / sigma) hits small overlaps hard. With IoU² they cost almost nothing: "
            "that is why the curve is called Gaussian.",
        ),
        Misconception(
            "gaussian: it squares sigma",
            sigma_squared,
            "The paper divides by sigma itself: exp(-IoU² / sigma).",
        ),
        Misconception(
            "gaussian: it divides by 2 sigma²",
            a_normal_curve,
            "That is the normal distribution's. The paper divides by sigma itself; the two agree "
            "at sigma = 0.5 only.",
        ),
        Misconception(
            "gaussian: it lowers above the threshold only",
            above_the_threshold_only,
            'The threshold is for "linear" alone. The Gaussian has none: its factor begins at '
            "1 and falls without a jump.",
        ),
        Misconception(
            "gaussian: it multiplies by 1 - exp(-IoU² / sigma)",
            the_wrong_way_up,
            "At an IoU of 0 that is 0, so boxes apart lose everything. The factor is exp(-IoU² / "
            "sigma) itself, which is 1 there.",
        ),
        Misconception(
            "it is linear whatever the method",
            always_linear,
            "`method` has no influence.",
        ),
        Misconception(
            "it drops what overlaps",
            drops_for_good,
            "That is `nms`. Soft-NMS keeps what overlaps, with a lower score: behind a person "
            "may stand another.",
        ),
        Misconception(
            "it lowers the scores of what overlaps to 0",
            drops,
            "That is `nms` again. The factor depends on the IoU: the more two overlap, the less "
            "is left.",
        ),
        Misconception(
            "it ignores `min_score`",
            without_min_score,
            "Without it every detection comes back, hundreds of them with next to no score. Stop "
            "when the best that is left is below `min_score`.",
        ),
        Misconception(
            "it asks about `min_score` only at the beginning",
            min_score_at_the_beginning,
            "Scores fall on the way. Ask when a detection is to be taken.",
        ),
        Misconception(
            "a score equal to `min_score` is too low",
            min_score_is_too_low,
            "It goes on while there is a score of at least `min_score`: `>=`, not `>`.",
        ),
        Misconception(
            "it returns the first scores",
            the_first_scores,
            "Order and choice are right. The scores to return are the lowered ones, which the "
            "detections had when they were taken.",
        ),
        Misconception(
            "it returns the detections in rising order of index",
            by_index,
            "Right ones, wrong order: as they were taken, so by falling score.",
        ),
        Misconception(
            "it goes on lowering what was taken",
            lowers_what_was_taken,
            "Once taken, a score is final. Multiply those of the detections that are left, not "
            "all of them.",
        ),
    ],
    picture=pictures.boxes,
)
