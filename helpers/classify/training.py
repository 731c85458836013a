"""From a folder of videos to a tested model in a folder, through any interruption."""

import json
import math
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from helpers import models, validate
from helpers.classify.classifier import (
    DESCRIPTION,
    PLAN,
    Classifier,
    TestScore,
    load,
    write_json,
)
from helpers.datasets import VideoFolder
from helpers.datasets.folder_clips import video_error
from helpers.datasets.folder_splitting import SPLITS
from helpers.interrupting import held_interrupts
from helpers.lazy import keras, tf
from helpers.metrics import vote_clips
from helpers.training import History, fit, set_seed
from helpers.training.progress import Silent
from helpers.training.progress import line as progress_line
from helpers.training.wording import counted
from helpers.video import VideoError

BATCH_SIZE = 16
LEARNING_RATE = 5e-3
NUM_STEPS = 400  # as many at least, unless told how many epochs
LEAST_EPOCHS = 20
TEST_VIEWS = 5
SAVE_SECONDS = 5.0  # at most so much is done twice after an interruption


@dataclass(frozen=True)
class Trained:
    """What `train` returns.

    classifier: the model, for `predict`; its `test` says how good it is.
    history: the curves, for `training.learning_curves`.
    videos: the folder with its splits and what could not be read.
    model_folder: where it is kept, for `load`.
    """

    classifier: Classifier
    history: History
    videos: VideoFolder
    model_folder: Path


