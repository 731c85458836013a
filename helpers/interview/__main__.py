"""``python -m helpers.interview``: a mock interview in the terminal."""

import argparse
import os
import random
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from helpers.interview import bank, session
from helpers.interview.question import GROUPS, LANGUAGES, LEVELS, Question
from helpers.interview.terminal import Terminal, hold_interview

# Long lines are hard to read, however wide the window.
MAX_WIDTH = 96
MIN_WIDTH = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold one interview; returns the exit status (2 when no question fits the filters)."""
    questions = list(bank.load().values())
    options = _parser(_groups(questions)).parse_args(arguments)
    for stream in (sys.stdin, sys.stdout):
        # A terminal that cannot show Chinese shows question marks instead of a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    chosen = session.select(questions, options.group, options.level, options.chapter)
    if not chosen:
        print(_nothing_matches(questions, options), file=sys.stderr)
        return 2
    seed = random.randrange(10_000) if options.seed is None else options.seed
    drawn = session.draw(chosen, options.questions, seed)
    width = min(MAX_WIDTH, max(MIN_WIDTH, shutil.get_terminal_size().columns))
    terminal = Terminal(options.language, width)
    terminal.paragraph(terminal.phrases.opening.format(total=len(drawn), seed=seed))
    hold_interview(drawn, terminal, save_result)
    return 0


def save_result(result: session.Result) -> None:
    """The one place that will keep results in the course's progress store; none are kept yet."""


def _groups(questions: Iterable[Question]) -> list[str]:
    """The groups that have questions, in the order of `GROUPS`."""
    present = {question.group for question in questions}
    return [group for group in GROUPS if group in present]


def _parser(groups: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m helpers.interview",
        description="A mock interview: question, your answer against the clock, model answer, "
        "rubric that you score yourself, scorecard. Ctrl-C ends it at any time.",
    )
    parser.add_argument(
        "--questions", type=_positive, default=5, metavar="N", help="default: 5"
    )
    parser.add_argument("--group", choices=groups, metavar="G", help=", ".join(groups))
    parser.add_argument("--level", choices=LEVELS, metavar="L", help=", ".join(LEVELS))
    parser.add_argument("--chapter", metavar="C", help="for example 20_preprocessing")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="default: en")
    parser.add_argument(
        "--seed",
        type=int,
        metavar="S",
        help="repeat the draw of an earlier interview that had the same filters",
    )
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def _nothing_matches(questions: Iterable[Question], options: argparse.Namespace) -> str:
    """Which filters match nothing, and what the bank has."""
    asked = [
        f"--{name} {getattr(options, name)}"
        for name in ("group", "level", "chapter")
        if getattr(options, name)
    ]
    questions = list(questions)
    levels = [level for level in LEVELS if any(q.level == level for q in questions)]
    chapters = sorted({q.chapter for q in questions if q.chapter})
    return (
        f"No question fits {' '.join(asked)}. There are questions for these, though not for "
        "every combination:\n"
        f"  groups: {', '.join(_groups(questions))}\n"
        f"  levels: {', '.join(levels)}\n"
        f"  chapters: {', '.join(chapters)}"
    )


def _close_quietly(stream: TextIO) -> None:
    """Let the interpreter's last flush go nowhere, since nobody reads the output any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        _close_quietly(sys.stdout)
    except KeyboardInterrupt:
        print()
    except bank.BankError as error:
        sys.exit(str(error))
