"""Exercise of chapter 21: which object did each detection find?"""

import numpy as np

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property


def best_first(scores):
    return np.argsort(-scores, kind="stable")


def matched(ious, order, is_enough, choose):
    """Each detection in `order` takes of the free objects that are enough the one to choose."""
    found = np.full(len(ious), -1)
    free = list(range(ious.shape[1]))
    for detection in order:
        near = [i for i in free if is_enough(ious[detection, i])]
        if near:
            found[detection] = choose(near, ious[detection])
            free.remove(found[detection])
    return found


def best_of(near, row):
    """The highest IoU, of equal ones the highest index."""
    return max(near, key=lambda i: (row[i], i))


def in_order(ious, order, iou_threshold):
    return matched(ious, order, lambda iou: iou >= iou_threshold, best_of)


def found_twice(ious, scores, iou_threshold):
    found = np.full(len(ious), -1)
    for detection, row in enumerate(ious):
        near = np.flatnonzero(row >= iou_threshold)
        if len(near):
            found[detection] = best_of(near, row)
    return found


def by_index(ious, scores, iou_threshold):
    return in_order(ious, range(len(ious)), iou_threshold)


def worst_first(ious, scores, iou_threshold):
    return in_order(ious, np.argsort(scores, kind="stable"), iou_threshold)


def ties_turned_round(ious, scores, iou_threshold):
    return in_order(ious, np.argsort(scores, kind="stable")[::-1], iou_threshold)


def reversed_unstable(ious, scores, iou_threshold):
    return in_order(ious, np.argsort(scores)[::-1], iou_threshold)


def not_stable(ious, scores, iou_threshold):
    return in_order(ious, np.argsort(-scores), iou_threshold)


def equal_is_too_little(ious, scores, iou_threshold):
    return matched(ious, best_first(scores), lambda iou: iou > iou_threshold, best_of)


def no_threshold(ious, scores, iou_threshold):
    return matched(ious, best_first(scores), lambda iou: iou > 0, best_of)


def first_that_will_do(ious, scores, iou_threshold):
    return matched(
        ious,
        best_first(scores),
        lambda iou: iou >= iou_threshold,
        lambda near, row: near[0],
    )


def lower_index_of_equals(ious, scores, iou_threshold):
    return matched(
        ious,
        best_first(scores),
        lambda iou: iou >= iou_threshold,
        lambda near, row: max(near, key=lambda i: (row[i], -i)),
    )


def as_voc_does(ious, scores, iou_threshold):
    found = np.full(len(ious), -1)
    for detection in best_first(scores):
        if ious.shape[1]:
            best = best_of(range(ious.shape[1]), ious[detection])
            if ious[detection, best] >= iou_threshold and best not in found:
                found[detection] = best
    return found


def object_by_object(ious, scores, iou_threshold):
    found = np.full(len(ious), -1)
    for number in range(ious.shape[1]):
        near = [
            d for d in range(len(ious)) if ious[d, number] >= iou_threshold and found[d] < 0
        ]
        if near:
            found[max(near, key=lambda d: ious[d, number])] = number
    return found


def a_detection_for_each_object(ious, scores, iou_threshold):
    found = metrics.match_detections(ious, scores, iou_threshold)
    result = np.full(ious.shape[1], -1)
    is_match = found >= 0
    result[found[is_match]] = np.flatnonzero(is_match)
    return result


def closest_pairs_first(ious, scores, iou_threshold):
    found = np.full(len(ious), -1)
    for place in np.argsort(-ious, axis=None, kind="stable"):
        detection, number = np.unravel_index(place, ious.shape)
        if ious[detection, number] < iou_threshold:
            break
        if found[detection] < 0 and number not in found:
            found[detection] = number
    return found


def sorted_by_score(ious, scores, iou_threshold):
    return metrics.match_detections(ious, scores, iou_threshold)[best_first(scores)]


def whether_found(ious, scores, iou_threshold):
    return metrics.match_detections(ious, scores, iou_threshold) >= 0


def blocks_below_the_threshold(ious, scores, iou_threshold):
    found = np.full(len(ious), -1)
    free = ious.astype(float)
    for detection in best_first(scores):
        if ious.shape[1]:
            best = best_of(range(ious.shape[1]), free[detection])
            if free[detection, best] >= iou_threshold:
                found[detection] = best
            free[:, best] = 0
    return found


def draw_case(rng):
    shape = int(rng.integers(1, 6)), int(rng.integers(1, 4))
    ious = rng.integers(0, 10, shape) / 10
    scores = rng.integers(1, 5 if rng.random() < 0.3 else 100, shape[0]) / 100
    return ious, scores, float(rng.choice([0.25, 0.5]))


def table(*rows):
    return np.array(rows, float)


