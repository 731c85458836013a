"""What a scorecard says beside the points: what to read next; and the card as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpers.interview import session
from helpers.interview.history import Answer, Interview
from helpers.interview.phrases import PHRASES
from helpers.interview.question import GROUPS, Language, Question, Source
from helpers.interview.text import Count, headline

# Below this share of the points there is something to read; FSRS's "easy" begins there, too.
STRONG = 0.9
MOST_GROUPS = 3
MOST_SOURCES = 3


@dataclass(frozen=True)
class Reading:
    """What to read after a weak group: the chapters and the sources of its weak answers."""

    score: session.GroupScore
    chapters: tuple[str, ...]
    sources: tuple[Source, ...]


def read_next(
    results: Iterable[session.Scored], known: Mapping[str, Question]
) -> list[Reading]:
    """What to read for the weakest groups, the weakest first.

    A group is weak below 90 % of its points. ``known`` are the questions by id; a result whose
    question is not among them gives nothing to read. Empty when no group is weak.
    """
    results = sorted(results, key=lambda result: result.earned / result.possible)
    scores = sorted(session.scorecard(results), key=lambda score: score.share)
    readings = []
    for score in scores[:MOST_GROUPS]:
        weak = [
            known[result.question_id]
            for result in results
            if result.group == score.group
            and result.question_id in known
            and result.earned < STRONG * result.possible
        ]
        chapters = dict.fromkeys(question.chapter for question in weak if question.chapter)
        sources = dict.fromkeys(source for question in weak for source in question.sources)
        if weak and score.share < STRONG:
            readings.append(Reading(score, tuple(chapters), tuple(sources)[:MOST_SOURCES]))
    return readings


def local_time(time: str) -> str:
    """A kept time (UTC, ISO 8601) as a clock on the wall shows it."""
    return datetime.fromisoformat(time).astimezone().strftime("%Y-%m-%d %H:%M")


def markdown(interview: Interview, language: Language, known: Mapping[str, Question]) -> str:
    """The scorecard of an interview with at least one answer, as a Markdown page."""
    phrases = PHRASES[language]
    parts = [f"# {phrases.scorecard}", summary(interview, language, known)]
    parts.append(f"## {phrases.questions}")
    parts += [
        _answer(answer, known.get(answer.question_id), language) for answer in interview.answers
    ]
    return "\n\n".join(parts) + "\n"


def summary(
    interview: Interview,
    language: Language,
    known: Mapping[str, Question],
    in_notebook: bool = False,
) -> str:
    """The points by group and what to read next: the scorecard without its questions.

    ``in_notebook`` makes a link of each chapter, which leads to the notebook in the same folder.
    """
    phrases = PHRASES[language]
    asked = phrases.asked.format(
        answered=len(interview.answers), total=Count(len(interview.question_ids))
    )
    parts = [
        f"{local_time(interview.started)} · {asked}",
        _score_table(interview.answers, language),
    ]
    readings = read_next(interview.answers, known)
    if readings:
        parts.append(f"**{phrases.read_next}**" if in_notebook else f"## {phrases.read_next}")
        parts += [_reading(reading, language, in_notebook) for reading in readings]
    return "\n\n".join(parts)


def _score_table(answers: Sequence[Answer], language: Language) -> str:
    phrases = PHRASES[language]
    scores = session.scorecard(answers)
    rows = [f"| {phrases.group} | {phrases.points} | {phrases.share} |", "|:--|--:|--:|"]
    for score in (*scores, session.total(scores)):
        name = GROUPS[score.group][language] if score.group else phrases.total
        rows.append(f"| {name} | {score.earned} / {score.possible} | {score.share:.0%} |")
    return "\n".join(rows)


def _reading(reading: Reading, language: Language, in_notebook: bool) -> str:
    phrases = PHRASES[language]
    place = "[{0}.ipynb]({0}.ipynb)" if in_notebook else "`solutions/{0}.ipynb`"
    group, share = GROUPS[reading.score.group][language], reading.score.share
    lines = [phrases.weak_group.format(group=group, share=share), ""]
    lines += [
        f"- {phrases.chapter.format(chapter=chapter)}{phrases.colon}{place.format(chapter)}"
        for chapter in reading.chapters
    ]
    lines += [
        f"- {source.authors} ({source.year}): [{source.title}]({source.url})"
        for source in reading.sources
    ]
    return "\n".join(lines)


def _answer(answer: Answer, question: Question | None, language: Language) -> str:
    """One question, what each rubric point was given, and what was written."""
    phrases = PHRASES[language]
    title, code = headline(question.question[language] if question else answer.question_id)
    took = phrases.took.format(seconds=answer.seconds)
    share = answer.earned / answer.possible
    lines = [f"### {title}", ""]
    if code:
        lines += [code, ""]
    lines += [f"{answer.earned} / {answer.possible} · {share:.0%} · {took}", ""]
    rubric = [point.text[language] for point in question.rubric] if question else []
    if len(rubric) != len(answer.points):  # the bank has another rubric now
        rubric = [""] * len(answer.points)
    for given, most, text in zip(answer.points, answer.max_points, rubric, strict=True):
        lines.append(f"- {given} / {most} {' '.join(text.split())}".rstrip())
    if answer.written_answer:
        lines += ["", *(f"> {line}  " for line in answer.written_answer.splitlines())]
    return "\n".join(lines)
