"""The learner's own copies of the notebooks, in ``my_work/``: refreshed, never overwritten.

``python -m helpers.course.workspace`` (a step of ``make lab``) brings ``my_work/`` up to date
with ``notebooks/``. It needs only the standard library.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

# Which course version each file in my_work/ was copied from: {file name: fingerprint}.
MANIFEST = ".copied.json"


def refresh(notebooks: Path, my_work: Path) -> list[str]:
    """Bring the learner's copies of the notebooks up to date and return what to tell them.

    Of each ``*.ipynb`` in ``notebooks``, its copy in ``my_work`` is

    - made, when it is missing;
    - replaced, when it is as we copied it and the course has another version;
    - never touched, when it was edited (running a notebook edits it too: its outputs are
      work). The course's other version is then put beside it as ``NN_topic.newer.ipynb``, or
      as ``NN_topic.newer-2.ipynb`` and so on where that one was edited too.

    A version is put beside, and told, once: a learner who deletes it has seen it. Line endings
    do not count as an edit. Where a folder cannot be read or written, one sentence says so and
    nothing is raised.
    """
    messages: list[str] = []
    try:
        if my_work.exists() and not my_work.is_dir():
            return [
                f"{my_work} is a file, but your copies of the notebooks go into a folder of "
                "that name: rename the file and start again."
            ]
        sources = sorted(notebooks.glob("*.ipynb"))
        if not sources:
            return [f"There are no notebooks in {notebooks}, so nothing was copied."]
        _refresh_all(sources, my_work, messages)
    except OSError as error:
        messages.append(
            f"Not every notebook could be copied from {notebooks} to {my_work} "
            f"({error.strerror}): your files are as they were; make room there or make the "
            "folder writable and start again."
        )
    return messages


def main() -> int:
    """Refresh ``my_work/`` of this checkout; return 0 when there is such a folder after it."""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / "notebooks").is_dir():  # the package was installed away from its source
        checkout = Path.cwd()
    my_work = checkout / "my_work"
    for message in refresh(checkout / "notebooks", my_work):
        print(message)
    return 0 if my_work.is_dir() else 1


def _refresh_all(sources: list[Path], my_work: Path, messages: list[str]) -> None:
    """Refresh every notebook and append what there is to tell to ``messages``."""
    my_work.mkdir(parents=True, exist_ok=True)
    copied = _read_manifest(my_work)
    before = dict(copied)
    try:
        for source in sources:
            newer = _refresh_one(source, my_work, copied)
            if newer:
                messages.append(
                    f"{source.stem} has a newer version: it is beside yours as {newer}, and "
                    f"your {source.name} stays as you left it."
                )
    finally:  # what was copied before a failure is remembered
        if copied != before:
            _write(my_work / MANIFEST, json.dumps(copied, indent=1, sort_keys=True).encode())


def _refresh_one(source: Path, my_work: Path, copied: dict[str, str]) -> str | None:
    """Refresh one notebook; return the name of the file put beside an edited one, if any."""
    content = source.read_bytes()
    version = _fingerprint(content)

    def is_ours(name: str) -> bool:
        """Whether the file is missing, this very version, or as we copied it."""
        return _present(my_work / name) in (None, version, copied.get(name))

    name = source.name
    if not is_ours(name):
        beside = f"{source.stem}.newer"
        given = {copied[key] for key in copied if key == name or key.startswith(beside)}
        if version in given:
            return None  # the edit began from this version, or it was put beside before
        names = (f"{beside}{suffix}.ipynb" for suffix in _suffixes())
        name = next(name for name in names if is_ours(name))
    if _present(my_work / name) != version:
        _write(my_work / name, content)
    copied[name] = version
    return None if name == source.name else name


def _suffixes() -> Iterator[str]:
    yield ""
    for number in count(2):
        yield f"-{number}"


def _fingerprint(content: bytes) -> str:
    # Git on Windows changes line endings, which is not an edit.
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _present(path: Path) -> str | None:
    """Return the fingerprint of the file at ``path``; None where there is nothing.

    What is there but cannot be read (a folder, a broken link) is the learner's: its
    fingerprint is that of no notebook.
    """
    try:
        return _fingerprint(path.read_bytes())
    except OSError:
        return "unreadable" if os.path.lexists(path) else None


def _read_manifest(my_work: Path) -> dict[str, str]:
    """Return the manifest; one that is missing or damaged makes every file count as edited."""
    try:
        manifest = json.loads((my_work / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(manifest, dict):
        return {}
    return {name: copied for name, copied in manifest.items() if isinstance(copied, str)}


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing of it, whatever interrupts."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
