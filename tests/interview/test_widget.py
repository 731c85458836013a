"""The widget's screens, driven as a candidate does: boxes ticked, buttons pressed, text typed."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import ipywidgets as widgets
import pytest

from helpers import store
from helpers.course import progress
from helpers.interview import bank, drafts, history, history_plot, session
from helpers.interview import widget as widget_package
from helpers.interview.drafts import Draft
from helpers.interview.history import Settings
from helpers.interview.widget import parts
from helpers.interview.widget.app import Mock
from helpers.interview.widget.asking import Asking
from helpers.interview.widget.closing import Card, Stopped
from helpers.interview.widget.opening import Opening
from helpers.interview.widget.picture import picture
from helpers.interview.widget.rounds import ChooseRound, Round
from helpers.interview.widget.words import WORDS
from tests.interview.test_coding import OWN, WRONG

KNOWN = bank.load()


class Shell:
    """As much of IPython's shell as a coding round needs."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {}
        self.actions: dict[str, list[Callable]] = {"pre_run_cell": [], "post_run_cell": []}
        self.events = SimpleNamespace(
            register=lambda name, action: self.actions[name].append(action),
            unregister=lambda name, action: self.actions[name].remove(action),
        )

    def run(self, code: str) -> None:
        info = SimpleNamespace(raw_cell=code)
        for action in list(self.actions["pre_run_cell"]):
            action(info)
        exec(code, self.user_ns)
        for action in list(self.actions["post_run_cell"]):
            action(SimpleNamespace(info=info))


