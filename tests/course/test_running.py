"""A learner's function may do anything at all; the notebook goes on."""

import io
import logging
import signal
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import Any

import numpy as np
import pytest

from helpers.course import limiting
from helpers.course.running import Outcome, calls_of, code_objects, run


def call(function: Any, *args: Any) -> Any:
    return function(*args)


def outcome_of(function: Any, *args: Any, seconds: float = 5.0) -> Outcome:
    return run(call, function, args, seconds)


def test_value_comes_back() -> None:
    assert outcome_of(lambda x: x + 1, 2) == Outcome(value=3)


def test_exception_is_described_with_the_learners_own_line() -> None:
    def divide(x: int) -> float:
        return np.float64(1) / len([][x:]) if x < 0 else 1 / 0  # the line that fails

    outcome = outcome_of(divide, 1)
    assert outcome.error == "ZeroDivisionError"
    assert outcome.problem is not None
    assert outcome.problem.startswith("raises ZeroDivisionError: division by zero, in the line")
    assert "the line that fails" in outcome.problem


def test_error_inside_a_library_is_shown_at_the_learners_line() -> None:
    def stack(x: np.ndarray) -> np.ndarray:
        return np.concatenate([x, x[0]])  # shapes do not fit

    assert "shapes do not fit" in (outcome_of(stack, np.ones((2, 2))).problem or "")


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, RecursionError, MemoryError])
def test_any_exception_is_caught(error: type[BaseException]) -> None:
    def fail() -> None:
        raise error

    assert outcome_of(fail).error == error.__name__


def test_not_implemented_is_not_attempted() -> None:
    def stub() -> None:
        raise NotImplementedError

    assert not outcome_of(stub).attempted
    assert outcome_of(lambda: None).attempted


def test_prints_are_kept_apart(capfd: pytest.CaptureFixture[str]) -> None:
    def chatty() -> int:
        print("out")
        print("err", file=sys.stderr)
        return 1

    assert outcome_of(chatty).printed == "out\nerr\n"
    assert capfd.readouterr() == ("", "")


def test_warnings_of_tensorflow_are_kept_apart() -> None:
    """They go to the stderr of the start, which no redirection of ours reaches."""
    logger, lines = logging.getLogger("tensorflow"), io.StringIO()
    handler = logging.StreamHandler(lines)
    logger.addHandler(handler)

    def fail() -> None:
        logger.warning("5 out of the last 5 calls triggered tf.function retracing")
        raise ValueError

    try:
        outcome_of(fail)
        assert lines.getvalue() == ""
        logger.warning("a line of the learner's own cell")
        assert lines.getvalue() == "a line of the learner's own cell\n"
    finally:
        logger.removeHandler(handler)


def test_retracing_is_no_line_on_stderr() -> None:
    program = (
        "import tensorflow as tf\n"
        "from helpers.course.running import run\n"
        "def answer(x):\n"
        "    @tf.function\n"
        "    def double(x): return 2 * x\n"
        "    return double(x)\n"
        "for _ in range(9):\n"
        "    assert run(lambda f, *args: f(*args), answer, (1.0,), 60.0).problem is None\n"
    )
    run_there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run_there.returncode, "retracing" in run_there.stderr) == (0, False)


def test_endless_printing_fills_no_memory() -> None:
    def flood() -> None:
        for _ in range(100_000):
            print("x" * 100)

    assert len(outcome_of(flood).printed) <= 2000


def test_changed_argument_is_noticed_and_does_not_reach_the_caller() -> None:
    def change(one: int, values: np.ndarray) -> None:
        values[0] = 7

    values = np.zeros(3)
    outcome = outcome_of(change, 1, values)
    assert "changes its argument `values` in place" in (outcome.problem or "")
    assert values[0] == 0


@pytest.mark.filterwarnings("error")
def test_generator_and_coroutine_are_named() -> None:
    def generator() -> Any:
        yield 1

    async def coroutine() -> int:
        return 1

    assert "generator" in (outcome_of(generator).problem or "")
    assert "coroutine" in (outcome_of(coroutine).problem or "")


def test_objects_may_change_but_data_may_not() -> None:
    def draw(rng: np.random.Generator, label: np.ndarray, boxes: list) -> Any:
        return rng.random()

    def rename(rng: np.random.Generator, label: np.ndarray, boxes: list) -> None:
        boxes[0]["box"][0] = 5

    args = (np.random.default_rng(0), np.array(["a", "b"]), [{"box": np.zeros(4)}])
    assert outcome_of(draw, *args).problem is None
    assert "changes its argument `boxes`" in (outcome_of(rename, *args).problem or "")


def test_changed_argument_without_a_name_is_counted() -> None:
    def change(*several: np.ndarray) -> None:
        several[1][0] = 7

    class Changer:
        def __init__(self, values: np.ndarray) -> None:
            values[0] = 7

    problem = outcome_of(change, np.zeros(3), np.zeros(3)).problem
    assert "changes its second argument in place" in (problem or "")
    # The arguments of a class may be those of any of its methods.
    assert "changes its first argument in place" in (
        outcome_of(Changer, np.zeros(3)).problem or ""
    )


