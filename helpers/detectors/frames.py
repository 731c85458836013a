"""The frames of clips as the separate images that a detector of single frames learns from."""

from dataclasses import dataclass, field

import numpy as np

from helpers import validate
from helpers.datasets import Clips
from helpers.metrics import GroundTruth


@dataclass(frozen=True, eq=False)
class Frames:
    """Images and the objects in them.

    Attributes:
        images: uint8 (images, height, width, channels).
        truth: one row an object, image by image; `image_ids` are indices into `images`,
            `class_ids` into `class_names`.
        visible: float32, the share of each object's pixels that are seen, one a row of truth.
        class_names: the kinds of object.
    """

    images: np.ndarray = field(repr=False)
    truth: GroundTruth = field(repr=False)
    visible: np.ndarray = field(repr=False)
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)

    def objects(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """The boxes (objects, 4) and class ids (objects,) of one image."""
        first, stop = np.searchsorted(self.truth.image_ids, (index, index + 1))
        return self.truth.boxes[first:stop], self.truth.class_ids[first:stop]


def frames(*clips: Clips, min_visible: float = 0.1) -> Frames:
    """All frames of clips as images, clip after clip, with what is to be found in them.

    Args:
        clips: with frames of one size and the same kinds of object; the number of objects may
            differ.
        min_visible: an object of which less than this share is seen is left out: nobody could
            find it. From 0 to 1.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> from helpers import datasets
    >>> options = dict(size=64, channels=3, motions=("free",), shapes=("circle", "square"))
    >>> clips = [datasets.moving_shapes(2, seed=n, num_objects=n, **options) for n in (3, 4)]
    >>> found = frames(*clips)
    >>> found.images.shape, found.class_names
    ((48, 64, 64, 3), ('circle', 'square'))
    """
    validate.clips_alike(clips)
    validate.fraction(min_visible=min_visible)
    images, image_ids, class_ids, found, visible = [], [], [], [], []
    count = 0
    for some in clips:
        num_clips, num_frames, num_objects = some.visible.shape
        stop = count + num_clips * num_frames
        seen = some.visible.reshape(-1) >= min_visible
        images.append(some.video.reshape(-1, *some.video.shape[2:]))
        image_ids.append(np.arange(count, stop).repeat(num_objects)[seen])
        class_ids.append(some.object_label.repeat(num_frames, axis=0).reshape(-1)[seen])
        found.append(some.boxes.reshape(-1, 4)[seen])
        visible.append(some.visible.reshape(-1)[seen])
        count = stop
    truth = GroundTruth(*(np.concatenate(rows) for rows in (image_ids, class_ids, found)))
    return Frames(np.concatenate(images), truth, np.concatenate(visible), clips[0].object_names)
