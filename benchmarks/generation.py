"""What do a GAN, flow matching and a next-frame predictor reach with the same seconds?

Each is trained on the same 6,000 clips, its weights are stored with the course, and the judge
scores 1,000 samples of what is stored, beside controls that nothing was trained for. Run
`python benchmarks/generation.py`, or with `--only` and no name to score what is stored anew.
The results are the table and the longer-trained models of chapter 31.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

import numpy as np

from helpers import generation, measured
from helpers.generation import flow, gan, motion_controls, next_frame, storing
from helpers.generation.clips import NUM_DIGITS, SHAPE

COMMAND = "python benchmarks/generation.py"
MOST_STEPS = 1_000_000  # the seconds end the training
NUM_SAMPLES = 1000
NUM_TIMED = 100


class Model(Protocol):
    @property
    def num_parameters(self) -> int: ...
    def sample(self, num_clips: int, *, seed: int) -> np.ndarray: ...
    def save(self, name: str, *, command: str, about: str) -> storing.Label: ...


def train_gan(seconds: float) -> tuple[Model, int]:
    model, record = gan.train(MOST_STEPS, seed=0, seconds=seconds)
    return model, record.steps[-1]


def train_flow(seconds: float) -> tuple[Model, int]:
    model = flow.train(MOST_STEPS, seed=0, seconds=seconds)
    return model, len(model.losses)


def train_next_frame(seconds: float) -> tuple[Model, int]:
    model = next_frame.train(MOST_STEPS, seed=0, seconds=seconds)
    return model, len(model.losses)


# What it is called, how it is trained, and how its stored weights are read.
METHODS: dict[str, tuple[str, Callable[[float], tuple[Model, int]], Callable[[], Model]]] = {
    "gan": ("GAN", train_gan, gan.stored),
    "flow": ("flow matching", train_flow, flow.stored),
    "next_frame": ("next frame, two given", train_next_frame, next_frame.stored),
}


def pushed_on(num_clips: int, *, seed: int) -> np.ndarray:
    """What the next-frame predictor is given, gone on with by a guess without a network."""
    given = generation.digits(num_clips, seed=seed).video[:, : next_frame.NUM_GIVEN]
    guess = motion_controls.push_on(given, SHAPE[0] - next_frame.NUM_GIVEN)
    return np.concatenate([given, guess], axis=1)


# What a perfect imitation of the training clips would get, and what needs no network.
CONTROLS: dict[str, Callable[..., np.ndarray]] = {
    "digit pushed on, two given": pushed_on,
    "new clips of the training digits": lambda n, seed: generation.digits(n, seed=seed).video,
    "clips of unseen digits": lambda n, seed: (
        generation.digits(n, seed=31_003, split="test").video
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600, help="of the processor, for each")
    parser.add_argument(
        "--only", nargs="*", choices=METHODS, help="train these, not the others"
    )
    options = parser.parse_args()
    for name in METHODS if options.only is None else options.only:
        model, steps = METHODS[name][1](options.seconds)
        model.save(
            name,
            command=COMMAND,
            about=f"{steps:,} steps in {options.seconds:g} s of the processor, on 6,000 clips, "
            "seed 0.",
        )
        store(score(name) | {"seconds": options.seconds, "steps": steps})
    if options.only == []:
        for name in METHODS:
            store(score(name))
    for control, make in CONTROLS.items():
        untrained = dict.fromkeys(("seconds", "steps", "parameters", "milliseconds"))
        store({"method": control} | untrained | scored(make(NUM_SAMPLES, seed=1)))


def score(name: str) -> dict[str, Any]:
    """What the judge says of the stored weights, in numbers for a row."""
    method, _, stored = METHODS[name]
    model = stored()
    model.sample(NUM_TIMED, seed=0)  # compiles
    started = time.process_time()
    model.sample(NUM_TIMED, seed=0)
    milliseconds = (time.process_time() - started) * 1000 / NUM_TIMED
    about = {
        "method": method,
        "parameters": model.num_parameters,
        "milliseconds": milliseconds,
    }
    return about | scored(model.sample(NUM_SAMPLES, seed=1))


def scored(video: np.ndarray) -> dict[str, Any]:
    """What the judge says of some clips."""
    train = generation.digits(gan.NUM_TRAIN, seed=0).video
    scores = generation.report(video, generation.judge(), train)
    own, floor = scores["samples"], scores["real clips"]
    kinds = generation.kinds(video, generation.judge())
    return asdict(own) | {
        "floor": floor.frechet,
        "ceiling": scores["noise"].frechet,
        "digits": len(set(kinds[kinds >= 0] // (generation.NUM_KINDS // NUM_DIGITS))),
        "floor_sure": floor.sure,
        "floor_nearest": floor.nearest,
    }


def store(row: dict[str, Any]) -> None:
    """Put a row into the table, in the place of the method's old one."""
    try:
        rows = measured.load("generation").rows
    except ValueError:
        rows = []
    old = [one for one in rows if one["method"] == row["method"]]
    row = (old[0] if old else {}) | row
    rows = [one for one in rows if one["method"] != row["method"]]
    rows.append(dict(sorted(row.items())))  # all with their keys in one order
    order = [*(method for method, _, _ in METHODS.values()), *CONTROLS]
    print(row, flush=True)
    measured.save(
        "generation",
        command=COMMAND,
        about=(
            "Gliding digits, 6,000 clips to train on, one seed. The seconds are the processor's, "
            "of all threads, so that what else the machine does takes none of them away; the "
            "first steps, which compile, are not counted. A step has 16 clips (GAN), 8 (flow) "
            "or 4 (next frame). Parameters: those that sampling needs. "
            f"{NUM_SAMPLES:,} samples each; the fewer, the larger the distance, so compare "
            "within a table. “Two given”: begins with two real frames of a digit of the training "
            "set, and so is told which goes where."
        ),
        rows=sorted(rows, key=lambda one: order.index(one["method"])),
    )


if __name__ == "__main__":
    main()
