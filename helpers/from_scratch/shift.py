"""The temporal shift: a few channels see the neighbouring frames, at no parameter."""

import numpy as np

from helpers import validate


def temporal_shift(features: np.ndarray, fold_div: int = 8) -> np.ndarray:
    """Replace some channels of each frame by those of its neighbours in time.

    Of the channels, the first `channels // fold_div` come from the next frame, and as many
    after them from the frame before; the others stay. Where there is no such frame, they are 0.
    So in the code of TSM (Lin, Gan and Han, 2019), in another layout.

    Args:
        features: floats, (batch, frames, height, width, channels).
        fold_div: what share of the channels goes each way, at least 2; 8 in the paper.

    Returns:
        A new array of the shape and dtype of `features`.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frames = np.array([[1.0, 10.0, 100.0], [2.0, 20.0, 200.0], [3.0, 30.0, 300.0]])
    >>> temporal_shift(frames.reshape(1, 3, 1, 1, 3), fold_div=3).reshape(3, 3)
    array([[  2.,   0., 100.],
           [  3.,  10., 200.],
           [  0.,  20., 300.]])
    """
    validate.shift(features, fold_div)
    fold = features.shape[-1] // fold_div
    shifted = np.zeros_like(features)
    shifted[:, :-1, ..., :fold] = features[:, 1:, ..., :fold]  # from the next frame
    shifted[:, 1:, ..., fold : 2 * fold] = features[:, :-1, ..., fold : 2 * fold]
    shifted[..., 2 * fold :] = features[..., 2 * fold :]
    return shifted
