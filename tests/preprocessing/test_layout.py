"""Axes in another order, beside what NumPy and TensorFlow make of them."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from helpers.preprocessing import to_layout


@pytest.mark.parametrize("target", ["".join(p) for p in permutations("BTHWC")])
def test_every_order_as_einsum_has_it(target: str) -> None:
    video = np.random.default_rng(0).integers(0, 256, (2, 3, 4, 5, 6), dtype=np.uint8)
    got = to_layout(video, "BTHWC", target)
    np.testing.assert_array_equal(got, np.einsum(f"BTHWC->{target}", video))
    np.testing.assert_array_equal(to_layout(got, target, "BTHWC"), video)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([1, 2], "T", "T"), TypeError, "video"),
        ((np.zeros((2, 3)), "TH", ("H", "T")), TypeError, "target is"),
        ((np.zeros((2, 3)), "TT", "TH"), ValueError, "source is 'TT'"),
        ((np.zeros((2, 3)), "THW", "HTW"), ValueError, "video has 2 axes"),
        ((np.zeros((2, 3)), "TH", "TW"), ValueError, "target is 'TW'"),
    ],
)
def test_bad_input_is_one_clear_error(arguments: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        to_layout(*arguments)
    assert "\n" not in str(caught.value)
