"""The site in a real browser, from the disk and from a server."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from helpers.course.site.preparing import page_names
from helpers.interview import glossary
from tests import browser as browsers

ROOT = Path(__file__).resolve().parents[2]
DESK = ViewportSize(width=1200, height=900)
PHONE = ViewportSize(width=390, height=800)
CLIP = "00_start_here"

# What looks alike to a style sheet has the same contrast: the first of its kind is enough, which
# makes the checks ten times as fast. From the last to the first, children come before parents. A
# coloured word of code becomes plain, so that the line keeps its length; the rest goes.
KEEP_ONE_OF_A_KIND = """(selector) => {
  const known = new Set();
  for (const element of [...document.querySelectorAll(selector)].reverse()) {
    let kind = "";
    for (let e = element; e; e = e.parentElement) {
      const stripe = e.localName === "tr" ? e.rowIndex % 2 : "";
      kind += `${e.localName}${stripe}.${e.className}.${e.getAttribute("style")} `;
    }
    if (known.has(kind) && !element.childElementCount) {
      element.replaceWith(element.closest("pre") ? element.textContent : "");
    }
    known.add(kind);
  }
}"""
# The theme cuts off what is too wide for the window, so the page's own width tells nothing.
CUT_OFF = """() => {
  const scrolls = (e) => ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
  const isCut = (e) => {
    if (e.getBoundingClientRect().right <= innerWidth) return false;
    for (let around = e.parentElement; around.closest("article"); around = around.parentElement) {
      if (scrolls(around)) return false;
    }
    return true;
  };
  return [...document.querySelectorAll("article *")].filter(isCut).map((e) => e.outerHTML);
}"""
FOUND = """(address) => [...document.querySelectorAll("#search-results li a")].some(
  (link) => link.href.startsWith(address)
)"""
OPEN_ALL = "document.querySelectorAll('details').forEach((fold) => { fold.open = true })"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browsers.started() as browser:
        yield browser


class Watched:
    """A page that remembers the errors of its console and the addresses that it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def is_well(self, host: str) -> None:
        outside = [url[:100] for url in self.asked if not url.startswith((host, "data:"))]
        assert outside == []
        assert self.errors == []


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    context = chromium.new_context(viewport=DESK, color_scheme="light")
    context.set_default_timeout(120_000)  # milliseconds; a busy machine takes its time
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def at(site: Path) -> str:
    """The address of the site on the disk."""
    return site.as_uri()


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    """The address of the site on a server of this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def violations(page: Page, **options: Any) -> list[str]:
    """What axe objects to, each with the element."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    options |= {"preload": False, "resultTypes": ["violations"]}
    found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("name", [*page_names(ROOT), "search"])
def test_every_page_is_quiet_legible_and_fits_a_phone(
    name: str, watched: Watched, at: str
) -> None:
    page = watched.open(f"{at}/{name}.html")
    page.evaluate(OPEN_ALL)
    page.set_viewport_size(PHONE)
    assert [element[:200] for element in page.evaluate(CUT_OFF)] == []
    page.set_viewport_size(DESK)
    watched.is_well(at)
    page.evaluate(KEEP_ONE_OF_A_KIND, "pre span")
    assert violations(page, rules={"color-contrast": {"enabled": False}}) == []
    page.evaluate(KEEP_ONE_OF_A_KIND, "body *")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
        contrast = {"type": "rule", "values": ["color-contrast"]}
        assert violations(page, runOnly=contrast) == [], scheme


def test_faint_text_pictures_without_words_and_what_is_too_wide_are_noticed(
    watched: Watched, at: str
) -> None:
    page = watched.open(f"{at}/clips.html")
    page.set_viewport_size(PHONE)
    faulty = (
        '<p style="color:#aaa;background:#fff">faint</p><img src="data:,">'
        '<div style="width:400px"></div>'
    )
    page.locator("article").evaluate("(e, faulty) => { e.innerHTML += faulty }", faulty)
    assert page.evaluate(CUT_OFF) == ['<div style="width:400px"></div>']
    page.evaluate(KEEP_ONE_OF_A_KIND, "body *")
    assert [found.split(":")[0] for found in violations(page)] == [
        "color-contrast",
        "image-alt",
    ]


def test_what_is_asked_of_another_host_is_noticed(watched: Watched, at: str) -> None:
    page = watched.open(f"{at}/clips.html")
    watched.is_well(at)
    page.evaluate("fetch('http://example.invalid/').catch(() => {})")
    with pytest.raises(AssertionError, match=r"example\.invalid"):
        watched.is_well(at)


@pytest.mark.parametrize(
    ("words", "page_found"),
    [
        ("hungarian", "23_tracking.html"),
        ("匈牙利", "bank/detection-and-tracking.html"),
        ("交并比", "glossary.html#term-"),
    ],
)
def test_search_finds_words_of_both_languages(
    words: str, page_found: str, watched: Watched, server: str
) -> None:
    page = watched.open(f"{server}/index.html")
    page.get_by_role("textbox", name="Search").fill(words)
    page.keyboard.press("Enter")
    # Sphinx shows one result after another: wait for this one, not for the first.
    page.wait_for_function(FOUND, arg=f"{server}/{page_found}")
    watched.is_well(server)


