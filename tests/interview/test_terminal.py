import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from helpers.interview import __main__ as command
from helpers.interview import bank
from helpers.interview.question import Question
from helpers.interview.session import Result
from helpers.interview.terminal import Terminal, hold_interview
from helpers.interview.text import display_width

QUESTION = bank.get("psnr-versus-ssim")  # five rubric points, two follow-up questions
OTHER = bank.get("random-crop-per-frame")
FULL = ["", *"yyyyy", "", ""]  # answered aloud, everything said, two follow-up questions


class Script(Terminal):
    """A terminal that answers from a list; an exception in the list is raised."""

    def __init__(
        self, replies: list, language: str = "en", width: int = 80, seconds: float = 7
    ) -> None:
        self.printed: list[str] = []
        left: Iterator = iter(replies)
        ticks = iter(range(0, 10**6))

        def ask(prompt: str) -> str:
            self.printed.append(prompt)
            reply = next(left, EOFError())
            if isinstance(reply, BaseException):
                raise reply
            return reply

        super().__init__(
            language="zh" if language == "zh" else "en",
            width=width,
            ask=ask,
            show=self.printed.append,
            clock=lambda: next(ticks) * seconds,
        )

    @property
    def output(self) -> str:
        return "\n".join(self.printed)


def interview(terminal: Terminal, *questions) -> list[Result]:  # type: ignore[no-untyped-def]
    seen: list[Result] = []
    results = hold_interview(questions or (QUESTION,), terminal, seen.append)
    assert seen == results
    return results


def test_a_whole_interview() -> None:
    terminal = Script(["line one", "line two", *FULL, *FULL])
    first, second = interview(terminal, QUESTION, OTHER)
    assert (first.written_answer, second.written_answer) == ("line one\nline two", "")
    assert (first.earned, second.earned) == (QUESTION.max_points, OTHER.max_points)
    assert first.seconds == 7
    output = terminal.output
    assert "Question 2 of 2" in output and "7 s: within the 60 s" in output
    assert "Scorecard" in output and "100%" in output and "total" in output
    assert "2 of 2 answers took 60 s or less." in output
    for source in QUESTION.sources:
        assert source.url in output


def test_the_answer_comes_before_the_model_answer() -> None:
    terminal = Script([KeyboardInterrupt()])
    assert interview(terminal) == []
    assert "PSNR and SSIM" in terminal.output
    assert "10·log10" not in terminal.output
    assert "No question was scored" in terminal.output


def test_a_follow_up_waits_before_its_answer() -> None:
    terminal = Script(FULL[:-2])
    interview(terminal)
    assert QUESTION.follow_ups[0].question.en[:20] in terminal.output
    assert QUESTION.follow_ups[0].answer.en[:30] not in terminal.output


def test_points_partial_and_not_understood() -> None:
    terminal = Script(["", "maybe", "3", "-1", "", "1", "No", "YES", " 2 ", "n", "", ""])
    (result,) = interview(terminal)
    assert result.points == (1, 0, 2, 2, 0)
    assert terminal.output.count("Please answer y, n or a whole number from 0 to 2") == 4


@pytest.mark.parametrize(
    ("language", "prompt", "again"),
    [("en", "  y or n: ", "Please answer y or n."), ("zh", "  y 或 n：", "请输入 y 或 n。")],
)
def test_a_point_worth_one_asks_for_no_number(language: str, prompt: str, again: str) -> None:
    assert [point.points for point in QUESTION.rubric] == [2, 2, 2, 2, 1]
    terminal = Script(["", "y", "y", "y", "y", "2", "y"], language)
    (result,) = interview(terminal)
    assert result.points == (2, 2, 2, 2, 1)
    assert terminal.printed.count(prompt) == 2
    assert again in terminal.output
    assert sum("0-2" in line for line in terminal.printed) == 4
    assert "0-1" not in terminal.output


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("question", bank.load().values(), ids=lambda question: question.id)
def test_no_emphasis_marks_are_shown(question: Question, language: str) -> None:
    steps = len(question.rubric) + len(question.follow_ups)
    terminal = Script(["", *["y"] * steps], language)
    interview(terminal, question)
    prose = re.sub(r"```.*?```|`[^`]*`", "", terminal.output, flags=re.DOTALL)
    assert "Scorecard" in prose or "成绩单" in prose
    assert "*" not in prose


@pytest.mark.parametrize("stop", [EOFError(), KeyboardInterrupt()])
@pytest.mark.parametrize("kept", range(len(FULL) * 2))
def test_it_may_end_at_any_point(kept: int, stop: BaseException) -> None:
    terminal = Script([*(FULL * 2)[:kept], stop])
    results = interview(terminal, QUESTION, OTHER)
    scored = (kept >= 6) + (kept >= len(FULL) + 6)
    assert len(results) == scored
    assert "The interview ends here" in terminal.output
    assert ("Scorecard" in terminal.output) == (scored > 0)


