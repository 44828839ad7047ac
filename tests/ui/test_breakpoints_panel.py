"""The panel of breakpoints: building them, reading where they held, by mouse and by keys alone."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLineEdit, QSpinBox, QWidget

from bpviz.core.subjects import Subject
from bpviz.session.breakpoints import MOST_CONDITIONS, READY_MADE, Breakpoint, Condition, Hit, Hits
from bpviz.session.position import Position
from bpviz.session.records import Failed
from bpviz.ui.breakpoint_table import CONDITION, HITS, LOG_ONLY, ON, REMOVE
from bpviz.ui.condition_editor import ConditionRow
from bpviz.ui.panels.breakpoints import BreakpointsPanel
from bpviz.ui.theme import DARK
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.hands import click, press, retype, settle
from tests.ui.stage import Stage

VANISHING, SATURATED, EXPLODING, *_ = READY_MADE.values()
MISTAKE = READY_MADE["misclassified sample"]
SHALLOW = dataclasses.replace(SMALL, hidden=(4,), activations=("sigmoid", "sigmoid"))
DEEP = Breakpoint((Condition(Subject("delta", 3, neuron=1), "<", 0.5),))


@pytest.fixture
def panel(stage: Stage, show: Show) -> BreakpointsPanel:
    made = BreakpointsPanel(stage.model)
    show(made, 460, 300)
    made.activateWindow()
    stage.prepare()
    return made


def breakpoints(panel: BreakpointsPanel) -> tuple[Breakpoint, ...]:
    return panel.model.debugger.breakpoints


def first(panel: BreakpointsPanel) -> ConditionRow:
    return panel.editor.rows[0]


def text(panel: BreakpointsPanel, row: int, column: int) -> object:
    return panel.table.data(panel.table.index(row, column))


def click_cell(panel: BreakpointsPanel, row: int, column: int) -> None:
    settle(panel)
    box = panel.view.visualRect(panel.table.index(row, column))
    click(panel.view.viewport(), QPoint(box.left() + 14, box.center().y()))


def focus() -> QWidget:
    """Return what has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def hit(breakpoint: Breakpoint, epoch: int = 7, value: float = 9.87e-6) -> Hit:
    return Hit(Position(epoch, 5, 11), 12, breakpoint, (value,) * len(breakpoint.conditions))


# Building


def test_a_condition_is_built_with_keys_alone(panel: BreakpointsPanel, stage: Stage) -> None:
    panel.begin_editing()
    assert focus() is first(panel).subject.quantity
    QTest.keyClicks(focus(), "|d")
    press(focus(), Qt.Key.Key_Tab)
    QTest.keyClicks(focus(), "largest")
    press(focus(), Qt.Key.Key_Tab)
    QTest.keyClicks(focus(), "1")
    press(focus(), Qt.Key.Key_Tab)
    press(focus(), Qt.Key.Key_Tab)
    QTest.keyClicks(focus(), "1e-5")
    press(focus(), Qt.Key.Key_Return)
    assert breakpoints(panel) == (VANISHING,)
    assert stage.commands.of("set_breakpoints") == [(VANISHING,)]


def test_begin_editing_brings_the_builder_back_from_the_log(panel: BreakpointsPanel) -> None:
    panel.log.setChecked(True)
    panel.hide()
    panel.begin_editing()
    assert panel.isVisible()
    assert panel.editor.isVisible()
    assert panel.editor.isAncestorOf(focus())


def test_tab_goes_through_the_builder_in_the_order_of_the_eye(panel: BreakpointsPanel) -> None:
    click(panel.editor.another)
    first(panel).subject.quantity.choose("W")
    first(panel).subject.measure.choose("neuron")
    panel.begin_editing()
    passed = [focus()]
    while passed[-1] is not panel.editor.add:
        press(focus(), Qt.Key.Key_Tab)
        passed.append(focus())
        assert len(passed) < 30
    names = [widget.accessibleName() for widget in passed]
    one = ["Quantity", "Measure", "Neuron", "From neuron", "Layer", "Comparison", "Value", "Remove this condition"]
    other = [name for name in one if name not in ("Neuron", "From neuron")]
    assert names == [*one, *other, "Add a condition that must hold as well", "Add this breakpoint"]


@pytest.mark.parametrize(
    "subject",
    [
        Subject("abs_delta", 1),
        Subject("delta", 3, "smallest"),
        Subject("a", 2, "rms"),
        Subject("z", 1, neuron=3),
        Subject("W", 1, neuron=3),
        Subject("W", 2, neuron=2, source=3),
        Subject("update", 3, neuron=1, source=0),
        Subject("saturated", 2),
        Subject("loss"),
        Subject("class"),
    ],
)
def test_the_builder_builds_what_it_shows(panel: BreakpointsPanel, subject: Subject) -> None:
    condition = Condition(subject, "≥", 0.25)
    panel.editor.show_conditions((condition,))
    assert panel.editor.conditions() == (condition,)


