from functools import cache
from itertools import combinations

import numpy as np
import pytest

from helpers import generation
from helpers.generation import Score

NUM_CLIPS = 500


@cache
def train() -> np.ndarray:
    return generation.digits(2000, seed=0).video


@cache
def scores() -> dict[str, Score]:
    """Of samples that are real clips of the training split, but not the training clips."""
    fresh = generation.digits(NUM_CLIPS, seed=99).video
    return generation.report(fresh, generation.judge(), train())


def test_floor_and_ceiling_lie_far_apart() -> None:
    made = scores()
    assert list(made) == [
        "samples",
        "real clips",
        "training clips",
        "shuffled frames",
        "noise",
    ]
    floor = made["real clips"].frechet
    assert 0 < floor < 0.2 * made["shuffled frames"].frechet
    assert made["shuffled frames"].frechet < 0.1 * made["noise"].frechet
    # Training clips are of other hands than the unseen ones, which shows.
    assert floor < made["samples"].frechet < 0.04 * made["noise"].frechet


def test_real_clips_are_read_and_cover_all_kinds() -> None:
    for name in ("samples", "real clips", "training clips"):
        score = scores()[name]
        assert score.sure > 0.8
        assert score.kinds == generation.NUM_KINDS
        assert score.effective_kinds > 30
    assert scores()["noise"].sure < 0.02
    assert scores()["shuffled frames"].sure < 0.4


def test_a_generator_that_remembers_is_found_out() -> None:
    made = scores()
    assert made["training clips"].nearest == 0 and made["training clips"].copies == 1
    assert made["samples"].copies < 0.1 and made["real clips"].copies < 0.02
    assert made["samples"].nearest > 20


def test_one_clip_over_and_over_is_seen_by_diversity_and_distance() -> None:
    one = np.repeat(generation.digits(1, seed=5).video, 100, axis=0)
    judge = generation.judge()
    kind = generation.kinds(one, judge)
    assert generation.effective_kinds(kind) == 1
    assert generation.spread_within_kinds(one, kind) == 0
    many = generation.digits(100, seed=5).video
    distances = [generation.frechet_to_real(video, judge) for video in (one, many)]
    assert distances[0] > 5 * distances[1]


def test_the_distance_is_blind_to_what_reversal_leaves_as_it_is() -> None:
    """A reversed clip of these data is a real clip of the opposite direction."""
    judge = generation.judge()
    real = generation.digits(NUM_CLIPS, seed=8, split="test")
    forwards = generation.frechet_to_real(real.video, judge)
    backwards = generation.frechet_to_real(real.video[:, ::-1], judge)
    assert backwards < 2 * forwards
    left = real.video[real.direction == 0]
    both = [generation.moments(judge.features(clips)) for clips in (left, left[:, ::-1])]
    assert generation.frechet_distance(*both[0], *both[1]) > 10 * forwards


def test_effective_kinds_of_known_mixtures() -> None:
    assert generation.effective_kinds(np.full(5, -1)) == 0
    assert generation.effective_kinds(np.arange(40)) == pytest.approx(40)
    halves = np.array([3, 3, 7, 7, -1])
    assert generation.effective_kinds(halves) == pytest.approx(2)
    uneven = np.repeat([1, 2], [9, 1])
    entropy = -(0.9 * np.log(0.9) + 0.1 * np.log(0.1))
    assert generation.effective_kinds(uneven) == pytest.approx(np.exp(entropy))


def test_spread_is_that_of_all_pairs_of_a_kind() -> None:
    rng = np.random.default_rng(0)
    video = rng.integers(0, 256, (12, *generation.SHAPE), dtype=np.uint8)
    kind = np.array([0, 0, 0, 1, 1, 2, -1, -1, 3, 3, 3, 3])
    squares = [
        np.mean((video[i].astype(float) - video[j]) ** 2)
        for i, j in combinations(range(12), 2)
        if kind[i] == kind[j] >= 0
    ]
    got = generation.spread_within_kinds(video, kind)
    assert got == pytest.approx(np.sqrt(np.mean(squares)))
    assert np.isnan(generation.spread_within_kinds(video, np.arange(12)))


def test_nearest_is_the_least_of_all_distances() -> None:
    rng = np.random.default_rng(1)
    shape = generation.SHAPE
    video, others = (rng.integers(0, 256, (n, *shape), dtype=np.uint8) for n in (7, 300))
    video[3] = others[200]
    wanted = [
        min(np.sqrt(np.mean((clip.astype(float) - other) ** 2)) for other in others)
        for clip in video
    ]
    got = generation.nearest_distances(video, others)
    np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-2)


def test_shuffled_clips_have_the_same_frames() -> None:
    video = generation.digits(50, seed=2).video
    other = generation.shuffled(video, np.random.default_rng(0))
    assert not np.array_equal(video, other)
    for clip, mixed in zip(video, other, strict=True):
        one, two = (
            np.sort(frames.reshape(8, -1).sum(axis=1, dtype=int)) for frames in (clip, mixed)
        )
        assert np.array_equal(one, two)
    orders = {tuple(mixed.reshape(8, -1).argmax(axis=1)) for mixed in other}
    assert len(orders) > 40  # an order of its own for each


def test_bad_input_is_one_clear_error() -> None:
    video = generation.digits(4, seed=0).video
    with pytest.raises(TypeError, match="video is float64"):
        generation.report(video / 255, generation.judge(), video)
    with pytest.raises(ValueError, match=r"train has the shape \(8, 24, 24, 1\)"):
        generation.nearest_distances(video, video[0])
    with pytest.raises(ValueError, match=r"features has the shape \(1, 3\), .* one has no cov"):
        generation.moments(np.zeros((1, 3)))
