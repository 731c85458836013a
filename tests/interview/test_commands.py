"""The commands as a candidate runs them, most of them each in a process of its own."""

import json
import os
import re
import signal
import string
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers import store
from helpers.course import progress
from helpers.interview import __main__ as command
from helpers.interview import bank, commands, history, memory, session
from helpers.interview.commands import CommandError
from helpers.interview.history import Settings
from helpers.interview.phrases import PHRASES

pytestmark = pytest.mark.usefixtures("folder")

ROOT = Path(commands.__file__).parents[2]
KNOWN = bank.load()
NOW = datetime.now(UTC)


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "helpers.interview", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
    process = start(*arguments)
    out, err = process.communicate(stdin, timeout=300)
    return process.returncode, out, err


def say(process: subprocess.Popen[str], *lines: str) -> None:
    assert process.stdin is not None
    process.stdin.write("".join(f"{line}\n" for line in lines))
    process.stdin.flush()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    seen = ""
    while words not in seen:
        character = process.stdout.read(1)
        assert character, seen
        seen += character
    return seen


def hold(ids: list[str], shares: list[float], now: datetime) -> history.Interview:
    """Keep an interview on these questions, of which the first ones are answered."""
    questions = [KNOWN[id] for id in ids]
    interview = history.begin(questions, Settings(), 7, now)
    for question, share in zip(questions, shares, strict=False):
        points = [round(share * point.points) for point in question.rubric]
        history.keep(interview, session.score(question, points, 30.0), now)
    return interview


@pytest.mark.parametrize(
    "how",
    [
        "kill",
        pytest.param(
            "interrupt",
            marks=pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT"),
        ),
    ],
)
def test_an_interview_that_was_cut_off_goes_on(how: str, tmp_path: Path) -> None:
    first = start("--questions", "2", "--seed", "4", "--language", "zh")
    read_until(first, "第 1 题，共 2 题")
    (held,) = history.interviews()
    one, two = (KNOWN[id] for id in held.question_ids)
    say(first, "我的回答", "", *["y"] * len(one.rubric))
    read_until(first, "常见错误回答")  # the rubric is scored
    if how == "kill":
        first.kill()
    else:
        first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=300)
    assert err == ""
    assert ("成绩单" in out) == (how == "interrupt")

    (held,) = history.interviews()
    assert [answer.written_answer for answer in held.answers] == ["我的回答"]
    card = tmp_path / "card.md"
    replies = ["", *["n"] * len(two.rubric), *[""] * len(two.follow_ups)]
    status, out, err = run("--resume", "--save", str(card), stdin="\n".join(replies) + "\n")
    assert (status, err) == (0, "")
    assert "还剩 1 题" in out and "第 2 题，共 2 题" in out  # in the language it began in
    assert "第 1 题" not in out
    (held,) = history.interviews()
    assert [answer.question_id for answer in held.answers] == [one.id, two.id]
    page = card.read_text(encoding="utf-8")
    assert "2 题中答了 2 题" in page and "我的回答" in page

    status, out, err = run("--resume")
    assert (status, err) == (2, "No interview has a question left.\n")


