"""Draw on clips what is known about them: boxes, masks, paths, words.

Every function takes a clip, uint8 (frames, height, width, channels) with 1 or 3 channels, and
gives a new one in colour. Coordinates are those of the clip, so enlarge it first, and its boxes
with it, to draw fine lines.

>>> from helpers import overlays
>>> overlays.draw_masks(np.zeros((2, 8, 8, 1), np.uint8), np.ones((2, 1, 8, 8), bool)).shape
(2, 8, 8, 3)
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from helpers import plots, validate

PALETTE = np.array([ImageColor.getrgb(color) for color in plots.COLORS.values()], np.uint8)
"""The colour of object 0, 1, 2 ...: uint8 (colours, 3)."""

_FONT_SIZE = 14
_BAND = 22  # the height of a line of words, in pixels


def enlarge(clip: np.ndarray, factor: int) -> np.ndarray:
    """Repeat every pixel `factor` times along both sides."""
    validate.clip(clip=clip)
    validate.positive_int(factor=factor)
    return clip.repeat(factor, axis=1).repeat(factor, axis=2)


def draw_boxes(
    clip: np.ndarray,
    boxes: np.ndarray,
    labels: Sequence[str] | None = None,
) -> np.ndarray:
    """Draw the boxes of each frame, each object in its colour.

    Args:
        clip: see above.
        boxes: xyxy in pixels, (frames, objects, 4).
        labels: a word for each object, written at its box.

    Raises:
        TypeError, ValueError: when the frames or objects do not agree.
    """
    frames = _colored(clip)
    boxes = _of_frames("boxes", boxes, len(frames), 3)
    num_objects = boxes.shape[1]
    _one_each("labels", labels, num_objects)
    for number, frame in enumerate(frames):
        picture = Image.fromarray(frame)
        canvas = ImageDraw.Draw(picture)
        for index in range(num_objects):
            color = _color(index)
            x1, y1, x2, y2 = boxes[number, index]
            canvas.rectangle((x1, y1, x2 - 1, y2 - 1), outline=color, width=2)
            if labels is not None:
                above = y1 >= _FONT_SIZE + 4
                left = min(x1, picture.width - canvas.textlength(labels[index], _font()) - 6)
                place = (left + 2, y1 - 3) if above else (left + 2, y2 + 3)
                anchor = "ls" if above else "lt"
                room = canvas.textbbox(place, labels[index], _font(), anchor=anchor)
                canvas.rectangle((left, room[1] - 2, room[2] + 2, room[3] + 2), fill=color)
                canvas.text(place, labels[index], _ink(color), _font(), anchor=anchor)
        frames[number] = np.asarray(picture)
    return frames


def draw_masks(clip: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Colour the pixels of each object.

    Args:
        clip: see above.
        masks: bool (frames, objects, height, width).

    Raises:
        TypeError, ValueError: when the shapes do not agree.
    """
    frames = _colored(clip)
    masks = _of_frames("masks", masks, len(frames), 4)
    if masks.shape[2:] != frames.shape[1:3]:
        raise ValueError(
            f"masks are of {masks.shape[2:]} pixels and the clip of {frames.shape[1:3]}, but "
            "the two must be equal."
        )
    for index in range(masks.shape[1]):
        pixels = masks[:, index]
        frames[pixels] = frames[pixels] // 3 + PALETTE[index % len(PALETTE)] // 3 * 2
    return frames


def draw_paths(clip: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Draw behind each object the path that it has come.

    Args:
        clip: see above.
        points: (x, y) in pixels, (frames, objects, 2).

    Raises:
        TypeError, ValueError: when the frames do not agree.
    """
    frames = _colored(clip)
    points = _of_frames("points", points, len(frames), 3)
    for number, frame in enumerate(frames):
        picture = Image.fromarray(frame)
        canvas = ImageDraw.Draw(picture)
        for index in range(points.shape[1]):
            path = [tuple(point) for point in points[: number + 1, index]]
            if len(path) > 1:
                canvas.line(path, fill=_color(index), width=2)
            x, y = path[-1]
            canvas.ellipse((x - 3, y - 3, x + 3, y + 3), fill=_color(index))
        frames[number] = np.asarray(picture)
    return frames


def write_above(clip: np.ndarray, words: str | Sequence[str]) -> np.ndarray:
    """Add a dark band with a line of words above each frame.

    Above, since a player's controls lie below.

    Args:
        clip: see above.
        words: for all frames, or one line for each.

    Raises:
        ValueError: when there are not as many lines as frames.
    """
    frames = _colored(clip)
    lines = [words] * len(frames) if isinstance(words, str) else list(words)
    _one_each("words", lines, len(frames))
    num_frames, height, width, _ = frames.shape
    drawn = np.zeros((num_frames, height + _BAND, width, 3), np.uint8)
    drawn[:, _BAND:] = frames
    bands = {}
    for line in set(lines):
        band = Image.new("RGB", (width, _BAND))
        ImageDraw.Draw(band).text((width / 2, _BAND / 2), line, "white", _font(), anchor="mm")
        bands[line] = np.asarray(band)
    drawn[:, :_BAND] = np.stack([bands[line] for line in lines])
    return drawn


def _colored(clip: np.ndarray) -> np.ndarray:
    validate.clip(clip=clip)
    return np.broadcast_to(clip, (*clip.shape[:3], 3)).copy()


def _of_frames(name: str, values: np.ndarray, num_frames: int, ndim: int) -> np.ndarray:
    values = np.asarray(values)
    if values.ndim != ndim or len(values) != num_frames:
        raise ValueError(
            f"{name} has the shape {values.shape}, but it must have {ndim} axes, the first of "
            f"which are the clip's {num_frames} frames."
        )
    return values


def _one_each(name: str, values: Sequence[str] | None, count: int) -> None:
    if values is not None and len(values) != count:
        raise ValueError(f"{name} has {len(values)} entries, but there must be {count}.")


def _color(index: int) -> tuple[int, int, int]:
    red, green, blue = PALETTE[index % len(PALETTE)].tolist()
    return red, green, blue


def _ink(color: tuple[int, int, int]) -> str:
    """Black or white, whichever is easier to read on a colour."""
    red, green, blue = color
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 110 else "white"


@cache
def _font() -> ImageFont.FreeTypeFont:
    from matplotlib import font_manager  # DejaVu Sans comes with matplotlib

    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), _FONT_SIZE)
