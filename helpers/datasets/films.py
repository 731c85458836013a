"""Real films to cut clips from, packed so that many pixels are looked up quickly."""

from functools import lru_cache

import numpy as np

from helpers.datasets.real import real_clip
from helpers.video import probe, read_clip

# First frame and the one after the last of the stretches in which a film's own camera stands
# still: features tracked over 11 frames stay within 0.2 pixels at a height of 144. The cameras
# of the other films are held in the hand, or glide.
STANDS_STILL = {"bigbuckbunny": (84, 130), "pedestrians": (0, 400)}
SHORTEST_STRETCH = 46

_LANE = 21  # bits for each of three channels that are looked up together


@lru_cache(maxsize=4)
def film(name: str, short_side: int, channels: int) -> np.ndarray:
    """The frames to cut clips from, packed: (frames, height, width).

    In a film of `STANDS_STILL` they follow each other; of the others it is every fourth.
    """
    path = real_clip(name)
    first, stop = STANDS_STILL.get(name, (0, probe(path).num_frames))
    stride = 1 if name in STANDS_STILL else 4
    frames = read_clip(
        path, (stop - first) // stride, stride=stride, start=first, size=short_side
    )
    if channels == 1:
        frames = np.rint(frames @ np.array([[0.299], [0.587], [0.114]]))
    return packed(frames)


def packed(frames: np.ndarray) -> np.ndarray:
    """Frames (frames, height, width, channels) with all channels of a pixel in one number.

    uint64 (frames, height, width). So the channels are looked up and weighed in one go. Each has
    `_LANE` bits: room for a grey level times 64 times 64.
    """
    result = np.zeros(frames.shape[:-1], np.uint64)
    for channel in range(frames.shape[-1]):
        result |= frames[..., channel].astype(np.uint64) << np.uint64(_LANE * channel)
    return result


def look_up(
    film: np.ndarray, frame: np.ndarray, rows: np.ndarray, columns: np.ndarray, channels: int
) -> np.ndarray:
    """Look up frames (clips, frames) of a packed film at places (clips, frames, size, size).

    uint8 (clips, frames, size, size, channels); bilinear, between places in 64ths of a pixel.
    """
    height, width = film.shape[1:]
    pixels = film.reshape(-1)
    top, below, down = _neighbors(rows, height)
    left, beside, right = _neighbors(columns, width)
    frame = (frame * height)[..., np.newaxis, np.newaxis]
    total = np.zeros(rows.shape, np.uint64)
    for row, row_weight in ((top, 64 - down), (below, down)):
        start = (frame + row) * width
        line = pixels.take(start + left) * (64 - right)
        line += pixels.take(start + beside) * right
        line *= row_weight
        total += line
    result = np.empty((*rows.shape, channels), np.uint8)
    for channel in range(channels):
        level = (total >> np.uint64(_LANE * channel)) & np.uint64(2**_LANE - 1)
        result[..., channel] = (level + 2048) // 4096  # 64 x 64, rounded
    return result


def _neighbors(position: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The two pixels whose middles lie around each position, and how far it is to the second.

    How far is in 64ths of a pixel. Beyond the border pixels are mirrored, over and over.
    """
    place = np.rint(64 * position - 32).astype(np.int64)
    mirrored = np.r_[:length, length - 1 : -1 : -1]
    before = place >> 6
    return (
        mirrored.take(before, mode="wrap"),
        mirrored.take(before + 1, mode="wrap"),
        (place & 63).astype(np.uint64),
    )
