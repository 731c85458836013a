"""What a training run leaves behind: its numbers after every epoch, and their curves."""

from dataclasses import dataclass, field

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from helpers import plots
from helpers.training.wording import counted


@dataclass
class History:
    """The course of one training run: one entry an epoch in every list.

    The last entry may stand for a part of an epoch, when the time was up in the middle of it.

    steps: steps of the optimizer since the beginning.
    seconds: time spent in them (see `fit`).
    learning_rate: of the epoch's last step.
    loss, accuracy: averages over the epoch's training batches, while the weights changed.
    val_loss, val_accuracy: on the validation clips after the epoch; empty without any.
    wall_seconds: how long `fit` took in all, compilation, validation and checkpoints included.
    ended: why the training ended: "epochs", "time" or "patience"; "" while it runs.
    """

    steps: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)
    wall_seconds: float = 0.0
    ended: str = ""

    def __len__(self) -> int:
        return len(self.steps)

    def __str__(self) -> str:
        if not self.steps:
            return "no epochs yet"
        text = (
            f"{counted(len(self), 'epoch')}, {counted(self.steps[-1], 'step')}, "
            f"{self.seconds[-1]:.1f} s of training ({self.wall_seconds:.1f} s in all): "
            f"loss {self.loss[-1]:.3g}, accuracy {self.accuracy[-1]:.1%}"
        )
        if self.val_loss:
            text += (
                f"; validation loss {self.val_loss[-1]:.3g}, accuracy "
                f"{self.val_accuracy[-1]:.1%}"
            )
        return text


def learning_curves(history: History, *, log: bool = True) -> Figure:
    """Draw loss and accuracy over the epochs, in training and in validation.

    Args:
        history: what `fit` returned, of at least one epoch.
        log: whether the axis of the loss is logarithmic.

    Raises:
        ValueError: when the history is empty.

    >>> history = History(steps=[10], seconds=[1.0], loss=[2.3], accuracy=[0.1])
    >>> [axes.get_ylabel() for axes in learning_curves(history).axes]
    ['loss (nats per clip)', 'accuracy (%)']
    """
    if not history.steps:
        raise ValueError("The history holds no epochs: pass what training.fit returned.")
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
    epochs = range(1, len(history) + 1)
    for name, color, loss, accuracy in (
        ("training", plots.COLORS["blue"], history.loss, history.accuracy),
        ("validation", plots.COLORS["orange"], history.val_loss, history.val_accuracy),
    ):
        if loss:
            style = {"color": color, "label": name, "marker": "o", "markersize": 4}
            left.plot(epochs, loss, **style)
            right.plot(epochs, [100 * value for value in accuracy], **style)
    left.set(xlabel="epoch", ylabel="loss (nats per clip)", yscale="log" if log else "linear")
    right.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(0, 102))
    for axes in (left, right):
        axes.xaxis.get_major_locator().set_params(integer=True)
    left.legend()
    return figure
