"""How SORT describes a box that moves: its state, and what it takes for granted."""

from dataclasses import dataclass

import numpy as np

from helpers import validate


@dataclass(frozen=True, eq=False)
class MotionModel:
    """What a Kalman filter takes for granted, as float64.

    Args:
        transition: (n, n), as in `predict`.
        process_noise: (n, n), as in `predict`.
        observation: (m, n), as in `update`.
        measurement_noise: (m, m), as in `update`.
        initial_covariance: (n, n): how sure a state is that was measured once.
    """

    transition: np.ndarray
    process_noise: np.ndarray
    observation: np.ndarray
    measurement_noise: np.ndarray
    initial_covariance: np.ndarray


def constant_velocity() -> MotionModel:
    """SORT's model: a box whose centre and area change by the same amount in each frame.

    The state is (x, y, s, r, vx, vy, vs): the centre in pixels, the area in square pixels, width
    divided by height, and how much the first three change in a frame; the aspect ratio stays.
    The first four are measured. The numbers are those of the authors' code, abewley/sort (Bewley,
    Ge, Ott, Ramos and Upcroft, ICIP 2016). The noise does not depend on the size of a box, so
    that the pixels of a small and of a large one are trusted alike.

    Returns:
        The model, n = 7 and m = 4.

    >>> model = constant_velocity()
    >>> model.transition @ np.array([10, 20, 500, 2, 1, -1, 30])
    array([ 11.,  19., 530.,   2.,   1.,  -1.,  30.])
    >>> np.diagonal(model.measurement_noise)
    array([ 1.,  1., 10., 10.])
    """
    transition = np.eye(7)
    transition[[0, 1, 2], [4, 5, 6]] = 1
    return MotionModel(
        transition=transition,
        process_noise=np.diag([1, 1, 1, 1, 0.01, 0.01, 0.0001]),
        observation=np.eye(4, 7),
        measurement_noise=np.diag([1.0, 1, 10, 10]),
        # Nothing is known of a velocity from one box: its variance is very large.
        initial_covariance=np.diag([10.0, 10, 10, 10, 10_000, 10_000, 10_000]),
    )


def to_states(boxes: np.ndarray) -> np.ndarray:
    """Boxes as SORT measures them.

    Args:
        boxes: floats or whole numbers, (n, 4): x1, y1, x2, y2, with width and height above 0.

    Returns:
        float64, (n, 4): x and y of the centre, area, and width divided by height.

    Raises:
        TypeError, ValueError: when the boxes are not as described.

    >>> to_states(np.array([[0, 10, 20, 20]]))
    array([[ 10.,  15., 200.,   2.]])
    """
    validate.measurable_boxes(boxes=boxes)
    low, high = np.split(boxes.astype(np.float64), 2, axis=1)
    width, height = (high - low).T
    return np.column_stack([(low + high) / 2, width * height, width / height])


def to_boxes(states: np.ndarray) -> np.ndarray:
    """The boxes of SORT's states: the inverse of `to_states`.

    Args:
        states: floats or whole numbers, (n, 4) or, with velocities, (n, 7); area and aspect ratio
            above 0.

    Returns:
        float64, (n, 4): x1, y1, x2, y2.

    Raises:
        ValueError: when the states are not as described.

    >>> to_boxes(np.array([[10, 15, 200, 2]]))
    array([[ 0., 10., 20., 20.]])
    """
    validate.box_states(states=states)
    center, area, aspect_ratio = np.split(states[:, :4].astype(np.float64), [2, 3], axis=1)
    width = np.sqrt(area * aspect_ratio)
    extent = np.concatenate([width, area / width], axis=1)
    return np.concatenate([center - extent / 2, center + extent / 2], axis=1)
