import numpy as np
import pytest

from helpers.from_scratch import temporal_shift


def as_in_the_authors_layout(features: np.ndarray, fold_div: int) -> np.ndarray:
    """The shift as (batch, frames, channels, height, width), by taking frames t + 1 and t - 1."""
    x = np.moveaxis(features, -1, 2)
    fold, out = x.shape[2] // fold_div, x.copy()
    for t in range(x.shape[1]):
        after = x[:, t + 1] if t + 1 < x.shape[1] else 0 * x[:, t]
        before = x[:, t - 1] if t > 0 else 0 * x[:, t]
        out[:, t, :fold] = after[:, :fold]
        out[:, t, fold : 2 * fold] = before[:, fold : 2 * fold]
    return np.moveaxis(out, 2, -1)


def test_equal_to_the_definition() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        shape = rng.integers(1, [3, 6, 4, 4, 20])
        features, fold_div = rng.normal(size=shape), int(rng.integers(2, 9))
        got = temporal_shift(features, fold_div)
        np.testing.assert_array_equal(got, as_in_the_authors_layout(features, fold_div))


def test_what_leaves_at_one_end_does_not_come_in_at_the_other() -> None:
    features = np.ones((2, 4, 1, 1, 8))
    shifted = temporal_shift(features)
    assert not shifted[:, -1, ..., 0].any() and not shifted[:, 0, ..., 1].any()
    assert shifted.sum() == features.sum() - 2 * 2


def test_few_channels_and_dtype() -> None:
    features = np.ones((1, 2, 1, 1, 7), np.float32)
    shifted = temporal_shift(features)  # 7 // 8 is 0: nothing moves
    assert shifted.dtype == np.float32 and (shifted == features).all()
    assert not np.shares_memory(shifted, features)


def test_bad_input_is_one_clear_error() -> None:
    with pytest.raises(ValueError, match=r"features has the shape \(2, 8\)"):
        temporal_shift(np.zeros((2, 8)))
    with pytest.raises(ValueError, match="fold_div is 1, but it must be at least 2"):
        temporal_shift(np.zeros((1, 2, 1, 1, 8)), 1)
    with pytest.raises(TypeError, match="features is int64"):
        temporal_shift(np.zeros((1, 2, 1, 1, 8), int))
