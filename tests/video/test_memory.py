"""What is opened is let go at once, not when the garbage collector comes round to it."""

import gc

import av

from helpers import datasets
from helpers.video import indexing


def large_frames() -> int:
    frames = [kept for kept in gc.get_objects() if isinstance(kept, av.VideoFrame)]
    return sum(frame.width > 100 for frame in frames)


def test_an_indexed_file_leaves_no_picture_in_memory() -> None:
    path = datasets.real_clip("bikes")
    gc.collect()
    before = large_frames()
    gc.disable()
    try:
        for version in range(5):
            indexing._index_video(path, path.absolute(), (version, version))
        assert large_frames() == before
    finally:
        gc.enable()
