"""The figures that the chapters store: nothing in them is cut off."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers import plots

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"
_PICTURE = re.compile(r'<img alt="([^"]*)"[^>]* src="data:image/png;base64,([^"]+)"')


def cut_off(html: str) -> list[str]:
    """The alternative texts of the figures that have ink at an edge."""
    return [alt for alt, png in _PICTURE.findall(html) if _touches_an_edge(b64decode(png))]


def _touches_an_edge(png: bytes) -> bool:
    is_ink = np.asarray(Image.open(BytesIO(png)).convert("L")) < 200
    edges = (is_ink[0], is_ink[-1], is_ink[:, 0], is_ink[:, -1])
    return any(edge.any() for edge in edges)


@pytest.mark.parametrize("path", sorted(SOLUTIONS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_figure_of_a_chapter_is_cut_off(path: Path) -> None:
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pages = [output.get("data", {}).get("text/html", "") for output in outputs]
    assert [alt for page in pages for alt in cut_off(page)] == []


@pytest.mark.parametrize(("height", "found"), [(0.9, []), (1.0, ["a line"])])
def test_a_text_that_does_not_fit_is_found(height: float, found: list[str]) -> None:
    figure, axes = plots.plt.subplots()
    axes.plot([0, 1])
    axes.set(xlabel="x", ylabel="y")
    figure.text(0.5, height, "half of it is outside", va="center")
    html = plots.Picture(figure, "a line")._repr_mimebundle_()["text/html"]
    assert cut_off(html) == found
