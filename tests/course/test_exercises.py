"""What must hold for every exercise of the course."""

from typing import Any

import numpy as np
import pytest

from helpers.course import mutants, stub
from helpers.course.checking import examine
from helpers.course.exercise import Exercise, Misconception, all_exercises, is_declared_soundly

EXERCISES = all_exercises().values()
MISTAKES = [
    (exercise, mistake) for exercise in EXERCISES for mistake in exercise.misconceptions
]


def written_in_a_notebook(source: str, exercise: Exercise) -> Any:
    """The function that a notebook would hold: same source, other code object."""
    scope = dict(vars(__import__(exercise.reference.__module__, fromlist=["x"])))
    exec(source, scope)
    return scope[exercise.name]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_declared_soundly(exercise: Exercise) -> None:
    assert is_declared_soundly(exercise) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_reference_is_right(exercise: Exercise) -> None:
    own = written_in_a_notebook(stub.source_of(exercise.reference), exercise)
    report = examine(exercise, own)
    assert (report.verdict, report.points) == ("right", exercise.points), report.failure


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_reference_obeys_the_rules(exercise: Exercise) -> None:
    for case in [*exercise.cases, *exercise.random_cases()]:
        got = exercise.call(exercise.reference, *case.args)
        for rule in [*exercise.properties, *exercise.demands]:
            assert rule.holds(case.args, got), (case.about, rule.statement)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_blank_stub_is_not_attempted(exercise: Exercise) -> None:
    blank = written_in_a_notebook(stub.stub_of(exercise.reference), exercise)
    report = examine(exercise, blank)
    assert (report.verdict, report.points) == ("not attempted", 0.0)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=lambda x: x.name)
def test_misconception_fails_with_its_own_explanation_and_picture(
    exercise: Exercise, mistake: Misconception
) -> None:
    with np.errstate(all="ignore"):
        report = examine(exercise, mistake.function)
    assert report.verdict == "wrong"
    assert report.misconception is mistake
    assert report.points < exercise.points
    failure = report.failure
    if exercise.picture and failure and failure.outcome.problem is None:
        # A learner would not see an error here, since check() hides it, but no picture either.
        exercise.picture(failure.case.args, failure.outcome.value, failure.expected)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_exception_of_another_cause_names_no_misconception(exercise: Exercise) -> None:
    for error in (ValueError, TypeError, IndexError, AttributeError, ZeroDivisionError):

        def fail(*args: Any, error: type[Exception] = error) -> None:
            raise error("boom")

        report = examine(exercise, fail)
        assert (report.verdict, report.misconception) == ("wrong", None)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_no_mutant_survives_unreviewed(exercise: Exercise) -> None:
    with np.errstate(all="ignore"):
        assert mutants.survivors(exercise) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_reviewed_mutants_exist(exercise: Exercise) -> None:
    known = {description for description, _ in mutants.mutants(exercise.reference)}
    assert set(exercise.equivalent_mutants) <= known


def test_mutants_notice_a_case_that_is_missing() -> None:
    from dataclasses import replace

    (exercise,) = [e for e in EXERCISES if e.name == "sample_indices"]
    blind = replace(exercise, cases=exercise.cases[:1], random_case=lambda rng: (1, 1))
    assert mutants.survivors(blind)


class Annotated:
    """Holds a number, once it is given one."""

    def __init__(self) -> None:
        self.number: float | None = None

    def update(self, number: float | None) -> bool:
        self.number = number
        return False


def test_mutants_leave_annotations_alone() -> None:
    assert [text for text, _ in mutants.mutants(Annotated)] == ["line 9: False -> True"]
