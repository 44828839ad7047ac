"""The look of plots."""

import pytest
from pytestqt.qtbot import QtBot

from bpviz.ui.style.plot_style import make_plot


@pytest.mark.parametrize("name", ["x", "od280/od315 of diluted wines"])
def test_the_name_of_an_axis_stays_in_its_middle_when_it_changes(qtbot: QtBot, name: str) -> None:
    plot = make_plot("plot", x="input", y="output")
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    plot.setLabel("bottom", name)
    plot.fit_labels()
    axis = plot.getAxis("bottom")
    label = axis.label
    assert label.pos().x() + label.boundingRect().width() / 2 == pytest.approx(axis.size().width() / 2, abs=1)
