"""From source to both editions: quiet rebuilds, stale outputs noticed, nothing unfit stored."""

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.course import builder, editions
from helpers.course.builder import main
from tests.course.test_chapter import HEAD, cell

CHAPTER = (
    HEAD.replace("A test", "A small chapter")
    + cell("from helpers.course import claim")
    + "## An experiment\n\nPredict.\n\n"
    + cell("x = 1 + 1\nprint(x)")
    + cell('claim("Two is more than one.", x > 1, value=x)')
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "solutions").mkdir()
    (tmp_path / "notebooks").mkdir()
    write(tmp_path, CHAPTER)
    return tmp_path


def write(root: Path, text: str) -> None:
    (root / "solutions" / "98_test.md").write_text(text, encoding="utf-8")


def run(root: Path, *options: str) -> int:
    return main(["--root", str(root), *options])


def read(root: Path, folder: str) -> Any:
    return nbformat.read(root / folder / "98_test.ipynb", as_version=4)


def contents(root: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name + path.parent.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*.ipynb")
    }


def test_both_editions_are_built(root: Path) -> None:
    assert run(root) == 0
    learners, worked = read(root, "notebooks"), read(root, "solutions")
    assert all(not c.get("outputs") for c in learners.cells)
    assert [c.id for c in learners.cells] == [c.id for c in worked.cells]
    assert [c.id for c in worked.cells] == [
        "a-small-chapter-1", "a-small-chapter-2", "an-experiment-1", "an-experiment-2",
        "an-experiment-3",
    ]  # fmt: skip
    assert worked.cells[3].outputs[0].text == "2\n"
    assert worked.cells[4].metadata.tags == [editions.CHECKED]
    assert "tags" not in learners.cells[4].metadata
    assert worked.metadata.course.title == "A small chapter"
    assert worked.metadata.language_info == {"name": "python"}


def test_rebuild_changes_nothing_and_runs_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(root) == 0
    before = contents(root)
    capsys.readouterr()
    assert run(root) == 0
    assert contents(root) == before
    assert "not run again" in capsys.readouterr().out
    assert run(root, "--check") == 0
    assert contents(root) == before


def test_changed_text_keeps_the_outputs_without_running(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(root)
    write(root, CHAPTER.replace("Predict.", "Predict first."))
    assert run(root, "--check") == 1
    assert "is not what its source makes. Run `make notebooks`." in capsys.readouterr().err
    assert run(root) == 0
    assert "not run again" in capsys.readouterr().out
    worked = read(root, "solutions")
    assert "Predict first." in worked.cells[2].source and worked.cells[3].outputs
    assert run(root, "--check") == 0


def test_changed_code_is_run_again(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(root)
    write(root, CHAPTER.replace("1 + 1", "2 + 1"))
    assert run(root, "--check") == 1
    assert "was not run with this code" in capsys.readouterr().err
    run(root)
    assert read(root, "solutions").cells[3].outputs[0].text == "3\n"


def test_check_notices_an_edit_by_hand(root: Path) -> None:
    run(root)
    for folder in ("notebooks", "solutions"):
        path = root / folder / "98_test.ipynb"
        sound = path.read_text(encoding="utf-8")
        path.write_text(sound.replace("Predict.", "Edited."), encoding="utf-8")
        assert run(root, "--check") == 1
        path.write_text(sound, encoding="utf-8")
    assert run(root, "--check") == 0


def test_check_lets_outputs_differ(root: Path) -> None:
    run(root)
    path = root / "solutions" / "98_test.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"2\\n"', '"2.0\\n"'))
    assert run(root, "--check") == 0


def test_notebook_without_a_source_is_noticed_and_removed(root: Path) -> None:
    run(root)
    (root / "solutions" / "98_test.md").rename(root / "solutions" / "97_new_name.md")
    assert run(root, "--check") == 1
    assert run(root) == 0
    assert sorted(p.name for p in root.rglob("*.ipynb")) == ["97_new_name.ipynb"] * 2


def test_notebook_of_the_authors_own_stays(root: Path) -> None:
    run(root)
    for name in ("scratch", "97_copy"):
        copy = root / "notebooks" / f"{name}.ipynb"
        copy.write_bytes((root / "notebooks" / "98_test.ipynb").read_bytes())
        assert run(root) == 0 and copy.exists()


def test_cell_that_never_ends_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builder, "SECONDS_A_CELL", 1)
    write(root, HEAD + cell("import time") + cell("time.sleep(30)"))
    assert run(root) == 1
    assert "takes too long (1 s are the most)" in capsys.readouterr().err


def test_sections_without_a_latin_letter_get_ids_too(root: Path) -> None:
    write(root, CHAPTER + "\n## 视频\n\n" + cell("y = 1") + "\n## Section\n")
    assert run(root) == 0
    assert run(root, "--check") == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ('import sys\nprint("hm", file=sys.stderr)', "writes to stderr: hm"),
        ("import warnings\nwarnings.warn('old')", "writes to stderr"),
        ("import os\nprint(os.path.expanduser('~/x'))", "shows a path of this machine"),
        ("import sys\nprint(sys.prefix)", "shows a path of this machine"),
        ("import sys\nprint([sys.base_prefix])", "shows a path of this machine"),
        ("import pathlib\nprint(pathlib.Path.home().as_uri(), ':')", "shows a path of this"),
        ("from IPython.display import Image, display\nimport matplotlib\n"
         "matplotlib.pyplot.plot([1])", "without alternative text"),
        ('print("beside")\nclaim("One.", True, value=1)', "shows something beside a claim"),
        ('claim("One.", False, value=1)', "ClaimFailed"),
        ("print('x' * 1_000_001)", "bytes; 1,000,000 are the most"),
    ],
)  # fmt: skip
def test_unfit_output_is_refused_and_nothing_written(
    root: Path, capsys: pytest.CaptureFixture[str], code: str, words: str
) -> None:
    imports = "from helpers.course import claim\n" + "\n".join(
        line for line in code.split("\n") if line.startswith(("import", "from"))
    )
    if "matplotlib" in code:
        imports += "\nimport matplotlib.pyplot"
    rest = "\n".join(x for x in code.split("\n") if not x.startswith(("import", "from")))
    write(root, HEAD + cell(imports.strip()) + cell(rest))
    assert run(root) == 1
    error = capsys.readouterr().err
    assert words in error and "98_test.ipynb" in error
    assert not (root / "solutions" / "98_test.ipynb").exists()


