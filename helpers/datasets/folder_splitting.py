"""Deal whole groups of videos out to training, validation and test, each class in proportion."""

from collections.abc import Sequence

import numpy as np

SPLITS = ("training", "validation", "test")
_MISSING = 1e6  # the cost of a class that a split does not have: more than any deviation
_NUM_STARTS = 30
_FEW_GROUPS = 100  # with more, the first start is as good as any


def split_groups(
    labels: Sequence[int],
    groups: Sequence[str],
    shares: tuple[float, float, float],
    seed: int,
    class_names: Sequence[str],
) -> np.ndarray:
    """Decide for every video in which split it is: int64, (videos,), an index into `SPLITS`.

    A group goes whole into one split. Every class comes into every split, as near to its share
    of the class's videos as the groups allow.

    Args:
        labels, groups: one a video.
        shares: of the videos in each split, above 0, with the sum 1.
        seed: the same seed and videos, the same split.
        class_names: for messages.

    Raises:
        ValueError: when the groups do not suffice for that.
    """
    names, group = np.unique(np.asarray(groups), return_inverse=True)
    counts = np.zeros((len(names), len(class_names)))  # (groups, classes)
    np.add.at(counts, (group, np.asarray(labels)), 1)
    num_groups = (counts > 0).sum(axis=0)
    are_files = len(names) == len(groups)
    if num_groups.min() < len(SPLITS):
        few = int(num_groups.argmin())
        what = "readable videos" if are_files else "groups"
        raise ValueError(
            f"The class {class_names[few]!r} has too few {what} ({num_groups[few]}): training, "
            "validation and test need one each, so at least 3, better 20."
        )
    wanted = np.outer(shares, counts.sum(axis=0))  # (splits, classes)
    rng = np.random.default_rng(seed)
    cost = np.inf
    for start in range(_NUM_STARTS):
        order = rng.permutation(len(names))
        if start == 0:  # the largest first, as what comes later can make good for them
            order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
        split, new_cost = _improved(_dealt(counts, wanted, order), counts, wanted)
        if new_cost < cost:
            best, cost = split, new_cost
        if cost < _MISSING and len(names) > _FEW_GROUPS:
            break
    if cost < _MISSING:
        return best[group]
    split_index, missing = np.argwhere(_totals(best, counts) == 0)[0]
    raise ValueError(
        f"The {len(names)} groups cannot be dealt out so that every class is in training, "
        f"validation and test: {class_names[missing]!r} would be missing in "
        f"{SPLITS[split_index]}. Group more finely, or add videos from other groups."
    )


def _cost(totals: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """How far the numbers of videos, (..., classes), are from the wanted ones: (...,)."""
    cost: np.ndarray = ((totals - wanted) ** 2 / wanted + _MISSING * (totals == 0)).sum(axis=-1)
    return cost


def _totals(split: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Videos of each class in each split: (splits, classes)."""
    return np.stack([counts[split == k].sum(axis=0) for k in range(len(SPLITS))])


def _dealt(counts: np.ndarray, wanted: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Give each group in turn to the split where it brings the most: (groups,)."""
    split = np.zeros(len(counts), np.int64)
    totals = np.zeros_like(wanted)
    for g in order:
        change = _cost(totals + counts[g], wanted) - _cost(totals, wanted)
        split[g] = change.argmin()
        totals[split[g]] += counts[g]
    return split


def _improved(
    split: np.ndarray, counts: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, float]:
    """Move single groups, always the one that helps the most, until none helps."""
    everyone = np.arange(len(counts))
    while True:
        totals = _totals(split, counts)
        now = _cost(totals, wanted)  # (splits,)
        without = _cost(totals[split] - counts, wanted[split]) - now[split]  # (groups,)
        change = np.stack(
            [
                without + _cost(totals[k] + counts, wanted[k]) - now[k]
                for k in range(len(SPLITS))
            ],
            axis=1,
        )  # (groups, splits)
        change[everyone, split] = 0
        g, k = np.unravel_index(change.argmin(), change.shape)
        if change[g, k] > -1e-9:
            return split, float(now.sum())
        split[g] = k
