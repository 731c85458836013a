"""What a learner has done with the exercises: checks, hints and solutions.

It is kept in the file of `helpers.store`. A file that cannot be written or read never
stops a check: nothing here raises for it, and ``notices()`` gives the caller one sentence to
print.
"""

from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from helpers import store
from helpers.store import notices

__all__ = [
    "Check",
    "ExerciseProgress",
    "checks",
    "notices",
    "record_check",
    "record_help",
    "summary",
]

Outcome = Literal["right", "wrong", "not attempted"]
Help = Literal["hint", "solution"]


@dataclass(frozen=True)
class Check:
    """One check of one exercise; ``time`` is UTC in ISO 8601."""

    time: str
    exercise: str
    chapter: str
    outcome: Outcome
    misconception: str | None
    points: float
    max_points: float


@dataclass(frozen=True)
class ExerciseProgress:
    """How one exercise went, up to and including its first right answer.

    What comes after that answer changes nothing: reading the solution then is not cheating,
    and breaking one's own function to see a check fail is encouraged.
    """

    chapter: str
    outcome: Outcome = "not attempted"  # the best one so far
    wrong_checks: int = 0
    hints: int = 0  # the highest level of hint that was shown
    solution_seen: bool = False
    first_right: str | None = None  # UTC, ISO 8601


def record_check(
    exercise: str,
    chapter: str,
    outcome: Outcome,
    misconception: str | None,
    points: float,
    max_points: float,
) -> None:
    """Keep the result of one check. A file that cannot be written becomes a notice.

    Raises ``ValueError`` for an ``outcome`` that is not one of the three.
    """
    if outcome not in get_args(Outcome):
        raise ValueError(f"outcome is {outcome!r}, but it must be one of {get_args(Outcome)}.")
    check = Check(
        _now(), exercise, chapter, outcome, misconception, float(points), float(max_points)
    )
    _write(
        "INSERT INTO events"
        " (kind, time, exercise, chapter, outcome, misconception, points, max_points)"
        " VALUES ('check', ?, ?, ?, ?, ?, ?, ?)",
        astuple(check),
    )


def record_help(exercise: str, chapter: str, kind: Help, level: int) -> None:
    """Keep that a hint (``level`` counts from 1) or the solution was shown.

    A file that cannot be written becomes a notice. Raises ``ValueError`` for another ``kind``.
    """
    if kind not in get_args(Help):
        raise ValueError(f"kind is {kind!r}, but it must be one of {get_args(Help)}.")
    _write(
        "INSERT INTO events (time, kind, exercise, chapter, level) VALUES (?, ?, ?, ?, ?)",
        (_now(), kind, exercise, chapter, int(level)),
    )


def summary() -> dict[str, ExerciseProgress]:
    """Return the progress of each exercise that was ever checked or asked help for.

    Exercises come in the order in which they were first met. Empty when nothing can be read.
    """
    progress: dict[str, ExerciseProgress] = {}
    for time, kind, exercise, chapter, outcome, level in store.read(
        "SELECT time, kind, exercise, chapter, outcome, CAST(ifnull(level, 0) AS INTEGER)"
        " FROM events ORDER BY id"
    ):
        so_far = progress.get(exercise, ExerciseProgress(chapter))
        if so_far.outcome == "right":
            continue
        if kind == "hint":
            so_far = replace(so_far, hints=max(so_far.hints, level))
        elif kind == "solution":
            so_far = replace(so_far, solution_seen=True)
        elif outcome == "right":
            so_far = replace(so_far, outcome="right", first_right=time)
        elif outcome == "wrong":
            so_far = replace(so_far, outcome="wrong", wrong_checks=so_far.wrong_checks + 1)
        progress[exercise] = so_far
    return progress


def checks() -> list[Check]:
    """Return every check, oldest first. Empty when nothing can be read."""
    rows = store.read(
        "SELECT time, exercise, chapter, outcome, misconception, points, max_points"
        " FROM events WHERE kind = 'check' ORDER BY id"
    )
    return [Check(*row) for row in rows]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(statement: str, values: tuple[object, ...]) -> None:
    store.transaction(lambda connection: connection.execute(statement, values), None)
