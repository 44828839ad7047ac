"""The breakpoints panel: the list, the editor and the log, with mouse and keyboard."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLineEdit, QSpinBox

from bpviz.core.metrics.metric import QUANTITIES, Metric
from bpviz.session.debugging.breakpoints import READY_MADE, Breakpoint, Condition, Hit, Hits
from bpviz.session.engine.commands import GoTo
from bpviz.session.engine.events import Failed, State
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.ui.debugging.breakpoint_table import CONDITION, HITS, LOG_ONLY, ON, REMOVE
from bpviz.ui.debugging.breakpoints_panel import BreakpointsPanel
from bpviz.ui.style.theme import DARK
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

VANISHING, SATURATED, EXPLODING, *_ = READY_MADE.values()
MISTAKE = READY_MADE["misclassified sample"]
SHALLOW = dataclasses.replace(SMALL, hidden=(4,), activations=("sigmoid", "sigmoid"))
SINE = load_preset("sine").experiment
DEEP = Breakpoint((Condition(Metric("delta", 3, neuron=1), "<", 0.5),))


@pytest.fixture
def panel(stage: Stage, show: Show) -> BreakpointsPanel:
    made = BreakpointsPanel(stage.model)
    show(made, 460, 300)
    made.activateWindow()
    stage.prepare()
    return made


def breakpoints(panel: BreakpointsPanel) -> tuple[Breakpoint, ...]:
    return panel.model.debugger.breakpoints


def text(panel: BreakpointsPanel, row: int, column: int) -> object:
    return panel.table.data(panel.table.index(row, column))


def click_cell(panel: BreakpointsPanel, row: int, column: int) -> None:
    lay_out_and_paint(panel)
    box = panel.view.visualRect(panel.table.index(row, column))
    click(panel.view.viewport(), QPoint(box.left() + 14, box.center().y()))


def hit(breakpoint: Breakpoint, epoch: int = 7, value: float = 9.87e-6) -> Hit:
    return Hit(Position(epoch, 5, 11), 12, breakpoint, (value,) * len(breakpoint.conditions))


# The list


def test_each_breakpoint_is_a_row(panel: BreakpointsPanel, stage: Stage) -> None:
    QAbstractItemModelTester(panel.table, QAbstractItemModelTester.FailureReportingMode.Warning, panel.table)
    panel.model.debugger.set_breakpoints((VANISHING, MISTAKE))
    stage.tell(Hits((3, 12345), (), None))
    assert [text(panel, row, CONDITION) for row in (0, 1)] == [
        "largest |delta| of layer 1 < 1e-05",
        "the sample is misclassified",
    ]
    assert [text(panel, row, HITS) for row in (0, 1)] == ["3", "12,345"]
    assert panel.caption() == "2 on, 12,348 hits"


def test_a_condition_is_shown_whole_in_a_narrow_panel(panel: BreakpointsPanel, stage: Stage) -> None:
    panel.resize(240, 300)
    stage.model.debugger.set_breakpoints((VANISHING,))
    lay_out_and_paint(panel)
    cell = panel.view.visualRect(panel.table.index(0, CONDITION)).adjusted(4, 0, -4, 0)
    words = str(text(panel, 0, CONDITION))
    needed = panel.view.fontMetrics().boundingRect(cell, Qt.TextFlag.TextWordWrap, words)
    assert cell.contains(needed)


def test_boxes_are_checked_with_the_mouse(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING, SATURATED))
    click_cell(panel, 1, ON)
    click_cell(panel, 1, LOG_ONLY)
    assert breakpoints(panel) == (VANISHING, dataclasses.replace(SATURATED, enabled=False, log_only=True))
    click_cell(panel, 1, ON)
    assert breakpoints(panel)[1].enabled


def test_boxes_are_checked_with_the_keyboard(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING,))
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.table.index(0, ON))
    press(panel.view, Qt.Key.Key_Space)
    assert not breakpoints(panel)[0].enabled
    press(panel.view, Qt.Key.Key_Space)
    assert breakpoints(panel)[0].enabled


def test_a_breakpoint_is_removed_by_its_button_and_by_delete(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING, SATURATED, EXPLODING))
    click_cell(panel, 0, REMOVE)
    assert breakpoints(panel) == (SATURATED, EXPLODING)
    panel.view.setCurrentIndex(panel.table.index(1, CONDITION))
    press(panel.view, Qt.Key.Key_Delete)
    assert breakpoints(panel) == (SATURATED,)
    press(panel.view, Qt.Key.Key_Delete)
    press(panel.view, Qt.Key.Key_Delete)
    assert breakpoints(panel) == ()


def test_enter_on_a_breakpoint_copies_it_to_the_editor(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING, EXPLODING))
    panel.view.setCurrentIndex(panel.table.index(1, CONDITION))
    press(panel.view, Qt.Key.Key_Return)
    assert panel.editor.conditions() == EXPLODING.conditions
    assert QApplication.focusWidget() is panel.editor.rows[0].metric_editor.quantity


def test_a_breakpoint_that_does_not_fit_stays_off_with_a_reason(panel: BreakpointsPanel, stage: Stage) -> None:
    panel.model.debugger.set_breakpoints((DEEP,))
    box = panel.table.index(0, ON)
    assert panel.table.data(box, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
    stage.prepare(SHALLOW)
    assert panel.table.data(box, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Unchecked
    assert not panel.table.flags(box) & Qt.ItemFlag.ItemIsUserCheckable
    tip = panel.table.data(panel.table.index(0, CONDITION), Qt.ItemDataRole.ToolTipRole)
    assert tip == "Does not fit this network: there is no layer 3: choose one from 1 to 2."
    stage.prepare(SMALL)
    assert panel.table.data(box, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked


# The current hit


def test_the_breakpoint_that_was_hit_is_highlighted_and_named_at_the_top(panel: BreakpointsPanel, stage: Stage) -> None:
    panel.model.debugger.set_breakpoints((SATURATED, VANISHING))
    stage.tell(Hits((0, 1), (hit(VANISHING),), hit(VANISHING)))
    assert panel.stopped.isVisible()
    assert panel.stopped.text() == ("Stopped: largest |delta| of layer 1 < 1e-05: 9.87e-06, at sample 12 of epoch 7")
    lit = [panel.table.data(panel.table.index(row, CONDITION), Qt.ItemDataRole.BackgroundRole) for row in (0, 1)]
    assert lit[0] is None
    assert lit[1] is not None
    stage.tell(Hits((0, 1), (), None))
    assert not panel.stopped.isVisible()


def logged(panel: BreakpointsPanel, stage: Stage) -> list[Hit]:
    panel.model.debugger.set_breakpoints((VANISHING,))
    hits = [hit(VANISHING, epoch) for epoch in (1, 2, 3)]
    stage.tell(Hits((3,), tuple(hits), None))
    click(panel.log)
    return hits


def test_the_log_is_newest_first(panel: BreakpointsPanel, stage: Stage) -> None:
    QAbstractItemModelTester(panel.hits, QAbstractItemModelTester.FailureReportingMode.Warning, panel.hits)
    logged(panel, stage)
    assert panel.log.text() == "Log (3)"
    row = [panel.hits.data(panel.hits.index(0, column)) for column in range(panel.hits.columnCount())]
    assert row == ["3", "12", "error, layer 2", "largest |delta| of layer 1 < 1e-05", "9.8700e−6"]


def test_a_hit_before_the_first_operation_is_at_the_start(panel: BreakpointsPanel, stage: Stage) -> None:
    late = Breakpoint((Condition(Metric("epoch"), "=", 1),))
    stage.tell(Hits((), (Hit(Position(1), 0, late, (1.0,)),), None))
    assert panel.hits.data(panel.hits.index(0, 2)) == "start"


def test_a_click_or_enter_on_a_hit_seeks_to_it(panel: BreakpointsPanel, stage: Stage) -> None:
    hits = logged(panel, stage)
    lay_out_and_paint(panel)
    box = panel.hits_view.visualRect(panel.hits.index(1, 3))
    click(panel.hits_view.viewport(), box.center())
    assert stage.commands.of(GoTo) == [hits[1].position]
    stage.become(State.PAUSED)
    press(panel.hits_view, Qt.Key.Key_Up)
    press(panel.hits_view, Qt.Key.Key_Return)
    assert stage.commands.of(GoTo) == [hits[1].position, hits[2].position]


def test_clearing_the_log_keeps_the_counts(panel: BreakpointsPanel, stage: Stage) -> None:
    logged(panel, stage)
    click(panel.clear)
    assert panel.hits.rowCount() == 0
    assert panel.log.text() == "Log (0)"
    assert not panel.save.isEnabled()
    assert panel.model.debugger.counts == (3,)


def test_the_log_is_saved_to_the_chosen_file(panel: BreakpointsPanel, stage: Stage, tmp_path: Path) -> None:
    logged(panel, stage)
    click(panel.save)
    (dialog,) = panel.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "hits.csv"))
    dialog.close()
    assert len((tmp_path / "hits.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_a_log_that_cannot_be_saved_shows_an_error(panel: BreakpointsPanel, stage: Stage, tmp_path: Path) -> None:
    failures: list[Failed] = []
    panel.model.failed.connect(failures.append)
    panel.save_hits(str(tmp_path / "nowhere" / "hits.csv"))
    assert "cannot be written" in failures[0].sentence


# Theme and tooltips


def test_every_control_has_a_tooltip(panel: BreakpointsPanel) -> None:
    controls = [
        control
        for kind in (QAbstractButton, QComboBox, QSpinBox, QLineEdit)
        for control in panel.findChildren(kind)
        if not control.objectName().startswith("qt_")
    ]
    assert len(controls) > 8
    assert [control for control in controls if not control.toolTip()] == []


def test_the_list_follows_the_theme(panel: BreakpointsPanel, stage: Stage) -> None:
    panel.model.debugger.set_breakpoints((VANISHING,))
    index = panel.table.index(0, REMOVE)
    before = panel.table.data(index, Qt.ItemDataRole.ForegroundRole)
    stage.model.set_theme(DARK)
    assert panel.table.data(index, Qt.ItemDataRole.ForegroundRole) != before


def test_a_table_has_rows_at_its_root_only(panel: BreakpointsPanel, stage: Stage) -> None:
    logged(panel, stage)
    for table in (panel.table, panel.hits):
        inside = table.index(0, 0)
        assert (table.rowCount(inside), table.columnCount(inside)) == (0, 0)
        assert table.rowCount(QModelIndex()) > 0


def test_a_regression_is_offered_nothing_about_classes(panel: BreakpointsPanel, stage: Stage) -> None:
    def offered() -> tuple[set[str], set[str]]:
        combos = [row.metric_editor.quantity for row in panel.editor.rows]
        words = [{combo.itemData(index) for index in range(combo.count())} for combo in combos]
        menu = panel.ready_made.menu().actions()
        return set.intersection(*words), {action.data() for action in menu if action.isVisible()}

    everything = offered()
    assert everything == (set(QUANTITIES), set(READY_MADE))
    panel.editor.show_conditions(MISTAKE.conditions)
    stage.prepare(SINE)
    click(panel.editor.another)
    assert offered() == (set(QUANTITIES) - {"misclassified", "class"}, set(READY_MADE) - {"misclassified sample"})
    assert panel.editor.conditions()[0].metric.quantity == "abs_delta"
    stage.prepare(SMALL)
    assert offered() == everything
