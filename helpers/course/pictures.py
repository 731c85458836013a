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
        alt=f"On a time line, total length {total_frames}: expected {expected.tolist()[:16]} and "
        f"got {got.tolist()[:16]}.",
    )


MOST_COLUMNS = 6  # frames side by side


def clip_difference(args: tuple[Any, ...], got: Any, expected: Any) -> None:
    """A clip or image as it came, as it should be, and the absolute difference of the two.

    args: not looked at; got and expected: (height, width, channels) with 1 or 3 channels, with
    axes for frames and for a batch in front or without; of a batch, the first clip that differs.
    No picture when no value differs, as when only the dtype is wrong.
    """
    if (
        not isinstance(got, np.ndarray)
        or got.shape != expected.shape
        or got.dtype.kind not in "iuf"
    ):
        return  # the message has said what it is instead
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    from helpers import plots

    shape = (-1, *expected.shape[-4:]) if expected.ndim > 3 else (1, 1, *expected.shape)
    got, expected = got.astype(float).reshape(shape), expected.astype(float).reshape(shape)
    off = ~np.isclose(got, expected, rtol=1e-5, atol=1e-5, equal_nan=True)
    if not off.any():
        return
    clip = int(off.any(axis=(1, 2, 3, 4)).argmax())
    got, expected, off = got[clip], expected[clip], off[clip]
    wrong = np.flatnonzero(off.any(axis=(1, 2, 3)))
    num_frames = min(len(got), MOST_COLUMNS)
    first = min(int(wrong[0]), len(got) - num_frames)
    frames = range(first, first + num_frames)

    low, high = (0.0, 255.0) if expected.max() > 20 else (expected.min(), expected.max())
    scale = (high - low) or 1.0
    error = np.nan_to_num(np.abs(got - expected), nan=0.0, posinf=0.0)
    peak = float(error[first : first + num_frames].max())
    rows = {
        "got": (got - low) / scale,
        "expected": (expected - low) / scale,
        "difference": error / (peak or 1.0),
    }
    height, width = got.shape[1:3]
    side = 1.3  # of a picture, in inches
    figure, axes = plt.subplots(
        3,
        num_frames,
        figsize=(1.5 + side * num_frames, 0.4 + 3 * side * min(height / width, 2)),
        squeeze=False,
    )
    for (name, pictures), row in zip(rows.items(), axes, strict=True):
        row[0].text(-0.1, 0.5, name, ha="right", va="center", transform=row[0].transAxes)
        for ax, frame in zip(row, frames, strict=True):
            picture = np.clip(np.nan_to_num(pictures[frame]), 0, 1)
            ax.imshow(np.broadcast_to(picture, (height, width, 3)))
            ax.axis("off")
            # An edge, since a white picture would vanish on the white figure.
            ax.add_patch(Rectangle((-0.5, -0.5), width, height, fill=False, edgecolor="0.5"))
    for ax, frame in zip(axes[0], frames, strict=True):
        ax.set_title(f"frame {frame}", fontsize=10)
    shown = f"Frames {first} to {frames[-1]}" if num_frames > 1 else f"Frame {first}"
    where = f"frames {wrong.tolist()[:8]}" if len(wrong) > 1 else f"frame {wrong[0]}"
    nan = int(np.isnan(got).sum())
    plots.show(
        figure,
        alt=f"{shown} of clip {clip} in three rows: what came, what was expected, and the "
        f"absolute difference, at most {peak:.4g}{' where it is not NaN' if nan else ''}. "
        f"{off.mean():.0%} of the values differ, in {where}"
        f"{f'; of what came, {nan} of {got.size} values are NaN' if nan else ''}.",
    )
