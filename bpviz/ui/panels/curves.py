"""Loss and accuracy over the epochs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from bpviz.ui import formats
from bpviz.ui.panel import Panel
from bpviz.ui.plots import make_plot, restyle, restyle_axis
from bpviz.ui.theme import Theme
from bpviz.ui.view_model import ViewModel

_EMPTY = "Press F5 to train, F10 to take one step"
_FAINT = 110
_FIRST_EPOCHS = 10


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
        self._items = {curve: self._add_curve(curve) for curve in _CURVES}
        self._follows, self._moves_itself = True, False
        self.plot.disableAutoRange()
        self.plot.setXRange(0, _FIRST_EPOCHS)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.log.toggled.connect(self._set_log)
        fit.clicked.connect(self._fit)
        self.plot.getPlotItem().vb.sigRangeChanged.connect(self._stop_following)
        self.plot.scene().sigMouseMoved.connect(self._read_out)
        model.epochs_added.connect(self._draw)
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

    def _add_curve(self, curve: _Curve) -> pg.PlotDataItem:
        item = pg.PlotDataItem(autoDownsample=True, downsampleMethod="peak", clipToView=True)
        item.curve.setSegmentedLineMode("on")
        (self._accuracy if curve.is_accuracy else self.plot).addItem(item)
        return item

    @Slot()
    def _follow_geometry(self) -> None:
        self._accuracy.setGeometry(self.plot.getPlotItem().vb.sceneBoundingRect())

    def catch_up(self) -> None:
        """Draw the epochs so far."""
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if not self.is_seen:
            return
        table = self.model.epochs
        epochs = table.column("epoch").copy()
        for curve, item in self._items.items():
            values = table.column(curve.column) * (100.0 if curve.is_accuracy else 1.0)
            item.setData(epochs, values.copy(), symbol="o" if len(epochs) == 1 else None, symbolSize=4)
        if self._follows:
            self._show_everything()
        self._say(len(table) - 1)

    def _show_everything(self) -> None:
        """Fit the range in steps, so that the axes need not be drawn anew for every epoch."""
        table = self.model.epochs
        losses = np.concatenate([table.column(curve.column) for curve in _CURVES if not curve.is_accuracy])
        losses = losses[np.isfinite(losses) & (losses > 0 if self.log.isChecked() else True)]
        if not len(losses):
            return
        if self.log.isChecked():
            losses = np.log10(losses)
        low, high = _stepped(float(losses.min()), float(losses.max()))
        _, right = _stepped(0.0, float(max(len(table) - 1, 1)))
        self._moves_itself = True
        self.plot.setRange(xRange=(0, right), yRange=(low, high), padding=0.05)
        self._moves_itself = False

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
        self._show_everything()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        item = self.plot.getPlotItem()
        restyle(item, theme)
        restyle_axis(item.getAxis("left"), theme, theme.mse)
        restyle_axis(item.getAxis("right"), theme, theme.accuracy)
        self._cursor.setPen(pg.mkPen(theme.muted, width=1))
        for curve, drawn in self._items.items():
            colour = QColor(theme.accuracy if curve.is_accuracy else theme.mse)
            colour.setAlpha(255 if curve.is_test else _FAINT)
            drawn.setPen(pg.mkPen(colour, width=1.6 if curve.is_test else 1.2))
            drawn.setSymbolBrush(colour)
            drawn.setSymbolPen(None)
        self._say(len(self.model.epochs) - 1)

    @Slot(object)
    def _read_out(self, where: QPointF) -> None:
        view, last = self.plot.getPlotItem().vb, len(self.model.epochs) - 1
        inside = last >= 0 and view.sceneBoundingRect().contains(where)
        self._cursor.setVisible(inside)
        if not inside:
            self._say(last)
            return
        index = int(np.clip(round(view.mapSceneToView(where).x()), 0, last))
        self._cursor.setPos(index)
        self._say(index)

    def _say(self, index: int) -> None:
        if index < 0:
            self.readout.setText(_EMPTY)
            return
        epoch, mse_train, mse_test, accuracy_train, accuracy_test = self.model.epochs.row(index)
        theme = self.model.theme
        mse = (
            f'<span style="color:{theme.mse}">MSE {formats.mse(mse_train)} · <b>test {formats.mse(mse_test)}</b></span>'
        )
        accuracy = (
            f'<span style="color:{theme.accuracy}">accuracy {formats.percent(accuracy_train)} · '
            f"<b>test {formats.percent(accuracy_test)}</b></span>"
        )
        self.readout.setText(f"epoch {formats.count(epoch)} &nbsp;{mse} &nbsp;{accuracy}")


def _stepped(low: float, high: float) -> tuple[float, float]:
    """Return a range round low..high whose ends move in steps of about a tenth of its length."""
    length = max(high - low, 1e-12)
    step = 10.0 ** np.floor(np.log10(length))
    step *= 0.1 if length < 5 * step else 0.5
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)
