"""Draw a prediction under the playing video: a bar for each class, frame by frame."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageColor, ImageDraw, ImageFont

from helpers import plots, validate
from helpers.classify.prediction import Prediction
from helpers.video import VideoError, probe, read_clip
from helpers.video.writing import write_whole

_LARGEST_SIDE, _ENLARGE_UP_TO = 480, 320  # of the video in the picture, in pixels
_PANEL_WIDTH = 320  # at least
_ROW, _MARGIN, _FONT_SIZE = 24, 12, 15
_MOST_CLASSES = 5
_FRAMES_AT_ONCE = 128


def draw(prediction: Prediction, start: float = 0.0, seconds: float = 10.0) -> np.ndarray:
    """Draw the probabilities under the frames of a video, for `video.show`.

    Under each frame stand the bars of the window around it; the highest is coloured. With many
    classes only the five are drawn that are the most likely over the whole video.

    Args:
        prediction: what `predict` gave. Its video is read again.
        start: where to begin, in seconds, from 0 to the video's end.
        seconds: how much to draw, above 0; less where the video ends before.

    Returns:
        uint8 (frames, height, width, 3), at the frame rate of the video.

    Raises:
        TypeError, ValueError: when an argument is not as described.
        VideoError: when the video cannot be read any more.
    """
    validate.non_negative(start=start)
    validate.positive(seconds=seconds)
    first = round(start * prediction.fps)
    if first >= prediction.num_frames:
        raise ValueError(
            f"start is {start:g}, but the video ends after "
            f"{prediction.num_frames / prediction.fps:.3g} seconds."
        )
    stop = min(prediction.num_frames, first + max(1, round(seconds * prediction.fps)))
    return np.stack(list(_painted(_Painter(prediction), prediction, first, stop)))


def write(prediction: Prediction, path: str | os.PathLike[str]) -> None:
    """Write the whole video with the bars of `draw` as an mp4 file, in little memory.

    Args:
        prediction: what `predict` gave.
        path: where to write, ending in ".mp4"; not the video itself.

    Raises:
        VideoError: when the video cannot be read any more, or the file cannot be written.
    """
    path = Path(path)
    if path.exists() and path.samefile(prediction.path):
        raise VideoError(f"{path} is the video itself: write to another file.")
    painter = _Painter(prediction)
    frames = _painted(painter, prediction, 0, prediction.num_frames)  # one at a time
    write_whole(path, frames, prediction.fps, painter.size)


def _painted(
    painter: "_Painter", prediction: Prediction, first: int, stop: int
) -> Iterator[np.ndarray]:
    """The frames from `first` to before `stop`, each with its bars."""
    for start in range(first, stop, _FRAMES_AT_ONCE):
        num_frames = min(_FRAMES_AT_ONCE, stop - start)
        clip = read_clip(prediction.path, num_frames, 1, start, painter.frame_size)
        for number, frame in enumerate(clip, start=start):
            yield painter.paint(frame, prediction.at(number))


class _Painter:
    """Paints frames of one video with bars below.

    size: (height, width) of what it paints, both even, as H.264 wants them.
    frame_size: (height, width) at which it takes the frames.
    """

    def __init__(self, prediction: Prediction) -> None:
        info = probe(prediction.path)
        scale = min(_LARGEST_SIDE / max(info.height, info.width), 1.0)
        self.enlarge = max(1, _ENLARGE_UP_TO // max(info.height, info.width))
        self.frame_size = (
            max(1, round(info.height * scale)),
            max(1, round(info.width * scale)),
        )
        height, width = (side * self.enlarge for side in self.frame_size)
        most_likely = np.argsort(-prediction.voted, kind="stable")[:_MOST_CLASSES]
        self.shown = np.sort(most_likely)  # in one order, whatever leads
        names = [prediction.class_names[k] for k in self.shown]
        self.font = _font_for("".join(names))
        panel_height = len(names) * _ROW + _MARGIN
        self.top = _even(height)
        self.size = self.top + _even(panel_height), _even(max(width, _PANEL_WIDTH))
        self.background = Image.new("RGB", self.size[::-1], "black")
        self.corner = (self.size[1] - width) // 2, 0

        # Names on the left, bars in the middle, percentages on the right.
        self.percent_width = self.font.getlength("100%")
        room = 0.45 * self.size[1]
        names = [self._shortened(name, room) for name in names]
        self.bars_start = 2 * _MARGIN + max(map(self.font.getlength, names))
        self.bars_stop = self.size[1] - 2 * _MARGIN - self.percent_width
        canvas = ImageDraw.Draw(self.background)
        for row, name in enumerate(names):
            canvas.text((_MARGIN, self._middle(row)), name, "white", self.font, anchor="lm")

    def paint(self, frame: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        picture = self.background.copy()
        enlarged = frame.repeat(self.enlarge, axis=0).repeat(self.enlarge, axis=1)
        picture.paste(Image.fromarray(enlarged), self.corner)
        canvas = ImageDraw.Draw(picture)
        highest = probabilities.argmax()
        for row, k in enumerate(self.shown):
            middle = self._middle(row)
            color = ImageColor.getrgb(plots.COLORS["sky"] if k == highest else "#808080")
            stop = self.bars_start + probabilities[k] * (self.bars_stop - self.bars_start)
            canvas.rectangle((self.bars_start, middle - 7, stop, middle + 7), color)
            text = f"{probabilities[k]:.0%}"
            right = self.size[1] - _MARGIN
            canvas.text((right, middle), text, "white", self.font, anchor="rm")
        return np.asarray(picture)

    def _middle(self, row: int) -> float:
        return self.top + _MARGIN / 2 + (row + 0.5) * _ROW

    def _shortened(self, name: str, room: float) -> str:
        if self.font.getlength(name) <= room:
            return name
        while name and self.font.getlength(f"{name}…") > room:
            name = name[:-1]
        return f"{name}…"


def _even(length: int) -> int:
    return length + length % 2


def _font_for(text: str) -> ImageFont.FreeTypeFont:
    """Matplotlib's own font, or where that lacks a letter, one of the system that has all.

    Where none has, the letters are drawn as boxes.
    """
    own = font_manager.findfont("DejaVu Sans")
    # "Last Resort" claims every letter, and draws a placeholder for each.
    others = sorted(
        font.fname
        for font in font_manager.fontManager.ttflist
        if not font.name.startswith("Last Resort")
    )
    for path in (own, *others):
        try:
            if set(map(ord, text)) <= FT2Font(path).get_charmap().keys():
                return ImageFont.truetype(path, _FONT_SIZE)
        except (RuntimeError, OSError):
            continue  # deleted since matplotlib made its list, or damaged
    return ImageFont.truetype(own, _FONT_SIZE)
