"""``python -m helpers.interview``: a mock interview in the terminal, and what goes with it."""

import argparse
import os
import random
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from helpers.interview import (
    bank,
    chapters,
    command_line,
    commands,
    history,
    memory,
    scorecard,
    session,
)
from helpers.interview.commands import CommandError
from helpers.interview.history import Interview, Settings
from helpers.interview.phrases import PHRASES, Phrases
from helpers.interview.question import GROUPS, LEVELS, Language, Question
from helpers.interview.terminal import Terminal, hold_interview
from helpers.interview.text import Count

# Long lines are hard to read, however wide the window.
MAX_WIDTH = 96
MIN_WIDTH = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Hold one interview, or do what a subcommand says; returns the exit status.

    The status is 2 when something that was asked for cannot be done, as when no question fits
    the filters.
    """
    known = bank.load()
    parser = command_line.parser(_groups(known.values()), _levels(known.values()))
    options = parser.parse_args(arguments)
    for stream in (sys.stdin, sys.stdout):
        # A terminal that cannot show Chinese shows question marks instead of a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        if options.command:
            terminal = _terminal(options.language or "en")
            _run_command(options, known, terminal)
            commands.tell_notices(terminal)
        else:
            _interview(options, known)
    except CommandError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _run_command(
    options: argparse.Namespace, known: Mapping[str, Question], terminal: Terminal
) -> None:
    _name_chapter(options, terminal)
    match options.command:
        case "history":
            commands.show_history(terminal)
        case "due":
            commands.show_due(known, terminal, datetime.now(UTC))
        case "pack":
            chosen = _chosen(options, known, terminal.phrases)
            drawn = session.draw(chosen, options.questions, _seed(options))
            if fewer := _fewer(drawn, options, terminal.phrases):
                print(fewer, file=sys.stderr)  # the pack itself may go into a file
            text = commands.interviewers_pack(drawn, terminal)
            commands.show_or_save(text, options.save, terminal)
        case "coding":
            commands.hold_coding_round(
                options.chapter, options.difficulty, options.seed, terminal
            )
        case "recap":
            names = [options.chapter] if options.chapter else chapters.names()
            text = commands.recap_pages(names, known, terminal)
            commands.show_or_save(text, options.save, terminal)
        case "glossary":
            terminal.show(commands.glossary_entries(options.term, terminal))
        case "anki":
            commands.export_cards(options.file, terminal)
        case "export":
            commands.export(options.file, terminal)
        case "delete":
            commands.delete(options.yes, terminal)


def _interview(options: argparse.Namespace, known: Mapping[str, Question]) -> None:
    """Draw the questions of a new interview, or go on with the last unfinished one."""
    if options.save:
        commands.check_writable(options.save, PHRASES[_language(options.language)])
    latest = history.last_unfinished(known)
    if options.resume:
        terminal = _terminal(options.language or (latest.settings.language if latest else "en"))
        if latest is None:
            raise CommandError(terminal.phrases.nothing_to_resume)
        interview = latest
        opening = terminal.phrases.resumed.format(
            started=scorecard.local_time(interview.started),
            left=len(interview.left(known)),
            total=Count(len(interview.question_ids)),
        )
    else:
        terminal = _terminal(options.language or "en")
        # One in which nothing was scored does not hide what is unfinished.
        so_far = [held for held in history.interviews() if held.answers or held == latest]
        can_resume = latest and latest == so_far[-1]
        interview, opening = _begin(options, known, terminal)
        if latest and can_resume:
            terminal.paragraph(commands.resume_hint(latest, known, terminal) + "\n")
    terminal.paragraph(opening)
    commands.tell_notices(terminal)
    _hold(interview, known, terminal, options.save)


def _begin(
    options: argparse.Namespace, known: Mapping[str, Question], terminal: Terminal
) -> tuple[Interview, str]:
    """A new interview, kept, and the words that open it."""
    phrases, seed = terminal.phrases, _seed(options)
    _name_chapter(options, terminal)
    chosen = _chosen(options, known, phrases)
    now = datetime.now(UTC)
    if options.due:
        due = memory.due_questions(now)
        chosen = [question for question in chosen if question.id in due]
        if not chosen:
            raise CommandError(phrases.nothing_due)
    drawn = session.draw(chosen, options.questions, seed)
    groups = tuple(options.group or ())
    settings = Settings(terminal.language, groups, options.level, options.chapter, options.due)
    opening = phrases.opening_due if options.due else phrases.opening
    words = opening.format(total=len(drawn), seed=seed)
    if fewer := _fewer(drawn, options, phrases):
        words += f"\n{fewer}"
    return history.begin(drawn, settings, seed, now), words


def _hold(
    interview: Interview, known: Mapping[str, Question], terminal: Terminal, path: Path | None
) -> None:
    """Ask what is left of an interview, keep each answer, and save the scorecard."""
    held, num_earlier = interview, len(interview.answers)

    def keep(result: session.Result) -> None:
        nonlocal held
        held = held.with_answer(history.keep(interview, result, datetime.now(UTC)))
        commands.tell_notices(terminal)

    left = [known[id] for id in interview.left(known)]
    results = hold_interview(left, terminal, keep, interview.answers)
    # Ctrl-C may have come between the scoring of an answer and its keeping.
    for result in results[len(held.answers) - num_earlier :]:
        keep(result)
    if len(results) < len(left) and (unfinished := history.last_unfinished(known)):
        terminal.paragraph("\n" + commands.resume_hint(unfinished, known, terminal))
    if path and held.answers:
        card = scorecard.markdown(held, terminal.language, known)
        commands.show_or_save(card, path, terminal)


def _terminal(language: str) -> Terminal:
    width = min(MAX_WIDTH, max(MIN_WIDTH, shutil.get_terminal_size().columns))
    return Terminal(_language(language), width)


def _language(text: str | None) -> Language:
    return "zh" if text == "zh" else "en"


def _seed(options: argparse.Namespace) -> int:
    return random.randrange(10_000) if options.seed is None else options.seed


def _groups(questions: Iterable[Question]) -> list[str]:
    """The groups that have questions, in the order of `GROUPS`."""
    present = {question.group for question in questions}
    return [group for group in GROUPS if group in present]


def _levels(questions: Iterable[Question]) -> list[str]:
    """The levels that have questions, in the order of `LEVELS`."""
    present = {question.level for question in questions}
    return [level for level in LEVELS if level in present]


def _name_chapter(options: argparse.Namespace, terminal: Terminal) -> None:
    """Let the chapter's whole name stand for its number; raises ``CommandError``."""
    if options.chapter:
        options.chapter = commands.chapter_named(options.chapter, terminal)


