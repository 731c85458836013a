"""Exercise of chapter 22: DETR's matching of a set of predictions with a set of objects."""

import numpy as np
from scipy import optimize

from helpers import boxes, detectors
from helpers.course.exercise import Case, Exercise, Misconception, Property


def l1_of(predicted, targets):
    """The differences of centres and sizes, summed, of each with each."""
    low, high = np.split(predicted.astype(float)[:, None] - targets, 2, axis=-1)
    return (np.abs(low + high) / 2 + np.abs(high - low)).sum(axis=-1)


def cost_of(
    probabilities,
    predicted,
    class_ids,
    targets,
    class_weight=1.0,
    l1_weight=5.0,
    giou_weight=2.0,
    *,
    probability=None,
    l1=l1_of,
    giou=boxes.generalized_iou,
):
    """The table, in which one thing at a time can be wrong; each default is the right one."""
    if probability is None:
        probability = probabilities[:, class_ids]
    return (
        l1_weight * l1(predicted, targets)
        - class_weight * probability
        - giou_weight * giou(predicted, targets)
    )


def by_query(pairs):
    pairs = np.array(sorted(pairs), int).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def object_by_object(*args):
    cost, pairs = cost_of(*args), []
    for number in range(cost.shape[1]):
        free = [q for q in range(len(cost)) if q not in [pair[0] for pair in pairs]]
        if free:
            pairs.append((min(free, key=lambda q, n=number: cost[q, n]), number))
    return by_query(pairs)


def query_by_query(*args):
    cost, pairs = cost_of(*args), []
    for query in range(len(cost)):
        free = [n for n in range(cost.shape[1]) if n not in [pair[1] for pair in pairs]]
        if free:
            pairs.append((query, min(free, key=lambda n, q=query: cost[q, n])))
    return by_query(pairs)


def cheapest_pair_first(*args):
    cost, pairs = cost_of(*args), []
    for place in np.argsort(cost, axis=None, kind="stable"):
        query, number = np.unravel_index(place, cost.shape)
        if all(query != q and number != n for q, n in pairs):
            pairs.append((query, number))
    return by_query(pairs)


def several_queries_for_one_object(*args):
    cost = cost_of(*args)
    return by_query(list(enumerate(cost.argmin(axis=1))) if cost.size else [])


def one_query_for_several_objects(*args):
    cost = cost_of(*args)
    return by_query([(q, n) for n, q in enumerate(cost.argmin(axis=0))] if cost.size else [])


def assigned(cost, **options):
    return optimize.linear_sum_assignment(cost, **options)


def logarithm(probabilities, predicted, class_ids, targets, *weights):
    logs = np.log(probabilities[:, class_ids])
    return assigned(
        cost_of(probabilities, predicted, class_ids, targets, *weights, probability=logs)
    )


def best_class(probabilities, predicted, class_ids, targets, *weights):
    best = probabilities.max(axis=1, initial=0, keepdims=True)
    return assigned(
        cost_of(probabilities, predicted, class_ids, targets, *weights, probability=best)
    )


def improbable(probabilities, predicted, class_ids, targets, *weights):
    negated = -probabilities[:, class_ids]
    return assigned(
        cost_of(probabilities, predicted, class_ids, targets, *weights, probability=negated)
    )


def right_or_wrong(probabilities, predicted, class_ids, targets, *weights):
    is_right = probabilities.argmax(axis=1)[:, None] == class_ids
    return assigned(
        cost_of(probabilities, predicted, class_ids, targets, *weights, probability=is_right)
    )


def without_the_class(probabilities, predicted, class_ids, targets, *weights):
    weights = [0.0, *weights[1:]]
    return assigned(cost_of(probabilities, predicted, class_ids, targets, *weights))


def without_l1(*args):
    return assigned(cost_of(*args, l1=lambda a, b: 0.0))


def without_giou(*args):
    return assigned(cost_of(*args, giou=lambda a, b: 0.0))


def overlap_costs(*args):
    return assigned(cost_of(*args, giou=lambda a, b: -boxes.generalized_iou(a, b)))


def plain_iou(*args):
    return assigned(cost_of(*args, giou=boxes.iou))


