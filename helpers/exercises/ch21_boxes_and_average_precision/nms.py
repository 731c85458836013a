"""Exercise of chapter 21: which of many overlapping detections to keep?"""

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


def rivals(boxes, class_ids):
    """The IoU of each with each, 0 between classes."""
    overlap = iou(boxes, boxes)
    if class_ids is not None:
        overlap[class_ids[:, None] != class_ids] = 0
    return overlap


def greedy(overlap, order, iou_threshold):
    kept = []
    for one in order:
        if all(overlap[one, other] <= iou_threshold for other in kept):
            kept.append(one)
    return np.array(kept, int)


def best_first(scores):
    return np.argsort(-scores, kind="stable")


def any_better_suppresses(boxes, scores, iou_threshold, class_ids=None):
    overlap, order = rivals(boxes, class_ids), best_first(scores)
    kept = [
        one
        for place, one in enumerate(order)
        if (overlap[one, order[:place]] <= iou_threshold).all()
    ]
    return np.array(kept, int)


def equal_is_too_much(boxes, scores, iou_threshold, class_ids=None):
    overlap, kept = rivals(boxes, class_ids), []
    for one in best_first(scores):
        if all(overlap[one, other] < iou_threshold for other in kept):
            kept.append(one)
    return np.array(kept, int)


def worst_first(boxes, scores, iou_threshold, class_ids=None):
    return greedy(rivals(boxes, class_ids), np.argsort(scores, kind="stable"), iou_threshold)


def in_the_given_order(boxes, scores, iou_threshold, class_ids=None):
    return greedy(rivals(boxes, class_ids), range(len(boxes)), iou_threshold)


def without_classes(boxes, scores, iou_threshold, class_ids=None):
    return greedy(rivals(boxes, None), best_first(scores), iou_threshold)


def as_a_mask(boxes, scores, iou_threshold, class_ids=None):
    kept = course_boxes.nms(boxes, scores, iou_threshold, class_ids)
    return np.isin(np.arange(len(boxes)), kept)


def by_index(boxes, scores, iou_threshold, class_ids=None):
    return np.sort(course_boxes.nms(boxes, scores, iou_threshold, class_ids))


def ties_turned_round(boxes, scores, iou_threshold, class_ids=None):
    order = np.argsort(scores, kind="stable")[::-1]
    return greedy(rivals(boxes, class_ids), order, iou_threshold)


def reversed_unstable(boxes, scores, iou_threshold, class_ids=None):
    return greedy(rivals(boxes, class_ids), np.argsort(scores)[::-1], iou_threshold)


def not_stable(boxes, scores, iou_threshold, class_ids=None):
    return greedy(rivals(boxes, class_ids), np.argsort(-scores), iou_threshold)


def without_the_last(boxes, scores, iou_threshold, class_ids=None):
    overlap, rest, kept = rivals(boxes, class_ids), best_first(scores), []
    while len(rest) > 1:
        best, rest = rest[0], rest[1:]
        kept.append(best)
        rest = rest[overlap[best, rest] <= iou_threshold]
    return np.array(kept, int)


def one_class_after_the_other(boxes, scores, iou_threshold, class_ids=None):
    if class_ids is None:
        return course_boxes.nms(boxes, scores, iou_threshold)
    kept = [np.zeros(0, int)]
    for one in np.unique(class_ids):
        of_class = np.flatnonzero(class_ids == one)
        kept.append(
            of_class[course_boxes.nms(boxes[of_class], scores[of_class], iou_threshold)]
        )
    return np.concatenate(kept)


def places_in_the_order(boxes, scores, iou_threshold, class_ids=None):
    order = best_first(scores)
    overlap = rivals(boxes, class_ids)[order][:, order]
    return greedy(overlap, range(len(boxes)), iou_threshold)


def the_boxes(boxes, scores, iou_threshold, class_ids=None):
    return boxes[course_boxes.nms(boxes, scores, iou_threshold, class_ids)]


def only_the_neighbour(boxes, scores, iou_threshold, class_ids=None):
    overlap, kept = rivals(boxes, class_ids), []
    for one in best_first(scores):
        if not kept or overlap[one, kept[-1]] <= iou_threshold:
            kept.append(one)
    return np.array(kept, int)


def only_other_classes(boxes, scores, iou_threshold, class_ids=None):
    overlap = iou(boxes, boxes)
    if class_ids is not None:
        overlap[class_ids[:, None] == class_ids] = 0
    return greedy(overlap, best_first(scores), iou_threshold)


