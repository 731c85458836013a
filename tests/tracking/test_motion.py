import numpy as np
import pytest

from helpers import tracking


def test_the_numbers_of_the_authors_code() -> None:
    """filterpy begins with identities; abewley/sort multiplies parts of them."""
    model = tracking.constant_velocity()
    noise, covariance, process = np.eye(4), np.eye(7), np.eye(7)
    noise[2:, 2:] *= 10
    covariance[4:, 4:] *= 1000
    covariance *= 10
    process[-1, -1] *= 0.01
    process[4:, 4:] *= 0.01
    assert np.array_equal(model.measurement_noise, noise)
    assert np.array_equal(model.initial_covariance, covariance)
    np.testing.assert_allclose(model.process_noise, process)
    assert {each.dtype for each in vars(model).values()} == {np.dtype(np.float64)}
    # Centre and area move by their velocities, the aspect ratio stays.
    state = np.array([1.0, 2, 3, 4, 10, 20, 30])
    assert (model.transition @ state).tolist() == [11, 22, 33, 4, 10, 20, 30]
    assert (model.observation @ state).tolist() == [1, 2, 3, 4]


def test_there_and_back() -> None:
    rng = np.random.default_rng(0)
    corner = rng.normal(0, 50, (1000, 2))
    boxes = np.concatenate([corner, corner + rng.random((1000, 2)) * 100 + 0.1], axis=1)
    states = tracking.to_states(boxes)
    np.testing.assert_allclose(tracking.to_boxes(states), boxes, atol=1e-9)
    with_velocities = np.concatenate([states, np.ones((1000, 3))], axis=1)
    assert np.array_equal(tracking.to_boxes(with_velocities), tracking.to_boxes(states))


def test_by_hand() -> None:
    # 40 wide and 10 high, around (30, 25).
    assert tracking.to_states(np.array([[10, 20, 50, 30]])).tolist() == [[30, 25, 400, 4]]
    assert tracking.to_boxes(np.array([[30, 25, 400, 4]])).tolist() == [[10, 20, 50, 30]]
    assert tracking.to_states(np.zeros((0, 4))).shape == (0, 4)
    assert tracking.to_boxes(np.zeros((0, 7))).shape == (0, 4)


def test_malformed() -> None:
    with pytest.raises(ValueError, match=r"box, 1, .* without width or height"):
        tracking.to_states(np.array([[0, 0, 5, 5], [0, 0, 5, 0]]))
    with pytest.raises(ValueError, match="x2, 1, is below its x1, 5"):
        tracking.to_states(np.array([[5, 0, 1, 5]]))
    for state in ([[0, 0, 0, 1]], [[0, 0, 1, -1]]):
        with pytest.raises(ValueError, match="for an area or an aspect ratio"):
            tracking.to_boxes(np.array(state))
    with pytest.raises(ValueError, match=r"states is .*\(1, 5\).*\(n, 4\)"):
        tracking.to_boxes(np.ones((1, 5)))
    with pytest.raises(ValueError, match="states is a list"):
        tracking.to_boxes([[0, 0, 1, 1]])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="finite"):
        tracking.to_boxes(np.array([[np.nan, 0, 1, 1]]))