def iou_alone(probabilities, predicted, class_ids, targets, *weights):
    return assigned(boxes.iou(predicted, targets), maximize=True)


def corners(*args):
    return assigned(
        cost_of(*args, l1=lambda a, b: np.abs(a.astype(float)[:, None] - b).sum(axis=-1))
    )


def mean_of_the_four(*args):
    return assigned(cost_of(*args, l1=lambda a, b: l1_of(a, b) / 4))


def straight_distance(*args):
    def distance(predicted, targets):
        low, high = np.split(predicted.astype(float)[:, None] - targets, 2, axis=-1)
        return np.linalg.norm(np.concatenate([(low + high) / 2, high - low], axis=-1), axis=-1)

    return assigned(cost_of(*args, l1=distance))


def centers_alone(*args):
    def distance(predicted, targets):
        low, high = np.split(predicted.astype(float)[:, None] - targets, 2, axis=-1)
        return np.abs(low + high).sum(axis=-1) / 2

    return assigned(cost_of(*args, l1=distance))


def most_expensive(*args):
    return assigned(cost_of(*args), maximize=True)


def always_detrs_weights(probabilities, predicted, class_ids, targets, *weights):
    return assigned(cost_of(probabilities, predicted, class_ids, targets))


def weights_exchanged(
    probabilities,
    predicted,
    class_ids,
    targets,
    class_weight=1.0,
    l1_weight=5.0,
    giou_weight=2.0,
):
    return assigned(
        cost_of(
            probabilities, predicted, class_ids, targets, class_weight, giou_weight, l1_weight
        )
    )


def object_first(*args):
    return detectors.bipartite_match(*args)[::-1]


def sorted_by_object(*args):
    queries, objects = detectors.bipartite_match(*args)
    order = np.argsort(objects)
    return queries[order], objects[order]


def table_of_pairs(*args):
    return np.stack(detectors.bipartite_match(*args), axis=1)


def object_of_each_query(probabilities, predicted, class_ids, targets, *weights):
    found = detectors.bipartite_match(probabilities, predicted, class_ids, targets, *weights)
    result = np.full(len(predicted), -1)
    result[found[0]] = found[1]
    return np.arange(len(predicted)), result


def improbable_pairs_dropped(probabilities, predicted, class_ids, targets, *weights):
    queries, objects = detectors.bipartite_match(
        probabilities, predicted, class_ids, targets, *weights
    )
    is_kept = probabilities[queries, class_ids[objects]] >= 0.5
    return queries[is_kept], objects[is_kept]


def distant_pairs_dropped(probabilities, predicted, class_ids, targets, *weights):
    queries, objects = detectors.bipartite_match(
        probabilities, predicted, class_ids, targets, *weights
    )
    is_kept = boxes.iou(predicted, targets)[queries, objects] > 0
    return queries[is_kept], objects[is_kept]


def draw_boxes(rng, count):
    corner = rng.uniform(0, 0.7, (count, 2))
    return np.concatenate([corner, corner + rng.uniform(0.05, 0.3, (count, 2))], axis=1).round(
        3
    )


def draw_case(rng):
    queries, objects, classes = (int(n) for n in rng.integers([1, 0, 1], [6, 5, 4]))
    # With a column for "no object".
    probabilities = rng.dirichlet(np.ones(classes + 1), queries).round(3).clip(0.001, 0.999)
    class_ids = rng.integers(0, classes, objects)
    targets = draw_boxes(rng, objects)
    predicted = draw_boxes(rng, queries)
    if objects and rng.random() < 0.6:  # some that have learnt something
        near = targets[rng.integers(0, objects, queries)]
        predicted = np.abs(near + rng.normal(0, 0.03, near.shape)).round(3)
        predicted[:, 2:] = predicted[:, :2] + np.abs(predicted[:, 2:] - predicted[:, :2])
    case = probabilities, predicted, class_ids, targets
    if rng.random() < 0.3:
        return *case, *(float(w) for w in rng.choice([0.5, 1.0, 2.0, 4.0], 3, replace=False))
    return case


