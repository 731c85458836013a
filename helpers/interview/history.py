"""The interviews that were held, kept in the course's one small file (`helpers.store`).

An interview is kept when it begins, and each answer as soon as it is scored, so that a crash
loses nothing that was scored. A file that cannot be used never stops an interview: nothing here
raises for it, and ``store.notices()`` says what happened. Times are passed in, in UTC.
"""

import json
import sqlite3
import uuid
from collections.abc import Callable, Container, Iterable
from dataclasses import asdict, astuple, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from helpers import store
from helpers.interview import drafts, memory
from helpers.interview.question import GROUPS, LANGUAGES, Language, Question
from helpers.interview.session import Result

Row = TypeVar("Row")


@dataclass(frozen=True)
class Settings:
    """How an interview was asked for; None, or no group, where no filter was given.

    ``both`` asks for each question in the other language, too.
    """

    language: Language = "en"
    groups: tuple[str, ...] = ()
    level: str | None = None
    chapter: str | None = None
    due: bool = False
    both: bool = False


@dataclass(frozen=True)
class Answer:
    """One scored answer as it was kept; ``time`` is UTC in ISO 8601.

    ``max_points`` are those of the rubric on that day, so that a later change of the bank
    changes no score of the past.
    """

    interview: str
    time: str
    question_id: str
    group: str
    points: tuple[int, ...]
    max_points: tuple[int, ...]
    seconds: float
    written_answer: str

    @property
    def earned(self) -> int:
        return sum(self.points)

    @property
    def possible(self) -> int:
        return sum(self.max_points)


@dataclass(frozen=True)
class Interview:
    """One interview: what was drawn, and the last answer to each question, oldest first."""

    id: str
    started: str
    settings: Settings
    seed: int
    question_ids: tuple[str, ...]
    answers: tuple[Answer, ...] = ()

    def left(self, known: Container[str]) -> list[str]:
        """The ids of the questions without an answer, of those that the bank still knows."""
        done = {answer.question_id for answer in self.answers}
        return [id for id in self.question_ids if id not in done and id in known]

    def with_answer(self, answer: Answer) -> "Interview":
        """The interview with this answer, in place of an earlier one to the same question."""
        others = [held for held in self.answers if held.question_id != answer.question_id]
        return replace(self, answers=(*others, answer))


def begin(
    questions: Iterable[Question], settings: Settings, seed: int, now: datetime
) -> Interview:
    """Keep that an interview with these questions begins, and return it."""
    ids = tuple(question.id for question in questions)
    interview = Interview(uuid.uuid4().hex, _text(now), settings, seed, ids)
    store.transaction(lambda connection: _insert_interview(connection, interview), None)
    return interview


