import numpy as np
import pytest
from scipy import linalg

from helpers.generation import frechet_distance


def of_rank(rng: np.random.Generator, size: int, rank: int) -> np.ndarray:
    factors = rng.normal(size=(size, rank)) * 10 ** rng.uniform(-2, 2)
    return factors @ factors.T


def by_scipy(
    mean: np.ndarray, covariance: np.ndarray, other_mean: np.ndarray, other: np.ndarray
) -> float:
    """As the usual programs for FID have it."""
    root = linalg.sqrtm(covariance @ other)
    return float(
        ((mean - other_mean) ** 2).sum() + np.trace(covariance + other - 2 * np.real(root))
    )


def test_equal_to_scipys_root_for_hundreds_of_covariances() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        size = int(rng.integers(1, 33))
        means = rng.normal(size=(2, size))
        # More than full rank, so that sqrtm is exact enough to compare with.
        one, other = (of_rank(rng, size, 2 * size) for _ in range(2))
        got = frechet_distance(means[0], one, means[1], other)
        scale = np.trace(one) + np.trace(other)
        np.testing.assert_allclose(
            got, by_scipy(means[0], one, means[1], other), rtol=1e-7, atol=1e-9 * scale
        )


def exactly(one: np.ndarray, other: np.ndarray) -> float:
    """|X - Y|² for the best rotation, of covariances X Xᵀ and Y Yᵀ of any rank: no root at all."""
    overlap = np.linalg.svd(one.T @ other, compute_uv=False).sum()
    return float((one**2).sum() + (other**2).sum() - 2 * overlap)


def test_singular_covariances_of_any_rank() -> None:
    rng = np.random.default_rng(1)
    for _ in range(300):
        size = int(rng.integers(1, 17))
        factors = [rng.normal(size=(size, int(rng.integers(0, size + 1)))) for _ in range(2)]
        one, other = (factor @ factor.T for factor in factors)
        zeros = np.zeros(size)
        got = frechet_distance(zeros, one, zeros, other)
        wanted = exactly(*factors)
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-6)
        assert got >= 0


def test_equal_to_the_closed_form_of_diagonal_covariances() -> None:
    rng = np.random.default_rng(2)
    for _ in range(300):
        size = int(rng.integers(1, 65))
        one, other = rng.exponential(size=(2, size)) * (rng.random((2, size)) < 0.7)
        means = rng.normal(size=(2, size))
        wanted = ((means[0] - means[1]) ** 2).sum() + ((one**0.5 - other**0.5) ** 2).sum()
        got = frechet_distance(means[0], np.diag(one), means[1], np.diag(other))
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


def test_symmetric_and_zero_for_equal_gaussians() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        size = int(rng.integers(1, 65))
        means = rng.normal(size=(2, size))
        one, other = (of_rank(rng, size, int(rng.integers(0, 2 * size))) for _ in range(2))
        got = frechet_distance(means[0], one, means[1], other)
        np.testing.assert_allclose(got, frechet_distance(means[1], other, means[0], one))
        # Near zero the rounding of the traces is left.
        same = frechet_distance(means[0], one, means[0], one)
        assert 0 <= same <= 1e-12 * max(1.0, np.trace(one))


def test_blind_to_the_order_and_the_turn_of_the_features() -> None:
    rng = np.random.default_rng(4)
    means, one, other = rng.normal(size=(2, 6)), of_rank(rng, 6, 9), of_rank(rng, 6, 3)
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    turned = frechet_distance(
        means[0] @ turn, turn.T @ one @ turn, means[1] @ turn, turn.T @ other @ turn
    )
    np.testing.assert_allclose(
        turned, frechet_distance(means[0], one, means[1], other), rtol=1e-6
    )


def test_few_clips_make_it_too_large() -> None:
    """Of one distribution against its truth; why sets of one size are compared."""
    rng = np.random.default_rng(5)
    distances = []
    for num_clips in (70, 700):
        features = rng.normal(size=(num_clips, 32))
        covariance = np.cov(features, rowvar=False)
        distances.append(
            frechet_distance(features.mean(axis=0), covariance, np.zeros(32), np.eye(32))
        )
    assert distances[0] > 5 * distances[1] > 0


def test_bad_gaussians_are_one_clear_error() -> None:
    zeros, eye = np.zeros(2), np.eye(2)
    with pytest.raises(TypeError, match="mean is list"):
        frechet_distance([0.0, 0.0], eye, zeros, eye)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"mean has the shape \(1, 2\), .* \(2,\)"):
        frechet_distance(zeros[np.newaxis], eye, zeros, eye)
    with pytest.raises(ValueError, match=r"other_mean has the shape \(3,\), .* \(2,\)"):
        frechet_distance(zeros, eye, np.zeros(3), eye)
    with pytest.raises(ValueError, match=r"covariance has the shape \(2,\), .* \(2, 2\)"):
        frechet_distance(zeros, zeros, zeros, eye)
    with pytest.raises(ValueError, match="other_covariance is not symmetric"):
        frechet_distance(zeros, eye, zeros, np.array([[1.0, 1.0], [0.0, 1.0]]))
    with pytest.raises(ValueError, match="covariance has the eigenvalue -1"):
        frechet_distance(zeros, -eye, zeros, eye)
    with pytest.raises(ValueError, match="mean must hold finite numbers"):
        frechet_distance(zeros + np.nan, eye, zeros, eye)
