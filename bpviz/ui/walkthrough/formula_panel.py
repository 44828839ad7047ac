"""The current operation as a sentence, as a formula, with the numbers of one neuron and the curve of its activation."""

from __future__ import annotations

import html
import math
import re

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from bpviz.core.activations import activation_rule
from bpviz.core.arrays import Array
from bpviz.core.backprop import Trace
from bpviz.language import N_, _, without_gaps
from bpviz.session.diagnostics.z_over_samples import z_over_samples
from bpviz.session.engine.events import NetworkReady
from bpviz.session.sharing.formula_latex import formula_as_latex, update_as_latex
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.formula import Formula, formula
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.latex import latex
from bpviz.session.walkthrough.operations import RULE, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.walkthrough.activation_plot import ActivationPlot
from bpviz.ui.walkthrough.formula_view import FormulaQueue, FormulaView
from bpviz.ui.widgets.compact_editors import CompactSpinBox
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

_EMPTY = N_("Press F11 to take one operation and see its formula,\nor F10 to train on one sample.")
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
_TAG = re.compile(r"<(/?)(su[bp])>")
_PLAIN_TAGS = {("", "sub"): "_", ("", "sup"): "^(", ("/", "sub"): "", ("/", "sup"): ")"}


class FormulaPanel(Panel):
    """Shows the formula of the current operation, and its numbers for the selected neuron."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("formula", _("Formula"), model)
        self.source = self._add_source()
        self._samples: tuple[Trace, int, Array] | None = None
        self.copy = self.add_button(N_("Copy"), _("Copy the sentence, the formula (as LaTeX) and the numbers as text"))
        self.queue = FormulaQueue(self)
        self._add_body()
        self.copy.clicked.connect(self._copy)
        self.source.edited.connect(self._draw)
        model.current_update_changed.connect(self._draw)
        model.selection_changed.connect(self._draw)
        model.status_changed.connect(self._render_if_idle)
        self.seen_changed.connect(self._render_if_idle)
        model.theme_changed.connect(self._restyle)
        model.conventions.changed.connect(self._follow_conventions)
        self._restyle(model.theme)
        self._draw()

    def _add_source(self) -> CompactSpinBox:
        """Add the choice of the weight that is shown: the number of the neuron that it comes from."""
        tip = _("Of which weight: the number of the neuron, or input, that it comes from")
        source = CompactSpinBox(_("Weight from neuron"), tip, _("strongest weight"))
        source.setPrefix(_("from "))
        self.add_editor(source)
        return source

    def _add_body(self) -> None:
        self.empty = empty_page(_(_EMPTY))
        self.sentence, self.numbers = _label(_("Operation in words")), _label(_("Numbers"))
        self.formula = FormulaView()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.curves = ActivationPlot()
        self.curves.hide()
        self.numbers.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(2 * GAP)
        self._row.addWidget(self.numbers, 1)
        self._row.addWidget(self.curves, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.sentence)
        column.addWidget(self.formula)
        column.addLayout(self._row)
        column.addStretch(1)
        self._scroll = _ScrollArea()
        self._scroll.setWidget(page)
        # The formula scales to the width and the texts wrap, so there is nothing to scroll sideways.
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.resized.connect(self._fit_curves)
        self.pages = stacked(self.empty, self._scroll)
        self.layout_.addWidget(self.pages, 1)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        setting = FormulaContext.of_experiment(prepared.experiment, self.model.conventions.chosen)
        coming = operations(len(setting.activations), setting.rule.extra_operations)
        self.queue.set_formulas([latex(operation, setting) for operation in (None, *coming)])
        self._render_if_idle()
        self._draw()

    @Slot()
    def _follow_conventions(self) -> None:
        if self.model.prepared is not None:
            self.begin(self.model.prepared)

    @Slot()
    def _render_if_idle(self) -> None:
        self.queue.set_running(self.is_seen and not self.model.is_running)

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.formula.set_theme(theme)
        self.curves.set_theme(theme)

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._draw()

    # Drawing

    @Slot()
    def _draw(self) -> None:
        if not self.is_seen:
            return
        update = self._update()
        self.pages.setCurrentIndex(0 if update is None else 1)
        self.copy.setEnabled(update is not None)
        if update is None:
            self.set_caption("")
            self.source.hide()
            return
        self._offer_sources(update)
        shown = self._formula(update)
        # Larger than the rest at every scale, so that it can be read from the last row of a lecture hall.
        self.sentence.setText(f'<font size="+1">{html.escape(caption(update, self.model.row))}</font>')
        self.formula.show_formula(shown.latex)
        self.numbers.setText("<br>".join((*self._other_layer(update), *shown.numbers)))
        self.set_caption(self._description(update))
        self._draw_curves(update)

    def _draw_curves(self, update: TracedUpdate) -> None:
        operation = update.operation
        if operation is not None and self._has_curves(update):
            change, zs = update.layers[operation.layer - 1], update.trace.layers[operation.layer - 1].z
            neuron = self._neuron(update)
            samples = self._z_over_samples(update, operation.layer)[:, neuron]
            rule = activation_rule(change.activation, change.leak)
            self.curves.show_neuron(rule, zs[self.model.row], neuron, samples)
        self._fit_curves()

    def _z_over_samples(self, update: TracedUpdate, layer: int) -> Array:
        """Return z of a layer for training samples; it is computed once for each update and layer.

        A program with a planted mistake has other z: there are none for it.
        """
        prepared = self.model.prepared
        if prepared is None or prepared.experiment.mistakes:
            return np.empty((0, len(update.layers[layer - 1].b)))
        if self._samples is None or self._samples[0] is not update.trace or self._samples[1] != layer:
            self._samples = update.trace, layer, z_over_samples(update, prepared.split.X_train, layer)
        return self._samples[2]

    def _has_curves(self, update: TracedUpdate) -> bool:
        """Return whether the operation is f or its slope; a softmax is no function of one z."""
        operation = update.operation
        if operation is None or operation.quantity not in ("a", "slope"):
            return False
        return not activation_rule(update.layers[operation.layer - 1].activation).output_only

    @Slot()
    def _fit_curves(self) -> None:
        """Show the curves beside the numbers, or below, only where nothing else has to be scrolled for them."""
        update = self.model.current_update
        if update is None or not self._has_curves(update):
            self.curves.hide()
            return
        view, hint = self._scroll.viewport(), self.curves.sizeHint()
        text = QTextDocument()
        text.setDefaultFont(self.numbers.font())
        text.setHtml(self.numbers.text())
        beside = view.width() - math.ceil(text.idealWidth()) - 3 * GAP
        above, numbers = (self._height(self.sentence, self.formula), self._height(self.numbers))
        if beside >= hint.width() and (numbers >= hint.height() or above + hint.height() <= view.height()):
            self._place_curves(QBoxLayout.Direction.LeftToRight, min(beside, 2 * hint.width()))
        elif above + numbers + hint.height() <= view.height():
            self._place_curves(QBoxLayout.Direction.TopToBottom, view.width())
        else:
            self.curves.hide()

    def _height(self, *parts: QWidget) -> int:
        """Return the height of some parts one below the other, at the width that there is."""
        return sum(part.heightForWidth(self._scroll.viewport().width()) + GAP for part in parts)

    def _place_curves(self, direction: QBoxLayout.Direction, width: int) -> None:
        self._row.setDirection(direction)
        self.curves.setFixedWidth(width)
        self.curves.show()

    def _offer_sources(self, update: TracedUpdate) -> None:
        operation = update.operation
        has_weights = operation is not None and operation.quantity in ("dW", *RULE, "update")
        self.source.setVisible(has_weights)
        if operation is not None and has_weights:
            self.source.blockSignals(True)  # a number that is too large for this layer is clipped
            self.source.set_count(len(update.layers[operation.layer - 1].W))
            self.source.blockSignals(False)

    def _update(self) -> TracedUpdate | None:
        """Return the current update in the conventions that were chosen."""
        return self.model.conventions.update(self.model.current_update)

    def _formula(self, update: TracedUpdate) -> Formula:
        return formula(update, self.model.row, self._neuron(update), self.source.number())

    def _neuron(self, update: TracedUpdate) -> int:
        """Return the selected neuron if it is in the layer of the operation, or else the first one."""
        selection, operation = self.model.selection, update.operation
        chosen = operation is not None and selection.layer == operation.layer and selection.neuron is not None
        return selection.neuron or 0 if chosen else 0

    def _other_layer(self, update: TracedUpdate) -> tuple[str, ...]:
        """Return a line that says that the selected neuron is not the one shown, if it is in another layer."""
        selection, operation = self.model.selection, update.operation
        if operation is None or selection.layer in (None, operation.layer) or operation.quantity == "loss":
            return ()
        first = update.conventions.first
        text = _("Neuron {neuron} of layer {layer}, since the selected neuron {selected} is in layer {other}:").format(
            neuron=self._neuron(update) + first,
            layer=operation.layer,
            selected=(selection.neuron or 0) + first,
            other=selection.layer,
        )
        return (f"<i>{text}</i>",)

    def _description(self, update: TracedUpdate) -> str:
        sample = update.sample_name(self.model.row)
        operation = update.operation
        if operation is None:
            return sample
        if operation.quantity == "loss":
            return without_gaps(_("loss of {sample}").format(sample=sample))
        number = self._neuron(update) + update.conventions.first
        text = _("{operation}, neuron {neuron}, {sample}")
        if operation.quantity in ("dW", "db", *RULE, "update"):
            text = _("{operation}, neuron {neuron}")
        named = update.conventions.worded(operation.name)
        return text.format(operation=named, neuron=number, sample=sample)

    def formula_latex(self) -> str:
        """Return the present formula as LaTeX, with symbols and with numbers; "" without an update."""
        update = self._update()
        return formula_as_latex(self._formula(update)) if update else ""

    def update_latex(self) -> str:
        """Return a LaTeX document with all operations of the update; "" without one."""
        update, selection = self._update(), self.model.selection
        if update is None:
            return ""
        layer, neuron = selection.layer, selection.neuron
        chosen = (layer, neuron) if layer is not None and neuron is not None else None
        return update_as_latex(update, self.model.row, chosen)

    @Slot()
    def _copy(self) -> None:
        update = self._update()
        if update is not None:
            shown = self._formula(update)
            lines = [caption(update, self.model.row), shown.latex, *map(_plain, shown.numbers)]
            QApplication.clipboard().setText("\n".join(lines))


class _ScrollArea(QScrollArea):
    """A scroll area that tells when it has another size."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it."""
        super().resizeEvent(event)
        self.resized.emit()


def _label(name: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setTextInteractionFlags(_SELECTABLE)
    label.setAccessibleName(name)
    return label


def _plain(line: str) -> str:
    """Replace the tags of subscripts and superscripts by plain text."""
    return _TAG.sub(lambda tag: _PLAIN_TAGS[tag[1], tag[2]], line)
