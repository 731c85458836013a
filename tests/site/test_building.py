"""The pages hold what the notebooks and the bank hold, folded, and lead to one another."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from helpers.course.exercise import of_chapter
from helpers.course.site import building, controls, folding, preparing, questions, terms
from helpers.course.site.building import SiteError
from helpers.course.site.searching import SearchEnglishAndChinese
from helpers.interview import bank, glossary
from helpers.interview.question import Text

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))


class Elements(HTMLParser):
    """The elements of a page: each name with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in names]


def outputs_in_html(name: str) -> list[str]:
    notebook = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [o["data"].get("text/html", "") for c in code for o in c.outputs if "data" in o]


def without_words(page: str) -> list[str]:
    """The pictures and clips of some HTML that tell nothing to those who cannot see them."""
    elements = Elements(page)
    pictures = [a for a in elements.all("img") if not (a.get("alt") or "").strip()]
    clips = [a for a in elements.all("video") if not (a.get("aria-label") or "").strip()]
    return [str(a)[:100] for a in [*pictures, *clips]]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_picture_in_a_stored_output_has_words(name: str) -> None:
    notebook = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            assert without_words(data.get("text/html", "")) == [], cell.id
            for kind in data:
                # A viewer that takes the picture takes its words from the metadata.
                if kind.startswith("image/"):
                    assert output.metadata[kind]["alt"].strip(), cell.id


def test_a_picture_without_words_is_noticed() -> None:
    assert len(without_words('<img src="a"><img alt=" "><video></video>')) == 3
    assert without_words('<img alt="a street"><video aria-label="a street"></video>') == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_answers_are_folded_and_nothing_is_lost(name: str, pages: Path) -> None:
    worked = nbformat.read(ROOT / "solutions" / f"{name}.ipynb", as_version=4)
    page = nbformat.read(pages / f"{name}.ipynb", as_version=4)
    cells = {cell.id: cell for cell in page.cells}
    assert [c.id for c in worked.cells if c.id in cells] == [c.id for c in page.cells]
    exercises = of_chapter(name)
    gone = {c.id for c in worked.cells} - set(cells)
    assert gone == {f"{exercise.name}-help" for exercise in exercises}
    for cell in worked.cells:
        if cell.id.endswith("-answer") and "exercise" in cell.metadata.get("tags", ()):
            open_text, *folds = cells[cell.id].source.split("<details>")
            assert "raise NotImplementedError" in open_text and cell.source not in open_text
            assert len(folds) == 4 and cell.source in folds[3]
            assert [f"Hint {n}" in fold for n, fold in enumerate(folds, 1)] == [True] * 3 + [
                False
            ]
        elif cell.id.startswith("question-"):
            open_text = re.sub(r"<details>.*</details>", "", cells[cell.id].source, flags=re.S)
            assert "Interview question" in open_text and "#### " not in open_text
            assert "60-second answer" not in open_text
        elif cell.id in cells:
            assert cells[cell.id].source == cell.source
    assert {f"{exercise.name}-answer" for exercise in exercises} <= set(cells)


@pytest.mark.parametrize("name", CHAPTERS)
def test_clips_wait_for_the_script_and_links_lead_to_pages(name: str, pages: Path) -> None:
    page = (pages / f"{name}.ipynb").read_text(encoding="utf-8")
    for markup in outputs_in_html(name):
        made = folding.page_html(markup)
        assert len(Elements(made).all("video")) == markup.count("<video ")
        for clip in Elements(made).all("video"):
            assert "autoplay" not in clip and {"controls", "loop", "muted", "src"} <= set(clip)
        assert ".ipynb" not in re.sub(r"base64,[^\"']*", "", made)
        assert json.dumps(made, ensure_ascii=False)[1:60] in page or not made


def test_every_question_stands_on_its_groups_page() -> None:
    made = questions.pages(CHAPTERS)
    for question in bank.load().values():
        page = made[f"bank/{question.group}"]
        assert page.count(f"({question.id})=\n") == 1
        assert f'href="{question.group}.html#{question.id}"' in made["bank/index"]
        _, section = page.split(f"({question.id})=\n")
        section = section.split("\n### ")[1] if section.startswith("\n###") else section
        section = section.split(")=\n")[0]
        before, _, after = section.partition("<details>")
        assert f'data-level="{question.level}"' in before
        assert after.count('<ul class="rubric">') == 2  # in each language
        assert '<ul class="rubric">' not in before


