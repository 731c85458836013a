"""A training's whole state on the disk, so that an interruption loses nothing.

Keras's `BackupAndRestore` writes over its only copy, in two files that can disagree, forgets
the curves, and begins the interrupted epoch anew with weights from the middle of it. Its
`save_weights` leaves out where the random numbers of dropout stand.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from helpers.training.history import History

POINTER = "training.json"


@dataclass
class State:
    """Where a training stands: what its loop counts besides the model and the optimizer."""

    epoch: int = 0  # the epoch under way, from 0
    batch: int = 0  # how many of its batches are done
    num_steps: int = 0
    seconds: float = 0.0
    loss: float = 0.0  # sums over the clips of this epoch
    num_right: float = 0.0
    num_clips: int = 0
    history: History = field(default_factory=History)


class Checkpoint:
    """A folder that holds one training's last saved state.

    The arrays go into new files, then `training.json`, which names them, replaces the one
    before in a single rename. Whenever the process dies, the folder holds a whole state.
    """

    def __init__(self, folder: str | os.PathLike[str], settings: dict[str, Any]) -> None:
        self.folder = Path(folder)
        self.settings = json.loads(json.dumps(settings))  # as they come back from the disk
        self.number = 0
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise NotADirectoryError(
                f"checkpoint is {str(self.folder)!r}, but a file has that name: name a folder."
            ) from None

    def save(
        self, model: keras.Model, state: State, best_weights: list[np.ndarray] | None
    ) -> None:
        number = self.number + 1
        arrays = self.folder / f"{number}.npz"
        variables = [*model.variables, *model.optimizer.variables]
        content: dict[str, Any] = {
            f"variable {i}": np.asarray(v.value) for i, v in enumerate(variables)
        }
        content |= {f"best {i}": weight for i, weight in enumerate(best_weights or ())}
        np.savez(arrays, **content)
        _flush(arrays)
        new = self.folder / f"{POINTER}.new"
        new.write_text(
            json.dumps(
                {
                    "number": number,
                    "arrays": arrays.name,
                    "settings": self.settings,
                    "state": asdict(state),
                },
                indent=1,
            )
        )
        _flush(new)
        new.replace(self.folder / POINTER)
        self.number = number
        for old in self.folder.glob("*.npz"):
            if old.name != arrays.name:
                old.unlink()

    def load(self, model: keras.Model) -> tuple[State, list[np.ndarray] | None] | None:
        """Put the saved state into a compiled model; None when nothing was saved yet."""
        pointer = self.folder / POINTER
        if not pointer.exists():
            return None
        try:
            content = json.loads(pointer.read_text())
            found, raw, name = content["settings"], content["state"], content["arrays"]
            state = State(**{**raw, "history": History(**raw["history"])})
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"The checkpoint {pointer} cannot be read ({error}): delete its folder to begin "
                "anew."
            ) from error
        differing = [k for k in self.settings if found.get(k) != self.settings[k]]
        if differing:
            differences = "; ".join(
                f"{name} was {found.get(name)} and is {self.settings[name]}"
                for name in differing
                if name != "model"
            )
            raise ValueError(
                f"The checkpoint in {self.folder} belongs to another training: "
                f"{differences or 'its model has other weights'}. Name another folder, or "
                "delete this one to begin anew."
            )
        model.optimizer.build(model.trainable_variables)  # or it has no variables yet
        variables = [*model.variables, *model.optimizer.variables]
        with np.load(self.folder / name) as arrays:
            for i, variable in enumerate(variables):
                variable.assign(arrays[f"variable {i}"])
            num_best = len(arrays.files) - len(variables)
            best = [arrays[f"best {i}"] for i in range(num_best)]
        self.number = content["number"]
        return state, best or None


def _flush(path: Path) -> None:
    """Onto the disk itself, so that a power cut cannot leave the new name without its bytes."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
