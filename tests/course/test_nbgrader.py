"""The learner's notebooks through the real nbgrader: generate, autograde, feedback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from helpers.course import classroom
from helpers.course.exercise import all_exercises
from helpers.course.stub import source_of
from helpers.exercises import ch00_start_here

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "00_start_here"


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
        "    while True:\n        pass\n"
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


def score(course: Path, student: str) -> tuple[float, float]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(CHAPTER, student)
        return submission.score, submission.max_score


def feedback(course: Path, student: str) -> str:
    page = course / "feedback" / student / CHAPTER / f"{CHAPTER}.html"
    return page.read_text(encoding="utf-8")


def full_marks() -> float:
    return float(sum(e.points for e in all_exercises().values() if e.chapter == CHAPTER))


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


def test_laying_out_again_keeps_grades_and_configuration(tmp_path: Path) -> None:
    classroom.lay_out(ROOT / "notebooks", tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("# mine")
    (tmp_path / "gradebook.db").write_text("grades")
    classroom.lay_out(ROOT / "notebooks", tmp_path)
    assert (tmp_path / "nbgrader_config.py").read_text() == "# mine"
    assert (tmp_path / "gradebook.db").read_text() == "grades"
