"""The packages are imported into collections of Anki itself."""

import re
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest

from helpers.interview import anki, bank, card
from helpers.interview.question import LANGUAGES, Language, Question, Text

BANK = bank.load()
QUESTIONS = list(BANK.values())
QUESTION = BANK["psnr-versus-ssim"]
WITH_CODE = BANK["clip-layouts-transpose-not-reshape"]
languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(str(tmp_path / "collection.anki2"))
    yield collection
    collection.close()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is exported from here on is a minute younger than what is imported before.

    Anki takes a note for newer by whole seconds, which a test does not wait for.
    """
    monkeypatch.setattr(anki, "time", SimpleNamespace(time=lambda: time.time() + 60))


def import_package(collection: Collection, path: Path) -> None:
    """As Anki's File > Import does, with the options that it proposes."""
    collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))


def notes(collection: Collection) -> dict[str, dict[str, str]]:
    """The fields of every note, with its tags, by the name that Anki knows it by."""
    found = (collection.get_note(id) for id in collection.find_notes(""))
    return {note.guid: {**dict(note.items()), "tags": " ".join(note.tags)} for note in found}


@languages
def test_every_question_is_a_card_in_the_deck_of_its_language(
    collection: Collection, tmp_path: Path, language: Language
) -> None:
    assert anki.export(tmp_path / "cards.apkg", language) == len(QUESTIONS)
    import_package(collection, tmp_path / "cards.apkg")
    found = notes(collection)
    assert set(found) == {anki.note_id(question, language) for question in QUESTIONS}
    assert collection.card_count() == len(QUESTIONS)
    assert set(collection.find_cards(f'"deck:{anki.DECK_NAMES[language]}"')) == set(
        collection.find_cards("")
    )
    for question in QUESTIONS:
        note = found[anki.note_id(question, language)]
        assert note["Question"] == card.front(question, language)
        assert note["Answer"] == card.back(question, language)
        assert note["Label"] == question.tags(language)


@languages
def test_importing_again_adds_nothing(
    collection: Collection, tmp_path: Path, later: None, language: Language
) -> None:
    anki.export(tmp_path / "cards.apkg", language)
    import_package(collection, tmp_path / "cards.apkg")
    first = notes(collection)
    import_package(collection, tmp_path / "cards.apkg")
    anki.export(tmp_path / "cards.apkg", language, reversed(QUESTIONS))
    import_package(collection, tmp_path / "cards.apkg")
    assert notes(collection) == first
    assert collection.note_count() == collection.card_count() == len(QUESTIONS)


