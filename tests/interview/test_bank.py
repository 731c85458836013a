"""Each rule of the bank is seen failing on a broken copy of one good entry."""

import copy
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.interview import bank
from helpers.interview.question import GROUPS, Question, Text

QUESTIONS = list(bank.load().values())
GOOD: dict[str, Any] = {
    "chapter": "20_preprocessing",
    "level": "mid",
    "kind": "concept",
    "question": {"en": "What is a video?", "zh": "什么是视频？"},
    "answer": {"en": "Frames in time.", "zh": "按时间排列的帧。"},
    "rubric": [
        {"points": points, "en": "It says time.", "zh": "提到时间。"} for points in (1, 2, 3)
    ],
    "wrong": [
        {"answer": {"en": "A file.", "zh": "文件。"}, "why": {"en": "No.", "zh": "不是。"}}
    ],
    "follow_ups": [
        {
            "question": {"en": "And?", "zh": "还有呢？"},
            "answer": {"en": "Sound.", "zh": "声音。"},
        }
    ],
    "sources": [{"title": "A", "authors": "B", "year": 2020, "arxiv": "2001.00001"}],
}


def write(folder: Path, entries: Any, name: str = "metrics.yaml") -> Path:
    (folder / name).write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    return folder


def test_a_good_entry_is_read(tmp_path: Path) -> None:
    question = bank.read_folder(write(tmp_path, {"what-is": GOOD}))["what-is"]
    assert (question.group, question.level, question.longer) == ("metrics", "mid", None)
    assert question.max_points == 6
    assert question.answer == Text("Frames in time.", "按时间排列的帧。")
    assert question.sources[0].url == "https://arxiv.org/abs/2001.00001"


def put(*path: Any) -> Callable[[dict], None]:
    """Set the value at a path of keys, whose last element is the value."""

    def change(entry: dict) -> None:
        *keys, last, value = path
        place: Any = entry
        for key in keys:
            place = place[key]
        place[last] = value

    return change


def drop(*path: Any) -> Callable[[dict], None]:
    def change(entry: dict) -> None:
        place: Any = entry
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return change


POINT = GOOD["rubric"][0]
BROKEN = [
    (put("answr", {}), "what-is", "'answr' is unknown"),
    (drop("wrong"), "what-is", "'wrong' is missing"),
    (drop("answer", "zh"), "answer", "'zh' is missing"),
    (drop("rubric", 1, "en"), "rubric 2", "'en' is missing"),
    (put("question", "en", " "), "question, en", "empty"),
    (put("question", "en", 7), "question, en", "quote it"),
    (put("question", "en", "什么？"), "question, en", "must be English"),
    (put("follow_ups", 0, "answer", "zh", "Sound."), "follow_ups 1, answer, zh", "be Chinese"),
    (put("question", "What?"), "question", "must have the keys en, zh"),
    (put("level", "boss"), "level", "junior, mid, senior, staff"),
    (put("kind", ["concept"]), "kind", "one of concept"),
    (put("chapter", "preprocessing"), "chapter", "20_preprocessing, or null"),
    (put("chapter", 20), "chapter", "or null"),
    (put("rubric", [POINT] * 2), "rubric", "2 items, but there must be 3 to 6"),
    (put("rubric", [POINT] * 7), "rubric", "7 items"),
    (put("rubric", "one"), "rubric", "must be a list"),
    (put("rubric", 0, "points", 0), "rubric 1, points", "from 1 to 10"),
    (put("rubric", 0, "points", 1.5), "rubric 1, points", "whole number"),
    (put("rubric", 0, "points", True), "rubric 1, points", "whole number"),
    (put("wrong", []), "wrong", "0 items"),
    (put("wrong", 0, "note", "x"), "wrong 1", "'note' is unknown"),
    (put("follow_ups", []), "follow_ups", "0 items"),
    (put("answer", "en", "word " * 171), "answer", "171 words"),
    (put("answer", "zh", "字" * 301), "answer", "301 characters"),
    (put("sources", []), "sources", "0 items"),
    (drop("sources", 0, "arxiv"), "sources 1", "one of url, arxiv, doi"),
    (put("sources", 0, "url", "https://a.org"), "sources 1", "there are 2"),
    (put("sources", 0, "arxiv", 2001.00001), "sources 1, arxiv", "quote it"),
    (put("sources", 0, "arxiv", "arXiv:2001.00001"), "sources 1, arxiv", "form"),
    (put("sources", 0, "year", "2020"), "sources 1, year", "whole number"),
    (put("sources", 0, "year", 20), "sources 1, year", "1900"),
    (
        put("sources", 0, {"title": "A", "authors": "B", "year": 2020, "doi": "x"}),
        "doi",
        "form",
    ),
    (
        put("sources", 0, {"title": "A", "authors": "B", "year": 2020, "url": "ftp://a.b"}),
        "url",
        "form",
    ),
]


@pytest.mark.parametrize(("change", "field", "problem"), BROKEN)
def test_a_malformed_entry_is_named(
    change: Callable[[dict], None], field: str, problem: str, tmp_path: Path
) -> None:
    entry = copy.deepcopy(GOOD)
    change(entry)
    with pytest.raises(bank.BankError) as caught:
        bank.read_folder(write(tmp_path, {"what-is": entry}))
    message = str(caught.value)
    assert message.startswith("metrics.yaml, what-is")
    assert f"{field}: " in message
    assert problem in message.split(": ", 1)[1]
    assert "\n" not in message and len(message) < 300


