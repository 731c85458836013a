"""The last screens: an interview that is put aside, and the scorecard of one that is over."""

from pathlib import Path

import ipywidgets as widgets

from helpers.interview import history, scorecard
from helpers.interview.history import Interview
from helpers.interview.widget import parts
from helpers.interview.widget.screen import Desk, Screen


class Stopped(Screen):
    """What is left, and the way back."""

    def __init__(self, desk: Desk, interview: Interview) -> None:
        super().__init__(desk, interview.settings)
        self.title = parts.title(self.words.title)
        self.go_on = parts.button(self.words.go_on, is_main=True)
        left = len(interview.left(desk.known))
        about = self.words.stopped.format(left=left, total=len(interview.question_ids))
        self.children = [
            self.title,
            widgets.HTML(f"<p role='status'>{about}</p>"),
            self.on(self.go_on, lambda: desk.go_on(interview)),
        ]
        if interview.answers:
            card = parts.button(self.phrases.scorecard)
            self.children.append(self.on(card, lambda: desk.show_card(interview)))
        self.focus = self.go_on


class Card(Screen):
    """The scorecard by group, what to read next, where it is saved, and the history."""

    def __init__(self, desk: Desk, interview: Interview, path: Path | None) -> None:
        super().__init__(desk, interview.settings)
        self.title = parts.title(self.phrases.scorecard)
        self.again = parts.button(self.words.again, is_main=True)
        self.summary = parts.Prose(
            scorecard.summary(interview, self.language, desk.known, in_notebook=True)
        )
        self.saved = parts.Prose(self.words.saved.format(path=path.as_posix()) if path else "")
        self.children = [
            self.title,
            self.summary,
            widgets.HTML(f"<p>{self.phrases.how_many_in_time(interview.answers)}</p>"),
            self.saved,
            *self._history(),
            self.on(self.again, desk.start_over),
        ]
        self.focus = self.title

    def _history(self) -> list[widgets.Widget]:
        """The interviews so far as a figure with its alternative text."""
        held = [interview for interview in history.interviews() if interview.answers]
        if not held:  # nothing can be kept
            return []
        from helpers import plots  # here, since Matplotlib takes a second
        from helpers.interview.history_plot import describe_history, plot_history

        words = describe_history(held, self.language)
        picture = plots.Picture(plot_history(held, self.language), words)
        html = picture._repr_mimebundle_()["text/html"]
        return [parts.heading(self.words.history), parts.Prose(html=html)]
