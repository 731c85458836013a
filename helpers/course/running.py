"""Run a learner's function so that nothing it does can hurt the notebook.

Whatever it does - raises, prints, never ends - comes back as an ``Outcome``.
"""

import copy
import inspect
import io
import linecache
import signal
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from helpers.course.compare import same

GIVE_UP_AFTER = 2.0  # seconds of unheeded interrupts before the learner is told to restart


class OutOfTime(BaseException):
    """Raised inside the learner's function; a BaseException, so ``except Exception`` misses it."""


class CapturedText(io.StringIO):
    """Keeps the beginning of what is printed, so that a print in a loop fills no memory."""

    def __init__(self, limit: int = 2000) -> None:
        super().__init__()
        self.limit = limit

    def write(self, text: str) -> int:
        super().write(text[: max(0, self.limit - self.tell())])
        return len(text)


@dataclass(frozen=True)
class Outcome:
    """What became of one call: a value, or a sentence that says why there is none."""

    value: Any = None
    problem: str | None = None
    attempted: bool = True
    printed: str = ""
    timed_out: bool = False
    error: str | None = None  # the name of the exception that it raised


def run(
    call: Callable[..., Any],
    function: Any,
    args: tuple[Any, ...],
    seconds: float,
    tell: Callable[[str], None] = print,
) -> Outcome:
    """``call(function, *args)`` on copies of the arguments, for at most ``seconds``."""
    given = copy.deepcopy(args)
    printed = CapturedText()
    try:
        with redirect_stdout(printed), redirect_stderr(printed), time_limit(seconds, tell):
            value = call(function, *given)
    except NotImplementedError:
        return Outcome(attempted=False, printed=printed.getvalue())
    except OutOfTime:
        return Outcome(
            problem=f"did not finish within {seconds:.0f} seconds",
            timed_out=True,
            printed=printed.getvalue(),
        )
    except KeyboardInterrupt:  # the Stop button: the learner wants out of the check, too
        raise
    except BaseException as error:
        return Outcome(
            problem=_describe(error, function),
            error=type(error).__name__,
            printed=printed.getvalue(),
        )
    if isinstance(value, types.GeneratorType | types.CoroutineType | types.AsyncGeneratorType):
        kind = type(value).__name__.replace("_", " ")
        return Outcome(
            problem=f"returns a {kind} (is there a `yield` or an `async` in it?)",
            printed=printed.getvalue(),
        )
    changed = [
        number
        for number, (before, after) in enumerate(zip(args, given, strict=True), 1)
        if not same(after, before)
    ]
    if changed:
        return Outcome(
            value,
            problem=f"changes its {_ordinal(changed[0])} argument in place: "
            "work on a copy, the caller still needs it",
            printed=printed.getvalue(),
        )
    return Outcome(value, printed=printed.getvalue())


@contextmanager
def time_limit(seconds: float, tell: Callable[[str], None]) -> Iterator[None]:
    """Raise ``OutOfTime`` in the body when it takes longer than ``seconds``.

    A timer thread interrupts the main thread, which works on Windows too. Outside the main
    thread, where Python delivers no interrupt, there is no limit. A call into C that never
    returns cannot be interrupted; the learner is then told to restart the kernel.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    finished = threading.Event()
    expired = threading.Event()
    trace = sys.gettrace()

    def raise_out_of_time(frame: types.FrameType, event: str, arg: Any) -> Any:
        raise OutOfTime

    def on_interrupt(signum: int, frame: types.FrameType | None) -> None:
        if finished.is_set():
            return  # it ended while the interrupt was on its way
        if not expired.is_set():
            raise KeyboardInterrupt
        # A bare `except:` may swallow this exception. The next line that the function runs
        # then raises it again, and that line stands outside the `try`.
        while frame is not None and frame.f_code is not run.__code__:
            frame.f_trace = raise_out_of_time
            frame = frame.f_back
        sys.settrace(raise_out_of_time)
        raise OutOfTime

    def watch() -> None:
        wait, told, start = seconds, False, time.monotonic()
        while not finished.wait(wait):
            expired.set()
            _interrupt_main_thread()
            wait = 0.2
            if not told and time.monotonic() - start > seconds + GIVE_UP_AFTER:
                told = True
                tell(
                    "The function is inside a call that Python cannot interrupt. "
                    "Choose Kernel > Restart Kernel; your progress is kept."
                )

    previous = signal.signal(signal.SIGINT, on_interrupt)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        try:
            yield
        finally:
            finished.set()
    finally:
        sys.settrace(trace)
        finished.set()
        watcher.join()
        signal.signal(signal.SIGINT, previous)  # handles what is still pending, then switches


def _interrupt_main_thread() -> None:
    if hasattr(signal, "pthread_kill"):  # a real signal, which ends a time.sleep as well
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # type: ignore[arg-type]
    else:
        import _thread

        _thread.interrupt_main()


@contextmanager
def calls_of(codes: set[types.CodeType]) -> Iterator[list[str]]:
    """Collect the names of those functions, given by code object, that run in the body."""
    seen: list[str] = []

    def profile(frame: types.FrameType, event: str, arg: Any) -> None:
        if event == "call" and any(frame.f_code is code for code in codes):
            seen.append(frame.f_code.co_name)

    previous = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield seen
    finally:
        sys.setprofile(previous)


def code_objects(function: Any) -> set[types.CodeType]:
    """The code of a function, or of every method that a class itself defines."""
    if inspect.isclass(function):
        members = [
            getattr(m, "__func__", getattr(m, "fget", m)) for m in vars(function).values()
        ]
        return {m.__code__ for m in members if hasattr(m, "__code__")}
    return {inspect.unwrap(function).__code__}


def _describe(error: BaseException, function: Any) -> str:
    """``raises ValueError: ... in the line `...` ``, the line being the learner's own."""
    message = " ".join(str(error).split())
    text = f"raises {type(error).__name__}" + (f": {message[:300]}" if message else "")
    files = {code.co_filename for code in _codes_or_none(function)}
    lines = [
        linecache.getline(frame.f_code.co_filename, number).strip()
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in files
    ]
    return text + (f", in the line `{lines[-1]}`" if lines and lines[-1] else "")


def _codes_or_none(function: Any) -> set[types.CodeType]:
    try:
        return code_objects(function)
    except AttributeError:  # a callable object or a partial has no code of its own
        return set()


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")
