"""The operands of an operation as heatmaps, with operators between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.language import _
from bpviz.session.walkthrough.operands import Operand
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Pixels, Scale
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, LIGHT, Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.walkthrough.operand_labels import cell_meaning, cell_value, shape
from bpviz.ui.walkthrough.operand_layout import Place, Room, Wanted, arrange

_ALIGN = Qt.AlignmentFlag
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
# Up to this many numbers, cells are wide enough for their digits.
_FEW, _BREADTH = 80, 1.6
# From this cell size on, grid lines are drawn; outlines of smaller cells are thin.
_LINED, _THIN = 12, 8
_MOST_WRITTEN = 600
_DIGITS = (4, 3, 2)


@dataclass(frozen=True)
class Cell:
    """A cell on screen: index of the operand, row and column."""

    operand: int
    row: int
    column: int


@dataclass(frozen=True)
class _Drawn:
    """An operand prepared for painting."""

    operand: Operand
    place: Place
    scale: Scale
    pixels: Pixels
    picture: QImage

    def box(self, row: int, column: int) -> QRect:
        """Return the rectangle of a cell."""
        return self.place.cell(row, column, *self.operand.values.shape)

    def boxes(self) -> Iterator[tuple[int, int, QRect]]:
        """Iterate over row, column and rectangle of all cells."""
        for row, column in np.ndindex(self.operand.values.shape):
            yield row, column, self.box(row, column)


class OperandView(QWidget):
    """Paints operands; a click selects a neuron, and the arrow keys move from cell to cell.

    Signals
    -------
    picked : int, int
        A layer, from 1, and a neuron, from 0.
    cell_focused : str
        Description of the focused cell, or "".
    """

    picked = Signal(int, int)
    cell_focused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Operands of the operation"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.operands: tuple[Operand, ...] = ()
        self.cell: Cell | None = None
        self._is_common = False
        self._selection = Selection()
        self._theme: Theme = LIGHT
        # Created by the next paint event, so that several changes in a row cost one layout.
        self._drawn: list[_Drawn] | None = None

    def sizeHint(self) -> QSize:
        """Return a size that gives each matrix cell a few pixels."""
        return QSize(420, 180)

    def show_operands(self, operands: tuple[Operand, ...]) -> None:
        """Show the operands of one operation."""
        same = [one.name for one in operands] == [one.name for one in self.operands]
        self.operands = operands
        self.setToolTip("")  # the value under the pointer is not the same any more
        self._focus_cell(self.cell if same else None)
        self._invalidate()

    def set_common_scale(self, is_common: bool) -> None:
        """Use one colour scale for all signed operands, or one for each."""
        self._is_common = is_common
        self._invalidate()

    def set_selection(self, selection: Selection) -> None:
        """Outline the rows and columns of the selected neuron."""
        self._selection = selection
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self._invalidate()

    def places(self) -> list[Place]:
        """Return the rectangles of each operand."""
        return [one.place for one in self._all_drawn()]

    def scales(self) -> list[Scale]:
        """Return the colour scale of each operand."""
        own = [cells.scale_of(one.quantity, [one.values]) for one in self.operands]
        if not self._is_common:
            return own
        top = max((scale.top for scale in own if scale.kind == "sign"), default=0.0)
        return [Scale("sign", top) if scale.kind == "sign" else scale for scale in own]

    # Layout and images; created at the first paint, so that a hidden panel costs nothing

    def _invalidate(self) -> None:
        self._drawn = None
        self.update()

    def _all_drawn(self) -> list[_Drawn]:
        if self._drawn is None:
            scales = self.scales()
            places = arrange(tuple(self._wanted(scales)), self._room()) if self.operands else ()
            self._drawn = list(map(self._made, self.operands, places, scales))
        return self._drawn

    def _made(self, operand: Operand, place: Place, scale: Scale) -> _Drawn:
        pixels = cells.shades(operand.values, scale, self._theme)
        return _Drawn(operand, place, scale, pixels, cells.picture(pixels))

    def _room(self) -> Room:
        line = self._metrics().height()
        # Outlines extend one pixel beyond their cells.
        return Room(self.width() - 1, self.height() - 1, above=2 * line + 2, below=line + 2)

    def _wanted(self, scales: list[Scale]) -> list[Wanted]:
        wide, bold = self._metrics().horizontalAdvance, QFontMetrics(self._large()).horizontalAdvance
        breadth = _BREADTH if sum(one.values.size for one in self.operands) <= _FEW else 1.0
        return [
            Wanted(
                rows=operand.values.shape[0],
                columns=operand.values.shape[1],
                text=max(map(wide, (operand.short_name, shape(operand), scale.text))) + 2,
                sign=bold(operand.joined_by) + 2 * GAP if operand.joined_by else 0,
                breadth=breadth,
            )
            for operand, scale in zip(self.operands, scales, strict=True)
        ]

    def _small(self, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() - 1)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _large(self) -> QFont:
        font = self._small(bold=True)
        font.setPointSizeF(self.font().pointSizeF() + 1)
        return font

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._small(bold=True))

    def _is_labelled(self, drawn: _Drawn) -> bool:
        return drawn.place.cells.top() > drawn.place.column.top()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all operands, the selection and the focused cell."""
        painter = QPainter(self)
        for drawn in self._all_drawn():
            self._paint_cells(painter, drawn)
            self._paint_sign(painter, drawn)
            if self._is_labelled(drawn):
                self._paint_labels(painter, drawn)
            self._paint_chosen(painter, drawn)
        self._paint_focus(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the operands out for a new size."""
        self._invalidate()

    def changeEvent(self, event: QEvent) -> None:
        """Lay the operands out for a new font size."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._invalidate()
        super().changeEvent(event)

    def _paint_cells(self, painter: QPainter, drawn: _Drawn) -> None:
        box = drawn.place.cells
        is_shrunk = box.width() < drawn.picture.width() or box.height() < drawn.picture.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_shrunk)
        painter.drawImage(box, drawn.picture)
        self._paint_lines(painter, drawn)
        self._write_numbers(painter, drawn)
        painter.setPen(QPen(QColor(self._theme.hairline), 1))
        painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _paint_lines(self, painter: QPainter, drawn: _Drawn) -> None:
        rows, columns = drawn.operand.values.shape
        box, painter_pen = drawn.place.cells, QPen(QColor(self._theme.hairline), 1)
        painter.setPen(painter_pen)
        if box.width() >= _LINED * columns:
            for column in range(1, columns):
                left = drawn.box(0, column).left()
                painter.drawLine(left, box.top(), left, box.bottom())
        if box.height() >= _LINED * rows:
            for row in range(1, rows):
                top = drawn.box(row, 0).top()
                painter.drawLine(box.left(), top, box.right(), top)

    def _write_numbers(self, painter: QPainter, drawn: _Drawn) -> None:
        painter.setFont(self._small())
        digits = self._digits_that_fit(drawn, QFontMetrics(painter.font()))
        if digits is None:
            return
        for row, column, box in drawn.boxes():
            painter.setPen(cells.readable_ink(drawn.pixels[row, column], self._theme))
            text = _short_number(float(drawn.operand.values[row, column]), digits)
            painter.drawText(box, _ALIGN.AlignCenter, text)

    def _digits_that_fit(self, drawn: _Drawn, metrics: QFontMetrics) -> int | None:
        """Return the number of digits with which all numbers fit into their cells, or None."""
        cell, values = drawn.box(0, 0), drawn.operand.values
        # Writing and measuring thousands of numbers would slow each step down.
        if values.size > _MOST_WRITTEN or cell.height() < metrics.height() or cell.width() < 3 * metrics.height() // 2:
            return None
        room = cell.width() - 4
        for digits in _DIGITS:
            texts = (_short_number(float(value), digits) for value in values.flat)
            if all(metrics.horizontalAdvance(text) <= room for text in texts):
                return digits
        return None

    def _paint_sign(self, painter: QPainter, drawn: _Drawn) -> None:
        painter.setFont(self._large())
        painter.setPen(QColor(self._theme.ink))
        painter.drawText(drawn.place.sign, _ALIGN.AlignCenter, drawn.operand.joined_by)

    def _paint_labels(self, painter: QPainter, drawn: _Drawn) -> None:
        column, box, line = drawn.place.column, drawn.place.cells, self._metrics().height()
        operand = drawn.operand
        fits = self._metrics().horizontalAdvance(operand.name) <= column.width()
        above = QRect(column.left(), column.top(), column.width(), line)
        below = QRect(column.left(), box.bottom() + 2, column.width(), line)
        self._write(painter, above, operand.name if fits else operand.short_name, self._theme.ink, bold=True)
        self._write(painter, above.translated(0, line), shape(operand), self._theme.muted)
        self._write(painter, below, drawn.scale.text, self._theme.muted)

    def _write(self, painter: QPainter, box: QRect, text: str, colour: str, *, bold: bool = False) -> None:
        painter.setFont(self._small(bold=bold))
        painter.setPen(QColor(colour))
        painter.drawText(box, _ALIGN.AlignLeft | _ALIGN.AlignVCenter, text)

    def _paint_chosen(self, painter: QPainter, drawn: _Drawn) -> None:
        for box in self._outlines(drawn):
            is_thin = min(box.width(), box.height()) < _THIN  # a wide outline would cover small cells
            painter.setPen(QPen(QColor(self._theme.accent), 1 if is_thin else 2))
            painter.drawRect(box.adjusted(-1, -1, 0, 0) if is_thin else box.adjusted(0, 0, -1, -1))

    def _outlines(self, drawn: _Drawn) -> list[QRect]:
        """Return the rectangles of the selected neuron's row and column in an operand."""
        operand, neuron, layer = drawn.operand, self._selection.neuron, self._selection.layer
        if neuron is None or layer is None:
            return []
        rows, columns = operand.values.shape
        found = []
        if operand.row_layer == layer:
            found.append(drawn.box(neuron, 0).united(drawn.box(neuron, columns - 1)))
        if operand.column_layer == layer:
            found.append(drawn.box(0, neuron).united(drawn.box(rows - 1, neuron)))
        return found

    def _paint_focus(self, painter: QPainter) -> None:
        if self.cell is None:
            return
        box = self._all_drawn()[self.cell.operand].box(self.cell.row, self.cell.column).adjusted(-1, -1, 0, 0)
        # A wide line of the paper colour below the outline makes it visible on any cell.
        painter.setPen(QPen(QColor(self._theme.paper), 3))
        painter.drawRect(box)
        painter.setPen(
            QPen(QColor(self._theme.ink), 1, Qt.PenStyle.SolidLine if self.hasFocus() else Qt.PenStyle.DotLine)
        )
        painter.drawRect(box)

    # The pointer

    def cell_at(self, at: QPoint) -> Cell | None:
        """Return the cell at a point, or None."""
        for number, drawn in enumerate(self._all_drawn()):
            if found := drawn.place.cell_at(at, *drawn.operand.values.shape):
                return Cell(number, *found)
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Focus the cell under the pointer and select its neuron."""
        if cell := self.cell_at(event.position().toPoint()):
            self._focus_cell(cell)
            self._pick()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Set the tooltip to the value under the pointer."""
        self.setToolTip(self._tip(event.position().toPoint()))

    def _tip(self, at: QPoint) -> str:
        cell = self.cell_at(at)
        if cell is None:
            named = [one.operand.name for one in self._all_drawn() if one.place.column.contains(at)]
            return "".join(named)
        operand = self.operands[cell.operand]
        lines = cell_value(operand, cell.row, cell.column), cell_meaning(operand, cell.row, cell.column)
        return "\n".join(filter(None, lines))

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the focus between cells and operands with the arrow keys; Enter selects the neuron."""
        key = Qt.Key(event.key())
        if key in _MOVES and self.operands:
            self._focus_cell(self._moved(*_MOVES[key]))
        elif key in _CHOOSING and self.cell:
            self._pick()
        else:
            super().keyPressEvent(event)

    def _moved(self, down: int, right: int) -> Cell:
        if self.cell is None:
            return Cell(len(self.operands) - 1, 0, 0)
        number, row, column = self.cell.operand, self.cell.row + down, self.cell.column + right
        columns = self.operands[number].values.shape[1]
        if column < 0 and number > 0:
            number, column = number - 1, self.operands[number - 1].values.shape[1] - 1
        elif column >= columns and number < len(self.operands) - 1:
            number, column = number + 1, 0
        return self._inside(Cell(number, row, column))

    def _inside(self, cell: Cell) -> Cell:
        rows, columns = self.operands[cell.operand].values.shape
        return Cell(cell.operand, min(max(cell.row, 0), rows - 1), min(max(cell.column, 0), columns - 1))

    def _focus_cell(self, cell: Cell | None) -> None:
        self.cell = self._inside(cell) if cell else None
        text = ""
        if self.cell:
            operand, at = self.operands[self.cell.operand], (self.cell.row, self.cell.column)
            text = " · ".join(filter(None, (cell_value(operand, *at), cell_meaning(operand, *at))))
        self.setAccessibleDescription(text)
        self.cell_focused.emit(text)
        self.update()

    def _pick(self) -> None:
        if self.cell is None:
            return
        found = self.operands[self.cell.operand].neuron_at(self.cell.row, self.cell.column)
        if found:
            self.picked.emit(*found)


def _short_number(value: float, digits: int) -> str:
    """Format a number for a cell, where "not a number" does not fit."""
    return "NaN" if np.isnan(value) else formats.number(value, digits)
