"""Clips of moving shapes: the motion task, and scenes for detection and tracking."""

import numpy as np

from helpers import validate
from helpers.datasets.clips import Clips
from helpers.datasets.motions import MOTIONS, TURNS
from helpers.datasets.moving import Knobs, make_clips
from helpers.datasets.outlines import SHAPES, shape_template


def moving_shapes(
    num_clips: int,
    *,
    seed: int,
    num_frames: int = 12,
    size: int = 32,
    num_objects: int = 1,
    channels: int = 1,
    motions: tuple[str, ...] = MOTIONS,
    shapes: tuple[str, ...] = ("bar", "triangle", "arrow", "L", "T"),
    object_size: tuple[float, float] = (10.0, 14.0),
    noise: float = 8.0,
    motion_blur: float = 0.0,
    occluder: int = 0,
) -> Clips:
    """Make clips of flat shapes that move, with the truth about every pixel.

    **The motion task**, by default: ten classes, `MOTIONS`, that only time tells apart. The
    frame's borders are joined (what leaves on the left comes back on the right), every object
    starts anywhere and turned anyhow, and shape, size, grey levels and noise have nothing to do
    with the class. So single frames are distributed alike under all ten, whichever frame of the
    clip they are. Accelerating, braking, and going there and back happen along one of the four
    directions; a shuffled clip is any of the straight ones with its frames in random order.
    Objects go 1.2 to 2.4 pixels a frame, accelerate from 0.4 at most to 3.2 at least, or turn
    by 0.2 to 0.45 radians a frame, whatever the size of the frames.
    All frames together, without their order, do tell more, such as whether the object turns
    and along which line it goes, but never a motion from its reverse (`REVERSED`).

    **Detection and tracking**: with the motion "free" an object stands upright, goes in any
    direction, bounces off the frame's borders and never leaves it::

        moving_shapes(1000, seed=0, size=64, num_objects=4, channels=3, motions=("free",),
                      shapes=("circle", "square", "triangle"))

    Args:
        num_clips: how many, at least 1. The first clips do not depend on how many follow.
        seed: 0 or more; the same seed and knobs, the same clips.
        num_frames: 2 to 512; at least 6 where the speed changes or frames are shuffled.
        size: height and width of the frames in pixels, 16 to 512.
        num_objects: in every clip, at least 1. All make the clip's motion, each in its own way;
            later ones lie in front of earlier ones.
        channels: 1 for grey, 3 for colour.
        motions: the classes, from `MOTIONS` and "free". Each comes once in every
            `len(motions)` clips, in random order.
        shapes: each as likely, from "circle", "square", "triangle", "bar", "arrow", "L" and
            "T". A circle does not show that it turns.
        object_size: least and largest diameter of the circle round an object, in pixels, 6 to
            `size - 4`.
        noise: standard deviation of the sensor's noise in grey levels, 0 for none.
        motion_blur: for what share of the time from frame to frame the shutter is open, 0 to 1.
            A blurred frame shows along which line an object moves: with blur, single frames do
            tell something about the class.
        occluder: width in pixels of a standing bar in front of everything, 0 for none.

    Raises:
        TypeError, ValueError: when an argument is not as described, or asks for circles that
            turn.

    >>> clips = moving_shapes(20, seed=0)
    >>> clips.video.shape, clips.video.dtype, len(clips.class_names)
    ((20, 12, 32, 32, 1), dtype('uint8'), 10)
    >>> clips.boxes.shape, clips.masks.shape, clips.flow.shape
    ((20, 12, 1, 4), (20, 12, 1, 32, 32), (20, 11, 32, 32, 2))
    """
    knobs = Knobs(
        num_frames=num_frames,
        size=size,
        num_objects=num_objects,
        channels=channels,
        motions=motions,
        object_size=object_size,
        noise=noise,
        motion_blur=motion_blur,
        occluder=occluder,
        smallest_object=6,
    )
    validate.options(SHAPES, shapes=shapes)
    turning = set(TURNS) & set(motions)
    if turning and "circle" in shapes:
        raise ValueError(
            f"shapes holds 'circle' and motions holds {min(turning)!r}, but a circle does not "
            "show that it turns: leave one of them out."
        )
    # From four samples a pixel: small ones stay in the processor's cache.
    side = next((side for side in (160, 320, 640) if side > 5 * max(object_size)), 1280)
    templates = np.stack([shape_template(name, side) for name in shapes])
    return make_clips(num_clips, seed, knobs, templates, np.arange(len(shapes)), tuple(shapes))