def sides_not_clipped(boxes, scores, iou_threshold, class_ids=None):
    a, b = boxes.astype(float)[:, None], boxes.astype(float)
    side = np.minimum(a[..., 2:], b[:, 2:]) - np.maximum(a[..., :2], b[:, :2])
    area = np.prod(b[:, 2:] - b[:, :2], axis=1)
    intersection = np.prod(side, axis=-1)
    union = area[:, None] + area - intersection
    overlap = np.where(union > 0, intersection / np.where(union > 0, union, 1), 0)
    if class_ids is not None:
        overlap[class_ids[:, None] != class_ids] = 0
    return greedy(overlap, best_first(scores), iou_threshold)


def counts_pixels(boxes, scores, iou_threshold, class_ids=None):
    wider = boxes + np.array([0, 0, 1, 1])
    return greedy(rivals(wider, class_ids), best_first(scores), iou_threshold)


def shifted_too_little(boxes, scores, iou_threshold, class_ids=None):
    if class_ids is not None and len(boxes):
        offset = (boxes[:, 2:] - boxes[:, :2]).max() + 1
        number = np.unique(class_ids, return_inverse=True)[1]
        boxes = boxes + offset * number[:, None]
    return greedy(rivals(boxes, None), best_first(scores), iou_threshold)


def zero_means_gone(boxes, scores, iou_threshold, class_ids=None):
    kept = greedy(rivals(boxes, class_ids), best_first(scores), iou_threshold)
    return kept[scores[kept] > 0]


def draw_case(rng):
    count = int(rng.integers(1, 8))
    boxes = draw_boxes(rng, count)
    scores = draw_scores(rng, count, with_ties=rng.random() < 0.3)
    threshold = float(rng.choice([0.1, 0.25, 0.5]))
    if rng.random() < 0.5:
        return boxes, scores, threshold
    return boxes, scores, threshold, rng.integers(0, 2, count)


CHAIN = rows([0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10])
ROW_OF_20 = np.stack([[10 * i, 0, 10 * i + 5, 5] for i in range(20)])

