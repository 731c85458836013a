"""Figures in one style, legible on light and dark pages, each with a text for screen readers.

Importing this module sets the style of every later matplotlib figure.
"""

from base64 import b64encode
from html import escape
from io import BytesIO
from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler
from IPython.display import display
from matplotlib.figure import Figure

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
        for side, label in (("x", axes.get_xlabel()), ("y", axes.get_ylabel())):
            if not label:
                raise ValueError(
                    f"The figure has axes without a label on {side}: say what is on it and in "
                    f'which unit, with axes.set_{side}label("..."), or switch the axes of a '
                    'picture off, with axes.axis("off").'
                )
