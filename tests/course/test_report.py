"""The report about a class: counted from graded notebooks, whatever state they are in."""

import csv
import json
import os
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from helpers.course import report, report_plot
from helpers.course.message import RECORD
from helpers.course.report import NO_RECORD

CHAPTER = "21_boxes_and_average_precision"
PLUS_ONE = "it adds 1 to widths and heights"  # a misconception of iou


def graded_check(exercise: str, points: float, *outputs: Any) -> dict[str, Any]:
    about = {"grade": True, "grade_id": exercise, "points": points, "solution": False}
    outputs_of = [{"output_type": "display_data", "data": data} for data in outputs]
    return {"cell_type": "code", "metadata": {"nbgrader": about}, "outputs": outputs_of}


def record(exercise: str, verdict: str, points: float, misconception: Any = None) -> Any:
    kept = {
        "exercise": exercise,
        "verdict": verdict,
        "misconception": misconception,
        "points": points,
        "max_points": 2.0,
    }
    return {"text/plain": "what the learner sees", RECORD: kept}


def put(course: Path, student: str, *cells: dict[str, Any], chapter: str = CHAPTER) -> Path:
    folder = course / "autograded" / student / chapter
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{chapter}.ipynb"
    text = {"cell_type": "markdown", "metadata": {}, "source": "text"}
    path.write_text(json.dumps({"cells": [text, *cells]}), encoding="utf-8")
    hand_in(course, student, chapter)
    return path


