"""Exercise of chapter 12: at which frames does a new shot begin?"""

import numpy as np

from helpers import video
from helpers.course.exercise import Case, Exercise, Misconception, Property


def long_enough(candidates, min_frames, shot_start=0):
    cuts = []
    for frame in candidates:
        if frame - shot_start >= min_frames:
            cuts.append(frame)
            shot_start = frame
    return np.array(cuts, int)


def one_frame_early(changes, threshold, min_frames):
    return long_enough(np.flatnonzero(changes > threshold), min_frames)


def shifted_at_the_end(changes, threshold, min_frames):
    return video.shot_cuts(changes, threshold, min_frames) - 1


def equal_is_enough(changes, threshold, min_frames):
    return long_enough(np.flatnonzero(changes >= threshold) + 1, min_frames)


def every_large_change(changes, threshold, min_frames):
    return np.flatnonzero(changes > threshold) + 1


def from_the_last_candidate(changes, threshold, min_frames):
    candidates = np.flatnonzero(changes > threshold) + 1
    return candidates[np.diff(candidates, prepend=0) >= min_frames]


def one_frame_too_many(changes, threshold, min_frames):
    return long_enough(np.flatnonzero(changes > threshold) + 1, min_frames + 1)


def a_first_shot_of_any_length(changes, threshold, min_frames):
    candidates = np.flatnonzero(changes > threshold) + 1
    return long_enough(candidates, min_frames, shot_start=-min_frames)


def with_frame_0(changes, threshold, min_frames):
    return np.append(0, video.shot_cuts(changes, threshold, min_frames))


def a_last_shot_long_enough(changes, threshold, min_frames):
    cuts = video.shot_cuts(changes, threshold, min_frames)
    return cuts[len(changes) + 1 - cuts >= min_frames]


def drops_both_of_a_flash(changes, threshold, min_frames):
    candidates = np.flatnonzero(changes > threshold) + 1
    before = np.diff(candidates, prepend=0)
    after = np.diff(candidates, append=len(changes) + 1 + min_frames)
    return candidates[(before >= min_frames) & (after >= min_frames)]


def draw_case(rng):
    changes = np.round(rng.random(int(rng.integers(0, 31))) ** 2, 1)
    return changes, float(rng.choice([0.0, 0.1, 0.3, 0.5])), int(rng.integers(1, 7))


def changes_at(num_frames, *cuts):
    """Small changes, and large ones to the frames with these numbers."""
    changes = np.full(num_frames - 1, 0.02)
    changes[np.array(cuts) - 1] = 0.8
    return changes


shot_cuts = Exercise(
    reference=video.shot_cuts,
    chapter="12_frames_to_batches",
    task=(
        "Return the frames at which a new shot begins: those whose change is above the "
        "threshold, unless the shot before would have less than `min_frames` frames."
    ),
    minutes=8,
    difficulty=1,
    points=2,
    cases=[
        Case("a video of one frame", (np.array([]), 0.3, 1)),
        Case("one shot", (np.array([0.1, 0.2, 0.0, 0.1]), 0.3, 1)),
        Case("every frame another picture", (np.array([0.9, 0.8, 0.9]), 0.3, 1)),
        Case("a change equal to the threshold", (np.array([0.5, 0.2, 0.75, 0.1]), 0.5, 1)),
        Case("a first shot just long enough", (changes_at(9, 4), 0.3, 4)),
        Case("a first shot too short", (changes_at(12, 3, 8), 0.3, 4)),
        Case("a short last shot", (changes_at(9, 8), 0.3, 4)),
        Case("a flash of one frame", (changes_at(16, 7, 8), 0.3, 4)),
        Case("a cut soon after one that was kept", (changes_at(16, 6, 9, 11), 0.3, 4)),
        Case("flicker", (changes_at(20, 5, 7, 9, 11, 13, 15, 17), 0.3, 4)),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "every cut is at a change above the threshold",
            lambda args, got: bool(np.all(args[0][got - 1] > args[1])),
        ),
        Property(
            "every shot but the last has at least `min_frames` frames",
            lambda args, got: bool(np.all(np.diff(got, prepend=0) >= args[2])),
        ),
    ],
    hints=(
        "First the candidates: which changes are above the threshold, and which frame comes "
        "after each? Then decide about them one after the other.",
        "Entry k compares frames k and k + 1, so the new shot begins at k + 1: "
        "`np.flatnonzero(changes > threshold) + 1`. Remember where the shot you are in began; "
        "whether a cut is kept depends on the last that was kept, so a loop is right here.",
        "`shot_start = 0`, and for each candidate: `if frame - shot_start >= min_frames:` append "
        "it, and set `shot_start = frame`. In the end `np.array(cuts, np.int64)`, since an empty "
        "list would become floats.",
    ),
    misconceptions=[
        Misconception(
            "it gives the last frame of a shot",
            one_frame_early,
            "Entry k compares the frames k and k + 1, and the new shot begins at k + 1. One less, "
            "and every clip ends with a frame of the next shot's picture before it.",
        ),
        Misconception(
            "its cuts come one frame too early",
            shifted_at_the_end,
            "Entry k compares the frames k and k + 1, and the new shot begins at k + 1: each "
            "shot would begin with the last frame of the one before.",
        ),
        Misconception(
            "a change equal to the threshold is a cut",
            equal_is_enough,
            "The change must be above the threshold. With a threshold of 0, frames that are all "
            "the same would be cuts.",
        ),
        Misconception(
            "it keeps every large change",
            every_large_change,
            "A flash or flicker changes the picture twice within a few frames, and the shots "
            "between are too short for a clip: heed `min_frames`.",
        ),
        Misconception(
            "it counts from the last candidate",
            from_the_last_candidate,
            "A change that was passed over begins no shot. While the picture flickers, each "
            "change comes soon after another, and a long shot would have no cut at all.",
        ),
        Misconception(
            "it asks for one frame too many",
            one_frame_too_many,
            "From frame 0 up to a cut at frame 4 there are 4 frames, 0 to 3: with `min_frames` "
            "= 4 that is enough.",
        ),
        Misconception(
            "its first shot may have any length",
            a_first_shot_of_any_length,
            "The video's first frame begins a shot as any cut does, so the first shot needs "
            "`min_frames` frames, too.",
        ),
        Misconception(
            "it lists frame 0",
            with_frame_0,
            "The first shot begins there, but nothing is cut: only frames where one shot ends "
            "and another begins.",
        ),
        Misconception(
            "it drops a short last shot",
            a_last_shot_long_enough,
            "Without the cut, the frames of another picture stay at the end of the shot before. "
            "Who takes clips from the shots can leave out a short one.",
        ),
        Misconception(
            "it drops both changes of a flash",
            drops_both_of_a_flash,
            "Whether two changes are a flash, or a short shot between two others, these numbers "
            "do not tell. The first is kept, so that no clip runs over a real cut.",
        ),
    ],
)
