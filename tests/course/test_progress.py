import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from helpers import store
from helpers.course import progress
from helpers.course.progress import ExerciseProgress

ROOT = Path(progress.__file__).parents[2]

WRITER = """
import sys
from helpers import store
from helpers.course import progress
name, number = sys.argv[1], int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for i in range(number):
    progress.record_check(f"{name}-{i}", "21", "wrong", None, 0.0, 1.0)
    print(i, flush=True)
print(progress.notices())
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and a session in which nothing has been told yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("LVM_DATA_DIR", str(folder))
    monkeypatch.setattr(store, "_waiting", [])
    monkeypatch.setattr(store, "_told", set())
    return folder


def record(exercise: str, outcome: progress.Outcome, misconception: str | None = None) -> None:
    points = 2.0 if outcome == "right" else 0.0
    progress.record_check(exercise, "21", outcome, misconception, points, 2.0)


def connect(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(folder / "progress.sqlite", isolation_level=None))


def start_writer(name: str, number: int) -> subprocess.Popen[str]:
    """Start a process that records ``number`` checks once it is sent a line."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, name, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    return writer


# What is kept


def test_nothing_done_yet() -> None:
    assert progress.summary() == {}
    assert progress.checks() == []
    assert progress.notices() == []


def test_summary_tells_how_an_exercise_went_up_to_its_first_right_answer() -> None:
    record("iou", "not attempted")
    record("iou", "wrong", "inclusive pixels")
    progress.record_help("iou", "21", "hint", 1)
    progress.record_help("iou", "21", "hint", 2)
    progress.record_help("iou", "21", "hint", 1)  # after a restart hints begin anew
    record("iou", "wrong")
    assert progress.summary() == {"iou": ExerciseProgress("21", "wrong", 2, 2, False, None)}

    record("iou", "right")
    after = progress.summary()["iou"]
    assert after == ExerciseProgress("21", "right", 2, 2, False, after.first_right)
    assert after.first_right is not None
    solved = datetime.fromisoformat(after.first_right)
    assert solved.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - solved) < timedelta(minutes=1)

    record("iou", "wrong")
    record("iou", "right")
    progress.record_help("iou", "21", "hint", 3)
    progress.record_help("iou", "21", "solution", 1)
    assert progress.summary()["iou"] == after


def test_summary_tells_when_the_solution_was_seen_first() -> None:
    progress.record_help("iou", "21", "solution", 1)
    assert progress.summary() == {"iou": ExerciseProgress("21", solution_seen=True)}
    record("iou", "right")
    assert progress.summary()["iou"].solution_seen
    assert progress.summary()["iou"].outcome == "right"


def test_summary_keeps_exercises_apart_in_the_order_met() -> None:
    record("nms", "wrong")
    record("iou", "right")
    record("nms", "not attempted")
    assert list(progress.summary()) == ["nms", "iou"]
    assert progress.summary()["nms"] == ExerciseProgress("21", "wrong", 1)


def test_order_is_that_of_recording_even_when_the_clock_jumps_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = iter(["2030-01-02T00:00:00+00:00", "2030-01-01T00:00:00+00:00"])
    monkeypatch.setattr(progress, "_now", lambda: next(times))
    record("iou", "right")
    progress.record_help("iou", "21", "solution", 1)
    assert not progress.summary()["iou"].solution_seen


def test_checks_gives_every_check_with_its_misconception() -> None:
    record("iou", "wrong", "像素 inclusive")
    progress.record_help("iou", "21", "hint", 1)
    float32, int64 = cast(float, np.float32(1.5)), cast(float, np.int64(2))
    progress.record_check("iou", "21", "right", None, float32, int64)
    first, second = progress.checks()
    assert (first.exercise, first.chapter, first.outcome) == ("iou", "21", "wrong")
    assert (first.misconception, first.points, first.max_points) == ("像素 inclusive", 0.0, 2.0)
    assert (second.misconception, second.points, second.max_points) == (None, 1.5, 2.0)
    assert first.time.endswith("+00:00")


def test_an_unknown_outcome_or_kind_of_help_is_the_authors_mistake() -> None:
    with pytest.raises(ValueError, match="outcome is 'RIGHT', but it must be one of"):
        record("iou", "RIGHT")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="kind is 'help', but it must be one of"):
        progress.record_help("iou", "21", "help", 1)  # type: ignore[arg-type]
    assert progress.checks() == []


def test_without_the_variable_the_file_is_in_the_users_data_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for unset in (lambda: monkeypatch.setenv("LVM_DATA_DIR", ""),
                  lambda: monkeypatch.delenv("LVM_DATA_DIR")):  # fmt: skip
        unset()
        file = store._file()
        assert file.is_absolute()
        assert file.name == "progress.sqlite"
        assert "large-video-models" in file.parts