def test_search_works_from_the_disk_and_finds_nothing_where_nothing_is(
    watched: Watched, at: str
) -> None:
    page = watched.open(f"{at}/search.html?q=hungarian")
    page.wait_for_selector("#search-results li a")
    watched.open(f"{at}/search.html?q=zzyzx")
    page.get_by_text("did not match any documents").wait_for()
    assert page.locator("#search-results li").count() == 0
    watched.is_well(at)


@pytest.mark.parametrize("name", [CLIP, "bank/metrics"])
def test_a_folded_answer_opens(name: str, watched: Watched, at: str) -> None:
    page = watched.open(f"{at}/{name}.html")
    fold = page.locator("article details").first
    inside = fold.locator("p").first
    assert not inside.is_visible()
    fold.locator("summary").first.focus()
    page.keyboard.press("Enter")
    inside.wait_for(state="visible")


def test_a_solution_is_folded_below_its_stub(watched: Watched, at: str) -> None:
    page = watched.open(f"{at}/{CLIP}.html")
    assert page.get_by_text("NotImplementedError").is_visible()
    summaries = page.locator("article summary")
    assert {"Hint 1", "Hint 2", "Hint 3", "Solution"} <= set(summaries.all_inner_texts())
    code = page.locator("details", has=page.get_by_text("Solution", exact=True)).locator("pre")
    assert not code.is_visible()
    page.get_by_text("Solution", exact=True).click()
    assert code.is_visible() and "def sample_indices" in code.inner_text()


def test_a_clip_moves_in_view_and_rests_out_of_view(watched: Watched, at: str) -> None:
    page = watched.open(f"{at}/{CLIP}.html")
    first, second = browsers.two_moments(page)
    assert first != second
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_function("document.querySelector('video').paused")


def test_nothing_moves_for_readers_who_want_reduced_motion(watched: Watched, at: str) -> None:
    page = watched.page
    page.emulate_media(reduced_motion="reduce")
    watched.open(f"{at}/{CLIP}.html")
    first, second = browsers.two_moments(page)
    assert first == second
    watched.open(f"{at}/index.html")
    picture = page.locator("article picture img")
    assert "still" in picture.evaluate("(image) => image.currentSrc")
    page.emulate_media(reduced_motion="no-preference")
    page.wait_for_function(
        "!document.querySelector('article picture img').currentSrc.includes('still')"
    )


def test_the_bank_is_narrowed_by_group_level_and_language(watched: Watched, at: str) -> None:
    page = watched.open(f"{at}/bank/index.html")
    entries = page.locator("li.entry")
    shown = page.locator("li.entry:visible")
    assert shown.count() == entries.count() > 100
    page.get_by_label("Group · 分类").select_option("metrics")
    page.get_by_label("Level").select_option("senior")
    wanted = page.locator('li.entry[data-group="metrics"][data-level="senior"]')
    assert shown.count() == wanted.count() > 0
    assert page.locator("article h2:visible").count() == 1
    assert page.locator("output").inner_text() == f"{shown.count()} / {entries.count()}"
    page.get_by_label("Language · 语言").select_option("zh")
    assert page.locator('.entry [lang="en-GB"]:visible').count() == 0
    assert page.locator('.entry [lang="zh-Hans"]:visible').count() == wanted.count()
    # The language is remembered on the group's page, where the questions are headings.
    shown.first.locator("a:visible").click()
    page.wait_for_load_state()
    assert page.get_by_label("Language · 语言").input_value() == "zh"
    headings = page.locator("article h3:visible")
    assert headings.count() == page.locator(".entry").count()
    assert headings.evaluate_all("all => all.every((h) => h.closest('[lang=zh-Hans]'))")
    watched.is_well(at)


def test_the_glossary_is_narrowed_with_the_names_of_its_terms(
    watched: Watched, at: str
) -> None:
    page = watched.open(f"{at}/glossary.html")
    group = glossary.find("IoU").group
    page.get_by_label("Group · 分类").select_option(group)
    wanted = page.locator(f'.entry[data-group="{group}"]').count()
    assert page.locator("dd:visible").count() == wanted > 0
    assert page.locator("dt#term-intersection-over-union").is_visible()
    groups = page.locator("dl.glossary dt:visible").evaluate_all(
        """all => all.map((name) => {
             while (name.localName === "dt") name = name.nextElementSibling;
             return name.querySelector(".entry").dataset.group;
           })"""
    )
    assert set(groups) == {group}


def test_without_javascript_everything_is_shown(chromium: Browser, at: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(f"{at}/bank/index.html")
    assert page.locator("li.entry:visible").count() == page.locator("li.entry").count()
    assert not page.get_by_label("Level").is_visible()
    page.goto(f"{at}/glossary.html")
    assert page.locator("dd:visible").count() == page.locator("dd").count()
    context.close()


@pytest.mark.parametrize(("ci", "error"), [("true", "Failed"), ("", "Skipped")])
def test_without_a_browser_it_is_said_how_to_install_one(
    ci: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsers, "NAMES", ())
    monkeypatch.setenv("CI", ci)
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception)) as caught:
        browsers.chromium_path()
    assert type(caught.value).__name__ == error
    assert "apt-get install chromium" in str(caught.value)
