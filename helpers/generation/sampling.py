"""Flow matching's straight path from noise to data, and the ways to walk it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers import validate

Velocity = Callable[[np.ndarray, float], np.ndarray]
"""What takes points (batch, ...) and a moment, 0 to 1, and gives how the points move there."""


def straight_path(noise: Any, data: Any, moment: Any) -> tuple[Any, Any]:
    """Where a point is on its straight way from noise to data, and its velocity there.

    At moment 0 it is the noise, at moment 1 the data. The velocity is the same all along the
    way. Rectified flow (Liu et al., 2023) and flow matching (Lipman et al., 2023, with their
    σ_min = 0) train a network to predict it from the point and the moment alone.

    Args:
        noise, data: floats of one shape, (batch, ...), arrays or tensors.
        moment: 0 to 1, a number or floats that broadcast against the data.

    Returns:
        The points and their velocities, both of the shape of the data.

    >>> point, velocity = straight_path(np.array([2.0]), np.array([6.0]), 0.25)
    >>> point, velocity
    (array([3.]), array([4.]))
    """
    if noise.shape != data.shape:
        raise ValueError(
            f"noise has the shape {tuple(noise.shape)} and data {tuple(data.shape)}, but the two "
            "shapes must be equal."
        )
    return (1 - moment) * noise + moment * data, data - noise


def euler(velocity: Velocity, noise: np.ndarray, num_steps: int) -> np.ndarray:
    """Walk from noise to data in equal steps, each along the velocity where it begins.

    Args:
        velocity: of the points at a moment; it is asked once a step.
        noise: floats (batch, ...), where the walk begins, at moment 0.
        num_steps: at least 1.

    >>> euler(lambda point, moment: np.full_like(point, 2 * moment), np.zeros(1), 4)
    array([0.75])
    """
    validate.positive_int(num_steps=num_steps)
    point = noise
    for step in range(num_steps):
        point = point + velocity(point, step / num_steps) / num_steps
    return point


def heun(velocity: Velocity, noise: np.ndarray, num_steps: int) -> np.ndarray:
    """Walk as `euler` does, each step along the mean of the velocities at its two ends.

    The end is where Euler's step would arrive. It asks for two velocities a step; halving the
    step quarters the error, where Euler's halves.

    >>> heun(lambda point, moment: np.full_like(point, 2 * moment), np.zeros(1), 4)
    array([1.])
    """
    validate.positive_int(num_steps=num_steps)
    point = noise
    for step in range(num_steps):
        begin = velocity(point, step / num_steps)
        end = velocity(point + begin / num_steps, (step + 1) / num_steps)
        point = point + (begin + end) / (2 * num_steps)
    return point