def test_a_later_export_updates_the_cards_and_keeps_their_history(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anki.export(tmp_path / "cards.apkg")
    import_package(collection, tmp_path / "cards.apkg")
    before = notes(collection)
    deck = collection.decks.id_for_name(anki.DECK_NAMES["en"])
    assert deck is not None
    collection.decks.select(deck)
    studied = collection.sched.getCard()
    assert studied is not None
    studied.start_timer()
    collection.sched.answerCard(studied, 4)
    changed = replace(
        next(q for q in QUESTIONS if anki.note_id(q, "en") == studied.note().guid),
        question=Text("Asked *anew*?", "换个问法？"),
        level="staff",
        chapter="99_new",
    )

    monkeypatch.setattr(anki, "time", SimpleNamespace(time=lambda: time.time() + 60))
    monkeypatch.setattr(card, "STYLE_SHEET", ".card { color: teal; }")
    anki.export(tmp_path / "cards.apkg", questions=(BANK | {changed.id: changed}).values())
    import_package(collection, tmp_path / "cards.apkg")

    after = notes(collection)
    updated = after.pop(studied.note().guid)
    assert updated["Question"] == "<p>Asked <em>anew</em>?</p>"
    assert set(updated["tags"].split()) == {
        f"group::{changed.group}",
        "level::staff",
        "chapter::99_new",
    }
    before.pop(studied.note().guid)
    assert after == before
    assert collection.card_count() == len(QUESTIONS)
    assert collection.get_card(studied.id).reps == 1
    assert "teal" in collection.get_card(studied.id).question()


def test_the_languages_do_not_collide(collection: Collection, tmp_path: Path) -> None:
    for language in LANGUAGES:
        anki.export(tmp_path / f"{language}.apkg", language)
    for path in [tmp_path / "en.apkg", tmp_path / "zh.apkg", tmp_path / "en.apkg"]:
        import_package(collection, path)
    assert collection.note_count() == collection.card_count() == 2 * len(QUESTIONS)
    for language in LANGUAGES:
        cards = collection.find_cards(f'"deck:{anki.DECK_NAMES[language]}"')
        assert len(cards) == len(QUESTIONS)
        codes = {collection.get_card(id).note()["Language"] for id in cards}
        assert codes == {card.LANGUAGE_CODES[language]}


def test_anki_finds_cards_by_group_level_and_chapter(
    collection: Collection, tmp_path: Path
) -> None:
    anki.export(tmp_path / "cards.apkg")
    import_package(collection, tmp_path / "cards.apkg")
    found = notes(collection)
    for question in QUESTIONS:
        tags = {f"group::{question.group}", f"level::{question.level}"}
        tags |= {f"chapter::{question.chapter}"} if question.chapter else set()
        assert set(found[anki.note_id(question, "en")]["tags"].split()) == tags
    metrics = [question for question in QUESTIONS if question.group == "metrics"]
    assert len(collection.find_notes("tag:group::metrics")) == len(metrics)


def test_the_card_shows_the_question_first_and_then_the_answer(
    collection: Collection, tmp_path: Path
) -> None:
    anki.export(tmp_path / "cards.apkg", "zh", [QUESTION])
    import_package(collection, tmp_path / "cards.apkg")
    (id,) = collection.find_cards("")
    asked, answered = collection.get_card(id).question(), collection.get_card(id).answer()
    assert '<div lang="zh-Hans">' in asked
    assert card.front(QUESTION, "zh") in asked and card.front(QUESTION, "zh") in answered
    assert QUESTION.tags("zh") in asked
    assert card.back(QUESTION, "zh") in answered and card.back(QUESTION, "zh") not in asked
    assert card.STYLE_SHEET in asked


def test_what_anki_knows_the_cards_by_never_changes() -> None:
    """With any other value here, cards of earlier exports would double or stay out of date."""
    assert anki.MODEL_ID == 1736402851
    assert anki.DECK_IDS == {"en": 1902715364, "zh": 1902715365}
    assert list(anki.DECK_NAMES.values()) == [
        "Large Video Models: interview questions",
        "视频大模型：面试题",
    ]
    assert anki.FIELDS == ("Question", "Label", "Answer", "Language")
    assert anki.TEMPLATE_NAME == "Question and answer"
    assert [anki.note_id(QUESTION, language) for language in LANGUAGES] == [
        "O[V5#xQ_RI",
        "fwOn^-C^r~",
    ]


class Balance(HTMLParser):
    """Collects the text, and notices a tag that is closed out of turn or not at all."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.is_open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.is_open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.is_open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.is_open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def squeezed(text: str) -> str:
    """Without spaces and the marks of Markdown, to compare a text with its HTML."""
    text = re.sub(r"```\w*|^ *(?:[-*]|\d+\.) ", "", text, flags=re.MULTILINE)
    return re.sub(r"[\s*`]", "", text)


@languages
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_everything_is_said_and_no_markdown_is_left(
    question: Question, language: Language
) -> None:
    html = card.front(question, language) + card.back(question, language)
    said = squeezed(Balance(html).text)
    texts = [question.question, question.answer]
    texts += [question.longer] if question.longer else []
    texts += [point.text for point in question.rubric]
    texts += [text for wrong in question.wrong for text in (wrong.answer, wrong.why)]
    texts += [text for ask in question.follow_ups for text in (ask.question, ask.answer)]
    for text in texts:
        assert squeezed(text[language]) in said
    assert all(source.url in unescape(html) for source in question.sources)
    points = re.findall(r"<li><b>(\d+)</b>", html)
    assert sum(map(int, points)) == question.max_points

    prose = Balance(re.sub(r"<(pre|code).*?</\1>", "", html, flags=re.DOTALL)).text
    assert not re.search(r"\*\*|`|\]\(|^#|^[-*] |(?<!\w)\*\w", prose, re.MULTILINE)


def test_follow_ups_and_the_longer_answer_are_folded() -> None:
    longer = replace(QUESTION, longer=Text("Much *more*.", "还有*很多*。"))
    html = card.back(longer, "en")
    assert "<summary>The longer answer</summary>\n<p>Much <em>more</em>.</p>" in html
    shown = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
    assert "Much" not in shown
    assert html.count("<details>") == len(QUESTION.follow_ups) + 1


def test_code_is_coloured_and_what_looks_like_html_stays_text() -> None:
    html = card.back(WITH_CODE, "en")
    assert html.count('<div class="highlight">') == WITH_CODE.answer.en.count("```python")
    assert '<span class="c1"># NumPy</span>' in html
    odd = replace(QUESTION, question=Text("`a<b`\n\n```no-language\nx<y\n```\n\n<b>", "<b>问"))
    html = card.front(odd, "en")
    assert "<code>a&lt;b</code>" in html and "x&lt;y" in html and "&lt;b&gt;" in html


def test_formulas_stand_between_the_marks_of_anki() -> None:
    text = "One $a_1 < b_2$, two:\n\n$$\nx^2\n$$\n\nand `$HOME`, `$PATH`."
    html = card.front(replace(QUESTION, question=Text(text, text)), "en")
    assert r"\(a_1 &lt; b_2\)" in html and r"\[x^2\]" in html
    assert "<code>$HOME</code>, <code>$PATH</code>" in html


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, background: str) -> float:
    dark, light = sorted([luminance(colour), luminance(background)])
    return (light + 0.05) / (dark + 0.05)


def declared(name: str) -> dict[str, str]:
    """The values of ``color`` or ``background`` in the style sheet by selector."""
    rules = re.findall(r"([^{}]+){([^{}]*)}", re.sub(r"/\*.*?\*/", "", card.STYLE_SHEET))
    return {
        selector.strip(): found[1]
        for selector, body in rules
        if (found := re.search(rf"(?<![\w-]){name}: (#\w+)", body))
    }


@pytest.mark.parametrize(
    ("body", "inside"),
    [(".card", ""), (".card.nightMode", ".nightMode ")],
    ids=["day", "night"],
)
def test_everything_is_legible_by_day_and_by_night(body: str, inside: str) -> None:
    """4.5 is the least contrast of WCAG 2.2, level AA."""
    colours, backgrounds = declared("color"), declared("background")
    page, code = backgrounds[body], backgrounds[f"{inside}.highlight"]
    in_line = backgrounds[f"{inside}:not(pre) > code"]
    assert contrast(colours[body], page) > 7 and contrast(colours[body], in_line) > 7
    assert contrast(colours[body], code) > 7
    assert contrast(colours[f"{inside}.label"], page) >= 4.5
    assert contrast(colours[f"{inside}a"], page) >= 4.5
    tokens = {
        selector.removeprefix(f"{inside}.highlight ."): colour
        for selector, colour in colours.items()
        if selector.startswith(f"{inside}.highlight .")
    }
    assert len(tokens) > 50
    # Blanks have no shape; the others are names of colours that no Python code has.
    low = {token for token, colour in tokens.items() if contrast(colour, code) < 4.5}
    assert low <= {"w"}


def test_a_package_holds_a_collection_and_no_media(tmp_path: Path) -> None:
    anki.export(tmp_path / "cards.apkg", questions=[QUESTION])
    with zipfile.ZipFile(tmp_path / "cards.apkg") as package:
        assert set(package.namelist()) == {"collection.anki2", "media"}
        assert package.read("media") == b"{}"


def test_what_cannot_be_exported_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cards.apkg"
    with pytest.raises(ValueError, match=r"ends? in \.apkg: name it cards\.apkg\.$"):
        anki.export(tmp_path / "cards.txt")
    with pytest.raises(ValueError, match=r"name it questions\.apkg\.$"):
        anki.export("")
    with pytest.raises(ValueError, match="language is 'fr', but it must be one of"):
        anki.export(path, "fr")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="questions is empty"):
        anki.export(path, questions=[])
    with pytest.raises(ValueError, match=f"questions has {QUESTION.id} 2 times"):
        anki.export(path, questions=[*QUESTIONS, QUESTION])
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing is no folder: make it first"):
        anki.export(tmp_path / "missing" / "cards.apkg")
    folder = tmp_path / "folder.apkg"
    folder.mkdir()
    with pytest.raises(IsADirectoryError, match="is a folder: give the path of a file"):
        anki.export(folder)
    (tmp_path / "file").touch()
    with pytest.raises(FileNotFoundError, match=r"file is no folder: make it first"):
        anki.export(tmp_path / "file" / "cards.apkg")
    assert {path.name for path in tmp_path.iterdir()} == {"folder.apkg", "file"}


def test_what_cannot_be_exported_is_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "folder.apkg").mkdir()
    for name, words in (
        ("cards.txt", r"以 \.apkg 结尾的文件：请改名为 cards\.apkg。$"),
        ("missing/cards.apkg", "不是文件夹：请先创建它"),
        ("folder.apkg", "是文件夹：请给出文件的路径。$"),
    ):
        with pytest.raises((OSError, ValueError), match=words):
            anki.export(tmp_path / name, "zh")


@pytest.mark.parametrize(
    ("failure", "shown"),
    [
        (OSError(28, "No space left on device"), OSError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
    ids=["full disk", "Ctrl-C"],
)
def test_an_interrupted_export_leaves_the_old_file_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    shown: type[BaseException],
) -> None:
    path = tmp_path / "cards.apkg"
    anki.export(path, questions=[QUESTION])
    old = path.read_bytes()
    write = zipfile.ZipFile.writestr

    def write_half(package: zipfile.ZipFile, name: str, content: bytes | str) -> None:
        write(package, name, content[: len(content) // 2])
        raise failure

    monkeypatch.setattr(zipfile.ZipFile, "writestr", write_half)
    with pytest.raises(shown) as raised:
        anki.export(path)
    if shown is OSError:
        assert str(raised.value) == (
            f"{path} cannot be written (No space left on device): check the folder's "
            "permissions and the free space on the disk."
        )
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_stays_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    anki.export(tmp_path / "cards.apkg", questions=[QUESTION])
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.filterwarnings("error")
@languages
def test_no_warning_is_given(tmp_path: Path, language: Language) -> None:
    """genanki warns of what does not look like HTML."""
    anki.export(tmp_path / "cards.apkg", language)
