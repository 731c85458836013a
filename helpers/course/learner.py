"""What a learner calls in a notebook: ``check``, ``hint``, ``solution`` and ``claim``."""

import difflib
import inspect
import os
from contextlib import suppress
from typing import Any

import numpy as np

from helpers.course import checking, progress
from helpers.course.checking import Report
from helpers.course.exercise import SEED, Exercise, all_exercises
from helpers.course.message import Message

_hints_given: dict[str, int] = {}


class ClaimFailed(AssertionError):
    """A statement of the course did not hold on this machine."""


def check(answer: Any, *, seed: int = SEED) -> float | None:
    """Test your answer to an exercise and say what is right or wrong with it.

    ``check(sample_indices)`` finds the exercise by the function's name. Under nbgrader it
    returns the points that the answer earns; otherwise it returns nothing. A class may be
    given a ``seed`` of its own, which draws other random cases.
    """
    exercise = _find(answer, "check")
    if exercise is None:
        return 0.0 if _is_graded() else None
    report = checking.examine(exercise, answer, seed=seed)
    _message(report).show(report.record() if _is_graded() else None)
    _show_picture(report)
    if _is_graded():  # a teacher's machine keeps no progress of the student's
        return report.points
    progress.record_check(
        exercise.name,
        exercise.chapter,
        report.verdict,
        report.misconception.name if report.misconception else None,
        report.points,
        exercise.points,
    )
    _pass_on_notices()
    return None


def hint(answer: Any) -> None:
    """Give a hint; call it again for a stronger one. The third is nearly the code."""
    exercise = _find(answer, "hint")
    if exercise is None:
        return
    level = _hints_given[exercise.name] = min(_hints_given.get(exercise.name, 0) + 1, 3)
    progress.record_help(exercise.name, exercise.chapter, "hint", level)
    after = (
        "" if level < 3 else f" That was the last: after it comes solution({exercise.name})."
    )
    Message("note", f"Hint {level} of 3", [("", exercise.hints[level - 1] + after)]).show()
    _pass_on_notices()


def solution(answer: Any) -> None:
    """Show the course's own solution: the source of the helpers function itself."""
    exercise = _find(answer, "solution")
    if exercise is None:
        return
    progress.record_help(exercise.name, exercise.chapter, "solution", 1)
    source = inspect.getsource(exercise.reference)
    if _in_notebook():
        from IPython.display import Code, display

        display(Code(source, language="python"))
    else:
        print(source)
    _pass_on_notices()


def claim(statement: str, holds: bool | np.bool_, *, value: Any) -> None:
    """State what an experiment shows, with its measured value; raise when it is not so.

    statement: a full sentence without measured numbers, since these differ by machine.
    holds: the comparison that makes it true, for example ``gap > 0.5``.
    value: the measured number, or a dict of several by name.
    """
    if not isinstance(holds, bool | np.bool_):
        raise TypeError(
            f"claim: holds is {holds!r} ({type(holds).__name__}), but it must be True or False, "
            "the result of a comparison such as gap > 0.5."
        )
    values = value if isinstance(value, dict) else {"": value}
    for name, number in values.items():
        if not isinstance(number, int | float | np.number) or not np.isfinite(number):
            label = name or "value"
            raise ValueError(f"claim: {label} is {number!r}, but it must be a finite number.")
    measured = ", ".join(f"{name} {_short(number)}".strip() for name, number in values.items())
    if not holds:
        raise ClaimFailed(f"{statement} This does not hold here [measured: {measured}].")
    Message("right", f"{statement} [measured: {measured}]").show()


def _show_picture(report: Report) -> None:
    """The difference as a picture, where the exercise draws one and there is a value."""
    draw, failure = report.exercise.picture, report.failure
    if draw is None or failure is None or failure.outcome.problem is not None:
        return
    # A value of a wrong kind may not be drawable; the message above has named its kind.
    with suppress(Exception):
        draw(failure.case.args, failure.outcome.value, failure.expected)


def _find(answer: Any, caller: str) -> Exercise | None:
    """The exercise that the answer's name belongs to; says so when there is none."""
    name = getattr(answer, "__name__", None)
    exercises = all_exercises()
    if name in exercises:
        return exercises[name]
    if isinstance(answer, str):
        near = difflib.get_close_matches(answer, exercises, n=1)
        meant = near[0] if near else "your_function"
        problem = (
            f"{caller} was given the text {answer[:60]!r}. Give it your function itself, without "
            f"quotation marks: {caller}({meant})."
        )
    elif not callable(answer):
        problem = (
            f"{caller} was given {type(answer).__name__} {str(answer)[:60]!r}. Give it your "
            f"function itself, without calling it: {caller}(your_function)."
        )
    else:
        problem = (
            f"No exercise is named {name or type(answer).__name__}. Keep the name of the stub."
        )
        if near := difflib.get_close_matches(str(name), exercises):
            problem += f" Did you mean {' or '.join(near)}?"
    Message("wrong", problem).show()
    return None


def _message(report: Report) -> Message:
    exercise = report.exercise
    name = exercise.name
    if report.verdict == "not attempted":
        return Message(
            "open",
            f"`{name}` is not attempted yet.",
            [("", f"Replace `raise NotImplementedError` in it and run its cell, then this one. "
                  f"`hint({name})` gives a nudge.")],
        )  # fmt: skip
    printed = [("it printed", report.printed.strip()[:400])] if report.printed.strip() else []
    if report.verdict == "right":
        return Message(
            "right",
            f"`{name}` is right: {len(exercise.cases)} named cases and "
            f"{len(exercise.random_cases())} random ones.",
            printed,
        )
    if report.complaint:
        return Message("wrong", f"`{name}` {report.complaint}.", printed)
    failure = report.failure
    assert failure is not None
    parts = [("", f"The smallest of the tested cases that fails: {failure.case.about}.")]
    parts += checking.shown_arguments(exercise, failure.case)
    parts += checking.shown_results(exercise, failure)
    if report.misconception:
        found = report.misconception
        parts.append(
            ("", f"This looks like a known mistake: {found.name}. {found.explanation}")
        )
    return Message(
        "wrong",
        f"`{name}` {failure.problem.rstrip('.?')}{'?' if failure.problem.endswith('?') else '.'} "
        f"({report.passed} of {report.total} groups of cases pass.)",
        parts + printed,
    )


def _pass_on_notices() -> None:
    """What the progress store has to say, for example that it could not save."""
    for notice in progress.notices():
        Message("note", notice).show()


def _short(number: Any) -> str:
    if not isinstance(number, float | np.floating):
        return f"{number}"
    value = float(number)
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.3g}"


def _is_graded() -> bool:
    return "NBGRADER_EXECUTION" in os.environ


def _in_notebook() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return get_ipython() is not None