def squares(*places, side=0.2):
    """Boxes of one size on a line that differ in where they begin."""
    return np.array([[x, 0.4, x + side, 0.4 + side] for x in places]).reshape(-1, 4)


def alike(count):
    """Two classes and a column for none, which say nothing."""
    return np.tile([0.3, 0.2, 0.5], (count, 1))


NO_BOXES, NO_CLASSES = np.zeros((0, 4)), np.zeros(0, int)
FIRST, SECOND = np.array([0]), np.array([1])

bipartite_match = Exercise(
    reference=detectors.bipartite_match,
    chapter="22_detectors",
    task=(
        "Pair each object with a query of its own so that the sum of the costs is smallest; "
        "return the queries' indices, rising, and those of their objects."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("no objects", (alike(3), squares(0.1, 0.4, 0.7), NO_CLASSES, NO_BOXES)),
        Case("neither queries nor objects", (np.zeros((0, 3)), NO_BOXES, NO_CLASSES, NO_BOXES)),
        Case("no queries", (np.zeros((0, 3)), NO_BOXES, FIRST, squares(0.1))),
        Case("one query, one object", (alike(1), squares(0.1), FIRST, squares(0.15))),
        Case(
            "one query, one object, far apart and of another class",
            (np.array([[0.1, 0.8, 0.1]]), squares(0.0), FIRST, squares(0.8)),
        ),
        Case(
            "two queries, the second is nearer",
            (alike(2), squares(0.5, 0.2), FIRST, squares(0.1)),
        ),
        Case(
            "two queries, the second is surer",
            (
                np.array([[0.2, 0.7, 0.1], [0.6, 0.3, 0.1]]),
                squares(0.1, 0.1),
                FIRST,
                squares(0.1),
            ),
        ),
        Case(
            "two queries, the first is surer, of another class",
            (
                np.array([[0.9, 0.05, 0.05], [0.3, 0.4, 0.3]]),
                squares(0.1, 0.1),
                SECOND,
                squares(0.1),
            ),
        ),
        Case(
            "a box much nearer outweighs a class more probable",
            (
                np.array([[0.9, 0.05, 0.05], [0.3, 0.3, 0.4]]),
                squares(0.7, 0.1),
                FIRST,
                squares(0.1),
            ),
        ),
        Case(
            "a class much more probable outweighs a box a little nearer",
            (
                np.array([[0.9, 0.05, 0.05], [0.1, 0.3, 0.6]]),
                squares(0.11, 0.1),
                FIRST,
                squares(0.1),
            ),
        ),
        Case(
            "a class that counts four times",
            (
                np.array([[0.3, 0.3, 0.4], [0.6, 0.3, 0.1]]),
                squares(0.1, 0.13),
                FIRST,
                squares(0.1),
                4.0,
            ),
        ),
        Case(
            "a class that is nearly ruled out",
            (
                np.array([[0.001, 0.4, 0.599], [0.02, 0.4, 0.58]]),
                squares(0.1, 0.13),
                FIRST,
                squares(0.1),
            ),
        ),
        Case(
            "two objects, found in another order",
            (alike(2), squares(0.6, 0.1), np.array([0, 1]), squares(0.12, 0.62)),
        ),
        Case(
            "two objects in one place, of two classes",
            (
                np.array([[0.1, 0.8, 0.1], [0.8, 0.1, 0.1]]),
                squares(0.1, 0.1),
                np.array([0, 1]),
                squares(0.1, 0.1),
            ),
        ),
        Case(
            "two objects, one query near both",
            (alike(2), squares(0.3, 0.8), np.array([0, 0]), squares(0.28, 0.36)),
        ),
        Case(
            "the cheapest pair would leave a dear one",
            (alike(2), squares(0.3, 0.24), np.array([0, 0]), squares(0.28, 0.45)),
        ),
        Case(
            "more queries than objects",
            (alike(4), squares(0.7, 0.4, 0.1, 0.43), FIRST, squares(0.41)),
        ),
        Case(
            "more objects than queries",
            (alike(1), squares(0.6), np.array([0, 0]), squares(0.1, 0.55)),
        ),
        Case(
            "neither touches the object, one is nearer",
            (alike(2), squares(0.75, 0.45), FIRST, squares(0.1)),
        ),
        Case(
            "moved, or grown on both sides",
            (
                alike(2),
                np.array([[0.5, 0.4, 0.7, 0.6], [0.25, 0.4, 0.75, 0.6]]),
                FIRST,
                np.array([[0.4, 0.4, 0.6, 0.6]]),
                0.0,
                1.0,
                0.0,
            ),
        ),
        Case(
            "moved, or grown",
            (
                alike(2),
                np.array([[0.5, 0.4, 0.7, 0.6], [0.4, 0.4, 0.72, 0.6]]),
                FIRST,
                np.array([[0.4, 0.4, 0.6, 0.6]]),
                0.0,
                1.0,
                0.0,
            ),
        ),
        Case(
            "moved, or grown less",
            (
                alike(2),
                np.array([[0.51, 0.4, 0.71, 0.6], [0.4, 0.4, 0.67, 0.6]]),
                FIRST,
                np.array([[0.4, 0.4, 0.6, 0.6]]),
                0.0,
                1.0,
                0.0,
            ),
        ),
        Case(
            "one side far off, or all sides a little",
            (
                alike(2),
                np.array([[0.4, 0.4, 0.6, 0.71], [0.45, 0.45, 0.7, 0.66]]),
                FIRST,
                np.array([[0.4, 0.4, 0.6, 0.6]]),
                0.0,
                1.0,
                0.0,
            ),
        ),
        Case(
            "the class alone",
            (
                np.array([[0.2, 0.7, 0.1], [0.3, 0.6, 0.1]]),
                squares(0.1, 0.7),
                FIRST,
                squares(0.1),
                1.0,
                0.0,
                0.0,
            ),
        ),
        Case(
            "the GIoU alone",
            (alike(2), squares(0.2, 0.8), FIRST, squares(0.1), 0.0, 0.0, 1.0),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there are as many pairs as objects, or as queries where these are fewer",
            lambda args, got: len(got[0]) == len(got[1]) == min(len(args[1]), len(args[3])),
        ),
        Property(
            "no query and no object comes twice",
            lambda args, got: all(len(np.unique(row)) == len(row) for row in got),
        ),
        Property("the queries rise", lambda args, got: bool(np.all(np.diff(got[0]) > 0))),
    ],
    hints=(
        "Make the table of costs first, a row for each query and a column for each object. To "
        "take the cheapest pair again and again is not best: which function of SciPy chooses all "
        "pairs together?",
        "`probabilities[:, class_ids]` is the table of probabilities: each object's class picks "
        "its column. `boxes.generalized_iou` is a table already. For L1, subtract each target "
        "from each prediction, (queries, objects, 4): the centres differ by the mean of both "
        "corners' differences, the sizes by their difference.",
        "`gap = predicted[:, None] - targets`, `low, high = gap[..., :2], gap[..., 2:]`, `l1 = "
        "(np.abs(low + high) / 2 + np.abs(high - low)).sum(axis=-1)`; `cost = l1_weight * l1 - "
        "class_weight * probabilities[:, class_ids] - giou_weight * "
        "boxes.generalized_iou(predicted, targets)`; `optimize.linear_sum_assignment(cost)` gives "
        "both rows of indices, sorted by query.",
    ),
    misconceptions=[
        Misconception(
            "each object takes in turn the cheapest query that is left",
            object_by_object,
            "Then the order of the annotations decides, and the first object may take what "
            "another needs. Choose all pairs together.",
        ),
        Misconception(
            "each query takes in turn the cheapest object that is left",
            query_by_query,
            "Then the first queries take all the objects, whatever they predict. Choose all "
            "pairs together.",
        ),
        Misconception(
            "it takes the cheapest pair again and again",
            cheapest_pair_first,
            "A greedy choice may leave the others with nothing near. The Hungarian method makes "
            "the sum of all costs as small as it can be.",
        ),
        Misconception(
            "several queries take one object",
            several_queries_for_one_object,
            "As anchors do. They would all learn to name it, and an NMS would be needed again: "
            "one query for each object.",
        ),
        Misconception(
            "one query takes several objects",
            one_query_for_several_objects,
            "A query predicts one box and one class. What is it to say of two?",
        ),
        Misconception(
            "it costs the logarithm of the probability",
            logarithm,
            "That is the loss, the negative log-likelihood, and some matchers use it. DETR's has "
            "the probability itself: it is as large as the boxes' terms, where the logarithm of a "
            "small one would outweigh them.",
        ),
        Misconception(
            "it takes each query's highest probability",
            best_class,
            "A query that is sure of a dog is no good for a cat: the probability is that of the "
            "object's class.",
        ),
        Misconception(
            "it prefers the improbable",
            improbable,
            "A cost is to be small: the probability is subtracted.",
        ),
        Misconception(
            "it asks whether the most probable class is right",
            right_or_wrong,
            "At the start of training it never is, and all queries would cost the same. The "
            "probability knows more than yes or no.",
        ),
        Misconception(
            "it leaves the class out",
            without_the_class,
            "Of two boxes in one place, the one that names the class is to be matched.",
        ),
        Misconception(
            "it leaves L1 out",
            without_l1,
            "The GIoU asks how far apart boxes are for their size, L1 how far in the image. DETR "
            "takes both.",
        ),
        Misconception(
            "it leaves the GIoU out",
            without_giou,
            "L1 is small for small boxes, however badly they fit. The GIoU does not depend on the "
            "size. DETR takes both.",
        ),
        Misconception(
            "overlap costs",
            overlap_costs,
            "A cost is to be small: the GIoU is subtracted. Or add 1 - GIoU.",
        ),
        Misconception(
            "it takes the plain IoU",
            plain_iou,
            "It is 0 for all boxes apart, as nearly all are at the start. The generalised one "
            "says how far.",
        ),
        Misconception(
            "it matches by the IoU alone",
            iou_alone,
            "A tracker may do so. Here the class and the distance count as well.",
        ),
        Misconception(
            "it compares the corners",
            corners,
            "A box that has moved is then off twice in each direction, and one that has grown "
            "once. DETR compares centres and sizes, which is also what it predicts.",
        ),
        Misconception(
            "it takes the mean of the four differences",
            mean_of_the_four,
            "Then they count a quarter. L1 is the sum.",
        ),
        Misconception(
            "it takes the straight distance",
            straight_distance,
            "The root of the squares is L2. L1 is the sum of the absolute differences.",
        ),
        Misconception(
            "it compares the centres alone",
            centers_alone,
            "A box with the right middle and twice the size is no match: widths and heights "
            "count as well.",
        ),
        Misconception(
            "it makes the sum as large as possible",
            most_expensive,
            "`linear_sum_assignment` looks for the lowest cost, unless told `maximize=True`.",
        ),
        Misconception(
            "it always takes DETR's weights",
            always_detrs_weights,
            "1, 5 and 2 are the defaults. Use the arguments.",
        ),
        Misconception(
            "it exchanges the weights of L1 and GIoU",
            weights_exchanged,
            "`l1_weight` is the 5, `giou_weight` the 2.",
        ),
        Misconception(
            "the objects come first",
            object_first,
            "The right pairs, turned round: first the queries' indices, then the objects'.",
        ),
        Misconception(
            "it sorts by object",
            sorted_by_object,
            "The right pairs in another order: the queries rise. With the queries as rows, SciPy "
            "gives them so.",
        ),
        Misconception(
            "it returns one table of pairs",
            table_of_pairs,
            "Two arrays, so that each can index: `predicted[queries]`, `targets[objects]`.",
        ),
        Misconception(
            "it returns all queries, with -1 for those without an object",
            object_of_each_query,
            "Only the pairs are asked for. All other queries are to say 'no object'.",
        ),
        Misconception(
            "it drops pairs of which the class is improbable",
            improbable_pairs_dropped,
            "Nothing is dropped: an object that nobody names yet is just what there is to learn.",
        ),
        Misconception(
            "it drops pairs that do not overlap",
            distant_pairs_dropped,
            "Nothing is dropped: every object needs a query that learns to find it, however far "
            "off its box is now.",
        ),
    ],
)
