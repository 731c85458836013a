"""How many clips a second come from a folder of videos into batches, and in how much memory?

`VideoFolder` and the pipelines of others take turns on the same folders, each in a process of
its own, and then on folders ten times as large. Run `python benchmarks/pipeline.py`;
`benchmarks/README.md` has the last result.
"""

import argparse
import importlib
import importlib.metadata
import multiprocessing
import os
import platform
import resource
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

from helpers import datasets

NUM_FRAMES, STRIDE, SIZE = 10, 15, 224  # the tutorial's
BATCH_SIZE = 8
HEIGHT, WIDTH, FPS, LENGTH = 240, 320, 25, 180  # about UCF101's, which the tutorial reads
NUM_CLASSES, NUM_DIFFERENT = 4, 16
KEYFRAME_EVERY = 250  # at most
TIMES = 10  # as many files in the large folder
spawn = multiprocessing.get_context("spawn")
Epoch = Callable[[int], Any]  # from an epoch's number to its batches of (clips, labels)


def this_project(folder: Path) -> Epoch:
    videos = datasets.VideoFolder(
        folder, num_frames=NUM_FRAMES, stride=STRIDE, size=SIZE, progress=False
    )
    if videos.unreadable or videos.ignored:
        raise RuntimeError(f"Every file should count: {videos}")
    return lambda epoch: videos.training_batches(epoch, BATCH_SIZE)


def as_floats(folder: Path) -> Epoch:
    """And float32 in 0 to 1 like the tutorial's. Here, models do this themselves."""
    import tensorflow as tf

    def convert(clips: Any, labels: Any) -> tuple[Any, Any]:
        return tf.image.convert_image_dtype(clips, tf.float32), labels

    batches = this_project(folder)
    return lambda epoch: batches(epoch).map(convert).prefetch(tf.data.AUTOTUNE)


def peer(name: str) -> Callable[[Path], Epoch]:
    def open_folder(folder: Path) -> Epoch:
        make = getattr(importlib.import_module("peers.pipeline"), name)
        batches = make(folder, (NUM_FRAMES, SIZE, SIZE), STRIDE, BATCH_SIZE)
        return lambda epoch: batches

    return open_folder


OURS, CACHED = "this project", "tutorial, `cache`, `shuffle` and `prefetch`"
PIPELINES: dict[str, Callable[[Path], Epoch]] = {
    OURS: this_project,
    "this project, then float32": as_floats,
    "tutorial": peer("tutorial"),
    "tutorial, `prefetch`": peer("tutorial_prefetch"),
    CACHED: peer("tutorial_cache"),
    "PyAV in a parallel `map`": peer("pyav_map"),
}


class Kind(NamedTuple):
    """A kind of file: its name, how it is encoded, and the pipelines that read it."""

    name: str
    encoder: str
    options: dict[str, str]
    pipelines: tuple[str, ...]


KINDS = {
    "mp4": Kind("H.264 in mp4", "libx264", {"preset": "veryfast", "bf": "3"}, tuple(PIPELINES)),
    # The tutorial's own kind. What prefetching and the cache do does not depend on it.
    "avi": Kind(
        "MPEG-4 in avi",
        "mpeg4",
        {"b": "600000"},  # bits a second, about UCF101's
        (OURS, "tutorial", "PyAV in a parallel `map`"),
    ),
}


