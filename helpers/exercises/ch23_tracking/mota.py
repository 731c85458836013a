"""Exercise of chapter 23: the errors of a tracker, and one number for them."""

import numpy as np

from helpers import metrics
from helpers.course.exercise import Case, Exercise, Misconception, Property


def switches_of(tracks):
    tracks = tracks[tracks >= 0]
    return int(np.count_nonzero(tracks[1:] != tracks[:-1]))


def counted(matched, num_predicted, switches, num_truth=None, num_matches=None):
    """Right but for the switches and, where given, for one of the two counts."""
    truth = int(np.count_nonzero(matched != -2)) if num_truth is None else num_truth
    matches = int(np.count_nonzero(matched >= 0)) if num_matches is None else num_matches
    missed, false = truth - matches, num_predicted - matches
    errors = missed + false + switches
    return {
        "MOTA": 1 - errors / truth if truth else float("nan"),
        "FN": missed,
        "FP": false,
        "IDSW": switches,
    }


def all_switches(matched):
    return sum(switches_of(tracks) for tracks in matched.T)


def with_another_mota(change):
    def answer(matched, num_predicted):
        result = metrics.mota(matched, num_predicted)
        result["MOTA"] = change(result, matched, num_predicted)
        return result

    return answer


def a_gap_makes_it_forget(matched, num_predicted):
    before, after = matched[:-1], matched[1:]
    is_switch = (before != after) & (before >= 0) & (after >= 0)
    return counted(matched, num_predicted, int(is_switch.sum()))


def missed_is_a_switch(matched, num_predicted):
    before, after = matched[:-1], matched[1:]
    is_switch = (before != after) & (before != -2) & (after != -2)
    return counted(matched, num_predicted, int(is_switch.sum()))


def any_change_is_a_switch(matched, num_predicted):
    is_switch = matched[1:] != matched[:-1]
    return counted(matched, num_predicted, int(is_switch.sum()))


def return_is_no_switch(matched, num_predicted):
    switches = 0
    for tracks in matched.T:
        seen = []
        for track in tracks[tracks >= 0]:
            if track not in seen:
                switches += bool(seen)
                seen.append(track)
    return counted(matched, num_predicted, switches)


def whole_time_on_the_wrong_track(matched, num_predicted):
    switches = 0
    for tracks in matched.T:
        tracks = tracks[tracks >= 0]
        switches += int(np.count_nonzero(tracks != tracks[0])) if tracks.size else 0
    return counted(matched, num_predicted, switches)


def first_match_is_a_switch(matched, num_predicted):
    num_matched = int((matched >= 0).any(axis=0).sum())
    return counted(matched, num_predicted, all_switches(matched) + num_matched)


def one_an_object(matched, num_predicted):
    return counted(matched, num_predicted, sum(switches_of(tracks) > 0 for tracks in matched.T))


def seen_from_the_tracks(matched, num_predicted):
    switches = 0
    for track in np.unique(matched[matched >= 0]):
        _, objects = np.nonzero(matched == track)
        switches += int(np.count_nonzero(objects[1:] != objects[:-1]))
    return counted(matched, num_predicted, switches)


def absent_is_missed(matched, num_predicted):
    return counted(matched, num_predicted, all_switches(matched), num_truth=matched.size)


def track_0_is_missed(matched, num_predicted):
    hidden = np.where(matched == 0, -1, matched)
    return counted(hidden, num_predicted, all_switches(hidden))


def of_the_predicted(result, matched, num_predicted):
    errors = result["FN"] + result["FP"] + result["IDSW"]
    return 1 - errors / num_predicted if num_predicted else float("nan")


def never_below_0(result, matched, num_predicted):
    return result["MOTA"] if np.isnan(result["MOTA"]) else max(result["MOTA"], 0.0)


def mean_of_the_frames(result, matched, num_predicted):
    num_truth = (matched != -2).sum(axis=1)
    num_missed = (matched == -1).sum(axis=1)
    if not num_truth.any():
        return float("nan")
    others = (result["FP"] + result["IDSW"]) / num_truth.sum()
    is_there = num_truth > 0
    return float(1 - np.mean(num_missed[is_there] / num_truth[is_there]) - others)


def nothing_there_is_0(result, matched, num_predicted):
    return 0.0 if np.isnan(result["MOTA"]) else result["MOTA"]


def share_of(*names):
    def change(result, matched, num_predicted):
        num_truth = np.count_nonzero(matched != -2)
        errors = sum(result[name] for name in names)
        return 1 - errors / num_truth if num_truth else float("nan")

    return change


def errors_in_all(result, matched, num_predicted):
    return 1 - result["MOTA"]


def draw_case(rng):
    num_frames, num_objects = int(rng.integers(1, 8)), int(rng.integers(1, 4))
    usual = rng.permutation(6)[:num_objects]
    rows = []
    for _ in range(num_frames):
        if rng.random() < 0.3:
            usual = rng.permutation(6)[:num_objects]
        row = np.where(rng.random(num_objects) < 0.2, -1, usual)
        rows.append(np.where(rng.random(num_objects) < 0.15, -2, row))
    matched = np.array(rows, np.int64)
    return matched, int(np.count_nonzero(matched >= 0) + rng.integers(0, 4))


def table(*columns):
    """One column an object."""
    return np.array(columns, np.int64).T


