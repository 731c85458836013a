"""Exercise of chapter 22: what each point of an anchor-free detector stands for."""

import numpy as np

from helpers import detectors
from helpers.course.exercise import Case, Exercise, Misconception, Property

NO_BOXES, NO_CLASSES = np.zeros((0, 4)), np.zeros(0, int)


def sides(points, boxes):
    """The distances of each point to the left, top, right and bottom of each box, (n, m, 4)."""
    points, boxes = points.astype(float)[:, None], boxes.astype(float)
    return np.concatenate([points - boxes[:, :2], boxes[:, 2:] - points], axis=-1)


def areas(boxes):
    return np.prod(boxes[:, 2:].astype(float) - boxes[:, :2], axis=1)


def fits(distances, regression_range, of=np.max):
    low, high = regression_range
    reach = of(distances, axis=-1)
    return (distances.min(axis=-1) > 0) & (low < reach) & (reach <= high)


def answer(distances, class_ids, is_candidate, rank):
    """Each point's candidate with the lowest rank, of equal ones the first."""
    if not len(class_ids):
        return np.full(len(distances), -1), np.zeros((len(distances), 4))
    chosen = np.where(is_candidate, rank, np.inf).argmin(axis=1)
    is_positive = is_candidate.any(axis=1)
    own = distances[np.arange(len(distances)), chosen]
    return (
        np.where(is_positive, class_ids[chosen].astype(int), -1),
        np.where(is_positive[:, None], own, 0.0),
    )


def with_candidates(points, boxes, class_ids, choose):
    distances = sides(points, boxes)
    return answer(distances, class_ids, choose(distances), areas(boxes))


def with_rank(points, boxes, class_ids, regression_range, rank):
    distances = sides(points, boxes)
    return answer(distances, class_ids, fits(distances, regression_range), rank(distances))


def largest_box(points, boxes, class_ids, regression_range):
    return with_rank(points, boxes, class_ids, regression_range, lambda d: -areas(boxes))


def first_object(points, boxes, class_ids, regression_range):
    return with_rank(
        points, boxes, class_ids, regression_range, lambda d: np.arange(len(boxes))
    )


def last_object(points, boxes, class_ids, regression_range):
    return with_rank(
        points, boxes, class_ids, regression_range, lambda d: -np.arange(len(boxes))
    )


def last_of_equals(points, boxes, class_ids, regression_range):
    return detectors.point_targets(points, boxes[::-1], class_ids[::-1], regression_range)


def nearest_center(points, boxes, class_ids, regression_range):
    return with_rank(
        points,
        boxes,
        class_ids,
        regression_range,
        lambda d: np.hypot(d[..., 0] - d[..., 2], d[..., 1] - d[..., 3]),
    )


def nearest_farthest_side(points, boxes, class_ids, regression_range):
    return with_rank(points, boxes, class_ids, regression_range, lambda d: d.max(axis=-1))


def sides_count_as_inside(points, boxes, class_ids, regression_range):
    low, high = regression_range

    def choose(distances):
        reach = distances.max(axis=-1)
        return (distances.min(axis=-1) >= 0) & (low < reach) & (reach <= high)

    return with_candidates(points, boxes, class_ids, choose)


def anywhere(points, boxes, class_ids, regression_range):
    low, high = regression_range

    def choose(distances):
        reach = distances.max(axis=-1)
        return (low < reach) & (reach <= high)

    return with_candidates(points, boxes, class_ids, choose)


def inside_in_x_or_y(points, boxes, class_ids, regression_range):
    low, high = regression_range

    def choose(distances):
        is_between = np.minimum(distances[..., :2], distances[..., 2:]) > 0
        reach = distances.max(axis=-1)
        return is_between.any(axis=-1) & (low < reach) & (reach <= high)

    return with_candidates(points, boxes, class_ids, choose)


