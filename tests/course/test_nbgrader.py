"""The class's notebooks through the real nbgrader: generate, autograde, feedback, report."""

import copy
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from helpers.course import classroom, report
from helpers.course.exercise import Exercise, Misconception, all_exercises, of_chapter
from helpers.course.stub import free_names, source_of
from helpers.exercises import ch00_start_here

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "00_start_here"
CHAPTERS = list(dict.fromkeys(e.chapter for e in all_exercises().values()))


def fill_in(notebook: dict[str, Any], answers: dict[str, str]) -> None:
    for cell in notebook["cells"]:
        name = cell["id"].removesuffix("-answer")
        if cell["id"].endswith("-answer") and name in answers:
            cell["source"] = answers[name]


def first_frames() -> dict[str, str]:
    source = source_of(ch00_start_here.first_frames)
    return {"sample_indices": source.replace("first_frames", "sample_indices")}


def noisy() -> dict[str, str]:
    """A right answer that writes to stderr, where nbgrader would give zero."""
    body = (
        "    import sys, warnings\n    print('hm', file=sys.stderr)\n    warnings.warn('hm')\n"
    )
    source = source_of(all_exercises()["sample_indices"].reference)
    head, rest = source.rsplit('"""\n', 1)
    return {"sample_indices": head + '"""\n' + body + rest}


