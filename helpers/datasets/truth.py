"""What is true of a scene: masks, boxes, visible pixels, flow."""

import numpy as np

from helpers.datasets.rendering import Scene, patches, pixel_index


def masks(scene: Scene) -> np.ndarray:
    """bool (clips, frames, objects, height, width): what is seen of each object."""
    num_clips, num_frames, num_objects = scene.angle.shape
    seen = np.zeros((num_objects, num_clips * num_frames * scene.size**2), bool)
    for index, (coverage, rows, columns) in enumerate(patches(scene)):
        where = pixel_index(rows, columns, scene.size)[coverage >= 0.5]
        seen[:index, where] = False  # it lies in front of these
        seen[index, where] = True
    seen = seen.reshape(num_objects, num_clips, num_frames, scene.size, scene.size)
    seen &= ~scene.hidden[:, np.newaxis, np.newaxis]
    return np.moveaxis(seen, 0, 2)


def visible(scene: Scene) -> np.ndarray:
    """float32 (clips, frames, objects): the share of each object's pixels that are seen."""
    pixels = [(coverage >= 0.5).sum(axis=(-2, -1)) for coverage, _, _ in patches(scene)]
    return (masks(scene).sum(axis=(-2, -1)) / np.stack(pixels, axis=-1)).astype(np.float32)


def boxes(scene: Scene) -> np.ndarray:
    """float32 (clips, frames, objects, 4): tight xyxy boxes around all of each object."""
    found = []
    for coverage, rows, columns in patches(scene):
        x1, x2 = _span(coverage.max(axis=-2) >= 0.5, columns)
        y1, y2 = _span(coverage.max(axis=-1) >= 0.5, rows)
        found.append(np.stack([x1, y1, x2, y2], axis=-1))
    return np.stack(found, axis=2).astype(np.float32)


def _span(occupied: np.ndarray, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first occupied position, and the one after the last, along the last axis."""
    first = positions[..., 0] + occupied.argmax(axis=-1)
    after = positions[..., -1] + 1 - occupied[..., ::-1].argmax(axis=-1)
    return first, after


def flow(scene: Scene) -> np.ndarray:
    """float32 (clips, frames - 1, height, width, 2): forward flow (dx, dy) of what is seen."""
    num_clips, num_frames, num_objects = scene.angle.shape
    result = np.zeros((num_clips, num_frames - 1, scene.size, scene.size, 2), np.float32)
    seen = masks(scene)
    step = _short_way(np.diff(scene.center, axis=1), scene.size)
    turn = np.diff(scene.angle, axis=1)
    for index in range(num_objects):
        clip, frame, row, column = np.nonzero(seen[:, :-1, index])
        pixel = np.stack([column, row], axis=-1) + 0.5
        arm = _short_way(pixel - scene.center[clip, frame, index], scene.size)
        cos, sin = np.cos(turn[clip, frame, index]), np.sin(turn[clip, frame, index])
        x, y = arm[:, 0], arm[:, 1]
        turned = np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)
        result[clip, frame, row, column] = step[clip, frame, index] + turned - arm
    return result


def _short_way(difference: np.ndarray, size: int) -> np.ndarray:
    """The shortest of all differences that are the same on borders that wrap."""
    return (difference + size / 2) % size - size / 2
