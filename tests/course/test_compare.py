"""Differences are found, and said in words that name the difference."""

from typing import Any

import numpy as np
import pytest

from helpers.course.compare import brief, brief_pair, difference, same

EXPECTED = np.array([1, 2, 3])


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (None, EXPECTED, "is there a `return`"),
        ([1, 2, 3], EXPECTED, "it is a list, but a NumPy array"),
        (np.array([1, 2]), EXPECTED, "has shape (2,), but (3,)"),
        (np.array([1, 2, 4]), EXPECTED, "differs first at [2]: 4 instead of 3"),
        (np.array([1.0, 2.0, 3.0]), EXPECTED, "holds floats, but whole numbers"),
        (np.array([1, 1, 1], bool), EXPECTED, "holds booleans"),
        (np.array([1, 2, 3]), EXPECTED.astype(np.uint8), "has dtype int64, but uint8"),
        (np.array([1.0]), np.array([1.0], np.float32), "has dtype float64, but float32"),
        (np.array([1.0, np.nan]), np.array([1.0, 2.0]), "has NaN at [1], where 2.0 is right"),
        (np.array([1.0, np.inf]), np.array([1.0, 2.0]), "has infinity at [1]"),
        (np.array([[1.0, 2.1]]), np.array([[1.0, 2.0]]), "differs first at [0, 1]"),
        (2.5, 2.0, "it is 2.5, but 2.0 was expected"),
        (np.ones(3), 2.0, "is an array of shape (3,), but a single number"),
        (np.ones(1), 1.0, "is an array of shape (1,), but a single number"),
        (np.array(2.5), 2.0, "it is 2.5, but 2.0 was expected"),
        (np.array(2.0), 2, "holds floats, but whole numbers"),
        (np.array([0.1 + 2e-5], np.float32), np.array([0.1]), "differs first at [0]"),
        (np.array([0.1 + 2e-7]), np.array([0.1]), "differs first at [0]"),
        ("2", 2.0, "is a str, but a number"),
        (True, 1, "holds booleans, but whole numbers"),
        (1, None, "it is 1"),
        ((1, 2), (1, 2, 3), "has 2 elements, but 3"),
        ([1, 2], (1, 2), "is a list, but a tuple"),
        ((1, 5), (1, 2), "element 1 is 5, but 2"),
        ({"a": 1}, {"b": 1}, "has the keys 'a', but 'b' were"),
        ({"a": 1}, {"a": 2}, "the value of 'a' is 1, but 2"),
        (1, {"a": 2}, "is an int, but a dict"),
        ("left", "right", "it is 'left'"),
        (np.array(["a"]), np.array(["b"]), "it is ['a']"),
        (0, None, "but None was expected"),
        (np.array([1, "x"], object), np.array([1, "y"], object), "it is [1, 'x']"),
        (np.ma.masked_array([1, 2, 3], [False, False, True]), EXPECTED, "is a MaskedArray"),
        (1.5, 1, "holds floats, but whole numbers"),
        ({1: 2}, {"1": 2}, "has the keys 1, but '1' were"),
    ],
)
def test_difference_is_found_and_named(got: Any, expected: Any, words: str) -> None:
    found = difference(got, expected)
    assert found is not None and words in found


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (EXPECTED.astype(np.int32), EXPECTED),  # the usual whole number differs by platform
        (np.array([1.0 + 1e-9]), np.array([1.0])),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
        (np.float64(2.0), 2.0),
        (np.zeros((0, 4)), np.zeros((0, 4))),
        ((1, [2.0, {"a": EXPECTED}]), (1, [2.0, {"a": EXPECTED.copy()}])),
        (None, None),
        ("left", "left"),
        (np.array(["left"])[0], "left"),
        (np.array(["a", "b"]), np.array(["a", "b"])),
        (np.array([1, "x"], object), np.array([1, "x"], object)),
        (0, 0.0),  # what everyone writes for the empty case
        (np.array([0.1 + 2e-7], np.float32), np.array([0.1], np.float32)),
        (np.array([0.1 + 2e-7], np.float32), np.array([0.1])),
        (np.float32(0.1), 0.1),
        (np.array(2.0), 2.0),
        (np.array(2), 2),
        (np.array(True), True),
    ],
)
def test_equal_things_have_no_difference(got: Any, expected: Any) -> None:
    assert difference(got, expected) is None


