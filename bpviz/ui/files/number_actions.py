"""The numbers of a panel as CSV, copied or saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from bpviz.language import _
from bpviz.session.engine.events import Failed
from bpviz.session.files.csv_export import write_numbers
from bpviz.session.files.safe_write import ExportError
from bpviz.session.sharing.numbers import Numbers, csv_text
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where
from bpviz.ui.widgets.panel import Panel


class NumberActions(QObject):
    """Copies and saves the numbers of panels.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    show_failure : callable
        Called with a `Failed` if there are no numbers, or the file cannot be written.
    current_panel : callable
        Returns the panel that has the focus, None if no panel is seen.
    """

    def __init__(
        self,
        window: QMainWindow,
        model: ViewModel,
        show_failure: Callable[[Failed], None],
        current_panel: Callable[[], Panel | None],
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._show_failure = window, model, show_failure
        self._current_panel = current_panel

    @Slot()
    def copy(self) -> None:
        """Copy the numbers of the panel with the focus."""
        self.copy_of(self._current_panel())

    @Slot()
    def ask(self) -> None:
        """Ask for the file of the numbers of the panel with the focus."""
        self.ask_of(self._current_panel())

    def copy_of(self, panel: Panel | None) -> None:
        """Copy the numbers of a panel."""
        if numbers := self._numbers(panel):
            QGuiApplication.clipboard().setText(csv_text(numbers, n_planted=self._n_planted()))

    def ask_of(self, panel: Panel | None) -> None:
        """Ask for the file of the numbers of a panel; the numbers are those of this moment."""
        numbers = self._numbers(panel)
        if panel and numbers:
            name, save = f"bpviz-{panel.objectName()}.csv", partial(self._save, numbers)
            ask_where(self._window, _("Save numbers"), name, _("CSV files (*.csv)"), save)

    def _numbers(self, panel: Panel | None) -> Numbers | None:
        numbers = panel.shown_numbers() if panel else None
        if numbers is None:
            name = panel.title_line.name if panel else _("The window")
            self._show_failure(
                Failed(
                    _("{name} shows no numbers that can be copied: click a plot or a table first.").format(name=name)
                )
            )
        return numbers

    def _save(self, numbers: Numbers, path: str) -> None:
        try:
            write_numbers(Path(path), numbers, n_planted=self._n_planted())
        except ExportError as fault:
            self._show_failure(Failed(str(fault)))

    def _n_planted(self) -> int:
        return len(self._model.experiment.mistakes)
