"""A question of the bank as Markdown for a notebook."""

from dataclasses import dataclass

from helpers.interview.question import LANGUAGES, Language, Question
from helpers.interview.text import strip_emphasis

_FOLD = "<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


@dataclass(frozen=True)
class _Words:
    """The words that stand between the parts of a question."""

    label: str
    answer: str
    longer: str
    rubric: str
    points: str
    wrong: str
    follow_ups: str
    sources: str


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        label="Interview question",
        answer="The 60-second answer",
        longer="The longer answer",
        rubric="What an interviewer scores ({points} points)",
        points="Points",
        wrong="Typical wrong answers",
        follow_ups="Follow-up questions",
        sources="Sources",
    ),
    "zh": _Words(
        label="面试题",
        answer="60 秒参考回答",
        longer="详细回答",
        rubric="评分要点（共 {points} 分）",
        points="分值",
        wrong="常见错误回答",
        follow_ups="追问",
        sources="参考资料",
    ),
}


def question_markdown(question: Question, answers_open: bool) -> str:
    """The question with its answers, for a Markdown cell.

    The question stands in both languages; the English parts follow one by one, and the
    Chinese ones together in one folded block. With ``answers_open`` (the worked edition) the
    English parts have headings, of level 4; without it (the learner's edition) each part is
    folded, and so is the answer of each follow-up question.
    """
    english = _parts(question, "en", answers_open)
    chinese = _parts(question, "zh", answers_open)
    if answers_open:
        body = [f"#### {title}\n\n{text}" for title, text in english]
        folded = [f"**{title}**\n\n{text}" for title, text in chinese]
    else:
        body = [_fold(title, text) for title, text in english]
        folded = [_fold(title, text) for title, text in chinese]
    in_chinese = _fold("中文：参考回答、评分要点、常见错误与追问", "\n\n".join(folded))
    return "\n\n".join([_head(question), *body, in_chinese])


def _head(question: Question) -> str:
    """The question as two quotations, one per language."""
    quotations = []
    for language in LANGUAGES:
        label = f"**{_WORDS[language].label}** · {question.tags(language)}"
        lines = f"{label}\n\n{question.question[language]}".splitlines()
        quotations.append("\n".join(f"> {line}".rstrip() for line in lines))
    return "\n\n".join(quotations)


def _parts(question: Question, language: Language, answers_open: bool) -> list[tuple[str, str]]:
    """The title and the Markdown of each part below the question."""
    words = _WORDS[language]
    parts = [(words.answer, question.answer[language])]
    if question.longer:
        parts.append((words.longer, question.longer[language]))
    parts += [
        (words.rubric.format(points=question.max_points), _rubric(question, language)),
        (words.wrong, _wrong_answers(question, language)),
        (words.follow_ups, _follow_ups(question, language, answers_open)),
    ]
    if language == "en":
        parts.append((words.sources, _sources(question)))
    return parts


def _rubric(question: Question, language: Language) -> str:
    words = _WORDS[language]
    heading = "A strong answer" if language == "en" else "好的回答"
    rows = [f"| {words.points} | {heading} |", "|:-:|:--|"]
    for point in question.rubric:
        text = " ".join(point.text[language].split()).replace("|", "\\|")
        rows.append(f"| {point.points} | {text} |")
    return "\n".join(rows)


def _wrong_answers(question: Question, language: Language) -> str:
    return "\n\n".join(
        f"**“{_plain(wrong.answer[language])}”**\n\n{wrong.why[language]}"
        for wrong in question.wrong
    )


def _follow_ups(question: Question, language: Language, answers_open: bool) -> str:
    title = "Answer" if language == "en" else "参考回答"
    blocks = []
    for number, follow_up in enumerate(question.follow_ups, start=1):
        answer = follow_up.answer[language]
        blocks.append(f"**{number}.** {follow_up.question[language]}")
        blocks.append(answer if answers_open else _fold(title, answer))
    return "\n\n".join(blocks)


def _sources(question: Question) -> str:
    return "\n".join(
        f"- {source.authors} ({source.year}): [{source.title}]({source.url})"
        for source in question.sources
    )


def _fold(title: str, body: str) -> str:
    # The blank lines let Markdown inside the HTML render in JupyterLab and in nbconvert.
    return _FOLD.format(title=title, body=body)


def _plain(text: str) -> str:
    """One paragraph without emphasis, since bold type stands around it."""
    return " ".join(strip_emphasis(" ".join(text.split())).split())
