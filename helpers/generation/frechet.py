"""How far apart two clouds of features lie, as FID and FVD measure it."""

import numpy as np

from helpers import validate


def frechet_distance(
    mean: np.ndarray,
    covariance: np.ndarray,
    other_mean: np.ndarray,
    other_covariance: np.ndarray,
) -> float:
    """Return the squared Fréchet distance of two Gaussians (Dowson and Landau, 1982).

    It is |mean - other mean|² + trace(A + B - 2 (A B)^½), with A and B the covariances. FID
    (Heusel et al., 2017) is this number for features of images, FVD (Unterthiner et al., 2018)
    for features of clips.

    Args:
        mean: floats, (d,).
        covariance: floats, (d, d), symmetric, without a negative eigenvalue but for rounding. It
            may be singular, or all zeros.
        other_mean, other_covariance: the other Gaussian's.

    Returns:
        A float of 0 or more: 0 for equal Gaussians.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frechet_distance(np.zeros(2), np.eye(2), np.array([3.0, 4.0]), np.eye(2))
    25.0
    >>> frechet_distance(np.zeros(2), np.diag([4.0, 1.0]), np.zeros(2), np.diag([1.0, 0.0]))
    2.0
    """
    validate.gaussians(mean, covariance, other_mean, other_covariance)
    # trace((A B)^½) is the sum of the singular values of A^½ B^½: it needs no root of a product,
    # which is not symmetric, and whose root may come out complex.
    roots = []
    for matrix in (covariance, other_covariance):
        values, vectors = np.linalg.eigh(matrix)
        # Rounding leaves a singular matrix eigenvalues a little below 0.
        roots.append(vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T)
    overlap = np.linalg.svd(roots[0] @ roots[1], compute_uv=False).sum()
    apart = ((mean - other_mean) ** 2).sum()
    spread = np.trace(covariance) + np.trace(other_covariance) - 2 * overlap
    return max(0.0, float(apart + spread))
