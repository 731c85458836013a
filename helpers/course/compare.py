"""Compare what a learner's function returned with what was expected, in words.

The rules: the kind of thing and its shape must agree; so must the kind of number, and the
exact dtype where the expected one is narrower than the machine's usual (uint8, float32 ...),
because there memory is the point. Floating-point values may differ by the tolerance, and by
what float32 loses where either of the two is float32. An array without axes, which TensorFlow
and `np.where` make of a number, is as good as the number.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

WIDE = {np.dtype(np.int64), np.dtype(np.float64)}
KINDS = {
    "b": "booleans",
    "i": "whole numbers",
    "u": "whole numbers",
    "f": "floats",
    "c": "complex numbers",
    "U": "text",
    "S": "bytes",
    "O": "objects",
}
LONG = 200  # characters of a value that is shown in full


def same(got: Any, expected: Any) -> bool:
    """Exactly equal, NaN counting as equal to NaN."""
    return difference(got, expected, rtol=0.0, atol=0.0) is None


def difference(
    got: Any, expected: Any, rtol: float = 1e-6, atol: float = 1e-8, what: str = "it"
) -> str | None:
    """The first difference as a clause that follows "it" - None when there is none."""
    if expected is None:
        return None if got is None else f"{what} is {brief(got)}, but None was expected"
    if isinstance(expected, str):  # NumPy's text counts as text
        alike = isinstance(got, str) and str(got) == str(expected)
        return None if alike else f"{what} is {brief(got)}"
    if isinstance(expected, Mapping):
        return _mappings(got, expected, rtol, atol, what)
    if isinstance(expected, tuple | list):
        return _sequences(got, expected, rtol, atol, what)
    if got is None:
        return f"{what} is None: is there a `return` at its end?"
    got, expected = _as_numpy(got), _as_numpy(expected)
    if isinstance(expected, np.ndarray) and (
        not isinstance(got, np.ndarray) or isinstance(got, np.ma.MaskedArray)
    ):
        return f"{what} is {_a(got)}, but a NumPy array was expected"
    if isinstance(expected, np.ndarray | np.generic | bool | int | float | complex):
        return _numbers(got, expected, rtol, atol, what)
    return None if _equal(got, expected) else f"{what} is {brief(got)}"


def brief(value: Any, depth: int = 2) -> str:
    """A value in a line or a few: small arrays whole, large ones by shape and range."""
    value = _as_numpy(value)
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and not value.shape):
        return repr(value.item())
    if isinstance(value, np.ndarray):
        return _brief_array(value)
    if isinstance(value, tuple | list) and len(value) <= 8 and depth:
        inner = ", ".join(brief(item, depth - 1) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    if isinstance(value, Mapping) and len(value) <= 8 and depth:
        inner = ", ".join(f"{key!r}: {brief(item, depth - 1)}" for key, item in value.items())
        return "{" + inner + "}"
    try:
        text = repr(value)
    except Exception:
        text = f"a {type(value).__name__}"
    return text if len(text) <= LONG else text[:LONG] + " ..."


def brief_pair(
    got: Any, expected: Any, rtol: float = 1e-6, atol: float = 1e-8
) -> tuple[str, str]:
    """Both in short; where that is long, only the entries that differ, the first six of them."""
    texts = brief(got), brief(expected)
    if max(map(len, texts)) <= LONG:
        return texts
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        names = {str(key): key for key in expected if key in got}
    elif isinstance(got, list | tuple) and isinstance(expected, list | tuple):
        names = {f"element {i}": i for i in range(min(len(got), len(expected)))}
    else:
        return texts
    differing = [
        (name, got[key], expected[key])
        for name, key in names.items()
        if difference(got[key], expected[key], rtol, atol)
    ]
    if not differing:  # it is the keys or the lengths that differ
        return texts
    left, right = (
        "\n".join(f"{entry[0]}: {brief(entry[side])}" for entry in differing[:6])
        for side in (1, 2)
    )
    more = f"\nand {len(differing) - 6} more that differ" if len(differing) > 6 else ""
    return left + more, right + more


def _brief_array(array: np.ndarray) -> str:
    about = f"{array.dtype} array of shape {array.shape}"
    if array.size > 64:
        # A broadcast array can claim any size: do not walk through 10**12 numbers.
        if array.dtype.kind not in "biuf" or array.size > 10**8:
            return about
        return f"{about}, from {array.min():.6g} to {array.max():.6g}"
    if 0 < array.size <= 12:  # the brackets tell the shape, on one line where rows would not
        width = 1000 if array.ndim > 2 else 72
        numbers = np.array2string(array, precision=6, separator=", ", max_line_width=width)
        numbers = " ".join(numbers.split()) if array.ndim > 2 else numbers
        return f"{numbers}  ({array.dtype})"
    # Axes of length 1 would fill lines with brackets; the shape beside it still names them.
    shown = array.squeeze() if array.size and array.ndim > 2 else array
    numbers = np.array2string(shown, precision=6, separator=", ", max_line_width=72)
    plain = array.ndim == 1 and array.size > 0
    return f"{numbers}  ({array.dtype if plain else about})"


def _numbers(got: Any, expected: Any, rtol: float, atol: float, what: str) -> str | None:
    is_array = isinstance(expected, np.ndarray)
    if not isinstance(got, np.ndarray | np.generic | bool | int | float | complex):
        return f"{what} is {_a(got)}, but a number was expected"
    if isinstance(got, np.ndarray) and got.shape and not is_array:
        return f"{what} is an array of shape {got.shape}, but a single number was expected"
    a, b = np.asarray(got), np.asarray(expected)
    if a.shape != b.shape:
        return f"{what} has shape {a.shape}, but {b.shape} was expected"
    if not is_array and a.dtype.kind in "iu" and b.dtype.kind == "f":
        a = a.astype(float)  # `return 0` where 0.0 is meant is no mistake
    if a.dtype.kind != b.dtype.kind and not ({a.dtype.kind, b.dtype.kind} <= {"i", "u"}):
        return (
            f"{what} holds {KINDS.get(a.dtype.kind, a.dtype)}, but "
            f"{KINDS.get(b.dtype.kind, b.dtype)} were expected"
        )
    if is_array and a.dtype != b.dtype and b.dtype not in WIDE and b.dtype.kind != "U":
        return f"{what} has dtype {a.dtype}, but {b.dtype} was expected"
    if a.dtype.kind not in "biufc":
        pairs = zip(a.flat, b.flat, strict=True)
        alike = all(difference(x, y, rtol, atol) is None for x, y in pairs)
        return None if alike else f"{what} is {brief(got)}"
    if a.dtype == b.dtype and np.array_equal(a, b):
        return None  # most are, and this is many times as fast as what follows
    # What float32 loses: in another order of the same steps, or where float64 is expected.
    if rtol and np.float32 in (a.dtype, b.dtype):
        rtol, atol = max(rtol, 1e-5), max(atol, 1e-6)
    if a.dtype.kind in "fc":
        for label, test in (("NaN", np.isnan), ("infinity", np.isinf)):
            where = np.argwhere(test(a) & ~test(b))
            if len(where):
                return f"{what} has {label}{_at(where[0])}, where {b[tuple(where[0])]} is right"
        close = np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
    else:
        close = a == b
    where = np.argwhere(~close)
    if not len(where):
        return None
    first = tuple(where[0])
    if not first:
        return f"{what} is {a.item()!r}, but {b.item()!r} was expected"
    return f"{what} differs first{_at(first)}: {a[first]} instead of {b[first]}"


def _sequences(got: Any, expected: Any, rtol: float, atol: float, what: str) -> str | None:
    if not isinstance(got, type(expected)):
        return f"{what} is {_a(got)}, but {_a(expected)} was expected"
    if len(got) != len(expected):
        return f"{what} has {len(got)} elements, but {len(expected)} were expected"
    for index, (one, other) in enumerate(zip(got, expected, strict=True)):
        found = difference(one, other, rtol, atol, f"element {index}")
        if found:
            return found
    return None


def _mappings(got: Any, expected: Any, rtol: float, atol: float, what: str) -> str | None:
    if not isinstance(got, Mapping):
        return f"{what} is {_a(got)}, but a dict was expected"
    if set(got) != set(expected):
        ours, theirs = ", ".join(map(repr, expected)), ", ".join(map(repr, got))
        return f"{what} has the keys {theirs}, but {ours} were expected"
    for key, value in expected.items():
        found = difference(got[key], value, rtol, atol, f"the value of {key!r}")
        if found:
            return found
    return None


def _as_numpy(value: Any) -> Any:
    """TensorFlow's tensors and variables as arrays; everything else as it is."""
    if type(value).__module__.split(".")[0] in ("tensorflow", "keras") and hasattr(
        value, "numpy"
    ):
        return np.asarray(value.numpy())
    return value


def _equal(got: Any, expected: Any) -> bool:
    try:
        return bool(got == expected)
    except Exception:
        return False


def _at(index: Any) -> str:
    return f" at {[int(i) for i in index]}" if len(index) else ""


def _a(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
