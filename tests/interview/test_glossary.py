"""The rules of the glossary, each seen failing, and its agreement with the question bank."""

import copy
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.interview import bank, glossary
from helpers.interview.question import GROUPS, Text
from helpers.interview.text import count_characters, count_words, has_chinese

TERMS = glossary.load()
SOLUTIONS = Path(__file__).parents[2] / "solutions"
GOOD: dict[str, Any] = {
    "term": {"en": "optical flow", "zh": "光流"},
    "definition": {"en": "The apparent motion of pixels.", "zh": "像素的表观运动。"},
    "group": "fundamentals",
    "chapter": "20_preprocessing",
    "also": ["flow"],
}


def write(folder: Path, entries: Any) -> Path:
    path = folder / "glossary.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    return path


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    (term,) = glossary.read_file(write(tmp_path, [GOOD]))
    assert (term.name, term.group) == (Text("optical flow", "光流"), "fundamentals")
    assert term.names == ("optical flow", "光流", "flow")
    without = {key: value for key, value in GOOD.items() if key != "also"}
    assert glossary.read_file(write(tmp_path, [without]))[0].also == ()
    spoken = {**GOOD, "term": {"en": "optical flow", "zh": "flow"}, "chapter": None}
    assert glossary.read_file(write(tmp_path, [spoken]))[0].names == ("optical flow", "flow")


BROKEN = [
    ({"term": {"en": "光流", "zh": "光流"}}, "光流, term, en", "must be English"),
    ({"term": {"en": "flow field", "zh": "field"}}, "flow field, term, zh", "must be Chinese"),
    ({"term": {"en": "optical flow"}}, "optical flow, term", "'zh' is missing"),
    ({"term": {"en": " ", "zh": "光流"}}, "term 1, term, en", "empty"),
    ({"term": "optical flow"}, "term 1, term", "must have the keys en, zh"),
    ({"definition": {"en": "One. Two.", "zh": "一句。"}}, "definition, en", "one sentence"),
    ({"definition": {"en": "No end", "zh": "一句。"}}, "definition, en", "full stop"),
    ({"definition": {"en": "Really?", "zh": "一句。"}}, "definition, en", "full stop"),
    ({"definition": {"en": "One.", "zh": "一句。两句。"}}, "definition, zh", "one sentence"),
    ({"definition": {"en": "One.", "zh": "没有句号"}}, "definition, zh", "ends with 。"),
    ({"definition": {"en": "One.", "zh": "One."}}, "definition, zh", "must be Chinese"),
    ({"definition": {"en": "w " * 30 + "w.", "zh": "一。"}}, "definition, en", "31 words"),
    ({"definition": {"en": "One.", "zh": "字" * 61 + "。"}}, "definition, zh", "61 characters"),
    ({"group": "flow"}, "group", "must be one of fundamentals"),
    ({"chapter": "preprocessing"}, "chapter", "20_preprocessing, or null"),
    ({"also": []}, "also", "0 items"),
    ({"also": "flow"}, "also", "must be a list"),
    ({"also": [7]}, "also 1", "quote it"),
    ({"also": ["Optical-Flow"]}, "optical flow", "already a name of optical flow"),
    ({"source": "x"}, "optical flow", "'source' is unknown"),
]


