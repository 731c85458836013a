"""The interview as a widget: which screen comes next, and what is kept on the way."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from helpers import store
from helpers.interview import bank, commands, drafts, history, memory, scorecard, session
from helpers.interview.drafts import Draft
from helpers.interview.history import Interview, Settings
from helpers.interview.notices import in_language
from helpers.interview.phrases import PHRASES
from helpers.interview.question import Language
from helpers.interview.widget import parts
from helpers.interview.widget.asking import Asking
from helpers.interview.widget.closing import Card, Stopped
from helpers.interview.widget.opening import Opening
from helpers.interview.widget.screen import Screen
from helpers.interview.widget.words import WORDS

SCORECARDS = Path("interviews")  # in the notebook's own folder


class Mock(widgets.VBox):
    """One mock interview, from the settings to the scorecard (see `helpers.interview.widget`).

    ``clock`` counts seconds. ``shell`` is IPython's, for the coding round; None has no such
    round. Nothing is kept before an interview is begun.
    """

    def __init__(
        self,
        language: Language,
        clock: Callable[[], float] = time.monotonic,
        shell: Any = None,
    ) -> None:
        super().__init__(layout=parts.FULL)
        self.clock = clock
        self.known = bank.load()
        self.shell = shell
        self._settings = Settings(language)
        self._num_questions = 5
        self._problem = widgets.HTML()
        self._notices = widgets.HTML()
        self.screen = Screen(self, self._settings)
        self._show(Opening(self, self._settings, self._num_questions), with_focus=False)
        self._tell_notices()

    def guarded(self, action: Callable[[], None]) -> Callable[..., None]:
        """``action`` as a callback that shows a failure as one sentence in the widget."""

        def callback(*_: Any) -> None:
            self.say("")
            try:
                action()
            except commands.CommandError as error:
                self.say(str(error))
            except Exception as error:  # a traceback would help no candidate
                problem = " ".join(f"{type(error).__name__}: {error}".split())
                self.say(WORDS[self._settings.language].failed.format(problem=problem))
            self._tell_notices()

        return callback

    def say(self, sentence: str) -> None:
        """Show a sentence below the screen instead of the last one."""
        self._problem.value = (
            f"<p role='alert'><b>{escape(sentence)}</b></p>" if sentence else ""
        )

    def choose(self, settings: Settings, num_questions: int) -> None:
        """The first screen with these settings, in their language."""
        self._settings, self._num_questions = settings, num_questions
        self._show(Opening(self, settings, num_questions))

    def begin(self, settings: Settings, num_questions: int) -> None:
        """Draw and keep a new interview, and ask its first question."""
        self._settings, self._num_questions = settings, num_questions
        chosen = session.select(self.known.values(), settings.groups, settings.level)
        if not chosen:
            self.say(WORDS[settings.language].nothing_fits)
            return
        now, seed = datetime.now(UTC), random.randrange(10_000)
        first = memory.due_questions(now) if settings.due else set[str]()
        drawn = session.draw(chosen, num_questions, seed, first)
        self.go_on(history.begin(drawn, settings, seed, now))

    def go_on(self, interview: Interview) -> None:
        """Ask what is left, beginning with the question that a draft is kept of."""
        self._settings = interview.settings
        left = interview.left(self.known)
        if not left:
            drafts.forget(interview.id)
            self.show_card(interview)
            return
        draft = drafts.load(interview.id)
        if draft is None or draft.name not in left:
            draft = Draft(left[0])
        self._show(Asking(self, interview, draft))

    def score(self, interview: Interview, result: session.Result) -> None:
        """Keep a scored answer and go on."""
        answer = history.keep(interview, result, datetime.now(UTC))
        self.go_on(interview.with_answer(answer))

    def stop(self, interview: Interview) -> None:
        """Put an interview aside; all of it is kept already."""
        self._show(Stopped(self, interview))

    def show_card(self, interview: Interview) -> None:
        """Save the scorecard as Markdown and show it."""
        self._settings = interview.settings
        path = None
        try:
            path = self._save_card(interview)
        except commands.CommandError as error:
            self.say(str(error))
        except OSError as error:
            sentence = PHRASES[interview.settings.language].not_written
            self.say(sentence.format(path=SCORECARDS, reason=error.strerror))
        self._show(Card(self, interview, path))

    def start_over(self) -> None:
        """Back to the first screen, with the settings of before."""
        self.choose(self._settings, self._num_questions)

    def choose_round(self) -> None:
        """The settings of a coding round."""
        from helpers.interview.widget.rounds import ChooseRound  # it imports every exercise

        self._show(ChooseRound(self, self._settings))

    def begin_round(self, chapter: str | None, difficulty: int | None) -> None:
        """Draw an exercise and start the clock."""
        from helpers.interview import coding

        seed = random.randrange(10_000)
        exercise = coding.draw(coding.exercises(), seed, chapter, difficulty)
        if exercise is None:
            self.say(WORDS[self._settings.language].no_exercise)
        else:
            self.go_on_with_round(exercise.name, 0.0)

    def go_on_with_round(self, exercise: str, seconds: float) -> None:
        """The clock goes on from so many seconds."""
        from helpers.course.exercise import all_exercises
        from helpers.interview.widget.rounds import Round

        drawn = all_exercises()[exercise]
        self._show(Round(self, self._settings, drawn, seconds, self.shell))

    def leave(self) -> None:
        """Hear of no more cells: another widget has taken this one's place."""
        self.screen.leave()

    def _show(self, screen: Screen, with_focus: bool = True) -> None:
        self.screen.leave()
        self.screen = screen
        self.children = (*screen.children, self._problem, self._notices)
        if with_focus and screen.focus is not None:
            parts.focus_soon(screen.focus)

    def _save_card(self, interview: Interview) -> Path:
        """The file with this scorecard: the one that is there already, or a new one."""
        page = scorecard.markdown(interview, self._settings.language, self.known)
        SCORECARDS.mkdir(exist_ok=True)
        started = scorecard.local_time(interview.started).replace(" ", "-").replace(":", "")
        for number in count(1):
            name = f"interview-{started}" + (f"-{number}" if number > 1 else "")
            path = SCORECARDS / f"{name}.md"
            if not path.exists():
                commands.save(page, path, PHRASES[self._settings.language])
            if path.read_text(encoding="utf-8") == page:
                return path
        raise AssertionError  # count() does not end

    def _tell_notices(self) -> None:
        """What the store has to say stays on the screen."""
        for notice in store.notices():
            words = escape(in_language(notice, self._settings.language))
            self._notices.value += f"<p role='alert'>{words}</p>"
