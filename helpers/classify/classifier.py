"""A trained model with all that a prediction needs, and the folder that it is kept in."""

import json
import os
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.interrupting import held_interrupts
from helpers.lazy import keras
from helpers.training import accuracy_interval
from helpers.training.wording import counted

if TYPE_CHECKING:
    import tensorflow as tf

DESCRIPTION, MODEL, PLAN = "classifier.json", "model.keras", "plan.json"


@dataclass(frozen=True)
class TestScore:
    """What the test said, once.

    num_videos, num_right: videos of the test, and how many were right, by the vote of their
        clips.
    num_clips, num_right_clips: the same for each clip by itself.
    num_classes: chance is one in so many.
    majority: the name of the class with the most videos in training.
    num_majority: how many videos of the test are of that class.
    num_groups: how many groups the test's videos come from.
    """

    __test__ = False  # of pytest

    num_videos: int
    num_right: int
    num_clips: int
    num_right_clips: int
    num_classes: int
    majority: str
    num_majority: int
    num_groups: int

    def __str__(self) -> str:
        share, low, high = accuracy_interval(self.num_right, self.num_videos)
        average = self.num_clips / self.num_videos
        votes = "1 clip a video votes" if average == 1 else f"{average:.3g} clips a video vote"
        lines = [
            f"Test, {self.num_videos} videos that the training never saw:",
            f"  by video   {share:6.1%}  (95% interval: {low:.1%} to {high:.1%}), {votes}",
            f"  by clip    {self.num_right_clips / self.num_clips:6.1%}",
            f"  chance     {1 / self.num_classes:6.1%}",
            f"  majority   {self.num_majority / self.num_videos:6.1%}  (always saying "
            f"{self.majority!r})",
        ]
        if self.num_groups < self.num_videos:
            lines.append(
                f"  The videos come from {counted(self.num_groups, 'group')}. Videos of a group "
                "are alike, so the true interval is wider."
            )
        return "\n".join(lines)


@dataclass(frozen=True)
class Classifier:
    """A trained model with what a prediction needs.

    model: takes uint8 clips, (batch, frames, height, width, 3), and gives logits.
    class_names: a label is an index into them.
    num_frames, stride: a clip is every `stride`-th frame, `num_frames` of them.
    size: (height, width) to which frames are resized, without keeping the proportions.
    test: how well it did, if that was measured.
    """

    model: "keras.Model"
    class_names: tuple[str, ...]
    num_frames: int
    stride: int
    size: tuple[int, int]
    test: TestScore | None = None

    def probabilities(self, clips: "np.ndarray | tf.Tensor") -> np.ndarray:
        """Of each class, float32 (batch, classes), for clips as the model takes them."""
        logits = self.model(clips, training=False)
        return np.asarray(keras.ops.softmax(logits))

    def save(self, folder: Path) -> None:
        """Write the model, then the description, whose presence says that all is there."""
        unfinished = folder / f"unfinished_{MODEL}"
        self.model.save(unfinished)
        unfinished.replace(folder / MODEL)
        description = {
            "class_names": self.class_names,
            "clip": {"num_frames": self.num_frames, "stride": self.stride, "size": self.size},
            "pixels": "uint8 RGB, resized to (height, width) without keeping the proportions",
            "test": None if self.test is None else asdict(self.test),
        }
        write_json(folder / DESCRIPTION, description)


def load(folder: str | os.PathLike[str]) -> Classifier:
    """Load what `train` has left in a folder.

    Raises:
        FileNotFoundError, NotADirectoryError: when there is no such folder.
        ValueError: when the folder holds no finished model, or a damaged one.
    """
    folder = Path(folder)
    if not folder.exists():
        raise FileNotFoundError(
            f"The model {folder} does not exist: give the folder that the training has written."
        )
    if not folder.is_dir():
        raise NotADirectoryError(
            f"The model {folder} is a file: give the folder that the training has written."
        )
    if not (folder / DESCRIPTION).exists():
        if (folder / PLAN).exists():
            raise ValueError(
                f"The training in {folder} is not finished: start it again with the same "
                "command, and it goes on from where it was."
            )
        raise ValueError(
            f"The folder {folder} holds no model: give the folder that the training has written."
        )
    try:
        found = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        test = found["test"]
        with held_interrupts():
            model = keras.models.load_model(folder / MODEL, compile=False)
        return Classifier(
            model=model,
            class_names=tuple(found["class_names"]),
            num_frames=found["clip"]["num_frames"],
            stride=found["clip"]["stride"],
            size=tuple(found["clip"]["size"]),
            test=None if test is None else TestScore(**test),
        )
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"The model in {folder} is damaged ({type(error).__name__}): copy it again, or train "
            "it anew in another folder."
        ) from error


def write_json(path: Path, content: Any) -> None:
    """The file appears when it is whole."""
    unfinished = path.with_name(f"unfinished_{path.name}")
    unfinished.write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8")
    unfinished.replace(path)
