"""How much a layer can stretch its input: its largest singular value, without an SVD."""

import numpy as np

from helpers import validate


def spectral_norm(
    weight: np.ndarray, u: np.ndarray, num_iterations: int = 1
) -> tuple[float, np.ndarray]:
    """Estimate the largest singular value of a layer's weight by power iteration.

    A layer whose weight is divided by it stretches no input (Miyato et al., 2018). One iteration
    a training step is enough, since weights change little from step to step, as long as the next
    call goes on with the u that this one returned.

    Args:
        weight: floats, (..., outputs), as Keras's `layer.kernel`: (inputs, outputs) for a dense
            layer, (frames, height, width, inputs, outputs) for a 3D convolution. It counts as
            the matrix of as many columns as there are outputs.
        u: floats, (outputs,), not all zeros: the estimate so far of the right singular vector.
            Its length does not matter.
        num_iterations: 1 or more. Each multiplies by the matrix, then by its transpose, and
            makes the result of length 1 after each of the two.

    Returns:
        The estimate of the singular value, v · matrix · u with the last v and the new u, as a
        float, and the new u, of length 1. If matrix · u is all zeros, 0.0 and u as it came.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> sigma, u = spectral_norm(np.diag([3.0, 1.0]), np.array([1.0, 1.0]), num_iterations=10)
    >>> round(sigma, 6), np.round(u, 6)
    (3.0, array([1., 0.]))
    """
    validate.power_iteration(weight, u, num_iterations)
    matrix = weight.reshape(-1, weight.shape[-1])  # (inputs, outputs)
    sigma = 0.0
    for _ in range(num_iterations):
        v = matrix @ u
        if not v.any():
            return 0.0, u  # such as a layer that begins at zero
        v = v / np.linalg.norm(v)
        u = matrix.T @ v
        sigma = float(np.linalg.norm(u))  # v · matrix · u, once u is of length 1
        u = u / sigma
    return sigma, u
