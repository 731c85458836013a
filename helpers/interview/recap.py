"""A chapter on one page, to print: its recap, what its questions are scored by, its terms."""

from collections.abc import Mapping

from helpers.interview.chapters import Chapter
from helpers.interview.phrases import PHRASES
from helpers.interview.question import Language, Question


def markdown(chapter: Chapter, language: Language, known: Mapping[str, Question]) -> str:
    """The page as Markdown; the recap's lines are in English, as the chapters are.

    ``known`` are the questions by id; one that the chapter asks and that is not among them is
    left out.
    """
    phrases = PHRASES[language]
    parts = [f"# {chapter.name[:2]} · {chapter.title[language]}"]
    if chapter.recap:
        lines = [f"{number}. {line}" for number, line in enumerate(chapter.recap, start=1)]
        parts += [f"## {phrases.recap}", "\n".join(lines)]
    questions = [known[id] for id in chapter.question_ids if id in known]
    if questions:
        parts.append(f"## {phrases.in_a_minute}")
    for question in questions:
        points = [f"- {_line(point.text[language])}" for point in question.rubric]
        parts.append("\n".join([f"**{_line(question.question[language])}**", "", *points]))
    return "\n\n".join(parts) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())
