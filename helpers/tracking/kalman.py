"""The two steps of a Kalman filter: what is known of a state that moves and is measured.

What is known is a normal distribution: a mean, and a covariance that says how sure it is.
"""

import numpy as np

from helpers import validate


def predict(
    mean: np.ndarray, covariance: np.ndarray, transition: np.ndarray, process_noise: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is known of a state a step later, before it is measured again.

    In a step the state is multiplied by `transition`, and a random change is added whose mean is
    0 and whose covariance is `process_noise` (Kalman, 1960).

    Args:
        mean: floats or whole numbers, (n,).
        covariance: in the same way, (n, n), symmetric.
        transition: (n, n): row i says how the new entry i comes from the old entries.
        process_noise: (n, n), symmetric.

    Returns:
        The new mean, float64, (n,), and the new covariance, float64, (n, n). The arguments stay
        as they were.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> transition = np.array([[1, 1], [0, 1]])  # position and velocity
    >>> predict(np.array([5, 2]), np.eye(2), transition, process_noise=np.zeros((2, 2)))
    (array([7., 2.]), array([[2., 1.],
           [1., 1.]]))
    """
    validate.estimate(mean, covariance)
    validate.matrix(len(mean), len(mean), transition=transition)
    validate.covariances(len(mean), process_noise=process_noise)
    transition = transition.astype(np.float64)
    return transition @ mean, transition @ covariance @ transition.T + process_noise


def update(
    mean: np.ndarray,
    covariance: np.ndarray,
    measurement: np.ndarray,
    observation: np.ndarray,
    measurement_noise: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """What is known of a state after it was measured.

    A measurement is `observation` times the state, plus a random error whose mean is 0 and whose
    covariance is `measurement_noise` (Kalman, 1960).

    Args:
        mean: floats or whole numbers, (n,).
        covariance: in the same way, (n, n), symmetric.
        measurement: (m,).
        observation: (m, n): row j says how entry j of a measurement comes from the state.
        measurement_noise: (m, m), symmetric, with a diagonal above 0.

    Returns:
        The new mean, float64, (n,), and the new covariance, float64, (n, n). The arguments stay
        as they were.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> observation = np.array([[1, 0]])  # of position and velocity, the position is measured
    >>> update(np.array([7, 2]), np.eye(2), np.array([9]), observation, np.array([[1]]))
    (array([8., 2.]), array([[0.5, 0. ],
           [0. , 1. ]]))
    """
    validate.estimate(mean, covariance)
    validate.observed(len(mean), measurement, observation, measurement_noise)
    # How far the measurement is from what was expected, and how far it may well be.
    innovation = measurement - observation @ mean  # (m,)
    innovation_covariance = observation @ covariance @ observation.T + measurement_noise
    # The gain: covariance @ observation.T @ inv(innovation_covariance), both symmetric.
    gain = np.linalg.solve(innovation_covariance, observation @ covariance).T  # (n, m)
    # Joseph's form: unlike (I - gain @ observation) @ covariance it is a sum of two squares, so
    # that rounding cannot make a variance negative.
    left = np.eye(len(mean)) - gain @ observation
    return (
        mean + gain @ innovation,
        left @ covariance @ left.T + gain @ measurement_noise @ gain.T,
    )
