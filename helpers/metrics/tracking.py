"""How good a tracker is: CLEAR MOT, which counts errors, and IDF1, which asks who is who."""

import numpy as np
from scipy import optimize

from helpers import validate
from helpers.metrics.tracks import Tracks, by_frame, number_tracks

MISSED, ABSENT = -1, -2


def mota(matched: np.ndarray, num_predicted: int) -> dict[str, float]:
    """Multiple object tracking accuracy, and the errors that it counts.

    Args:
        matched: signed whole numbers, (frames, objects): the number of the track that the object
            was matched with in the frame, from 0 on; -1 where the object is there but was missed,
            -2 where it is not in the frame.
        num_predicted: how many boxes the tracker predicted in all frames together, those that
            were matched with an object and those that were not.

    Returns:
        - "FN", false negatives: how often an object was there and was missed.
        - "FP", false positives: how many predicted boxes were matched with no object.
        - "IDSW", identity switches: how often an object was matched with another track than when
          it was matched last, however long ago.
        - "MOTA": 1 less the share of all three together in the objects' boxes that there are; at
          most 1, and below 0 where there are more errors than boxes. NaN where there are no
          objects.

        Bernardin and Stiefelhagen (2008).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> mota(np.array([[0, 1], [0, -1], [2, 1], [2, 1]]), num_predicted=8)
    {'MOTA': 0.625, 'FN': 1, 'FP': 1, 'IDSW': 1}
    """
    validate.matched_tracks(matched, num_predicted)
    num_truth = int(np.count_nonzero(matched != -2))
    num_matches = int(np.count_nonzero(matched >= 0))
    num_missed = num_truth - num_matches
    num_false = num_predicted - num_matches
    num_switches = 0
    for tracks in matched.T:  # of one object, as time goes
        tracks = tracks[tracks >= 0]  # a gap does not make it forget
        num_switches += int(np.count_nonzero(tracks[1:] != tracks[:-1]))
    num_errors = num_missed + num_false + num_switches
    return {
        "MOTA": 1 - num_errors / num_truth if num_truth else float("nan"),
        "FN": num_missed,
        "FP": num_false,
        "IDSW": num_switches,
    }


def clear_mot(truth: Tracks, predicted: Tracks, iou_threshold: float = 0.5) -> dict[str, float]:
    """The CLEAR MOT metrics of a video (Bernardin and Stiefelhagen, 2008).

    Frame by frame, an object keeps the track with which it was matched last, if their IoU is at
    least the threshold; of two objects that lay claim to one track, it is the one whose row comes
    first. The others are matched so that there are as many matches as possible, and of these
    choices so that the sum of the IoUs is largest.

    Args:
        truth: what moves there.
        predicted: what the tracker followed.
        iou_threshold: the least IoU of a match, above 0, at most 1.

    Returns:
        "MOTA", "FN", "FP" and "IDSW" as `mota` gives them; besides

        - "MOTP", the precision: the mean IoU of the matches, from the threshold to 1. NaN without
          matches.
        - "Frag", fragmentations: how often an object was missed, after it was matched and before
          it was matched again, in one frame or in several in a row.

        Equal to motmetrics, whose MOTP is the mean of 1 less the IoU, and whose MOTA without
        objects is -inf. TrackEval differs in rare cases: there an object has a claim only to the
        track of the frame before, and the sum of the IoUs matters more than the number of
        matches.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frames, boxes = np.arange(4), np.tile([0, 0, 10, 10], (4, 1))
    >>> truth = Tracks(frames, np.zeros(4, int), boxes)
    >>> predicted = Tracks(frames, np.array([1, 1, 2, 2]), boxes)
    >>> clear_mot(truth, predicted)
    {'MOTA': 0.75, 'FN': 0, 'FP': 0, 'IDSW': 1, 'MOTP': 1.0, 'Frag': 0}
    """
    _check_threshold(iou_threshold)
    num_objects = number_tracks(truth)[1]
    last = np.full(num_objects, MISSED)  # the track with which each was matched last
    rows, ious_of_matches = [], []
    for objects, tracks, ious in by_frame(truth, predicted):
        places, columns = _match(ious, tracks == last[objects][:, None], iou_threshold)
        last[objects[places]] = tracks[columns]
        ious_of_matches.append(ious[places, columns])
        row = np.full(num_objects, ABSENT)
        row[objects] = MISSED
        row[objects[places]] = tracks[columns]
        rows.append(row)
    matched = np.array(rows, np.int64).reshape(len(rows), num_objects)
    matched_ious = np.concatenate([np.zeros(0), *ious_of_matches])
    return {
        **mota(matched, len(predicted)),
        "MOTP": float(matched_ious.mean()) if matched_ious.size else float("nan"),
        "Frag": _num_fragmentations(matched),
    }


