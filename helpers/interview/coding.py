"""A coding round: an exercise of the course against the clock, in the candidate's own editor.

The answer is checked by the course's own `check`, whose words are shown; of an untouched stub
they would speak of a notebook's cells, so the round has words of its own. Each check is kept with
the file as it was (`history.keep_coding`). The candidate's file is never changed or removed.
"""

import random
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from helpers.course import check, progress
from helpers.course.exercise import Exercise, all_exercises
from helpers.course.stub import free_names, source_of, stub_of
from helpers.interview import chapters, history
from helpers.interview.notices import in_language
from helpers.interview.terminal import Terminal
from helpers.interview.text import strip_emphasis

NO_CODE = "no code"  # the outcome when the file does not run or lacks the function
ENDED = "ended"  # the outcome when the round ends with a file that was never checked

_MODULE = "coding_round_answer"


def exercises() -> list[Exercise]:
    """Every exercise of the chapters that exist."""
    written = chapters.names()
    return [exercise for exercise in all_exercises().values() if exercise.chapter in written]


def draw(
    exercises: Iterable[Exercise],
    seed: int,
    chapter: str | None = None,
    difficulty: int | None = None,
) -> Exercise | None:
    """One of the exercises that agree with the filters, or None when none does.

    The same seed gives the same exercise, whatever the order of the input.
    """
    fitting = [
        exercise
        for exercise in sorted(exercises, key=lambda exercise: exercise.name)
        if chapter in (None, exercise.chapter) and difficulty in (None, exercise.difficulty)
    ]
    return random.Random(seed).choice(fitting) if fitting else None


def starting_text(exercise: Exercise) -> str:
    """The file that the candidate begins with: the imports that a solution needs, the stub."""
    chapter = chapters.read(exercise.chapter)
    wanted = free_names(source_of(exercise.reference)) | {"np"}
    imports = chapters.imports_of(chapter, wanted)
    return f"{imports}\n\n\n{stub_of(exercise.reference)}\n".lstrip()


def write_file(exercise: Exercise) -> Path:
    """Write the starting text into a new folder for temporary files; returns the path."""
    path = Path(tempfile.mkdtemp(prefix="coding-round-")) / f"{exercise.name}.py"
    path.write_text(starting_text(exercise), encoding="utf-8")
    return path


def load(code: str, path: Path, name: str) -> Any:
    """What the candidate's code defines under this name, or None; may raise anything."""
    module = ModuleType(_MODULE)
    sys.modules[_MODULE] = module  # where a dataclass looks up its own module
    exec(compile(code, str(path), "exec"), vars(module))
    return getattr(module, name, None)


def keep(exercise: Exercise, outcome: str, seconds: float, code: str) -> None:
    """Keep one check of a round, which began so many seconds ago, with the code as it was."""
    now = datetime.now(UTC)
    history.keep_coding(exercise.name, exercise.chapter, outcome, seconds, code, now)


def outcome_since(num_checks: int, exercise: Exercise) -> str | None:
    """How the exercise was checked after so many checks had been kept, or None if it was not."""
    added = progress.checks()[num_checks:]
    return next((kept.outcome for kept in added if kept.exercise == exercise.name), None)


def hold_round(exercise: Exercise, path: Path, terminal: Terminal) -> str:
    """Show the task, then check the file as often as the candidate wants; returns the outcome.

    The round ends with a right answer, with ``q``, Ctrl-C or the end of the input.
    """
    _introduce(exercise, path, terminal)
    start, stub = terminal.clock(), starting_text(exercise)
    outcome, checked = ENDED, path.read_text(encoding="utf-8")

    def keep_it(code: str, outcome: str) -> None:
        keep(exercise, outcome, terminal.clock() - start, code)
        for notice in progress.notices():
            terminal.paragraph(in_language(notice, terminal.language))

    try:
        while outcome != "right":
            if terminal.ask(terminal.phrases.coding_ask).strip().lower() == "q":
                break
            checked = path.read_text(encoding="utf-8-sig", errors="replace")
            if checked == stub:
                outcome = "not attempted"
                terminal.paragraph(terminal.phrases.coding_untouched.format(path=path))
            else:
                outcome = _check(exercise, checked, path, terminal)
            keep_it(checked, outcome)
            used = round((terminal.clock() - start) / 60)
            about = terminal.phrases.coding_time.format(used=used, minutes=exercise.minutes)
            terminal.paragraph(about)
        if outcome == "right":
            explained = terminal.phrases.coding_right.format(chapter=exercise.chapter)
            terminal.paragraph(explained)
    except (EOFError, KeyboardInterrupt):
        terminal.show("")
    except OSError as error:
        terminal.paragraph(f"{path}: {error.strerror}")
    if path.exists() and (code := path.read_text("utf-8-sig", errors="replace")) != checked:
        keep_it(code, ENDED)
    terminal.paragraph(terminal.phrases.coding_ended.format(path=path))
    return outcome


def _introduce(exercise: Exercise, path: Path, terminal: Terminal) -> None:
    phrases = terminal.phrases
    terminal.title(phrases.coding.format(name=exercise.name))
    about = phrases.coding_about.format(
        chapter=exercise.chapter, difficulty=exercise.difficulty, minutes=exercise.minutes
    )
    terminal.paragraph(f"{about}\n")
    terminal.paragraph(strip_emphasis(exercise.task))
    terminal.show(f"\n{stub_of(exercise.reference)}")
    terminal.paragraph(f"\n{phrases.coding_file.format(path=path)}")
    terminal.paragraph(phrases.coding_go)


def _check(exercise: Exercise, code: str, path: Path, terminal: Terminal) -> str:
    """Run the course's check on the file and return its outcome."""
    phrases = terminal.phrases
    try:
        answer = load(code, path, exercise.name)
    except (Exception, SystemExit) as error:
        problem = " ".join(f"{type(error).__name__}: {error}".split())
        terminal.paragraph(phrases.coding_no_code.format(problem=problem))
        return NO_CODE
    if answer is None:
        terminal.paragraph(phrases.coding_no_name.format(name=exercise.name))
        return NO_CODE
    before = len(progress.checks())
    check(answer)
    # The check keeps its outcome; a file that cannot be written has been told by now.
    return outcome_since(before, exercise) or NO_CODE
