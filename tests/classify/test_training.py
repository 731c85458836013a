"""Training on a folder: what is kept, what is refused, and what is told when a file breaks."""

import io
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from helpers import classify, metrics
from helpers.classify import training
from helpers.classify.classifier import TestScore
from helpers.datasets import VideoFolder
from helpers.video import VideoError, write_video

SMALL: dict[str, Any] = {"num_frames": 2, "stride": 1, "size": 16}


class Killed(BaseException):
    """In the place of `kill -9`: nothing in the helpers catches it or cleans up after it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four videos of noise in each of two classes."""
    rng = np.random.default_rng(0)
    for name in ("jump", "walk"):
        (tmp_path / "videos" / name).mkdir(parents=True)
        for k in range(4):
            frames = rng.integers(0, 255, (6, 16, 16, 3), dtype=np.uint8)
            write_video(tmp_path / "videos" / name / f"{k}.mp4", frames, fps=25)
    return tmp_path / "videos"


def killed(*args: Any, **kwargs: Any) -> Any:
    raise Killed


def tiny(input_shape: tuple[int, ...], num_classes: int) -> keras.Model:
    """Compiles in a moment, and has a state besides its weights: that of the dropout."""
    clip = keras.Input(input_shape)
    x = keras.layers.AveragePooling3D((1, 4, 4))(keras.layers.Rescaling(1 / 255)(clip))
    x = keras.layers.Dropout(0.5)(keras.layers.Flatten()(x))
    return keras.Model(clip, keras.layers.Dense(num_classes)(x))


@pytest.fixture(autouse=True)
def _tiny_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_new_model", tiny)


def dies_in_step(number: int) -> Callable[..., keras.Model]:
    """A builder of models that do not survive their step of that number."""

    def new_model(*args: Any) -> keras.Model:
        network = tiny(*args)
        train_on_batch, steps = network.train_on_batch, iter(range(number))

        def step(*args: Any, **kwargs: Any) -> Any:
            if next(steps, None) is None:
                raise Killed
            return train_on_batch(*args, **kwargs)

        network.train_on_batch = step
        return network

    return new_model


def test_interrupted_anywhere_it_ends_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "SAVE_SECONDS", 0)
    monkeypatch.setattr(training, "BATCH_SIZE", 2)  # 2 steps an epoch
    plan = {**SMALL, "epochs": 4}
    whole = classify.train(folder, tmp_path / "whole", **plan)
    model = tmp_path / "interrupted"
    for steps in (3, 2):  # in the middle of an epoch, and after one
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(training, "_new_model", dies_in_step(steps))
            classify.train(folder, model, **plan)
    with monkeypatch.context() as patch, pytest.raises(Killed):  # all learned, but not tested
        patch.setattr(training, "_tested", killed)
        classify.train(folder, model, **plan)
    assert not (model / "classifier.json").exists()
    resumed = classify.train(folder, model, **plan)
    for one, other in zip(
        resumed.classifier.model.get_weights(),
        whole.classifier.model.get_weights(),
        strict=True,
    ):
        assert np.array_equal(one, other)
    assert resumed.history.loss == whole.history.loss
    assert resumed.history.val_loss == whole.history.val_loss
    assert resumed.classifier.test == whole.classifier.test
    assert resumed.model_folder == model


def test_the_test_is_counted_right(folder: Path) -> None:
    """Against the metrics, for a model that was never trained."""
    videos = VideoFolder(folder, **SMALL, progress=False)
    network = training._new_model((2, 16, 16, 3), 2)
    classifier = classify.Classifier(network, videos.class_names, 2, 1, (16, 16))
    score = training._tested(classifier, videos)
    batches, names, labels = videos.views("test", 5)
    scores = np.concatenate([classifier.probabilities(x) for x, _ in batches])
    assert scores.sum(axis=1) == pytest.approx(1)
    right = metrics.top_k_accuracy(scores, labels, k=1)
    ids, votes = metrics.vote_clips(scores, names)
    voted = np.mean(
        [videos.class_names[v.argmax()] in i for i, v in zip(ids, votes, strict=True)]
    )
    assert score.num_right / score.num_videos == voted
    assert score.num_right_clips / score.num_clips == right
    assert (score.num_videos, score.num_clips, score.num_classes) == (2, 10, 2)
    assert (score.num_majority, score.num_groups) == (1, 2)


def test_the_score_reads_well() -> None:
    score = TestScore(
        num_videos=20,
        num_right=15,
        num_clips=98,
        num_right_clips=49,
        num_classes=4,
        majority="walk",
        num_majority=8,
        num_groups=3,
    )
    assert str(score) == (
        "Test, 20 videos that the training never saw:\n"
        "  by video    75.0%  (95% interval: 53.1% to 88.8%), 4.9 clips a video vote\n"
        "  by clip     50.0%\n"
        "  chance      25.0%\n"
        "  majority    40.0%  (always saying 'walk')\n"
        "  The videos come from 3 groups. Videos of a group are alike, so the true interval is "
        "wider."
    )


def test_the_score_of_few() -> None:
    text = str(TestScore(2, 2, 2, 2, 2, "walk", 1, 1))
    assert "100.0%), 1 clip a video votes" in text and "come from 1 group. Videos" in text


