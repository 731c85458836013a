"""``python -m helpers.course.report classroom``: what a class understands, and what it does not.

It reads the notebooks that ``nbgrader autograde`` has left in the course's folder, where each
graded check has kept a record of its verdict, and writes to ``classroom/report/``

- ``report.md``: for each assignment a table of its exercises, a table of the misconceptions
  with the course's explanation of each, and a picture. No student is named in it.
- ``NN_topic.png``: that picture.
- ``students.csv``: a line for each student and exercise, for the teacher alone.
"""

import argparse
import csv
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

from helpers.course.exercise import all_exercises
from helpers.course.message import RECORD, SIGNS

VERDICTS = ("right", "wrong", "not attempted")
NO_RECORD = "no record"


@dataclass(frozen=True)
class Result:
    """What one graded check found; the verdict is one of `VERDICTS`, or `NO_RECORD`."""

    student: str
    assignment: str
    exercise: str
    verdict: str
    misconception: str | None
    points: float
    max_points: float


@dataclass(frozen=True)
class Tally:
    """An exercise of an assignment over the class: how many students, and what they did."""

    assignment: str
    exercise: str
    verdicts: Counter[str]
    misconceptions: Counter[str]
    mean_points: float
    max_points: float

    @property
    def students(self) -> int:
        return self.verdicts.total()

    @property
    def unrecognised(self) -> int:
        """How many are wrong in a way that the course has no name for."""
        return self.verdicts["wrong"] - self.misconceptions.total()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m helpers.course.report",
        description="Count a class's misconceptions, from the notebooks that nbgrader graded.",
    )
    parser.add_argument("course", type=Path, help="nbgrader's course folder, as classroom/")
    course = parser.parse_args(arguments).course
    if not any((course / folder).is_dir() for folder in ("source", "autograded")):
        what = (
            "is no classroom: it holds neither source/ nor autograded/"
            if course.exists()
            else f"does not exist in {Path.cwd()}"
        )
        print(
            f"{SIGNS['wrong']} {course} {what}. Name the folder that `make classroom` wrote, "
            "or write . when you are in it."
        )
        return 1
    results, problems = read(course)
    if not results:
        problems.append(
            f"Nothing in {course / 'autograded'} can be counted: run `nbgrader autograde` in "
            f"{course} first."
        )
    for problem in problems:
        print(f"{SIGNS['note']} {problem}")
    if not results:
        return 1
    try:
        written = write(results, course / "report")
    except OSError as error:
        print(f"{SIGNS['wrong']} {error.filename} cannot be written: {error.strerror}.")
        return 1
    print(f"{SIGNS['right']} {written} is written, with a picture of each assignment.")
    return 0


def read(course: Path) -> tuple[list[Result], list[str]]:
    """Every graded check in the folder of a course, and sentences about what is amiss.

    A submission that is missing, broken, not graded or handed in again is a sentence, never an
    exception. A check that was released and is no longer there is a result without a record.
    """
    results, problems = list[Result](), list[str]()
    released = dict[tuple[str, str], list[Result]]()
    for path in sorted((course / "release").glob("*/*.ipynb")):
        released[path.parts[-2], path.name], broken = _results(path)
        problems += broken
    for path in sorted((course / "autograded").glob("*/*/*.ipynb")):
        student, assignment, name = path.parts[-3:]
        found, broken = _results(path)
        problems += broken
        if broken:
            continue
        there = {r.exercise for r in found}
        missing = [
            replace(r, student=student)
            for r in released.get((assignment, name), [])
            if r.exercise not in there
        ]
        if not found and not missing:
            problems.append(f"{path} holds no graded check.")
        problems += [
            f"{student}'s check of {r.exercise} in {assignment} left no record: most likely the "
            "answer's cell has an error; if it has none, see whether the notebook redefines "
            "check."
            for r in found
            if r.verdict == NO_RECORD
        ]
        problems += [
            f"{student}'s check of {r.exercise} in {assignment} is missing, which gives 0 "
            "points: copy the answer into a new copy of the assignment, and grade that."
            for r in missing
        ]
        results += found + missing
    return results, problems + _not_graded(course)


def _results(path: Path) -> tuple[list[Result], list[str]]:
    """The checks of one notebook, ``autograded/student/assignment/name.ipynb``.

    Beside them a sentence if it cannot be read.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [_result(path, cell) for cell in cells if _is_check(cell)], []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [], [f"{path} is not a notebook that can be read ({error!r})."]


def _is_check(cell: dict[str, Any]) -> bool:
    """Whether a cell checks an exercise; a teacher's own graded cell, say, does not."""
    about = cell["metadata"].get("nbgrader", {})
    return about.get("grade", False) and about["grade_id"] in all_exercises()


def _result(path: Path, cell: dict[str, Any]) -> Result:
    about = cell["metadata"]["nbgrader"]
    record = _record(cell, about["grade_id"])
    return Result(
        student=path.parts[-3],
        assignment=path.parts[-2],
        exercise=about["grade_id"],
        verdict=record.get("verdict", NO_RECORD),
        misconception=record.get("misconception"),
        points=float(record.get("points", 0.0)),
        max_points=float(about["points"]),
    )


def _record(cell: dict[str, Any], exercise: str) -> dict[str, Any]:
    """What the check of this exercise has kept in its cell's outputs; empty when nothing."""
    for output in reversed(cell["outputs"]):  # the check speaks after the answer it calls
        record = output.get("data", {}).get(RECORD)
        if (
            isinstance(record, dict)
            and record.get("exercise") == exercise
            and record.get("verdict") in VERDICTS
            and isinstance(record.get("misconception"), str | None)
        ):
            return record
    return {}