def _fewer(
    drawn: Sequence[Question], options: argparse.Namespace, phrases: Phrases
) -> str | None:
    """A line that says how many questions fit, where they are fewer than were asked for."""
    if len(drawn) < options.questions:
        return phrases.fewer_fit.format(total=Count(len(drawn)), asked=options.questions)
    return None


def _chosen(
    options: argparse.Namespace, known: Mapping[str, Question], phrases: Phrases
) -> list[Question]:
    """The questions that fit the filters; raises ``CommandError`` when none does."""
    groups = options.group or ()
    chosen = session.select(known.values(), groups, options.level, options.chapter)
    if not chosen:
        raise CommandError(_nothing_matches(known.values(), options, phrases))
    return chosen


def _nothing_matches(
    questions: Iterable[Question], options: argparse.Namespace, phrases: Phrases
) -> str:
    """Which filters match nothing, and what the bank has."""
    asked = [f"--group {group}" for group in options.group or ()]
    asked += [
        f"--{name} {getattr(options, name)}"
        for name in ("level", "chapter")
        if getattr(options, name)
    ]
    questions = list(questions)
    known_chapters = sorted({q.chapter for q in questions if q.chapter})
    return phrases.no_question_fits.format(
        filters=" ".join(asked),
        groups=", ".join(_groups(questions)),
        levels=", ".join(_levels(questions)),
        chapters=", ".join(known_chapters),
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