@pytest.mark.parametrize("id", ["What-is", "what_is", "-what", "what--is", "是什么", 7])
def test_an_id_is_kebab_case(id: Any, tmp_path: Path) -> None:
    with pytest.raises(bank.BankError, match="kebab-case"):
        bank.read_folder(write(tmp_path, {id: GOOD}))


def test_an_id_belongs_to_one_file(tmp_path: Path) -> None:
    write(tmp_path, {"what-is": GOOD})
    write(tmp_path, {"what-is": GOOD}, "fundamentals.yaml")
    with pytest.raises(bank.BankError, match=r"what-is: the id is already in fundamentals"):
        bank.read_folder(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a-b: {}\na-b: {}\n", "line 2 gives the key 'a-b' a second time"),
        ("a-b: {level: mid, level: mid}\n", "the key 'level' a second time"),
        ("a: [\n", "not valid YAML"),
        ("- a\n", "must map the id"),
        ("", "must map the id"),
        ("a: !!python/object:os.system {}\n", "not valid YAML"),
        ("{[a]: 1}: 2\n", "not valid YAML"),
    ],
)
def test_a_malformed_file_is_named(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(bank.BankError) as caught:
        bank.read_folder(tmp_path)
    assert str(caught.value).startswith("metrics.yaml: ")
    assert problem in str(caught.value)


def test_other_encodings_and_unknown_groups_are_named(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_bytes("a: 视频".encode("gbk"))
    with pytest.raises(bank.BankError, match=r"metrics\.yaml: this is not valid YAML"):
        bank.read_folder(tmp_path)
    (tmp_path / "metrics.yaml").rename(tmp_path / "metric.yaml")
    with pytest.raises(bank.BankError, match=r"metric\.yaml: the file's name is no group"):
        bank.read_folder(tmp_path)


def test_get_and_load() -> None:
    question = bank.get("preprocessing-pipeline")
    assert bank.load()[question.id] is question
    bank.load().clear()
    assert bank.load()
    with pytest.raises(LookupError, match="Did you mean preprocessing-pipeline"):
        bank.get("preprocessing-pipelin")


def test_the_course_can_rely_on_these_entries() -> None:
    chapters = {question.id: question.chapter for question in QUESTIONS}
    assert chapters["what-frames-does-a-model-see"] == "00_start_here"
    assert chapters["preprocessing-pipeline"] == "20_preprocessing"
    assert list(dict.fromkeys(question.group for question in QUESTIONS)) == [
        group for group in GROUPS if any(question.group == group for question in QUESTIONS)
    ]


def texts(question: Question) -> list[Text]:
    optional = [question.longer] if question.longer else []
    return [
        *(question.question, question.answer, *optional),
        *(point.text for point in question.rubric),
        *(text for wrong in question.wrong for text in (wrong.answer, wrong.why)),
        *(text for follow in question.follow_ups for text in (follow.question, follow.answer)),
    ]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_both_languages_hold_the_same_code_and_the_same_share_of_text(
    question: Question,
) -> None:
    for text in texts(question):
        assert text.en.count("```") == text.zh.count("```")
        assert text.en.count("```") % 2 == 0
        assert text.en.count("**") % 2 == text.zh.count("**") % 2 == 0
        # A translation that lost a paragraph, or was pasted from another entry.
        assert text.en.count("\n\n") == text.zh.count("\n\n")
    english = sum(len(text.en) for text in texts(question))
    chinese = sum(len(text.zh) for text in texts(question))
    assert 0.25 < chinese / english < 0.6


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_chinese_uses_chinese_punctuation(question: Question) -> None:
    for text in texts(question):
        prose = re.sub(r"```.*?```|`[^`]*`", "", text.zh, flags=re.DOTALL)
        assert not re.search(r"[\u4e00-\u9fff] ?[,;:?!.]|[,;:?!] ?[\u4e00-\u9fff]", prose)
        assert not re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", prose)
        assert not re.search(r"\d\s+%", prose)


def test_system_designs_follow_the_skeleton() -> None:
    english = "Requirements, Estimates, Data, Model, Serving, Evaluation, Monitoring, Failure"
    chinese = "需求, 估算, 数据, 模型, 服务, 评估, 监控, 故障应对"
    for question in QUESTIONS:
        if question.kind == "system-design":
            assert question.longer is not None
            assert re.findall(r"^\*\*(\w+)\.\*\*", question.longer.en, re.M) == english.split(
                ", "
            )
            assert re.findall(r"^\*\*(\w+)。\*\*", question.longer.zh, re.M) == chinese.split(
                ", "
            )


def similarity(one: str, two: str) -> float:
    """Shared words (or Chinese pairs of characters) over all of them, common words aside."""
    common = re.findall(
        r"\w+",
        "a an the is are do does you your how what which why when it its and or of in to for on "
        "with between would at from that each",
    )
    sets = []
    for text in (one, two):
        words = set(re.findall(r"[a-z0-9]+", text.lower())) - set(common)
        han = "".join(re.findall(r"[\u4e00-\u9fff]", text))
        sets.append(words | {han[i : i + 2] for i in range(len(han) - 1)})
    return len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1]))


def test_no_two_questions_are_nearly_the_same() -> None:
    assert similarity("Why is video harder than images?", "Why is a video harder?") >= 0.5
    assert similarity("视频为什么比图像难处理？", "为什么视频处理比图像难？") >= 0.4
    for one, two in combinations(QUESTIONS, 2):
        for language in ("en", "zh"):
            closeness = similarity(one.question[language], two.question[language])
            assert closeness < 0.35, f"{one.id} and {two.id} ask nearly the same ({language})"
