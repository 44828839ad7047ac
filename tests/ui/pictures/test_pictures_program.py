"""The panel in the real program: a digit is written, walked through, and left behind."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bpviz.session.engine.commands import GoTo, OpenSession, SaveSession
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import Operation
from bpviz.ui.pictures.pictures_panel import Mode, PicturesPanel
from tests.ui.conftest import OpenProgram
from tests.ui.pictures.conftest import DIGITS
from tests.ui.program_driver import ProgramDriver
from tests.ui.user_input import click, drag_to, lay_out_and_paint


def panel_of(driver: ProgramDriver, mode: Mode) -> PicturesPanel:
    panel = driver.window.docks.pictures.panel
    assert isinstance(panel, PicturesPanel)
    panel.mode.setCurrentText(mode)
    lay_out_and_paint(driver.window)
    return panel


def write(panel: PicturesPanel) -> None:
    pad = panel.draw.pad
    for start, end in (((1, 2), (4, 2)), ((4, 2), (4, 5)), ((2, 4), (7, 4))):
        drag_to(pad, pad.centre_of(*start).toPoint(), pad.centre_of(*end).toPoint(), press=True, release=True)


def walk(driver: ProgramDriver, panel: PicturesPanel) -> None:
    before = driver.n_steps
    click(panel.draw.walk)
    driver.wait_until_stepped(before)


def test_a_written_digit_passes_through_the_panels_of_the_walkthrough(open_program: OpenProgram) -> None:
    driver = open_program(DIGITS)
    driver.wait_until_ready()
    assert driver.window.docks.pictures.is_seen  # these data are pictures
    driver.step()
    driver.step("step_into")
    place = driver.position
    parameters = driver.model.frame.parameters.copy() if driver.model.frame else np.empty(0)
    panel = panel_of(driver, Mode.DRAW)
    write(panel)
    panel.draw.target.setCurrentIndex(4)
    walk(driver, panel)
    driver.trigger("step_layout")
    for key in ("operations", "formula", "operands", "network"):
        driver.window.docks.bring_to_front(key)
        lay_out_and_paint(driver.window)
    assert driver.window.docks.operations.panel.caption() == "operation 0 of 17 · own sample, class 4, inspected"
    driver.step("step_into")
    update = driver.model.current_update
    assert update is not None
    assert (update.is_own, update.operation) == (True, Operation("z", 1))
    assert driver.window.docks.formula.panel.caption().endswith("own sample")
    assert "adds up the inputs" in driver.window.docks.network.panel.caption()

    driver.window.docks.bring_to_front("pictures")
    lay_out_and_paint(driver.window)
    before = driver.n_steps
    click(panel.draw.back)
    driver.wait_until_stepped(before)
    update = driver.model.current_update
    assert update is not None
    assert not update.is_own
    assert driver.position == place
    driver.wait_until_drawn()
    assert driver.model.frame is not None
    np.testing.assert_array_equal(driver.model.frame.parameters, parameters)


@pytest.mark.slow
def test_a_walk_survives_time_travel_saving_and_opening(open_program: OpenProgram, tmp_path: Path) -> None:
    driver = open_program(dataclasses.replace(DIGITS, epochs=2))
    driver.wait_until_ready()
    driver.run_to_end()
    panel = panel_of(driver, Mode.DRAW)
    write(panel)
    walk(driver, panel)
    before = driver.n_steps
    driver.model.post(GoTo(Position(1, 40)))
    driver.wait_until_stepped(before)
    walk(driver, panel)
    assert driver.position == Position(1, 40)
    late = panel.draw.body.bars.outputs
    before = driver.n_steps
    driver.model.post(GoTo(Position(0)))
    driver.wait_until_stepped(before)
    driver.wait_until_drawn()
    early = panel.draw.body.bars.outputs
    assert early is not None
    assert late is not None
    assert not np.allclose(early.values, late.values)

    walk(driver, panel)
    saved, prepared = tmp_path / "digits.bpviz", driver.n_prepared
    driver.model.post(SaveSession(saved))
    driver.wait_until(saved.exists)
    driver.model.post(OpenSession(saved))
    driver.wait_until(lambda: driver.n_prepared > prepared)
    driver.wait_until(lambda: driver.model.position == Position(0))
    assert not driver.model.current_update or not driver.model.current_update.is_own
    driver.wait_until_drawn()
    again = panel.draw.body.bars.outputs
    assert again is not None
    np.testing.assert_allclose(again.values, early.values)
