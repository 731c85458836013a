"""Exercise of chapter 21: how much does each box overlap with each?"""

import numpy as np

from helpers import boxes
from helpers.course import pictures
from helpers.course.exercise import Case, Exercise, Misconception, Property
from helpers.exercises.ch21_boxes_and_average_precision.arrays import (
    draw_boxes,
    no_boxes,
    rows,
)


def sides(a, b):
    """Width and height of what two boxes share, of each with each; negative when apart."""
    width = np.minimum(a[:, None, 2], b[:, 2]) - np.maximum(a[:, None, 0], b[:, 0])
    height = np.minimum(a[:, None, 3], b[:, 3]) - np.maximum(a[:, None, 1], b[:, 1])
    return width, height


def shared(a, b):
    width, height = sides(a, b)
    return np.maximum(width, 0) * np.maximum(height, 0)


def area(box):
    return (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])


def ratio(part, whole):
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), 0.0)


def in_floats(a, b):
    return a.astype(float), b.astype(float)


def one_pixel_more(a, b):
    a, b = in_floats(a, b)
    end = [0, 0, 1, 1]
    return boxes.iou(a + end, b + end)


def one_pixel_more_of_the_intersection(a, b):
    a, b = in_floats(a, b)
    width, height = sides(a, b)
    intersection = np.maximum(width + 1, 0) * np.maximum(height + 1, 0)
    return ratio(intersection, area(a)[:, None] + area(b) - intersection)


def not_clipped(a, b):
    a, b = in_floats(a, b)
    width, height = sides(a, b)
    intersection = width * height
    return ratio(intersection, area(a)[:, None] + area(b) - intersection)


def product_clipped(a, b):
    a, b = in_floats(a, b)
    width, height = sides(a, b)
    intersection = np.maximum(width * height, 0)
    return ratio(intersection, area(a)[:, None] + area(b) - intersection)


def over_the_sum(a, b):
    a, b = in_floats(a, b)
    return ratio(shared(a, b), area(a)[:, None] + area(b))


def over_the_smaller(a, b):
    a, b = in_floats(a, b)
    return ratio(shared(a, b), np.minimum(area(a)[:, None], area(b)))


def over_the_first(a, b):
    a, b = in_floats(a, b)
    intersection = shared(a, b)
    return ratio(intersection, np.broadcast_to(area(a)[:, None], intersection.shape))


def over_the_hull(a, b):
    a, b = in_floats(a, b)
    low = np.minimum(a[:, None, :2], b[:, :2])
    high = np.maximum(a[:, None, 2:], b[:, 2:])
    return ratio(shared(a, b), np.prod(high - low, axis=-1))


def corner_and_size(a, b):
    a, b = (
        np.concatenate([each[:, :2], each[:, :2] + each[:, 2:]], axis=1)
        for each in in_floats(a, b)
    )
    intersection = shared(a, b)
    return ratio(intersection, area(a)[:, None] + area(b) - intersection)


def pair_by_pair(a, b):
    a, b = in_floats(a, b)
    width = np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
    height = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    intersection = np.maximum(width, 0) * np.maximum(height, 0)
    return ratio(intersection, area(a) + area(b) - intersection)


def turned_round(a, b):
    return boxes.iou(b, a)


def nan_for_nothing(a, b):
    a, b = in_floats(a, b)
    intersection = shared(a, b)
    return intersection / (area(a)[:, None] + area(b) - intersection)


def in_its_own_dtype(a, b):
    intersection = shared(a, b)
    return ratio(intersection, area(a)[:, None] + area(b) - intersection)


def the_intersection(a, b):
    return shared(*in_floats(a, b))


def draw_case(rng):
    a, b = (draw_boxes(rng, int(n)) for n in rng.integers(1, 5, 2))
    if rng.random() < 0.5:
        a, b = a / 2 - 3, b / 2 - 3
    return a, b


def are_apart(args):
    width, height = sides(*in_floats(*args))
    return (width <= 0) | (height <= 0)


