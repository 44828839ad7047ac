"""Why a delta is what it is: the tree of its causes, or the story of all layers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel

from bpviz.core.backprop import Trace
from bpviz.session.diagnostics.delta_diagnosis import verdict
from bpviz.session.diagnostics.layer_diagnosis import diagnose_layers, diagnose_layers_in_words
from bpviz.session.engine.events import NetworkReady
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.diagnostics.cause_view import CauseView
from bpviz.ui.diagnostics.layer_table import LayerTable
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

_EMPTY = "Press F11 to take one operation, F10 one sample."
_CHOOSE = "Choose a neuron to see the causes of its delta; Enter on a layer takes its largest."
_WALK = "Arrows move and open, Enter or a click chooses the neuron; “Start here” makes it the root."

Neuron = tuple[int, int]


class ExplainPanel(Panel):
    """Explains the chosen neuron's delta.

    The root of the tree is the neuron that was chosen in another panel. Choosing a term of the tree leaves the root
    where it is, so that one can walk through the causes, until "Start here" makes the chosen neuron the root. The
    verdict is always of the chosen neuron. Where none is chosen, or "Layers" is on, the story of the layers is shown.
    """

    def __init__(self, model: ViewModel) -> None:
        super().__init__("explain", "Explain", model)
        self.start = self.add_button("Start here", "Make the chosen neuron the root of the tree")
        self.layers = self.add_toggle("Layers", "Show how deltas shrink or grow from layer to layer")
        self._root: Neuron | None = None
        self._last_chosen: Neuron | None = None
        self._is_choosing = False
        self._shown: tuple[Trace, int, Neuron | None] | None = None
        self._add_body()
        self._connect()
        self._restyle(model.theme)
        self._redraw()

    def _add_body(self) -> None:
        self.verdict, self.hint = QLabel(), ElidedLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty, self.tree, self.story = empty_page(_EMPTY), CauseView(), LayerTable()
        self.pages = stacked(self.empty, self.tree, self.story)
        self.layout_.addWidget(self.verdict)
        self.layout_.addWidget(self.pages, 1)
        self.layout_.addWidget(self.hint)

    def _connect(self) -> None:
        self.start.clicked.connect(self._start_here)
        self.layers.toggled.connect(self._redraw)
        self.tree.chosen.connect(self._choose)
        self.story.opened.connect(self._open_layer)
        self.model.current_update_changed.connect(self._redraw)
        self.model.experiment_prepared.connect(self._begin)
        self.model.selection_changed.connect(self._select)
        self.model.theme_changed.connect(self._restyle)

    def catch_up(self) -> None:
        """Catch up with what happened out of sight."""
        self._redraw()

    def take_focus(self) -> None:
        """Let the keyboard walk through the causes, or the layers."""
        self.pages.currentWidget().setFocus()

    # What the model tells

    @Slot(object)
    def _begin(self, prepared: NetworkReady) -> None:
        self._root, self._last_chosen, self._shown = None, None, None
        self.tree.clear()
        self._redraw()

    @Slot(object)
    def _select(self, selection: Selection) -> None:
        chosen = self._chosen()
        if chosen != self._last_chosen and not self._is_choosing:  # else only the sample is another one
            self._root = chosen
        self._last_chosen = chosen
        self._redraw()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.tree.set_theme(theme)
        self.story.make_room()
        # Room for a usual verdict, so that what is under it does not jump with every step.
        self.verdict.setMinimumHeight(3 * self.verdict.fontMetrics().lineSpacing())

    # What people do

    @Slot(int, int)
    def _choose(self, layer: int, neuron: int) -> None:
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
        update, root = self.model.current_update, self._root
        self.start.setEnabled(update is not None and root != self._chosen())
        self.layers.setEnabled(update is not None and root is not None)
        for part in (self.verdict, self.hint):
            part.setVisible(update is not None)
        if update is None:
            self.pages.setCurrentWidget(self.empty)
            self.set_caption("")
        elif root is None or self.layers.isChecked():
            self._tell_story(update)
        else:
            self._explain(update, root)

    def _tell_story(self, update: TracedUpdate) -> None:
        self.pages.setCurrentWidget(self.story)
        self.set_caption(f"all layers · {self._sample(update)}")
        self.verdict.setText(diagnose_layers_in_words(update, self.model.row))
        self.hint.setText(_CHOOSE)
        self.story.tell(diagnose_layers(update, self.model.row))

    def _explain(self, update: TracedUpdate, root: Neuron) -> None:
        self.pages.setCurrentWidget(self.tree)
        self.set_caption(f"delta of neuron {root[1]} in layer {root[0]} · {self._sample(update)}{_wait(update, root)}")
        layer, neuron = self._chosen() or root
        self.verdict.setText(f"Neuron {neuron} of layer {layer}: {verdict(update, self.model.row, layer, neuron)}")
        self.hint.setText(_WALK)
        trace, *rest = self._shown or (None,)
        if trace is not update.trace or rest != [self.model.row, root]:
            self._shown = (update.trace, self.model.row, root)
            self.tree.explain(update, self.model.row, *root)

    def _chosen(self) -> Neuron | None:
        layer, neuron = self.model.selection.layer, self.model.selection.neuron
        return None if layer is None or neuron is None else (layer, neuron)

    def _sample(self, update: TracedUpdate) -> str:
        return f"sample {formats.count(int(update.samples[self.model.row]))}"


def _wait(update: TracedUpdate, root: Neuron) -> str:
    """Say when the delta will be computed, if it has not been."""
    operation = Operation("delta", root[0])
    if update.is_done(operation):
        return ""
    return f" · computed by operation {update.operations.index(operation) + 1}, not yet"
