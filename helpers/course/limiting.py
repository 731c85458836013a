"""End a function that would never end."""

import math
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

GIVE_UP_AFTER = 2.0  # seconds of unheeded interrupts before the learner is told to restart


class OutOfTime(BaseException):
    """Raised inside the learner's function; a BaseException, so ``except Exception`` misses it."""


@contextmanager
def time_limit(
    seconds: float, tell: Callable[[str], None], around: types.CodeType
) -> Iterator[None]:
    """Raise ``OutOfTime`` in the body when it takes longer than ``seconds``.

    ``around`` is the code of the function that the body stands in: what that calls is stopped,
    whatever it catches, and the function itself goes on.

    A second thread interrupts the main thread, which works on Windows too. Outside the main
    thread, where Python delivers no interrupt, there is no limit. A call into C that never
    returns cannot be interrupted; the learner is then told to restart the kernel, unless that
    call holds Python's global lock, when nobody can say anything.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    limit = _Limit(seconds, tell)
    trace = sys.gettrace()

    def raise_out_of_time(frame: types.FrameType, event: str, arg: Any) -> Any:
        # Not on the event of an exception: that is still inside the `try`.
        if event == "line":
            raise OutOfTime
        return raise_out_of_time

    def on_interrupt(signum: int, frame: types.FrameType | None) -> None:
        if limit.is_over:
            return  # it ended while the interrupt was on its way
        if not limit.has_expired:
            raise KeyboardInterrupt
        # A bare `except:` may swallow this exception. The next line that the function runs
        # then raises it again, and that line stands outside the `try`.
        while frame is not None and frame.f_code is not around:
            frame.f_trace = raise_out_of_time
            frame = frame.f_back
        sys.settrace(lambda *event: None)  # switches tracing on; the frames' own f_trace raises
        raise OutOfTime

    watcher = _Watcher.of_this_process()
    previous = signal.signal(signal.SIGINT, on_interrupt)
    try:
        watcher.watch(limit)
        try:
            yield
        finally:
            limit.is_over = True
    finally:
        sys.settrace(trace)
        limit.is_over = True
        watcher.forget(limit)
        signal.signal(signal.SIGINT, previous)  # handles what is still pending, then switches


class _Limit:
    """When a body must have ended, and what is done then."""

    def __init__(self, seconds: float, tell: Callable[[str], None]) -> None:
        self.due = time.monotonic() + seconds  # the next interrupt
        self.give_up = self.due + GIVE_UP_AFTER
        self.tell: Callable[[str], None] | None = tell
        self.has_expired = False
        self.is_over = False

    def expire(self) -> None:
        self.has_expired = True
        _interrupt_main_thread()
        now = time.monotonic()
        self.due = now + 0.2
        if self.tell and now > self.give_up:
            self.tell(
                "The function is inside a call that Python cannot interrupt. "
                "Choose Kernel > Restart Kernel; your progress is kept."
            )
            self.tell = None


class _Watcher(threading.Thread):
    """Waits for all limits of a process.

    To start a thread for each would take longer than most answers do.
    """

    _only: "_Watcher | None" = None

    def __init__(self) -> None:
        super().__init__(name="time limit", daemon=True)
        self._changed = threading.Condition()
        self._limits: list[_Limit] = []
        self._wakes = 0.0  # when it will look again by itself

    @classmethod
    def of_this_process(cls) -> "_Watcher":
        if cls._only is None or not cls._only.is_alive():  # as after a fork
            cls._only = cls()
            cls._only.start()
        return cls._only

    def watch(self, limit: _Limit) -> None:
        with self._changed:
            self._limits.append(limit)
            if limit.due < self._wakes:  # mostly not: it still waits for an earlier limit
                self._changed.notify()

    def forget(self, limit: _Limit) -> None:
        """After this no interrupt is sent for the limit."""
        with self._changed:
            self._limits = [other for other in self._limits if other is not limit]

    def run(self) -> None:
        sys.setprofile(None)  # it may have been started where calls are counted
        with self._changed:
            while True:
                now = time.monotonic()
                for limit in self._limits:
                    if limit.due <= now:
                        limit.expire()
                self._wakes = min((limit.due for limit in self._limits), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else self._wakes - now)


def _interrupt_main_thread() -> None:
    if hasattr(signal, "pthread_kill"):  # a real signal, which ends a time.sleep as well
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # type: ignore[arg-type]
    else:
        import _thread

        _thread.interrupt_main()
