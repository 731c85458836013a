"""Judge an answer: run it on every case, find the smallest failure, name the mistake."""

import copy
import inspect
import re
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from helpers.course import running
from helpers.course.compare import brief, brief_pair, difference
from helpers.course.exercise import SEED, Case, Exercise, Misconception, Property
from helpers.course.running import Outcome

SECONDS = 10.0  # for all cases together; the references take milliseconds

Verdict = Literal["right", "wrong", "not attempted"]


@dataclass(frozen=True)
class Failure:
    """A case that the answer fails, and how."""

    case: Case
    problem: str
    outcome: Outcome
    expected: Any


@dataclass(frozen=True)
class Report:
    """The verdict on one answer, and what explains it."""

    exercise: Exercise
    verdict: Verdict
    passed: int = 0
    total: int = 0
    points: float = 0.0
    complaint: str = ""  # what is wrong with the answer as a whole, before any case
    failure: Failure | None = None  # the smallest
    misconception: Misconception | None = None
    printed: str = ""

    def record(self) -> dict[str, Any]:
        """What a report about a class counts, as JSON can hold it."""
        return {
            "exercise": self.exercise.name,
            "verdict": self.verdict,
            "misconception": self.misconception.name if self.misconception else None,
            "points": self.points,
            "max_points": float(self.exercise.points),
        }


def examine(
    exercise: Exercise,
    answer: Any,
    seconds: float = SECONDS,
    seed: int = SEED,
    **options: Any,
) -> Report:
    """Run ``answer`` on all cases of ``exercise``, the random ones drawn from ``seed``.

    Points are shared out evenly: one share a named case, one for the random cases together.
    """
    # Neither the reference nor a comparison may warn: nbgrader gives zero for any stderr.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return _examine(exercise, answer, seconds, exercise.random_cases(seed), **options)


def _examine(
    exercise: Exercise, answer: Any, seconds: float, drawn: list[Case], **options: Any
) -> Report:
    named = list(exercise.cases)
    cases = named + drawn
    total = len(named) + 1
    if complaint := _signature_problem(exercise, answer, named[0]):
        return Report(exercise, "wrong", total=total, complaint=complaint)
    # Before the learner's code runs, which may change what the reference stands on.
    expected = [exercise.call(exercise.reference, *copy.deepcopy(c.args)) for c in cases]

    outcomes: list[Outcome] = []
    borrowed = False
    clock = _Clock(seconds)
    codes = running.code_objects(exercise.reference)
    for number, case in enumerate(cases):
        # Looking for the reference costs time for each call, so only in the named cases.
        with running.calls_of(codes if number < len(named) else set()) as seen:
            outcome = running.run(exercise.call, answer, case.args, clock.left(), **options)
        borrowed = borrowed or bool(seen)
        if outcome.timed_out and len(outcomes) > 0:
            outcome = replace(outcome, problem=_too_slow(len(outcomes), seconds))
        outcomes.append(outcome)
        if outcome.timed_out or not outcome.attempted:
            break  # and the cases that are left count as failed
    if not outcomes[-1].attempted:
        if len(outcomes) == 1:
            return Report(exercise, "not attempted", total=total, printed=outcomes[0].printed)
        unfinished = replace(outcomes[-1], problem="still raises NotImplementedError")
        outcomes[-1] = unfinished

    failures = [
        failure
        for case, outcome, wanted in zip(cases, outcomes, expected, strict=False)
        if (failure := judge(exercise, case, outcome, wanted))
    ]
    if not failures:
        printed = next((o.printed for o in outcomes if o.printed), "")
        if borrowed:
            complaint = (
                f"calls the course's own {exercise.path}. It is right, of course, but it is not "
                "yours: write the steps yourself"
            )
            return Report(exercise, "wrong", total=total, complaint=complaint, printed=printed)
        points = float(exercise.points)
        return Report(exercise, "right", total, total, points, printed=printed)

    failed = {id(failure.case) for failure in failures}
    failed |= {id(case) for case in cases[len(outcomes) :]}  # not run
    passed = sum(id(case) not in failed for case in named)
    passed += not any(id(case) in failed for case in drawn)
    smallest = min(failures, key=lambda failure: _size(failure.case.args))
    return Report(
        exercise,
        "wrong",
        passed,
        total,
        points=round(exercise.points * passed / total, 2),
        failure=smallest,
        misconception=_recognise(exercise, cases, outcomes, expected),
        printed=smallest.outcome.printed,
    )


def _too_slow(num_cases: int, seconds: float) -> str:
    return (
        f"is too slow: it did not finish after {num_cases} other cases, {seconds:g} seconds in "
        "all, where the course's own takes far less than one. Is there an endless loop, or one "
        "that NumPy could do?"
    )


