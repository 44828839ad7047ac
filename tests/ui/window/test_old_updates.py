"""Panels that show an update from before a run are dimmed while it lasts."""

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtGui import QColor, QImage

from bpviz.session.engine.events import State
from bpviz.ui.widgets.layout_barrier import LayoutBarrier
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint

NAMES = ("step", "operations", "formula", "operands", "code", "explain")


def dock_of(window: MainWindow, name: str) -> PanelDock[Panel]:
    return next(dock for dock in window.docks.all if dock.objectName() == name)


def bodies(window: MainWindow) -> list[LayoutBarrier]:
    """Return the bodies of the panels that have been made."""
    found = [dock_of(window, name).widget() for name in NAMES if dock_of(window, name).is_made]
    assert len(found) > 2
    return [body for body in found if isinstance(body, LayoutBarrier)]


def darkest(dock: PanelDock[Panel]) -> int:
    """Return the lightness of the darkest pixel of a panel's body."""
    body = dock.widget()
    # Of the window, since an effect paints a widget together with what is behind it.
    whole = dock.window().grab(QRect(body.mapTo(dock.window(), QPoint()), body.size()))
    picture = whole.toImage().convertToFormat(QImage.Format.Format_RGB32).scaled(160, 160)
    return min(QColor(picture.pixel(x, y)).lightness() for x in range(160) for y in range(160))


@pytest.fixture
def window(main_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    main_window.actions_["step_layout"].trigger()
    main_window.model.paint_queue.finish()
    return main_window


@pytest.mark.parametrize("name", [*NAMES[:2], *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[2:])])
def test_an_old_update_is_dim_while_training_runs(window: MainWindow, stage: Stage, name: str) -> None:
    stage.show_update(9)
    dock = dock_of(window, name)
    dock.bring_to_front()
    assert dock.panel
    lay_out_and_paint(window)
    clear = darkest(dock)
    stage.become(State.RUNNING)
    assert darkest(dock) > clear + 50
    stage.become(State.PAUSED)
    assert darkest(dock) == clear


def test_a_panel_that_is_made_while_training_runs_is_dim(window: MainWindow, stage: Stage) -> None:
    stage.show_update(9)
    stage.become(State.RUNNING)
    assert not window.docks.step.is_made
    window.docks.step.bring_to_front()
    window.model.paint_queue.finish()
    body = window.docks.step.widget()
    assert isinstance(body, LayoutBarrier)
    assert body.veil is not None


def test_without_an_update_nothing_is_dimmed(window: MainWindow, stage: Stage) -> None:
    stage.become(State.RUNNING)
    assert all(body.veil is None for body in bodies(window))


def test_the_veil_follows_the_size_of_its_panel(window: MainWindow, stage: Stage) -> None:
    stage.show_update(9)
    stage.become(State.RUNNING)
    window.resize(window.width() + 80, window.height())
    QCoreApplication.sendPostedEvents()
    assert all(body.veil is not None and body.veil.size() == body.size() for body in bodies(window))
