"""Attention pooling: one vector for a clip, from the frames that matter."""

import numpy as np

from helpers import validate


def attention_pool(
    features: np.ndarray, query: np.ndarray, mask: np.ndarray | None = None
) -> np.ndarray:
    """Average the frames of each clip, weighted by how well they match a query.

    A frame's score is the dot product of its features and the query; the softmax of the scores
    over a clip's frames are the weights. Finite for scores of any size.

    Args:
        features: floats, (batch, frames, channels).
        query: floats, (channels,); a network learns it.
        mask: booleans, (batch, frames): True for frames that count, at least one in each clip.
            The others, which fill up short clips, get the weight 0. None: all frames count.

    Returns:
        Floats, (batch, channels).

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> features = np.array([[[0.0, 1.0], [0.0, 3.0], [9.0, 9.0]]])
    >>> attention_pool(features, np.array([1.0, 0.0]), np.array([[True, True, False]]))
    array([[0., 2.]])
    """
    validate.attention(features, query, mask)
    scores = features @ query  # (batch, frames)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    # The largest of a clip becomes 0, so that exp neither overflows nor leaves only zeros.
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.einsum("bf,bfc->bc", weights, features)
