"""What the subcommands of ``python -m helpers.interview`` show and do, one function each."""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from helpers import store
from helpers.interview import chapters, glossary, history, memory, pack, recap, session
from helpers.interview.history import Interview
from helpers.interview.notices import in_language
from helpers.interview.phrases import Phrases
from helpers.interview.question import GROUPS, Question
from helpers.interview.scorecard import local_time
from helpers.interview.terminal import Terminal
from helpers.interview.text import Count

FORMAT = 1  # of an exported file; a change that an older reader would misread adds 1


class CommandError(Exception):
    """A command cannot do what it was asked; the message names the reason and the remedy."""


def tell_notices(terminal: Terminal) -> None:
    """Show what the store has to say, for example that it could not save."""
    for notice in store.notices():
        terminal.paragraph(f"\n{in_language(notice, terminal.language)}")


def check_writable(path: Path, phrases: Phrases) -> None:
    """Raise ``CommandError`` unless a new file can be begun at ``path``."""
    if path.exists():
        raise CommandError(phrases.file_exists.format(path=path))
    if not path.parent.is_dir():
        raise CommandError(phrases.no_folder.format(folder=path.parent))


def save(text: str, path: Path, phrases: Phrases) -> None:
    """Write a new file; raises ``CommandError`` and overwrites nothing."""
    check_writable(path, phrases)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        reason = error.strerror
        raise CommandError(phrases.not_written.format(path=path, reason=reason)) from None


def show_or_save(text: str, path: Path | None, terminal: Terminal) -> None:
    """Markdown on the screen as it is, or in a new file."""
    if path is None:
        terminal.show(text.rstrip("\n"))
    else:
        save(text, path, terminal.phrases)
        terminal.paragraph(terminal.phrases.saved.format(path=path))


def show_history(terminal: Terminal) -> None:
    """A row for each interview: when, how many answers, the total share, each group's share."""
    phrases, language = terminal.phrases, terminal.language
    held = [interview for interview in history.interviews() if interview.answers]
    if not held:
        terminal.paragraph(phrases.no_history)
        return
    terminal.title(phrases.history)
    for interview in held:
        scores = session.scorecard(interview.answers)
        asked = phrases.asked.format(
            answered=len(interview.answers), total=Count(len(interview.question_ids))
        )
        share = session.total(scores).share
        terminal.show(f"{local_time(interview.started)}  {share:4.0%}  {asked}")
        groups = [f"{GROUPS[score.group][language]} {score.share:.0%}" for score in scores]
        terminal.paragraph(" · ".join(groups), indent="    ")


def show_due(known: Mapping[str, Question], terminal: Terminal, now: datetime) -> None:
    """The questions and the exercises that are due, and when the next ones will be."""
    phrases = terminal.phrases
    questions = [entry for entry in memory.questions() if entry.name in known]
    exercises = memory.exercises()
    due_questions = memory.due_by(now, questions)
    due_exercises = memory.due_by(now, exercises)
    if due_questions:
        terminal.title(phrases.due_questions.format(total=len(due_questions)))
        for entry in due_questions:
            question = known[entry.name]
            terminal.paragraph(f"- {question.question[terminal.language]}")
            tags = question.tags(terminal.language)
            terminal.paragraph(_due_entry(tags, entry, terminal), "  ")
        terminal.paragraph(f"\n{phrases.how_to_review}")
    if due_exercises:
        terminal.title(phrases.due_exercises.format(total=len(due_exercises)))
        for entry in due_exercises:
            terminal.paragraph(_due_entry(f"- `{entry.name}`", entry, terminal))
    if not due_questions and not due_exercises:
        terminal.paragraph(phrases.nothing_due)
    later = sorted(
        (entry for entry in (*questions, *exercises) if entry.time > now),
        key=lambda entry: entry.time,
    )
    if later:
        day = _day(later[0].time)
        names = phrases.comma.join(entry.name for entry in later if _day(entry.time) == day)
        terminal.paragraph(f"\n{phrases.next_due.format(date=day, names=names)}")


