"""Pictures of the difference between an answer and what was expected."""

from typing import Any

import numpy as np


def frame_indices(args: tuple[Any, ...], got: Any, expected: Any) -> None:
    """Which frames were taken and which were wanted, along the video's time line.

    args: begins with total_frames and num_frames; got and expected: frame indices.
    """
    if not isinstance(got, np.ndarray) or got.ndim != 1 or got.dtype.kind not in "iu":
        return  # the message has said what it is instead
    import matplotlib.pyplot as plt

    from helpers import plots

    total_frames = args[0]
    figure, axes = plt.subplots(figsize=(7, 1.6))
    axes.axvspan(0, total_frames, color="0.93")
    # A frame lasts from its index to the next: mark its middle.
    axes.plot(expected + 0.5, np.ones(len(expected)), "o", label="expected")
    axes.plot(got + 0.5, np.zeros(len(got)), "X", label="got")
    axes.set(yticks=[0, 1], yticklabels=["got", "expected"], ylim=(-0.6, 1.6))
    axes.set(xlabel="time (frames; the video is the grey part)", ylabel="answer")
    plots.show(
        figure,
        alt=f"On a time line of {total_frames} frames, expected {expected.tolist()[:16]} and "
        f"got {got.tolist()[:16]}.",
    )
