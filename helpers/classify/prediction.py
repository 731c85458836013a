"""What a classifier says about a video, window by window and by their vote."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.classify.classifier import Classifier, load
from helpers.interrupting import held_interrupts
from helpers.training.progress import Silent
from helpers.training.progress import line as progress_line
from helpers.training.wording import counted
from helpers.video import probe, read_clip

_WINDOWS_AT_ONCE = 32  # read and computed together, so that a film of any length fits


@dataclass(frozen=True)
class Prediction:
    """The probabilities of the classes over a video.

    path: the video.
    fps, num_frames: of the video.
    class_names: a column of the probabilities each.
    middles: the middle of each window, in frames from the start, float64 (windows,), rising.
    probabilities: float32 (windows, classes).
    """

    path: Path
    fps: float
    num_frames: int
    class_names: tuple[str, ...]
    middles: np.ndarray
    probabilities: np.ndarray

    @property
    def voted(self) -> np.ndarray:
        """The mean over all windows: the probabilities of the whole video, (classes,)."""
        return self.probabilities.mean(axis=0, dtype=np.float64)

    def at(self, frame: int) -> np.ndarray:
        """The probabilities of the window whose middle is nearest to a frame, (classes,)."""
        row: np.ndarray = self.probabilities[np.abs(self.middles - (frame + 0.5)).argmin()]
        return row

    def __str__(self) -> str:
        voted = self.voted
        width = max(map(len, self.class_names))
        windows = counted(len(self.middles), "window")
        rows = (f"  {self.class_names[k]:{width}}  {voted[k]:6.1%}" for k in np.argsort(-voted))
        return "\n".join([f"{self.path}, by the vote of {windows}:", *rows])


def predict(
    classifier: Classifier | str | os.PathLike[str],
    path: str | os.PathLike[str],
    *,
    progress: bool = True,
) -> Prediction:
    """Run a classifier over a whole video, in windows that overlap by half.

    Args:
        classifier: what `train` or `load` gave, or the folder of the model.
        path: the video. One that is shorter than a window stands still at its end.
        progress: show a line of progress in a live notebook or a terminal.

    Raises:
        FileNotFoundError, NotADirectoryError, ValueError: when the model cannot be loaded.
        VideoError: when the video cannot be read.
    """
    if not isinstance(classifier, Classifier):
        classifier = load(classifier)
    info = probe(path)
    length, stride = classifier.num_frames, classifier.stride
    num_sampled = -(-info.num_frames // stride)  # frames 0, stride, 2 * stride, ...
    last = max(0, num_sampled - length)
    starts = np.unique(np.append(np.arange(0, last, max(1, length // 2)), last))
    line = progress_line() if progress else Silent()
    rows = []
    with held_interrupts() as interrupts:
        for first in range(0, len(starts), _WINDOWS_AT_ONCE):
            chunk = starts[first : first + _WINDOWS_AT_ONCE]
            num_read = chunk[-1] - chunk[0] + length
            frames = read_clip(path, num_read, stride, int(chunk[0]) * stride, classifier.size)
            clips = np.stack([frames[s : s + length] for s in chunk - chunk[0]])
            rows.append(classifier.probabilities(clips))
            done = first + len(chunk)
            line.show(done / len(starts), counted(done, "window"))
            interrupts.check()
    line.close(counted(len(starts), "window"))
    window = min((length - 1) * stride + 1, info.num_frames)
    return Prediction(
        path=Path(path),
        fps=info.fps,
        num_frames=info.num_frames,
        class_names=classifier.class_names,
        middles=starts * stride + window / 2,
        probabilities=np.concatenate(rows),
    )
