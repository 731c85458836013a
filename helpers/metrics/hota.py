"""HOTA: how well a tracker detects, and how well it associates, in equal parts."""

import numpy as np
from scipy import optimize

from helpers.metrics.tracks import Tracks, by_frame, number_tracks

ALPHAS = np.arange(0.05, 0.99, 0.05)  # to the last bit TrackEval's


def hota(truth: Tracks, predicted: Tracks) -> dict[str, float]:
    """Higher order tracking accuracy (Luiten, Osep, Dendorfer, Torr et al., IJCV 2021).

    In each frame objects and tracks are matched once, so that the sum of their IoUs is largest,
    each multiplied by how well object and track are aligned over the whole video. For each of
    the IoUs 0.05, 0.1, ... 0.95, called alpha, the matches with at least this IoU count.

    Args:
        truth: what moves there.
        predicted: what the tracker followed.

    Returns:
        Each the mean over alpha, from 0 to 1; larger is better:

        - "DetA": matches, by matches, objects' boxes without a match and predicted boxes without
          one together.
        - "AssA": the mean over the matches of this share: of the boxes that its object or its
          track has, those in which the two are matched.
        - "HOTA": at each alpha the geometric mean of these two.
        - "LocA": the mean IoU of the matches.

        Equal to TrackEval: at an alpha without matches AssA is 0 and LocA 1. Where there are
        neither objects nor tracks, all are NaN, but TrackEval's are 0 and LocA 1.

    >>> frames, boxes = np.arange(4), np.tile([0, 0, 10, 10], (4, 1))
    >>> truth = Tracks(frames, np.zeros(4, int), boxes)
    >>> hota(truth, Tracks(frames, np.array([1, 1, 2, 2]), boxes))
    {'HOTA': 0.7071067811865476, 'DetA': 1.0, 'AssA': 0.5, 'LocA': 1.0}
    """
    if not len(truth) and not len(predicted):
        return dict.fromkeys(("HOTA", "DetA", "AssA", "LocA"), float("nan"))
    (objects, num_objects), (tracks, num_tracks) = (
        number_tracks(truth),
        number_tracks(predicted),
    )
    # The boxes of each object, and those of each track, (objects, 1) and (tracks,).
    size = np.bincount(objects, minlength=num_objects)[:, None]
    track_size = np.bincount(tracks, minlength=num_tracks)
    frames = list(by_frame(truth, predicted))
    alignment = _alignment(frames, size, track_size)

    num_matches = np.zeros((len(ALPHAS), num_objects, num_tracks))
    sum_of_ious = np.zeros(len(ALPHAS))
    for objects, tracks, ious in frames:
        rows, columns = optimize.linear_sum_assignment(
            alignment[np.ix_(objects, tracks)] * ious, maximize=True
        )
        reached = ious[rows, columns]
        # An alpha may be the next number above a decimal: 0.15000000000000002.
        is_match = reached >= ALPHAS[:, None] - np.finfo(float).eps  # (alphas, pairs)
        num_matches[:, objects[rows], tracks[columns]] += is_match
        sum_of_ious += (reached * is_match).sum(axis=1)

    total = num_matches.sum(axis=(1, 2))
    detection = total / (len(truth) + len(predicted) - total)
    # Each match counts once, with the share of its pair.
    share = num_matches / (size + track_size - num_matches)
    association = (num_matches * share).sum(axis=(1, 2)) / np.maximum(total, 1)
    location = np.where(total > 0, sum_of_ious / np.maximum(total, 1), 1)
    return {
        "HOTA": float(np.sqrt(detection * association).mean()),
        "DetA": float(detection.mean()),
        "AssA": float(association.mean()),
        "LocA": float(location.mean()),
    }


def _alignment(
    frames: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
    size: np.ndarray,
    track_size: np.ndarray,
) -> np.ndarray:
    """How well each object fits each track over the whole video, from 0 to 1.

    In a frame they fit by their IoU, of which the IoUs that either has with others take a part.
    """
    fit = np.zeros((len(size), len(track_size)))
    for objects, tracks, ious in frames:
        whole = ious.sum(axis=1, keepdims=True) + ious.sum(axis=0) - ious
        # As in TrackEval, what is next to nothing is nothing.
        is_something = whole > np.finfo(float).eps
        fit[np.ix_(objects, tracks)] += np.divide(
            ious, whole, out=np.zeros_like(ious), where=is_something
        )
    return fit / (size + track_size - fit)
