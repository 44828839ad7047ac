"""Conventions in the real program: every panel follows at once or says so, and nothing that is trained changes."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu

from bpviz.session.conventions.conventions import NAMES
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.ui.walkthrough.operand_labels import cell_meaning, cell_value
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver

MAZUR = load_preset("mazur").experiment


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    made = open_program()
    made.wait_until_ready()
    made.model.load(MAZUR)
    made.wait_until(lambda: made.model.position == Position() and made.model.experiment == MAZUR)
    made.trigger("step_layout")
    return made


def step_to(driver: ProgramDriver, operation: int) -> None:
    while driver.position.operation < operation:
        driver.step("step_into")


def test_formula_operands_explanation_and_code_follow_at_once(driver: ProgramDriver) -> None:
    step_to(driver, 8)  # delta of layer 2
    docks = driver.window.docks
    driver.model.select(layer=2, neuron=0)
    for dock in (docks.formula, docks.operands, docks.code, docks.explain, docks.deltas):
        dock.bring_to_front()
        driver.wait_until(lambda dock=dock: dock.is_seen)  # type: ignore[misc]
    for name in NAMES:
        driver.trigger(f"convention_{name}")
    # delta = error × slope = 2 (y − a) a (1 − a), with the numbers of Mazur: −2 × 0.13849856
    docks.formula.bring_to_front()
    assert "δ<sub>1</sub> = (−1.48273014) × 0.186815602" in docks.formula.panel.numbers.text()
    assert "= −0.276997123" in docks.formula.panel.numbers.text()
    assert "error signal" in docks.formula.panel.sentence.text()
    *_, shown = docks.operands.panel.view.operands
    assert (shown.what, shown.values.shape) == ("error signal", (2, 1))
    assert shown.values[0, 0] == pytest.approx(-0.276997123, rel=1e-8)
    assert cell_value(shown, 0, 0) == "error signal of layer 2[1] = −0.276997"
    assert cell_meaning(shown, 0, 0) == "neuron 1 of layer 2"
    docks.code.bring_to_front()
    assert "−2 × those of the code" in docks.code.panel.relation.text()
    docks.explain.bring_to_front()
    assert docks.explain.panel.verdict.text().startswith("Neuron 1 of layer 2: error signal is −0.28")
    driver.trigger("convention_own")
    docks.formula.bring_to_front()
    assert "= 0.138498562" in docks.formula.panel.numbers.text()
    assert docks.code.panel.relation.isHidden()


@pytest.mark.slow
def test_heatmaps_of_deltas_and_their_table_follow_sign_and_factor(driver: ProgramDriver) -> None:
    driver.wait_until_drawn()
    deltas = driver.window.docks.deltas
    deltas.bring_to_front()
    driver.wait_until(lambda: deltas.is_seen)
    before = [column.values.copy() for column in deltas.panel.columns]
    driver.trigger("convention_negative")
    driver.trigger("convention_whole")
    for column, values in zip(deltas.panel.columns, before, strict=True):
        np.testing.assert_array_equal(column.values, -2 * values)
    assert deltas.panel.readout.text().startswith("−dL_s/dz")


@pytest.mark.slow
def test_sign_and_half_are_shown_with_every_optimiser(driver: ProgramDriver) -> None:
    adam = dataclasses.replace(MAZUR, optimiser="adam", l2=0.01)
    driver.model.load(adam)
    driver.wait_until(lambda: driver.model.position == Position() and driver.model.experiment == adam)
    step_to(driver, 20)  # the update of layer 1
    docks = driver.window.docks
    for dock in (docks.formula, docks.operands, docks.code):
        dock.bring_to_front()
    before = docks.operands.panel.view.operands
    driver.trigger("convention_negative")
    driver.trigger("convention_whole")
    shown = docks.operands.panel.view.operands
    for one, other, factor in zip(before, shown, (1, -2, 4, 1), strict=True):  # W, m, v, new W
        np.testing.assert_array_equal(factor * one.values, other.values)
    docks.formula.bring_to_front()
    assert " + 0.5 × " in docks.formula.panel.numbers.text()
    assert "along their mean negative gradient" in docks.formula.panel.sentence.text()
    docks.code.bring_to_front()
    assert "so are g, m; loss and epsilon: twice the code's" in docks.code.panel.relation.text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("loss", "reason"),
    [
        ("cross_entropy", "Cross-entropy has no half that could be left out."),
        ("mae", "Absolute error has no half that could be left out."),
        ("huber", "Without its half the two pieces of Huber would not meet."),
    ],
)
def test_the_menu_says_why_a_loss_has_no_half_to_leave_out(driver: ProgramDriver, loss: str, reason: str) -> None:
    action = driver.window.actions_["convention_whole"]
    driver.trigger("convention_whole")
    other = dataclasses.replace(MAZUR, loss=loss)
    driver.model.load(other)
    driver.wait_until(lambda: driver.model.prepared is not None and driver.model.prepared.experiment == other)
    assert not action.isEnabled()
    assert action.toolTip() == reason
    assert all(menu.toolTipsVisible() for menu in action.associatedObjects() if isinstance(menu, QMenu))
    driver.model.load(MAZUR)
    driver.wait_until(action.isEnabled)
    assert action.isChecked()  # the choice was kept
    assert action.toolTip() == "Errors and deltas are twice as large"


def test_what_is_trained_is_the_same_to_the_bit(driver: ProgramDriver, open_program: OpenProgram) -> None:
    for name in NAMES:
        driver.trigger(f"convention_{name}")
    driver.model.step("epoch", 3)
    driver.wait_until(lambda: driver.model.position == Position(3))
    found = driver.model.epochs.column("mse_train").copy()
    driver.trigger("convention_own")
    driver.model.load(MAZUR)
    driver.wait_until(lambda: driver.model.position == Position() and len(driver.model.epochs) == 0)
    driver.model.step("epoch", 3)
    driver.wait_until(lambda: len(driver.model.epochs) == 3)
    np.testing.assert_array_equal(driver.model.epochs.column("mse_train"), found)


@pytest.mark.slow
def test_panels_that_do_not_follow_say_so_in_their_title(driver: ProgramDriver) -> None:
    docks = driver.window.docks
    driver.trigger("convention_negative")
    assert docks.watch.panel.title_line.mark.text() == "bpviz's sign and ½"  # made just now
    assert docks.formula.panel.title_line.mark.text() == ""
    driver.trigger("convention_from_one")
    assert docks.network.panel.title_line.mark.text() == "from 0"
    assert docks.explain.panel.title_line.mark.text() == ""
    driver.trigger("convention_own")
    assert docks.watch.panel.title_line.mark.isHidden()


@pytest.mark.slow
def test_a_choice_is_kept_from_one_program_to_the_next(driver: ProgramDriver, open_program: OpenProgram) -> None:
    driver.trigger("convention_columns")
    driver.trigger("convention_signal")
    driver.close()
    again = open_program()
    again.wait_until_ready()
    assert again.model.conventions.chosen.to_text() == "columns signal"
    checked = [name for name in NAMES if again.window.actions_[f"convention_{name}"].isChecked()]
    assert checked == ["columns", "signal"]
