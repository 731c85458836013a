"""Right answers that are written in another way than the course's must pass, too."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from helpers import boxes
from helpers.course import stub
from helpers.course.checking import examine
from helpers.exercises import ch23_tracking as chapter

FIRST_CELL = {"np", "optimize", "boxes", "metrics", "tracking", "validate"}


def predict_in_loops(mean: Any, covariance: Any, transition: Any, process_noise: Any) -> Any:
    size = len(mean)
    moved = [sum(transition[i, j] * mean[j] for j in range(size)) for i in range(size)]
    spread = np.zeros((size, size))
    for i, j, k, m in np.ndindex(size, size, size, size):
        spread[i, j] += transition[i, k] * covariance[k, m] * transition[j, m]
    return np.array(moved, float), spread + process_noise


def predict_with_einsum(mean: Any, covariance: Any, transition: Any, process_noise: Any) -> Any:
    spread = np.einsum("ik,km,jm->ij", transition, covariance, transition)
    return np.dot(transition, mean.astype(float)), process_noise + spread.astype(float)


def update_in_the_short_form(
    mean: Any, covariance: Any, measurement: Any, observation: Any, measurement_noise: Any
) -> Any:
    spread = observation @ covariance @ observation.T + measurement_noise
    gain = covariance @ observation.T @ np.linalg.inv(spread)
    new_mean = mean + gain @ (measurement - observation @ mean)
    return new_mean, (np.eye(len(mean)) - gain @ observation) @ covariance


def update_symmetrically(
    mean: Any, covariance: Any, measurement: Any, observation: Any, measurement_noise: Any
) -> Any:
    """K S K', as DeepSORT's code does."""
    spread = observation @ covariance @ observation.T + measurement_noise
    gain = np.linalg.lstsq(spread, observation @ covariance, rcond=None)[0].T
    new_mean = mean + (measurement - observation @ mean) @ gain.T
    return new_mean, covariance - gain @ spread @ gain.T


def update_one_by_one(
    mean: Any, covariance: Any, measurement: Any, observation: Any, measurement_noise: Any
) -> Any:
    """As one measurement after the other, once their errors have nothing to do with each other."""
    variances, axes = np.linalg.eigh(measurement_noise)
    mean, covariance = mean.astype(float), covariance.astype(float)
    for z, h, r in zip(axes.T @ measurement, axes.T @ observation, variances, strict=True):
        gain = covariance @ h / (h @ covariance @ h + r)
        mean = mean + gain * (z - h @ mean)
        covariance = covariance - np.outer(gain, h @ covariance)
    return mean, covariance


def associate_with_negated_ious(tracks: Any, detections: Any, iou_threshold: Any) -> Any:
    table = -boxes.iou(detections, tracks)
    pairs = [
        (t, d)
        for d, t in zip(*optimize.linear_sum_assignment(table), strict=True)
        if -table[d, t] >= iou_threshold
    ]
    pairs.sort()
    old = [t for t in range(len(tracks)) if t not in [p[0] for p in pairs]]
    new = [d for d in range(len(detections)) if d not in [p[1] for p in pairs]]
    return np.array(pairs, int).reshape(-1, 2), np.array(old, int), np.array(new, int)


def associate_with_flags(tracks: Any, detections: Any, iou_threshold: Any) -> Any:
    ious = boxes.iou(tracks, detections)
    rows, columns = optimize.linear_sum_assignment(1 - ious)
    is_kept = ~(ious[rows, columns] < iou_threshold)
    rows, columns = rows[is_kept], columns[is_kept]
    is_old, is_new = np.ones(len(tracks), bool), np.ones(len(detections), bool)
    is_old[rows] = is_new[columns] = False
    return np.column_stack([rows, columns]), np.flatnonzero(is_old), np.flatnonzero(is_new)


def life_cycle_as_sort_counts(matched: Any, max_age: Any, min_hits: Any) -> Any:
    """The hits are set back at the prediction after the missed one."""
    since_update = streak = 0
    states = ["confirmed" if min_hits == 0 else "tentative"]
    for is_matched in matched[1:]:
        if since_update > 0:
            streak = 0
        since_update += 1
        if states[-1] == "deleted":
            pass
        elif is_matched:
            since_update = 0
            streak += 1
        if since_update > max_age or states[-1] == "deleted":
            states.append("deleted")
        elif since_update:
            states.append("lost")
        else:
            states.append("confirmed" if streak >= min_hits else "tentative")
    return np.array(states)


def life_cycle_by_places(matched: Any, max_age: Any, min_hits: Any) -> Any:
    frame = np.arange(len(matched))
    last_hit = np.maximum.accumulate(np.where(matched, frame, 0))
    last_miss = np.maximum.accumulate(np.where(matched, 0, frame))
    states = np.where(frame - last_miss >= min_hits, "confirmed", "tentative").astype(object)
    states[~matched] = "lost"
    is_over = np.maximum.accumulate(frame - last_hit > max_age)
    states[is_over] = "deleted"
    return states.astype(str)


def mota_in_loops(matched: Any, num_predicted: Any) -> Any:
    last: dict[int, int] = {}
    truth = missed = hits = switches = 0
    for row in matched:
        for number, track in enumerate(row):
            if track == -2:
                continue
            truth += 1
            if track == -1:
                missed += 1
                continue
            hits += 1
            switches += last.get(number, track) != track
            last[number] = track
    false = num_predicted - hits
    score = 1 - (missed + false + switches) / truth if truth else np.nan
    return {"IDSW": switches, "FP": false, "FN": missed, "MOTA": score}


def mota_in_numpy(matched: Any, num_predicted: Any) -> Any:
    frames, objects = np.nonzero(matched.T >= 0)[::-1]
    tracks = matched[frames, objects]
    is_switch = (np.diff(objects) == 0) & (np.diff(tracks) != 0)
    truth = np.sum(matched > -2)
    counts = {
        "FN": np.sum(matched == -1),
        "FP": num_predicted - np.sum(matched > -1),
        "IDSW": np.sum(is_switch),
    }
    with np.errstate(all="ignore"):
        share = np.float64(sum(counts.values())) / truth if truth else np.float64("nan")
    return {"MOTA": 1 - share, **counts}


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.predict, predict_in_loops),
        (chapter.predict, predict_with_einsum),
        (chapter.update, update_in_the_short_form),
        (chapter.update, update_symmetrically),
        (chapter.update, update_one_by_one),
        (chapter.associate, associate_with_negated_ious),
        (chapter.associate, associate_with_flags),
        (chapter.life_cycle, life_cycle_as_sort_counts),
        (chapter.life_cycle, life_cycle_by_places),
        (chapter.mota, mota_in_loops),
        (chapter.mota, mota_in_numpy),
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


def by_hand(exercise: Any, about: str) -> Any:
    (case,) = [case for case in exercise.cases if case.about == about]
    return exercise.call(exercise.reference, *case.args)


def test_cases_are_what_they_are_called() -> None:
    pairs, old, new = by_hand(chapter.associate, "two pairs too far apart outweigh a near one")
    assert (len(pairs), len(old), len(new)) == (0, 2, 2)
    pairs, _, _ = by_hand(chapter.associate, "an IoU equal to the threshold")
    assert len(pairs) == 1
    pairs, _, _ = by_hand(chapter.associate, "the closest pair would leave another apart")
    assert pairs.tolist() == [[0, 0], [1, 1]]
    pairs, _, _ = by_hand(chapter.associate, "the closest pair outweighs two others")
    assert pairs.tolist() == [[1, 0]]
    assert by_hand(chapter.mota, "and back")["IDSW"] == 2
    assert by_hand(chapter.mota, "more errors than boxes")["MOTA"] < 0