def _not_graded(course: Path) -> list[str]:
    """Who has handed in nothing, or something that is not graded as it is now."""
    submitted = {tuple(f.parts[-2:]): f for f in (course / "submitted").glob("*/*/")}
    graded = {tuple(f.parts[-2:]): f for f in (course / "autograded").glob("*/*/")}
    students, problems = _enrolled(course / "gradebook.db")
    students |= {student for student, _ in submitted}
    for assignment in sorted({assignment for _, assignment in [*submitted, *graded]}):
        for student in sorted(students):
            work = (student, assignment)
            if work in graded and work in submitted:
                if _is_newer(submitted[work], graded[work]):
                    problems.append(
                        f"{student} has handed in {assignment} again since it was graded: "
                        f"`nbgrader autograde {assignment} --student={student} --force` grades "
                        "it anew."
                    )
            elif work in submitted:
                problems.append(f"{student}'s {assignment} is handed in, but not graded.")
            elif work not in graded:
                problems.append(f"{student} has handed in no {assignment}.")
    return problems


def _is_newer(submitted: Path, graded: Path) -> bool:
    """Whether work was handed in after that which was graded."""
    times = _time(submitted), _time(graded)
    if any(times):
        return times[0] != times[1]
    return _changed(submitted) > _changed(graded)  # put there by hand, without a hub


def _changed(folder: Path) -> float:
    """When its newest notebook was changed; a link that leads nowhere is none the less one."""
    return max((path.lstat().st_mtime for path in folder.glob("*.ipynb")), default=0.0)


def _time(folder: Path) -> str:
    """When a submission was handed in, which nbgrader keeps in a file of its own."""
    try:
        return (folder / "timestamp.txt").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _enrolled(gradebook: Path) -> tuple[set[str], list[str]]:
    """The students that the gradebook knows, and a sentence if it cannot be read."""
    if not gradebook.exists():
        return set(), []
    try:
        # Read-only, and without nbgrader, which would bring an older file up to date.
        with closing(
            sqlite3.connect(f"{gradebook.resolve().as_uri()}?mode=ro", uri=True)
        ) as db:
            return {str(row[0]) for row in db.execute("SELECT id FROM student")}, []
    except sqlite3.Error as error:
        return set(), [f"{gradebook} cannot be read ({error}), so who is missing is not known."]


def tally(results: Sequence[Result]) -> list[Tally]:
    """The results of each exercise of each assignment, in the order of the course."""
    order = list(all_exercises())
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.assignment, result.exercise), []).append(result)
    return [
        Tally(
            assignment,
            exercise,
            Counter(result.verdict for result in group),
            Counter(result.misconception for result in group if result.misconception),
            sum(result.points for result in group) / len(group),
            group[0].max_points,
        )
        for (assignment, exercise), group in sorted(
            groups.items(), key=lambda item: (item[0][0], order.index(item[0][1]))
        )
    ]


def write(results: Sequence[Result], folder: Path) -> Path:
    """Write tables and pictures to ``folder``; returns the path of ``report.md``."""
    from helpers.course import report_plot  # only here: matplotlib takes its time

    folder.mkdir(parents=True, exist_ok=True)
    parts = ["# Class report", COUNTED]
    tallies = tally(results)
    for assignment in dict.fromkeys(t.assignment for t in tallies):
        here = [t for t in tallies if t.assignment == assignment]
        picture = f"{assignment}.png"
        report_plot.save(report_plot.figure(here, assignment), folder / picture)
        parts += [
            f"## {assignment}",
            _exercise_table(here),
            f"![{report_plot.describe(here)}]({picture})",
            _misconception_table(here),
        ]
    with (folder / "students.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([field.name for field in fields(Result)])
        rows.writerows(astuple(result) for result in results)
    path = folder / "report.md"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


COUNTED = (
    "Counted over the students whose work is graded. *Known mistake*: a wrong answer that "
    "behaves on every case as one of the exercise's misconceptions does. *No record*: the check "
    "did not run to its end, or its cell was deleted. Points are those of the checks, before any "
    "change by hand."
)


def _exercise_table(tallies: Sequence[Tally]) -> str:
    rows = [
        "| exercise | students | right | known mistake | other mistake | not attempted "
        "| no record | mean points |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    rows += [
        f"| `{t.exercise}` | {t.students} | {t.verdicts['right']} | {t.misconceptions.total()} "
        f"| {t.unrecognised} | {t.verdicts['not attempted']} | {t.verdicts[NO_RECORD]} "
        f"| {t.mean_points:.2f} of {t.max_points:g} |"
        for t in tallies
    ]
    return "\n".join(rows)


def _misconception_table(tallies: Sequence[Tally]) -> str:
    rows = [
        f"| `{t.exercise}` | {_escape(name)} | {count} | {_explanation(t.exercise, name)} |"
        for t in tallies
        for name, count in t.misconceptions.most_common()
    ]
    if not rows:
        return "No known mistake was made."
    head = ["| exercise | misconception | students | what to say |", "|---|---|--:|---|"]
    return "\n".join([*head, *rows])


def _explanation(exercise: str, misconception: str) -> str:
    """The course's own, or nothing for a misconception that has since been renamed."""
    known = {m.name: m.explanation for m in all_exercises()[exercise].misconceptions}
    return _escape(known.get(misconception, ""))


def _escape(text: str) -> str:
    """Text for a field of a Markdown table."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
