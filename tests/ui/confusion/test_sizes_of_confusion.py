"""The confusion matrix and its list in windows and at sizes of text in which a lecture shows them: nothing is cut."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.presets import load_preset
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.ui.layout_faults import layout_faults
from tests.ui.stage import Stage
from tests.ui.window.test_sizes import WORKSPACES, settle

CASES = [
    ("iris", (1280, 720), 1.0),
    ("iris", (1024, 700), 2.2),
    ("digits", (1280, 720), 1.5),
    ("digits", (1280, 720), 2.2),
    ("digits", (3840, 2160), 1.8),
]


@pytest.mark.slow
@pytest.mark.parametrize(("preset", "size", "scale"), CASES)
def test_everything_can_be_read_and_reached(
    qtbot: QtBot, stage: Stage, preset: str, size: tuple[int, int], scale: float
) -> None:
    window = MainWindow(stage.model, Settings(None), preset=preset, size=size)
    qtbot.addWidget(window)
    window.appearance.set_scale(scale)
    window.show()
    stage.prepare(load_preset(preset).experiment)
    stage.train(1)
    stage.step()
    for workspace in WORKSPACES:
        window.actions_[f"{workspace}_layout"].trigger()
        window.docks.confusion.bring_to_front()
        settle(window, stage)
        panel = window.docks.confusion.panel
        for _ in range(2):  # with the list, and without
            panel.view.chosen.emit(panel.matrix.index(0, 0))
            settle(window, stage)
            assert panel.is_seen
            assert [fault for fault in layout_faults(window) if fault.endswith("in confusion")] == [], workspace
