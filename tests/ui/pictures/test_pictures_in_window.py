"""The panel in the window: when it comes by itself, and that everything on it can be read at any size."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.pictures.pictures_panel import Mode, PicturesPanel
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.settings import Settings
from tests.session.pictures.test_shape import own_table
from tests.ui.layout_faults import layout_faults
from tests.ui.pictures.conftest import DIGITS
from tests.ui.stage import Stage
from tests.ui.user_input import click
from tests.ui.window.test_sizes import WORKSPACES, settle

SIZES_AND_SCALES = [
    ((1280, 720), 1.0),
    ((1024, 700), 2.2),
    ((1280, 720), 1.5),
    ((1440, 900), 1.8),
]


@pytest.fixture
def window(qtbot: QtBot, stage: Stage) -> MainWindow:
    made = MainWindow(stage.model, Settings(None), preset="moons", size=(1280, 720))
    qtbot.addWidget(made)
    made.show()
    return made


def pictures(window: MainWindow) -> PicturesPanel:
    panel = window.docks.pictures.panel
    assert isinstance(panel, PicturesPanel)
    return panel


@pytest.mark.slow
def test_it_comes_with_data_that_are_pictures_and_only_in_place_of_others(window: MainWindow, stage: Stage) -> None:
    points, dock = Experiment(samples=60), window.docks.pictures
    stage.prepare(points)
    settle(window, stage)
    assert not dock.isVisible()
    stage.prepare(DIGITS)
    settle(window, stage)
    assert dock.is_seen
    dock.hide()
    stage.prepare(DIGITS)  # a reset
    settle(window, stage)
    assert not dock.isVisible()
    stage.prepare(points)
    stage.prepare(DIGITS)
    settle(window, stage)
    assert dock.is_seen


def test_the_view_menu_shows_and_hides_it(window: MainWindow, stage: Stage) -> None:
    stage.prepare(Experiment(samples=60))
    actions = [each for each in window.findChildren(QAction) if each.text() == "Pictures"]
    assert len(actions) == 1
    actions[0].trigger()
    settle(window, stage)
    assert window.docks.pictures.isVisible()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scale"), SIZES_AND_SCALES)
def test_everything_can_be_read_and_reached(
    window: MainWindow, stage: Stage, size: tuple[int, int], scale: float
) -> None:
    window.resize(*size)
    window.appearance.set_scale(scale)
    stage.prepare(DIGITS)
    stage.tell_timeline()
    stage.train(1)
    stage.show_update(5, sample=17)
    stage.model.select(layer=1, neuron=3)
    for workspace in WORKSPACES:
        window.actions_[f"{workspace}_layout"].trigger()
        window.docks.pictures.bring_to_front()
        settle(window, stage)
        for mode in Mode:
            pictures(window).mode.setCurrentText(mode)
            settle(window, stage)
            assert window.docks.pictures.is_seen
            assert layout_faults(window) == [], (workspace, mode)


@pytest.mark.parametrize("scale", [1.0, pytest.param(2.2, marks=pytest.mark.slow)])
def test_the_offer_to_show_a_table_as_a_picture_can_be_read(window: MainWindow, stage: Stage, scale: float) -> None:
    window.appearance.set_scale(scale)
    stage.prepare(own_table(9))
    window.docks.pictures.bring_to_front()
    settle(window, stage)
    assert layout_faults(window) == []
    click(pictures(window).none.square)
    settle(window, stage)
    assert layout_faults(window) == []
