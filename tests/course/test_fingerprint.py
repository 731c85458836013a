"""A chapter is run again when, and only when, something that it imports has changed."""

from pathlib import Path

import pytest

from helpers.course import fingerprint as module
from helpers.course.fingerprint import files_behind, fingerprint


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    helpers = tmp_path / "helpers"
    files = {
        "__init__.py": "",
        "boxes.py": "from helpers import validate\n",
        "validate.py": "",
        "other.py": "",
        "video/__init__.py": "from helpers.video.reading import read\n",
        "video/reading.py": "from . import low\n",
        "video/low.py": "",
        "video/clip.mp4": "frames",
        "metrics/__init__.py": "from .image import psnr\n",
        "metrics/image.py": "def f():\n    import helpers.boxes as b\n",
    }
    for name, text in files.items():
        (helpers / name).parent.mkdir(parents=True, exist_ok=True)
        (helpers / name).write_text(text)
    monkeypatch.setattr(module, "HELPERS", helpers)
    return helpers


def names(package: Path, *modules: str) -> set[str]:
    return {path.relative_to(package).as_posix() for path in files_behind(modules)}


def test_imports_are_followed(package: Path) -> None:
    assert names(package, "helpers.boxes") == {"__init__.py", "boxes.py", "validate.py"}
    video = {f"video/{name}" for name in ("__init__.py", "reading.py", "low.py", "clip.mp4")}
    assert names(package, "helpers.video.read") == {"__init__.py"} | video
    assert "boxes.py" in names(package, "helpers.metrics")  # imported inside a function


@pytest.mark.parametrize("changed", ["boxes.py", "validate.py", "__init__.py"])
def test_change_of_an_imported_file_changes_the_hash(package: Path, changed: str) -> None:
    before = fingerprint(["from helpers import boxes"])
    (package / changed).write_text("# changed\n")
    assert fingerprint(["from helpers import boxes"]) != before


def test_what_is_not_imported_does_not_matter(package: Path) -> None:
    before = fingerprint(["from helpers import boxes"])
    (package / "other.py").write_text("# changed\n")
    (package / "video" / "clip.mp4").write_text("other frames")
    assert fingerprint(["from helpers import boxes"]) == before


def test_data_beside_a_package_matters(package: Path) -> None:
    before = fingerprint(["from helpers import video"])
    (package / "video" / "clip.mp4").write_text("other frames")
    assert fingerprint(["from helpers import video"]) != before


def test_cells_and_the_exercise_module_matter(package: Path) -> None:
    plain = fingerprint(["x = 1"])
    assert fingerprint(["x = 2"]) != plain
    assert fingerprint(["x = 1"], ["helpers.other"]) != plain


def test_line_endings_do_not_matter(package: Path) -> None:
    (package / "boxes.py").write_bytes(b"a = 1\nb = 2\n")
    before = fingerprint(["from helpers import boxes"])
    (package / "boxes.py").write_bytes(b"a = 1\r\nb = 2\r\n")
    assert fingerprint(["from helpers import boxes"]) == before
