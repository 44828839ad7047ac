"""The outputs of the network for one sample, as bars with the names of the classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.frames.class_colours import CLASSES
from bpviz.ui.style import formats
from bpviz.ui.style.theme import LIGHT, Theme

_LEAST_BAR, _LEAST_COLUMN, _WIDEST_BAR = 28, 12, 40
# A bar takes this share of its column.
_SHARE = 0.7


@dataclass(frozen=True, eq=False)
class Outputs:
    """What is shown of a sample.

    Attributes
    ----------
    values, targets : ndarray of shape (n_outputs,)
        For a regression in original units.
    names : tuple of str
    is_classification : bool
    """

    values: Array
    targets: Array
    names: tuple[str, ...]
    is_classification: bool

    @property
    def predicted(self) -> int | None:
        """The class of the largest output; None for a regression."""
        return int(np.argmax(self.values)) if self.is_classification else None

    @property
    def target(self) -> int | None:
        """The class that is meant; None for a regression."""
        return int(np.argmax(self.targets)) if self.is_classification else None

    def range(self) -> tuple[float, float]:
        """Return the ends of the bars' axis: 0 and 1 are always in it for classes, 0 for numbers."""
        known = np.concatenate((self.values, self.targets, [0.0, 1.0] if self.is_classification else [0.0]))
        finite = known[np.isfinite(known)]
        low, high = float(finite.min()), float(finite.max())
        return low, high if high > low else low + 1.0

    def describe(self) -> str:
        """Return all outputs in words."""
        pairs = zip(self.names, self.values.tolist(), strict=True)
        return ", ".join(f"{name} {formats.number(value, 3)}" for name, value in pairs)


class OutputBars(QWidget):
    """Paints an upright bar for each output: its name below in bold where it is the largest, underlined if it is meant.

    Attributes
    ----------
    outputs : Outputs or None
        What is shown.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.outputs: Outputs | None = None
        self._theme = LIGHT

    def show_outputs(self, outputs: Outputs | None) -> None:
        """Show the outputs for a sample; None for nothing."""
        self.outputs = outputs
        text = outputs.describe() if outputs else ""
        self.setAccessibleDescription(text)
        self.setToolTip(
            _("Outputs: {text}\nBold: the largest output. Underlined: the true class.").format(text=text)
            if text
            else ""
        )
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return the size of low bars between two lines of text."""
        count = len(self.outputs.names) if self.outputs else 2
        return QSize(count * _LEAST_COLUMN, 2 * self.fontMetrics().height() + _LEAST_BAR)

    def sizeHint(self) -> QSize:
        """Return a size with room for the numbers."""
        count = len(self.outputs.names) if self.outputs else 2
        return QSize(count * 2 * _LEAST_COLUMN, self.minimumSizeHint().height() + 2 * _LEAST_BAR)

    def bar(self, index: int) -> QRectF:
        """Return the rectangle of a bar, from zero to its value."""
        assert self.outputs is not None
        low, high = self.outputs.range()
        value = float(np.nan_to_num(self.outputs.values[index], nan=low, posinf=high, neginf=low))
        ends = sorted((self._height_of(value), self._height_of(0.0)))
        column = self._column(index)
        width = min(_SHARE * column.width(), _WIDEST_BAR)
        return QRectF(column.center().x() - width / 2, ends[0], width, ends[1] - ends[0])

    def _column(self, index: int) -> QRectF:
        assert self.outputs is not None
        width = self.width() / len(self.outputs.names)
        return QRectF(index * width, 0, width, self.height())

    def _height_of(self, value: float) -> float:
        assert self.outputs is not None
        low, high = self.outputs.range()
        line = self.fontMetrics().height()
        return line + (high - value) / (high - low) * (self.height() - 2 * line - 4)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line at zero, the bars, their names and numbers."""
        if self.outputs is None:
            return
        painter = QPainter(self)
        painter.fillRect(QRectF(0, self._height_of(0.0), self.width(), 1), QColor(self._theme.hairline))
        for index in range(len(self.outputs.names)):
            self._paint_bar(painter, index)
            self._paint_name(painter, index)
        painter.end()

    def _paint_bar(self, painter: QPainter, index: int) -> None:
        assert self.outputs is not None
        bar, value = self.bar(index), float(self.outputs.values[index])
        colour = CLASSES[index % len(CLASSES)] if self.outputs.is_classification else self._theme.accent
        painter.fillRect(bar, QColor(colour if np.isfinite(value) else self._theme.danger))
        if not self.outputs.is_classification:
            target = self._height_of(float(self.outputs.targets[index]))
            painter.fillRect(QRectF(bar.left() - 4, target - 1, bar.width() + 8, 2), QColor(self._theme.ink))
        text, line = formats.number(value, 2), painter.fontMetrics().height()
        column = self._column(index)
        if painter.fontMetrics().horizontalAdvance(text) < column.width():
            above = QRectF(column.left(), bar.top() - line, column.width(), line)
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, text)

    def _paint_name(self, painter: QPainter, index: int) -> None:
        assert self.outputs is not None
        line, column = painter.fontMetrics().height(), self._column(index)
        font = QFont(self.font())
        is_largest = index == self.outputs.predicted
        font.setWeight(QFont.Weight.Bold if is_largest else QFont.Weight.Normal)
        painter.setFont(font)
        name = painter.fontMetrics().elidedText(
            self.outputs.names[index], Qt.TextElideMode.ElideRight, int(column.width())
        )
        below = QRectF(column.left(), self.height() - line - 3, column.width(), line)
        painter.setPen(QColor(self._theme.ink if is_largest else self._theme.muted))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)
        if index == self.outputs.target:
            width = min(max(painter.fontMetrics().horizontalAdvance(name), _LEAST_COLUMN), column.width())
            painter.fillRect(
                QRectF(column.center().x() - width / 2, self.height() - 3, width, 3), QColor(self._theme.accent)
            )
        painter.setFont(self.font())
