"""How fast, and in how much memory, are 16-frame clips read at random places of a long video?

Every reader gets the same clips, in turn and in a process of its own, in several repeats. Run
`python benchmarks/reading.py`; `benchmarks/README.md` has the last result.
"""

import argparse
import importlib
import importlib.metadata
import multiprocessing
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
import numpy.typing as npt

from helpers import datasets, video

NUM_FRAMES = 16
STRIDE = 4  # 16 frames, every 4th: what SlowFast and VideoMAE take from Kinetics
SPAN = (NUM_FRAMES - 1) * STRIDE + 1  # frames from the first of a clip to the last
HEIGHT, WIDTH, FPS = 360, 640, 25
KEYFRAME_EVERY = 250
NUM_CHECKED = 3  # clips whose frames are compared with a plain sequential decode
SECONDS_A_TURN = 2.0  # a slow reader stops here and reads fewer of the clips

Frames = npt.NDArray[np.uint8]  # (NUM_FRAMES, HEIGHT, WIDTH, 3)
spawn = multiprocessing.get_context("spawn")


def this_project(path: Path, start: int) -> Frames:
    return video.read_clip(path, NUM_FRAMES, stride=STRIDE, start=start)


def whole_file(path: Path, start: int) -> Frames:
    """Decode every frame into memory, then pick."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return np.array(frames[start : start + SPAN : STRIDE], np.uint8)


def pyav(path: Path, start: int, thread_type: str = "SLICE") -> Frames:
    """Seek to the keyframe before and decode on. PyAV's own thread type is "SLICE"."""
    with av.open(str(path)) as container:
        stream: Any = container.streams.video[0]
        stream.thread_type = thread_type
        ticks = round(1 / (FPS * stream.time_base))  # a frame lasts so long, each the same
        times = [(start + k * STRIDE) * ticks for k in range(NUM_FRAMES)]
        container.seek(times[0], stream=stream)
        frames: list[Any] = []
        for frame in container.decode(stream):
            if frame.pts in times:
                frames.append(frame.to_ndarray(format="rgb24"))
            if len(frames) == NUM_FRAMES:
                break
    return np.array(frames, np.uint8)


def pyav_threads(path: Path, start: int) -> Frames:
    """The same, and each processor core decodes a frame of its own."""
    return pyav(path, start, "AUTO")


def opencv_one_seek(path: Path, start: int) -> Frames:
    """What TensorFlow's tutorial "Load video data" does: one seek, then read and skip."""
    import cv2

    capture = cv2.VideoCapture(str(path))
    capture.set(cv2.CAP_PROP_POS_FRAMES, start)
    frames = [capture.read()[1]]
    while len(frames) < NUM_FRAMES:
        for _ in range(STRIDE):
            _, frame = capture.read()
        frames.append(frame)
    capture.release()
    return np.array(frames, np.uint8)[..., [2, 1, 0]]  # BGR to RGB


def opencv_seeks(path: Path, start: int) -> Frames:
    """Seek for every single frame."""
    import cv2

    capture = cv2.VideoCapture(str(path))
    frames = []
    for number in range(start, start + SPAN, STRIDE):
        capture.set(cv2.CAP_PROP_POS_FRAMES, number)
        frames.append(capture.read()[1])
    capture.release()
    return np.array(frames, np.uint8)[..., [2, 1, 0]]


def torchcodec_decoder(path: Path) -> Any:
    from torchcodec.decoders import VideoDecoder

    # 0 threads: FFmpeg takes one a core.
    return VideoDecoder(path, dimension_order="NHWC", num_ffmpeg_threads=0)


kept_decoder = lru_cache(maxsize=1)(torchcodec_decoder)


def torchcodec(path: Path, start: int) -> Frames:
    """A decoder for each clip, as a loader needs that takes each clip from another file."""
    return np.asarray(torchcodec_decoder(path)[start : start + SPAN : STRIDE])


def torchcodec_kept(path: Path, start: int) -> Frames:
    """One decoder, opened at the first clip of a file and kept."""
    return np.asarray(kept_decoder(path)[start : start + SPAN : STRIDE])


