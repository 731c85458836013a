"""Each rule for a chapter's source, seen to reject a chapter that breaks it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers.course import chapter as module
from helpers.course.chapter import Chapter, ChapterError, read
from helpers.course.exercise import Exercise
from tests.course.test_checking import EXERCISE

HEAD = """\
---
kernelspec:
  name: python3
  display_name: Python 3
course:
  title: A test
  title_zh: 测试
  minutes: 5
---

# A test

"""
IMPORTS = "import numpy as np"
EXERCISE_CELL = ":exercise: course.running_mean"
QUESTION_CELL = ":question: why-order"


def cell(text: str) -> str:
    return f"```{{code-cell}}\n{text}\n```\n\n"


def smooth(values: np.ndarray) -> np.ndarray:
    """No example, and a name from nowhere."""
    return unknown_helper(values)  # type: ignore[name-defined]  # noqa: F821


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a chapter; the course then has one exercise and one question, both its own."""
    exercise = replace(EXERCISE, chapter="98_test")
    question = SimpleNamespace(id="why-order", chapter="98_test")
    serve(monkeypatch, [exercise])
    monkeypatch.setattr(module, "bank", SimpleNamespace(load=lambda: {"why-order": question}))

    def write(*cells: str, head: str = HEAD, name: str = "98_test.md") -> Path:
        (tmp_path / name).write_text(head + "".join(cells), encoding="utf-8")
        return tmp_path / name

    return write


def serve(monkeypatch: pytest.MonkeyPatch, exercises: list[Exercise]) -> None:
    monkeypatch.setattr(module, "all_exercises", lambda: {e.name: e for e in exercises})
    monkeypatch.setattr(
        module, "of_chapter", lambda name: [e for e in exercises if e.chapter == name]
    )


SOUND = (cell(IMPORTS), cell(QUESTION_CELL), cell(EXERCISE_CELL))


def problem(path: Path) -> str:
    with pytest.raises(ChapterError) as caught:
        read(path)
    assert path.name in str(caught.value)
    return str(caught.value)


def test_sound_chapter_is_read(write: Callable[..., Path]) -> None:
    chapter: Chapter = read(write(*SOUND, cell("print(np.ones(3))")))
    assert (chapter.name, chapter.title, chapter.minutes) == ("98_test", "A test", 5)
    assert [c.kind for c in chapter.cells] == ["text", "code", "question", "exercise", "code"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([cell("x = 1"), *SOUND], "first code cell must hold all imports"),
        ([*SOUND[1:]], "first code cell must hold all imports"),
        ([*SOUND, cell("import os")], "imports belong in the first cell"),
        ([*SOUND, cell("\n".join(["x = 1"] * 31))], "has 31 lines; 30 are the most"),
        ([*SOUND, *[cell("x = 1")] * 60], "cells; 60 are the most"),
        ([*SOUND, "word " * 2501], "words of prose; 2500 are the most"),
        ([*SOUND[:2]], "exercise running_mean is declared for it and does not appear"),
        ([*SOUND, SOUND[2]], "exercise running_mean appears twice"),
        ([*SOUND, cell(":exercise: course.median")], "no exercise is named"),
        (
            [*SOUND, cell(":exercise: boxes.running_mean")],
            "no exercise is named boxes.running_mean",
        ),
        ([*SOUND[:2], cell(EXERCISE_CELL + "\nx = 1")], "holds text of its own"),
        ([SOUND[0], SOUND[2]], "question why-order names this chapter and does not appear"),
        ([*SOUND, SOUND[1]], "question why-order appears twice"),
        ([*SOUND, cell(":question: why")], "the bank has no question why"),
        (
            [*SOUND, cell("running_mean(np.ones(3), 1)")],
            "`running_mean` is an exercise; call it by",
        ),
        ([*SOUND, cell("running_mean = 3")], "`running_mean` is an exercise"),
        ([*SOUND, cell("def running_mean(): pass")], "`running_mean` is an exercise"),
        ([*SOUND, cell("np = 3")], "gives the imported name `np` another meaning"),
        ([*SOUND, cell("for np in [1]:\n    pass")], "the imported name `np`"),
        ([*SOUND, cell("try:\n    x = 1\nexcept ValueError as np:\n    pass")], "name `np`"),
        ([*SOUND, cell("match 1:\n    case np:\n        pass")], "the imported name `np`"),
        ([*SOUND, cell("print(np := 3)")], "the imported name `np`"),
        ([*SOUND, cell("np.mean = 3")], "assigns to `np.mean`"),
        ([*SOUND, cell("sum = 3")], "gives Python's own `sum` another meaning"),
        ([cell("from os import *\n" + IMPORTS), *SOUND[1:]], "imports *"),
        ([cell("from os import running_mean as r\n" + IMPORTS), *SOUND[1:]], "is an exercise"),
        ([*SOUND, cell("%matplotlib inline")], "`%matplotlib inline` is not Python"),
        ([*SOUND, cell("x = = 1")], "`x = = 1` is not Python"),
        ([*SOUND, cell(":excercise: course.running_mean")], "a code cell is empty"),
        ([*SOUND, "```{code_cell}\nx = 1\n```\n"], "{code_cell}` is read as text"),
        ([*SOUND, "- a list\n\n  ```{code-cell}\n  x = 1\n  ```\n"], "is read as text"),
        ([*SOUND, cell("def check(): pass")], "the imported name `check`"),
        (
            [cell("from os import running_mean\n" + IMPORTS), *SOUND[1:]],
            "is an exercise; call it",
        ),
    ],
)
def test_broken_rule_is_named(write: Callable[..., Path], cells: list[str], words: str) -> None:
    assert words in problem(write(*cells))


def test_exercise_must_stand_alone(write: Callable[..., Path]) -> None:
    assert "uses np, which the first cell does not import" in problem(
        write(cell("import os"), *SOUND[1:])
    )


def test_exercise_needs_an_example_and_its_own_chapter(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger: Any = replace(EXERCISE, reference=smooth, chapter="97_other")
    serve(monkeypatch, [stranger])
    text = problem(write(*SOUND[:2], cell(":exercise: course.smooth")))
    assert "belongs to 97_other" in text
    assert "uses unknown_helper" in text
    assert "has no `>>>` example" in text


def test_question_of_another_chapter_is_refused(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SimpleNamespace(id="why-order", chapter="97_other")
    monkeypatch.setattr(module, "bank", SimpleNamespace(load=lambda: {"why-order": other}))
    assert "names the chapter 97_other" in problem(write(*SOUND))


def test_underscore_is_free_even_in_an_interactive_session(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins._", 1, raising=False)
    read(write(*SOUND, cell("squares = [3 for _ in range(2)]")))


@pytest.mark.parametrize("name", ["test.md", "9_test.md", "98_Test.md", "98-test.md"])
def test_file_name_is_a_number_and_a_topic(write: Callable[..., Path], name: str) -> None:
    assert "NN_topic.md" in problem(write(*SOUND, name=name))


@pytest.mark.parametrize("fault", ["  minutes: five\n", "  minutes: a: b\n"])
def test_front_matter_must_be_sound(write: Callable[..., Path], fault: str) -> None:
    problem(write(*SOUND, head=HEAD.replace("  minutes: 5\n", fault)))


def test_front_matter_is_needed(write: Callable[..., Path]) -> None:
    assert "front matter" in problem(write(*SOUND, head=HEAD.replace("  minutes: 5\n", "")))
