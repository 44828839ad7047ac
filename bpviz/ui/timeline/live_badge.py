"""Says whether the moment on screen is live or one of the past; to be read without colours too."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.playhead import epoch_on_screen, is_past, live_epoch
from bpviz.ui.view_model.view_model import ViewModel

_BADGES = {True: "past", False: "live"}
_LONGEST = "epoch 00,000, training goes on at epoch 00,000"


class LiveBadge(QWidget):
    """A badge, filled while one looks at the past, and a few words; its size never changes with them."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__()
        self._model = model
        self.badge, self.describe = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        model.status_changed.connect(self._tell)
        model.epochs_added.connect(self._tell)
        model.theme_changed.connect(self.update)
        self._tell()

    def text(self) -> str:
        """Return all that is said."""
        return f"{self.badge}: {self.describe}" if self.describe else self.badge

    @Slot()
    def _tell(self) -> None:
        there, past = self._model.position is not None, is_past(self._model)
        said = (_BADGES[past], self._words(past)) if there else ("", "")
        if said != (self.badge, self.describe):
            self.badge, self.describe = said
            self.setAccessibleName(self.text())
            self.setToolTip(self.text())
            self.update()

    def _words(self, past: bool) -> str:
        here, end = formats.count(epoch_on_screen(self._model)), formats.count(live_epoch(self._model))
        if not past:
            return f"epoch {here}, the latest moment"
        if self._model.status.trains_on:
            return f"epoch {here}, training goes on at epoch {end}"
        return f"epoch {here} of {end}, training waits"

    def sizeHint(self) -> QSize:
        """Ask for room for the longest words."""
        metrics = self.fontMetrics()
        return QSize(self._badge_width() + GAP + metrics.horizontalAdvance(_LONGEST), metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Need room for the badge and the epoch; the rest is in the tooltip."""
        return QSize(self._badge_width() + self.sizeHint().width() // 3, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Ask for other room in another size of text."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def _badge_width(self) -> int:
        bold = self._bold()
        widths = [QFontMetrics(bold).horizontalAdvance(badge) for badge in _BADGES.values()]
        return max(widths) + 2 * GAP

    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        return bold

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the badge, filled for the past and outlined for live, and as many of the words as there is room for."""
        if not self.badge:
            return
        theme, past, painter = self._model.theme, self.badge == _BADGES[True], QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0.5, 0.5, self._badge_width(), self.height() - 1)
        painter.setPen(QPen(QColor(theme.accent if past else theme.muted), 1))
        painter.setBrush(QColor(theme.accent) if past else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 4, 4)
        painter.setFont(self._bold())
        painter.setPen(QColor(theme.on_accent if past else theme.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.badge)
        self._paint_words(painter, area.right() + GAP, QColor(theme.ink if past else theme.muted))
        painter.end()

    def _paint_words(self, painter: QPainter, left: float, colour: QColor) -> None:
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.setFont(self.font())
        painter.setPen(colour)
        text = self.fontMetrics().elidedText(self.describe, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