def identity_f1(
    truth: Tracks, predicted: Tracks, iou_threshold: float = 0.5
) -> dict[str, float]:
    """For how long each object was followed by one and the same track.

    Each object is given one track at most, for the whole video, and each track to one object at
    most, so that as many boxes as possible are right: those of an object and its track that are
    in the same frame and whose IoU is at least the threshold (Ristani, Solera, Zou, Cucchiara and
    Tomasi, 2016).

    Args:
        truth: what moves there.
        predicted: what the tracker followed.
        iou_threshold: above 0, at most 1.

    Returns:
        - "IDP": the share of the predicted boxes that are right; NaN without any.
        - "IDR": the share of the objects' boxes that are found by them; NaN without any.
        - "IDF1": twice the right ones, by both kinds of boxes together; NaN without either.
        - "IDTP", "IDFP", "IDFN": how many boxes are right, how many others were predicted, and
          how many of the objects' others there are.

        All three shares are from 0 to 1; larger is better. Equal to motmetrics and TrackEval,
        which has 0 in place of NaN.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frames, boxes = np.arange(4), np.tile([0, 0, 10, 10], (4, 1))
    >>> truth = Tracks(frames, np.zeros(4, int), boxes)
    >>> predicted = Tracks(frames, np.array([1, 1, 1, 2]), boxes)
    >>> identity_f1(truth, predicted)
    {'IDF1': 0.75, 'IDP': 0.75, 'IDR': 0.75, 'IDTP': 3, 'IDFP': 1, 'IDFN': 1}
    """
    _check_threshold(iou_threshold)
    # In how many frames each object and track are close.
    num_close = np.zeros((number_tracks(truth)[1], number_tracks(predicted)[1]), np.int64)
    for objects, tracks, ious in by_frame(truth, predicted):
        num_close[np.ix_(objects, tracks)] += ious >= iou_threshold
    num_right = int(num_close[optimize.linear_sum_assignment(num_close, maximize=True)].sum())
    return {
        "IDF1": _share(2 * num_right, len(truth) + len(predicted)),
        "IDP": _share(num_right, len(predicted)),
        "IDR": _share(num_right, len(truth)),
        "IDTP": num_right,
        "IDFP": len(predicted) - num_right,
        "IDFN": len(truth) - num_right,
    }


def _match(
    ious: np.ndarray, is_claimed: np.ndarray, iou_threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """The matches of a frame: places of objects and of tracks, (matches,) each."""
    is_possible = ious >= iou_threshold
    kept = []
    for place, column in np.argwhere(is_claimed & is_possible):
        if is_possible[place, column]:  # no other object has taken it
            kept.append((place, column))
            is_possible[place] = is_possible[:, column] = False
    # An impossible pair costs more than all possible ones together, so that it is taken only
    # where no other is left.
    cost = np.where(is_possible, 1 - ious, 2 * min(ious.shape) + 1)
    places, columns = optimize.linear_sum_assignment(cost)
    is_match = is_possible[places, columns]
    new = np.stack([places, columns], axis=1)[is_match]
    return tuple(np.concatenate([np.array(kept, np.int64).reshape(-1, 2), new]).T)


def _num_fragmentations(matched: np.ndarray) -> int:
    """How many times objects were missed between two of their matches."""
    count = 0
    for tracks in matched.T:
        is_matched = tracks[tracks != ABSENT] >= 0
        num_runs = int(np.count_nonzero(np.diff(is_matched, prepend=False) & is_matched))
        count += max(num_runs - 1, 0)
    return count


def _check_threshold(iou_threshold: float) -> None:
    validate.positive(iou_threshold=iou_threshold)
    validate.fraction(iou_threshold=iou_threshold)


def _share(part: float, whole: int) -> float:
    return part / whole if whole else float("nan")
