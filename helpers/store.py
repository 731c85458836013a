"""The one small SQLite file that keeps what a learner has done.

The file is ``progress.sqlite`` in the user's data folder, or in the folder that the environment
variable ``LVM_DATA_DIR`` names. A file that cannot be written or read never stops a check or an
interview: nothing here raises for it, and ``notices()`` gives the caller one sentence to print.

Each call opens the file, runs one short transaction and closes it again, so two notebooks, a
timer thread or a forked process never share a connection. The journal is SQLite's usual one:
write-ahead logging (WAL) needs memory that all processes share, which a home folder on a
network does not have (https://www.sqlite.org/wal.html), and a row per check does not need it.

`helpers.course.progress` and `helpers.interview.history` read and write the tables.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import platformdirs

Result = TypeVar("Result")

# How long a write waits for another notebook's. A transaction takes milliseconds.
BUSY_SECONDS = 10.0

# One SQL statement each. A file's version (PRAGMA user_version) is the number of statements
# that it has been given, so this list only ever grows at its end, and a released statement
# never changes.
MIGRATIONS = [
    # All events of exercises share a table since their order tells what came before what:
    # clocks may jump.
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time TEXT NOT NULL,          -- UTC, ISO 8601
        kind TEXT NOT NULL,          -- check, hint or solution
        exercise TEXT NOT NULL,
        chapter TEXT NOT NULL,
        outcome TEXT,                -- of a check, as are the next three
        misconception TEXT,
        points REAL,
        max_points REAL,
        level INTEGER                -- of a hint or a solution
    )""",
    # The rest is read and written by helpers.interview.history.
    """CREATE TABLE interviews (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,     -- random: it stays its own in a fresh file, too
        started TEXT NOT NULL,       -- UTC, ISO 8601
        settings TEXT NOT NULL,      -- JSON: the language and the filters
        seed INTEGER NOT NULL,
        questions TEXT NOT NULL      -- JSON: the ids that were drawn, in the order of asking
    )""",
    """CREATE TABLE answers (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        interview TEXT NOT NULL,     -- the id of an interview
        time TEXT NOT NULL,          -- UTC, ISO 8601
        question TEXT NOT NULL,      -- the id in the bank
        topic TEXT NOT NULL,         -- the question's group
        points TEXT NOT NULL,        -- JSON: what each point of the rubric was given
        max_points TEXT NOT NULL,    -- JSON: what each was worth that day
        seconds REAL NOT NULL,
        written TEXT NOT NULL        -- empty when the answer was spoken
    )""",
    """CREATE TABLE cards (
        question TEXT PRIMARY KEY,
        card TEXT NOT NULL           -- JSON, as fsrs writes it
    )""",
    """CREATE TABLE coding_rounds (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        time TEXT NOT NULL,          -- UTC, ISO 8601
        exercise TEXT NOT NULL,
        chapter TEXT NOT NULL,
        outcome TEXT NOT NULL,       -- of the check, or 'no code' when the file did not run
        seconds REAL NOT NULL,       -- since the round began
        code TEXT NOT NULL           -- the learner's file as it was checked
    )""",
    # Written by helpers.interview.drafts: what is not scored yet.
    """CREATE TABLE drafts (
        interview TEXT PRIMARY KEY,  -- the id of an interview, or 'coding round'
        draft TEXT NOT NULL          -- JSON
    )""",
]


def transaction(work: Callable[[sqlite3.Connection], Result], otherwise: Result) -> Result:
    """Run ``work`` on the open file, all of it or, where it fails, nothing of it.

    Returns what ``work`` returns. A file that cannot be used becomes a notice, and ``otherwise``
    is returned. ``work`` may be run twice, when the first file turns out to be damaged.
    """

    def whole(connection: sqlite3.Connection) -> Result:
        with connection:
            connection.execute("BEGIN IMMEDIATE")  # see _migrate
            return work(connection)

    return _with_file(whole, otherwise)


def read(query: str, values: tuple[object, ...] = ()) -> list[tuple]:
    """Return the rows that a query finds. Empty when nothing can be read."""
    return _with_file(lambda connection: connection.execute(query, values).fetchall(), [])


