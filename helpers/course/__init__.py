"""The machinery of the course: exercises and their checks, claims, progress, the builder."""

from helpers.course.learner import check, claim, hint, solution

__all__ = ["check", "claim", "hint", "solution"]
