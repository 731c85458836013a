import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import store
from helpers.course import progress
from helpers.course.exercise import all_exercises
from helpers.course.stub import source_of
from helpers.interview import chapters, coding
from helpers.interview.coding import ENDED, NO_CODE

pytestmark = pytest.mark.usefixtures("folder")

IOU = all_exercises()["iou"]
RIGHT = f"import numpy as np\nfrom helpers import validate\n\n\n{source_of(IOU.reference)}\n"
# The solution itself is noticed, so the right answer is written in another way.
OWN = """
import numpy as np

def iou(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=-1)
    size = lambda boxes: np.prod(boxes[:, 2:] - boxes[:, :2], axis=-1)
    union = size(a)[:, None] + size(b)[None] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
"""
WRONG = OWN.replace("np.maximum(high - low, 0)", "high - low")


def kept() -> list[tuple]:
    return store.read("SELECT outcome, seconds, code FROM coding_rounds ORDER BY number")


def written_exercises() -> list[str]:
    written = chapters.names()
    return [e.name for e in all_exercises().values() if e.chapter in written]


@pytest.mark.parametrize("name", written_exercises())
def test_each_starting_file_runs_and_lacks_only_the_answer(name: str, tmp_path: Path) -> None:
    exercise = all_exercises()[name]
    text = coding.starting_text(exercise)
    assert text.startswith(("import ", "from ")) and "np" in text
    assert "raise NotImplementedError" in text
    if "tensorflow" not in text and "keras" not in text:
        assert callable(coding.load(text, tmp_path / "a.py", name))


def test_the_draw_follows_filters_and_seed() -> None:
    exercises = list(all_exercises().values())
    drawn = {coding.draw(exercises, seed).name for seed in range(60)}  # type: ignore[union-attr]
    assert len(drawn) > 20
    for seed in range(5):
        one = coding.draw(exercises, seed, "21_boxes_and_average_precision", 1)
        assert one is not None
        assert (one.chapter, one.difficulty) == ("21_boxes_and_average_precision", 1)
        assert coding.draw(exercises[::-1], seed, one.chapter, 1) is one
    assert coding.draw(exercises, 1, "99_none") is None


def test_a_round_from_stub_to_right(scripted: Callable, capsys: pytest.CaptureFixture) -> None:
    path = coding.write_file(IOU)
    steps = [("", None), (WRONG, None), ("def iou(", None), ("x = 1", None), (OWN, None)]

    def writes(code: str) -> Callable[[], str]:
        def write() -> str:
            if code:
                path.write_text(code, encoding="utf-8")
            return ""

        return write

    terminal, shown = scripted([writes(code) for code, _ in steps])
    assert coding.hold_round(IOU, path, terminal) == "right"
    outcomes = ["not attempted", "wrong", NO_CODE, NO_CODE, "right"]
    assert [row[0] for row in kept()] == outcomes
    assert [row[2] for row in kept()][1:] == [code for code, _ in steps[1:]]
    seconds = [row[1] for row in kept()]
    assert seconds == sorted(seconds) and seconds[0] > 0
    words = capsys.readouterr().out
    assert "not attempted" not in words and "hint(" not in words and "`iou` is right" in words
    assert "This looks like a known mistake" in words or "`iou` is wrong here" in words
    output = "\n".join(shown)
    assert "SyntaxError" in output and "defines no `iou`" in output
    assert str(path) in output and f"of {IOU.minutes} minutes" in output
    assert "def iou(a: np.ndarray" in output and "Chapter 21_boxes" in output
    assert f"○ Write your answer in {path}, then press Enter." in " ".join(output.split())
    assert output.count("Chapter 21_boxes_and_average_precision explains it.") == 1
    assert path.read_text(encoding="utf-8") == OWN
    assert [check.outcome for check in progress.checks()] == ["wrong", "right"]


@pytest.mark.parametrize("stop", ["q", EOFError(), KeyboardInterrupt()])
def test_a_round_may_end_and_an_unchecked_file_is_kept(
    stop: str | BaseException, scripted: Callable
) -> None:
    path = coding.write_file(IOU)
    terminal, shown = scripted([stop])
    assert coding.hold_round(IOU, path, terminal) == ENDED
    assert kept() == []  # the file is as it was begun
    assert "explains" not in "".join(shown)

    def write_and_stop() -> str:
        path.write_text("half an answer", encoding="utf-8")
        if isinstance(stop, BaseException):
            raise stop
        return stop

    terminal, shown = scripted([write_and_stop], "zh")
    coding.hold_round(IOU, path, terminal)
    assert [(row[0], row[2]) for row in kept()] == [(ENDED, "half an answer")]
    assert path.read_text() == "half an answer"
    assert "编程环节" in "\n".join(shown)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import no_such_module", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("iou = None", "defines no `iou`"),
        ("\x00", "SyntaxError"),
    ],
)
def test_a_file_that_does_not_run_is_told(code: str, words: str, scripted: Callable) -> None:
    path = coding.write_file(IOU)
    path.write_text(code, encoding="utf-8")
    terminal, shown = scripted([""])
    coding.hold_round(IOU, path, terminal)
    assert words in "\n".join(shown)
    assert [row[0] for row in kept()] == [NO_CODE]


def test_the_mark_that_an_editor_puts_first_is_no_error(
    scripted: Callable, capsys: pytest.CaptureFixture
) -> None:
    path = coding.write_file(IOU)
    path.write_text(f"\ufeff{RIGHT}", encoding="utf-8")  # an editor on Windows begins so
    terminal, _ = scripted([""])
    assert coding.hold_round(IOU, path, terminal) == "right"
    capsys.readouterr()


def test_a_file_that_is_gone_is_told(scripted: Callable) -> None:
    path = coding.write_file(IOU)

    def remove() -> str:
        path.unlink()
        return ""

    terminal, shown = scripted([remove])
    coding.hold_round(IOU, path, terminal)
    assert "No such file" in "\n".join(shown)


def test_a_dataclass_with_postponed_annotations_loads(tmp_path: Path) -> None:
    code = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Box:\n    side: int\n"
    )
    assert coding.load(code, tmp_path / "a.py", "Box")(3).side == 3


def test_the_command_draws_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "helpers.interview", "coding", "--chapter", "21", "--seed", "1"],
        input=b"q\n",
        capture_output=True,
        check=True,
        timeout=300,
    )
    assert b"Coding round: " in done.stdout and done.stderr == b""
