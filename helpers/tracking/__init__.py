"""Tracking: the boxes of single frames put together into tracks, one a moving object.

A tracker by detection goes frame by frame: it predicts where its tracks are now (a Kalman
filter), tells which detection belongs to which track (an assignment), corrects the tracks by
their detections, and decides which of them to start, to show and to delete (a life cycle).

>>> import numpy as np
>>> from helpers import tracking
>>> tracker = tracking.Sort()
>>> for x in (0, 2, 4):
...     boxes, track_ids = tracker.update(np.array([[x, 0, x + 10, 10], [50, x, 60, x + 10]]))
>>> track_ids
array([1, 2])
>>> boxes.round(1)
array([[ 4.,  0., 14., 10.],
       [50.,  4., 60., 14.]])
"""

from helpers.tracking.association import associate
from helpers.tracking.bytetrack import ByteTrack
from helpers.tracking.kalman import predict, update
from helpers.tracking.life_cycle import life_cycle
from helpers.tracking.motion import MotionModel, constant_velocity, to_boxes, to_states
from helpers.tracking.running import run
from helpers.tracking.sort import Sort

__all__ = [
    "ByteTrack",
    "MotionModel",
    "Sort",
    "associate",
    "constant_velocity",
    "life_cycle",
    "predict",
    "run",
    "to_boxes",
    "to_states",
    "update",
]