def keep(interview: Interview, result: Result, now: datetime) -> Answer:
    """Keep one scored answer and its review (see `memory`): both or, on failure, neither."""
    question = result.question
    answer = Answer(
        interview.id,
        _text(now),
        question.id,
        question.group,
        result.points,
        tuple(point.points for point in question.rubric),
        float(result.seconds),
        result.written_answer,
    )
    row = [json.dumps(v) if isinstance(v, tuple) else v for v in astuple(answer)]
    given = memory.rating(answer.earned / answer.possible)

    def work(connection: sqlite3.Connection) -> None:
        # Again, since a fresh file may have been begun meanwhile.
        _insert_interview(connection, interview)
        connection.execute(
            "INSERT INTO answers"
            " (interview, time, question, topic, points, max_points, seconds, written)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )
        found = connection.execute("SELECT card FROM cards WHERE question = ?", [question.id])
        before = found.fetchone()
        card = memory.review(question.id, before[0] if before else None, given, now)
        connection.execute("INSERT OR REPLACE INTO cards VALUES (?, ?)", (question.id, card))

    store.transaction(work, None)
    return answer


def interviews() -> list[Interview]:
    """Every interview, oldest first. Empty when nothing can be read.

    Where one question of an interview was answered twice, as in two terminals that resumed it
    at once, the later answer counts; `store.export` has both.
    """
    by_interview: dict[str, dict[str, Answer]] = {}
    for answer in answers():
        by_interview.setdefault(answer.interview, {})[answer.question_id] = answer
    rows = store.read(
        "SELECT id, started, settings, seed, questions FROM interviews ORDER BY number"
    )
    found = []
    for row in rows:
        given = tuple(by_interview.get(row[0], {}).values())
        found += _readable(_interview, (*row, given))
    return found


def answers() -> list[Answer]:
    """Every answer of every interview, oldest first. Empty when nothing can be read."""
    rows = store.read(
        "SELECT interview, time, question, topic, points, max_points, seconds, written"
        " FROM answers ORDER BY number"
    )
    return [answer for row in rows for answer in _readable(_answer, row)]


def last_unfinished(known: Container[str]) -> Interview | None:
    """The interview to go on with, of those with a question left which the bank still knows.

    It is the latest that holds some work; where none does, the latest.
    """
    unfinished = [held for held in reversed(interviews()) if held.left(known)]
    return next(filter(_holds_work, unfinished), unfinished[0] if unfinished else None)


def _holds_work(interview: Interview) -> bool:
    """Whether an answer is scored, or a draft of one is kept, as the widget keeps it."""
    if interview.answers:
        return True
    draft = drafts.load(interview.id)
    return draft is not None and (bool(draft.written) or draft.answered)


def keep_coding(
    exercise: str, chapter: str, outcome: str, seconds: float, code: str, now: datetime
) -> None:
    """Keep one check of a coding round, with the learner's file as it was."""
    row = (_text(now), exercise, chapter, outcome, float(seconds), code)
    store.transaction(
        lambda connection: connection.execute(
            "INSERT INTO coding_rounds (time, exercise, chapter, outcome, seconds, code)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            row,
        ),
        None,
    )


def _insert_interview(connection: sqlite3.Connection, interview: Interview) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO interviews (id, started, settings, seed, questions)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            interview.id,
            interview.started,
            json.dumps(asdict(interview.settings)),
            interview.seed,
            json.dumps(interview.question_ids),
        ),
    )


def _text(now: datetime) -> str:
    if now.tzinfo is None or now.utcoffset():
        raise ValueError(f"now is {now!r}, but it must be in UTC: datetime.now(UTC).")
    return now.isoformat(timespec="seconds")


def _readable(parse: Callable[..., Row], row: tuple) -> list[Row]:
    """The parsed row, or nothing where a damaged file has made it unreadable."""
    try:
        return [parse(*row)]
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        return []


def _interview(
    id: str, started: str, settings: str, seed: int, questions: str, given: tuple[Answer, ...]
) -> Interview:
    datetime.fromisoformat(started)
    return Interview(id, started, _settings(settings), int(seed), _tuple(questions, str), given)


def _settings(text: str) -> Settings:
    given = json.loads(text)
    if "group" in given:  # kept when an interview had one group at most
        one = given.pop("group")
        given["groups"] = [one] if one else []
    about = Settings(**given)
    if about.language not in LANGUAGES or not set(about.groups) <= set(GROUPS):
        raise ValueError(text)
    return replace(about, groups=tuple(about.groups))


def _answer(*row: Any) -> Answer:
    interview, time, question, group, points, max_points, seconds, written = row
    datetime.fromisoformat(time)
    given, most = _tuple(points, int), _tuple(max_points, int)
    if group not in GROUPS or not 0 <= sum(given) <= sum(most) or sum(most) == 0:
        raise ValueError(row)
    return Answer(interview, time, question, group, given, most, float(seconds), str(written))


def _tuple(text: str, kind: type[Row]) -> tuple[Row, ...]:
    values = json.loads(text)
    if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
        raise ValueError(text)
    return tuple(values)