def export() -> dict[str, list[dict[str, object]]] | None:
    """Return every row of every table, as dicts by column. None when nothing can be read."""

    def tables(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
        connection.execute("BEGIN")  # all tables as they are at one moment
        found = {}
        for name in _tables(connection):
            cursor = connection.execute(f"SELECT * FROM {name}")
            columns = [column[0] for column in cursor.description]
            found[name] = [dict(zip(columns, row, strict=True)) for row in cursor]
        return found

    return _with_file(tables, None)


def delete() -> bool:
    """Delete every row, and the damaged files that were kept aside; returns whether it worked.

    The file itself stays, since another notebook may have it open.
    """

    def empty(connection: sqlite3.Connection) -> bool:
        connection.execute("PRAGMA secure_delete = ON")  # overwritten, not only forgotten
        for name in _tables(connection):
            connection.execute(f"DELETE FROM {name}")
        return True

    return transaction(empty, False) and _delete_kept_aside()


def notices() -> list[str]:
    """Return the sentences that the learner should see and has not seen, and forget them.

    That progress cannot be kept is told once a session (a kernel, a process). A damaged file
    that was kept aside is told each time, since each has its own name.
    """
    waiting = _waiting.copy()
    _waiting.clear()
    return waiting


_waiting: list[str] = []
_told: set[str] = set()


class _NewerFileError(Exception):
    """The file was written by a later version of the course."""


def _file() -> Path:
    folder = os.environ.get("LVM_DATA_DIR")
    if not folder:
        folder = platformdirs.user_data_dir("large-video-models", appauthor=False)
    return Path(folder) / "progress.sqlite"


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY rowid"
    )
    return [name for (name,) in rows]


def _delete_kept_aside() -> bool:
    try:
        for path in _file().parent.glob("progress-corrupt-*.sqlite*"):
            path.unlink(missing_ok=True)
    except OSError as error:
        _waiting.append(
            f"A damaged file that was kept aside, {error.filename}, could not be deleted "
            f"({error.strerror}): remove it by hand."
        )
        return False
    return True


def _with_file(work: Callable[[sqlite3.Connection], Result], otherwise: Result) -> Result:
    """Run ``work`` on the open file; on failure leave a notice and return ``otherwise``."""
    path = _file()
    try:
        try:
            return _attempt(path, work)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if not _means_damage(error):
                raise
            _set_aside(path)
            return _attempt(path, work)
    except _NewerFileError:
        _tell_once(
            "newer",
            f"Your progress in {path} was written by a newer version of this course: the file "
            "is left as it is and nothing is added to it until you update this copy.",
        )
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        _tell_once(
            "unusable",
            f"Your progress cannot be kept in {path} ({reason}): checks and interviews work "
            "all the same; to keep it, make room there or set LVM_DATA_DIR to a folder that you "
            "can write to.",
        )
    return otherwise


def _attempt(path: Path, work: Callable[[sqlite3.Connection], Result]) -> Result:
    with closing(_open(path)) as connection:
        _migrate(connection)
        return work(connection)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # No isolation level: each statement is its own transaction, but for _migrate's.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    # A flipped bit in a name must not make every other row unreadable.
    connection.text_factory = lambda text: text.decode(errors="replace")
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to this version in one transaction, so that all of it happens or none."""
    if _version(connection) < len(MIGRATIONS):
        with connection:
            # IMMEDIATE waits for its turn now; a lock wanted after reading could not wait.
            connection.execute("BEGIN IMMEDIATE")
            # The version is read again: another notebook may have done it meanwhile.
            for version in range(_version(connection), len(MIGRATIONS)):
                connection.execute(MIGRATIONS[version])
                connection.execute(f"PRAGMA user_version = {version + 1}")
    if _version(connection) > len(MIGRATIONS):
        raise _NewerFileError


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _means_damage(error: Exception) -> bool:
    if isinstance(error, UnicodeDecodeError):  # a damaged name in SQLite's own message
        return True
    # The low byte is the error's class; Python's own errors carry no code.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _set_aside(path: Path) -> None:
    """Rename a damaged file, unless another notebook has done so since we found it."""
    # An empty database serves as a lock that works on every platform and that a crash frees.
    lock = sqlite3.connect(path.with_name("progress.lock"), timeout=BUSY_SECONDS)
    with closing(lock):
        lock.execute("BEGIN EXCLUSIVE")
        if not _is_damaged(path):
            return
        stem = f"progress-corrupt-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        aside, number = path.with_name(f"{stem}.sqlite"), 2
        while aside.exists():
            aside, number = path.with_name(f"{stem}-{number}.sqlite"), number + 1
        # A journal that stayed behind would be played back into the fresh file.
        journal = path.with_name(f"{path.name}-journal")
        if journal.exists():
            journal.rename(aside.with_name(f"{aside.name}-journal"))
        path.rename(aside)
    _waiting.append(
        f"Your progress file was damaged: it is kept as {aside}, and a fresh one was begun."
    )


def _is_damaged(path: Path) -> bool:
    try:
        with closing(_open(path)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if _means_damage(error):
            return True
        raise


def _tell_once(what: str, sentence: str) -> None:
    if what not in _told:
        _told.add(what)
        _waiting.append(sentence)
