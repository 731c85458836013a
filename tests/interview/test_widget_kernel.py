"""The widget in real kernels, driven by the messages that a browser would send."""

import os
import queue
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import KernelManager

from helpers.interview import bank, history

SECONDS = 120  # a busy machine is no failure
VIEW = "application/vnd.jupyter.widget-view+json"
OPEN = "from helpers.interview import widget\nwidget.mock()"


class Browser:
    """One kernel and what a page knows of its widgets: their state, by their id."""

    def __init__(self, folder: Path) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(cwd=str(folder))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)
        self.models: dict[str, dict[str, Any]] = {}
        self.displayed: list[dict[str, Any]] = []
        self.printed = ""
        self.errors: list[str] = []

    def run(self, code: str, with_person: bool = True) -> None:
        """Run a cell and wait until the kernel has done it."""
        self._wait(self.client.execute(code, allow_stdin=with_person))

    def press(self, label: str) -> None:
        self._send(self._find(label), {"method": "custom", "content": {"event": "click"}})

    def set(self, label: str, **state: Any) -> None:
        """What a browser sends when the control with this label is given a new state."""
        id = self._find(label)
        self.models[id].update(state)
        self._send(id, {"method": "update", "state": state, "buffer_paths": []})

    def shows(self, label: str) -> bool:
        return bool(self._found(label))

    def text(self) -> str:
        """All that stands on the page."""
        words = []
        for id in self._visible():
            state = self.models[id]
            words += [str(state.get("value", "")), str(state.get("description", ""))]
            for output in state.get("outputs", ()):
                words += output["data"].values()
        return "\n".join(words)

    def state(self, label: str) -> dict[str, Any]:
        return self.models[self._find(label)]

    def kill(self) -> None:
        """As the machine's out-of-memory killer would."""
        provisioner: Any = self.manager.provisioner  # the local one, which has a process
        os.kill(provisioner.pid, signal.SIGKILL)
        self.manager.finish_shutdown(waittime=SECONDS)
        self.client.stop_channels()

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def _find(self, label: str) -> str:
        found = self._found(label)
        assert len(found) == 1, (label, self.text())
        return found[0]

    def _found(self, label: str) -> list[str]:
        return [id for id in self._visible() if self.models[id].get("description") == label]

    def _visible(self) -> list[str]:
        """The ids of the widgets that the displayed one shows, in their order."""
        found: list[str] = []
        waiting = [shown[VIEW]["model_id"] for shown in self.displayed if VIEW in shown][-1:]
        while waiting:
            id = waiting.pop(0)
            found.append(id)
            children = self.models[id].get("children", ())
            waiting = [child.removeprefix("IPY_MODEL_") for child in children] + waiting
        return found

    def _send(self, id: str, data: dict[str, Any]) -> None:
        message = self.client.session.msg("comm_msg", {"comm_id": id, "data": data})
        self.client.shell_channel.send(message)
        self._wait(message["header"]["msg_id"])

    def _wait(self, id: str) -> None:
        """Follow what the kernel publishes until it is idle after the message."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            self._follow(message["msg_type"], message["content"])
            is_idle = message["content"].get("execution_state") == "idle"
            if is_idle and message["parent_header"].get("msg_id") == id:
                return
        raise TimeoutError(f"The kernel did not answer within {SECONDS} s.")

    def _follow(self, kind: str, content: dict[str, Any]) -> None:
        if kind == "comm_open":
            self.models[content["comm_id"]] = content["data"].get("state", {})
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            self.models[content["comm_id"]].update(content["data"]["state"])
        elif kind == "display_data":
            self.displayed.append(content["data"])
        elif kind == "stream":
            self.printed += content["text"]
        elif kind == "error":
            self.errors.append(content["evalue"])


@pytest.fixture
def start(folder: Path, tmp_path: Path) -> Iterator[Any]:
    """Starts browsers whose kernels share one store."""
    browsers: list[Browser] = []

    def make() -> Browser:
        browsers.append(Browser(tmp_path))
        return browsers[-1]

    yield make
    for browser in browsers:
        assert browser.errors == [] and browser.printed == ""
        if browser.client.channels_running:
            browser.close()


def begin(browser: Browser, number: int) -> None:
    browser.run(OPEN)
    browser.set("Questions", value=number)
    browser.press("Begin")


def score(browser: Browser, share: float) -> None:
    """Say that the answer is given, open the model answer, and score every point."""
    browser.set("I have answered, aloud or in writing", value=True)
    browser.press("Show the model answer")
    number = 1
    while browser.shows(f"Point {number}"):
        most = len(browser.state(f"Point {number}")["_options_labels"]) - 1
        browser.set(f"Point {number}", index=round(share * most))
        number += 1
    assert number > 3


def test_an_interview_that_is_killed_goes_on_in_a_new_kernel(
    start: Any, tmp_path: Path
) -> None:
    browser = start()
    begin(browser, 2)
    browser.set("Your answer", value="the first answer")
    score(browser, 1.0)
    assert "A strong answer" in browser.text()
    browser.press("Next question")
    browser.set("Your answer", value="half a sen")
    text = browser.text()
    browser.kill()

    (held,) = history.interviews()
    assert [answer.written_answer for answer in held.answers] == ["the first answer"]
    question = bank.get(held.question_ids[1])
    assert question.question.en in text and "Question 2 of 2" in text

    browser = start()
    browser.run(OPEN)
    assert "has 1 of 2 questions left" in browser.text()
    browser.press("Go on with it")
    assert question.question.en in browser.text() and "Question 2 of 2" in browser.text()
    assert browser.state("Your answer")["value"] == "half a sen"
    score(browser, 0.0)
    browser.set("Point 2", index=1)
    browser.kill()  # in the midst of the rubric

    browser = start()
    browser.run(OPEN)
    browser.press("Go on with it")
    assert "> half a sen" in browser.text()
    assert browser.state("Point 2")["index"] == 1 and browser.state("Point 1")["index"] == 0
    browser.press("To the scorecard")
    text = browser.text()
    assert "2 of 2 questions" in text and "Saved as" in text and "<img alt=" in text
    (path,) = (tmp_path / "interviews").iterdir()
    page = path.read_text(encoding="utf-8")
    assert "> the first answer" in page and "> half a sen" in page
    assert [answer.earned for answer in history.answers()][1] == 1


def test_two_kernels_at_once_on_one_store(start: Any, folder: Path) -> None:
    one, two = start(), start()
    for browser in (one, two):
        begin(browser, 2)
    for number in range(2):
        for name, browser in (("one", one), ("two", two)):
            browser.set("Your answer", value=f"{name} {number}")
        for browser in (one, two):
            score(browser, 1.0)
        for browser in (one, two):
            browser.press("Next question" if number == 0 else "To the scorecard")
    assert "2 of 2 questions" in one.text() and "2 of 2 questions" in two.text()
    held = history.interviews()
    written = [[answer.written_answer for answer in each.answers] for each in held]
    assert written == [["one 0", "one 1"], ["two 0", "two 1"]]
    with closing(sqlite3.connect(folder / "progress.sqlite")) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_coding_round_in_a_real_kernel(start: Any) -> None:
    browser = start()
    browser.run(OPEN)
    browser.press("A coding round instead")
    browser.set("Chapter", index=1)  # chapter 00 has one exercise
    browser.press("Draw an exercise")
    code = browser.state("Code to begin with")["value"]
    assert "def sample_indices" in code
    browser.run(code)
    assert "○ not attempted" in browser.text()
    wrong = code.replace("raise NotImplementedError", "return np.arange(num_frames)")
    browser.run(wrong)
    assert "✗ wrong" in browser.text()
    browser.press("End the round")
    assert "without a right answer" in browser.text()


def test_a_run_without_anybody_shows_a_picture_and_keeps_nothing(
    start: Any, folder: Path
) -> None:
    browser = start()
    browser.run(OPEN, with_person=False)
    (shown,) = browser.displayed
    assert set(shown) == {"text/html", "text/plain"} and "[ Begin ]" in shown["text/html"]
    assert browser.models == {} and not folder.exists()
    browser.run(OPEN)
    assert browser.shows("Begin")
    assert history.interviews() == []
