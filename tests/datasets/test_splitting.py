from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import GroupShuffleSplit

from helpers import datasets

# Without its type, since wrong arguments are tested, too.
hold_out_groups: Any = datasets.hold_out_groups


def drawn_one_by_one(groups: Any, order: Any, test_share: Fraction) -> list[bool]:
    """The rule in loops and in fractions."""
    names, test = groups.tolist(), set()
    for group in order.tolist():
        if Fraction(sum(name in test for name in names), len(names)) >= test_share:
            break
        test.add(group)
    return [name in test for name in names]


def random_groups(rng: np.random.Generator) -> np.ndarray:
    groups = rng.choice(int(rng.integers(1, 12)), int(rng.integers(1, 60)))
    return groups if rng.random() < 0.5 else np.array([f"person {g}" for g in groups])


def test_equals_drawing_one_by_one() -> None:
    rng = np.random.default_rng(0)
    for _ in range(3000):
        groups = random_groups(rng)
        order = rng.permutation(np.unique(groups))
        # Shares that are often reached exactly: the float must not decide.
        denominator = int(rng.choice([100, len(groups) + 1, 2 * len(groups)]))
        share = Fraction(int(rng.integers(1, denominator)), denominator)
        got = hold_out_groups(groups, order, float(share))
        assert got.dtype == np.bool_
        assert got.tolist() == drawn_one_by_one(groups, order, share)


def test_no_more_than_it_takes() -> None:
    rng = np.random.default_rng(1)
    for _ in range(2000):
        groups = random_groups(rng)
        order = rng.permutation(np.unique(groups))
        share = float(rng.uniform(0.01, 0.99))
        test = hold_out_groups(groups, order, share)
        drawn = [group for group in order if group in groups[test]]
        assert not np.isin(groups[test], groups[~test]).any()
        assert drawn == order[: len(drawn)].tolist()
        assert test.mean() >= share > (test & (groups != drawn[-1])).mean()


def test_keeps_groups_whole_as_scikit_learn_does() -> None:
    """With groups of one size, a share of the clips is a share of the groups, as is theirs."""
    rng = np.random.default_rng(2)
    for seed in range(1000):
        num_groups, size = int(rng.integers(2, 12)), int(rng.integers(1, 5))
        groups = rng.permutation(np.repeat(rng.permutation(40)[:num_groups], size))
        share = float(rng.choice([0.1, 0.2, 0.25, 0.5]))
        splitter = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
        ((training, test),) = splitter.split(groups, groups=groups)
        theirs = np.isin(np.arange(len(groups)), test)
        # Their groups of the test first: then the same groups must be drawn.
        order = np.concatenate([np.unique(groups[test]), np.unique(groups[training])])
        np.testing.assert_array_equal(hold_out_groups(groups, order, share), theirs)


def test_every_decimal_share_that_is_reached_exactly_is_enough() -> None:
    groups = np.arange(100)
    for percent in range(1, 100):
        assert hold_out_groups(groups, groups, percent / 100).sum() == percent


def test_a_single_group_and_no_clip() -> None:
    assert hold_out_groups(np.array(["a", "a"]), np.array(["a"]), 0.1).tolist() == [True, True]
    none = np.zeros(0, int)
    assert hold_out_groups(none, none, 0.5).tolist() == []


def test_names_of_other_lengths_and_integers_of_other_widths() -> None:
    groups = np.array(["walk", "a", "walk", "handstand"])
    assert hold_out_groups(groups, np.array(["handstand", "a", "walk"]), 0.5).tolist() == [
        *(False, True, False, True)
    ]
    groups = np.array([3, 300, 3], np.uint16)
    assert hold_out_groups(groups, np.array([300, 3]), 0.3).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("groups", "order", "match"),
    [
        ("abc", "ab", "order lacks the group c"),
        ("ab", "abc", "order holds c, which is no group"),
        ("ab", "aba", "order holds a twice"),
        ("ab", "aa", "order lacks the group b"),
    ],
)
def test_a_wrong_order_is_named(groups: str, order: str, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        hold_out_groups(np.array(list(groups)), np.array(list(order)), 0.5)


@pytest.mark.parametrize(
    ("args", "error", "match"),
    [
        ((["a"], np.array(["a"]), 0.5), TypeError, "groups is a list"),
        ((np.array(["a"]), ["a"], 0.5), TypeError, "order is a list"),
        ((np.array([["a"]]), np.array(["a"]), 0.5), ValueError, "groups has the shape"),
        ((np.array([1.0]), np.array([1]), 0.5), TypeError, "groups is float64"),
        (
            (np.array([1]), np.array(["1"]), 0.5),
            TypeError,
            "groups is int64 and order is <U1",
        ),
        ((np.array([1]), np.array([1]), 0), ValueError, "test_share is 0"),
        ((np.array([1]), np.array([1]), 1.0), ValueError, "test_share is 1.0"),
        ((np.array([1]), np.array([1]), 20), ValueError, "test_share is 20"),
        ((np.array([1]), np.array([1]), "all"), TypeError, "test_share is 'all'"),
    ],
)
def test_wrong_arguments_are_named(args: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        hold_out_groups(*args)
