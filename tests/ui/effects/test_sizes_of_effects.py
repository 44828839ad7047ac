"""The two panels in windows and at sizes of text in which a lecture shows them: nothing is cut off."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.effects.by_hand import trained
from tests.session.effects.test_ledger import ledger_of
from tests.ui.effects.measured import answer
from tests.ui.layout_faults import layout_faults
from tests.ui.stage import Stage
from tests.ui.window.test_sizes import WORKSPACES, settle

SIZES_AND_SCALES = [
    ((1280, 720), 1.0),
    ((1024, 700), 2.2),
    ((1280, 720), 1.5),
    ((3840, 2160), 1.8),
]


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scale"), SIZES_AND_SCALES)
def test_everything_can_be_read_and_reached(qtbot: QtBot, stage: Stage, size: tuple[int, int], scale: float) -> None:
    window = MainWindow(stage.model, Settings(None), preset="moons", size=size)
    qtbot.addWidget(window)
    window.appearance.set_scale(scale)
    window.show()
    experiment = Experiment(samples=100)
    stage.prepare(experiment)
    stage.tell_timeline()
    stage.train(1)
    stage.step()
    ledger = ledger_of(trained(experiment, epochs=1), 0)
    for workspace in WORKSPACES:
        window.actions_[f"{workspace}_layout"].trigger()
        for dock in (window.docks.effect, window.docks.ledger):
            dock.bring_to_front()
            settle(window, stage)
            if dock is window.docks.effect:
                answer(stage)
            else:
                window.docks.ledger.panel.make.click()
                stage.tell(ledger)
            settle(window, stage)
            assert dock.is_seen
            assert layout_faults(window) == [], (workspace, dock.objectName())
