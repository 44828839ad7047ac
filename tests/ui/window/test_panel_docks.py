"""Panels are made when they are first seen, and then show what they would have shown all along."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.debugging.watches import Watch
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock
from bpviz.ui.window.panel_docks import PanelDocks
from tests.ui.stage import Stage

KEYS = (
    *("experiment", "surface", "curves", "deltas", "step", "operations", "formula", "operands", "code"),
    *("explain", "breakpoints", "watch", "check", "mine", "recording", "network", "comparison", "branches"),
    *("hidden_space", "confusion", "weights", "effect", "ledger", "find_bug", "lesson", "pictures"),
)
# Ranges of colours depend on what was drawn before, so a faint edge may differ by this much.
ROUNDING = 40


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    made.resize(640, 480)
    qtbot.addWidget(made)
    made.show()
    return made


def picture(window: QMainWindow, dock: PanelDock[Panel]) -> QImage:
    """Show the dock alone in the window with its panel, and return what it looks like."""
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    dock.show()
    window.resizeDocks([dock], [640], Qt.Orientation.Horizontal)
    QCoreApplication.processEvents()
    assert dock.panel.isVisible()
    QCoreApplication.processEvents()
    taken = dock.grab().toImage()
    dock.hide()
    return taken


def difference(one: QImage, other: QImage) -> int:
    """Return the largest difference of a colour channel, 0 to 255."""
    assert one.size() == other.size()
    pixels = [np.frombuffer(image.constBits(), dtype=np.uint8).astype(int) for image in (one, other)]
    return int(np.abs(pixels[0] - pixels[1]).max())


def work(stage: Stage) -> None:
    """Let everything happen that a panel shows."""
    stage.prepare()
    stage.tell_timeline()
    stage.model.debugger.set_breakpoints(tuple(READY_MADE.values())[:2])
    stage.model.debugger.set_watches((Watch(Metric("delta", 1)),))
    stage.train(3)
    stage.step()
    stage.model.select(sample=5, layer=2, neuron=1)
    stage.show_update(9)
    draw(stage)


def draw(stage: Stage) -> None:
    """Answer the request for a frame that is under way, and the one for a part of the plane that was set since."""
    stage.frame()
    stage.model.frame_requests.make_stale()
    stage.frame()


@pytest.mark.parametrize("key", [pytest.param(key, marks=() if key == "explain" else pytest.mark.slow) for key in KEYS])
def test_a_panel_made_late_looks_like_one_made_at_the_start(
    qtbot: QtBot, window: QMainWindow, stage: Stage, key: str
) -> None:
    early, late = (next(dock for dock in PanelDocks(stage.model).all if dock.objectName() == key) for _ in range(2))
    picture(window, early)
    work(stage)
    if key in ("surface", "curves", "network"):  # which are drawn coarsely for a while
        qtbot.waitUntil(lambda: not stage.model.frame_requests.is_hasty)
    picture(window, early)
    draw(stage)
    seen_early = picture(window, early)
    assert not late.is_made
    picture(window, late)
    draw(stage)
    assert difference(picture(window, late), seen_early) < ROUNDING
