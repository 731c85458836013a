"""Look at every file of a folder of videos: which can be learned from, and why not the others."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.video import VideoError, probe

VIDEO_ENDINGS = (
    *(".3gp", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg"),
    *(".mts", ".ogv", ".ts", ".webm", ".wmv"),
)
# A folder with subfolders of these names was split before: they are no classes.
_SPLIT_NAMES = {"train", "training", "val", "valid", "validation", "test", "testing"}


@dataclass(frozen=True)
class Candidate:
    """A file that calls itself a video and lies in a class's folder."""

    path: Path
    name: str  # the path from the top folder, with "/" on every system
    class_name: str
    num_frames: int = 0  # not known before it was probed


@dataclass
class Listing:
    """What was found; the reasons are by path, in the order of the names."""

    class_names: tuple[str, ...]
    candidates: list[Candidate] = field(default_factory=list)
    unreadable: dict[Path, str] = field(default_factory=dict)
    ignored: dict[Path, str] = field(default_factory=dict)


def list_videos(folder: Path, on_progress: Callable[[int, int], None]) -> Listing:
    """List and probe the videos of a folder that has one subfolder a class.

    Args:
        folder: the top folder.
        on_progress: called with the number of files that were probed, and of all.

    Raises:
        FileNotFoundError, NotADirectoryError, PermissionError: when there is no such folder.
        ValueError: when it has fewer than two classes, or a class without readable videos.
    """
    listing = Listing(_class_names(folder))
    _walk(folder, listing)
    _leave_out_copies(listing)
    _probe(listing, on_progress)
    for name in listing.class_names:
        if not any(file.class_name == name for file in listing.candidates):
            raise ValueError(_no_videos(folder / name, listing.unreadable))
    return listing


def _class_names(folder: Path) -> tuple[str, ...]:
    if not folder.exists():
        raise FileNotFoundError(f"The folder {folder} does not exist: check its name.")
    if not folder.is_dir():
        raise NotADirectoryError(
            f"{folder} is a file: give the folder that holds one subfolder a class."
        )
    try:
        names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    except PermissionError:
        raise PermissionError(
            f"The folder {folder} may not be opened: change its permissions."
        ) from None
    names = [name for name in names if not name.startswith(".")]
    wanted = "give a folder with one subfolder for each class, each with videos in it"
    if not names:
        raise ValueError(f"The folder {folder} has no subfolders: {wanted}.")
    if len(names) == 1:
        raise ValueError(
            f"The folder {folder} has one subfolder only, {names[0]!r}, and with one class "
            f"there is nothing to tell apart: {wanted}."
        )
    if {name.lower() for name in names} <= _SPLIT_NAMES:
        raise ValueError(
            f"The subfolders of {folder} are {' and '.join(names)}, which are no classes: "
            f"{wanted}. The split into training, validation and test is made here."
        )
    return tuple(names)


def _walk(folder: Path, listing: Listing) -> None:
    """Sort every file below the folder into candidates and ignored ones."""

    def cannot_open(error: OSError) -> None:
        listing.unreadable[Path(error.filename)] = "may not be opened: change its permissions."

    seen = set()  # folders, so that a link to one above does not lead round in circles
    for root, folders, files in os.walk(folder, onerror=cannot_open, followlinks=True):
        here = Path(root)
        for name in sorted(folders):
            if name.startswith("."):
                listing.ignored[here / name] = "a hidden folder"
            elif (real := (here / name).resolve()) in seen:
                listing.ignored[here / name] = "a link to a folder that was seen before"
            else:
                seen.add(real)
                continue
            folders.remove(name)
        folders.sort()
        for name in sorted(files):
            path = here / name
            reason = _why_ignored(path, is_in_class=here != folder)
            if reason:
                listing.ignored[path] = reason
                continue
            relative = path.relative_to(folder)
            listing.candidates.append(Candidate(path, relative.as_posix(), relative.parts[0]))


def _why_ignored(path: Path, is_in_class: bool) -> str:
    if path.name.startswith("."):
        return "a hidden file"
    if path.suffix.lower() not in VIDEO_ENDINGS:
        ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
        return f"not a video by its name, which {ending}"
    if not is_in_class:
        return "lies in no class's folder"
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        return "not a file"
    return ""


def _leave_out_copies(listing: Listing) -> None:
    """Ignore copies: one in training and one in the test would be a leak.

    The first of equal files stays. When they lie in two classes, nobody knows which is right,
    and none stays.
    """
    kept = {file.path: file for file in listing.candidates}
    by_size = _grouped(kept.values(), lambda file: _size(file.path))
    for size, same_size in by_size.items():
        if int(size) <= 0 or len(same_size) == 1:
            continue
        for equal in _grouped(same_size, lambda file: _digest(file.path)).values():
            first = equal[0]
            for file in equal:
                differs = next((f for f in equal if f.class_name != file.class_name), None)
                if differs is not None:
                    listing.ignored[file.path] = (
                        f"the same bytes as {differs.name}, in another class: delete the wrong "
                        "one"
                    )
                elif file is not first:
                    listing.ignored[file.path] = f"the same bytes as {first.name}"
    listing.candidates = [f for f in kept.values() if f.path not in listing.ignored]


def _grouped(
    files: Iterable[Candidate], key: Callable[[Candidate], str]
) -> dict[str, list[Candidate]]:
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for file in files:
        groups[key(file)].append(file)
    return groups


def _size(path: Path) -> str:
    try:
        return str(path.stat().st_size)
    except OSError:
        return "-1"  # the probe says what is the matter


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return str(path)  # equal to no other


def _probe(listing: Listing, on_progress: Callable[[int, int], None]) -> None:
    """Count the frames of every candidate; what cannot be read goes to the unreadable ones."""
    candidates, listing.candidates = listing.candidates, []
    pool = ThreadPoolExecutor(os.cpu_count())  # PyAV lets others run while it reads
    try:
        probed = pool.map(_num_frames_or_reason, (file.path for file in candidates))
        for number, (file, found) in enumerate(zip(candidates, probed, strict=True), start=1):
            if isinstance(found, int):
                listing.candidates.append(replace(file, num_frames=found))
            else:
                listing.unreadable[file.path] = found
            on_progress(number, len(candidates))
    finally:
        pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for all of them


def _num_frames_or_reason(path: Path) -> int | str:
    try:
        return probe(path).num_frames
    except VideoError as error:
        return str(error).removeprefix(f"{path} ")


def _no_videos(class_folder: Path, unreadable: dict[Path, str]) -> str:
    failed = [path for path in unreadable if path.is_relative_to(class_folder)]
    if not failed:
        endings = ", ".join(VIDEO_ENDINGS)
        return (
            f"The class folder {class_folder} has no videos: put some in, or delete it. Videos "
            f"are files that end in {endings}, and of equal files only the first counts."
        )
    return (
        f"None of the {len(failed)} videos in the class folder {class_folder} can be read; "
        f"{failed[0].name} {unreadable[failed[0]]}"
    )
