"""The dialog in which a table becomes an experiment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.table_experiment import on_table
from bpviz.session.tables.limits import Progress
from bpviz.session.tables.read_options import ReadOptions
from bpviz.session.tables.reading import ReadTable
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import quoted
from bpviz.ui.own_data.background_job import BackgroundJob
from bpviz.ui.own_data.data_form import DataForm
from bpviz.ui.own_data.reading_form import ReadingForm
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel

Read = Callable[[ReadOptions, Progress], ReadTable]
_SIZE = QSize(820, 640)
_ROWS, _COLUMNS, _PROBLEMS = 20, 50, 3
_SPLIT = ("scale", "test_share", "split_seed")


@dataclass(frozen=True)
class _LeftOver:
    """What is left of a table without the rows that cannot be used."""

    table: Table


class DataDialog(QDialog):
    """Shows a table and what was guessed about it. Not modal; reading does not block the window.

    Parameters
    ----------
    parent : QWidget
    model : ViewModel
    read : callable
        ``read(options, progress)`` -> the table; called on a thread.
    """

    def __init__(self, parent: QWidget, model: ViewModel, read: Read) -> None:
        super().__init__(parent)
        self._model, self._read = model, read
        self._table: Table | None = None
        self.job = BackgroundJob(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Open data"))
        self.about = QLabel(wordWrap=True)
        self.reading, self.form, self.progress = ReadingForm(), DataForm(), QProgressBar()
        self.preview = QTableWidget()
        self.preview.setAccessibleName(_("First rows"))
        self.preview.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.problems = QLabel(wordWrap=True)
        self.problems.setProperty("role", "problem")
        self.leave_out = QPushButton(_("Leave out these rows"))
        self.form.show_split({name: getattr(model.experiment, name) for name in _SPLIT})
        self._lay_out()
        self._connect()
        self.resize(_SIZE)
        self._start(ReadOptions())

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.train = buttons.addButton(_("Train on it"), QDialogButtonBox.ButtonRole.ApplyRole)
        self.train.setToolTip(_("Create a new network for this table; Undo brings the current run back"))
        self.train.setProperty("role", "primary")
        buttons.rejected.connect(self.close)
        wrong = QHBoxLayout()
        wrong.addWidget(self.problems, 1)
        wrong.addWidget(self.leave_out, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(GAP)
        column.addWidget(self.about)
        column.addWidget(self.reading)
        column.addWidget(self.progress)
        column.addWidget(self.preview, 1)
        column.addWidget(self.form, 1)
        column.addLayout(wrong)
        column.addWidget(buttons)

    def _connect(self) -> None:
        self.reading.edited.connect(self._read_again)
        self.form.changed.connect(self._check)
        self.leave_out.clicked.connect(self._leave_out)
        self.train.clicked.connect(self._prepare)
        self.job.progressed.connect(self._advance)
        self.job.done.connect(self._receive)
        self.job.refused.connect(self._refuse)

    # Reading

    def _start(self, options: ReadOptions) -> None:
        self._table = None
        self._begin(_("Reading…"))
        self.job.start(lambda progress: self._read(options, progress))

    def _begin(self, what: str) -> None:
        self.about.setText(what)
        self._complain("")
        self.progress.setRange(0, 1000)
        self.progress.setValue(0)
        self.progress.show()
        self.form.setEnabled(False)
        self.train.setEnabled(False)

    @Slot()
    def _read_again(self) -> None:
        self._start(self.reading.options())

    @Slot(float)
    def _advance(self, share: float) -> None:
        self.progress.setValue(round(1000 * share))

    @Slot(object)
    def _receive(self, result: object) -> None:
        if isinstance(result, Experiment):
            self._model.load(result)
            self.close()
        elif isinstance(result, ReadTable):
            self.reading.show_options(result.options, result.sheets)
            self._show(result.table, keeps_choice=False)
        elif isinstance(result, _LeftOver):
            self._show(result.table, keeps_choice=True)

    def _show(self, table: Table, *, keeps_choice: bool) -> None:
        self._table = table
        self.progress.hide()
        self.about.setText(
            _("{name}: {n_rows:,} rows, {n_columns:,} columns").format(
                name=quoted(table.name), n_rows=table.n_rows, n_columns=len(table.columns)
            )
        )
        self._preview(table)
        self.form.show_table(table, keeps_choice=keeps_choice)
        self.form.setEnabled(True)
        self._check()

    def _preview(self, table: Table) -> None:
        rows, names = table.first_rows(_ROWS), table.names[:_COLUMNS]
        self.preview.setRowCount(len(rows))
        self.preview.setColumnCount(len(names))
        self.preview.setHorizontalHeaderLabels([quoted(name) for name in names])
        self.preview.setVerticalHeaderLabels([str(number) for number in table.row_numbers[: len(rows)]])
        for n, row in enumerate(rows):
            for m, text in enumerate(row[:_COLUMNS]):
                self.preview.setItem(n, m, QTableWidgetItem(quoted(text)))

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self.progress.hide()
        if self._table is None:
            self.about.setText(_("This table cannot be read."))
        else:
            self.form.setEnabled(True)
            self.train.setEnabled(True)
        self._complain(sentence[:1].upper() + sentence[1:])

    # Choosing

    @Slot()
    def _check(self) -> None:
        """List the cells that cannot be used; the table can be trained on when there is none."""
        assert self._table is not None
        choice = self.form.input_names(), self.form.target_name()
        count = len(self._table.faulty_rows(*choice))
        found = self._table.problems(*choice, most=_PROBLEMS) if count else ()
        sentences = [str(each) for each in found]
        self._complain(
            " ".join(sentences) + (_(" {count:,} rows have such cells.").format(count=count) if count > 1 else "")
        )
        self.leave_out.setVisible(bool(count))
        self.train.setEnabled(not count)

    def _complain(self, sentence: str) -> None:
        self.problems.setText(sentence.strip())
        self.leave_out.hide()

    @Slot()
    def _leave_out(self) -> None:
        assert self._table is not None
        table, choice = self._table, (self.form.input_names(), self.form.target_name())
        self._begin(_("Leaving out rows…"))
        self.job.start(lambda _: _LeftOver(table.without_rows(table.faulty_rows(*choice))))

    @Slot()
    def _prepare(self) -> None:
        """Make the experiment on the thread, since a large table takes a while to be checked."""
        assert self._table is not None
        columns = self.form.input_names(), self.form.target_name(), self.form.task_name()
        made = dataclasses.replace(on_table(self._model.experiment, self._table, *columns), **self.form.split())
        self._complain("")
        self.form.setEnabled(False)
        self.train.setEnabled(False)
        self.job.start(lambda _: made.checked())

    def done(self, code: int) -> None:
        """Stop reading when the dialog is closed."""
        self.job.cancel()
        super().done(code)