def nearest_side(points, boxes, class_ids, regression_range):
    return with_candidates(
        points, boxes, class_ids, lambda d: fits(d, regression_range, of=np.min)
    )


def mean_of_the_sides(points, boxes, class_ids, regression_range):
    return with_candidates(
        points, boxes, class_ids, lambda d: fits(d, regression_range, of=np.mean)
    )


def any_distance(points, boxes, class_ids, regression_range):
    return detectors.point_targets(points, boxes, class_ids, (0, np.inf))


def no_upper_end(points, boxes, class_ids, regression_range):
    low, _ = regression_range
    return detectors.point_targets(points, boxes, class_ids, (low, np.inf))


def low_included(points, boxes, class_ids, regression_range):
    low, high = regression_range

    def choose(distances):
        reach = distances.max(axis=-1)
        return (distances.min(axis=-1) > 0) & (low <= reach) & (reach <= high)

    return with_candidates(points, boxes, class_ids, choose)


def high_excluded(points, boxes, class_ids, regression_range):
    low, high = regression_range

    def choose(distances):
        reach = distances.max(axis=-1)
        return (distances.min(axis=-1) > 0) & (low < reach) & (reach < high)

    return with_candidates(points, boxes, class_ids, choose)


def longer_side_of_the_box(points, boxes, class_ids, regression_range):
    low, high = regression_range
    longer = (boxes[:, 2:].astype(float) - boxes[:, :2]).max(axis=1)
    return with_candidates(
        points,
        boxes,
        class_ids,
        lambda d: (d.min(axis=-1) > 0) & (low < longer) & (longer <= high),
    )


def range_after_the_choice(points, boxes, class_ids, regression_range):
    """The smallest box of all, and then whether it is of this level."""
    low, high = regression_range
    labels, distances = detectors.point_targets(points, boxes, class_ids, (0, np.inf))
    reach = distances.max(axis=1)
    is_kept = (low < reach) & (reach <= high)
    return np.where(is_kept, labels, -1), np.where(is_kept[:, None], distances, 0.0)


def reordered(order):
    def targets(points, boxes, class_ids, regression_range):
        labels, distances = detectors.point_targets(points, boxes, class_ids, regression_range)
        return labels, distances[:, order]

    return targets


def sides_of_background(points, boxes, class_ids, regression_range):
    labels, distances = detectors.point_targets(points, boxes, class_ids, regression_range)
    if len(boxes):
        some = sides(points, boxes)
        rank = np.where(fits(some, regression_range), areas(boxes), np.inf)
        distances = some[np.arange(len(points)), rank.argmin(axis=1)]
    return labels, distances


def background_is_zero(points, boxes, class_ids, regression_range):
    labels, distances = detectors.point_targets(points, boxes, class_ids, regression_range)
    return np.where(labels < 0, 0, labels), distances


def classes_from_one(points, boxes, class_ids, regression_range):
    labels, distances = detectors.point_targets(points, boxes, class_ids, regression_range)
    return labels + 1, distances


def indices_of_objects(points, boxes, class_ids, regression_range):
    return detectors.point_targets(points, boxes, np.arange(len(boxes)), regression_range)


def the_box_itself(points, boxes, class_ids, regression_range):
    labels, distances = detectors.point_targets(points, boxes, class_ids, regression_range)
    corners = np.concatenate([points - distances[:, :2], points + distances[:, 2:]], axis=1)
    return labels, np.where(labels[:, None] >= 0, corners, 0.0)


def row_before_column(points, boxes, class_ids, regression_range):
    return detectors.point_targets(points[:, ::-1], boxes, class_ids, regression_range)


def one_point_an_object(points, boxes, class_ids, regression_range):
    labels, distances = detectors.point_targets(points, boxes, class_ids, regression_range)
    if not len(boxes) or not len(points):
        return labels, distances
    d = sides(points, boxes)
    off = np.hypot(d[..., 0] - d[..., 2], d[..., 1] - d[..., 3])
    is_nearest = np.isin(np.arange(len(points)), off.argmin(axis=0))
    return np.where(is_nearest, labels, -1), np.where(is_nearest[:, None], distances, 0.0)


