"""Flat shapes as templates of signed distance, from their corners."""

from functools import lru_cache

import numpy as np

from helpers.datasets.rendering import template_axis

# Corners, x to the right and y down, within the unit circle; turning is about (0, 0).
_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7)),
    "triangle": ((0.0, -1.0), (0.866, 0.5), (-0.866, 0.5)),
    "bar": ((-0.93, -0.35), (0.93, -0.35), (0.93, 0.35), (-0.93, 0.35)),
    "arrow": (
        (-0.9, -0.25),
        (0.0, -0.25),
        (0.0, -0.75),
        (1.0, 0.0),
        (0.0, 0.75),
        (0.0, 0.25),
        (-0.9, 0.25),
    ),
    "L": (
        (-0.6, -0.8),
        (-0.08, -0.8),
        (-0.08, 0.23),
        (0.66, 0.23),
        (0.66, 0.75),
        (-0.6, 0.75),
    ),
    "T": (
        (-0.8, -0.6),
        (0.8, -0.6),
        (0.8, -0.05),
        (0.28, -0.05),
        (0.28, 0.9),
        (-0.28, 0.9),
        (-0.28, -0.05),
        (-0.8, -0.05),
    ),
}

SHAPES: tuple[str, ...] = ("circle", *_CORNERS)
"""The shapes that `moving_shapes` knows."""


@lru_cache(maxsize=16)
def shape_template(name: str, side: int) -> np.ndarray:
    """The signed distance to a shape's edge, positive inside, in radii of the circle round it.

    >>> template = shape_template("circle", side=160)
    >>> template.shape, bool(template[80, 80] > 0.9), bool(template[0, 0] < -0.5)
    ((160, 160), True, True)
    """
    axis = template_axis(side)
    points = np.stack(np.meshgrid(axis, axis), axis=-1)  # (side, side, 2)
    if name == "circle":
        return (1 - np.linalg.norm(points, axis=-1)).astype(np.float32)
    corners = np.asarray(_CORNERS[name])
    distance = np.full(points.shape[:2], np.inf)
    inside = np.zeros(points.shape[:2], bool)
    for first, second in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        edge, to_point = second - first, points - first
        along = np.clip(to_point @ edge / (edge @ edge), 0, 1)
        nearest = to_point - along[..., np.newaxis] * edge
        distance = np.minimum(distance, np.linalg.norm(nearest, axis=-1))
        # A ray to the right of a point inside crosses the outline an odd number of times.
        spans = (first[1] > points[..., 1]) != (second[1] > points[..., 1])
        if edge[1] != 0:
            crossing = first[0] + (points[..., 1] - first[1]) * edge[0] / edge[1]
            inside ^= spans & (points[..., 0] < crossing)
    return np.where(inside, distance, -distance).astype(np.float32)
