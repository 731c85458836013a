from datetime import UTC, datetime, timedelta

import fsrs
import numpy as np
import pytest

from helpers import store
from helpers.course import progress
from helpers.interview import bank, history, memory, session
from helpers.interview.history import Settings

pytestmark = pytest.mark.usefixtures("folder")

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("share", "name"),
    [
        *((0, "Again"), (0.399, "Again"), (0.4, "Hard"), (0.649, "Hard")),
        *((0.65, "Good"), (0.899, "Good"), (0.9, "Easy"), (1, "Easy")),
    ],
)
def test_the_share_of_the_points_is_the_rating(share: float, name: str) -> None:
    assert memory.rating(share).name == name


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_from_0_to_1(share: float) -> None:
    with pytest.raises(ValueError, match=r"share is .*, but it must be from 0 to 1"):
        memory.rating(share)


def test_reviews_agree_with_fsrs_and_repeat() -> None:
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    rng = np.random.default_rng(0)
    for number in range(300):
        now, kept, card = NOW, None, fsrs.Card(card_id=1, due=NOW)
        for grade in rng.integers(1, 5, size=rng.integers(1, 8)):
            now += timedelta(hours=float(rng.integers(0, 2000)))
            kept = memory.review(str(number), kept, fsrs.Rating(grade), now)
            card, _ = scheduler.review_card(card, fsrs.Rating(grade), now)
            ours = fsrs.Card.from_json(kept)
            assert (ours.due, ours.stability) == (card.due, card.stability)
            assert (ours.difficulty, ours.state) == (card.difficulty, card.state)
            assert ours.due - now >= DAY  # never twice on one day


def test_what_went_badly_comes_back_first() -> None:
    questions = [bank.get(id) for id in ("psnr-versus-ssim", "random-crop-per-frame")]
    interview = history.begin(questions, Settings(), 1, NOW)
    good, bad = questions
    points = [point.points for point in good.rubric]
    history.keep(interview, session.score(good, points, 1.0), NOW)
    history.keep(interview, session.score(bad, [0] * len(bad.rubric), 1.0), NOW)
    first, second = memory.questions()
    assert (first.name, first.time) == (bad.id, NOW + DAY)
    assert second.name == good.id and second.time > NOW + 5 * DAY
    assert memory.due_by(NOW, memory.questions()) == []
    assert memory.due_by(NOW + DAY, memory.questions()) == [first]
    assert memory.due_by(second.time, memory.questions()) == [first, second]


def test_a_question_that_is_remembered_comes_back_later_and_later() -> None:
    now, card, gaps = NOW, None, []
    for _ in range(5):
        card = memory.review("one", card, fsrs.Rating.Good, now)
        gaps.append(fsrs.Card.from_json(card).due - now)
        now = fsrs.Card.from_json(card).due
    assert gaps == sorted(gaps) and gaps[0] < 5 * DAY and gaps[-1] > 30 * DAY


@pytest.mark.parametrize("damaged", ["", "{", "[]", "{}", '{"card_id": 1, "state": 9}', "null"])
def test_a_card_that_cannot_be_read_begins_anew(damaged: str) -> None:
    fresh = memory.review("one", None, fsrs.Rating.Good, NOW)
    assert memory.review("one", damaged, fsrs.Rating.Good, NOW) == fresh
    store.transaction(
        lambda file: file.execute("INSERT INTO cards VALUES ('one', ?)", [damaged]), None
    )
    assert memory.questions() == []


def check(monkeypatch: pytest.MonkeyPatch, exercise: str, outcome: str, time: str) -> None:
    monkeypatch.setattr(progress, "_now", lambda: time)
    progress.record_check(exercise, "21", outcome, None, 0.0, 1.0)  # type: ignore[arg-type]


def test_a_failed_check_brings_the_exercise_back(monkeypatch: pytest.MonkeyPatch) -> None:
    check(monkeypatch, "iou", "wrong", "2026-03-01T12:00:00+00:00")
    check(monkeypatch, "nms", "right", "2026-03-01T12:00:00+00:00")
    check(monkeypatch, "mota", "not attempted", "2026-03-01T12:00:00+00:00")
    assert memory.exercises() == [memory.Due("iou", NOW + DAY)]
    check(monkeypatch, "iou", "right", "2026-03-04T12:00:00+00:00")
    (entry,) = memory.exercises()
    assert entry.time > NOW + 3 * DAY  # remembered, so not before the day after
    later = entry.time
    check(monkeypatch, "iou", "right", later.isoformat(timespec="seconds"))
    (entry,) = memory.exercises()
    assert entry.time > later + DAY
    check(monkeypatch, "nms", "wrong", "2026-03-02T00:00:00+00:00")
    assert [entry.name for entry in memory.exercises()] == ["nms", "iou"]


def test_a_clock_that_jumps_back_and_a_damaged_time_hide_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check(monkeypatch, "iou", "wrong", "2026-03-01T12:00:00+00:00")
    check(monkeypatch, "iou", "wrong", "2020-01-01T00:00:00+00:00")
    check(monkeypatch, "nms", "wrong", "not a time")
    check(monkeypatch, "nms", "wrong", "2026-03-01T12:00:00")  # without a zone
    assert [entry.name for entry in memory.exercises()] == ["iou"]
