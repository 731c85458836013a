"""Tables of results on the disk: the rows, and the command, the day and the machine."""

import html
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from IPython.display import display

FOLDER = Path(__file__).parent

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """What a benchmark found.

    Attributes:
        command: what to type to measure it again.
        day: when it was measured, as 2026-11-24.
        machine: on what: cores, processor, versions.
        about: how the numbers came about, in a sentence or two.
        rows: one dict a row, all with the same keys; a value may be None, not measured.
    """

    command: str
    day: str
    machine: str
    about: str
    rows: list[Row]

    @property
    def label(self) -> str:
        return f"Not measured now, but by `{self.command}` on {self.day}: {self.machine}."

    def row(self, **wanted: Any) -> Row:
        """The one row in which these keys have these values."""
        found = [row for row in self.rows if all(row[k] == v for k, v in wanted.items())]
        if len(found) != 1:
            raise ValueError(f"{len(found)} rows have {wanted}, but it must be one.")
        return found[0]


def load(name: str) -> Table:
    """The stored table of that name."""
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.json"))) or "none yet"
        raise ValueError(f"There is no table named {name!r}: take one of {known}.")
    return Table(**json.loads(path.read_text(encoding="utf-8")))


def save(name: str, *, command: str, about: str, rows: list[Row]) -> Table:
    """Write a table with today's date and a description of this machine."""
    if not rows or any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError("rows must be dicts with the same keys, at least one.")
    table = Table(command, date.today().isoformat(), this_machine(), about, rows)
    text = json.dumps(asdict(table), indent=1, ensure_ascii=False) + "\n"
    (FOLDER / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
    return table


def this_machine(packages: Iterable[str] = ("tensorflow", "keras", "numpy")) -> str:
    """Cores, processor and versions, in a line."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    cores = f"{os.cpu_count()} cores"
    processor = f"{platform.machine()}, Python {platform.python_version()}"
    return ", ".join([cores, processor, *versions])


def show(table: Table, columns: Mapping[str, str], rows: Iterable[Row] | None = None) -> None:
    """Show some columns of a table in a notebook, with its label below.

    Args:
        table: what `load` returned.
        columns: from the key of a column to its heading and, after a `|`, how its values are
            formatted: ``{"accuracy": "accuracy|.1%"}``.
        rows: which rows; all when left out.

    >>> table = Table("python x.py", "2026-11-24", "2 cores", "", [{"model": "A", "right": 0.5}])
    >>> show(table, {"model": "model", "right": "right|.0%"})
    model  right
    A      50%
    Not measured now, but by `python x.py` on 2026-11-24: 2 cores.
    """
    headings = [text.partition("|")[0] for text in columns.values()]
    formats = [text.partition("|")[2] for text in columns.values()]
    body = [
        [
            "–" if row[key] is None else format(row[key], style)
            for key, style in zip(columns, formats, strict=True)
        ]
        for row in (table.rows if rows is None else rows)
    ]
    is_number = [bool(style) for style in formats]
    data = {
        "text/plain": _plain([headings, *body]) + f"\n{table.label}",
        "text/html": _table(headings, body, is_number) + _caption(table),
    }
    display(_Shown(data))


class _Shown:
    """An output as HTML, and as text for a terminal."""

    def __init__(self, data: dict[str, str]) -> None:
        self.data = data

    def __repr__(self) -> str:
        return self.data["text/plain"]

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return self.data


def _plain(lines: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join(line.rstrip() for line in padded)


def _table(headings: list[str], body: list[list[str]], is_number: list[bool]) -> str:
    sides = ["right" if number else "left" for number in is_number]

    def line(tag: str, cells: list[str]) -> str:
        return "".join(
            f"<{tag} style='text-align:{side}'>{html.escape(cell)}</{tag}>"
            for cell, side in zip(cells, sides, strict=True)
        )

    rows = "".join(f"<tr>{line('td', cells)}</tr>" for cells in body)
    return f"<table><thead><tr>{line('th', headings)}</tr></thead><tbody>{rows}</tbody></table>"


def _caption(table: Table) -> str:
    label = html.escape(table.label).replace("`", "<code>", 1).replace("`", "</code>", 1)
    about = f"{html.escape(table.about)} " if table.about else ""
    return f"<p style='font-size:90%'>{about}{label}</p>"
