"""How quickly are clips read from random places of a long video, and with how much memory?

Run `python benchmarks/reading.py`: it makes an H.264 file of 6,000 frames (640x360, a keyframe
at each shot cut and at most 250 frames apart), reads the same clips of 16 frames, every fourth
frame, with each reader in a process of its own, and prints a table. Readers that are not
installed are left out: decord and torchcodec are not among this project's packages.
"""

import argparse
import importlib
import itertools
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import av
import numpy as np

from helpers import datasets, video

NUM_FRAMES, STRIDE, FPS, SIZE = 16, 4, 25, (360, 640)
ReadClip = Callable[[int], np.ndarray]  # first frame -> uint8 (frames, height, width, 3)


def this_project(path: Path) -> ReadClip:
    return lambda start: video.read_clip(path, NUM_FRAMES, stride=STRIDE, start=start)


def whole_file(path: Path) -> ReadClip:
    """The naive way: decode everything, keep what is wanted."""

    def read(start: int) -> np.ndarray:
        wanted = set(range(start, start + NUM_FRAMES * STRIDE, STRIDE))
        with av.open(str(path)) as container:
            frames = enumerate(container.decode(video=0))
            return np.stack([f.to_ndarray(format="rgb24") for k, f in frames if k in wanted])

    return read


def tutorial_loop(path: Path) -> ReadClip:
    """The reader that TensorFlow's tutorial "Load video data" describes.

    Set OpenCV to the first frame, read it, then read `STRIDE` frames for each further one and
    keep the last. The tutorial's conversion to float32 and its resize are left out.
    """
    import cv2

    def read(start: int) -> np.ndarray:
        capture = cv2.VideoCapture(str(path))
        capture.set(cv2.CAP_PROP_POS_FRAMES, start)
        frames = [capture.read()[1]]
        for _ in range(NUM_FRAMES - 1):
            for _ in range(STRIDE):
                frame = capture.read()[1]
            frames.append(frame)
        capture.release()
        return np.stack(frames)[..., ::-1]

    return read


def opencv(path: Path) -> ReadClip:
    """OpenCV used with care: frames that are skipped are not converted to RGB."""
    import cv2

    def read(start: int) -> np.ndarray:
        capture = cv2.VideoCapture(str(path))
        capture.set(cv2.CAP_PROP_POS_FRAMES, start)
        frames = []
        for k in range((NUM_FRAMES - 1) * STRIDE + 1):
            capture.grab()
            if k % STRIDE == 0:
                frames.append(cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB))
        capture.release()
        return np.stack(frames)

    return read


def plain_pyav(path: Path) -> ReadClip:
    """Seek by time and count from there: right as long as the frame rate is constant."""

    def read(start: int) -> np.ndarray:
        wanted = set(range(start, start + NUM_FRAMES * STRIDE, STRIDE))
        frames = []
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            time_base: Any = stream.time_base
            container.seek(round(start / FPS / time_base), stream=stream)
            for frame in container.decode(stream):
                if round(frame.pts * time_base * FPS) in wanted:
                    frames.append(frame.to_ndarray(format="rgb24"))
                if len(frames) == NUM_FRAMES:
                    return np.stack(frames)
        raise ValueError("The clip runs past the end of the video.")

    return read


def decord(path: Path) -> ReadClip:
    from decord import VideoReader  # type: ignore[import-not-found]

    reader = VideoReader(str(path))
    clip = range(0, NUM_FRAMES * STRIDE, STRIDE)
    return lambda start: reader.get_batch([start + k for k in clip]).asnumpy()


def torchcodec(path: Path) -> ReadClip:
    from torchcodec.decoders import VideoDecoder

    decoder = VideoDecoder(str(path), dimension_order="NHWC")
    clip = range(0, NUM_FRAMES * STRIDE, STRIDE)
    return lambda start: decoder.get_frames_at([start + k for k in clip]).data.numpy()


# The module that a reader needs, and the reader.
READERS: dict[str, tuple[str, Callable[[Path], ReadClip]]] = {
    "this project": ("av", this_project),
    "whole-file decode": ("av", whole_file),
    "TensorFlow tutorial's loop": ("cv2", tutorial_loop),
    "OpenCV, skipping": ("cv2", opencv),
    "plain PyAV": ("av", plain_pyav),
    "decord, kept open": ("decord", decord),
    "torchcodec, kept open": ("torchcodec.decoders", torchcodec),
}


