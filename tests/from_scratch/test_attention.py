import numpy as np
import pytest
from scipy import special

from helpers.from_scratch import attention_pool


def test_equal_to_scipys_softmax() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        batch, frames, channels = (int(n) for n in rng.integers(1, 6, 3))
        features = rng.normal(size=(batch, frames, channels))
        query = rng.normal(size=channels) * 10 ** rng.uniform(-2, 4)
        weights = special.softmax(features @ query, axis=1)
        expected = (weights[..., None] * features).sum(axis=1)
        np.testing.assert_allclose(attention_pool(features, query), expected, atol=1e-12)


def test_masked_frames_have_no_influence() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        features, query = rng.normal(size=(3, 5, 4)), rng.normal(size=4)
        mask = rng.random((3, 5)) < 0.5
        mask[:, rng.integers(5)] = True
        got = attention_pool(features, query, mask)
        for clip, keep, pooled in zip(features, mask, got, strict=True):
            np.testing.assert_allclose(attention_pool(clip[keep][None], query)[0], pooled)
        large = np.where(mask[..., None], features, 1e6)
        np.testing.assert_allclose(attention_pool(large, query, mask), got)


def test_equal_to_kerass_attention() -> None:
    import keras

    rng = np.random.default_rng(2)
    for _ in range(30):
        features = rng.normal(size=(2, 4, 3)).astype(np.float32)
        query = rng.normal(size=3).astype(np.float32)
        mask = np.array([[True, True, False, True], [True, False, False, False]])
        layer = keras.layers.Attention()
        queries = np.broadcast_to(query, (2, 1, 3))
        expected = layer([queries, features], mask=[None, mask])[:, 0]
        got = attention_pool(features, query, mask)
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, expected, atol=1e-5)


def test_a_query_of_zeros_is_the_mean_and_a_large_one_the_best_frame() -> None:
    features = np.random.default_rng(3).normal(size=(2, 5, 4))
    np.testing.assert_allclose(attention_pool(features, np.zeros(4)), features.mean(axis=1))
    best = features[[0, 1], features[..., 0].argmax(axis=1)]
    got = attention_pool(features, np.array([1e9, 0, 0, 0]))
    np.testing.assert_allclose(got, best)


def test_bad_input_is_one_clear_error() -> None:
    features, query = np.zeros((2, 3, 4)), np.zeros(4)
    with pytest.raises(ValueError, match=r"query has 3 numbers, but features has 4 channels"):
        attention_pool(features, query[:3])
    with pytest.raises(ValueError, match=r"features has the shape \(3, 4\)"):
        attention_pool(features[0], query)
    with pytest.raises(TypeError, match="mask must be a NumPy array of booleans"):
        attention_pool(features, query, np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"mask has the shape \(3,\)"):
        attention_pool(features, query, np.ones(3, bool))
    with pytest.raises(ValueError, match="mask leaves no frame of clip 1"):
        attention_pool(features, query, np.array([[True] * 3, [False] * 3]))
