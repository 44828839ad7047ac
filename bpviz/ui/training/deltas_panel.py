"""Delta heatmaps, one for each layer, on a common colour scale that makes vanishing gradients visible."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot

from bpviz.language import N_, _, ngettext
from bpviz.session.conventions.conventions import Conventions
from bpviz.session.diagnostics.number_words import compared
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames.class_colours import CLASSES, rgb
from bpviz.session.frames.frame import Frame
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.sharing.panel_numbers import delta_history_numbers, delta_numbers
from bpviz.ui.plotting.colour_bar import ColourBar
from bpviz.ui.plotting.heat_column import HeatColumn
from bpviz.ui.plotting.log_scale import DECADES, decades_down_to, symmetric_log, symmetric_log_ticks
from bpviz.ui.plotting.stable_range import StableRange, bulk
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import Canvas, end_drags
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.playhead import shown_frame
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import chosen
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel

Image = npt.NDArray[np.float32]

_SAMPLES, _RMS, _MEAN = N_("Samples now"), N_("Epochs, RMS"), N_("Epochs, mean")
_AUTO, _LINEAR, _LOG = N_("Auto scale"), N_("Linear"), N_("Log")
# With layers that differ more than this, the small ones are blank on linear colours.
_BLANK = 100.0
_MOST_ROWS = 600
_NO_EPOCHS = N_("No epoch is complete yet")
_STRIP_WIDTH = 8
_SCALE_TIP = N_(
    "Colour scale: linear, logarithmic on both sides of zero, or that in which no layer is blank at the start"
)


class DeltasPanel(Panel):
    """Shows the deltas of all displayed samples, or the RMS or mean delta of each neuron over the epochs."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("deltas", _("Deltas"), model)
        self.view = self.add_choice([_SAMPLES, _RMS, _MEAN], _("Current deltas, or RMS or mean |delta| of each epoch"))
        self.scale = self.add_choice([_AUTO, _LINEAR, _LOG], _(_SCALE_TIP))
        self.hold = self.add_toggle(N_("Hold"), _("Lock the colour range"))
        self.canvas = Canvas(_("Deltas of every layer"))
        self.canvas.ci.layout.setSpacing(4)
        self.canvas.ci.setContentsMargins(0, 0, 0, 0)
        self.bar = ColourBar(_("Colours of the deltas"), "−0.00050", above=2.2, below=1.4)
        self.add_side_by_side(self.canvas, self.bar)
        self.readout = self.add_readout(ElidedLabel())
        self.columns: list[HeatColumn] = []
        self._rows, self._is_log, self._has_scale = 0, False, False
        self._decades, self.range = DECADES, StableRange()
        self._add_strip()
        self.view.currentTextChanged.connect(self._reset_range)
        self.scale.currentTextChanged.connect(self._reset_range)
        self.hold.toggled.connect(self._set_hold)
        self.canvas.scene().sigMouseMoved.connect(self._hover)
        self.canvas.left.connect(self._update_readout)
        self.canvas.scene().sigMouseClicked.connect(self._pick)
        # Scheduled separately from the surface: two short pauses of the event loop are less visible than a long one.
        model.frame_changed.connect(self._on_frame)
        model.epochs_added.connect(self._on_epochs)
        model.selection_changed.connect(self._mark)
        model.theme_changed.connect(self._restyle)
        model.conventions.changed.connect(self._reset_range)
        self._restyle(model.theme)

    def _add_strip(self) -> None:
        self._strip = pg.ImageItem()
        self._strip_view = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0, invertY=True)
        self._strip_view.setFixedWidth(_STRIP_WIDTH)
        self._strip_view.addItem(self._strip)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        end_drags(self.canvas.scene())
        self.canvas.clear()
        self.range.release()
        self._rows, self._has_scale = 0, False
        widths = prepared.experiment.sizes[1:]
        self.columns = [HeatColumn(n, width) for n, width in enumerate(widths, 1)]
        self.canvas.addItem(self._strip_view, row=0, col=0)
        for column in self.columns:
            self.canvas.addItem(column.plot, row=0, col=column.layer)
            # Less than proportional to the width, so that narrow layers keep readable columns.
            self.canvas.ci.layout.setColumnStretchFactor(column.layer, round(10 * column.width**0.35))
        self._link_rows()
        # QGraphicsLayout shrinks when it is cleared and does not grow back when items are added.
        self.canvas.ci.setGeometry(self.canvas.range)
        self._restyle(self.model.theme)

    def _link_rows(self) -> None:
        first = self.columns[0].plot
        for column in self.columns[1:]:
            # Zooming any of the layers shows the same samples in all of them.
            column.plot.setYLink(first)
        self._strip_view.setYLink(first.vb)

    @Slot(object)
    def _on_frame(self, frame: Frame) -> None:
        if self._shows_samples():
            self.draw_in_turn(self.redraw)

    @Slot()
    def _on_epochs(self) -> None:
        if not self._shows_samples():
            self.draw_in_turn(self.redraw)

    def shown_numbers(self) -> Numbers | None:
        """Return the matrix of the heat maps."""
        prepared, frame = self.model.prepared, shown_frame(self.model)
        if not self._shows_samples():
            layers, size = self._over_epochs(), "rms" if chosen(self.view) == _RMS else "mean"
            step, epochs = self._epochs_in_a_row(), len(self.model.epochs)
            return delta_history_numbers(layers, size, step, epochs) if layers else None
        if prepared is None or frame is None:
            return None
        samples = prepared.shown.train
        return delta_numbers(frame.deltas, samples, prepared.split.labels_train[samples])

    def catch_up(self) -> None:
        """Redraw the panel."""
        self.redraw()

    @Slot()
    def redraw(self) -> None:
        """Draw the latest frame or all epochs, whichever is selected."""
        if not self.columns:
            return  # there is no network yet
        if not self._shows_samples():
            self._draw(self._over_epochs())
        elif frame := shown_frame(self.model):
            self._draw(list(frame.deltas))
        else:
            self._clear()

    # Drawing

    def _shows_samples(self) -> bool:
        return chosen(self.view) == _SAMPLES

    def _draw(self, layers: list[Image]) -> None:
        if not layers or not len(layers[0]):
            self._clear()
            return
        self._choose_scale(layers)
        top = self.range.fit(max(map(bulk, layers)))
        for column, values in zip(self.columns, layers, strict=True):
            column.draw(values, self._scaled(values, top), 0.0 if not self._shows_samples() else -1.0)
        self._fit_rows(len(layers[0]))
        self._label_bar(top)
        self._mark(self.model.selection)
        self._update_readout()

    def _choose_scale(self, layers: list[Image]) -> None:
        """Choose by itself at the first picture of a network or a view, so that colours hold still afterwards."""
        if self._has_scale:
            return
        choice, sizes = chosen(self.scale), [size for layer in layers if (size := bulk(layer)) > 0]
        most, least = max(sizes, default=1.0), min(sizes, default=1.0)
        self._is_log = most > _BLANK * least if choice == _AUTO else choice == _LOG
        self._decades = decades_down_to(least, most)
        self._has_scale = True

    def _clear(self) -> None:
        for column in self.columns:
            column.clear()
        self._update_readout()

    def _scaled(self, values: Image, top: float) -> Image:
        return symmetric_log(values, top, self._decades) if self._is_log else values / np.float32(top)

    def _fit_rows(self, rows: int) -> None:
        prepared = self.model.prepared
        if prepared is None:
            return
        if rows != self._rows:  # otherwise keep the user's zoom
            self._rows = rows
            self.columns[0].plot.setYRange(0, rows, padding=0)
        if self._shows_samples():
            labels = prepared.split.labels_train[prepared.shown.train]
            tints = np.array([255 * rgb(colour) for colour in CLASSES]).astype(np.uint8)
            self._strip.setImage(tints[labels][:, None, :], autoLevels=False)
        self._strip.setVisible(self._shows_samples() and prepared.split.is_classification)

    def _over_epochs(self) -> list[Image]:
        rows = self.model.epochs.deltas.at_most(_MOST_ROWS)
        if not len(rows):
            return []
        edges = np.cumsum([column.width for column in self.columns])[:-1]
        # Sizes, which have no sign.
        size = np.float32(abs(self._conventions().factor))
        return np.split(size * rows[:, 0 if chosen(self.view) == _RMS else 1], edges, axis=1)

    def _conventions(self) -> Conventions:
        return self.model.conventions.applying(self.model.experiment)

    def _epochs_in_a_row(self) -> int:
        return self.model.epochs.deltas.epochs_per_row_at_most(_MOST_ROWS)

    def _label_bar(self, top: float) -> None:
        low = -1.0 if self._shows_samples() else 0.0
        if self._is_log:
            ticks = symmetric_log_ticks(top, self._decades)
        else:
            ticks = [(at, formats.number(at * top, 2)) for at in (-1.0, -0.5, 0.0, 0.5, 1.0)]
        self.bar.show_ticks([((place - low) / (1.0 - low), text) for place, text in ticks if place >= low])

    @Slot()
    def _reset_range(self) -> None:
        self.range.release()
        self._has_scale = False
        self._set_hold(self.hold.isChecked())
        self._restyle(self.model.theme)
        self.redraw()

    @Slot(bool)
    def _set_hold(self, on: bool) -> None:
        self.range.held = on
        self.redraw()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        colour_map = colours.sign_map(theme) if self._shows_samples() else colours.size_map(theme)
        self.bar.show_scale(theme, colour_map)
        for column in self.columns:
            column.restyle(theme, colours.lookup(colour_map))
        self.redraw()

    # Readout, pointer and selection

    @Slot()
    def _update_readout(self) -> None:
        prepared, epochs = self.model.prepared, len(self.model.epochs)
        if prepared is None:
            return
        if not self._shows_samples():
            group = self._epochs_in_a_row()
            text = ngettext(
                "{count} epochs, one row per epoch, the first at the top",
                "{count} epochs, one row per {group} epochs, the first at the top",
                group,
            )
            text = text.format(count=formats.count(epochs), group=group)
            self.readout.setText(text if epochs else _(_NO_EPOCHS))
            return
        there, shown = len(prepared.split.X_train), len(prepared.shown.train)
        some = "" if there == shown else _(", {count} of them, evenly spaced").format(count=formats.count(shown))
        order = _(" by class") if prepared.experiment.is_classification else ""
        samples = (
            _("1 training sample")
            if there == 1
            else _("{count} training samples{order}").format(count=formats.count(there), order=order)
        )
        derivative = "−dL_s/dz" if self._conventions().negative else "dL_s/dz"
        self.readout.setText(
            _("{derivative} of {samples}{some}{verdict}").format(
                derivative=derivative, samples=samples, some=some, verdict=self._verdict()
            )
        )

    def _verdict(self) -> str:
        first, last = self.columns[0].rms, self.columns[-1].rms
        if len(self.columns) < 2 or not (0 < first < math.inf and 0 < last < math.inf):
            return ""
        other = _("that of layer {layer}").format(layer=len(self.columns))
        return _(" · RMS of layer 1 is {compared}").format(compared=compared(first / last, other))

    @Slot(object)
    def _hover(self, where: QPointF) -> None:
        found = self._cell(where)
        if found is None:
            self._update_readout()
            return
        column, row, neuron = found
        value = formats.number(float(column.values[row, neuron]))
        self.readout.setText(
            _("layer {layer} · neuron {neuron} · {row_name} · {quantity} {value}").format(
                layer=column.layer, neuron=neuron, row_name=self._row_name(row), quantity=self._quantity(), value=value
            )
        )

    def _quantity(self) -> str:
        named = {_SAMPLES: _("delta"), _RMS: _("RMS delta"), _MEAN: _("mean |delta|")}[chosen(self.view)]
        return self.model.conventions.chosen.worded(named)

    def _row_name(self, row: int) -> str:
        prepared = self.model.prepared
        if prepared is None or not self._shows_samples():
            return _("epoch {count}").format(count=formats.count(row * self._epochs_in_a_row() + 1))
        sample = int(prepared.shown.train[row])
        if not prepared.split.is_classification:
            return _("sample {count}").format(count=formats.count(sample))
        return _("sample {count} of {class_title}").format(
            count=formats.count(sample), class_title=prepared.split.class_title(prepared.split.labels_train[sample])
        )

    def _cell(self, where: QPointF) -> tuple[HeatColumn, int, int] | None:
        for column in self.columns:
            if (cell := column.cell_at(where)) is not None:
                return column, *cell
        return None

    @Slot(object)
    def _pick(self, event: object) -> None:
        found = self._cell(event.scenePos())  # type: ignore[attr-defined]
        if found is None or event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        column, row, neuron = found
        prepared = self.model.prepared
        sample = int(prepared.shown.train[row]) if prepared and self._shows_samples() else None
        self.model.select(sample=sample, layer=column.layer, neuron=neuron)

    @Slot(object)
    def _mark(self, selection: Selection) -> None:
        prepared = self.model.prepared
        row = None
        if prepared is not None and self._shows_samples() and selection.sample is not None:
            rows = np.flatnonzero(prepared.shown.train == selection.sample)
            row = int(rows[0]) if len(rows) else None
        for column in self.columns:
            column.mark(row, selection.neuron if selection.layer == column.layer else None)