# Two notebooks at once, and crashes


def test_two_processes_writing_at_once_lose_nothing() -> None:
    writers = [start_writer(name, 200) for name in ("a", "b")]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        output, _ = writer.communicate(timeout=300)
        assert output.splitlines()[-1] == "[]"
        assert writer.returncode == 0
    kept = [check.exercise for check in progress.checks()]
    assert sorted(kept) == sorted(f"{name}-{i}" for name in "ab" for i in range(200))
    in_order_of_a = [name for name in kept if name.startswith("a-")]
    assert in_order_of_a == [f"a-{i}" for i in range(200)]


def test_a_killed_process_leaves_a_readable_file_with_all_it_had_kept(folder: Path) -> None:
    acknowledged = 0
    for number_before_kill in (1, 7, 40):
        writer = start_writer("a", 100_000)
        assert writer.stdin is not None and writer.stdout is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
        for _ in range(number_before_kill):
            writer.stdout.readline()
        writer.kill()
        output, _ = writer.communicate(timeout=300)
        acknowledged += number_before_kill + output.count("\n")
        # One more may have been kept but not yet printed when the process was killed.
        kept = len(progress.checks())
        assert acknowledged <= kept <= acknowledged + 1
        acknowledged = kept
    with connect(folder) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert progress.notices() == []


