import matplotlib.pyplot as plt
import numpy as np

from helpers import datasets, plots, video


def test_every_packet_is_drawn_where_it_is_shown_and_as_high_as_it_is_large() -> None:
    packets = video.read_packets(datasets.real_clip("bikes"))
    figure = video.draw_packets(packets)
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    assert list(lines) == ["I-frame", "P-frame", "B-frame"]
    assert len({line.get_marker() for line in lines.values()}) == 3  # told apart without colour
    for kind in "IPB":
        of_kind = packets.frame_type == kind
        line = lines[f"{kind}-frame"]
        assert np.allclose(np.asarray(line.get_xdata()) * 25, packets.pts[of_kind] / 512)
        assert np.allclose(np.asarray(line.get_ydata()) * 1000, packets.size[of_kind])
    plots.Picture(figure, "Packets.")  # its axes have labels
    assert not plt.get_fignums()


def test_only_the_types_that_there_are() -> None:
    figure = video.draw_packets(video.read_packets(datasets.real_clip("pedestrians")))
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["I-frame", "P-frame"]
    plt.close(figure)