match_detections = Exercise(
    reference=metrics.match_detections,
    chapter="21_boxes_and_average_precision",
    task=(
        "Return for each detection the index of the object that it found, -1 where it found "
        "none: the best detection chooses first, and no object is found twice."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("neither detections nor objects", (np.zeros((0, 0)), np.zeros(0), 0.5)),
        Case("no detections", (np.zeros((0, 2)), np.zeros(0), 0.5)),
        Case("no objects", (np.zeros((2, 0)), np.array([0.9, 0.8]), 0.5)),
        Case("one detection that finds an object", (table([0.75]), np.array([0.9]), 0.5)),
        Case("one detection that is too far off", (table([0.25]), np.array([0.9]), 0.5)),
        Case("an IoU equal to the threshold", (table([0.5]), np.array([0.9]), 0.5)),
        Case("a threshold of 1", (table([1.0, 0.0]), np.array([0.9]), 1.0)),
        Case("the second object is nearer", (table([0.6, 0.8]), np.array([0.9]), 0.5)),
        Case("two objects, equally near", (table([0.7, 0.7, 0.0]), np.array([0.9]), 0.5)),
        Case("two detections of one object", (table([0.8], [0.9]), np.array([0.9, 0.6]), 0.5)),
        Case(
            "two detections of one object, the better one second",
            (table([0.9], [0.8]), np.array([0.6, 0.9]), 0.5),
        ),
        Case(
            "two detections of one object, with one score",
            (table([0.8], [0.9]), np.array([0.5, 0.5]), 0.5),
        ),
        Case(
            "its nearest object is taken, another is near enough",
            (table([0.9, 0.0], [0.8, 0.6]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "its nearest object is taken, another is too far off",
            (table([0.9, 0.0], [0.8, 0.4]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "the first takes the only object of the second",
            (table([0.9, 0.8], [0.7, 0.0]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "what overlaps too little takes nothing",
            (table([0.4], [0.6]), np.array([0.9, 0.8]), 0.5),
        ),
        Case(
            "three detections, two objects",
            (
                table([0.6, 0.0], [0.8, 0.5], [0.7, 0.2]),
                np.array([0.3, 0.9, 0.8]),
                0.5,
            ),
        ),
        Case(
            "twenty detections of twenty objects, of ten each one score",
            (np.full((20, 20), 0.75), np.tile([0.25, 0.75], 10), 0.5),
        ),
        Case("float32", (table([0.75, 0.5]).astype("f4"), np.array([0.5], np.float32), 0.5)),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is an answer for each detection",
            lambda args, got: got.shape == (len(args[0]),),
        ),
        Property(
            "no object is found twice",
            lambda args, got: len(np.unique(got[got >= 0])) == np.count_nonzero(got >= 0),
        ),
        Property(
            "every match has at least the threshold's IoU",
            lambda args, got: all(
                args[0][detection, number] >= args[2]
                for detection, number in enumerate(got)
                if number >= 0
            ),
        ),
    ],
    hints=(
        "Go through the detections, the best first. Each looks at the objects that nobody has "
        "taken before it. What must you note when it takes one?",
        "`np.argsort(-scores, kind='stable')` gives the order. On a copy of `ious`, set the "
        "column of a taken object to 0: it is then below the threshold for all that follow. "
        "`argmax` gives the first of equal ones, so look for the last.",
        "`best = num_objects - 1 - free[detection, ::-1].argmax()`; if `free[detection, best] >= "
        "iou_threshold`, then `found[detection] = best` and `free[:, best] = 0`. `found` begins "
        "as -1 everywhere. Without objects there is nothing to look for.",
    ),
    misconceptions=[
        Misconception(
            "an object is found again and again",
            found_twice,
            "Ten boxes around one dog would be ten hits. Only the first detection finds an "
            "object; the others find another one or none.",
        ),
        Misconception(
            "it goes by index, not by score",
            by_index,
            "The best detection chooses first, wherever it stands: sort by falling score.",
        ),
        Misconception(
            "the lowest score chooses first",
            worst_first,
            "`np.argsort` sorts upwards. Sort the negated scores.",
        ),
        Misconception(
            "an IoU equal to the threshold is not enough",
            equal_is_too_little,
            "In COCO the threshold itself is enough: `>=`. (VOC asks for more than the "
            "threshold.)",
        ),
        Misconception(
            "any overlap is enough",
            no_threshold,
            "`iou_threshold` has no influence. A detection that overlaps less finds nothing.",
        ),
        Misconception(
            "it takes the first object that will do",
            first_that_will_do,
            "Of all free objects it takes the one with which its IoU is largest. Otherwise it "
            "may take another's object.",
        ),
        Misconception(
            "when its best object is taken, it finds none",
            as_voc_does,
            "That is VOC's rule. In COCO a detection looks at the objects that are still free, "
            "and takes the best of those.",
        ),
        Misconception(
            "each object takes its nearest detection",
            object_by_object,
            "It is the detections that choose, the best score first. Seen from the objects, the "
            "scores have no say.",
        ),
        Misconception(
            "it returns a detection for each object",
            a_detection_for_each_object,
            "The right pairs, told from the other side. Return for each detection the object, "
            "-1 where there is none: the -1 are the false positives.",
        ),
        Misconception(
            "it matches the closest pairs first",
            closest_pairs_first,
            "A tracker may do so. Here the score decides who chooses first: a detector must "
            "know itself which of its boxes is the best.",
        ),
        Misconception(
            "of equal IoUs it takes the lower index",
            lower_index_of_equals,
            "`argmax` gives the first of equal ones. pycocotools takes the last, and the "
            "docstring asks for that.",
        ),
        Misconception(
            "of equal scores the higher index chooses first",
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
            "its result is sorted by score",
            sorted_by_score,
            "The right objects, but in the order of the scores. Write each to the place of its "
            "detection: `found[detection] = ...`.",
        ),
        Misconception(
            "it returns whether an object was found",
            whether_found,
            "Precision and recall need no more, but the docstring asks which object: its index, "
            "or -1.",
        ),
        Misconception(
            "a detection takes its object even when it overlaps too little",
            blocks_below_the_threshold,
            "What is below the threshold finds nothing, and the object stays free: mark it as "
            "taken inside the `if`.",
        ),
    ],
)
