"""One line that tells how a training goes where somebody is watching, or a few for a log."""

import html
import sys
import time
from typing import Any, Protocol, TextIO

SECONDS_BETWEEN = 0.2
SECONDS_BETWEEN_LINES, MOST_SECONDS_BETWEEN_LINES = 10.0, 60.0  # in a log


class Line(Protocol):
    """Shows how far the training is, in the place of what it showed before."""

    def show(self, share: float, text: str) -> None: ...
    def close(self, text: str) -> None: ...


class Silent:
    """Shows nothing."""

    def show(self, share: float, text: str) -> None:
        pass

    def close(self, text: str) -> None:
        pass


class LogLines(Silent):
    """Writes a line at each tenth of long work, but neither too many nor too few."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.last, self.last_tenth = time.monotonic(), 0

    def show(self, share: float, text: str) -> None:
        waited = time.monotonic() - self.last
        is_new_tenth = int(10 * share) > self.last_tenth
        if waited >= (SECONDS_BETWEEN_LINES if is_new_tenth else MOST_SECONDS_BETWEEN_LINES):
            self.last, self.last_tenth = time.monotonic(), int(10 * share)
            self.stream.write(f"{share:4.0%} · {text}\n")
            self.stream.flush()


class TerminalLine:
    """Rewrites one line of a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.last = -float("inf")

    def show(self, share: float, text: str) -> None:
        if time.monotonic() - self.last >= SECONDS_BETWEEN:
            self.last = time.monotonic()
            self._write(f"{share:4.0%} · {text}")

    def close(self, text: str) -> None:
        self._write(text)
        self.stream.write("\n")
        self.stream.flush()

    def _write(self, text: str) -> None:
        self.stream.write(f"\r\x1b[K{text}")  # to the start of the line, and clear it
        self.stream.flush()


class NotebookLine:
    """Updates one output of a notebook's cell."""

    def __init__(self) -> None:
        from IPython.display import DisplayHandle

        self.handle = DisplayHandle()
        self.shown = False
        self.last = -float("inf")

    def show(self, share: float, text: str) -> None:
        if time.monotonic() - self.last >= SECONDS_BETWEEN:
            self.last = time.monotonic()
            bar = f'<progress max="1" value="{share:.3f}" aria-label="training"></progress> '
            self._put(f"{share:4.0%} · {text}", bar + html.escape(text))

    def close(self, text: str) -> None:
        self._put(text, html.escape(text))

    def _put(self, text: str, markup: str) -> None:
        data = {"text/plain": text, "text/html": markup}
        if self.shown:
            self.handle.update(data, raw=True)
        else:
            self.handle.display(data, raw=True)
            self.shown = True


def line() -> Line:
    """The line for the place where this runs.

    A notebook that is run to be stored, tested or graded has nobody who could answer a
    question, and its client says so with every cell (`allow_stdin` in Jupyter's protocol).
    """
    request = _cell_request()
    if request is not None:
        return NotebookLine() if request.get("allow_stdin") else Silent()
    if sys.stderr is None:
        return Silent()
    return TerminalLine(sys.stderr) if sys.stderr.isatty() else LogLines(sys.stderr)


def _cell_request() -> dict[str, Any] | None:
    """What the notebook's client sent to have this cell run; None outside a notebook."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return None
    try:
        return dict(kernel.get_parent("shell")["content"])
    except (AttributeError, KeyError, TypeError):
        return {}
