"""What is being written and has not been scored yet, so that a crash loses nothing of it.

An interview has one draft at most, that of the question it is at. It lies in the file of
`helpers.store`; a file that cannot be used never stops an interview (``store.notices()``).
"""

import json
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from helpers import store

CODING = "coding round"  # in place of an interview's id, for the one round that is going on


@dataclass(frozen=True)
class Draft:
    """Where the candidate is with one question (by its id) or exercise (by its name).

    ``seconds`` is the time that has been spent on it. ``points`` has None for a point of the
    rubric that is not scored yet; it is empty before the model answer is shown.
    """

    name: str
    seconds: float = 0.0
    written: str = ""
    answered: bool = False
    shown: bool = False
    points: tuple[int | None, ...] = ()


def save(interview: str, draft: Draft) -> None:
    """Keep the draft in place of the interview's earlier one."""
    row = (interview, json.dumps(asdict(draft)))
    _run("INSERT OR REPLACE INTO drafts VALUES (?, ?)", row)


def load(interview: str) -> Draft | None:
    """The draft of this interview, or None where there is none that can be read."""
    found = _run("SELECT draft FROM drafts WHERE interview = ?", (interview,))
    try:
        return _read(json.loads(found[0][0])) if found else None
    except (KeyError, TypeError, ValueError):
        return None


def forget(interview: str) -> None:
    """Remove the draft, once what it led to is kept."""
    _run("DELETE FROM drafts WHERE interview = ?", (interview,))


def _run(query: str, values: tuple[str, ...]) -> list[tuple]:
    def work(connection: sqlite3.Connection) -> list[tuple]:
        return connection.execute(query, values).fetchall()

    return store.transaction(work, [])


def _read(given: dict[str, Any]) -> Draft:
    draft = Draft(**given)
    points = tuple(draft.points)
    if not isinstance(draft.name, str) or not all(type(p) in (int, type(None)) for p in points):
        raise ValueError(given)
    return Draft(
        draft.name,
        float(draft.seconds),
        str(draft.written),
        bool(draft.answered),
        bool(draft.shown),
        points,
    )
