"""From a reference to what the notebooks show: its source, and the stub to fill in."""

import ast
import builtins
import inspect
import symtable
import textwrap
import tokenize
from typing import Any


def source_of(reference: Any) -> str:
    """The reference's own source text, dedented, as the worked edition shows it."""
    return textwrap.dedent(inspect.getsource(reference)).rstrip("\n")


def stub_of(reference: Any) -> str:
    """The reference's decorators, signature and docstring, and ``raise NotImplementedError``.

    A class keeps its docstring and its fields and, for each method, the same three things.
    Comments go, since they tell the answer.
    """
    (node,) = ast.parse(source_of(reference)).body
    if not isinstance(node, ast.ClassDef | ast.FunctionDef):
        raise TypeError(f"{reference!r} is neither a function nor a class, so it has no stub.")
    lines = source_of(reference).split("\n")
    if isinstance(node, ast.FunctionDef):
        return _stub(node, lines)
    parts = [_head(node, lines)]
    for member in node.body:
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
            parts.append(_stub(member, lines))
        elif isinstance(member, ast.Assign | ast.AnnAssign):
            parts[-1] += f"\n    {ast.unparse(member)}"
    return "\n\n".join(parts)


def _stub(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> str:
    indent = " " * (node.col_offset + 4)
    return f"{_head(node, lines)}\n{indent}raise NotImplementedError"


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]) -> str:
    """From the first decorator to the colon of the signature, and the docstring."""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    last, column = _colon(lines, node.lineno)
    head = [*lines[first - 1 : last - 1], lines[last - 1][:column]]
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    if docstring and docstring.lineno > last:
        head += lines[docstring.lineno - 1 : docstring.end_lineno]
    return "\n".join(head)


def _colon(lines: list[str], start: int) -> tuple[int, int]:
    """Where the signature that begins at line ``start`` ends: its line, and the column after."""
    rest = iter(line + "\n" for line in lines[start - 1 :])
    depth = 0
    for token in tokenize.generate_tokens(lambda: next(rest, "")):
        depth += (token.string in "([{") - (token.string in ")]}") if token.string else 0
        if token.string == ":" and depth == 0:
            return start - 1 + token.end[0], token.end[1]
    raise ValueError("a definition has a colon")


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
