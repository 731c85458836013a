"""The history as a figure: how the share of the points changes from interview to interview."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers import plots
from helpers.interview import session
from helpers.interview.history import Interview
from helpers.interview.phrases import PHRASES
from helpers.interview.question import GROUPS, Language
from helpers.interview.scorecard import local_time
from helpers.interview.text import Count

MOST_INTERVIEWS = 12  # side by side; more would be too narrow to read
# Those of Linux, macOS and Windows. The Japanese one, last, is the name by which older versions
# of Matplotlib know Noto's file for all of Chinese, Japanese and Korean.
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti TC",
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans CJK JP",
)


@dataclass(frozen=True)
class _Words:
    """What stands beside the figure's axes, and what it shows, for screen readers."""

    order: str
    share: str
    time: str
    group: str
    about: str


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        order="interview, oldest first",
        share="all points (%)",
        time="interview (month-day and time)",
        group="group",
        about="Share of all points in {total} interview{total:s}, oldest first: {shares}. The "
        "latest share of each group: {groups}.",
    ),
    "zh": _Words(
        order="历次面试（从早到晚）",
        share="总得分率（%）",
        time="面试时间（月-日 时:分）",
        group="类别",
        about="{total} 次面试的总得分率（从早到晚）：{shares}。各类别最近一次的得分率：{groups}。",
    ),
}


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


def plot_history(interviews: Sequence[Interview], language: Language = "en") -> Figure:
    """The latest twelve interviews: the share of all points above, by group below.

    Alternative text: "A line of the share of all points, one dot an interview, from the oldest
    to the latest; below it a table of colours, a row for each group of questions and a column
    for each interview, with the share of the points written in each field. Fields of groups
    that an interview did not ask are empty." `describe_history` adds the numbers.

    ``interviews`` as for `history_table`, oldest first. The figure is for ``plots.show``. Its
    labels are English where no font for Chinese is installed.
    """
    if language == "zh":
        fonts = _chinese_fonts()
        # Matplotlib's own font comes first; from the next it takes what the first lacks.
        with plt.rc_context({"font.family": [*plt.rcParams["font.family"], *fonts]}):
            return _plot(interviews, "zh" if fonts else "en")
    return _plot(interviews, "en")


def _chinese_fonts() -> list[str]:
    """The installed ones, since Matplotlib warns of each that is missing."""
    installed = font_manager.get_font_names()
    return [name for name in CHINESE_FONTS if name in installed]


def _plot(interviews: Sequence[Interview], language: Language) -> Figure:
    words = _WORDS[language]
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
    above.set(ylim=(0, 105), xlabel=words.order, ylabel=words.share)
    _draw_table(below, table)
    below.set_yticks(range(len(groups)), [GROUPS[group][language] for group in groups])
    labels = [local_time(interview.started)[5:].replace(" ", "\n") for interview in interviews]
    below.set_xticks(columns, labels, fontsize=8)
    below.set(xlabel=words.time, ylabel=words.group)
    return figure


def describe_history(interviews: Sequence[Interview], language: Language = "en") -> str:
    """What `plot_history` shows, in words and numbers, for ``plots.show(figure, alt=...)``."""
    interviews = interviews[-MOST_INTERVIEWS:]
    groups, table = history_table(interviews)
    comma = PHRASES[language].comma
    return _WORDS[language].about.format(
        total=Count(len(interviews)),
        shares=comma.join(f"{share:.0%}" for share in _totals(interviews)),
        groups=comma.join(
            f"{GROUPS[group][language]} {row[~np.isnan(row)][-1]:.0%}"
            for group, row in zip(groups, table, strict=True)
        ),
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
