"""Ctrl-C, or a notebook's Stop button, at a moment when it can be heeded.

Python raises KeyboardInterrupt wherever it happens to be. In a finaliser, or while a module is
imported, the exception may be swallowed; and where C++ has called Python, as TensorFlow and
pybind11 do, another error comes out.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Remembers the first interrupt, for `check` to raise it; the second is raised at once."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if self.came:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            raise KeyboardInterrupt
        self.came = True

    def check(self) -> None:
        if self.came:
            raise KeyboardInterrupt


@contextmanager
def held_interrupts() -> Iterator[Interrupts]:
    """The body runs on after an interrupt, until it calls `check` or ends.

    An error after an interrupt counts as that. Outside the main thread, where Python delivers
    no interrupt, and where somebody else handles them, nothing is held. Inside another
    `held_interrupts`, the two are one.
    """
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT) if is_main else None
    is_outermost = handler is signal.default_int_handler
    interrupts = handler if isinstance(handler, Interrupts) else Interrupts()
    try:
        if is_outermost:
            signal.signal(signal.SIGINT, interrupts)
        yield interrupts
    except Exception as error:
        if interrupts.came:
            raise KeyboardInterrupt from error
        raise
    finally:
        if is_outermost:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupts.check()
