"""Hold clips out for the test, in groups of what belongs together."""

import numpy as np

from helpers import validate


def hold_out_groups(groups: np.ndarray, order: np.ndarray, test_share: float) -> np.ndarray:
    """Choose clips for the test in whole groups, so that none has a sibling in training.

    Args:
        groups: the group of each clip, such as the video it was cut from or the person in it:
            whole numbers or text, (num_clips,).
        order: each group once, in the order in which they are drawn: the same kind,
            (num_groups,). Shuffle it yourself, with a seed.
        test_share: the share of the clips that the test needs, above 0 and below 1.

    Returns:
        bool, (num_clips,): True for a clip of the test. Groups are drawn from the start of
        `order`, none more than it takes until the test has at least `test_share` of the clips.
        Large groups can make it more, and a single one leaves nothing to train on.

    Raises:
        TypeError, ValueError: when an argument is not as described, such as an `order` that
            lacks a group or repeats one.

    >>> groups = np.array(["a", "a", "a", "b", "c", "c"])
    >>> hold_out_groups(groups, order=np.array(["b", "c", "a"]), test_share=0.4)
    array([False, False, False,  True,  True,  True])
    """
    validate.drawn_groups(groups, order, test_share)
    names, num_clips = np.unique(groups, return_counts=True)
    # Shares, not numbers of clips: 7 / 25 is 0.28 to the last bit, but 0.28 * 25 is above 7.
    share = num_clips[np.searchsorted(names, order)].cumsum() / len(groups)
    num_drawn = 1 + np.searchsorted(share, test_share)
    return np.isin(groups, order[:num_drawn])