def are_equal(args):
    return (args[0][:, None] == args[1]).all(axis=-1)


BYTES = np.array([[0, 0, 250, 250]], np.uint8)

iou = Exercise(
    reference=boxes.iou,
    chapter="21_boxes_and_average_precision",
    task=(
        "Return the intersection over union of each box in `a` with each box in `b`: a row for "
        "each box in `a`, a column for each in `b`."
    ),
    minutes=6,
    difficulty=1,
    points=2,
    cases=[
        Case("no boxes", (no_boxes(), no_boxes())),
        Case("no boxes in b", (rows([0, 0, 4, 4], [1, 1, 2, 2]), no_boxes())),
        Case("no boxes in a", (no_boxes(), rows([0, 0, 4, 4]))),
        Case("a box and itself", (rows([2, 3, 6, 9]), rows([2, 3, 6, 9]))),
        Case("half of a box", (rows([0, 0, 4, 4]), rows([0, 0, 4, 2]))),
        Case("boxes that touch", (rows([0, 0, 2, 2]), rows([2, 0, 4, 2]))),
        Case("boxes apart in x", (rows([0, 0, 2, 2]), rows([5, 0, 7, 2]))),
        Case("boxes apart in y", (rows([0, 0, 2, 2]), rows([0, 5, 2, 7]))),
        Case("boxes apart in x and in y", (rows([0, 0, 2, 2]), rows([3, 4, 5, 6]))),
        Case("a box inside another", (rows([0, 0, 10, 10]), rows([2, 3, 6, 5]))),
        Case("a box around another", (rows([2, 3, 6, 5]), rows([0, 0, 10, 10]))),
        Case("a cross", (rows([0, 4, 12, 6]), rows([5, 0, 8, 10]))),
        Case("a point and itself", (rows([3, 3, 3, 3]), rows([3, 3, 3, 3]))),
        Case("a line in a box", (rows([1, 2, 4, 2]), rows([0, 0, 5, 5]))),
        Case("negative coordinates", (rows([-4, -4, 0, 0]), rows([-2, -3, 2, 1]))),
        Case(
            "fractions",
            (np.array([[0.25, 0.5, 1.75, 2.0]]), np.array([[1.0, 0.0, 2.5, 1.25]])),
        ),
        Case(
            "boxes smaller than a pixel",
            (np.array([[0.0, 0.0, 0.5, 0.5]]), np.array([[0.0, 0.0, 0.5, 0.25]])),
        ),
        Case(
            "two boxes and three",
            (
                rows([0, 0, 4, 4], [2, 1, 8, 5]),
                rows([0, 0, 4, 4], [3, 0, 6, 4], [7, 7, 9, 9]),
            ),
        ),
        Case(
            "three boxes and one",
            (rows([0, 0, 4, 4], [1, 0, 5, 4], [9, 0, 12, 4]), rows([2, 0, 6, 4])),
        ),
        Case(
            "two boxes and two",
            (rows([0, 0, 4, 4], [1, 0, 5, 4]), rows([2, 0, 6, 4]).repeat(2, 0)),
        ),
        Case("bytes", (BYTES, BYTES)),
        Case("bytes, boxes apart", (BYTES // 25, BYTES - np.array([[200, 0, 0, 0]], np.uint8))),
        Case(
            "large boxes of int32",
            (
                np.array([[0, 0, 100_000, 100_000]], np.int32),
                np.array([[0, 0, 100_000, 50_000]], np.int32),
            ),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "it has a row for each box in `a` and a column for each in `b`",
            lambda args, got: got.shape == (len(args[0]), len(args[1])),
        ),
        Property(
            "an IoU is from 0 to 1", lambda args, got: bool(np.all((got >= 0) & (got <= 1)))
        ),
        Property(
            "boxes that share no area have 0",
            lambda args, got: bool(np.all(got[are_apart(args)] == 0)),
        ),
        Property(
            "only equal boxes have 1",
            lambda args, got: not np.any(got[~are_equal(args)] > 1 - 1e-9),
        ),
    ],
    hints=(
        "What two boxes share is a box again: it begins at the larger of the two x1 and ends at "
        "the smaller of the two x2, and so in y. What do these say when the boxes lie apart?",
        "Clip the width and the height at 0, each on its own, before you multiply. The union is "
        "both areas less the intersection, which they both contain. For each with each, give "
        "`a` an axis more: `a[:, None, 0]` is (n, 1), and with `b[:, 0]`, (m,), makes (n, m).",
        "Turn both into float64. `width = np.minimum(a[:, None, 2], b[:, 2]) - "
        "np.maximum(a[:, None, 0], b[:, 0])`, `height` likewise; `intersection = "
        "np.maximum(width, 0) * np.maximum(height, 0)`; divide it by the union where that is "
        "above 0: `np.divide(..., out=np.zeros_like(union), where=union > 0)`.",
    ),
    misconceptions=[
        Misconception(
            "it adds 1 to widths and heights",
            one_pixel_more,
            "That is PASCAL VOC's rule, where x2 is the last pixel inside. Here the coordinates "
            "are continuous, and the width is x2 - x1: boxes that touch share nothing.",
        ),
        Misconception(
            "it adds 1 to the intersection's sides, but not to the boxes'",
            one_pixel_more_of_the_intersection,
            "The intersection of a box and itself is then larger than the box. Without + 1 all "
            "around, the width is x2 - x1.",
        ),
        Misconception(
            "it does not clip at 0",
            not_clipped,
            "Boxes apart have a negative width or height. Apart both ways, two negatives make a "
            "positive area, and boxes that never meet seem to overlap. Clip each at 0 first.",
        ),
        Misconception(
            "it clips the area, not the sides",
            product_clipped,
            "Boxes apart in x and in y have a negative width and a negative height, whose "
            "product is positive. Clip each at 0 before you multiply.",
        ),
        Misconception(
            "it divides by the sum of the areas",
            over_the_sum,
            "The sum counts twice what both contain. Subtract the intersection once, and a box "
            "has 1 with itself, not ½.",
        ),
        Misconception(
            "it divides by the smaller area",
            over_the_smaller,
            "Then a small box inside a large one has 1, as if they were equal. That measure has "
            "its uses, but it is not IoU: divide by the union.",
        ),
        Misconception(
            "it divides by the area of the box in `a`",
            over_the_first,
            "That is the share of that box that the other covers; COCO does so for crowds. IoU "
            "divides by the union and is the same both ways.",
        ),
        Misconception(
            "it divides by the box around both",
            over_the_hull,
            "The smallest box around both is larger than the union, unless they line up. The "
            "union's area is both areas less the intersection.",
        ),
        Misconception(
            "it takes x2 and y2 for width and height",
            corner_and_size,
            "COCO's files hold (x, y, width, height). Here a box is (x1, y1, x2, y2), and its "
            "width is x2 - x1.",
        ),
        Misconception(
            "it compares pair by pair",
            pair_by_pair,
            "The first with the first, the second with the second. Asked for is each with each, "
            "(n, m): give `a` an axis more, `a[:, None]`.",
        ),
        Misconception(
            "its rows and columns are turned round",
            turned_round,
            "A row belongs to a box in `a`: the shape is (n, m). Give the new axis to `a`, "
            "`a[:, None]`, not to `b`.",
        ),
        Misconception(
            "it divides 0 by 0",
            nan_for_nothing,
            "Two boxes without area have an empty union, and 0 / 0 is NaN. So does torchvision; "
            "the docstring asks for 0, since a NaN spoils every maximum that it gets into.",
        ),
        Misconception(
            "it computes in the dtype that it is given",
            in_its_own_dtype,
            "In uint8, 250 · 250 runs over and 10 - 200 is 66. Turn both into float64 first.",
        ),
        Misconception(
            "it returns the intersection",
            the_intersection,
            "Half-way: divide it by the union.",
        ),
    ],
    picture=pictures.box_pair,
)
