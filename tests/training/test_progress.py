"""Which line of progress is shown where, and how often a log gets one."""

import io
import sys
import time

import pytest

from helpers.training import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_where_which_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, request, kind in (
        (Terminal(), None, progress.TerminalLine),
        (io.StringIO(), None, progress.LogLines),
        (None, None, progress.Silent),
        (io.StringIO(), {"allow_stdin": True}, progress.NotebookLine),
        (io.StringIO(), {"allow_stdin": False}, progress.Silent),
        (Terminal(), {}, progress.Silent),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr(progress, "_cell_request", lambda request=request: request)
        assert type(progress.line()) is kind


@pytest.mark.parametrize(
    ("seconds", "shares"),
    [
        (9, []),  # short work says nothing
        (100, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
        (50, [20, 40, 60, 80, 100]),  # never two in 10 seconds
        (
            1200,
            [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100],
        ),
    ],
)
def test_lines_of_a_log(
    seconds: int, shares: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    stream = io.StringIO()
    line = progress.LogLines(stream)
    for second in range(1, seconds + 1):
        now = 1000.0 + second
        line.show(second / seconds, f"step {second}")
    line.close("the end")
    expected = [f"{share:3d}% · step {share * seconds // 100}\n" for share in shares]
    assert stream.getvalue() == "".join(expected)
