"""What it takes to reach a frame: a seek lands on the keyframe before, and decoding goes on."""

import numpy as np

from helpers import validate


def keyframe_before(keyframes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Where decoding must start to reach each frame: the last keyframe at or before it.

    Args:
        keyframes: the numbers of the frames that need no other frame, rising, the first of
            them 0: whole numbers, (num_keyframes,).
        wanted: the numbers of the frames to be reached, in any order: whole numbers, 0 or
            more, (n,).

    Returns:
        For each wanted frame the number of its keyframe: int64, (n,). A keyframe is its own.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> keyframe_before(np.array([0, 30, 60, 90]), np.array([75, 60, 29]))
    array([60, 60,  0])
    """
    validate.keyframes(keyframes=keyframes)
    validate.frame_numbers(wanted=wanted)
    # To the right of an equal entry: a keyframe counts as at or before itself.
    place = np.searchsorted(keyframes, wanted, side="right") - 1
    return keyframes[place]


def frames_to_decode(keyframes: np.ndarray, wanted: np.ndarray) -> int:
    """How many frames a decoder must give out until all wanted ones have come.

    It reads the wanted frames in rising order. For each it either goes on decoding or seeks to
    the keyframe before the frame, whichever gives out fewer. A seek itself counts nothing.

    Args:
        keyframes: the numbers of the frames at which decoding can start, rising, the first of
            them 0: whole numbers, (num_keyframes,).
        wanted: the numbers of the wanted frames, in any order, also repeated: whole numbers,
            0 or more, (n,). There may be none.

    Returns:
        The number of frames, wanted or not. A frame wanted twice is decoded once. Frames count
        as they come out, in the order of showing; with B-frames the decoder works on some more
        that are shown later.

    Raises:
        TypeError, ValueError: when an argument is not as described.

    >>> frames_to_decode(np.array([0, 30, 60, 90]), np.array([75]))
    16
    >>> frames_to_decode(np.array([0, 30, 60, 90]), np.array([75, 70, 31]))
    18
    """
    validate.keyframes(keyframes=keyframes)
    validate.frame_numbers(wanted=wanted)
    count, next_frame = 0, 0  # the frame that comes out next without a seek
    for frame in np.unique(wanted):
        keyframe = keyframes[np.searchsorted(keyframes, frame, side="right") - 1]
        start = max(keyframe, next_frame)
        count += frame - start + 1
        next_frame = frame + 1
    return int(count)