STUDENTS: dict[str, Callable[[], dict[str, str]]] = {
    "solved": lambda: {name: source_of(e.reference) for name, e in all_exercises().items()},
    "blank": dict,
    "mistaken": first_frames,
    "noisy": noisy,
    "endless": lambda: {
        "sample_indices": "def sample_indices(total_frames, num_frames):\n"
        "    import time\n    while True:\n        time.sleep(1)\n"
    },
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A course in which every student's chapter 00 has been graded."""
    folder = tmp_path_factory.mktemp("classroom")
    assert CHAPTER in classroom.lay_out(ROOT / "notebooks", folder)
    nbgrader(folder, "generate_assignment", CHAPTER)
    released = folder / "release" / CHAPTER / f"{CHAPTER}.ipynb"
    for student, answers in STUDENTS.items():
        notebook = json.loads(released.read_text(encoding="utf-8"))
        fill_in(notebook, answers())
        submitted = folder / "submitted" / student / CHAPTER / released.name
        submitted.parent.mkdir(parents=True)
        submitted.write_text(json.dumps(notebook), encoding="utf-8")
    nbgrader(folder, "autograde", CHAPTER)
    nbgrader(folder, "generate_feedback", CHAPTER)
    yield folder


def nbgrader(folder: Path, *command: str) -> None:
    # As in an activated environment: nbgrader calls alembic by its bare name.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-3000:]


def score(course: Path, student: str, assignment: str = CHAPTER) -> tuple[float, float]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(assignment, student)
        return submission.score, submission.max_score


def feedback(course: Path, student: str, assignment: str = CHAPTER) -> str:
    page = course / "feedback" / student / assignment / f"{assignment}.html"
    return page.read_text(encoding="utf-8")


def full_marks(chapter: str = CHAPTER) -> float:
    return float(sum(e.points for e in of_chapter(chapter)))


def test_solved_gets_exactly_full_marks(course: Path) -> None:
    assert score(course, "solved") == (full_marks(), full_marks())


def test_blank_gets_exactly_zero(course: Path) -> None:
    assert score(course, "blank") == (0.0, full_marks())
    assert "is not attempted yet" in feedback(course, "blank")


def test_misconception_gets_its_part_and_the_feedback_names_it(course: Path) -> None:
    # The first frames are right for a video of one frame, and when all frames are wanted:
    # two groups of cases of nine, and the exercise is worth two points.
    assert score(course, "mistaken") == (0.44, full_marks())
    assert "it takes the first frames" in feedback(course, "mistaken")
    assert "it takes the first frames" not in feedback(course, "solved")


def test_writing_to_stderr_costs_no_points(course: Path) -> None:
    assert score(course, "noisy") == (full_marks(), full_marks())


def test_endless_answer_is_zero_and_the_rest_is_still_graded(course: Path) -> None:
    assert score(course, "endless") == (0.0, full_marks())
    assert "did not finish within 10 seconds" in feedback(course, "endless")


def test_released_assignment_holds_no_solution(course: Path) -> None:
    released = (course / "release" / CHAPTER / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    assert "raise NotImplementedError" in released
    assert "(2 * i + 1)" not in released


def test_ids_and_points_are_the_exercises(course: Path) -> None:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        notebook = gradebook.find_notebook(CHAPTER, CHAPTER)
        graded = {cell.name: cell.max_score for cell in notebook.grade_cells}
    assert graded == {
        name: e.points for name, e in all_exercises().items() if e.chapter == CHAPTER
    }


def test_report_counts_what_was_graded(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results, problems = report.read(course)
    assert problems == []
    assert {r.student: r.verdict for r in results} == {
        "solved": "right", "noisy": "right", "blank": "not attempted", "mistaken": "wrong",
        "endless": "wrong",
    }  # fmt: skip
    (tally,) = report.tally(results)
    assert tally.misconceptions == {"it takes the first frames": 1}
    assert tally.mean_points == pytest.approx((2.0 + 2.0 + 0.44) / 5)
    assert report.main([str(course)]) == 0
    assert (course / "report" / f"{CHAPTER}.png").exists()


# Over every other chapter, in this process: nbgrader's start would take longer than the grading.


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with every chapter as an assignment."""
    folder = tmp_path_factory.mktemp("term")
    classroom.lay_out(ROOT / "notebooks", folder)
    return folder


@pytest.fixture
def api(term: Path, monkeypatch: pytest.MonkeyPatch) -> NbGraderAPI:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)  # as `nbgrader` above
    config = Config()
    scope = {"get_config": lambda: config}
    exec((term / "nbgrader_config.py").read_text(encoding="utf-8"), scope)
    config.CourseDirectory.root = str(term)
    return NbGraderAPI(config=config)


def must(result: dict[str, Any]) -> None:
    assert result["success"], result.get("error") or result["log"][-3000:]


def release(api: NbGraderAPI, term: Path, assignment: str) -> Any:
    must(api.generate_assignment(assignment))
    path = term / "release" / assignment / f"{assignment}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def grade(
    api: NbGraderAPI, term: Path, assignment: str, student: str, notebook: dict[str, Any]
) -> None:
    folder = term / "submitted" / student / assignment
    folder.mkdir(parents=True)
    (folder / f"{assignment}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    must(api.autograde(assignment, student))


def as_an_answer(exercise: Exercise, mistake: Misconception) -> str | None:
    """The misconception's source under the stub's name; None where it needs other names."""
    name = mistake.function.__name__
    source = re.sub(rf"\b{name}\b", exercise.name, source_of(mistake.function))
    needs = free_names(source) - free_names(source_of(exercise.reference)) - {"np"}
    return None if needs else source


def mistakes(chapter: str) -> dict[str, tuple[str, str]]:
    """For as many exercises as have one: a misconception's name, and its source as an answer."""
    return {
        exercise.name: (mistake.name, source)
        for exercise in of_chapter(chapter)
        for mistake in reversed(exercise.misconceptions)
        if (source := as_an_answer(exercise, mistake))
    }


@pytest.mark.parametrize("chapter", [name for name in CHAPTERS if name != CHAPTER])
def test_round_trip_of_a_chapter(api: NbGraderAPI, term: Path, chapter: str) -> None:
    # A kernel for each student costs more than the answers do, so one student hands in both
    # mistakes and blanks.
    wrong = dict(list(mistakes(chapter).items())[::2])
    blank = {e.name for e in of_chapter(chapter)} - set(wrong)
    assert wrong and blank
    answers: dict[str, dict[str, str]] = {
        "solved": {e.name: source_of(e.reference) for e in of_chapter(chapter)},
        "struggling": {name: source for name, (_, source) in wrong.items()},
    }
    released = release(api, term, chapter)
    for student, written in answers.items():
        notebook = copy.deepcopy(released)
        fill_in(notebook, written)
        grade(api, term, chapter, student, notebook)

    full = full_marks(chapter)
    assert score(term, "solved", chapter) == (full, full)
    results = {
        r.exercise: r
        for r in report.read(term)[0]
        if r.assignment == chapter and r.student == "struggling"
    }
    assert {(r.verdict, r.points) for name, r in results.items() if name in blank} == {
        ("not attempted", 0.0)
    }
    assert {name: results[name].misconception for name in wrong} == {
        name: mistake for name, (mistake, _) in wrong.items()
    }
    assert all(results[name].points < all_exercises()[name].points for name in wrong)
    points, _ = score(term, "struggling", chapter)
    assert sum(r.points for r in results.values()) == pytest.approx(points)

    must(api.generate_feedback(chapter, "struggling"))
    page = html.unescape(re.sub(r"</?code>", "`", feedback(term, "struggling", chapter)))
    for mistake, _ in wrong.values():
        assert f"This looks like a known mistake: {mistake}." in page


def test_single_exercise_with_a_seed_and_a_check_that_was_tampered_with(
    api: NbGraderAPI, term: Path
) -> None:
    assert classroom.lay_out(ROOT / "notebooks", term, "boxes.iou", seed=7) == ["21_iou"]
    notebook = release(api, term, "21_iou")
    for cell in notebook["cells"]:
        if cell["id"] == "iou":
            assert cell["source"] == ["check(iou, seed=7)"]
            cell["source"] = "2.0  # full marks, please"
    grade(api, term, "21_iou", "clever", notebook)
    assert score(term, "clever", "21_iou") == (0.0, float(all_exercises()["iou"].points))
    graded = term / "autograded" / "clever" / "21_iou" / "21_iou.ipynb"
    assert "check(iou, seed=7)" in graded.read_text(encoding="utf-8")