class Ticking:
    """A clock that a test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _own_place(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def mock(clock: Ticking) -> Iterator[Mock]:
    made = Mock("en", clock=clock, shell=Shell())
    yield made
    assert "did not work" not in made._problem.value


def opened(mock: Mock, kind: type) -> Any:
    assert type(mock.screen) is kind
    return mock.screen


def begin(mock: Mock, number: int = 2, **choices: Any) -> Asking:
    screen = opened(mock, Opening)
    screen.num_questions.value = number
    for name, value in choices.items():
        getattr(screen, name).value = value
    screen.begin.click()
    return opened(mock, Asking)


def answer(mock: Mock, written: str, share: float) -> None:
    """Answer the question on the screen and give this share of each of its points."""
    screen = opened(mock, Asking)
    screen.written.value = written
    screen.answered.value = True
    screen.show.click()
    for score in screen.scores:
        score.index = round(share * (len(score.options) - 1))
    screen.next.click()


def shown(widget: widgets.Widget) -> str:
    """All that a widget and its parts say."""
    texts = [getattr(widget, name, "") for name in ("value", "description", "placeholder")]
    for output in getattr(widget, "outputs", ()):
        texts += output["data"].values()
    texts += [shown(child) for child in getattr(widget, "children", ())]
    return "\n".join(str(text) for text in texts)


def controls(widget: widgets.Widget) -> list[widgets.Widget]:
    """The controls in the order in which Tab visits them."""
    kinds = (widgets.Button, widgets.Checkbox, widgets.RadioButtons, widgets.Textarea)
    found = [widget] if isinstance(widget, (*kinds, widgets.BoundedIntText)) else []
    return found + [c for child in getattr(widget, "children", ()) for c in controls(child)]


def test_a_whole_interview(mock: Mock, clock: Ticking) -> None:
    begin(mock)
    (held,) = history.interviews()
    assert len(held.question_ids) == 2 and held.settings == Settings()
    clock.now += 30
    answer(mock, "first\nanswer", 1.0)
    assert "Question 2 of 2" in shown(mock)
    clock.now += 90
    answer(mock, "", 0.0)
    first, second = history.answers()
    assert (first.written_answer, first.seconds, first.earned) == (
        "first\nanswer",
        30,
        first.possible,
    )
    assert (second.written_answer, second.seconds, second.earned) == ("", 90, 0)

    card = opened(mock, Card)
    output = shown(mock)
    assert "1 of 2 answers took 60 s or less." in output and "What to read next" in output
    (path,) = Path("interviews").iterdir()
    assert f"Saved as [{path.as_posix()}]" in output
    page = path.read_text(encoding="utf-8")
    assert "> first" in page and "2 of 2 questions" in page
    assert 'alt="Share of all points in 1 interview, ' in output
    assert drafts.load(held.id) is None
    card.again.click()
    opened(mock, Opening)


def test_the_answer_comes_before_the_model_answer(mock: Mock) -> None:
    screen = begin(mock, 1)
    question = screen.question
    seen = shown(mock)
    assert question.answer.en not in seen and question.rubric[0].text.en.strip() not in seen
    assert screen.show.disabled
    screen.answered.value = True
    assert not screen.show.disabled
    assert question.answer.en not in shown(mock)
    screen.answered.value = False
    assert screen.show.disabled
    screen.answered.value = True
    screen.show.click()
    seen = shown(mock)
    assert question.answer.en in seen and "You answered aloud." in seen
    for source in question.sources:
        assert source.url in seen
    for follow_up in question.follow_ups:
        assert follow_up.answer.en in seen and "<summary>" in seen


def test_the_clock_stands_while_the_answer_is_given(mock: Mock, clock: Ticking) -> None:
    screen = begin(mock, 1)
    clock.now += 20
    screen.answered.value = True
    assert "20 s: within the 60 s." in shown(mock)
    clock.now += 500
    screen.answered.value = False  # there was more to say
    clock.now += 50
    screen.answered.value = True
    assert "70 s: longer than 60 s" in shown(mock)
    clock.now += 500
    screen.show.click()
    for score in screen.scores:
        score.index = 0
    screen.next.click()
    assert history.answers()[0].seconds == 70


def test_a_page_that_is_opened_again_finds_the_clock_where_it_is(clock: Ticking) -> None:
    made = parts.Clock(clock, "The clock is running", 60)
    made.run(5)
    assert "animation-delay:-5.00s" in made.value
    clock.now += 10
    assert "animation-delay:-5.00s" in made.value
    assert "animation-delay:-15.00s" in made.get_state()["value"]
    made.stop("<over>")
    clock.now += 10
    assert (made.seconds, made.get_state()["value"]) == (
        15,
        "<p role='status'>&lt;over&gt;</p>",
    )


def test_each_point_must_be_scored(mock: Mock) -> None:
    screen = begin(mock, 1)
    screen.answered.value = True
    screen.show.click()
    for score in screen.scores[2:]:
        score.index = 0
    screen.next.click()
    assert opened(mock, Asking) is screen and history.answers() == []
    assert "Not scored yet: point 1, 2. 0 is a score, too." in shown(mock)
    screen.scores[0].index = 1
    assert f"1 of {screen.question.max_points} points" in shown(mock)
    assert "Not scored yet" not in shown(mock)


@pytest.mark.parametrize("stage", ["asked", "written", "answered", "shown", "half scored"])
def test_a_crash_at_any_stage_loses_nothing(stage: str, clock: Ticking) -> None:
    stages = ["asked", "written", "answered", "shown", "half scored"]
    reached = stages.index(stage)
    first = Mock("en", clock=clock)
    begin(first)
    answer(first, "the first", 1.0)
    screen = opened(first, Asking)
    if reached >= 1:
        clock.now += 40
        screen.written.value = "half a sen"
    if reached >= 2:
        screen.answered.value = True
    if reached >= 3:
        screen.show.click()
    if reached >= 4:
        screen.scores[1].index = 0
    # Nothing is told to the first widget any more: its kernel was killed.

    second = Mock("zh", clock=Ticking())
    opened(second, Opening).go_on.click()
    back = opened(second, Asking)
    assert back.question == screen.question and back.language == "en"
    assert "Question 2 of 2" in shown(second)
    if reached >= 1:
        assert back.clock.seconds == 40
    if reached <= 2:
        assert back.written.value == ("half a sen" if reached else "")
        assert back.answered.value is (reached == 2) and back.show.disabled is (reached < 2)
    else:
        assert "> half a sen" in shown(second)
        assert [score.value for score in back.scores] == [
            score.value for score in screen.scores
        ]
        assert (back.scores[1].value == 0) is (reached == 4)
    if reached < 3:
        back.answered.value = True
        back.show.click()
    for score in back.scores:
        score.index = 0
    back.next.click()
    opened(second, Card)
    last = history.answers()[-1]
    assert last.written_answer == ("half a sen" if reached else "")


def test_stop_and_go_on(mock: Mock, clock: Ticking) -> None:
    screen = begin(mock)
    answer(mock, "", 1.0)
    screen = opened(mock, Asking)
    screen.written.value = "unfinished"
    clock.now += 25
    screen.stop.click()
    stopped = opened(mock, Stopped)
    assert "1 of 2 questions are left" in shown(mock)
    clock.now += 1000
    stopped.go_on.click()
    back = opened(mock, Asking)
    assert (back.written.value, back.clock.seconds) == ("unfinished", 25)


def test_two_widgets_of_one_interview(clock: Ticking) -> None:
    first = Mock("en", clock=clock)
    begin(first)
    second = Mock("en", clock=clock)
    opened(second, Opening).go_on.click()
    answer(second, "from the second", 1.0)
    answer(first, "from the first", 0.0)
    answer(second, "", 1.0)
    answer(first, "", 0.0)
    assert [type(made.screen) for made in (first, second)] == [Card, Card]
    (held,) = history.interviews()
    assert len(history.answers()) == 4 and len(held.answers) == 2  # the later ones count
    assert [given.earned for given in held.answers] == [0, 0]
    assert len(list(Path("interviews").iterdir())) == 2  # two cards, neither overwritten


def test_the_settings_choose_the_questions(mock: Mock) -> None:
    opened(mock, Opening).groups["metrics"].value = True
    opened(mock, Opening).groups["generation"].value = True
    screen = begin(mock, 4, level="mid", both=True)
    (held,) = history.interviews()
    drawn = [KNOWN[id] for id in held.question_ids]
    assert {question.group for question in drawn} == {"metrics", "generation"}
    assert {question.level for question in drawn} == {"mid"}
    assert held.settings == Settings("en", ("generation", "metrics"), "mid", both=True)
    assert screen.question.question.zh in shown(mock)
    assert screen.question.question.en in shown(mock)


def test_nothing_fits_is_a_sentence(mock: Mock) -> None:
    screen = opened(mock, Opening)
    screen.groups["coding"].value = True
    screen.level.value = "senior"
    screen.begin.click()
    assert opened(mock, Opening) is screen and "No question fits" in shown(mock)
    assert history.interviews() == []


def test_what_went_badly_comes_first(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    due = {"psnr-versus-ssim", "what-is-overfitting", "gone-from-the-bank"}
    monkeypatch.setattr("helpers.interview.memory.due_questions", lambda now: due)
    mock.start_over()
    assert "First the questions that are due for review (2 now)" in shown(mock)
    begin(mock, 5, due_first=True)
    (held,) = history.interviews()
    assert set(held.question_ids[:2]) == due & set(KNOWN) and len(held.question_ids) == 5


def test_the_language_changes_every_word_and_keeps_the_choices(
    mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = MagicMock(wraps=history_plot.plot_history)
    monkeypatch.setattr(history_plot, "plot_history", plot)
    screen = opened(mock, Opening)
    screen.num_questions.value = 3
    screen.groups["metrics"].value = True
    screen.chosen_language.value = "zh"
    chinese = opened(mock, Opening)
    assert chinese is not screen and chinese.num_questions.value == 3
    assert (
        chinese.groups["metrics"].value and chinese.groups["metrics"].description == "评测指标"
    )
    assert "模拟面试" in shown(mock) and "Level" not in shown(mock)
    chinese.begin.click()
    asked = opened(mock, Asking)
    assert asked.question.question.zh in shown(mock) and "我已经答完" in shown(mock)
    assert asked.question.question.en not in shown(mock)
    asked.answered.value = True
    asked.show.click()
    asked.next.click()
    assert "还没有评分：要点 1、2" in shown(mock)
    for _ in range(3):
        answer(mock, "", 1.0)
    opened(mock, Card)
    assert "1 次面试的总得分率" in shown(mock) and plot.call_args.args[1] == "zh"


@pytest.mark.parametrize("stage", ["opening", "asking", "shown", "card"])
def test_each_control_has_a_name_and_a_hint(mock: Mock, stage: str) -> None:
    if stage != "opening":
        screen = begin(mock, 1)
        if stage == "shown":
            screen.answered.value = True
            screen.show.click()
        elif stage == "card":
            answer(mock, "", 1.0)
    found = controls(mock)
    assert found
    for control in found:
        assert control.description.strip(), control
        assert (control.tooltip or "").strip(), control
        assert control.tabbable is not False
    # JupyterLab takes the arrow keys, so no list and no slider.
    names = {type(control).__name__ for control in found}
    assert names <= {"Button", "Checkbox", "RadioButtons", "Textarea", "BoundedIntText"}
    if stage == "asking":
        assert list(map(type, found)) == [
            widgets.Textarea, widgets.Checkbox, widgets.Button, widgets.Button
        ]  # fmt: skip


def test_a_store_that_cannot_be_used_stops_nothing(folder: Path, clock: Ticking) -> None:
    folder.write_text("a file where the folder should be")
    mock = Mock("zh", clock=clock)
    begin(mock)
    answer(mock, "说过的话", 1.0)
    answer(mock, "", 0.0)
    opened(mock, Card)
    output = shown(mock)
    assert output.count("无法把进度保存到") == 1 and "did not work" not in output
    assert "2 题中答了 2 题" in output
    assert len(list(Path("interviews").iterdir())) == 1


def test_a_card_that_cannot_be_saved_is_a_sentence(mock: Mock) -> None:
    Path("interviews").write_text("a file where the folder should be")
    begin(mock, 1)
    answer(mock, "", 1.0)
    opened(mock, Card)
    assert "role='alert'" in mock._problem.value and "Saved as" not in shown(mock)
    assert "interviews cannot be written (" in mock._problem.value


def test_a_failure_is_a_sentence_and_not_a_traceback(clock: Ticking) -> None:
    mock = Mock("en", clock=clock)
    begin(mock, 1)
    question = opened(mock, Asking).question.id
    mock.known = {}
    screen = opened(mock, Asking)
    screen.stop.click()
    opened(mock, Stopped).go_on.click()  # no question is left that the bank knows
    assert "did not work" in mock._problem.value and question not in mock._problem.value


def test_the_last_scorecard_is_shown_again_and_not_saved_twice(mock: Mock) -> None:
    begin(mock, 1)
    answer(mock, "", 0.0)
    opened(mock, Card).again.click()
    opened(mock, Opening).last_card.click()
    opened(mock, Card)
    assert len(list(Path("interviews").iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [
        "{",
        "[]",
        '{"colour": 1}',
        '{"name": 3}',
        '{"name": "x", "points": ["many"]}',
        '{"name": "x", "points": 3}',
        '{"name": "x", "seconds": "long"}',
    ],
)
def test_a_damaged_draft_is_no_draft(damage: str) -> None:
    draft = Draft("psnr-versus-ssim", 3.5, "第一行\n`two`", True, True, (1, None))
    drafts.save("x", draft)
    assert drafts.load("x") == draft and drafts.load("y") is None
    store.transaction(lambda c: c.execute("UPDATE drafts SET draft = ?", [damage]), None)
    assert drafts.load("x") is None and store.notices() == []


def test_a_draft_of_an_older_rubric_begins_its_scores_anew(mock: Mock) -> None:
    question = KNOWN["psnr-versus-ssim"]
    held = history.begin([question], Settings(), 1, datetime.now(UTC))
    drafts.save(held.id, Draft(question.id, 3.0, "text", True, True, (1,)))
    mock.go_on(held)
    assert [score.value for score in opened(mock, Asking).scores] == [None] * 5


def test_drafts_are_exported_and_deleted() -> None:
    drafts.save("x", Draft("psnr-versus-ssim", written="mine"))
    tables = store.export()
    assert tables is not None
    assert json.loads(str(tables["drafts"][0]["draft"]))["written"] == "mine"
    assert store.delete() and drafts.load("x") is None


def test_a_coding_round_hears_the_checks(mock: Mock, clock: Ticking) -> None:
    shell = mock.shell
    opened(mock, Opening).coding.click()
    chooser = opened(mock, ChooseRound)
    chooser.chapter.value = "21_boxes_and_average_precision"
    chooser.draw.click()
    assert opened(mock, Round).exercise.chapter == "21_boxes_and_average_precision"
    mock.go_on_with_round("iou", 0.0)
    screen = opened(mock, Round)
    assert [len(actions) for actions in shell.actions.values()] == [1, 1]
    assert screen.code.value.endswith("check(iou)") and "def iou" in screen.code.value
    assert "None yet." in shown(mock)

    shell.run("x = 1")
    clock.now += 61
    shell.run(f"from helpers.course import check\n{WRONG}\ncheck(iou)")
    assert "✗ wrong, after 1:01 of" in shown(mock)
    assert drafts.load(drafts.CODING) == Draft("iou", 61.0)
    clock.now += 60
    shell.run(f"from helpers.course import check\n{OWN}\ncheck(iou)")
    assert "✓ right, after 2:01 of" in shown(mock) and "Solved in 2:01 minutes" in shown(mock)
    assert drafts.load(drafts.CODING) is None
    assert shell.actions == {"pre_run_cell": [], "post_run_cell": []}
    rows = store.read("SELECT outcome, seconds FROM coding_rounds ORDER BY number")
    assert rows == [("wrong", 61.0), ("right", 121.0)]
    ((code,),) = store.read("SELECT code FROM coding_rounds WHERE outcome = 'right'")
    assert "np.maximum(high - low, 0)" in code
    screen.back.click()
    opened(mock, Opening)


def test_a_check_of_another_notebook_is_not_this_rounds(mock: Mock) -> None:
    mock.go_on_with_round("iou", 0.0)
    progress.record_check("iou", "21_boxes_and_average_precision", "right", None, 2.0, 2.0)
    mock.shell.run("x = 1")
    assert "None yet." in shown(mock)


def test_a_coding_round_goes_on_after_a_crash(mock: Mock, clock: Ticking) -> None:
    mock.go_on_with_round("iou", 0.0)
    clock.now += 30
    mock.shell.run(f"from helpers.course import check\n{WRONG}\ncheck(iou)")
    second = Mock("en", clock=Ticking(), shell=Shell())
    screen = opened(second, Opening)
    assert screen.go_on_coding.description == "Go on with it: iou"
    screen.go_on_coding.click()
    assert opened(second, Round).clock.seconds == 30
    opened(second, Round).end.click()
    assert "without a right answer" in shown(second) and drafts.load(drafts.CODING) is None


def test_no_exercise_fits_is_a_sentence(mock: Mock) -> None:
    mock.choose_round()
    screen = opened(mock, ChooseRound)
    screen.chapter.value = "00_start_here"
    screen.difficulty.value = 3
    screen.draw.click()
    assert opened(mock, ChooseRound) is screen and "No exercise has" in shown(mock)


def test_the_words_fill_in_the_same_in_both_languages() -> None:
    def filled_in(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    for field in fields(WORDS["en"]):
        english, chinese = (getattr(WORDS[code], field.name) for code in ("en", "zh"))
        if isinstance(english, str):
            assert filled_in(english) == filled_in(chinese), field.name
        else:
            assert english.keys() == chinese.keys()


def test_outside_a_notebook_the_terminal_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    widget_package.mock()
    assert "python -m helpers.interview" in capsys.readouterr().out
    with pytest.raises(ValueError, match="language is 'fr'"):
        widget_package.mock("fr")  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_is_always_the_same_and_has_nothing_to_press(language: Any) -> None:
    html = picture(language)
    assert html == picture(language)
    assert WORDS[language].begin in html and WORDS[language].next in html
    assert ("题数：5" if language == "zh" else "Questions: 5") in html
    assert not any(tag in html for tag in ("<button", "<input", "<script", "<textarea"))


def test_the_draw_puts_what_comes_first_in_front() -> None:
    questions = list(KNOWN.values())
    first = {"psnr-versus-ssim", "what-is-overfitting"}
    for seed, number in itertools.product(range(5), (1, 2, 6)):
        drawn = [question.id for question in session.draw(questions, number, seed, first)]
        assert len(set(drawn)) == number and set(drawn[:2]) <= first
    assert session.draw(questions, 4, 7) == session.draw(questions, 4, 7, {"none of them"})
