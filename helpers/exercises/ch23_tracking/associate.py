"""Exercise of chapter 23: which detection belongs to which track?"""

import numpy as np
from scipy import optimize

from helpers import boxes, tracking
from helpers.course.exercise import Case, Exercise, Misconception, Property


def answer_of(pairs, num_tracks, num_detections):
    """Pairs, and what is in none."""
    pairs = np.array(pairs, int).reshape(-1, 2)
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    return (
        pairs,
        np.setdiff1d(np.arange(num_tracks), pairs[:, 0]),
        np.setdiff1d(np.arange(num_detections), pairs[:, 1]),
    )


def assigned(ious):
    return np.stack(optimize.linear_sum_assignment(ious, maximize=True), axis=1)


def closest_first(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs = []
    for place in np.argsort(-ious, axis=None, kind="stable"):
        track, detection = np.unravel_index(place, ious.shape)
        is_free = all(track != t and detection != d for t, d in pairs)
        if is_free and ious[track, detection] >= iou_threshold:
            pairs.append((track, detection))
    return answer_of(pairs, *ious.shape)


def track_by_track(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs, free = [], list(range(len(detections)))
    for track in range(len(tracks)):
        best = max(free, key=lambda d, track=track: ious[track, d], default=None)
        if best is not None and ious[track, best] >= iou_threshold:
            pairs.append((track, best))
            free.remove(best)
    return answer_of(pairs, *ious.shape)


def taken_again_and_again(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs = [
        (track, row.argmax())
        for track, row in enumerate(ious)
        if row.size and row.max() >= iou_threshold
    ]
    return answer_of(pairs, *ious.shape)


def smallest_sum(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs = np.stack(optimize.linear_sum_assignment(ious), axis=1)
    return answer_of(pairs[ious[tuple(pairs.T)] >= iou_threshold], *ious.shape)


def nearest_centers(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    gap = (
        tracks[:, None, :2] + tracks[:, None, 2:] - detections[:, :2] - detections[:, 2:]
    ) / 2
    pairs = np.stack(optimize.linear_sum_assignment(np.hypot(*gap.T).T), axis=1)
    return answer_of(pairs[ious[tuple(pairs.T)] >= iou_threshold], *ious.shape)


def any_pair(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs = assigned(ious)
    return answer_of(pairs[ious[tuple(pairs.T)] > 0], *ious.shape)


def equal_is_too_little(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs = assigned(ious)
    return answer_of(pairs[ious[tuple(pairs.T)] > iou_threshold], *ious.shape)


def dropped_first(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs = assigned(np.where(ious >= iou_threshold, ious, 0))
    return answer_of(pairs[ious[tuple(pairs.T)] >= iou_threshold], *ious.shape)


def lost_on_the_way(tracks, detections, iou_threshold):
    ious = boxes.iou(tracks, detections)
    pairs = assigned(ious)
    _, old, new = answer_of(pairs, *ious.shape)
    return pairs[ious[tuple(pairs.T)] >= iou_threshold], old, new


def detection_first(tracks, detections, iou_threshold):
    pairs, old, new = tracking.associate(tracks, detections, iou_threshold)
    return pairs[:, ::-1], old, new


def unmatched_turned_round(tracks, detections, iou_threshold):
    pairs, old, new = tracking.associate(tracks, detections, iou_threshold)
    return pairs, new, old


def by_detection(tracks, detections, iou_threshold):
    pairs, old, new = tracking.associate(tracks, detections, iou_threshold)
    return pairs[np.argsort(pairs[:, 1])], old, new


def draw_case(rng):
    num_objects = int(rng.integers(1, 5))
    corner = rng.integers(0, 8, (num_objects, 2)) + rng.random((num_objects, 2)).round(2)
    tracks = np.concatenate([corner, corner + rng.integers(3, 10, (num_objects, 2))], axis=1)
    moved = tracks + rng.normal(0, 1, (num_objects, 1)).round(2)
    is_seen = rng.random(num_objects) < 0.85
    threshold = float(rng.choice([0.1, 0.3, 0.5]))
    return tracks, rng.permutation(moved[is_seen]).reshape(-1, 4), threshold


def in_a_row(*places, width=10):
    """Boxes of one height that differ in where they begin."""
    return np.array([[x, 0, x + width, 10] for x in places], float).reshape(-1, 4)


NONE = np.zeros((0, 4))

associate = Exercise(
    reference=tracking.associate,
    chapter="23_tracking",
    task=(
        "Pair tracks and detections so that the sum of their IoUs is largest; then drop the pairs "
        "below the threshold, and tell which tracks and detections are in none."
    ),
    minutes=8,
    difficulty=2,
    points=3,
    cases=[
        Case("neither tracks nor detections", (NONE, NONE, 0.3)),
        Case("no detections", (in_a_row(0, 20), NONE, 0.3)),
        Case("no tracks", (NONE, in_a_row(0, 20), 0.3)),
        Case("one track and its detection", (in_a_row(0), in_a_row(1), 0.3)),
        Case("one track, and a detection elsewhere", (in_a_row(0), in_a_row(20), 0.3)),
        Case("a detection that overlaps too little", (in_a_row(0), in_a_row(8), 0.3)),
        Case(
            "an IoU equal to the threshold",
            (in_a_row(0), in_a_row(0, width=5), 0.5),
        ),
        Case("two tracks, detected in another order", (in_a_row(0, 20), in_a_row(21, 1), 0.3)),
        Case("more detections than tracks", (in_a_row(20), in_a_row(50, 21, 1), 0.3)),
        Case("more tracks than detections", (in_a_row(0, 20, 50), in_a_row(21), 0.3)),
        Case(
            "the closest pair would leave another apart", (in_a_row(0, 4), in_a_row(3, 9), 0.1)
        ),
        Case("the first track would take the second's", (in_a_row(0, 3), in_a_row(2, -3), 0.1)),
        Case(
            "the closest pair outweighs two others",
            (in_a_row(0, 4), in_a_row(3, 10), 0.1),
        ),
        Case(
            "two pairs too far apart outweigh a near one",
            (in_a_row(0, 9), in_a_row(5.5, 14.5), 0.3),
        ),
        Case(
            "the box with the nearest centre is much smaller",
            (in_a_row(0, 30), np.array([[4.0, 4, 6, 6], [2, 0, 12, 10]]), 0.3),
        ),
        Case(
            "whole numbers",
            (np.array([[0, 0, 10, 10]]), np.array([[30, 0, 40, 10], [0, 2, 10, 12]]), 0.3),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "no track and no detection comes twice",
            lambda args, got: all(
                len(np.unique(column)) == len(column) for column in got[0].reshape(-1, 2).T
            ),
        ),
        Property(
            "each track is in a pair or among those without one",
            lambda args, got: sorted([*got[0][:, 0], *got[1]]) == list(range(len(args[0]))),
        ),
        Property(
            "each detection is in a pair or among those without one",
            lambda args, got: sorted([*got[0][:, 1], *got[2]]) == list(range(len(args[1]))),
        ),
    ],
    hints=(
        "Make the table of all IoUs first. To take the largest one again and again is not best: "
        "which function of SciPy solves the assignment as a whole?",
        "`optimize.linear_sum_assignment(ious, maximize=True)` gives rows and columns. It pairs "
        "as many as it can, even where the IoU is 0: keep the pairs at or above the threshold. "
        "What is in none of *these* is unmatched: `np.setdiff1d`.",
        "`ious = boxes.iou(tracks, detections)`; `rows, columns = "
        "optimize.linear_sum_assignment(ious, maximize=True)`; `pairs = np.stack([rows, columns], "
        "axis=1)[ious[rows, columns] >= iou_threshold]`; then "
        "`np.setdiff1d(np.arange(len(tracks)), pairs[:, 0])`, and the same for the detections "
        "with `pairs[:, 1]`.",
    ),
    misconceptions=[
        Misconception(
            "it takes the closest pair again and again",
            closest_first,
            "A greedy choice may leave the others with nothing near. The Hungarian method makes "
            "the sum of all IoUs as large as it can be.",
        ),
        Misconception(
            "each track takes in turn what is best for it",
            track_by_track,
            "Then the order of the tracks decides, and the first may take what another needs. "
            "Choose all pairs together.",
        ),
        Misconception(
            "two tracks take one detection",
            taken_again_and_again,
            "Each track looks for itself only. One detection cannot be two objects: that is what "
            "the assignment is for.",
        ),
        Misconception(
            "it makes the sum of the IoUs as small as possible",
            smallest_sum,
            "`linear_sum_assignment` looks for the lowest cost, unless told `maximize=True`, or "
            "given the negated IoUs.",
        ),
        Misconception(
            "it pairs by the distance of the centres",
            nearest_centers,
            "Then a small box inside a large one is a perfect match. The docstring asks for the "
            "IoU.",
        ),
        Misconception(
            "any overlap is enough",
            any_pair,
            "`iou_threshold` has no influence. What barely touches is another object.",
        ),
        Misconception(
            "an IoU equal to the threshold is not enough",
            equal_is_too_little,
            "At the threshold a pair stays: `>=`. SORT removes what is below.",
        ),
        Misconception(
            "it drops what overlaps too little before the assignment",
            dropped_first,
            "That is a good idea, and newer trackers do it. SORT drops such pairs afterwards, and "
            "so they can keep their members from others.",
        ),
        Misconception(
            "what was paired and dropped is neither matched nor unmatched",
            lost_on_the_way,
            "A detection whose pair was dropped must start a track, and its track is lost. Look "
            "for what is in no pair *after* the threshold.",
        ),
        Misconception(
            "the detection comes first in a pair",
            detection_first,
            "The right pairs, turned round: first the index of the track, then the detection's.",
        ),
        Misconception(
            "the unmatched detections come before the tracks",
            unmatched_turned_round,
            "Pairs, then the tracks without a detection, then the detections without a track.",
        ),
        Misconception(
            "its pairs are sorted by detection",
            by_detection,
            "The right pairs, but in the order of the detections. Sort them by track: with the "
            "tracks as rows, SciPy gives them so.",
        ),
    ],
)
