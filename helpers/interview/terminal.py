"""An interview in a terminal: what is shown and what is asked. `session` has the logic."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from helpers.interview import bank, session
from helpers.interview.phrases import PHRASES, Phrases
from helpers.interview.question import GROUPS, Language, Question, Source
from helpers.interview.scorecard import read_next
from helpers.interview.text import display_width, strip_emphasis, wrap


@dataclass
class Terminal:
    """Where an interview is shown and answered; tests replace ``ask``, ``show`` and ``clock``.

    ``ask`` takes a prompt and returns one line; it raises ``EOFError`` at the end of the input
    and ``KeyboardInterrupt`` for Ctrl-C, as the built-in ``input`` does. ``width`` is in
    columns, of which a Chinese character takes two.
    """

    language: Language
    width: int = 80
    ask: Callable[[str], str] = input
    show: Callable[[str], None] = print
    clock: Callable[[], float] = time.monotonic
    phrases: Phrases = field(init=False)

    def __post_init__(self) -> None:
        self.phrases = PHRASES[self.language]

    def paragraph(self, text: str = "", indent: str = "") -> None:
        self.show(wrap(strip_emphasis(text), self.width, indent))

    def title(self, text: str) -> None:
        self.show(f"\n{text}\n{'-' * min(self.width, display_width(text))}")


def hold_interview(
    questions: Sequence[Question],
    terminal: Terminal,
    on_result: Callable[[session.Result], None],
    earlier: Sequence[session.Scored] = (),
) -> list[session.Result]:
    """Ask the questions one by one, then show the scorecard; returns the results.

    ``on_result`` is called with each result as soon as its rubric is scored. Ctrl-C or the end
    of the input ends the interview; what was scored until then counts. ``earlier`` are the
    answers of an interview that goes on: they are numbered and count on the scorecard.
    """
    total = len(earlier) + len(questions)
    results: list[session.Result] = []
    try:
        for number, question in enumerate(questions, start=len(earlier) + 1):
            result = _ask_question(question, number, total, terminal)
            results.append(result)
            on_result(result)
            _discuss(question, terminal)
    except (EOFError, KeyboardInterrupt):
        terminal.show("")
        terminal.paragraph(terminal.phrases.ended)
    _show_scorecard([*earlier, *results], terminal)
    return results


def _ask_question(
    question: Question, number: int, total: int, terminal: Terminal
) -> session.Result:
    """Question, answer against the clock, model answer, rubric."""
    language, phrases = terminal.language, terminal.phrases
    terminal.title(phrases.question.format(number=number, total=total))
    terminal.paragraph(f"{question.tags(language)}\n")
    terminal.paragraph(question.question[language])
    terminal.paragraph(f"\n{phrases.go.format(minute=session.MINUTE)}")

    start = terminal.clock()
    written_answer = _read_lines(terminal)
    seconds = terminal.clock() - start
    terminal.paragraph(phrases.verdict(seconds))

    terminal.title(phrases.answer)
    terminal.paragraph(question.answer[language])
    if question.longer:
        terminal.title(phrases.longer)
        terminal.paragraph(question.longer[language])

    terminal.title(phrases.rubric.format(points=question.max_points))
    terminal.paragraph(phrases.how_to_score)
    points = [
        _ask_points(point.points, point.text[language], terminal) for point in question.rubric
    ]
    result = session.score(question, points, seconds, written_answer)
    terminal.paragraph(
        phrases.earned.format(earned=result.earned, possible=question.max_points)
    )
    return result


def _read_lines(terminal: Terminal) -> str:
    """The lines up to an empty one."""
    lines: list[str] = []
    while line := terminal.ask("> ").strip():
        lines.append(line)
    return "\n".join(lines)


def _ask_points(most: int, text: str, terminal: Terminal) -> int:
    phrases = terminal.phrases
    prompt = phrases.ask_one_point if most == 1 else phrases.ask_points
    not_understood = phrases.one_not_understood if most == 1 else phrases.not_understood
    terminal.paragraph(f"\n- {text}")
    while True:
        reply = terminal.ask(prompt.format(most=most)).strip().lower()
        if reply in phrases.yes:
            return most
        if reply in phrases.no:
            return 0
        if reply.isdecimal() and int(reply) <= most:
            return int(reply)
        terminal.paragraph(not_understood.format(most=most))


def _discuss(question: Question, terminal: Terminal) -> None:
    """Typical wrong answers, follow-up questions with time to think, sources."""
    language, phrases = terminal.language, terminal.phrases
    terminal.title(phrases.wrong)
    for wrong in question.wrong:
        terminal.paragraph(f"- {phrases.quote.format(wrong.answer[language])}")
        terminal.paragraph(f"{wrong.why[language]}\n", indent="  ")
    terminal.title(phrases.follow_ups)
    for follow_up in question.follow_ups:
        terminal.paragraph(f"- {follow_up.question[language]}")
        terminal.ask(f"  {phrases.press_enter}")
        terminal.paragraph(f"{follow_up.answer[language]}\n", indent="  ")
    terminal.title(phrases.sources)
    _show_sources(question.sources, terminal)


def _show_sources(sources: Sequence[Source], terminal: Terminal) -> None:
    for source in sources:
        terminal.paragraph(f"- {source.authors} ({source.year}): {source.title}. {source.url}")


def _show_scorecard(results: Sequence[session.Scored], terminal: Terminal) -> None:
    phrases = terminal.phrases
    if not results:
        terminal.paragraph(phrases.nothing_scored)
        return
    terminal.title(phrases.scorecard)
    language = terminal.language
    scores = session.scorecard(results)
    rows = [(GROUPS[score.group][language], score) for score in scores]
    if len(scores) > 1:
        rows.append((phrases.total, session.total(scores)))
    name_width = max(display_width(name) for name, _ in rows)
    for name, score in rows:
        gap = " " * (name_width - display_width(name))
        row = phrases.row.format(
            earned=score.earned, possible=score.possible, share=score.share
        )
        terminal.show(f"{name}{gap}  {row}")
    terminal.paragraph(f"\n{phrases.how_many_in_time(results)}")
    readings = read_next(results, bank.load())
    if readings:
        terminal.title(phrases.read_next)
    for reading in readings:
        group, share = GROUPS[reading.score.group][language], reading.score.share
        terminal.paragraph(phrases.weak_group.format(group=group, share=share))
        for chapter in reading.chapters:
            terminal.paragraph(f"- {phrases.chapter.format(chapter=chapter)}")
        _show_sources(reading.sources, terminal)
