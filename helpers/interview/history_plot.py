"""The history as a figure: how the share of the points changes from interview to interview."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers import plots
from helpers.interview import session
from helpers.interview.history import Interview
from helpers.interview.question import GROUPS
from helpers.interview.scorecard import local_time

MOST_INTERVIEWS = 12  # side by side; more would be too narrow to read


def history_table(interviews: Sequence[Interview]) -> tuple[list[str], np.ndarray]:
    """The groups that were asked, and the shares of their points.

    Returns the keys of the groups in the order of `GROUPS`, and a float64 array (groups,
    interviews) of shares from 0 to 1, NaN where an interview did not ask a group. Interviews
    without an answer must be left out (``ValueError``).
    """
    if not interviews or not all(interview.answers for interview in interviews):
        raise ValueError(
            "interviews must hold at least one, and each must have an answer: leave out those "
            "without, as in [held for held in history.interviews() if held.answers]."
        )
    shares = [
        {score.group: score.share for score in session.scorecard(interview.answers)}
        for interview in interviews
    ]
    groups = [group for group in GROUPS if any(group in held for held in shares)]
    table = [[held.get(group, np.nan) for held in shares] for group in groups]
    return groups, np.array(table)


def plot_history(interviews: Sequence[Interview]) -> Figure:
    """The latest twelve interviews: the share of all points above, by group below.

    Alternative text: "A line of the share of all points, one dot an interview, from the oldest
    to the latest; below it a table of colours, a row for each group of questions and a column
    for each interview, with the share of the points written in each field. Fields of groups
    that an interview did not ask are empty." `describe_history` adds the numbers.

    ``interviews`` as for `history_table`, oldest first. The figure is for ``plots.show``.
    """
    interviews = interviews[-MOST_INTERVIEWS:]
    groups, table = history_table(interviews)
    figure, (above, below) = plt.subplots(
        nrows=2,
        figsize=(8, 3 + 0.35 * len(groups)),
        sharex=True,
        height_ratios=[2, max(1.5, 0.35 * len(groups))],
    )
    columns = np.arange(len(interviews))
    above.plot(columns, 100 * _totals(interviews), "o-", color=plots.COLORS["blue"])
    above.set(ylim=(0, 105), xlabel="interview, oldest first", ylabel="all points (%)")
    _draw_table(below, table)
    below.set_yticks(range(len(groups)), [GROUPS[group].en for group in groups])
    labels = [local_time(interview.started)[5:].replace(" ", "\n") for interview in interviews]
    below.set_xticks(columns, labels, fontsize=8)
    below.set(xlabel="interview (month-day and time)", ylabel="group")
    return figure


def describe_history(interviews: Sequence[Interview]) -> str:
    """What `plot_history` shows, in words and numbers, for ``plots.show(figure, alt=...)``."""
    interviews = interviews[-MOST_INTERVIEWS:]
    groups, table = history_table(interviews)
    totals = ", ".join(f"{share:.0%}" for share in _totals(interviews))
    latest = ", ".join(
        f"{GROUPS[group].en} {row[~np.isnan(row)][-1]:.0%}"
        for group, row in zip(groups, table, strict=True)
    )
    return (
        f"Share of all points in {len(interviews)} interviews, oldest first: {totals}. The "
        f"latest share of each group: {latest}."
    )


def _draw_table(axes: Axes, table: np.ndarray) -> None:
    axes.imshow(table, vmin=0, vmax=1, aspect="auto")
    axes.grid(visible=False)
    for (row, column), share in np.ndenumerate(table):
        if not np.isnan(share):
            # The colour map is dark up to its middle.
            color = "black" if share > 0.5 else "white"
            axes.text(column, row, f"{share:.0%}", ha="center", va="center", color=color)


def _totals(interviews: Sequence[Interview]) -> np.ndarray:
    """The share of all points of each interview, (interviews,)."""
    scores = [session.total(session.scorecard(interview.answers)) for interview in interviews]
    return np.array([score.share for score in scores])
