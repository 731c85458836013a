import warnings
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from helpers import plots
from helpers.interview import bank, history_plot, pack, scorecard, session
from helpers.interview.history import Answer, Interview, Settings
from helpers.interview.question import GROUPS

KNOWN = bank.load()


def answer(id: str, share: float, written: str = "") -> Answer:
    """An answer that earned about this share of every point of the rubric."""
    most = tuple(point.points for point in KNOWN[id].rubric)
    points = tuple(round(share * value) for value in most)
    time = "2026-03-01T12:00:00+00:00"
    return Answer("x", time, id, KNOWN[id].group, points, most, 41.6, written)


def interview(*answers: Answer) -> Interview:
    ids = tuple(given.question_id for given in answers)
    return Interview("x", "2026-03-01T12:00:00+00:00", Settings(), 7, ids, answers)


def test_read_next_names_the_weakest_groups_first() -> None:
    answers = [
        answer("psnr-versus-ssim", 0.0),
        answer("is-a-video-a-bag-of-images", 1.0),
        answer("random-crop-per-frame", 0.5),
        answer("what-is-overfitting", 0.5),
        answer("what-is-average-precision", 0.5),
    ]
    readings = scorecard.read_next(answers, KNOWN)
    assert len(readings) == scorecard.MOST_GROUPS
    assert readings[0].score.group == "metrics"
    shares = [reading.score.share for reading in readings]
    assert shares == sorted(shares)
    assert "fundamentals" not in {reading.score.group for reading in readings}
    question = KNOWN["psnr-versus-ssim"]
    assert readings[0].sources[0] in question.sources
    assert len(readings[0].sources) <= scorecard.MOST_SOURCES
    assert readings[0].chapters[0] == question.chapter


def test_read_next_takes_only_the_weak_answers_of_a_group_the_worst_first() -> None:
    weak, worst, strong = [
        question.id
        for question in KNOWN.values()
        if question.group == "overfitting-and-generalisation"
    ][:3]
    answers = [answer(weak, 0.5), answer(strong, 1.0), answer(worst, 0.0)]
    (reading,) = scorecard.read_next(answers, KNOWN)
    assert reading.sources[0] == KNOWN[worst].sources[0]
    allowed = {*KNOWN[worst].sources, *KNOWN[weak].sources}
    assert set(reading.sources) <= allowed


def test_nothing_to_read_when_nothing_is_weak_or_known() -> None:
    assert scorecard.read_next([], KNOWN) == []
    assert scorecard.read_next([answer("psnr-versus-ssim", 1.0)], KNOWN) == []
    assert scorecard.read_next([answer("psnr-versus-ssim", 0.0)], {}) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_card_as_markdown(language: str) -> None:
    written = "line `one`\n# line two"
    held = interview(answer("psnr-versus-ssim", 0.0, written), answer("what-is-overfitting", 1))
    page = scorecard.markdown(held, "zh" if language == "zh" else "en", KNOWN)
    name = GROUPS["metrics"].zh if language == "zh" else GROUPS["metrics"].en
    assert f"| {name} | 0 / 9 | 0% |" in page
    assert "> line `one`  \n> # line two  " in page
    question = KNOWN["psnr-versus-ssim"]
    assert question.sources[0].url in page and f"solutions/{question.chapter}.ipynb" in page
    for point in question.rubric:
        text = point.text.zh if language == "zh" else point.text.en
        assert f"- 0 / {point.points} {' '.join(text.split())}" in page
    assert ("42 s" if language == "en" else "用时 42 秒") in page
    assert ("**metrics** (0%)" if language == "en" else "**评测指标**（0%）") in page


def test_one_question_and_one_interview_are_not_plural() -> None:
    held = interview(answer("psnr-versus-ssim", 1.0))
    assert "1 of 1 question\n" in scorecard.markdown(held, "en", KNOWN)
    assert "in 1 interview, oldest first" in history_plot.describe_history([held])


def test_code_stands_below_the_heading_of_its_question() -> None:
    question = KNOWN["random-crop-per-frame"]
    title, code = question.question.zh.split("\n\n", 1)
    assert code.startswith("```python\n") and "\n" not in title
    page = scorecard.markdown(interview(answer(question.id, 1.0)), "zh", KNOWN)
    assert f"### {title}\n\n{code}\n\n" in page
    assert f"## 1. {title}\n\n{code}\n\n" in pack.markdown([question], "zh")


