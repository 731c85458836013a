"""How the file that keeps a learner's progress came to its present form.

One SQL statement each. A file's version (PRAGMA user_version) is the number of statements that
it has been given, so the list only ever grows at its end, and a released statement never
changes.
"""

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
    # helpers.interview.history reads and writes the rest.
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
]
