"""Exercise of chapter 12: clips held out for the test in whole groups."""

import numpy as np

from helpers import datasets
from helpers.course.exercise import Case, Exercise, Misconception, Property


def clips_in_order(groups, order):
    """How many clips each group has, in the order of drawing."""
    return np.array([np.sum(groups == group) for group in order])


def drawn(groups, order, num_drawn):
    return np.isin(groups, order[:num_drawn])


def the_first_clips(groups, order, test_share):
    return np.arange(len(groups)) < np.ceil(test_share * len(groups))


def cuts_through_a_group(groups, order, test_share):
    place = np.array([order.tolist().index(group) for group in groups])
    wanted = int(np.ceil(test_share * len(groups)))
    chosen = np.zeros(len(groups), bool)
    chosen[np.argsort(place, kind="stable")[:wanted]] = True
    return chosen


def counts_groups(groups, order, test_share):
    return drawn(groups, order, int(np.ceil(test_share * len(order))))


def stops_before_the_share(groups, order, test_share):
    share = clips_in_order(groups, order).cumsum() / len(groups)
    return drawn(groups, order, np.sum(share <= test_share))


def leaves_out_what_is_too_large(groups, order, test_share):
    chosen, total = [], 0
    for group, num_clips in zip(order, clips_in_order(groups, order), strict=True):
        if (total + num_clips) / len(groups) <= test_share:
            chosen.append(group)
            total += num_clips
    return np.isin(groups, np.array(chosen, order.dtype))


def goes_on_when_it_is_enough(groups, order, test_share):
    share = clips_in_order(groups, order).cumsum() / len(groups)
    return drawn(groups, order, np.sum(share <= test_share) + 1)


def multiplies_a_float(groups, order, test_share):
    reached = clips_in_order(groups, order).cumsum()
    return drawn(groups, order, np.sum(reached < test_share * len(groups)) + 1)


def rounds_down(groups, order, test_share):
    reached = clips_in_order(groups, order).cumsum()
    return drawn(groups, order, np.sum(reached < int(test_share * len(groups))) + 1)


def draws_in_sorted_order(groups, order, test_share):
    return datasets.hold_out_groups(groups, np.sort(order), test_share)


def counts_in_another_order(groups, order, test_share):
    _, num_clips = np.unique(groups, return_counts=True)
    share = num_clips.cumsum() / len(groups)
    return drawn(groups, order, np.sum(share < test_share) + 1)


def true_for_training(groups, order, test_share):
    return ~datasets.hold_out_groups(groups, order, test_share)


def draw_case(rng):
    names = rng.choice(100, int(rng.integers(1, 9)), replace=False)
    groups = rng.choice(names, int(rng.integers(1, 31)))
    if rng.random() < 0.5:
        groups = np.array([f"video_{group}" for group in groups])
    order = rng.permutation(np.unique(groups))
    return groups, order, float(rng.choice([0.1, 0.2, 0.25, 0.3, 0.5, 0.6, 0.75]))


def text(letters):
    return np.array(list(letters))


hold_out_groups = Exercise(
    reference=datasets.hold_out_groups,
    chapter="12_frames_to_batches",
    task=(
        "Choose clips for the test in whole groups, drawn in the given order, until the test "
        "has at least its share of the clips."
    ),
    minutes=10,
    difficulty=2,
    points=3,
    cases=[
        Case("a single group", (np.array([7, 7, 7]), np.array([7]), 0.2)),
        Case("each clip a group of its own", (text("abcde"), text("dbaec"), 0.5)),
        Case("a share that is reached exactly", (text("aabbcc"), text("cab"), 1 / 3)),
        Case("a share that no float holds", (text("a" * 7 + "b" * 18), text("ab"), 0.28)),
        Case("one clip more is needed", (text("aabb" + "c" * 5), text("cab"), 0.6)),
        Case("a large group comes second", (text("abbbbbbccd"), text("cbda"), 0.3)),
        Case("groups of very different sizes", (text("abbbbbbbcd"), text("badc"), 0.5)),
        Case("clips of a group lie apart", (text("abcabcabca"), text("bca"), 0.5)),
        Case(
            "numbers for names",
            (np.array([30, 4, 4, 100, 30, 30, 4, 100]), np.array([100, 4, 30]), 0.4),
        ),
    ],
    random_case=draw_case,
    properties=[
        Property(
            "there is True or False for each clip",
            lambda args, got: got.shape == args[0].shape and got.dtype == np.bool_,
        ),
        Property(
            "no group is on both sides",
            lambda args, got: not np.isin(args[0][got], args[0][~got]).any(),
        ),
        Property(
            "the test has at least its share",
            lambda args, got: np.count_nonzero(got) / len(got) >= args[2],
        ),
    ],
    hints=(
        "Decide about groups, never about clips. How many clips does the test have after the "
        "first group was drawn, after the second, and so on?",
        "`np.unique(groups, return_counts=True)` counts the clips of each group, sorted by name; "
        "`np.searchsorted(names, order)` brings the counts into the order of drawing. Add them "
        "up with `cumsum`, and look for the first sum that is enough.",
        "`share = counts[np.searchsorted(names, order)].cumsum() / len(groups)`. So many sums "
        "are too small: `np.searchsorted(share, test_share)`. One group more is drawn, and "
        "`np.isin(groups, order[:num_drawn])` marks the clips.",
    ),
    misconceptions=[
        Misconception(
            "it splits clips, not groups",
            the_first_clips,
            "Clips of one video are nearly copies of each other. With some in training and some "
            "in the test, the test asks for what was learned by heart.",
        ),
        Misconception(
            "it cuts through the last group",
            cuts_through_a_group,
            "The share is met to the clip, but a part of the group drawn last stays in training: "
            "a leak. A group goes whole, even when the test becomes too large.",
        ),
        Misconception(
            "it takes a share of the groups",
            counts_groups,
            "Groups differ in size: a tenth of the videos can be half of the clips, or next to "
            "none. Add up clips.",
        ),
        Misconception(
            "it stops before the share is reached",
            stops_before_the_share,
            "The group that goes past the share is needed, too: without it the test is too "
            "small, or empty when the first group is large.",
        ),
        Misconception(
            "it passes over groups that are too large",
            leaves_out_what_is_too_large,
            "Then large groups never come into the test, which so differs from what it stands "
            "for, and is too small besides. Draw in order, and take what comes.",
        ),
        Misconception(
            "it draws one more when the share is reached exactly",
            goes_on_when_it_is_enough,
            "At least the share: equal is enough, and every further clip is lost to training.",
        ),
        Misconception(
            "it multiplies the share by the number of clips",
            multiplies_a_float,
            "0.28 * 25 is 7.000000000000001, so 7 clips seem too few. Divide the count instead: "
            "7 / 25 is the same float as 0.28.",
        ),
        Misconception(
            "it rounds the number of clips down",
            rounds_down,
            "0.6 of 9 clips are 5.4, and with 5 the test has less than its share.",
        ),
        Misconception(
            "it draws the groups in sorted order",
            draws_in_sorted_order,
            "Names often tell the date, the camera or the class, so the first of them are no "
            "fair choice. `order` was shuffled for that.",
        ),
        Misconception(
            "it counts in another order than it draws",
            counts_in_another_order,
            "`np.unique` gives its counts sorted by name. Bring them into the order of `order` "
            "before you add them up.",
        ),
        Misconception(
            "it marks the clips for training",
            true_for_training,
            "True is for the test here. Turned round, a model learns from the small part.",
        ),
    ],
)