class _Clock:
    """The time that is left of a budget shared by several calls."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        return max(0.1, self.end - time.monotonic())


def _signature_problem(exercise: Exercise, answer: Any, case: Case) -> str:
    """Whether the answer can be called as the stub is; empty when it can."""
    try:
        wanted = inspect.signature(exercise.reference)
        given = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""  # a C function, say: the cases will tell
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [p.name for p in wanted.parameters.values() if p.kind in positional]
    try:
        given.bind(*names)
    except TypeError:
        return (
            f"takes {given}, but it must take ({', '.join(names)}): restore the first line of "
            "the stub"
        )
    return ""


def judge(exercise: Exercise, case: Case, outcome: Outcome, expected: Any) -> Failure | None:
    """How the outcome fails the case, if it does."""
    problem = outcome.problem
    if problem is None:
        rtol, atol = exercise.tolerance
        try:
            found = difference(outcome.value, expected, rtol, atol, what="the result")
        except Exception:  # an object whose own methods fail
            found = f"a {type(outcome.value).__name__} that cannot be compared"
        # With the very arguments that it was given, which its result may share memory with.
        demanded = _broken_rule(exercise.demands, outcome.given, outcome.value)
        if found is None and demanded is None:
            return None
        if found is None:
            problem = f"has the right values here, but breaks a rule: {demanded}"
        else:
            problem = f"is wrong here: {found}"
            broken = _broken_rule(exercise.properties, outcome.given, outcome.value)
            if broken := broken or demanded:
                problem += f". It breaks a rule: {broken}"
    return Failure(case, problem, outcome, expected)


def _broken_rule(rules: Sequence[Property], args: tuple[Any, ...], value: Any) -> str | None:
    for rule in rules:
        try:
            if not rule.holds(args, value):
                return rule.statement
        except Exception:  # a value of another kind: the difference has said so already
            return None
    return None


def _recognise(
    exercise: Exercise,
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    expected: Sequence[Any],
) -> Misconception | None:
    """The misconception that behaves as the answer does on every case that was run."""
    for misconception in exercise.misconceptions:
        clock = _Clock(SECONDS)
        telling = False
        for case, outcome, wanted in zip(cases, outcomes, expected, strict=False):
            wrong = running.run(exercise.call, misconception.function, case.args, clock.left())
            if not _alike(exercise, outcome, wrong):
                break
            telling = telling or _is_telling(exercise, case, outcome, wrong, wanted)
        else:
            if telling:
                return misconception
    return None


def _alike(exercise: Exercise, one: Outcome, other: Outcome) -> bool:
    if one.problem or other.problem:
        return _kind(one) == _kind(other)
    if difference(one.value, other.value, *exercise.tolerance) is not None:
        return False
    return _broken_rule(exercise.demands, one.given, one.value) == _broken_rule(
        exercise.demands, other.given, other.value
    )


def _kind(outcome: Outcome) -> tuple[bool, str | None, str | None]:
    return (
        outcome.timed_out,
        outcome.error,
        (outcome.error is None and outcome.problem) or None,
    )


def _is_telling(
    exercise: Exercise, case: Case, one: Outcome, other: Outcome, expected: Any
) -> bool:
    """Whether two outcomes that are alike point to one mistake.

    Right values do not; nor do two exceptions of one type, unless they say the same: any
    mistake can end in a ValueError.
    """
    if one.error:
        return _words(one.message) == _words(other.message)
    return judge(exercise, case, one, expected) is not None


def _words(message: str) -> str:
    """What an exception says, without the numbers, shapes and addresses of this one call."""
    return re.sub(r"\(.*?\)|\[.*?\]|0x\w+|[-+]?\d[\d.e+-]*", "#", message)


def _size(args: tuple[Any, ...]) -> tuple[int, float]:
    """How much there is to look at: first the number of values, then how large they are."""
    count, total = 0, 0.0
    for arg in args:
        try:
            values = np.asarray(arg)
            count += values.size
            total += float(np.abs(values).astype(float).sum())
        except (TypeError, ValueError):
            count += 1
    return count, total


def shown_arguments(exercise: Exercise, case: Case) -> list[tuple[str, str]]:
    """Each argument's name and value in short, for the learner to try by hand."""
    if inspect.isclass(
        exercise.reference
    ):  # driven by `call`, which takes the case's arguments
        names = [*inspect.signature(exercise.call).parameters][1:]
    else:
        names = [*inspect.signature(exercise.reference).parameters]
    names += [f"argument {i}" for i in range(len(names) + 1, len(case.args) + 1)]
    return [
        (name, exercise.shown.get(name, brief)(value))
        for name, value in zip(names, case.args, strict=False)
    ]


def shown_results(exercise: Exercise, failure: Failure) -> list[tuple[str, str]]:
    """What came and what was expected, each in short."""
    if failure.outcome.problem is not None:
        return [("expected", brief(failure.expected))]
    texts = brief_pair(failure.outcome.value, failure.expected, *exercise.tolerance)
    return [*zip(("got", "expected"), texts, strict=True)]
