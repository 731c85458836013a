"""When an interrupt comes out of `held_interrupts`, and that its traces are removed."""

import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from helpers.interrupting import held_interrupts


@pytest.fixture(autouse=True)
def _default_handler() -> Iterator[None]:
    """Python's own handler before the test, and no other after it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    after = signal.signal(signal.SIGINT, before)
    assert after is signal.default_int_handler


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_the_first_waits_for_the_check() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), held_interrupts() as interrupts:
        interrupts.check()
        assert not interrupts.came
        interrupt()
        reached.append(interrupts.came)
        interrupts.check()
        reached.append(False)
    assert reached == [True]


def test_it_comes_at_the_end_at_the_latest() -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), held_interrupts():
        interrupt()
        reached = True
    assert reached


def test_the_second_comes_at_once() -> None:
    seconds = []
    with pytest.raises(KeyboardInterrupt), held_interrupts():
        interrupt()
        try:
            interrupt()
        except KeyboardInterrupt:  # somebody swallows it: the check still raises it
            seconds.append("came")
    assert seconds == ["came"]


def raises_value_error() -> None:
    raise ValueError("of its own")


@pytest.mark.parametrize("ends", [lambda: None, raises_value_error])
def test_without_one_nothing_is_changed(ends: Callable[[], None]) -> None:
    with held_interrupts():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    try:
        with held_interrupts():
            ends()
    except ValueError as error:
        assert str(error) == "of its own"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_after_it_counts_as_the_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt) as caught, held_interrupts():
        interrupt()
        raises_value_error()
    assert isinstance(caught.value.__cause__, ValueError)


def test_two_are_one() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), held_interrupts() as outer:
        with held_interrupts() as inner:
            assert inner is outer
            interrupt()
            reached.append("the end of the inner one")
        reached.append("behind it")
    assert reached == ["the end of the inner one"]
    with held_interrupts() as new:
        assert not new.came


def test_in_another_thread_nothing_is_held() -> None:
    found = []

    def work() -> None:
        before = signal.getsignal(signal.SIGINT)
        with held_interrupts() as interrupts:
            found.extend([signal.getsignal(signal.SIGINT) is before, interrupts.came])

    def run() -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    run()
    with pytest.raises(KeyboardInterrupt), held_interrupts():
        interrupt()  # which is the main thread's business
        run()
    assert found == [True, False, True, False]


def test_somebody_elses_handler_stays() -> None:
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append("heard"))
    try:
        with held_interrupts() as interrupts:
            interrupt()
            interrupts.check()
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == ["heard"]
