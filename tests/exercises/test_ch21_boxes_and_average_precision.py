"""Right answers that are written in another way than the course's must pass, too."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers import plots
from helpers.course import pictures, stub
from helpers.course.checking import examine
from helpers.exercises import ch21_boxes_and_average_precision as chapter

FIRST_CELL = {"np", "boxes", "datasets", "metrics", "overlays", "plots", "validate", "video"}


def iou_of_two(a: Any, b: Any) -> float:
    """In plain Python numbers."""
    (ax1, ay1, ax2, ay2), (bx1, by1, bx2, by2) = map(float, a), map(float, b)
    width, height = min(ax2, bx2) - max(ax1, bx1), min(ay2, by2) - max(ay1, by1)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared)


def iou_in_two_loops(a: Any, b: Any) -> Any:
    result = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            result[i, j] = iou_of_two(a[i], b[j])
    return result


def iou_as_torchvision(a: Any, b: Any) -> Any:
    a, b = a.astype(np.float64), b.astype(np.float64)
    area_a, area_b = ((each[:, 2] - each[:, 0]) * (each[:, 3] - each[:, 1]) for each in (a, b))
    lt = np.maximum(a[:, None, :2], b[:, :2])
    rb = np.minimum(a[:, None, 2:], b[:, 2:])
    wh = (rb - lt).clip(min=0)
    inter = wh[:, :, 0] * wh[:, :, 1]
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(inter / (area_a[:, None] + area_b - inter))


def iou_in_float32(a: Any, b: Any) -> Any:
    return iou_as_torchvision(a.astype(np.float32), b.astype(np.float32)).astype(np.float32)


def iou_by_columns(a: Any, b: Any) -> Any:
    columns = [iou_as_torchvision(a, one[None])[:, 0] for one in b]
    return np.stack(columns, axis=1) if columns else np.zeros((len(a), 0))


def nms_with_a_matrix(
    boxes: Any, scores: Any, iou_threshold: Any, class_ids: Any = None
) -> Any:
    clash = iou_as_torchvision(boxes, boxes) > iou_threshold
    if class_ids is not None:
        clash &= class_ids[:, None] == class_ids[None]
    order = np.argsort(-scores, kind="stable")
    is_kept = np.ones(len(boxes), bool)
    for place, one in enumerate(order):
        if is_kept[one]:
            worse = order[place + 1 :]
            is_kept[worse[clash[one, worse]]] = False
    return order[is_kept[order]]


def nms_in_loops(boxes: Any, scores: Any, iou_threshold: Any, class_ids: Any = None) -> Any:
    kept: list[int] = []
    for i in sorted(range(len(boxes)), key=lambda i: scores[i], reverse=True):
        for j in kept:
            is_rival = class_ids is None or class_ids[i] == class_ids[j]
            if is_rival and iou_of_two(boxes[i], boxes[j]) > iou_threshold:
                break
        else:
            kept.append(i)
    return np.array(kept, dtype=int)


def nms_class_by_class(
    boxes: Any, scores: Any, iou_threshold: Any, class_ids: Any = None
) -> Any:
    if class_ids is None:
        class_ids = np.zeros(len(boxes), int)
    is_kept = np.zeros(len(boxes), bool)
    for one in np.unique(class_ids):
        of_class = np.flatnonzero(class_ids == one)
        kept = nms_with_a_matrix(boxes[of_class], scores[of_class], iou_threshold)
        is_kept[of_class[kept]] = True
    kept = np.flatnonzero(is_kept)
    return kept[np.argsort(-scores[kept], kind="stable")]


def nms_as_batched_nms(
    boxes: Any, scores: Any, iou_threshold: Any, class_ids: Any = None
) -> Any:
    """torchvision's trick, mended: each class is moved by more than the range of coordinates."""
    if class_ids is not None and len(boxes):
        _, number = np.unique(class_ids, return_inverse=True)
        offset = number * (np.ptp(boxes).astype(np.float64) + 1)
        boxes = boxes + offset[:, None]
    return nms_in_loops(boxes, scores, iou_threshold)


