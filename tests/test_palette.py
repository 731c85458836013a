"""The colours that carry meaning are told apart with every kind of colour vision."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from helpers import overlays, plots
from helpers.course import message

# What a colour is to someone without one kind of cone, as a matrix on linear RGB: Machado,
# Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", 2009, severity 1.0.
VISIONS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# CIEDE2000: from about 2 on a trained eye sees a difference, from 10 on a glance does.
AT_A_GLANCE = 10


def rgb(colours: Iterable[str]) -> np.ndarray:
    """From "#0072B2" and so on to (colours, 3), from 0 to 1."""
    return np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])


def seen_with(vision: str, colours: np.ndarray) -> np.ndarray:
    """sRGB colours as that vision sees them, (colours, 3)."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(VISIONS[vision]), 0, 1)
    return np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)


def nearest(vision: str, colours: np.ndarray) -> float:
    """The difference between the two colours that look most alike, by CIEDE2000."""
    lab = rgb2lab(seen_with(vision, colours))
    return min(float(deltaE_ciede2000(one, other)) for one, other in combinations(lab, 2))


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("colours", [plots.COLORS, message.COLOURS], ids=["plots", "messages"])
def test_any_two_colours_are_told_apart(colours: dict[str, str], vision: str) -> None:
    assert nearest(vision, rgb(colours.values())) > AT_A_GLANCE


def test_clips_are_drawn_on_in_the_same_colours() -> None:
    np.testing.assert_array_equal(overlays.PALETTE, np.round(rgb(plots.COLORS.values()) * 255))


@pytest.mark.parametrize("vision", VISIONS)
def test_greys_look_as_they_are_to_everybody(vision: str) -> None:
    greys = np.linspace(0, 1, 5)[:, np.newaxis].repeat(3, axis=1)
    np.testing.assert_allclose(seen_with(vision, greys), greys, atol=1e-4)


def test_a_palette_of_red_and_green_is_noticed() -> None:
    """The two of matplotlib's own palette: alike without the green cones, not without the blue."""
    red_and_green = rgb(["#d62728", "#2ca02c"])
    assert nearest("deuteranopia", red_and_green) < AT_A_GLANCE / 2
    assert nearest("tritanopia", red_and_green) > AT_A_GLANCE
