"""The bars below the columns of the network."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from bpviz.ui.network.column_deltas import ColumnDeltas
from bpviz.ui.network.layout import lay_out
from bpviz.ui.style.theme import GAP


@pytest.fixture
def foot(qtbot: QtBot) -> ColumnDeltas:
    made = ColumnDeltas()
    qtbot.addWidget(made)
    return made


def test_bars_have_a_common_log_scale(foot: ColumnDeltas) -> None:
    foot.show_sizes((1.0, 0.1, 0.01))
    assert [foot.share(size) for size in (1.0, 0.1, 0.01, 0.0)] == pytest.approx([1, 5 / 6, 4 / 6, 0])
    foot.show_sizes((1e-9, 20.0))
    assert foot.share(1e-9) == pytest.approx(0)
    assert foot.toolTip().endswith("from 1e−9 to 100")


def test_numbers_that_would_overlap_have_one_digit(foot: ColumnDeltas) -> None:
    foot.show_sizes((3.54e-5, 6.61e-5, float("inf")))
    assert foot.texts(200) == ["3.5e−5", "6.6e−5", "not finite"]
    assert foot.texts(30) == ["4e−5", "7e−5", "not finite"]


def test_the_numbers_are_named_in_a_narrow_place_too(foot: ColumnDeltas) -> None:
    wide = foot.fontMetrics().horizontalAdvance("RMS delta ")
    assert foot.title(wide + 1) == "RMS delta"
    assert foot.title(wide - 1) == "RMS δ"
    assert foot.title(3) == ""


def test_numbers_of_columns_near_the_edge_do_not_touch(foot: ColumnDeltas) -> None:
    foot.resize(310, 30)
    layout = lay_out((2, 25, 50, 25, 2), 310, 90)
    sizes = tuple(0.0012 * (layer + 1) for layer in range(4))
    foot.follow(layout)
    foot.show_sizes(sizes)
    middles = foot._middles(layout)
    room = min(right - left for left, right in pairwise(middles))
    widest = max(map(foot.fontMetrics().horizontalAdvance, foot.texts(room - GAP)))
    assert widest < room
    assert middles[-1] < layout.middle(4)