def the_smallest_of_no_objects(points, boxes, class_ids, regression_range):
    x, y = points.astype(float).T[:, :, None]
    x1, y1, x2, y2 = boxes.astype(float).T
    distances = np.stack([x - x1, y - y1, x2 - x, y2 - y], axis=-1)
    chosen = np.where(fits(distances, regression_range), areas(boxes), np.inf).argmin(axis=1)
    labels, own = detectors.point_targets(points, boxes, class_ids, regression_range)
    return np.where(labels < 0, labels, class_ids[chosen].astype(int)), own


def box(*corners):
    return np.array([corners])


def draw_case(rng):
    """Whole numbers, so close together that points lie on sides and boxes over each other."""
    points = detectors.points((int(rng.integers(1, 4)), int(rng.integers(1, 4))), 4)
    corner = rng.integers(-4, 8, (int(rng.integers(0, 4)), 2))
    boxes = np.concatenate([corner, corner + rng.integers(2, 14, corner.shape)], axis=1)
    bounds = [(0, np.inf), (0, 8), (4, 8), (6, np.inf)][rng.integers(4)]
    return points, boxes, rng.integers(0, 4, len(boxes)), bounds


MIDDLE = np.array([[5, 5]])
ALL = (0, np.inf)
TWO = np.array([[0, 0, 20, 20], [2, 2, 9, 9]])

