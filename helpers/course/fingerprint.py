"""What a chapter's stored outputs depend on, as one hash.

It covers the code cells and every file of ``helpers`` that they import, directly or not, so
that only chapters whose code changed are run again.
"""

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path

HELPERS = Path(__file__).resolve().parents[1]
DATA = (".yaml", ".mp4", ".json")


def fingerprint(sources: Iterable[str], extra_modules: Iterable[str] = ()) -> str:
    """The hash of the code cells and of the helpers that they import."""
    digest = hashlib.sha256()
    modules = set(extra_modules)
    for source in sources:
        digest.update(source.encode() + b"\0")
        modules |= _imported_helpers(ast.parse(source), "")
    for file in files_behind(modules):
        # The same hash for a checkout with Windows line endings.
        digest.update(file.relative_to(HELPERS).as_posix().encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def files_behind(modules: Iterable[str]) -> list[Path]:
    """Every file of helpers that these modules load: sources, and data beside them."""
    waiting, seen = list(modules), set[str]()
    files = set[Path]()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        parent = module.rpartition(".")[0]
        if parent:
            waiting.append(parent)
        file = _file_of(module)
        if file is None:
            continue
        files.add(file)
        if file.name == "__init__.py":
            parent = module
            if file.parent != HELPERS:
                files |= {f for f in file.parent.rglob("*") if f.suffix in DATA}
        waiting += _imported_helpers(ast.parse(file.read_text(encoding="utf-8")), parent)
    return sorted(files)


def _file_of(module: str) -> Path | None:
    """The file of a dotted name; None for a name that is no module (a function, say)."""
    place = HELPERS.joinpath(*module.split(".")[1:])
    for file in (place / "__init__.py", place.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def _imported_helpers(tree: ast.AST, package: str) -> set[str]:
    """Dotted names under helpers that a tree imports; some may be functions, not modules."""
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in names if name == "helpers" or name.startswith("helpers.")}
