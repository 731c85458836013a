import numpy as np
import pytest
from scipy import stats

from helpers import generation
from helpers.generation import clips as made_by


def test_each_digit_glides_as_its_label_says_and_stays_whole() -> None:
    made = generation.digits(600, seed=0)
    ink = made.video[..., 0].astype(float)
    rows, columns = np.mgrid[:24, :24] + 0.5
    weight = ink.sum(axis=(2, 3))
    x, y = (ink * columns).sum(axis=(2, 3)) / weight, (ink * rows).sum(axis=(2, 3)) / weight
    ahead = made_by._AHEAD[made.direction]  # (clips, 2)
    center = np.stack([x, y], axis=-1)  # (clips, frames, 2)
    travel = center[:, -1] - center[:, 0]
    along, across = (travel * ahead).sum(axis=-1), (travel * (1 - np.abs(ahead))).sum(axis=-1)
    # The pixels' grid moves the ink by up to half a pixel.
    assert 4 < along.min() < 5 and 7.5 < along.max() < 8.5
    assert np.abs(across).max() < 0.2
    even = center[:, :1] + np.linspace(0, 1, 8)[:, np.newaxis] * travel[:, np.newaxis]
    assert np.abs(center - even).max() < 0.8  # one speed
    assert np.ptp(weight, axis=1).max() < 0.4 * weight.min()
    assert ink[:, :, [0, -1]].max() == 0 and ink[:, :, :, [0, -1]].max() == 0  # nothing is cut


def test_all_kinds_are_equally_likely_and_independent() -> None:
    made = generation.digits(8000, seed=1)
    table = np.zeros((10, 4))
    np.add.at(table, (made.digit, made.direction), 1)
    assert table.min() > 140 and table.max() < 260


def test_the_moment_in_the_middle_does_not_tell_left_from_right() -> None:
    """The first frame mostly does, since a digit that stays inside starts on the far side."""
    made = generation.digits(6000, seed=2)
    ink = made.video[..., 0].sum(axis=2, dtype=float)  # (clips, frames, width)
    middle = (ink @ (np.arange(24) + 0.5)) / ink.sum(axis=2)  # (clips, frames)
    left, right = (middle[made.direction == way] for way in (0, 1))
    assert stats.ks_2samp(left[:, 3:5].mean(axis=1), right[:, 3:5].mean(axis=1)).pvalue > 1e-4
    assert stats.ks_2samp(left[:, 0], right[:, 0]).pvalue < 1e-100


def test_seeds_and_splits() -> None:
    one, again, other = (generation.digits(50, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.video, again.video) and not np.array_equal(one.video, other.video)
    test = generation.digits(50, seed=3, split="test")
    assert not np.array_equal(one.video, test.video)
    assert one.video.dtype == np.uint8 and one.video.min() == 0 and one.video.max() == 255


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"num_clips": 0}, ValueError, "num_clips is 0"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"split": "val"}, ValueError, "split is 'val'"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        generation.digits(**{"num_clips": 1, "seed": 0, **arguments})
