"""``make notebooks``: from each ``solutions/NN_topic.md`` to both editions.

The learner's edition goes to ``notebooks/``. The worked one is run, unless nothing that its
outputs depend on has changed, and goes to ``solutions/``. With ``--check`` nothing is run or
written: the command fails when anything but outputs differs from the files that are there.
"""

import argparse
import html
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from helpers.course import editions
from helpers.course.chapter import Chapter, ChapterError, read
from helpers.course.exercise import all_exercises, is_declared_soundly
from helpers.course.fingerprint import fingerprint
from helpers.course.message import SIGNS

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 1_000_000
SECONDS_A_CELL = 120


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make notebooks", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, without running")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        problems = check(options.root) if options.check else build(options.root)
    except ChapterError as error:
        problems = [str(error)]
    for problem in problems:
        print(f"{SIGNS['wrong']} {problem}", file=sys.stderr)
    return 1 if problems else 0


def chapters(root: Path) -> list[Chapter]:
    """Every chapter of the course, in order."""
    problems = [p for e in all_exercises().values() for p in is_declared_soundly(e)]
    if problems:
        raise ChapterError("\n".join(problems))
    return [read(path) for path in sorted((root / "solutions").glob("*.md"))]


def build(root: Path) -> list[str]:
    """Write both editions of every chapter; returns what went wrong, as sentences."""
    problems = []
    found = chapters(root)
    for chapter in found:  # all of them first, since chapter 00 shows a map of the others
        _write(_learners_path(root, chapter), editions.learners(chapter))
    for chapter in found:
        path = _worked_path(root, chapter)
        notebook, stored = _worked(path, chapter, found)
        start = time.perf_counter()
        if stored is not None:
            _carry_over_outputs(stored, notebook)
            done = "unchanged, not run again"
        else:
            try:
                _execute(notebook, root)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                problems.append(f"{path.name}, {_where_it_failed(notebook, error)}")
                continue
            done = f"run in {time.perf_counter() - start:.1f} s"
        if unfit := list(_unfit_outputs(notebook)):
            problems += [f"{path.name}, {problem}" for problem in unfit]
            continue
        _write(path, notebook)
        print(f"{SIGNS['right']} {chapter.name}: {done}")
    for path in _orphans(root, found):
        path.unlink()
        print(f"{SIGNS['note']} removed {path.relative_to(root)}, which has no source any more")
    return problems


def check(root: Path) -> list[str]:
    """What differs between the committed notebooks and their sources, outputs aside."""
    problems = []
    found = chapters(root)
    for chapter in found:
        path = _learners_path(root, chapter)
        if not path.exists() or _text(editions.learners(chapter)) != _read_text(path):
            problems.append(f"{path.relative_to(root)} is not what its source makes.")
        path = _worked_path(root, chapter)
        notebook, stored = _worked(path, chapter, found)
        if stored is None:
            problems.append(f"{path.relative_to(root)} was not run with this code.")
        else:
            _carry_over_outputs(stored, notebook)
            if _text(notebook) != _read_text(path):
                problems.append(f"{path.relative_to(root)} is not what its source makes.")
    problems += [f"{p.relative_to(root)} has no source." for p in _orphans(root, found)]
    return [f"{problem} Run `make notebooks`." for problem in problems]


def _worked(
    path: Path, chapter: Chapter, course: list[Chapter]
) -> tuple[NotebookNode, NotebookNode | None]:
    """The worked edition without outputs; and the stored one if its outputs still hold."""
    notebook = editions.worked(chapter)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    if any("course_map" in source for source in sources):
        sources += [f"# {c.name} {c.title} {c.title_zh} {c.minutes}" for c in course]
    made_by = fingerprint(sources, [f"helpers.exercises.ch{chapter.name}"])
    notebook.metadata.course["fingerprint"] = made_by
    if not path.exists():
        return notebook, None
    stored = nbformat.read(path, as_version=4)
    holds = stored.metadata.get("course", {}).get("fingerprint") == made_by
    return notebook, stored if holds else None


def _carry_over_outputs(stored: NotebookNode, notebook: NotebookNode) -> None:
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    for cell, old in zip(
        (cell for cell in notebook.cells if cell.cell_type == "code"), code, strict=True
    ):
        cell.outputs, cell.execution_count = old.outputs, old.execution_count


