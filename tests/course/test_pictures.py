"""The pictures that go with a failed check."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from helpers import plots
from helpers.course import pictures


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Figure, str]]]:
    """Each figure that is shown, with its alternative text."""
    figures: list[tuple[Figure, str]] = []

    def keep(figure: Figure, *, alt: str) -> None:
        plots.Picture(figure, alt)  # drawn in full: labels are there, nothing raises
        figures.append((figure, alt))

    monkeypatch.setattr(plots, "show", keep)
    yield figures


def pixels_of(figure: Figure, row: int) -> list[np.ndarray]:
    columns = len(figure.axes) // 3
    axes = figure.axes[row * columns : (row + 1) * columns]
    return [np.asarray(ax.images[0].get_array()) for ax in axes]


def clip(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def test_rows_are_got_expected_and_their_difference(shown: list[Any]) -> None:
    expected = clip(3, 4, 5, 3)
    got = expected.copy()
    got[1, 2, 3, 0] ^= 128
    pictures.clip_difference((), got, expected)
    ((figure, alt),) = shown
    for row, frames in enumerate((got, expected)):
        for picture, frame in zip(pixels_of(figure, row), frames, strict=True):
            np.testing.assert_allclose(picture, frame / 255)
    difference = np.stack(pixels_of(figure, 2))
    assert np.argwhere(difference).tolist() == [[1, 2, 3, 0]]
    assert difference[1, 2, 3, 0] == 1  # the largest error is white
    assert "at most 128." in alt and alt.endswith("in frame 1.")
    assert [text.get_text() for ax in figure.axes for text in ax.texts] == [
        "got",
        "expected",
        "difference",
    ]


def test_a_batch_shows_the_first_clip_that_differs(shown: list[Any]) -> None:
    expected = clip(3, 2, 4, 4, 1)
    got = expected.copy()
    got[1:] = 255 - got[1:]
    pictures.clip_difference((), got, expected)
    ((figure, alt),) = shown
    assert "of clip 1" in alt
    np.testing.assert_allclose(pixels_of(figure, 1)[0][..., 0], expected[1, 0, ..., 0] / 255)


def test_a_long_clip_shows_the_frames_that_differ(shown: list[Any]) -> None:
    expected = clip(20, 4, 4, 3)
    got = expected.copy()
    got[9] = 0
    pictures.clip_difference((), got, expected)
    ((figure, alt),) = shown
    assert alt.startswith("Frames 9 to 14")
    assert len(pixels_of(figure, 0)) == pictures.MOST_COLUMNS
    got[9], got[19] = expected[9], 0
    pictures.clip_difference((), got, expected)
    assert shown[-1][1].startswith("Frames 14 to 19")
    got[9] = 0
    pictures.clip_difference((), got, expected)
    assert shown[-1][1].endswith("in frames [9, 19].")


@pytest.mark.parametrize("value", [np.nan, np.inf, 3.0])
def test_floats_are_shown_on_the_scale_of_what_was_expected(
    shown: list[Any], value: float
) -> None:
    expected = np.linspace(-2, 2, 16, dtype=np.float32).reshape(1, 4, 4, 1)
    got = expected.copy()
    got[0, 0, 0, 0] = value
    pictures.clip_difference((), got, expected)
    ((figure, _),) = shown
    (picture,) = pixels_of(figure, 1)
    assert picture.min() == 0 and picture.max() == 1


def test_caption_tells_where_it_is_nan(shown: list[Any]) -> None:
    expected = np.linspace(-2, 2, 32, dtype=np.float32).reshape(2, 4, 4, 1)
    got = expected.copy()
    got[1, 0, :3, 0] = np.nan
    pictures.clip_difference((), got, expected)
    assert "at most 0 where it is not NaN" in shown[-1][1]
    assert shown[-1][1].endswith("in frame 1; of what came, 3 of 32 values are NaN, in orange.")
    pictures.clip_difference((), expected + 1, expected)
    assert "NaN" not in shown[-1][1]
    figure = shown[0][0]
    orange = [
        np.all(picture == to_rgb(plots.COLORS["vermillion"]), axis=-1)
        for row in (0, 1, 2)
        for picture in pixels_of(figure, row)
    ]
    assert [int(marked.sum()) for marked in orange] == [0, 3, 0, 0, 0, 3]


def test_one_image(shown: list[Any]) -> None:
    pictures.clip_difference((), clip(4, 4, 3) // 2, clip(4, 4, 3))
    ((_, alt),) = shown
    assert alt.startswith("Frame 0 of clip 0 in") and alt.endswith("in frame 0.")


@pytest.mark.parametrize(
    "expected",
    [clip(3, 4, 4, 3), np.full((1, 4, 4, 1), np.nan, np.float32)],
    ids=["pixels", "NaN"],
)
def test_another_dtype_alone_is_not_drawn(shown: list[Any], expected: np.ndarray) -> None:
    pictures.clip_difference((), expected.astype(np.float64), expected)
    assert shown == []


@pytest.mark.parametrize(
    "got",
    [None, [1, 2], clip(2, 4, 4, 1), clip(3, 4, 4, 3) > 9, np.full((3, 4, 4, 3), "x")],
    ids=["None", "a list", "another shape", "booleans", "text"],
)
def test_what_cannot_be_compared_is_not_drawn(shown: list[Any], got: Any) -> None:
    pictures.clip_difference((), got, clip(3, 4, 4, 3))
    assert shown == []