def test_ctrl_c_while_an_answer_is_being_kept_loses_nothing(
    scripted: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview, keep, interrupts = hold(["psnr-versus-ssim"], [], NOW), history.keep, [1]

    def interrupted(*arguments: Any) -> history.Answer:
        if interrupts:
            interrupts.pop()
            raise KeyboardInterrupt
        return keep(*arguments)

    monkeypatch.setattr(history, "keep", interrupted)
    terminal, shown = scripted(["said", "", *"yyyyy"])
    command._hold(interview, KNOWN, terminal, None)
    assert "The interview ends here" in "\n".join(shown)
    (answer,) = history.answers()
    assert (answer.written_answer, answer.earned) == ("said", 9)


def test_a_new_interview_offers_to_go_on_with_the_last_one() -> None:
    hold(["psnr-versus-ssim", "what-is-overfitting"], [1.0], NOW)
    _, out, _ = run("--questions", "1")
    assert "has 1 of 2 questions left" in " ".join(out.split()) and "--resume" in out
    assert [len(held.question_ids) for held in history.interviews()] == [2, 1]
    # An interview in which nothing was scored hides it no more than the first one did.
    _, out, _ = run("--questions", "1")
    assert "has 1 of 2 questions left" in " ".join(out.split())
    _, out, _ = run("--resume")
    assert "goes on, with 1 of 2 questions left." in " ".join(out.split())


def test_an_interview_that_was_held_since_is_not_interrupted_by_an_older_one() -> None:
    hold(["psnr-versus-ssim", "what-is-overfitting"], [1.0], NOW)
    hold(["psnr-versus-ssim"], [1.0], NOW)
    assert "questions left" not in run("--questions", "1")[1].split("Question 1")[0]


@pytest.mark.parametrize("ids", [["psnr-versus-ssim"], ["psnr-versus-ssim", "which-f1"]])
def test_an_interview_that_ends_early_says_what_is_left(
    ids: list[str], scripted: Callable
) -> None:
    answered = ["", *"yyyyy"]
    interview = hold(ids, [], NOW)
    terminal, shown = scripted([KeyboardInterrupt()])
    command._hold(interview, KNOWN, terminal, None)
    plural = "s" if len(ids) > 1 else ""
    assert f"has {len(ids)} of {len(ids)} question{plural} left." in shown[-1]
    assert shown[-1].endswith("--resume")
    terminal, shown = scripted([*answered, KeyboardInterrupt()], "zh")
    command._hold(interview, KNOWN, terminal, None)
    if len(ids) > 1:
        assert "还有 1 题没有答完（共 2 题）" in shown[-1] and shown[-1].endswith("--resume")
    else:
        assert "--resume" not in "".join(shown)


def test_the_way_on_after_an_empty_interview_is_that_which_resume_takes(
    scripted: Callable,
) -> None:
    hold(["psnr-versus-ssim", "which-f1"], [1.0], NOW)
    terminal, shown = scripted([EOFError()])
    command._hold(hold(["temporal-aliasing"], [], NOW), KNOWN, terminal, None)
    assert "has 1 of 2 questions left" in shown[-1]


def test_a_damaged_file_stops_no_interview(folder: Path) -> None:
    folder.mkdir()
    (folder / "progress.sqlite").write_text("damage")
    arguments = ("--questions", "1", "--seed", "4", "--chapter", "00_start_here")
    status, out, err = run(*arguments, stdin="\n" + "y\n" * 5 + "\n" * 2)
    assert (status, err) == (0, "")
    assert "Your progress file was damaged" in out and "100%" in out
    assert len(history.answers()) == 1


def test_a_folder_that_cannot_be_used_stops_no_interview(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    arguments = ("--questions", "1", "--seed", "4", "--chapter", "00_start_here")
    status, out, err = run(*arguments, stdin="\n" + "y\n" * 5 + "\n" * 2)
    assert (status, err) == (0, "")
    assert out.count("Your progress cannot be kept") == 1 and "100%" in out


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("mine")
    for arguments in (["pack"], ["recap", "21"], []):
        status, out, err = run(*arguments, "--save", str(mine))
        assert (status, out) == (2, "")
        assert err == f"{mine} exists already: name another file, or remove that one.\n"
    assert mine.read_text() == "mine"
    assert history.interviews() == []  # and no interview began
    with pytest.raises(CommandError, match="is no folder: make it first"):
        commands.save("text", tmp_path / "none" / "a.md", PHRASES["en"])


def test_the_pack_repeats_by_seed_and_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "pack.md"
    options = ("--questions", "3", "--level", "senior", "--seed", "7")
    status, out, err = run("pack", *options, "--language", "zh", "--save", str(path))
    assert (status, err) == (0, "") and str(path) in out.replace("\n", "")
    # Options before the command count, too.
    _, out, _ = run(*options, "--language", "zh", "pack")
    assert path.read_text(encoding="utf-8") == out
    assert out.startswith("# 面试官手册") and out.count("\n### 追问") == 3
    status, _, err = run("pack", "--group", "coding", "--level", "senior")
    assert status == 2 and "No question fits --group coding --level senior" in err


def test_a_chapter_may_be_given_by_its_number() -> None:
    assert run("--chapter", "20", "--questions", "1")[0] == 0
    (held,) = history.interviews()
    assert held.settings.chapter == "20_preprocessing"
    assert KNOWN[held.question_ids[0]].chapter == "20_preprocessing"
    status, out, err = run("pack", "--chapter", "20", "--questions", "1")
    assert (status, err) == (0, "") and "# Interviewer’s pack" in out


def test_fewer_questions_than_were_asked_for_are_told() -> None:
    number = sum(question.chapter == "20_preprocessing" for question in KNOWN.values())
    words = f"Only {number} questions, not 1000: no more fit what you asked for.\n"
    arguments = ("--chapter", "20", "--questions", "1000")
    status, out, err = run(*arguments)
    assert (status, err) == (0, "") and words in out
    status, out, err = run("pack", *arguments)
    assert (status, err) == (0, words) and words not in out
    _, out, _ = run("--chapter", "00", "--language", "zh")
    assert "符合条件的只有 1 题，不足 5 题。" in out
    assert "Only 1 question, not 5" in run("--chapter", "00")[1]
    assert "Only" not in run("--chapter", "20", "--questions", str(number))[1]


def test_an_interview_may_have_several_groups() -> None:
    arguments = ("--group", "debugging", "--group", "metrics", "--questions", "4")
    assert run(*arguments)[0] == 0
    (held,) = history.interviews()
    assert {KNOWN[id].group for id in held.question_ids} == {"debugging", "metrics"}
    assert held.settings.groups == ("debugging", "metrics")


def test_what_cannot_be_done_is_said_in_the_language_of_the_interview(tmp_path: Path) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text("mine")
    chinese = ("--language", "zh")
    for arguments, words in (
        (("--save", str(mine)), "已经存在"),
        (("--save", str(tmp_path / "none" / "a.md")), "不是文件夹"),
        (
            ("--level", "junior", "--group", "action-recognition", "--group", "system-design"),
            "没有符合 --group action-recognition",
        ),
        (
            ("--level", "senior", "--group", "coding"),
            "\n  级别：junior, mid, senior\n  章节：",
        ),
        (("--chapter", "99"), "没有“99”这一章。"),
        (("pack", "--chapter", "99"), "没有“99”这一章。"),
        (("coding", "--chapter", "70"), "章节 70_mock_interview 没有练习。有练习的章节：00_"),
        (("coding", "--chapter", "00", "--difficulty", "3"), "没有同时符合"),
        (("coding", "--chapter", "99"), "没有“99”这一章。"),
        (("recap", "99"), "没有“99”这一章。"),
        (("glossary", "zzz"), "术语表里没有“zzz”。"),
        (("anki", str(tmp_path / "a.txt")), "请改名为 a.apkg。"),
    ):
        status, _, err = run(*chinese, *arguments)
        assert status == 2 and words in err, arguments


def test_a_chapter_without_exercises_is_told() -> None:
    for more in ((), ("--difficulty", "2")):
        status, _, err = run("coding", "--chapter", "70", *more)
        assert status == 2
        assert "Chapter 70_mock_interview has no exercises. These have some: 00_start" in err


def test_the_history_is_a_row_for_each_interview(scripted: Callable) -> None:
    terminal, shown = scripted([])
    commands.show_history(terminal)
    assert shown == ["No interview has been held yet."]
    hold(["psnr-versus-ssim", "what-is-overfitting"], [1.0, 0.0], NOW)
    hold(["psnr-versus-ssim"], [], NOW)  # nothing was answered
    hold(["psnr-versus-ssim", "what-is-overfitting"], [0.0], NOW)
    terminal, shown = scripted([], "zh")
    commands.show_history(terminal)
    rows = [line for line in "\n".join(shown).splitlines() if "题中答了" in line]
    assert [re.split(" {2,}", row)[1:] for row in rows] == [
        ["47%", "2 题中答了 2 题"],
        ["0%", "2 题中答了 1 题"],
    ]
    groups = [line.strip() for line in shown if line.startswith("    ")]
    assert groups == ["过拟合与泛化 0% · 评测指标 100%", "评测指标 0%"]


def test_what_is_due_is_listed_and_asked(
    scripted: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, err = run("--due")
    assert (status, err) == (2, "Nothing is due.\n")
    past = NOW - timedelta(days=3)
    hold(["psnr-versus-ssim", "what-is-overfitting"], [0.0, 1.0], past)
    monkeypatch.setattr(progress, "_now", lambda: past.isoformat(timespec="seconds"))
    progress.record_check("iou", "21", "wrong", None, 0.0, 1.0)

    terminal, shown = scripted([])
    commands.show_due(KNOWN, terminal, past)
    assert shown[0] == "Nothing is due."
    assert "psnr-versus-ssim" in shown[-1] and "iou" in shown[-1]  # both on the next day
    terminal, shown = scripted([], "zh")
    commands.show_due(KNOWN, terminal, past)
    assert "）：iou、psnr-versus-ssim" in shown[-1]
    terminal, shown = scripted([])
    commands.show_due(KNOWN, terminal, NOW)
    output = " ".join(" ".join(shown).split())
    assert " ".join(KNOWN["psnr-versus-ssim"].question.en.split()) in output
    assert "- `iou`, due since" in output and "--due" in output
    assert "what-is-overfitting" in shown[-1]

    status, out, err = run("--due", "--language", "zh")
    assert (status, err) == (0, "") and "到期该复习的题目：1 题" in out
    assert history.interviews()[-1].question_ids == ("psnr-versus-ssim",)
    assert history.interviews()[-1].settings.due
    status, out, err = run("due", "--language", "zh")
    assert (status, err) == (0, "") and "--due --language zh" in out
    assert re.search(r"`iou`，\d{4}-\d\d-\d\d 到期", out)
    assert re.search(r"评测指标 · .*，\d{4}-\d\d-\d\d 到期", out)


def test_a_due_question_that_left_the_bank_is_not_listed(scripted: Callable) -> None:
    hold(["psnr-versus-ssim"], [0.0], NOW - timedelta(days=3))
    assert memory.questions()
    terminal, shown = scripted([])
    commands.show_due({}, terminal, NOW)
    assert shown == ["Nothing is due."]


def test_export_then_delete(tmp_path: Path, scripted: Callable) -> None:
    hold(["psnr-versus-ssim"], [0.0], NOW)
    progress.record_check("iou", "21", "wrong", None, 0.0, 1.0)
    path = tmp_path / "mine.json"
    status, out, err = run("export", str(path))
    assert (status, err) == (0, "") and "mine.json" in out
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["format"] == 1
    assert {name: len(rows) for name, rows in content["tables"].items()} == {
        "events": 1, "interviews": 1, "answers": 1, "cards": 1, "coding_rounds": 0,
        "drafts": 0,
    }  # fmt: skip
    with pytest.raises(CommandError, match="exists already"):
        commands.export(path, scripted([])[0])

    for reply in ("n", "", "maybe", EOFError()):
        terminal, shown = scripted([reply])
        commands.delete(False, terminal)
        assert shown[-1] == "Nothing is deleted."
        assert len(history.answers()) == len(progress.checks()) == 1
    terminal, shown = scripted(["是"], "zh")
    commands.delete(False, terminal)
    assert shown[-1] == "已全部删除。"
    assert not history.interviews() and not history.answers() and not progress.checks()
    assert memory.questions() == memory.exercises() == []


def test_delete_without_asking() -> None:
    hold(["psnr-versus-ssim"], [0.0], NOW)
    assert run("delete", "--yes") == (0, "Everything is deleted.\n", "")
    assert history.interviews() == []


def test_a_history_that_cannot_be_read_is_not_exported(
    folder: Path, tmp_path: Path, scripted: Callable
) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(CommandError, match="cannot be kept"):
        commands.export(tmp_path / "mine.json", scripted([])[0])
    assert not (tmp_path / "mine.json").exists()
    terminal, shown = scripted([])
    commands.delete(True, terminal)
    assert shown == []


def test_recap_glossary_and_cards(tmp_path: Path) -> None:
    status, out, err = run("recap", "21")
    assert (status, err) == (0, "") and out.startswith("# 21 · Boxes and average precision\n")
    _, out, _ = run("recap")
    assert len(re.findall(r"^# \d\d · ", out, re.M)) >= 9
    status, _, err = run("recap", "99")
    assert status == 2 and "There is no chapter '99'. There are: 00_start_here" in err
    assert run("--chapter", "99")[1:] == ("", err)
    status, out, _ = run("glossary", "交并比")
    assert status == 0 and "intersection over union" in out
    assert run("glossary", "zzz")[:2] == (2, "")
    status, out, _ = run("anki", str(tmp_path / "a.apkg"), "--language", "zh")
    assert status == 0 and (tmp_path / "a.apkg").exists() and f"{len(KNOWN)} 张卡片" in out
    assert run("anki", str(tmp_path / "a.txt"))[0] == 2


def test_the_phrases_fill_in_the_same_in_both_languages() -> None:
    def filled_in(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    for field in fields(PHRASES["en"]):
        english, chinese = (getattr(PHRASES[code], field.name) for code in ("en", "zh"))
        if isinstance(english, str):
            assert filled_in(english) == filled_in(chinese), field.name


def test_what_the_store_has_to_say_is_told(scripted: Callable) -> None:
    store._waiting.append("A notice.")
    terminal, shown = scripted([])
    commands.tell_notices(terminal)
    assert shown == ["\nA notice."]
