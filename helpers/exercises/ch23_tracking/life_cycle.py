"""Exercise of chapter 23: what becomes of a track."""

import numpy as np

from helpers import tracking
from helpers.course.exercise import Case, Exercise, Misconception, Property


def lived(
    matched,
    max_age,
    min_hits,
    hits=-1,
    hits_after_a_miss=0,
    is_confirmed=lambda hits, min_hits: hits >= min_hits,
    is_over=lambda misses, max_age: misses > max_age,
    returns=False,
):
    """A life that one rule changes; hits_after_a_miss None keeps the hits."""
    states = []
    misses = 0
    for is_matched in matched:
        if is_over(misses, max_age) and not returns:
            states.append("deleted")
        elif is_matched:
            hits, misses = hits + 1, 0
            states.append("confirmed" if is_confirmed(hits, min_hits) else "tentative")
        else:
            hits = hits if hits_after_a_miss is None else hits_after_a_miss
            misses += 1
            states.append("deleted" if is_over(misses, max_age) else "lost")
    return np.array(states)


def first_one_counts(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, hits=0)


def one_more_needed(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, is_confirmed=lambda hits, least: hits > least)


def hits_in_all(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, hits_after_a_miss=None)


def first_one_after_a_gap_is_free(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, hits_after_a_miss=-1)


def deleted_too_early(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, is_over=lambda misses, most: misses >= most > 0)


def deleted_too_late(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, is_over=lambda misses, most: misses > most + 1)


def comes_back(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, returns=True)


def never_deleted(matched, max_age, min_hits):
    return lived(matched, max_age, min_hits, is_over=lambda misses, most: False)


def misses_in_all(matched, max_age, min_hits):
    is_over = np.cumsum(~matched) > max_age
    return np.where(is_over, "deleted", tracking.life_cycle(matched, len(matched), min_hits))


def confirmed_for_ever(matched, max_age, min_hits):
    states = tracking.life_cycle(matched, max_age, min_hits)
    is_found = np.isin(states, ("tentative", "confirmed"))
    was_confirmed = np.maximum.accumulate(states == "confirmed")
    return np.where(is_found & was_confirmed, "confirmed", states)


def shown_while_lost(matched, max_age, min_hits):
    states = tracking.life_cycle(matched, max_age, min_hits).tolist()
    for frame in range(1, len(states)):
        if states[frame] == "lost":
            states[frame] = states[frame - 1]
    return np.array(states)


def tentative_ones_are_not_forgiven(matched, max_age, min_hits):
    states = tracking.life_cycle(matched, max_age, min_hits)
    was_confirmed = np.maximum.accumulate(states == "confirmed")
    is_over = np.maximum.accumulate(~matched & ~was_confirmed)
    return np.where(is_over, "deleted", states)


def draw_case(rng):
    matched = rng.random(int(rng.integers(1, 13))) < 0.65
    matched[0] = True
    return matched, int(rng.integers(0, 4)), int(rng.integers(0, 4))


def found(text):
    """1 for a frame with a detection, 0 for one without."""
    return np.array([letter == "1" for letter in text])


life_cycle = Exercise(
    reference=tracking.life_cycle,
    chapter="23_tracking",
    task=(
        "Return what a track is in each frame: tentative, confirmed, lost or deleted, from "
        "whether a detection was found for it."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("one frame", (found("1"), 1, 3)),
        Case("one frame, and no hits are asked for", (found("1"), 1, 0)),
        Case("found twice, one hit is asked for", (found("11"), 1, 1)),
        Case("a max_age of 0", (found("101"), 0, 1)),
        Case("found in each frame", (found("111111"), 1, 3)),
        Case("missed once, while tentative", (found("101111"), 1, 2)),
        Case("missed once, while confirmed", (found("11101111"), 1, 2)),
        Case("missed once, no hits are asked for", (found("1011"), 1, 0)),
        Case("missed for max_age frames", (found("11100111"), 2, 1)),
        Case("missed for longer than max_age", (found("1110000"), 2, 1)),
        Case("found again after it was deleted", (found("111001111"), 1, 2)),
        Case("missed again and again, never for long", (found("11010101011"), 1, 1)),
        Case("found every other time, two hits are asked for", (found("101010101"), 1, 2)),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is a state for each frame",
            lambda args, got: got.shape == args[0].shape,
        ),
        Property(
            "a track that is deleted stays so",
            lambda args, got: bool(np.all(np.diff((got == "deleted").astype(int)) >= 0)),
        ),
        Property(
            "a frame without a detection is never tentative or confirmed",
            lambda args, got: bool(np.isin(got[~args[0]], ("lost", "deleted")).all()),
        ),
    ],
    hints=(
        "Go through the frames with two counters: how often in a row a detection was found, and "
        "how often in a row none. What sets each of them back?",
        "A frame with a detection sets the misses to 0 and adds a hit; one without sets the hits "
        "to 0 and adds a miss. The detection that starts the track does not count: let the hits "
        "begin at -1. When the misses are above `max_age`, all that follows is deleted.",
        "In the loop: `if misses > max_age:` deleted; `elif is_matched: hits, misses = hits + 1, "
        "0`, confirmed if `hits >= min_hits`, else tentative; `else: hits, misses = 0, misses + "
        "1`, lost if `misses <= max_age`, else deleted. Return `np.array(states)`.",
    ),
    misconceptions=[
        Misconception(
            "the detection that starts the track counts as a hit",
            first_one_counts,
            "In SORT it does not: with min_hits of 3 a track is confirmed in its fourth frame.",
        ),
        Misconception(
            "it asks for one hit more",
            one_more_needed,
            "`min_hits` hits are enough: `>=`, not `>`.",
        ),
        Misconception(
            "the hits need not be in a row",
            hits_in_all,
            "Then a false alarm that flickers is confirmed in the end. A frame without a "
            "detection sets the hits back to 0.",
        ),
        Misconception(
            "once confirmed, it stays confirmed",
            confirmed_for_ever,
            "Newer trackers do so. In SORT a track that was lost has to be found `min_hits` times "
            "in a row again: hence its many gaps.",
        ),
        Misconception(
            "the first detection after a gap does not count",
            first_one_after_a_gap_is_free,
            "Only the one that starts the track does not. After a gap the hits begin at 0, so "
            "that the first is hit 1.",
        ),
        Misconception(
            "it is deleted a frame too early",
            deleted_too_early,
            "It may be lost for `max_age` frames in a row. It is deleted when there are more.",
        ),
        Misconception(
            "it is deleted a frame too late",
            deleted_too_late,
            "It is lost for `max_age` frames in a row, and deleted in the next.",
        ),
        Misconception(
            "the frames without a detection need not be in a row",
            misses_in_all,
            "Then a long track is deleted in the end however rarely it is missed. A detection "
            "sets the misses back to 0.",
        ),
        Misconception(
            "a deleted track comes back",
            comes_back,
            "What is deleted is no longer there to be matched: a detection would start a new "
            "track with a new id.",
        ),
        Misconception(
            "a track is never deleted",
            never_deleted,
            "`max_age` has no influence. Tracks of objects that left would wait for ever, and "
            "take the detections of others.",
        ),
        Misconception(
            "a track is shown while it is lost",
            shown_while_lost,
            "Without a detection it is lost, whatever it was before: SORT shows no predictions.",
        ),
        Misconception(
            "a tentative track is deleted when it is missed once",
            tentative_ones_are_not_forgiven,
            "DeepSORT and ByteTrack do so. In SORT `max_age` holds for tentative tracks, too.",
        ),
    ],
)