def nms_without_a_division(
    boxes: Any, scores: Any, iou_threshold: Any, class_ids: Any = None
) -> Any:
    boxes = boxes.astype(np.float64)
    order, kept = np.lexsort((np.arange(len(scores)), -scores)).tolist(), []
    while order:
        best = order.pop(0)
        kept.append(best)
        left = []
        for i in order:
            side = np.minimum(boxes[i, 2:], boxes[best, 2:])
            side = (side - np.maximum(boxes[i, :2], boxes[best, :2])).clip(0)
            shared = side.prod()
            union = sum(np.prod(boxes[k, 2:] - boxes[k, :2]) for k in (i, best)) - shared
            is_other = class_ids is not None and class_ids[i] != class_ids[best]
            if is_other or shared <= iou_threshold * union:
                left.append(i)
        order = left
    return np.array(kept, np.int32)


def soft_nms_in_loops(
    boxes: Any,
    scores: Any,
    method: Any = "linear",
    iou_threshold: Any = 0.3,
    sigma: Any = 0.5,
    min_score: Any = 0.001,
) -> Any:
    left = {i: float(score) for i, score in enumerate(scores)}
    taken: list[int] = []
    new: list[float] = []
    while left:
        best = max(left, key=lambda i: left[i])
        score = left.pop(best)
        if score < min_score:
            break
        taken.append(best)
        new.append(score)
        for i in left:
            overlap = iou_of_two(boxes[best], boxes[i])
            if method == "gaussian":
                left[i] *= float(np.exp(-overlap * overlap / sigma))
            elif overlap > iou_threshold:
                left[i] -= left[i] * overlap
    return np.array(taken, int), np.array(new, float)


def soft_nms_by_swapping(
    boxes: Any,
    scores: Any,
    method: Any = "linear",
    iou_threshold: Any = 0.3,
    sigma: Any = 0.5,
    min_score: Any = 0.001,
) -> Any:
    """As the authors' code moves the best to the front; its order of equal scores is lost."""
    scores, index = scores.astype(float), np.arange(len(boxes))
    for i in range(len(boxes)):
        best = i + int(np.lexsort((index[i:], -scores[i:]))[0])
        for row in (scores, index):
            row[[i, best]] = row[[best, i]]
        overlap = iou_as_torchvision(boxes[index[i : i + 1]], boxes[index[i + 1 :]])[0]
        if method == "linear":
            weight = 1 - overlap * (overlap > iou_threshold)
        else:
            weight = np.exp(-np.square(overlap) / sigma)
        scores[i + 1 :] *= weight
    is_kept = scores >= min_score
    return index[is_kept], scores[is_kept]


def soft_nms_in_float32(
    boxes: Any,
    scores: Any,
    method: Any = "linear",
    iou_threshold: Any = 0.3,
    sigma: Any = 0.5,
    min_score: Any = 0.001,
) -> Any:
    overlap = iou_in_float32(boxes, boxes)
    scores = scores.astype(np.float32)
    taken: list[int] = []
    is_left = np.ones(len(boxes), bool)
    while is_left.any():
        best = int(np.where(is_left, scores, -1).argmax())
        if scores[best] < min_score:
            break
        taken.append(best)
        is_left[best] = False
        if method == "linear":
            factor = np.where(overlap[best] > iou_threshold, 1 - overlap[best], np.float32(1))
        else:
            factor = np.exp(-(overlap[best] ** 2) / np.float32(sigma))
        scores = np.where(is_left, scores * factor, scores)
    return np.array(taken, int), scores[np.array(taken, int)]


def match_as_pycocotools(ious: Any, scores: Any, iou_threshold: Any) -> Any:
    matches = -np.ones(len(scores), int)
    taken: set[int] = set()
    for d in np.argsort(-scores, kind="mergesort"):
        best, match = min(iou_threshold, 1 - 1e-10), -1
        for g in range(ious.shape[1]):
            if g in taken or ious[d, g] < best:
                continue
            best, match = ious[d, g], g
        if match >= 0:
            taken.add(match)
        matches[d] = match
    return matches


