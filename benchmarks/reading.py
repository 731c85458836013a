"""How fast, and in how much memory, are 16-frame clips read at random places of a long video?

Every reader gets the same clips, in turn and in a process of its own, in several repeats. See
`benchmarks/README.md` for what is measured and for the last result.

    python benchmarks/reading.py
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
Reader = Callable[[Path, int], Frames]  # the file, the number of the clip's first frame


# --- The readers. Each function imports what it needs and gives the function that reads. ---


def this_project() -> Reader:
    return lambda path, start: video.read_clip(path, NUM_FRAMES, stride=STRIDE, start=start)


def whole_file() -> Reader:
    """Decode every frame into memory, then pick."""

    def read(path: Path, start: int) -> Frames:
        with av.open(str(path)) as container:
            container.streams.video[0].thread_type = "AUTO"
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        return np.stack(frames[start : start + SPAN : STRIDE])

    return read


def pyav() -> Reader:
    """Seek to the keyframe before and decode on; with as many threads as there are cores."""

    def read(path: Path, start: int) -> Frames:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            assert stream.time_base is not None
            ticks = round(1 / (FPS * stream.time_base))  # the frame rate is constant
            times = [(start + k * STRIDE) * ticks for k in range(NUM_FRAMES)]
            container.seek(times[0], stream=stream)
            frames = []
            for frame in container.decode(stream):
                if frame.pts in times:
                    frames.append(frame.to_ndarray(format="rgb24"))
                if len(frames) == NUM_FRAMES:
                    break
        return np.stack(frames)

    return read


def opencv_loop() -> Reader:
    """What TensorFlow's tutorial "Load video data" does: one seek, then read and skip."""
    cv2 = importlib.import_module("cv2")

    def read(path: Path, start: int) -> Frames:
        capture = cv2.VideoCapture(str(path))
        capture.set(cv2.CAP_PROP_POS_FRAMES, start)
        frames = [capture.read()[1]]
        while len(frames) < NUM_FRAMES:
            for _ in range(STRIDE):
                _, frame = capture.read()
            frames.append(frame)
        capture.release()
        return np.array(frames)[..., [2, 1, 0]]  # BGR to RGB

    return read


def opencv_seeks() -> Reader:
    """Seek for every single frame."""
    cv2 = importlib.import_module("cv2")

    def read(path: Path, start: int) -> Frames:
        capture = cv2.VideoCapture(str(path))
        frames = []
        for number in range(start, start + SPAN, STRIDE):
            capture.set(cv2.CAP_PROP_POS_FRAMES, number)
            frames.append(capture.read()[1])
        capture.release()
        return np.array(frames)[..., ::-1]

    return read


def torchcodec_anew() -> Reader:
    """A decoder for each clip, as a loader needs that takes each clip from another file."""
    decoders = importlib.import_module("torchcodec.decoders")

    def read(path: Path, start: int) -> Frames:
        # 0 threads: FFmpeg takes one a core.
        decoder = decoders.VideoDecoder(path, dimension_order="NHWC", num_ffmpeg_threads=0)
        clip: Frames = decoder[start : start + SPAN : STRIDE].numpy()
        return clip

    return read


def torchcodec_kept() -> Reader:
    """One decoder, opened at the first clip of a file and kept."""
    decoders = importlib.import_module("torchcodec.decoders")
    kept: dict[Path, Any] = {}

    def read(path: Path, start: int) -> Frames:
        if path not in kept:
            kept.clear()
            kept[path] = decoders.VideoDecoder(
                path, dimension_order="NHWC", num_ffmpeg_threads=0
            )
        clip: Frames = kept[path][start : start + SPAN : STRIDE].numpy()
        return clip

    return read


def decord_kept() -> Reader:
    """One decoder, opened at the first clip of a file and kept."""
    decord = importlib.import_module("decord")
    kept: dict[Path, Any] = {}

    def read(path: Path, start: int) -> Frames:
        if path not in kept:
            kept.clear()
            kept[path] = decord.VideoReader(str(path))
        clip: Frames = kept[path].get_batch(range(start, start + SPAN, STRIDE)).asnumpy()
        return clip

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "this project": this_project,
    "whole file, then pick (PyAV)": whole_file,
    "PyAV, one seek": pyav,
    "OpenCV, one seek (TensorFlow's tutorial)": opencv_loop,
    "OpenCV, a seek a frame": opencv_seeks,
    "torchcodec, opened for each clip": torchcodec_anew,
    "torchcodec, kept open": torchcodec_kept,
    "decord, kept open": decord_kept,
}


# --- The file ---


