"""Ways from one latent vector to another."""

import numpy as np

from helpers import validate


def interpolate(first: np.ndarray, second: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Interpolate between two latent vectors along an arc (slerp; Shoemake, 1985).

    Latents of many dimensions all lie near a sphere, and a straight line between two of them
    would leave it (White, 2016). With ω the angle between the vectors, the point at a share s of
    the way is (sin((1 - s) ω) first + sin(s ω) second) / sin(ω). So vectors of one length keep it
    all the way, and each share turns by the same angle.

    Args:
        first, second: floats, (dimensions,), neither all zeros. They need not be of one length.
        shares: floats, (steps,), from 0, the first, to 1, the second.

    Returns:
        Floats, (steps, dimensions). Where sin(ω) is below 1e-6, since the vectors point the same
        way or opposite ways, the points of the straight line.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> interpolate(np.array([2.0, 0.0]), np.array([0.0, 2.0]), np.array([0.0, 0.5, 1.0])).round(3)
    array([[2.   , 0.   ],
           [1.414, 1.414],
           [0.   , 2.   ]])
    """
    validate.latents(first, second, shares)
    shares = np.asarray(shares)[:, np.newaxis]  # (steps, 1)
    cosine = first @ second / (np.linalg.norm(first) * np.linalg.norm(second))
    angle = np.arccos(np.clip(cosine, -1, 1))  # rounding can take a cosine beyond 1
    sine = np.sin(angle)
    if sine < 1e-6:
        return (1 - shares) * first + shares * second
    return np.sin((1 - shares) * angle) / sine * first + np.sin(shares * angle) / sine * second