def match_with_a_list_of_free(ious: Any, scores: Any, iou_threshold: Any) -> Any:
    free = list(range(ious.shape[1]))
    found = [-1] * len(ious)
    for d in sorted(range(len(ious)), key=lambda d: (-scores[d], d)):
        near = [(ious[d, g], g) for g in free if ious[d, g] >= iou_threshold]
        if near:
            found[d] = max(near)[1]
            free.remove(found[d])
    return np.array(found, int)


def match_by_masking(ious: Any, scores: Any, iou_threshold: Any) -> Any:
    order = np.lexsort((np.arange(len(scores)), -scores))
    found = np.full(len(ious), -1)
    is_free = np.ones(ious.shape[1], bool)
    for d in order:
        row = np.where(is_free & (ious[d] >= iou_threshold), ious[d], -np.inf)
        if np.isfinite(row).any():
            found[d] = np.flatnonzero(row == row.max())[-1]
            is_free[found[d]] = False
    return found


def average_precision_by_definition(precision: Any, recall: Any, method: Any) -> Any:
    def best_from(level: Any) -> Any:
        return max((p for p, r in zip(precision, recall, strict=True) if r >= level), default=0)

    if method == "voc2010":
        total, before = 0.0, 0.0
        for rank, level in enumerate(recall):
            total += (level - before) * max(precision[rank:])
            before = level
        return total
    levels = np.arange(0.0, 1.1, 0.1) if method == "voc2007" else np.linspace(0.0, 1.0, 101)
    return sum(best_from(level) for level in levels) / len(levels)


def average_precision_as_the_published(precision: Any, recall: Any, method: Any) -> Any:
    """py-faster-rcnn's voc_ap, and the loop of pycocotools's accumulate."""
    if method == "voc2007":
        ap = 0.0
        for t in np.arange(0.0, 1.1, 0.1):
            p = 0 if np.sum(recall >= t) == 0 else np.max(precision[recall >= t])
            ap = ap + p / 11.0
        return ap
    if method == "voc2010":
        mrec = np.concatenate(([0.0], recall, [1.0]))
        mpre = np.concatenate(([0.0], precision, [0.0]))
        for i in range(mpre.size - 1, 0, -1):
            mpre[i - 1] = np.maximum(mpre[i - 1], mpre[i])
        rises = np.where(mrec[1:] != mrec[:-1])[0]
        return np.sum((mrec[rises + 1] - mrec[rises]) * mpre[rises + 1])
    pr = precision.tolist()
    for i in range(len(pr) - 1, 0, -1):
        if pr[i] > pr[i - 1]:
            pr[i - 1] = pr[i]
    thresholds = np.linspace(0.0, 1.00, int(np.round((1.00 - 0.0) / 0.01)) + 1)
    q = np.zeros(len(thresholds))
    for ri, pi in enumerate(np.searchsorted(recall, thresholds, side="left")):
        if pi < len(pr):
            q[ri] = pr[pi]
    return q.mean()


def average_precision_by_trapezoids(precision: Any, recall: Any, method: Any) -> Any:
    """On the envelope of all ranks they are the steps: it falls at misses only."""
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    if method != "voc2010" or not len(recall):
        return average_precision_by_definition(precision, recall, method)
    return np.trapezoid(np.append(envelope[0], envelope), np.append(0, recall))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.iou, iou_in_two_loops),
        (chapter.iou, iou_as_torchvision),
        (chapter.iou, iou_in_float32),
        (chapter.iou, iou_by_columns),
        (chapter.nms, nms_with_a_matrix),
        (chapter.nms, nms_in_loops),
        (chapter.nms, nms_class_by_class),
        (chapter.nms, nms_as_batched_nms),
        (chapter.nms, nms_without_a_division),
        (chapter.soft_nms, soft_nms_in_loops),
        (chapter.soft_nms, soft_nms_by_swapping),
        (chapter.soft_nms, soft_nms_in_float32),
        (chapter.match_detections, match_as_pycocotools),
        (chapter.match_detections, match_with_a_list_of_free),
        (chapter.match_detections, match_by_masking),
        (chapter.average_precision, average_precision_by_definition),
        (chapter.average_precision, average_precision_as_the_published),
        (chapter.average_precision, average_precision_by_trapezoids),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure


