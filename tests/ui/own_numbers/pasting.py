"""What a user does with panel Mine, and what is read off it."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from bpviz.core.mistakes.program import Key
from bpviz.session.engine.commands import CheckNumbers
from bpviz.session.own_numbers.number_check import NumbersChecked, check_numbers_in_pieces
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.own_numbers.mine_panel import MinePanel
from tests.session.helpers import SMALL
from tests.session.own_numbers.test_number_check import printed, program_of
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

BATCH = dataclasses.replace(SMALL, batch_size=4)
CONTROL = Qt.KeyboardModifier.ControlModifier
AT_DELTA_2 = 13


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
