import numpy as np
import pytest

from helpers.from_scratch import inverted_dropout


def draw(rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...], float]:
    """The shape of some clips, that of one kind of mask, and a rate."""
    clips = tuple(int(n) for n in rng.integers(1, [4, 5, 4, 4, 6]))
    batch, frames, _, _, channels = clips
    masks = (
        clips,
        (batch, 1, 1, 1, channels),
        (batch, frames, 1, 1, 1),
        (batch, 1, 1, 1, 1),
    )
    return clips, masks[rng.integers(4)], float(rng.choice([0.1, 0.25, 0.5, 0.9]))


def test_equal_to_kerass_dropout_on_the_mask_that_it_drew() -> None:
    import keras

    rng = np.random.default_rng(0)
    for seed in range(300):
        shape, mask, rate = draw(rng)
        x = rng.normal(size=shape).astype(np.float32)
        # Two layers of one seed draw the same mask; ones show where.
        on_ones = keras.layers.Dropout(rate, noise_shape=mask, seed=seed)
        kept = np.asarray(on_ones(np.ones(mask, np.float32), training=True)) > 0
        expected = keras.layers.Dropout(rate, noise_shape=mask, seed=seed)(x, training=True)
        got = inverted_dropout(x, kept, rate)
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, expected, rtol=1e-6)


def test_equal_to_kerass_spatial_dropout() -> None:
    import keras

    rng = np.random.default_rng(1)
    for seed in range(100):
        shape, _, rate = draw(rng)
        x = rng.normal(size=shape).astype(np.float32)
        on_ones = keras.layers.SpatialDropout3D(rate, seed=seed)
        drawn = np.asarray(on_ones(np.ones(shape, np.float32), training=True)) > 0
        kept = drawn[:, :1, :1, :1]
        assert (drawn == kept).all()
        expected = keras.layers.SpatialDropout3D(rate, seed=seed)(x, training=True)
        np.testing.assert_allclose(inverted_dropout(x, kept, rate), expected, rtol=1e-6)


def test_a_rate_of_zero_changes_nothing_and_copies() -> None:
    import keras

    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    got = inverted_dropout(x, np.ones((2, 3), bool), 0)
    np.testing.assert_array_equal(got, keras.layers.Dropout(0)(x, training=True))
    assert not np.shares_memory(got, x)


@pytest.mark.parametrize("mask", [(1, 4, 6, 6, 8), (1, 1, 1, 1, 8), (1, 4, 1, 1, 1)])
def test_the_mean_over_many_masks_is_x(mask: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    x, rate, num_masks = rng.normal(size=(1, 4, 6, 6, 8)), 0.3, 4000
    total = sum(inverted_dropout(x, rng.random(mask) >= rate, rate) for _ in range(num_masks))
    # The standard deviation of one draw is |x| √(rate / (1 − rate)), five of the mean allowed.
    allowed = 5 * np.abs(x) * np.sqrt(rate / (1 - rate) / num_masks)
    assert (np.abs(total / num_masks - x) <= allowed + 1e-12).all()


def test_one_mask_of_a_clip_is_stochastic_depth() -> None:
    branch = np.random.default_rng(3).normal(size=(3, 2, 4, 4, 5))
    kept = np.array([True, False, True]).reshape(3, 1, 1, 1, 1)
    got = inverted_dropout(branch, kept, 0.2)
    np.testing.assert_allclose(got[[0, 2]], branch[[0, 2]] / 0.8)
    assert not got[1].any()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_dtype_stays_and_so_do_the_arguments(dtype: type) -> None:
    x: np.ndarray = np.ones((2, 3), dtype)
    kept = np.array([[True, False, True]])
    x.flags.writeable = kept.flags.writeable = False
    for rate in (0.5, np.float64(0.5)):
        got = inverted_dropout(x, kept, rate)
        assert got.dtype == dtype and (got == [[2, 0, 2]] * 2).all()


def test_bad_input_is_one_clear_error() -> None:
    x, kept = np.ones((2, 3)), np.ones((2, 3), bool)
    with pytest.raises(ValueError, match=r"rate is 1\.0, but it must be 0 or more and below 1"):
        inverted_dropout(x, kept, 1.0)
    with pytest.raises(ValueError, match=r"rate is -0\.1, but it must be 0 or more"):
        inverted_dropout(x, kept, -0.1)
    with pytest.raises(TypeError, match="x is int64, but it must be a NumPy array of floats"):
        inverted_dropout(x.astype(int), kept, 0.5)
    with pytest.raises(ValueError, match=r"x, of the shape \(2, 3\), must hold finite numbers"):
        inverted_dropout(x * np.nan, kept, 0.5)
    with pytest.raises(TypeError, match="kept must be a NumPy array of booleans"):
        inverted_dropout(x, kept.astype(float), 0.5)
    for shape in [(3,), (2, 2), (2, 3, 1), (4, 3)]:
        with pytest.raises(ValueError, match=r"kept has the shape .*, but x has \(2, 3\)"):
            inverted_dropout(x, np.ones(shape, bool), 0.5)
