"""Tree view of the causes of a delta, with a bar behind each share."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QFrame, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from bpviz.language import _
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.diagnostics.cause_tree import BAR_ROLE, SHARE, CauseTree, Path
from bpviz.ui.style.theme import GAP, LIGHT, Theme

_BAR_ALPHA, _INDENT = 80, 14
_WIDEST = ("−0.0123", "−0.00123", "−0.00123", "100 %")


class _Bar(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        share = float(index.data(BAR_ROLE) or 0.0)
        if not -1.0 <= share <= 1.0:
            return
        area: QRect = option.rect.adjusted(2, 2, -2, -2)
        area.setWidth(round(abs(share) * area.width()))
        colour = QColor(self.theme.positive if share >= 0 else self.theme.negative)
        colour.setAlpha(_BAR_ALPHA)
        painter.fillRect(area, colour)


class CauseView(QTreeView):
    """Shows the causes of one delta; expanded rows stay expanded when only the sample changes.

    Signals
    -------
    chosen : int, int
        Layer and neuron of a row that was clicked or activated with Enter.
    """

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.causes = CauseTree(self)
        self._root: tuple[int, int] | None = None
        self._bar = _Bar(self)
        self.setModel(self.causes)
        self.setItemDelegateForColumn(SHARE, self._bar)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        # Qt then measures one row instead of all of them.
        self.setUniformRowHeights(True)
        self.setIndentation(_INDENT)
        self.setAllColumnsShowFocus(True)
        self.setAccessibleName(_("Causes of the delta"))
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def explain(self, update: TracedUpdate, row: int, layer: int, neuron: int) -> None:
        """Show the causes of the delta of a neuron for one sample."""
        stays = self._root == (layer, neuron)
        # Paths, not indexes: indexes of the old model are invalid after the reset.
        opened = [path for path, index in self.causes.opened() if self.isExpanded(index)] if stays else []
        current = self.causes.path(self.currentIndex()) if stays else ()
        self._root = (layer, neuron)
        self.causes.explain(update, row, layer, neuron)
        for path in opened:
            self.expand(self.causes.find(path))
        self._make_current(current)

    def clear(self) -> None:
        """Remove all rows."""
        self._root = None
        self.causes.clear()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme, and fit the columns to the font size."""
        self._bar.theme = theme
        for column, number in enumerate(_WIDEST, start=1):
            width = self.fontMetrics().horizontalAdvance(number) + 2 * GAP
            self.header().resizeSection(column, max(width, self.header().sectionSizeHint(column)))
        self.viewport().update()

    def _make_current(self, path: Path) -> None:
        if path:
            self.setCurrentIndex(self.causes.find(path))

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(*self.causes.neuron(index))
