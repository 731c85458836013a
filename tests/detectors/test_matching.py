"""The set matching is the best of all, and its cost is DETR's."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from helpers import detectors

NO_BOXES, NO_CLASSES = np.zeros((0, 4)), np.zeros(0, int)


def giou_of(a: list[float], b: list[float]) -> float:
    """In plain Python numbers."""
    shared = max(min(a[2], b[2]) - max(a[0], b[0]), 0) * max(
        min(a[3], b[3]) - max(a[1], b[1]), 0
    )
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    hull = (max(a[2], b[2]) - min(a[0], b[0])) * (max(a[3], b[3]) - min(a[1], b[1]))
    return shared / union - (hull - union) / hull


def cost_of(
    probabilities: Any, predicted: Any, class_ids: Any, targets: Any, *weights: float
) -> np.ndarray:
    """DETR's table: both boxes as centre x, centre y, width, height, by plain loops."""
    class_weight, l1_weight, giou_weight = weights or (1.0, 5.0, 2.0)

    def center_and_size(box: Any) -> np.ndarray:
        x1, y1, x2, y2 = box
        return np.array([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1])

    table = np.zeros((len(predicted), len(targets)))
    for query, box in enumerate(predicted):
        for number, target in enumerate(targets):
            l1 = np.abs(center_and_size(box) - center_and_size(target)).sum()
            table[query, number] = (
                l1_weight * l1
                - giou_weight * giou_of(box.tolist(), target.tolist())
                - class_weight * probabilities[query, class_ids[number]]
            )
    return table


def smallest_sum(table: np.ndarray) -> float:
    """Of all ways to give each of the fewer one of the more."""
    if table.shape[0] < table.shape[1]:
        table = table.T
    queries = permutations(range(len(table)), table.shape[1])
    return min(sum(table[q, o] for o, q in enumerate(order)) for order in queries)


def draw_boxes(rng: np.random.Generator, count: int) -> np.ndarray:
    corner = rng.uniform(0, 0.7, (count, 2))
    return np.concatenate([corner, corner + rng.uniform(0.05, 0.3, (count, 2))], axis=1)


def draw(rng: np.random.Generator) -> Any:
    queries, objects, classes = (int(n) for n in rng.integers(1, [6, 5, 4]))
    probabilities = rng.dirichlet(np.full(classes + 1, 0.5), queries)
    return (
        probabilities,
        draw_boxes(rng, queries),
        rng.integers(0, classes, objects),
        draw_boxes(rng, objects),
    )


@pytest.mark.parametrize("weights", [(), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.5, 2.0, 4.0)])
def test_no_other_matching_costs_less(weights: tuple[float, ...]) -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        case = draw(rng)
        queries, objects = detectors.bipartite_match(*case, *weights)
        table = cost_of(*case, *weights)
        assert queries.dtype == objects.dtype == np.int64
        assert len(queries) == len(objects) == min(table.shape)
        assert (np.diff(queries) > 0).all() and len(set(objects.tolist())) == len(objects)
        assert table[queries, objects].sum() == pytest.approx(smallest_sum(table), abs=1e-9)


def test_each_part_decides_where_the_others_are_equal() -> None:
    near, far = [0.1, 0.1, 0.3, 0.3], [0.6, 0.6, 0.8, 0.8]
    target, class_ids = np.array([near]), np.array([1])
    alike = np.array([[0.5, 0.5], [0.5, 0.5]])
    # The class.
    sure = np.array([[0.9, 0.1], [0.4, 0.6]])
    assert match(sure, np.array([near, near]), class_ids, target) == ([1], [0])
    # The boxes.
    assert match(alike, np.array([far, near]), class_ids, target) == ([1], [0])
    # A box that is better outweighs a class that is somewhat better.
    assert match(sure, np.array([near, far]), class_ids, target) == ([0], [0])


def test_a_greedy_choice_would_cost_more() -> None:
    """Query 0 is best for both objects, but object 1 has no other that is any good."""
    boxes = np.array([[0.1, 0.1, 0.3, 0.3]] * 2)
    probabilities = np.array([[0.5, 0.45], [0.45, 0.0]])
    assert match(probabilities, boxes, np.array([0, 1]), boxes) == ([0, 1], [1, 0])