def make_folders(top: Path, ending: str, few: int, many: int) -> None:
    """A folder of few videos and one of many, none twice the same bytes.

    There are NUM_DIFFERENT videos, windows that move over real clips. The others are copies
    that differ in their comment, and so in their bytes and sizes.
    """
    films = [_film(name) for name in ("bikes", "pedestrians", "bigbuckbunny")]
    for number in range(NUM_DIFFERENT):
        _encode(top / f"{number}.{ending}", films[number % len(films)], number, KINDS[ending])
    for number in range(many):
        name = f"class{number % NUM_CLASSES}/{number:05}.{ending}"
        target, link = top / f"{ending}-{many}" / name, top / f"{ending}-{few}" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(top / f"{number % NUM_DIFFERENT}.{ending}", target, number // NUM_DIFFERENT)
        if number < few:
            link.parent.mkdir(parents=True, exist_ok=True)
            link.hardlink_to(target)


def _film(name: str) -> list[Any]:
    with av.open(str(datasets.real_clip(name))) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def _encode(path: Path, film: list[Any], seed: int, kind: Kind) -> None:
    phases = np.random.default_rng(seed).uniform(0, 6.28, size=2)
    with av.open(str(path), "w") as container:
        options = {**kind.options, "g": str(KEYFRAME_EVERY)}
        stream: Any = container.add_stream(kind.encoder, FPS, options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        turn = len(film) - 1
        for number in range(LENGTH):
            frame = film[turn - abs((number + seed * 11) % (2 * turn) - turn)]  # to and fro
            room = np.subtract(frame.shape[:2], (HEIGHT, WIDTH))
            top, left = (room * (0.5 + 0.5 * np.sin(number / 23 + phases))).astype(int)
            window = frame[top : top + HEIGHT, left : left + WIDTH].copy()
            container.mux(stream.encode(av.VideoFrame.from_ndarray(window, format="rgb24")))
        container.mux(stream.encode(None))


def _copy(source: Path, target: Path, number: int) -> None:
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        new.metadata["comment"] = "copy " * (number + 1)
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.size:
                packet.stream = stream
                new.mux(packet)


class Turn(NamedTuple):
    """How one pipeline did in one repeat, in seconds; of a clip in the mean, and all threads."""

    first_batch: float
    clip: float
    processor: float


class Result(NamedTuple):
    opening: float  # seconds
    memory: float  # MiB
    turns: list[Turn]


def serve(name: str, folder: Path, connection: Connection) -> None:
    """One pipeline's process."""
    import tensorflow as tf

    importlib.import_module("peers.pipeline")
    warm_up = tf.data.Dataset.range(64).map(lambda x: x + 1, tf.data.AUTOTUNE)
    sum(warm_up.batch(8).prefetch(1).as_numpy_iterator())
    connection.send(None)
    baseline = peak_memory()
    connection.recv()
    started = time.perf_counter()
    epoch = PIPELINES[name](folder)
    connection.send(time.perf_counter() - started)
    number = 0
    while (num_clips := connection.recv()) is not None:
        times, processor, done = [time.perf_counter()], time.process_time(), 0
        while done < num_clips:
            for clips, _ in epoch(number):
                done += len(clips)
                times.append(time.perf_counter())
                if done >= num_clips:
                    break
            number += 1
        seconds, processor = times[-1] - times[0], time.process_time() - processor
        connection.send(Turn(times[1] - times[0], seconds / done, processor / done))
    connection.send(peak_memory() - baseline)


def peak_memory() -> float:
    """The most memory that this process has had so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)  # bytes or KiB


def measure(
    names: tuple[str, ...], folder: Path, num_files: int, num_clips: int, repeats: int
) -> dict[str, Result]:
    """Let each pipeline take its turn in every repeat."""
    connections: dict[str, Connection] = {}
    processes = []
    for name in names:
        connections[name], other_end = spawn.Pipe()
        process = spawn.Process(target=serve, args=(name, folder, other_end), daemon=True)
        process.start()
        processes.append(process)
    for connection in connections.values():
        connection.recv()  # all have imported what they need, and the machine is free
    openings: dict[str, float] = {}
    for name, connection in connections.items():
        connection.send("open")
        openings[name] = connection.recv()
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    if CACHED in names:  # a whole first epoch fills the cache
        connections[CACHED].send(num_files)
        turns[CACHED].append(connections[CACHED].recv())
    for _ in range(repeats):
        for name, connection in connections.items():
            connection.send(num_clips)
            turns[name].append(connection.recv())
    results = {}
    for name, connection in connections.items():
        connection.send(None)
        result = Result(openings[name], connection.recv(), turns[name])
        if name == CACHED:
            results[f"{name}: first epoch"] = result._replace(turns=turns[name][:1])
            results[f"{name}: later epochs"] = result._replace(turns=turns[name][1:])
        else:
            results[name] = result
    for process in processes:
        process.join()
    return results


COLUMNS = (
    *("clips/s", "time, this project = 1", "processor ms a clip", "first batch, s"),
    *("opening, s", "memory, MiB"),
)


def print_table(by_count: dict[int, dict[str, Result]]) -> None:
    """One row a pipeline; each column for the small folder, then for the large one."""
    few, many = by_count
    titles = [f"{column}: {few} files | {many}" for column in COLUMNS]
    print(f"| pipeline | {' | '.join(titles)} |\n|---|{'--:|' * (2 * len(COLUMNS))}")
    for name in by_count[few]:
        rows = [row(results[name], results[OURS]) for results in by_count.values()]
        cells = [cell for pair in zip(*rows, strict=True) for cell in pair]
        print(f"| {' | '.join([name, *cells])} |")


def row(result: Result, ours: Result) -> list[str]:
    """The medians of the repeats; each is set against ours of the same repeat."""
    first, clip, processor = np.median(result.turns, axis=0)
    ratio = np.median([a.clip / b.clip for a, b in zip(result.turns, ours.turns, strict=False)])
    return [
        f"{1 / clip:.1f}",
        f"{ratio:.2f}",
        f"{1000 * processor:.1f}",
        f"{first:.2f}",
        f"{result.opening:.2f}",
        f"{result.memory:.0f}",
    ]


def header() -> str:
    command = " ".join(["python benchmarks/pipeline.py", *sys.argv[1:]])
    names = ("av", "numpy", "opencv-contrib-python-headless", "tensorflow")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return (
        f"`{command}`, {date.today()}, {os.cpu_count()} cores (load average {load()} at the "
        f"start), Python {platform.python_version()}, {versions}.\n\nBatches of {BATCH_SIZE} "
        f"clips of {NUM_FRAMES}x{SIZE}x{SIZE}, every {STRIDE}th frame."
    )


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=40, help="in the small folder")
    parser.add_argument("--clips", type=int, default=24, help="a turn")
    parser.add_argument("--repeats", type=int, default=3, help="rounds over all pipelines")
    parser.add_argument("--kind", choices=KINDS, help="one kind of file instead of both")
    options = parser.parse_args()
    if options.files < 40 or options.clips < 1 or options.repeats < 1:
        parser.error("--files must be 40 or more, --clips and --repeats 1 or more.")
    few, many = options.files, TIMES * options.files
    print(header(), flush=True)
    for ending in [options.kind] if options.kind else KINDS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            # This process stays small, as its memory would count in those that it starts.
            maker = spawn.Process(target=make_folders, args=(folder, ending, few, many))
            maker.start()
            maker.join()
            if maker.exitcode != 0:
                sys.exit("The videos could not be made: see the error above.")
            sizes = [file.stat().st_size for file in folder.glob(f"*.{ending}")]
            names = KINDS[ending].pipelines
            results = {
                count: measure(
                    names, folder / f"{ending}-{count}", count, options.clips, options.repeats
                )
                for count in (few, many)
            }
        print(
            f"\n{KINDS[ending].name}, {LENGTH} frames of {WIDTH}x{HEIGHT}, "
            f"{np.mean(sizes) / 1024:.0f} KiB a file:\n"
        )
        print_table(results)


if __name__ == "__main__":
    main()
