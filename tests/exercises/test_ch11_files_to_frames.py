"""Right answers that are written in another way than the course's must pass, too."""

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers.course.checking import examine
from helpers.exercises import ch11_files_to_frames as chapter


def order_by_sorted(pts: Any) -> Any:
    return np.array(sorted(range(len(pts)), key=lambda place: pts[place]))


def order_by_unique(pts: Any) -> Any:
    return np.unique(pts, return_index=True)[1]


def order_of_the_inverse(pts: Any) -> Any:
    order = np.empty(len(pts), int)
    order[[int(np.sum(pts < time)) for time in pts]] = np.arange(len(pts))
    return order


def frame_by_comparing_all(pts: Any, time_base: Any, seconds: Any) -> Any:
    units = np.floor(seconds / time_base + 1e-6).astype(np.int64)
    begun = (pts[:, None] <= units[None, :]).sum(axis=0)
    return np.clip(begun - 1, 0, None)


def frame_in_a_loop(pts: Any, time_base: Any, seconds: Any) -> Any:
    times = sorted(pts.tolist())
    return np.array([max(0, bisect_right(times, s / time_base + 1e-7) - 1) for s in seconds])


def frame_by_digitize(pts: Any, time_base: Any, seconds: Any) -> Any:
    return np.maximum(np.digitize(seconds + 1e-9, np.sort(pts) * time_base) - 1, 0)


def keyframe_in_a_loop(keyframes: Any, wanted: Any) -> Any:
    return np.array([max(k for k in keyframes if k <= frame) for frame in wanted])


def keyframe_by_masking(keyframes: Any, wanted: Any) -> Any:
    return np.where(keyframes <= wanted[:, None], keyframes, 0).max(axis=1)


def decoded_as_a_set(keyframes: Any, wanted: Any) -> Any:
    decoded: set[int] = set()
    for frame in wanted:
        start = max(k for k in keyframes if k <= frame)
        decoded.update(range(start, frame + 1))
    return len(decoded)


def decoded_by_group(keyframes: Any, wanted: Any) -> Any:
    place = np.searchsorted(keyframes, wanted, side="right") - 1
    last = {p: wanted[place == p].max() for p in set(place.tolist())}
    return sum(last[p] - keyframes[p] + 1 for p in last)


def decoded_by_maximum_at(keyframes: Any, wanted: Any) -> Any:
    place = np.searchsorted(keyframes, wanted, side="right") - 1
    last = keyframes - 1
    np.maximum.at(last, place, wanted)
    return np.sum(last - keyframes + 1)


def starts_in_a_loop(total_frames: Any, num_frames: Any, stride: Any, num_views: Any) -> Any:
    last = max(total_frames - 1 - (num_frames - 1) * stride, 0)
    if num_views == 1:
        return np.array([last // 2])
    return np.array([last * i // (num_views - 1) for i in range(num_views)])


def starts_by_a_careful_linspace(
    total_frames: Any, num_frames: Any, stride: Any, num_views: Any
) -> Any:
    last = max(total_frames - 1 - (num_frames - 1) * stride, 0)
    ends = (0, last) if num_views > 1 else (last / 2, last / 2)
    return np.floor(np.linspace(ends[0], ends[1], num_views) + 1e-9).astype(int)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.display_order, order_by_sorted),
        (chapter.display_order, order_by_unique),
        (chapter.display_order, order_of_the_inverse),
        (chapter.frame_at, frame_by_comparing_all),
        (chapter.frame_at, frame_in_a_loop),
        (chapter.frame_at, frame_by_digitize),
        (chapter.keyframe_before, keyframe_in_a_loop),
        (chapter.keyframe_before, keyframe_by_masking),
        (chapter.frames_to_decode, decoded_as_a_set),
        (chapter.frames_to_decode, decoded_by_group),
        (chapter.frames_to_decode, decoded_by_maximum_at),
        (chapter.view_starts, starts_in_a_loop),
        (chapter.view_starts, starts_by_a_careful_linspace),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure
