"""A folder of your own videos, one subfolder a class, as batches of clips to learn from."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from helpers import validate
from helpers.datasets.folder_clips import VideoFile, Window, clip_batches, epoch_order
from helpers.datasets.folder_listing import Candidate, list_videos
from helpers.datasets.folder_splitting import SPLITS, split_groups

if TYPE_CHECKING:
    import tensorflow as tf

_MOST_LINES = 10  # of each list in the report


class Views(NamedTuple):
    """Fixed clips of the videos of a split.

    batches: a `tf.data.Dataset` of (clips, labels), uint8 (batch, frames, height, width, 3)
        and int64 (batch,), in the order of the two below.
    video: the name of the video that each clip is from, str (clips,), as `vote_clips` takes it.
    label: int64 (clips,).
    """

    batches: "tf.data.Dataset"
    video: np.ndarray
    label: np.ndarray


class VideoFolder:
    """Videos of your own in a folder with one subfolder a class, split by file or by group.

    A subfolder's name is its class; what lies deeper belongs to that class too. Every file is
    in one of the splits, or in `unreadable` or `ignored` with the reason; `print` the folder to
    read it all. All clips of a video are in the same split, and so are all videos of a group.
    Files of the same bytes count once.

    Clips are windows of every `stride`-th frame, resized to `size` without keeping the
    proportions, so that nothing is cut off. A video that is too short stands still at its end.

    Args:
        folder: the folder.
        num_frames, stride: of a clip, at least 1.
        size: height and width of the clips in pixels, one number or (height, width).
        group: a function from a video's path, as seen from `folder`, to the name of its group,
            such as who filmed it or where. None: every file is a group of its own.
        validation, test: the shares of the videos, above 0 and together below 1.
        seed: of the split, the order and the starts of the clips.
        progress: show a line of progress in a live notebook or a terminal.

    Attributes:
        class_names: the subfolders' names in alphabetical order; a label is an index into them.
        training, validation, test: the videos of each split, tuples of `VideoFile`.
        unreadable: path to reason, of videos that are empty, cut off, without pictures, ...
        ignored: path to reason, of files that are hidden, not videos, copies of others, ...

    Raises:
        FileNotFoundError, NotADirectoryError, PermissionError: when there is no such folder.
        TypeError, ValueError: when an argument is not as described, there are fewer than two
            classes, or a class has no readable videos or too few to split.

    >>> import tempfile
    >>> VideoFolder(tempfile.mkdtemp())
    Traceback (most recent call last):
    ...
    ValueError: The folder ... has no subfolders: give a folder with one subfolder for each \
