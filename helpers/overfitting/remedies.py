"""What is done about overfitting: the settings of one run, and the ones that are compared."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Remedies:
    """One way to train on too few clips; as it stands, nothing is done about overfitting.

    Attributes:
        num_train: how many clips there are to train on.
        shift, brightness: move each clip in the frame at random (the borders are joined, so the
            label stays); change its grey levels.
        mirror: turn clips left to right, upside down and backwards at random. "with labels"
            changes the label along; "without labels" forgets to.
        l1, l2: penalty on the kernels in the loss, as Keras's regularisers take it.
        weight_decay: AdamW's, decoupled from the loss.
        dropout, dropout_of: the share that is dropped before the head ("element") and before
            the second and third stage ("channel", "frame").
        drop_path: stochastic depth, the share of clips whose residual branch is dropped.
        label_smoothing: the share of a label that is spread over all classes.
        mixup: the parameter of the beta distribution that the share is drawn from.
        averaging: momentum of the weights' exponential moving average.
        patience, monitor: stop after so many epochs in which the validation "loss" did not fall,
            or its "accuracy" did not rise; keep the best epoch.
        widths: channels of the network's three stages.
        is_pretrained: whether the network begins from one trained on made clips of shapes.
        normalisation: "batch", "group" or "layer".
        batch_size: clips a step.
        learning_rate: the peak for batches of 16; smaller batches take less.
    """

    num_train: int = 50
    shift: bool = False
    brightness: bool = False
    mirror: str = ""
    l1: float = 0.0
    l2: float = 0.0
    weight_decay: float = 0.0
    dropout: float = 0.0
    dropout_of: str = "element"
    drop_path: float = 0.0
    label_smoothing: float = 0.0
    mixup: float = 0.0
    averaging: float = 0.0
    patience: int | None = None
    monitor: str = "loss"
    widths: tuple[int, ...] = (16, 32, 64)
    is_pretrained: bool = False
    normalisation: str = "batch"
    batch_size: int = 16
    learning_rate: float = 0.005


NOTHING = Remedies()

# What the article names, at the strengths that do best alone.
_ARTICLE = Remedies(l2=1e-2, dropout=0.6, patience=30, monitor="accuracy")

REMEDIES: dict[str, tuple[Remedies, ...]] = {
    "nothing": (NOTHING,),
    "twice the clips": (Remedies(num_train=100),),
    "four times the clips": (Remedies(num_train=200),),
    "shift": (Remedies(shift=True),),
    "brightness": (Remedies(brightness=True),),
    "mirror, labels along": (Remedies(mirror="with labels"),),
    "mirror, labels left": (Remedies(mirror="without labels"),),
    "pretraining on made clips": (Remedies(is_pretrained=True),),
    "L2": (Remedies(l2=1e-3), Remedies(l2=1e-2)),
    "weight decay, decoupled": (Remedies(weight_decay=0.1), Remedies(weight_decay=1.0)),
    "L1": (Remedies(l1=1e-4), Remedies(l1=1e-3)),
    "dropout of elements": (Remedies(dropout=0.3), Remedies(dropout=0.6)),
    "dropout of channels": (
        Remedies(dropout=0.1, dropout_of="channel"),
        Remedies(dropout=0.3, dropout_of="channel"),
    ),
    "dropout of frames": (
        Remedies(dropout=0.1, dropout_of="frame"),
        Remedies(dropout=0.3, dropout_of="frame"),
    ),
    "stochastic depth": (Remedies(drop_path=0.2), Remedies(drop_path=0.5)),
    "early stopping, loss": (Remedies(patience=10), Remedies(patience=30)),
    "early stopping, accuracy": (
        Remedies(patience=10, monitor="accuracy"),
        Remedies(patience=30, monitor="accuracy"),
    ),
    "label smoothing": (Remedies(label_smoothing=0.1), Remedies(label_smoothing=0.3)),
    "mixup": (Remedies(mixup=0.2), Remedies(mixup=1.0)),
    "averaged weights": (Remedies(averaging=0.9), Remedies(averaging=0.98)),
    "smaller network": (Remedies(widths=(8, 16, 32)), Remedies(widths=(4, 8, 16))),
    "the article's three": (_ARTICLE,),
    "shift and mirror": (Remedies(shift=True, mirror="with labels"),),
    "shift, mirror, the article's three": (
        replace(_ARTICLE, shift=True, mirror="with labels"),
    ),
    "shift, mirror, pretraining": (
        Remedies(shift=True, mirror="with labels", is_pretrained=True),
    ),
}
"""What the chapter compares; where there are two strengths, the better one in validation counts."""
