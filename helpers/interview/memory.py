"""What went badly comes back: when each question and exercise is due again.

The schedule is FSRS's, by the `fsrs` package (Ye et al., "A Stochastic Shortest Path Algorithm
for Optimizing Spaced Repetition Scheduling", KDD 2022). An answer's share of the points is the
rating. Nothing is random: the same answers at the same times give the same days.
"""

import json
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from fsrs import Card, Rating, Scheduler

from helpers import store

# Without FSRS's steps of minutes, since nobody is interviewed on one question twice in an hour:
# what was forgotten is due the next day.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True)
class Due:
    """A question (by its id in the bank) or an exercise (by its name), and when it is due."""

    name: str
    time: datetime


def rating(share: float) -> Rating:
    """FSRS's rating of an answer that earned this share of its points, from 0 to 1.

    >>> rating(0.5).name
    'Hard'
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share!r}, but it must be from 0 to 1.")
    if share < 0.4:
        return Rating.Again
    if share < 0.65:
        return Rating.Hard
    return Rating.Good if share < 0.9 else Rating.Easy


def review(name: str, card: str | None, given: Rating, now: datetime) -> str:
    """The card after a review, as FSRS's JSON; ``card`` is what it was, None if it is new.

    ``now`` is in UTC. A card that cannot be read begins anew.
    """
    known = _read(card) or Card(card_id=zlib.crc32(name.encode()), due=now)
    return SCHEDULER.review_card(known, given, now)[0].to_json()


def questions() -> list[Due]:
    """Every question that was ever scored, the one that is due first in front."""
    rows = store.read("SELECT question, card FROM cards")
    cards = {name: _read(card) for name, card in rows}
    return _in_order(Due(name, card.due) for name, card in cards.items() if card)


def due_questions(now: datetime) -> set[str]:
    """The ids of the questions whose time has come."""
    return {entry.name for entry in due_by(now, questions())}


def exercises() -> list[Due]:
    """Every exercise that a check ever found wrong, the one that is due first in front.

    Each check that it failed counts as forgotten, and each one that it passed afterwards as
    remembered. All checks are kept, so the card is made of them anew each time.
    """
    from helpers.course import progress  # it imports NumPy

    cards: dict[str, str] = {}
    for check in progress.checks():
        name, failed = check.exercise, check.outcome == "wrong"
        if failed or (check.outcome == "right" and name in cards):
            given = Rating.Again if failed else Rating.Good
            with suppress(ValueError):  # a time that a damaged file has made unreadable
                time = datetime.fromisoformat(check.time)
                cards[name] = review(name, cards.get(name), given, time)
    return _in_order(Due(name, Card.from_json(card).due) for name, card in cards.items())


def due_by(now: datetime, entries: Iterable[Due]) -> list[Due]:
    """Those of the entries whose time has come, in their order."""
    return [entry for entry in entries if entry.time <= now]


def _in_order(entries: Iterable[Due]) -> list[Due]:
    return sorted(entries, key=lambda entry: (entry.time, entry.name))


def _read(card: str | None) -> Card | None:
    """The card, or None when a damaged file has made it unreadable."""
    try:
        return None if card is None else Card.from_json(card)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
