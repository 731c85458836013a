"""Verdicts on answers to a made exercise: what is right, what is wrong and why."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from helpers.course.checking import Report, examine, shown_arguments, shown_results
from helpers.course.exercise import Case, Exercise, Misconception, Property, is_declared_soundly


def running_mean(values: np.ndarray, window: int) -> np.ndarray:
    """The mean of each ``window`` neighbouring values.

    >>> running_mean(np.array([1.0, 3.0]), 2)
    array([2.])
    """
    sums = np.cumsum(np.concatenate([[0.0], values]))
    return (sums[window:] - sums[:-window]) / window


def keeps_the_length(values: np.ndarray, window: int) -> np.ndarray:
    return np.convolve(values, np.ones(window) / window, mode="same")


def forgets_to_divide(values: np.ndarray, window: int) -> np.ndarray:
    return np.convolve(values, np.ones(window), mode="valid")


def fails_on_one(values: np.ndarray, window: int) -> np.ndarray:
    if window == 1:
        raise ValueError(f"window {window} is too small")
    return running_mean(values, window)


def fails_on_long_ones_and_is_doubled(values: np.ndarray, window: int) -> np.ndarray:
    if len(values) > 7:
        raise ValueError("too long")
    return 2 * running_mean(values, window)


def draw(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=rng.integers(5, 9)), int(rng.integers(2, 5))


EXERCISE = Exercise(
    reference=running_mean,
    chapter="99_test",
    task="Write it.",
    minutes=1,
    difficulty=1,
    points=4,
    cases=[
        Case("a window of one", (np.array([1.0, 2.0]), 1)),
        Case("a window of all", (np.array([1.0, 2.0, 6.0]), 3)),
        Case("constant values", (np.ones(4), 2)),
    ],
    random_case=draw,
    hints=("a", "b", "c"),
    misconceptions=[
        Misconception("it keeps the length", keeps_the_length, "Because."),
        Misconception("it forgets to divide", forgets_to_divide, "Because."),
        Misconception("it fails on one", fails_on_one, "Because."),
        Misconception("it doubles", fails_on_long_ones_and_is_doubled, "Because."),
    ],
    properties=[Property("it is finite", lambda args, got: np.isfinite(got).all())],
)


def honest(values: np.ndarray, window: int) -> np.ndarray:
    return np.convolve(values, np.ones(window) / window, mode="valid")


def judge(answer: Any) -> Report:
    return examine(EXERCISE, answer)


def test_right_answer_written_another_way() -> None:
    report = judge(honest)
    assert (report.verdict, report.points) == ("right", 4.0)
    assert report.passed == report.total == 4


def test_stub_is_not_attempted() -> None:
    def stub(values: np.ndarray, window: int) -> np.ndarray:
        raise NotImplementedError

    report = judge(stub)
    assert (report.verdict, report.points, report.failure) == ("not attempted", 0.0, None)


@pytest.mark.parametrize("misconception", EXERCISE.misconceptions, ids=lambda m: m.name)
def test_misconception_is_named(misconception: Misconception) -> None:
    report = judge(misconception.function)
    assert report.verdict == "wrong"
    assert report.misconception is misconception


def test_misconception_is_named_when_written_in_other_words() -> None:
    def sums(values: np.ndarray, window: int) -> np.ndarray:
        return np.array([values[i : i + window].sum() for i in range(len(values) - window + 1)])

    def same_error(values: np.ndarray, window: int) -> np.ndarray:
        if window < 2:
            raise ValueError("window 1.0e-2 is too small")
        return honest(values, window)

    assert judge(sums).misconception is EXERCISE.misconceptions[1]
    assert judge(same_error).misconception is EXERCISE.misconceptions[2]


def test_exception_of_the_same_type_alone_names_no_mistake() -> None:
    def other_error(values: np.ndarray, window: int) -> np.ndarray:
        if window == 1:
            raise ValueError("told in other words")
        return honest(values, window)

    report = judge(other_error)
    assert report.verdict == "wrong" and report.misconception is None


def test_exception_told_in_other_words_is_a_mistake_that_wrong_values_name() -> None:
    def doubled(values: np.ndarray, window: int) -> np.ndarray:
        if len(values) > 7:
            raise ValueError("told in other words")
        return 2 * honest(values, window)

    assert judge(doubled).misconception is EXERCISE.misconceptions[3]


DEMANDING = replace(
    EXERCISE,
    misconceptions=[
        *EXERCISE.misconceptions,
        Misconception("it is narrow", lambda v, w: honest(v, w).astype(np.float32), "Because."),
    ],
    demands=[
        Property("it is a new array", lambda args, got: not np.shares_memory(args[0], got)),
        Property("it is float64", lambda args, got: got.dtype == np.float64),
    ],
)


def hands_its_argument_back(values: np.ndarray, window: int) -> np.ndarray:
    return values if window == 1 else honest(values, window)


def test_right_values_that_break_a_demand_are_wrong() -> None:
    assert judge(hands_its_argument_back).verdict == "right"
    assert examine(DEMANDING, honest).verdict == "right"
    report = examine(DEMANDING, hands_its_argument_back)
    assert report.verdict == "wrong" and report.failure is not None
    assert report.failure.problem == (
        "has the right values here, but breaks a rule: it is a new array"
    )
    assert report.misconception is None  # not "it is narrow", whose values are right, too


def test_mistake_that_breaks_a_demand_only_is_named() -> None:
    report = examine(DEMANDING, lambda v, w: np.float32(1) * honest(v, w).astype(np.float32))
    assert report.misconception is not None and report.misconception.name == "it is narrow"
    assert report.failure is not None and "it is float64" in report.failure.problem


def test_wrong_values_that_break_a_demand_are_told_both() -> None:
    report = examine(DEMANDING, lambda v, w: 1 + honest(v, w).astype(np.float32))
    assert report.failure is not None
    assert "differs first" in report.failure.problem
    assert "It breaks a rule: it is float64" in report.failure.problem


def test_argument_is_shown_in_words_where_the_exercise_has_some() -> None:
    worded = replace(EXERCISE, shown={"window": lambda window: f"{window} values wide"})
    shown = shown_arguments(worded, worded.cases[1])
    assert shown == [("values", "[1., 2., 6.]  (float64)"), ("window", "3 values wide")]


def test_results_are_shown_as_a_pair() -> None:
    def named_means(values: np.ndarray, window: int) -> dict[str, Any]:
        """Each by a long name."""
        mean = running_mean(values, window)
        return {f"{i} · the running mean of the values": mean + i for i in range(7)}

    exercise = replace(EXERCISE, reference=named_means, misconceptions=[], properties=[])
    wrong = {"3 · the running mean of the values": np.zeros(2)}
    report = examine(
        exercise,
        lambda values, window: (
            {
                f"{i} · the running mean of the values": honest(values, window) + i
                for i in range(7)
            }
            | (wrong if window == 1 else {})
        ),
    )
    assert report.failure is not None
    assert shown_results(exercise, report.failure) == [
        ("got", "3 · the running mean of the values: [0., 0.]  (float64)"),
        ("expected", "3 · the running mean of the values: [4., 5.]  (float64)"),
    ]
    raised = examine(exercise, lambda values, window: 1 / 0).failure
    assert raised is not None
    assert [name for name, _ in shown_results(exercise, raised)] == ["expected"]


def test_two_mistakes_at_once_match_no_misconception() -> None:
    report = judge(lambda values, window: honest(values, window) * 2 + 1)
    assert report.verdict == "wrong" and report.misconception is None


def test_smallest_failing_case_comes_first() -> None:
    def wrong_for_long_ones(values: np.ndarray, window: int) -> np.ndarray:
        return honest(values, window) + (len(values) >= 6)

    report = judge(wrong_for_long_ones)
    assert report.failure is not None
    assert len(report.failure.case.args[0]) == 6  # not 7 or 8, which fail as well
    assert (report.passed, report.points) == (3, 3.0)


def test_broken_rule_is_named() -> None:
    report = judge(lambda values, window: np.full(len(values) - window + 1, np.inf))
    assert "It breaks a rule: it is finite" in report.failure.problem  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda values, window: None, "is there a `return`"),
        (lambda values, window: [1.0], "is a list"),
        (lambda values, window: honest(values, window)[:, None], "has shape"),
        (
            lambda values, window: honest(values, window).astype(np.float32) > 0,
            "holds booleans",
        ),
        (lambda values, window: honest(values, window) * np.nan, "has NaN"),
        (lambda values, window: 1 / 0, "raises ZeroDivisionError"),
        (lambda values, window: values.fill(0), "changes its argument `values`"),
    ],
)
def test_each_failure_gets_a_sentence(answer: Any, words: str) -> None:
    report = judge(answer)
    assert report.verdict == "wrong" and report.failure is not None
    assert words in report.failure.problem


def test_object_whose_methods_fail_gets_a_sentence() -> None:
    class Nasty(dict):
        def __eq__(self, other: object) -> bool:
            raise RuntimeError

        __hash__ = None

        def __len__(self) -> int:
            raise RuntimeError

    assert judge(lambda values, window: Nasty()).verdict == "wrong"


@pytest.mark.parametrize(
    "answer",
    [
        running_mean,
        lambda values, window: running_mean(values, window),
        lambda values, window: (
            running_mean(values, window) if window > 2 else honest(values, window)
        ),
    ],
)
def test_the_reference_in_disguise_is_noticed(answer: Any) -> None:
    report = judge(answer)
    assert (report.verdict, report.points) == ("wrong", 0.0)
    assert "calls the course's own" in report.complaint


def test_the_reference_behind_a_cache_or_a_thread_is_noticed() -> None:
    from concurrent.futures import ThreadPoolExecutor

    kept: dict[int, np.ndarray] = {}

    def cached(values: np.ndarray, window: int) -> np.ndarray:
        key = hash((values.tobytes(), window))
        return kept[key] if key in kept else kept.setdefault(key, running_mean(values, window))

    def threaded(values: np.ndarray, window: int) -> np.ndarray:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(running_mean, values, window).result()

    assert "calls the course's own" in judge(cached).complaint
    assert "calls the course's own" in judge(threaded).complaint


def test_print_that_is_shown_belongs_to_the_failing_case() -> None:
    def debug(values: np.ndarray, window: int) -> np.ndarray:
        print(f"window {window}")
        return honest(values, window) + (window == 3)

    report = judge(debug)
    assert report.failure is not None
    assert report.printed == f"window {report.failure.case.args[1]}\n" == "window 3\n"


def test_slow_answer_is_told_that_it_is_slow() -> None:
    import time

    def slow(values: np.ndarray, window: int) -> np.ndarray:
        time.sleep(0.15)  # more than the tenth of a second that is always left
        return honest(values, window)

    report = examine(EXERCISE, slow, seconds=0.5)
    assert report.failure is not None
    assert (
        "is too slow: " in report.failure.problem
        and "0.5 seconds in all" in report.failure.problem
    )


def test_stub_left_in_one_branch_is_no_blank_answer() -> None:
    def half(values: np.ndarray, window: int) -> np.ndarray:
        if window > 2:
            raise NotImplementedError
        return honest(values, window)

    report = judge(half)
    assert report.verdict == "wrong" and report.failure is not None
    assert "still raises NotImplementedError" in report.failure.problem


def test_answer_that_breaks_numpy_does_not_break_the_reference() -> None:
    def vandal(values: np.ndarray, window: int) -> np.ndarray:
        np.cumsum, np.concatenate = None, None  # type: ignore[assignment]
        return values

    kept = np.cumsum, np.concatenate
    try:
        assert judge(vandal).verdict == "wrong"
    finally:
        np.cumsum, np.concatenate = kept


def test_wrong_signature_is_told_before_any_case() -> None:
    report = judge(lambda values: values)
    assert "takes (values), but it must take (values, window)" in report.complaint


def test_endless_answer_costs_the_time_limit_once() -> None:
    def endless(values: np.ndarray, window: int) -> np.ndarray:
        while True:
            pass

    report = examine(EXERCISE, endless, seconds=0.3)
    assert report.failure is not None and report.points == 0.0
    assert "did not finish" in report.failure.problem


def test_random_cases_are_the_same_every_time() -> None:
    one, other = EXERCISE.random_cases(), EXERCISE.random_cases()
    assert all((a.args[0] == b.args[0]).all() for a, b in zip(one, other, strict=True))


def test_a_slow_exercise_draws_fewer_random_cases() -> None:
    slow = replace(EXERCISE, num_random_cases=3)
    assert (len(EXERCISE.random_cases()), len(slow.random_cases())) == (50, 3)
    for case, same in zip(slow.random_cases(), EXERCISE.random_cases(), strict=False):
        assert (case.args[0] == same.args[0]).all()


def test_class_is_driven_through_its_methods() -> None:
    class Counter:
        """Counts."""

        def __init__(self, start: int) -> None:
            self.value = start

        def step(self, by: int) -> int:
            self.value += by
            return self.value

    def drive(cls: Any, start: int, by: int) -> list[int]:
        counter = cls(start)
        return [counter.step(by) for _ in range(3)]

    exercise = Exercise(
        Counter, "99_test", "Count.", 1, 1, 1,
        cases=[Case("by one", (0, 1)), Case("by two", (1, 2))],
        random_case=lambda rng: (int(rng.integers(9)), int(rng.integers(9))),
        hints=("a", "b", "c"), misconceptions=[], call=drive,
    )  # fmt: skip

    class Own:
        def __init__(self, start: int) -> None:
            self.total = start

        def step(self, by: int) -> int:
            self.total = self.total + by
            return self.total

    class Inherits(Counter):
        pass

    assert examine(exercise, Own).verdict == "right"
    assert shown_arguments(exercise, exercise.cases[0]) == [("start", "0"), ("by", "1")]
    assert "calls the course's own" in examine(exercise, Counter).complaint
    assert "calls the course's own" in examine(exercise, Inherits).complaint


def test_unsound_declarations_are_named() -> None:
    assert is_declared_soundly(EXERCISE) == []

    def undocumented(values: np.ndarray, window: int) -> None: ...

    faults: list[tuple[dict[str, Any], str]] = [
        ({"difficulty": 4}, "difficulty is 4"),
        ({"points": 0}, "at least 1"),
        ({"cases": EXERCISE.cases[:1]}, "fewer than two named cases"),
        ({"misconceptions": EXERCISE.misconceptions[:2]}, "fewer than three misconceptions"),
        ({"misconceptions": [EXERCISE.misconceptions[0]] * 3}, "share a name"),
        ({"hints": ("a", "b", "")}, "three hints"),
        ({"reference": undocumented}, "no docstring"),
    ]
    for change, words in faults:
        problems = is_declared_soundly(replace(EXERCISE, **change))
        assert len(problems) == 1 and words in problems[0]
