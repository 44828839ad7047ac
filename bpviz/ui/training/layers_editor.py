"""The editor of the hidden layers and the output layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS
from bpviz.language import N_, _
from bpviz.session.experiment.experiment import RULES
from bpviz.session.experiment.validation import ListOf
from bpviz.ui.style.theme import GAP
from bpviz.ui.training import option_lines
from bpviz.ui.widgets.compact_editors import CompactLineEdit
from bpviz.ui.widgets.form_fields import FieldLabel, choice, mark, read_number, sentence, write_number

_NEW_WIDTH = 8
_LABEL, _WIDEST = N_("Output "), "0000"


class LayersEditor(QWidget):
    """One row for each hidden layer and one for the output layer."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[LayerRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.output = LayerRow(_("Output"), tuple(ACTIVATIONS), removable=False)
        self.output.edited.connect(self.edited)
        self._reason = QLabel(wordWrap=True)
        self._reason.setProperty("role", "problem")
        self._reason.hide()
        self.add = QToolButton()
        self.add.setText(_("+ Add a hidden layer"))
        self.add.setToolTip(_("Add a hidden layer before the output"))
        self.add.setProperty("role", "flat")
        self.add.clicked.connect(self._add_one)
        for widget in (self.output, self._reason, self.add):
            self._column.addWidget(widget)

    def show_layers(self, hidden: tuple[int, ...], activations: tuple[str, ...], n_outputs: int) -> None:
        """Show the layers of a network."""
        while len(self.rows) > len(hidden):
            self._drop(self.rows[-1])
        while len(self.rows) < len(hidden):
            self._append()
        for row, width, activation in zip(self.rows, hidden, activations, strict=False):
            row.show_layer(width, activation)
        self.output.show_layer(n_outputs, activations[-1])

    def hidden(self) -> tuple[object, ...]:
        """Return the widths; text that is not a number is returned unchanged."""
        return tuple(row.width_value() for row in self.rows)

    def activations(self) -> tuple[str, ...]:
        """Return the activation functions, the output layer's last."""
        return tuple(row.activation_value() for row in (*self.rows, self.output))

    def complain(self, problem: str | None) -> None:
        """Show an error message and mark the invalid widths, or remove both."""
        self._reason.setText(sentence(problem))
        self._reason.setVisible(bool(problem))
        rule = RULES["hidden"]
        for row in self.rows:
            mark(row.width_editor, rule.each.problem(row.width_value()) if isinstance(rule, ListOf) else None)

    def problem(self) -> str:
        """Return the error message, or ""."""
        return self._reason.text()

    def _append(self) -> LayerRow:
        row = LayerRow(_("Layer {n_rows}").format(n_rows=len(self.rows) + 1), HIDDEN_ACTIVATIONS, removable=True)
        row.edited.connect(self.edited)
        row.removed.connect(self._remove)
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        return row

    def _drop(self, row: LayerRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    @Slot()
    def _add_one(self) -> None:
        activation = self.rows[-1].activation_value() if self.rows else "sigmoid"
        self._append().show_layer(_NEW_WIDTH, activation)
        self.edited.emit()

    @Slot(object)
    def _remove(self, row: LayerRow) -> None:
        kept = [(each.width_editor.text(), each.activation_value()) for each in self.rows if each is not row]
        # The last row goes and the values move up, so that the names of the rows and the tab order stay as they are.
        self._drop(self.rows[-1])
        for each, (width, activation) in zip(self.rows, kept, strict=True):
            each.show_layer(width, activation)
        self.edited.emit()


class LayerRow(QWidget):
    """One layer: its width, its activation function and, for a hidden layer, a remove button."""

    edited = Signal()
    removed = Signal(object)

    def __init__(self, name: str, activations: tuple[str, ...], *, removable: bool) -> None:
        super().__init__()
        self.width_editor = CompactLineEdit(_("Neurons in {name}").format(name=name), _("Number of neurons"), _WIDEST)
        self.width_editor.setReadOnly(not removable)
        self.width_editor.setEnabled(removable)
        self.width_editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.activation = choice({word: word.replace("_", " ") for word in activations}, option_lines.ACTIVATIONS)
        self.activation.setAccessibleName(_("Activation of {name}").format(name=name))
        self.activation.setToolTip(_("Activation function of this layer"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 2)
        row.addWidget(FieldLabel(name, _(_LABEL)))
        row.addWidget(self.width_editor)
        row.addWidget(self.activation, 1)
        row.addWidget(self._remover(removable))
        self.width_editor.editingFinished.connect(self.edited)
        self.activation.activated.connect(self.edited)

    def _remover(self, removable: bool) -> QToolButton:
        button = QToolButton()
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that the rows stay aligned
        button.setSizePolicy(policy)
        if not removable:
            button.hide()
        button.setText("×")
        button.setToolTip(_("Remove this layer"))
        button.setProperty("role", "flat")
        button.clicked.connect(self._remove)
        return button

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self)

    def show_layer(self, width: object, activation: str) -> None:
        """Show a width and an activation."""
        self.width_editor.setText(write_number(width))
        self.activation.setCurrentIndex(self.activation.findData(activation))

    def width_value(self) -> object:
        """Return the width; text that is not a number is returned unchanged."""
        return read_number(self.width_editor.text())

    def activation_value(self) -> str:
        """Return the name of the activation function."""
        return str(self.activation.currentData())
