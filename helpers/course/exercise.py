"""What an exercise is, and where the course's exercises are found.

An exercise is declared once, in the module of ``helpers.exercises`` that belongs to its
chapter. Importing those modules is cheap: what needs TensorFlow imports it inside a function.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

Arguments = tuple[Any, ...]

SEED = 20  # of the random cases, where a teacher chooses no other


@dataclass(frozen=True)
class Case:
    """One call of the learner's function: what the case is about, and the arguments."""

    about: str
    args: Arguments


@dataclass(frozen=True)
class Misconception:
    """A classic wrong answer as runnable code, and the sentence that explains the mistake."""

    name: str
    function: Callable[..., Any]
    explanation: str


@dataclass(frozen=True)
class Property:
    """Something that holds for every right answer: ``holds(args, result)``."""

    statement: str
    holds: Callable[[Arguments, Any], bool]


def _call(function: Any, *args: Any) -> Any:
    return function(*args)


@dataclass(frozen=True)
class Exercise:
    """An exercise: its reference, the cases that test an answer, and the help it offers.

    reference: the function or class of ``helpers`` that is the solution.
    chapter: the chapter it belongs to, for example ``"00_start_here"``.
    task: one sentence that says what to write.
    minutes, difficulty (1 to 3), points: shown to the learner; points are nbgrader's too.
    cases: named cases, edge cases first.
    random_case: draws the arguments of one more case from a seeded generator.
    num_random_cases: how many are drawn; fewer where a call takes long.
    hints: a nudge, a stronger one, nearly the code.
    misconceptions: three or more classic wrong answers.
    properties: what holds for any right answer; a wrong one is told which of them it breaks.
    demands: what equality does not see but the contract promises, such as a dtype or a new
        array. An answer that breaks one is wrong, equal or not.
    tolerance: relative and absolute, for floating-point results.
    call: how an answer is run on a case; a class is driven through its methods here.
    shown: how an argument is put into words, by its name, where its value says too little.
    picture: shows (args, got, expected) of a failing case.
    equivalent_mutants: mutants that no case can kill, each with the reason (see mutants.py).
    """

    reference: Any
    chapter: str
    task: str
    minutes: int
    difficulty: int
    points: int
    cases: Sequence[Case]
    random_case: Callable[[np.random.Generator], Arguments]
    hints: tuple[str, str, str]
    misconceptions: Sequence[Misconception]
    properties: Sequence[Property] = ()
    demands: Sequence[Property] = ()
    tolerance: tuple[float, float] = (1e-6, 1e-8)
    call: Callable[..., Any] = _call
    shown: dict[str, Callable[[Any], str]] = field(default_factory=dict)
    picture: Callable[[Arguments, Any, Any], None] | None = None
    num_random_cases: int = 50
    equivalent_mutants: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.reference.__name__)

    @property
    def path(self) -> str:
        """Where the solution lives as a learner imports it, for example ``video.iou``."""
        # helpers.video.sampling is reached as video: the package is the public name.
        return f"{self.reference.__module__.split('.')[1]}.{self.name}"

    def random_cases(self, seed: int = SEED) -> list[Case]:
        """The same cases on every machine and every run; others for another seed.

        Raises ``ValueError`` for a ``seed`` that is not a whole number of 0 or more.
        """
        if not isinstance(seed, int | np.integer) or seed < 0:
            raise ValueError(f"seed is {seed!r}, but it must be a whole number of 0 or more.")
        rng = np.random.default_rng(seed)
        return [
            Case("a random case", self.random_case(rng)) for _ in range(self.num_random_cases)
        ]


def is_declared_soundly(exercise: Exercise) -> list[str]:
    """What is wrong with a declaration, as sentences; empty when nothing is."""
    problems = []
    if not 1 <= exercise.difficulty <= 3:
        problems.append(f"difficulty is {exercise.difficulty}, but it must be 1, 2 or 3")
    if exercise.points < 1 or exercise.minutes < 1:
        problems.append("points and minutes must be at least 1")
    if len(exercise.cases) < 2:
        problems.append("it has fewer than two named cases")
    if len(exercise.misconceptions) < 3:
        problems.append("it has fewer than three misconceptions")
    if len({m.name for m in exercise.misconceptions}) < len(exercise.misconceptions):
        problems.append("two misconceptions share a name")
    if len(exercise.hints) != 3 or not all(exercise.hints):
        problems.append("it needs three hints")
    if not inspect.getdoc(exercise.reference):
        problems.append("its reference has no docstring, which is the learner's contract")
    return [f"{exercise.name}: {problem}." for problem in problems]


@cache
def all_exercises() -> dict[str, Exercise]:
    """Every exercise of the course by name, in the order of the chapters."""
    package = importlib.import_module("helpers.exercises")
    found: dict[str, Exercise] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        declared = importlib.import_module(f"{package.__name__}.{module.name}")
        for exercise in declared.EXERCISES:
            if exercise.name in found:
                raise ValueError(
                    f"Two exercises are named {exercise.name}, in {found[exercise.name].chapter}"
                    f" and {exercise.chapter}; names are unique in the course: rename one."
                )
            found[exercise.name] = exercise
    return found


def of_chapter(chapter: str) -> list[Exercise]:
    return [e for e in all_exercises().values() if e.chapter == chapter]
