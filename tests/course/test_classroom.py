"""What `make classroom` lays out: exercises alone, chosen by name, with a seed of the class."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from helpers.course import check, classroom
from helpers.course.checking import examine
from helpers.course.exercise import all_exercises, of_chapter
from helpers.course.stub import free_names, source_of, stub_of

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
CHAPTERS = list(dict.fromkeys(e.chapter for e in all_exercises().values()))


def laid_out(folder: Path, name: str, **options: Any) -> Any:
    classroom.lay_out(NOTEBOOKS, folder, **options)
    return nbformat.read(folder / "source" / name / f"{name}.ipynb", as_version=4)


def sources(notebook: Any, end: str = "") -> list[str]:
    return [cell.source for cell in notebook.cells if cell.id.endswith(end)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("classroom")
    assert classroom.lay_out(NOTEBOOKS, folder) == CHAPTERS
    return folder


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_holds_the_exercises_and_no_experiment(whole: Path, chapter: str) -> None:
    notebook = nbformat.read(whole / "source" / chapter / f"{chapter}.ipynb", as_version=4)
    nbformat.validate(notebook)
    exercises = of_chapter(chapter)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) == 1 + 3 * len(exercises)  # imports; stub, check and hints of each
    for exercise in exercises:
        name = exercise.name
        cells = {cell.id: cell for cell in notebook.cells}
        assert {f"{name}-task", f"{name}-help"} <= set(cells)
        assert cells[f"{name}-answer"].source == stub_of(exercise.reference)
        graded = cells[name]
        assert graded.source == f"check({name})"
        assert graded.metadata.nbgrader.points == exercise.points
    text = "\n".join(sources(notebook))
    assert "solution(" not in text and "claim(" not in text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_imports_what_the_answers_use_and_no_more(whole: Path, chapter: str) -> None:
    notebook = nbformat.read(whole / "source" / chapter / f"{chapter}.ipynb", as_version=4)
    imports = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    nodes = ast.parse(imports).body
    bound = {
        (n.asname or n.name).split(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for n in node.names
    }
    used = {n for e in of_chapter(chapter) for n in free_names(source_of(e.reference))}
    assert used <= bound
    others = bound - used - {"check", "hint", "np"} - set(sys.stdlib_module_names)
    assert others <= {"Path", "Any", "Sequence", "count"}  # of the standard library
    assert ("tf" in bound or "keras" in bound) == bool(used & {"tf", "keras"})


def test_what_the_chapter_says_before_an_exercise_comes_along(whole: Path) -> None:
    notebook = laid_out(whole, "21_boxes_and_average_precision")
    (before,) = sources(notebook, "iou-before")
    assert before.startswith("**Your turn.** **Predict** first: boxes that are apart")
    assert sources(notebook, "soft_nms-before") == []  # an experiment comes before it
    assert notebook.cells[0].source.startswith("# Exercises: Boxes and average precision")


@pytest.mark.parametrize(
    ("only", "name", "exercises"),
    [
        ("21", "21_boxes_and_average_precision", 5),
        ("21_boxes_and_average_precision", "21_boxes_and_average_precision", 5),
        ("boxes_and_average_precision", "21_boxes_and_average_precision", 5),
        ("0", "00_start_here", 1),
        ("boxes.iou", "21_iou", 1),
        ("iou", "21_iou", 1),
        ("train_step", "30_train_step", 1),
    ],
)
def test_one_chapter_or_exercise(tmp_path: Path, only: str, name: str, exercises: int) -> None:
    assert classroom.lay_out(NOTEBOOKS, tmp_path, only) == [name]
    assert [path.name for path in (tmp_path / "source").iterdir()] == [name]
    notebook = nbformat.read(tmp_path / "source" / name / f"{name}.ipynb", as_version=4)
    assert len(sources(notebook, "-answer")) == exercises


def test_single_exercise_imports_tensorflow_only_for_itself(tmp_path: Path) -> None:
    assert (
        "import keras" in laid_out(tmp_path, "30_train_step", only="train_step").cells[1].source
    )
    assert "keras" not in laid_out(tmp_path, "30_conv3d", only="conv3d").cells[1].source


@pytest.mark.parametrize("only", ["99", "boxes.giou", "2", "21_boxes", "-1", "²"])
def test_unknown_name_gets_a_sentence_with_what_there_is(tmp_path: Path, only: str) -> None:
    with pytest.raises(ValueError) as caught:
        classroom.lay_out(NOTEBOOKS, tmp_path, only)
    message = str(caught.value)
    assert message.startswith(f"No chapter and no exercise is named {only!r}; the chapters")
    assert "21_boxes_and_average_precision" in message and "boxes.iou" in message
    assert list(tmp_path.iterdir()) == []


def test_seed_is_in_every_check_and_nowhere_without_one(tmp_path: Path) -> None:
    name = "21_boxes_and_average_precision"
    seeded = laid_out(tmp_path, name, only="21", seed=7)
    checks = [cell for cell in seeded.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [c.source for c in checks] == [f"check({c.id}, seed=7)" for c in checks]
    assert all(cell.metadata.nbgrader.locked for cell in checks)
    assert (
        sources(laid_out(tmp_path, name, only="21", seed=0), "iou")[0] == "check(iou, seed=0)"
    )
    assert "seed" not in "\n".join(sources(laid_out(tmp_path, name)))


def test_seed_draws_other_random_cases_and_keeps_the_named_ones() -> None:
    exercise = all_exercises()["sample_indices"]
    seen: dict[int, list[Any]] = {}

    def answers_of(seed: int) -> Any:
        def sample_indices(total_frames: int, num_frames: int) -> np.ndarray:
            seen.setdefault(seed, []).append((total_frames, num_frames))
            return exercise.reference(total_frames, num_frames)

        return sample_indices

    reports = [examine(exercise, answers_of(seed), seed=seed) for seed in (20, 7)]
    named = len(exercise.cases)
    assert seen[20][:named] == seen[7][:named]
    assert seen[20][named:] != seen[7][named:]
    assert reports[0].total == reports[1].total
    usual = [case.args for case in exercise.random_cases()]
    assert usual == [case.args for case in exercise.random_cases(20)] == seen[20][named:]


@pytest.mark.parametrize("seed", [-1, 1.5, "7", None])
def test_seed_that_is_none_is_an_error(seed: Any) -> None:
    def sample_indices(total_frames: int, num_frames: int) -> None: ...

    with pytest.raises(ValueError, match=r"seed is .* must be a whole number of 0 or more"):
        check(sample_indices, seed=seed)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one chapter."""
    (tmp_path / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS / "00_start_here.ipynb", tmp_path / "notebooks")
    return tmp_path


