"""Clips before telling backgrounds."""

from typing import Any

import numpy as np
import pytest

from helpers import overfitting


def test_with_full_bias_every_background_is_the_labels() -> None:
    made = overfitting.scenes(200, seed=0, bias=1.0)
    assert (made.background == made.label).all()


def test_without_bias_the_background_tells_nothing() -> None:
    made = overfitting.scenes(2000, seed=0, bias=0.0)
    table = np.zeros((4, 4))
    np.add.at(table, (made.label, made.background), 1)
    assert abs(table / 2000 - 1 / 16).max() < 0.02


def test_half_a_bias() -> None:
    made = overfitting.scenes(2000, seed=1, bias=0.5)
    assert abs((made.background == made.label).mean() - (0.5 + 0.5 / 4)) < 0.04


def test_without_object_nothing_moves_and_the_rest_is_the_same() -> None:
    made = overfitting.scenes(20, seed=2, bias=1.0)
    frames = made.without_object.astype(float)
    assert frames.std(axis=1).mean() < 9  # the noise alone, of 8
    assert frames.max() < 140  # shapes are brighter
    is_equal = made.video == made.without_object
    assert 0.7 < is_equal.mean() < 1


def test_stripes_run_as_they_should() -> None:
    made = overfitting.scenes(400, seed=3, bias=1.0)
    frame = made.without_object[:, 0, :, :, 0].astype(float)
    along = {0: 1, 1: 2}  # upright stripes do not change along rows, level ones along columns
    for background, axis in along.items():
        chosen = frame[made.background == background]
        assert chosen.mean(axis=axis).std(axis=1).mean() > 10  # across them
        assert chosen.mean(axis=3 - axis).std(axis=1).mean() < 3


def test_the_same_seed_gives_the_same_clips() -> None:
    one, other = (overfitting.scenes(10, seed=4, bias=0.5) for _ in range(2))
    np.testing.assert_array_equal(one.video, other.video)


@pytest.mark.parametrize("bias", [-0.1, 1.1])
def test_a_bias_that_is_no_share(bias: Any) -> None:
    with pytest.raises(ValueError, match="bias"):
        overfitting.scenes(10, seed=0, bias=bias)


def test_swapping_moves_the_background_and_keeps_the_shape() -> None:
    made = overfitting.scenes(40, seed=5, bias=1.0)
    partner = np.roll(np.arange(40), 1)
    swapped = overfitting.swap_backgrounds(made.video, partner)
    assert swapped.dtype == np.uint8
    was, now = (np.median(video, axis=1) for video in (made.video[partner], swapped))
    assert np.abs(was - now).mean() < 3
    moves = [video.astype(float).std(axis=1) for video in (made.video, swapped)]
    assert np.corrcoef(moves[0].ravel(), moves[1].ravel())[0, 1] > 0.9


def test_swapping_with_oneself_changes_nothing() -> None:
    made = overfitting.scenes(5, seed=6, bias=0.0)
    np.testing.assert_array_equal(
        overfitting.swap_backgrounds(made.video, np.arange(5)), made.video
    )
