"""A small card on the picture of a network, to give a weight or a bias another value: typed, or dragged."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QSlider, QToolButton, QVBoxLayout, QWidget

from bpviz.session.training.interventions import Edit
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactSpinBox

_STEPS = 100
_LEAST_SPAN = 1.0
_LATER_MILLISECONDS = 40
_AWAY = 10

Accept = Callable[[float, bool], None]
Variable = Callable[[int, int | None, int], float | None]


class ParameterRow:
    """An editor of one number: a line to type in and a slider to drag, which spans the value's own size to each side.

    Parameters
    ----------
    grid : QGridLayout
        Gets one more row.
    accept : callable
        Takes each value that is accepted, and whether it goes on with the one before, in the same drag.
    complain : callable
        Takes the sentence that says what is wrong, "" for nothing.
    """

    def __init__(self, grid: QGridLayout, accept: Accept, complain: Callable[[str], None]) -> None:
        self._accept, self._complain = accept, complain
        self._middle, self._span, self._goes_on = 0.0, _LEAST_SPAN, False
        self.name, self.line = QLabel(), QLineEdit()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-_STEPS, _STEPS)
        self.slider.setMinimumWidth(90)
        self.line.setToolTip("Type a number and press Enter")
        self.slider.setToolTip("Drag to change the value little by little")
        self.line.setFixedWidth(self.line.fontMetrics().horizontalAdvance("−1.23456e-05") + 2 * GAP)
        row = grid.rowCount()
        for column, widget in enumerate((self.name, self.line, self.slider)):
            grid.addWidget(widget, row, column)
        self.line.returnPressed.connect(self._read)
        self.slider.valueChanged.connect(self._drag)
        self._later = QTimer(self.slider, singleShot=True, interval=_LATER_MILLISECONDS)
        self._later.timeout.connect(self._hand_in)
        self.slider.sliderReleased.connect(self._rest)

    def show_parameter(self, name: str, value: float) -> None:
        """Edit a number."""
        self.name.setText(name)
        for widget in (self.line, self.slider):
            widget.setAccessibleName(name)
        self._centre(value)

    def follow(self, value: float) -> None:
        """Show what the number has become, unless it is being edited."""
        if not (self.line.hasFocus() or self.slider.isSliderDown() or self._later.isActive()):
            self._centre(value)

    def _centre(self, value: float) -> None:
        self._later.stop()
        self._goes_on = False
        self._middle = value if math.isfinite(value) else 0.0
        self._span = max(2 * abs(self._middle), _LEAST_SPAN)
        self.slider.blockSignals(True)
        self.slider.setValue(0)
        self.slider.blockSignals(False)
        self.line.setText(f"{value:.6g}")

    def _read(self) -> None:
        text = self.line.text().strip().replace("−", "-").replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._complain(f"{self.name.text()} must be a number, not “{text}”." if text else "Type a number.")
            return
        self._complain("")
        self._centre(value)
        self._accept(value, False)

    def _drag(self) -> None:
        self._complain("")
        self.line.setText(f"{self._dragged():.6g}")
        # A pointer that moves on and on is followed; a key held down is one change when it is let go.
        if not (self.slider.isSliderDown() and self._later.isActive()):
            self._later.start()

    def _dragged(self) -> float:
        return self._middle + self._span * self.slider.value() / _STEPS

    def _hand_in(self) -> None:
        self._accept(float(self.line.text()), self._goes_on)
        self._goes_on = self.slider.isSliderDown()

    def _rest(self) -> None:
        if self._later.isActive():
            self._hand_in()
        self._centre(self._dragged())


class ParameterEditor(QFrame):
    """Edits the bias of a neuron and one of the weights that lead into it.

    Parameters
    ----------
    parent : QWidget
        On which the card lies.
    known : callable
        ``known(layer, source, neuron)`` -> the present value, None where there is none.

    Signals
    -------
    edited : Edit
    """

    edited = Signal(object)

    def __init__(self, parent: QWidget, known: Variable) -> None:
        super().__init__(parent)
        self._picture = parent
        self._known = known
        self.layer, self.neuron = 1, 0
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setProperty("role", "card")
        self.setAccessibleName("Edit a weight or a bias")
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(4)
        grid = QGridLayout()
        grid.setSpacing(4)
        self.source = CompactSpinBox("From neuron", "The neuron of the layer before whose weight is edited")
        self.title = QLabel()
        self.title.setProperty("role", "title")
        done = QToolButton()
        done.setText("×")
        done.setToolTip("Close (Esc)")
        done.setProperty("role", "tiny")
        done.clicked.connect(self.hide)
        grid.addWidget(self.title, 0, 0, 1, 2)
        grid.addWidget(done, 0, 2, Qt.AlignmentFlag.AlignRight)
        self.bias = ParameterRow(grid, self._accept_bias, self._complain)
        self.weight = ParameterRow(grid, self._accept_weight, self._complain)
        self._from = QLabel("from neuron")
        grid.addWidget(self._from, grid.rowCount(), 0)
        grid.addWidget(self.source, grid.rowCount() - 1, 1, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        self.problem = QLabel(wordWrap=True)
        self.problem.setProperty("role", "problem")
        self.problem.hide()
        column.addWidget(self.problem)
        self.source.edited.connect(self._show_weight)
        self.hide()

    def open(self, layer: int, source: int, neuron: int, count: int, *, weight_first: bool) -> None:
        """Edit the bias of a neuron, and its weight from one of so many neurons of the layer before."""
        self.layer, self.neuron = layer, neuron
        self.title.setText(f"Layer {layer} · neuron {neuron}")
        self.source.blockSignals(True)
        self.source.set_count(count)
        self.source.show_number(source)
        self.source.blockSignals(False)
        self._complain("")
        self._show(self.bias, None, ParameterRow.show_parameter)
        self._show_weight()
        self.adjustSize()
        self.show()
        self.raise_()
        line = self.weight.line if weight_first else self.bias.line
        line.setFocus()
        line.selectAll()

    def place(self, beside: QRect) -> None:
        """Lie beside something, inside the parent."""
        self.adjustSize()
        area = self._picture.rect()
        x = beside.right() + _AWAY
        if x + self.width() > area.right():
            x = beside.left() - _AWAY - self.width()
        y = min(max(beside.center().y() - self.height() // 2, 0), max(area.height() - self.height(), 0))
        self.move(QPoint(max(x, 0), y))

    def follow(self) -> None:
        """Show what the numbers have become."""
        if self.isVisible():
            for row, source in ((self.bias, None), (self.weight, self.source.value())):
                value = self._known(self.layer, source, self.neuron)
                if value is not None:
                    row.follow(value)

    @Slot()
    def _show_weight(self) -> None:
        self._show(self.weight, self.source.value(), ParameterRow.show_parameter)

    def _show(self, row: ParameterRow, source: int | None, show: Callable[[ParameterRow, str, float], None]) -> None:
        value = self._known(self.layer, source, self.neuron)
        show(row, Edit(self.layer, source, self.neuron, 0.0).name, 0.0 if value is None else value)

    def _accept_bias(self, value: float, goes_on: bool) -> None:
        self.edited.emit(Edit(self.layer, None, self.neuron, value, goes_on))

    def _accept_weight(self, value: float, goes_on: bool) -> None:
        self.edited.emit(Edit(self.layer, self.source.value(), self.neuron, value, goes_on))

    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.adjustSize()

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's commands."""
        asks_first = event.type() is QEvent.Type.ShortcutOverride
        if asks_first and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Escape; no other key is for the picture below."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._picture.setFocus()