def test_sizes_count_beside_centers() -> None:
    """Corners that are both off by 0.1 move the centre by 0.1; one corner changes the size."""
    target = np.array([[0.4, 0.4, 0.6, 0.6]])
    moved, grown = [0.5, 0.4, 0.7, 0.6], [0.4, 0.4, 0.72, 0.6]
    probabilities = np.ones((2, 1))
    # By centre and size the moved one is 0.1 off, the grown one 0.06 + 0.12; by corners the
    # moved one would be 0.2 off and the grown one 0.12.
    table = cost_of(probabilities, np.array([moved, grown]), np.array([0]), target, 0, 1, 0)
    np.testing.assert_allclose(table, [[0.1], [0.18]])
    found = detectors.bipartite_match(
        probabilities, np.array([moved, grown]), np.array([0]), target, 0, 1, 0
    )
    assert found[0] == 0


def match(*args: Any) -> tuple[list[int], list[int]]:
    queries, objects = detectors.bipartite_match(*args)
    return queries.tolist(), objects.tolist()


def test_nothing_there() -> None:
    for count in (0, 3):
        queries, objects = detectors.bipartite_match(
            np.full((count, 2), 0.5), np.zeros((count, 4)), NO_CLASSES, NO_BOXES
        )
        assert (queries.shape, objects.shape) == ((0,), (0,))
        assert queries.dtype == objects.dtype == np.int64
    assert match(np.zeros((0, 2)), NO_BOXES, np.array([1]), np.ones((1, 4))) == ([], [])


def test_more_objects_than_queries() -> None:
    targets = np.array([[0.0, 0.0, 0.2, 0.2], [0.4, 0.4, 0.6, 0.6], [0.8, 0.8, 1.0, 1.0]])
    found = match(np.full((2, 1), 0.5), targets[[2, 0]], np.zeros(3, int), targets)
    assert found == ([0, 1], [2, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_whole_numbers_and_narrow_ones(dtype: Any) -> None:
    predicted = np.array([[0, 0, 1, 1], [0, 0, 1, 1]], np.uint8)
    probabilities = np.array([[0.25, 0.75], [0.75, 0.25]], dtype)
    targets = np.array([[0.0, 0.0, 1.0, 0.5]], dtype)
    assert match(probabilities, predicted, np.array([1], np.uint8), targets) == ([0], [0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"probabilities": np.array([[2.0, -1.0]])}, "probabilities holds 2, .*softmax first"),
        ({"probabilities": np.ones(2)}, r"probabilities is \(2,\)"),
        ({"probabilities": np.ones((2, 2))}, r"probabilities is \(2, 2\), .*\(1, classes\)"),
        ({"predicted": np.zeros((1, 5))}, r"predicted has the shape \(1, 5\)"),
        ({"predicted": np.array([[1, 0, 0, 1]])}, "predicted has a box, 0"),
        ({"class_ids": np.array([0, 1])}, r"class_ids has the shape \(2,\)"),
        ({"class_ids": np.array([2])}, "a class in class_ids is 2, .* from 0 to 1"),
        ({"class_ids": np.array([-1])}, "class_ids holds -1"),
        ({"class_ids": np.array([0.0])}, "class_ids is float64"),
        ({"targets": [[0, 0, 1, 1]]}, "targets is a list"),
        ({"targets": np.array([[0, np.nan, 1, 1]])}, "targets holds NaN"),
        ({"l1_weight": -1}, "l1_weight is -1"),
        ({"class_weight": -1}, "class_weight is -1"),
        ({"giou_weight": np.inf}, "giou_weight is inf"),
    ],
)
def test_malformed(change: dict[str, Any], message: str) -> None:
    fine: dict[str, Any] = {
        "probabilities": np.array([[0.5, 0.5]]),
        "predicted": np.array([[0, 0, 1, 1]]),
        "class_ids": np.array([1]),
        "targets": np.array([[0, 0, 1, 1]]),
    }
    detectors.bipartite_match(**fine)
    with pytest.raises((TypeError, ValueError), match=message):
        detectors.bipartite_match(**{**fine, **change})
