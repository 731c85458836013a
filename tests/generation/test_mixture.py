"""Mode collapse on a mixture, and its cure."""

from typing import Any

import numpy as np
import pytest

from helpers import generation
from helpers.generation import mixture

COLLAPSES: dict[str, Any] = {"discriminator_rate": 1e-2, "generator_rate": 5e-4, "gamma": 0.0}
COVERS: dict[str, Any] = {**COLLAPSES, "gamma": 0.1}


def test_modes_are_counted_only_with_enough_points_near() -> None:
    centers = mixture.centers()
    assert (
        np.allclose(np.linalg.norm(centers, axis=1), 2) and len(np.unique(centers, axis=0)) == 8
    )
    points = centers.repeat(100, axis=0)
    everything = mixture.measured_points(points)
    assert (everything.covered, everything.near) == (8, 1)
    points[:93] = 0  # 7 of 800 points stay at the first mode: below 1 %
    missed = mixture.measured_points(points)
    assert (missed.covered, missed.near) == (7, 707 / 800)
    assert mixture.measured_points(points + 0.15).covered == 0  # 0.21 away


@pytest.mark.parametrize("seed", [0, 1])
def test_the_generator_collapses_without_a_penalty_and_covers_all_with_r1(seed: int) -> None:
    collapsed = generation.learn_mixture(**COLLAPSES, seed=seed)
    covering = generation.learn_mixture(**COVERS, seed=seed)
    assert 1 <= collapsed.covered <= 3 and collapsed.near > 0.5  # on few clouds, not off them
    assert covering.covered == 8 and covering.near > 0.65


def test_the_same_seed_gives_the_same_points() -> None:
    one, again, other = (
        generation.learn_mixture(**COVERS, seed=seed, num_steps=20).points for seed in (1, 1, 2)
    )
    assert np.array_equal(one, again) and not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"discriminator_rate": 0}, "discriminator_rate is 0"),
        ({"gamma": -1.0}, "gamma is -1.0"),
        ({"num_steps": 0}, "num_steps is 0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        generation.learn_mixture(**{**COVERS, "seed": 0, **arguments})
