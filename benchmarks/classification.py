"""Which video classifier learns the motion task in the same seconds of training?

This project's models, and beside them three that others teach, at their published sizes and
learning rates (`peers/classification.py`). Run `python benchmarks/classification.py`: about
15 minutes on two cores that do nothing else. The result is the table of chapter 30.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))  # for a run from anywhere

import keras
from peers import classification as peers

from helpers import datasets, measured, models, training

NUM_TRAIN, NUM_TEST = 8000, 2000
NUM_TEST_OF_THE_SLOW = 500  # for the CNN-RNN, whose InceptionV3 takes minutes for 2,000
NUM_CLASSES = len(datasets.MOTIONS)
LONGER = ("factorised transformer", "keras.io: ViViT", "tutorial: (2+1)D")


class Entry(NamedTuple):
    """A model and how it is trained."""

    build: Callable[..., keras.Model]
    learning_rate: float | Callable[[float], float]
    batch_size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=15, help="of training, for all")
    parser.add_argument("--longer", type=float, default=60, help="for the slow learners, too")
    parser.add_argument("--seeds", type=int, default=5, help="for the two best")
    parser.add_argument("--only", nargs="*", help="measure these anew; the other rows stay")
    options = parser.parse_args()

    runs = [(name, options.seconds, num_seeds(name, options.seeds)) for name in entries()]
    runs += [(name, options.longer, 1) for name in LONGER]
    test = datasets.moving_shapes(NUM_TEST, seed=1)
    rows = measured.load("classification").rows if options.only else []
    for name, seconds, seeds in runs:
        if options.only and name not in options.only:
            continue
        row = measure(name, entries()[name], seconds, seeds, test)
        print(row, flush=True)
        rows = [old for old in rows if (old["model"], old["seconds"]) != (name, seconds)]
        rows.append(row)
        rows.sort(key=lambda row: (row["seconds"], row["accuracy"]))
        measured.save(
            "classification",
            command="python benchmarks/classification.py",
            about=(
                f"Ten motions, {NUM_TRAIN:,} clips to train on, others to test, 12×32×32 grey; "
                "chance is 10 %. Accuracy is the mean over the seeds."
            ),
            rows=rows,
        )


def num_seeds(name: str, most: int) -> int:
    """The most for the models that compete for the first place, up to three for the others."""
    if name in ("3D CNN", "(2+1)D CNN"):
        return most
    if name == "keras.io: CNN-RNN":
        return 1
    return min(most, 2 if name in peers.LEARNING_RATES else 3)


def entries() -> dict[str, Entry]:
    """Ours with the cosine schedule of `training.fit`, the others at a constant rate."""
    ours = {
        name: Entry(recipe.build, recipe.learning_rate, recipe.batch_size)
        for name, recipe in models.SMALL.items()
    }
    builders = (peers.vivit, peers.two_plus_one_d, peers.cnn_rnn)
    theirs = {
        name: Entry(build, constant(rate), peers.BATCH_SIZES[name])
        for build, (name, rate) in zip(builders, peers.LEARNING_RATES.items(), strict=True)
    }
    return ours | theirs


def constant(rate: float) -> Callable[[float], float]:
    return lambda share: rate


def measure(
    name: str, entry: Entry, seconds: float, seeds: int, test: datasets.Clips
) -> dict[str, Any]:
    """Train once a seed, on other clips each time; the means over the seeds."""
    num_test = NUM_TEST_OF_THE_SLOW if name == "keras.io: CNN-RNN" else NUM_TEST
    video, label = test.video[:num_test], test.label[:num_test]
    results = training.repeat(
        lambda seed: run(entry, seconds, seed, video, label), seeds=range(seeds)
    )
    accuracies = [result["accuracy"] for result in results]
    around = training.interval(accuracies) if seeds > 1 else None
    row: dict[str, Any] = {
        "model": name,
        "seconds": seconds,
        "seeds": seeds,
        "test_clips": num_test,
    }
    for key in results[0]:
        row[key] = float(np.mean([result[key] for result in results]))
    row["lowest"] = min(accuracies)
    row["half_width"] = None if around is None else around.high - around.mean
    for whole in ("parameters", "steps"):
        row[whole] = round(row[whole])
    return row


def run(
    entry: Entry, seconds: float, seed: int, video: np.ndarray, label: np.ndarray
) -> dict[str, float]:
    train = datasets.moving_shapes(NUM_TRAIN, seed=100 + seed)
    model = entry.build(train.video.shape[1:], NUM_CLASSES)
    history = training.fit(
        model,
        train.video,
        train.label,
        seconds=seconds,
        learning_rate=entry.learning_rate,
        batch_size=entry.batch_size,
        seed=seed,
    )
    rng = np.random.default_rng(seed)
    shuffled = np.stack([clip[rng.permutation(len(clip))] for clip in video])
    backwards = video[:, ::-1]
    count = models.count(model)
    result = {
        "parameters": count.parameters,
        "macs": count.macs,
        "steps": history.steps[-1],
        "accuracy": training.accuracy(model, video, label),
        "shuffled": training.accuracy(model, shuffled, label),
        "reversed": training.accuracy(model, backwards, label),
        "mirrored": training.accuracy(model, backwards, np.take(datasets.REVERSED, label)),
    }
    keras.backend.clear_session()
    return result


if __name__ == "__main__":
    main()
