"""Hidden space: the training samples by the activations of one layer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtWidgets import QComboBox

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.session.diagnostics.hidden_space import Components, Values, principal_components
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.sharing.panel_numbers import place_numbers
from bpviz.ui.plotting.class_points import ClassPoints, key
from bpviz.ui.plotting.stable_range import StableSpan
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import make_plot, restyle
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import chosen
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel

_COMPONENTS, _NEURONS = N_("PCA"), N_("Neurons")
_NOTHING_YET = N_("Press F5 to train, F10 to take one sample")
_LOADING = N_("Waiting for the activations")
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class HiddenSpacePanel(Panel):
    """Plots the samples by two neurons of a layer, or by the first two principal components of its activations."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("hidden_space", _("Hidden space"), model)
        self.layer = self.add_choice([_("Layer")], _("Layer whose activations are shown"))
        self.layer.setMinimumContentsLength(len(_("Layer 8")))
        self.view = self.add_choice([_COMPONENTS, _NEURONS], _("Two principal components of the layer, or two neurons"))
        self.across = self.add_choice(["x"], _("Neuron on the horizontal axis"))
        self.up = self.add_choice(["y"], _("Neuron on the vertical axis"))
        self.mistakes = self.add_toggle(N_("Mistakes"), _("Mark misclassified samples"), on=True)
        fit = self.add_button(N_("Fit"), _("Show all samples"))
        self.plot = make_plot(_("Training samples by the activations of a layer"), x="", y="")
        self.layout_.addWidget(self.plot, 1)
        self.readout = self.add_readout(ElidedLabel())
        self.points = ClassPoints(self.plot)
        self._components: Components | None = None
        self._spans, self._follows = (StableSpan(), StableSpan()), True
        self._names = ["", ""]
        self._connect()
        fit.clicked.connect(self._fit)
        self.begin(model.prepared)
        self._restyle(model.theme)

    def _connect(self) -> None:
        self.layer.currentIndexChanged.connect(self._change_layer)
        self.mistakes.toggled.connect(self.points.show_mistakes)
        self.view.currentIndexChanged.connect(self._reset)
        for neuron in (self.across, self.up):
            neuron.currentIndexChanged.connect(self._reset)
        self.plot.getPlotItem().vb.sigRangeChangedManually.connect(self._stop_following)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.left.connect(self._update_readout)
        self.plot.scene().sigMouseClicked.connect(self._pick)
        self.plot.take_key = self._press
        self.plot.focus_changed.connect(self._update_readout)
        self.seen_changed.connect(self._request_frame_options)
        self.model.frame_changed.connect(self._on_frame)
        self.model.theme_changed.connect(self._restyle)

    # Model signals and controls

    @Slot(bool)
    def _request_frame_options(self, is_seen: bool) -> None:
        self.model.request_frame_options(self.objectName(), FrameOptions(activations=is_seen))

    @Slot(object)
    def begin(self, prepared: NetworkReady | None) -> None:
        """Show another network."""
        sizes = prepared.experiment.sizes if prepared else ()
        names = [_("Input"), *(_("Layer {number}").format(number=number) for number in range(1, len(sizes)))]
        if len(names) != self.layer.count():
            # clear and addItems emit currentIndexChanged for states that are not final.
            self.layer.blockSignals(True)
            self.layer.clear()
            self.layer.addItems(names)
            self.layer.setCurrentIndex(max(len(sizes) - 2, min(1, len(sizes) - 1)))
            self.layer.blockSignals(False)
        self._change_layer()

    def show_layer(self, layer: int) -> None:
        """Show the activations of a layer."""
        self.layer.setCurrentIndex(layer)

    @Slot()
    def _change_layer(self) -> None:
        width = self._width()
        for combo, neuron in ((self.across, 0), (self.up, 1)):
            combo.blockSignals(True)
            combo.clear()
            combo.addItems([str(number) for number in range(width)])
            combo.setCurrentIndex(min(neuron, width - 1))
            combo.blockSignals(False)
        self.select(self.model.selection)
        self._reset()

    @Slot()
    def _reset(self) -> None:
        self.view.setEnabled(self._width() > 2)
        for combo in (self.across, self.up):
            combo.setVisible(self._width() > 2 and not self._shows_components())
        self._components = None
        self._fit()

    @Slot()
    def _fit(self) -> None:
        self._follows = True
        for span in self._spans:
            span.release()
        self.redraw()

    @Slot()
    def _stop_following(self) -> None:
        self._follows = False

    @Slot(object)
    def _on_frame(self, frame: Frame) -> None:
        self.draw_in_turn(self.redraw)

    def shown_numbers(self) -> Numbers | None:
        """Return where the samples are drawn."""
        prepared, a = self.model.prepared, self._values()
        places = self._places(a) if a is not None else None
        if prepared is None or places is None:
            return None
        samples, axes = prepared.shown.train, [self._axis_name(i, c.currentIndex()) for i, c in self._axes()]
        return place_numbers(places, axes, samples, prepared.split.labels_train[samples])

    def catch_up(self) -> None:
        """Redraw the panel."""
        self.redraw()

    # Drawing

    def _width(self) -> int:
        prepared = self.model.prepared
        return prepared.experiment.sizes[self.layer.currentIndex()] if prepared else 0

    def _shows_components(self) -> bool:
        return self._width() > 2 and chosen(self.view) == _COMPONENTS

    def _values(self) -> Values | None:
        """Return the activations of the layer, shape (n_shown, n_neurons), or None if there are none yet."""
        prepared, frame, layer = self.model.prepared, self.model.frame, self.layer.currentIndex()
        if prepared is None or frame is None:
            return None
        if layer == 0:
            return prepared.split.X_train[prepared.shown.train]
        return frame.activations[layer - 1] if frame.activations else None

    def _places(self, a: Values) -> Array | None:
        """Return the positions of the samples, shape (n_shown, 2), or None if no sample has a finite position."""
        if not self._shows_components():
            columns = (a[:, self.across.currentIndex()], self._heights(a))
            places = np.column_stack(columns).astype(np.float64)
            return places if np.isfinite(places).all(axis=1).any() else None
        # The previous components fix the signs, which are arbitrary and would flip between frames.
        self._components = principal_components(a, self._components)
        if self._components is None:
            return None
        with np.errstate(invalid="ignore", over="ignore"):
            return self._components.place(a)

    def _heights(self, a: Values) -> Values:
        prepared = self.model.prepared
        if a.shape[1] > 1 or prepared is None:
            return a[:, self.up.currentIndex()]
        return prepared.split.labels_train[prepared.shown.train].astype(np.float64)  # the class, for want of a neuron

    @Slot()
    def redraw(self) -> None:
        """Draw the samples of the latest frame."""
        prepared, frame, a = self.model.prepared, self.model.frame, self._values()
        if not self.is_seen:
            return
        places = self._places(a) if a is not None else None
        if prepared is None or frame is None or places is None:
            self.points.clear()
        else:
            labels = prepared.split.labels_train[prepared.shown.train]
            self.points.draw(places, labels, frame.wrong_train, self._chosen_row())
            self._fit_ranges(places)
            self._name_axes()
        self._update_readout()

    def _fit_ranges(self, places: Array) -> None:
        if self._follows:
            shown = places[np.isfinite(places).all(axis=1)]
            low, high = shown.min(axis=0), shown.max(axis=0)
            (x, y) = (span.fit(float(low[i]), float(high[i])) for i, span in enumerate(self._spans))
            self.plot.setRange(xRange=x, yRange=y, padding=0)

    def _name_axes(self) -> None:
        for side, (index, neuron) in zip(("bottom", "left"), self._axes(), strict=True):
            name = self._axis_name(index, neuron.currentIndex())
            if name != self._names[index]:  # setLabel computes a new layout of the whole plot
                self._names[index] = name
                self.plot.setLabel(side, name)
                self.plot.fit_labels()

    def _axes(self) -> tuple[tuple[int, QComboBox], ...]:
        """Return the number of each axis with the choice of its neuron."""
        return (0, self.across), (1, self.up)

    def _axis_name(self, index: int, neuron: int) -> str:
        if self._shows_components() and self._components:
            share = formats.number(100 * float(self._components.shares[index]), 2)
            return _("component {ranks} · {share} %").format(ranks=self._components.ranks[index], share=share)
        if index == 1 and self._width() == 1:
            return _("class")
        if self.layer.currentIndex() == 0:
            return _("input x{neuron}").format(neuron=neuron + 1).translate(_SUBSCRIPTS)
        return _("a of neuron {neuron}").format(neuron=neuron)

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        restyle(self.plot.getPlotItem(), theme)
        self.points.restyle(theme)
        self.points.mark(self._chosen_row())

    # Selection, pointer and keyboard

    def _chosen_row(self) -> int | None:
        prepared, sample = self.model.prepared, self.model.selection.sample
        if prepared is None or sample is None:
            return None
        rows = np.flatnonzero(prepared.shown.train == sample)
        return int(rows[0]) if len(rows) else None

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the selected sample and neuron."""
        if selection.neuron is not None and selection.layer == self.layer.currentIndex():
            self.across.setCurrentIndex(selection.neuron)
        self.points.mark(self._chosen_row())
        self._update_readout()

    @Slot(object)
    def _hover(self, where: QPointF) -> None:
        row = self.points.at(where)
        self._update_readout() if row is None else self._show_sample(row)

    @Slot(object)
    def _pick(self, event: object) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        row = self.points.at(event.scenePos())  # type: ignore[attr-defined]
        if row is not None and self.model.prepared is not None:
            self.model.take_up(int(self.model.prepared.shown.train[row]))

    def _press(self, pressed: int) -> bool:
        """Select samples with the arrow keys and inspect one with Enter; return whether the key was one of these."""
        prepared, row = self.model.prepared, self._chosen_row()
        step = _STEPS.get(Qt.Key(pressed))
        if prepared is None or not (step or (pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None)):
            return False
        samples = prepared.shown.train
        if step:
            self.model.select(sample=int(samples[0 if row is None else (row + step) % len(samples)]))
        elif row is not None:
            self.model.take_up(int(samples[row]))
        return True

    # Readout

    @Slot()
    def _update_readout(self) -> None:
        row = self._chosen_row()
        if row is not None and self.plot.hasFocus() and row < len(self.points.places):
            self._show_sample(row)
        else:
            self.readout.setText(self._summary())

    def _show_sample(self, row: int) -> None:
        prepared = self.model.prepared
        assert prepared is not None
        x, y = (formats.number(float(value), 3) for value in self.points.places[row])
        self.readout.setText(f"{self.points.describe(row, prepared.shown.train, prepared.split)} · {x}, {y}")
        self.plot.setAccessibleDescription(self.readout.text())

    def _summary(self) -> str:
        prepared = self.model.prepared
        if prepared is None:
            return _(_NOTHING_YET)
        if self._values() is None:
            return _(_LOADING)
        if not len(self.points.places):
            return _("{layer} has no finite activations: go back in time, or lower the learning rate").format(
                layer=self.layer.currentText()
            )
        count = _("{count} training samples").format(count=formats.count(len(self.points.places)))
        return " · ".join(filter(None, (key(prepared.split), count)))
