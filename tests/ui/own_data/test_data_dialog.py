"""Opening a table of one's own in the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import Load
from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.own_data.data_dialog import DataDialog
from bpviz.ui.window.main_window import MainWindow
from tests.session.own_table import text
from tests.session.tables import workbooks
from tests.ui.stage import Stage
from tests.ui.user_input import click

HOLED = "a,b,c\n" + "".join(f"{n},{n % 7},{'xy'[n % 2]}\n" for n in range(20)) + "5,oh,x\n6,,y\n"
Open = Callable[[str, str], DataDialog]


@pytest.fixture
def window(bare_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    stage.commands.given.clear()
    return bare_window


def dialog_of(window: MainWindow) -> DataDialog:
    """Return the dialog that is open."""
    (dialog,) = [each for each in window.findChildren(DataDialog) if each.isVisible()]
    return dialog


@pytest.fixture
def open_table(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> Open:
    def opened(content: str, encoding: str = "utf-8") -> DataDialog:
        path = tmp_path / "mine.csv"
        path.write_bytes(content.encode(encoding))
        window.data.open(str(path))
        dialog = dialog_of(window)
        qtbot.waitUntil(lambda: not dialog.progress.isVisible())
        return dialog

    return opened


def cell(dialog: DataDialog, row: int, column: int) -> object:
    model = dialog.preview.model()
    return model.data(model.index(row, column))


def loaded(stage: Stage, qtbot: QtBot) -> Experiment:
    qtbot.waitUntil(lambda: bool(stage.commands.given))
    (command,) = stage.commands.given
    assert isinstance(command, Load)
    return command.experiment


def test_a_table_is_shown_with_what_was_guessed_and_trained_on(open_table: Open, stage: Stage, qtbot: QtBot) -> None:
    dialog = open_table(text(), "utf-8")
    assert dialog.about.text() == "mine.csv: 30 rows, 5 columns"
    assert dialog.preview.model().headerData(3, Qt.Orientation.Horizontal) == "kind"
    assert cell(dialog, 1, 3) == "冬"
    dialog.form.target.setCurrentIndex(3)
    dialog.form.target.activated.emit(3)
    assert (dialog.form.task_name(), dialog.form.input_names()) == ("classification", ("a", "b", "colour", "height"))
    dialog.form.inputs.item(3).setCheckState(Qt.CheckState.Unchecked)
    dialog.form.scale.setCurrentText("standardise")
    dialog.form.split_seed.setText("7")
    click(dialog.train)
    made = loaded(stage, qtbot)
    assert (made.inputs, made.target, made.task) == (("a", "b", "colour"), "kind", "classification")
    assert (made.scale, made.split_seed, made.sizes) == ("standard", 7, (4, *made.hidden, 3))


def test_another_encoding_is_read_again(open_table: Open, qtbot: QtBot) -> None:
    dialog = open_table("größe;art\n1,5;ä\n2,5;b\n3,5;ä\n4,5;b\n", "cp1252")
    assert dialog.reading.decimal.currentData() == ","
    assert cell(dialog, 0, 1) == "ä"
    dialog.reading.encoding.setCurrentIndex(dialog.reading.encoding.findData("Cyrillic (cp1251)"))
    dialog.reading.encoding.activated.emit(0)
    qtbot.waitUntil(lambda: cell(dialog, 0, 1) == "д")


def test_rows_that_cannot_be_used_are_named_and_left_out(open_table: Open, stage: Stage, qtbot: QtBot) -> None:
    dialog = open_table(HOLED, "utf-8")
    assert "Row 22, column “b”: “oh” is no finite number." in dialog.problems.text()
    assert "2 rows have such cells." in dialog.problems.text()
    assert not dialog.train.isEnabled()
    click(dialog.leave_out)
    qtbot.waitUntil(dialog.train.isEnabled)
    assert not dialog.leave_out.isVisible()
    click(dialog.train)
    table = loaded(stage, qtbot).table
    assert table is not None
    assert table.n_rows == 20


def test_a_wrong_choice_is_a_sentence_and_the_dialog_stays(open_table: Open, stage: Stage, qtbot: QtBot) -> None:
    dialog = open_table(text(), "utf-8")
    dialog.form.test_share.setText("2")
    click(dialog.train)
    qtbot.waitUntil(lambda: bool(dialog.problems.text()))
    assert dialog.problems.text() == "Test share must be a number from 0.05 to 0.95, not 2"
    assert dialog.train.isEnabled()
    assert not stage.commands.given


def test_a_file_that_is_no_table_is_a_sentence(open_table: Open) -> None:
    dialog = open_table("a,b\n1,2,3,4\n", "utf-8")
    assert dialog.about.text() == "This table cannot be read."
    assert "The first row has 2 cells" in dialog.problems.text()
    assert not dialog.train.isEnabled()


def test_a_copied_table_is_pasted(window: MainWindow, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("a\tb\n1\tx\n2\ty\n3\tx\n4\ty\n")
    window.actions_["paste_data"].trigger()
    dialog = dialog_of(window)
    qtbot.waitUntil(lambda: not dialog.progress.isVisible())
    assert dialog.about.text() == "pasted table: 4 rows, 2 columns"


def test_an_empty_clipboard_is_a_sentence(window: MainWindow) -> None:
    QApplication.clipboard().clear()
    window.actions_["paste_data"].trigger()
    assert window.notice.isVisible()


def test_a_dropped_table_opens_the_dialog(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "dropped.tsv").write_text("a\tb\n1\t2\n3\t4\n")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.tsv"))])
    button, nothing = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, dropped, button, nothing)
    window.dragEnterEvent(entering)
    assert entering.isAccepted()
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, dropped, button, nothing))
    dialog = dialog_of(window)
    qtbot.waitUntil(lambda: dialog.about.text() == "dropped.tsv: 2 rows, 2 columns")


def test_closing_the_dialog_cancels_the_reading(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 400_000)
    window.data.open(str(path))
    dialog = dialog_of(window)
    results: list[object] = []
    dialog.job.done.connect(results.append)
    dialog.close()
    assert not results


def test_another_sheet_of_a_workbook_can_be_chosen(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    first: list[list[workbooks.Cell]] = [["a", "b"], [1, 2], [3, 4], [5, 6]]
    second: list[list[workbooks.Cell]] = [[1.5, 7, "x"], [2.5, 8, "y"]]
    path = tmp_path / "mine.xlsx"
    path.write_bytes(workbooks.workbook(first, second, []))
    window.data.open(str(path))
    dialog = dialog_of(window)
    qtbot.waitUntil(lambda: not dialog.progress.isVisible())
    sheet = dialog.reading.sheet
    assert [sheet.itemText(n) for n in range(sheet.count())] == ["Sheet1", "Sheet2", "Sheet3"]
    assert (sheet.isVisible(), sheet.currentText(), dialog.reading.header.isChecked()) == (True, "Sheet1", True)
    sheet.setCurrentIndex(1)
    sheet.activated.emit(1)
    qtbot.waitUntil(lambda: "2 rows, 3 columns" in dialog.about.text())
    assert not dialog.reading.header.isChecked()  # guessed anew
    click(dialog.reading.header)
    qtbot.waitUntil(lambda: "1 rows, 3 columns" in dialog.about.text())
    assert sheet.currentText() == "Sheet2"
    sheet.setCurrentIndex(2)
    sheet.activated.emit(2)
    qtbot.waitUntil(lambda: "The sheet Sheet3 has no cells" in dialog.problems.text())
    assert sheet.isVisible()


def test_without_several_sheets_there_is_no_choice_of_one(open_table: Open) -> None:
    assert not open_table(text(), "utf-8").reading.sheet.isVisible()
