"""``make classroom``: the course's exercises as assignments for nbgrader.

An assignment holds exercises and nothing else: the imports, what a chapter says before an
exercise, the stub and its check. So it is graded in seconds, where the chapter would train
networks. nbgrader's own commands do the rest, run inside the folder: ``generate_assignment``,
``autograde``, ``generate_feedback``. There are stubs where the answers go, so nbgrader has no
solutions to clear.
"""

import argparse
import ast
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from helpers.course import stub
from helpers.course.exercise import Exercise, all_exercises
from helpers.course.message import SIGNS

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """\
# Written by `make classroom`.
c = get_config()
c.CourseDirectory.course_id = "large_video_models"
c.ClearSolutions.enabled = False  # the notebooks hold stubs already
c.ExecutePreprocessor.timeout = 120  # seconds a cell; a check takes 10 at the most
c.ExecutePreprocessor.iopub_timeout = 60  # with the usual 4, a busy machine drops submissions
"""

Notebook = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make classroom", description=__doc__.split("\n")[0], allow_abbrev=False
    )
    parser.add_argument("--only", default="", help="a chapter or an exercise: 21, boxes.iou")
    parser.add_argument("--seed", default="", help="draws other random cases: 0, 1, 2 ...")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    target = options.root / "classroom"
    before = _sources(target)
    try:
        seed = _seed(options.seed)
        names = lay_out(options.root / "notebooks", target, options.only, seed)
    except ValueError as error:
        print(f"{SIGNS['wrong']} {error}", file=sys.stderr)
        return 1
    noun = "assignment" if len(names) == 1 else "assignments"
    drawn = "no seed" if seed is None else f"seed {seed}"
    print(
        f"Written to {target.name}/source/: {len(names)} {noun} with {drawn}, "
        f"{', '.join(names)}."
    )
    after = _sources(target)
    if replaced := [name for name in names if before.get(name, after[name]) != after[name]]:
        print(
            f"{SIGNS['note']} Replaced what was there and differed: {', '.join(replaced)}. Your "
            "edits in it are gone; what is released already must keep the seed it had."
        )
    print("Go on with nbgrader there, in the course's environment, for example:")
    print("  source .venv/bin/activate     # nbgrader finds its own tools by name")
    print(f"  cd {target.name} && nbgrader generate_assignment {names[0]}")
    return 0


def lay_out(
    notebooks: Path, target: Path, only: str = "", seed: int | None = None
) -> list[str]:
    """Write assignments to ``target/source/`` and return their names.

    Args:
        notebooks: the folder of the learner's edition; a chapter without an exercise is left
            out.
        target: the folder of the nbgrader course. Other assignments, grades, submissions and a
            changed configuration in it are left as they are.
        only: a chapter (``"21"``, or its name with or without the number), or an exercise
            (``"boxes.iou"`` or ``"iou"``), which becomes the assignment ``21_iou``; empty for
            every chapter.
        seed: draws the random cases, 0 or more; None for those of the chapters.

    Raises ``ValueError`` when ``only`` names nothing: the sentence lists what there is.
    """
    chapters = _chapters(notebooks)
    names = []
    for name, chapter, exercises in _chosen(chapters, only):
        folder = target / "source" / name
        folder.mkdir(parents=True, exist_ok=True)
        notebook = assignment(chapters[chapter], exercises, seed)
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8", newline="\n")
        names.append(name)
    config = target / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    return names


def assignment(
    chapter: Notebook, exercises: Sequence[Exercise], seed: int | None = None
) -> Notebook:
    """The learner's notebook of a chapter, cut down to some of its exercises."""
    about = chapter["metadata"]["course"]
    number = about["chapter"][:2]
    intro = (
        f"# Exercises: {about['title']}\n\n"
        f"From chapter {number}, `{about['chapter']}.ipynb`, which explains what they are about; "
        "a text here that speaks of other cells means the chapter's. Write your answer where "
        "each stub is. Its check says what is right or wrong with it, and counts when this "
        "notebook is graded."
    )
    imports = next(cell for cell in chapter["cells"] if cell["cell_type"] == "code")
    used = {n for e in exercises for n in stub.free_names(stub.source_of(e.reference))}
    cells = [
        {"cell_type": "markdown", "id": "exercises", "metadata": {}, "source": intro},
        imports | {"source": _imports(_source(imports), used)},
    ]
    for exercise in exercises:
        cells += _exercise_cells(chapter["cells"], exercise.name, seed)
    metadata = chapter["metadata"] | {"course": about | {"edition": "class"}}
    return chapter | {"cells": cells, "metadata": metadata}


