"""A chapter on one page, to print: its recap, what its questions are scored by, its terms."""

from collections.abc import Mapping

from helpers.interview import glossary
from helpers.interview.chapters import Chapter
from helpers.interview.glossary import Term
from helpers.interview.phrases import PHRASES
from helpers.interview.question import Language, Question
from helpers.interview.text import headline, tidy


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
        # In one paragraph and without the question's code, since a chapter with eight questions
        # must fit on its page.
        title, _ = headline(question.question[language])
        points = [
            f"({number}) {_line(point.text[language])}"
            for number, point in enumerate(question.rubric, start=1)
        ]
        parts.append(f"**{title}**\n{tidy(' '.join(points))}")
    if terms := glossary.in_chapter(chapter.name):
        # The names alone, for the same reason; the glossary has the definitions.
        parts += [f"## {phrases.terms}", "; ".join(map(_names, terms))]
    return "\n\n".join(parts) + "\n"


def _names(term: Term) -> str:
    return " ".join(dict.fromkeys([term.name.en, term.name.zh]))


def _line(text: str) -> str:
    return " ".join(text.split())
