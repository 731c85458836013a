"""Augmentation: pixels move, labels along with them."""

from typing import Any

import numpy as np

from helpers import datasets, overfitting
from helpers.overfitting.augmenting import _MIRRORS

NAMES = np.array(datasets.MOTIONS)


def drift(video: Any) -> Any:
    """Which way the bright parts go: the mean step of the phase of the lowest frequencies."""
    steps = []
    for axis in (2, 3):  # rows, columns
        spectrum = np.fft.fft(video[..., 0].astype(float).mean(axis=5 - axis), axis=2)[..., 1]
        turn = spectrum[:, 1:] * spectrum[:, :-1].conj()
        steps.append(-np.angle(turn.sum(axis=1)))
    return np.stack(steps, axis=1)  # (clips, 2): y and x


def called(video: Any) -> Any:
    y, x = drift(video).T
    return np.where(
        abs(x) > abs(y), np.where(x > 0, "right", "left"), np.where(y > 0, "down", "up")
    )


def directions(num_clips: Any = 80, seed: Any = 0) -> Any:
    clips = datasets.moving_shapes(
        num_clips, seed=seed, motions=("left", "right", "up", "down"), noise=0
    )
    return clips.video, clips.label  # the first four of MOTIONS, in their order


def test_the_direction_can_be_read_from_the_pixels() -> None:
    video, label = directions()
    assert (called(video) == NAMES[label]).all()


def test_mirrored_clips_move_as_their_new_labels_say() -> None:
    video, label = directions()
    rng = np.random.default_rng(0)
    remedies = overfitting.Remedies(mirror="with labels")
    moved, new = overfitting.augment(video, label, remedies, rng)
    assert (new != label).mean() > 0.2
    assert (called(moved) == NAMES[new]).all()


def test_labels_left_behind_are_wrong() -> None:
    video, label = directions()
    rng = np.random.default_rng(0)
    remedies = overfitting.Remedies(mirror="without labels")
    moved, new = overfitting.augment(video, label, remedies, rng)
    np.testing.assert_array_equal(new, label)
    assert 0.3 < (called(moved) != NAMES[label]).mean() < 0.7


def test_a_shift_keeps_motion_label_and_pixels() -> None:
    video, label = directions()
    moved, new = overfitting.augment(
        video, label, overfitting.Remedies(shift=True), np.random.default_rng(0)
    )
    np.testing.assert_array_equal(new, label)
    assert (called(moved) == NAMES[label]).all()
    assert (moved != video).any(axis=(1, 2, 3, 4)).mean() > 0.9
    for one, other in zip(moved, video, strict=True):  # each clip in one piece
        first = np.sort(one[0], axis=None)
        np.testing.assert_array_equal(first, np.sort(other[0], axis=None))
        shifts = [
            np.argmax(
                np.fft.ifft2(np.fft.fft2(a[..., 0]) * np.fft.fft2(b[..., 0] * 1.0).conj()).real
            )
            for a, b in zip(one, other, strict=True)
        ]
        assert len(set(shifts)) == 1


def test_every_mirror_is_undone_by_itself() -> None:
    for _, becomes in _MIRRORS:
        np.testing.assert_array_equal(becomes[becomes], np.arange(len(NAMES)))


def test_turning_is_mirrored_by_all_three_and_speeding_by_time_alone() -> None:
    turned = [NAMES[becomes[list(NAMES).index("clockwise")]] for _, becomes in _MIRRORS]
    assert turned == ["anticlockwise"] * 3
    sped = [NAMES[becomes[list(NAMES).index("accelerating")]] for _, becomes in _MIRRORS]
    assert sped == ["accelerating", "accelerating", "braking"]


def test_brightness_changes_grey_levels_only() -> None:
    video, label = directions()
    moved, new = overfitting.augment(
        video, label, overfitting.Remedies(brightness=True), np.random.default_rng(0)
    )
    assert moved.dtype == np.uint8
    np.testing.assert_array_equal(new, label)
    assert (called(moved) == NAMES[label]).mean() > 0.95
    assert abs(moved.mean(axis=(1, 2, 3, 4)) - video.mean(axis=(1, 2, 3, 4))).mean() > 5


def test_nothing_asked_nothing_done() -> None:
    video, label = directions(8)
    moved, new = overfitting.augment(
        video, label, overfitting.NOTHING, np.random.default_rng(0)
    )
    assert moved is video and new is label
