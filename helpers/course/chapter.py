"""Read a chapter's source, ``solutions/NN_topic.md``, and hold it to the course's rules.

The source is a MyST notebook as jupytext reads it. Two kinds of code cell have an option and
no text: ``:exercise: video.sample_indices`` names a function or class of the helpers, and
``:question: some-id`` names an entry of the question bank.
"""

import ast
import builtins
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext

from helpers.course import stub
from helpers.course.exercise import Exercise, all_exercises, of_chapter
from helpers.interview import bank

MAX_CELL_LINES = 30
MAX_CELLS = 60
MAX_WORDS = 2500
COURSE_NAMES = {"check", "hint", "solution", "claim", "fails"}
# Without `_`, which an interactive session adds to the builtins and a chapter may well use.
PYTHONS_OWN = {name for name in dir(builtins) if not name.startswith("_")}


class ChapterError(Exception):
    """A chapter breaks a rule; the message names the file, the place and the remedy."""


@dataclass(frozen=True)
class Cell:
    """One cell of the source: its kind is text, code, exercise or question."""

    kind: str
    text: str  # for an exercise its path, for a question its id
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A chapter's source, read and found sound."""

    path: Path
    title: str
    title_zh: str
    minutes: int
    cells: list[Cell]

    @property
    def name(self) -> str:
        return self.path.stem

    def exercises(self) -> list[Exercise]:
        return [_exercise_at(self.path, c.text) for c in self.cells if c.kind == "exercise"]


def read(path: Path) -> Chapter:
    """The chapter in ``path``; raises ``ChapterError`` when it breaks a rule."""
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem):
        raise ChapterError(f"{path.name}: a chapter is named NN_topic.md, in small letters.")
    try:
        notebook = jupytext.read(path, fmt="md:myst")
    except Exception as error:  # of jupytext, MyST or YAML
        raise ChapterError(f"{path.name} cannot be read: {error}") from None
    about = notebook.metadata.get("course") or {}
    if set(about) != {"title", "title_zh", "minutes"} or not isinstance(about["minutes"], int):
        raise ChapterError(
            f"{path.name}: its front matter needs `course:` with title, title_zh and minutes, "
            "a whole number."
        )
    cells = [_cell(path, cell) for cell in notebook.cells]
    chapter = Chapter(path, about["title"], about["title_zh"], about["minutes"], cells)
    for rule in (_layout, _exercises, _questions, _names):
        if problems := rule(chapter):
            raise ChapterError(f"{path.name}: " + "\n".join(problems))
    return chapter


def _cell(path: Path, cell: Any) -> Cell:
    if cell.cell_type != "code":
        # A misspelt or indented directive is text to MyST: its code would silently never run.
        if stray := re.search(
            r"^\s*(`{3,}|~{3,})\s*\{.*|^\s*:(exercise|question):.*", cell.source, re.M
        ):
            raise ChapterError(
                f"{path.name}: `{stray[0].strip()}` is read as text. A code cell begins with "
                "```{code-cell} at the start of a line, after an empty line."
            )
        return Cell("text", cell.source)
    tags = tuple(cell.metadata.get("tags", ()))
    for kind in ("exercise", "question"):
        if kind in cell.metadata:
            if cell.source.strip():
                raise ChapterError(
                    f"{path.name}: the {kind} cell {cell.metadata[kind]} holds text of its own; "
                    f"it names the {kind} and nothing else."
                )
            return Cell(kind, str(cell.metadata[kind]), tags)
    try:
        ast.parse(cell.source)
    except SyntaxError as error:
        raise ChapterError(
            f"{path.name}: `{(error.text or '').strip()}` is not Python: {error.msg}. (A cell "
            "holds plain Python, without % or !.)"
        ) from None
    if not cell.source.strip():
        raise ChapterError(
            f"{path.name}: a code cell is empty. Is an option misspelt? {dict(cell.metadata)}"
        )
    return Cell("code", cell.source, tags)


def _layout(chapter: Chapter) -> list[str]:
    """Cells, lines and words within what a reader can take in."""
    problems = []
    code = [cell.text for cell in chapter.cells if cell.kind == "code"]
    if not code or not all(
        isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(code[0]).body
    ):
        problems.append("its first code cell must hold all imports and nothing else.")
    problems += [
        f"the cell that begins with `{text.splitlines()[0]}` has {len(text.splitlines())} lines; "
        f"{MAX_CELL_LINES} are the most: split it, or move a part into helpers."
        for text in code
        if len(text.splitlines()) > MAX_CELL_LINES
    ]
    if len(chapter.cells) > MAX_CELLS:
        problems.append(f"it has {len(chapter.cells)} cells; {MAX_CELLS} are the most.")
    words = sum(len(cell.text.split()) for cell in chapter.cells if cell.kind == "text")
    if words > MAX_WORDS:
        problems.append(f"it has {words} words of prose; {MAX_WORDS} are the most.")
    return problems


