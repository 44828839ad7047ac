"""Panel Mine: the way to the operation, other updates and networks, its looks."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel

from bpviz.session.engine.commands import CheckNumbers, GoToOperation
from bpviz.session.own_numbers.number_check import check_numbers_in_pieces
from bpviz.session.walkthrough.operations import Operation
from bpviz.ui.own_numbers.given_table import FIRST, OTHER_SHAPE, UNKNOWN
from bpviz.ui.own_numbers.mine_panel import MinePanel
from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.widgets.cell_table import Role
from tests.session.helpers import SMALL
from tests.ui.own_numbers.pasting import (
    AT_DELTA_2,
    answer,
    begin,
    choose,
    click_cell,
    marks,
    paste,
    paste_all,
)
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

# To the operation


def test_the_sentence_leads_to_the_operation_and_the_formula_of_the_neuron(panel: MinePanel, stage: Stage) -> None:
    update, wanted = begin(stage, 1), list[str]()
    panel.other_wanted.connect(wanted.append)
    paste_all(panel, update, ("slope_left_out", 2))
    answer(stage)
    choose(panel, ("z", 1))
    panel.verdict.link_activated.emit("first")
    index = update.operations.index(Operation("delta", 2)) + 1
    assert stage.commands.of(GoToOperation) == [index]
    assert (stage.model.selection.layer, stage.model.selection.neuron) == (2, 0)
    assert wanted == ["formula"]
    assert panel.choice.key() == ("delta", 2)
    assert panel.view.current_cell() == (0, 0)


def test_a_click_on_the_sentence_is_a_click_on_its_link(panel: MinePanel, stage: Stage) -> None:
    begin(stage, 1)
    paste(panel, "[1.0, 2.0, 3.0]", ("delta", 2))
    answer(stage)
    lay_out_and_paint(panel)
    label = panel.verdict.findChild(QLabel)
    assert label is not None
    click(label, QPoint(40, label.fontMetrics().height() // 2))
    assert len(stage.commands.of(GoToOperation)) == 1


def test_return_on_a_number_leads_to_its_operation(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage, batch=True)
    paste_all(panel, update, ("slope_left_out", 2))
    choose(panel, ("delta", 2))
    panel.view.go_to(2, 1)
    press(panel.view, Qt.Key.Key_Return)
    assert stage.commands.of(GoToOperation) == []
    selection = stage.model.selection
    assert (selection.sample, selection.layer, selection.neuron) == (int(update.samples[2]), 2, 1)
    choose(panel, ("b_after", 1))
    panel.view.go_to(0, 3)
    press(panel.view, Qt.Key.Key_Return)
    assert stage.commands.of(GoToOperation) == [update.operations.index(Operation("update", 1)) + 1]


def test_at_the_update_the_chosen_biases_stay_chosen(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage)
    choose(panel, ("b_after", 1))
    stage.show_update(update.operations.index(Operation("update", 1)) + 1)
    assert panel.choice.key() == ("b_after", 1)


def test_a_click_on_a_cell_selects_its_neuron_and_reads_it_out(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage)
    paste(panel, "0.5 0.25 0.125")
    answer(stage)
    click_cell(panel, 0, 2)
    assert (stage.model.selection.layer, stage.model.selection.neuron) == (2, 2)
    right = repr(float(update.trace.layers[1].delta[0, 2])).replace("-", "−")
    assert panel.readout.text().startswith(f"neuron 2: yours 0.125 − right {right[:9]}")
    tip = panel.table.index(0, 2).data(Role.ToolTipRole)
    assert tip == panel.table.index(0, 2).data(Role.AccessibleTextRole)
    assert tip.startswith(f"delta of layer 2, neuron 2: yours 0.125, right {right}, difference ")


# Other updates and networks


def test_numbers_stay_and_are_not_compared_again_while_operations_of_one_update_follow(
    panel: MinePanel, stage: Stage
) -> None:
    begin(stage)
    paste(panel, "1 2 3")
    answer(stage)
    stage.show_update(AT_DELTA_2 + 1)
    assert len(stage.commands.of(CheckNumbers)) == 1
    assert marks(panel) == {("delta", 2): FIRST}


def test_another_sample_is_compared_anew(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "1 2 3")
    answer(stage)
    stage.show_update(3, sample=7)
    assert marks(panel) == {("delta", 2): UNKNOWN}
    assert len(stage.commands.of(CheckNumbers)) == 2


def test_an_answer_to_an_earlier_question_is_ignored(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage)
    paste(panel, "1 2 3")
    old = next(result for result in check_numbers_in_pieces(update, panel.own.numbers) if result)
    paste(panel, "4 5 6")
    stage.tell(old)
    assert marks(panel) == {("delta", 2): UNKNOWN}


def test_another_network_clears_the_numbers_and_undo_brings_them_back(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "1 2 3")
    stage.prepare(dataclasses.replace(SMALL, hidden=(4, 2)))
    stage.show_update(AT_DELTA_2)
    assert not panel.own.numbers
    assert "Undo" in panel.note.text()
    click(panel.undo)
    assert not panel.note.isVisible()
    assert marks(panel) == {("delta", 2): OTHER_SHAPE}
    assert "another shape" in panel.given.tip(0, 0)


def test_a_reset_keeps_the_numbers(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "1 2 3")
    begin(stage)
    assert marks(panel) == {("delta", 2): UNKNOWN}
    assert len(stage.commands.of(CheckNumbers)) == 2


def test_the_parameters_are_copied_as_python_that_starts_the_same_program(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage)
    click(panel.start)
    names: dict[str, np.ndarray] = {}
    exec(QApplication.clipboard().text(), names)
    np.testing.assert_array_equal(names["x"], update.trace.x)
    np.testing.assert_array_equal(names["y"], update.trace.y)
    for number, layer in enumerate(update.layers, start=1):
        np.testing.assert_array_equal(names[f"W{number}"], layer.W)
        np.testing.assert_array_equal(names[f"b{number}"], layer.b)
    assert names["learning_rate"] == update.learning_rate


# Looks


def test_a_hidden_panel_draws_nothing_until_it_is_shown(panel: MinePanel, stage: Stage) -> None:
    stage.prepare()
    panel.hide()
    stage.show_update(AT_DELTA_2)
    assert panel.caption() == ""
    panel.show()
    assert panel.caption().startswith("delta of layer 2")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_marks_have_the_colours_of_the_theme(panel: MinePanel, stage: Stage, theme: object) -> None:
    stage.model.set_theme(theme)  # type: ignore[arg-type]
    begin(stage)
    paste(panel, "[1.0, 2.0, 3.0]")
    answer(stage)
    ink = panel.table.index(0, 0).data(Role.ForegroundRole)
    assert ink.name().upper() == stage.model.theme.danger.upper()
    assert stage.model.theme.danger in panel.verdict.text()


def test_the_models_of_both_tables_are_sound(panel: MinePanel, stage: Stage) -> None:
    testers = [QAbstractItemModelTester(model) for model in (panel.table, panel.given)]
    update = begin(stage)
    paste_all(panel, update, ("sign_flipped", None))
    answer(stage)
    click(panel.clear)
    assert len(testers) == 2
    assert panel.table.index(0, 0) != QModelIndex()