nms = Exercise(
    reference=course_boxes.nms,
    chapter="21_boxes_and_average_precision",
    task=(
        "Return the indices of the detections that non-maximum suppression keeps, by falling "
        "score; with `class_ids`, only detections of one class suppress each other."
    ),
    minutes=10,
    difficulty=2,
    points=4,
    cases=[
        Case("no detections", (no_boxes(), np.zeros(0), 0.5)),
        Case("no detections, with classes", (no_boxes(), np.zeros(0), 0.5, np.zeros(0, int))),
        Case("one detection", (rows([0, 0, 4, 4]), np.array([0.7]), 0.5)),
        Case(
            "two on one object, the better one second",
            (rows([0, 0, 4, 4], [1, 0, 5, 4]), np.array([0.6, 0.9]), 0.5),
        ),
        Case(
            "three apart, with rising scores",
            (
                rows([0, 0, 4, 4], [6, 0, 9, 4], [0, 6, 4, 9]),
                np.array([0.2, 0.5, 0.8]),
                0.5,
            ),
        ),
        Case(
            "an IoU equal to the threshold",
            (rows([0, 0, 4, 4], [0, 0, 4, 2]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "an IoU just above the threshold",
            (rows([0, 0, 4, 4], [0, 0, 4, 2]), np.array([0.9, 0.8]), 0.499),
        ),
        Case(
            "two equal boxes with one score",
            (rows([1, 1, 5, 4], [1, 1, 5, 4]), np.array([0.5, 0.5]), 0.5),
        ),
        Case(
            "one score for three boxes apart",
            (rows([0, 0, 2, 2], [3, 0, 5, 2], [6, 0, 8, 2]), np.full(3, 0.5), 0.5),
        ),
        Case(
            "twenty apart, of ten each one score", (ROW_OF_20, np.tile([0.25, 0.75], 10), 0.5)
        ),
        Case(
            "a chain: the first overlaps the second, that the third",
            (CHAIN, np.array([0.9, 0.8, 0.7]), 0.25),
        ),
        Case("a chain, the best in its middle", (CHAIN, np.array([0.8, 0.9, 0.7]), 0.25)),
        Case(
            "the third overlaps the first, not the second",
            (rows([0, 0, 4, 4], [8, 0, 12, 4], [0, 0, 4, 5]), np.array([0.9, 0.8, 0.7]), 0.5),
        ),
        Case(
            "boxes apart in x and in y",
            (rows([0, 0, 4, 4], [8, 8, 12, 12]), np.array([0.9, 0.8]), 0.1),
        ),
        Case(
            "a small box in a large one",
            (rows([0, 0, 10, 10], [2, 2, 5, 5]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "a point, twice",
            (rows([3, 3, 3, 3], [3, 3, 3, 3]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "boxes smaller than a pixel",
            (rows([0, 0, 0.5, 0.5], [0, 0, 0.5, 0.4]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "a threshold of 0, boxes that touch",
            (rows([0, 0, 4, 4], [4, 0, 8, 4], [7, 0, 11, 4]), np.array([0.9, 0.8, 0.7]), 0.0),
        ),
        Case(
            "a threshold of 1, a box twice",
            (rows([0, 0, 4, 4], [0, 0, 4, 4]), np.array([0.9, 0.8]), 1.0),
        ),
        Case(
            "two classes in one place",
            (rows([0, 0, 4, 4], [0, 0, 4, 4]), np.array([0.8, 0.9]), 0.5, np.array([0, 1])),
        ),
        Case(
            "two classes, whose scores alternate",
            (
                rows([0, 0, 4, 4], [0, 0, 4, 5], [8, 0, 12, 4], [8, 0, 12, 5]),
                np.array([0.9, 0.8, 0.7, 0.6]),
                0.5,
                np.array([2, 1, 2, 1]),
            ),
        ),
        Case(
            "two classes, a box's side apart",
            (rows([7, 7, 16, 16], [0, 0, 9, 9]), np.array([0.9, 0.8]), 0.25, np.array([0, 1])),
        ),
        Case(
            "two classes, below zero",
            (
                rows([-6, -6, 3, 3], [-10, -10, -1, -1]),
                np.array([0.9, 0.8]),
                0.1,
                np.array([0, 1]),
            ),
        ),
        Case("a score of 0", (rows([0, 0, 4, 4], [6, 0, 9, 4]), np.array([0.5, 0.0]), 0.5)),
        Case(
            "classes by name",
            (
                rows([0, 0, 4, 4], [0, 0, 4, 5], [0, 0, 5, 4]),
                np.array([0.7, 0.8, 0.9]),
                0.5,
                np.array(["dog", "cat", "cat"]),
            ),
        ),
        Case(
            "negative coordinates and float32",
            (
                np.array([[-4.5, -4, 0, 0], [-4, -4, 0.5, 0], [-1, -1, 3, 3]], np.float32),
                np.array([0.5, 0.75, 0.25], np.float32),
                0.5,
            ),
        ),
        Case(
            "bytes",
            (np.array([[0, 0, 240, 240], [0, 0, 20, 20]], np.uint8), np.array([0.9, 0.8]), 0.5),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "each index comes once",
            lambda args, got: len(np.unique(got)) == len(got),
        ),
        Property(
            "the scores of those kept never rise",
            lambda args, got: bool(np.all(np.diff(args[1][got]) <= 0)),
        ),
        Property(
            "the best detection is kept",
            lambda args, got: not len(args[1]) or args[1][got].max() == args[1].max(),
        ),
        Property(
            "no two of those kept, of one class, have an IoU above the threshold",
            lambda args, got: bool(
                np.all(
                    np.triu(rivals(args[0], args[3] if len(args) > 3 else None)[got][:, got], 1)
                    <= args[2]
                )
            ),
        ),
    ],
    hints=(
        "Sort the indices by falling score. The first is kept. Which of the others can it "
        "suppress, and who decides about those that are left?",
        "Keep an array `rest` of indices. Again and again, take its first, append it to `kept`, "
        "and let only those stay in `rest` whose IoU with it is at most the threshold. What has "
        "gone suppresses nothing any more. `np.argsort(-scores, kind='stable')` keeps equal "
        "scores in the order of their indices.",
        "`while rest.size: best, rest = rest[0], rest[1:]`; `overlap` is the IoU of `boxes[best]` "
        "with `boxes[rest]`, written out or by your own `iou`; with classes, "
        "`overlap[class_ids[rest] != class_ids[best]] = 0`; `rest = rest[overlap <= "
        "iou_threshold]`. In the end `np.array(kept, np.int64)`, since an empty list would "
        "become floats.",
    ),
    misconceptions=[
        Misconception(
            "it adds 1 to widths and heights",
            counts_pixels,
            "So did code that counts pixels. In continuous coordinates a box is x2 - x1 wide, "
            "and with the 1, small boxes overlap more than they do.",
        ),
        Misconception(
            "it shifts the classes too little",
            shifted_too_little,
            "The trick is to move each class so far away that two classes never meet. That takes "
            "more than the whole range of coordinates, not just more than one box.",
        ),
        Misconception(
            "it drops a score of 0",
            zero_means_gone,
            "A score of 0 is a score. To mark what is suppressed, use something that no score "
            "can be, or a list of what is left.",
        ),
        Misconception(
            "any better detection suppresses, kept or not",
            any_better_suppresses,
            "A detection that was suppressed has no say any more. In a chain A, B, C, where A "
            "suppresses B, C stays: only those that are kept suppress.",
        ),
        Misconception(
            "an IoU equal to the threshold suppresses",
            equal_is_too_much,
            "Only above the threshold does it suppress; at the threshold both stay. With a "
            "threshold of 0, boxes that share nothing would suppress each other.",
        ),
        Misconception(
            "it begins with the lowest score",
            worst_first,
            "`np.argsort` sorts upwards. Sort the negated scores: the best comes first, and it "
            "is the one that suppresses.",
        ),
        Misconception(
            "it goes by index, not by score",
            in_the_given_order,
            "The scores have no influence. Sort by them first: the better detection suppresses "
            "the worse.",
        ),
        Misconception(
            "it ignores the classes",
            without_classes,
            "A rider sits on a horse, and both boxes are right. With `class_ids`, only "
            "detections of one class suppress each other.",
        ),
        Misconception(
            "detections of different classes suppress each other",
            only_other_classes,
            "It is the other way round: within a class they suppress each other, and between "
            "classes the IoU counts as 0.",
        ),
        Misconception(
            "it returns a mask",
            as_a_mask,
            "The right ones are marked, but a mask has lost the order. The docstring asks for "
            "indices, by falling score.",
        ),
        Misconception(
            "it returns the indices in rising order",
            by_index,
            "Right ones, wrong order: by falling score, so that `kept[:100]` are the best "
            "hundred.",
        ),
        Misconception(
            "of equal scores it takes the higher index first",
            ties_turned_round,
            "An upward sort, read backwards, turns ties round. Sort the negated scores, stably.",
        ),
        Misconception(
            "it reads a sort backwards that is not stable",
            reversed_unstable,
            "`np.argsort(scores)[::-1]` turns ties round, or leaves them in any order, which "
            "depends on the processor. Sort the negated scores with `kind='stable'`.",
        ),
        Misconception(
            "its sort is not stable",
            not_stable,
            "It differs where scores are equal: `np.argsort` leaves them in any order, which "
            "depends on the processor, unless told `kind='stable'`.",
        ),
        Misconception(
            "it forgets the last detection",
            without_the_last,
            "The loop ends while one is left. It has no rival any more, so it is kept: go on "
            "until none is left.",
        ),
        Misconception(
            "it returns one class after the other",
            one_class_after_the_other,
            "Right ones, but in the order of the classes. Sort all that are kept by falling "
            "score.",
        ),
        Misconception(
            "it returns places in the sorted order",
            places_in_the_order,
            "After sorting, 0 is the best detection, wherever it stood. Return `order[places]`, "
            "the indices in the arrays as they came.",
        ),
        Misconception(
            "it returns the boxes",
            the_boxes,
            "The docstring asks for their indices: with them a caller finds scores, classes and "
            "masks as well.",
        ),
        Misconception(
            "it compares with the last that was kept only",
            only_the_neighbour,
            "Any of those kept suppresses, also the first of them.",
        ),
        Misconception(
            "it does not clip the intersection's sides at 0",
            sides_not_clipped,
            "Boxes apart in x and in y have a negative width and a negative height, whose "
            "product is positive: far boxes suppress each other. Clip each at 0.",
        ),
    ],
    picture=pictures.boxes,
    equivalent_mutants={
        "line 38: if class_ids is not None:\n    validate.box_ids(len(boxes), class_ids=class_ids) "
        "-> if False:\n    validate.box_ids(len(boxes), class_ids=class_ids)": (
            "It only checks the argument, and no case has a malformed one."
        ),
    },
)
