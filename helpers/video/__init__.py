"""A video file to frames and back: look, choose, read, write, show.

>>> from helpers import datasets, video
>>> path = datasets.real_clip("bikes")
>>> video.probe(path)
bikes.mp4: 640x272, 250 frames at 25 fps, 10 s, h264, no sound
>>> video.read_clip(path, num_frames=8).shape
(8, 272, 640, 3)
"""

from helpers.video.clock import frame_at
from helpers.video.cuts import histogram_changes, shot_cuts
from helpers.video.drawing import draw_packets
from helpers.video.errors import VideoError
from helpers.video.hashing import difference_hash, hash_distances
from helpers.video.packets import Packets, display_order, read_packets
from helpers.video.probing import VideoInfo, probe
from helpers.video.reading import read_clip, read_frames
from helpers.video.remuxing import remux
from helpers.video.sampling import sample_dense, sample_indices, sample_segments
from helpers.video.seeking import frames_to_decode, keyframe_before
from helpers.video.showing import show
from helpers.video.views import view_starts
from helpers.video.writing import write_video

__all__ = [
    "Packets",
    "VideoError",
    "VideoInfo",
    "difference_hash",
    "display_order",
    "draw_packets",
    "frame_at",
    "frames_to_decode",
    "hash_distances",
    "histogram_changes",
    "keyframe_before",
    "probe",
    "read_clip",
    "read_frames",
    "read_packets",
    "remux",
    "sample_dense",
    "sample_indices",
    "sample_segments",
    "shot_cuts",
    "show",
    "view_starts",
    "write_video",
]
