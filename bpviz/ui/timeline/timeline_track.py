"""The timeline track: a slider over all epochs, with loss curve and marks."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip

from bpviz.language import _
from bpviz.session.lessons.withheld import NOTHING, Withheld
from bpviz.session.training.position import Position, position_text
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.timeline import timeline_painting
from bpviz.ui.timeline.timeline_painting import TrackLayout
from bpviz.ui.timeline.timeline_scale import BookmarkFlag, Scale, axis_labels, place_flags
from bpviz.ui.view_model.playhead import epoch_on_screen, is_past, live_epoch
from bpviz.ui.view_model.view_model import ViewModel

_BESIDE_FLAGS, _LEAST_WIDTH, _BELOW_BASE = 25, 160, 7
_AHEAD = 0.4
_LEAST_MOVE = 0.5
_NEAR = 5.0
# While training runs, the cached pixmaps are redrawn at most this often.
_LATER_MILLISECONDS = 250
_MOST_WORDS = 6
_KEYS = Qt.KeyboardModifier
_LEVELS = {_KEYS.NoModifier: "epoch", _KEYS.ShiftModifier: "sample", _KEYS.ControlModifier: "operation"}
_MANY = 10


class TimelineTrack(QAbstractSlider):
    """Shows loss, checkpoints, interventions, hits and bookmarks of the active branch; its value is the epoch.

    Signals
    -------
    seek_started
        The user has started to seek.
    bookmark_menu_requested : Bookmark, QPoint
        The user has requested the context menu of a bookmark, at a global position.
    """

    seek_started = Signal()
    bookmark_menu_requested = Signal(object, QPoint)

    def __init__(self, model: ViewModel) -> None:
        super().__init__()
        self._model = model
        self._behind: QPixmap | None = None
        self._marks: QPixmap | None = None
        self._flags: tuple[BookmarkFlag, ...] = ()
        self._drawn, self._is_stale = (model.epochs, 0, 0), True
        self._withheld = NOTHING
        self._redraw_timer = QTimer(self, singleShot=True, interval=_LATER_MILLISECONDS)
        self._redraw_timer.timeout.connect(self._follow)
        self._checkpoints = np.empty(0, dtype=np.int64)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setAccessibleName(_("Timeline"))
        self.setAccessibleDescription(_("Current epoch; Left and Right: one epoch, Home: start, End: live"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(self._go)
        self._connect(model)
        self._follow()

    def _connect(self, model: ViewModel) -> None:
        model.status_changed.connect(self._schedule_follow)
        model.epochs_added.connect(self._schedule_follow)
        model.time.timeline_changed.connect(self._take_timeline)
        for changed in (model.time.bookmarks_changed, model.debugger.hits_changed, model.theme_changed):
            changed.connect(self._invalidate)

    @Slot(object)
    def withhold(self, withheld: Withheld) -> None:
        """Leave out the losses while a lesson asks about epochs, and the values of hits while it asks anything."""
        self._withheld = withheld
        self._invalidate()

    # Geometry

    @property
    def scale(self) -> Scale:
        """The mapping of positions to pixels at the current width."""
        prepared = self._model.prepared
        return Scale(self.width(), self.maximum(), len(prepared.split.X_train) if prepared else 1)

    @property
    def flags(self) -> tuple[BookmarkFlag, ...]:
        """The geometry of the bookmarks."""
        return self._flags

    def handle_x(self) -> float:
        """Return the x of the handle."""
        if self.isSliderDown():
            return self.scale.x(Position(self.value()))
        here = self._model.position
        exact = here is not None and here.epoch == self.value()
        return self.scale.x(here if here and exact else Position(self.value()))

    def sizeHint(self) -> QSize:
        """Return the height of a bookmark name, the loss curve and the axis."""
        return QSize(4 * _LEAST_WIDTH, 2 * self._small_height() + _BESIDE_FLAGS)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest width that can still be used with the mouse."""
        return QSize(_LEAST_WIDTH, self.sizeHint().height())

    def _small_font(self) -> QFont:
        small = QFont(self.font())
        small.setPointSizeF(max(small.pointSizeF() - 1, 1.0))
        return small

    def _small_height(self) -> int:
        return self.fontMetrics().height() - 1

    def _track_layout(self) -> TrackLayout:
        flags = float(self._small_height()) if self._flags else 0.0
        return TrackLayout(flags + 3.0, float(self.height() - self._small_height() - _BELOW_BASE) + 0.5, flags)

    # Model signals

    @Slot()
    def _schedule_follow(self) -> None:
        if not self._model.is_running:
            self._follow()
        elif not self._redraw_timer.isActive():
            self._redraw_timer.start()

    @Slot()
    def _follow(self) -> None:
        """Move the handle to the current position, unless the user is dragging it."""
        # setRange and setValue emit valueChanged, which would request a seek.
        with QSignalBlocker(self):
            self.setEnabled(self._model.position is not None)
            most = max(live_epoch(self._model), 1)
            self.setRange(0, most)
            if not self.isSliderDown():
                self.setValue(epoch_on_screen(self._model))
        if self._is_out_of_date():
            self._invalidate()
        self.update()

    def _is_out_of_date(self) -> bool:
        """Whether the cached pixmaps show other epochs, or have become wrong by more than half a pixel."""
        table, epochs, length = self._drawn
        if self._is_stale or table is not self._model.epochs or len(table) < length:
            return True
        grown = max(len(table) - length, abs(self.maximum() - epochs))
        return grown * self.scale.length > _LEAST_MOVE * self.maximum()

    @Slot()
    def _take_timeline(self) -> None:
        timeline = self._model.time.timeline
        self._checkpoints = np.array(timeline.checkpoints if timeline else (), dtype=np.int64)
        self._is_stale = True
        self._schedule_follow()

    @Slot()
    def _invalidate(self) -> None:
        self._behind = self._marks = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Redraw for a new width."""
        self._invalidate()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw for a new font size."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._invalidate()
        super().changeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cached pixmaps and the handle; everything after the current position is paler.

        Only the handle moves while the user seeks, so the loss curve and the marks are kept as pixmaps.
        """
        if self._behind is None or self._marks is None:
            self._marks = self._picture(self._paint_marks)  # first: whether there are flags decides the layout
            self._behind = self._picture(self._paint_course)
            self._drawn, self._is_stale = (self._model.epochs, self.maximum(), len(self._model.epochs)), False
        painter = QPainter(self)
        x = self.handle_x()
        painter.setClipRect(QRectF(0, 0, x, self.height()))
        painter.drawPixmap(0, 0, self._behind)
        painter.setClipRect(QRectF(x, 0, self.width() - x, self.height()))
        painter.setOpacity(_AHEAD)
        painter.drawPixmap(0, 0, self._behind)
        painter.setOpacity(1.0)
        painter.setClipping(False)
        painter.drawPixmap(0, 0, self._marks)
        if self.isEnabled():
            layout = self._track_layout()
            timeline_painting.paint_handle(painter, x, layout, self._theme, focused=self.hasFocus())
        painter.end()

    @property
    def _theme(self) -> Theme:
        return self._model.theme

    def _picture(self, paint: Callable[[QPainter], None]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        # In device pixels, so that the cached picture is sharp on every screen.
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setFont(self._small_font())
        paint(painter)
        painter.end()
        return made

    def _paint_course(self, painter: QPainter) -> None:
        layout, scale = self._track_layout(), self.scale
        timeline_painting.paint_base(painter, self._checkpoints, scale, layout, self._theme)
        losses = self._model.epochs.column("mse_train")
        if len(losses) and not self._withheld.epochs:
            timeline_painting.paint_loss(painter, losses, scale, layout, self._theme)

    def _paint_marks(self, painter: QPainter) -> None:
        scale, metrics = self.scale, painter.fontMetrics()
        self._flags = place_flags(
            self._model.time.bookmarks_here(), scale, self._small_height(), metrics.horizontalAdvance
        )
        layout = self._track_layout()
        timeline_painting.paint_axis(painter, axis_labels(scale, metrics.horizontalAdvance), layout, self._theme)
        timeline_painting.paint_flags(painter, self._flags, layout, self._theme)
        # A set: hundreds of hits in the same pixel are one mark.
        hits = {round(scale.x(hit.position)) for hit in self._model.debugger.hits}
        changes = {round(scale.x(position)) for position, _ in self._interventions()}
        timeline_painting.paint_hits(painter, sorted(hits), layout, self._theme)
        timeline_painting.paint_interventions(painter, sorted(changes), layout, self._theme)

    def _interventions(self) -> tuple[tuple[Position, str], ...]:
        timeline = self._model.time.timeline
        branch = timeline.branch(timeline.active) if timeline else None
        return branch.interventions if branch else ()

    # Pointer

    def flag_at(self, at: QPointF) -> BookmarkFlag | None:
        """Return the nearest bookmark at a point, or None."""
        here = [flag for flag in self._flags if flag.area.contains(at)]
        return min(here, key=lambda flag: abs(flag.x - at.x()), default=None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek to the epoch or the bookmark under the pointer."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.seek_started.emit()
        if flag := self.flag_at(event.position()):
            self._model.go_to(flag.bookmark.position)
            return
        self.setSliderDown(True)
        # A click on the current epoch seeks too: the position may be in the middle of that epoch.
        self._drag_to(event.position().x(), again=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Seek while dragging; otherwise update the tooltip."""
        if self.isSliderDown():
            self._drag_to(event.position().x())
        else:
            self._update_tooltip(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if event.button() is Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self._follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel, so that scrolling over the window does not leave the live end."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Request the context menu of a bookmark."""
        if flag := self.flag_at(QPointF(event.pos())):
            self.bookmark_menu_requested.emit(flag.bookmark, event.globalPos())

    def _drag_to(self, x: float, *, again: bool = False) -> None:
        epoch = self.scale.epoch(x)
        if epoch != self.value():
            self.setValue(epoch)
        elif again:
            self._go(epoch)
        self.update()

    def seek(self, epoch: int) -> None:
        """Go to the end of an epoch, as a click on it does."""
        self.seek_started.emit()
        self._go(epoch)

    @Slot(int)
    def _go(self, epoch: int) -> None:
        if epoch < self.maximum():
            self._model.go_to(Position(epoch))
        else:
            self._model.go_live()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Seek with the arrow keys, Page Up, Page Down, Home and End."""
        level = _LEVELS.get(event.modifiers() & (_KEYS.ShiftModifier | _KEYS.ControlModifier | _KEYS.AltModifier))
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if level:
                self._step(level, 1 if event.key() == Qt.Key.Key_Right else -1)
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp if level == "epoch":
                self._step("epoch", _MANY if event.key() == Qt.Key.Key_PageDown else -_MANY)
            case Qt.Key.Key_Home | Qt.Key.Key_End if level == "epoch":
                self.seek_started.emit()
                self._go(0 if event.key() == Qt.Key.Key_Home else self.maximum())
            case _:
                event.ignore()

    def _step(self, level: str, count: int) -> None:
        """Step without training: forward steps end at the live end."""
        self.seek_started.emit()
        if count < 0:
            self._model.step(level, count)
        elif not is_past(self._model):
            return
        elif level != "epoch" or self.value() + count < self.maximum():
            self._model.step(level, count)
        else:
            self._model.go_live()

    # Tooltip

    def _update_tooltip(self, at: QPointF) -> None:
        """Set the tooltip for the point under the pointer; move it along if it is already visible."""
        self.setToolTip(f"<p style='white-space: pre'>{escape(self.tooltip_at(at))}</p>")
        if QToolTip.isVisible():
            QToolTip.showText(self.mapToGlobal(at.toPoint()), self.toolTip(), self)

    def tooltip_at(self, at: QPointF) -> str:
        """Return a description of a point: the epoch with its loss, and the marks near it."""
        if flag := self.flag_at(at):
            return _("{name}\n{position_text}\nClick to seek").format(
                name=flag.bookmark.name, position_text=position_text(flag.bookmark.position)
            )
        epoch = self.scale.epoch(at.x())
        losses = self._model.epochs.column("mse_train")
        loss = ""
        if self._shows(epoch):
            loss = _(", train MSE {number}").format(number=formats.number(float(losses[epoch - 1])))
        return "\n".join(
            [_("epoch {count}{loss}").format(count=formats.count(epoch), loss=loss), *self._marks_near(at.x())]
        )

    def _shows(self, epoch: int) -> bool:
        return 0 < epoch <= len(self._model.epochs) and not self._withheld.epochs

    def _marks_near(self, x: float) -> list[str]:
        scale = self.scale
        changes = [(position, f"{position_text(position)}: {words}") for position, words in self._interventions()]
        # Hits say the values of their conditions.
        hits = [] if self._withheld.has_numbers else [(hit.position, hit) for hit in self._model.debugger.hits]
        near: list[str] = [words for position, words in changes if abs(scale.x(position) - x) <= _NEAR]
        near += [hit.describe() for position, hit in hits if abs(scale.x(position) - x) <= _NEAR]
        return (
            [*near[:_MOST_WORDS], _("and {n_near:,} more").format(n_near=len(near) - _MOST_WORDS)]
            if len(near) > _MOST_WORDS
            else near
        )
