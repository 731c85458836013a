"""The glossary: what each term of the course is called, and is, in English and Chinese."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from helpers.interview.bank import UniqueKeyLoader
from helpers.interview.phrases import PHRASES
from helpers.interview.question import GROUPS, LANGUAGES, Language, Text
from helpers.interview.schema import BankError, Field, parse_chapter
from helpers.interview.text import count_characters, count_words, has_chinese

MAX_ENGLISH_WORDS = 30
MAX_CHINESE_CHARACTERS = 60

_REQUIRED = frozenset(["term", "definition", "group", "chapter"])
_OPTIONAL = frozenset(["also"])
# Where a sentence ends, and more follows or not. A Chinese one needs no space after it.
_ENGLISH_END = re.compile(r"[.!?](?=\s|$)")
_CHINESE_END = re.compile(r"[。！？]")


@dataclass(frozen=True)
class Term:
    """One entry of the glossary.

    ``name`` is the usual name in each language; the two are equal where Chinese speakers say
    the English one, as with mixup. ``definition`` is one sentence. ``group`` is a group of the
    question bank, ``chapter`` the name of the notebook that explains the term, or None.
    ``also`` holds abbreviations and other names, in either language.
    """

    name: Text
    definition: Text
    group: str
    chapter: str | None
    also: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, each once: the English one, the Chinese one, the others."""
        return tuple(dict.fromkeys([self.name.en, self.name.zh, *self.also]))


def load() -> list[Term]:
    """Every term of the course, in the alphabetical order of the English names.

    Raises `BankError`, one sentence that names file, term and field, when the file is
    malformed.

    >>> load()[0].names
    ('(2+1)D convolution', '(2+1)D 卷积', '(2+1)D', '2+1D convolution')
    """
    return list(_course_glossary())


def find(text: str, language: Language = "en") -> Term:
    """The term that has this name in English or Chinese, or this abbreviation.

    Capitals, spaces and hyphens do not matter, nor does the width of letters, except that
    CLIP is not clip. Raises ``LookupError`` that names the nearest terms, in this language, when
    there is none.

    >>> find("iou").name
    Text(en='intersection over union', zh='交并比')
    >>> find("光流").name.en
    'optical flow'
    """
    if not isinstance(text, str):
        raise TypeError(f"text is {text!r}, but it must be a name, such as 'IoU'.")
    exact, folded = _terms_by_name()
    term = exact.get(text) or folded.get(_key(text))
    if term is None:
        near = get_close_matches(_key(text), folded)
        names = dict.fromkeys(folded[match].name[language] for match in near)
        phrases = PHRASES[language]
        hint = phrases.near_terms.format(names=phrases.comma.join(names)) if names else ""
        raise LookupError(phrases.no_term.format(term=text) + hint)
    return term


def in_group(group: str) -> list[Term]:
    """The terms of a group of the question bank, in alphabetical order.

    Raises ``ValueError`` that names the groups when ``group`` is none of them.

    >>> [term.name.zh for term in in_group("coding")]
    ['通道在最后', '数据类型', '填充', 'softmax', '转置']
    """
    if not isinstance(group, str) or group not in GROUPS:
        raise ValueError(f"group is {group!r}, but it must be one of {', '.join(GROUPS)}.")
    return [term for term in _course_glossary() if term.group == group]


def in_chapter(chapter: str) -> list[Term]:
    """The terms that a chapter explains, in alphabetical order; none for an unknown chapter.

    >>> [term.name.en for term in in_chapter("00_start_here")]
    ['frame']
    """
    return [term for term in _course_glossary() if term.chapter == chapter]


def markdown(terms: Iterable[Term]) -> str:
    """The terms as a list in Markdown: all names, then the sentence in both languages.

    >>> print(markdown([find("F1")]))
    - **F1 score · F1 分数** (F1)
      The harmonic mean of precision and recall.
      精确率和召回率的调和平均。
    """
    return "\n".join(_item(term) for term in terms)


def _item(term: Term) -> str:
    names = " · ".join(dict.fromkeys([term.name.en, term.name.zh]))
    others = [name for name in term.also if name not in (term.name.en, term.name.zh)]
    also = f" ({', '.join(others)})" if others else ""
    return f"- **{names}**{also}\n  {term.definition.en}\n  {term.definition.zh}"


