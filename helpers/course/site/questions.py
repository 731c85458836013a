"""The pages of the question bank: a list of all questions, and a page for each group."""

from collections.abc import Container

from helpers.course.site.controls import (
    both,
    chapter_link,
    entry,
    filter_form,
    in_language,
    raw,
    title,
)
from helpers.interview import bank, card
from helpers.interview.question import (
    GROUPS,
    KINDS,
    LANGUAGES,
    LEVELS,
    Language,
    Question,
    Text,
)

_TITLE = Text("Question bank", "题库")
_ABOUT = Text(
    "Answer aloud, in a minute, before you open an answer. With it come what an interviewer "
    "scores, typical wrong answers and follow-up questions.",
    "先用一分钟口头作答，再展开参考答案。每题都附有评分要点、常见错误回答和追问。",
)
_ANSWER = Text("Answer, rubric, traps and follow-ups", "参考回答、评分要点、常见错误与追问")


def pages(chapters: Container[str]) -> dict[str, str]:
    """The Markdown of each page by its name, ``bank/index`` first.

    chapters: the names of those that have a page, to which a question may link.
    """
    by_group: dict[str, list[Question]] = {}
    for question in bank.load().values():
        by_group.setdefault(question.group, []).append(question)
    made = {"bank/index": _index(by_group)}
    for group, questions in by_group.items():
        made[f"bank/{group}"] = _group(group, questions, chapters)
    return made


def _index(by_group: dict[str, list[Question]]) -> str:
    choices = {"group": {group: GROUPS[group] for group in by_group}}
    choices |= {"level": LEVELS, "kind": KINDS}
    about = "\n".join(in_language(language, _ABOUT[language], "p") for language in LANGUAGES)
    parts = [f"# {both(_TITLE)}", raw(f"{about}\n{filter_form(choices)}")]
    for group, questions in by_group.items():
        items = "\n".join(map(_item, questions))
        parts += [f"## [{title(GROUPS[group])}]({group}.md)", raw(f"<ul>\n{items}\n</ul>")]
    entries = "\n".join(f"{title(GROUPS[group])} <{group}>" for group in by_group)
    parts.append(f"```{{toctree}}\n:hidden:\n\n{entries}\n```")
    return "\n\n".join(parts) + "\n"


def _item(question: Question) -> str:
    """The question as a link to its place on the group's page."""
    place = f"{question.group}.html#{question.id}"
    links = []
    for language in LANGUAGES:
        words, _ = _asked(question, language)
        links.append(in_language(language, f'<a href="{place}">{words}</a>'))
    tags = f'<p class="tags">{_tags(question)}</p>'
    return _entry("li", question, "\n".join([*links, tags]))


def _group(group: str, questions: list[Question], chapters: Container[str]) -> str:
    """Its questions by level, each a section of its own."""
    levels = {
        level: LEVELS[level] for level in LEVELS if any(q.level == level for q in questions)
    }
    parts = ["---\nhide-toc: true\n---", f"# {title(GROUPS[group])}"]
    parts.append(raw(filter_form({"level": levels})))
    for level in levels:
        parts.append(f"## {title(LEVELS[level])}")
        parts += [_section(q, chapters) for q in questions if q.level == level]
    return "\n\n".join(parts) + "\n"


def _section(question: Question, chapters: Container[str]) -> str:
    """The question in both languages, each with its folded answer.

    The English heading is one of the page's own, so that a search finds it and names it.
    """
    heading = " ".join(question.question.en.split("\n\n")[0].split())
    chinese, _ = _asked(question, "zh")
    halves = {"en": "", "zh": f"<h3>{chinese}</h3>\n"}
    for language in LANGUAGES:
        _, rest = _asked(question, language)
        halves[language] += f"{rest}\n{_answer(question, language)}"
    link = chapter_link(question.chapter, chapters, to_root="../")
    body = [in_language(language, halves[language]) for language in LANGUAGES]
    body.append(f'<p class="tags">{_tags(question)}{link}</p>')
    markup = _entry("div", question, "\n".join(body), hides="section")
    return f"({question.id})=\n### {heading}\n\n{raw(markup)}"


def _asked(question: Question, language: Language) -> tuple[str, str]:
    """The question as HTML: the words of its first paragraph, and what follows, such as code."""
    first, _, rest = card.front(question, language).partition("</p>")
    return first.removeprefix("<p>"), rest.strip()


def _answer(question: Question, language: Language) -> str:
    summary = f"<summary>{_ANSWER[language]}</summary>"
    return f"<details>{summary}\n{card.back(question, language)}\n</details>"


def _entry(tag: str, question: Question, body: str, hides: str = "") -> str:
    values = {"group": question.group, "level": question.level, "kind": question.kind}
    return entry(tag, body, hides, **values)


def _tags(question: Question) -> str:
    """Level and kind in both languages; the group is the page's."""
    return f"{both(LEVELS[question.level])} · {both(KINDS[question.kind])}"
