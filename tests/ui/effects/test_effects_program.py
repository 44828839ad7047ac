"""Ledger and effects in the real program, with its worker thread."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt

from bpviz.session.engine.commands import EditParameter, Run
from bpviz.session.engine.events import State
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations
from bpviz.ui.effects.effect_panel import EffectPanel, Mode
from bpviz.ui.effects.ledger_panel import LedgerPanel
from bpviz.ui.effects.ledger_table import MSE_ROSE
from tests.session.effects.by_hand import trained, updates_by_hand
from tests.session.effects.test_ledger import ledger_of
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver
from tests.ui.user_input import click, press

READY = len(operations(3)) - 3


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    """Return a program that has trained to its last epoch, the fifth."""
    made = open_program()
    made.wait_until_ready()
    made.model.post(Run())
    made.wait_for_state(State.FINISHED)
    return made


def ledger_panel(driver: ProgramDriver) -> LedgerPanel:
    driver.window.docks.ledger.bring_to_front()
    driver.wait_until(lambda: driver.window.docks.ledger.is_seen)
    return driver.window.docks.ledger.panel


def effect_panel(driver: ProgramDriver, mode: Mode) -> EffectPanel:
    driver.window.docks.effect.bring_to_front()
    driver.wait_until(lambda: driver.window.docks.effect.is_seen)
    panel = driver.window.docks.effect.panel
    panel.mode.setCurrentText(mode)
    return panel


def test_the_worst_update_of_an_epoch_is_found_and_gone_to(driver: ProgramDriver) -> None:
    panel = ledger_panel(driver)
    click(panel.make)
    driver.wait_until(lambda: panel.table.ledger is not None)
    expected = ledger_of(trained(epochs=5), 4)
    assert panel.table.ledger is not None
    np.testing.assert_allclose(panel.table.ledger.mse_change, expected.mse_change, rtol=1e-6, atol=1e-12)
    panel.filter.setCurrentText(MSE_ROSE)
    panel.view.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    panel.view.setCurrentIndex(panel.table.index(0, 4))
    press(panel.view, Qt.Key.Key_Return)
    worst = int(np.argmax(expected.mse_change))
    there = Position(4, int(expected.starts[worst]), READY)
    driver.wait_until(lambda: driver.model.position == there)
    assert driver.model.selection.sample == expected.samples[worst][0]
    assert panel.table.light(0, 0) is not None
    assert panel.view.currentIndex().row() == 0


@pytest.mark.slow
def test_what_an_update_an_epoch_and_past_updates_did_is_measured(driver: ProgramDriver) -> None:
    panel = effect_panel(driver, Mode.EPOCH)
    driver.wait_until(lambda: panel.readout.text().startswith("Epoch 4 to 5: "))
    assert driver.model.prepared is not None
    samples = driver.model.prepared.shown.train.tolist()
    of_epoch = panel.shown.changes.copy()
    driver.model.select(sample=8)
    panel.mode.setCurrentText(Mode.MOVERS)
    driver.wait_until(lambda: panel.readout.text().startswith("Sample 8, epoch 4 to 5: "))
    np.testing.assert_allclose(panel.shown.changes.sum(), of_epoch[samples.index(8)], rtol=1e-6)
    driver.model.go_to(Position(2, 6, READY))
    panel.mode.setCurrentText(Mode.UPDATE)
    sample = updates_by_hand(trained(), 2)[6].samples[0]
    driver.wait_until(lambda: panel.readout.text().startswith(f"Update with sample {sample} (not made yet): "))


@pytest.mark.slow
def test_a_step_is_predicted_where_the_measured_one_is_made(driver: ProgramDriver) -> None:
    driver.model.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=1e-4))
    driver.model.take_up(8)
    panel = effect_panel(driver, Mode.UPDATE)
    driver.wait_until(lambda: panel.readout.text().startswith("Update with sample 8 (inspected, not made): "))
    measured = panel.shown.changes.copy()
    panel.mode.setCurrentText(Mode.STEP)
    driver.wait_until(lambda: panel.readout.text().startswith("A step on sample 8, to first order: "))
    np.testing.assert_allclose(panel.shown.changes, measured, rtol=1e-2, atol=1e-3 * np.abs(measured).max())


@pytest.mark.slow
def test_a_weight_edited_in_the_epoch_drops_its_ledger(driver: ProgramDriver) -> None:
    panel = ledger_panel(driver)
    click(panel.make)
    driver.wait_until(lambda: panel.table.ledger is not None)
    driver.model.go_to(Position(4, 5))
    driver.wait_until(lambda: driver.model.position == Position(4, 5))
    driver.model.post(EditParameter(Edit(1, 0, 0, 3.0)))
    driver.wait_until(lambda: panel.table.ledger is None)


@pytest.mark.slow
def test_both_panels_follow_while_training_runs(open_program: OpenProgram) -> None:
    driver = open_program(dataclasses.replace(SMALL, epochs=1_000_000))
    driver.wait_until_ready()
    panel = effect_panel(driver, Mode.EPOCH)
    ledger = ledger_panel(driver)
    driver.window.docks.effect.bring_to_front()
    driver.model.post(Run())
    seen: set[str] = set()

    def has_followed() -> bool:
        seen.add(panel.readout.text())
        return sum(text.startswith("Epoch") for text in seen) >= 2

    driver.wait_until(has_followed)
    click(ledger.make)
    driver.wait_until(lambda: ledger.table.ledger is not None)
    assert driver.model.is_running
    driver.trigger("pause")
    driver.wait_for_state(State.PAUSED)