def test_copies_in_two_classes(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever of them is looked at: it says that one is wrong."""
    for copy in ("jump/again.mp4", "walk/wrong.mp4"):
        shutil.copy(folder / "jump" / "0.mp4", folder / copy)
    classify.train(folder, tmp_path / "model", **SMALL, epochs=1)
    said = capsys.readouterr().out
    delete = "in another class: delete the wrong one"
    assert f"jump/0.mp4: the same bytes as walk/wrong.mp4, {delete}" in said
    assert f"jump/again.mp4: the same bytes as walk/wrong.mp4, {delete}" in said
    assert f"walk/wrong.mp4: the same bytes as jump/0.mp4, {delete}" in said


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_result_is_told_once(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the line of progress stays, and where there is none."""
    plan: dict[str, Any] = {"model": tmp_path / "model", **SMALL, "epochs": 1}
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        result = str(classify.train(folder, **plan).history)
    said = capsys.readouterr().out
    assert result.startswith("1 epoch, 1 step, ") and result not in said
    assert terminal.getvalue().endswith(f"{result}\n")
    assert terminal.getvalue().count(result) == 1
    assert f"Training for 1 epoch of 1 step; the model is kept in {tmp_path}" in said

    classify.train(folder, **plan)
    said = capsys.readouterr().out
    assert f"Trained: {result}\nTest, " in said
    anew = f"to begin anew, delete the model's folder {tmp_path / 'model'}\n"
    assert f"Trained already, for 1 epoch of 1 step; {anew}" in said
    assert "Going on" not in said


def test_interrupted_in_the_test(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not opened twice: what it said is thrown away, and nothing was learned from it."""
    looks = []
    probabilities = classify.Classifier.probabilities

    def interrupted(classifier: classify.Classifier, clips: Any) -> Any:
        looks.append(len(clips))
        signal.raise_signal(signal.SIGINT)
        return probabilities(classifier, clips)

    monkeypatch.setattr(training, "BATCH_SIZE", 2)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(classify.Classifier, "probabilities", interrupted)
        classify.train(folder, tmp_path / "model", **SMALL, epochs=1)
    assert looks == [2]
    assert not (tmp_path / "model" / "classifier.json").exists()
    assert classify.train(folder, tmp_path / "model", **SMALL, epochs=1).classifier.test


def test_a_file_that_breaks_on_the_way(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model"
    monkeypatch.setattr(training, "SAVE_SECONDS", 0)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(training, "_new_model", dies_in_step(2))
        classify.train(folder, model, **SMALL, epochs=3)
    batches = VideoFolder.training_batches
    broken = VideoFolder(folder, **SMALL, progress=False).training[0].path
    content = broken.read_bytes()

    def breaks(videos: VideoFolder, epoch: int, batch_size: int) -> Any:
        broken.write_bytes(b"")
        return batches(videos, epoch, batch_size)

    with monkeypatch.context() as patch, pytest.raises(VideoError) as caught:
        patch.setattr(VideoFolder, "training_batches", breaks)
        classify.train(folder, model, **SMALL, epochs=3)
    assert str(caught.value).startswith(f"{broken} is empty (0 bytes)")
    assert str(caught.value).endswith(
        "with the file back in its place, the same command goes on."
    )

    # As long as it is broken, the training cannot go on; mended, it can.
    with pytest.raises(ValueError, match=f"{broken.name} is missing or unreadable now"):
        classify.train(folder, model, **SMALL, epochs=3)
    broken.write_bytes(content)
    assert classify.train(folder, model, **SMALL, epochs=3).history.steps == [1, 2, 3]


def test_another_training_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "model"
    classify.train(folder, model, **SMALL, epochs=1)
    for changed, message in (
        (
            {"epochs": 2, "size": 8},
            "epochs was 1 and is 2, size was 16 and is 8.: name another",
        ),
        ({"seed": 1}, "seed was 0 and is 1"),
        ({"group": lambda path: path.stem}, "with another split of the videos"),
    ):
        with pytest.raises(ValueError, match=message):
            classify.train(folder, model, **{**SMALL, "epochs": 1, **changed})
    (model / "plan.json").write_text("[]")
    with pytest.raises(ValueError, match=r"plan.json is damaged: name another"):
        classify.train(folder, model, **SMALL, epochs=1)
    for wrong, message in (
        (folder / "model", "lies inside the folder of the videos"),
        (folder, "lies inside the folder of the videos"),
        (tmp_path, "has other things in it: name a new"),
        (model / "plan.json", "is a file: name a new"),
    ):
        with pytest.raises(ValueError, match=message):
            classify.train(folder, wrong, **SMALL, epochs=1)
    assert not (folder / "model").exists()


def test_default_epochs_and_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def fitted(videos: VideoFolder, target: Path, epochs: int, seed: int) -> None:
        asked.append((epochs, target))
        raise Killed

    monkeypatch.setattr(training, "_fitted", fitted)
    for num_steps in (training.NUM_STEPS, 3):
        monkeypatch.setattr(training, "NUM_STEPS", num_steps)
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.chdir(folder)
            classify.train(".", **SMALL, seed=0) if num_steps > 3 else classify.train(
                folder, folder.with_name("other"), **SMALL
            )
    assert asked == [
        (400, folder.with_name("videos_model")),
        (20, folder.with_name("other")),
    ]
