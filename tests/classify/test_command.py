"""`python -m helpers.classify` from a folder of videos to a drawn prediction."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from helpers import classify
from helpers.classify import training
from helpers.classify.__main__ import main
from helpers.video import probe, write_video

SMALL = ["--frames", "8", "--stride", "1", "--size", "32", "--epochs", "20"]


def error_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command that must fail says."""
    assert main([str(argument) for argument in arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("Error: ") and error.count("\n") == 1
    return error


def test_killed_and_started_again(
    videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    command = ["train", str(videos), *SMALL, "--model"]
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.classify", *command, str(killed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    deadline = time.monotonic() + 120
    while not (killed / "training" / "training.json").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert "40 videos of 2 classes, split by file with seed 0" in said
    assert "Training for 20 epochs of 1 step;" in said and "Test" not in said
    assert "is not finished" in error_of(capsys, "predict", killed, videos / "blue" / "0.mp4")

    assert main([*command, str(killed)]) == 0
    resumed = capsys.readouterr().out
    assert "Going on with the training for 20 epochs" in resumed
    assert main([*command, str(whole)]) == 0
    result = capsys.readouterr().out
    # Whatever happened on the way: the same weights to the last bit, and the same test.
    weights = [classify.load(folder).model.get_weights() for folder in (killed, whole)]
    assert len(weights[0]) > 0 and all(map(np.array_equal, *weights))
    told = [text[text.index("Test,") : text.index("Now try it")] for text in (resumed, result)]
    assert told[0] == told[1]
    score = classify.load(whole).test
    assert score is not None and score.num_videos == 6 and score.num_right == 6
    assert "by video   100.0%  (95% interval: 61.0% to 100.0%), 5 clips a video vote" in result
    assert "chance      50.0%" in result and "majority    50.0%  (always say" in result

    # The video that is drawn can be played, and lies with the model.
    film = videos / "red" / "1.mp4"
    assert main(["predict", str(whole), str(film)]) == 0
    said = capsys.readouterr().out
    assert "by the vote of 2 windows:\n  red" in said
    drawn = probe(whole / f"{film.stem}_classified.mp4")
    assert (drawn.num_frames, drawn.fps) == (12, 25)
    assert str(drawn.path) in said

    # Done: the same command tells the result again and does not open the test once more.
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(training, "_tested")
        assert main([*command, str(whole)]) == 0
    told_again = capsys.readouterr().out
    assert "Trained already" in told_again and "by video   100.0%" in told_again


IMPORTS = """
import os, runpy, signal, sys

class Interrupting:
    def __del__(self):  # where Python swallows exceptions
        os.kill(os.getpid(), signal.SIGINT)

class Interrupts:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            Interrupting()

sys.meta_path.insert(0, Interrupts())
runpy.run_module("helpers.classify", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("module", ["matplotlib.pyplot", "scipy.stats", "keras.src.backend"])
def test_control_c_in_an_import(videos: Path, tmp_path: Path, module: str) -> None:
    program = [sys.executable, "-c", IMPORTS.format(module=module)]
    command = ["train", str(videos), *SMALL, "--model", str(tmp_path / "model")]
    done = subprocess.run([*program, *command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, STOPPED)


STOPPED = "\nStopped. The same command goes on from here.\n"
MOMENTS = """
import os, random, runpy, signal, sys, threading
from helpers.classify import training
from helpers.classify.__main__ import main

training._new_model = runpy.run_path({builder!r})["tiny"]
random.seed(0)
command = sys.argv[1:]
assert main([*command, "--epochs", "2", "--model", {folder!r} + "/first"]) == 0  # all imported
for number in range(6):
    timer = threading.Timer(random.uniform(0, 1), os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    model = {folder!r} + f"/stopped_{{number // 2}}"  # none gets as far as its end
    status = main([*command, "--epochs", "40", "--model", model])
    timer.cancel()
    print("status", status)
for name in ("stopped_2", "whole"):
    assert main([*command, "--epochs", "40", "--model", {folder!r} + "/" + name]) == 0
"""


def test_control_c_at_any_moment(videos: Path, tmp_path: Path) -> None:
    """None is lost, and none comes out as an error of TensorFlow's."""
    builder = Path(__file__).with_name("test_training.py")
    program = MOMENTS.format(builder=str(builder), folder=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", program, "train", str(videos), *SMALL[:6]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("status 130\n") == 6, done.stdout
    assert done.stderr.count(STOPPED) == 6
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    stopped, whole = (
        classify.load(tmp_path / name).model.get_weights() for name in ("stopped_2", "whole")
    )
    assert len(whole) > 0 and all(map(np.array_equal, stopped, whole))


def test_stopped_by_control_c(
    videos: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(classify, "train", stopped)
    assert main(["train", str(videos)]) == 130
    assert "The same command goes on from here" in capsys.readouterr().err


def test_wrong_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere does not exist" in error_of(capsys, "train", tmp_path / "nowhere")
    assert "has no subfolders" in error_of(capsys, "train", tmp_path)
    assert not list(tmp_path.parent.glob("*_model"))


def test_wrong_model_and_video(
    tmp_path: Path, videos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = videos / "red" / "1.mp4"
    assert "The model" in error_of(capsys, "predict", tmp_path / "nowhere", film)
    assert f"{film} is a file: give the folder" in error_of(capsys, "predict", film, film)
    assert f"{tmp_path} holds no model" in error_of(capsys, "predict", tmp_path, film)
    (tmp_path / "classifier.json").write_text("{}")
    assert "is damaged (KeyError)" in error_of(capsys, "predict", tmp_path, film)
    (tmp_path / "classifier.json").write_text("{")
    assert "is damaged (JSONDecodeError)" in error_of(capsys, "predict", tmp_path, film)
    network = training._new_model((8, 16, 16, 3), 2)
    classify.Classifier(network, ("a", "b"), 8, 1, (16, 16)).save(tmp_path)
    wrong = tmp_path / "wrong.mp4"
    assert f"{wrong} does not exist" in error_of(capsys, "predict", tmp_path, wrong)
    wrong.write_text("no video")
    assert f"{wrong} cannot be read as a video" in error_of(capsys, "predict", tmp_path, wrong)
    for output, message in (
        (tmp_path / "drawn.avi", "does not end in .mp4: name it drawn.mp4"),
        (tmp_path / "nowhere" / "drawn.mp4", f"first make the folder {tmp_path / 'nowhere'}"),
        (film, "is the video itself"),
    ):
        assert message in error_of(capsys, "predict", tmp_path, film, "--output", output)
    assert not list(tmp_path.glob("*.part")) and probe(film).num_frames == 12
    (tmp_path / "model.keras").write_bytes(b"PK damaged")
    assert "is damaged" in error_of(capsys, "predict", tmp_path, film)


def test_group_by(videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["train", videos, "--model", tmp_path / "model", "--group-by"]
    # The group is what the expression finds in the path inside of the class's folder.
    assert "class 'blue' has too few groups (1)" in error_of(capsys, *command, "mp4")
    assert "has too few groups (1)" in error_of(capsys, *command, "[0-9]+.(mp4)")
    assert "finds nothing in '0.mp4': change it" in error_of(capsys, *command, "^[a-z]")
    assert "finds nothing in '0.mp4': change it" in error_of(capsys, *command, "^0(x)?")
    with pytest.raises(SystemExit):
        main([str(argument) for argument in [*command, "("]])
    assert "'(' is no regular expression: missing )" in capsys.readouterr().err


def test_wrong_options(capsys: pytest.CaptureFixture[str]) -> None:
    for option, value in (("--epochs", "0"), ("--size", "big"), ("--seed", "-1")):
        with pytest.raises(SystemExit) as caught:
            main(["train", "videos", option, value])
        assert caught.value.code == 2
        assert f"'{value}' is not a whole number" in capsys.readouterr().err


def test_a_name_that_the_terminal_cannot_show(tmp_path: Path) -> None:
    """Not one traceback, though the folder has a Chinese name and the terminal is ASCII."""
    for name in ("跑步", "walk"):
        (tmp_path / name).mkdir()
        write_video(tmp_path / name / "a.mp4", np.zeros((2, 16, 16, 3), np.uint8), 25)
    shutil.copy(tmp_path / "walk" / "a.mp4", tmp_path / "walk" / "b.mp4")
    run = subprocess.run(
        [sys.executable, "-m", "helpers.classify", "train", str(tmp_path)],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith(b"Error: The class") and b"Traceback" not in run.stderr
