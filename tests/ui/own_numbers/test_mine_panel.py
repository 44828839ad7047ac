"""Panel Mine: pasting into it, and its marks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from bpviz.core.mistakes.program import Key
from bpviz.session.engine.commands import CheckNumbers
from bpviz.session.walkthrough.operations import Operation
from bpviz.ui.own_numbers.given_table import FIRST, RIGHT, UNKNOWN
from bpviz.ui.own_numbers.given_table import WRONG as WRONG_ARRAY
from bpviz.ui.own_numbers.mine_panel import MinePanel
from bpviz.ui.own_numbers.number_table import NOT_GIVEN, WRONG
from tests.session.own_numbers.test_number_check import printed, program_of
from tests.ui.own_numbers.pasting import (
    AT_DELTA_2,
    CONTROL,
    answer,
    begin,
    choose,
    click_cell,
    is_problem,
    marks,
    paste,
    paste_all,
    texts,
)
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

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


@pytest.mark.slow
def test_the_table_scrolls_to_the_first_wrong_number(panel: MinePanel, stage: Stage) -> None:
    panel.resize(300, 300)
    update = begin(stage)
    choose(panel, ("dW", 2))
    lay_out_and_paint(panel)
    values = program_of(update)["dW", 2].copy()
    values[-1, -1] += 1.0
    paste(panel, printed(values))
    answer(stage)
    lay_out_and_paint(panel)
    last = panel.view.visualRect(panel.table.index(len(values) - 1, values.shape[1] - 1))
    assert panel.view.viewport().rect().intersects(last)
    assert panel.table.is_first(len(values) - 1, values.shape[1] - 1)
