import numpy as np
import pytest

from helpers.generation import spectral_norm


def draw(rng: np.random.Generator) -> np.ndarray:
    """A weight of a dense layer or of a 3D convolution."""
    outputs = int(rng.integers(1, 9))
    if rng.random() < 0.5:
        return rng.normal(size=(int(rng.integers(1, 9)), outputs))
    return rng.normal(size=(*rng.integers(1, 4, 4), outputs))


def test_many_iterations_come_to_the_singular_value_of_numpy() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        weight = draw(rng)
        matrix = weight.reshape(-1, weight.shape[-1])
        wanted = np.linalg.svd(matrix, compute_uv=False)[0]
        before = 0.0
        sigma, u = spectral_norm(weight, rng.normal(size=(weight.shape[-1],)))
        while sigma - before > 1e-10:  # it creeps where the second value is close to the first
            before = sigma
            sigma, u = spectral_norm(weight, u, 20)
        np.testing.assert_allclose(sigma, wanted, rtol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(u), 1)
        np.testing.assert_allclose(np.linalg.norm(matrix @ u), wanted, rtol=1e-6)


def test_each_iteration_comes_nearer_from_below() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        weight, u = draw(rng), rng.normal(size=8)
        u = u[: weight.shape[-1]]
        largest = np.linalg.norm(weight.reshape(-1, weight.shape[-1]), 2)
        before = 0.0
        for _ in range(10):
            sigma, u = spectral_norm(weight, u)
            assert before - 1e-12 < sigma < largest + 1e-9
            before = sigma


def test_one_call_of_three_is_three_calls_of_one() -> None:
    rng = np.random.default_rng(2)
    weight, u = draw(rng), np.ones(9)
    u = u[: weight.shape[-1]]
    at_once = spectral_norm(weight, u, 3)
    for _ in range(3):
        sigma, u = spectral_norm(weight, u)
    np.testing.assert_allclose(sigma, at_once[0])
    np.testing.assert_allclose(u, at_once[1])


def test_equal_to_keras() -> None:
    import keras

    rng = np.random.default_rng(3)
    for iterations in (1, 2, 5):
        kernel = rng.normal(size=(3, 3, 3, 2, 4)).astype(np.float32)
        layer = keras.layers.SpectralNormalization(
            keras.layers.Conv3D(4, 3, use_bias=False), power_iterations=iterations
        )
        layer.build((None, 4, 4, 4, 2))
        layer.layer.kernel.assign(kernel)
        u = np.asarray(layer.vector_u)[0]
        sigma, new = spectral_norm(kernel, u, iterations)
        layer(np.zeros((1, 4, 4, 4, 2), np.float32), training=True)
        np.testing.assert_allclose(np.asarray(layer.layer.kernel), kernel / sigma, rtol=1e-4)
        np.testing.assert_allclose(np.asarray(layer.vector_u)[0], new, rtol=1e-3, atol=1e-5)


def test_a_weight_of_zeros_or_one_that_is_blind_to_u() -> None:
    u = np.array([3.0, 4.0])
    sigma, same = spectral_norm(np.zeros((3, 2)), u)
    assert sigma == 0.0 and np.array_equal(same, u)
    sigma, same = spectral_norm(np.array([[1.0, 0.0]]), np.array([0.0, 2.0]))
    assert sigma == 0.0 and np.array_equal(same, [0.0, 2.0])


def test_the_arguments_stay() -> None:
    weight, u = np.eye(2), np.ones(2)
    spectral_norm(weight, u, 3)
    assert np.array_equal(weight, np.eye(2)) and np.array_equal(u, np.ones(2))


def test_bad_input_is_one_clear_error() -> None:
    weight, u = np.eye(3)[:2], np.ones(3)
    with pytest.raises(ValueError, match=r"weight has the shape \(3,\)"):
        spectral_norm(u, u)
    with pytest.raises(TypeError, match="weight is int64"):
        spectral_norm(weight.astype(int), u)
    with pytest.raises(ValueError, match=r"u has the shape \(2,\), but weight has 3 outputs"):
        spectral_norm(weight, u[:2])
    with pytest.raises(ValueError, match="u is all zeros"):
        spectral_norm(weight, 0 * u)
    with pytest.raises(ValueError, match="num_iterations is 0"):
        spectral_norm(weight, u, 0)
