"""A figure keeps its words, its bytes and its legibility."""

import re
from base64 import b64decode
from io import BytesIO
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from PIL import Image

from helpers import plots
from helpers.plots import Picture


def labelled_figure() -> Any:
    figure, axes = plt.subplots()
    axes.plot([0, 1, 2], [3, 1, 2], label="a")
    axes.set_xlabel("time (s)")
    axes.set_ylabel("brightness")
    axes.legend()
    return figure


def bundle(figure: Any, alt: str) -> dict[str, str]:
    return Picture(figure, alt)._repr_mimebundle_()


def test_a_figure_is_shown_once_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(plots, "display", shown.append)
    figure = labelled_figure()
    plots.show(figure, alt="one line")
    assert [type(picture) for picture in shown] == [Picture]
    assert not plt.fignum_exists(figure.number)


def test_the_words_are_in_the_page_and_in_the_text() -> None:
    data = bundle(labelled_figure(), 'a "line" & more')
    assert data["text/plain"] == '[figure: a "line" & more]'
    assert 'alt="a &quot;line&quot; &amp; more"' in data["text/html"]
    assert data["text/html"].count("base64") == 1


def test_exported_html_names_the_figure() -> None:
    output = nbformat.v4.new_output("display_data", bundle(labelled_figure(), "one line"))
    cell = nbformat.v4.new_code_cell("show", outputs=[output])
    page = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0]
    assert re.findall(r'<img alt="([^"]*)"', page) == ["one line"]


def test_the_same_figure_gives_the_same_bytes_without_a_date() -> None:
    first, second = (Picture(labelled_figure(), "one line").png for _ in range(2))
    assert first == second
    picture: Any = Image.open(BytesIO(first))
    assert set(picture.info) <= {"dpi"}


def test_the_background_is_opaque_and_light() -> None:
    source = bundle(labelled_figure(), "one line")["text/html"]
    png = re.search(r"base64,([^\"]*)", source)
    assert png
    pixels = np.asarray(Image.open(BytesIO(b64decode(png[1]))).convert("RGBA"))
    assert (pixels[..., 3] == 255).all()
    assert (pixels[0, 0] == 255).all()


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1, from 0 for black to 1 for white."""
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_the_colours_are_those_of_okabe_and_ito() -> None:
    rgb = {
        name: tuple(int(c[i : i + 2], 16) for i in (1, 3, 5))
        for name, c in plots.COLORS.items()
    }
    assert rgb == {
        "blue": (0, 114, 178),
        "orange": (230, 159, 0),
        "green": (0, 158, 115),
        "vermillion": (213, 94, 0),
        "purple": (204, 121, 167),
        "sky": (86, 180, 233),
        "yellow": (240, 228, 66),
    }
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(plots.COLORS.values())
    # The faint one comes last: the first five are seen on white.
    brightness = [luminance(colour) for colour in plots.COLORS.values()]
    assert max(brightness) == brightness[-1]


def test_axes_without_labels_are_refused() -> None:
    figure, (left, right) = plt.subplots(1, 2)
    for axes in (left, right):
        axes.plot([1, 2])
        axes.set_xlabel("frame")
        axes.set_ylabel("value")
    right.set_ylabel("")
    with pytest.raises(ValueError, match=r"without a label on y: .*set_ylabel"):
        plots.show(figure, alt="two lines")
    right.set_ylabel("value")
    left.set_xlabel("")
    with pytest.raises(ValueError, match="without a label on x"):
        plots.show(figure, alt="two lines")
    plt.close(figure)


def test_pictures_and_empty_axes_need_no_labels() -> None:
    figure, (left, _) = plt.subplots(1, 2)
    left.imshow(np.zeros((4, 4)))
    left.axis("off")
    assert bundle(figure, "a black picture")


def test_a_picture_with_ticks_needs_labels() -> None:
    figure, axes = plt.subplots()
    axes.imshow(np.zeros((4, 4)))
    with pytest.raises(ValueError, match=r'axis\("off"\)'):
        plots.show(figure, alt="a black picture")
    plt.close(figure)


@pytest.mark.parametrize("alt", ["", "  ", None, 3])
def test_words_are_required(alt: Any) -> None:
    figure = labelled_figure()
    with pytest.raises(ValueError, match="alt is"):
        plots.show(figure, alt=alt)
    plt.close(figure)


def test_something_else_is_refused() -> None:
    wrong: Any = plt.subplots()
    with pytest.raises(TypeError, match="figure is tuple"):
        plots.show(wrong, alt="nothing")
    plt.close(wrong[0])


def test_a_structure_names_every_stage_and_its_shape() -> None:
    figure = plots.structure([("clip", (4, 8, 8, 1)), ("conv", (2, 4, 4, 3)), ("mean", (3,))])
    axes = figure.axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["clip", "4×8×8×1", "conv", "2×4×4×3", "mean", "3"]
    assert len(axes.patches) == 4 + 2 + 1
    clip, conv = (axes.patches[i].get_window_extent().width for i in (0, 4))
    assert clip == pytest.approx(2 * conv, abs=1)  # to scale
    plots.show(figure, alt="A clip becomes a vector.")


def test_a_colour_bar_needs_its_one_label() -> None:
    for label in ("share (%)", ""):
        figure, axes = plt.subplots()
        axes.set(xlabel="predicted", ylabel="true")
        figure.colorbar(axes.imshow(np.eye(2)), label=label)
        if label:
            plots.show(figure, alt="A matrix.")
        else:
            with pytest.raises(ValueError, match="without a label on x"):
                plots.show(figure, alt="A matrix.")
