"""A file's packets as a picture."""

from typing import TYPE_CHECKING

from helpers.video.packets import Packets

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Marker and colour, so that the types are told apart without colour, too.
_LOOKS = {"I": ("D", "vermillion"), "P": ("o", "blue"), "B": ("x", "orange")}


def draw_packets(packets: Packets) -> "Figure":
    """Draw packets on a time line: where each is shown, how large it is, and its type.

    Returns:
        A matplotlib figure, for `plots.show`.

    >>> from helpers import datasets, video
    >>> figure = draw_packets(video.read_packets(datasets.real_clip("bikes")))
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['I-frame', 'P-frame', 'B-frame']
    """
    import matplotlib.pyplot as plt  # not needed to read a file

    from helpers import plots

    figure, axes = plt.subplots(figsize=(9, 3))
    seconds, kilobytes = packets.pts * packets.time_base, packets.size / 1000
    for kind, (marker, name) in _LOOKS.items():
        of_kind = packets.frame_type == kind
        if of_kind.any():
            where, height, color = seconds[of_kind], kilobytes[of_kind], plots.COLORS[name]
            axes.vlines(where, 0, height, color=color, linewidth=1)
            label = f"{kind}-frame"
            axes.plot(where, height, marker, color=color, markersize=5, label=label)
    axes.set(xlabel="shown at (s)", ylabel="size of packet (kB)", ylim=(0, None))
    axes.legend(ncols=3, loc="lower right", bbox_to_anchor=(1, 1))
    return figure
