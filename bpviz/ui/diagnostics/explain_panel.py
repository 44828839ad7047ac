"""Explanation of deltas and of the loss: the causes of one delta, all layers, or why the loss stands still."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer, Slot

from bpviz.language import N_, _
from bpviz.session.diagnostics.delta_diagnosis import diagnose_delta
from bpviz.session.diagnostics.layer_diagnosis import diagnose_flow, diagnose_layers, diagnose_layers_in_words
from bpviz.session.diagnostics.plateau import PlateauReport
from bpviz.session.diagnostics.plateau_words import summary
from bpviz.session.engine.commands import ExplainPlateau
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames.spoken_deltas import SpokenDeltas, spoken_deltas
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.diagnostics.cause_view import CauseView
from bpviz.ui.diagnostics.layer_table import LayerTable
from bpviz.ui.diagnostics.plateau_page import PlateauPage
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.playhead import shown_frame, shown_update
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked
from bpviz.ui.widgets.scrolled_text import ScrolledText

_EMPTY = N_("Press F11 to take one operation, F10 one sample.")
_CHOOSE = N_("Select a neuron to see the causes of its delta; Enter on a layer selects its largest.")
_STEP = N_("Press F11 to take one operation, F10 one sample; then Enter on a layer selects its largest delta.")
_READING = N_("Reading all training samples…")
_FOLLOW = N_("Links show the panels · strong text: a reason why the loss stands still")
# While training runs, a report is requested at most this often.
_REPORT_MILLISECONDS = 500
_HELP = N_("Arrows: move, expand · Enter, click: select · “Start here”: make it the root")

Neuron = tuple[int, int]


class ExplainPanel(Panel):
    """Explains the delta of the selected neuron.

    The root of the tree is the neuron that was selected in another panel. Selecting a row of the tree does not change
    the root, so that the user can move through the causes, until "Start here" makes the selected neuron the root. The
    verdict is always about the selected neuron. If none is selected, or "Layers" is on, all layers are compared. With
    "Plateau" on, the panel says why the loss stands still.
    """

    def __init__(self, model: ViewModel) -> None:
        super().__init__("explain", _("Explain"), model)
        self.start = self.add_button(N_("Start here"), _("Make the selected neuron the root of the tree"))
        self.layers = self.add_toggle(N_("Layers"), _("Compare the deltas of all layers"))
        self.plateau = self.add_toggle(N_("Plateau"), _("Say why the loss stands still, over all training samples"))
        self._report: PlateauReport | None = None
        self._report_is_stale, self._report_is_requested = True, False
        self._report_timer = QTimer(self, singleShot=True, interval=_REPORT_MILLISECONDS)
        self._root: Neuron | None = None
        self._last_chosen: Neuron | None = None
        self._is_choosing = False
        self._shown: tuple[TracedUpdate, int, Neuron, Neuron | None, bool] | None = None
        self._add_body()
        self._connect()
        self._restyle(model.theme)
        self._redraw()

    def _add_body(self) -> None:
        self.verdict, self.hint = ScrolledText(), ElidedLabel()
        self.empty, self.tree, self.layer_table = empty_page(_(_EMPTY)), CauseView(), LayerTable()
        self.plateau_page = PlateauPage()
        self.pages = stacked(self.empty, self.tree, self.layer_table, self.plateau_page)
        self.layout_.addWidget(self.verdict)
        self.layout_.addWidget(self.pages, 1)
        self.layout_.addWidget(self.hint)

    def _connect(self) -> None:
        self.start.clicked.connect(self._start_here)
        self.layers.toggled.connect(self._choose_layers)
        self.plateau.toggled.connect(self._choose_plateau)
        self.plateau_page.panel_wanted.connect(self.other_wanted)
        self._report_timer.timeout.connect(self._request_report)
        self.tree.chosen.connect(self._choose)
        self.layer_table.opened.connect(self._open_layer)
        self.model.current_update_changed.connect(self._redraw)
        self.model.frame_changed.connect(self._take_frame)
        self.model.plateau_reported.connect(self._take_report)
        self.model.failed.connect(self._on_failed)
        self.model.theme_changed.connect(self._restyle)
        self.model.conventions.changed.connect(self._redraw)

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._redraw()

    def take_focus(self) -> None:
        """Give the keyboard focus to the tree or the table."""
        self.pages.currentWidget().setFocus()

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self._root, self._last_chosen, self._shown = None, None, None
        self._report, self._report_is_stale, self._report_is_requested = None, True, False
        self.tree.clear()
        self._redraw()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the selected sample and neuron."""
        chosen = self._chosen()
        if chosen != self._last_chosen and not self._is_choosing:  # otherwise only the sample has changed
            self._root = chosen
        self._last_chosen = chosen
        self._redraw()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.tree.set_theme(theme)
        self.plateau_page.set_theme(theme)
        self.layer_table.make_room()
        self._redraw()

    @Slot()
    def _take_frame(self) -> None:
        """Take note of a change of the network, which all pages but the tree follow."""
        self._report_is_stale = True
        self.draw_in_turn(self._redraw)

    @Slot(object)
    def _take_report(self, report: PlateauReport) -> None:
        self._report, self._report_is_requested = report, False
        self._redraw()

    @Slot()
    def _on_failed(self) -> None:
        self._report_is_requested = False

    # User actions

    @Slot(bool)
    def _choose_layers(self, on: bool) -> None:
        if on:
            self.plateau.setChecked(False)
        self._redraw()

    @Slot(bool)
    def _choose_plateau(self, on: bool) -> None:
        if on:
            self.layers.setChecked(False)
        self._redraw()

    @Slot()
    def _request_report(self) -> None:
        """Request a report of the network on screen, unless there is one; one is made at a time."""
        ready = self.model.prepared is not None and self._report_is_stale and not self._report_is_requested
        if ready and self.is_seen and self.plateau.isChecked() and not self._report_timer.isActive():
            self._report_is_stale, self._report_is_requested = False, True
            self.model.post(ExplainPlateau())
            if self.model.is_running:
                self._report_timer.start()

    @Slot(int, int)
    def _choose(self, layer: int, neuron: int) -> None:
        # The selection signal comes back to this panel, which must not take it for another root.
        self._is_choosing = True
        self.model.select(layer=layer, neuron=neuron)
        self._is_choosing = False

    @Slot()
    def _start_here(self) -> None:
        self._root = self._chosen()
        self._redraw()
        self.tree.setFocus()

    @Slot(int)
    def _open_layer(self, layer: int) -> None:
        update = self.model.current_update
        if update is not None:
            sizes = np.abs(update.trace.layers[layer - 1].delta[self.model.row])
            self.layers.setChecked(False)
            self._root = (layer, int(np.argmax(sizes)))
            self.model.select(layer=layer, neuron=self._root[1])
            self._redraw()
            self.tree.setFocus()

    # Drawing

    @Slot()
    def _redraw(self) -> None:
        if not self.is_seen:
            return
        update, root = self._update(), self._root
        self.start.setEnabled(update is not None and root != self._chosen())
        self.layers.setEnabled(update is not None and root is not None)
        spoken = self._spoken()
        if self.plateau.isChecked() and self.model.prepared is not None:
            self._explain_plateau()
        elif update is not None and root is not None and not self.layers.isChecked():
            self._explain(update, root)
        elif spoken is not None:
            self._compare_layers(spoken)
        else:
            self.pages.setCurrentWidget(self.empty)
            self.set_caption("")
        for part in (self.verdict, self.hint):
            part.setVisible(self.pages.currentWidget() is not self.empty)

    def _spoken(self) -> SpokenDeltas | None:
        update, selected = shown_update(self.model), self._chosen() is not None
        return spoken_deltas(update, self.model.row, shown_frame(self.model), neuron_is_selected=selected)

    def _update(self) -> TracedUpdate | None:
        """Return the current update in the conventions that were chosen."""
        return self.model.conventions.update(self.model.current_update)

    def _say(self, verdict: str) -> None:
        self.verdict.setText(self.model.conventions.chosen.worded(verdict))

    def _explain_plateau(self) -> None:
        self._request_report()
        report = self._report
        self.pages.setCurrentWidget(self.plateau_page)
        self.plateau_page.tell(report)
        self.set_caption(_samples_of(report) if report else "")
        self.verdict.setText(summary(report) if report else _(_READING))
        self.hint.setText(_(_FOLLOW) if report else "")

    def _compare_layers(self, spoken: SpokenDeltas) -> None:
        update, row = self._update(), self.model.row
        self.pages.setCurrentWidget(self.layer_table)
        self.set_caption(_("all layers · {first_lower}").format(first_lower=_first_lower(spoken.samples)))
        if spoken.is_of_update:
            assert update is not None
            self._say(diagnose_layers_in_words(update, row))
            self.layer_table.tell(diagnose_layers(update, row))
        else:
            self._say(f"{spoken.samples}: {spoken.flow.sentence()}.")
            self.layer_table.tell(diagnose_flow(spoken.flow, spoken.largest))
        self.hint.setText(_(_CHOOSE) if update else _(_STEP))

    def _explain(self, update: TracedUpdate, root: Neuron) -> None:
        explained, *rest = self._shown or (None,)
        is_shown = self.pages.currentWidget() is self.tree
        is_for_lecture = self.model.theme.is_for_lecture
        if is_shown and explained is update and rest == [self.model.row, root, self._chosen(), is_for_lecture]:
            return
        self.pages.setCurrentWidget(self.tree)
        first = update.conventions.first
        caption = _("delta of neuron {neuron} in layer {layer} · {sample}{pending}").format(
            neuron=root[1] + first, layer=root[0], sample=self._sample(update), pending=_pending(update, root)
        )
        self.set_caption(update.conventions.worded(caption))
        layer, neuron = self._chosen() or root
        self._say(
            _("Neuron {neuron} of layer {layer}: {diagnose_delta}").format(
                neuron=neuron + first,
                layer=layer,
                diagnose_delta=diagnose_delta(update, self.model.row, layer, neuron),
            )
        )
        self.hint.setText("" if is_for_lecture else _(_HELP))  # as for all that is not clicked
        # The tree is kept for all operations of an update: a reset would collapse and scroll it.
        if explained is None or explained.trace is not update.trace or rest[:2] != [self.model.row, root]:
            self.tree.explain(update, self.model.row, *root)
        self._shown = (update, self.model.row, root, self._chosen(), is_for_lecture)

    def _chosen(self) -> Neuron | None:
        layer, neuron = self.model.selection.layer, self.model.selection.neuron
        return None if layer is None or neuron is None else (layer, neuron)

    def _sample(self, update: TracedUpdate) -> str:
        return update.sample_name(self.model.row)


def _samples_of(report: PlateauReport) -> str:
    """Return which samples a report is about, and where."""
    count, whole = formats.count(report.n_samples), formats.count(report.n_training)
    which = (
        _("all {whole}").format(whole=whole)
        if count == whole
        else _("{count} of {whole}").format(count=count, whole=whole)
    )
    return _("{which} training samples · epoch {count}").format(which=which, count=formats.count(report.position.epoch))


def _first_lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _pending(update: TracedUpdate, root: Neuron) -> str:
    """Return which operation will compute the delta, or "" if it is computed."""
    operation = Operation("delta", root[0])
    if update.is_done(operation):
        return ""
    return _(" · computed by operation {index}, not yet").format(index=update.operations.index(operation) + 1)
