"""What is on the screen after a change of the theme: not what a grab paints anew, but what the window has painted."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsView
from pytestqt.qtbot import QtBot

from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage


def corner_colour(window: MainWindow, view: QGraphicsView) -> str:
    """Return the colour that the screen shows in the upper left corner of a view, where nothing is drawn."""
    at = view.viewport().mapTo(window, QPoint(2, 2))
    return str(window.screen().grabWindow(window.winId()).toImage().pixelColor(at).name())


@pytest.mark.parametrize(
    "name", ["surface", *(pytest.param(name, marks=pytest.mark.slow) for name in ("curves", "deltas"))]
)
def test_plots_change_their_background_while_paused(
    qtbot: QtBot, main_window: MainWindow, stage: Stage, name: str
) -> None:
    stage.prepare()
    stage.train(2)
    (dock,) = (each for each in main_window.docks.all if each.objectName() == name)
    view = dock.panel.findChild(QGraphicsView)
    assert view is not None
    main_window.actions_["theme"].setChecked(False)
    main_window.actions_["theme"].trigger()
    qtbot.waitUntil(lambda: corner_colour(main_window, view) == QColor(DARK.paper).name())
    main_window.actions_["theme"].trigger()
    qtbot.waitUntil(lambda: corner_colour(main_window, view) == QColor(LIGHT.paper).name())
