"""The machinery of the course: exercises and their checks, claims, progress, the builder."""

from helpers.course.autopsy import fails
from helpers.course.learner import check, claim, hint, solution

__all__ = ["check", "claim", "fails", "hint", "solution"]
