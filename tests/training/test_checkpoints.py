"""An interrupted training, resumed, ends as if nothing had happened."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from helpers import training
from helpers.training import checkpoints, feeding, fitting
from helpers.training.checkpoints import Checkpoint, State
from helpers.training.progress import Silent

Make = Callable[..., keras.Model]
Clips = tuple[np.ndarray, np.ndarray]
Run = tuple[keras.Model, training.History]


class Killed(BaseException):
    """In the place of `kill -9`: nothing in the helpers catches it or cleans up after it."""


def plan_for(clips: Clips, epochs: int = 4) -> dict[str, Any]:
    x, y = clips
    return {
        "x": x,
        "y": y,
        "epochs": epochs,
        "batch_size": 12,
        "learning_rate": 0.02,
        "validation": (x[:20], y[::-1][:20]),
        "patience": 2,
        "save_seconds": 0,
    }


def assert_same(found: Run, wanted: Run) -> None:
    for one, other in (
        (found[0].get_weights(), wanted[0].get_weights()),
        (found[0].optimizer.variables, wanted[0].optimizer.variables),
    ):
        assert len(one) == len(other) > 0
        assert all(map(np.array_equal, one, other))
    for name in ("steps", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"):
        assert getattr(found[1], name) == getattr(wanted[1], name), name
    assert found[1].ended == wanted[1].ended


def test_killed_in_the_middle_of_an_epoch(
    make_model: Make, clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_for(clips)
    wanted = make_model(), make_model()
    histories = [training.fit(wanted[0], **plan)]
    whole = feeding.array_epochs

    def dies(*args: Any) -> feeding.Epochs:
        def batches(epoch: int, first: int) -> Iterator[feeding.Batch]:
            for step, batch in enumerate(whole(*args)(epoch, first), start=first):
                if (epoch, step) == (1, 3):
                    raise Killed
                yield batch

        return batches

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(feeding, "array_epochs", dies)
        training.fit(wanted[1], checkpoint=tmp_path, **plan)
    resumed = make_model(seed=9)  # a new process knows nothing of the old weights
    histories.append(training.fit(resumed, checkpoint=tmp_path, **plan))
    assert_same((resumed, histories[1]), (wanted[0], histories[0]))

    # Finished: once more does nothing, and brings weights and curves back.
    again = make_model(seed=9)
    assert training.fit(again, checkpoint=tmp_path, **plan) == histories[1]
    assert_same((again, histories[1]), (wanted[0], histories[0]))


def compiled(model: keras.Model) -> keras.Model:
    model.compile(keras.optimizers.AdamW())
    model.optimizer.build(model.trainable_variables)
    return model


def numbered(model: keras.Model, number: int) -> tuple[keras.Model, State, list[np.ndarray]]:
    """A state in which every part says the number."""
    model.set_weights([np.full(w.shape, number, w.dtype) for w in model.get_weights()])
    model.optimizer.iterations.assign(number)
    return model, State(num_steps=number), [np.full(3, number)]


def test_killed_while_it_saves(
    make_model: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every operation on the disk in turn, the file at hand cut in half."""
    model, other = compiled(make_model()), compiled(make_model())
    operations_left = 0

    def dies_in(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(path: Path, *args: Any) -> Any:
            nonlocal operations_left
            operations_left -= 1
            if operations_left == 0:
                if function is not unlink:
                    os.truncate(path, path.stat().st_size // 2)
                raise Killed
            return function(path, *args)

        return wrapper

    def saves(number: int) -> None:
        checkpoint = Checkpoint(tmp_path, {})
        checkpoint.load(other)
        checkpoint.save(*numbered(model, number))

    flush, unlink = checkpoints._flush, Path.unlink
    replace = Path.replace
    saves(1)
    survived = []
    for number in range(2, 6):
        operations_left = number - 1
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(checkpoints, "_flush", dies_in(flush))
            patch.setattr(Path, "replace", dies_in(replace))
            patch.setattr(Path, "unlink", dies_in(unlink))
            saves(number)
        loaded = Checkpoint(tmp_path, {}).load(other)
        assert loaded is not None
        state, best = loaded
        survived.append(state.num_steps)
        assert best is not None and (best[0] == state.num_steps).all()
        assert all((w == state.num_steps).all() for w in other.get_weights())
        assert int(other.optimizer.iterations.numpy()) == state.num_steps
    # Killed before the rename, the state before is left; after it, the new one.
    assert survived == [1, 1, 1, 5]
    saves(6)
    names = sorted(path.name.split(".", 1)[1] for path in tmp_path.iterdir())
    assert names == ["json", "npz"]


def test_kill_9(make_model: Make, clips: Clips, tmp_path: Path) -> None:
    """A process of its own, which saves after every step, killed by the system."""
    plan = plan_for(clips, epochs=40)
    plan["patience"] = 40
    conftest = Path(__file__).with_name("conftest.py")
    np.savez(tmp_path / "clips.npz", x=clips[0], y=clips[1])
    program = (
        "import runpy, numpy as np\n"
        "from helpers import training\n"
        f"clips = np.load({str(tmp_path / 'clips.npz')!r})\n"
        "x, y = clips['x'], clips['y']\n"
        f"model = runpy.run_path({str(conftest)!r})['small_model'](seed=0)\n"
        "training.fit(model, x, y, epochs=40, batch_size=12, learning_rate=0.02,\n"
        "    validation=(x[:20], y[::-1][:20]), patience=40, save_seconds=0,\n"
        f"    checkpoint={str(tmp_path / 'state')!r})\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program])
    pointer = tmp_path / "state" / "training.json"
    deadline = time.monotonic() + 120
    while not pointer.exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.5)  # some dozens of saves, and the last of them cut short, as a rule
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    steps = json.loads(pointer.read_text())["state"]["num_steps"]
    assert 0 < steps < 200
    model, resumed = make_model(), make_model(seed=9)
    history = training.fit(resumed, checkpoint=tmp_path / "state", **plan)
    assert_same((resumed, history), (model, training.fit(model, **plan)))


def test_another_training_is_refused(make_model: Make, clips: Clips, tmp_path: Path) -> None:
    plan = plan_for(clips, epochs=1)
    folder = tmp_path / "state"
    training.fit(make_model(), checkpoint=folder, **plan)
    with pytest.raises(
        ValueError, match=r"another training: seed was 0 and is 3. Name another"
    ):
        training.fit(make_model(), checkpoint=folder, **plan, seed=3)
    wider = keras.Sequential(
        [keras.Input(clips[0].shape[1:]), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    with pytest.raises(ValueError, match="its model has other weights"):
        training.fit(wider, checkpoint=folder, **plan)
    (folder / "training.json").write_text("{")
    with pytest.raises(ValueError, match=r"cannot be read .* delete its folder to begin anew"):
        training.fit(make_model(), checkpoint=folder, **plan)
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="a file has that name"):
        training.fit(make_model(), checkpoint=tmp_path / "file", **plan)


class Interrupting(Silent):
    """The user stops the training when a step of that number is done."""

    def __init__(self, at_step: int) -> None:
        self.at_step = at_step

    def show(self, share: float, text: str) -> None:
        if f"step {self.at_step} ·" in text:
            signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("at_step", [1, 8, 10, 20])  # of 5 an epoch, 20 in all
def test_control_c(
    make_model: Make,
    clips: Clips,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    at_step: int,
) -> None:
    """The step under way is done and saved."""
    plan = plan_for(clips) | {"save_seconds": 1000, "patience": 4}
    wanted, model, resumed = make_model(), make_model(), make_model(seed=9)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(fitting, "progress_line", lambda: Interrupting(at_step))
        training.fit(model, checkpoint=tmp_path, **plan)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    state = json.loads((tmp_path / "training.json").read_text())["state"]
    assert state["num_steps"] == at_step
    history = training.fit(resumed, checkpoint=tmp_path, **plan)
    assert_same((resumed, history), (wanted, training.fit(wanted, **plan)))


def test_control_c_in_validation(make_model: Make, clips: Clips) -> None:
    x, y = clips
    asked = []

    def one_at_a_time() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for number in range(len(x)):
            asked.append(number)
            if number == 3:
                signal.raise_signal(signal.SIGINT)
            yield x[number : number + 1], y[number : number + 1]

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(feeding, "in_order", lambda *_: one_at_a_time)
        training.fit(make_model(), x, y, epochs=2, validation=(x, y))
    assert asked == [0, 1, 2, 3]
