"""Right answers that are written in another way than the course's must pass, too."""

from collections import Counter
from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import Any

import cv2
import numpy as np
import pytest

from helpers.course.checking import examine
from helpers.exercises import ch12_frames_to_batches as chapter


def groups_in_a_loop(groups: Any, order: Any, test_share: Any) -> Any:
    test = np.zeros(len(groups), bool)
    for group in order:
        if test.sum() / len(groups) >= test_share:
            break
        test |= groups == group
    return test


def groups_by_counter(groups: Any, order: Any, test_share: Any) -> Any:
    counts = Counter(groups.tolist())
    totals = accumulate(counts[group] for group in order.tolist())
    enough = [total / len(groups) >= test_share for total in totals]
    test = set(order[: enough.index(True) + 1].tolist())
    return np.array([group in test for group in groups.tolist()])


def groups_by_what_was_drawn_before(groups: Any, order: Any, test_share: Any) -> Any:
    place = (groups[:, np.newaxis] == order).argmax(axis=1)
    before = (place < place[:, np.newaxis]).mean(axis=1)  # of all clips, those drawn earlier
    return before < test_share


def changes_by_histogram(frames: Any, num_bins: Any = 16) -> Any:
    changes = []
    for one, other in pairwise(frames):
        distances = []
        for c in range(frames.shape[3]):
            a, _ = np.histogram(one[..., c], bins=num_bins, range=(0, 256))
            b, _ = np.histogram(other[..., c], bins=num_bins, range=(0, 256))
            distances.append(np.abs(a / a.sum() - b / b.sum()).sum() / 2)
        changes.append(np.mean(distances))
    return np.array(changes)


def changes_by_intersection(frames: Any, num_bins: Any = 16) -> Any:
    bins = frames.astype(np.int32) * num_bins // 256
    shares = (bins[..., np.newaxis] == np.arange(num_bins)).mean(axis=(1, 2))
    return 1 - np.minimum(shares[:-1], shares[1:]).sum(axis=2).mean(axis=1)


def changes_by_one_bincount(frames: Any, num_bins: Any = 16) -> Any:
    n, height, width, channels = frames.shape
    offset = np.arange(n * channels).reshape(n, 1, 1, channels) * num_bins
    bins = frames.astype(int) * num_bins // 256 + offset
    counts = np.bincount(bins.ravel(), minlength=n * channels * num_bins)
    counts = counts.reshape(n, channels, num_bins) / (height * width)
    return 0.5 * np.abs(counts[1:] - counts[:-1]).sum(axis=2).mean(axis=1)


def changes_by_add_at(frames: Any, num_bins: Any = 16) -> Any:
    n, height, width, channels = frames.shape
    shares = np.zeros((n, channels, num_bins))
    bins = np.floor(frames / 256 * num_bins).astype(int)
    frame, _, _, channel = np.indices(frames.shape)
    np.add.at(shares, (frame, channel, bins), 1 / (height * width))
    return np.abs(np.diff(shares, axis=0)).sum(axis=(1, 2)) / channels / 2


def cuts_frame_by_frame(changes: Any, threshold: Any, min_frames: Any) -> Any:
    cuts, length = [], 1
    for k, change in enumerate(changes):
        if change > threshold and length >= min_frames:
            cuts.append(k + 1)
            length = 0
        length += 1
    return np.array(cuts, dtype=int)


def cuts_by_looking_ahead(changes: Any, threshold: Any, min_frames: Any) -> Any:
    candidates = np.flatnonzero(changes > threshold) + 1
    cuts, start = [], 0
    while (k := np.searchsorted(candidates, start + min_frames)) < len(candidates):
        start = candidates[k]
        cuts.append(start)
    return np.array(cuts, np.int64)


def hash_by_weights(frames: Any) -> Any:
    _, height, width, _ = frames.shape
    rows = np.eye(height).repeat(8, axis=1).reshape(height, 8, height).sum(axis=2).T
    columns = np.eye(width).repeat(9, axis=1).reshape(width, 9, width).sum(axis=2)
    cells = rows @ frames.sum(axis=3, dtype=float) @ columns
    return (np.diff(cells, axis=2) > 0).reshape(len(frames), 64)


def hash_by_means_in_floats(frames: Any) -> Any:
    num_frames, height, width, _ = frames.shape
    grey = frames.mean(axis=3)
    rows = grey.repeat(8, axis=1).reshape(num_frames, 8, height, width).mean(axis=2)
    cells = rows.repeat(9, axis=2).reshape(num_frames, 8, 9, width).mean(axis=3)
    return (cells[:, :, :-1] < cells[:, :, 1:]).reshape(num_frames, 64)


def hash_by_cumulated_sums(frames: Any) -> Any:
    _, height, width, _ = frames.shape
    grey = frames.astype(int).sum(axis=3)
    grey = np.kron(grey, np.ones((1, 8, 9), int))
    sums = np.pad(grey.cumsum(axis=1).cumsum(axis=2), ((0, 0), (1, 0), (1, 0)))
    corners = sums[:, ::height, ::width]
    cells = np.diff(np.diff(corners, axis=1), axis=2)
    return (cells[..., 1:] > cells[..., :-1]).reshape(-1, 64)


def hash_by_means_rounded_at_the_end(frames: Any) -> Any:
    bits = []
    for frame in frames.mean(axis=3):
        large = cv2.resize(
            frame, (frame.shape[1] * 9, frame.shape[0] * 8), interpolation=cv2.INTER_NEAREST
        )
        cells = large.reshape(8, frame.shape[0], 9, frame.shape[1]).mean(axis=(1, 3))
        bits.append(np.diff(np.round(cells, 6), axis=1) > 0)
    return np.array(bits).reshape(-1, 64)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (chapter.hold_out_groups, groups_in_a_loop),
        (chapter.hold_out_groups, groups_by_counter),
        (chapter.hold_out_groups, groups_by_what_was_drawn_before),
        (chapter.histogram_changes, changes_by_histogram),
        (chapter.histogram_changes, changes_by_intersection),
        (chapter.histogram_changes, changes_by_one_bincount),
        (chapter.histogram_changes, changes_by_add_at),
        (chapter.shot_cuts, cuts_frame_by_frame),
        (chapter.shot_cuts, cuts_by_looking_ahead),
        (chapter.difference_hash, hash_by_weights),
        (chapter.difference_hash, hash_by_means_in_floats),
        (chapter.difference_hash, hash_by_cumulated_sums),
        (chapter.difference_hash, hash_by_means_rounded_at_the_end),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_right_answer_of_another_kind(exercise: Any, answer: Callable[..., Any]) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, answer)
    assert report.verdict == "right", report.failure
