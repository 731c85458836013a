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
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from helpers import plots, validate

if TYPE_CHECKING:
    from helpers.metrics import Detections

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
            label = None if labels is None else labels[index]
            _box(canvas, picture.width, boxes[number, index], _color(index), label)
        frames[number] = np.asarray(picture)
    return frames


def draw_detections(
    clip: np.ndarray, detections: "Detections", labels: Sequence[str] | None = None
) -> np.ndarray:
    """Draw what a detector found in each frame, each class in its colour.

    Args:
        clip: see above.
        detections: their `image_ids` are frames of the clip, of which the first is 0, and their
            `class_ids` whole numbers.
        labels: a word for each detection, written at its box.

    Raises:
        TypeError, ValueError: when the detections and the frames or words do not agree.

    >>> from helpers.metrics import Detections
    >>> clip, boxes = np.zeros((2, 40, 60, 1), np.uint8), np.array([[5, 5, 25, 25]])
    >>> found = Detections(np.array([1]), np.array([0]), boxes, np.array([0.9]))
    >>> draw_detections(clip, found, ["cat"]).any(axis=(1, 2, 3))
    array([False,  True])
    """
    frames = _colored(clip)
    _one_each("labels", labels, len(detections.boxes))
    if unknown := set(detections.image_ids.tolist()) - set(range(len(frames))):
        raise ValueError(
            f"detections are of the image {min(unknown)}, but the clip has the frames 0 to "
            f"{len(frames) - 1}: count from its first frame."
        )
    for number in np.unique(detections.image_ids):
        picture = Image.fromarray(frames[number])
        canvas = ImageDraw.Draw(picture)
        for row in np.flatnonzero(detections.image_ids == number):
            label = None if labels is None else labels[int(row)]
            color = _color(int(detections.class_ids[row]))
            _box(canvas, picture.width, detections.boxes[row], color, label)
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


def draw_tracks(
    clip: np.ndarray,
    frame_ids: np.ndarray,
    track_ids: np.ndarray,
    boxes: np.ndarray,
    trail: int = 20,
) -> np.ndarray:
    """Draw the boxes of each frame in the colours of their tracks, with ids and trails.

    Tracks may come and go. A trail is the path of a box's centre, also across frames in which
    the track has no box.

    Args:
        clip: see above.
        frame_ids: the frame of each box, whole numbers, of which the clip's first is 0, (n,).
        track_ids: its track, whole numbers or text, (n,).
        boxes: xyxy in pixels, (n, 4).
        trail: for how many frames a path stays to be seen, at least 1.

    Raises:
        TypeError, ValueError: when the rows do not agree, or a frame is not in the clip.

    >>> clip, rows = np.zeros((3, 40, 60, 1), np.uint8), np.arange(3)
    >>> boxes = np.array([[5, 5, 25, 25]]) + 10 * rows[:, np.newaxis]
    >>> draw_tracks(clip, rows, np.ones(3, int), boxes).shape
    (3, 40, 60, 3)
    """
    frames = _colored(clip)
    validate.positive_int(trail=trail)
    validate.track_rows(frame_ids, track_ids, boxes)
    if len(frame_ids) and not 0 <= frame_ids.min() <= frame_ids.max() < len(frames):
        raise ValueError(
            f"frame_ids are {frame_ids.min()} to {frame_ids.max()}, but the clip has the frames "
            f"0 to {len(frames) - 1}: count from its first frame."
        )
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2
    _, numbers = np.unique(track_ids, return_inverse=True)
    for number in range(len(frames)):
        picture = Image.fromarray(frames[number])
        canvas = ImageDraw.Draw(picture)
        is_recent = (frame_ids <= number) & (frame_ids > number - trail)
        for row in np.flatnonzero(frame_ids == number):
            color = _color(int(numbers[row]))
            path = np.flatnonzero(is_recent & (numbers == numbers[row]))
            path = centers[path[np.argsort(frame_ids[path])]]
            if len(path) > 1:
                canvas.line([tuple(point) for point in path], fill=color, width=2)
            _box(canvas, picture.width, boxes[row], color, str(track_ids[row]))
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


def _box(
    canvas: ImageDraw.ImageDraw,
    width: int,
    box: np.ndarray,
    color: tuple[int, int, int],
    label: str | None,
) -> None:
    """An outline, and a word above it, or below where there is no room in the frame."""
    x1, y1, x2, y2 = box
    canvas.rectangle((x1, y1, x2 - 1, y2 - 1), outline=color, width=2)
    if label is None:
        return
    above = y1 >= _FONT_SIZE + 4
    left = min(x1, width - canvas.textlength(label, _font()) - 6)
    place = (left + 2, y1 - 3) if above else (left + 2, y2 + 3)
    anchor = "ls" if above else "lt"
    room = canvas.textbbox(place, label, _font(), anchor=anchor)
    canvas.rectangle((left, room[1] - 2, room[2] + 2, room[3] + 2), fill=color)
    canvas.text(place, label, _ink(color), _font(), anchor=anchor)


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
