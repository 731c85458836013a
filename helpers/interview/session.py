"""An interview without any input or output: which questions, what score, which card.

The terminal and the widget use it, and so can anything else that holds an interview.
"""

import random
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from helpers.interview.question import GROUPS, Question

MINUTE = 60  # seconds that an answer should take


class Scored(Protocol):
    """An answered question as a scorecard needs it: a `Result`, or one read from the history."""

    @property
    def question_id(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def earned(self) -> int: ...
    @property
    def possible(self) -> int: ...
    @property
    def seconds(self) -> float: ...


@dataclass(frozen=True)
class Result:
    """One answered question: the points for each point of the rubric, and the time taken."""

    question: Question
    points: tuple[int, ...]
    seconds: float
    written_answer: str

    @property
    def question_id(self) -> str:
        return self.question.id

    @property
    def group(self) -> str:
        return self.question.group

    @property
    def earned(self) -> int:
        return sum(self.points)

    @property
    def possible(self) -> int:
        return self.question.max_points


@dataclass(frozen=True)
class GroupScore:
    """The sum over the answered questions of one group, or of all (then ``group`` is "")."""

    group: str
    num_questions: int
    earned: int
    possible: int

    @property
    def share(self) -> float:
        """The earned part of the possible points, from 0 to 1."""
        return self.earned / self.possible


def select(
    questions: Iterable[Question],
    groups: Collection[str] = (),
    level: str | None = None,
    chapter: str | None = None,
) -> list[Question]:
    """The questions that agree with every filter; None, or no group, lets all of them pass."""
    return [
        question
        for question in questions
        if (not groups or question.group in groups)
        and level in (None, question.level)
        and chapter in (None, question.chapter)
    ]


def draw(
    questions: Iterable[Question], num_questions: int, seed: int, first: Container[str] = ()
) -> list[Question]:
    """Draw questions at random, as evenly over their groups as the groups allow.

    Each round takes one question of every group that has one left, in an order drawn anew, so
    the numbers of two groups differ by 1 at most unless the smaller is used up. The same seed
    gives the same questions, whatever the order of the input. Questions whose id is in ``first``
    are drawn before any other. Returns all of them, in drawn order, when there are fewer than
    ``num_questions``.
    """
    if num_questions < 1:
        raise ValueError(f"num_questions is {num_questions}, but it must be 1 or more.")
    generator = random.Random(seed)
    questions = list(questions)
    preferred = [question for question in questions if question.id in first]
    others = [question for question in questions if question.id not in first]
    drawn = _draw(preferred, num_questions, generator)
    return drawn + _draw(others, num_questions - len(drawn), generator)


def _draw(
    questions: Iterable[Question], num_questions: int, generator: random.Random
) -> list[Question]:
    groups: dict[str, list[Question]] = {}
    for question in sorted(questions, key=lambda question: question.id):
        groups.setdefault(question.group, []).append(question)
    for members in groups.values():
        generator.shuffle(members)
    drawn: list[Question] = []
    while groups and len(drawn) < num_questions:
        order = sorted(groups)
        generator.shuffle(order)
        drawn += [groups[group].pop() for group in order]
        groups = {group: members for group, members in groups.items() if members}
    return drawn[:num_questions]


def score(
    question: Question, points: Sequence[int], seconds: float, written_answer: str = ""
) -> Result:
    """The result of one question; raises ``ValueError`` for points that the rubric lacks."""
    if len(points) != len(question.rubric):
        raise ValueError(
            f"There are {len(points)} scores, but the rubric of {question.id} has "
            f"{len(question.rubric)} points."
        )
    for given, point in zip(points, question.rubric, strict=True):
        if not 0 <= given <= point.points:
            raise ValueError(
                f"A score is {given}, but this point of {question.id} gives 0 to {point.points}."
            )
    return Result(question, tuple(points), seconds, written_answer)


def scorecard(results: Iterable[Scored]) -> list[GroupScore]:
    """The score of each group that was asked, in the order of `GROUPS`."""
    by_group: dict[str, list[Scored]] = {}
    for result in results:
        by_group.setdefault(result.group, []).append(result)
    return [
        GroupScore(
            group=group,
            num_questions=len(by_group[group]),
            earned=sum(result.earned for result in by_group[group]),
            possible=sum(result.possible for result in by_group[group]),
        )
        for group in GROUPS
        if group in by_group
    ]


def total(scores: Iterable[GroupScore]) -> GroupScore:
    """The sum of the groups' scores."""
    scores = list(scores)
    return GroupScore(
        group="",
        num_questions=sum(score.num_questions for score in scores),
        earned=sum(score.earned for score in scores),
        possible=sum(score.possible for score in scores),
    )