def make_long_video(path: Path, num_frames: int) -> None:
    """The four real clips, over and over."""

    def frames() -> Iterator[np.ndarray]:
        clips = []
        for name in datasets.REAL_CLIPS:
            source = datasets.real_clip(name)
            length = video.probe(source).num_frames
            clips.append(video.read_clip(source, length, stride=1, size=SIZE))
        while True:
            for clip in clips:
                yield from clip

    with av.open(str(path), "w") as container:
        options = {"preset": "veryfast", "crf": "23"}
        stream: Any = container.add_stream("libx264", rate=FPS, options=options)
        stream.height, stream.width, stream.pix_fmt = *SIZE, "yuv420p"
        for frame in itertools.islice(frames(), num_frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode(None))


def memory(field: str) -> float:
    """This process's memory in MB: now ("VmRSS") or at its peak ("VmHWM"); Linux only."""
    status = Path("/proc/self/status")
    text = status.read_text() if status.exists() else ""
    found = re.search(rf"{field}:\s+(\d+) kB", text)
    return int(found[1]) / 1000 if found else float("nan")


def measure(name: str, path: Path, starts: list[int], thumbnails: Path) -> None:
    """Read the clips with one reader; print its seconds and megabytes, keep thumbnails."""
    module, reader = READERS[name]
    importlib.import_module(module)
    before = memory("VmRSS")
    seconds, processor, small = [], [], []
    begin, begin_processor = time.perf_counter(), time.process_time()
    read = reader(path)
    for start in starts:
        clip = read(start)
        seconds.append(time.perf_counter() - begin)
        processor.append(time.process_time() - begin_processor)
        small.append(clip[:, ::8, ::8].astype(np.int16))
        begin, begin_processor = time.perf_counter(), time.process_time()
    np.save(thumbnails, np.stack(small))
    megabytes = memory("VmHWM") - before
    print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": megabytes}))


def run_apart(name: str, path: Path, starts: list[int], thumbnails: Path) -> dict[str, Any]:
    """`measure` in a process of its own."""
    arguments = ["--reader", name, "--video", str(path), "--thumbnails", str(thumbnails)]
    command = [sys.executable, __file__, *arguments, "--starts", *map(str, starts)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(output))


def is_installed(module: str) -> bool:
    # In a process of its own: a library that does not load may end it.
    command = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def compare(num_frames: int, num_clips: int, rounds: int) -> None:
    """Make the file, measure every reader in turn, and print the table."""
    rng = np.random.default_rng(0)
    starts = rng.integers(0, num_frames - NUM_FRAMES * STRIDE, num_clips).tolist()
    names = [name for name, (module, _) in READERS.items() if is_installed(module)]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    clips: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as folder:
        path, thumbnails = Path(folder) / "long.mp4", Path(folder) / "clips.npy"
        make_long_video(path, num_frames)
        info = video.probe(path)
        for _ in range(rounds):  # in turn, so that a busy minute does not hit one reader alone
            for name in names:
                few = starts[:2] if name == "whole-file decode" else starts
                runs[name].append(run_apart(name, path, few, thumbnails))
                clips[name] = np.load(thumbnails)

    def later(name: str, clock: str = "seconds") -> float:
        return float(np.median([second for run in runs[name] for second in run[clock][1:]]))

    gaps = np.diff([*info.keyframes, info.num_frames])
    print(f"{info}; {len(gaps)} keyframes, at most {gaps.max()} frames apart.\n")
    print("| reader | first clip | later clips | processor | speed | memory | right |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in names:
        first = np.median([run["seconds"][0] for run in runs[name]])
        megabytes = np.median([run["megabytes"] for run in runs[name]])
        expected = clips["this project"][: len(clips[name])]
        wrong = np.abs(clips[name] - expected).mean(axis=(2, 3, 4)) > 3  # of 255
        print(
            f"| {name} | {first * 1e3:.0f} ms | {later(name) * 1e3:.0f} ms "
            f"| {later(name, 'processor') * 1e3:.0f} ms "
            f"| {later('whole-file decode') / later(name):.1f} x | {megabytes:.0f} MB "
            f"| {(~wrong).mean():.0%} |"
        )
    print(
        f"\n{num_clips} clips of {NUM_FRAMES} frames, every {STRIDE}th; medians of {rounds} "
        "rounds. The first clip includes opening the file and finding its frames; processor is "
        "the time of all cores for a later clip; speed is against the whole-file decode; memory "
        "is the peak above what the process held after its imports; right is the share of "
        "frames equal to this project's, which the tests compare with a plain decode."
    )
    versions = f"PyAV {av.__version__}, Python {platform.python_version()}"
    print(
        f"`python benchmarks/reading.py`, {date.today()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, {platform.system()}, {versions}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=6000, help="the length of the video")
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    for hidden in ("--reader", "--video", "--thumbnails"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    parser.add_argument("--starts", type=int, nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader:
        measure(options.reader, Path(options.video), options.starts, Path(options.thumbnails))
    else:
        compare(options.frames, options.clips, options.rounds)


if __name__ == "__main__":
    main()
