"""From poses to pixels: templates of objects, turned, scaled, moved and laid over each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

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


def template_axis(side: int) -> np.ndarray:
    """Where the columns, and the rows, of a template lie, in radii of the object: (side,)."""
    return TEMPLATE_REACH * ((np.arange(side) + 0.5) / side * 2 - 1)


def patches(scene: Scene) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each object, back to front, the square of pixels around it in all frames.

    Yields:
        - coverage, float32 (clips, frames, side, side): the share of the pixel that the object
          covers, hidden or not, as told by how far its edge is from the pixel's middle; at
          least a half where the middle lies in the object
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
        level = _between_samples(
            scene.templates, scene.kind[:, index], (x * cos, y * sin), (x * -sin, y * cos)
        )
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
        float32 (channels, clips, frames, height, width), grey levels: channels come first,
        since NumPy is several times as fast on long rows as on rows of three.
    """
    num_clips, num_frames = scene.center.shape[:2]
    size, channels = scene.size, background.shape[-1]
    frames = np.empty((channels, num_clips, num_frames, size, size), np.float32)
    frames[...] = background.T[:, :, np.newaxis, np.newaxis, np.newaxis]
    planes = frames.reshape(channels, -1)
    for index, (coverage, rows, columns) in enumerate(patches(scene)):
        where = pixel_index(rows, columns, size)  # (clips, frames, side, side)
        for plane, level in zip(planes, color[:, index].T, strict=True):
            behind = plane.take(where)
            plane[where] = behind + coverage * (level[:, None, None, None] - behind)
    return frames


def add_sensor_noise(video: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Add Gaussian noise, fresh in every value, as `preprocessing.add_noise` does, but faster.

    The noise is looked up among 65,536 quantiles, so none is above 4.3 standard deviations.
    """
    noise = _rounded_quantiles(sigma)[rng.integers(2**16, size=video.shape, dtype=np.uint16)]
    noise += video
    return np.clip(noise, 0, 255, out=noise).astype(np.uint8)


@lru_cache(maxsize=4)
def _rounded_quantiles(sigma: float) -> np.ndarray:
    quantiles = special.ndtri((np.arange(2**16) + 0.5) / 2**16)
    rounded: np.ndarray = np.rint(np.clip(sigma * quantiles, -255, 255)).astype(np.int16)
    return rounded


def pixel_index(rows: np.ndarray, columns: np.ndarray, size: int) -> np.ndarray:
    """Where the pixels of a batch of squares lie in the flat array of all frames' pixels."""
    frame = np.arange(rows[..., 0].size).reshape(rows.shape[:-1])[..., np.newaxis]
    row_start = (frame * size + rows % size) * size
    return row_start[..., np.newaxis] + (columns % size)[..., np.newaxis, :]


def _between_samples(
    templates: np.ndarray,
    kind: np.ndarray,
    along: tuple[np.ndarray, np.ndarray],
    down: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """Look the templates up, bilinearly, (clips, frames, side, side).

    `along` and `down`, in samples from the template's middle, are each the sum of a part that
    changes with the column and one that changes with the row: (clips, frames, side).
    """
    side = templates.shape[-1]
    index = (kind * side**2)[:, np.newaxis, np.newaxis, np.newaxis]
    shares = []
    for (of_column, of_row), stride in ((along, 1), (down, side)):
        of_column = of_column.astype(np.float32)
        of_row = (of_row + (side - 1) / 2).astype(np.float32)
        place = of_column[..., np.newaxis, :] + of_row[..., np.newaxis]
        np.clip(place, 0, side - 1.001, out=place)  # beyond the template all is background
        before = place.astype(np.int32)
        shares.append(np.subtract(place, before, out=place, casting="unsafe"))
        index = index + stride * before
    # One of the four samples around each place, and the three that lie 1, side and side + 1 on.
    flat = templates.reshape(-1)
    here, beside, below, across = (flat[on:].take(index) for on in (0, 1, side, side + 1))
    right, down_share = shares
    here += right * (beside - here)
    below += right * (across - below)
    here += down_share * (below - here)
    return here
