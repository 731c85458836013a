"""A camera that moves over real film: the class is its motion."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from helpers import validate
from helpers.datasets.motions import between
from helpers.datasets.moving import dealt
from helpers.datasets.real import REAL_CLIPS, real_clip
from helpers.preprocessing import add_noise
from helpers.video import probe, read_clip

CAMERA_MOTIONS: tuple[str, ...] = (
    "pan left",
    "pan right",
    "pan up",
    "pan down",
    "zoom in",
    "zoom out",
    "clockwise",
    "anticlockwise",
    "still",
)
"""The classes of `camera_motion`, in the order of their labels."""

# What the window does in each class: goes right, goes down, comes closer, turns clockwise.
_WAYS = np.array(
    [
        (-1, 0, 0, 0),
        (1, 0, 0, 0),
        (0, -1, 0, 0),
        (0, 1, 0, 0),
        (0, 0, 1, 0),
        (0, 0, -1, 0),
        (0, 0, 0, 1),
        (0, 0, 0, -1),
        (0, 0, 0, 0),
    ]
)

# First frame and the one after the last of the stretches in which a film's own camera stands
# still: features tracked over 11 frames stay within 0.2 pixels at a height of 144. The cameras
# of the other films are held in the hand, or glide.
_STANDS_STILL = {"bigbuckbunny": (84, 130), "pedestrians": (0, 400)}
_SHORTEST_STRETCH = 46

_BLOCK = 32  # clips that share one stream of random numbers
_NUM_DRAWS = 10
_SIDE = (0.35, 0.7)  # of the window in the middle of the clip, in heights of the film
_PAN = (0.03, 0.07)  # sides of the window, each frame
_ZOOM = (0.03, 0.055)  # logarithm of the side, each frame
_SPIN = (0.06, 0.14)  # radians a frame


@dataclass(frozen=True, eq=False)
class CameraClips:
    """Clips of a moving camera over real film.

    Attributes:
        video: uint8 (clips, frames, height, width, channels).
        label: int64 (clips,), an index into `class_names`.
        class_names: the motions, `CAMERA_MOTIONS`.
        source: str (clips,), the name of the film that the clip was cut from.
    """

    video: np.ndarray = field(repr=False)
    label: np.ndarray = field(repr=False)
    class_names: tuple[str, ...]
    source: np.ndarray = field(repr=False)


def camera_motion(
    num_clips: int,
    *,
    seed: int,
    sources: tuple[str, ...] = REAL_CLIPS,
    num_frames: int = 12,
    size: int = 32,
    channels: int = 3,
    noise: float = 4.0,
) -> CameraClips:
    """Cut clips from real film through a window that moves; the class is how it moves.

    The names say what the **window** does, as a camera would: in "pan left" it goes to its own
    left, so that the picture goes to the right; in "zoom in" it shrinks, so that things grow;
    in "clockwise" it turns clockwise, so that the picture turns the other way. To test on other
    films than you trained on, name them in `sources`.

    The window starts anywhere, turned anyhow; beyond the film's borders the film goes on
    mirrored. So a single frame, even with its number, says nothing about which way the window
    pans or turns. Zooming cannot be hidden as well: a window that shrinks is larger in the first
    frames. Every clip has its size from a zoom that the other classes stop at some random
    moment, so a frame without its number says nothing about zooming either.

    The film plays where its own camera stands still: "pedestrians", and frames 84 to 129 of
    "bigbuckbunny". Of "bikes" and "city_night", whose cameras move, each clip shows one frame.

    Args:
        num_clips: how many, at least 1. The first clips do not depend on how many follow.
        seed: 0 or more; the same seed and arguments, the same clips.
        sources: names of real clips, see `real_clip`; each is as likely.
        num_frames: 2 to 46.
        size: height and width of the frames in pixels, 16 to 128.
        channels: 3 for colour, 1 for grey.
        noise: standard deviation of the sensor's noise in grey levels, 0 for none.

    Raises:
        TypeError, ValueError: when an argument is not as described.
        VideoError: when a film cannot be read.

    >>> clips = camera_motion(9, seed=0, sources=("bikes",))
    >>> clips.video.shape, sorted(clips.label.tolist()) == list(range(9)), clips.source[0]
    ((9, 12, 32, 32, 3), True, np.str_('bikes'))
    """
    validate.positive_int(num_clips=num_clips, num_frames=num_frames, size=size)
    validate.non_negative_int(seed=seed)
    validate.options(REAL_CLIPS, sources=sources)
    validate.within(2, _SHORTEST_STRETCH, num_frames=num_frames)
    validate.within(16, 128, size=size)
    validate.options((1, 3), channels=(channels,))
    validate.non_negative(noise=noise)

    label = dealt(num_clips, len(CAMERA_MOTIONS), seed)
    films = {name: _film(name, 2 * size, channels) for name in sources}
    videos, names = [], []
    for block, first in enumerate(range(0, num_clips, _BLOCK)):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(block,)))
        classes = label[first : first + _BLOCK]
        draws = rng.random((_BLOCK, _NUM_DRAWS))[: len(classes)]
        source = np.asarray(sources)[(draws[:, 0] * len(sources)).astype(int)]
        video = np.empty((len(classes), num_frames, size, size, channels), np.uint8)
        for name in np.unique(source):
            mine = source == name
            plays = name in _STANDS_STILL
            video[mine] = _cut(
                films[name], plays, classes[mine], draws[mine, 1:], num_frames, size
            )
        videos.append(add_noise(video, noise, rng) if noise else video)
        names.append(source)
    return CameraClips(np.concatenate(videos), label, CAMERA_MOTIONS, np.concatenate(names))


@lru_cache(maxsize=8)
def _film(name: str, short_side: int, channels: int) -> np.ndarray:
    """The frames to cut from, uint8 (channels, frames, height, width): quick to look up."""
    path = real_clip(name)
    first, stop = _STANDS_STILL.get(name, (0, probe(path).num_frames))
    frames = read_clip(path, stop - first, stride=1, start=first, size=short_side)
    if channels == 1:
        frames = np.rint(frames @ np.array([[0.299], [0.587], [0.114]])).astype(np.uint8)
    return np.ascontiguousarray(np.moveaxis(frames, -1, 0))


def _cut(
    film: np.ndarray,
    plays: bool,
    label: np.ndarray,
    draws: np.ndarray,
    num_frames: int,
    size: int,
) -> np.ndarray:
    """Cut clips, uint8 (clips, frames, size, size, channels), out of one film."""
    _, total, height, width = film.shape
    moment, x, y, turn, side, pan, zoom, spin, stop = draws.T[..., np.newaxis]  # (clips, 1)
    right, down, closer, clockwise = _WAYS[label].T[..., np.newaxis]
    time = np.arange(num_frames)

    side = height * _window_side(closer, side, zoom, stop, num_frames)
    angle = 2 * np.pi * turn + clockwise * between(_SPIN, spin) * time
    cos, sin = np.cos(angle), np.sin(angle)  # (clips, frames)
    distance = between(_PAN, pan) * side * time
    # Mirrored on all sides, the film repeats itself after twice its width and height.
    center_x = 2 * width * x + distance * (right * cos - down * sin)
    center_y = 2 * height * y + distance * (right * sin + down * cos)

    offset = (np.arange(size) + 0.5) / size - 0.5
    across, along = np.meshgrid(offset, offset)
    cos, sin, side = (array[..., np.newaxis, np.newaxis] for array in (cos, sin, side))
    columns = center_x[..., np.newaxis, np.newaxis] + side * (cos * across - sin * along)
    rows = center_y[..., np.newaxis, np.newaxis] + side * (sin * across + cos * along)
    first = np.floor(moment * (total - num_frames + 1 if plays else total)).astype(int)
    frame = first + time * plays  # (clips, frames)
    return _bilinear(film, frame, rows.astype(np.float32), columns.astype(np.float32))


def _window_side(
    closer: np.ndarray, side: np.ndarray, zoom: np.ndarray, stop: np.ndarray, num_frames: int
) -> np.ndarray:
    """The side of the window in heights of the film, (clips, frames); all others: (clips, 1).

    A clip that does not zoom has the size of a zoom that was stopped at a random frame.
    """
    time = np.where(closer == 0, np.floor(stop * num_frames), np.arange(num_frames))
    way = np.where(closer == 0, 1, closer) * (time - (num_frames - 1) / 2)
    sides: np.ndarray = between(_SIDE, side) * np.exp(-between(_ZOOM, zoom) * way)
    return sides


def _bilinear(
    film: np.ndarray, frame: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Look up frames (clips, frames) at rows and columns (clips, frames, size, size)."""
    channels, _, height, width = film.shape
    planes = film.reshape(channels, -1)
    top, below, down = _neighbors(rows, height)
    left, beside, right = _neighbors(columns, width)
    start = (frame * height)[..., np.newaxis, np.newaxis]
    result = np.zeros((channels, *rows.shape), np.float32)
    for row, row_weight in (((start + top) * width, 1 - down), ((start + below) * width, down)):
        for column, column_weight in ((left, 1 - right), (beside, right)):
            weight, index = row_weight * column_weight, row + column
            for plane, total in zip(planes, result, strict=True):
                total += weight * plane.take(index)
    return np.moveaxis(np.rint(result).astype(np.uint8), 0, -1)


def _neighbors(position: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The two pixels whose middles lie around each position, and how far it is to the second.

    Beyond the border pixels are mirrored, over and over.
    """
    before = np.floor(position - np.float32(0.5))
    share = position - np.float32(0.5) - before
    first = before.astype(np.int32)
    one, other = (index % (2 * length) for index in (first, first + 1))
    return (
        np.minimum(one, 2 * length - 1 - one),
        np.minimum(other, 2 * length - 1 - other),
        share,
    )
