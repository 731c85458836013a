"""The first screen: go on with an unfinished interview, or choose what a new one asks."""

from datetime import UTC, datetime

import ipywidgets as widgets

from helpers.interview import drafts, history, memory
from helpers.interview.history import Interview, Settings
from helpers.interview.question import GROUPS, LANGUAGES, LEVELS, Language
from helpers.interview.scorecard import local_time
from helpers.interview.widget import parts
from helpers.interview.widget.screen import Desk, Screen

NAMES: dict[Language, str] = {"en": "English", "zh": "中文"}
MOST_QUESTIONS = 20


class Opening(Screen):
    """Length, level, groups, languages, what is due; and the ways to what was begun before."""

    def __init__(self, desk: Desk, settings: Settings, num_questions: int) -> None:
        super().__init__(desk, settings)
        words, questions = self.words, desk.known.values()
        due = memory.due_questions(datetime.now(UTC)) & set(desk.known)
        groups = [group for group in GROUPS if any(q.group == group for q in questions)]
        levels = [level for level in LEVELS if any(q.level == level for q in questions)]
        self.title = parts.title(words.title)
        self.chosen_language = parts.choice(
            words.language, [(NAMES[code], code) for code in LANGUAGES], self.language
        )
        self.both = parts.tick(words.both, settings.both)
        self.num_questions = widgets.BoundedIntText(
            num_questions,
            min=1,
            max=MOST_QUESTIONS,
            description=words.num_questions,
            tooltip=words.num_questions,
            layout=widgets.Layout(width="12em"),
            style={"description_width": "initial"},
        )
        self.level = parts.choice(
            words.level,
            [(words.any_level, None), *((LEVELS[lev][self.language], lev) for lev in levels)],
            settings.level,
        )
        self.groups = {
            group: parts.tick(GROUPS[group][self.language], group in settings.groups)
            for group in groups
        }
        self.due_first = parts.tick(words.due_first.format(total=len(due)), settings.due)
        self.begin = parts.button(words.begin, is_main=True)
        self.coding = parts.button(words.coding)
        self.chosen_language.observe(self.desk.guarded(self._choose), "value")
        self.children = [
            self.title,
            *self._what_was_begun(),
            self.chosen_language,
            self.both,
            self.num_questions,
            self.level,
            parts.heading(words.groups),
            widgets.GridBox(
                list(self.groups.values()),
                layout=widgets.Layout(grid_template_columns="repeat(auto-fill, 19em)"),
            ),
            self.due_first,
            parts.row(
                self.on(self.begin, self._begin), self.on(self.coding, desk.choose_round)
            ),
        ]

    def _what_was_begun(self) -> list[widgets.Widget]:
        """A sentence and a button for an unfinished interview and for a coding round."""
        desk, found = self.desk, list[widgets.Widget]()
        held = history.last_unfinished(desk.known)
        if held:
            self.go_on = parts.button(self.words.go_on, is_main=True)
            self.on(self.go_on, lambda: desk.go_on(held))
            found += [widgets.HTML(self._about(held)), self.go_on]
        if draft := drafts.load(drafts.CODING):
            self.go_on_coding = parts.button(f"{self.words.go_on}: {draft.name}")
            self.on(self.go_on_coding, lambda: desk.go_on_with_round(draft.name, draft.seconds))
            found.append(self.go_on_coding)
        if answered := [held for held in history.interviews() if held.answers]:
            self.last_card = parts.button(self.words.last_card)
            found.append(self.on(self.last_card, lambda: desk.show_card(answered[-1])))
        return found

    def _about(self, held: Interview) -> str:
        return self.words.unfinished.format(
            started=local_time(held.started),
            left=len(held.left(self.desk.known)),
            total=len(held.question_ids),
        )

    def _choose(self) -> None:
        self.desk.choose(self._settings(), self.num_questions.value)

    def _begin(self) -> None:
        self.desk.begin(self._settings(), self.num_questions.value)

    def _settings(self) -> Settings:
        return Settings(
            self.chosen_language.value,
            tuple(group for group, box in self.groups.items() if box.value),
            self.level.value,
            None,
            self.due_first.value,
            self.both.value,
        )
