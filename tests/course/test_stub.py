"""Stubs keep the contract and lose the answer; free names are all found."""

import textwrap
from typing import Any

import numpy as np
import pytest

from helpers.course.stub import free_names, source_of, stub_of


def plain(a: int, b: float = 2.0) -> float:
    """Add.

    >>> plain(1)
    3.0
    """
    return a + b  # the answer


def without_docstring(a: int) -> int:
    return a


def long_signature(
    first: np.ndarray,
    second: np.ndarray,
) -> np.ndarray:
    """Two lines
    of text."""
    return first + second


class Counter:
    """Counts."""

    start = 0

    def __init__(self, by: int) -> None:
        """Remember ``by``."""
        self.by = by

    @property
    def twice(self) -> int:
        """Two steps."""
        return 2 * self.by


class Tight:
    """Written in few lines."""

    size: int = 3

    def gain(self, p: dict[str, int], r: float = 1.0) -> float:
        # The gain is p / (p + r).
        return p["p"] / (p["p"] + r)

    @property
    def area(self) -> int: return self.size ** 2  # fmt: skip

    async def wait(self) -> int:
        return self.size


def test_nothing_of_the_answer_is_left() -> None:
    stub = stub_of(Tight)
    assert "size: int = 3" in stub
    for answer in ("The gain is", "p + r", "** 2", "return"):
        assert answer not in stub
    scope: dict[str, Any] = {}
    exec(stub, scope)
    with pytest.raises(NotImplementedError):
        scope["Tight"]().area  # noqa: B018
    assert "async def wait(self) -> int:\n        raise NotImplementedError" in stub


def test_function_keeps_signature_and_docstring_only() -> None:
    assert stub_of(plain) == textwrap.dedent(
        '''\
        def plain(a: int, b: float = 2.0) -> float:
            """Add.

            >>> plain(1)
            3.0
            """
            raise NotImplementedError'''
    )
    assert stub_of(without_docstring).endswith("-> int:\n    raise NotImplementedError")
    assert "of text." in stub_of(long_signature)
    assert "first + second" not in stub_of(long_signature)


def test_class_keeps_each_methods_signature_and_docstring() -> None:
    stub = stub_of(Counter)
    assert stub == textwrap.dedent(
        '''\
        class Counter:
            """Counts."""
            start = 0

            def __init__(self, by: int) -> None:
                """Remember ``by``."""
                raise NotImplementedError

            @property
            def twice(self) -> int:
                """Two steps."""
                raise NotImplementedError'''
    )


@pytest.mark.parametrize("reference", [plain, without_docstring, long_signature, Counter])
def test_stub_runs_and_raises_not_implemented(reference: Any) -> None:
    scope: dict[str, Any] = {"np": np}
    exec(stub_of(reference), scope)
    with pytest.raises(NotImplementedError):
        made = scope[reference.__name__]
        made(1, 2) if reference is long_signature else made(1)


def test_source_is_the_whole_function() -> None:
    assert "the answer" in source_of(plain)
    with pytest.raises(TypeError, match="has no stub"):
        stub_of(NO_FUNCTION)


NO_FUNCTION = lambda x: x  # noqa: E731


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("def f(x):\n    return np.sum(x)", {"np"}),
        ("def f(x):\n    y = x\n    return y", set()),
        ("def f(x: np.ndarray) -> Clip:\n    return x", {"np", "Clip"}),
        ("def f(x, size=SIZE):\n    return x", {"SIZE"}),
        ("@cache\ndef f(x):\n    return x", {"cache"}),
        ("def f(x):\n    def g(y):\n        return helper(y)\n    return g(x)", {"helper"}),
        ("def f(x):\n    return [scale(y) for y in x]", {"scale"}),
        ("def f(n):\n    return n * f(n - 1)", set()),
        ("class A:\n    def m(self):\n        return other(self)", {"other"}),
        ("def f(x):\n    return len(sorted(x))", set()),
    ],
)
def test_free_names_are_found(source: str, needed: set[str]) -> None:
    assert free_names(source) == needed