def release(course: Path, *exercises: str) -> Path:
    path = course / "release" / CHAPTER / f"{CHAPTER}.ipynb"
    path.parent.mkdir(parents=True)
    cells = [graded_check(exercise, 2) for exercise in exercises]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def hand_in(course: Path, student: str, chapter: str = CHAPTER) -> Path:
    folder = course / "submitted" / student / chapter
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Five students, of whom each did something else."""
    for student, verdict, points, misconception in (
        ("ada", "right", 2.0, None),
        ("ben", "wrong", 0.5, PLUS_ONE),
        ("cem", "wrong", 0.5, PLUS_ONE),
        ("dee", "wrong", 1.0, None),
        ("eva", "not attempted", 0.0, None),
    ):
        answer = record("iou", verdict, points, misconception)
        put(tmp_path, student, graded_check("iou", 2, answer))
    return tmp_path


def test_counts(course: Path) -> None:
    results, problems = report.read(course)
    assert problems == []
    (iou,) = report.tally(results)
    assert (iou.assignment, iou.exercise, iou.students) == (CHAPTER, "iou", 5)
    assert iou.verdicts == Counter({"wrong": 3, "right": 1, "not attempted": 1})
    assert iou.misconceptions == Counter({PLUS_ONE: 2}) and iou.unrecognised == 1
    assert (iou.mean_points, iou.max_points) == (0.8, 2.0)


def test_order_is_the_courses(tmp_path: Path) -> None:
    names = ["average_precision", "iou", "sample_indices"]
    cells = [graded_check(name, 2, record(name, "right", 2.0)) for name in names]
    put(tmp_path, "ada", *cells)
    put(tmp_path, "ada", cells[1], chapter="00_first")
    tallies = report.tally(report.read(tmp_path)[0])
    assert [(t.assignment, t.exercise) for t in tallies] == [
        ("00_first", "iou"),
        (CHAPTER, "sample_indices"),
        (CHAPTER, "iou"),
        (CHAPTER, "average_precision"),
    ]


def test_command_writes_tables_picture_and_the_teachers_list(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report.main([str(course)]) == 0
    assert "report.md is written" in capsys.readouterr().out
    text = (course / "report" / "report.md").read_text(encoding="utf-8")
    assert "| `iou` | 5 | 1 | 2 | 1 | 1 | 0 | 0.80 of 2 |" in text
    assert f"| `iou` | {PLUS_ONE} | 2 |" in text
    assert f"![Right answers: iou 1 of 5. Misconceptions: iou: {PLUS_ONE}: 2.]" in text
    assert not any(student in text for student in ("ada", "ben", "cem", "dee", "eva"))
    picture = (course / "report" / f"{CHAPTER}.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) > 10_000
    with (course / "report" / "students.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["ada", "ben", "cem", "dee", "eva"]
    assert rows[1]["misconception"] == PLUS_ONE and rows[4]["verdict"] == "not attempted"
    before = text
    assert report.main([str(course)]) == 0
    assert (course / "report" / "report.md").read_text(encoding="utf-8") == before


def test_misconceptions_come_with_the_courses_explanation(course: Path) -> None:
    put(course, "fay", graded_check("iou", 2, record("iou", "wrong", 1.0, "an | old name")))
    text = report.write(report.read(course)[0], course / "report").read_text(encoding="utf-8")
    (known,) = [line for line in text.splitlines() if line.startswith(f"| `iou` | {PLUS_ONE}")]
    assert len(known.split(" | ")[3]) > 40
    assert "| `iou` | an \\| old name | 1 |  |" in text  # renamed since: counted all the same


def widths(axes: Any) -> list[float]:
    return [bar.get_width() for bars in axes.containers for bar in bars]


def test_picture_has_labels_and_no_names(course: Path) -> None:
    tallies = report.tally(report.read(course)[0])
    drawn = report_plot.figure(tallies, "A title")
    above, below = drawn.axes
    assert [axes.get_xlabel() for axes in drawn.axes] == [
        "students",
        "students with this misconception",
    ]
    assert [axes.get_ylabel() for axes in drawn.axes] == ["exercise", "misconception"]
    assert widths(above) == [1, 2, 1, 1, 0]  # right, known, other, not attempted, no record
    assert widths(below) == [2]
    words = " ".join(t.get_text() for t in drawn.findobj(plt.Text))
    assert PLUS_ONE in " ".join(words.split())
    assert not any(student in words for student in ("ada", "ben", "cem", "dee", "eva"))


def test_picture_shows_the_commonest_and_says_that_there_are_more() -> None:
    mistakes = Counter({f"mistake {n:02}": n for n in range(1, 21)})
    many = report.Tally("a", "iou", Counter({"wrong": mistakes.total()}), mistakes, 0.5, 2.0)
    _, below = report_plot.figure([many], "A title").axes
    assert widths(below) == list(range(20, 8, -1))
    assert below.get_xlabel() == "students with this misconception (and 8 more in the table)"


def test_class_without_a_mistake_has_a_picture_too(tmp_path: Path) -> None:
    put(tmp_path, "ada", graded_check("iou", 2, record("iou", "right", 2.0)))
    assert report.main([str(tmp_path)]) == 0
    assert "No known mistake was made." in (tmp_path / "report/report.md").read_text()


def test_check_without_a_record_is_told(course: Path) -> None:
    other = record("nms", "right", 2.0)
    faked = {RECORD: {"exercise": "iou", "verdict": "splendid"}}
    odd = {RECORD: {"exercise": "iou", "verdict": "wrong", "misconception": ["x"]}}
    put(course, "fay", graded_check("iou", 2, {"text/plain": "2.0"}, other, faked, odd))
    results, problems = report.read(course)
    assert [r.verdict for r in results if r.student == "fay"] == [NO_RECORD]
    (problem,) = problems
    start = f"fay's check of iou in {CHAPTER} left no record: most likely the answer's cell has"
    assert problem.startswith(start)
    assert report.tally(results)[0].verdicts[NO_RECORD] == 1


def test_deleted_check_is_told_and_counted_as_without_a_record(course: Path) -> None:
    release(course, "iou", "nms")
    answers = [graded_check(name, 2, record(name, "right", 2.0)) for name in ("iou", "nms")]
    for student in ("ada", "ben", "cem", "dee", "eva"):
        put(course, student, *answers)
    put(course, "eva", answers[1])
    put(course, "fay")  # all of hers
    results, problems = report.read(course)
    assert [problem.split(",")[0] for problem in problems] == [
        f"{who} in {CHAPTER} is missing"
        for who in ("eva's check of iou", "fay's check of iou", "fay's check of nms")
    ]
    iou, nms = report.tally(results)
    assert iou.students == nms.students == 6
    assert (iou.verdicts[NO_RECORD], nms.verdicts[NO_RECORD]) == (2, 1)
    assert iou.mean_points == pytest.approx(4 * 2.0 / 6)


def test_broken_release_is_a_sentence(course: Path) -> None:
    path = release(course, "iou")
    path.write_text("{")
    results, (problem,) = report.read(course)
    assert len(results) == 5
    assert problem.startswith(f"{path} is not a notebook that can be read")


def test_last_record_counts(tmp_path: Path) -> None:
    shown_by_the_answer = record("iou", "right", 2.0)
    put(
        tmp_path,
        "ada",
        graded_check("iou", 2, shown_by_the_answer, record("iou", "wrong", 0.5, PLUS_ONE)),
    )
    (result,) = report.read(tmp_path)[0]
    assert (result.verdict, result.points) == ("wrong", 0.5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"cells": 3}',
        '{"cells": [{"cell_type": "code"}]}',
        '{"cells": [{"metadata": {"nbgrader": {"grade": true}}}]}',
        '{"cells": [{"metadata": {"nbgrader": null}}]}',
        b"\xff\xfe",
    ],
)
def test_broken_notebook_is_a_sentence(course: Path, text: str | bytes) -> None:
    path = put(course, "fay")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    results, (problem,) = report.read(course)
    assert len(results) == 5
    assert problem.startswith(f"{path} is not a notebook that can be read")


def test_teachers_own_cells_are_left_out(tmp_path: Path) -> None:
    own = graded_check("essay", 5)
    put(tmp_path, "ada", own, graded_check("iou", 2, record("iou", "right", 2.0)))
    put(tmp_path, "ben", own)
    results, (problem,) = report.read(tmp_path)
    assert [(r.student, r.exercise) for r in results] == [("ada", "iou")]
    assert "ben" in problem and problem.endswith("holds no graded check.")


def test_missing_ungraded_and_newer_submissions_are_told(course: Path) -> None:
    hand_in(course, "fay")
    again = hand_in(course, "ben")
    (course / "autograded" / "ben" / CHAPTER / "timestamp.txt").write_text("2026-01-01 UTC\n")
    (again / "timestamp.txt").write_text("2026-01-02 UTC")
    same = hand_in(course, "cem")
    (course / "autograded" / "cem" / CHAPTER / "timestamp.txt").write_text("2026-01-01 UTC\n")
    (same / "timestamp.txt").write_text("2026-01-01 UTC")
    gradebook = sqlite3.connect(course / "gradebook.db")
    gradebook.execute("CREATE TABLE student (id TEXT)")
    gradebook.execute("INSERT INTO student VALUES ('gil'), ('ada')")
    gradebook.commit()
    gradebook.close()
    assert report.read(course)[1] == [
        f"ben has handed in {CHAPTER} again since it was graded: "
        f"`nbgrader autograde {CHAPTER} --student=ben --force` grades it anew.",
        f"fay's {CHAPTER} is handed in, but not graded.",
        f"gil has handed in no {CHAPTER}.",
    ]


def test_without_a_timestamp_the_newer_file_is_told(course: Path) -> None:
    graded = (course / "autograded" / "ben" / CHAPTER / f"{CHAPTER}.ipynb").stat().st_mtime
    for student, seconds in (("ben", 60), ("cem", -60)):
        submitted = hand_in(course, student) / f"{CHAPTER}.ipynb"
        submitted.write_text("{}")
        os.utime(submitted, (graded + seconds, graded + seconds))
    (problem,) = report.read(course)[1]
    assert problem.startswith(f"ben has handed in {CHAPTER} again since it was graded")


def test_broken_gradebook_is_a_sentence(course: Path) -> None:
    (course / "gradebook.db").write_text("not a database, whatever its name says")
    results, (problem,) = report.read(course)
    assert len(results) == 5 and "who is missing is not known" in problem


def test_nothing_graded_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "source").mkdir()
    assert report.main([str(tmp_path)]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "run `nbgrader autograde`" in line
    assert not (tmp_path / "report").exists()


def test_folder_that_is_no_classroom_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path)  # as inside classroom/
    for folder, says in (
        ("classroom", f"✗ classroom does not exist in {tmp_path}."),
        ("source", "✗ source is no classroom: it holds neither source/ nor autograded/."),
    ):
        assert report.main([folder]) == 1
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith(says) and line.endswith("or write . when you are in it.")
    assert report.main(["."]) == 1
    assert "run `nbgrader autograde`" in capsys.readouterr().out


def test_folder_that_cannot_be_written_is_a_sentence(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "report").write_text("a file where a folder must be")
    assert report.main([str(course)]) == 1
    assert "cannot be written" in capsys.readouterr().out
