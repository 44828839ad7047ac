"""A card over the network diagram to change a weight or a bias, with a line edit or a slider."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QSlider, QToolButton, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.session.training.interventions import Edit
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactSpinBox

_STEPS = 100
_LEAST_SPAN = 1.0
_DRAG_MILLISECONDS = 40
_DISTANCE = 10

Accept = Callable[[float, bool], None]
Variable = Callable[[int, int | None, int], float | None]


class ParameterRow:
    """An editor of one number: a line edit, and a slider with a range of twice the value to each side.

    Parameters
    ----------
    grid : QGridLayout
        The layout that gets a row.
    accept : callable
        Called with each accepted value and with True if it continues the same drag as the value before.
    complain : callable
        Called with an error message, "" for none.
    """

    def __init__(self, grid: QGridLayout, accept: Accept, complain: Callable[[str], None]) -> None:
        self._accept, self._complain = accept, complain
        self._middle, self._span, self._continues_drag = 0.0, _LEAST_SPAN, False
        self.name, self.line = QLabel(), QLineEdit()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-_STEPS, _STEPS)
        self.slider.setMinimumWidth(90)
        self.line.setToolTip(_("Type a number and press Enter"))
        self.slider.setToolTip(_("Drag to change the value gradually"))
        self.line.setFixedWidth(self.line.fontMetrics().horizontalAdvance("−1.23456e-05") + 2 * GAP)
        row = grid.rowCount()
        for column, widget in enumerate((self.name, self.line, self.slider)):
            grid.addWidget(widget, row, column)
        self.line.returnPressed.connect(self._read)
        self.slider.valueChanged.connect(self._drag)
        self._drag_timer = QTimer(self.slider, singleShot=True, interval=_DRAG_MILLISECONDS)
        self._drag_timer.timeout.connect(self._submit)
        self.slider.sliderReleased.connect(self._end_drag)

    def show_parameter(self, name: str, value: float) -> None:
        """Show a number and its name."""
        self.name.setText(name)
        for widget in (self.line, self.slider):
            widget.setAccessibleName(name)
        self._centre(value)

    def follow(self, value: float) -> None:
        """Show the current value, unless the user is editing it."""
        if not (self.line.hasFocus() or self.slider.isSliderDown() or self._drag_timer.isActive()):
            self._centre(value)

    def _centre(self, value: float) -> None:
        self._drag_timer.stop()
        self._continues_drag = False
        self._middle = value if math.isfinite(value) else 0.0
        self._span = max(2 * abs(self._middle), _LEAST_SPAN)
        # The slider is centred on the new value, which must not count as a drag.
        self.slider.blockSignals(True)
        self.slider.setValue(0)
        self.slider.blockSignals(False)
        self.line.setText(f"{value:.6g}")

    def _read(self) -> None:
        # Accepts the minus sign that the program itself writes, and a decimal comma.
        text = self.line.text().strip().replace("−", "-").replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._complain(
                _("{name} must be a number, not “{text}”.").format(name=self.name.text(), text=text)
                if text
                else _("Type a number.")
            )
            return
        self._complain("")
        self._centre(value)
        self._accept(value, False)

    def _drag(self) -> None:
        self._complain("")
        self.line.setText(f"{self._dragged():.6g}")
        # During a drag the timer is left running, so that edits are sent at its rate. Without a drag, as when a key is
        # held down, each step restarts it, so that all steps become one edit.
        if not (self.slider.isSliderDown() and self._drag_timer.isActive()):
            self._drag_timer.start()

    def _dragged(self) -> float:
        return self._middle + self._span * self.slider.value() / _STEPS

    def _submit(self) -> None:
        self._accept(float(self.line.text()), self._continues_drag)
        self._continues_drag = self.slider.isSliderDown()

    def _end_drag(self) -> None:
        if self._drag_timer.isActive():
            self._submit()
        self._centre(self._dragged())


class ParameterEditor(QFrame):
    """Edits the bias of a neuron and one of its incoming weights.

    Parameters
    ----------
    parent : QWidget
        The widget that the card covers.
    known : callable
        ``known(layer, source, neuron)`` -> the current value, None if there is none.

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
        # Mouse events on the card must not pan or zoom the diagram below it.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setProperty("role", "card")
        self.setAccessibleName(_("Edit a weight or a bias"))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(4)
        grid = QGridLayout()
        grid.setSpacing(4)
        self.source = CompactSpinBox(_("From neuron"), _("Neuron of the previous layer that the weight comes from"))
        self.title = QLabel()
        self.title.setProperty("role", "title")
        done = QToolButton()
        done.setText("×")
        done.setToolTip(_("Close (Esc)"))
        done.setProperty("role", "tiny")
        done.clicked.connect(self.hide)
        grid.addWidget(self.title, 0, 0, 1, 2)
        grid.addWidget(done, 0, 2, Qt.AlignmentFlag.AlignRight)
        self.bias = ParameterRow(grid, self._accept_bias, self._complain)
        self.weight = ParameterRow(grid, self._accept_weight, self._complain)
        self._from = QLabel(_("from neuron"))
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
        """Edit the bias of a neuron and its weight from `source`, one of `count` neurons of the previous layer."""
        self.layer, self.neuron = layer, neuron
        self.title.setText(_("Layer {layer} · neuron {neuron}").format(layer=layer, neuron=neuron))
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
        """Move the card next to a rectangle, inside the parent."""
        self.adjustSize()
        area = self._picture.rect()
        x = beside.right() + _DISTANCE
        if x + self.width() > area.right():
            x = beside.left() - _DISTANCE - self.width()
        y = min(max(beside.center().y() - self.height() // 2, 0), max(area.height() - self.height(), 0))
        self.move(QPoint(max(x, 0), y))

    def follow(self) -> None:
        """Show the current values."""
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

    def _accept_bias(self, value: float, continues_drag: bool) -> None:
        self.edited.emit(Edit(self.layer, None, self.neuron, value, continues_drag))

    def _accept_weight(self, value: float, continues_drag: bool) -> None:
        self.edited.emit(Edit(self.layer, self.source.value(), self.neuron, value, continues_drag))

    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.adjustSize()

    def event(self, event: QEvent) -> bool:
        """Accept the shortcut override of Esc, so that it does not trigger the window's shortcut."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc, and consume all other keys, which would act on the diagram below."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self._picture.setFocus()