@pytest.mark.parametrize("quantity", ["misclassified", "not_finite", "loss_rise"])
def test_a_flag_asks_for_nothing_but_its_name(panel: BreakpointsPanel, quantity: str) -> None:
    row = first(panel)
    row.subject.quantity.choose(quantity)
    editors = (row.subject.measure, row.subject.layer, row.comparison, row.value)
    assert [editor.isVisible() for editor in editors] == [False] * 4
    press(row.subject.quantity, Qt.Key.Key_Return)
    assert breakpoints(panel) == (Breakpoint((Condition(Subject(quantity), ">", 0.0),)),)


def test_a_quantity_of_the_sample_has_no_layer(panel: BreakpointsPanel) -> None:
    row = first(panel)
    row.subject.quantity.choose("class")
    assert (row.subject.layer.isVisible(), row.subject.measure.isVisible(), row.value.isVisible()) == (
        False,
        False,
        True,
    )


def test_only_layers_and_neurons_of_the_present_network_are_offered(panel: BreakpointsPanel, stage: Stage) -> None:
    subject = first(panel).subject
    subject.quantity.choose("W")
    subject.measure.choose("neuron")
    offered = [subject.layer.itemText(index) for index in range(subject.layer.count())]
    assert offered == ["1", "2", "3"]
    subject.layer.choose("2")
    assert (subject.neuron.maximum(), subject.source.maximum()) == (2, 3)
    stage.prepare(SHALLOW)
    assert subject.layer.count() == 2
    assert (subject.layer.word(), subject.neuron.maximum(), subject.source.maximum()) == ("2", 1, 3)


def test_conditions_are_joined_and_taken_away_again(panel: BreakpointsPanel) -> None:
    click(panel.editor.another)
    second = panel.editor.rows[1]
    second.subject.quantity.choose("epoch")
    second.comparison.choose("≥")
    assert second.joint.isVisible()
    retype(second.value, "10")
    assert breakpoints(panel)[0].words() == "largest |delta| of layer 1 < 1e-05 and epoch ≥ 10"
    click(panel.editor.rows[0].remove)
    assert [condition.words() for condition in panel.editor.conditions()] == ["epoch ≥ 10"]
    assert not panel.editor.rows[0].remove.isVisible()
    assert not panel.editor.rows[0].joint.isVisible()


def test_there_are_only_so_many_conditions(panel: BreakpointsPanel) -> None:
    for _ in range(MOST_CONDITIONS - 1):
        click(panel.editor.another)
    assert not panel.editor.another.isEnabled()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type a number to compare with"),
        ("ten", "A condition compares with a finite number, not ten"),
        ("inf", "A condition compares with a finite number, not inf"),
        ("0,5", "A condition compares with a finite number, not 0,5"),
    ],
)
def test_a_wrong_value_gets_one_sentence_until_it_is_mended(panel: BreakpointsPanel, typed: str, sentence: str) -> None:
    retype(first(panel).value, typed)
    assert (panel.editor.problem(), breakpoints(panel)) == (sentence, ())
    assert first(panel).value.property("wrong") == "true"
    first(panel).value.setFocus()
    QTest.keyClicks(first(panel).value, "1")
    assert (panel.editor.problem(), first(panel).value.property("wrong")) == ("", "false")


def test_the_same_breakpoint_is_not_added_twice(panel: BreakpointsPanel) -> None:
    click(panel.editor.add)
    click(panel.editor.add)
    assert panel.editor.problem() == "There is such a breakpoint already"
    assert len(breakpoints(panel)) == 1


def test_there_are_only_so_many_breakpoints(panel: BreakpointsPanel) -> None:
    many = tuple(Breakpoint((Condition(Subject("epoch"), "=", value),)) for value in range(100))
    panel.model.debugger.set_breakpoints(many)
    click(panel.editor.add)
    assert panel.editor.problem() == "There are 100 breakpoints, and that is the most: remove one first"


@pytest.mark.parametrize("words", READY_MADE)
def test_ready_made_ones_are_added_and_can_be_varied(panel: BreakpointsPanel, words: str) -> None:
    menu = panel.ready_made.menu()
    (action,) = [each for each in menu.actions() if each.text().lower() == words]
    action.trigger()
    assert breakpoints(panel) == (READY_MADE[words],)
    assert panel.editor.conditions() == READY_MADE[words].conditions


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


def test_boxes_are_ticked_with_the_mouse(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING, SATURATED))
    click_cell(panel, 1, ON)
    click_cell(panel, 1, LOG_ONLY)
    assert breakpoints(panel) == (VANISHING, dataclasses.replace(SATURATED, enabled=False, log_only=True))
    click_cell(panel, 1, ON)
    assert breakpoints(panel)[1].enabled


def test_boxes_are_ticked_with_keys(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING,))
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.table.index(0, ON))
    press(panel.view, Qt.Key.Key_Space)
    assert not breakpoints(panel)[0].enabled
    press(panel.view, Qt.Key.Key_Space)
    assert breakpoints(panel)[0].enabled


