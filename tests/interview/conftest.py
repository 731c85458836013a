"""What the tests of the interview's commands share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers import store
from helpers.interview.question import Language
from helpers.interview.terminal import Terminal


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and a session in which nothing has been told yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("LVM_DATA_DIR", str(folder))
    monkeypatch.setattr(store, "_waiting", [])
    monkeypatch.setattr(store, "_told", set())
    return folder


@pytest.fixture
def scripted() -> Callable[..., tuple[Terminal, list[str]]]:
    """Makes a terminal that answers from a list, and the list of what it showed.

    A reply may be an exception, which is raised, or a function, whose value is the reply. The
    clock goes on by 7 s each time that it is read.
    """

    def make(replies: list, language: Language = "en") -> tuple[Terminal, list[str]]:
        shown: list[str] = []
        left: Iterator = iter(replies)
        ticks = iter(range(10**6))

        def ask(prompt: str) -> str:
            shown.append(prompt)
            reply = next(left, EOFError())
            if isinstance(reply, BaseException):
                raise reply
            return reply() if callable(reply) else reply

        clock = lambda: next(ticks) * 7.0  # noqa: E731
        return Terminal(language, ask=ask, show=shown.append, clock=clock), shown

    return make