# The module that each reader needs, and the reader.
READERS: dict[str, tuple[str, Callable[[Path, int], Frames]]] = {
    "this project": ("av", this_project),
    "PyAV, whole file, then pick": ("av", whole_file),
    "PyAV, one seek": ("av", pyav),
    "PyAV, one seek, frame threads": ("av", pyav_threads),
    "OpenCV, one seek (TensorFlow's tutorial)": ("cv2", opencv_one_seek),
    "OpenCV, a seek a frame": ("cv2", opencv_seeks),
    "torchcodec, opened for each clip": ("torchcodec.decoders", torchcodec),
    "torchcodec, kept open": ("torchcodec.decoders", torchcodec_kept),
}


def make_video(path: Path, num_frames: int, checked: list[int]) -> None:
    """A window that moves over a real clip, which plays to and fro; and its decoded frames."""
    with av.open(str(datasets.real_clip("pedestrians"))) as container:
        source: Any = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    source_height, source_width, _ = source[0].shape
    number = np.arange(num_frames)
    turn = len(source) - 1
    source_number = turn - abs(number % (2 * turn) - turn)
    top = ((source_height - HEIGHT) * (0.5 + 0.5 * np.sin(number / 23))).astype(int)
    left = ((source_width - WIDTH) * (0.5 + 0.5 * np.sin(number / 37))).astype(int)
    x264 = f"keyint={KEYFRAME_EVERY}:scenecut=0:bframes=3"
    options = {"preset": "veryfast", "crf": "20", "x264-params": x264}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", FPS, options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for n, y, x in zip(source_number, top, left, strict=True):
            window = source[n][y : y + HEIGHT, x : x + WIDTH].copy()
            container.mux(stream.encode(av.VideoFrame.from_ndarray(window, format="rgb24")))
        container.mux(stream.encode(None))
    # For each checked clip, all frames from one before it to one after it.
    wanted = {start: np.empty((SPAN + 2, HEIGHT, WIDTH, 3), np.uint8) for start in checked}
    with av.open(str(path)) as container:
        for k, decoded in enumerate(container.decode(video=0)):
            for start, frames in wanted.items():
                if start - 1 <= k <= start + SPAN:
                    frames[k - start + 1] = decoded.to_ndarray(format="rgb24")
    for start, frames in wanted.items():
        np.save(path.with_name(f"{start}.npy"), frames)


class Turn(NamedTuple):
    """How long one reader took in one repeat, in seconds."""

    first: float  # for the first clip of a file that it has not seen
    clips: list[float]  # for each clip after that
    processor: float  # for each of these in the mean: the time of all threads


def serve(name: str, connection: Connection) -> None:
    """One reader's process: read what the main process asks for, and tell how it went."""
    module, read = READERS[name]
    try:
        importlib.import_module(module)
    except (ImportError, OSError, RuntimeError):  # the last two: its libraries are missing
        connection.send(False)
        return
    connection.send(True)
    baseline = peak_memory()
    while (message := connection.recv()) is not None:
        path, starts = message
        times = [time.perf_counter()]
        read(path, starts[0])
        times.append(time.perf_counter())
        processor = time.process_time()
        for start in starts[1:]:
            read(path, start)
            times.append(time.perf_counter())
            if times[-1] - times[1] > SECONDS_A_TURN:
                break
        first, *clips = np.diff(times).tolist()
        connection.send(Turn(first, clips, (time.process_time() - processor) / len(clips)))
    connection.send(peak_memory() - baseline)
    path, starts = connection.recv()
    connection.send(compare({start: read(path, start) for start in starts}, path.parent))


