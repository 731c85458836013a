"""From what a YAML file says to a `Question`, or one sentence that says what is wrong."""

import re
from collections.abc import Callable, Set
from dataclasses import fields
from reprlib import repr  # the built-in one would print a whole entry
from typing import Any, NoReturn, TypeVar

from helpers.interview.question import (
    KINDS,
    LANGUAGES,
    LEVELS,
    FollowUp,
    Question,
    RubricPoint,
    Source,
    Text,
    WrongAnswer,
)
from helpers.interview.text import count_characters, count_words, has_chinese, tidy

# A minute of speech, at a calm pace.
MAX_ENGLISH_WORDS = 170
MAX_CHINESE_CHARACTERS = 300

# An entry gives every field of a question but its id, which is its key, and its group, which
# is the file's name. The longer answer may be left out.
_OPTIONAL = frozenset(["longer"])
_REQUIRED = {field.name for field in fields(Question)} - {"id", "group"} - _OPTIONAL
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CHAPTER = re.compile(r"[0-9]{2}_[a-z0-9]+(_[a-z0-9]+)*")
# What may stand for the link of a source, its form, and how it becomes an address.
_LINKS = {
    "url": (re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?"), "{}"),
    "arxiv": (re.compile(r"[0-9]{4}\.[0-9]{4,5}"), "https://arxiv.org/abs/{}"),
    "doi": (re.compile(r"10\.[0-9]{4,9}/\S+"), "https://doi.org/{}"),
}
Item = TypeVar("Item")


class BankError(ValueError):
    """An entry of the bank is malformed; the message names the file, the entry, the field."""


class Field:
    """A value of an entry, with its place for the message when it is wrong."""

    def __init__(self, value: Any, place: str) -> None:
        self.value = value
        self.place = place

    def fail(self, problem: str) -> NoReturn:
        raise BankError(f"{self.place}: {problem}")

    def mapping(
        self, required: Set[str], optional: Set[str] = frozenset()
    ) -> dict[str, "Field"]:
        """The fields of a mapping that has every required key and no unknown one."""
        allowed = ", ".join(sorted(required | optional))
        if not isinstance(self.value, dict):
            self.fail(f"this is {repr(self.value)}, but it must have the keys {allowed}.")
        for key in self.value:
            if key not in required | optional:
                self.fail(f"the key {key!r} is unknown; the keys are {allowed}.")
        for key in sorted(required):
            if key not in self.value:
                self.fail(f"the key {key!r} is missing.")
        return {key: Field(value, f"{self.place}, {key}") for key, value in self.value.items()}

    def items(
        self, parse: Callable[["Field"], Item], least: int, most: int
    ) -> tuple[Item, ...]:
        """The parsed items of a list with ``least`` to ``most`` of them."""
        if not isinstance(self.value, list):
            self.fail(f"this is {repr(self.value)}, but it must be a list.")
        if not least <= len(self.value) <= most:
            self.fail(
                f"there are {len(self.value)} items, but there must be {least} to {most}."
            )
        return tuple(
            parse(Field(value, f"{self.place} {number}"))
            for number, value in enumerate(self.value, start=1)
        )

    def string(self) -> str:
        if not isinstance(self.value, str):
            kind = type(self.value).__name__
            self.fail(f"this is {repr(self.value)} ({kind}), but it must be text: quote it.")
        if not self.value.strip():
            self.fail("this is empty, but it must be text.")
        return self.value

    def one_of(self, allowed: dict[str, Text]) -> str:
        if not isinstance(self.value, str) or self.value not in allowed:
            self.fail(
                f"this is {repr(self.value)}, but it must be one of {', '.join(allowed)}."
            )
        return self.value

    def whole_number(self, least: int, most: int) -> int:
        if type(self.value) is not int or not least <= self.value <= most:
            self.fail(
                f"this is {repr(self.value)}, but it must be a whole number from {least} to {most}."
            )
        return self.value

    def text(self) -> Text:
        parts = self.mapping(frozenset(LANGUAGES))
        english, chinese = tidy(parts["en"].string()), tidy(parts["zh"].string())
        if has_chinese(english):
            parts["en"].fail("this holds Chinese characters, but it must be English.")
        if not has_chinese(chinese):
            parts["zh"].fail("this holds no Chinese character, but it must be Chinese.")
        return Text(english, chinese)


def parse_question(id: str, group: str, value: Any, file: str) -> Question:
    """The entry ``id`` of ``file`` as a `Question`; raises `BankError` where it is malformed."""
    entry = Field(value, f"{file}, {id}")
    if not isinstance(id, str) or not _ID.fullmatch(id):
        entry.fail("the id must be in kebab-case: small letters and digits with - between.")
    given = entry.mapping(_REQUIRED, _OPTIONAL)
    return Question(
        id=id,
        group=group,
        chapter=parse_chapter(given["chapter"]),
        level=given["level"].one_of(LEVELS),
        kind=given["kind"].one_of(KINDS),
        question=given["question"].text(),
        answer=_answer(given["answer"]),
        longer=given["longer"].text() if "longer" in given else None,
        rubric=given["rubric"].items(_rubric_point, least=3, most=6),
        wrong=given["wrong"].items(_wrong_answer, least=1, most=4),
        follow_ups=given["follow_ups"].items(_follow_up, least=1, most=5),
        sources=given["sources"].items(_source, least=1, most=6),
    )


def parse_chapter(field: Field) -> str | None:
    """The name of a chapter, such as 20_preprocessing, or None."""
    if field.value is None:
        return None
    if not isinstance(field.value, str) or not _CHAPTER.fullmatch(field.value):
        field.fail(f"this is {field.value!r}, but it must be like 20_preprocessing, or null.")
    return field.value


def _answer(field: Field) -> Text:
    text = field.text()
    words, characters = count_words(text.en), count_characters(text.zh)
    if words > MAX_ENGLISH_WORDS:
        field.fail(f"en has {words} words, but a minute holds {MAX_ENGLISH_WORDS}.")
    if characters > MAX_CHINESE_CHARACTERS:
        field.fail(
            f"zh has {characters} characters, but a minute holds {MAX_CHINESE_CHARACTERS}."
        )
    return text


def _rubric_point(field: Field) -> RubricPoint:
    parts = field.mapping(frozenset(["points", *LANGUAGES]))
    languages = {language: field.value[language] for language in LANGUAGES}
    text = Field(languages, field.place).text()
    return RubricPoint(parts["points"].whole_number(1, 10), text)


def _wrong_answer(field: Field) -> WrongAnswer:
    parts = field.mapping(frozenset(["answer", "why"]))
    return WrongAnswer(parts["answer"].text(), parts["why"].text())


def _follow_up(field: Field) -> FollowUp:
    parts = field.mapping(frozenset(["question", "answer"]))
    return FollowUp(parts["question"].text(), parts["answer"].text())


def _source(field: Field) -> Source:
    parts = field.mapping(frozenset(["title", "authors", "year"]), frozenset(_LINKS))
    given = [name for name in _LINKS if name in parts]
    if len(given) != 1:
        field.fail(f"there must be one of {', '.join(_LINKS)}, and there are {len(given)}.")
    pattern, address = _LINKS[given[0]]
    link = parts[given[0]].string()
    if not pattern.fullmatch(link):
        parts[given[0]].fail(f"this is {link!r}, which is not the form of one.")
    return Source(
        title=parts["title"].string().strip(),
        authors=parts["authors"].string().strip(),
        year=parts["year"].whole_number(1900, 2100),
        url=address.format(link),
    )
