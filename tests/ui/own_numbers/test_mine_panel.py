"""Panel Mine, by replayed events."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from bpviz.core.mistakes.program import Key
from bpviz.session.engine.commands import CheckNumbers, GoToOperation
from bpviz.session.own_numbers.number_check import NumbersChecked, check_numbers_in_pieces
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.own_numbers.given_table import FIRST, OTHER_SHAPE, RIGHT, UNKNOWN
from bpviz.ui.own_numbers.given_table import WRONG as WRONG_ARRAY
from bpviz.ui.own_numbers.mine_panel import MinePanel
from bpviz.ui.own_numbers.number_table import NOT_GIVEN, WRONG
from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.widgets.cell_table import Role
from tests.session.helpers import SMALL
from tests.session.own_numbers.test_number_check import printed, program_of
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

BATCH = dataclasses.replace(SMALL, batch_size=4)
CONTROL = Qt.KeyboardModifier.ControlModifier
AT_DELTA_2 = 13


@pytest.fixture
def panel(stage: Stage, show: Show) -> MinePanel:
    made = MinePanel(stage.model)
    show(made, 460, 420)
    made.activateWindow()
    return made


def begin(stage: Stage, index: int = AT_DELTA_2, batch: bool = False) -> TracedUpdate:
    stage.prepare(BATCH if batch else SMALL)
    stage.train(1)
    return stage.show_update(index)


def answer(stage: Stage) -> NumbersChecked:
    """Tell what the session would: every result of the comparison that was asked for last."""
    update = stage.model.current_update
    assert update is not None
    numbers, tolerance = stage.commands.of(CheckNumbers)[-1]
    results = [result for result in check_numbers_in_pieces(update, numbers, tolerance) if result]
    for result in results:
        stage.tell(result)
    return results[-1]


def choose(panel: MinePanel, key: Key) -> None:
    choice = panel.choice
    choice.quantity.setCurrentIndex(choice.quantity.findData(key[0]))
    if key[1]:
        choice.layer.setCurrentIndex(choice.layer.findData(str(key[1])))


def paste(panel: MinePanel, text: str, key: Key | None = None) -> None:
    if key:
        choose(panel, key)
    QApplication.clipboard().setText(text)
    press(panel.view, Qt.Key.Key_V, CONTROL)


def paste_all(panel: MinePanel, update: TracedUpdate, *mistakes: tuple[str, int | None]) -> None:
    for key, values in program_of(update, *mistakes).items():
        paste(panel, printed(values), key)
        assert not is_problem(panel), panel.note.text()


def is_problem(panel: MinePanel) -> bool:
    return panel.note.isVisible() and panel.note.property("role") == "problem"


def texts(panel: MinePanel, row: int = 0) -> list[str]:
    return [panel.table.text(row, column) for column in range(panel.table.columnCount())]


def marks(panel: MinePanel) -> dict[Key, str]:
    return {key: panel.given.mark(key) for key in panel.given.keys}


def click_cell(panel: MinePanel, row: int, column: int) -> None:
    lay_out_and_paint(panel)
    panel.view.scrollTo(panel.table.index(row, column))
    click(panel.view.viewport(), panel.view.visualRect(panel.table.index(row, column)).center())


# The array that is shown


def test_before_the_first_operation_there_is_a_hint(panel: MinePanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.empty.isVisible()
    assert "F11" in panel.empty.text()


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        (Operation("z", 1), ("z", 1)),
        (Operation("loss", 3), ("loss", 0)),
        (Operation("delta", 2), ("delta", 2)),
        (Operation("dW", 3), ("dW", 3)),
        (Operation("update", 2), ("W_after", 2)),
    ],
)
def test_it_follows_the_operation(panel: MinePanel, stage: Stage, operation: Operation, key: Key) -> None:
    update = begin(stage, 1)
    stage.show_update(update.operations.index(operation) + 1)
    assert panel.choice.key() == key
    assert panel.choice.layer.isEnabled() == (key[1] > 0)


def test_another_array_can_be_chosen_until_the_next_operation(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    choose(panel, ("dW", 1))
    assert panel.caption() == "dW of layer 1 · 2 × 4"
    assert (panel.table.rowCount(), panel.table.columnCount()) == (2, 4)
    stage.show_update(AT_DELTA_2)
    assert panel.choice.key() == ("dW", 1)
    stage.show_update(1)
    assert panel.choice.key() == ("z", 1)


def test_a_batch_has_a_row_for_each_sample(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage, batch=True)
    choose(panel, ("delta", 1))
    assert panel.table.rowCount() == 4
    named = [panel.table.headerData(row, Qt.Orientation.Vertical) for row in range(4)]
    assert named == [f"sample {sample}" for sample in update.samples]


# Pasting, typing, deleting


def test_right_numbers_are_quiet(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage)
    paste_all(panel, update)
    assert answer(stage).first is None
    assert set(marks(panel).values()) == {RIGHT}
    choose(panel, ("delta", 2))
    assert not any(WRONG in text or FIRST in text or text == NOT_GIVEN for text in texts(panel))
    assert panel.table.ink(0, 0) is None
    assert panel.verdict.text().startswith("Right: all")


@pytest.mark.parametrize("batch", [False, True])
def test_the_first_wrong_number_is_marked_and_its_cause_named(panel: MinePanel, stage: Stage, batch: bool) -> None:
    update = begin(stage, batch=batch)
    paste_all(panel, update, ("slope_left_out", 2))
    answer(stage)
    found = marks(panel)
    assert found["delta", 2] == FIRST
    assert found["delta", 3] == found["error", 2] == RIGHT
    assert found["dW", 1] == WRONG_ARRAY
    choose(panel, ("delta", 2))
    assert [text.startswith(FIRST) for text in texts(panel)] == [True, False, False]
    assert all(text.startswith(WRONG) for text in texts(panel)[1:])
    assert panel.table.light(0, 0) is not None
    assert panel.table.light(0, 1) is None
    assert "In layer 2 the slope" in panel.verdict.text()


def test_until_the_answer_comes_nothing_is_marked(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "[1.0, 2.0, 3.0]")
    assert marks(panel) == {("delta", 2): UNKNOWN}
    assert panel.verdict.text() == "Comparing…"
    answer(stage)
    assert marks(panel) == {("delta", 2): FIRST}


@pytest.mark.parametrize("text", ["", "abc", "[1, 2", "[1 ... 3]", "1 2\n3", "[[1, 2], [3, 4]]", "nan 1 2", "1 2 3 4"])
def test_what_cannot_be_pasted_is_refused_in_a_sentence(panel: MinePanel, stage: Stage, text: str) -> None:
    begin(stage)
    paste(panel, text)
    assert is_problem(panel)
    assert panel.note.text().endswith(".")
    assert stage.commands.of(CheckNumbers) == []
    choose(panel, ("z", 1))
    assert not is_problem(panel)


def test_the_button_pastes_too(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    QApplication.clipboard().setText("1;2;3")
    click(panel.paste)
    assert texts(panel) == ["1.0", "2.0", "3.0"]


def test_a_transpose_is_exchanged_and_said(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage)
    right = program_of(update)["dW", 1]
    paste(panel, printed(right.T), ("dW", 1))
    assert "exchanged" in panel.note.text()
    assert answer(stage).first is None


def test_fewer_numbers_are_pasted_from_the_current_cell_on(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    click_cell(panel, 0, 1)
    paste(panel, "0.25\t0.5")
    assert texts(panel) == [NOT_GIVEN, "0.25", "0.5"]
    assert "2 of 3" in panel.note.text()
    answer(stage)
    assert texts(panel) == [NOT_GIVEN, f"{FIRST} 0.25", f"{WRONG}0.5"]
    assert "Give all numbers of delta of layer 2" in panel.verdict.text()


def test_a_number_is_typed_into_a_cell(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    panel.view.go_to(0, 2)
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_0)
    editor = panel.view.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, ",125")
    press(editor, Qt.Key.Key_Return)
    lay_out_and_paint(panel)  # Qt commits what was typed in an event of its own
    assert texts(panel) == [NOT_GIVEN, NOT_GIVEN, "0.125"]


def test_delete_removes_the_numbers_of_the_selected_cells(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "1 2 3")
    panel.view.go_to(0, 1)
    press(panel.view, Qt.Key.Key_Delete)
    assert texts(panel) == ["1.0", NOT_GIVEN, "3.0"]
    panel.view.selectAll()
    press(panel.view, Qt.Key.Key_Delete)
    assert not panel.own.numbers
    assert panel.given.keys == []


def test_undo_takes_back_change_after_change(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    assert not panel.undo.isEnabled()
    paste(panel, "1 2 3")
    paste(panel, "4 5 6")
    click(panel.clear)
    assert not panel.own.numbers
    for expected in ("4.0", "1.0", NOT_GIVEN):
        click(panel.undo)
        assert texts(panel)[0] == expected
    assert not panel.undo.isEnabled()


def test_copied_numbers_paste_back(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "0.1 0.2 0.3")
    panel.view.selectAll()
    press(panel.view, Qt.Key.Key_C, CONTROL)
    click(panel.clear)
    press(panel.view, Qt.Key.Key_V, CONTROL)
    assert texts(panel) == ["0.1", "0.2", "0.3"]


def test_a_wider_tolerance_calls_near_numbers_right(panel: MinePanel, stage: Stage) -> None:
    update = begin(stage)
    near = program_of(update)["delta", 2] * (1 + 1e-5)
    paste(panel, printed(near, 15), ("delta", 2))
    assert answer(stage).first is not None
    panel.tolerance.choose("1e-4")
    assert answer(stage).first is None


# The list of arrays that are given


def test_a_click_on_an_array_in_the_list_shows_it(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "1 2 3")
    choose(panel, ("z", 1))
    lay_out_and_paint(panel)
    click(panel.given_view.viewport(), panel.given_view.visualRect(panel.given.index(0, 0)).center())
    assert panel.choice.key() == ("delta", 2)
    assert texts(panel)[0] == "1.0"


def test_delete_in_the_list_removes_an_array(panel: MinePanel, stage: Stage) -> None:
    begin(stage)
    paste(panel, "1 2 3")
    panel.given_view.setCurrentIndex(panel.given.index(0, 0))
    press(panel.given_view, Qt.Key.Key_Delete)
    assert not panel.own.numbers
    assert not panel.given_view.isVisible()


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
    label = panel.verdict.widget()
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
    assert panel.readout.text().startswith(f"neuron 2: yours 0.125 − right {right} = ")
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