def train(
    folder: str | os.PathLike[str],
    model: str | os.PathLike[str] | None = None,
    *,
    epochs: int | None = None,
    num_frames: int = 16,
    stride: int = 2,
    size: int = 64,
    group: Callable[[Path], str] | None = None,
    seed: int = 0,
) -> Trained:
    """Train a small 3D CNN to tell the classes of a folder of videos apart, and test it once.

    It prints the split with the files that could not be read, shows a line of progress, and at
    the end prints the test. The weights kept are those with the lowest validation loss.

    Interrupt it at any time, and call it again with the same arguments: it goes on from where
    it was, and ends with the same weights. When it has finished, it only tells the result.

    Args:
        folder: a folder with one subfolder a class, see `datasets.VideoFolder`.
        model: the folder to write to; by default it lies beside the videos and is called as
            they are, with "_model" behind it.
        epochs: how often each video gives a clip to learn from. By default at least 20, and
            with few videos more, so that 400 steps of 16 clips are made.
        num_frames, stride, size: of a clip; its frames are size x size pixels.
        group: a function from a video's path in the folder to the name of its group; all
            videos of a group come into the same split.
        seed: of the split, the first weights, the order and the clips.

    Raises:
        FileNotFoundError, NotADirectoryError, TypeError, ValueError: when the folder cannot be
            learned from (see `VideoFolder`), or the model's folder holds something else.
        VideoError: when a file cannot be read any more; the training is kept.
    """
    if epochs is not None:
        validate.positive_int(epochs=epochs)
    folder = Path(folder)
    videos = VideoFolder(
        folder, num_frames=num_frames, stride=stride, size=size, group=group, seed=seed
    )
    target = _default_model(folder) if model is None else Path(model)
    print(videos)
    num_batches = max(1, len(videos.training) // BATCH_SIZE)
    if epochs is None:
        epochs = max(LEAST_EPOCHS, math.ceil(NUM_STEPS / num_batches))
    options = {
        "epochs": epochs,
        "num_frames": num_frames,
        "stride": stride,
        "size": size,
        "seed": seed,
    }
    is_new = _begin(target, folder, {"options": options, "split": _split(videos)})
    length = f"for {counted(epochs, 'epoch')} of {counted(num_batches, 'step')}"
    if (target / DESCRIPTION).exists():
        said = f"Trained already, {length}; to begin anew, delete the model's folder {target}"
    else:
        doing = "Training" if is_new else "Going on with the training"
        said = f"{doing} {length}; the model is kept in {target}"
    print(said, flush=True)  # before the lines of progress, in a log too

    with held_interrupts():
        network, history = _fitted(videos, target, epochs, seed)
        classifier = Classifier(network, videos.class_names, num_frames, stride, (size, size))
        try:  # the test is opened once: when it has been, its result is in the folder
            classifier = load(target)
        except ValueError:
            classifier = replace(classifier, test=_tested(classifier, videos))
            classifier.save(target)
    if isinstance(progress_line(), Silent):  # any other line has ended with these words
        print(f"Trained: {history}")
    print(classifier.test)
    return Trained(classifier, history, videos, target)


def _fitted(
    videos: VideoFolder, target: Path, epochs: int, seed: int
) -> "tuple[keras.Model, History]":
    set_seed(seed)
    window = videos.window
    network = _new_model((window.num_frames, *window.size, 3), len(videos.class_names))
    try:
        history = fit(
            network,
            lambda epoch: videos.training_batches(epoch, BATCH_SIZE),
            epochs=epochs,
            learning_rate=LEARNING_RATE,
            # Small beside the model's own memory, and read from the files only once.
            validation=videos.views("validation", batch_size=BATCH_SIZE).batches.cache(),
            patience=epochs,  # never stops early; the weights of the best epoch are kept
            seed=seed,
            checkpoint=target / "training",
            save_seconds=SAVE_SECONDS,
        )
    except tf.errors.OpError as error:
        raise _named(error) from error
    return network, history


def _named(error: Exception) -> Exception:
    """The error of the file behind TensorFlow's, if there is one."""
    found = video_error(error)
    if found is None:
        return error
    return VideoError(
        f"{found} What was learned so far is kept: with the file back in its place, the same "
        "command goes on."
    )


def _tested(classifier: Classifier, videos: VideoFolder) -> TestScore:
    batches, names, labels = videos.views("test", TEST_VIEWS, BATCH_SIZE)
    rows = []
    with held_interrupts() as interrupts:
        try:
            for x, _ in batches:
                rows.append(classifier.probabilities(x))
                interrupts.check()
        except tf.errors.OpError as error:
            raise _named(error) from error
    probabilities = np.concatenate(rows)
    voted_names, votes = vote_clips(probabilities, names)
    label_of = {file.name: file.label for file in videos.test}
    voted_labels = np.array([label_of[name] for name in voted_names])
    majority = Counter(file.label for file in videos.training).most_common(1)[0][0]
    return TestScore(
        num_videos=len(votes),
        num_right=int((votes.argmax(axis=1) == voted_labels).sum()),
        num_clips=len(labels),
        num_right_clips=int((probabilities.argmax(axis=1) == labels).sum()),
        num_classes=len(videos.class_names),
        majority=videos.class_names[majority],
        num_majority=int((voted_labels == majority).sum()),
        num_groups=len({file.group for file in videos.test}),
    )


def _new_model(input_shape: tuple[int, ...], num_classes: int) -> "keras.Model":
    network = models.cnn3d(input_shape, num_classes)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            # Keras's 0.99 remembers about 100 steps, and a small folder's training has few
            # more: validation would stay at chance while training is at 100 %.
            layer.momentum = 0.9
    return network


def _default_model(folder: Path) -> Path:
    folder = folder.resolve()
    return folder.with_name(f"{folder.name}_model")


def _split(videos: VideoFolder) -> dict[str, dict[str, int]]:
    """Which videos are in each split, with their numbers of frames."""
    return {
        split: {file.name: file.num_frames for file in getattr(videos, split)}
        for split in SPLITS
    }


def _begin(target: Path, folder: Path, plan: dict[str, Any]) -> bool:
    """Write the plan into a new folder, or make sure that it is the one there already."""
    if target.resolve().is_relative_to(folder.resolve()):
        raise ValueError(
            f"The model's folder {target} lies inside the folder of the videos, where it would "
            "be taken for a class: name one outside of it."
        )
    if (target / PLAN).exists():
        _compare(target, folder, plan)
        return False
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        what = "other things in it" if target.is_dir() else "is a file"
        raise ValueError(
            f"The model's folder {target} {'has ' if target.is_dir() else ''}{what}: name a new "
            "or an empty folder."
        )
    target.mkdir(parents=True, exist_ok=True)
    write_json(target / PLAN, plan)
    return True


def _compare(target: Path, folder: Path, plan: dict[str, Any]) -> None:
    """Raise unless the plan is the one in the folder, saying what has changed."""
    anew = "name another folder for the model, or delete that one to begin anew."
    try:
        old = json.loads((target / PLAN).read_text("utf-8"))
        options = [
            f"{name} was {old['options'].get(name)} and is {value}"
            for name, value in plan["options"].items()
            if old["options"].get(name) != value
        ]
        was, now = (
            {name: num_frames for split in SPLITS for name, num_frames in part[split].items()}
            for part in (old["split"], plan["split"])
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{target / PLAN} is damaged: {anew}") from None
    begun = f"The model in {target} was begun with"
    if options:
        raise ValueError(f"{begun} other options ({', '.join(options)}): {anew}")
    changes = (
        *(f"{name} is missing or unreadable now" for name in was if name not in now),
        *(f"{name} is new" for name in now if name not in was),
        *(f"{name} is another file" for name in now if was.get(name, now[name]) != now[name]),
    )
    if changes:
        more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        raise ValueError(
            f"{begun} other videos than are now in {folder} ({changes[0]}{more}): put them back "
            f"as they were, or {anew}"
        )
    if old["split"] != plan["split"]:
        raise ValueError(f"{begun} another split of the videos: {anew}")
