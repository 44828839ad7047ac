"""Table model of the watches: metric, current value and sparklines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.session.debugging.watches import Watch
from bpviz.ui.plotting.sparkline import paint_sparkline
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import Column, Index, RecordTable

WHAT, NOW, STEPS, EPOCHS, REMOVE = range(5)
_COLUMNS = (
    Column(N_("What")),
    Column(N_("Now"), is_number=True),
    Column(N_("Last steps")),
    Column(N_("Epochs")),
    Column(""),
)
_SMALLER = 0.85


class WatchTable(RecordTable):
    """Shows the debugger's watches."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
        self._model = model

    def series(self, row: int, column: int) -> Array:
        """Return the values of a sparkline, oldest first."""
        return np.array([value for _, value in self._pairs(row, column)], float)

    def plot_key(self, row: int, column: int) -> tuple[object, ...]:
        """Return a cache key for the sparkline of a cell; it changes whenever the values do."""
        pairs = self._pairs(row, column)
        return self._watch(row), len(pairs), pairs[-1] if pairs else None

    def _pairs(self, row: int, column: int) -> Sequence[tuple[object, float]]:
        log = self._model.debugger.logs[self._watch(row)]
        return log.steps if column == STEPS else log.epochs

    def n_rows(self) -> int:
        """Return the number of watches."""
        return len(self._model.debugger.watches)

    def text(self, row: int, column: int) -> str | None:
        """Return the metric or its value; sparklines are painted by `SparklinePainter`."""
        return {WHAT: self._watch(row).describe(), NOW: self._now(row), REMOVE: "×"}.get(column)

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the muted colour for watches that do not fit the network, and for the last column."""
        return QColor(self._model.theme.muted) if self._problem(row) or column == REMOVE else None

    def _watch(self, row: int) -> Watch:
        return self._model.debugger.watches[row]

    def _now(self, row: int) -> str:
        value = self._model.debugger.logs[self._watch(row)].value
        return "—" if value is None else formats.number(value, 6)

    def _problem(self, row: int) -> str | None:
        prepared = self._model.prepared
        n_samples = len(prepared.split.X_train) if prepared else None
        return self._watch(row).problem(self._model.experiment.sizes, n_samples)

    def tip(self, row: int, column: int) -> str:
        """Return a description of the metric or of the values in a sparkline."""
        if problem := self._problem(row):
            return _("Does not fit this network: {problem}.").format(problem=problem)
        if column in (STEPS, EPOCHS):
            return f"{self._watch(row).describe()}: {_range(self.series(row, column))}"
        return _("Remove this watch  (Delete)") if column == REMOVE else self._watch(row).describe()


class SparklinePainter(QStyledItemDelegate):
    """Item delegate that paints the sparklines of a `WatchTable`.

    Attributes
    ----------
    log : bool
        Whether logarithms of the magnitudes are plotted.
    """

    def __init__(self, table: WatchTable, model: ViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._model = table, model
        self._painted: dict[tuple[int, int], tuple[object, QPixmap]] = {}
        self.log = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        area, scale = option.rect.adjusted(4, 2, -4, -2), painter.device().devicePixelRatio()
        if area.isValid():
            painter.drawPixmap(area.topLeft(), self._plot(index, area.size(), painter.font(), scale))

    def _plot(self, index: Index, size: QSize, font: QFont, scale: float) -> QPixmap:
        """Return the pixmap of a cell from the cache: a step changes only the sparklines of steps, not of epochs."""
        row, column = index.row(), index.column()
        key = (self._table.plot_key(row, column), size, font.key(), scale, self._model.theme, self.log)
        if self._painted.get((row, column), (None,))[0] != key:
            self._painted[row, column] = key, self._paint_plot(self._table.series(row, column), size, font, scale)
        return self._painted[row, column][1]

    def _paint_plot(self, values: Array, size: QSize, font: QFont, scale: float) -> QPixmap:
        plot = QPixmap(size * scale)
        plot.setDevicePixelRatio(scale)
        plot.fill(Qt.GlobalColor.transparent)
        small = QFont(font)
        small.setPointSizeF(_SMALLER * font.pointSizeF())
        painter = QPainter(plot)
        painter.setFont(small)
        paint_sparkline(painter, QRect(QPoint(), size), values, self._model.theme, log=self.log)
        painter.end()
        return plot


def _range(values: Array) -> str:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return _("no values yet")
    least, greatest = formats.number(float(finite.min())), formats.number(float(finite.max()))
    return _("{n_values:,} values from {least} to {greatest}").format(
        n_values=len(values), least=least, greatest=greatest
    )
