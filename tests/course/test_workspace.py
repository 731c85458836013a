import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.course import workspace
from helpers.course.workspace import refresh

ROOT = Path(workspace.__file__).parents[2]
NAME = "20_preprocessing.ipynb"
NEWER = "20_preprocessing.newer.ipynb"


class Course:
    """A course's ``notebooks/`` and a learner's ``my_work/`` in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.notebooks = folder / "notebooks"
        self.my_work = folder / "my_work"
        self.notebooks.mkdir()

    def publish(self, content: str, name: str = NAME) -> None:
        (self.notebooks / name).write_bytes(content.encode())

    def edit(self, content: str, name: str = NAME) -> None:
        (self.my_work / name).write_bytes(content.encode())

    def refresh(self) -> list[str]:
        return refresh(self.notebooks, self.my_work)

    def files(self) -> dict[str, str]:
        """What the learner has: file name to content, without the manifest."""
        files = {path.name: path.read_text() for path in self.my_work.iterdir()}
        files.pop(".copied.json", None)
        return files


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = Course(tmp_path)
    course.publish("v1\n")
    return course


def test_missing_notebooks_are_copied_and_nothing_else(course: Course) -> None:
    course.publish("start\n", "00_start_here.ipynb")
    course.publish("notes\n", "README.md")
    assert course.refresh() == []
    assert course.files() == {NAME: "v1\n", "00_start_here.ipynb": "start\n"}
    (course.my_work / NAME).unlink()
    assert course.refresh() == []
    assert course.files() == {NAME: "v1\n", "00_start_here.ipynb": "start\n"}


def test_a_second_call_writes_nothing(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.refresh()
    written: list[Path] = []
    monkeypatch.setattr(workspace, "_write", lambda path, content: written.append(path))
    assert course.refresh() == []
    assert written == []


def test_an_untouched_copy_is_replaced_by_the_new_version(course: Course) -> None:
    course.refresh()
    for version in ("v2\n", "v3\n", "v1\n"):
        course.publish(version)
        assert course.refresh() == []
        assert course.files() == {NAME: version}


def test_an_edited_copy_stays_and_no_version_is_newer(course: Course) -> None:
    course.refresh()
    course.edit("mine\n")
    assert course.refresh() == []
    assert course.files() == {NAME: "mine\n"}


def test_beside_an_edited_copy_a_newer_version_is_put_and_told_once(course: Course) -> None:
    course.refresh()
    course.edit("mine\n")
    course.publish("v2\n")
    (message,) = course.refresh()
    assert message == (
        "20_preprocessing has a newer version: it is beside yours as "
        "20_preprocessing.newer.ipynb, and your 20_preprocessing.ipynb stays as you left it."
    )
    assert course.files() == {NAME: "mine\n", NEWER: "v2\n"}
    assert course.refresh() == []
    assert course.files() == {NAME: "mine\n", NEWER: "v2\n"}


def test_an_untouched_newer_copy_is_replaced_by_the_next_version(course: Course) -> None:
    course.refresh()
    course.edit("mine\n")
    for version in ("v2\n", "v3\n"):
        course.publish(version)
        assert len(course.refresh()) == 1
        assert course.files() == {NAME: "mine\n", NEWER: version}


def test_an_edited_newer_copy_stays_too(course: Course) -> None:
    course.refresh()
    course.edit("mine\n")
    expected = {NAME: "mine\n"}
    for number, name in enumerate(
        [NEWER, "20_preprocessing.newer-2.ipynb", "20_preprocessing.newer-3.ipynb"]
    ):
        course.publish(f"v{number + 2}\n")
        (message,) = course.refresh()
        assert name in message
        assert course.files() == expected | {name: f"v{number + 2}\n"}
        course.edit(f"mine {number}\n", name)
        expected[name] = f"mine {number}\n"
        assert course.refresh() == []
        assert course.files() == expected


def test_a_newer_copy_that_was_deleted_does_not_come_back(course: Course) -> None:
    course.refresh()
    course.edit("mine\n")
    course.publish("v2\n")
    course.refresh()
    (course.my_work / NEWER).unlink()
    assert course.refresh() == []
    assert course.files() == {NAME: "mine\n"}
    course.publish("v3\n")
    assert len(course.refresh()) == 1
    assert course.files() == {NAME: "mine\n", NEWER: "v3\n"}


def test_taking_over_the_newer_copy_is_no_edit(course: Course) -> None:
    course.refresh()
    course.edit("mine\n")
    course.publish("v2\n")
    course.refresh()
    (course.my_work / NEWER).replace(course.my_work / NAME)
    assert course.refresh() == []
    course.publish("v3\n")
    assert course.refresh() == []
    assert course.files() == {NAME: "v3\n"}


def test_a_file_of_the_learners_under_the_newer_name_stays(course: Course) -> None:
    course.refresh()
    course.edit("mine\n")
    course.edit("also mine\n", NEWER)
    course.publish("v2\n")
    (message,) = course.refresh()
    assert "20_preprocessing.newer-2.ipynb" in message
    assert course.files()[NEWER] == "also mine\n"


def test_chapters_with_names_that_begin_alike_are_told_apart(course: Course) -> None:
    course.publish("v1\n", "20_pre.ipynb")
    course.refresh()
    course.edit("mine\n", "20_pre.ipynb")
    course.edit("mine\n")
    course.publish("v2\n")
    assert len(course.refresh()) == 1
    course.publish("v2\n", "20_pre.ipynb")
    (message,) = course.refresh()
    assert message.startswith("20_pre has")


def test_files_that_are_no_longer_in_the_course_stay(course: Course) -> None:
    course.refresh()
    course.edit("notes\n", "my_notes.ipynb")
    course.publish("v1\n", "21_boxes.ipynb")
    (course.notebooks / NAME).unlink()
    assert course.refresh() == []
    assert set(course.files()) == {NAME, "my_notes.ipynb", "21_boxes.ipynb"}


def test_line_endings_are_no_edit(course: Course) -> None:
    course.publish("one\r\ntwo\r\n")
    course.refresh()
    course.edit("one\ntwo\n")
    course.publish("v2\n")
    assert course.refresh() == []
    assert course.files() == {NAME: "v2\n"}
    course.publish("v2\r\n")  # the same version, checked out on Windows
    course.edit("mine\n")
    assert course.refresh() == []
    assert course.files() == {NAME: "mine\n"}


@pytest.mark.parametrize(
    "manifest",
    [None, b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"20_preprocessing.ipynb": 3}'],
)
def test_without_a_manifest_every_file_counts_as_edited(
    manifest: bytes | None, course: Course
) -> None:
    course.publish("start\n", "00_start_here.ipynb")
    course.refresh()
    if manifest is None:
        (course.my_work / ".copied.json").unlink()
    else:
        (course.my_work / ".copied.json").write_bytes(manifest)
    course.publish("v2\n")
    (message,) = course.refresh()
    assert NEWER in message
    expected = {NAME: "v1\n", NEWER: "v2\n", "00_start_here.ipynb": "start\n"}
    assert course.files() == expected
    # What is identical to the course's version is known again, though told again.
    (course.my_work / ".copied.json").unlink()
    assert course.refresh() == [message]
    assert course.files() == expected
    course.publish("start 2\n", "00_start_here.ipynb")
    assert course.refresh() == []
    assert course.files() == expected | {"00_start_here.ipynb": "start 2\n"}


def test_what_cannot_be_read_is_the_learners(course: Course) -> None:
    course.my_work.mkdir()
    (course.my_work / NAME).mkdir()
    (message,) = course.refresh()
    assert NEWER in message
    assert (course.my_work / NAME).is_dir()
    assert (course.my_work / NEWER).read_text() == "v1\n"


@pytest.mark.skipif(os.name == "nt", reason="links need a right that few have on Windows")
def test_a_broken_link_stays(course: Course) -> None:
    course.my_work.mkdir()
    (course.my_work / NAME).symlink_to("/unmounted/drive/notebook.ipynb")
    (message,) = course.refresh()
    assert NEWER in message
    assert (course.my_work / NAME).is_symlink()


# Failures


def test_my_work_as_a_file(course: Course) -> None:
    course.my_work.write_text("mine")
    (message,) = course.refresh()
    assert "my_work is a file" in message
    assert "rename the file" in message
    assert course.my_work.read_text() == "mine"


def test_no_notebooks(course: Course) -> None:
    (course.notebooks / NAME).unlink()
    assert course.refresh() == [f"There are no notebooks in {course.notebooks}, so nothing "
                                "was copied."]  # fmt: skip
    course.notebooks.rmdir()
    assert len(course.refresh()) == 1
    assert not course.my_work.exists()


def test_a_failure_half_way_is_one_sentence_and_loses_nothing(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.publish("v1\n", "00_start_here.ipynb")
    course.publish("v1\n", "30_video.ipynb")
    course.refresh()
    course.edit("mine\n", "00_start_here.ipynb")
    for name in (NAME, "00_start_here.ipynb", "30_video.ipynb"):
        course.publish("v2, which is longer\n", name)

    fsync, calls = os.fsync, []

    def full_disk(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    with monkeypatch.context() as context:
        context.setattr(os, "fsync", full_disk)
        news, failure = course.refresh()
    assert "00_start_here.newer.ipynb" in news
    assert "(No space left on device)" in failure
    assert str(course.my_work) in failure
    assert "\n" not in failure
    expected = {
        "00_start_here.ipynb": "mine\n",
        "00_start_here.newer.ipynb": "v2, which is longer\n",
        NAME: "v1\n",
        "30_video.ipynb": "v1\n",
    }
    assert course.files() == expected

    # With room again the rest follows, and what was told is not told again.
    assert course.refresh() == []
    rest = dict.fromkeys((NAME, "30_video.ipynb"), "v2, which is longer\n")
    assert course.files() == expected | rest


@pytest.mark.parametrize("kill_at", range(1, 7))
def test_a_crash_at_any_moment_leaves_whole_files(kill_at: int, course: Course) -> None:
    course.publish("v1\n", "30_video.ipynb")
    course.refresh()
    course.edit("mine\n", "30_video.ipynb")
    long = "v2" * 100_000
    course.publish(long)
    course.publish(long, "30_video.ipynb")
    # Dies at the n-th moment before or after a file takes its place.
    program = f"""
