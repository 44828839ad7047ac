"""Editor for the conditions of a breakpoint, one row for each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from bpviz.core.metrics.metric import Metric
from bpviz.core.metrics.scan import COMPARISONS
from bpviz.language import N_, _
from bpviz.session.debugging.breakpoints import FLAGS, MOST_CONDITIONS, Condition
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactComboBox, CompactLineEdit
from bpviz.ui.widgets.editors.metric_editor import MetricEditor
from bpviz.ui.widgets.flow_layout import FlowLayout
from bpviz.ui.widgets.form_fields import mark, read_number, sentence, write_number

_FIRST = Condition(Metric("abs_delta", layer=1), "<", 1e-5)
_FLAG_TITLES = {"misclassified": N_("misclassified"), "not_finite": N_("not finite"), "loss_rise": N_("loss rose")}


class ConditionRow(QWidget):
    """One condition: a metric, a comparison and a value.

    Signals
    -------
    edited
    removed : ConditionRow
        The remove button was clicked.
    """

    edited = Signal()
    removed = Signal(object)

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.joint = QLabel(_("and"))
        self.joint.setProperty("role", "caption")
        self.metric_editor = MetricEditor(sizes, _FLAG_TITLES)
        self.comparison = CompactComboBox(
            _("Comparison"), _("Comparison operator"), {sign: sign for sign in COMPARISONS}
        )
        self.value = CompactLineEdit(_("Value"), _("Number to compare with, such as 0.5 or 1e-5"))
        self.remove = QToolButton()
        self.remove.setText("×")
        self.remove.setToolTip(_("Remove this condition"))
        self.remove.setAccessibleName(_("Remove this condition"))
        self.remove.setProperty("role", "flat")
        self._lay_out()
        self.metric_editor.edited.connect(self._adapt)
        self.comparison.currentIndexChanged.connect(self.edited)
        self.value.textEdited.connect(self.edited)
        self.remove.clicked.connect(self._emit_removed)

    def _lay_out(self) -> None:
        end = QWidget()
        row = QHBoxLayout(end)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 2)
        for widget in (self.comparison, self.value, self.remove):
            row.addWidget(widget)
        flow = FlowLayout(self, GAP // 2)
        for part in (self.joint, self.metric_editor, end):
            flow.addWidget(part)

    def condition(self) -> Condition:
        """Return the condition; its value is text if it is not a number."""
        metric = self.metric_editor.chosen_metric()
        if metric.quantity in FLAGS:
            return Condition(metric, ">", 0.0)
        value = read_number(self.value.text())
        return Condition(metric, self.comparison.word(), value)  # type: ignore[arg-type]  # validated by `problem`

    def show_condition(self, condition: Condition) -> None:
        """Show a condition."""
        self.metric_editor.show_metric(condition.metric)
        self.comparison.choose(condition.comparison)
        self.value.setText(write_number(condition.value))

    def problem(self, sizes: tuple[int, ...]) -> str | None:
        """Return what is wrong with the condition, or None, and mark the value if it is invalid."""
        condition = self.condition()
        is_empty = condition.metric.quantity not in FLAGS and not self.value.text().strip()
        problem = (
            _("type a number to compare with") if is_empty else condition.problem(sizes) or condition.never_holds()
        )
        mark(self.value, problem)
        return problem

    @Slot()
    def _adapt(self) -> None:
        is_flag = self.metric_editor.chosen_metric().quantity in FLAGS
        for widget in (self.comparison, self.value):
            widget.setVisible(not is_flag)
        self.edited.emit()

    @Slot()
    def _emit_removed(self) -> None:
        self.removed.emit(self)


class ConditionEditor(QWidget):
    """Rows of conditions that must all be true, and buttons to add a row or the breakpoint.

    Signals
    -------
    made : tuple of Condition
        The user has added a valid breakpoint.
    """

    made = Signal(object)

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self._sizes, self._is_classification = sizes, True
        self.rows: list[ConditionRow] = []
        self._reason = QLabel(wordWrap=True)
        self._reason.setProperty("role", "problem")
        self.another = QToolButton()
        self.another.setText(_("+ and"))
        self.another.setToolTip(_("Add another condition that must also be true"))
        self.another.setAccessibleName(_("Add another condition that must also be true"))
        self.another.setProperty("role", "flat")
        self.add = QPushButton(_("Add"))
        self.add.setToolTip(_("Add this breakpoint  (Return)"))
        self.add.setAccessibleName(_("Add this breakpoint"))
        self._lay_out()
        self.another.clicked.connect(self._append_first)
        self.add.clicked.connect(self._make)
        self.show_conditions((_FIRST,))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.another)
        buttons.addWidget(self._reason, 1)
        buttons.addWidget(self.add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP // 2)
        self._column.addLayout(buttons)

    def conditions(self) -> tuple[Condition, ...]:
        """Return the conditions of all rows."""
        return tuple(row.condition() for row in self.rows)

    def show_conditions(self, conditions: tuple[Condition, ...]) -> None:
        """Show conditions for editing."""
        while len(self.rows) > len(conditions):
            self._drop(self.rows[-1])
        while len(self.rows) < len(conditions):
            self._append()
        for row, condition in zip(self.rows, conditions, strict=True):
            row.show_condition(condition)
        self._adapt()

    def set_sizes(self, sizes: tuple[int, ...]) -> None:
        """Update the choice of layers and neurons for a new network."""
        self._sizes = sizes
        for row in self.rows:
            # A layer that the new network does not have is replaced by the first one.
            row.metric_editor.set_sizes(sizes)

    def set_task(self, *, is_classification: bool) -> None:
        """Offer quantities of classes only where there are classes."""
        self._is_classification = is_classification
        for row in self.rows:
            row.metric_editor.set_task(is_classification=is_classification)

    def begin(self) -> None:
        """Move the keyboard focus to the first row."""
        self.rows[0].metric_editor.quantity.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def complain(self, problem: str | None) -> None:
        """Show an error message, or remove it."""
        self._reason.setText(sentence(problem))

    def problem(self) -> str:
        """Return the error message, or ""."""
        return self._reason.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add the breakpoint on Return; if a button has the focus, click it instead."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton):
            focus.click()
        else:
            self._make()

    @Slot()
    def _make(self) -> None:
        problems = [row.problem(self._sizes) for row in self.rows]
        self.complain(next(filter(None, problems), None))
        if not any(problems):
            self.made.emit(self.conditions())

    @Slot()
    def _append_first(self) -> None:
        self._append().show_condition(_FIRST)
        self._adapt()
        self.rows[-1].metric_editor.quantity.setFocus(Qt.FocusReason.OtherFocusReason)

    def _append(self) -> ConditionRow:
        row = ConditionRow(self._sizes)
        row.metric_editor.set_task(is_classification=self._is_classification)
        row.edited.connect(self._clear_problem)
        row.removed.connect(self._remove)
        self._column.insertWidget(len(self.rows), row)
        row.show()  # a hidden row cannot take the focus
        self.rows.append(row)
        return row

    def _drop(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    @Slot(object)
    def _remove(self, row: ConditionRow) -> None:
        self._drop(row)
        self._adapt()
        self.rows[-1].metric_editor.quantity.setFocus(Qt.FocusReason.OtherFocusReason)

    def _adapt(self) -> None:
        """Show the parts that the number of rows requires, and set the tab order."""
        for row in self.rows:
            row.joint.setVisible(row is not self.rows[0])
            row.remove.setVisible(len(self.rows) > 1)
        self.another.setEnabled(len(self.rows) < MOST_CONDITIONS)
        self._clear_problem()
        widgets = [widget for row in self.rows for widget in _in_order(row)]
        for before, after in zip(widgets, [*widgets[1:], self.another], strict=True):
            # The tab order follows the order of creation, which is wrong once rows are removed and added.
            QWidget.setTabOrder(before, after)
        QWidget.setTabOrder(self.another, self.add)

    @Slot()
    def _clear_problem(self) -> None:
        self.complain(None)
        for row in self.rows:
            mark(row.value, None)


def _in_order(row: ConditionRow) -> tuple[QWidget, ...]:
    metric = row.metric_editor
    return (
        metric.quantity,
        metric.aggregation,
        metric.neuron,
        metric.source,
        metric.layer,
        row.comparison,
        row.value,
        row.remove,
    )