def hold_coding_round(
    chapter: str | None, difficulty: int | None, seed: int | None, terminal: Terminal
) -> None:
    """Draw an exercise and hold a round; raises ``CommandError`` when none fits."""
    from helpers.interview import coding  # it imports NumPy

    seed = random.randrange(10_000) if seed is None else seed
    exercises = coding.exercises()
    having = sorted({exercise.chapter for exercise in exercises})
    if chapter and chapter not in having:
        known = terminal.phrases.comma.join(having)
        raise CommandError(terminal.phrases.no_exercises.format(chapter=chapter, known=known))
    exercise = coding.draw(exercises, seed, chapter, difficulty)
    if exercise is None:
        raise CommandError(terminal.phrases.no_exercise_fits)
    coding.hold_round(exercise, coding.write_file(exercise), terminal)


def recap_pages(names: Iterable[str], known: Mapping[str, Question], terminal: Terminal) -> str:
    """The recaps of the chapters, one after the other, as Markdown."""
    pages = [recap.markdown(chapters.read(name), terminal.language, known) for name in names]
    return "\n".join(pages)


def interviewers_pack(questions: Sequence[Question], terminal: Terminal) -> str:
    return pack.markdown(questions, terminal.language)


def chapter_named(text: str, terminal: Terminal) -> str:
    """The name of the chapter that is meant; raises ``CommandError`` when there is none."""
    try:
        return chapters.find(text, language=terminal.language)
    except ValueError as error:
        raise CommandError(str(error)) from None


def glossary_entries(text: str | None, terminal: Terminal) -> str:
    """One term, or all of them, as Markdown; raises ``CommandError`` for an unknown term."""
    try:
        terms = glossary.load() if text is None else [glossary.find(text, terminal.language)]
        return glossary.markdown(terms)
    except LookupError as error:
        raise CommandError(str(error)) from None


def export_cards(path: Path, terminal: Terminal) -> None:
    """Write every question as a card for Anki; an older export is replaced."""
    from helpers.interview import anki  # it imports genanki

    try:
        total = anki.export(path, terminal.language)
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from None
    terminal.paragraph(terminal.phrases.cards.format(total=total, path=path))


def export(path: Path, terminal: Terminal) -> None:
    """Write all that is kept into a new JSON file: a dict of tables, a list of rows each."""
    check_writable(path, terminal.phrases)
    tables = store.export()
    if tables is None:
        raise CommandError(
            "\n".join(in_language(notice, terminal.language) for notice in store.notices())
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    content = {"format": FORMAT, "exported": now, "tables": tables}
    save(json.dumps(content, ensure_ascii=False, indent=1) + "\n", path, terminal.phrases)
    terminal.paragraph(terminal.phrases.exported.format(path=path))


def delete(is_sure: bool, terminal: Terminal) -> None:
    """Delete all that is kept, after one question unless ``is_sure``."""
    phrases = terminal.phrases
    if not is_sure:
        try:
            is_sure = terminal.ask(phrases.delete_ask).strip().lower() in phrases.yes
        except EOFError:
            terminal.show("")
    if not is_sure:
        terminal.paragraph(phrases.not_deleted)
    elif store.delete():  # a failure leaves a notice
        terminal.paragraph(phrases.deleted)


def resume_hint(held: Interview, known: Mapping[str, Question], terminal: Terminal) -> str:
    return terminal.phrases.resume_hint.format(
        started=local_time(held.started),
        left=len(held.left(known)),
        total=Count(len(held.question_ids)),
    )


def _due_entry(words: str, entry: memory.Due, terminal: Terminal) -> str:
    return terminal.phrases.due_entry.format(entry=words, date=_day(entry.time))


def _day(time: datetime) -> str:
    return time.astimezone().strftime("%Y-%m-%d")
