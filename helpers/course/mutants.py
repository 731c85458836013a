"""``make mutants``: break each reference in small ways and list what no case notices.

A mutant that survives is either equivalent - review it, and note the reason in the exercise's
``equivalent_mutants`` - or it shows a case that is missing.
"""

import ast
import copy
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from helpers.course import checking, running, stub
from helpers.course.exercise import Exercise, all_exercises

SECONDS = 2.0  # a mutant may loop for ever

SWAPS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}


def main() -> int:
    found = 0
    for exercise in all_exercises().values():
        for description in survivors(exercise):
            found += 1
            print(f"{exercise.name}: {description}")
    print(f"{found} mutants survive without a review.")
    return 1 if found else 0


def survivors(exercise: Exercise) -> list[str]:
    """Mutants that pass every case and are not reviewed as equivalent."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a mutant may well divide by zero
        return [
            description
            for description, mutant in mutants(exercise.reference)
            if description not in exercise.equivalent_mutants and _survives(exercise, mutant)
        ]


def _survives(exercise: Exercise, mutant: Any) -> bool:
    """Whether it passes every case; the first failure settles it."""
    for case in [*exercise.cases, *exercise.random_cases()]:
        outcome = running.run(exercise.call, mutant, case.args, SECONDS)
        expected = exercise.call(exercise.reference, *copy.deepcopy(case.args))
        if not outcome.attempted or checking.judge(exercise, case, outcome, expected):
            return False
    return True


def mutants(reference: Any) -> Iterator[tuple[str, Any]]:
    """Each mutant of a function or class, with ``line N: old -> new``."""
    tree = _without_annotations(ast.parse(stub.source_of(reference)))
    for number, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            mutated = copy.deepcopy(tree)
            target = list(ast.walk(mutated))[number]
            before = ast.unparse(target)
            change(target)
            after = ast.unparse(target)
            scope = dict(sys.modules[reference.__module__].__dict__)
            exec(compile(ast.fix_missing_locations(mutated), "<mutant>", "exec"), scope)
            line = getattr(node, "lineno", 0)
            yield f"line {line}: {before} -> {after}", scope[reference.__name__]


def _without_annotations(tree: ast.Module) -> ast.Module:
    """No case can notice a change of `float | None` in a signature or beside an attribute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    return tree


def _changes(node: ast.AST) -> Iterator[Any]:
    """The ways to break one node of the tree; each is applied to a copy of it."""
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        for other in SWAPS.get(type(node.op), ()):
            yield lambda target, other=other: setattr(target, "op", other())
    elif isinstance(node, ast.Compare):
        for other in SWAPS.get(type(node.ops[0]), ()):
            yield lambda target, other=other: target.ops.__setitem__(0, other())
    elif isinstance(node, ast.UnaryOp):
        yield lambda target: setattr(target, "op", ast.UAdd())
    elif isinstance(node, ast.IfExp | ast.If | ast.While):
        yield lambda target: setattr(target, "test", ast.Constant(False))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda target: setattr(target, "value", not target.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield lambda target: setattr(target, "value", target.value + 1)


if __name__ == "__main__":
    sys.exit(main())
