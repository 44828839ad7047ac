"""The editor of conditions, with mouse and keyboard."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import MOST_CONDITIONS, READY_MADE, Breakpoint, Condition
from bpviz.session.engine.commands import SetBreakpoints
from bpviz.ui.debugging.breakpoints_panel import BreakpointsPanel
from bpviz.ui.debugging.condition_editor import ConditionRow
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press, retype

VANISHING = READY_MADE["vanishing delta in layer 1"]
SHALLOW = dataclasses.replace(SMALL, hidden=(4,), activations=("sigmoid", "sigmoid"))


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


def focus() -> QWidget:
    """Return the widget with the keyboard focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_a_condition_is_built_with_the_keyboard_alone(panel: BreakpointsPanel, stage: Stage) -> None:
    panel.begin_editing()
    assert focus() is first(panel).metric_editor.quantity
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
    assert stage.commands.of(SetBreakpoints) == [(VANISHING,)]


def test_begin_editing_switches_from_the_log_to_the_editor(panel: BreakpointsPanel) -> None:
    panel.log.setChecked(True)
    dock = next(each for each in panel.window().findChildren(QDockWidget) if each.isAncestorOf(panel))
    dock.hide()
    panel.begin_editing()
    assert panel.isVisible()
    assert panel.editor.isVisible()
    assert panel.editor.isAncestorOf(focus())


def test_tab_follows_the_visual_order(panel: BreakpointsPanel) -> None:
    click(panel.editor.another)
    first(panel).metric_editor.quantity.choose("W")
    first(panel).metric_editor.aggregation.choose("neuron")
    panel.begin_editing()
    passed = [focus()]
    while passed[-1] is not panel.editor.add:
        press(focus(), Qt.Key.Key_Tab)
        passed.append(focus())
        assert len(passed) < 30
    names = [widget.accessibleName() for widget in passed]
    one = ["Quantity", "Measure", "Neuron", "From neuron", "Layer", "Comparison", "Value", "Remove this condition"]
    other = [name for name in one if name not in ("Neuron", "From neuron")]
    assert names == [*one, *other, "Add another condition that must also be true", "Add this breakpoint"]


@pytest.mark.parametrize(
    "metric",
    [
        Metric("abs_delta", 1),
        Metric("delta", 3, "smallest"),
        Metric("a", 2, "rms"),
        Metric("z", 1, neuron=3),
        Metric("W", 1, neuron=3),
        Metric("W", 2, neuron=2, source=3),
        Metric("update", 3, neuron=1, source=0),
        Metric("saturated", 2),
        Metric("loss"),
        Metric("class"),
    ],
)
def test_the_editor_returns_the_conditions_it_shows(panel: BreakpointsPanel, metric: Metric) -> None:
    condition = Condition(metric, "≥", 0.25)
    panel.editor.show_conditions((condition,))
    assert panel.editor.conditions() == (condition,)


@pytest.mark.parametrize("quantity", ["misclassified", "not_finite", "loss_rise"])
def test_a_flag_has_no_comparison_and_no_value(panel: BreakpointsPanel, quantity: str) -> None:
    row = first(panel)
    row.metric_editor.quantity.choose(quantity)
    editors = (row.metric_editor.aggregation, row.metric_editor.layer, row.comparison, row.value)
    assert [editor.isVisible() for editor in editors] == [False] * 4
    press(row.metric_editor.quantity, Qt.Key.Key_Return)
    assert breakpoints(panel) == (Breakpoint((Condition(Metric(quantity), ">", 0.0),)),)


def test_a_quantity_of_the_sample_has_no_layer(panel: BreakpointsPanel) -> None:
    row = first(panel)
    row.metric_editor.quantity.choose("class")
    assert (row.metric_editor.layer.isVisible(), row.metric_editor.aggregation.isVisible(), row.value.isVisible()) == (
        False,
        False,
        True,
    )


