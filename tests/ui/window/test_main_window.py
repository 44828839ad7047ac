"""The window as a whole: everything fits, and everything has an accessible name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.network.view import NetworkView
from bpviz.ui.style.theme import SCALES
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint

CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)


@pytest.fixture
def open_sized(qtbot: QtBot, stage: Stage) -> Callable[[int, int], MainWindow]:
    """Open a window of a given size that has trained and stepped."""

    def open_one(width: int, height: int) -> MainWindow:
        window = MainWindow(stage.model, Settings(None), preset="moons", size=(width, height))
        qtbot.addWidget(window)
        window.show()
        stage.prepare(Experiment(samples=500))
        stage.train(1)
        stage.frame()
        stage.step()
        return window

    return open_one


OpenSized = Callable[[int, int], MainWindow]


def in_each_layout(window: MainWindow) -> Iterator[str]:
    for layout in ("train", "step", "lecture", "compare"):
        window.actions_[f"{layout}_layout"].trigger()
        lay_out_and_paint(window)
        lay_out_and_paint(window)  # applies layout changes that the first paint has caused
        yield layout


def seen(window: MainWindow, *kinds: type[QWidget]) -> list[QWidget]:
    """Return the panels that are visible and not behind a tab."""
    behind = [panel for panel in window.docks.all if not panel.is_seen]
    visible = [widget for widget in window.findChildren(QWidget) if isinstance(widget, kinds) and widget.isVisible()]
    return [widget for widget in visible if not any(panel.isAncestorOf(widget) for panel in behind)]


def test_plots_and_editors_have_accessible_names(open_sized: OpenSized) -> None:
    window = open_sized(1440, 900)
    for layout in in_each_layout(window):
        pictures, editors = (
            seen(window, QGraphicsView, NetworkView),
            seen(window, QComboBox, QAbstractSpinBox, QLineEdit),
        )
        assert pictures
        nameless = [widget for widget in (*pictures, *editors) if not widget.accessibleName()]
        assert [widget for widget in nameless if not widget.objectName().startswith("qt_")] == [], layout


@pytest.mark.slow
def test_the_desktop_s_theme_is_used_only_on_request(open_sized: OpenSized, stage: Stage) -> None:
    window = open_sized(1280, 720)
    follows = window.actions_["theme_system"]
    assert follows.isChecked()
    window.actions_["theme"].trigger()
    assert not follows.isChecked()
    chosen = stage.model.theme
    window.appearance._system_theme_changed()
    assert stage.model.theme is chosen
    follows.trigger()
    assert follows.isChecked()


@pytest.mark.slow
def test_numbers_of_the_experiment_are_fully_visible_at_every_font_size(open_sized: OpenSized) -> None:
    window = open_sized(1440, 900)
    (area,) = window.docks.experiment.panel.findChildren(QScrollArea)
    for _ in SCALES:
        lay_out_and_paint(window)
        lay_out_and_paint(window)
        inside = area.widget()
        assert inside is not None
        assert inside.width() <= area.viewport().width()
        window.actions_["larger"].trigger()


@pytest.mark.slow
def test_the_font_size_has_limits(open_sized: OpenSized, stage: Stage) -> None:
    window = open_sized(1280, 720)
    heights = []
    for command in ("larger", "smaller"):
        for _ in range(10):
            window.actions_[command].trigger()
        lay_out_and_paint(window)
        heights.append(window.tool_bar.epoch.fontMetrics().height())
    assert heights[0] > 1.8 * heights[1]
