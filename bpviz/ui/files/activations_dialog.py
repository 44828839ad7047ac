"""The dialog that asks for the activations of a network whose file does not name them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS
from bpviz.language import _
from bpviz.ui.style.theme import GAP

_FIRST = {"hidden": "relu", "output": "softmax"}


class ActivationsDialog(QDialog):
    """A non-modal dialog, so that a lecture can continue.

    Parameters
    ----------
    parent : QWidget
    name : str
        The name of the file.
    n_layers : int
        Number of layers, the output layer included.

    Signals
    -------
    chosen : tuple of str
        One activation for each layer.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, name: str, n_layers: int) -> None:
        super().__init__(parent)
        self._n_layers = n_layers
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Activations"))
        words = QLabel(
            _("{name} has weights and biases, but does not say which activations its layers have.").format(name=name)
        )
        words.setWordWrap(True)
        self.hidden, self.output = QComboBox(), QComboBox()
        self.hidden.addItems(list(HIDDEN_ACTIVATIONS))
        self.output.addItems(list(ACTIVATIONS))
        self.hidden.setCurrentText(_FIRST["hidden"])
        self.output.setCurrentText(_FIRST["output"])
        rows = QFormLayout()
        if n_layers > 1:
            rows.addRow(_("Hidden layers"), self.hidden)
        rows.addRow(_("Output layer"), self.output)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(2 * GAP)
        column.addWidget(words)
        column.addLayout(rows)
        column.addWidget(buttons)

    @Slot()
    def _choose(self) -> None:
        hidden = (self.hidden.currentText(),) * (self._n_layers - 1)
        self.chosen.emit((*hidden, self.output.currentText()))
