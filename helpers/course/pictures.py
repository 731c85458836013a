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
    from matplotlib.colors import to_rgb
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
            picture = np.broadcast_to(picture, (height, width, 3))
            if name != "expected":  # what is no number is in a colour of its own
                nowhere = np.isnan(got[frame]).any(axis=-1, keepdims=True)
                picture = np.where(nowhere, to_rgb(plots.COLORS["vermillion"]), picture)
            ax.imshow(picture)
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
        f"{f'; of what came, {nan} of {got.size} values are NaN, in orange' if nan else ''}.",
    )


MOST_BOXES = 12  # in a picture of boxes


def boxes(args: tuple[Any, ...], got: Any, expected: Any) -> None:
    """Which boxes were kept and which were to be, side by side.

    args: begins with boxes, (n, 4), and scores, (n,); got and expected: the indices of those
    kept, or a tuple of the indices and their new scores.
    """
    answers = []
    for answer in (got, expected):
        kept, *values = answer if isinstance(answer, tuple) and answer else (answer,)
        if not all(isinstance(each, np.ndarray) for each in (kept, *values)):
            return  # the message has said what it is instead
        if kept.ndim != 1 or kept.dtype.kind not in "iu":
            return
        if not np.isin(kept, np.arange(len(args[0]))).all():
            return
        scores = values[0] if values else args[1][kept]
        if scores.shape != kept.shape or scores.dtype.kind not in "iuf":
            return
        answers.append(dict(zip(kept.tolist(), scores.tolist(), strict=True)))
    if not 0 < len(args[0]) <= MOST_BOXES:
        return
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    from helpers import plots

    corners = args[0].astype(float)
    low, high = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    size = np.maximum(high - low, 1e-6)
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.2), sharex=True, sharey=True)
    for ax, name, new in zip(axes, ("got", "expected"), answers, strict=True):
        for index, (x1, y1, x2, y2) in enumerate(corners):
            is_kept = index in new
            color = plots.COLORS["blue"] if is_kept else "0.55"
            ax.add_patch(
                Rectangle(
                    (x1, y1),
                    x2 - x1,
                    y2 - y1,
                    fill=False,
                    edgecolor=color,
                    linestyle="-" if is_kept else "--",
                    zorder=3 if is_kept else 2,
                )
            )
            # Below the words of boxes that begin in the same place.
            above = (np.abs(corners[:index, :2] - (x1, y1)) < 0.15 * size).all(axis=1).sum()
            ax.annotate(
                f"{index}: {new.get(index, args[1][index]):.2g}",
                (x1, y1),
                xytext=(3, -10 - 11 * above),
                textcoords="offset points",
                color=color,
                fontsize=9,
            )
        ax.set(title=f"{name}: {list(new)}")
        ax.set(xlabel="x (index: score; dashed: not kept)", ylabel="y (downwards)")
    (left, top), (right, bottom) = low - 0.1 * size, high + 0.1 * size
    axes[0].set(xlim=(left, right), ylim=(bottom, top))
    came, wanted = (
        ", ".join(f"{index} ({score:.3g})" for index, score in new.items()) or "none"
        for new in answers
    )
    plots.show(
        figure,
        alt=f"{len(corners)} boxes, twice, with their scores. Kept are {came}; expected: {wanted}.",
    )


def box_pair(args: tuple[Any, ...], got: Any, expected: Any) -> None:
    """The first two boxes whose overlap differs.

    args: begins with boxes a, (n, 4), and b, (m, 4); got and expected: a number for each with
    each, (n, m).
    """
    if (
        not isinstance(got, np.ndarray)
        or got.shape != expected.shape
        or got.dtype.kind not in "iuf"
    ):
        return  # the message has said what it is instead
    off = np.argwhere(~np.isclose(got, expected, rtol=1e-5, atol=1e-6))
    if not len(off):
        return
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    from helpers import plots

    i, j = (int(index) for index in off[0])
    pair = np.stack([args[0][i], args[1][j]]).astype(float)
    figure, ax = plt.subplots(figsize=(4, 3))
    names = (f"a[{i}]", "blue"), (f"b[{j}]", "vermillion")
    for (x1, y1, x2, y2), (name, color) in zip(pair, names, strict=True):
        for style in ({"alpha": 0.25, "linewidth": 0}, {"fill": False}):
            patch = Rectangle((x1, y1), x2 - x1, y2 - y1, color=plots.COLORS[color], **style)
            patch.set_label(name if "fill" in style else "_")
            ax.add_patch(patch)
    low, high = pair[:, :2].min(axis=0), pair[:, 2:].max(axis=0)
    margin = 0.1 * max(high - low) or 1
    ax.set(xlim=(low[0] - margin, high[0] + margin), ylim=(high[1] + margin, low[1] - margin))
    ax.set(xlabel="x", ylabel="y (downwards)", aspect="equal")
    ax.set(title=f"got {got[i, j]:.4g}, expected {expected[i, j]:.4g}")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plots.show(
        figure,
        alt=f"Box a[{i}], {pair[0].tolist()}, and box b[{j}], {pair[1].tolist()}: got "
        f"{got[i, j]:.4g}, expected {expected[i, j]:.4g}.",
    )
