"""The options of ``python -m helpers.interview`` and of its subcommands."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from helpers.interview.question import LANGUAGES


def parser(groups: Sequence[str], levels: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; ``--group`` takes these groups and ``--level`` these levels."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.interview",
        description="A mock interview: question, your answer against the clock, model answer, "
        "rubric that you score yourself, scorecard. Ctrl-C ends it at any time. Each answer is "
        "kept as soon as it is scored. --group may be given several times.",
    )
    _add_draw(parser, groups, levels)
    _add_language(parser)
    _add_save(parser, "the scorecard")
    parser.add_argument(
        "--due", action="store_true", help="draw from the questions that are due for review"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with the last interview that has questions left",
    )
    parser.set_defaults(questions=5)
    _add_commands(parser, groups, levels)
    return parser


def _add_commands(
    parser: argparse.ArgumentParser, groups: Sequence[str], levels: Sequence[str]
) -> None:
    added = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def add(name: str, about: str) -> argparse.ArgumentParser:
        # What a command's options do not say stays as the options before its name have it.
        command = added.add_parser(
            name, help=about, description=about, argument_default=argparse.SUPPRESS
        )
        _add_language(command)
        return command

    add("history", "past interviews with the share of points by group")
    add("due", "the questions and exercises that are due for review")
    pack = add("pack", "a set of questions with rubrics for a human interviewer, as Markdown")
    _add_draw(pack, groups, levels)
    _add_save(pack, "the pack")
    coding = add("coding", "an exercise of the course against the clock, in your own editor")
    coding.add_argument("--chapter", metavar="C", help="for example 21")
    coding.add_argument("--difficulty", type=int, choices=(1, 2, 3), default=None)
    coding.add_argument("--seed", type=int, metavar="S", help="repeat an earlier draw")
    recap = add("recap", "a page for each chapter, to print, as Markdown")
    recap.add_argument("chapter", nargs="?", metavar="CHAPTER", help="for example 21")
    _add_save(recap, "the pages")
    glossary = add("glossary", "a term of the course, or all of them, in both languages")
    glossary.add_argument("term", nargs="?", metavar="TERM", help="for example IoU or 光流")
    glossary.set_defaults(term=None)
    anki = add("anki", "the questions as flash cards for Anki")
    anki.add_argument("file", type=Path, metavar="FILE", help="its name ends in .apkg")
    export = add("export", "write your history and progress into a JSON file")
    export.add_argument("file", type=Path, metavar="FILE")
    delete = add("delete", "delete your history and progress")
    delete.add_argument("--yes", action="store_true", help="without asking", default=False)


def _add_draw(
    parser: argparse.ArgumentParser, groups: Sequence[str], levels: Sequence[str]
) -> None:
    parser.add_argument("--questions", type=_positive, metavar="N", help="default: 5")
    parser.add_argument(
        "--group", action="append", choices=groups, metavar="G", help=", ".join(groups)
    )
    parser.add_argument("--level", choices=levels, metavar="L", help=", ".join(levels))
    parser.add_argument("--chapter", metavar="C", help="for example 21")
    parser.add_argument(
        "--seed",
        type=int,
        metavar="S",
        help="repeat an earlier draw that had the same filters",
    )


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=LANGUAGES, help="default: en")


def _add_save(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help=f"write {what} into a new file, as Markdown"
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)
