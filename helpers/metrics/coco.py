"""COCO's twelve figures for boxes."""

import itertools

import numpy as np

from helpers.boxes.overlaps import areas_of
from helpers.metrics.annotations import Detections, GroundTruth, number_ids
from helpers.metrics.coco_matching import match_by_rank, overlapping_pairs
from helpers.metrics.detection import average_precision, precision_recall

# To the last bit pycocotools'.
IOU_THRESHOLDS = np.linspace(0.5, 0.95, 10)
AREA_RANGES = ((0, 1e5**2), (0, 32**2), (32**2, 96**2), (96**2, 1e5**2))  # all, s, m, l
MAX_DETECTIONS = (1, 10, 100)


def coco_metrics(
    detections: Detections,
    truth: GroundTruth,
    image_ids: np.ndarray | None = None,
    class_ids: np.ndarray | None = None,
) -> dict[str, float]:
    """COCO's twelve figures: average precision and recall at several IoUs, sizes and counts.

    In each image and class the 100 detections with the highest scores take part. At each of the
    IoU thresholds 0.5, 0.55, ... 0.95 they are matched as in `match_detections`. A crowd, and an
    object out of the range of areas in question, is ignored: it is taken only by a detection for
    which no other is left, and this detection counts neither way. A crowd can be taken again and
    again, and its IoU is the share of the detection that lies in it. A detection that found
    nothing and is itself out of the range counts neither way either.

    Args:
        detections: what was found.
        truth: what is there. `is_difficult` does not matter.
        image_ids, class_ids: if given, the ids that there are, whole numbers or text, (n,): any
            other in detections or truth is an error. They change nothing else: an image without
            objects matters by its detections alone.

    Returns:
        Each figure by its name, from 0 to 1; NaN where there is no object that counts, for which
        pycocotools has -1. All are means over the classes that have such objects.

        - "AP": average precision, method "coco", averaged over the thresholds. "AP50", "AP75": at
          the threshold 0.5 or 0.75 alone. "APs", "APm", "APl": over the thresholds, for objects
          with an area up to 32**2, from 32**2 to 96**2, and from 96**2 on; areas above 1e10 are
          in no range.
        - "AR1", "AR10", "AR100": the recall of the 1, 10 or 100 best detections of each image and
          class, averaged over the thresholds. "ARs", "ARm", "ARl": with 100, by area.

        Equal to pycocotools' `COCOeval` for "bbox" but for rounding: of x1 + width, which
        pycocotools takes in place of x2, and in the last bits of the means. Of equal scores,
        those in the image with the lower id come first, and in an image those with the lower
        index.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> there = np.array([[0, 0, 10, 10], [20, 0, 30, 10]])
    >>> truth = GroundTruth(np.array([1, 1]), np.array(["cat", "cat"]), there)
    >>> found = Detections(truth.image_ids, truth.class_ids, there + [[0], [1]], np.ones(2))
    >>> coco = coco_metrics(found, truth)
    >>> " ".join(f"{name} {coco[name]:.3f}" for name in ("AP", "AP50", "APm", "AR1", "AR100"))
    'AP 0.703 AP50 1.000 APm nan AR1 0.500 AR100 0.700'
    """
    classes, image, found_class, truth_image, truth_class = number_ids(
        detections, truth, image_ids, class_ids
    )
    num_images = 1 + max(image.max(initial=0), truth_image.max(initial=0))
    # By class, image and falling score; the sort is stable, so equal scores keep their order.
    order = np.lexsort((-detections.scores, image, found_class))
    group = (found_class * num_images + image)[order]
    rank = np.arange(len(group)) - np.searchsorted(group, group)
    takes_part = rank < max(MAX_DETECTIONS)
    order, group, rank = order[takes_part], group[takes_part], rank[takes_part]
    boxes = detections.boxes[order].astype(np.float64)

    truth_group = truth_class * num_images + truth_image
    truth_order = np.argsort(truth_group, kind="stable")
    is_crowd, truth_areas = truth.is_crowd[truth_order], truth.areas[truth_order]
    low, high = np.array(AREA_RANGES).T[:, :, None]
    is_ignored = is_crowd | (truth_areas < low) | (truth_areas > high)
    pairs = overlapping_pairs(
        boxes,
        group,
        truth.boxes[truth_order].astype(np.float64),
        truth_group[truth_order],
        is_crowd,
        IOU_THRESHOLDS[0],
    )
    is_matched, on_ignored = match_by_rank(pairs, rank, IOU_THRESHOLDS, is_ignored, is_crowd)
    areas = areas_of(boxes)
    is_outside = ((areas < low) | (areas > high))[:, None]
    counts = ~np.where(is_matched, on_ignored, is_outside)

    return _summary(
        *_per_class(
            is_matched,
            counts,
            rank,
            detections.scores[order],
            np.searchsorted(found_class[order], np.arange(len(classes) + 1)),
            is_ignored,
            np.searchsorted(truth_class[truth_order], np.arange(len(classes) + 1)),
        )
    )


def _per_class(
    is_matched: np.ndarray,
    counts: np.ndarray,
    rank: np.ndarray,
    scores: np.ndarray,
    edges: np.ndarray,
    is_ignored: np.ndarray,
    truth_edges: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Average precision and recall of each class, NaN where nothing counts.

    Detections and objects come by class, then by image; class number k has the detections from
    edges[k] and the objects from truth_edges[k] to the next edge.

    Returns:
        (classes, areas, thresholds), and (classes, areas, thresholds, maxima).
    """
    shape = (len(edges) - 1, *is_matched.shape[:2])
    precision, recall = np.full(shape, np.nan), np.full((*shape, len(MAX_DETECTIONS)), np.nan)
    for number in range(shape[0]):
        # All images of the class together; equal scores keep the order of the images.
        first, stop = edges[number], edges[number + 1]
        here = first + np.argsort(-scores[first:stop], kind="stable")
        objects = slice(truth_edges[number], truth_edges[number + 1])
        num_truth = np.count_nonzero(~is_ignored[:, objects], axis=1)
        for area, level in itertools.product(np.flatnonzero(num_truth), range(shape[2])):
            is_counted = counts[area, level, here]
            is_hit = is_matched[area, level, here] & is_counted
            curve = precision_recall(is_hit[is_counted], int(num_truth[area]))
            precision[number, area, level] = average_precision(*curve, "coco")
            rank_of_hits = rank[here[is_hit]]
            num_hits = [np.count_nonzero(rank_of_hits < most) for most in MAX_DETECTIONS]
            recall[number, area, level] = num_hits / num_truth[area]
    return precision, recall


def _summary(precision: np.ndarray, recall: np.ndarray) -> dict[str, float]:
    """The twelve figures, from (classes, areas, thresholds) and the same with maxima behind."""
    figures = {"AP": precision[:, 0]}
    figures |= {f"AP{percent}": precision[:, 0, level] for percent, level in ((50, 0), (75, 5))}
    figures |= {f"AP{name}": precision[:, 1 + place] for place, name in enumerate("sml")}
    figures |= {
        f"AR{maximum}": recall[:, 0, :, place] for place, maximum in enumerate(MAX_DETECTIONS)
    }
    figures |= {f"AR{name}": recall[:, 1 + place, :, -1] for place, name in enumerate("sml")}
    return {name: _mean(values[~np.isnan(values)]) for name, values in figures.items()}


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else float("nan")
