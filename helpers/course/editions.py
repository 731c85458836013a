"""The two notebooks of a chapter: the learner's edition and the worked one, not yet run."""

import ast
import re

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.course import stub
from helpers.course.chapter import Cell, Chapter, ChapterError
from helpers.course.exercise import Exercise
from helpers.interview import bank
from helpers.interview.render import question_markdown

CHECKED = "nbval-check-output"


def learners(chapter: Chapter) -> NotebookNode:
    """Stubs to fill in, model answers folded away, no outputs."""
    return _edition(chapter, worked=False)


def worked(chapter: Chapter) -> NotebookNode:
    """The solutions in place, the chapter's own answer open; outputs come with running it."""
    return _edition(chapter, worked=True)


def _edition(chapter: Chapter, worked: bool) -> NotebookNode:
    cells: list[NotebookNode] = []
    name_id = _CellIds()
    exercises = {exercise.path: exercise for exercise in chapter.exercises()}
    for cell in chapter.cells:
        if cell.kind == "exercise":
            cells += _exercise_cells(exercises[cell.text], worked)
        elif cell.kind == "question":
            # A chapter's own question is answered in the open; the others would bury the page.
            is_first = cell is next(c for c in chapter.cells if c.kind == "question")
            text = question_markdown(bank.get(cell.text), answers_open=worked and is_first)
            cells.append(new_markdown_cell(text, id=f"question-{cell.text}"[:64]))
        elif cell.kind == "text":
            cells.append(new_markdown_cell(cell.text, id=name_id(cell)))
        else:
            tags = list(cell.tags)
            if worked and _has_claim(cell.text):
                tags.append(CHECKED)
            metadata = {"tags": tags} if tags else {}
            cells.append(new_code_cell(cell.text, id=name_id(cell), metadata=metadata))
    ids = [cell.id for cell in cells]
    if twice := {i for i in ids if ids.count(i) > 1}:
        raise ChapterError(f"{chapter.path.name}: {twice} would be the id of two cells.")
    notebook = new_notebook(
        cells=cells,
        metadata={
            "course": {
                "chapter": chapter.name,
                "title": chapter.title,
                "title_zh": chapter.title_zh,
                "minutes": chapter.minutes,
                "edition": "worked" if worked else "learner",
            },
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
        },
    )
    nbformat.validate(notebook)
    return notebook


class _CellIds:
    """Ids from a cell's place: the slug of its heading, and a number within the section.

    An edit changes the ids that follow in its own section and no others.
    """

    def __init__(self) -> None:
        self.section = "start"
        self.counts: dict[str, int] = {}

    def __call__(self, cell: Cell) -> str:
        text = cell.text if cell.kind == "text" else ""
        if headings := re.findall(r"^#+\s+(.+)", text, re.MULTILINE):
            # A heading in Chinese alone leaves no letter to make an id of.
            slug = re.sub(r"[^a-z0-9]+", "-", headings[-1].lower()).strip("-")[:48]
            self.section = slug or "section"
        self.counts[self.section] = self.counts.get(self.section, 0) + 1
        return f"{self.section}-{self.counts[self.section]}"


def _exercise_cells(exercise: Exercise, worked: bool) -> list[NotebookNode]:
    """The task, the place for the answer, its check, and the help."""
    name = exercise.name
    stars = "★" * exercise.difficulty + "☆" * (3 - exercise.difficulty)
    points = f"{exercise.points} point{'s' if exercise.points > 1 else ''}"
    task = (
        f"### Exercise: `{name}`\n\n{exercise.task}\n\n"
        f"*{exercise.minutes} minutes · difficulty {stars} · {points}*"
    )
    show = stub.source_of if worked else stub.stub_of
    answer = new_code_cell(
        show(exercise.reference),
        id=f"{name}-answer",
        metadata={"nbgrader": _nbgrader(f"{name}-answer", solution=True), "tags": ["exercise"]},
    )
    test = new_code_cell(
        f"check({name})",
        id=name,
        metadata={
            "nbgrader": _nbgrader(name, points=exercise.points),
            "tags": [CHECKED] if worked else [],
        },
    )
    help_ = new_code_cell(
        f"# Stuck? Remove the # before hint and run this cell; run it again for the next one.\n"
        f"# hint({name})\n# solution({name})",
        id=f"{name}-help",
    )
    return [new_markdown_cell(task, id=f"{name}-task"), answer, test, help_]


def _nbgrader(grade_id: str, solution: bool = False, points: int | None = None) -> dict:
    """nbgrader's metadata, version 3: an answer to fill in, or a test worth points."""
    metadata = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": points is not None,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return metadata | ({"points": points} if points is not None else {})


def _has_claim(source: str) -> bool:
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "claim"
        for node in ast.walk(ast.parse(source))
    )
