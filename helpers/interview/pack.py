"""An interviewer's pack: questions with all that a human interviewer needs, as Markdown."""

from collections.abc import Sequence

from helpers.interview.phrases import PHRASES, Phrases
from helpers.interview.question import Language, Question
from helpers.interview.text import headline


def markdown(questions: Sequence[Question], language: Language) -> str:
    """The questions one by one: rubric with room for points, follow-ups, wrong answers, notes.

    A table for the points of each question and their total ends the pack.
    """
    phrases = PHRASES[language]
    parts = [f"# {phrases.pack}", phrases.pack_how]
    for number, question in enumerate(questions, start=1):
        parts += _question(number, question, language)
    parts += [f"## {phrases.scorecard}", _totals(questions, language)]
    return "\n\n".join(parts) + "\n"


def _question(number: int, question: Question, language: Language) -> list[str]:
    phrases = PHRASES[language]
    title, code = headline(question.question[language])
    parts = [
        f"## {number}. {title}",
        *([code] if code else []),
        f"*{question.tags(language)} · {question.id}*",
        f"### {phrases.rubric.format(points=question.max_points)}",
        _rubric(question, language),
        f"### {phrases.answer}",
        question.answer[language],
    ]
    if question.longer:
        parts += [f"### {phrases.longer}", question.longer[language]]
    parts.append(f"### {phrases.wrong}")
    for wrong in question.wrong:
        quote = phrases.quote.format(_line(wrong.answer[language]))
        parts += [f"- {quote}\n\n{_indent(wrong.why[language])}"]
    parts.append(f"### {phrases.follow_ups}")
    for follow_up in question.follow_ups:
        answer = _indent(follow_up.answer[language])
        parts.append(f"- **{_line(follow_up.question[language])}**\n\n{answer}")
    parts.append(f"### {phrases.sources}")
    parts.append(
        "\n".join(
            f"- {source.authors} ({source.year}): [{source.title}]({source.url})"
            for source in question.sources
        )
    )
    return [*parts, *_notes(phrases)]


def _rubric(question: Question, language: Language) -> str:
    phrases = PHRASES[language]
    rows = [f"| {phrases.rubric_point} | {phrases.points} |", "|:--|--:|"]
    for point in question.rubric:
        text = _line(point.text[language]).replace("|", "\\|")
        rows.append(f"| {text} | ___ / {point.points} |")
    return "\n".join(rows)


def _totals(questions: Sequence[Question], language: Language) -> str:
    phrases = PHRASES[language]
    rows = [f"| {phrases.group} | {phrases.points} |", "|:--|--:|"]
    for number, question in enumerate(questions, start=1):
        rows.append(f"| {number}. {question.tags(language)} | ___ / {question.max_points} |")
    total = sum(question.max_points for question in questions)
    rows.append(f"| {phrases.total} | ___ / {total} |")
    return "\n".join(rows)


def _notes(phrases: Phrases) -> list[str]:
    """Lines to write on, once printed."""
    return [f"### {phrases.notes}", *["&nbsp;", "---"] * 3]


def _indent(text: str) -> str:
    """The text as a part of the list item above it."""
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def _line(text: str) -> str:
    return " ".join(text.split())
