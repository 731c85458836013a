"""The loop of a training: steps, then the end of the epoch, until the plan says stop."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np

from helpers.interrupting import held_interrupts
from helpers.training.checkpoints import Checkpoint, State
from helpers.training.feeding import Batch, Epochs
from helpers.training.history import History
from helpers.training.progress import Line


@dataclass(frozen=True)
class Plan:
    """What a training is to do; exactly one of epochs and seconds is given."""

    batches: Epochs
    steps_an_epoch: int | None
    epochs: int | None
    seconds: float | None
    rate: Callable[[float], float]  # from the share that is done to the learning rate
    validation: Callable[[], Iterator[Batch]] | None  # its batches
    patience: int | None
    checkpoint: Checkpoint | None
    save_seconds: float
    line: Line


class Training:
    """One run of a plan, on a compiled model."""

    def __init__(self, model: keras.Model, plan: Plan, started: float) -> None:
        self.model, self.plan, self.started = model, plan, started
        self.state = State()
        self.is_first_step = True
        self.last_saved = time.perf_counter()
        self.early_stopping = None
        if plan.patience is not None:
            self.early_stopping = keras.callbacks.EarlyStopping(
                "val_loss", patience=plan.patience, mode="min", restore_best_weights=True
            )
            self.early_stopping.set_model(model)
            self.early_stopping.on_train_begin()
            model.stop_training = False

    def run(self) -> History:
        with held_interrupts() as self.interrupts:
            self._resume()
            history = self.state.history
            try:
                while not history.ended:
                    self._epoch()
                    self._end_epoch()
                    if history.ended and self.early_stopping is not None:
                        self.early_stopping.on_train_end()  # puts the best weights back
                    if history.ended or self._is_save_due():
                        self._save()
                    self.interrupts.check()
            finally:
                self.plan.line.close(str(history))
        return history

    def _epoch(self) -> None:
        """The steps of an epoch that are not done yet, or as many as there is time for."""
        plan, state = self.plan, self.state
        lap = time.perf_counter()
        for x, y in plan.batches(state.epoch, state.batch):
            if self.is_first_step:  # which takes its time, and nothing is there to be saved
                self.interrupts.check()
            rate = plan.rate(min(self._share_done(), 1.0))
            self.model.optimizer.learning_rate = rate
            logs = self.model.train_on_batch(x, y, return_dict=True)
            self._check_loss(logs["loss"], rate)
            now = time.perf_counter()
            # The first step compiles the model, which says nothing about training.
            step_seconds = 0.0 if self.is_first_step else now - lap
            self.is_first_step = False
            state.batch += 1
            state.num_steps += 1
            state.seconds += step_seconds
            state.num_clips += len(y)
            state.loss += len(y) * float(logs["loss"])
            state.num_right += len(y) * float(logs["accuracy"])
            plan.line.show(self._share_done(), self._text())
            if plan.seconds is not None and state.seconds + step_seconds > plan.seconds:
                state.history.ended = "time"
                return
            if self._is_save_due():
                self._save()
            self.interrupts.check()
            lap = time.perf_counter()
        if state.batch == 0:
            raise ValueError(f"x gave no batches in epoch {state.epoch}: look at its data.")

    def _end_epoch(self) -> None:
        plan, state, history = self.plan, self.state, self.state.history
        history.steps.append(state.num_steps)
        history.seconds.append(state.seconds)
        history.learning_rate.append(float(self.model.optimizer.learning_rate))
        history.loss.append(state.loss / state.num_clips)
        history.accuracy.append(state.num_right / state.num_clips)
        if plan.validation is not None:
            loss, accuracy = evaluate(self.model, self._interruptible(plan.validation()))
            history.val_loss.append(loss)
            history.val_accuracy.append(accuracy)
        state.epoch += 1
        state.batch = state.num_clips = 0
        state.loss = state.num_right = 0.0
        if not history.ended and len(history) == plan.epochs:
            history.ended = "epochs"
        if self.early_stopping is not None:
            self.early_stopping.on_epoch_end(state.epoch, {"val_loss": history.val_loss[-1]})
            if self.model.stop_training and not history.ended:
                history.ended = "patience"
        history.wall_seconds += time.perf_counter() - self.started
        self.started = time.perf_counter()

    def _resume(self) -> None:
        loaded = self.plan.checkpoint.load(self.model) if self.plan.checkpoint else None
        if loaded is None:
            return
        self.state, best_weights = loaded
        if self.early_stopping is not None and best_weights is not None:
            for epoch, loss in enumerate(self.state.history.val_loss, start=1):
                self.early_stopping.on_epoch_end(epoch, {"val_loss": loss})
            self.early_stopping.best_weights = best_weights

    def _interruptible(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.interrupts.check()
            yield batch

    def _is_save_due(self) -> bool:
        waited = time.perf_counter() - self.last_saved
        return self.interrupts.came or waited >= self.plan.save_seconds

    def _save(self) -> None:
        if self.plan.checkpoint is not None:
            best = self.early_stopping.best_weights if self.early_stopping else None
            self.plan.checkpoint.save(self.model, self.state, best)
            self.last_saved = time.perf_counter()

    def _share_done(self) -> float:
        plan, state = self.plan, self.state
        if plan.seconds is not None:
            return state.seconds / plan.seconds
        assert plan.epochs is not None and plan.steps_an_epoch is not None
        return state.num_steps / (plan.epochs * plan.steps_an_epoch)

    def _check_loss(self, loss: float, rate: float) -> None:
        if not math.isfinite(loss):
            raise FloatingPointError(
                f"The loss is {loss} in step {self.state.num_steps + 1}, at a learning rate of "
                f"{rate:.3g}. Most often that rate is too high: try a tenth of it. If it stays, "
                "look for NaN in the clips and for a division by zero in the model."
            )

    def _text(self) -> str:
        plan, state, history = self.plan, self.state, self.state.history
        of = "" if plan.epochs is None else f" of {plan.epochs}"
        limit = "" if plan.seconds is None else f" of {plan.seconds:g}"
        text = (
            f"epoch {state.epoch + 1}{of} · step {state.num_steps} · {state.seconds:.1f}{limit} s"
            f" · loss {state.loss / state.num_clips:.3f} · accuracy "
            f"{state.num_right / state.num_clips:.1%}"
        )
        if history.val_accuracy:
            text += f" · validation {history.val_accuracy[-1]:.1%}"
        return text


def evaluate(model: keras.Model, batches: Iterator[Batch]) -> tuple[float, float]:
    """A compiled model's loss and accuracy, averaged over the clips of all batches."""
    sums = np.zeros(3)
    for x, y in batches:
        logs = model.test_on_batch(x, y, return_dict=True)
        sums += len(y) * np.array([logs["loss"], logs["accuracy"], 1.0])
    if sums[2] == 0:
        raise ValueError("validation gave no batches: look at its data.")
    return float(sums[0] / sums[2]), float(sums[1] / sums[2])
