"""From poses to pixels: templates of objects, turned, scaled, moved and laid over each other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

TEMPLATE_REACH = 1.25  # how far a template reaches from its middle, in radii of the object


@dataclass(frozen=True)
class Scene:
    """Objects in a batch of clips. Later objects lie in front of earlier ones."""

    templates: np.ndarray  # float32 (kinds, side, side): distance to the edge, positive inside
    kind: np.ndarray  # (clips, objects): which template
    radius: np.ndarray  # (clips, objects): of the circle round the object, pixels
    center: np.ndarray  # (clips, frames, objects, 2): x and y, 0 to size
    angle: np.ndarray  # (clips, frames, objects): radians, clockwise
    size: int  # of the square frames, whose borders are joined
    hidden: np.ndarray  # bool (clips, width): the columns behind the occluder


def joined(scenes: list[Scene]) -> Scene:
    """The scenes' clips in one batch; templates and frame size are the same in all."""
    return Scene(
        templates=scenes[0].templates,
        kind=np.concatenate([scene.kind for scene in scenes]),
        radius=np.concatenate([scene.radius for scene in scenes]),
        center=np.concatenate([scene.center for scene in scenes]),
        angle=np.concatenate([scene.angle for scene in scenes]),
        size=scenes[0].size,
        hidden=np.concatenate([scene.hidden for scene in scenes]),
    )


def template_axis(side: int) -> np.ndarray:
    """Where the columns, and the rows, of a template lie, in radii of the object: (side,)."""
    return TEMPLATE_REACH * ((np.arange(side) + 0.5) / side * 2 - 1)


def patches(scene: Scene) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each object, back to front, the square of pixels around it in all frames.

    Yields:
        - coverage, float32 (clips, frames, side, side): the share of the pixel that the object
          covers, hidden or not
        - rows, (clips, frames, side), and columns, likewise: where the square lies. They may
          run over a border of the frame: take them modulo its size.
    """
    half = int(np.ceil(scene.radius.max())) + 1
    side = np.arange(-half, half + 1)
    for index in range(scene.kind.shape[1]):
        center = scene.center[:, :, index]  # (clips, frames, 2)
        corner = np.floor(center).astype(np.intp)
        columns, rows = (corner[..., axis, np.newaxis] + side for axis in (0, 1))
        radius = scene.radius[:, index, np.newaxis, np.newaxis]  # (clips, 1, 1)
        # From the pixels' middles back into the template's own samples.
        scale = scene.templates.shape[-1] / (2 * TEMPLATE_REACH * radius)
        x = (columns + 0.5 - center[..., :1]) * scale
        y = (rows + 0.5 - center[..., 1:]) * scale
        cos = np.cos(scene.angle[:, :, index, np.newaxis])
        sin = np.sin(scene.angle[:, :, index, np.newaxis])
        level = _sample(scene, index, (x * cos, y * sin), (x * -sin, y * cos))
        level *= radius[..., np.newaxis].astype(np.float32)
        level += np.float32(0.5)
        yield np.clip(level, 0, 1, out=level), rows, columns


def render(scene: Scene, color: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Paint the objects, without the occluder.

    Args:
        scene: what to paint.
        color: float32 (clips, objects, channels), grey levels.
        background: float32 (clips, channels), grey levels.

    Returns:
        float32 (clips, frames, height, width, channels), grey levels.
    """
    num_clips, num_frames = scene.center.shape[:2]
    size, channels = scene.size, background.shape[-1]
    shape = (num_clips, num_frames, size, size, channels)
    frames = np.broadcast_to(background[:, np.newaxis, np.newaxis, np.newaxis], shape).copy()
    pixels = frames.reshape(-1, channels)
    for index, (coverage, rows, columns) in enumerate(patches(scene)):
        where = pixel_index(rows, columns, size)
        behind = pixels[where]  # (clips, frames, side, side, channels)
        paint = color[:, index, np.newaxis, np.newaxis, np.newaxis]
        pixels[where] = behind + coverage[..., np.newaxis] * (paint - behind)
    return frames


def pixel_index(rows: np.ndarray, columns: np.ndarray, size: int) -> np.ndarray:
    """Where the pixels of a batch of squares lie in the flat array of all frames' pixels."""
    frame = np.arange(rows[..., 0].size).reshape(rows.shape[:-1])[..., np.newaxis]
    row_start = (frame * size + rows % size) * size
    return row_start[..., np.newaxis] + (columns % size)[..., np.newaxis, :]


def _sample(
    scene: Scene,
    index: int,
    along: tuple[np.ndarray, np.ndarray],
    down: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """The nearest samples of the objects' templates at (along, down), sums of x and y parts."""
    side = scene.templates.shape[-1]
    offset, limit = np.float32(side / 2), np.float32(side - 1)
    places = []
    for of_x, of_y in (along, down):
        of_x, of_y = of_x.astype(np.float32), (of_y + offset).astype(np.float32)
        place = of_x[..., np.newaxis, :] + of_y[..., np.newaxis]
        places.append(np.clip(place, 0, limit, out=place).astype(np.int32))
    column, row = places
    row *= side
    row += column
    row += (scene.kind[:, index] * side**2).astype(np.int32)[:, None, None, None]
    level: np.ndarray = scene.templates.reshape(-1)[row]
    return level
