"""Trained weights on the disk, each with a label: what to type to train them, when, on what."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from helpers.measured.tables import this_machine

FOLDER = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Label:
    """Where stored weights come from.

    Attributes:
        command: what to type to train them again.
        day: when they were trained, as 2026-11-28.
        machine: on what: cores, processor, versions.
        about: how long, on which clips, from which seed.
    """

    command: str
    day: str
    machine: str
    about: str

    def __str__(self) -> str:
        trained = f"Not trained now, but by `{self.command}` on {self.day}: {self.machine}."
        return f"{self.about} {trained}"


def save(name: str, weights: list[np.ndarray], *, command: str, about: str) -> Label:
    """Write weights as float16 under a name, with today's date and this machine.

    Args:
        name: of the model; its files are `weights/NAME.npz` and `weights/NAME.json`.
        weights: float arrays, in the order of Keras's `get_weights`.
        command, about: for the label.

    Raises:
        FloatingPointError: when a weight is not finite or too large for float16.
    """
    with np.errstate(over="ignore"):
        halves = [np.asarray(array).astype(np.float16) for array in weights]
    if not all(np.isfinite(array).all() for array in halves):
        raise FloatingPointError(
            f"The weights of {name} are not all finite numbers below 65,504: the training has "
            "failed, so train again, with half the rate."
        )
    label = Label(command, date.today().isoformat(), this_machine(), about)
    FOLDER.mkdir(exist_ok=True)
    np.savez_compressed(FOLDER / f"{name}.npz", *halves)
    text = json.dumps(asdict(label), indent=1, ensure_ascii=False) + "\n"
    (FOLDER / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
    return label


def load(name: str) -> tuple[list[np.ndarray], Label]:
    """Read stored weights, as float32, and their label.

    Raises:
        ValueError: when no weights of that name are stored.
    """
    path = FOLDER / f"{name}.npz"
    if not path.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.npz"))) or "none yet"
        raise ValueError(f"There are no weights named {name!r}: take some of {known}.")
    with np.load(path) as stored:
        weights = [stored[f"arr_{k}"].astype(np.float32) for k in range(len(stored.files))]
    label = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return weights, Label(**label)