class, each with videos in it.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        num_frames: int = 16,
        stride: int = 2,
        size: int | tuple[int, int] = 64,
        group: Callable[[Path], str] | None = None,
        validation: float = 0.15,
        test: float = 0.15,
        seed: int = 0,
        progress: bool = True,
    ) -> None:
        validate.positive_int(num_frames=num_frames, stride=stride)
        validate.non_negative_int(seed=seed)
        validate.positive(validation=validation, test=test)
        if validation + test >= 1:
            raise ValueError(
                f"validation and test are {validation} and {test}, which leaves nothing for "
                "training: together they must be below 1, such as 0.15 and 0.15."
            )
        self.folder = Path(folder)
        self.window = Window(num_frames, stride, _height_and_width(size))
        self.seed = seed
        self.is_grouped = group is not None
        listing = list_videos(self.folder, _progress(progress))
        self.class_names = listing.class_names
        self.unreadable, self.ignored = listing.unreadable, listing.ignored
        files = [
            _video_file(file, self.folder, self.class_names, group)
            for file in listing.candidates
        ]
        split = split_groups(
            [file.label for file in files],
            [file.group for file in files],
            (1 - validation - test, validation, test),
            seed,
            self.class_names,
        )
        self.training, self.validation, self.test = (
            tuple(file for file, k in zip(files, split, strict=True) if k == wanted)
            for wanted in range(len(SPLITS))
        )

    def training_batches(self, epoch: int, batch_size: int = 16) -> "tf.data.Dataset":
        """The training's batches of an epoch, for `training.fit`::

            fit(model, folder.training_batches, epochs=20)

        Every video gives one clip, which starts anywhere, in an order of its own in each epoch.
        Both depend on seed, epoch and file alone. The few clips that do not fill a batch are
        left out, others in each epoch.

        Args:
            epoch: 0 or more.
            batch_size: at least 1; at most all videos.

        Returns:
            A `tf.data.Dataset` of (clips, labels): uint8 (batch, frames, height, width, 3) and
            int64 (batch,). When a file cannot be read any more, TensorFlow raises an error
            that begins with "VideoError:" and the file's path.
        """
        validate.non_negative_int(epoch=epoch)
        validate.positive_int(batch_size=batch_size)
        order = epoch_order(len(self.training), self.seed, epoch)
        files = [self.training[k] for k in order]
        starts = [self.window.random_start(file, self.seed, epoch) for file in files]
        batch_size = min(batch_size, len(files))
        return clip_batches(files, starts, self.window, batch_size, drop_remainder=True)

    def views(self, split: str, num_views: int = 1, batch_size: int = 16) -> Views:
        """Clips that are always the same, to measure with: `num_views` of each video.

        They lie where `video.view_starts` says, evenly over the video. A video that is too
        short for so many different clips gives fewer.

        Args:
            split: "training", "validation" or "test".
            num_views, batch_size: at least 1.
        """
        validate.one_of(SPLITS, split=split)
        validate.positive_int(num_views=num_views, batch_size=batch_size)
        pairs = [
            (file, start)
            for file in getattr(self, split)
            for start in self.window.fixed_starts(file, num_views)
        ]
        files = [file for file, _ in pairs]
        starts = [start for _, start in pairs]
        return Views(
            clip_batches(files, starts, self.window, batch_size, drop_remainder=False),
            np.array([file.name for file in files]),
            np.array([file.label for file in files], np.int64),
        )

    def __repr__(self) -> str:
        splits = [getattr(self, split) for split in SPLITS]
        num_videos = sum(map(len, splits))
        num_groups = len({file.group for files in splits for file in files})
        by = f"{num_groups} groups" if self.is_grouped else "file"
        width = max(len(name) for name in ("class", *self.class_names))
        lines = [
            f"{self.folder}: {num_videos} videos of {len(self.class_names)} classes, split by "
            f"{by} with seed {self.seed}",
            f"  {'class':{width}}  " + "  ".join(SPLITS),
        ]
        numbers = [Counter(file.label for file in files) for files in splits]
        for label, name in enumerate(self.class_names):
            row = (f"{n[label]:{len(s)}}" for n, s in zip(numbers, SPLITS, strict=True))
            lines.append(f"  {name:{width}}  " + "  ".join(row))
        lines += self._reasons("Not readable", self.unreadable)
        lines += self._reasons("Ignored", self.ignored)
        return "\n".join(lines)

    def _reasons(self, title: str, reasons: dict[Path, str]) -> list[str]:
        lines = [f"{title}: {len(reasons)}"] if reasons else []
        for path, reason in list(reasons.items())[:_MOST_LINES]:
            lines.append(f"  {path.relative_to(self.folder).as_posix()}: {reason}")
        if len(reasons) > _MOST_LINES:
            lines.append(f"  and {len(reasons) - _MOST_LINES} more")
        return lines


def _height_and_width(size: int | tuple[int, int]) -> tuple[int, int]:
    if not isinstance(size, tuple | list):
        validate.positive_int(size=size)
        return int(size), int(size)
    if len(size) != 2:
        raise ValueError(f"size is {size}, but it must be (height, width) or one number.")
    height, width = size
    validate.positive_int(height=height, width=width)
    return int(height), int(width)


def _progress(is_wanted: bool) -> Callable[[int, int], None]:
    from helpers.training.progress import Silent, line  # which imports matplotlib

    shown = line() if is_wanted else Silent()

    def on_progress(done: int, total: int) -> None:
        shown.show(done / total, f"{done} of {total} videos looked at")
        if done == total:
            shown.close(f"{total} videos looked at")

    return on_progress


def _video_file(
    file: Candidate,
    folder: Path,
    class_names: tuple[str, ...],
    group: Callable[[Path], str] | None,
) -> VideoFile:
    name = file.name
    if group is not None:
        name = group(file.path.relative_to(folder))
        if not isinstance(name, str):
            raise TypeError(
                f"group gave {name!r} for {file.name}, but it must give the group's name, a str."
            )
    label = class_names.index(file.class_name)
    return VideoFile(file.path, file.name, label, file.num_frames, name)
