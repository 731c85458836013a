import numpy as np
import pytest

from helpers import tracking
from helpers.tracking.life_cycle import Life


def found(text: str) -> np.ndarray:
    return np.array([letter == "1" for letter in text])


def by_definition(matched: list[bool], max_age: int, min_hits: int) -> list[str]:
    """Each frame for itself, by looking back."""
    states = []
    for frame in range(len(matched)):
        history = "".join("01"[each] for each in matched[: frame + 1])
        if "0" * (max_age + 1) in history:
            states.append("deleted")
        elif history[-1] == "0":
            states.append("lost")
        else:
            # The first detection does not count: as if it were not there.
            run = len(history[1:]) - len(history[1:].rstrip("1"))
            states.append("confirmed" if run >= min_hits else "tentative")
    return states


def test_equals_the_definition_and_the_life_of_a_track() -> None:
    rng = np.random.default_rng(0)
    seen = set()
    for _ in range(1000):
        matched = rng.random(int(rng.integers(1, 16))) < rng.random()
        matched[0] = True
        rules = int(rng.integers(0, 4)), int(rng.integers(0, 4))
        got = tracking.life_cycle(matched, *rules).tolist()
        assert got == by_definition(matched.tolist(), *rules)
        life = Life(*rules)
        lived = [life.state]
        for is_matched in matched[1:]:
            if lived[-1] != "deleted":  # then a tracker forgets it
                life.step(bool(is_matched))
            lived.append(life.state)
        assert got == lived
        seen |= set(got)
    assert seen == {"tentative", "confirmed", "lost", "deleted"}


def test_by_hand() -> None:
    for matched, max_age, min_hits, expected in (
        ("1", 1, 3, "t"),
        ("1", 1, 0, "c"),
        ("11111", 1, 3, "tttcc"),
        ("1111010111", 1, 3, "tttcltlttc"),
        ("11001", 1, 1, "tcldd"),
        ("110011", 2, 1, "tcllcc"),
        ("101", 0, 1, "tdd"),
    ):
        states = tracking.life_cycle(found(matched), max_age, min_hits)
        assert "".join(state[0] for state in states.tolist()) == expected


def test_malformed() -> None:
    with pytest.raises(ValueError, match="matched must begin with True"):
        tracking.life_cycle(found("01"), 1, 1)
    with pytest.raises(ValueError, match="matched must begin with True"):
        tracking.life_cycle(np.zeros(0, bool), 1, 1)
    with pytest.raises(TypeError, match="matched is int64, but it must hold booleans"):
        tracking.life_cycle(np.array([1, 0]), 1, 1)
    with pytest.raises(ValueError, match="max_age is -1"):
        tracking.life_cycle(found("1"), -1, 1)
    with pytest.raises(TypeError, match=r"min_hits is 1\.5"):
        tracking.life_cycle(found("1"), 1, 1.5)  # type: ignore[arg-type]