mota = Exercise(
    reference=metrics.mota,
    chapter="23_tracking",
    task=(
        "From the tracks with which each object was matched, frame by frame, count the missed, "
        "the false and the identity switches, and return them and MOTA."
    ),
    minutes=12,
    difficulty=2,
    points=4,
    cases=[
        Case("no frames, nothing predicted", (np.zeros((0, 0), np.int64), 0)),
        Case("no objects, two boxes predicted", (np.zeros((3, 0), np.int64), 2)),
        Case("one object, in no frame", (table([-2, -2]), 0)),
        Case("one object, never found", (table([-1, -1]), 0)),
        Case("one object, followed throughout", (table([4, 4, 4]), 3)),
        Case("by track 0", (table([0, 0, 0]), 3)),
        Case("one object, another track halfway", (table([4, 4, 7, 7, 7]), 5)),
        Case("and back", (table([4, 7, 4]), 3)),
        Case("missed for a frame, then the same track", (table([4, -1, 4]), 2)),
        Case("missed for a frame, then another track", (table([4, -1, 7]), 2)),
        Case("absent for a frame, then another track", (table([4, -2, 7]), 2)),
        Case("absent at first", (table([-2, 4, 4]), 2)),
        Case("two objects that exchange their tracks", (table([1, 1, 2, 2], [2, 2, 1, 1]), 8)),
        Case("a track that goes on with another object", (table([1, 1, -2], [-2, -2, 1]), 3)),
        Case("three false boxes", (table([4, 4]), 5)),
        Case("more errors than boxes", (table([-1, 4]), 9)),
        Case(
            "frames with one object and with three",
            (table([4, 4, 4], [-2, -1, 5], [-2, -1, 6]), 7),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property("MOTA is at most 1", lambda args, got: not got["MOTA"] > 1),
        Property(
            "what was predicted was matched or is false",
            lambda args, got: got["FP"] == args[1] - np.count_nonzero(args[0] >= 0),
        ),
    ],
    hints=(
        "Three counts need no loop: how many boxes there are in truth, how many of them are "
        "matched, how many are missed. Only the switches need the order of the frames: look at "
        "one object at a time.",
        "A column of `matched` is an object. Leave out the frames in which it is missed or "
        "absent: what remains are its tracks in turn, and each change from one to the next is a "
        "switch, whatever lay between.",
        "`tracks = matched[:, i]; tracks = tracks[tracks >= 0]; switches += "
        "np.count_nonzero(tracks[1:] != tracks[:-1])`. MOTA is `1 - (missed + false + switches) / "
        "np.count_nonzero(matched != -2)`; without objects NaN.",
    ),
    misconceptions=[
        Misconception(
            "a gap makes it forget the track",
            a_gap_makes_it_forget,
            "It compares a frame with the one before only. Most switches happen while an object "
            "is hidden: compare with the last match, however long ago.",
        ),
        Misconception(
            "being missed, and being found again, is a switch",
            missed_is_a_switch,
            "-1 is not a track. A missed box counts once, as missed; leave such frames out before "
            "you compare.",
        ),
        Misconception(
            "every change in a column is a switch",
            any_change_is_a_switch,
            "Objects come and go, and are missed: -1 and -2 are no tracks. Leave such frames out "
            "before you compare.",
        ),
        Misconception(
            "a return to an earlier track is no switch",
            return_is_no_switch,
            "4, 7, 4 are two switches: each time it is another track than at the match before.",
        ),
        Misconception(
            "each frame on another track than the first is a switch",
            whole_time_on_the_wrong_track,
            "A switch counts once, when it happens: MOTA does not ask how long the new track is "
            "kept. (IDF1 does.)",
        ),
        Misconception(
            "the first match is a switch",
            first_match_is_a_switch,
            "Before its first match an object has no track from which it could switch.",
        ),
        Misconception(
            "an object switches once at most",
            one_an_object,
            "Count the switches, not the objects that have some.",
        ),
        Misconception(
            "it follows the tracks, not the objects",
            seen_from_the_tracks,
            "A track that goes on with another object is a transfer. A switch is seen from the "
            "object: it gets another track.",
        ),
        Misconception(
            "absent objects are missed",
            absent_is_missed,
            "-2 means that the object is not in the frame. It cannot be missed there, and is not "
            "counted in the objects' boxes.",
        ),
        Misconception(
            "track 0 is taken for none",
            track_0_is_missed,
            "Tracks are numbered from 0 here: a match is `matched >= 0`, not `> 0`.",
        ),
        Misconception(
            "it divides by the predicted boxes",
            with_another_mota(of_the_predicted),
            "Then a tracker could improve by more false boxes. Divide by the objects' boxes.",
        ),
        Misconception(
            "MOTA is never below 0",
            with_another_mota(never_below_0),
            "There can be more errors than boxes, and then MOTA is negative.",
        ),
        Misconception(
            "each frame counts the same",
            with_another_mota(mean_of_the_frames),
            "Not a mean of the frames' shares: errors and boxes are summed over all frames, and "
            "divided once.",
        ),
        Misconception(
            "without objects MOTA is 0",
            with_another_mota(nothing_there_is_0),
            "A share of nothing is NaN: 0 would say that the tracker is bad.",
        ),
        Misconception(
            "MOTA leaves out the switches",
            with_another_mota(share_of("FN", "FP")),
            "Without them it is the accuracy of a detector (MODA). What makes it a tracker's is "
            "IDSW.",
        ),
        Misconception(
            "MOTA leaves out the false boxes",
            with_another_mota(share_of("FN", "IDSW")),
            "Then a tracker that predicts boxes everywhere would be perfect. All three count.",
        ),
        Misconception(
            "it returns the share of errors",
            with_another_mota(errors_in_all),
            "MOTA is 1 less that share, so that larger is better.",
        ),
    ],
)
