"""The window as a whole: what is in it fits, and is said to those who cannot see it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bpviz.session.experiment import Experiment
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panel import Elided
from bpviz.ui.settings import Settings
from bpviz.ui.theme import SCALES
from tests.ui.hands import settle
from tests.ui.stage import Stage

LAYOUTS = ("train", "step", "lecture")
CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)


def opened(qtbot: QtBot, stage: Stage, size: tuple[int, int], layout: str) -> MainWindow:
    """Return a window of a size that has trained and stepped."""
    window = MainWindow(stage.model, Settings(None), preset="moons", size=size)
    qtbot.addWidget(window)
    window.show()
    stage.prepare(Experiment())
    stage.train(1)
    stage.frame()
    stage.step()
    window.actions_[f"{layout}_layout"].trigger()
    settle(window)
    settle(window)  # what the first painting has laid out anew
    return window


def seen(window: MainWindow, *kinds: type[QWidget]) -> list[QWidget]:
    return [widget for widget in window.findChildren(QWidget) if isinstance(widget, kinds) and widget.isVisible()]


def is_cut(label: QLabel) -> bool:
    wraps = label.wordWrap() or isinstance(label, Elided) or "<" in label.text()
    return not wraps and label.fontMetrics().horizontalAdvance(label.text()) > label.width()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)], ids=str)
def test_nothing_is_cut_off(qtbot: QtBot, stage: Stage, size: tuple[int, int], layout: str) -> None:
    window = opened(qtbot, stage, size, layout)
    assert (window.width(), window.height()) == size
    labels = [label for label in seen(window, QLabel) if isinstance(label, QLabel)]
    assert [label.text() for label in labels if is_cut(label)] == []
    for widget in seen(window, *CONTROLS, QLabel):
        assert window.rect().contains(QRect(widget.mapTo(window, QPoint()), widget.size())), widget


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_picture_has_a_name_for_those_who_cannot_see_it(qtbot: QtBot, stage: Stage, layout: str) -> None:
    window = opened(qtbot, stage, (1440, 900), layout)
    pictures = seen(window, QGraphicsView)
    assert len(pictures) >= 2
    assert [picture for picture in pictures if not picture.accessibleName()] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_editor_has_a_name_for_those_who_cannot_see_it(qtbot: QtBot, stage: Stage, layout: str) -> None:
    window = opened(qtbot, stage, (1440, 900), layout)
    editors = seen(window, QComboBox, QAbstractSpinBox, QLineEdit)
    nameless = [editor for editor in editors if not editor.accessibleName() and editor.objectName()[:3] != "qt_"]
    assert nameless == []


def test_colours_of_the_system_are_followed_only_when_they_are_asked_for(qtbot: QtBot, stage: Stage) -> None:
    window = opened(qtbot, stage, (1280, 720), "train")
    follows = window.actions_["theme_system"]
    assert follows.isChecked()
    window.actions_["theme"].trigger()
    assert not follows.isChecked()
    chosen = stage.model.theme
    window._system_theme_changed()
    assert stage.model.theme is chosen
    follows.trigger()
    assert follows.isChecked()


def test_numbers_of_the_experiment_are_whole_in_every_size_of_text(qtbot: QtBot, stage: Stage) -> None:
    window = opened(qtbot, stage, (1440, 900), "train")
    (area,) = window.experiment.findChildren(QScrollArea)
    for _ in SCALES:
        settle(window)
        settle(window)
        inside = area.widget()
        assert inside is not None
        assert inside.width() <= area.viewport().width()
        window.actions_["larger"].trigger()


def test_text_has_a_largest_and_a_smallest_size(qtbot: QtBot, stage: Stage) -> None:
    window = opened(qtbot, stage, (1280, 720), "train")
    heights = []
    for command in ("larger", "smaller"):
        for _ in range(10):
            window.actions_[command].trigger()
        settle(window)
        heights.append(window.tool_bar.epoch.fontMetrics().height())
    assert heights[0] > 1.8 * heights[1]