def test_tensors_without_axes_count_as_numbers() -> None:
    import keras
    import tensorflow as tf

    assert difference(tf.constant(0.1), 0.1) is None
    assert difference(keras.ops.mean(np.array([True, False, False])), 1 / 3) is None
    assert "is an array of shape (1,)" in (difference(tf.constant([0.1]), 0.1) or "")
    assert brief(tf.constant(0.5)) == "0.5"


def test_same_is_exact() -> None:
    assert not same(np.float32(0.1), 0.1)
    assert same(np.array([1.0, np.nan]), np.array([1.0, np.nan]))
    assert not same(np.array([1.0 + 1e-12]), np.array([1.0]))


def test_tolerance_is_used() -> None:
    assert difference(1.001, 1.0, rtol=1e-2) is None
    assert difference(1.001, 1.0, rtol=1e-4) is not None


def test_brief_shows_small_things_whole_and_large_ones_in_short() -> None:
    assert brief(EXPECTED) == "[1, 2, 3]  (int64)"
    assert brief(np.zeros((10, 10))) == "float64 array of shape (10, 10), from 0 to 0"
    assert brief(np.zeros((0, 4))) == "[]  (float64 array of shape (0, 4))"
    assert brief((1, np.float32(2.0))) == "(1, 2.0)"
    assert brief(np.arange(20).reshape(1, 20, 1)).endswith("(int64 array of shape (1, 20, 1))")
    assert len(brief("x" * 1000)) < 220
    assert brief(np.broadcast_to(0.0, (10**6, 10**6))).endswith("(1000000, 1000000)")
    assert brief({"a": np.float32(2.0), "b": np.ones(1)}) == "{'a': 2.0, 'b': [1.]  (float64)}"
    itself: list = []
    itself.append(itself)
    assert len(brief(itself)) < 220

    class Nasty:
        def __repr__(self) -> str:
            raise RuntimeError

    assert brief(Nasty()) == "a Nasty"


def test_brackets_of_a_small_array_tell_its_shape() -> None:
    assert brief(np.full((1, 1, 1), 1.2)) == "[[[1.2]]]  (float64)"
    assert brief(np.arange(3).reshape(1, 3, 1)) == "[[[0], [1], [2]]]  (int64)"
    assert brief(np.arange(12.0).reshape(2, 1, 1, 6)).count("\n") == 0
    assert brief(np.ones((2, 2), np.uint8)) == "[[1, 1],\n [1, 1]]  (uint8)"
    assert brief(np.array(1.5)) == "1.5"


def test_of_long_results_only_what_differs_is_shown() -> None:
    short = {"a": 1}, {"a": 2}
    assert brief_pair(*short) == ("{'a': 1}", "{'a': 2}")
    expected = {f"weights of layer {i}": np.full((2, 3), i / 7) for i in range(8)}
    got = expected | {"weights of layer 5": np.zeros(1)}
    shown = brief_pair(got, expected)
    assert shown[0] == "weights of layer 5: [0.]  (float64)"
    assert shown[1].startswith("weights of layer 5: [[0.714286, ")
    numbers = list(range(100))
    assert brief_pair([*numbers[:-1], 7], numbers) == ("element 99: 7", "element 99: 99")
    left, right = brief_pair(numbers[::-1], numbers)
    assert left.startswith("element 0: 99\n") and right.startswith("element 0: 0\n")
    assert left.endswith("\nand 94 more that differ") and left.count("\n") == 6


def test_of_long_results_of_other_make_the_beginning_is_shown() -> None:
    numbers = list(range(100))
    assert brief_pair(numbers[1:], "short") == (brief(numbers[1:]), "'short'")
    assert brief_pair(numbers[:-1], numbers)[1] == brief(numbers)
    keys = dict.fromkeys(range(100), 0)
    assert brief_pair(keys, keys | {"more": 1})[0] == brief(keys)