def test_a_transaction_cut_off_half_way_is_rolled_back(folder: Path) -> None:
    record("iou", "right")
    # Dies with some of its pages already in the file and a journal that can undo them.
    dying = f"""
import os, sqlite3
connection = sqlite3.connect({str(folder / "progress.sqlite")!r}, isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
for i in range(3000):
    connection.execute("INSERT INTO events (time, kind, exercise, chapter) VALUES "
                       "('', 'solution', 'half', '')")
os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", dying], check=False).returncode == 9
    assert (folder / "progress.sqlite-journal").exists()
    assert list(progress.summary()) == ["iou"]
    assert progress.notices() == []


def test_a_write_that_finds_the_file_locked_waits_then_tells(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("iou", "wrong")
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.05)
    with connect(folder) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        record("iou", "right")
        (notice,) = progress.notices()
        assert "(database is locked)" in notice
    record("iou", "right")
    assert [check.outcome for check in progress.checks()] == ["wrong", "right"]


# A disk that is full, a folder that cannot be written


def full(path: Path) -> sqlite3.Connection:
    connection = OPEN(path)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {max(pages, 1)}")
    return connection


def read_only(path: Path) -> sqlite3.Connection:
    uri = f"{path.as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


OPEN = store._open


@pytest.mark.parametrize(
    ("opening", "reason"),
    [
        (full, "database or disk is full"),
        (read_only, "attempt to write a readonly database"),
    ],
)
def test_when_saving_fails_one_sentence_says_so_and_what_was_kept_stays(
    opening: Callable[[Path], sqlite3.Connection],
    reason: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record("iou", "right")
    monkeypatch.setattr(store, "_open", opening)
    for _ in range(100):  # a full disk shows when the last page is full
        record("nms", "wrong", "a long name " * 20)
        progress.record_help("nms", "21", "hint", 1)
    (notice,) = progress.notices()
    assert f"({reason})" in notice
    assert str(folder) in notice
    assert "LVM_DATA_DIR" in notice
    assert "\n" not in notice
    assert progress.summary()["iou"].outcome == "right"

    monkeypatch.setattr(store, "_open", OPEN)  # the room is back
    record("last", "right")
    assert progress.checks()[-1].exercise == "last"
    assert progress.notices() == []


def test_no_file_can_be_made_on_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_open", full)
    record("iou", "right")
    assert progress.summary() == {}
    assert len(progress.notices()) == 1
    monkeypatch.setattr(store, "_open", OPEN)
    record("iou", "right")
    assert progress.summary()["iou"].outcome == "right"


def test_a_folder_that_cannot_be_made_is_told_once(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    record("iou", "right")
    progress.record_help("iou", "21", "hint", 1)
    assert progress.summary() == {}
    assert progress.checks() == []
    (notice,) = progress.notices()
    assert "(File exists)" in notice or os.name == "nt"
    assert "[Errno" not in notice
    record("iou", "right")
    assert progress.notices() == []
    assert folder.read_text() == "a file where the folder should be"


# Damaged files


def kept_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob("progress-corrupt-*.sqlite"))


def filled(folder: Path) -> bytes:
    """A valid file of several pages, and its content."""
    with closing(store._open(folder / "progress.sqlite")) as connection:
        store._migrate(connection)
        connection.executemany(
            "INSERT INTO events (time, kind, exercise, chapter) VALUES ('', 'hint', ?, '')",
            [("x" * 200,)] * 100,
        )
    return (folder / "progress.sqlite").read_bytes()


def damage_text(content: bytes) -> bytes:
    return b"not a database, but somebody's shopping list\n" * 50


def damage_two_bytes(content: bytes) -> bytes:
    return content[:2]  # of one byte SQLite says that the file is empty


def damage_header(content: bytes) -> bytes:
    return b"\0" * 100 + content[100:]


def damage_truncated(content: bytes) -> bytes:
    page = int.from_bytes(content[16:18], "big")
    return content[:-page]


def damage_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def damage_first_page_only(content: bytes) -> bytes:
    return content[:300]


def damage_middle(content: bytes) -> bytes:
    page = int.from_bytes(content[16:18], "big")
    start = len(content) - 2 * page  # of the rows, which come after the tables
    return content[:start] + b"\xff" * page + content[start + page :]


def damage_name(content: bytes) -> bytes:
    # SQLite's message quotes the name, and Python cannot decode it.
    return content.replace(b"tableevents", b"table\xffvents", 1)


@pytest.mark.parametrize(
    "damage",
    [
        damage_text,
        damage_two_bytes,
        damage_header,
        damage_truncated,
        damage_half,
        damage_first_page_only,
        damage_middle,
        damage_name,
    ],
)
@pytest.mark.parametrize("first_call", ["record", "summary"])
def test_a_damaged_file_is_kept_aside_and_a_fresh_one_begun(
    damage: Callable[[bytes], bytes], first_call: str, folder: Path
) -> None:
    damaged = damage(filled(folder))
    (folder / "progress.sqlite").write_bytes(damaged)
    if first_call == "record":
        record("iou", "right")
        progress.summary()  # damage in the middle shows only when it is read
    assert first_call == "record" or progress.summary() == {}
    (aside,) = kept_aside(folder)
    assert aside.read_bytes()[: len(damaged)] == damaged or damage is damage_middle
    (notice,) = progress.notices()
    assert str(aside) in notice
    assert "\n" not in notice
    record("nms", "right")
    assert progress.summary()["nms"].outcome == "right"
    assert progress.notices() == []
    assert kept_aside(folder) == [aside]


def test_no_damage_whatever_raises_or_stops_the_next_record(folder: Path) -> None:
    content = filled(folder)
    rng = np.random.default_rng(0)
    for _ in range(30):
        damaged = np.frombuffer(content, np.uint8).copy()
        # Half of the damage goes to the first pages, whose headers matter most.
        reach = len(damaged) if rng.random() < 0.5 else 400
        places = rng.integers(0, reach, size=rng.integers(1, 40))
        damaged[places] = rng.integers(0, 256, size=len(places))
        (folder / "progress.sqlite").write_bytes(damaged.tobytes())
        record("iou", "right")
        progress.summary()
        progress.checks()
        progress.notices()


def test_each_damaged_file_gets_a_name_of_its_own(folder: Path) -> None:
    folder.mkdir()
    for number in range(3):  # within the same second, or nearly
        (folder / "progress.sqlite").write_text(f"damage {number}")
        record("iou", "right")
    told = progress.notices()
    assert len(told) == 3
    assert {path.read_text() for path in kept_aside(folder)} == {
        "damage 0", "damage 1", "damage 2"
    }  # fmt: skip
    assert all(any(str(path) in notice for notice in told) for path in kept_aside(folder))


@pytest.mark.skipif(os.name == "nt", reason="Windows renames no file that is open")
def test_the_journal_of_a_damaged_file_goes_with_it(folder: Path) -> None:
    (folder / "progress.sqlite").write_bytes(damage_middle(filled(folder)))
    with connect(folder) as other_notebook:
        other_notebook.execute("BEGIN")
        other_notebook.execute("INSERT INTO events (time, kind, exercise, chapter) "
                               "VALUES ('', 'solution', 'half', '')")  # fmt: skip
        assert (folder / "progress.sqlite-journal").exists()
        assert progress.summary() == {}
        (aside,) = kept_aside(folder)
        assert aside.with_name(f"{aside.name}-journal").exists()
        assert not (folder / "progress.sqlite-journal").exists()
        record("iou", "right")
    assert list(progress.summary()) == ["iou"]


def test_a_fresh_file_that_another_notebook_began_is_not_set_aside(folder: Path) -> None:
    # We found damage; before we could act, another notebook set the file aside.
    record("iou", "right")
    store._set_aside(folder / "progress.sqlite")
    assert kept_aside(folder) == []
    assert progress.notices() == []
    assert progress.summary()["iou"].outcome == "right"


def test_damage_is_set_aside_by_one_notebook_at_a_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    (folder / "progress.sqlite").write_text("damage")
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(folder / "progress.lock")) as other_notebook:
        other_notebook.execute("BEGIN EXCLUSIVE")
        record("iou", "right")
        assert (folder / "progress.sqlite").read_text() == "damage"
        (notice,) = progress.notices()
        assert "(database is locked)" in notice
    record("iou", "right")
    assert len(kept_aside(folder)) == 1


def test_two_notebooks_that_find_the_same_damage_keep_it_once(folder: Path) -> None:
    folder.mkdir()
    (folder / "progress.sqlite").write_text("damage")
    writers = [start_writer(name, 20) for name in ("a", "b", "c")]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    told = []
    for writer in writers:
        output, _ = writer.communicate(timeout=300)
        told += json.loads(output.splitlines()[-1].replace("'", '"'))
    assert len(progress.checks()) == 60
    (aside,) = kept_aside(folder)
    assert aside.read_text() == "damage"
    assert len(told) == 1


def test_an_empty_file_is_a_new_one(folder: Path) -> None:
    folder.mkdir()
    (folder / "progress.sqlite").touch()
    record("iou", "right")
    assert progress.summary()["iou"].outcome == "right"
    assert progress.notices() == []
    assert kept_aside(folder) == []


def test_damage_that_cannot_be_set_aside_is_told_and_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    (folder / "progress.sqlite").write_text("damage")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    record("iou", "right")
    assert progress.summary() == {}
    (notice,) = progress.notices()
    assert "(Permission denied)" in notice
    assert (folder / "progress.sqlite").read_text() == "damage"


def test_an_error_that_cannot_be_decoded_on_a_sound_file_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("iou", "right")

    def fail(connection: sqlite3.Connection) -> None:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    with monkeypatch.context() as context:
        context.setattr(store, "_migrate", fail)
        record("iou", "wrong")
        assert len(progress.notices()) == 1
    assert kept_aside(folder) == []
    assert progress.summary()["iou"].outcome == "right"


def test_every_code_of_the_class_corrupt_means_damage() -> None:
    error = sqlite3.DatabaseError()
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT_SEQUENCE
    assert store._means_damage(error)
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert not store._means_damage(error)
    assert not store._means_damage(sqlite3.InterfaceError())


def test_a_flipped_bit_in_a_name_does_not_hide_the_rest(folder: Path) -> None:
    record("iou", "right")
    record("nms", "right")
    with connect(folder) as connection:
        connection.execute(
            "UPDATE events SET exercise = CAST(x'ff6f75' AS TEXT) WHERE exercise = 'iou'"
        )
    assert list(progress.summary()) == ["\ufffdou", "nms"]


# Files of other versions


def test_a_file_of_a_newer_version_is_left_alone(folder: Path) -> None:
    record("iou", "right")
    with connect(folder) as connection:
        connection.execute(f"PRAGMA user_version = {len(store.MIGRATIONS) + 1}")
    before = (folder / "progress.sqlite").read_bytes()
    record("iou", "wrong")
    assert progress.summary() == {}
    assert progress.checks() == []
    (notice,) = progress.notices()
    assert "newer version of this course" in notice
    assert (folder / "progress.sqlite").read_bytes() == before
    assert kept_aside(folder) == []


def test_a_newer_course_that_migrates_at_the_same_moment_wins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("iou", "right")
    newer = len(store.MIGRATIONS) + 1
    with connect(folder) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    read_version, stale = store._version, [0]  # what we read just before it wrote

    def version(connection: sqlite3.Connection) -> int:
        return stale.pop() if stale else read_version(connection)

    monkeypatch.setattr(store, "_version", version)
    record("iou", "wrong")
    with connect(folder) as connection:
        assert read_version(connection) == newer
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)
    assert len(progress.notices()) == 1


def test_a_migration_keeps_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record("iou", "right")
    before = progress.checks()
    added = ["CREATE TABLE later (id INTEGER)", "ALTER TABLE events ADD COLUMN seconds"]
    monkeypatch.setattr(store, "MIGRATIONS", store.MIGRATIONS + added)
    assert progress.checks() == before
    with connect(folder) as connection:
        assert connection.execute("SELECT * FROM later").fetchall() == []
        assert connection.execute("SELECT seconds FROM events").fetchall() == [(None,)]
        version = connection.execute("PRAGMA user_version").fetchone()
    assert version == (len(store.MIGRATIONS),)
    assert progress.notices() == []


def test_a_migration_that_fails_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("iou", "right")
    version = len(store.MIGRATIONS)
    with connect(folder) as connection:
        before = list(connection.iterdump())
    with monkeypatch.context() as context:
        added = ["DELETE FROM events", "CREATE TABLE later (id INTEGER)", "NOT SQL"]
        context.setattr(store, "MIGRATIONS", store.MIGRATIONS + added)
        record("iou", "wrong")
        assert len(progress.notices()) == 1
    with connect(folder) as connection:
        assert list(connection.iterdump()) == before
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
    assert [check.outcome for check in progress.checks()] == ["right"]
    assert kept_aside(folder) == []
