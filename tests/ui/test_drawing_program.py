"""Drawing in the whole program: a real drag on the window, while the worker trains."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF

from bpviz.session.engine.commands import OpenSession, SaveSession
from bpviz.session.engine.events import State
from bpviz.session.files.session_file import read_session
from bpviz.session.training.strokes import Stroke
from bpviz.ui.training.drawing_bar import Tool
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver
from tests.ui.user_input import click, drag_to

ENDLESS = dataclasses.replace(SMALL, epochs=1_000_000)
N_TRAIN = 28


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    """A program that draws, with an experiment that does not end."""
    made = open_program(ENDLESS)
    made.wait_until_ready()
    made.trigger("draw")
    return made


def n_training(driver: ProgramDriver) -> int:
    prepared = driver.model.prepared
    assert prepared is not None
    return len(prepared.split.X_train)


def at(driver: ProgramDriver, x: float, y: float) -> QPoint:
    plot = driver.window.docks.surface.panel.plot
    found: QPoint = plot.mapFromScene(plot.getPlotItem().vb.mapViewToScene(QPointF(x, y)))
    return found


def drag(driver: ProgramDriver, start: tuple[float, float], end: tuple[float, float]) -> None:
    view = driver.window.docks.surface.panel.plot.viewport()
    drag_to(view, at(driver, *start), at(driver, *end), press=True, release=True)


def strokes(driver: ProgramDriver, path: Path) -> list[Stroke]:
    """Return the strokes of the session, as a file has them."""
    driver.model.post(SaveSession(path))
    driver.wait_until(path.exists)
    return [each.stroke for each in read_session(path).branches[0].interventions if each.stroke]


def test_a_drag_while_training_runs_is_trained_on_and_is_one_undo(driver: ProgramDriver, tmp_path: Path) -> None:
    driver.trigger("run")
    driver.wait_until(lambda: driver.position.epoch >= 2)
    drag(driver, (-0.5, 0.0), (1.0, 0.5))
    driver.wait_until(lambda: n_training(driver) > N_TRAIN)
    assert driver.model.is_running
    epoch = driver.position.epoch
    driver.wait_until(lambda: driver.position.epoch > epoch + 2)
    assert driver.window.docks.surface.panel.drawing.erasers == ()
    driver.trigger("pause")
    driver.wait_for_state(State.PAUSED)
    made = strokes(driver, tmp_path / "drawn.bpviz")
    assert [len(each.points) for each in made] == [n_training(driver) - N_TRAIN]
    driver.trigger("undo")
    driver.wait_until(lambda: n_training(driver) == N_TRAIN)
    driver.trigger("redo")
    driver.wait_until(lambda: n_training(driver) > N_TRAIN)
    driver.wait_until_drawn()


def test_a_press_and_a_release_of_the_mouse_draw_one_point(driver: ProgramDriver) -> None:
    panel = driver.window.docks.surface.panel
    click(panel.tools.tools[Tool.POINT])
    click(panel.tools.classes[1])
    where = at(driver, 0.5, 0.25)
    click(panel.plot.viewport(), where)
    driver.wait_until(lambda: n_training(driver) == N_TRAIN + 1)
    driver.wait_until_drawn()
    assert driver.model.prepared is not None
    np.testing.assert_allclose(driver.model.prepared.split.X_train[-1], (0.5, 0.25), atol=0.03)
    assert driver.model.prepared.split.labels_train[-1] == 1


def test_what_is_drawn_survives_reset_another_network_and_a_file(driver: ProgramDriver, tmp_path: Path) -> None:
    drag(driver, (-0.5, 0.0), (1.0, 0.5))
    driver.wait_until(lambda: n_training(driver) > N_TRAIN)
    many, path = n_training(driver), tmp_path / "drawn.bpviz"
    driver.step()
    driver.reset()
    assert n_training(driver) == many
    before = driver.n_prepared
    driver.model.load(dataclasses.replace(ENDLESS, hidden=(5, 3)), keeps_points=True)
    driver.wait_until(lambda: driver.n_prepared > before)
    driver.wait_for_state(State.PAUSED)
    assert n_training(driver) == many
    driver.step()
    driver.model.post(SaveSession(path))
    driver.wait_until(path.exists)
    bits = driver.model.prepared.split.X_train.tobytes() if driver.model.prepared else b""
    driver.model.load(SMALL)
    driver.wait_until(lambda: n_training(driver) == N_TRAIN)
    driver.model.post(OpenSession(path))
    driver.wait_until(lambda: n_training(driver) == many)
    driver.wait_for_state(State.PAUSED)
    assert driver.model.prepared is not None
    assert driver.model.prepared.split.X_train.tobytes() == bits


def test_everything_can_be_erased_and_drawn_anew_while_training_runs(driver: ProgramDriver) -> None:
    panel = driver.window.docks.surface.panel
    driver.trigger("run")
    click(panel.tools.clear)
    driver.wait_until(lambda: panel.tools.note.text() == "no points")
    assert driver.model.is_running
    for number, x in ((0, -0.5), (1, 1.0)):
        click(panel.tools.classes[number])
        drag(driver, (x, 0.0), (x + 0.3, 0.5))
    driver.wait_until(lambda: 0 < n_training(driver) < N_TRAIN)
    driver.wait_until(lambda: panel.tools.note.text() == "")
    driver.trigger("pause")
    driver.wait_for_state(State.PAUSED)
    driver.wait_until_drawn()
