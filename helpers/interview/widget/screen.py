"""What every screen of the widget has, and what a screen may ask of the interview around it."""

from collections.abc import Callable, Mapping
from typing import Protocol

import ipywidgets as widgets

from helpers.interview.history import Interview, Settings
from helpers.interview.phrases import PHRASES, Phrases
from helpers.interview.question import Language, Question, Text
from helpers.interview.session import Result
from helpers.interview.widget.words import WORDS, Words


class Desk(Protocol):
    """The interview around a screen (`helpers.interview.widget.app.Mock`).

    ``clock`` counts seconds; ``guarded`` makes a button's callback of a function, one that turns
    every failure into a sentence.
    """

    known: Mapping[str, Question]
    clock: Callable[[], float]

    def guarded(self, action: Callable[[], None]) -> Callable[..., None]: ...
    def say(self, sentence: str) -> None: ...
    def choose(self, settings: Settings, num_questions: int) -> None: ...
    def begin(self, settings: Settings, num_questions: int) -> None: ...
    def go_on(self, interview: Interview) -> None: ...
    def score(self, interview: Interview, result: Result) -> None: ...
    def stop(self, interview: Interview) -> None: ...
    def show_card(self, interview: Interview) -> None: ...
    def start_over(self) -> None: ...
    def choose_round(self) -> None: ...
    def begin_round(self, chapter: str | None, difficulty: int | None) -> None: ...
    def go_on_with_round(self, exercise: str, seconds: float) -> None: ...


class Screen:
    """The widgets of one screen, in the order in which Tab visits them.

    ``focus`` is the one that gets the focus when the screen comes up.
    """

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self.desk = desk
        self.settings = settings
        self.children: list[widgets.Widget] = []
        self.focus: widgets.DOMWidget | None = None

    @property
    def language(self) -> Language:
        return self.settings.language

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    @property
    def phrases(self) -> Phrases:
        return PHRASES[self.language]

    def text(self, text: Text) -> str:
        """The text in the interview's language, or in both, one below the other."""
        if not self.settings.both:
            return text[self.language]
        other: Language = "en" if self.language == "zh" else "zh"
        return f"{text[self.language]}\n\n{text[other]}"

    def line(self, text: Text) -> str:
        """The same within one line of Markdown."""
        return " ".join(self.text(text).split())

    def on(self, button: widgets.Button, action: Callable[[], None]) -> widgets.Button:
        """The button, which now does this."""
        button.on_click(self.desk.guarded(action))
        return button

    def leave(self) -> None:
        """Called when another screen takes this one's place."""