def test_broken_source_is_one_sentence(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, HEAD + cell("x = 1"))
    assert run(root) == 1
    assert capsys.readouterr().err.startswith("✗ 98_test.md: ")


def test_progress_of_the_author_is_left_alone(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = str(tmp_path / "own")
    monkeypatch.setenv("LVM_DATA_DIR", own)
    text = cell("import os") + cell(f"print(os.environ['LVM_DATA_DIR'] == {own!r})")
    write(root, HEAD + text)
    assert run(root) == 0
    assert read(root, "solutions").cells[2].outputs[0].text == "False\n"
    assert os.environ["LVM_DATA_DIR"] == own  # and the builder leaves the setting as it was


def test_ids_of_other_sections_survive_an_insertion(root: Path) -> None:
    run(root)
    before = [c.id for c in read(root, "notebooks").cells]
    longer = CHAPTER.replace("## An experiment", cell("y = 1") + "## An experiment")
    write(root, longer)
    run(root)
    after = [c.id for c in read(root, "notebooks").cells]
    assert set(after) - set(before) == {"a-small-chapter-3"}


def test_only_the_chapters_own_question_is_answered_in_the_open() -> None:
    for chapter in builder.chapters(builder.ROOT):
        for edition, num_open in ((editions.learners, 0), (editions.worked, 1)):
            texts = [c.source for c in edition(chapter).cells if c.id.startswith("question-")]
            is_open = ["<summary>The 60-second answer</summary>" not in text for text in texts]
            assert bool(texts) == (chapter.name != "70_mock_interview")
            first = [True] * num_open if texts else []
            assert is_open == first + [False] * (len(texts) - len(first))


def test_the_course_itself_is_built_as_committed() -> None:
    assert builder.check(builder.ROOT) == []


def test_map_of_the_course_is_drawn_again_when_a_chapter_changes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped = (
        HEAD + cell("from helpers.course import overview") + cell("m = overview.course_map")
    )
    (root / "solutions" / "97_map.md").write_text(mapped, encoding="utf-8")
    run(root)
    write(root, CHAPTER.replace("minutes: 5", "minutes: 6"))
    capsys.readouterr()
    run(root)
    out = capsys.readouterr().out
    assert "97_map: run in" in out and "98_test: unchanged" in out
