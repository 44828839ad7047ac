"""The source code of backpropagation, with the lines of the current operation highlighted."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel

from bpviz.core.optimisers.rule import LearningRule
from bpviz.language import N_, _
from bpviz.session.conventions.relation import code_relation
from bpviz.session.engine.commands import GoToOperation
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.rule_code import MODULE as RULE_MODULE
from bpviz.session.walkthrough.rule_code import is_of_rule, rule_function
from bpviz.session.walkthrough.source_lines import MODULE, Source, SourceError, backprop_source
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.session.walkthrough.variables import (
    frames_at,
    is_defined_later,
    lines_at,
    operations_of_line,
    variable_names_of_line,
    was_defined,
)
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.walkthrough.code_view import CodeView
from bpviz.ui.walkthrough.variable_tooltips import in_full, in_short
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel

_EMPTY = N_("Press F11 to take one operation, F10 one sample.")
_BEFORE = N_("Before the first operation: only x and y are known.")


class CodePanel(Panel):
    """Follows the operations through the running code; hovering over a name shows its current value."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("code", _("Code"), model)
        self._rule = model.experiment.rule
        self.source = _source_or_error(self._rule)
        self.view, self.names = CodeView(self.source.text, self._describe), ElidedLabel()
        self.relation = QLabel(wordWrap=True)
        self.relation.setProperty("role", "caption")
        self.relation.hide()
        self.layout_.addWidget(self.relation)
        self.layout_.addWidget(self.view, 1)
        self.layout_.addWidget(self.names)
        self.view.line_chosen.connect(self._go_to_line)
        model.current_update_changed.connect(self._redraw)
        model.experiment_prepared.connect(self._redraw)
        model.theme_changed.connect(self.view.set_theme)
        model.conventions.changed.connect(self._redraw)
        self.view.set_theme(model.theme)
        self._redraw()

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        if not self.is_seen:
            return
        self._follow_rule()
        experiment = self.model.experiment
        relation = code_relation(self.model.conventions.applying(experiment), experiment.rule)
        self.relation.setText(relation)
        self.relation.setVisible(bool(relation))
        update = self.model.current_update
        if update is None or update.operation is None:
            self._show((), MODULE, _(_BEFORE) if update else _(_EMPTY))
            return
        try:
            lines = lines_at(self.source, update, train_biases=self.model.experiment.train_biases)
            names = variable_names_of_line(self.source, update)
        except SourceError as fault:
            self._show((), MODULE, _("No line is highlighted: {fault}.").format(fault=fault))
            return
        place = _place(update.operation, update.rule, lines[0])
        self._show(lines, place, "   ".join(in_short(name, known) for name, known in names))

    def _follow_rule(self) -> None:
        """Show the functions of the present rule of learning behind those of backpropagation."""
        if self.model.experiment.rule != self._rule:
            self._rule = self.model.experiment.rule
            self.source = _source_or_error(self._rule)
            self.view.setPlainText(self.source.text)

    def _show(self, lines: tuple[int, ...], caption: str, names: str) -> None:
        self.set_caption(caption)
        self.names.setText(names)
        self.view.highlight_lines(lines)

    @Slot(int)
    def _go_to_line(self, line: int) -> None:
        """Go to the operation that a line computes: in the layer of the current operation, or the first one."""
        update = self.model.current_update
        if update is None:
            return
        try:
            found = operations_of_line(self.source, update, line, train_biases=self.model.experiment.train_biases)
        except SourceError:  # the panel says so already
            return
        layer = update.operation.layer if update.operation else 1
        here = [index for index in found if update.operations[index - 1].layer == layer]
        if found:
            self.model.post(GoToOperation((here or found)[0]))

    # Tooltips

    def _describe(self, line: int, column: int) -> str:
        update = self.model.current_update
        if update is None:
            return ""
        expressions = self.source.expressions_at(line, column)
        frames = frames_at(update)
        for found in expressions:
            names = frames.get(found.function, {})
            if found.text in names:
                return in_full(found.text, names[found.text], self.model.row, self.model.selection)
        return next((t for found in expressions if (t := _why_undefined(update, found.function, found.text))), "")


def _why_undefined(update: TracedUpdate, function: str, name: str) -> str:
    """Return why a name has no value at present, or "" if it never has one."""
    if is_defined_later(update, function, name):
        return _("{name}: not computed yet").format(name=name)
    if was_defined(update, function, name):
        return _("{name}: no longer defined, {function} has returned").format(name=name, function=function)
    return ""


def _place(operation: Operation, rule: LearningRule, line: int) -> str:
    """Return where the code of an operation is; of a rule's functions only a part is shown, so without a line."""
    if is_of_rule(operation, rule):
        function = f"{RULE_MODULE}.{rule_function(operation, rule)}"
        return _("{function} · layer {layer}").format(function=function, layer=operation.layer)
    return _("{module}, line {line} · layer {layer}").format(module=MODULE, line=line, layer=operation.layer)


def _source_or_error(rule: LearningRule) -> Source:
    try:
        return backprop_source(rule)
    except SourceError as fault:
        return Source(f"# {fault}\n")
