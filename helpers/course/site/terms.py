"""The page of the glossary: every term in both languages, found by search under all its names."""

from collections.abc import Container

from helpers.course.site.controls import (
    both,
    chapter_link,
    entry,
    filter_form,
    in_language,
    title,
)
from helpers.interview import glossary
from helpers.interview.glossary import Term
from helpers.interview.question import GROUPS, LANGUAGES, Text

_TITLE = Text("glossary", "术语表")


def page(chapters: Container[str]) -> str:
    """The page as Markdown: one list of terms, which Sphinx makes known to its search.

    chapters: the names of those that have a page, to which a term may link.
    """
    terms = glossary.load()
    groups = {group: GROUPS[group] for group in GROUPS if any(t.group == group for t in terms)}
    lines = [f"# {title(_TITLE)}", "", filter_form({"group": groups}), "", "```{glossary}"]
    for term in terms:
        definition = _definition(term, chapters).splitlines()
        lines += [*term.names, *(f"  {line}" for line in definition), ""]
    return "\n".join([*lines, "```"]) + "\n"


def _definition(term: Term, chapters: Container[str]) -> str:
    # No empty line: so it is one block of HTML to Markdown.
    definitions = [in_language(language, term.definition[language]) for language in LANGUAGES]
    link = chapter_link(term.chapter, chapters)
    about = f'<p class="tags">{both(GROUPS[term.group])}{link}</p>'
    return entry("div", "\n".join([*definitions, about]), hides="dd", group=term.group)
