import numpy as np
import pytest

from helpers.from_scratch import mixup


def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """Samples of that shape, uint8 or floats, targets, partners, and a share for each."""
    x = rng.integers(0, 256, shape).astype(np.uint8)
    if rng.random() < 0.5:
        x = rng.normal(size=shape).astype(str(rng.choice(["float32", "float64"])))
    y = np.eye(4, dtype=np.float32)[rng.integers(0, 4, shape[0])]
    return x, y, rng.permutation(shape[0]), rng.beta(0.4, 0.4, shape[0])


def by_loops(
    x: np.ndarray, y: np.ndarray, partner: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    blended_x, blended_y = np.zeros(x.shape), np.zeros(y.shape)
    for i, j in enumerate(partner):
        for place in np.ndindex(x.shape[1:]):
            one, other = float(x[i][place]), float(x[j][place])
            blended_x[i][place] = share[i] * one + (1 - share[i]) * other
        for c in range(y.shape[1]):
            blended_y[i, c] = share[i] * y[i, c] + (1 - share[i]) * y[j, c]
    return blended_x, blended_y


def test_equal_to_the_papers_formula_by_loops() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        shape = tuple(int(n) for n in rng.integers(1, [5, 4, 3, 3, 3])[: rng.integers(2, 6)])
        args = draw(rng, shape)
        for got, wanted in zip(mixup(*args), by_loops(*args), strict=True):
            assert got.dtype == np.float32
            np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-5 * 255)


def test_one_share_for_all() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        x, y, partner, _ = draw(rng, (3, 2, 2, 2, 1))
        share = float(rng.random())
        wanted = mixup(x, y, partner, np.full(3, share))
        for kind in (float, np.float64, np.array):
            for got, one in zip(mixup(x, y, partner, kind(share)), wanted, strict=True):
                np.testing.assert_array_equal(got, one)


def test_equal_to_kerass_mixup_of_images() -> None:
    import keras

    rng = np.random.default_rng(2)
    for seed in range(200):
        x, y, _, _ = draw(rng, (int(rng.integers(1, 6)), 3, 4, 2))
        layer = keras.layers.MixUp(alpha=0.4, seed=seed)
        drawn = layer.get_random_transformation({"images": x, "labels": y})
        partner, share = (np.asarray(drawn[k]) for k in ("permutation_order", "mix_weight"))
        got_x, got_y = mixup(x, y, partner, share)
        expected = layer.transform_images(x, drawn), layer.transform_labels(y, drawn)
        np.testing.assert_allclose(got_x, expected[0], rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(got_y, expected[1], atol=1e-6)


def test_clips_mix_as_tall_images_do_in_keras() -> None:
    """Keras's layer refuses clips, but their frames one below the other are an image."""
    import keras

    rng = np.random.default_rng(3)
    layer = keras.layers.MixUp(alpha=0.4, seed=0)
    clips = rng.random((3, 4, 5, 6, 2)).astype(np.float32)
    with pytest.raises(ValueError, match=r"or 4 \(batch of images\)"):
        layer(clips)
    for _ in range(30):
        images, labels = clips.reshape(3, 20, 6, 2), np.eye(3, dtype=np.float32)
        blended = layer({"images": images, "labels": labels})
        shares = np.asarray(blended["labels"])  # row i: what it holds of each sample
        own = np.diag(shares)
        others = shares - np.diag(own)
        partner = np.where(others.any(axis=1), others.argmax(axis=1), np.arange(3))
        if len(set(partner)) < 3:
            continue  # a share of 0 or 1 to the last digit hides a partner
        got, _ = mixup(clips, labels, partner, own)
        images = np.asarray(blended["images"])
        np.testing.assert_allclose(got, images.reshape(clips.shape), atol=1e-5)


def test_targets_still_sum_to_one() -> None:
    rng = np.random.default_rng(4)
    for _ in range(100):
        _, y = mixup(*draw(rng, (4, 3)))
        np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-6)


def test_the_arguments_stay_and_the_results_are_new() -> None:
    x, y = np.ones((2, 3), np.float32), np.eye(2, dtype=np.float32)
    partner, share = np.array([1, 0]), np.ones(2, np.float32)
    for array in (x, y, partner, share):
        array.flags.writeable = False
    for got, given in zip(mixup(x, y, partner, share), (x, y), strict=True):
        np.testing.assert_array_equal(got, given)
        assert not np.shares_memory(got, given)


def test_bad_input_is_one_clear_error() -> None:
    x, y, partner = np.zeros((2, 3, 4)), np.eye(2), np.array([1, 0])
    with pytest.raises(TypeError, match=r"x is int64, but it must be .* uint8 or floats"):
        mixup(x.astype(int), y, partner, 0.5)
    with pytest.raises(ValueError, match=r"x, of the shape \(2,\), must hold finite numbers"):
        mixup(x[:, 0, 0], y, partner, 0.5)
    with pytest.raises(TypeError, match="y is int64"):
        mixup(x, y.astype(int), partner, 0.5)
    with pytest.raises(ValueError, match=r"y has the shape \(3, 3\), .* \(2, classes\)"):
        mixup(x, np.eye(3), partner, 0.5)
    with pytest.raises(TypeError, match="partner must be a NumPy array of whole numbers"):
        mixup(x, y, partner.astype(float), 0.5)
    with pytest.raises(ValueError, match=r"partner is \[1, 1\], .* each of 0 to 1 once"):
        mixup(x, y, np.array([1, 1]), 0.5)
    with pytest.raises(ValueError, match=r"share has the shape \(3,\)"):
        mixup(x, y, partner, np.full(3, 0.5))
    with pytest.raises(ValueError, match=r"share holds 1\.5, but it must be from 0 to 1"):
        mixup(x, y, partner, 1.5)
