"""From a reference to what the notebooks show: its source, and the stub to fill in."""

import ast
import builtins
import inspect
import symtable
import textwrap
from typing import Any


def source_of(reference: Any) -> str:
    """The reference's own source text, dedented, as the worked edition shows it."""
    return textwrap.dedent(inspect.getsource(reference)).rstrip("\n")


def stub_of(reference: Any) -> str:
    """The reference's decorators, signature and docstring, and ``raise NotImplementedError``.

    A class keeps its own docstring and, for each method, the same three things.
    """
    source = source_of(reference)
    (node,) = ast.parse(source).body
    lines = source.split("\n")
    if isinstance(node, ast.ClassDef):
        return "\n\n".join(
            [_head(node, lines)]
            + [_stub(m, lines) for m in node.body if isinstance(m, ast.FunctionDef)]
        )
    if isinstance(node, ast.FunctionDef):
        return _stub(node, lines)
    raise TypeError(f"{reference!r} is neither a function nor a class, so it has no stub.")


def _stub(node: ast.FunctionDef, lines: list[str]) -> str:
    indent = " " * (node.col_offset + 4)
    return f"{_head(node, lines)}\n{indent}raise NotImplementedError"


def _head(node: ast.FunctionDef | ast.ClassDef, lines: list[str]) -> str:
    """From the first decorator to the end of the docstring (or of the signature)."""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    if docstring is None and isinstance(node, ast.ClassDef):
        last = node.lineno  # `class Name:` on one line
    else:
        last = docstring.end_lineno if docstring else node.body[0].lineno - 1  # type: ignore[assignment]
    return "\n".join(lines[first - 1 : last])


def free_names(source: str) -> set[str]:
    """Names that a function or class needs from outside: not its own, not Python's.

    Annotations, defaults and decorators count, since a notebook evaluates them.
    """
    table = symtable.symtable(source, "<exercise>", "exec")
    own = {s.get_name() for s in table.get_symbols() if s.is_assigned()}
    needed = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    waiting = list(table.get_children())
    while waiting:
        inner = waiting.pop()
        waiting += inner.get_children()
        needed |= {s.get_name() for s in inner.get_symbols() if s.is_global()}
    return needed - own - set(dir(builtins))