@pytest.mark.parametrize(("change", "place", "problem"), BROKEN)
def test_a_malformed_entry_is_named(
    change: dict[str, Any], place: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(bank.BankError) as caught:
        glossary.read_file(write(tmp_path, [{**GOOD, **change}]))
    message = str(caught.value)
    assert message.startswith("glossary.yaml, ")
    assert f"{place}: " in message
    assert problem in message.split(": ", 1)[1]
    assert "\n" not in message and len(message) < 400


@pytest.mark.parametrize("key", ["term", "definition", "group", "chapter"])
def test_a_missing_field_is_named(key: str, tmp_path: Path) -> None:
    entry = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(bank.BankError, match=f"'{key}' is missing"):
        glossary.read_file(write(tmp_path, [entry]))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: b\n", "must be a list"),
        ("", "must be a list"),
        ("[]\n", "must be a list"),
        ("- [\n", "not valid YAML"),
        ("- {group: coding, group: coding}\n", "the key 'group' a second time"),
        ("- optical flow\n", "term 1: this is 'optical flow', but it must have the keys"),
    ],
)
def test_a_malformed_file_is_named(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(bank.BankError, match=re.escape(problem)):
        glossary.read_file(path)
    path.write_bytes("- 视频".encode("gbk"))
    with pytest.raises(bank.BankError, match="not valid YAML"):
        glossary.read_file(path)


@pytest.mark.parametrize(
    "names",
    [
        {"term": {"en": "Optical Flow", "zh": "别的"}},
        {"term": {"en": "another", "zh": "光流"}},
        {"term": {"en": "another", "zh": "别的"}, "also": ["光流"]},
        {"term": {"en": "another", "zh": "别的"}, "also": ["Flow"]},
    ],
)
def test_a_name_belongs_to_one_term(names: dict[str, Any], tmp_path: Path) -> None:
    other = {**copy.deepcopy(GOOD), "also": ["x"], **names}
    with pytest.raises(bank.BankError, match="already a name of optical flow"):
        glossary.read_file(write(tmp_path, [GOOD, other]))


def test_an_abbreviation_may_spell_another_word(tmp_path: Path) -> None:
    other = {**GOOD, "term": {"en": "fast low overhead", "zh": "别的"}, "also": ["FLOW"]}
    assert len(glossary.read_file(write(tmp_path, [GOOD, other]))) == 2


def test_the_size_and_the_groups() -> None:
    assert 150 <= len(TERMS) <= 180
    for group in GROUPS:
        assert len(glossary.in_group(group)) >= 5, group
    assert sum(len(glossary.in_group(group)) for group in GROUPS) == len(TERMS)
    with pytest.raises(ValueError, match="group is 'flow', but it must be one of fundamentals"):
        glossary.in_group("flow")
    glossary.load().clear()
    assert glossary.load() == TERMS


def test_no_name_stands_twice() -> None:
    for names in (
        [term.name.en for term in TERMS],
        [term.name.zh for term in TERMS],
        [name for term in TERMS for name in term.names],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []


def alphabetical(name: str) -> str:
    """Without capitals and accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def test_the_order_is_alphabetical() -> None:
    names = [term.name.en for term in TERMS]
    assert names == sorted(names, key=alphabetical)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name.en)
def test_definitions_are_short_sentences_in_their_language(term: glossary.Term) -> None:
    definition = term.definition
    assert count_words(definition.en) <= 30 and count_characters(definition.zh) <= 60
    assert re.fullmatch(r"[^.!?]([^.!?]|[.](?=\S))*[.]", definition.en)
    assert re.fullmatch(r"[^。！？]+。", definition.zh)
    assert has_chinese(definition.zh) and not has_chinese(definition.en)
    # No line that begins with a mark of Markdown, such as +, which would stay a line.
    assert "\n" not in definition.en + definition.zh
    # A Chinese name, or one that Chinese speakers say in English.
    assert has_chinese(term.name.zh) or term.name.zh in (term.name.en, *term.also)
    # The English must not be pasted into the Chinese, nor much be lost between the two.
    assert len(re.findall(r"[\u4e00-\u9fff]", definition.zh)) >= 10
    assert 0.15 < len(definition.zh) / len(definition.en) < 0.8


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name.en)
def test_chinese_uses_chinese_punctuation(term: glossary.Term) -> None:
    for text in (term.name.zh, term.definition.zh, *filter(has_chinese, term.also)):
        assert not re.search(r"[\u4e00-\u9fff] ?[,;:?!.]|[,;:?!] ?[\u4e00-\u9fff]", text)
        assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", text)
        assert not re.search(r"\d\s+%", text)


# What chapters call a term that they explain without its name.
CALLED = {"chroma subsampling": "4:2:0"}


@pytest.mark.parametrize("term", [t for t in TERMS if t.chapter], ids=lambda term: term.name.en)
def test_the_named_chapter_exists_and_speaks_of_the_term(term: glossary.Term) -> None:
    chapter = (SOLUTIONS / f"{term.chapter}.md").read_text(encoding="utf-8").casefold()
    starts = [name.casefold().split()[0] for name in term.names if not has_chinese(name)]
    called = [CALLED[term.name.en]] if term.name.en in CALLED else starts
    assert any(re.search(rf"(?<![a-z]){re.escape(word)}", chapter) for word in called)
    assert term in glossary.in_chapter(str(term.chapter))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("IoU", "intersection over union"),
        ("mAP", "mean average precision"),
        ("AP", "average precision"),
        ("NMS", "non-maximum suppression"),
        ("FPN", "feature pyramid network"),
        ("GOP", "group of pictures"),
        ("PTS", "presentation timestamp"),
        ("DTS", "decoding timestamp"),
        ("EMA", "exponential moving average"),
        ("BN", "batch normalisation"),
        ("LN", "layer normalisation"),
        ("LayerNorm", "layer normalisation"),
        ("DropPath", "stochastic depth"),
        ("MAE", "masked autoencoder"),
        ("JEPA", "joint-embedding predictive architecture"),
        ("VAE", "variational autoencoder"),
        ("CFG", "classifier-free guidance"),
        ("DiT", "diffusion transformer"),
        ("FVD", "Fréchet video distance"),
        ("MFU", "model FLOPs utilisation"),
        ("FSDP", "fully sharded data parallelism"),
        ("PTQ", "post-training quantisation"),
        ("QAT", "quantisation-aware training"),
        ("R@k", "recall at k"),
        ("MAC", "multiply-add"),
        ("ANN", "approximate nearest-neighbour search"),
        ("CLIP", "CLIP"),
        ("clip", "clip"),
        ("Clip", "clip"),
        ("iou", "intersection over union"),
        ("ＩｏＵ", "intersection over union"),
        (" Non Maximum  Suppression ", "non-maximum suppression"),
        ("precision recall", None),
        ("非极大值抑制", "non-maximum suppression"),
        ("KV缓存", "KV cache"),
        ("时间定位", "temporal grounding"),
        ("normalization", "normalisation"),
        ("", None),
    ],
)
def test_find_takes_any_name(text: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(LookupError, match="has no term"):
            glossary.find(text)
    else:
        assert glossary.find(text).name.en == name


def test_every_name_finds_its_term_however_it_is_typed() -> None:
    for term in TERMS:
        for name in term.names:
            assert glossary.find(name) is term
            if name.lower() != "clip":
                assert glossary.find(f" {name.swapcase()} ") is term


def test_find_names_near_terms_and_refuses_what_is_no_text() -> None:
    with pytest.raises(LookupError, match=r"no term 'optical flw'\. Did you mean optical flow"):
        glossary.find("optical flw")
    with pytest.raises(LookupError, match=r"^术语表里没有“光流场”。你要找的是不是：光流？$"):
        glossary.find("光流场", "zh")
    with pytest.raises(TypeError, match="text is 7, but it must be a name"):
        glossary.find(7)  # type: ignore[arg-type]


def test_markdown_names_each_name_once() -> None:
    shown = glossary.markdown([glossary.find("SORT"), glossary.find("光流")])
    assert shown.startswith("- **SORT** (simple online and realtime tracking")
    assert "- **optical flow · 光流**\n  The apparent motion" in shown
    assert glossary.markdown([]) == ""


def bank_texts(value: Any) -> Iterator[Text]:
    """Every text in a question of the bank, however deep."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from bank_texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from bank_texts(getattr(value, field.name))


BANK = [text for question in bank.load().values() for text in bank_texts(question)]


def spelt(name: str) -> str:
    """A pattern for the name: capitals count where it has any, else the plural is taken too."""
    if name != name.lower():
        return re.escape(name)
    return f"(?i:{re.escape(name)}(?:e?s)?)"


@cache
def mentions() -> dict[str, Counter[int]]:
    """How often each text of the bank says each term in English, by the term's English name.

    Longer names come first, so that "batch normalisation" is not a mention of normalisation.
    """
    owners = {name: term for term in TERMS for name in term.names if not has_chinese(name)}
    longest_first = sorted(owners, key=len, reverse=True)
    names = "|".join(f"(?P<n{n}>{spelt(name)})" for n, name in enumerate(longest_first))
    pattern = re.compile(rf"(?<![A-Za-z-])(?:{names})(?![A-Za-z-])")
    found: dict[str, Counter[int]] = {term.name.en: Counter() for term in TERMS}
    for number, text in enumerate(BANK):
        for match in pattern.finditer(text.en):
            name = longest_first[int(str(match.lastgroup)[1:])]
            found[owners[name].name.en][number] += 1
    return found


def most_frequent(count: int) -> list[glossary.Term]:
    return sorted(TERMS, key=lambda term: -mentions()[term.name.en].total())[:count]


def share_said_alike(term: glossary.Term) -> float:
    """Of the texts that say the term in English, those that use one of its names in Chinese."""
    said_in = mentions()[term.name.en]
    names = [name.lower() for name in term.names]
    alike = [any(name in BANK[text].zh.lower() for name in names) for text in said_in]
    return sum(alike) / len(alike)


def is_the_usual_name(term: glossary.Term) -> bool:
    """Whether the bank prefers no other Chinese name of the term; a part of it is no rival."""
    usual = term.name.zh
    rivals = [
        name
        for name in term.also
        if has_chinese(name) and name not in usual and usual not in name
    ]
    uses = {name: sum(text.zh.count(name) for text in BANK) for name in (usual, *rivals)}
    return uses[usual] == max(uses.values())


# By rank: to find the terms themselves takes seconds, in every worker.
@pytest.mark.parametrize("rank", range(20))
def test_the_bank_uses_the_glossary_for_its_most_frequent_terms(rank: int) -> None:
    term = most_frequent(20)[rank]
    assert share_said_alike(term) > 0.5, term
    assert is_the_usual_name(term), term


@pytest.mark.parametrize(
    ("english", "wrong"),
    [("frame", "图像"), ("mask", "遮罩"), ("latency", "吞吐"), ("precision", "精度")],
)
def test_a_wrong_name_is_noticed(english: str, wrong: str) -> None:
    term = replace(glossary.find(english), name=Text(english, wrong), also=())
    assert share_said_alike(term) < 0.5


def test_an_unusual_name_is_noticed() -> None:
    term = replace(glossary.find("stride"), name=Text("stride", "步幅"), also=("步长",))
    assert not is_the_usual_name(term)