def peak_memory() -> float:
    """The most memory that this process has had so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)  # bytes or KiB


def compare(clips: dict[int, Frames], folder: Path) -> str:
    """Are these the frames of the sequential decode? In words."""
    num_wrong, largest = 0, 0.0
    for start, clip in clips.items():
        frames = np.load(folder / f"{start}.npy")
        for k, frame in enumerate(clip.astype(np.int16)):
            # The frame before, the right one, the one after: the window moves between them.
            near = frames[k * STRIDE : k * STRIDE + 3]
            differences = abs(near - frame).mean(axis=(1, 2, 3))
            num_wrong += bool(differences.argmin() != 1)
            largest = max(largest, float(differences[1]))
    if num_wrong:
        return f"WRONG: {num_wrong} of {len(clips) * NUM_FRAMES}"
    return "equal" if largest == 0 else f"right, colours differ by {largest:.1f} of 255"


def measure(path: Path, starts: list[list[int]], checked: list[int]) -> None:
    """Let each reader take its turn in every repeat, then print the table."""
    connections: dict[str, Connection] = {}
    for name in READERS:
        connection, other_end = spawn.Pipe()
        spawn.Process(target=serve, args=(name, other_end), daemon=True).start()
        if connection.recv():
            connections[name] = connection
    turns: dict[str, list[Turn]] = {name: [] for name in connections}
    for repeat, clips in enumerate(starts):
        new = path.with_name(f"{repeat}.mp4")  # nobody has seen this copy
        shutil.copy(path, new)
        for name, connection in connections.items():
            connection.send((new, clips))
            turns[name].append(connection.recv())
    print("| reader | clips/s | time, this project = 1 | processor ms a clip ", end="")
    print("| first clip of a file, ms | memory, MiB | frames |\n|---|--:|--:|--:|--:|--:|---|")
    for name in READERS:
        if name not in connections:
            print(f"| {name} | not installed | | | | | |")
            continue
        connection = connections[name]
        connection.send(None)
        memory = f"{connection.recv():.0f}"
        connection.send((path, checked))
        cells = [name, row(turns[name], turns["this project"]), memory, connection.recv()]
        print(f"| {' | '.join(cells)} |", flush=True)


def row(turns: list[Turn], ours: list[Turn]) -> str:
    """The medians of the repeats; each is set against ours on the same clips."""
    rate = np.median([len(turn.clips) / sum(turn.clips) for turn in turns])
    # Either can have stopped early: only the clips that both have read count.
    both = [zip(a.clips, b.clips, strict=False) for a, b in zip(turns, ours, strict=True)]
    ratio = np.median([np.divide(*np.sum(list(pairs), axis=0)) for pairs in both])
    processor = 1000 * np.median([turn.processor for turn in turns])
    first = 1000 * np.median([turn.first for turn in turns])
    return f"{rate:.2f} | {ratio:.2f} | {processor:.0f} | {first:.0f}"


def header(num_frames: int, size: int) -> str:
    command = " ".join(["python benchmarks/reading.py", *sys.argv[1:]])
    installed = {d.name: d.version for d in importlib.metadata.distributions()}
    names = ("av", "numpy", "opencv-contrib-python-headless", "torchcodec")
    versions = ", ".join(f"{name} {installed[name]}" for name in names if name in installed)
    return (
        f"`{command}`, {date.today()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {versions}.\n\n{NUM_FRAMES} frames, every {STRIDE}th, of "
        f"{num_frames} frames of {WIDTH}x{HEIGHT} in H.264 ({size / 1024**2:.0f} MiB, a keyframe "
        f"every {KEYFRAME_EVERY}).\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=int, default=120, help="length of the video")
    parser.add_argument("--clips", type=int, default=6, help="clips a repeat")
    parser.add_argument("--repeats", type=int, default=3, help="rounds over all readers")
    options = parser.parse_args()
    num_frames = options.seconds * FPS
    if num_frames < SPAN + 2 or options.clips < 1 or options.repeats < 1:
        parser.error("--seconds must be 3 or more, --clips and --repeats 1 or more.")
    rng = np.random.default_rng(0)
    # One more clip than asked for: the first on each new file is counted apart.
    shape = (options.repeats, options.clips + 1)
    starts = rng.integers(1, num_frames - SPAN, size=shape).tolist()
    checked = rng.integers(1, num_frames - SPAN, size=NUM_CHECKED).tolist()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.mp4"
        # This process stays small, as its memory would count in those that it starts.
        maker = spawn.Process(target=make_video, args=(path, num_frames, checked))
        maker.start()
        maker.join()
        if maker.exitcode != 0:
            sys.exit("The video could not be made: see the error above.")
        print(header(num_frames, path.stat().st_size))
        measure(path, starts, checked)


if __name__ == "__main__":
    main()
