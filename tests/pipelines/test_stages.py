import time
from typing import Any

import numpy as np
import pytest

from helpers.pipelines import STAGE_NAMES, Stage, connect, planted, seconds, substitute

DOUBLE = Stage("double", lambda x: 2 * x, (), "int64", parallel=4)
SQUARE = Stage("square", lambda x: np.full((2, 3), x * x, np.float32), (2, 3), "float32")


def counting(calls: list[Any]) -> Any:
    def function(element: Any) -> Any:
        calls.append(element)
        return element

    return function


def test_the_stages_follow_one_another_and_the_order_stays() -> None:
    batches = list(connect(np.arange(10), [DOUBLE, SQUARE], batch_size=4))
    assert [batch.shape.as_list() for batch in batches] == [[4, 2, 3], [4, 2, 3], [2, 2, 3]]
    values = np.concatenate([batch.numpy() for batch in batches])
    assert values.dtype == np.float32
    assert (values == (2.0 * np.arange(10)[:, None, None]) ** 2).all()


def test_a_substitute_gives_zeros_and_calls_nothing() -> None:
    calls: list[Any] = []
    counted = Stage("counted", counting(calls), (), "int64")
    (batch,) = connect(np.arange(3), substitute([counted, SQUARE], "square"), batch_size=3)
    assert batch.shape == (3, 2, 3)
    assert batch.dtype == "float32"
    assert not batch.numpy().any()
    assert len(calls) == 3
    (batch,) = connect(np.arange(3), substitute([counted, SQUARE], "counted"), batch_size=3)
    assert len(calls) == 3


def test_one_stage_works_on_one_element_at_a_time_unless_it_is_parallel() -> None:
    running, most = 0, 0

    def enter(element: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.01)
        running -= 1
        return element

    for parallel, expected in ((1, {1}), (6, set(range(2, 7)))):
        running, most = 0, 0
        for _ in connect(np.arange(30), [Stage("a", enter, (), "int64", parallel)], 2):
            pass
        assert most in expected


def test_seconds_times_passes_in_turn_after_one_to_warm_up() -> None:
    calls: list[Any] = []
    stages = {name: [Stage(name, counting(calls), (), "int64")] for name in ("a", "b")}
    numbers = {"a": np.arange(5), "b": np.arange(10, 15)}
    took = seconds({name: connect(numbers[name], stages[name], 5) for name in stages})
    assert list(took) == ["a", "b"]
    assert 0 < min(took.values()) < max(took.values()) < 5
    # The first batch is all five, so that the warm-up is a whole pass, too.
    assert calls == 3 * [*range(5), *range(10, 15)]


def test_seconds_are_those_of_the_fastest_pass() -> None:
    waits = iter([0.0, 0.2, 0.05])

    def wait(element: Any) -> Any:
        time.sleep(next(waits))
        return element

    dataset = connect(np.arange(1), [Stage("a", wait, (), "int64")], 1)
    assert 0.05 <= seconds({"a": dataset})["a"] < 0.2


@pytest.mark.parametrize("slow", STAGE_NAMES)
def test_the_planted_stage_is_the_one_whose_substitute_helps(slow: str) -> None:
    stages = planted(slow)
    variants = {"whole": stages} | {name: substitute(stages, name) for name in STAGE_NAMES}
    datasets = {name: connect(np.arange(18), s, 2) for name, s in variants.items()}
    took = seconds(datasets, passes=5)  # one of which nothing disturbs
    gains = {name: took["whole"] / took[name] for name in STAGE_NAMES}
    assert max(gains, key=gains.__getitem__) == slow
    assert gains.pop(slow) > 1.5 > max(gains.values())


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: planted("model"), "slow is 'model'"),
        (lambda: substitute([DOUBLE], "triple"), "name is 'triple'"),
        (lambda: connect(np.arange(3), [], 1), "at least one stage"),
        (lambda: connect(np.arange(3), [DOUBLE, DOUBLE], 1), "a name of its own"),
        (lambda: connect(np.arange(3), [DOUBLE], 0), "batch_size is 0"),
        (lambda: connect(np.arange(3), [Stage("a", None, (), "int64", 0)], 1), "parallel is 0"),
    ],
)
def test_wrong_arguments_are_named(call: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        call()


@pytest.mark.parametrize(("shape", "dtype"), [((3,), "int64"), ((), "int32")])
def test_a_stage_that_gives_something_else_is_named(shape: Any, dtype: str) -> None:
    stage = Stage("liar", lambda x: x, shape, dtype)
    with pytest.raises(
        Exception, match=r"The stage 'liar' gave int64 of shape \(\), but it says"
    ):
        list(connect(np.arange(2), [stage], 1))
