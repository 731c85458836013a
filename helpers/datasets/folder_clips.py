"""From video files to batches of clips: which frames, in which order, and the `tf.data` pipeline.

Nothing is remembered between epochs. The order and the start of every clip are computed from
seed, epoch and the file's name, so that an interrupted training meets the same clips again.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.lazy import tf
from helpers.video import VideoError, probe, read_clip, view_starts


@dataclass(frozen=True)
class VideoFile:
    """A video of a `VideoFolder`.

    path: where it is.
    name: the path from the top folder, with "/" on every system.
    label: the number of its class.
    num_frames: how many frames it had when the folder was looked at.
    group: what keeps it together with others in one split; its own name if nothing does.
    """

    path: Path
    name: str
    label: int
    num_frames: int
    group: str


@dataclass(frozen=True)
class Window:
    """Which frames a clip has: every `stride`-th, `num_frames` of them, at this size."""

    num_frames: int
    stride: int
    size: tuple[int, int]  # height, width

    def random_start(self, file: VideoFile, seed: int, epoch: int) -> int:
        """Any frame at which a clip can start without running over the video's end."""
        last_start = max(0, file.num_frames - (self.num_frames - 1) * self.stride - 1)
        digest = hashlib.sha256(file.name.encode(errors="surrogateescape")).digest()
        rng = np.random.default_rng((seed, epoch, int.from_bytes(digest[:8], "big")))
        return int(rng.integers(last_start + 1))

    def fixed_starts(self, file: VideoFile, num_views: int) -> list[int]:
        """Of `view_starts`, each once: a short video may have fewer."""
        starts = view_starts(file.num_frames, self.num_frames, self.stride, num_views)
        return [int(start) for start in np.unique(starts)]

    def read(self, file: VideoFile, start: int) -> np.ndarray:
        """uint8 (frames, height, width, 3); a short video's last frame is repeated.

        Raises:
            VideoError: when the file is not as it was when the folder was looked at.
        """
        total_frames = probe(file.path).num_frames
        if total_frames != file.num_frames:
            raise VideoError(
                f"{file.path} has changed: it had {file.num_frames} frames and now has "
                f"{total_frames}. Put the old file back, or make a new VideoFolder."
            )
        return read_clip(file.path, self.num_frames, self.stride, start, self.size)


def epoch_order(num_files: int, seed: int, epoch: int) -> np.ndarray:
    """The files' numbers in the order of an epoch, each once: (num_files,)."""
    return np.random.default_rng((seed, epoch)).permutation(num_files)


def clip_batches(
    files: Sequence[VideoFile],
    starts: Sequence[int],
    window: Window,
    batch_size: int,
    drop_remainder: bool,
) -> "tf.data.Dataset":
    """Batches of one clip of each file: uint8 (batch, frames, height, width, 3), int64 (batch,).

    Several clips are decoded at once, while the model works on the batches before; their order
    is that of the files.
    """

    def read(number: int, start: int) -> np.ndarray:
        return window.read(files[number], int(start))

    def clip_and_label(
        number: "tf.Tensor", start: "tf.Tensor", label: "tf.Tensor"
    ) -> "tuple[tf.Tensor, tf.Tensor]":
        clip = tf.numpy_function(read, [number, start], tf.uint8, stateful=False)
        clip.set_shape((window.num_frames, *window.size, 3))
        return clip, label

    labels = [file.label for file in files]
    numbers = np.arange(len(files))
    dataset = tf.data.Dataset.from_tensor_slices(
        (numbers, np.asarray(starts, np.int64), np.asarray(labels, np.int64))
    )
    dataset = dataset.map(clip_and_label, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.batch(batch_size, drop_remainder=drop_remainder)
    return dataset.prefetch(tf.data.AUTOTUNE)


def video_error(error: Exception) -> VideoError | None:
    """The error of the file that stopped a `tf.data` pipeline, which TensorFlow wraps in a
    long text of its own; None when something else stopped it.
    """
    found = re.search(r"VideoError: (.*)", str(error))
    return VideoError(found[1]) if found else None
