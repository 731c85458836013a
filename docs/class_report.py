"""Draw the picture of docs/teaching.md: what a report says about a class.

python docs/class_report.py writes docs/class_report.png. The class is simulated: thirty students,
each of whom hands in, at random, the right answer, a known mistake, or the blank stub. The real
check judges them.
"""

from pathlib import Path

import numpy as np

from helpers.course import report, report_plot
from helpers.course.checking import examine
from helpers.course.exercise import Exercise, of_chapter

CHAPTER = "21_boxes_and_average_precision"
STUDENTS = 30


def main() -> None:
    rng = np.random.default_rng(0)
    results = [
        hand_in(exercise, f"student {number}", rng)
        for exercise in of_chapter(CHAPTER)
        for number in range(STUDENTS)
    ]
    title = f"{CHAPTER}: a simulated class of {STUDENTS}"
    drawn = report_plot.figure(report.tally(results), title)
    report_plot.save(drawn, Path(__file__).with_suffix(".png"))


def hand_in(exercise: Exercise, student: str, rng: np.random.Generator) -> report.Result:
    """Half of the answers are right, four in ten a known mistake, one in ten the blank stub."""

    def blank(*args: object) -> None:
        raise NotImplementedError

    kind = rng.choice(["right", "known", "blank"], p=[0.5, 0.4, 0.1])
    number = min(int(rng.geometric(0.4)), len(exercise.misconceptions)) - 1
    if kind == "known":
        record = examine(exercise, exercise.misconceptions[number].function).record()
    elif kind == "blank":
        record = examine(exercise, blank).record()
    else:
        record = {"verdict": "right", "misconception": None, "points": float(exercise.points)}
    return report.Result(
        student,
        CHAPTER,
        exercise.name,
        record["verdict"],
        record["misconception"],
        record["points"],
        float(exercise.points),
    )


if __name__ == "__main__":
    main()