def _sources(target: Path) -> dict[str, bytes]:
    """What stands in the folder of the nbgrader course, by assignment."""
    return {path.stem: path.read_bytes() for path in target.glob("source/*/*.ipynb")}


def _chapters(notebooks: Path) -> dict[str, Notebook]:
    """The learner's notebooks that have an exercise, by name."""
    found = {}
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if any("nbgrader" in cell["metadata"] for cell in notebook["cells"]):
            found[path.stem] = notebook
    return found


def _chosen(
    chapters: dict[str, Notebook], only: str
) -> Iterator[tuple[str, str, list[Exercise]]]:
    """Each assignment's name, its chapter and its exercises, in the chapter's order."""
    there = {
        name: [
            all_exercises()[cell["id"]]
            for cell in notebook["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade")
        ]
        for name, notebook in chapters.items()
    }
    for name, exercises in there.items():
        if only in ("", name, name[3:]) or (only.isdecimal() and int(only) == int(name[:2])):
            yield name, name, exercises
            if only:
                return
    if not only:
        return
    for name, exercises in there.items():
        for exercise in exercises:
            if only in (exercise.path, exercise.name):
                yield f"{name[:2]}_{exercise.name}", name, [exercise]
                return
    paths = [exercise.path for exercises in there.values() for exercise in exercises]
    raise ValueError(
        f"No chapter and no exercise is named {only!r}; the chapters with exercises are "
        f"{', '.join(there)}, and the exercises {', '.join(paths)}."
    )


def _imports(source: str, used: set[str]) -> str:
    """Of a chapter's imports: the standard library, NumPy, and what the answers use.

    The experiments need the rest, and TensorFlow alone would take longer than all the checks.
    """
    lines = []
    for node in ast.parse(source).body:
        assert isinstance(node, ast.Import | ast.ImportFrom)  # the builder sees to that
        if isinstance(node, ast.ImportFrom) and node.module == "helpers.course":
            lines.append("from helpers.course import check, hint")
            continue
        root = (getattr(node, "module", None) or node.names[0].name).split(".")[0]
        if root != "numpy" and root not in sys.stdlib_module_names:
            node.names = [n for n in node.names if (n.asname or n.name).split(".")[0] in used]
        if node.names:
            lines.append(ast.unparse(node))
    return "\n".join(lines)


def _exercise_cells(
    cells: Sequence[Notebook], name: str, seed: int | None
) -> Iterator[Notebook]:
    """What the chapter says to do or to predict, the task, the stub, the check, the hints."""
    by_id = {cell["id"]: cell for cell in cells}
    before = cells[cells.index(by_id[f"{name}-task"]) - 1]
    if before["cell_type"] == "markdown" and not before["id"].startswith("question-"):
        paragraphs = _source(before).split("\n\n")
        asked = [p for p in paragraphs if "**Your turn" in p or "**Predict" in p]
        if asked:
            yield before | {"id": f"{name}-before", "source": "\n\n".join(asked)}
    yield by_id[f"{name}-task"]
    yield by_id[f"{name}-answer"]
    call = f"check({name})" if seed is None else f"check({name}, seed={seed})"
    yield by_id[name] | {"source": call}  # locked: nbgrader restores it before it grades
    help_ = _source(by_id[f"{name}-help"]).split("\n")
    hints = [line for line in help_ if not line.startswith("# solution(")]
    yield by_id[f"{name}-help"] | {"source": "\n".join(hints)}


def _source(cell: Notebook) -> str:
    return "".join(cell["source"])


def _seed(text: str) -> int | None:
    """The seed that was asked for, if one was."""
    if text and not text.isdecimal():
        raise ValueError(f"SEED is {text!r}, but it must be a whole number of 0 or more.")
    return int(text) if text else None


if __name__ == "__main__":
    sys.exit(main())
