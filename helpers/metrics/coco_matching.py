"""COCO's matches at all thresholds and for all ranges of areas at once.

`match_detections` is the rule for one image, class and threshold, where nothing is ignored. COCO
would call it some hundred thousand times. Here the best detections of all images and classes are
matched in one step, then all the second best, and so on.
"""

import itertools
from collections.abc import Iterator

import numpy as np

from helpers.boxes.overlaps import iou_of

PAIRS_AT_ONCE = 1_000_000  # bounds the memory: each takes a few hundred bytes


def overlapping_pairs(
    boxes: np.ndarray,
    group: np.ndarray,
    truth_boxes: np.ndarray,
    truth_group: np.ndarray,
    is_crowd: np.ndarray,
    min_iou: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs of a detection and an object of one group whose IoU is at least `min_iou`.

    Args:
        boxes, group: of the detections, float64 (n, 4) and int64 (n,).
        truth_boxes, truth_group, is_crowd: of the objects, (m, 4), (m,) and (m,), sorted by group.
        min_iou: above 0.

    Returns:
        The number of each pair's detection, rising; of its object; and its IoU.
    """
    start = np.searchsorted(truth_group, group, side="left")
    stop = np.searchsorted(truth_group, group, side="right")
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    for some in _portions(stop - start):
        count = (stop - start)[some]
        detection = np.repeat(some, count)
        # Within each detection's run, 0, 1, 2 ... from the first object of its group on.
        within = np.arange(len(detection)) - np.repeat(np.cumsum(count) - count, count)
        target = start[detection] + within
        iou = iou_of(boxes[detection], truth_boxes[target], over_a=is_crowd[target])
        is_close = iou >= min_iou
        found.append((detection[is_close], target[is_close], iou[is_close]))
    detections, targets, ious = (np.concatenate(each) for each in zip(*found, strict=True))
    return detections, targets, ious


def _portions(counts: np.ndarray) -> Iterator[np.ndarray]:
    """All indices in turn, in portions whose counts have a bounded sum, or of one index."""
    total = np.cumsum(counts)
    first = 0
    while first < len(counts):
        before = total[first] - counts[first]
        last = np.searchsorted(total, before + PAIRS_AT_ONCE, side="right")
        stop = max(first + 1, int(last))
        yield np.arange(first, stop)
        first = stop


def match_by_rank(
    pairs: tuple[np.ndarray, np.ndarray, np.ndarray],
    rank: np.ndarray,
    thresholds: np.ndarray,
    is_ignored: np.ndarray,
    is_crowd: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Match detections to objects by COCO's rules.

    Args:
        pairs: as `overlapping_pairs` gives them; all that reach the lowest threshold.
        rank: the place of each detection in its group by falling score, from 0 on, (n,).
        thresholds: the IoUs that make a match, (thresholds,).
        is_ignored: which objects are ignored for each range of areas, (areas, m).
        is_crowd: which objects can be taken again and again, (m,).

    Returns:
        Whether each detection took an object, and whether an ignored one: booleans, (areas,
        thresholds, n) each.
    """
    detection, target, iou = pairs
    # By rank; within a detection the best object last, and of equal ones the last in the truth.
    order = np.lexsort((target, iou, detection, rank[detection]))
    detection, target, iou = detection[order], target[order], iou[order]
    shape = (len(is_ignored), len(thresholds))
    is_taken = np.zeros((*shape, len(is_crowd)), bool)
    is_matched = np.zeros((*shape, len(rank)), bool)
    on_ignored = np.zeros((*shape, len(rank)), bool)
    edges = np.searchsorted(rank[detection], np.arange(rank.max(initial=-1) + 2))
    for begin, end in itertools.pairwise(edges):
        if begin == end:
            continue
        target_now, size = target[begin:end], end - begin
        of_detection, first = np.unique(detection[begin:end], return_index=True)
        is_open = ~is_taken[..., target_now] | is_crowd[target_now]
        is_open &= iou[begin:end] >= thresholds[:, None]
        # An object that counts goes before all that are ignored, however well they overlap.
        worth = np.arange(size) + np.where(is_ignored[:, None, target_now], 0, size)
        best = np.maximum.reduceat(np.where(is_open, worth, -1), first, axis=-1)
        areas, levels, place = np.nonzero(best >= 0)
        chosen = target_now[best[areas, levels, place] % size]
        is_taken[areas, levels, chosen] = True
        is_matched[areas, levels, of_detection[place]] = True
        on_ignored[areas, levels, of_detection[place]] = is_ignored[areas, chosen]
    return is_matched, on_ignored
