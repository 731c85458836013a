"""Figures in one style, legible on light and dark pages, each with a text for screen readers.

Importing this module sets the style of every later matplotlib figure.
"""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

# Okabe and Ito, "Color Universal Design" (2008): told apart with every kind of colour vision.
# The yellow comes late, since it is faint on white; black is left for text.
COLORS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermillion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
}

STYLE: dict[str, Any] = {
    "axes.prop_cycle": cycler(color=list(COLORS.values())),
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    # Opaque and light, so that black text stays legible when the page is dark.
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.transparent": False,
    "figure.dpi": 100,
    "figure.figsize": (7, 3.5),
    "font.size": 11,
    "grid.alpha": 0.3,
    "image.cmap": "cividis",
    "image.interpolation": "nearest",
    "legend.frameon": False,
    "lines.linewidth": 2,
}
plt.style.use(STYLE)


def show(figure: Figure, *, alt: str) -> None:
    """Show a figure in a notebook with its alternative text, and close it.

    Args:
        figure: a matplotlib figure. Each of its axes needs labels on both sides; axes that are
            switched off, as for pictures, do not.
        alt: what the figure shows, in words, for those who cannot see it.

    Raises:
        TypeError: when `figure` is not a matplotlib figure.
        ValueError: when `alt` is empty, or axes have no labels.
    """
    display(Picture(figure, alt))


class Picture:
    """What `show` hands to the notebook: the figure as HTML with its text, and as text.

    The picture goes into HTML and not out as image/png, since JupyterLab gives a plain image no
    alternative text.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        if not isinstance(figure, Figure):
            raise TypeError(
                f"figure is {type(figure).__name__}, but it must be a matplotlib figure: "
                "figure, axes = plt.subplots()."
            )
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(f"alt is {alt!r}, but it must be words that tell what is shown.")
        _check_labels(figure)
        self.alt = alt
        file = BytesIO()
        # Without the version of the software, the same figure gives the same bytes.
        figure.savefig(file, format="png", metadata={"Software": None})
        self.png = file.getvalue()
        plt.close(figure)

    def __repr__(self) -> str:
        return f"[figure: {self.alt}]"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        source = f"data:image/png;base64,{b64encode(self.png).decode()}"
        html = f'<img alt="{escape(self.alt)}" style="max-width:100%" src="{source}">'
        return {"text/html": html, "text/plain": repr(self)}


def _check_labels(figure: Figure) -> None:
    for axes in figure.axes:
        if not axes.axison or not axes.has_data():
            continue
        labels = {"x": axes.get_xlabel(), "y": axes.get_ylabel()}
        if axes.get_label() == "<colorbar>" and any(labels.values()):
            continue  # it has one scale
        for side, label in labels.items():
            if not label:
                raise ValueError(
                    f"The figure has axes without a label on {side}: say what is on it and in "
                    f'which unit, with axes.set_{side}label("..."), or switch the axes of a '
                    'picture off, with axes.axis("off").'
                )


def structure(stages: Sequence[tuple[str, tuple[int, ...]]]) -> Figure:
    """Draw a network as what it makes of a clip, stage by stage, with the shapes.

    A clip or feature map (frames, height, width, channels) is a pile of frames, to scale; a
    vector (channels,) is a bar.

    Args:
        stages: the name of each stage and the shape of what comes out of it, without the batch.

    >>> figure = structure([("clip", (12, 32, 32, 1)), ("logits", (10,))])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['clip', '12×32×32×1', 'logits', '10']
    """
    largest = max(max(shape[1:3], default=1) for _, shape in stages)
    figure, axes = plt.subplots(figsize=(1.25 * len(stages), 2))
    for place, (name, shape) in enumerate(stages):
        num_frames = shape[0] if len(shape) == 4 else 1
        # A vector is drawn as high as the clip.
        height, width = (0.65 * side / largest for side in (*shape, largest, largest / 8)[1:3])
        for frame in reversed(range(num_frames)):
            shift = 0.02 * frame
            corner = (place + shift - width / 2, shift - height / 2)
            axes.add_patch(
                Rectangle(corner, width, height, fc=COLORS["sky"], ec="black", linewidth=0.6)
            )
        label = "×".join(str(length) for length in shape)
        axes.text(place, 0.66, name, ha="center", va="bottom", fontsize=9)
        axes.text(place, -0.42, label, ha="center", va="top", fontsize=9)
    axes.set(xlim=(-0.6, len(stages) - 0.4), ylim=(-0.7, 0.9), aspect="equal")
    axes.axis("off")
    return figure
