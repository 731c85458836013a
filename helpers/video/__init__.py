"""A video file to frames and back: look, choose, read, write, show.

>>> from helpers import datasets, video
>>> path = datasets.real_clip("bikes")
>>> video.probe(path)
bikes.mp4: 640x272, 250 frames at 25 fps, 10 s, h264, no sound
>>> video.read_clip(path, num_frames=8).shape
(8, 272, 640, 3)
"""

from helpers.video.errors import VideoError
from helpers.video.probing import VideoInfo, probe
from helpers.video.reading import read_clip, read_frames
from helpers.video.sampling import sample_dense, sample_indices, sample_segments
from helpers.video.showing import show
from helpers.video.writing import write_video

__all__ = [
    "VideoError",
    "VideoInfo",
    "probe",
    "read_clip",
    "read_frames",
    "sample_dense",
    "sample_indices",
    "sample_segments",
    "show",
    "write_video",
]
