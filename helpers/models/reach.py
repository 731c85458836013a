"""Which frames a model sees together, found without looking inside it."""

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from helpers import validate

if TYPE_CHECKING:
    import keras

_CLIPS_AT_ONCE = 64


def interactions(model: "keras.Model", clip: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How much the effects of two frames depend on each other, by their distance in time.

    Change frame i of a clip: the logits change. Change frame j: they change. Change both: if the
    model never brings the two together, the changes just add up. What they miss by is their
    interaction. Up to which distance there is one is the model's receptive field in time, and
    an average over frames has none at all.

    Args:
        model: a classifier of clips.
        clip: uint8 (frames, height, width, channels), as the model takes it.
        other: the same shape; frames are changed to those of this clip.

    Returns:
        float64 (frames - 1,): the largest interaction of frames that are 1, 2 ... apart, with
        the standard deviation of the clip's logits as the unit. The rounding of float32 leaves
        some 1e-6 where there is none.

    Raises:
        TypeError, ValueError: when a clip is not as described.
    """
    validate.clip(clip=clip, other=other)
    validate.same_shape(clip=clip, other=other)
    num_frames = len(clip)
    pairs = list(combinations_with_replacement(range(num_frames), 2))  # (i, i) changes one
    changed = np.broadcast_to(clip, (len(pairs) + 1, *clip.shape)).copy()
    for place, pair in enumerate(pairs, start=1):
        changed[place, list(pair)] = other[list(pair)]
    logits = np.concatenate(
        [
            np.asarray(model(changed[first : first + _CLIPS_AT_ONCE], training=False))
            for first in range(0, len(changed), _CLIPS_AT_ONCE)
        ]
    ).astype(np.float64)
    unchanged, with_pair = logits[0], dict(zip(pairs, logits[1:], strict=True))
    largest = np.zeros(num_frames - 1)
    for i, j in pairs:
        if i < j:
            missed = with_pair[i, j] - with_pair[i, i] - with_pair[j, j] + unchanged
            largest[j - i - 1] = max(largest[j - i - 1], abs(missed).max())
    return largest / unchanged.std()
