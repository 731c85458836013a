"""check, hint, solution and claim, as a learner and as nbgrader meet them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from helpers.course import check, claim, exercise, hint, learner, progress, solution
from helpers.course.learner import ClaimFailed
from tests.course.test_checking import EXERCISE, forgets_to_divide, honest


@pytest.fixture(autouse=True)
def one_exercise(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[None]:
    monkeypatch.setenv("LVM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(learner, "all_exercises", lambda: {"running_mean": EXERCISE})
    monkeypatch.setattr(learner, "_hints_given", {})
    yield


def named(function: Callable, name: str = "running_mean") -> Callable:
    def answer(values: np.ndarray, window: int) -> Any:
        return function(values, window)

    answer.__name__ = name
    return answer


def test_right_wrong_and_not_attempted(capsys: pytest.CaptureFixture[str]) -> None:
    def stub(values: np.ndarray, window: int) -> Any:
        raise NotImplementedError

    for function, sign in ((honest, "✓"), (forgets_to_divide, "✗"), (stub, "○")):
        assert check(named(function)) is None
        assert capsys.readouterr().out.startswith(f"{sign} `running_mean`")
    outcomes = [row.outcome for row in progress.checks()]
    assert outcomes == ["right", "wrong", "not attempted"]


def test_wrong_answer_shows_input_got_expected_and_misconception(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check(named(forgets_to_divide))
    out = capsys.readouterr().out
    for words in ("values", "window", "got", "expected", "it forgets to divide. Because."):
        assert words in out
    assert progress.checks()[0].misconception == "it forgets to divide"


def test_prints_of_the_answer_are_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    def chatty(values: np.ndarray, window: int) -> Any:
        print("looking at", window)
        return honest(values, window)

    check(named(chatty))
    assert capsys.readouterr().out.count("looking at") == 1


@pytest.mark.filterwarnings("ignore:y")
def test_under_nbgrader_points_come_back_and_stderr_stays_empty(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    def noisy(values: np.ndarray, window: int) -> Any:
        import sys
        import warnings

        print("x", file=sys.stderr)
        warnings.warn("y", stacklevel=1)
        return forgets_to_divide(values, window)

    assert check(named(honest)) == 4.0
    points = check(named(noisy))
    assert type(points) is float and points == 1.0  # only the window of one is right: 1 of 4
    assert check("running_mean") == 0.0
    assert check(named(honest, "other")) == 0.0
    assert capsys.readouterr().err == ""
    assert progress.checks() == []  # nothing of a student's is kept on the teacher's machine


@pytest.mark.parametrize("ask", [check, hint, solution])
def test_a_wrong_argument_gets_a_sentence(
    ask: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(answer: Any) -> str:
        ask(answer)
        return " ".join(capsys.readouterr().out.split())

    name = ask.__name__
    assert "Give it your function itself, without calling it" in said(np.ones(3))
    assert said(named(honest, "mean")).endswith("named mean. Keep the name of the stub.")
    assert "the stub. Did you mean running_mean?" in said(named(honest, "runing_mean"))
    assert f"without quotation marks: {name}(running_mean)." in said("running_mean")
    assert f"without quotation marks: {name}(running_mean)." in said("running-mean")
    assert f"without quotation marks: {name}(your_function)." in said("x")


def test_hints_grow_and_the_last_repeats(capsys: pytest.CaptureFixture[str]) -> None:
    for level, text in ((1, "a"), (2, "b"), (3, "c"), (3, "c")):
        hint(named(honest))
        out = capsys.readouterr().out
        assert f"Hint {level} of 3" in out and f"  {text}" in out
    assert progress.summary()["running_mean"].hints == 3


def test_solution_is_the_source_of_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    solution(named(honest))
    assert "sums[window:] - sums[:-window]" in capsys.readouterr().out
    assert progress.summary()["running_mean"].solution_seen


def test_failing_picture_and_failing_store_hurt_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    def broken(args: Any, got: Any, expected: Any) -> None:
        raise RuntimeError

    shown = replace(EXERCISE, picture=broken)
    monkeypatch.setattr(learner, "all_exercises", lambda: {"running_mean": shown})
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LVM_DATA_DIR", str(tmp_path / "file"))  # a file where a folder must be
    check(named(forgets_to_divide))
    out = capsys.readouterr().out
    assert "✗" in out and "→" in out  # the verdict, and the notice that it was not saved


def test_picture_is_drawn_for_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    shown = replace(EXERCISE, picture=lambda *args: drawn.append(args))
    monkeypatch.setattr(learner, "all_exercises", lambda: {"running_mean": shown})
    check(named(forgets_to_divide))
    check(named(lambda values, window: 1 / 0))
    check(named(honest))
    assert len(drawn) == 1


def test_claim_prints_the_statement_and_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    claim("Order matters.", np.bool_(True), value=0.98765)
    assert capsys.readouterr().out == "✓ Order matters. [measured: 0.988]\n"
    claim("A beats B.", True, value={"A": 0.9, "B": 3})
    assert "[measured: A 0.9, B 3]" in capsys.readouterr().out


def test_claim_that_is_false_raises() -> None:
    with pytest.raises(ClaimFailed, match=r"Order matters\..*measured: 0\.1"):
        claim("Order matters.", False, value=0.1)


@pytest.mark.parametrize("holds", [0.5, None, np.array([True]), "yes", 1])
def test_claim_wants_a_comparison(holds: Any) -> None:
    with pytest.raises(TypeError, match="result of a comparison"):
        claim("x", holds, value=1)


@pytest.mark.parametrize("value", [float("nan"), np.inf, None, [1], {"a": float("nan")}])
def test_claim_wants_a_finite_value(value: Any) -> None:
    with pytest.raises(ValueError, match="finite number"):
        claim("x", True, value=value)


def test_names_are_unique_in_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.exercises import ch00_start_here

    twice = (*ch00_start_here.EXERCISES, replace(ch00_start_here.EXERCISES[0], points=3))
    monkeypatch.setattr(ch00_start_here, "EXERCISES", twice)
    exercise.all_exercises.cache_clear()
    with pytest.raises(ValueError, match="Two exercises are named sample_indices"):
        exercise.all_exercises()
    exercise.all_exercises.cache_clear()
