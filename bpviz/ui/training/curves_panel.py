"""Line plots of loss and accuracy over the epochs."""

from __future__ import annotations

import math
from html import escape

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtWidgets import QLabel, QToolButton

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.session.engine.events import NetworkReady
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.sharing.panel_numbers import history_numbers
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.ui.plotting.epoch_line import EpochLine
from bpviz.ui.plotting.stable_range import StableSpan
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import make_plot, restyle, restyle_axis
from bpviz.ui.style.theme import Theme
from bpviz.ui.training.epoch_curves import CURVES, Curve, curves_of, description, has_losses
from bpviz.ui.training.epoch_scores import scores
from bpviz.ui.view_model.playhead import live_epoch, row_on_screen
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel

_EMPTY = N_("Press F5 to train, F10 to take one step")
_DASH = (5, 4)
_FIRST_EPOCHS = 10
# Margin to the left of epoch 0, as a fraction of the range.
_LEFT = 0.05
# A logarithmic axis shows at least this many powers of ten.
_LEAST_DECADES = 1.0
_MARGIN_OF_SCORES = 0.02


class CurvesPanel(Panel):
    """Plots losses on the left axis and accuracy on the right, for a regression R²; test lines are opaque.

    MSE is always drawn, and the loss that is minimised where it is another one.
    """

    def __init__(self, model: ViewModel) -> None:
        super().__init__("curves", _("Loss and accuracy"), model)
        self.zoom = self.add_toggle(N_("Zoom"), _("Fit the loss axis to the values, instead of starting it at 0"))
        self.log = self.add_toggle(N_("Log"), _("Show MSE on a logarithmic axis"))
        fit = self.add_button(N_("Fit"), _("Show all epochs"))
        self.plot = make_plot(_("Loss and accuracy over the epochs"), x=_("epoch"), y=_("mean squared error"))
        self.layout_.addWidget(self.plot, 1)
        self.readout = self.add_readout(QLabel(wordWrap=True))
        self._add_accuracy_axis()
        self._items = {curve: self._add_curve(curve, segments="on") for curve in CURVES}
        # With segmented lines the dash pattern restarts in each segment, so that dashes are no longer visible.
        self._compared = {curve: self._add_curve(curve, segments="off") for curve in CURVES}
        self._curves: list[Curve] = []
        self._follows, self._sets_range, self._uses_thin_lines = True, False, False
        # The panel fits the range itself, in steps; automatic fitting would repaint the axes for each epoch.
        self._epoch_range, self._loss_range = StableSpan(), StableSpan()
        self.plot.disableAutoRange()
        self.plot.setXRange(0, _FIRST_EPOCHS)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self._position_line = pg.InfiniteLine(angle=90, movable=True)
        self._position_line.setZValue(10)
        self.plot.addItem(self._position_line, ignoreBounds=True)
        self._hovered, self._requested = -1, 0
        self._connect(model, fit)
        self._restyle(model.theme)
        self._update_caption()
        self._draw()

    def _connect(self, model: ViewModel, fit: QToolButton) -> None:
        self._position_line.sigDragged.connect(self._seek)
        self._position_line.sigPositionChangeFinished.connect(self._update_position_line)
        self.log.toggled.connect(self._set_log)
        self.zoom.toggled.connect(self._fit)
        fit.clicked.connect(self._fit)
        self.plot.getPlotItem().vb.sigRangeChanged.connect(self._stop_following)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.left.connect(self._end_hover)
        self.plot.scene().sigMouseClicked.connect(self._click)
        model.epochs_added.connect(self._schedule_draw)
        model.time.compared_changed.connect(self._draw)
        model.time.timeline_changed.connect(self._update_readout)
        model.status_changed.connect(self._follow_status)
        model.frame_changed.connect(self._update_line_width)
        model.theme_changed.connect(self._restyle)

    def _add_accuracy_axis(self) -> None:
        item = self.plot.getPlotItem()
        # A plot item has one y axis, so the second one needs a view of its own, linked in x.
        self._accuracy = pg.ViewBox(enableMenu=False)
        self._accuracy.setXLink(item.vb)
        self._accuracy.setMouseEnabled(y=False)
        self._accuracy.setYRange(0, 100, padding=_MARGIN_OF_SCORES)
        item.showAxis("right")
        item.setLabel("right", _("accuracy, %"))
        item.getAxis("right").linkToView(self._accuracy)
        item.scene().addItem(self._accuracy)
        # The second view is not part of the plot's layout and must be resized by hand.
        item.vb.sigResized.connect(self._follow_geometry)
        # The accuracy view overlaps the MSE view; on top it would receive the wheel and mouse drag events.
        self._accuracy.setZValue(item.vb.zValue() - 1)

    def _add_curve(self, curve: Curve, segments: str) -> EpochLine:
        item = EpochLine(_per_cent) if curve.is_score else EpochLine()
        # A wide antialiased path of many points takes far longer to paint than its segments.
        item.curve.setSegmentedLineMode(segments)
        (self._accuracy if curve.is_score else self.plot).addItem(item)
        return item

    @Slot()
    def _follow_geometry(self) -> None:
        self._accuracy.setGeometry(self.plot.getPlotItem().vb.sceneBoundingRect())

    def shown_numbers(self) -> Numbers:
        """Return the history of training."""
        return history_numbers(self.model.epochs)

    def catch_up(self) -> None:
        """Draw all epochs so far."""
        self._draw()

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Forget the ranges of the network before."""
        is_classification = prepared.split.is_classification
        # Scores are drawn in per cent; R² is the share of the spread that is explained, and read as a number up to 1.
        axis = self.plot.getPlotItem().getAxis("right")
        axis.setLabel(_("accuracy, %") if is_classification else "R²")
        self.plot.fit_labels()
        axis.setScale(1.0 if is_classification else 0.01)
        self._fit()
        self._sets_range = True
        self.plot.setRange(xRange=(0, _FIRST_EPOCHS), yRange=(0, 1), padding=0)
        self._sets_range = False

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Keep the curves and their ranges: the run goes on."""

    @Slot()
    def _schedule_draw(self) -> None:
        self.draw_in_turn(self._draw)

    @Slot()
    def _draw(self) -> None:
        if not self.is_seen:
            return
        self._follow_experiment()
        _draw_table(self._items, self._curves, self.model.epochs)
        _draw_table(self._compared, self._curves, self.model.time.compared or EpochTable())
        if self._follows:
            self._show_everything()
        self._update_position_line()

    def _show_everything(self) -> None:
        """Fit the axis ranges in steps, so that the cached axes are not repainted at every epoch."""
        tables = [table for table in (self.model.epochs, self.model.time.compared) if table is not None]
        columns = [curve.column for curve in curves_of(self.model.experiment) if not curve.is_score]
        losses = np.concatenate([table.column(column) for table in tables for column in columns])
        losses = losses[np.isfinite(losses) & (losses > 0 if self.log.isChecked() else True)]
        if not len(losses):
            self._release()
            return
        shown = self._loss_range.fit(*self._loss_span(losses))
        _, right = self._epoch_range.fit(0.0, float(max(*map(len, tables), 2)))
        self._sets_range = True
        self.plot.setRange(xRange=(-_LEFT * right, right), yRange=shown, padding=0)
        self._sets_range = False

    def _loss_span(self, losses: Array) -> tuple[float, float]:
        """Return the part of the loss axis to be shown.

        Fitted to its values alone, a plateau that falls by a thousandth would look like a cliff.
        """
        low, high = float(losses.min()), float(losses.max())
        if self.log.isChecked():
            low, high = math.log10(low), math.log10(high)
            return (low, high) if self.zoom.isChecked() else (min(low, high - _LEAST_DECADES), high)
        return (low, high) if self.zoom.isChecked() else (min(low, 0.0), high)

    def _describe_axis(self) -> str:
        if self.zoom.isChecked():
            return _("loss axis zoomed: heights exaggerate")
        return _("at least a decade of loss") if self.log.isChecked() else _("loss axis from 0")

    def _release(self) -> None:
        self._epoch_range.release()
        self._loss_range.release()

    @Slot()
    def _stop_following(self) -> None:
        """Keep the range fixed once the user has zoomed or panned."""
        self._follows = self._follows and self._sets_range

    @Slot(bool)
    def _set_log(self, on: bool) -> None:
        self.plot.setLogMode(y=on)
        self.plot.getPlotItem().getAxis("right").setLogMode(x=False, y=False)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        self._follows = True
        self._update_caption()
        self._release()
        self._show_everything()

    @Slot()
    def _update_caption(self) -> None:
        """Say which curves there are, and how they are drawn."""
        self.set_caption(
            _("{description}{describe_axis} · test strong, training faint").format(
                description=description(self.model.experiment), describe_axis=self._describe_axis()
            )
        )

    def _follow_experiment(self) -> None:
        """Show the curves that the experiment has."""
        curves = curves_of(self.model.experiment)
        if curves == self._curves:
            return
        self._curves = curves
        for lines in (self._items, self._compared):
            for curve, item in lines.items():
                item.setVisible(curve in curves)
        is_more = has_losses(self.model.experiment)
        self.plot.getPlotItem().getAxis("left").setLabel(_("loss and MSE") if is_more else _("mean squared error"))
        self.plot.fit_labels()
        self._restyle(self.model.theme)
        self._update_caption()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        item = self.plot.getPlotItem()
        restyle(item, theme)
        restyle_axis(item.getAxis("left"), theme, theme.mse)
        restyle_axis(item.getAxis("right"), theme, theme.accuracy)
        self._cursor.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self._position_line.setPen(pg.mkPen(theme.accent, width=2 * theme.line_width))
        self._position_line.setHoverPen(pg.mkPen(theme.accent, width=4))
        is_more = has_losses(self.model.experiment)
        for curve, drawn in self._items.items():
            colour = curve.colour(theme, has_losses=is_more)
            drawn.setPen(curve.pen(theme, self._width(curve), has_losses=is_more))
            drawn.setSymbolBrush(colour)
            drawn.setSymbolPen(None)
            self._compared[curve].setPen(pg.mkPen(colour, width=theme.line_width, dash=_DASH))
            self._compared[curve].setSymbolBrush(colour)
            self._compared[curve].setSymbolPen(None)
        self._update_readout()

    def _width(self, curve: Curve) -> float:
        """Return the width of a line; lines of width 1 take an eighth of the time to paint."""
        if self._uses_thin_lines:
            return 1.0
        return self.model.theme.line_width * (1.6 if curve.is_test else 1.2)

    @Slot()
    def _update_line_width(self) -> None:
        if self._uses_thin_lines != self.model.frame_requests.is_hasty:
            self._uses_thin_lines = self.model.frame_requests.is_hasty
            for curve, drawn in self._items.items():
                is_more = has_losses(self.model.experiment)
                drawn.setPen(curve.pen(self.model.theme, self._width(curve), has_losses=is_more))

    @Slot()
    def _follow_status(self) -> None:
        self._update_line_width()
        # While new epochs are trained, _draw moves the position line.
        if not (self.model.is_running and self.model.status.is_live):
            self._update_position_line()

    @Slot()
    def _update_position_line(self) -> None:
        """Move the position line to the current epoch, unless the user is dragging it."""
        row = row_on_screen(self.model)
        self._position_line.setVisible(len(self.model.epochs) > 0)
        if not self._position_line.moving:
            self._position_line.setPos(row + 1)
            self._requested = row + 1
        self._update_readout()

    @Slot()
    def _seek(self) -> None:
        """Seek to the end of the epoch under the dragged line; left of the first epoch is the start of training."""
        done = int(np.clip(round(self._position_line.value()), 0, len(self.model.epochs)))
        # sigDragged is emitted for each mouse move, and most moves stay within an epoch.
        if done != self._requested:
            self._requested = done
            self._go_to(done)

    def _go_to(self, done: int) -> None:
        if done < live_epoch(self.model):
            self.model.go_to(Position(done))
        else:
            self.model.go_live()

    @Slot(object)
    def _click(self, click: MouseClickEvent) -> None:
        """Go to the epoch under a left click, which pyqtgraph tells from a drag."""
        view = self.plot.getPlotItem().vb
        inside = view.sceneBoundingRect().contains(click.scenePos())
        if click.button() is Qt.MouseButton.LeftButton and inside and len(self.model.epochs):
            epoch = round(view.mapSceneToView(click.scenePos()).x())
            self._go_to(int(np.clip(epoch, 0, len(self.model.epochs))))

    @Slot(object)
    def _hover(self, where: QPointF) -> None:
        view, last = self.plot.getPlotItem().vb, len(self.model.epochs)
        inside = last > 0 and view.sceneBoundingRect().contains(where)
        self._cursor.setVisible(inside)
        epoch = int(np.clip(round(view.mapSceneToView(where).x()), 1, last)) if inside else 0
        self._hovered = epoch - 1
        self._cursor.setPos(epoch)
        self._update_readout()

    @Slot()
    def _end_hover(self) -> None:
        self._cursor.hide()
        self._hovered = -1
        self._update_readout()

    @Slot()
    def _update_readout(self) -> None:
        """Show the values of the epoch under the pointer, or else of the current epoch."""
        is_hovered = self._cursor.isVisible() and self._hovered < len(self.model.epochs)
        self._show_scores(self._hovered if is_hovered else row_on_screen(self.model))

    def _show_scores(self, index: int) -> None:
        compared, timeline = self.model.time.compared, self.model.time.timeline
        if index < 0:
            self.readout.setText(_("epoch 0, before the first update") if len(self.model.epochs) else _(_EMPTY))
            return
        text = _("epoch {count} &nbsp;{scores}").format(
            count=formats.count(index + 1), scores=self._scores(self.model.epochs, index)
        )
        if compared is not None and timeline:
            active, other = timeline.branch(timeline.active), timeline.branch(timeline.compared)
            names = [escape(branch.name) if branch else "" for branch in (active, other)]
            mine = self._scores(self.model.epochs, index, in_short=True)
            theirs = self._scores(compared, index, in_short=True) if index < len(compared) else _("no such epoch yet")
            text = _("epoch {count} &nbsp;{mine} &nbsp;{of_mine}<br>dashed: {theirs} &nbsp;{of_theirs}").format(
                count=formats.count(index + 1), mine=mine, of_mine=names[0], theirs=theirs, of_theirs=names[1]
            )
        # Qt's rich text takes a narrow space for a place to break the line.
        self.readout.setText(text.replace(formats.NARROW_SPACE, "&nbsp;"))

    def _scores(self, table: EpochTable, index: int, *, in_short: bool = False) -> str:
        return scores(table, index, self.model.theme, self.model.experiment, in_short=in_short)


def _per_cent(fractions: Array) -> Array:
    return 100.0 * fractions


def _draw_table(items: dict[Curve, EpochLine], curves: list[Curve], table: EpochTable) -> None:
    for curve in curves:
        items[curve].show_values(table.column(curve.column_of_regression if table.is_regression else curve.column))
