"""Text of any size in windows of any size: nothing is cut off, nothing lies over anything else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.ui.layout_faults import layout_faults
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint

WORKSPACES = ("train", "step", "lecture", "compare")
USUAL = [((1280, 720), 1.0)]
SIZES = [(1024, 700), (1280, 720), (1440, 900), (3840, 2160)]
OTHERS = [(size, scale) for size in SIZES for scale in (1.0, 1.25, 1.5, 1.8, 2.2) if (size, scale) not in USUAL]


def settle(window: MainWindow, stage: Stage) -> None:
    """Make all panels that are seen, draw a frame, and lay out until nothing changes."""
    for _ in range(3):
        stage.model.paint_queue.finish()
        QCoreApplication.processEvents()
    stage.frame()
    lay_out_and_paint(window)


@pytest.mark.parametrize(("size", "scale"), [*USUAL, *(pytest.param(*each, marks=pytest.mark.slow) for each in OTHERS)])
def test_everything_can_be_read_and_reached(qtbot: QtBot, stage: Stage, size: tuple[int, int], scale: float) -> None:
    window = MainWindow(stage.model, Settings(None), preset="moons", size=size)
    qtbot.addWidget(window)
    window.appearance.set_scale(scale)
    window.show()
    stage.prepare(Experiment(samples=500))
    stage.train(1)
    stage.step()
    window.actions_["draw"].trigger()
    for workspace in WORKSPACES:
        window.actions_[f"{workspace}_layout"].trigger()
        settle(window, stage)
        assert (window.width(), window.height()) == size
        assert layout_faults(window) == [], workspace


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_any_other_panel_shown_with_those_of_training_leaves_them_readable(
    qtbot: QtBot, stage: Stage, size: tuple[int, int]
) -> None:
    window = MainWindow(stage.model, Settings(None), preset="moons", size=size)
    qtbot.addWidget(window)
    window.show()
    stage.prepare(Experiment(samples=500))
    stage.train(1)
    stage.step()
    settle(window, stage)
    for dock in [dock for dock in window.docks.all if not dock.isVisible()]:
        dock.toggleViewAction().trigger()
        dock.raise_()
        settle(window, stage)
        assert dock.is_seen
        assert (window.width(), window.height()) == size
        assert layout_faults(window) == [], dock.objectName()
        dock.hide()