@cache
def _course_glossary() -> tuple[Term, ...]:
    return read_file(Path(__file__).with_name("glossary.yaml"))


@cache
def _terms_by_name() -> tuple[dict[str, Term], dict[str, Term]]:
    """The terms by their names as they are written, and by what `_key` makes of them."""
    terms = _course_glossary()
    exact = {name: term for term in terms for name in term.names}
    # Where two terms differ in capitals only, as clip and CLIP, the first of the file wins.
    folded = {_key(name): term for term in reversed(terms) for name in term.names}
    return exact, folded


def read_file(path: Path) -> tuple[Term, ...]:
    """Every term of a YAML file, in the file's order; see `load`."""
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), UniqueKeyLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise BankError(f"{path.name}: this is not valid YAML: {problem}") from None
    if not isinstance(entries, list) or not entries:
        raise BankError(f"{path.name}: the file must be a list of terms.")
    terms = []
    taken: dict[str, tuple[str, Term]] = {}
    for number, entry in enumerate(entries, start=1):
        term = _parse_term(Field(entry, f"{path.name}, {_place(entry, number)}"))
        for name in term.names:
            other, owner = taken.setdefault(_key(name), (name, term))
            if _is_taken(name, term, other, owner):
                raise BankError(
                    f"{path.name}, {term.name.en}: {name!r} is already a name of "
                    f"{owner.name.en}; capitals, spaces and hyphens do not count."
                )
        terms.append(term)
    return tuple(terms)


def _is_taken(name: str, term: Term, other: str, owner: Term) -> bool:
    """Whether ``name`` repeats ``other``; only an abbreviation may equal another term's word."""
    if owner is term:
        return name != other
    return name.isupper() == other.isupper()


def _place(entry: Any, number: int) -> str:
    """The English name where it can be read, else the number of the entry."""
    name = entry.get("term") if isinstance(entry, dict) else None
    english = name.get("en") if isinstance(name, dict) else None
    return english if isinstance(english, str) and english.strip() else f"term {number}"


def _parse_term(field: Field) -> Term:
    given = field.mapping(_REQUIRED, _OPTIONAL)
    also: tuple[str, ...] = ()
    if "also" in given:
        also = given["also"].items(lambda item: item.string().strip(), least=1, most=8)
    return Term(
        name=_name(given["term"], also),
        definition=_definition(given["definition"]),
        group=given["group"].one_of(GROUPS),
        chapter=parse_chapter(given["chapter"]),
        also=also,
    )


def _name(field: Field, also: tuple[str, ...]) -> Text:
    parts = field.mapping(frozenset(LANGUAGES))
    english, chinese = parts["en"].string().strip(), parts["zh"].string().strip()
    if has_chinese(english):
        parts["en"].fail("this holds Chinese characters, but it must be English.")
    if not has_chinese(chinese) and chinese not in (english, *also):
        parts["zh"].fail(
            f"this is {chinese!r}, but it must be Chinese, or an English name of the same term "
            "(en or one of also) that Chinese speakers use."
        )
    return Text(english, chinese)


def _definition(field: Field) -> Text:
    text = field.text()
    parts = field.mapping(frozenset(LANGUAGES))
    if not text.en.endswith(".") or len(_ENGLISH_END.findall(text.en)) != 1:
        parts["en"].fail("this must be one sentence that ends with a full stop.")
    if not text.zh.endswith("。") or len(_CHINESE_END.findall(text.zh)) != 1:
        parts["zh"].fail("this must be one sentence that ends with 。")
    words, characters = count_words(text.en), count_characters(text.zh)
    if words > MAX_ENGLISH_WORDS:
        parts["en"].fail(f"this has {words} words; at most {MAX_ENGLISH_WORDS} are allowed.")
    if characters > MAX_CHINESE_CHARACTERS:
        parts["zh"].fail(
            f"this has {characters} characters; at most {MAX_CHINESE_CHARACTERS} are allowed."
        )
    return text


def _key(name: str) -> str:
    """What is compared: no case, spaces, hyphens or full-width forms."""
    return re.sub(r"[\s\-‐‑–]", "", unicodedata.normalize("NFKC", name).casefold())
