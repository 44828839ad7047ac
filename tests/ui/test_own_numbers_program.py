"""Panel Mine in the real program, from the clipboard to the formula."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from bpviz.session.walkthrough.operations import Operation
from bpviz.ui.own_numbers.mine_panel import MinePanel
from bpviz.ui.own_numbers.number_table import FIRST
from tests.ui.conftest import OpenProgram
from tests.ui.user_input import click, lay_out_and_paint, press


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


def backpropagation_without_the_slope(start: str) -> np.ndarray:
    """Run somebody's program on the parameters that were copied; return its delta of layer 2."""
    n: dict[str, np.ndarray] = {}
    exec(start, n)
    a1 = sigmoid(n["x"] @ n["W1"] + n["b1"])
    a2 = np.tanh(a1 @ n["W2"] + n["b2"])
    a3 = sigmoid(a2 @ n["W3"] + n["b3"])
    delta3 = (a3 - n["y"]) * a3 * (1 - a3)
    return np.asarray(delta3 @ n["W3"].T)


def test_a_mistake_in_somebodys_program_is_named_and_shown(open_program: OpenProgram) -> None:
    driver = open_program()
    driver.wait_until_ready()
    driver.trigger("step_layout")
    driver.step("step_into")
    driver.window.docks.mine.bring_to_front()
    panel = driver.window.docks.mine.panel
    assert isinstance(panel, MinePanel)
    click(panel.start)
    delta = backpropagation_without_the_slope(QApplication.clipboard().text())
    panel.choice.show_key(("delta", 2))
    panel.choice.chosen.emit()
    with np.printoptions(precision=3):
        QApplication.clipboard().setText(repr(delta))
    press(panel.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    driver.wait_until(lambda: panel.own.checked is not None and not panel.own.checked.is_searching)
    assert panel.own.checked is not None
    assert panel.own.checked.causes[0] == "slope_left_out"
    assert panel.table.text(0, 0).startswith(FIRST)

    lay_out_and_paint(driver.window)
    label = panel.verdict.findChild(QLabel)
    assert label is not None
    before = driver.n_steps
    click(label, label.rect().topLeft() + label.fontMetrics().boundingRect("The first").bottomRight())
    driver.wait_until_stepped(before)
    update = driver.model.current_update
    assert update is not None
    assert update.operation == Operation("delta", 2)
    assert (driver.model.selection.layer, driver.model.selection.neuron) == (2, 0)
    assert driver.window.docks.formula.is_seen
    # The operations passed do not change the numbers: the answer stays.
    assert panel.own.checked is not None
