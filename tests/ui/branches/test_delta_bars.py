"""The scale below the bars of delta RMS."""

import itertools

from pytestqt.qtbot import QtBot

from bpviz.ui.branches.delta_bars import DeltaBars
from bpviz.ui.plotting.log_scale import LogScale


def test_ticks_of_narrow_bars_are_left_out_rather_than_written_over_each_other(qtbot: QtBot) -> None:
    bars = DeltaBars()
    qtbot.addWidget(bars)
    width_of = bars.fontMetrics().horizontalAdvance
    counts = []
    for width in (180, 240, 900):
        bars.resize(width, 200)
        ends = [(x - width_of(text) / 2, x + width_of(text) / 2) for x, text in bars.ticks(LogScale(-4, 0))]
        assert all(before[1] < after[0] for before, after in itertools.pairwise(ends))
        counts.append(len(ends))
    assert 1 <= counts[0] < counts[-1] == 5
