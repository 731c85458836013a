import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from helpers import store
from helpers.interview import bank, drafts, history, memory, session
from helpers.interview.drafts import Draft
from helpers.interview.history import Interview, Settings

pytestmark = pytest.mark.usefixtures("folder")

ROOT = Path(history.__file__).parents[2]
QUESTIONS = [bank.get(id) for id in ("psnr-versus-ssim", "random-crop-per-frame")]
IDS = [question.id for question in QUESTIONS]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime
from helpers import store
from helpers.interview import bank, history, session
question, number, now = bank.get("psnr-versus-ssim"), int(sys.argv[1]), datetime.now(UTC)
held = history.begin([question], history.Settings(), 1, now)
print("ready", flush=True)
sys.stdin.readline()
for i in range(number):
    history.keep(held, session.score(question, [0] * 5, i, "said"), now)
    print(i, flush=True)
print(held.id, store.notices())
"""


def full(question: session.Question) -> session.Result:
    points = [point.points for point in question.rubric]
    return session.score(question, points, 41.5, "第一行\nline `two`")


def started() -> Interview:
    return history.begin(QUESTIONS, Settings("zh", level="mid"), seed=7, now=NOW)


def start_writer(number: int) -> subprocess.Popen[str]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    return writer


def test_nothing_was_held_yet() -> None:
    assert not history.interviews() and not history.answers()
    assert history.last_unfinished(IDS) is None
    assert store.notices() == []


def test_what_was_kept_comes_back() -> None:
    interview = started()
    assert history.interviews() == [interview]
    assert interview.left(IDS) == IDS
    answer = history.keep(interview, full(QUESTIONS[0]), NOW + timedelta(minutes=2))
    assert (answer.time, answer.seconds) == ("2026-03-01T12:02:00+00:00", 41.5)
    assert (answer.points, answer.max_points) == ((2, 2, 2, 2, 1), (2, 2, 2, 2, 1))
    assert (answer.earned, answer.possible, answer.group) == (9, 9, "metrics")
    (held,) = history.interviews()
    assert held.answers == (answer,)
    assert (held.settings, held.seed) == (Settings("zh", level="mid"), 7)
    assert held.started == "2026-03-01T12:00:00+00:00"
    assert held.left(IDS) == IDS[1:]
    assert history.last_unfinished(IDS) == held
    history.keep(interview, full(QUESTIONS[1]), NOW)
    assert history.last_unfinished(IDS) is None


def test_a_question_that_left_the_bank_is_not_left_to_ask() -> None:
    interview = started()
    assert interview.left(IDS[:1]) == IDS[:1]
    assert interview.left([]) == []
    assert history.last_unfinished([]) is None


def test_the_latest_unfinished_interview_is_found() -> None:
    first, second = started(), started()
    assert history.last_unfinished(IDS) == second
    for question in QUESTIONS:
        history.keep(second, full(question), NOW)
    assert history.last_unfinished(IDS) == first


def test_an_interview_without_work_hides_none_that_has_some() -> None:
    first, second, third = started(), started(), started()
    assert history.last_unfinished(IDS) == third
    answer = history.keep(first, full(QUESTIONS[0]), NOW)
    assert history.last_unfinished(IDS) == first.with_answer(answer)
    drafts.save(second.id, Draft(IDS[0], 3.0))  # the widget has merely shown the question
    assert history.last_unfinished(IDS) == first.with_answer(answer)
    drafts.save(second.id, Draft(IDS[0], 9.0, "half a sen"))
    assert history.last_unfinished(IDS) == second
    drafts.save(third.id, Draft(IDS[0], 9.0, answered=True))  # aloud
    assert history.last_unfinished(IDS) == third


def test_of_two_answers_to_one_question_the_later_counts_and_both_are_kept() -> None:
    interview = started()
    history.keep(interview, session.score(QUESTIONS[0], [0] * 5, 1.0), NOW)
    later = history.keep(interview, full(QUESTIONS[0]), NOW)
    assert history.interviews()[0].answers == (later,)
    assert len(history.answers()) == 2


@pytest.mark.parametrize(
    "now", [NOW.replace(tzinfo=None), NOW.astimezone(timezone(timedelta(hours=8)))]
)
def test_times_are_in_utc(now: datetime) -> None:
    with pytest.raises(ValueError, match="must be in UTC"):
        history.begin(QUESTIONS, Settings(), 1, now)


def test_a_killed_process_loses_no_scored_answer() -> None:
    writer = start_writer(10**6)
    assert writer.stdin is not None and writer.stdout is not None
    writer.stdin.write("\n")
    writer.stdin.flush()
    scored = [writer.stdout.readline() for _ in range(5)]
    writer.kill()
    scored += writer.stdout.readlines()
    writer.wait()
    kept = [answer.seconds for answer in history.answers()]
    # The last one may have been kept and not yet told.
    assert kept[: len(scored)] == list(range(len(scored)))
    assert len(kept) - len(scored) in (0, 1)
    assert [due.name for due in memory.questions()] == IDS[:1]
    assert store.notices() == []


def test_two_interviews_at_once_lose_nothing() -> None:
    writers = [start_writer(15) for _ in range(2)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    ends = [writer.communicate(timeout=300)[0].splitlines()[-1].split() for writer in writers]
    assert [notices for _, notices in ends] == ["[]", "[]"]
    for id, _ in ends:
        mine = [answer.seconds for answer in history.answers() if answer.interview == id]
        assert mine == list(range(15))
    assert len(history.interviews()) == 2


def test_a_full_disk_is_told_once_and_what_was_kept_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interview, opening = started(), store._open
    history.keep(interview, full(QUESTIONS[0]), NOW)

    def full_disk(path: Path) -> sqlite3.Connection:
        connection = opening(path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    long = session.score(QUESTIONS[1], [0] * len(QUESTIONS[1].rubric), 1.0, "word " * 2000)
    with monkeypatch.context() as context:
        context.setattr(store, "_open", full_disk)
        for _ in range(3):
            assert history.keep(interview, long, NOW).written_answer == long.written_answer
    (notice,) = store.notices()
    assert "disk is full" in notice
    assert [answer.question_id for answer in history.answers()] == IDS[:1]
    # An answer and its card are kept together or not at all.
    assert [due.name for due in memory.questions()] == IDS[:1]
    history.keep(interview, long, NOW)  # the room is back
    assert [answer.question_id for answer in history.interviews()[0].answers] == IDS


def test_a_file_damaged_in_an_interview_is_kept_aside_and_the_rest_is_kept(
    folder: Path,
) -> None:
    interview = started()
    history.keep(interview, full(QUESTIONS[0]), NOW)
    (folder / "progress.sqlite").write_text("damage")
    history.keep(interview, full(QUESTIONS[1]), NOW)
    (notice,) = store.notices()
    assert "damaged" in notice
    (held,) = history.interviews()
    assert (held.id, held.question_ids) == (interview.id, interview.question_ids)
    assert [answer.question_id for answer in held.answers] == IDS[1:]


@pytest.mark.parametrize(("kept", "groups"), [("null", ()), ('"metrics"', ("metrics",))])
def test_an_interview_of_when_it_had_one_group_is_read(
    kept: str, groups: tuple[str, ...], folder: Path
) -> None:
    started()
    with closing(sqlite3.connect(folder / "progress.sqlite", isolation_level=None)) as file:
        file.execute(
            "UPDATE interviews SET settings = ?",
            [f'{{"language": "zh", "group": {kept}, "level": "mid", "due": true}}'],
        )
    (held,) = history.interviews()
    assert held.settings == Settings("zh", groups, "mid", None, True)


@pytest.mark.parametrize(
    "damage",
    [
        'UPDATE interviews SET settings = \'{"groups": ["colour"]}\' WHERE number = 1',
        "UPDATE interviews SET questions = 'damage' WHERE number = 1",
        "UPDATE interviews SET questions = '[1]' WHERE number = 1",
        "UPDATE interviews SET settings = '{\"colour\": 1}' WHERE number = 1",
        'UPDATE interviews SET settings = \'{"language": "fr"}\' WHERE number = 1',
        "UPDATE interviews SET started = 'noon' WHERE number = 1",
    ],
)
def test_a_damaged_row_hides_only_itself(damage: str, folder: Path) -> None:
    started()
    second = started()
    with closing(sqlite3.connect(folder / "progress.sqlite", isolation_level=None)) as file:
        file.execute(damage)
    assert history.interviews() == [second]


@pytest.mark.parametrize(
    "damage",
    [
        "points = '['",
        "points = '3'",
        "points = '[9, 9, 9]'",
        "max_points = '[]'",
        "topic = 'metric'",
        "time = ''",
        "seconds = 'long'",
    ],
)
def test_a_damaged_answer_hides_only_itself(damage: str, folder: Path) -> None:
    interview = started()
    for question in QUESTIONS:
        history.keep(interview, full(question), NOW)
    with closing(sqlite3.connect(folder / "progress.sqlite", isolation_level=None)) as file:
        file.execute(f"UPDATE answers SET {damage} WHERE number = 1")
    assert [answer.question_id for answer in history.answers()] == IDS[1:]


def test_a_coding_round_keeps_the_code() -> None:
    history.keep_coding("iou", "21", "wrong", 61.0, "def iou(a, b): ...", NOW)
    assert store.read("SELECT exercise, outcome, seconds, code FROM coding_rounds") == [
        ("iou", "wrong", 61.0, "def iou(a, b): ...")
    ]


def test_the_kept_card_is_fsrss_own_json() -> None:
    history.keep(started(), full(QUESTIONS[0]), NOW)
    ((card,),) = store.read("SELECT card FROM cards")
    assert set(json.loads(card)) == {
        "card_id", "state", "step", "stability", "difficulty", "due", "last_review"
    }  # fmt: skip
