"""The track of the timeline: all of training on one line, to go anywhere by pointer and keys."""

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

from bpviz.session.training.position import Position, position_text
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.timeline import timeline_painting as timeline_picture
from bpviz.ui.timeline.timeline_painting import Lanes
from bpviz.ui.timeline.timeline_scale import Flag, Scale, place_flags
from bpviz.ui.view_model.playhead import epoch_on_screen, is_past, live_epoch
from bpviz.ui.view_model.view_model import ViewModel

_BESIDE_FLAGS, _LEAST_WIDTH, _BELOW_BASE = 32, 160, 9
_AHEAD = 0.4
_LEAST_MOVE = 0.5
_NEAR = 5.0
# While training runs the whole past is drawn anew no more often.
_LATER_MILLISECONDS = 250
_MOST_WORDS = 6
_KEYS = Qt.KeyboardModifier
_LEVELS = {_KEYS.NoModifier: "epoch", _KEYS.ShiftModifier: "sample", _KEYS.ControlModifier: "operation"}
_MANY = 10


class TimelineTrack(QAbstractSlider):
    """Shows the loss, checkpoints, interventions, hits and bookmarks of the active branch; its value is the epoch.

    Signals
    -------
    touched
        The user goes elsewhere by it.
    bookmark_pointed : Bookmark, QPoint
        A menu is wanted for a bookmark, at a place of the screen.
    """

    touched = Signal()
    bookmark_pointed = Signal(object, QPoint)

    def __init__(self, model: ViewModel) -> None:
        super().__init__()
        self._model = model
        self._behind: QPixmap | None = None
        self._marks: QPixmap | None = None
        self._flags: tuple[Flag, ...] = ()
        self._drawn, self._is_stale = (model.epochs, 0, 0), True
        self._later = QTimer(self, singleShot=True, interval=_LATER_MILLISECONDS)
        self._later.timeout.connect(self._follow)
        self._checkpoints = np.empty(0, dtype=np.int64)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription("Epoch on screen; Left and Right go by epochs, Home to the start, End to live")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(self._go)
        self._listen(model)
        self._follow()

    def _listen(self, model: ViewModel) -> None:
        model.status_changed.connect(self._follow_in_time)
        model.epochs_added.connect(self._follow_in_time)
        model.time.timeline_changed.connect(self._take_timeline)
        for changed in (model.time.bookmarks_changed, model.debugger.hits_changed, model.theme_changed):
            changed.connect(self._draw_anew)

    # What is

    @property
    def scale(self) -> Scale:
        """Where moments lie now."""
        prepared = self._model.prepared
        return Scale(self.width(), self.maximum(), len(prepared.split.X_train) if prepared else 1)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The bookmarks as they stand on the track."""
        return self._flags

    def handle_x(self) -> float:
        """Return where the handle is."""
        if self.isSliderDown():
            return self.scale.x(Position(self.value()))
        here = self._model.position
        exact = here is not None and here.epoch == self.value()
        return self.scale.x(here if here and exact else Position(self.value()))

    def sizeHint(self) -> QSize:
        """Ask for the height of a name, a curve and a line of marks."""
        return QSize(4 * _LEAST_WIDTH, self._small_height() + _BESIDE_FLAGS)

    def minimumSizeHint(self) -> QSize:
        """Need enough to point at."""
        return QSize(_LEAST_WIDTH, self.sizeHint().height())

    def _small_font(self) -> QFont:
        small = QFont(self.font())
        small.setPointSizeF(max(small.pointSizeF() - 1, 1.0))
        return small

    def _small_height(self) -> int:
        return self.fontMetrics().height() - 1

    def _lanes(self) -> Lanes:
        flags = float(self._small_height()) if self._flags else 0.0
        return Lanes(flags + 3.0, float(self.height() - _BELOW_BASE) + 0.5, flags)

    # What the model tells

    @Slot()
    def _follow_in_time(self) -> None:
        if not self._model.is_running:
            self._follow()
        elif not self._later.isActive():
            self._later.start()

    @Slot()
    def _follow(self) -> None:
        """Show the moment on screen, except while the pointer holds the handle."""
        with QSignalBlocker(self):
            self.setEnabled(self._model.position is not None)
            most = max(live_epoch(self._model), 1)
            self.setRange(0, most)
            if not self.isSliderDown():
                self.setValue(epoch_on_screen(self._model))
        if self._is_out_of_date():
            self._draw_anew()
        self.update()

    def _is_out_of_date(self) -> bool:
        """Whether the pictures are of other records, or have moved by half a pixel since they were made."""
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
        self._follow_in_time()

    @Slot()
    def _draw_anew(self) -> None:
        self._behind = self._marks = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw for another width."""
        self._draw_anew()

    def changeEvent(self, event: QEvent) -> None:
        """Draw in another size of text."""
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._draw_anew()
        super().changeEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track: what is ahead of the moment on screen paler than what is behind."""
        if self._behind is None or self._marks is None:
            self._marks = self._picture(self._paint_marks)  # first: it knows whether there are flags
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
            area = QRectF(self.rect()).adjusted(0, self._lanes().flags, 0, -0.5)
            timeline_picture.paint_handle(painter, x, area, self._theme, focused=self.hasFocus())
        painter.end()

    @property
    def _theme(self) -> Theme:
        return self._model.theme

    def _picture(self, paint: Callable[[QPainter], None]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setFont(self._small_font())
        paint(painter)
        painter.end()
        return made

    def _paint_course(self, painter: QPainter) -> None:
        lanes, scale = self._lanes(), self.scale
        timeline_picture.paint_base(painter, self._checkpoints, scale, lanes, self._theme)
        losses = self._model.epochs.column("mse_train")
        if len(losses):
            timeline_picture.paint_loss(painter, losses, scale, lanes, self._theme)

    def _paint_marks(self, painter: QPainter) -> None:
        scale, metrics = self.scale, painter.fontMetrics()
        self._flags = place_flags(
            self._model.time.bookmarks_here(), scale, self._small_height(), metrics.horizontalAdvance
        )
        lanes = self._lanes()
        timeline_picture.paint_flags(painter, self._flags, lanes, self._theme)
        hits = {round(scale.x(hit.position)) for hit in self._model.debugger.hits}
        changes = {round(scale.x(position)) for position, _ in self._interventions()}
        timeline_picture.paint_hits(painter, sorted(hits), lanes, self._theme)
        timeline_picture.paint_interventions(painter, sorted(changes), lanes, self._theme)

    def _interventions(self) -> tuple[tuple[Position, str], ...]:
        timeline = self._model.time.timeline
        branch = timeline.branch(timeline.active) if timeline else None
        return branch.interventions if branch else ()

    # Pointer

    def flag_at(self, at: QPointF) -> Flag | None:
        """Return the bookmark at a place of the track; of some, the nearest."""
        here = [flag for flag in self._flags if flag.area.contains(at)]
        return min(here, key=lambda flag: abs(flag.x - at.x()), default=None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to where the pointer is, or to the bookmark under it."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.touched.emit()
        if flag := self.flag_at(event.position()):
            self._model.travel(flag.bookmark.position)
            return
        self.setSliderDown(True)
        self._point(event.position().x(), again=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along with the pointer."""
        if self.isSliderDown():
            self._point(event.position().x())
        else:
            self._explain(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() is Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self._follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel alone: a touch of it should lead nobody into the past."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of a bookmark."""
        if flag := self.flag_at(QPointF(event.pos())):
            self.bookmark_pointed.emit(flag.bookmark, event.globalPos())

    def _point(self, x: float, *, again: bool = False) -> None:
        epoch = self.scale.epoch(x)
        if epoch != self.value():
            self.setValue(epoch)
        elif again:
            self._go(epoch)
        self.update()

    @Slot(int)
    def _go(self, epoch: int) -> None:
        if epoch < self.maximum():
            self._model.travel(Position(epoch))
        else:
            self._model.go_live()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by the keys that the class names."""
        level = _LEVELS.get(event.modifiers() & (_KEYS.ShiftModifier | _KEYS.ControlModifier | _KEYS.AltModifier))
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if level:
                self._step(level, 1 if event.key() == Qt.Key.Key_Right else -1)
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp if level == "epoch":
                self._step("epoch", _MANY if event.key() == Qt.Key.Key_PageDown else -_MANY)
            case Qt.Key.Key_Home | Qt.Key.Key_End if level == "epoch":
                self.touched.emit()
                self._go(0 if event.key() == Qt.Key.Key_Home else self.maximum())
            case _:
                event.ignore()

    def _step(self, level: str, count: int) -> None:
        """Step, but never train: forward it goes to the live end at the furthest."""
        self.touched.emit()
        if count < 0:
            self._model.step(level, count)
        elif not is_past(self._model):
            return
        elif level != "epoch" or self.value() + count < self.maximum():
            self._model.step(level, count)
        else:
            self._model.go_live()

    # Words

    def _explain(self, at: QPointF) -> None:
        """Say what lies under the pointer, along with it where it is said already."""
        self.setToolTip(f"<p style='white-space: pre'>{escape(self.words_at(at))}</p>")
        if QToolTip.isVisible():
            QToolTip.showText(self.mapToGlobal(at.toPoint()), self.toolTip(), self)

    def words_at(self, at: QPointF) -> str:
        """Return what lies at a place: the epoch with its loss, and what came to pass there."""
        if flag := self.flag_at(at):
            return f"{flag.bookmark.name}\n{position_text(flag.bookmark.position)}\nClick to go there"
        epoch = self.scale.epoch(at.x())
        losses = self._model.epochs.column("mse_train")
        loss = f", train MSE {formats.number(float(losses[epoch - 1]))}" if 0 < epoch <= len(losses) else ""
        return "\n".join([f"epoch {formats.count(epoch)}{loss}", *self._marks_near(at.x())])

    def _marks_near(self, x: float) -> list[str]:
        scale = self.scale
        changes = [(position, f"{position_text(position)}: {words}") for position, words in self._interventions()]
        hits = [(hit.position, hit) for hit in self._model.debugger.hits]
        near: list[str] = [words for position, words in changes if abs(scale.x(position) - x) <= _NEAR]
        near += [hit.describe() for position, hit in hits if abs(scale.x(position) - x) <= _NEAR]
        return [*near[:_MOST_WORDS], f"and {len(near) - _MOST_WORDS:,} more"] if len(near) > _MOST_WORDS else near
