"""What helps a video classifier that has too few clips, alone and together?

The remedies of `helpers.overfitting` on one small task, and batch normalisation in small batches
beside two others. Run `python benchmarks/overfitting.py`: about half an hour on two cores that do
nothing else. The results are the tables of chapter 24.
"""

import argparse
from functools import partial
from typing import Any

import keras
import numpy as np

from helpers import datasets, measured, overfitting, training

NUM_TEST = 2000
# Normalisation, batch size, learning rate: of 0.0005, 0.0015 and 0.005 the best with one seed.
NORMALISATIONS = (
    ("batch", 16, 0.005),
    ("batch", 2, 0.005),
    ("group", 2, 0.0015),
    ("layer", 2, 0.0015),
)
COMMAND = "python benchmarks/overfitting.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=6, help="for each remedy and strength")
    parser.add_argument("--only", nargs="*", help="measure these anew; the other rows stay")
    parser.add_argument("--table", choices=("overfitting", "normalisation"), help="only this")
    options = parser.parse_args()
    test = datasets.moving_digits(NUM_TEST, seed=1, split="test")
    if options.table != "normalisation":
        compare_remedies(options.seeds, options.only, test)
    if options.table != "overfitting":
        compare_normalisations(min(options.seeds, 4), test)


def compare_remedies(num_seeds: int, only: list[str] | None, test: datasets.Clips) -> None:
    rows = measured.load("overfitting").rows if only else []
    nothing: list[float] = rows[0]["tests"] if rows else []
    for name, strengths in overfitting.REMEDIES.items():
        if only and name not in only:
            continue
        row = measure(name, strengths, num_seeds, test, nothing)
        nothing = nothing or row["tests"]
        print({key: value for key, value in row.items() if key != "tests"}, flush=True)
        rows = [old for old in rows if old["remedy"] != name] + [row]
        measured.save(
            "overfitting",
            command=COMMAND,
            about=(
                "Ten motions of digits, 50 clips to train on unless more are named, 300 steps; "
                f"{num_seeds} seeds, each with its own clips; chance is 10 %. Of two strengths, "
                "the better in validation. The gain is over nothing, seed by seed, with its "
                "99 % interval; cost is processor time, nothing = 1."
            ),
            rows=sorted(rows, key=lambda row: list(overfitting.REMEDIES).index(row["remedy"])),
        )


def measure(
    name: str,
    strengths: tuple[overfitting.Remedies, ...],
    num_seeds: int,
    test: datasets.Clips,
    nothing: list[float],
) -> dict[str, Any]:
    """The row of a remedy. The test clips are looked at with the chosen strength only."""
    runs = [
        training.repeat(partial(light, remedies), range(num_seeds)) for remedies in strengths
    ]
    validations = [np.mean([one["validation"] for one in of]) for of in runs]
    best = int(np.argmax(validations))
    chosen = runs[best]
    tests = [tested(one["weights"], strengths[best], test) for one in chosen]
    gain = np.subtract(tests, nothing or tests)
    around = training.interval(gain, 0.99)
    default = overfitting.NOTHING
    return {
        "remedy": name,
        "setting": ", ".join(
            f"{key}={value}"
            for key, value in vars(strengths[best]).items()
            if value != getattr(default, key)
        ),
        "strengths": len(strengths),
        "seeds": num_seeds,
        "train": float(np.mean([one["train"] for one in chosen])),
        "validation": float(validations[best]),
        "test": float(np.mean(tests)),
        "gain": float(np.mean(gain)),
        "gain_low": around.low,
        "gain_high": around.high,
        "steps": float(np.mean([one["steps"] for one in chosen])),
        "seconds": float(np.mean([one["seconds"] for one in chosen])),
        "tests": tests,
    }


def light(remedies: overfitting.Remedies, seed: int) -> dict[str, Any]:
    """A run's numbers and weights; its graph is thrown away."""
    result = overfitting.run(remedies, seed)
    kept = {key: getattr(result, key) for key in ("train", "validation", "steps", "seconds")}
    kept["weights"] = result.model.get_weights()
    keras.backend.clear_session()
    return kept


def tested(
    weights: list[np.ndarray], remedies: overfitting.Remedies, test: datasets.Clips
) -> float:
    model = overfitting.network(test.video.shape[1:], len(datasets.MOTIONS), remedies)
    model.set_weights(weights)
    return training.accuracy(model, test.video, test.label)


def compare_normalisations(num_seeds: int, test: datasets.Clips) -> None:
    """Batches of 16 and of 2, with 400 clips, shifted, and the same number of clips seen."""
    rows = []
    for normalisation, batch_size, learning_rate in NORMALISATIONS:
        remedies = overfitting.Remedies(
            num_train=400,
            shift=True,
            normalisation=normalisation,
            batch_size=batch_size,
            learning_rate=learning_rate,
        )
        results = training.repeat(partial(normalised, remedies, test), range(num_seeds))
        test_accuracies = [one["test"] for one in results]
        around = training.interval(test_accuracies)
        row = {
            "normalisation": normalisation,
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "seeds": num_seeds,
            "half_width": around.high - around.mean,
        }
        row |= {key: float(np.mean([one[key] for one in results])) for key in results[0]}
        rows.append(row)
        print(row, flush=True)
    measured.save(
        "normalisation",
        command=COMMAND,
        about=(
            f"400 clips, shifted at random, 4,800 seen in all; {num_seeds} seeds; the rate is the "
            "peak for batches of 16, the best of three with one seed. “As in training” takes the "
            "statistics of the test clips' own batches."
        ),
        rows=rows,
    )


def normalised(
    remedies: overfitting.Remedies, test: datasets.Clips, seed: int
) -> dict[str, float]:
    size = remedies.batch_size
    result = overfitting.run(remedies, seed, num_steps=4800 // size)
    scores = {"test": training.accuracy(result.model, test.video, test.label)}
    # Afterwards, since it moves the averages of batch normalisation.
    in_batches = [
        np.asarray(result.model(test.video[first : first + size], training=True)).argmax(axis=1)
        for first in range(0, 592, size)
    ]
    right = np.concatenate(in_batches) == test.label[:592]
    keras.backend.clear_session()
    return scores | {"as_in_training": float(np.mean(right)), "train": result.train}


if __name__ == "__main__":
    main()
