"""What the bank's and the glossary's pages share: languages side by side, and the choices above.

Without JavaScript (site.js) the choices stay hidden and everything is shown.
"""

from collections.abc import Container, Mapping

from helpers.interview.card import LANGUAGE_CODES
from helpers.interview.question import LANGUAGES, Language, Text

_NAMES = {
    "group": Text("Group", "分类"),
    "level": Text("Level", "级别"),
    "kind": Text("Kind", "题型"),
    "language": Text("Language", "语言"),
}
_LANGUAGES = {"": Text("English", "中文"), "en": Text("English", ""), "zh": Text("", "中文")}


def filter_form(choices: Mapping[str, Mapping[str, Text]]) -> str:
    """A form that chooses the language, and narrows the page to the entries that are wanted.

    choices: the values of each kind of choice (``group``, ``level``, ``kind``) with their
    names. An entry of the page tells its own as ``data-group`` and so on: see `entry`.
    """
    selects = [
        _select(name, {"": Text("all", "全部")} | dict(values))
        for name, values in choices.items()
    ]
    selects.append(_select("language", _LANGUAGES))
    lines = ['<form class="filter" autocomplete="off" hidden>', *selects]
    return "\n".join([*lines, "<output></output>", "</form>"])


def _select(name: str, values: Mapping[str, Text]) -> str:
    options = "".join(
        f'<option value="{value}">{both(label)}</option>' for value, label in values.items()
    )
    return f'<label>{both(_NAMES[name])} <select name="{name}">{options}</select></label>'


def entry(tag: str, body: str, hides: str = "", **values: str) -> str:
    """An element that the form above shows or hides, by its values.

    hides: the selector of the element around it that goes with it, such as ``section``.
    """
    data = "".join(f' data-{name}="{value}"' for name, value in values.items())
    around = f' data-hides="{hides}"' if hides else ""
    return f'<{tag} class="entry"{around}{data}>\n{body}\n</{tag}>'


def both(text: Text) -> str:
    """The English and the Chinese words, or those that there are.

    >>> both(Text("junior", "初级"))
    'junior · 初级'
    """
    return " · ".join(text[language] for language in LANGUAGES if text[language])


def title(text: Text) -> str:
    """The same as a heading, with a capital.

    >>> title(Text("video-language", "视频语言模型"))
    'Video-language · 视频语言模型'
    """
    return both(Text(text.en[:1].upper() + text.en[1:], text.zh))


def in_language(language: Language, body: str, tag: str = "div") -> str:
    """Marked with its language: for screen readers, for fonts and for the choice above."""
    return f'<{tag} lang="{LANGUAGE_CODES[language]}">{body}</{tag}>'


def raw(markup: str) -> str:
    """HTML inside a page of Markdown, which would end an HTML block at an empty line."""
    return f"``````{{raw}} html\n{markup}\n``````"


def chapter_link(chapter: str | None, chapters: Container[str], to_root: str = "") -> str:
    """A link to a chapter's page, behind a point; nothing without a chapter that is built."""
    if chapter is None or chapter not in chapters:
        return ""
    return f' · <a href="{to_root}{chapter}.html">Chapter {chapter[:2]}</a>'
