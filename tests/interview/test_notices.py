"""Every sentence of the store, brought about, is known in Chinese."""

import sqlite3
from contextlib import closing
from pathlib import Path

from helpers import store
from helpers.interview import history
from helpers.interview.notices import in_language


def the_notice() -> tuple[str, str]:
    (notice,) = store.notices()
    assert in_language(notice, "en") == notice
    return notice, in_language(notice, "zh")


def test_a_damaged_file(folder: Path) -> None:
    folder.mkdir()
    (folder / "progress.sqlite").write_text("damage")
    history.interviews()
    notice, chinese = the_notice()
    (aside,) = folder.glob("progress-corrupt-*.sqlite")
    assert str(aside) in notice and str(aside) in chinese and "已损坏" in chinese


def test_a_folder_that_cannot_be_used(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    history.interviews()
    notice, chinese = the_notice()
    assert str(folder) in chinese and "无法把进度保存到" in chinese
    reason = notice.split(" (")[1].split(")")[0]
    assert f"（{reason}）" in chinese


def test_a_file_of_a_newer_version(folder: Path) -> None:
    history.interviews()
    with closing(sqlite3.connect(folder / "progress.sqlite", isolation_level=None)) as file:
        file.execute("PRAGMA user_version = 1000")
    history.interviews()
    _, chinese = the_notice()
    assert str(folder) in chinese and "更新版本" in chinese


def test_a_damaged_file_that_stays(folder: Path) -> None:
    history.interviews()
    (folder / "progress-corrupt-1.sqlite").mkdir()  # cannot be unlinked
    assert not store.delete()
    _, chinese = the_notice()
    assert "progress-corrupt-1.sqlite" in chinese and "请手动删除" in chinese


def test_what_is_not_known_stays_english() -> None:
    assert in_language("A new sentence.", "zh") == "A new sentence."