def test_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert classroom.main(["--root", str(root), "--only", "00", "--seed", "7"]) == 0
    out = capsys.readouterr().out
    assert "Written to classroom/source/: 1 assignment with seed 7, 00_start_here." in out
    assert "Replaced" not in out
    assert "nbgrader generate_assignment 00_start_here" in out
    text = (root / "classroom/source/00_start_here/00_start_here.ipynb").read_text()
    assert "check(sample_indices, seed=7)" in text


def test_command_says_what_it_replaced(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: str) -> str:
        assert classroom.main(["--root", str(root), *arguments]) == 0
        return capsys.readouterr().out

    replaced = "→ Replaced what was there and differed: 00_start_here."
    assert "1 assignment with no seed, 00_start_here." in said()
    assert "Replaced" not in said()  # the same again
    assert replaced in said("--seed", "8")
    source = root / "classroom/source/00_start_here/00_start_here.ipynb"
    source.write_text(source.read_text().replace("Exercises", "Homework"))
    assert replaced in said("--seed", "8")


@pytest.mark.skipif(shutil.which("make") is None, reason="Windows need not have make")
@pytest.mark.parametrize("option", ["only=21", "seed=7"])
def test_small_letters_are_refused(option: str) -> None:
    make = ["make", "--dry-run", "--old-file=.venv/installed", "classroom", option]
    result = subprocess.run(make, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 2
    assert "Write ONLY=21 and SEED=7 in capital letters" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "99"], "✗ No chapter and no exercise is named '99'"),
        (["--seed", "x"], "✗ SEED is 'x', but it must be a whole number of 0 or more."),
        (["--seed=-1"], "✗ SEED is '-1'"),
    ],
)
def test_command_says_what_is_wrong_in_a_sentence(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert classroom.main(["--root", str(root), *arguments]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(says) and said.err.count("\n") == 1 and said.out == ""
    assert not (root / "classroom").exists()


def test_laying_out_again_keeps_grades_and_configuration(tmp_path: Path) -> None:
    classroom.lay_out(NOTEBOOKS, tmp_path, "00")
    (tmp_path / "nbgrader_config.py").write_text("# mine")
    (tmp_path / "gradebook.db").write_text("grades")
    classroom.lay_out(NOTEBOOKS, tmp_path, "21")
    assert (tmp_path / "nbgrader_config.py").read_text() == "# mine"
    assert (tmp_path / "gradebook.db").read_text() == "grades"
    assert (tmp_path / "source" / "00_start_here").is_dir()


def test_teachers_guide_has_the_chapters_minutes() -> None:
    guide = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(\d\d) \((\d+) min\)", guide))
    assert len(named) == 12
    for number, minutes in named:
        (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"]
        assert about["minutes"] == int(minutes), path.name
