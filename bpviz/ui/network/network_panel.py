"""The network diagram: neurons with their activation maps, weights, and the current operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from bpviz.language import N_, _
from bpviz.session.diagnostics.neuron_health import NeuronHealth, dead_rule, saturated_rule
from bpviz.session.engine.commands import EditParameter
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.frames.network_numbers import NetworkNumbers, ranked_weights
from bpviz.session.frames.network_values import EDGE_QUANTITIES, NODE_QUANTITIES, NetworkValues
from bpviz.session.frames.spoken_deltas import spoken_deltas
from bpviz.session.training.interventions import Edit
from bpviz.session.walkthrough.captions import caption
from bpviz.ui.network.column_deltas import ColumnDeltas
from bpviz.ui.network.column_headers import ColumnHeaders
from bpviz.ui.network.edges import all_edges
from bpviz.ui.network.layer_change_bar import LayerChangeBar
from bpviz.ui.network.magnifier import Magnifier
from bpviz.ui.network.nodes import Nodes, atlas, thumbnail_grid
from bpviz.ui.network.parameter_editor import ParameterEditor
from bpviz.ui.network.readouts import edge_line, neuron_lines, node_name
from bpviz.ui.network.view import NetworkView
from bpviz.ui.network.weight_list import WeightList
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.plotting.colour_bar import ColourBar
from bpviz.ui.plotting.node_scales import NodeScales, ranges_in_words, ticks
from bpviz.ui.plotting.stable_range import bulk
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.view_model.playhead import shown_frame, shown_update
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import chosen
from bpviz.ui.widgets.form_fields import FieldLabel
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel

# A map that is not higher than this, in pixels, is shown enlarged as well.
_SMALL = 48
_MAPS = N_("Thumbnails")
# Of many weights only the strongest are drawn by default; of few, all of them.
_FEW, _SHARE = 300, 20
# From these sizes on there is room for the list of weights beside the picture, in widths of the list, or below it.
_WIDE, _HIGH, _UNLIMITED = 2.5, 340, 16_777_215
_HINT = N_("Press F11 (one operation) or F10 (one sample) to see {quantities} of a single sample")
_HELP = N_("Wheel: zoom · drag: move · double-click a neuron or a weight: edit, elsewhere: fit")
_KEYS = N_("arrows: select · N: numbers")


class NetworkPanel(Panel):
    """Draws the network of the latest frame, with the numbers of the current update if there is one."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("network", _("Network"), model)
        self.node_choice = self.add_choice([_MAPS, *NODE_QUANTITIES], _("Quantity shown at the neurons"))
        self.edge_choice = self.add_choice(list(EDGE_QUANTITIES), _("Quantity shown at the weights"))
        self._add_share()
        self._add_body()
        self.values = NetworkValues((2, 2), None, None)
        self._scales = NodeScales()
        self._connect(model)
        self._restyle(model.theme)

    def _add_share(self) -> None:
        self.share = QSlider(Qt.Orientation.Horizontal)
        self.share.setRange(1, 100)
        self.share.setValue(_SHARE)
        self.share.setFixedWidth(72)
        self.share.setToolTip(_("Percentage of weights drawn, strongest first"))
        self.share.setAccessibleName(_("Percentage of weights drawn"))
        self.share_text = FieldLabel("", "100 %")
        self.share_text.setProperty("role", "caption")
        self.title_line.add_control(self.share)
        self.title_line.add_control(self.share_text)

    def _add_body(self) -> None:
        self.view, self.head, self.foot = NetworkView(), ColumnHeaders(), ColumnDeltas()
        self.strip = LayerChangeBar(self.model)
        column = QVBoxLayout()
        column.setSpacing(2)
        for widget, stretch in ((self.head, 0), (self.view, 1), (self.foot, 0), (self.strip, 0)):
            column.addWidget(widget, stretch)
        picture = QWidget()
        column.setContentsMargins(0, 0, 0, 0)
        picture.setLayout(column)
        self.weights = WeightList()
        self.weights.hide()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(GAP)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(picture, 1)
        self.keys = self._keys()
        row.addWidget(self.keys)
        self._sides.addLayout(row, 1)
        self._sides.addWidget(self.weights)
        self.layout_.addLayout(self._sides, 1)
        self.readout = self.add_readout(ElidedLabel())
        self.editor = ParameterEditor(self.view, self._parameter)

    def _keys(self) -> QWidget:
        """Return the colour bars of the neurons and the weights."""
        keys = QWidget()
        column = QVBoxLayout(keys)
        column.setContentsMargins(0, self.head.sizeHint().height() // 2, 0, 0)
        column.setSpacing(2)
        self.node_key, self.edge_key = QLabel(), QLabel()
        self.node_bar, self.edge_bar = (
            ColourBar(name, "−0.00050") for name in (_("Colours of the neurons"), _("Colours of the weights"))
        )
        for label, bar in ((self.node_key, self.node_bar), (self.edge_key, self.edge_bar)):
            label.setProperty("role", "caption")
            column.addWidget(label)
            column.addWidget(bar, 1)
        return keys

    def _connect(self, model: ViewModel) -> None:
        self.node_choice.currentTextChanged.connect(self.redraw)
        self.edge_choice.currentTextChanged.connect(self.redraw)
        self.share.valueChanged.connect(self.redraw)
        self.seen_changed.connect(self._request_frame_options)
        self.view.moved.connect(self._follow_layout)
        self.view.picked.connect(self._pick)
        self.weights.chosen.connect(self._pick)
        self.view.pointed.connect(self._hover)
        self.view.edit_wanted.connect(self._edit)
        self.editor.edited.connect(self._set_parameter)
        self.head.width_wanted.connect(self.strip.widen)
        self.head.layer_wanted.connect(self.strip.add_layer)
        self.head.removal_wanted.connect(self.strip.remove_layer)
        model.frame_changed.connect(self._schedule_redraw)
        model.current_update_changed.connect(self._follow_update)
        model.status_changed.connect(self._follow_status)
        model.plane.changed.connect(self._request_frame_options)
        model.theme_changed.connect(self._restyle)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        sizes = prepared.experiment.sizes
        self.values = NetworkValues(sizes, None, None)
        self._scales = NodeScales()
        self.editor.hide()
        self.strip.clear()
        self.share.setValue(100 if prepared.n_parameters <= _FEW else _SHARE)
        self.head.begin(len(sizes) - 1)
        self.foot.begin()
        self.view.begin(sizes)
        self._request_frame_options()
        self.redraw()

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Wait for the next frame: the network is the same."""
        self._request_frame_options()

    @Slot()
    def _request_frame_options(self) -> None:
        """Request activation maps at the resolution of the thumbnails while the panel is visible."""
        prepared, layout = self.model.prepared, self.view.layout_
        if prepared is None or layout is None or not self.is_seen:
            self.model.request_frame_options(self, FrameOptions())
            return
        grid = thumbnail_grid(self.model.plane.places(prepared.split.X_train), layout.picture)
        self.model.request_frame_options(self, FrameOptions(self.model.plane.grid_of(grid), activations=True))

    @Slot(object)
    def _schedule_redraw(self, frame: Frame) -> None:
        self.draw_in_turn(self.redraw)

    @Slot()
    def _follow_update(self) -> None:
        if shown_update(self.model) is not None:  # else it is from the status on, which comes right behind it
            self._follow_status()

    @Slot()
    def _follow_status(self) -> None:
        if self.is_seen and shown_update(self.model) is not self.values.current_update:
            self.redraw()

    def catch_up(self) -> None:
        """Redraw the panel."""
        self.redraw()

    # Drawing

    @Slot()
    def redraw(self) -> None:
        """Draw the latest frame and the current update."""
        if self.model.prepared is None or not self.is_seen:
            return
        sizes = self.model.prepared.experiment.sizes
        # Built again from the frame and the update at each redraw; the panel keeps no state of its own.
        self.values = NetworkValues(sizes, shown_frame(self.model), shown_update(self.model), self.model.row)
        self._draw_nodes()
        self._draw_edges()
        operation = self.values.current_update.operation if self.values.current_update else None
        self.view.show_numbers(NetworkNumbers(self.values, chosen(self.edge_choice)))
        self.head.mark(operation.layer if operation else None)
        self._update_texts()
        if self.view.hover:
            self._hover(self.view.hover)
        self._list_weights()
        self.editor.follow()

    def _list_weights(self) -> None:
        """List the weights of the selected neuron beside the picture, in place of the colour bars, or below it."""
        layer, neuron = self.model.selection.layer, self.model.selection.neuron
        hint = self.weights.sizeHint()
        is_beside = self.width() >= _WIDE * hint.width()
        direction = QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom
        if direction != self._sides.direction():
            self._sides.setDirection(direction)
        self.weights.setMaximumSize(*((hint.width(), _UNLIMITED) if is_beside else (_UNLIMITED, hint.height())))
        is_below = self.height() >= _HIGH and not self.model.theme.is_for_lecture  # where the picture needs the room
        is_listed = layer is not None and neuron is not None and (is_beside or is_below)
        self.weights.setVisible(is_listed)
        self.keys.setHidden(is_listed and is_beside)
        if layer is not None and neuron is not None and is_listed:
            self.weights.tell(layer, neuron, ranked_weights(self.values, layer, neuron))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move the list of weights to where there is room."""
        super().resizeEvent(event)
        self._list_weights()

    def _draw_nodes(self) -> None:
        choice, frame = chosen(self.node_choice), self.model.frame
        maps = frame.maps if frame and choice == _MAPS else ()
        values = () if maps else self.values.nodes("a" if choice == _MAPS else choice)
        quantity, names = "a" if choice == _MAPS else choice, self.model.experiment.activations
        name = quantity if choice == _MAPS else node_name(self.values, choice)
        scales = self._scales.of(quantity, name, maps or values, names)
        self.view.show_nodes(Nodes(maps, values, scales), frame.neuron_health if frame else ())
        self._show_key(self.node_key, self.node_bar, name, scales)
        self.node_bar.setToolTip(ranges_in_words(scales, names))

    def _draw_edges(self) -> None:
        choice = chosen(self.edge_choice)
        every = all_edges(self.values.sizes, self.values.edges(choice))
        held = self._scales.held(f"edges {choice}")
        with np.errstate(over="ignore"):  # values that overflow are beyond the top of the scale anyway
            strengths = every.value.astype(np.float32)
        top = held.fit(bulk(strengths)) if len(every) else 1.0
        self.view.show_edges(every, self.share.value() / 100, top, fast=self.model.frame_requests.is_hasty)
        self.share_text.setText(f"{self.share.value()} %")
        shown, count = formats.count(len(self.view.edges)), formats.count(len(every))
        self.share_text.setToolTip(_("{shown} of {count} weights drawn").format(shown=shown, count=count))
        self._show_key(self.edge_key, self.edge_bar, choice, (Scale("sign", top),) if len(every) else ())

    def _show_key(self, label: QLabel, bar: ColourBar, name: str, scales: Sequence[Scale]) -> None:
        label.setText(_(name))
        theme = self.model.theme
        if scales:
            bar.show_scale(theme, colours.scale_map(scales[0].kind, theme))
        bar.show_ticks(ticks(scales) if scales else [])

    # Texts

    def _update_texts(self) -> None:
        selected = self.model.selection.neuron is not None
        values = self.values
        spoken = spoken_deltas(values.current_update, values.row, values.frame, neuron_is_selected=selected)
        self.foot.show_sizes(spoken.flow.deltas if spoken else ())
        said = f"{spoken.samples}: {spoken.flow.sentence()}" if spoken else ""
        self.readout.setText(self.model.conventions.chosen.worded(said))
        self.set_caption(self._caption())
        self.view.setToolTip(f"■ {saturated_rule()}\n× {dead_rule()}\n{_(_HELP)}\n{_(_KEYS)}")
        self.view.setAccessibleName(_("Network: {selected}").format(selected=self._describe_selected()))

    def _caption(self) -> str:
        update, choice = self.values.current_update, chosen(self.node_choice)
        if update is not None:
            return caption(update, self.model.row)
        wanted = [name for name in (choice, chosen(self.edge_choice)) if name not in (_MAPS, "W", "bias")]
        quantities = _(" and ").join(map(_, wanted))
        return _(_HINT).format(quantities=quantities) if wanted and not self.model.is_running else ""

    def _describe_selected(self) -> str:
        selection = self.model.selection
        if selection.layer is None or selection.neuron is None:
            return _("no neuron selected")
        return ", ".join(self._numbers(selection.layer, selection.neuron))

    def _numbers(self, layer: int, neuron: int, write: Callable[[float], str] = formats.number) -> list[str]:
        known = self.view.neuron_health
        health = int(known[layer - 1][neuron]) if len(known) >= layer else NeuronHealth.NONE
        return neuron_lines(self.values, layer, neuron, health, write)

    @Slot(object)
    def _hover(self, what: tuple[int, ...] | None) -> None:
        self.view.set_magnifier(None)
        if what is None:
            self._update_texts()
        elif len(what) == 3:
            layer, source, target = what
            self.readout.setText(edge_line(self.values, layer, source, target, chosen(self.edge_choice)))
        elif what[0] > 0:
            layer, neuron = what
            self.readout.setText(" · ".join(self._numbers(layer, neuron)))
            # The magnifier would cover the editor card.
            if not self.editor.isVisible():
                lines = self._numbers(layer, neuron, formats.exact)
                self.view.set_magnifier(Magnifier(tuple(lines), self._picture(layer, neuron)))

    def _picture(self, layer: int, neuron: int) -> QImage | None:
        """Return the map of a neuron for the magnifier, unless the card of the neuron shows it large enough."""
        nodes, layout = self.view.nodes, self.view.layout_
        is_shown = layout is not None and layout.card is not None and layout.picture[1] > _SMALL
        if is_shown or not nodes.maps:
            return None
        return atlas(nodes.maps[layer - 1][[neuron]], nodes.scale_of(layer), self.model.theme)

    # User actions

    @Slot(int, int)
    def _pick(self, layer: int, neuron: int) -> None:
        self.model.select(layer=layer, neuron=neuron)

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the selected sample and neuron."""
        self.view.set_selection(selection)
        if self.is_seen and self.values.current_update is not None and self.model.row != self.values.row:
            self.redraw()
        elif self.is_seen:
            self._list_weights()
            self._update_texts()

    def _parameter(self, layer: int, source: int | None, neuron: int) -> float | None:
        return self.values.parameter(layer, source, neuron)

    @Slot(object)
    def _set_parameter(self, edit: Edit) -> None:
        self.model.post(EditParameter(edit))

    @Slot(int, object, int)
    def _edit(self, layer: int, source: int | None, neuron: int) -> None:
        self.model.select(layer=layer, neuron=neuron)
        wanted = self.values.strongest_source(layer, neuron) if source is None else source
        self.editor.open(layer, wanted, neuron, self.values.sizes[layer - 1], weight_first=source is not None)
        self.editor.place(self.view.neuron_box(layer, neuron))
        self.view.set_magnifier(None)

    # Layout and theme

    @Slot()
    def _follow_layout(self) -> None:
        assert self.view.layout_ is not None
        self.head.follow(self.view.layout_)
        self.foot.follow(self.view.layout_)
        self._request_frame_options()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        for part in (self.view, self.head, self.foot):
            part.set_theme(theme)
        self.weights.make_room()
        self.redraw()
