import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from helpers.training import accuracy_interval, interval


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20), st.floats(0.01, 0.99))
def test_equals_scipy(values: list[float], confidence: float) -> None:
    found = interval(values, confidence)
    if np.std(values) < 1e-9:  # SciPy divides by it
        assert found.high - found.low < 1e-6
        return
    theirs = stats.ttest_1samp(values, 0).confidence_interval(confidence)
    np.testing.assert_allclose(found[1:], [theirs.low, theirs.high], rtol=1e-6, atol=1e-9)
    assert found.mean == pytest.approx(np.mean(values))


def test_it_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    held = [low <= 3 <= high for _, low, high in map(interval, rng.normal(3, 2, (2000, 4)))]
    assert 0.93 < np.mean(held) < 0.97


def test_equal_values_have_no_width() -> None:
    assert interval([1.0, 1.0, 1.0]) == (1.0, 1.0, 1.0)


@given(st.integers(1, 1000), st.floats(0, 1), st.floats(0.01, 0.99))
def test_equals_wilsons_formula(num_clips: int, share: float, confidence: float) -> None:
    num_right = round(share * num_clips)
    z, p = stats.norm.ppf((1 + confidence) / 2), num_right / num_clips
    middle = p + z**2 / (2 * num_clips)
    reach = z * np.sqrt(p * (1 - p) / num_clips + z**2 / (4 * num_clips**2))
    expected = np.array([middle - reach, middle + reach]) / (1 + z**2 / num_clips)
    found = accuracy_interval(num_right, num_clips, confidence)
    np.testing.assert_allclose(found, [p, *np.clip(expected, 0, 1)], atol=1e-9)


def test_a_perfect_score_keeps_a_width() -> None:
    assert accuracy_interval(100, 100).low < 0.97
    assert accuracy_interval(0, 100).high > 0.03


@pytest.mark.parametrize("values", [[], [0.9], [[0.9, 0.8]], [0.9, np.nan]])
def test_bad_values(values: list) -> None:
    with pytest.raises(ValueError, match="values"):
        interval(values)


def test_bad_confidence_and_counts() -> None:
    with pytest.raises(ValueError, match="confidence is 95, but it must be below 1"):
        interval([1, 2], confidence=95)
    with pytest.raises(ValueError, match="confidence is 0, but it must be above 0"):
        accuracy_interval(1, 2, confidence=0)
    with pytest.raises(ValueError, match="num_right is 3, but it must be from 0 to 2"):
        accuracy_interval(3, 2)
    with pytest.raises(ValueError, match="num_clips is 0"):
        accuracy_interval(0, 0)
