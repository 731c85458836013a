"""What the Kalman filter's cases of chapter 23 are made of."""

import numpy as np

POSITION_AND_VELOCITY = np.array([[1, 1], [0, 1]])


def draw_covariance(rng, size):
    """Symmetric, with a positive diagonal, and well away from singular."""
    root = rng.integers(-2, 3, (size, size))
    return (root @ root.T + np.eye(size)).round(3)


def is_covariance(matrix):
    return bool(
        np.allclose(matrix, matrix.T, atol=1e-6)
        and np.linalg.eigvalsh(matrix).min() > -1e-6 * max(1, np.abs(matrix).max())
    )
