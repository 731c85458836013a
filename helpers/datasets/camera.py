"""A camera that moves over real film: the class is its motion."""

from dataclasses import dataclass, field

import numpy as np

from helpers import validate
from helpers.datasets import films
from helpers.datasets.motions import between
from helpers.datasets.moving import dealt
from helpers.datasets.real import REAL_CLIPS
from helpers.datasets.rendering import add_sensor_noise

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
    validate.within(2, films.SHORTEST_STRETCH, num_frames=num_frames)
    validate.within(16, 128, size=size)
    validate.options((1, 3), channels=(channels,))
    validate.non_negative(noise=noise)

    label = dealt(num_clips, len(CAMERA_MOTIONS), seed)
    cut_from = {name: films.film(name, 2 * size, channels) for name in sources}
    video = np.empty((num_clips, num_frames, size, size, channels), np.uint8)
    source = np.empty(num_clips, np.array(sources).dtype)
    for block, first in enumerate(range(0, num_clips, _BLOCK)):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(block,)))
        # Drawn for a whole block, so that the first clips do not depend on how many follow.
        draws = rng.random((_BLOCK, _NUM_DRAWS))[: num_clips - first]
        clips = np.arange(first, first + len(draws))
        source[clips] = np.array(sources)[(draws[:, 0] * len(sources)).astype(int)]
        for name, film in cut_from.items():
            mine = source[clips] == name
            video[clips[mine]] = _cut(
                film,
                name in films.STANDS_STILL,
                label[clips[mine]],
                draws[mine, 1:],
                video.shape[1:],
            )
        if noise:
            video[clips] = add_sensor_noise(video[clips], noise, rng)
    return CameraClips(video, label, CAMERA_MOTIONS, source)


def _cut(
    film: np.ndarray,
    plays: bool,
    label: np.ndarray,
    draws: np.ndarray,
    shape: tuple[int, int, int, int],
) -> np.ndarray:
    """Cut clips of that shape, uint8 (clips, frames, size, size, channels), out of one film."""
    num_frames, size, _, channels = shape
    total, height, width = film.shape
    # (clips, frames, 1, 1), and from there to (clips, frames, size, size)
    center_x, center_y, across, along = (
        array.astype(np.float32)[..., np.newaxis, np.newaxis]
        for array in _windows(label, draws[:, 1:], height, width, num_frames)
    )
    offset = ((np.arange(size) + 0.5) / size - 0.5).astype(np.float32)
    right, down = offset, offset[:, np.newaxis]
    columns = (center_x - along * down) + across * right
    rows = (center_y + across * down) + along * right
    first = draws[:, :1] * (total - num_frames + 1 if plays else total)
    frame = np.floor(first).astype(int) + np.arange(num_frames) * plays  # (clips, frames)
    return films.look_up(film, frame, rows, columns, channels)


def _windows(
    label: np.ndarray, draws: np.ndarray, height: int, width: int, num_frames: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The middles of the windows, x and y, and their upper sides as vectors, x and y.

    All (clips, frames), in pixels of a film of that height and width.
    """
    x, y, turn, side, pan, zoom, spin, stop = draws.T[..., np.newaxis]  # (clips, 1)
    right, down, closer, clockwise = _WAYS[label].T[..., np.newaxis]
    time = np.arange(num_frames)
    side = height * _window_side(closer, side, zoom, stop, num_frames)
    angle = 2 * np.pi * turn + clockwise * between(_SPIN, spin) * time
    across, along = side * np.cos(angle), side * np.sin(angle)
    distance = between(_PAN, pan) * time  # in sides of the window
    # Mirrored on all sides, the film repeats itself after twice its width and height.
    center_x = 2 * width * x + distance * (right * across - down * along)
    center_y = 2 * height * y + distance * (right * along + down * across)
    return center_x, center_y, across, along


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