def test_a_card_outlives_its_question_and_its_rubric() -> None:
    given = answer("psnr-versus-ssim", 1.0)
    page = scorecard.markdown(interview(given), "en", {})
    assert "### psnr-versus-ssim" in page and "- 2 / 2\n" in page
    shorter = replace(given, points=(2, 1), max_points=(2, 2))
    page = scorecard.markdown(interview(shorter), "en", KNOWN)
    assert "3 / 4" in page and page.rstrip().endswith("- 1 / 2")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pack_holds_all_that_an_interviewer_needs(language: str) -> None:
    code = "zh" if language == "zh" else "en"
    questions = session.draw(session.select(KNOWN.values(), level="senior"), 6, seed=7)
    assert len({question.group for question in questions}) == 6
    page = pack.markdown(questions, code)  # type: ignore[arg-type]
    flat = " ".join(page.split())

    def says(text: str) -> bool:
        return " ".join(text.split()) in flat

    for question in questions:
        assert says(question.question[code])  # type: ignore[index]
        assert says(question.answer[code])  # type: ignore[index]
        for point in question.rubric:
            text = point.text[code].replace("|", "\\|")  # type: ignore[index]
            assert says(f"| {text} | ___ / {point.points} |")
        for wrong in question.wrong:
            assert says(wrong.why[code])  # type: ignore[index]
        for follow_up in question.follow_ups:
            assert says(follow_up.question[code])  # type: ignore[index]
            assert says(follow_up.answer[code])  # type: ignore[index]
        assert all(source.url in page for source in question.sources)
    total = sum(question.max_points for question in questions)
    assert page.rstrip().endswith(f"___ / {total} |")
    assert page.count("\n---\n") == 3 * len(questions)
    other = "Follow-up" if language == "zh" else "追问"
    assert f"### {other}" not in page


def test_the_history_as_a_table_and_a_figure() -> None:
    first = interview(answer("psnr-versus-ssim", 0.0), answer("what-is-overfitting", 1.0))
    second = interview(answer("psnr-versus-ssim", 1.0))
    groups, table = history_plot.history_table([first, second])
    assert groups == ["overfitting-and-generalisation", "metrics"]
    np.testing.assert_equal(table, [[1.0, np.nan], [0.0, 1.0]])

    figure = history_plot.plot_history([first, second])
    above, below = figure.axes
    total = sum(given.earned for given in first.answers)
    possible = sum(given.possible for given in first.answers)
    assert np.asarray(above.lines[0].get_ydata()).tolist() == [100 * total / possible, 100]
    assert [text.get_text() for text in below.texts] == ["100%", "0%", "100%"]
    assert [label.get_text() for label in below.get_yticklabels()] == [
        "overfitting and generalisation",
        "metrics",
    ]
    words = history_plot.describe_history([first, second])
    assert "in 2 interviews" in words and "metrics 100%" in words
    plots.show(figure, alt=words)  # which wants labels on every axis


def labels(figure: Figure) -> list[str]:
    above, below = figure.axes
    ticks = [label.get_text() for label in below.get_yticklabels()]
    return [above.get_xlabel(), above.get_ylabel(), below.get_xlabel(), *ticks]


def test_the_figure_speaks_chinese_where_a_font_does(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [interview(answer("psnr-versus-ssim", 0.5))]
    english = labels(history_plot.plot_history(held))
    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["Arial", "SimHei"])
    figure = history_plot.plot_history(held, "zh")
    assert labels(figure) == [
        "历次面试（从早到晚）", "总得分率（%）", "面试时间（月-日 时:分）", "评测指标"
    ]  # fmt: skip
    assert figure.axes[1].get_yticklabels()[0].get_fontfamily() == ["sans-serif", "SimHei"]
    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["Arial"])
    assert labels(history_plot.plot_history(held, "zh")) == english
    words = history_plot.describe_history(held, "zh")
    assert words.startswith("1 次面试的总得分率（从早到晚）：") and "评测指标 " in words


@pytest.mark.skipif(
    not history_plot._chinese_fonts(), reason="no font for Chinese is installed"
)
def test_every_character_of_the_chinese_figure_is_drawn() -> None:
    answers = [answer(id, 0.5) for id in {q.group: q.id for q in KNOWN.values()}.values()]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Matplotlib warns of a character that no font has
        plots.Picture(history_plot.plot_history([interview(*answers)], "zh"), "a figure")


def test_the_figure_holds_the_latest_interviews() -> None:
    shares = [0.0] * 3 + [1.0] * history_plot.MOST_INTERVIEWS
    held = [interview(answer("psnr-versus-ssim", share)) for share in shares]
    figure = history_plot.plot_history(held)
    assert (
        np.asarray(figure.axes[0].lines[0].get_ydata()).tolist()
        == [100.0] * history_plot.MOST_INTERVIEWS
    )


def test_a_figure_needs_interviews_with_answers() -> None:
    for held in ([], [interview()], [interview(answer("psnr-versus-ssim", 1.0)), interview()]):
        with pytest.raises(ValueError, match="interviews must hold at least one"):
            history_plot.plot_history(held)


def test_a_kept_time_is_shown_as_the_wall_clock_does() -> None:
    now = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)
    assert scorecard.local_time(now.isoformat()) == f"{now.astimezone():%Y-%m-%d %H:%M}"