point_targets = Exercise(
    reference=detectors.point_targets,
    chapter="22_detectors",
    task=(
        "Tell each point of a level which class it is to predict, -1 for background, and how far "
        "the sides of its object's box are from it."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("no objects", (MIDDLE, NO_BOXES, NO_CLASSES, ALL)),
        Case("no points", (np.zeros((0, 2)), box(0, 1, 9, 12), np.array([2]), ALL)),
        Case("one point in one box", (MIDDLE, box(0, 1, 9, 12), np.array([2]), ALL)),
        Case("a class numbered 0", (MIDDLE, box(0, 1, 9, 12), np.array([0]), ALL)),
        Case("a point beside the box", (MIDDLE, box(6, 1, 9, 12), np.array([2]), ALL)),
        Case("a point above the box", (MIDDLE, box(0, 7, 9, 12), np.array([2]), ALL)),
        Case("a point on a side", (MIDDLE, box(5, 1, 9, 12), np.array([2]), ALL)),
        Case(
            "a point on each of the other sides",
            (np.array([[2, 0], [4, 2], [2, 6]]), box(0, 0, 4, 6), np.array([1]), ALL),
        ),
        Case(
            "the farthest side at the upper end",
            (MIDDLE, box(0, 1, 9, 12), np.array([2]), (0, 7)),
        ),
        Case(
            "the farthest side at the lower end",
            (MIDDLE, box(0, 1, 9, 12), np.array([2]), (7, 9)),
        ),
        Case(
            "the farthest side too far off", (MIDDLE, box(0, 1, 9, 12), np.array([2]), (0, 6))
        ),
        Case("the farthest side too near", (MIDDLE, box(0, 1, 9, 12), np.array([2]), (8, 16))),
        Case("two boxes, the smaller one second", (MIDDLE, TWO, np.array([4, 7]), ALL)),
        Case("two boxes, the smaller one first", (MIDDLE, TWO[::-1], np.array([7, 4]), ALL)),
        Case(
            "two boxes of one area",
            (MIDDLE, np.array([[3, 0, 8, 12], [0, 1, 12, 6]]), np.array([1, 3]), ALL),
        ),
        Case(
            "the smaller box is another level's",
            (MIDDLE, TWO, np.array([4, 7]), (8, 16)),
        ),
        Case(
            "the smaller box's middle is farther off",
            (MIDDLE, np.array([[0, 0, 11, 11], [4, 4, 12, 12]]), np.array([4, 7]), ALL),
        ),
        Case(
            "the smaller box's middle is farther off, its sides are nearer",
            (MIDDLE, np.array([[0, 0, 10, 10], [4, 4, 9, 9]]), np.array([4, 7]), ALL),
        ),
        Case(
            "the smaller box is longer",
            (MIDDLE, np.array([[0, 0, 10, 10], [0, 4, 20, 7]]), np.array([4, 7]), ALL),
        ),
        Case(
            "several points in a box, one outside",
            (np.array([[4, 4], [12, 4], [20, 4]]), box(0, 0, 16, 10), np.array([5]), ALL),
        ),
        Case(
            "classes in bytes",
            (np.array([[5, 5], [50, 50]]), box(0, 1, 9, 12), np.array([200], np.uint8), ALL),
        ),
        Case(
            "coordinates in bytes",
            (
                np.array([[5, 5]], np.uint8),
                np.array([[0, 1, 9, 12], [200, 3, 240, 250]], np.uint8),
                np.array([2, 3]),
                ALL,
            ),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is a label and a row of distances for each point",
            lambda args, got: (
                got[0].shape == (len(args[0]),) and got[1].shape == (len(args[0]), 4)
            ),
        ),
        Property(
            "every label is -1 or one of `class_ids`",
            lambda args, got: set(got[0].tolist()) <= {-1, *args[2].tolist()},
        ),
        Property(
            "the distances are above 0 for an object, and 0 for background",
            lambda args, got: np.array_equal(got[1] > 0, np.repeat(got[0][:, None] >= 0, 4, 1)),
        ),
        Property(
            "the farthest side of each object is at a distance in the level's range",
            lambda args, got: all(
                args[3][0] < max(own) <= args[3][1] for own in got[1][got[0] >= 0].tolist()
            ),
        ),
    ],
    hints=(
        "Make a table of all points with all boxes first: the distances to the four sides, (n, m, "
        "4). What do their signs say? Which number of the four says whether the box is of this "
        "level?",
        "A box is a candidate where the smallest of the four distances is above 0, and the "
        "largest is above low and at most high. Among the candidates the smallest *area* wins: "
        "`np.where(is_candidate, area, np.inf).argmin(axis=1)`. A row without a candidate is "
        "background, and without any box there is nothing to take the `argmin` of.",
        "`x, y = points.astype(float).T[:, :, None]`, `x1, y1, x2, y2 = boxes.astype(float).T`, "
        "`distances = np.stack([x - x1, y - y1, x2 - x, y2 - y], axis=-1)`; with `chosen` from "
        "the `argmin`, `own = distances[np.arange(len(points)), chosen]`; then "
        "`np.where(is_positive, class_ids[chosen], -1)` and "
        "`np.where(is_positive[:, None], own, 0.0)`.",
    ),
    misconceptions=[
        Misconception(
            "it gives a point to the largest box",
            largest_box,
            "A large box has many points of its own; a small one in front of it may have this "
            "only. The smallest wins.",
        ),
        Misconception(
            "it gives a point to the first box",
            first_object,
            "Then the order of the annotations decides. Of several boxes the one with the "
            "smallest area wins; the index decides between equal ones only.",
        ),
        Misconception(
            "it gives a point to the last box",
            last_object,
            "As a loop does that overwrites what it found before. Of several boxes the one with "
            "the smallest area wins.",
        ),
        Misconception(
            "of equal boxes it takes the last",
            last_of_equals,
            "The docstring asks for the lowest index; `argmin` gives it.",
        ),
        Misconception(
            "it gives a point to the box with the nearest middle",
            nearest_center,
            "That is what `centerness` weighs. The choice between boxes goes by their area.",
        ),
        Misconception(
            "it gives a point to the box whose farthest side is nearest",
            nearest_farthest_side,
            "The farthest side decides on the level. The choice between boxes goes by their area, "
            "width times height.",
        ),
        Misconception(
            "a point on a side counts as inside",
            sides_count_as_inside,
            "Its distance is 0, and its centre-ness too: nothing to learn from. Inside is above "
            "0.",
        ),
        Misconception(
            "it gives points outside to a box",
            anywhere,
            "A distance below 0 means that the point lies beyond that side. All four must be "
            "above 0.",
        ),
        Misconception(
            "it is enough to lie between two of the sides",
            inside_in_x_or_y,
            "Left and right, *and* top and bottom: all four distances must be above 0.",
        ),
        Misconception(
            "it compares the nearest side with the range",
            nearest_side,
            "The largest of the four distances must be in the range: it is the largest number "
            "that the level has to predict.",
        ),
        Misconception(
            "it compares the mean of the four distances with the range",
            mean_of_the_sides,
            "The largest of the four must be in the range: it is the largest number that the "
            "level has to predict.",
        ),
        Misconception(
            "it takes objects of every size",
            any_distance,
            "`regression_range` has no influence, so all levels are to predict all objects.",
        ),
        Misconception(
            "it forgets the upper end of the range",
            no_upper_end,
            "Then the fine levels, which see little of a large object, are to predict it, too.",
        ),
        Misconception(
            "the lower end belongs to the range",
            low_included,
            "Above low, up to high. Otherwise two levels predict an object that lies between "
            "them.",
        ),
        Misconception(
            "the upper end does not belong to the range",
            high_excluded,
            "Above low, up to high, both as the docstring says: otherwise an object may belong "
            "to no level.",
        ),
        Misconception(
            "it compares the box's longer side with the range",
            longer_side_of_the_box,
            "A plausible rule, and FPN's is like it. FCOS asks each point: how far is the "
            "farthest side from *here*?",
        ),
        Misconception(
            "it chooses the smallest box, and then looks at the range",
            range_after_the_choice,
            "A small box that another level predicts then hides the larger one that is this "
            "level's. First the candidates, then the smallest of them.",
        ),
        Misconception(
            "its distances are left, right, top, bottom",
            reordered([0, 2, 1, 3]),
            "Left, top, right, bottom, as x1, y1, x2, y2. Where the order is exchanged, the "
            "network learns it, but the boxes decoded from it are wrong.",
        ),
        Misconception(
            "its distances are top, left, bottom, right",
            reordered([1, 0, 3, 2]),
            "Left, top, right, bottom: x first, as in a box.",
        ),
        Misconception(
            "it gives distances to background points",
            sides_of_background,
            "`argmin` of a row of infinities is 0: the first box. The docstring asks for 0 where "
            "no object is.",
        ),
        Misconception(
            "background is class 0",
            background_is_zero,
            "Class 0 is the first kind of object. Background is -1 here.",
        ),
        Misconception(
            "it numbers the classes from 1",
            classes_from_one,
            "So do some datasets, with 0 for background. Here the classes stay as they are given, "
            "and background is -1.",
        ),
        Misconception(
            "it returns the objects' indices",
            indices_of_objects,
            "Half-way: `class_ids[chosen]` is what the network is to predict.",
        ),
        Misconception(
            "it returns the boxes",
            the_box_itself,
            "The network predicts distances, which do not depend on where in the image the object "
            "is. `to_boxes` makes boxes of them.",
        ),
        Misconception(
            "it takes a point's y for its x",
            row_before_column,
            "Arrays count rows first, points x first.",
        ),
        Misconception(
            "each object gets one point, the nearest to its middle",
            one_point_an_object,
            "CenterNet does so. In FCOS every point in the box learns, and `centerness` weighs "
            "what they say.",
        ),
        Misconception(
            "it looks for the smallest of no boxes",
            the_smallest_of_no_objects,
            "An image may have no objects, and `argmin` over an empty axis raises. Return "
            "background for every point before it comes to that.",
        ),
    ],
)
