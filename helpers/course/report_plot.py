"""A picture of how a class did an assignment: its verdicts, and its misconceptions."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers import plots
from helpers.course.report import NO_RECORD, Tally

MOST_MISTAKES = 12  # in one picture; the table has them all
# Told apart by hatching, too, on paper and without colours.
PARTS = {
    "right": (plots.COLORS["green"], ""),
    "known mistake": (plots.COLORS["vermillion"], "//"),
    "other mistake": (plots.COLORS["orange"], ".."),
    "not attempted": ("#DDDDDD", ""),
    NO_RECORD: ("#777777", "xx"),
}


def figure(tallies: Sequence[Tally], title: str) -> Figure:
    """How many students have what, by exercise; below, the misconceptions, the commonest first.

    tallies: those of one assignment, at least one. No student is named.
    """
    mistakes = _mistakes(tallies)
    heights = [0.9 + 0.3 * len(tallies), 0.9 + 0.35 * max(len(mistakes), 1)]
    drawn, (above, below) = plt.subplots(
        nrows=2, figsize=(9, sum(heights) + 0.4), height_ratios=heights
    )
    above.set_title(title)
    _draw_verdicts(above, tallies)
    drawn.legend(loc="outside upper center", ncols=len(PARTS), fontsize=9)
    labels = [
        textwrap.fill(f"{exercise}: {name}", 48, break_long_words=False)
        for exercise, name, _ in mistakes
    ]
    color, hatch = PARTS["known mistake"]
    counts = [count for *_, count in mistakes]
    bars = below.barh(range(len(mistakes)), counts, color=color, hatch=hatch, edgecolor="white")
    below.bar_label(bars, padding=3)
    below.set_yticks(range(len(mistakes)), labels, fontsize=8)
    hidden = sum(len(t.misconceptions) for t in tallies) - len(mistakes)
    more = f" (and {hidden} more in the table)" if hidden else ""
    below.set(xlabel=f"students with this misconception{more}", ylabel="misconception")
    _whole_numbers_downwards(below, len(mistakes))
    return drawn


def describe(tallies: Sequence[Tally]) -> str:
    """What the figure shows, in words and numbers, for those who cannot see it."""
    verdicts = ", ".join(f"{t.exercise} {t.verdicts['right']} of {t.students}" for t in tallies)
    mistakes = "; ".join(f"{e}: {name}: {count}" for e, name, count in _mistakes(tallies))
    return f"Right answers: {verdicts}. Misconceptions: {mistakes or 'none'}."


def save(drawn: Figure, path: Path) -> None:
    """Write the figure as a picture and close it."""
    drawn.savefig(path, dpi=120)
    plt.close(drawn)


def _mistakes(tallies: Sequence[Tally]) -> list[tuple[str, str, int]]:
    """Exercise, misconception and number of students, the commonest first."""
    found = [(t.exercise, name, n) for t in tallies for name, n in t.misconceptions.items()]
    return sorted(found, key=lambda mistake: -mistake[2])[:MOST_MISTAKES]


def _draw_verdicts(axes: Axes, tallies: Sequence[Tally]) -> None:
    left = [0] * len(tallies)
    for part, (color, hatch) in PARTS.items():
        counts = [_count(t, part) for t in tallies]
        axes.barh(
            range(len(tallies)),
            counts,
            left=left,
            label=part,
            color=color,
            hatch=hatch,
            edgecolor="white",
        )
        left = [start + count for start, count in zip(left, counts, strict=True)]
    axes.set_yticks(range(len(tallies)), [t.exercise for t in tallies])
    axes.set(xlabel="students", ylabel="exercise")
    _whole_numbers_downwards(axes, len(tallies))


def _whole_numbers_downwards(axes: Axes, num_rows: int) -> None:
    """Whole students on the x axis, and the first row at the top."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=False, axis="y")
    axes.set_ylim(max(num_rows, 1) - 0.4, -0.6)


def _count(found: Tally, part: str) -> int:
    if part == "known mistake":
        return found.misconceptions.total()
    if part == "other mistake":
        return found.unrecognised
    return found.verdicts[part]