def test_exception_without_a_text_is_described() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def fail() -> None:
        raise Silent

    assert (outcome_of(fail).problem or "").startswith("raises Silent")


def test_library_that_has_not_implemented_something_is_an_error() -> None:
    def fail() -> None:
        raise NotImplementedError("no such kernel")

    outcome = outcome_of(fail)
    assert outcome.attempted and outcome.error == "NotImplementedError"


def test_figures_that_a_function_opens_are_closed() -> None:
    import matplotlib.pyplot as plt

    kept = plt.figure()
    outcome_of(lambda: plt.figure() and None)
    assert plt.get_fignums() == [kept.number]
    plt.close(kept)


def forever() -> None:
    while True:
        pass


def forever_with_bare_except() -> None:
    while True:
        try:  # noqa: SIM105
            sum(range(1000))
        except:  # noqa: E722
            pass


def forever_in_a_nested_call() -> None:
    def inner() -> None:
        try:
            forever()
        except BaseException:
            forever()

    inner()


def forever_with_finally_continue() -> None:
    while True:
        try:
            for _ in range(1000):
                pass
        finally:
            continue  # noqa: B012


def asleep_and_swallowing_everything() -> None:
    while True:
        try:  # noqa: SIM105
            time.sleep(60)
        except BaseException:
            pass


def asleep() -> None:
    time.sleep(60)


ENDLESS = [
    forever,
    forever_with_bare_except,
    forever_in_a_nested_call,
    forever_with_finally_continue,
    asleep_and_swallowing_everything,
    asleep,
]


@pytest.mark.parametrize("function", ENDLESS)
def test_endless_function_is_stopped(function: Any) -> None:
    if "asleep" in function.__name__ and not hasattr(signal, "pthread_kill"):
        pytest.skip("a sleep cannot be interrupted on Windows")
    start = time.monotonic()
    outcome = outcome_of(function, seconds=0.3)
    assert outcome.timed_out
    assert "did not finish" in (outcome.problem or "")
    assert time.monotonic() - start < 5


def test_time_limit_leaves_nothing_behind_but_one_thread_that_waits() -> None:
    outcome_of(lambda: None)
    handler, threads = signal.getsignal(signal.SIGINT), threading.active_count()
    trace = sys.gettrace()
    for _ in range(20):  # functions that end just when their time does
        outcome_of(lambda: time.sleep(0.02), seconds=0.02)
    assert signal.getsignal(signal.SIGINT) is handler
    assert threading.active_count() == threads
    assert sys.gettrace() is trace


def test_a_short_limit_ends_in_time_after_a_long_one() -> None:
    """The thread that waits for the long one must hear of the short one."""
    outcome_of(lambda: None, seconds=60)
    start = time.monotonic()
    assert outcome_of(forever, seconds=0.3).timed_out
    assert time.monotonic() - start < 5


def test_a_limit_within_a_limit() -> None:
    def outer() -> bool:
        return outcome_of(forever, seconds=0.2).timed_out

    assert outcome_of(outer) == Outcome(value=True)


def test_nobody_looks_over_the_shoulder_of_the_thread_that_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Though it may have been started where calls are counted."""
    monkeypatch.setattr(limiting._Watcher, "_only", None)
    looked: list[str] = []

    def look(frame: FrameType, event: str, arg: object) -> None:
        looked.append(frame.f_code.co_name)

    threading.setprofile(look)
    try:
        outcome_of(lambda: None)
    finally:
        threading.setprofile(None)
    looked.clear()
    assert outcome_of(forever, seconds=0.3).timed_out
    assert looked == []


def test_stop_button_still_works() -> None:
    def press_stop() -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        outcome_of(press_stop)


def test_what_cannot_be_interrupted_is_told_while_it_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("helpers.course.limiting._interrupt_main_thread", lambda: None)
    monkeypatch.setattr("helpers.course.limiting.GIVE_UP_AFTER", 0.1)
    outcome = outcome_of(lambda: time.sleep(1.0), seconds=0.1)
    assert capsys.readouterr().out.count("Restart Kernel") == 1
    assert outcome.printed == ""  # told to the learner at once, not kept with the prints


def test_outside_the_main_thread_it_runs_without_a_limit() -> None:
    results: list[Outcome] = []
    thread = threading.Thread(target=lambda: results.append(outcome_of(lambda: 5, seconds=0.1)))
    thread.start()
    thread.join()
    assert results == [Outcome(value=5)]


def test_calls_are_seen_through_any_wrapper() -> None:
    from functools import partial

    def reference(x: int) -> int:
        return x

    def innocent(x: int) -> int:
        return x

    for disguise in (reference, lambda x: reference(x), partial(reference)):
        with calls_of(code_objects(reference)) as seen:
            disguise(1)
        assert seen == ["reference"]
    with calls_of(code_objects(reference)) as seen:
        innocent(1)
    assert not seen


def test_code_objects_of_a_class_are_those_of_its_methods() -> None:
    class Filter:
        def update(self) -> int:
            return 1

    with calls_of(code_objects(Filter)) as seen:
        Filter().update()
    assert seen == ["update"]