@pytest.mark.parametrize(
    ("language", "group"), [("en", "metrics (0%)"), ("zh", "评测指标（0%）")]
)
def test_a_weak_group_is_named_with_its_share(language: str, group: str) -> None:
    terminal = Script(["", *"nnnnn", "", ""], language)
    interview(terminal)
    assert group in terminal.printed


def test_a_slow_answer_is_told() -> None:
    terminal = Script(FULL, seconds=75)
    interview(terminal)
    assert "75 s: longer than 60 s, the course's target." in terminal.output
    assert "0 of 1 answer took 60 s or less." in terminal.output


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The clock is running: you have 60 s."), ("zh", "计时开始，目标 60 秒。")],
)
def test_the_clock_says_how_long_it_runs(language: str, words: str) -> None:
    terminal = Script([EOFError()], language)
    interview(terminal)
    assert words in terminal.output


def test_all_answers_in_time_are_said_so_in_chinese() -> None:
    terminal = Script([*FULL, *FULL], "zh")
    interview(terminal, QUESTION, OTHER)
    assert "2 题全部在 60 秒内答完。" in terminal.output
    terminal = Script([*FULL, *FULL], "zh", seconds=75)
    interview(terminal, QUESTION, OTHER)
    assert "2 题中有 0 题在 60 秒内答完。" in terminal.output


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [40, 66, 96])
def test_lines_fit_the_terminal(language: str, width: int) -> None:
    terminal = Script(FULL, language, width)
    interview(terminal)
    in_code = False
    for line in terminal.output.splitlines():
        in_code ^= line.lstrip().startswith("```")
        # What cannot be broken: code, and an address or a word longer than a line.
        whole = in_code or len(line.split()) <= 1 or line.startswith("  y")
        assert whole or display_width(line) <= width, line
    if language == "zh":
        assert "成绩单" in terminal.output and "追问" in terminal.output
        assert "Scorecard" not in terminal.output


def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "helpers.interview", *arguments],
        input=stdin.encode(),
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_command_works_through_a_pipe() -> None:
    arguments = ("--questions", "1", "--seed", "4", "--chapter", "00_start_here")
    done = run(*arguments, stdin="uniform\n\n" + "y\n" * 5 + "\n" * 2)
    output = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "A model takes 8 frames" in output and "100%" in output
    assert "--seed 4" in output


def test_the_command_survives_a_terminal_without_chinese() -> None:
    done = run("--language", "zh", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout


def in_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, *arguments: str
) -> tuple[int, str, str]:
    class Stream:
        def reconfigure(self, errors: str) -> None:
            assert errors == "replace"

    monkeypatch.setattr(command.sys, "stdin", Stream())
    monkeypatch.setattr(
        command, "hold_interview", lambda questions, *_: print(len(questions)) or []
    )
    monkeypatch.setattr(
        type(command.sys.stdout), "reconfigure", lambda *_, **__: None, raising=False
    )
    status = command.main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_a_filter_that_matches_nothing_is_told_what_there_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    arguments = ("--group", "coding", "--level", "senior")
    status, out, err = in_process(monkeypatch, capsys, *arguments)
    assert (status, out) == (2, "")
    sentence, groups, levels, chapters = err.splitlines()
    assert sentence.startswith("No question fits --group coding --level senior. There are")
    assert groups.startswith("  groups: fundamentals, ") and "debugging" in groups
    present = dict.fromkeys(question.group for question in bank.load().values())
    assert groups.split(": ")[1].split(", ") == list(present)
    assert levels == "  levels: junior, mid, senior"
    assert chapters.startswith("  chapters: 00_start_here, 10_what_is_a_video_model, 11_files_")


def test_help_offers_only_groups_and_levels_that_have_questions(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = {
        id: question
        for id, question in bank.load().items()
        if question.group in ("fundamentals", "coding") and question.level != "senior"
    }
    monkeypatch.setattr(bank, "load", lambda: entries)
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    assert "--group G fundamentals, coding --level L junior, mid --chapter" in text
    assert "same filters" in text
    with pytest.raises(SystemExit):
        command.main(["--group", "debugging"])
    assert "'fundamentals', 'coding'" in capsys.readouterr().err
    for arguments in (["--level", "senior"], ["pack", "--level", "staff"]):
        with pytest.raises(SystemExit):
            command.main(arguments)
        assert "'junior', 'mid'" in capsys.readouterr().err


def test_the_number_of_questions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    status, out, _ = in_process(monkeypatch, capsys, "--questions", "500")
    assert status == 0 and str(len(bank.load())) in out.splitlines()
    for wrong in ("0", "-3", "two"):
        with pytest.raises(SystemExit):
            command.main(["--questions", wrong])
        assert "whole number of 1 or more" in capsys.readouterr().err


def test_importing_is_cheap() -> None:
    code = (
        "import sys, helpers.interview.bank, helpers.interview.render, helpers.interview.__main__;"
        "print(sorted({'tensorflow', 'numpy', 'IPython', 'av'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