def test_a_breakpoint_goes_by_its_button_and_by_delete(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING, SATURATED, EXPLODING))
    click_cell(panel, 0, REMOVE)
    assert breakpoints(panel) == (SATURATED, EXPLODING)
    panel.view.setCurrentIndex(panel.table.index(1, CONDITION))
    press(panel.view, Qt.Key.Key_Delete)
    assert breakpoints(panel) == (SATURATED,)
    press(panel.view, Qt.Key.Key_Delete)
    press(panel.view, Qt.Key.Key_Delete)
    assert breakpoints(panel) == ()


def test_enter_on_a_breakpoint_takes_it_into_the_builder(panel: BreakpointsPanel) -> None:
    panel.model.debugger.set_breakpoints((VANISHING, EXPLODING))
    panel.view.setCurrentIndex(panel.table.index(1, CONDITION))
    press(panel.view, Qt.Key.Key_Return)
    assert panel.editor.conditions() == EXPLODING.conditions
    assert focus() is first(panel).subject.quantity


def test_a_breakpoint_that_does_not_fit_stays_off_and_says_why(panel: BreakpointsPanel, stage: Stage) -> None:
    panel.model.debugger.set_breakpoints((DEEP,))
    box = panel.table.index(0, ON)
    assert panel.table.data(box, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
    stage.prepare(SHALLOW)
    assert panel.table.data(box, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Unchecked
    assert not panel.table.flags(box) & Qt.ItemFlag.ItemIsUserCheckable
    tip = panel.table.data(panel.table.index(0, CONDITION), Qt.ItemDataRole.ToolTipRole)
    assert tip == "It does not fit this network: there is no layer 3: they go from 1 to 2."
    stage.prepare(SMALL)
    assert panel.table.data(box, Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked


# Where training stands


def test_the_breakpoint_at_which_training_stands_is_lit_and_written_above(
    panel: BreakpointsPanel, stage: Stage
) -> None:
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


def test_a_hit_before_the_first_operation_says_so(panel: BreakpointsPanel, stage: Stage) -> None:
    late = Breakpoint((Condition(Subject("epoch"), "=", 1),))
    stage.tell(Hits((), (Hit(Position(1), 0, late, (1.0,)),), None))
    assert panel.hits.data(panel.hits.index(0, 2)) == "start"


def test_a_click_on_a_hit_goes_there_and_so_does_enter(panel: BreakpointsPanel, stage: Stage) -> None:
    hits = logged(panel, stage)
    settle(panel)
    box = panel.hits_view.visualRect(panel.hits.index(1, 3))
    click(panel.hits_view.viewport(), box.center())
    assert stage.commands.of("travel") == [hits[1].position]
    press(panel.hits_view, Qt.Key.Key_Up)
    press(panel.hits_view, Qt.Key.Key_Return)
    assert stage.commands.of("travel") == [hits[1].position, hits[2].position]


def test_the_log_is_emptied_and_the_counts_stay(panel: BreakpointsPanel, stage: Stage) -> None:
    logged(panel, stage)
    click(panel.clear)
    assert panel.hits.rowCount() == 0
    assert panel.log.text() == "Log"
    assert not panel.save.isEnabled()
    assert panel.model.debugger.counts == (3,)


def test_the_log_is_saved_where_one_says(panel: BreakpointsPanel, stage: Stage, tmp_path: Path) -> None:
    logged(panel, stage)
    click(panel.save)
    (dialog,) = panel.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "hits.csv"))
    dialog.close()
    assert len((tmp_path / "hits.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_a_log_that_cannot_be_saved_is_told_in_a_sentence(
    panel: BreakpointsPanel, stage: Stage, tmp_path: Path
) -> None:
    told: list[Failed] = []
    panel.model.failed.connect(told.append)
    panel.save_hits(str(tmp_path / "nowhere" / "hits.csv"))
    assert "cannot be written" in told[0].sentence


# The look


@pytest.mark.parametrize("size", [(460, 300), (700, 420)])
def test_nothing_of_the_builder_is_cut_off(stage: Stage, show: Show, size: tuple[int, int]) -> None:
    panel = BreakpointsPanel(stage.model)
    show(panel, *size)
    stage.prepare()
    panel.editor.show_conditions((Condition(Subject("W", 2, neuron=2, source=3), "<", -1.234e-5),))
    settle(panel)
    for widget in panel.editor.findChildren(QWidget):
        if widget.isVisible() and widget.accessibleName():
            corner = widget.mapTo(panel.editor, widget.rect().bottomRight())
            assert panel.editor.rect().contains(corner), widget.accessibleName()


def test_every_control_explains_itself(panel: BreakpointsPanel) -> None:
    controls = [
        control
        for kind in (QAbstractButton, QComboBox, QSpinBox, QLineEdit)
        for control in panel.body.findChildren(kind)
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
