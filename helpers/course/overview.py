"""The map of the chapters, with the minutes they take and how far you are."""

import html
import json
from dataclasses import dataclass
from pathlib import Path

from helpers.course import progress
from helpers.course.exercise import of_chapter

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@dataclass(frozen=True)
class Entry:
    """A chapter on the map."""

    chapter: str
    title: str
    title_zh: str
    minutes: int
    solved: int
    exercises: int

    @property
    def marks(self) -> str:
        return "●" * self.solved + "○" * (self.exercises - self.solved)


def entries() -> list[Entry]:
    """The chapters that exist, in order, with what you have solved of each."""
    done = {name for name, entry in progress.summary().items() if entry.outcome == "right"}
    found = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"]
        names = [exercise.name for exercise in of_chapter(about["chapter"])]
        solved = sum(name in done for name in names)
        found.append(
            Entry(
                about["chapter"],
                about["title"],
                about["title_zh"],
                about["minutes"],
                solved,
                len(names),
            )
        )
    return found


def course_map() -> None:
    """Show the chapters as a table whose titles lead to the notebooks."""
    from IPython.display import display

    rows = entries()
    plain = "\n".join(
        f"{e.chapter[:2]}  {e.title} ({e.title_zh}), {e.minutes} min  {e.marks}" for e in rows
    )
    body = "".join(
        f"<tr><td>{e.chapter[:2]}</td><td style='text-align:left'>"
        f"<a href='{e.chapter}.ipynb'>{html.escape(e.title)}</a> · {html.escape(e.title_zh)}</td>"
        f"<td>{e.minutes} min</td>"
        f"<td aria-label='{e.solved} of {e.exercises} exercises solved'>{e.marks}</td></tr>"
        for e in rows
    )
    head = (
        "<tr><th></th><th style='text-align:left'>chapter</th><th>time</th><th>solved</th></tr>"
    )
    table = f"<table>{head}{body}</table>"
    display({"text/plain": plain, "text/html": table}, raw=True)