def test_every_term_stands_in_the_glossary_with_its_group() -> None:
    page = terms.page(CHAPTERS)
    for term in glossary.load():
        for name in term.names:
            assert f"\n{name}\n" in page
        assert term.definition.en in page and term.definition.zh in page
    assert page.count('data-hides="dd"') == len(glossary.load())


def test_the_choices_are_hidden_until_the_script_shows_them() -> None:
    form = controls.filter_form({"level": {"mid": Text("mid", "中级")}})
    elements = Elements(form)
    assert "hidden" in elements.all("form")[0]
    assert [a["name"] for a in elements.all("select")] == ["level", "language"]
    assert [a["value"] for a in elements.all("option")] == ["", "mid", "", "en", "zh"]


def test_the_start_page_leads_to_every_page(pages: Path) -> None:
    start = (pages / "index.md").read_text(encoding="utf-8")
    for name in preparing.page_names(ROOT):
        if name != "index" and (not name.startswith("bank/") or name == "bank/index"):
            assert re.search(rf"(^|<){name}>?$", start, flags=re.M), name
    assert "prefers-reduced-motion" in start and "first_look_still.webp" in start
    assert (pages / "_static" / "first_look_still.webp").exists()


def test_search_splits_chinese_into_pairs() -> None:
    language = SearchEnglishAndChinese({})
    assert language.split("用 IoU 匹配，卡尔曼滤波 2x") == [
        "用", "IoU", "匹配", "卡尔", "尔曼", "曼滤", "滤波", "2x",
    ]  # fmt: skip
    assert language.stem("tracking") == "track" and language.stem("跟踪") == "跟踪"


def test_a_warning_is_an_error_and_the_old_site_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(root: Path, source: Path) -> None:
        (source / "_static").mkdir(parents=True)
        (source / "index.md").write_text("# Start\n\n[gone](nowhere.md)\n", encoding="utf-8")

    monkeypatch.setattr(building, "prepare", prepare)
    old = tmp_path / "site" / "index.html"
    old.parent.mkdir()
    old.write_text("old", encoding="utf-8")
    with pytest.raises(SiteError, match=r"index\.md:3: WARNING: .*nowhere") as caught:
        building.build(ROOT, old.parent)
    assert "\x1b" not in str(caught.value) and "/tmp" not in str(caught.value)
    assert old.read_text(encoding="utf-8") == "old"


def links(page: Path) -> list[tuple[Path, str]]:
    """Where a built page leads on the site: the file, and the place in it."""
    found = []
    for attributes in Elements(page.read_text(encoding="utf-8")).all(
        "a", "img", "link", "script"
    ):
        address = urlsplit(attributes.get("href") or attributes.get("src") or "")
        if not address.scheme and (address.path or address.fragment):
            target = page.parent.joinpath(unquote(address.path)) if address.path else page
            found.append((target.resolve(), unquote(address.fragment)))
    return found


def test_every_link_of_the_site_leads_to_a_place_that_is_there(site: Path) -> None:
    places = {
        page.resolve(): {
            str(attributes.get("id"))
            for _, attributes in Elements(page.read_text(encoding="utf-8")).found
        }
        for page in site.rglob("*.html")
    }
    assert {f"{name}.html" for name in preparing.page_names(ROOT)} | {"search.html"} == {
        page.relative_to(site.resolve()).as_posix() for page in places
    }
    lost = [
        f"{page.name} → {target.name}#{place}"
        for page in places
        for target, place in links(page)
        if not target.exists() or (place and place not in places[target])
    ]
    assert lost == []


def test_nothing_is_taken_from_elsewhere_and_no_path_of_this_machine_shown(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert str(ROOT) not in text and "/tmp/pytest" not in text, page.name
        for tag, attributes in Elements(text).found:
            used = (
                attributes.get("src") or (attributes.get("href") if tag == "link" else "") or ""
            )
            assert not re.match(r"(https?:)?//", used), (page.name, used[:80])
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", sheet.read_text("utf-8"))


def test_the_site_is_small(site: Path) -> None:
    """No page is much larger than its notebook, which has a megabyte at the most."""
    assert max(page.stat().st_size for page in site.rglob("*.html")) < 1_200_000
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 40_000_000
