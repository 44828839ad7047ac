"""Loss and accuracy over the epochs."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.ui.plotting.stable_range import StableSpan
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import make_plot, restyle, restyle_axis
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.playhead import live_epoch, row_on_screen
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel

_EMPTY = "Press F5 to train, F10 to take one step"
_FAINT = 110
_DASH = (5, 4)
_FIRST_EPOCHS = 10
# Room before the first epoch, as a share of what is shown: the start lies there.
_LEFT = 0.05


@dataclass(frozen=True)
class _Curve:
    """One column of the record: how it is called, and which of the two axes it is drawn on."""

    column: str
    name: str
    is_accuracy: bool
    is_test: bool


_CURVES = (
    _Curve("mse_train", "train MSE", False, False),
    _Curve("mse_test", "test MSE", False, True),
    _Curve("accuracy_train", "train accuracy", True, False),
    _Curve("accuracy_test", "test accuracy", True, True),
)


class CurvesPanel(Panel):
    """Every epoch's MSE on the left axis and accuracy on the right; test strong, training faint."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("curves", "Loss and accuracy", model)
        self.log = self.add_toggle("Log", "Show MSE on a logarithmic axis")
        fit = self.add_button("Fit", "Show all epochs again")
        self.plot = make_plot("Loss and accuracy over the epochs", x="epoch", y="mean squared error")
        self.layout_.addWidget(self.plot, 1)
        self.readout = self.add_readout(QLabel())
        self.set_caption("test strong, training faint")
        self._add_accuracy_axis()
        self._items = {curve: self._add_curve(curve, segments="on") for curve in _CURVES}
        # In segments each would begin its dashes anew, and be a line without gaps.
        self._compared = {curve: self._add_curve(curve, segments="off") for curve in _CURVES}
        self._follows, self._moves_itself, self._is_hasty = True, False, False
        self._across, self._up = StableSpan(), StableSpan()
        self.plot.disableAutoRange()
        self.plot.setXRange(0, _FIRST_EPOCHS)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self._here = pg.InfiniteLine(angle=90, movable=True)
        self._here.setZValue(10)
        self.plot.addItem(self._here, ignoreBounds=True)
        self._pointed, self._asked = -1, 0
        self._here.sigDragged.connect(self._travel)
        self._here.sigPositionChangeFinished.connect(self._show_here)
        self.log.toggled.connect(self._set_log)
        fit.clicked.connect(self._fit)
        self.plot.getPlotItem().vb.sigRangeChanged.connect(self._stop_following)
        self.plot.scene().sigMouseMoved.connect(self._read_out)
        model.epochs_added.connect(self._epochs_came)
        model.time.compared_changed.connect(self._draw)
        model.time.timeline_changed.connect(self._say_again)
        model.status_changed.connect(self._follow_status)
        model.frame_changed.connect(self._follow_haste)
        model.theme_changed.connect(self._restyle)
        self._restyle(model.theme)
        self._draw()

    def _add_accuracy_axis(self) -> None:
        item = self.plot.getPlotItem()
        self._accuracy = pg.ViewBox(enableMenu=False)
        self._accuracy.setXLink(item.vb)
        self._accuracy.setMouseEnabled(y=False)
        self._accuracy.setYRange(0, 100, padding=0.02)
        item.showAxis("right")
        item.setLabel("right", "accuracy, %")
        item.getAxis("right").linkToView(self._accuracy)
        item.scene().addItem(self._accuracy)
        item.vb.sigResized.connect(self._follow_geometry)
        # The accuracy's view lies over the MSE's: without this it would take the wheel and the drag.
        self._accuracy.setZValue(item.vb.zValue() - 1)

    def _add_curve(self, curve: _Curve, segments: str) -> pg.PlotDataItem:
        item = pg.PlotDataItem(autoDownsample=True, downsampleMethod="peak", clipToView=True)
        item.opts["autoDownsampleFactor"] = 1.0  # no more than two points for a pixel
        item.curve.setSegmentedLineMode(segments)
        (self._accuracy if curve.is_accuracy else self.plot).addItem(item)
        return item

    @Slot()
    def _follow_geometry(self) -> None:
        self._accuracy.setGeometry(self.plot.getPlotItem().vb.sceneBoundingRect())

    def catch_up(self) -> None:
        """Draw the epochs so far."""
        self._draw()

    @Slot()
    def _epochs_came(self) -> None:
        self.draw_in_turn(self._draw)

    @Slot()
    def _draw(self) -> None:
        if not self.is_seen:
            return
        _draw_table(self._items, self.model.epochs)
        _draw_table(self._compared, self.model.time.compared or EpochTable())
        if self._follows:
            self._show_everything()
        self._show_here()

    def _show_everything(self) -> None:
        """Fit the range, in steps, so that the axes need not be drawn anew for every epoch."""
        tables = [table for table in (self.model.epochs, self.model.time.compared) if table is not None]
        columns = [curve.column for curve in _CURVES if not curve.is_accuracy]
        losses = np.concatenate([table.column(column) for table in tables for column in columns])
        losses = losses[np.isfinite(losses) & (losses > 0 if self.log.isChecked() else True)]
        if not len(losses):
            self._release()
            return
        if self.log.isChecked():
            losses = np.log10(losses)
        shown = self._up.fit(float(losses.min()), float(losses.max()))
        _, right = self._across.fit(0.0, float(max(*map(len, tables), 2) - 1))
        self._moves_itself = True
        self.plot.setRange(xRange=(-_LEFT * right, right), yRange=shown, padding=0)
        self._moves_itself = False

    def _release(self) -> None:
        self._across.release()
        self._up.release()

    @Slot()
    def _stop_following(self) -> None:
        """Leave the range alone once somebody else has zoomed or moved it."""
        self._follows = self._follows and self._moves_itself

    @Slot(bool)
    def _set_log(self, on: bool) -> None:
        self.plot.setLogMode(y=on)
        self.plot.getPlotItem().getAxis("right").setLogMode(x=False, y=False)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        self._follows = True
        self._release()
        self._show_everything()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        item = self.plot.getPlotItem()
        restyle(item, theme)
        restyle_axis(item.getAxis("left"), theme, theme.mse)
        restyle_axis(item.getAxis("right"), theme, theme.accuracy)
        self._cursor.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self._here.setPen(pg.mkPen(theme.accent, width=2))
        self._here.setHoverPen(pg.mkPen(theme.accent, width=4))
        for curve, drawn in self._items.items():
            colour = QColor(theme.accuracy if curve.is_accuracy else theme.mse)
            colour.setAlpha(255 if curve.is_test else _FAINT)
            drawn.setPen(pg.mkPen(colour, width=self._width(curve)))
            drawn.setSymbolBrush(colour)
            drawn.setSymbolPen(None)
            self._compared[curve].setPen(pg.mkPen(colour, width=1, dash=_DASH))
            self._compared[curve].setSymbolBrush(colour)
            self._compared[curve].setSymbolPen(None)
        self._say_again()

    def _width(self, curve: _Curve) -> float:
        """Return how wide a line is: hair lines, for those in haste, take an eighth of the time."""
        if self._is_hasty:
            return 1.0
        return 1.6 if curve.is_test else 1.2

    @Slot()
    def _follow_haste(self) -> None:
        if self._is_hasty != self.model.frame_requests.is_hasty:
            self._is_hasty = self.model.frame_requests.is_hasty
            for curve, drawn in self._items.items():
                drawn.setPen(pg.mkPen(drawn.opts["pen"].color(), width=self._width(curve)))

    @Slot()
    def _follow_status(self) -> None:
        self._follow_haste()
        if not self.model.is_running:  # else it moves with the lines
            self._show_here()

    @Slot()
    def _show_here(self) -> None:
        """Put the cursor at the epoch on screen, except while the pointer holds it."""
        row = row_on_screen(self.model)
        self._here.setVisible(len(self.model.epochs) > 0)
        if not self._here.moving:
            self._here.setPos(row)
            self._asked = row + 1
        self._say_again()

    @Slot()
    def _travel(self) -> None:
        """Go to the end of the epoch that the cursor is dragged to; left of the first lies the start."""
        done = int(np.clip(round(self._here.value()) + 1, 0, len(self.model.epochs)))
        if done == self._asked:
            return
        self._asked = done
        if done < live_epoch(self.model):
            self.model.travel(Position(done))
        else:
            self.model.go_live()

    @Slot(object)
    def _read_out(self, where: QPointF) -> None:
        view, last = self.plot.getPlotItem().vb, len(self.model.epochs) - 1
        inside = last >= 0 and view.sceneBoundingRect().contains(where)
        self._cursor.setVisible(inside)
        self._pointed = int(np.clip(round(view.mapSceneToView(where).x()), 0, last)) if inside else -1
        self._cursor.setPos(self._pointed)
        self._say_again()

    @Slot()
    def _say_again(self) -> None:
        """Read out the epoch under the pointer, or the one on screen."""
        pointed = self._cursor.isVisible() and self._pointed < len(self.model.epochs)
        self._say(self._pointed if pointed else row_on_screen(self.model))

    def _say(self, index: int) -> None:
        compared, timeline = self.model.time.compared, self.model.time.timeline
        if index < 0:
            self.readout.setText("epoch 0, before the first update" if len(self.model.epochs) else _EMPTY)
            return
        text = f"epoch {formats.count(index)} &nbsp;{self._scores(self.model.epochs, index)}"
        if compared is not None and timeline:
            active, other = timeline.branch(timeline.active), timeline.branch(timeline.compared)
            names = [escape(branch.name) if branch else "" for branch in (active, other)]
            mine = self._scores(self.model.epochs, index, in_short=True)
            theirs = self._scores(compared, index, in_short=True) if index < len(compared) else "not there yet"
            text = f"epoch {formats.count(index)} &nbsp;{mine} &nbsp;{names[0]}<br>dashed: {theirs} &nbsp;{names[1]}"
        self.readout.setText(text)

    def _scores(self, table: EpochTable, index: int, *, in_short: bool = False) -> str:
        _, mse_train, mse_test, accuracy_train, accuracy_test = table.row(index)
        theme = self.model.theme
        accuracy = "<b>test accuracy" if in_short else f"accuracy {formats.percent(accuracy_train)} · <b>test"
        return (
            f'<span style="color:{theme.mse}">MSE {formats.mse(mse_train)} · <b>test {formats.mse(mse_test)}</b></span>'
            f' &nbsp;<span style="color:{theme.accuracy}">{accuracy} '
            f"{formats.percent(accuracy_test)}</b></span>"
        )


def _draw_table(items: dict[_Curve, pg.PlotDataItem], table: EpochTable) -> None:
    epochs = table.column("epoch").copy()
    for curve, item in items.items():
        values = table.column(curve.column) * (100.0 if curve.is_accuracy else 1.0)
        item.setData(epochs, values.copy(), symbol="o" if len(epochs) == 1 else None, symbolSize=4)
