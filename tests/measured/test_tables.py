"""Stored results say where they come from, and the script that made them exists."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from helpers import measured
from helpers.measured import tables

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in tables.FOLDER.glob("*.json"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tables, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_every_stored_table_names_a_script_that_exists(name: str) -> None:
    table = measured.load(name)
    script = re.fullmatch(r"python (benchmarks/\w+\.py)( .*)?", table.command)
    assert script and (ROOT / script[1]).is_file()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", table.day)
    assert re.match(r"\d+ cores", table.machine)
    assert len({tuple(row) for row in table.rows}) == 1


def test_saved_and_loaded(folder: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"model": "A", "accuracy": 0.5},
        {"model": "B", "accuracy": None},
    ]
    table = measured.save("x", command="python benchmarks/x.py", about="Twice.", rows=rows)
    assert measured.load("x") == table and table.rows == rows
    assert table.row(model="B")["accuracy"] is None
    with pytest.raises(ValueError, match="0 rows have"):
        table.row(model="C")
    assert json.loads((folder / "x.json").read_text())["day"] == table.day
    with pytest.raises(ValueError, match="no table named 'y': take one of x"):
        measured.load("y")


@pytest.mark.parametrize("rows", [[], [{"a": 1}, {"b": 1}]])
def test_rows_must_be_alike(folder: Path, rows: list[dict[str, int]]) -> None:
    with pytest.raises(ValueError, match="the same keys, at least one"):
        measured.save("x", command="", about="", rows=rows)


def test_shown_with_its_label_and_nothing_as_markup() -> None:
    rows = [{"model": "<b>", "accuracy": 0.25, "seconds": None}]
    table = measured.Table("python x.py", "2026-01-02", "2 cores", "One & all.", rows)
    columns = {"model": "model", "accuracy": "accuracy|.1%", "seconds": "time (s)|.0f"}
    shown = tables._Shown({})
    seen: list[tables._Shown] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "display", seen.append)
        measured.show(table, columns)
    (shown,) = seen
    assert repr(shown).splitlines()[:2] == ["model  accuracy  time (s)", "<b>    25.0%     –"]
    html = shown._repr_mimebundle_()["text/html"]
    assert "<b>" not in html and "&lt;b&gt;" in html and "25.0%" in html
    assert "One &amp; all. Not measured now" in html and "<code>python x.py</code>" in html
