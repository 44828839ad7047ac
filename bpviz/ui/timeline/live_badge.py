"""A badge that shows whether the current position is live or in the past, in words and by its colour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.language import N_, _
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, heading_weight
from bpviz.ui.view_model.playhead import epoch_on_screen, is_past, live_epoch
from bpviz.ui.view_model.view_model import ViewModel

_BADGES = {True: N_("past"), False: N_("live")}
_LONGEST = N_("epoch 00,000, training continues at epoch 00,000")


class LiveBadge(QWidget):
    """A badge, coloured in the past, and a short description; its size does not depend on the text."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__()
        self._model = model
        self.badge, self.describe = "", ""
        # A fixed size hint: a text that changed it would cause a new layout of the window at each epoch.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        model.status_changed.connect(self._update_text)
        model.epochs_added.connect(self._update_text)
        model.theme_changed.connect(self.update)
        self._update_text()

    def text(self) -> str:
        """Return the whole text."""
        return f"{self.badge}: {self.describe}" if self.describe else self.badge

    @Slot()
    def _update_text(self) -> None:
        is_ready, past = self._model.position is not None, is_past(self._model)
        text = (_(_BADGES[past]), self._description(past)) if is_ready else ("", "")
        if text != (self.badge, self.describe):
            self.badge, self.describe = text
            self.setAccessibleName(self.text())
            self.setToolTip(self.text())
            self.update()

    def _description(self, past: bool) -> str:
        here, end = formats.count(epoch_on_screen(self._model)), formats.count(live_epoch(self._model))
        if not past:
            return _("epoch {here}, latest").format(here=here)
        if self._model.status.trains_on:
            return _("epoch {here}, training continues at epoch {end}").format(here=here, end=end)
        if self._model.is_running:
            return _("epoch {here} of {end}, on the way").format(here=here, end=end)
        return _("epoch {here} of {end}, training paused").format(here=here, end=end)

    def sizeHint(self) -> QSize:
        """Return the size of the longest text."""
        metrics = self.fontMetrics()
        return QSize(self._badge_width() + GAP + metrics.horizontalAdvance(_(_LONGEST)), metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the badge with the epoch; the tooltip has the rest."""
        return QSize(self._badge_width() + self.sizeHint().width() // 3, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Update the size hint for a new font size."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def _badge_width(self) -> int:
        bold = self._bold()
        widths = [QFontMetrics(bold).horizontalAdvance(_(badge)) for badge in _BADGES.values()]
        return max(widths) + 2 * GAP

    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setWeight(heading_weight())
        return bold

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the badge, coloured in the past and grey when live, and the description, elided to fit."""
        if not self.badge:
            return
        theme, past, painter = self._model.theme, self.badge == _(_BADGES[True]), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(0.5, 0.5, self._badge_width(), self.height() - 1)
        painter.setPen(Qt.PenStyle.NoPen)  # a frame would make it look like a button
        painter.setBrush(QColor(theme.accent if past else theme.hairline))
        painter.drawRoundedRect(area, 4, 4)
        painter.setFont(self._bold())
        painter.setPen(QColor(theme.on_accent if past else theme.ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.badge)
        self._paint_description(painter, area.right() + GAP, QColor(theme.ink if past else theme.muted))
        painter.end()

    def _paint_description(self, painter: QPainter, left: float, colour: QColor) -> None:
        room = QRectF(left, 0, self.width() - left, self.height())
        painter.setFont(self.font())
        painter.setPen(colour)
        text = self.fontMetrics().elidedText(self.describe, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
