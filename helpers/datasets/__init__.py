"""Clips to learn from and to test with: everything is on the disk, nothing is downloaded.

>>> from helpers import datasets
>>> datasets.real_clip("bikes").name
'bikes.mp4'
"""

from helpers.datasets.camera import CAMERA_MOTIONS, CameraClips, camera_motion
from helpers.datasets.clips import Clips
from helpers.datasets.digits import moving_digits
from helpers.datasets.folder import VideoFolder
from helpers.datasets.motions import MOTIONS, REVERSED
from helpers.datasets.pedestrians import MarkedPeople, pedestrian_truth
from helpers.datasets.real import REAL_CLIPS, real_clip
from helpers.datasets.shapes import moving_shapes
from helpers.datasets.splitting import hold_out_groups

__all__ = [
    "CAMERA_MOTIONS",
    "MOTIONS",
    "REAL_CLIPS",
    "REVERSED",
    "CameraClips",
    "Clips",
    "MarkedPeople",
    "VideoFolder",
    "camera_motion",
    "hold_out_groups",
    "moving_digits",
    "moving_shapes",
    "pedestrian_truth",
    "real_clip",
]