import os
from pathlib import Path
from helpers.course.workspace import refresh
replace, moments = Path.replace, []
def die_at_the_moment():
    moments.append(0)
    if len(moments) == {kill_at}:
        os._exit(9)
def dying_replace(self, target):
    die_at_the_moment()
    replace(self, target)
    die_at_the_moment()
Path.replace = dying_replace
refresh(Path({str(course.notebooks)!r}), Path({str(course.my_work)!r}))
"""
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 9
    for name, content in course.files().items():
        if name.endswith(".ipynb"):
            assert content in (["mine\n"] if name == "30_video.ipynb" else ["v1\n", long])
    # The news is told, unless the crash came after it was noted as told.
    assert len(course.refresh()) == (kill_at < 6)
    files = {name: text for name, text in course.files().items() if name.endswith(".ipynb")}
    assert files == {NAME: long, "30_video.ipynb": "mine\n", "30_video.newer.ipynb": long}


def test_a_manifest_is_text_that_a_person_can_read(course: Course) -> None:
    course.refresh()
    manifest = json.loads((course.my_work / ".copied.json").read_text())
    assert list(manifest) == [NAME]
    assert len(manifest[NAME]) == 64


# The command


def run_command(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a checkout that has its own copy of the package."""
    for file in ("helpers/__init__.py", "helpers/course/workspace.py"):
        (checkout / file).parent.mkdir(parents=True, exist_ok=True)
        (checkout / file).write_bytes((ROOT / file).read_bytes())
    (checkout / "helpers/course/__init__.py").touch()
    return subprocess.run(
        [sys.executable, "-m", "helpers.course.workspace"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_refreshes_its_checkout_and_prints_the_news(course: Course) -> None:
    checkout = course.notebooks.parent
    done = run_command(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert course.files() == {NAME: "v1\n"}
    course.edit("mine\n")
    course.publish("v2\n")
    done = run_command(checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert "20_preprocessing has a newer version" in done.stdout
    assert course.files() == {NAME: "mine\n", NEWER: "v2\n"}


def test_the_command_fails_without_a_my_work_folder(course: Course) -> None:
    course.my_work.write_text("mine")
    done = run_command(course.notebooks.parent)
    assert (done.returncode, done.stderr) == (1, "")
    assert "my_work is a file" in done.stdout


def test_the_command_finds_the_current_folder_when_installed_elsewhere(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = course.notebooks.parent / "site-packages/helpers/course/workspace.py"
    monkeypatch.setattr(workspace, "__file__", str(installed))
    monkeypatch.chdir(course.notebooks.parent)
    assert workspace.main() == 0
    assert course.files() == {NAME: "v1\n"}


def test_the_module_imports_only_the_standard_library() -> None:
    program = """
import sys, importlib.util
spec = importlib.util.spec_from_file_location("workspace", sys.argv[1])
before = set(sys.modules)
spec.loader.exec_module(importlib.util.module_from_spec(spec))
new = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted(new - sys.stdlib_module_names))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, workspace.__file__],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
