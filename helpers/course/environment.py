"""Say whether this machine has what the course needs and, if not, what to do about it."""

import re
import sys
from importlib import metadata
from pathlib import Path

from helpers.course.message import Message

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
PYTHONS = ((3, 11), (3, 13))  # the oldest and the newest that the lock serves
REINSTALL = (
    "Run `make lab` in the course's folder (with conda: `conda env update -f environment.yml`), "
    "then restart the kernel."
)


def report() -> None:
    """Show a line for each thing that is missing or differs, or one that all is well."""
    problems = [*_python(), *_packages(), *_video()]
    if problems:
        Message("wrong", "Some things are missing on this machine.", problems).show()
        return
    names = ("tensorflow", "keras", "numpy", "av", "jupyterlab")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    Message("right", f"This machine has all that the course needs: {versions}.").show()


def locked_versions(lock: Path = LOCK) -> dict[str, str]:
    """Package and version of every pin in the lock."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)", lock.read_text(), flags=re.MULTILINE)
    return dict(pins)


def _python() -> list[tuple[str, str]]:
    oldest, newest = PYTHONS
    if oldest <= sys.version_info[:2] <= newest:
        return []
    wanted = f"{oldest[0]}.{oldest[1]} to {newest[0]}.{newest[1]}"
    return [("Python", f"{sys.version.split()[0]} runs this notebook; install {wanted}.")]


def _packages() -> list[tuple[str, str]]:
    """The course's direct dependencies, compared with the versions it was tested with."""
    if not LOCK.exists():
        return [("packages", "requirements.lock is missing: work in a clone of the course.")]
    locked = locked_versions()
    problems = []
    for requirement in metadata.requires("large-video-models") or []:
        if "extra ==" in requirement:
            continue
        name = re.split(r"[^A-Za-z0-9._-]", requirement)[0]
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            problems.append((name, f"is not installed. {REINSTALL}"))
            continue
        if name in locked and found != locked[name]:
            problems.append(
                (
                    name,
                    f"{found} is installed; the course is tested with {locked[name]}. "
                    f"{REINSTALL}",
                )
            )
    return problems


def _video() -> list[tuple[str, str]]:
    """Whether clips can be encoded for the browser."""
    import av

    try:
        av.codec.Codec("libx264", "w")
    except av.codec.codec.UnknownCodecError:
        return [("video", f"PyAV here cannot write H.264, so no clip will play. {REINSTALL}")]
    return []
