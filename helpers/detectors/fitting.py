"""Train a detector."""

from typing import Any, Protocol

import numpy as np

from helpers import validate
from helpers.detectors.frames import Frames
from helpers.lazy import keras, tf
from helpers.training import cosine_schedule
from helpers.training.progress import Silent, line


class Detector(Protocol):
    """What `fit` needs: weights, what they are to predict, and how far they are from that."""

    @property
    def input_shape(self) -> tuple[int | None, ...]: ...
    @property
    def trainable_variables(self) -> list[Any]: ...
    def targets(self, frames: Frames) -> dict[str, np.ndarray]: ...
    def losses(self, images: Any, targets: dict[str, Any]) -> dict[str, Any]: ...


def fit(
    detector: Detector,
    frames: Frames,
    *,
    epochs: int,
    batch_size: int = 8,
    learning_rate: float = 0.01,
    weight_decay: float = 1e-4,
    seed: int = 0,
    progress: bool = True,
) -> dict[str, np.ndarray]:
    """Train a detector with AdamW, and return the parts of its loss at each step.

    Steps decide, not seconds: on one machine the same seed gives the same weights to the last
    bit, when `training.set_seed` was called before the detector was made.

    Args:
        detector: a `OneStageDetector` or `TwoStageDetector`.
        frames: the images and what is in them.
        epochs: how often each image is seen; the few that do not fill a batch are left out,
            others in each epoch.
        batch_size: images a step, at most all of them.
        learning_rate: the peak of a cosine schedule with a warm-up in the first 5 % of the steps.
        weight_decay: AdamW's, 0 or more.
        seed: of the images' order.
        progress: show a line of progress, see `training.fit`.

    Returns:
        The parts of the loss by name, float64, (steps,) each; their sum is what was minimised.

    Raises:
        TypeError, ValueError: when an argument is not as described.
        FloatingPointError: when the loss becomes NaN or infinite.

    >>> from helpers import datasets, detectors
    >>> clips = datasets.moving_shapes(4, seed=0, num_frames=2, size=64, motions=("free",))
    >>> detector = detectors.OneStageDetector(
    ...     (64, 64, 1), num_classes=5, widths=(4, 4, 4, 4), width=4, depth=1
    ... )
    >>> losses = fit(detector, detectors.frames(clips), epochs=3, progress=False)
    >>> {name: rows.shape for name, rows in losses.items()}
    {'classification': (3,), 'box': (3,), 'centerness': (3,)}
    """
    validate.positive_int(epochs=epochs, batch_size=batch_size)
    validate.positive(learning_rate=learning_rate)
    validate.non_negative(weight_decay=weight_decay)
    validate.non_negative_int(seed=seed)
    validate.images_for(detector.input_shape, **{"frames' images": frames.images})
    targets = detector.targets(frames)
    optimizer = keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay)
    optimizer.build(detector.trainable_variables)
    step = _compiled_step(detector, optimizer)
    batch_size = min(batch_size, len(frames))
    steps_an_epoch = len(frames) // batch_size
    num_steps = epochs * steps_an_epoch
    history: list[dict[str, float]] = []
    shown = line() if progress else Silent()
    text = ""
    try:
        for epoch in range(epochs):
            order = np.random.default_rng((seed, epoch)).permutation(len(frames))
            for batch in order[: steps_an_epoch * batch_size].reshape(-1, batch_size):
                optimizer.learning_rate = cosine_schedule(
                    len(history) + 1, num_steps + 1, learning_rate, num_steps // 20
                )
                losses = step(
                    tf.constant(frames.images[batch]),
                    {name: tf.constant(rows[batch]) for name, rows in targets.items()},
                )
                history.append({name: float(loss) for name, loss in losses.items()})
                text = _text(history, num_steps)
                if not np.isfinite(sum(history[-1].values())):
                    raise FloatingPointError(
                        f"The loss is no longer finite: {text}. Most often the learning rate, "
                        f"{learning_rate:g}, is too high: try a tenth of it."
                    )
                shown.show(len(history) / num_steps, text)
    finally:
        shown.close(text)
    return {name: np.array([losses[name] for losses in history]) for name in history[0]}


def _compiled_step(detector: Detector, optimizer: Any) -> Any:
    """A function of images and targets that does one step and gives the parts of the loss."""
    weights = detector.trainable_variables

    @tf.function(jit_compile=False, autograph=False)
    def step(images: Any, targets: dict[str, Any]) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            losses = detector.losses(images, targets)
            loss = sum(losses.values())
        gradients = tape.gradient(loss, weights)
        optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return losses

    return step


def _text(history: list[dict[str, float]], num_steps: int) -> str:
    losses = " · ".join(f"{name} {loss:.3f}" for name, loss in history[-1].items())
    return f"step {len(history)} of {num_steps} · {losses}"