def _exercises(chapter: Chapter) -> list[str]:
    """Each exercise of the chapter once, each standing on the first cell's imports alone."""
    problems = []
    here = chapter.exercises()
    for exercise in here:
        if exercise.chapter != chapter.name:
            problems.append(f"exercise {exercise.name} belongs to {exercise.chapter}.")
        missing = stub.free_names(stub.source_of(exercise.reference)) - imported(chapter)
        if missing:
            problems.append(
                f"exercise {exercise.name} uses {', '.join(sorted(missing))}, which the first "
                "cell does not import: a solution stands alone (import it there, or use only "
                "public names in the function)."
            )
        if ">>>" not in (exercise.reference.__doc__ or ""):
            problems.append(f"exercise {exercise.name} has no `>>>` example in its docstring.")
    names = [exercise.name for exercise in here]
    problems += [f"exercise {n} appears twice." for n in set(names) if names.count(n) > 1]
    problems += [
        f"exercise {e.name} is declared for it and does not appear: add its cell."
        for e in of_chapter(chapter.name)
        if e.name not in names
    ]
    return problems


def _questions(chapter: Chapter) -> list[str]:
    """Each question of the bank that names this chapter, once."""
    asked = [cell.text for cell in chapter.cells if cell.kind == "question"]
    known = bank.load()
    problems = [f"the bank has no question {q}." for q in asked if q not in known]
    problems += [f"question {q} appears twice." for q in set(asked) if asked.count(q) > 1]
    problems += [
        f"question {q.id} names this chapter and does not appear: add its cell."
        for q in known.values()
        if q.chapter == chapter.name and q.id not in asked
    ]
    problems += [
        f"question {q} names the chapter {known[q].chapter} in the bank."
        for q in asked
        if q in known and known[q].chapter != chapter.name
    ]
    return problems


def _names(chapter: Chapter) -> list[str]:
    """No shadowing: an unsolved or wrong exercise never changes what another cell does."""
    problems = []
    taken = imported(chapter) | COURSE_NAMES
    code = [cell.text for cell in chapter.cells if cell.kind == "code"]
    for number, text in enumerate(code):
        tree = ast.parse(text)
        used, bound = _used_and_bound(tree)
        problems += [
            f"`{name}` is an exercise; call it by its module, as {all_exercises()[name].path}."
            for name in sorted(used & set(all_exercises()))
        ]
        problems += [
            f"a cell gives the imported name `{name}` another meaning: rename the variable."
            for name in sorted(bound & taken)
        ]
        problems += [
            f"a cell gives Python's own `{name}` another meaning, which would break a learner's "
            "right answer: rename the variable."
            for name in sorted(bound & PYTHONS_OWN)
        ]
        problems += [
            f"a cell assigns to `{ast.unparse(node)}`, a part of an imported module."
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and not isinstance(node.ctx, ast.Load)
            and isinstance(node.value, ast.Name)
            and node.value.id in taken
        ]
        if number > 0 and imports_of(tree):
            problems.append(f"`{text.splitlines()[0]}`: imports belong in the first cell.")
    if "*" in imported(chapter):
        problems.append("its first cell imports *: name what is used.")
    return problems


def _used_and_bound(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Every name that a cell mentions, and those of them that it gives a meaning."""
    used, bound = set[str](), set[str]()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=context):
                used.add(name)
                if not isinstance(context, ast.Load):
                    bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound.add(name)
            case ast.ClassDef(name=name) | ast.MatchAs(name=str(name)):
                bound.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                used |= {name, other or name}
    return used | bound, bound


def imported(chapter: Chapter) -> set[str]:
    """The names that the chapter's first code cell imports."""
    first = next((cell.text for cell in chapter.cells if cell.kind == "code"), "")
    return imports_of(ast.parse(first))


def imports_of(tree: ast.AST) -> set[str]:
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _exercise_at(path: Path, place: str) -> Exercise:
    """The exercise that a cell names as ``module.name``."""
    exercise = all_exercises().get(place.split(".")[-1])
    if exercise is None or exercise.path != place:
        known = ", ".join(e.path for e in all_exercises().values())
        raise ChapterError(f"{path.name}: no exercise is named {place}. There are: {known}.")
    return exercise
