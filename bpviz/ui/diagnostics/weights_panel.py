"""Weights and gradients: histograms of W and dW of each layer, and the update ratio over the epochs."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.session.diagnostics.histograms import (
    ValueSummary,
    bin_edges,
    count_in_bins,
    summarize_values,
    weights_in,
    weights_of_update,
)
from bpviz.session.engine.events import NetworkReady, Status
from bpviz.session.frames.frame import Frame
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.sharing.panel_numbers import histogram_numbers
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.diagnostics.histogram_grid import Bars, Bin, HistogramGrid
from bpviz.ui.diagnostics.update_ratio_plot import UpdateRatioPlot
from bpviz.ui.plotting.stable_range import StableRange
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel

_ROWS = ("W", "dW")
_NO_UPDATE = N_("Press F11 (one operation) or F10 (one sample) to see dW")
_RATIOS = N_("RMS of update / RMS of W over the epochs, one line per layer")
_NO_EPOCHS = N_("No epoch is complete yet: press F5 to train")


class WeightsPanel(Panel):
    """Shows a histogram of W and of dW for each layer, and below them the update ratio over the epochs."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("weights", _("Weights and gradients"), model)
        self.shared = self.add_toggle(N_("Shared"), _("Use one range for all layers, so that they can be compared"))
        fit = self.add_button(N_("Fit"), _("Fit the ranges to the data"))
        self.readout = self.add_readout(ElidedLabel())
        self.grid = HistogramGrid(_("Histograms of W and dW of every layer"), _ROWS)
        self.ratio_readout: QLabel = ElidedLabel()
        self.ratios = UpdateRatioPlot()
        self.layout_.addWidget(self.grid, 5)
        self.layout_.addWidget(self.ratio_readout)
        self.layout_.addWidget(self.ratios, 4)
        self._ranges: dict[tuple[int, int], StableRange] = {}
        self._connect()
        fit.clicked.connect(self._fit)
        self.begin(model.prepared)
        self._restyle(model.theme)

    def _connect(self) -> None:
        self.shared.toggled.connect(self._reset_ranges)
        self.grid.pointed.connect(self._update_readout)
        self.ratios.pointed.connect(self._update_ratio_readout)
        self.model.current_update_changed.connect(self._on_update)
        self.model.frame_changed.connect(self._on_frame)
        self.model.epochs_added.connect(self._on_epochs)
        self.model.status_changed.connect(self._follow)
        self.model.theme_changed.connect(self._restyle)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady | None) -> None:
        """Show another network."""
        self.ratios.show_layers(len(prepared.experiment.sizes) - 1 if prepared else 0)
        self._reset_ranges()
        self.draw_ratios()

    @Slot(object)
    def _on_update(self, update: TracedUpdate) -> None:
        self.draw_weights()

    @Slot(object)
    def _on_frame(self, frame: Frame) -> None:
        if self.model.is_running or self._update_of() is None:  # otherwise the current update is drawn already
            self.draw_in_turn(self.draw_weights)

    @Slot()
    def _on_epochs(self) -> None:
        self.draw_in_turn(self.draw_ratios)

    @Slot(object)
    def _follow(self, status: Status) -> None:
        self._mark()

    def shown_numbers(self) -> Numbers | None:
        """Return the histograms, one row for each bin."""
        found = [
            row
            for quantity, layers in zip(_ROWS, self.grid.bars, strict=False)
            for layer, bars in enumerate(layers, start=1)
            if bars
            for row in histogram_numbers(quantity, layer, bars.counts, bars.top)
        ]
        return Numbers(("quantity", "layer", "from", "to", "count"), found) if found else None

    def catch_up(self) -> None:
        """Redraw the panel."""
        self.draw_weights()
        self.draw_ratios()

    @Slot()
    def _fit(self) -> None:
        self.ratios.fit()
        self._reset_ranges()
        self.draw_ratios()

    @Slot()
    def _reset_ranges(self) -> None:
        self._ranges = {}
        self.draw_weights()

    # Histograms

    def _update_of(self) -> TracedUpdate | None:
        """Return the current update if it belongs to the displayed position."""
        update, here = self.model.current_update, self.model.position
        if update is None or here is None:
            return None
        is_here = (update.position.epoch, update.position.sample) == (here.epoch, here.sample)
        return update if is_here else None

    def _weights(self) -> list[Array] | None:
        prepared, frame, update = self.model.prepared, self.model.frame, self._update_of()
        if update is not None:
            return weights_of_update(update)
        if prepared is None or frame is None or not len(frame.parameters):
            return None
        return weights_in(frame.parameters, prepared.experiment.sizes)

    @Slot()
    def draw_weights(self) -> None:
        """Draw the histograms."""
        if not self.is_seen:
            return
        prepared, update = self.model.prepared, self._update_of()
        sizes = prepared.experiment.sizes[1:] if prepared else ()
        gradients = [layer.dW for layer in update.trace.layers] if update else None
        bars = tuple(self._bars(row, values) for row, values in enumerate((self._weights(), gradients)))
        titles = tuple(_("Layer {number}").format(number=number) for number in range(1, len(sizes) + 1))
        self.grid.show_bars(titles, tuple(cells or (None,) * len(sizes) for cells in bars))
        self._update_readout(self.grid.bin)

    def _bars(self, row: int, layers: list[Array] | None) -> tuple[Bars, ...]:
        if layers is None:
            return ()
        spreads = [summarize_values(values) for values in layers]
        largest = max(found.largest for found in spreads)
        tops = [
            # With a shared range all columns use the range object of the first.
            self._range(row, 0 if self.shared.isChecked() else column).fit(
                largest if self.shared.isChecked() else found.largest
            )
            for column, found in enumerate(spreads)
        ]
        return tuple(
            Bars(found, count_in_bins(values, top), top)
            for found, values, top in zip(spreads, layers, tops, strict=True)
        )

    def _range(self, row: int, column: int) -> StableRange:
        return self._ranges.setdefault((row, column), StableRange())

    # Ratios

    @Slot()
    def draw_ratios(self) -> None:
        """Draw the update ratios of all epochs."""
        if self.is_seen:
            table = self.model.epochs.update_ratio
            if len(table) and table.shape[1] == len(self.ratios.lines):
                self.ratios.draw(table)
            self._mark()
            self._update_ratio_readout(None)

    def _mark(self) -> None:
        """Move the line to the current position; the record of an epoch is from its end."""
        here, prepared = self.model.position, self.model.prepared
        if not len(self.model.epochs) or here is None or prepared is None:
            self.ratios.mark(None)
        else:
            self.ratios.mark(here.epoch + here.sample / len(prepared.split.X_train))

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.grid.restyle(theme)
        self.ratios.restyle(theme)

    # Readouts

    @Slot(object)
    def _update_readout(self, pointed: Bin | None) -> None:
        bars = self.grid.bars[pointed.row][pointed.column] if pointed else None
        self.readout.setText(self._summary() if pointed is None or bars is None else _describe(pointed, bars))
        self.grid.setAccessibleDescription(self.readout.text())

    def _summary(self) -> str:
        update = self._update_of()
        if update is None:
            return _(_NO_UPDATE)
        which = update.sample_name(0)
        if len(update.samples) > 1:
            which = _("a batch of {n_samples} samples").format(n_samples=len(update.samples))
        outside = sum(bars.spread.outside for cells in self.grid.bars for bars in cells if bars)
        not_finite = _(" · {count} values are not finite").format(count=formats.count(outside)) if outside else ""
        epoch = formats.count(update.position.epoch)
        return _("dW of {which}, epoch {epoch}{not_finite} · counts on the left, ranges below").format(
            which=which, epoch=epoch, not_finite=not_finite
        )

    @Slot(object)
    def _update_ratio_readout(self, epoch: int | None) -> None:
        table = self.model.epochs.update_ratio
        if not len(table):
            self.ratio_readout.setText(_(_NO_EPOCHS))
        elif epoch is None:
            self.ratio_readout.setText(_(_RATIOS))
        else:
            values = " · ".join(
                _("layer {layer} {value}").format(layer=number, value=formats.number(float(value), 3))
                for number, value in enumerate(table[epoch - 1], 1)
            )
            self.ratio_readout.setText(
                _("epoch {count}: update / W of {values}").format(count=formats.count(epoch), values=values)
            )
        self.ratios.plot.setAccessibleDescription(self.ratio_readout.text())


def _describe(pointed: Bin, bars: Bars) -> str:
    found: ValueSummary = bars.spread
    low, high = (formats.number(edge, 3) for edge in bin_edges(pointed.number, bars.top))
    here = formats.count(int(bars.counts[pointed.number]))
    ends = _("{low} to {high}, RMS {rms}").format(
        low=formats.number(found.low, 3),
        high=formats.number(found.high, 3),
        rms=formats.number(found.rms, 3),
    )
    name = _("{rows} of layer {column}").format(rows=_ROWS[pointed.row], column=pointed.column + 1)
    return _("{name}: {here} of {count} in {low} to {high} · all in {ends}").format(
        name=name, here=here, count=formats.count(found.count), low=low, high=high, ends=ends
    )