def make_video(path: Path, num_frames: int, checked: list[int]) -> None:
    """A window that moves over a real clip, which plays to and fro; and its decoded frames."""
    with av.open(str(datasets.real_clip("pedestrians"))) as container:
        source = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    source_height, source_width, _ = source[0].shape
    number = np.arange(num_frames)
    turn = len(source) - 1
    source_number = turn - abs(number % (2 * turn) - turn)
    top = ((source_height - HEIGHT) * (0.5 + 0.5 * np.sin(number / 23))).astype(int)
    left = ((source_width - WIDTH) * (0.5 + 0.5 * np.sin(number / 37))).astype(int)
    options = {
        "preset": "veryfast",
        "crf": "20",
        "x264-params": f"keyint={KEYFRAME_EVERY}:scenecut=0:bframes=3",
    }
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", FPS, options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for n, y, x in zip(source_number, top, left, strict=True):
            window = np.ascontiguousarray(source[n][y : y + HEIGHT, x : x + WIDTH])
            frame = av.VideoFrame.from_ndarray(window, format="rgb24")
            container.mux(stream.encode(frame))
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


# --- One reader, in a process of its own ---


class Turn(NamedTuple):
    """What one reader did in one repeat: seconds."""

    first: float  # for the first clip of a file that it has not seen
    clips: list[float]  # for each clip after that


def serve(name: str, connection: Connection) -> None:
    """Read what the main process asks for; the first message tells whether this can work."""
    try:
        read = READERS[name]()
    except (ImportError, OSError, RuntimeError):
        connection.send(False)
        return
    connection.send(True)
    baseline = peak_memory()
    while (message := connection.recv()) is not None:
        path, starts = message
        first = seconds(read, path, starts[0])
        clips: list[float] = []
        for start in starts[1:]:
            clips.append(seconds(read, path, start))
            if sum(clips) > SECONDS_A_TURN:
                break
        connection.send(Turn(first, clips))
    connection.send(peak_memory() - baseline)
    path, starts = connection.recv()
    connection.send(compare(read, path, starts))


def seconds(read: Reader, path: Path, start: int) -> float:
    began = time.perf_counter()
    read(path, start)
    return time.perf_counter() - began


def peak_memory() -> float:
    """The most memory that this process has had so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)  # bytes or KiB


def compare(read: Reader, path: Path, starts: list[int]) -> str:
    """Are these the frames of the sequential decode? In words."""
    num_wrong, largest, mean = 0, 0.0, 0.0
    for start in starts:
        frames = np.load(path.with_name(f"{start}.npy"), mmap_mode="r")
        for k, frame in enumerate(read(path, start).astype(np.int16)):
            # The frame before, the right one, the one after: the window moves between them.
            near = frames[k * STRIDE : k * STRIDE + 3].astype(np.int16)
            differences = abs(near - frame).mean(axis=(1, 2, 3))
            num_wrong += bool(differences.argmin() != 1)
            largest = max(largest, float(abs(near[1] - frame).max()))
            mean = max(mean, float(differences[1]))
    if num_wrong:
        return f"WRONG: {num_wrong} of {len(starts) * NUM_FRAMES}"
    return "equal" if largest == 0 else f"right, colours differ by {mean:.1f}"


# --- All of them ---


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
        size = path.stat().st_size / 1024**2
        print_header(num_frames, size)
        measure(path, starts, checked)


spawn = multiprocessing.get_context("spawn")


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
        # Nobody has seen this copy; all find it in the system's cache.
        new = path.with_name(f"{repeat}.mp4")
        shutil.copy(path, new)
        new.read_bytes()
        for name, connection in connections.items():
            connection.send((new, clips))
            turns[name].append(connection.recv())
    print(
        "| reader | clips/s | time against this project | first clip of a file, ms | "
        "memory, MiB | frames |\n|---|---|---|---|---|---|"
    )
    for name in READERS:
        if name not in connections:
            print(f"| {name} | not installed | | | | |")
            continue
        connection = connections[name]
        connection.send(None)
        memory = connection.recv()
        connection.send((path, checked))
        frames = connection.recv()
        print(
            f"| {name} | {row(turns[name], turns['this project'])} | {memory:.0f} | {frames} |"
        )


def row(turns: list[Turn], ours: list[Turn]) -> str:
    """Clips a second, time against ours on the same clips, first clip: medians of repeats."""
    rate = np.median([len(turn.clips) / sum(turn.clips) for turn in turns])
    ratios = [
        sum(turn.clips) / sum(our.clips[: len(turn.clips)])
        for turn, our in zip(turns, ours, strict=True)
    ]
    first = np.median([turn.first for turn in turns])
    return f"{rate:.2f} | {np.median(ratios):.2f} | {first * 1000:.0f}"


def print_header(num_frames: int, size: float) -> None:
    command = " ".join(["python benchmarks/reading.py", *sys.argv[1:]])
    packages = []
    for name in ("av", "numpy", "opencv-contrib-python-headless", "torchcodec", "decord"):
        try:
            packages.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    print(
        f"`{command}`, {date.today()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {', '.join(packages)}\n\n"
        f"{NUM_FRAMES} frames, every {STRIDE}th, of {num_frames} frames of {WIDTH}x{HEIGHT} in "
        f"H.264 ({size:.0f} MiB, a keyframe every {KEYFRAME_EVERY}).\n"
    )


if __name__ == "__main__":
    main()