def test_only_layers_and_neurons_of_the_current_network_are_offered(panel: BreakpointsPanel, stage: Stage) -> None:
    metric = first(panel).metric_editor
    metric.quantity.choose("W")
    metric.aggregation.choose("neuron")
    offered = [metric.layer.itemText(index) for index in range(metric.layer.count())]
    assert offered == ["1", "2", "3"]
    metric.layer.choose("2")
    assert (metric.neuron.maximum(), metric.source.maximum()) == (2, 3)
    stage.prepare(SHALLOW)
    assert metric.layer.count() == 2
    assert (metric.layer.word(), metric.neuron.maximum(), metric.source.maximum()) == ("2", 1, 3)


def test_conditions_are_added_and_removed(panel: BreakpointsPanel) -> None:
    click(panel.editor.another)
    second = panel.editor.rows[1]
    second.metric_editor.quantity.choose("epoch")
    second.comparison.choose("≥")
    assert second.joint.isVisible()
    retype(second.value, "10")
    assert breakpoints(panel)[0].describe() == "largest |delta| of layer 1 < 1e-05 and epoch ≥ 10"
    click(panel.editor.rows[0].remove)
    assert [condition.describe() for condition in panel.editor.conditions()] == ["epoch ≥ 10"]
    assert not panel.editor.rows[0].remove.isVisible()
    assert not panel.editor.rows[0].joint.isVisible()


def test_the_number_of_conditions_is_limited(panel: BreakpointsPanel) -> None:
    for _ in range(MOST_CONDITIONS - 1):
        click(panel.editor.another)
    assert not panel.editor.another.isEnabled()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type a number to compare with"),
        ("ten", "The value of a condition must be a finite number, not ten"),
        ("inf", "The value of a condition must be a finite number, not inf"),
        ("0,5", "The value of a condition must be a finite number, not 0,5"),
        ("-1", "This can never hold: largest |delta| of layer 1 is never below 0"),
    ],
)
def test_an_invalid_value_shows_a_message_until_it_is_corrected(
    panel: BreakpointsPanel, typed: str, sentence: str
) -> None:
    retype(first(panel).value, typed)
    assert (panel.editor.problem(), breakpoints(panel)) == (sentence, ())
    assert first(panel).value.property("wrong") == "true"
    first(panel).value.setFocus()
    QTest.keyClicks(first(panel).value, "1")
    assert (panel.editor.problem(), first(panel).value.property("wrong")) == ("", "false")


def test_the_same_breakpoint_is_not_added_twice(panel: BreakpointsPanel) -> None:
    click(panel.editor.add)
    click(panel.editor.add)
    assert panel.editor.problem() == "This breakpoint exists already"
    assert len(breakpoints(panel)) == 1


def test_the_number_of_breakpoints_is_limited(panel: BreakpointsPanel) -> None:
    many = tuple(Breakpoint((Condition(Metric("epoch"), "=", value),)) for value in range(100))
    panel.model.debugger.set_breakpoints(many)
    click(panel.editor.add)
    assert panel.editor.problem() == "The limit is 100 breakpoints: remove one first"


@pytest.mark.parametrize("words", READY_MADE)
def test_ready_made_breakpoints_are_added_and_can_be_edited(panel: BreakpointsPanel, words: str) -> None:
    menu = panel.ready_made.menu()
    (action,) = [each for each in menu.actions() if each.text().lower() == words]
    action.trigger()
    assert breakpoints(panel) == (READY_MADE[words],)
    assert panel.editor.conditions() == READY_MADE[words].conditions


@pytest.mark.parametrize("size", [(460, 300), (700, 420)])
def test_no_part_of_the_editor_is_cut_off(stage: Stage, show: Show, size: tuple[int, int]) -> None:
    panel = BreakpointsPanel(stage.model)
    show(panel, *size)
    stage.prepare()
    panel.editor.show_conditions((Condition(Metric("W", 2, neuron=2, source=3), "<", -1.234e-5),))
    lay_out_and_paint(panel)
    for widget in panel.editor.findChildren(QWidget):
        if widget.isVisible() and widget.accessibleName():
            corner = widget.mapTo(panel.editor, widget.rect().bottomRight())
            assert panel.editor.rect().contains(corner), widget.accessibleName()
