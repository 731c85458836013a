"""Run a learner's function so that nothing it does can hurt the notebook.

Whatever it does - raises, prints, never ends - comes back as an ``Outcome``.
"""

import copy
import inspect
import io
import linecache
import logging
import sys
import threading
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from helpers.course.compare import same
from helpers.course.limiting import OutOfTime, time_limit


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
    message: str = ""  # and what that says
    given: tuple[Any, ...] = field(
        default=(), compare=False
    )  # the copies that it was called with


def run(
    call: Callable[..., Any],
    function: Any,
    args: tuple[Any, ...],
    seconds: float,
    tell: Callable[[str], None] | None = None,
) -> Outcome:
    """``call(function, *args)`` on copies of the arguments, for at most ``seconds``."""
    given = copy.deepcopy(args)
    printed = CapturedText()
    # Bound before the redirection, so that it reaches the learner while the function runs.
    tell = tell or partial(print, file=sys.stdout, flush=True)
    try:
        with kept_apart(printed), time_limit(seconds, tell, run.__code__):
            value = call(function, *given)
    except OutOfTime:
        return Outcome(
            problem=f"did not finish within {round(seconds, 1):g} seconds",
            timed_out=True,
            printed=printed.getvalue(),
        )
    except KeyboardInterrupt:  # the Stop button: the learner wants out of the check, too
        raise
    except BaseException as error:
        if type(error) is NotImplementedError and not error.args:
            return Outcome(attempted=False, printed=printed.getvalue())
        return Outcome(
            problem=_describe(error, function),
            error=type(error).__name__,
            message=_text_of(error),
            printed=printed.getvalue(),
        )
    problem = _unusable(value) or _changed(function, args, given)
    return Outcome(value, problem, printed=printed.getvalue(), given=given)


@contextmanager
def kept_apart(printed: CapturedText) -> Iterator[None]:
    """What the body prints, warns of or displays goes nowhere else; its figures are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    figures = set(pyplot.get_fignums()) if pyplot else set()
    # Its handler holds on to the stderr of the start, and warns of each tf.function made anew.
    tensorflow = logging.getLogger("tensorflow")
    with ExitStack() as stack:
        stack.callback(setattr, tensorflow, "disabled", tensorflow.disabled)
        tensorflow.disabled = True
        if "IPython" in sys.modules:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output(stdout=False, stderr=False, display=True))
        stack.enter_context(redirect_stdout(printed))
        stack.enter_context(redirect_stderr(printed))
        yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        for number in set(pyplot.get_fignums()) - figures:
            pyplot.close(number)


def _unusable(value: Any) -> str | None:
    if isinstance(value, types.CoroutineType):
        value.close()  # or Python warns that nobody awaited it
    if isinstance(value, types.GeneratorType | types.CoroutineType | types.AsyncGeneratorType):
        kind = type(value).__name__.replace("_", " ")
        return f"returns a {kind} (is there a `yield` or an `async` in it?)"
    return None


def _changed(function: Any, args: tuple[Any, ...], given: tuple[Any, ...]) -> str | None:
    """Whether the function changed an argument. Objects such as a generator may change."""
    for number, (before, after) in enumerate(zip(args, given, strict=True)):
        if _is_data(before) and not same(after, before):
            return (
                f"changes its {_argument(function, number)} in place: work on a copy, the caller "
                "still needs it"
            )
    return None


def _argument(function: Any, number: int) -> str:
    """``argument `x` ``, or ``second argument`` where the function does not tell its name."""
    try:
        parameters = [*inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):
        parameters = []
    positional = [p for p in parameters[: number + 1] if p.kind is p.POSITIONAL_OR_KEYWORD]
    # The arguments of a class's methods come together, so the names of one would be wrong.
    if len(positional) > number and not inspect.isclass(function):
        return f"argument `{positional[number].name}`"
    names = {0: "first", 1: "second", 2: "third"}
    return f"{names.get(number, f'{number + 1}th')} argument"


def _is_data(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(_is_data(item) for item in value.values())
    if isinstance(value, list | tuple):
        return all(_is_data(item) for item in value)
    return isinstance(value, np.ndarray | np.generic | bool | int | float | complex | str)


@contextmanager
def calls_of(codes: set[types.CodeType]) -> Iterator[list[str]]:
    """Collect the names of those functions, given by code object, that run in the body."""
    seen: list[str] = []

    def profile(frame: types.FrameType, event: str, arg: Any) -> None:
        if event == "call" and any(frame.f_code is code for code in codes):
            seen.append(frame.f_code.co_name)

    if not codes:
        yield seen
        return
    previous = sys.getprofile()
    sys.setprofile(profile)
    threading.setprofile(profile)  # for threads that begin in the body
    try:
        yield seen
    finally:
        sys.setprofile(previous)
        threading.setprofile(None)


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
    message = _text_of(error)
    text = f"raises {type(error).__name__}" + (f": {message[:300]}" if message else "")
    files = {code.co_filename for code in _codes_or_none(function)}
    lines = [
        linecache.getline(frame.f_code.co_filename, number).strip()
        for frame, number in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in files
    ]
    return text + (f", in the line `{lines[-1]}`" if lines and lines[-1] else "")


def _text_of(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())
    except Exception:  # an exception of the learner's own, whose text fails
        return ""


def _codes_or_none(function: Any) -> set[types.CodeType]:
    try:
        return code_objects(function)
    except AttributeError:  # a callable object or a partial has no code of its own
        return set()
