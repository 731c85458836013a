"""Right answers that are written in another way than the course's must pass, too."""

import itertools
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import ndimage, optimize, special

from helpers import boxes
from helpers.course import stub
from helpers.course.checking import examine
from helpers.exercises import ch22_detectors as chapter

FIRST_CELL = {"Any", "Sequence", "boxes", "detectors", "keras", "np", "optimize", "validate"}


def anchors_in_loops(feature_size: Any, stride: Any, sizes: Any, aspect_ratios: Any) -> Any:
    found = []
    for row, column in itertools.product(*map(range, feature_size)):
        for size, ratio in itertools.product(sizes, aspect_ratios):
            width = (size * size / ratio) ** 0.5
            x, y = stride * (column + 0.5), stride * (row + 0.5)
            half, high = width / 2, ratio * width / 2
            found.append([x - half, y - high, x + half, y + high])
    return np.array(found)


def anchors_by_repeating(feature_size: Any, stride: Any, sizes: Any, aspect_ratios: Any) -> Any:
    """torchvision's two steps: boxes around 0, and then the shifts."""
    rows, columns = feature_size
    h_ratios = np.sqrt(aspect_ratios)
    ws = (np.array(sizes)[:, None] / h_ratios).ravel()
    hs = (np.array(sizes)[:, None] * h_ratios).ravel()
    around_zero = np.stack([-ws, -hs, ws, hs], axis=1) / 2
    x = np.tile(np.arange(columns) * stride, rows) + stride / 2
    y = np.repeat(np.arange(rows) * stride, columns) + stride / 2
    shifts = np.stack([x, y, x, y], axis=1)
    return (shifts[:, None] + around_zero[None]).reshape(-1, 4)


def anchors_in_float32(feature_size: Any, stride: Any, sizes: Any, aspect_ratios: Any) -> Any:
    found = anchors_by_repeating(feature_size, stride, sizes, aspect_ratios)
    return found.astype(np.float32)


def targets_in_loops(points: Any, boxes: Any, class_ids: Any, regression_range: Any) -> Any:
    low, high = regression_range
    labels, distances = [], []
    for x, y in points.tolist():
        best = (np.inf, -1, [0.0] * 4)
        for (x1, y1, x2, y2), class_id in zip(boxes.tolist(), class_ids.tolist(), strict=True):
            own = [x - x1, y - y1, x2 - x, y2 - y]
            size = (x2 - x1) * (y2 - y1)
            if min(own) > 0 and low < max(own) <= high and size < best[0]:
                best = (size, class_id, own)
        labels.append(best[1])
        distances.append(best[2])
    return np.array(labels, int), np.array(distances, float).reshape(-1, 4)


def targets_largest_first(
    points: Any, boxes: Any, class_ids: Any, regression_range: Any
) -> Any:
    """Each box paints over the larger ones; of equal ones the first paints last."""
    boxes, points = boxes.astype(np.float64), points.astype(np.float64)
    low, high = regression_range
    labels, distances = np.full(len(points), -1), np.zeros((len(points), 4))
    size = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    for i in sorted(range(len(boxes)), key=lambda i: (-size[i], -i)):
        own = np.concatenate([points - boxes[i, :2], boxes[i, 2:] - points], axis=1)
        farthest = own.max(axis=1)
        is_own = (own > 0).all(axis=1) & (farthest > low) & (farthest <= high)
        labels[is_own], distances[is_own] = class_ids[i], own[is_own]
    return labels, distances


def targets_as_the_published(
    points: Any, boxes: Any, class_ids: Any, regression_range: Any
) -> Any:
    """With a background box of huge area as the last column, in float32."""
    xs, ys = points.astype(np.float32).T
    found = np.vstack([boxes, [-1e8, -1e8, 1e8, 1e8]]).astype(np.float32)
    left, top = xs[:, None] - found[:, 0], ys[:, None] - found[:, 1]
    right, bottom = found[:, 2] - xs[:, None], found[:, 3] - ys[:, None]
    regression = np.stack([left, top, right, bottom], axis=2)
    largest = regression.max(axis=2)
    is_fine = (regression.min(axis=2) > 0) & (largest > regression_range[0])
    is_fine &= largest <= regression_range[1]
    area = (found[:, 2] - found[:, 0]) * (found[:, 3] - found[:, 1])
    area = np.where(is_fine, area, 1e12)
    area[:, -1] = 1e11
    chosen = area.argmin(axis=1)
    labels = np.append(class_ids.astype(int), -1)[chosen]
    own = regression[np.arange(len(xs)), chosen]
    return labels, np.where(labels[:, None] >= 0, own, np.float32(0))