@pytest.mark.parametrize("exercise", chapter.EXERCISES, ids=lambda e: e.name)
def test_a_reference_stands_on_the_first_cells_imports(exercise: Any) -> None:
    assert stub.free_names(stub.source_of(exercise.reference)) <= FIRST_CELL


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Figure, str]]:
    """Each figure that is shown, with its alternative text."""
    figures: list[tuple[Figure, str]] = []

    def keep(figure: Figure, *, alt: str) -> None:
        plots.Picture(figure, alt)  # drawn in full: labels are there, nothing raises
        figures.append((figure, alt))

    monkeypatch.setattr(plots, "show", keep)
    return figures


TWO = np.array([[0, 0, 4, 4], [1, 0, 5, 4]])
SCORES = np.array([0.9, 0.8])


def test_picture_shows_which_boxes_are_kept(shown: list[Any]) -> None:
    pictures.boxes((TWO, SCORES, 0.5), np.array([0, 1]), np.array([0]))
    ((figure, alt),) = shown
    styles = [[patch.get_linestyle() for patch in ax.patches] for ax in figure.axes]
    assert styles == [["-", "-"], ["-", "--"]]
    assert (
        alt
        == "2 boxes, twice, with their scores. Kept are 0 (0.9), 1 (0.8); expected: 0 (0.9)."
    )


def test_picture_shows_the_new_scores(shown: list[Any]) -> None:
    kept = np.array([0, 1])
    pictures.boxes((TWO, SCORES), (kept, SCORES), (kept, np.array([0.9, 0.32])))
    ((figure, _),) = shown
    words = [[text.get_text() for text in ax.texts] for ax in figure.axes]
    assert words == [["0: 0.9", "1: 0.8"], ["0: 0.9", "1: 0.32"]]


@pytest.mark.parametrize(
    "got",
    [
        None,
        [0],
        np.array([True, False]),
        np.array([2]),
        TWO,
        (np.array([0]), SCORES),
        (np.array([0]), None),
        (np.array([0]), ["high"]),
        (),
    ],
)
def test_what_is_not_indices_is_not_drawn(shown: list[Any], got: Any) -> None:
    pictures.boxes((TWO, SCORES, 0.5), got, np.array([0]))
    assert shown == []


def test_no_boxes_and_very_many_are_not_drawn(shown: list[Any]) -> None:
    none = np.zeros(0, int)
    pictures.boxes((np.zeros((0, 4)), np.zeros(0), 0.5), none, none)
    pictures.boxes((np.ones((99, 4)), np.ones(99), 0.5), none, none)
    assert shown == []
    pictures.boxes((np.ones((2, 4)), np.ones(2), 0.5), none, none)  # points, none of them kept
    assert shown[-1][1].endswith("Kept are none; expected: none.")


def test_picture_shows_the_first_pair_that_differs(shown: list[Any]) -> None:
    expected = np.array([[1.0, 0.6], [0.6, 1.0]])
    got = expected.copy()
    got[1] = np.nan
    pictures.box_pair((TWO, TWO), got, expected)
    ((figure, alt),) = shown
    assert alt.startswith("Box a[1], [1.0, 0.0, 5.0, 4.0], and box b[0], [0.0, 0.0, 4.0, 4.0]")
    assert figure.axes[0].get_title() == "got nan, expected 0.6"


@pytest.mark.parametrize("got", [None, 0.5, np.ones(2), np.ones((2, 2), bool), np.eye(2)])
def test_what_is_no_table_or_all_right_is_not_drawn(shown: list[Any], got: Any) -> None:
    pictures.box_pair((TWO, TWO), got, np.eye(2))
    assert shown == []
