"""Pipelines from a folder of videos into batches that others teach or would write."""

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import tensorflow as tf

Shape = tuple[int, int, int]  # frames, height, width


class FrameGenerator:
    """TensorFlow's tutorial "Load video data", rewritten from what its page describes.

    One file after the other in random order: one seek to a random start, then read and skip.
    Each frame becomes float32 in 0 to 1 and is resized with black bars, by TensorFlow's eager
    operations; frames past the end are black. The page's files end in ".avi"; here in anything.
    """

    def __init__(self, folder: Path, shape: Shape, stride: int) -> None:
        self.shape, self.stride = shape, stride
        self.files = sorted(folder.glob("*/*.*"))
        names = sorted({file.parent.name for file in self.files})
        self.labels = {name: label for label, name in enumerate(names)}

    def __call__(self) -> Iterator[tuple[np.ndarray, int]]:
        for file in random.sample(self.files, len(self.files)):
            yield self.read(file), self.labels[file.parent.name]

    def read(self, file: Path) -> np.ndarray:
        num_frames, *size = self.shape
        capture = cv2.VideoCapture(str(file))
        span = 1 + (num_frames - 1) * self.stride
        last_start = max(0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) - span)
        capture.set(cv2.CAP_PROP_POS_FRAMES, random.randint(0, last_start))
        frames: list[Any] = []
        for number in range(num_frames):
            for _ in range(self.stride if number else 1):
                is_read, frame = capture.read()
            if is_read:
                frame = tf.image.convert_image_dtype(frame, tf.float32)
                frames.append(tf.image.resize_with_pad(frame, *size))
            else:
                frames.append(np.zeros((*size, 3), np.float32))
        capture.release()
        return np.array(frames)[..., [2, 1, 0]]  # BGR to RGB

    def dataset(self) -> tf.data.Dataset:
        clip = tf.TensorSpec((None, None, None, 3), tf.float32)
        signature = (clip, tf.TensorSpec((), tf.int16))
        return tf.data.Dataset.from_generator(self, output_signature=signature)


def tutorial(folder: Path, shape: Shape, stride: int, batch_size: int) -> tf.data.Dataset:
    return FrameGenerator(folder, shape, stride).dataset().batch(batch_size)


def tutorial_prefetch(
    folder: Path, shape: Shape, stride: int, batch_size: int
) -> tf.data.Dataset:
    clips = FrameGenerator(folder, shape, stride).dataset()
    return clips.prefetch(tf.data.AUTOTUNE).batch(batch_size)


def tutorial_cache(folder: Path, shape: Shape, stride: int, batch_size: int) -> tf.data.Dataset:
    """As the page has it in the end. Every later epoch has the first one's clips."""
    clips = FrameGenerator(folder, shape, stride).dataset().cache().shuffle(1000)
    return clips.prefetch(tf.data.AUTOTUNE).batch(batch_size)


def pyav_map(folder: Path, shape: Shape, stride: int, batch_size: int) -> tf.data.Dataset:
    """What an engineer would write in twenty lines: a parallel map over PyAV.

    It trusts the number of frames and the constant rate that the header claims, and looks at
    no file before it is its turn.
    """
    files = sorted(folder.glob("*/*.*"))
    names = sorted({file.parent.name for file in files})
    labels = [names.index(file.parent.name) for file in files]
    read = partial(_read_with_pyav, shape=shape, stride=stride)

    def clip_and_label(file: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        clip = tf.numpy_function(read, [file], tf.uint8)
        clip.set_shape((*shape, 3))
        return clip, label

    dataset = tf.data.Dataset.from_tensor_slices(([str(file) for file in files], labels))
    dataset = dataset.shuffle(len(files)).map(
        clip_and_label, num_parallel_calls=tf.data.AUTOTUNE
    )
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def _read_with_pyav(file: bytes, shape: Shape, stride: int) -> np.ndarray:
    num_frames, height, width = shape
    clip = np.zeros((*shape, 3), np.uint8)
    with av.open(file.decode()) as container:
        stream: Any = container.streams.video[0]
        stream.thread_type, stream.codec_context.thread_count = "SLICE", 1
        last_start = max(0, stream.frames - 1 - (num_frames - 1) * stride)
        start = random.randint(0, last_start)
        ticks = 1 / (stream.average_rate * stream.time_base)  # a frame lasts so long
        begin = stream.start_time or 0
        container.seek(begin + round(start * ticks), stream=stream)
        for frame in container.decode(stream):
            place, rest = divmod(round((frame.pts - begin) / ticks) - start, stride)
            if rest == 0 and 0 <= place < num_frames:
                small = frame.reformat(width, height, "rgb24", interpolation="BILINEAR")
                clip[place:] = small.to_ndarray()  # the last frame of a short file stays
            if place >= num_frames - 1:
                break
    return clip