def _execute(notebook: NotebookNode, root: Path) -> None:
    """Run as a learner would, with a progress store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook,
            timeout=SECONDS_A_CELL,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            record_timing=False,
            resources={"metadata": {"path": str(root / "notebooks")}},
        ).execute(env={**os.environ, "LVM_DATA_DIR": folder})
    notebook.metadata.language_info = {"name": "python"}  # not this machine's version


def _unfit_outputs(notebook: NotebookNode) -> Iterator[str]:
    """Stored outputs that nobody should see, each as a sentence."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.get("name") == "stderr":
                yield f"cell {cell.id} writes to stderr: {output.text.strip()[:200]}"
            if path := _path_of_this_machine(output):
                yield f"cell {cell.id} shows a path of this machine: {path}"
            data = output.get("data", {})
            for kind in data:
                described = output.metadata.get(kind, {}).get("alt") or "alt=" in data.get(
                    "text/html", ""
                )
                if kind.startswith("image/") and not described:
                    yield f"cell {cell.id} shows an image without alternative text: give alt="
            if editions.CHECKED in cell.metadata.get("tags", ()) and not _is_message(output):
                yield (
                    f"cell {cell.id} shows something beside a claim or check: move that to a "
                    "cell of its own, since this cell's output is compared by the tests"
                )
    size = len(_text(notebook).encode())
    if size > MAX_BYTES:
        yield f"it has {size:,} bytes; {MAX_BYTES:,} are the most: show smaller clips or fewer"


def _path_of_this_machine(output: NotebookNode) -> str | None:
    """A folder of this machine that the output names, however it is escaped."""
    texts = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
    texts += map(str, output.get("data", {}).values())
    text = unquote(html.unescape("\n".join(texts))).replace("\\\\", "\\")
    folders = {str(ROOT), str(Path.home()), sys.prefix, sys.base_prefix, tempfile.gettempdir()}
    for folder in folders:
        if re.search(re.escape(folder) + r"(?![\w.-])", text):
            return folder
    return None


def _is_message(output: NotebookNode) -> bool:
    text = output.get("data", {}).get("text/plain", "")
    return output.output_type == "display_data" and text[:1] in SIGNS.values()


def _where_it_failed(notebook: NotebookNode, error: Exception) -> str:
    """The cell that was running, and what happened in it."""
    started = [c for c in notebook.cells if c.cell_type == "code" and c.get("execution_count")]
    failed = [c for c in started if any(o.output_type == "error" for o in c.outputs)]
    cell = (failed or started or notebook.cells)[-1]
    if isinstance(error, CellExecutionError):
        return f"cell {cell.id}: {error.ename}: {error.evalue}"
    kind = "takes too long" if isinstance(error, CellTimeoutError) else "ends the kernel"
    return f"cell {cell.id} or the one after it {kind} ({SECONDS_A_CELL} s are the most)."


def _orphans(root: Path, found: list[Chapter]) -> list[Path]:
    """Built notebooks that have no source any more; what somebody else put there stays."""
    names = {f"{chapter.name}.ipynb" for chapter in found}
    there = [*(root / "notebooks").glob("*.ipynb"), *(root / "solutions").glob("*.ipynb")]
    return sorted(p for p in there if p.name not in names and _was_built(p))


def _was_built(path: Path) -> bool:
    try:
        about = json.loads(_read_text(path))["metadata"].get("course", {})
        return about.get("chapter") == path.stem
    except (ValueError, KeyError, AttributeError):
        return False


def _learners_path(root: Path, chapter: Chapter) -> Path:
    return root / "notebooks" / f"{chapter.name}.ipynb"


def _worked_path(root: Path, chapter: Chapter) -> Path:
    return root / "solutions" / f"{chapter.name}.ipynb"


def _text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook, version=4) + "\n"


def _read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")  # with newlines as written on any platform


def _write(path: Path, notebook: NotebookNode) -> None:
    """Write only what changed, so that a quiet rebuild touches no file."""
    text = _text(notebook)
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or _read_text(path) != text:
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
