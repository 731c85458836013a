"""What `moving_shapes` and `moving_digits` return: clips together with the truth about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from helpers.datasets import truth
from helpers.datasets.rendering import Scene


@dataclass(frozen=True, eq=False)
class Clips:
    """Clips and their exact truth, which is worked out when you first ask for it.

    Coordinates are continuous and in pixels, x to the right and y down: the pixel in row 0 and
    column 0 covers 0 to 1 in both. Truth is about the moment in the middle of a frame's exposure.
    A pixel belongs to an object when its middle lies in it. The outline of a digit is where
    there is half the ink.

    Attributes:
        video: uint8 (clips, frames, height, width, channels).
        label: int64 (clips,), an index into `class_names`: the motion.
        class_names: the motions.
        object_label: int64 (clips, objects), an index into `object_names`.
        object_names: the kinds of object, such as "circle" or "7".
    """

    video: np.ndarray = field(repr=False)
    label: np.ndarray = field(repr=False)
    class_names: tuple[str, ...]
    object_label: np.ndarray = field(repr=False)
    object_names: tuple[str, ...]
    _scenes: list[Scene] = field(repr=False)  # the clips in blocks, for the cache and memory

    @cached_property
    def masks(self) -> np.ndarray:
        """The pixels in which each object is seen, and nothing lies in front of it.

        bool (clips, frames, objects, height, width): at most one object has a pixel.
        """
        return self._of_all(truth.masks)

    @cached_property
    def boxes(self) -> np.ndarray:
        """The tight box around each object's pixels, as if nothing hid it: xyxy.

        float32 (clips, frames, objects, 4), whole numbers. The box of a hidden object stays
        where the object is (amodal, as in MOT's ground truth, and unlike COCO's, which holds
        what is seen); `visible` tells how much of it is seen. The box of an object that wraps
        round the border is not cut: it runs over that border. Objects of the motion "free"
        never leave the frame, and neither do their boxes.
        """
        return self._of_all(truth.boxes)

    @cached_property
    def visible(self) -> np.ndarray:
        """The share of each object's pixels that are seen.

        float32 (clips, frames, objects), 0 to 1.
        """
        return self._of_all(truth.visible)

    @cached_property
    def flow(self) -> np.ndarray:
        """How far what is seen in a pixel moves until the next frame, (dx, dy) in pixels.

        float32 (clips, frames - 1, height, width, 2), forward. It follows the material point,
        turned with its object, even to where it will be hidden; 0 in the background and on
        the occluder. Over a border that wraps it is the short way round.
        """
        return self._of_all(truth.flow)

    @cached_property
    def track_ids(self) -> np.ndarray:
        """int64 (clips, objects): 1 to the number of objects; an object keeps its own."""
        return np.broadcast_to(
            np.arange(1, self.object_label.shape[1] + 1), self.object_label.shape
        ).copy()

    def _of_all(self, function: Callable[[Scene], np.ndarray]) -> np.ndarray:
        return np.concatenate([function(scene) for scene in self._scenes])
