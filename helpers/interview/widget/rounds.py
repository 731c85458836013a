"""A coding round in a notebook: the candidate writes in a cell, the widget hears the checks."""

import inspect
from contextlib import suppress
from html import escape
from typing import Any

import ipywidgets as widgets

from helpers.course import progress
from helpers.course.exercise import Exercise
from helpers.interview import coding, drafts
from helpers.interview.drafts import Draft
from helpers.interview.history import Settings
from helpers.interview.widget import parts
from helpers.interview.widget.screen import Desk, Screen

DIFFICULTIES = (1, 2, 3)


class ChooseRound(Screen):
    """Which chapter, and how difficult."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(desk, settings)
        words = self.words
        names = sorted({exercise.chapter for exercise in coding.exercises()})
        self.title = parts.title(words.coding)
        self.chapter = parts.choice(
            words.chapter,
            [(words.any_chapter, None), *((name, name) for name in names)],
            None,
            in_a_row=False,
        )
        self.difficulty = parts.choice(
            words.difficulty,
            [(words.any_difficulty, None), *((str(n), n) for n in DIFFICULTIES)],
            None,
        )
        self.draw = parts.button(words.draw, is_main=True)
        self.back = parts.button(words.back)
        self.children = [
            self.title,
            self.chapter,
            self.difficulty,
            parts.row(self.on(self.draw, self._draw), self.on(self.back, desk.start_over)),
        ]
        self.focus = self.title

    def _draw(self) -> None:
        self.desk.begin_round(self.chapter.value, self.difficulty.value)


class Round(Screen):
    """One exercise against the clock. ``shell`` is IPython's, which tells of every cell."""

    def __init__(
        self, desk: Desk, settings: Settings, exercise: Exercise, seconds: float, shell: Any
    ) -> None:
        super().__init__(desk, settings)
        self.exercise = exercise
        self._shell = shell
        self._num_checks = len(progress.checks())
        self._results: list[str] = []
        self._is_over = False
        self._build()
        self.clock.run(seconds)
        self._events = {"pre_run_cell": self._before_cell, "post_run_cell": self._after_cell}
        for name, action in self._events.items():
            shell.events.register(name, action)
        self._keep_draft()

    def _build(self) -> None:
        exercise, words, phrases = self.exercise, self.words, self.phrases
        self.title = parts.title(phrases.coding.format(name=exercise.name))
        about = phrases.coding_about.format(
            chapter=exercise.chapter, difficulty=exercise.difficulty, minutes=exercise.minutes
        )
        code = f"from helpers.course import check\n{coding.starting_text(exercise)}"
        self.code = widgets.Textarea(
            f"{code}\n\ncheck({exercise.name})",
            description=words.code,
            tooltip=words.copy,
            rows=min(18, code.count("\n") + 4),
            layout=parts.FULL,
            style={"description_width": "initial"},
        )
        self.code.add_class("lvm-code")
        self.clock = parts.Clock(self.desk.clock, words.clock, 60 * exercise.minutes)
        self.results = widgets.HTML()
        self.end = parts.button(words.end_round)
        self.back = parts.button(words.back)
        self.on(self.end, self._end)
        self.on(self.back, self.desk.start_over)
        self.buttons = widgets.HBox([self.end])
        self.children = [
            self.title,
            widgets.HTML(f"<small>{escape(about)}</small>"),
            parts.Prose(exercise.task),
            self.clock,
            widgets.HTML(
                "<style>.lvm-code textarea {font-family: monospace; white-space: pre}</style>"
            ),
            widgets.HTML(f"<p>{escape(words.copy)}</p>"),
            self.code,
            parts.heading(words.checks),
            self.results,
            self.buttons,
        ]
        self._show_results()
        self.focus = self.code

    def leave(self) -> None:
        """Hear of no more cells. The round can be gone on with, unless it is over."""
        for name, action in self._events.items():
            with suppress(ValueError):  # it was unregistered when the round was over
                self._shell.events.unregister(name, action)
        if not self._is_over:
            self._keep_draft()

    def _before_cell(self, _info: Any) -> None:
        self._num_checks = len(progress.checks())

    def _after_cell(self, result: Any) -> None:
        """Look whether the cell that has just run checked this exercise."""
        outcome = coding.outcome_since(self._num_checks, self.exercise)
        if outcome is None:
            return
        seconds = self.clock.seconds
        coding.keep(self.exercise, outcome, seconds, self._code_of(result))
        words = self.words.checked.format(
            outcome=self.words.outcomes[outcome],
            minutes=_minutes(seconds),
            target=self.exercise.minutes,
        )
        self._results.append(words)
        self._show_results()
        if outcome == "right":
            self._finish(self.words.round_right)
        else:
            self._keep_draft()

    def _code_of(self, result: Any) -> str:
        """The candidate's function as it was written, or else the whole cell."""
        with suppress(KeyError, OSError, TypeError):
            return inspect.getsource(self._shell.user_ns[self.exercise.name])
        return str(result.info.raw_cell)

    def _end(self) -> None:
        self._finish(self.words.round_ended)

    def _finish(self, words: str) -> None:
        """Stop the clock and forget the draft: what was checked is kept."""
        self._is_over = True
        minutes = _minutes(self.clock.seconds)
        self.clock.stop(words.format(minutes=minutes, target=self.exercise.minutes))
        drafts.forget(drafts.CODING)
        self.leave()
        self.buttons.children = (self.back,)

    def _keep_draft(self) -> None:
        drafts.save(drafts.CODING, Draft(self.exercise.name, self.clock.seconds))

    def _show_results(self) -> None:
        lines = self._results or [self.words.no_check]
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        self.results.value = f"<ul role='status'>{items}</ul>"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
