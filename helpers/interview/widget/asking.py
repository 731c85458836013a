"""The screen of a question: the answer against the clock, and only then the model answer."""

from dataclasses import replace
from html import escape

import ipywidgets as widgets

from helpers.interview import drafts, session
from helpers.interview.drafts import Draft
from helpers.interview.history import Interview
from helpers.interview.question import Question
from helpers.interview.widget import parts
from helpers.interview.widget.screen import Desk, Screen


class Asking(Screen):
    """One question of an interview; each change is kept as a draft.

    ``draft`` is where an earlier browser or kernel left it, or a new one.
    """

    def __init__(self, desk: Desk, interview: Interview, draft: Draft) -> None:
        super().__init__(desk, interview.settings)
        self.interview = interview
        self.question: Question = desk.known[draft.name]
        if len(draft.points) not in (0, len(self.question.rubric)):
            draft = replace(draft, points=())  # the bank has another rubric now
        self.draft = draft
        self.below = widgets.VBox(layout=parts.FULL)
        self.clock = parts.Clock(desk.clock, self.words.clock, session.MINUTE)
        self._build()
        if draft.answered:
            self.clock.run(draft.seconds)
            self.clock.stop(self.phrases.verdict(draft.seconds))
        else:
            self.clock.run(draft.seconds)
        if draft.shown:
            self._show()
        drafts.save(interview.id, draft)

    def _build(self) -> None:
        words, question, draft = self.words, self.question, self.draft
        total = len(self.interview.question_ids)
        number = total - len(self.interview.left(self.desk.known)) + 1
        title = self.phrases.question.format(number=number, total=total)
        self.title = parts.title(title)
        self.written = widgets.Textarea(
            draft.written,
            placeholder=words.placeholder,
            description=words.your_answer,
            tooltip=words.placeholder,
            rows=6,
            layout=parts.FULL,
            style={"description_width": "initial"},
        )
        self.answered = parts.tick(words.answered, draft.answered, words.answered_hint)
        self.show = parts.button(words.show, words.show_hint, is_main=True)
        self.show.disabled = not draft.answered
        self.stop = parts.button(words.stop, words.stop_hint)
        self.written.observe(self.desk.guarded(self._keep_draft), "value")
        self.answered.observe(self.desk.guarded(self._answer), "value")
        self.on(self.show, self._show)
        self.on(self.stop, lambda: self.desk.stop(self.interview))
        self.children = [
            self.title,
            widgets.HTML(f"<small>{escape(question.tags(self.language))}</small>"),
            parts.Prose(self.text(question.question)),
            self.clock,
            self.below,
            self.stop,
        ]
        self.below.children = (self.written, self.answered, self.show)
        self.focus = self.written

    def leave(self) -> None:
        if not self.draft.answered:
            self._keep_draft()

    def _keep_draft(self) -> None:
        self.draft = replace(self.draft, seconds=self.clock.seconds, written=self.written.value)
        drafts.save(self.interview.id, self.draft)

    def _answer(self) -> None:
        """The candidate says that the answer is given, or takes that back."""
        if self.draft.shown:
            return
        is_answered = self.answered.value
        if is_answered:
            self.clock.stop(self.phrases.verdict(self.clock.seconds))
        else:
            self.clock.run(self.draft.seconds)
        self.show.disabled = not is_answered
        self.draft = replace(self.draft, answered=is_answered)
        self._keep_draft()

    def _show(self) -> None:
        """The model answer beside the candidate's, the rubric, and what there is to discuss."""
        question, words, phrases = self.question, self.words, self.phrases
        if not self.draft.shown:
            points = (None,) * len(question.rubric)
            self.draft = replace(self.draft, shown=True, points=points)
            self._keep_draft()
        elif not self.draft.points:
            self.draft = replace(self.draft, points=(None,) * len(question.rubric))
        quoted = "\n".join(f"> {line}  " for line in self.draft.written.splitlines())
        mine = [parts.heading(words.your_answer), parts.Prose(quoted or words.spoken)]
        model = [parts.heading(phrases.answer), parts.Prose(self.text(question.answer))]
        longer = question.longer
        self.below.children = (
            parts.columns(widgets.VBox(mine), widgets.VBox(model)),
            *([parts.Prose(_fold(phrases.longer, self.text(longer)))] if longer else []),
            *self._rubric(),
            parts.heading(phrases.wrong),
            parts.Prose(self._wrong_answers()),
            parts.heading(phrases.follow_ups),
            parts.Prose(self._follow_ups()),
            parts.heading(phrases.sources),
            parts.Prose(self._sources()),
            self._next(),
        )
        self.focus = self.title
        parts.focus_soon(self.title)

    def _rubric(self) -> list[widgets.Widget]:
        """A row for each point of the rubric, with the points that it may be given."""
        words, phrases, rubric = self.words, self.phrases, self.question.rubric
        self.scores = [
            parts.choice(
                words.point.format(number=number),
                [(words.of.format(given=n, most=p.points), n) for n in range(p.points + 1)],
                given,
            )
            for number, (p, given) in enumerate(
                zip(rubric, self.draft.points, strict=True), start=1
            )
        ]
        self.sum = widgets.HTML()
        for score in self.scores:
            score.observe(self.desk.guarded(self._keep_scores), "value")
        self._add_up()
        rows = [
            widgets.VBox([parts.Prose(self.line(point.text)), score])
            for point, score in zip(rubric, self.scores, strict=True)
        ]
        title = phrases.rubric.format(points=self.question.max_points)
        return [
            parts.heading(title),
            widgets.HTML(f"<p>{escape(words.how_to_score)}</p>"),
            *rows,
            self.sum,
        ]

    def _keep_scores(self) -> None:
        self.draft = replace(self.draft, points=tuple(score.value for score in self.scores))
        drafts.save(self.interview.id, self.draft)
        self._add_up()

    def _add_up(self) -> None:
        earned = sum(score.value or 0 for score in self.scores)
        words = self.words.sum.format(earned=earned, possible=self.question.max_points)
        self.sum.value = f"<p role='status'><b>{escape(words)}</b></p>"

    def _next(self) -> widgets.Button:
        is_last = len(self.interview.left(self.desk.known)) == 1
        self.next = parts.button(
            self.words.finish if is_last else self.words.next, is_main=True
        )
        return self.on(self.next, self._score)

    def _score(self) -> None:
        given = [score.value for score in self.scores]
        if None in given:
            missing = [str(number) for number, n in enumerate(given, start=1) if n is None]
            numbers = self.phrases.comma.join(missing)
            self.desk.say(self.words.not_scored.format(numbers=numbers))
            return
        draft = self.draft
        result = session.score(self.question, given, draft.seconds, draft.written)
        self.desk.score(self.interview, result)

    def _wrong_answers(self) -> str:
        return "\n\n".join(
            f"**{self.phrases.quote.format(self.line(wrong.answer))}**\n\n{self.text(wrong.why)}"
            for wrong in self.question.wrong
        )

    def _follow_ups(self) -> str:
        folded = [
            _fold(self.line(follow_up.question), self.text(follow_up.answer))
            for follow_up in self.question.follow_ups
        ]
        return "\n\n".join([self.words.think, *folded])

    def _sources(self) -> str:
        return "\n".join(
            f"- {source.authors} ({source.year}): [{source.title}]({source.url})"
            for source in self.question.sources
        )


def _fold(title: str, body: str) -> str:
    return f"<details>\n<summary>{escape(title)}</summary>\n\n{body}\n\n</details>"
