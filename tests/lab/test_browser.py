"""The course in JupyterLab, as `make lab` starts it and as a learner sees and touches it."""

import inspect
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page

from helpers.course import progress
from helpers.course.progress import ExerciseProgress
from helpers.exercises.ch00_start_here import sample_indices, whole_number_step
from helpers.interview import history
from tests import browser as browsers

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120  # a busy machine is no failure
START = "00_start_here"
READY = "Python 3 (ipykernel) | Idle"
ALL_HAVE_RUN = """() => [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].every(
  (prompt) => /^\\[\\d+\\]:$/.test(prompt.textContent)
)"""
IN_THE_WAY = ".jp-Dialog, .Toastify__toast"
MAIN_BUTTON = "button.mod-primary"
FAILURES = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its course, its learner's folder and its addresses."""

    course: Path
    store: Path
    start_file: Path  # what `jupyter lab` opens in the browser
    url: str
    token: str

    def address(self, chapter: str) -> str:
        # A workspace of its own: JupyterLab would open what another test has left open.
        path = f"lab/workspaces/{chapter}/tree/my_work/{chapter}.ipynb"
        return f"{self.url}{path}?token={self.token}"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """`make lab` in a copy of the course, for a learner who has never used Jupyter."""
    home = tmp_path_factory.mktemp("home")
    course = tmp_path_factory.mktemp("course")
    no_caches = shutil.ignore_patterns("__pycache__")
    for name in (".jupyter", "helpers", "notebooks"):
        shutil.copytree(ROOT / name, course / name, ignore=no_caches)
    shutil.copy(ROOT / "Makefile", course)
    settings = {"open_browser": False, "port": 0, "allow_root": True}
    (home / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": settings}))
    places = {
        "JUPYTER_CONFIG_DIR": home,
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
        "LVM_DATA_DIR": home / "store",
    }
    programs = f"BIN={Path(sys.executable).parent}"  # those of the tests: nothing is installed
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            ["make", "lab", programs, "--old-file=.venv/installed"],
            cwd=course,
            env=os.environ | {name: str(path) for name, path in places.items()},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield started(process, home, course)
    finally:
        with suppress(ProcessLookupError):  # it could not start
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(SECONDS)


def started(process: subprocess.Popen, home: Path, course: Path) -> Lab:
    """The lab once it is ready; without it, the test fails with what the server logged."""
    end = time.monotonic() + SECONDS
    while not (found := [*home.glob("runtime/jpserver-file-to-run-*.html")]):
        is_coming = process.poll() is None and time.monotonic() < end
        assert is_coming, (home / "log").read_text()
        time.sleep(0.1)
    (about,) = home.glob("runtime/jpserver-*.json")
    server = json.loads(about.read_text())
    return Lab(course, home / "store", found[0], server["url"], server["token"])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browsers.started() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page that asks no other host, is never in the learner's way and shows no traceback."""
    monkeypatch.setenv("LVM_DATA_DIR", str(lab.store))  # what the kernels keep is read here
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(1000 * SECONDS)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("websocket", lambda socket: asked.append(socket.url))
    yield page
    in_the_way = page.locator(IN_THE_WAY).all_inner_texts()
    failures = page.locator(FAILURES).all_text_contents()
    context.close()
    hosts = {urlsplit(address).netloc for address in asked} - {""}  # a data URL has none
    assert (hosts, in_the_way, failures) == ({urlsplit(lab.url).netloc}, [], [])


def opened(page: Page, lab: Lab, chapter: str) -> None:
    page.goto(lab.address(chapter))
    page.get_by_text(READY).wait_for()


def cell(page: Page, words: str) -> Locator:
    """The code cell whose source has these words."""
    return page.locator(".jp-CodeCell", has=page.locator(".jp-Editor", has_text=words))


def run(page: Page, words: str) -> None:
    cell(page, words).locator(".cm-content").press("Control+Enter")


def write(page: Page, words: str, code: str) -> None:
    """Write the code over the cell that has these words, and run it."""
    editor = cell(page, words).locator(".cm-content")
    editor.press("ControlOrMeta+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


def see(page: Page, words: str, output: str) -> None:
    """Wait until the cell that has these words shows this output."""
    shown = cell(page, words).locator(".jp-OutputArea-output")
    shown.filter(has_text=output.replace("`", "")).first.wait_for()


def tab_to(page: Page, selector: str) -> Locator:
    """Go on with the keyboard to the next such element."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return page.locator(":focus")
    raise AssertionError(f"Tab leads to no {selector}")


def test_the_start_page_opens_with_nothing_in_its_way(page: Page, lab: Lab) -> None:
    page.goto(lab.start_file.as_uri())
    page.get_by_role("heading", name="Start here · 从这里开始").wait_for()
    page.get_by_text(READY).wait_for()
    assert urlsplit(page.url).path == f"/lab/tree/my_work/{START}.ipynb"


def test_a_learner_goes_from_a_wrong_answer_by_a_hint_to_a_right_one(
    page: Page, lab: Lab
) -> None:
    opened(page, lab, START)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(ALL_HAVE_RUN)
    see(page, "check(sample_indices)", "○ `sample_indices` is not attempted yet.")
    see(page, "course_map", "从这里开始20 min○")

    wrong = inspect.getsource(whole_number_step)
    write(page, "def sample_indices", wrong.replace("whole_number_step", "sample_indices"))
    run(page, "check(sample_indices)")
    (mistake,) = [m for m in sample_indices.misconceptions if m.function is whole_number_step]
    see(page, "check(sample_indices)", f"This looks like a known mistake: {mistake.name}.")

    write(page, "# hint(sample_indices)", "hint(sample_indices)")
    see(page, "hint(sample_indices)", sample_indices.hints[0])

    write(page, "def sample_indices", inspect.getsource(sample_indices.reference))
    run(page, "check(sample_indices)")
    see(page, "check(sample_indices)", "✓ `sample_indices` is right")
    run(page, "course_map")
    see(page, "course_map", "从这里开始20 min●")
    kept = replace(progress.summary()["sample_indices"], first_right=None)
    assert kept == ExerciseProgress(START, "right", wrong_checks=1, hints=1)


def test_a_clip_moves(page: Page, lab: Lab) -> None:
    opened(page, lab, START)
    for words in ("import numpy", "real_clip", "read_clip"):
        run(page, words)
    first, second = browsers.two_moments(page)
    assert first != second


def test_an_interview_is_held_with_the_keyboard(page: Page, lab: Lab) -> None:
    opened(page, lab, "70_mock_interview")
    for words in ("import numpy", "known = bank.load()", "widget.mock()"):
        run(page, words)
    page.get_by_label("Questions", exact=True).fill("1")
    tab_to(page, MAIN_BUTTON).press("Enter")

    page.wait_for_function("document.activeElement.localName === 'textarea'")
    page.keyboard.type("an answer")
    tab_to(page, "[type=checkbox]").press("Space")
    tab_to(page, MAIN_BUTTON).press("Enter")

    page.wait_for_function("document.activeElement.textContent === 'Question 1 of 1'")
    # Each choice in turn, so that the last of each point stands: all that it is worth.
    choice_or_end = f"[type=radio], {MAIN_BUTTON}"
    while (control := tab_to(page, choice_or_end)).get_attribute("type") == "radio":
        control.press("Space")
    control.press("Enter")

    page.get_by_text("1 of 1 question").wait_for()
    (held,) = history.interviews()
    (answer,) = held.answers
    assert (answer.written_answer, answer.earned) == ("an answer", answer.possible)
    assert len(list((lab.course / "my_work" / "interviews").iterdir())) == 1
