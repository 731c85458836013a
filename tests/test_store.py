import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from helpers import store
from helpers.course import progress


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("LVM_DATA_DIR", str(folder))
    monkeypatch.setattr(store, "_waiting", [])
    monkeypatch.setattr(store, "_told", set())
    return folder


def record(exercise: str) -> None:
    progress.record_check(exercise, "21", "wrong", None, 0.0, 2.0)


def test_a_transaction_happens_as_a_whole_or_not_at_all() -> None:
    def half(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO cards VALUES ('one', '{}')")
        connection.execute("INSERT INTO no_such_table VALUES (1)")
        return "done"

    assert store.transaction(half, "failed") == "failed"
    assert store.read("SELECT * FROM cards") == []
    assert "no such table" in store.notices()[0]

    def whole(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO cards VALUES ('one', '{}')")
        return "done"

    assert store.transaction(whole, "failed") == "done"
    assert store.read("SELECT card FROM cards WHERE question = ?", ("one",)) == [("{}",)]


def test_an_error_that_is_not_the_files_is_not_hidden() -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO cards VALUES ('one', '{}')")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.transaction(fail, None)
    assert store.read("SELECT * FROM cards") == []


def test_export_has_every_row_of_every_table() -> None:
    record("iou")
    record("nms")
    tables = store.export()
    assert tables is not None
    assert list(tables) == [
        "events", "interviews", "answers", "cards", "coding_rounds", "drafts"
    ]  # fmt: skip
    assert [row["exercise"] for row in tables["events"]] == ["iou", "nms"]
    assert tables["events"][0]["max_points"] == 2.0
    assert tables["interviews"] == []


def test_export_reads_what_cannot_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("iou")

    def read_only(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)

    monkeypatch.setattr(store, "_open", read_only)
    tables = store.export()
    assert tables is not None and len(tables["events"]) == 1
    assert store.notices() == []


def test_export_of_nothing_that_can_be_read(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert store.export() is None
    assert not store.delete()
    assert len(store.notices()) == 1


def test_delete_leaves_nothing_behind(folder: Path) -> None:
    folder.mkdir()
    (folder / "progress.sqlite").write_text("damage with a secret")
    record("secret-name")
    store.notices()
    assert len(list(folder.glob("progress-corrupt-*"))) == 1
    (folder / "mine.txt").write_text("not ours")

    assert store.delete()
    assert progress.checks() == []
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["mine.txt", "progress.lock", "progress.sqlite"]
    assert not any(b"secret" in path.read_bytes() for path in folder.iterdir())

    record("iou")
    assert [check.exercise for check in progress.checks()] == ["iou"]
    # No number is given twice: another notebook may still hold an old one.
    assert store.read("SELECT id FROM events") == [(2,)]
    assert store.notices() == []


def test_delete_beside_a_notebook_that_is_open(folder: Path) -> None:
    record("iou")
    with closing(sqlite3.connect(folder / "progress.sqlite")) as other:
        assert other.execute("SELECT count(*) FROM events").fetchone() == (1,)
        assert store.delete()
        assert other.execute("SELECT count(*) FROM events").fetchone() == (0,)


def test_a_damaged_file_that_cannot_be_deleted_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("iou")
    (folder / "progress-corrupt-1.sqlite").touch()

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    assert not store.delete()
    (notice,) = store.notices()
    assert "progress-corrupt-1.sqlite" in notice and "(Permission denied)" in notice


def test_a_released_migration_never_changes() -> None:
    # Files of this version are on learners' disks: append to MIGRATIONS, do not edit it.
    columns = {
        "events": "id time kind exercise chapter outcome misconception points max_points level",
        "interviews": "number id started settings seed questions",
        "answers": "number interview time question topic points max_points seconds written",
        "cards": "question card",
        "coding_rounds": "number time exercise chapter outcome seconds code",
    }
    with closing(sqlite3.connect(":memory:")) as connection:
        for (table, names), statement in zip(columns.items(), store.MIGRATIONS, strict=False):
            connection.execute(statement)
            found = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            assert found == names.split()


def test_a_file_of_the_first_version_keeps_its_checks(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "progress.sqlite", isolation_level=None)) as old:
        old.execute(store.MIGRATIONS[0])
        old.execute("PRAGMA user_version = 1")
        old.execute(
            "INSERT INTO events (time, kind, exercise, chapter, outcome, points, max_points)"
            " VALUES ('2026-01-01T00:00:00+00:00', 'check', 'iou', '21', 'right', 2, 2)"
        )
    assert [check.exercise for check in progress.checks()] == ["iou"]
    assert store.read("SELECT * FROM interviews") == []
    assert store.notices() == []