def focal_as_torchvision(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    inputs, targets = tf.cast(logits, tf.float32), tf.cast(targets, tf.float32)
    p = tf.sigmoid(inputs)
    loss = tf.nn.sigmoid_cross_entropy_with_logits(targets, inputs)
    p_t = p * targets + (1 - p) * (1 - targets)
    alpha_t = alpha * targets + (1 - alpha) * (1 - targets)
    return alpha_t * loss * (1 - p_t) ** gamma


def focal_by_log_sigmoid(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    logits = keras.ops.cast(logits, "float32")
    is_object = keras.ops.cast(targets, "bool")
    x = keras.ops.where(is_object, logits, -logits)
    weight = keras.ops.where(is_object, alpha, 1 - alpha)
    factor = keras.ops.sigmoid(-x) ** gamma
    return -weight * factor * keras.ops.log_sigmoid(x)


def focal_by_keras(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    loss = keras.losses.BinaryFocalCrossentropy(
        apply_class_balancing=True, alpha=alpha, gamma=gamma, from_logits=True, reduction=None
    )
    values = loss(targets.reshape(-1, 1), logits.reshape(-1, 1))
    return keras.ops.reshape(values, logits.shape)


def focal_in_numpy(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    x = np.where(targets == 1, logits, -logits).astype(np.float64)
    weight = np.where(targets == 1, alpha, 1 - alpha)
    loss = -weight * special.expit(-x) ** gamma * special.log_expit(x)
    return loss.astype(np.float32)


def focal_in_python(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    loss = np.zeros(logits.shape, np.float32)
    for place in np.ndindex(logits.shape):
        x = np.float64(logits[place] if targets[place] else -logits[place])
        weight = alpha if targets[place] else 1 - alpha
        loss[place] = weight * np.exp(-gamma * np.logaddexp(0, x)) * np.logaddexp(0, -x)
    return loss


def merge_in_numpy(coarse: Any, lateral: Any) -> Any:
    rows, columns = lateral.shape[1:3]
    return np.repeat(np.repeat(coarse, 2, 1), 2, 2)[:, :rows, :columns] + lateral


def merge_by_halving_the_index(coarse: Any, lateral: Any) -> Any:
    rows, columns = np.arange(lateral.shape[1]) // 2, np.arange(lateral.shape[2]) // 2
    return lateral + coarse[:, rows[:, None], columns]


def merge_by_kronecker(coarse: Any, lateral: Any) -> Any:
    ones = np.ones((1, 2, 2, 1), lateral.dtype)
    return lateral + np.kron(coarse, ones)[:, : lateral.shape[1], : lateral.shape[2]]


def merge_by_four_slices(coarse: Any, lateral: Any) -> Any:
    merged = lateral.copy()
    for i, j in np.ndindex(2, 2):
        part = merged[:, i::2, j::2]
        part += coarse[:, : part.shape[1], : part.shape[2]]
    return merged


def merge_by_a_layer(coarse: Any, lateral: Any) -> Any:
    finer = keras.layers.UpSampling2D(2, dtype=lateral.dtype.name)(coarse)
    return finer[:, : lateral.shape[1], : lateral.shape[2]] + lateral


def merge_by_tensorflow(coarse: Any, lateral: Any) -> Any:
    size = 2 * coarse.shape[1], 2 * coarse.shape[2]
    finer = tf.image.resize(coarse, size, "nearest")
    return tf.add(finer[:, : lateral.shape[1], : lateral.shape[2]], lateral)


def interpolated(features: Any, y: float, x: float) -> Any:
    rows, columns, channels = features.shape
    if y < -1 or y > rows or x < -1 or x > columns:
        return np.zeros(channels)
    y, x = min(max(y, 0), rows - 1), min(max(x, 0), columns - 1)
    total = np.zeros(channels)
    for row in range(rows):
        for column in range(columns):
            total += (
                max(0, 1 - abs(y - row)) * max(0, 1 - abs(x - column)) * features[row, column]
            )
    return total


def align_in_loops(
    features: Any, boxes: Any, output_size: Any, sampling_ratio: Any = 2, stride: Any = 1.0
) -> Any:
    """As torchvision's kernel goes: bin by bin, point by point."""
    result = np.zeros((len(boxes), output_size, output_size, features.shape[2]))
    for number, (x1, y1, x2, y2) in enumerate(boxes * (1 / stride) - 0.5):
        height, width = (y2 - y1) / output_size, (x2 - x1) / output_size
        for row, column in np.ndindex(output_size, output_size):
            for i, j in np.ndindex(sampling_ratio, sampling_ratio):
                y = y1 + row * height + (i + 0.5) * height / sampling_ratio
                x = x1 + column * width + (j + 0.5) * width / sampling_ratio
                result[number, row, column] += interpolated(features, y, x)
    return result / sampling_ratio**2


def align_by_scipy(
    features: Any, boxes: Any, output_size: Any, sampling_ratio: Any = 2, stride: Any = 1.0
) -> Any:
    count = output_size * sampling_ratio
    result = np.zeros((len(boxes), output_size, output_size, features.shape[2]))
    rows, columns, channels = features.shape
    for number, box in enumerate(boxes / stride):
        x, y = (
            np.linspace(low, high, 2 * count + 1)[1::2] - 0.5
            for low, high in ((box[0], box[2]), (box[1], box[3]))
        )
        grid = np.meshgrid(y, x, indexing="ij")
        is_far = (abs(grid[0] - (rows - 1) / 2) > (rows + 1) / 2) | (
            abs(grid[1] - (columns - 1) / 2) > (columns + 1) / 2
        )
        for channel in range(channels):
            values = ndimage.map_coordinates(
                features[..., channel].astype(float), grid, order=1, mode="nearest"
            )
            values[is_far] = 0
            parts = values.reshape(output_size, sampling_ratio, output_size, sampling_ratio)
            result[number, ..., channel] = parts.mean(axis=3).mean(axis=1)
    return result


def align_by_matrices(
    features: Any, boxes: Any, output_size: Any, sampling_ratio: Any = 2, stride: Any = 1.0
) -> Any:
    """In float32: sampling along an axis is a product with a matrix."""
    boxes = boxes.astype(np.float32)

    def matrix(low: Any, high: Any, size: int) -> Any:
        count = output_size * sampling_ratio
        share = (np.arange(count, dtype=np.float32) + 0.5) / count
        place = (low[:, None] + share * (high - low)[:, None]) / np.float32(stride) - 0.5
        is_near = (place >= -1) & (place <= size)
        place = np.clip(place, 0, size - 1)
        weight = np.maximum(0, 1 - abs(place[..., None] - np.arange(size, dtype=np.float32)))
        weight *= is_near[..., None]
        return weight.reshape(len(low), output_size, sampling_ratio, size).mean(axis=2)

    rows, columns, _ = features.shape
    down = matrix(boxes[:, 1], boxes[:, 3], rows)
    across = matrix(boxes[:, 0], boxes[:, 2], columns)
    return np.einsum("nir,njc,rcd->nijd", down, across, features.astype(np.float32))


def to_center(corners: Any) -> Any:
    x1, y1, x2, y2 = corners.astype(np.float64).T
    return np.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], axis=1)


def match_as_the_published(
    probabilities: Any,
    predicted: Any,
    class_ids: Any,
    targets: Any,
    class_weight: Any = 1.0,
    l1_weight: Any = 5.0,
    giou_weight: Any = 2.0,
) -> Any:
    out, there = to_center(predicted), to_center(targets)
    cost_bbox = np.abs(out[:, None] - there[None]).sum(-1)
    cost_class = 1 - probabilities[:, class_ids]
    cost_giou = 1 - boxes.generalized_iou(predicted, targets)
    table = l1_weight * cost_bbox + class_weight * cost_class + giou_weight * cost_giou
    rows, columns = optimize.linear_sum_assignment(table.astype(np.float32))
    return rows, columns


def match_objects_first(
    probabilities: Any,
    predicted: Any,
    class_ids: Any,
    targets: Any,
    class_weight: Any = 1.0,
    l1_weight: Any = 5.0,
    giou_weight: Any = 2.0,
) -> Any:
    gain = (
        class_weight * probabilities.T[class_ids]
        + giou_weight * boxes.generalized_iou(targets, predicted)
        - l1_weight * np.abs(to_center(targets)[:, None] - to_center(predicted)).sum(axis=2)
    )
    objects, queries = optimize.linear_sum_assignment(gain, maximize=True)
    order = queries.argsort()
    return queries[order], objects[order]


def table_of(
    probabilities: Any,
    predicted: Any,
    class_ids: Any,
    targets: Any,
    class_weight: Any = 1.0,
    l1_weight: Any = 5.0,
    giou_weight: Any = 2.0,
) -> Any:
    l1 = np.abs(to_center(predicted)[:, None] - to_center(targets)).sum(axis=2)
    giou = boxes.generalized_iou(predicted, targets)
    return l1_weight * l1 - class_weight * probabilities[:, class_ids] - giou_weight * giou


def all_matchings(table: Any) -> list[tuple[float, list[tuple[int, int]]]]:
    """Each way to pair the fewer with some of the more, and its sum."""
    queries, objects = table.shape
    if queries >= objects:
        ways = [
            sorted(zip(chosen, range(objects), strict=True))
            for chosen in itertools.permutations(range(queries), objects)
        ]
    else:
        ways = [
            list(zip(range(queries), chosen, strict=True))
            for chosen in itertools.permutations(range(objects), queries)
        ]
    return sorted((sum(table[pair] for pair in way), way) for way in ways)


def match_by_trying_all(
    probabilities: Any,
    predicted: Any,
    class_ids: Any,
    targets: Any,
    class_weight: Any = 1.0,
    l1_weight: Any = 5.0,
    giou_weight: Any = 2.0,
) -> Any:
    weights = class_weight, l1_weight, giou_weight
    _, best = all_matchings(table_of(probabilities, predicted, class_ids, targets, *weights))[0]
    pairs = np.array(best, int).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.anchors, anchors_in_loops),
        (chapter.anchors, anchors_by_repeating),
        (chapter.anchors, anchors_in_float32),
        (chapter.point_targets, targets_in_loops),
        (chapter.point_targets, targets_largest_first),
        (chapter.point_targets, targets_as_the_published),
        (chapter.focal_loss, focal_as_torchvision),
        (chapter.focal_loss, focal_by_log_sigmoid),
        (chapter.focal_loss, focal_by_keras),
        (chapter.focal_loss, focal_in_numpy),
        (chapter.focal_loss, focal_in_python),
        (chapter.fpn_merge, merge_in_numpy),
        (chapter.fpn_merge, merge_by_halving_the_index),
        (chapter.fpn_merge, merge_by_kronecker),
        (chapter.fpn_merge, merge_by_four_slices),
        (chapter.fpn_merge, merge_by_a_layer),
        (chapter.fpn_merge, merge_by_tensorflow),
        (chapter.roi_align, align_in_loops),
        (chapter.roi_align, align_by_scipy),
        (chapter.roi_align, align_by_matrices),
        (chapter.bipartite_match, match_as_the_published),
        (chapter.bipartite_match, match_objects_first),
        (chapter.bipartite_match, match_by_trying_all),
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


def anchors_from_zero(feature_size: Any, stride: Any, sizes: Any, aspect_ratios: Any) -> Any:
    found = [
        [
            column * stride - size / ratio**0.5 / 2,
            row * stride - size * ratio**0.5 / 2,
            column * stride + size / ratio**0.5 / 2,
            row * stride + size * ratio**0.5 / 2,
        ]
        for row in range(feature_size[0])
        for column in range(feature_size[1])
        for size in sizes
        for ratio in aspect_ratios
    ]
    return np.array(found)


def anchors_with_ratios_outside(
    feature_size: Any, stride: Any, sizes: Any, aspect_ratios: Any
) -> Any:
    """torchvision's outer product of ratios and sizes, which forgets nothing but the order."""
    root = np.sqrt(aspect_ratios)[:, None]
    ws, hs = (np.array(sizes) / root).ravel(), (np.array(sizes) * root).ravel()
    y, x = np.mgrid[: feature_size[0], : feature_size[1]] * stride + stride / 2
    middles = np.stack([x, y, x, y], axis=-1).reshape(-1, 1, 4)
    return (middles + np.stack([-ws, -hs, ws, hs], axis=1) / 2).reshape(-1, 4)


def targets_overwritten(points: Any, boxes: Any, class_ids: Any, regression_range: Any) -> Any:
    labels, distances = np.full(len(points), -1), np.zeros((len(points), 4))
    for n, (x, y) in enumerate(points.astype(float)):
        for (x1, y1, x2, y2), class_id in zip(boxes.astype(float), class_ids, strict=True):
            own = x - x1, y - y1, x2 - x, y2 - y
            if min(own) > 0 and regression_range[0] < max(own) <= regression_range[1]:
                labels[n], distances[n] = class_id, own
    return labels, distances


def targets_with_sides(points: Any, boxes: Any, class_ids: Any, regression_range: Any) -> Any:
    labels, distances = np.full(len(points), -1), np.zeros((len(points), 4))
    smallest = np.full(len(points), np.inf)
    for n, (x, y) in enumerate(points.astype(float)):
        for (x1, y1, x2, y2), class_id in zip(boxes.astype(float), class_ids, strict=True):
            if x1 <= x <= x2 and y1 <= y <= y2:
                own = x - x1, y - y1, x2 - x, y2 - y
                size = (x2 - x1) * (y2 - y1)
                if regression_range[0] < max(own) <= regression_range[1] and size < smallest[n]:
                    smallest[n], labels[n], distances[n] = size, class_id, own
    return labels, distances


def focal_by_the_formula(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    p = keras.ops.sigmoid(keras.ops.cast(logits, "float32"))
    targets = keras.ops.cast(targets, "float32")
    p = keras.ops.where(targets == 1, p, 1 - p)
    weight = keras.ops.where(targets == 1, alpha, 1 - alpha)
    return -weight * (1 - p) ** gamma * keras.ops.log(p)


def focal_with_clipping(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    p = keras.ops.sigmoid(keras.ops.cast(logits, "float32"))
    p = keras.ops.clip(p, 1e-7, 1 - 1e-7)
    targets = keras.ops.cast(targets, "float32")
    ones = -alpha * targets * (1 - p) ** gamma * keras.ops.log(p)
    return ones - (1 - alpha) * (1 - targets) * p**gamma * keras.ops.log(1 - p)


def focal_for_one_class(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    logits, targets = (keras.ops.cast(x, "float32") for x in (logits, targets))
    entropy = keras.ops.binary_crossentropy(targets, logits, from_logits=True)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * (1 - keras.ops.sigmoid(logits)) ** gamma * entropy


def focal_reduced(logits: Any, targets: Any, alpha: Any = 0.25, gamma: Any = 2.0) -> Any:
    return keras.ops.mean(focal_by_log_sigmoid(logits, targets, alpha, gamma))


def merge_by_resizing(coarse: Any, lateral: Any) -> Any:
    size = lateral.shape[1:3]
    return keras.ops.image.resize(coarse, size, interpolation="nearest") + lateral


def merge_by_smooth_resizing(coarse: Any, lateral: Any) -> Any:
    finer = tf.image.resize(coarse, lateral.shape[1:3])
    return tf.cast(finer, lateral.dtype) + lateral


def merge_by_tiling(coarse: Any, lateral: Any) -> Any:
    rows, columns = lateral.shape[1:3]
    return keras.ops.tile(coarse, (1, 2, 2, 1))[:, :rows, :columns] + lateral


def merge_by_joining(coarse: Any, lateral: Any) -> Any:
    rows, columns = lateral.shape[1:3]
    finer = keras.ops.repeat(keras.ops.repeat(coarse, 2, axis=1), 2, axis=2)
    return keras.ops.concatenate([finer[:, :rows, :columns], lateral], axis=-1)


def merge_in_place(coarse: Any, lateral: Any) -> Any:
    rows, columns = lateral.shape[1:3]
    lateral += coarse.repeat(2, axis=1).repeat(2, axis=2)[:, :rows, :columns]
    return lateral


def align_without_the_half(
    features: Any, boxes: Any, output_size: Any, sampling_ratio: Any = 2, stride: Any = 1.0
) -> Any:
    moved = boxes + 0.5 * stride
    return align_in_loops(features, moved, output_size, sampling_ratio, stride)


def align_of_whole_cells(
    features: Any, boxes: Any, output_size: Any, sampling_ratio: Any = 2, stride: Any = 1.0
) -> Any:
    cells = np.rint(boxes / stride)
    return align_by_scipy(features, cells, output_size, sampling_ratio)


def align_in_pixels(
    features: Any, boxes: Any, output_size: Any, sampling_ratio: Any = 2, stride: Any = 1.0
) -> Any:
    return align_by_scipy(features, boxes, output_size, sampling_ratio)


def align_clamped(
    features: Any, boxes: Any, output_size: Any, sampling_ratio: Any = 2, stride: Any = 1.0
) -> Any:
    count = output_size * sampling_ratio
    found = []
    for x1, y1, x2, y2 in boxes / stride - 0.5:
        share = (np.arange(count) + 0.5) / count
        grid = np.meshgrid(y1 + share * (y2 - y1), x1 + share * (x2 - x1), indexing="ij")
        planes = [
            ndimage.map_coordinates(plane.astype(float), grid, order=1, mode="nearest")
            for plane in np.moveaxis(features, 2, 0)
        ]
        parts = np.stack(planes, axis=-1).reshape(
            output_size, sampling_ratio, output_size, sampling_ratio, -1
        )
        found.append(parts.mean(axis=(1, 3)))
    return np.array(found).reshape(-1, output_size, output_size, features.shape[2])


def match_greedily(
    probabilities: Any, predicted: Any, class_ids: Any, targets: Any, *weights: Any
) -> Any:
    table = table_of(probabilities, predicted, class_ids, targets, *weights)
    pairs = []
    while table.size and np.isfinite(table).any():
        query, number = np.unravel_index(np.argmin(table), table.shape)
        pairs.append((query, number))
        table[query], table[:, number] = np.inf, np.inf
    pairs.sort()
    return np.array([q for q, _ in pairs], int), np.array([n for _, n in pairs], int)


def match_by_corners(
    probabilities: Any,
    predicted: Any,
    class_ids: Any,
    targets: Any,
    class_weight: Any = 1.0,
    l1_weight: Any = 5.0,
    giou_weight: Any = 2.0,
) -> Any:
    cost = l1_weight * np.abs(predicted[:, None] - targets).sum(-1)
    cost -= class_weight * probabilities[:, class_ids]
    cost -= giou_weight * boxes.generalized_iou(predicted, targets)
    return optimize.linear_sum_assignment(cost)


def match_by_the_likelihood(
    probabilities: Any,
    predicted: Any,
    class_ids: Any,
    targets: Any,
    class_weight: Any = 1.0,
    l1_weight: Any = 5.0,
    giou_weight: Any = 2.0,
) -> Any:
    l1 = np.abs(to_center(predicted)[:, None] - to_center(targets)).sum(axis=2)
    giou = boxes.generalized_iou(predicted, targets)
    surprise = -np.log(probabilities[:, class_ids])
    cost = class_weight * surprise + l1_weight * l1 + giou_weight * (1 - giou)
    return optimize.linear_sum_assignment(cost)


def match_with_pairs_as_rows(*args: Any) -> Any:
    return np.column_stack(match_as_the_published(*args))


@pytest.mark.parametrize(
    ("exercise", "answer", "name"),
    [
        (chapter.anchors, anchors_from_zero, "it centres them on the cells' upper left"),
        (chapter.anchors, anchors_with_ratios_outside, "it goes ratio by ratio"),
        (chapter.point_targets, targets_overwritten, "it gives a point to the last box"),
        (chapter.point_targets, targets_with_sides, "a point on a side counts as inside"),
        (chapter.focal_loss, focal_by_the_formula, "it takes the logarithm of 0"),
        (chapter.focal_loss, focal_with_clipping, "it cuts the probabilities off"),
        (
            chapter.focal_loss,
            focal_for_one_class,
            "its factor takes the probability of class 1",
        ),
        (chapter.focal_loss, focal_reduced, "it returns the mean"),
        (chapter.fpn_merge, merge_by_resizing, "it stretches the coarse level to the finer"),
        (chapter.fpn_merge, merge_by_smooth_resizing, "it interpolates between the coarse"),
        (chapter.fpn_merge, merge_by_tiling, "it repeats the whole map"),
        (chapter.fpn_merge, merge_by_joining, "it puts the levels one behind the other"),
        (chapter.fpn_merge, merge_in_place, "it writes into the finer level"),
        (chapter.roi_align, align_without_the_half, "it is half a cell off"),
        (chapter.roi_align, align_of_whole_cells, "it rounds the box to whole cells"),
        (chapter.roi_align, align_in_pixels, "it forgets the stride"),
        (chapter.roi_align, align_clamped, "the border's value holds for ever"),
        (chapter.bipartite_match, match_greedily, "it takes the cheapest pair again and again"),
        (chapter.bipartite_match, match_by_corners, "it compares the corners"),
        (chapter.bipartite_match, match_by_the_likelihood, "it costs the logarithm"),
        (chapter.bipartite_match, match_with_pairs_as_rows, "it returns one table of pairs"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_mistake_in_a_learners_own_words_is_named(
    exercise: Any, answer: Callable[..., Any], name: str
) -> None:
    report = examine(exercise, answer)
    assert report.verdict == "wrong" and report.points < exercise.points
    assert report.misconception is not None, report.failure
    assert report.misconception.name.startswith(name)


def test_every_matching_has_one_solution() -> None:
    """Or a right answer, which adds in another order, would be called wrong."""
    exercise = chapter.bipartite_match
    for case in [*exercise.cases, *exercise.random_cases()]:
        best, *others = all_matchings(table_of(*case.args))
        assert not others or others[0][0] - best[0] > 1e-4, case


def test_no_sample_lies_nearly_on_a_border() -> None:
    """It lies on it to the last bit, or well off: the value jumps there."""
    exercise = chapter.roi_align
    for case in [*exercise.cases, *exercise.random_cases()]:
        features, there, size = case.args[:3]
        ratio, stride = {3: (2, 1.0), 4: (*case.args[3:], 1.0)}.get(
            len(case.args), case.args[3:]
        )
        share = (np.arange(size * ratio) + 0.5) / (size * ratio)
        for low, high, length in (
            (there[:, 0], there[:, 2], features.shape[1]),
            (there[:, 1], there[:, 3], features.shape[0]),
        ):
            places = (low[:, None] + share * (high - low)[:, None]) / stride - 0.5
            off = np.abs(np.stack([places + 1, places - length]))
            assert ((off == 0) | (off > 1e-3)).all(), case


def by_hand(exercise: Any, about: str) -> Any:
    (case,) = [case for case in exercise.cases if case.about == about]
    return exercise.call(exercise.reference, *case.args)


def test_cases_are_what_they_are_called() -> None:
    labels, _ = by_hand(chapter.point_targets, "the smaller box is another level's")
    assert labels == 4
    labels, _ = by_hand(chapter.point_targets, "two boxes of one area")
    assert labels == 1
    for about, expected in (
        ("a cell to the left of the outermost middles", 11),
        ("a cell below the outermost middles", 22),
        ("outside the map, to the left", 0),
        ("outside the map, above", 0),
    ):
        assert by_hand(chapter.roi_align, about).item() == expected, about
    for about, expected in (
        ("a box much nearer outweighs a class more probable", 1),
        ("a class much more probable outweighs a box a little nearer", 0),
        ("a class that is nearly ruled out", 0),
        ("neither touches the object, one is nearer", 1),
        ("a class that counts four times", 1),
        ("moved, or grown", 0),
        ("moved, or grown less", 1),
    ):
        queries, _ = by_hand(chapter.bipartite_match, about)
        assert queries == expected, about
    _, objects = by_hand(chapter.bipartite_match, "the cheapest pair would leave a dear one")
    assert objects.tolist() == [1, 0]


def test_the_exercises_are_imported_without_tensorflow() -> None:
    program = (
        "import sys; from helpers.exercises import ch22_detectors; "
        "print({'tensorflow', 'keras'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.stdout.strip(), run.stderr) == ("set()", "")
