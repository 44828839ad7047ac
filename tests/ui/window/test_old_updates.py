"""Panels that show an update from before a run are dimmed while it lasts."""

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtGui import QColor, QImage

from bpviz.session.engine.events import State
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage

NAMES = ("step", "operations", "formula", "operands", "code", "explain")


def darkest(panel: Panel) -> int:
    """Return the lightness of the darkest pixel of a panel's body."""
    body = panel.widget()
    # Of the window, since an effect paints a widget together with what is behind it.
    whole = panel.window().grab(QRect(body.mapTo(panel.window(), QPoint()), body.size()))
    picture = whole.toImage().convertToFormat(QImage.Format.Format_RGB32).scaled(160, 160)
    return min(QColor(picture.pixel(x, y)).lightness() for x in range(160) for y in range(160))


@pytest.fixture
def window(main_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    main_window.actions_["step_layout"].trigger()
    return main_window


@pytest.mark.parametrize("name", NAMES)
def test_an_old_update_is_dim_while_training_runs(window: MainWindow, stage: Stage, name: str) -> None:
    stage.show_update(9)
    panel: Panel = getattr(window, name)
    panel.show()
    panel.raise_()
    clear = darkest(panel)
    stage.become(State.RUNNING)
    assert darkest(panel) > clear + 50
    stage.become(State.PAUSED)
    assert darkest(panel) == clear


def test_without_an_update_nothing_is_dimmed(window: MainWindow, stage: Stage) -> None:
    stage.become(State.RUNNING)
    assert all(getattr(window, name).widget().veil is None for name in NAMES)


def test_the_veil_follows_the_size_of_its_panel(window: MainWindow, stage: Stage) -> None:
    stage.show_update(9)
    stage.become(State.RUNNING)
    window.resize(window.width() + 80, window.height())
    QCoreApplication.sendPostedEvents()
    bodies = [getattr(window, name).widget() for name in NAMES]
    assert all(body.veil.size() == body.size() for body in bodies)
