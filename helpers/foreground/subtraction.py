"""Background subtraction: the empty scene, what differs from it, and boxes around that."""

import numpy as np
from scipy import ndimage

from helpers import validate
from helpers.validate.foreground import same_scene, single_mask


def background(frames: np.ndarray) -> np.ndarray:
    """The scene without what moves through it: the median of each pixel over the frames.

    Right wherever the scene is seen in more than half of the frames, so take frames from the
    whole video, some seconds apart: 50 are plenty. Lo and Velastin (2001).

    Args:
        frames: uint8, (num_frames, height, width, channels), with 1 or 3 channels, of a camera
            that stands still.

    Returns:
        uint8, (height, width, channels). Of an even number of frames it is the mean of the two
        in the middle, rounded down.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frames = np.array([90, 91, 250, 90, 92], np.uint8).reshape(5, 1, 1, 1)
    >>> background(frames).item()
    91
    """
    validate.clip(frames=frames)
    return np.median(frames, axis=0).astype(np.uint8)


def masks(
    frames: np.ndarray, background: np.ndarray, threshold: int = 50, gap: int = 8
) -> np.ndarray:
    """Which pixels are foreground: those that differ from the background, tidied.

    A pixel differs when one of its channels does by more than the threshold. A morphological
    opening by a square of 3x3 pixels then removes what is thinner than that: noise, the border
    of a waving tape. A closing by an upright line fills gaps, since the head, the coat and the
    legs of one person often come apart where the colour is the background's own.

    Args:
        frames: uint8, (num_frames, height, width, channels), with 1 or 3 channels.
        background: uint8, (height, width, channels), as `background` gives it.
        threshold: in grey levels, from 0 to 254. A low one takes shadows in, a high one loses
            parts of people.
        gap: the highest upright gap between two foreground pixels that is filled, in pixels; 0
            fills none. At the top and the bottom of the picture, up to half as many. The default
            is meant for people about 40 pixels tall.

    Returns:
        bool, (num_frames, height, width). Opening and closing are OpenCV's `morphologyEx` with
        its own border, beyond which nothing counts.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frames = np.full((1, 12, 12, 1), 90, np.uint8)
    >>> frames[0, 2:10, 3:6] = 200
    >>> frames[0, 5] = 90  # a belt in the colour of the street
    >>> frames[0, 1, 9] = 0  # noise
    >>> scene = np.full((12, 12, 1), 90, np.uint8)
    >>> [int(masks(frames, scene, gap=gap).sum()) for gap in (0, 1)]
    [21, 24]
    """
    validate.clip(frames=frames)
    same_scene(frames, background)
    validate.index_below(255, threshold=threshold)
    validate.non_negative_int(gap=gap)
    # The larger less the smaller: uint8 cannot hold a negative difference.
    differences = np.maximum(frames, background) - np.minimum(frames, background)
    changed = differences.max(axis=-1) > threshold  # (num_frames, height, width)
    # The edge's pixels are mirrored at it, all of them within reach already: so what lies beyond
    # decides nothing, neither for the smallest nor for the largest.
    opened = ndimage.grey_opening(changed, size=(1, 3, 3), mode="reflect")
    return ndimage.grey_closing(opened, size=(1, gap + 1, 1), mode="reflect")


def boxes(mask: np.ndarray, min_area: int) -> tuple[np.ndarray, np.ndarray]:
    """A box around each large connected part of a mask.

    Pixels hang together when they touch at a side or a corner.

    Args:
        mask: bool, (height, width), one of `masks`.
        min_area: how many pixels a part must have.

    Returns:
        - The boxes, in the order of each part's first pixel, row by row: float64, (n, 4), x1,
          y1, x2, y2 in pixels. Multiply them by k when the mask is of every k-th pixel.
        - Their scores, the share of the box that is foreground: float64, (n,), above 0, at most
          1. A person fills much of a box; a group, a shadow or a swaying tape fills less.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> mask = np.zeros((6, 9), bool)
    >>> mask[1:5, 2:4] = True
    >>> mask[4, 2:6] = True
    >>> mask[0, 8] = True  # a single pixel
    >>> boxes(mask, min_area=5)
    (array([[2., 1., 6., 5.]]), array([0.625]))
    """
    single_mask(mask=mask)
    validate.positive_int(min_area=min_area)
    labels, num_parts = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = np.bincount(labels.ravel(), minlength=num_parts + 1)[1:]  # without the background
    found = np.zeros((num_parts, 4))
    for part, (rows, columns) in enumerate(ndimage.find_objects(labels)):
        found[part] = columns.start, rows.start, columns.stop, rows.stop
    is_large = areas >= min_area
    found, areas = found[is_large], areas[is_large]
    sizes = found[:, 2:] - found[:, :2]
    return found, areas / sizes.prod(axis=1)
