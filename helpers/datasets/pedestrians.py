"""Where the people are in a stretch of the clip "pedestrians": marked by eye."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

_KEYFRAMES = Path(__file__).parent / "clips" / "pedestrians_truth.csv"


class MarkedPeople(NamedTuple):
    """The people of a video, one row for each of them in each frame.

    The fields are those of `metrics.Tracks`, in their order.

    Attributes:
        frame_ids: the number of the frame in the video, of which the first is 0: int64, (n,),
            rising.
        track_ids: whose box it is, from 1 on: int64, (n,), rising within a frame.
        boxes: x1, y1, x2, y2 in pixels: float64, (n, 4).
    """

    frame_ids: np.ndarray
    track_ids: np.ndarray
    boxes: np.ndarray


def pedestrian_truth() -> MarkedPeople:
    """Every person in frames 260 to 350 of the clip "pedestrians", marked by eye.

    Seven people, of whom one leaves; they pass one another, a post and a sign. A box goes round
    the whole person, also where a part is hidden or beyond the edge of the frame; a person of
    whom less than a third is in the frame has none. Keyframes were marked, five frames apart at
    most, and between two of them every edge moves evenly. The head of
    `clips/pedestrians_truth.csv` tells how the boxes were made and how exact they are.

    Returns:
        Every frame of the stretch, keyframe or not, by frame and then by track.

    >>> from helpers import datasets
    >>> truth = datasets.pedestrian_truth()
    >>> truth.boxes.shape, truth.frame_ids[[0, -1]]
    ((574, 4), array([260, 350]))
    >>> truth.boxes[0].tolist()  # person 1 in frame 260
    [38.7, 176.7, 60.0, 244.3]
    """
    table = np.loadtxt(_KEYFRAMES, delimiter=",", encoding="utf-8")  # (keyframes, 6)
    people = []
    for track in np.unique(table[:, 1]).astype(np.int64):
        keyframes, _, *edges = table[table[:, 1] == track].T
        frames = np.arange(keyframes[0], keyframes[-1] + 1, dtype=np.int64)
        boxes = np.stack([np.interp(frames, keyframes, edge) for edge in edges], axis=1)
        people.append((frames, np.full(len(frames), track), boxes))
    frame_ids, track_ids, boxes = (np.concatenate(parts) for parts in zip(*people, strict=True))
    order = np.lexsort((track_ids, frame_ids))
    return MarkedPeople(frame_ids[order], track_ids[order], boxes[order])
