"""Texts for documents: formulas in LaTeX and the network in TikZ, copied or saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from bpviz.language import N_, _
from bpviz.session.diagnostics.histograms import weights_in
from bpviz.session.engine.events import Failed
from bpviz.session.files.safe_write import ExportError, check_target, write_atomically
from bpviz.session.sharing.tikz import network_as_tikz
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where

_NO_OPERATION = N_("There is no operation to copy: step into one first (F11).")
_NO_NETWORK = N_("There is no network to draw yet.")


class TextActions(QObject):
    """Copies and saves texts for LaTeX.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    show_failure : callable
        Called with a `Failed` if there is nothing to copy, or the file cannot be written.
    formula, update : callable
        Return the present formula, and all operations of the update, as LaTeX; "" without an update.
    """

    def __init__(
        self,
        window: QMainWindow,
        model: ViewModel,
        show_failure: Callable[[Failed], None],
        formula: Callable[[], str],
        update: Callable[[], str],
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._show_failure = window, model, show_failure
        self._formula, self._update = formula, update

    @Slot()
    def copy_formula(self) -> None:
        """Copy the present formula, with symbols and with numbers."""
        self._copy(self._formula(), _(_NO_OPERATION))

    @Slot()
    def copy_update(self) -> None:
        """Copy all operations of the current update as a document."""
        self._copy(self._update(), _(_NO_OPERATION))

    @Slot()
    def copy_network(self) -> None:
        """Copy the network on screen as a picture in TikZ."""
        self._copy(self._network(), _(_NO_NETWORK))

    @Slot()
    def ask_network(self) -> None:
        """Ask for the file of the network on screen, as it is at this moment."""
        if text := self._network():
            ask_where(self._window, _("Save TikZ picture"), "bpviz.tex", _("LaTeX (*.tex)"), partial(self._save, text))
        else:
            self._show_failure(Failed(_(_NO_NETWORK)))

    def _network(self) -> str:
        frame, prepared = self._model.frame, self._model.prepared
        if frame is None or prepared is None or len(frame.parameters) != prepared.experiment.n_parameters:
            return ""
        weights = weights_in(frame.parameters, prepared.experiment.sizes)
        return network_as_tikz(weights, prepared.experiment.activations)

    def _copy(self, text: str, missing: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
        else:
            self._show_failure(Failed(missing))

    def _save(self, text: str, path: str) -> None:
        try:
            check_target(Path(path), (".tex",))
            write_atomically(Path(path), lambda file: file.write(text.encode()))
        except ExportError as fault:
            self._show_failure(Failed(str(fault)))
