import dataclasses
import time
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from bpviz.core.arrays import Array
from bpviz.session.engine.commands import Step
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.ui.style import formats
from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.walkthrough.sample_grid import QUANTITIES
from bpviz.ui.walkthrough.sample_panel import SamplePanel
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, point_at

BATCHES = dataclasses.replace(SMALL, batch_size=4)
SOFTMAX = dataclasses.replace(SMALL, activations=("relu", "tanh", "softmax"), loss="cross_entropy")
WIDE = Experiment(samples=20, hidden=(600, 600), activations=("sigmoid",) * 3, initializer="xavier")
ALL = operations(3)


@pytest.fixture
def panel(show: Show, stage: Stage) -> SamplePanel:
    made = SamplePanel(stage.model)
    show(made, 700, 420)
    return made


def middle(panel: SamplePanel, operation: Operation, neuron: int = 0, of: int = 1) -> QPoint:
    """Return the point where a neuron's value of a quantity is painted."""
    lay_out_and_paint(panel)
    strip = panel.grid._strip(panel.grid._cell(operation.layer, QUANTITIES.index(operation.quantity)))
    return QPoint(strip.left() + int((neuron + 0.5) * strip.width() / of), strip.center().y())


def tooltip(panel: SamplePanel, at: QPoint) -> str:
    """Return the tooltip at a point."""
    there = panel.grid.mapToGlobal(at)
    point_at(panel.grid, at)
    QApplication.sendEvent(panel.grid, QHelpEvent(QEvent.Type.ToolTip, at, there))
    text = QToolTip.text()
    QToolTip.hideText()
    return text


def has_a_strip(operation: Operation) -> bool:
    return operation.quantity in QUANTITIES


def revealed(panel: SamplePanel, stage: Stage) -> set[Operation]:
    """Return the operations whose values have a tooltip."""
    found = set()
    for operation in ALL:
        if not has_a_strip(operation):
            continue
        stage.model.select_nothing()
        click(panel.grid, middle(panel, operation))
        if stage.model.selection.layer == operation.layer:
            found.add(operation)
    return found


def shown_rows(panel: SamplePanel) -> Array:
    """Return z, a, error, slope, delta and db, parsed from the table."""
    rows = [[str(panel.table.data(panel.table.index(row, column))) for column in range(6)]
            for row in range(panel.table.rowCount())]  # fmt: skip
    return np.array([[float(text.replace("−", "-")) for text in row] for row in rows])


# Empty state


def test_before_the_first_step_there_is_a_hint(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.empty.isVisible()
    assert "F10" in panel.empty.text()
    assert not panel.back.isEnabled()
    assert not panel.forth.isEnabled()


def test_a_new_network_clears_the_panel(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    stage.prepare()
    assert panel.empty.isVisible()
    assert panel.caption() == panel.sentence.text() == panel.sentence.toolTip() == ""
    assert not panel.back.isEnabled()


# Numbers


@pytest.mark.parametrize("experiment", [SMALL, SOFTMAX], ids=["squared error", "cross-entropy"])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_table_shows_the_numbers_of_the_trace(
    panel: SamplePanel, stage: Stage, experiment: Experiment, layer: int
) -> None:
    stage.prepare(experiment)
    trace = stage.step().trace
    click(panel.numbers)
    panel.layer.setCurrentIndex(layer - 1)
    expected = trace.layers[layer - 1]
    columns = (expected.z[0], expected.a[0], expected.error[0], expected.slope[0], expected.delta[0], expected.db)
    np.testing.assert_allclose(shown_rows(panel), np.column_stack(columns), rtol=1e-4, atol=1e-300)
    weights = [str(panel.table.data(panel.table.index(1, 6 + row))) for row in range(len(expected.dW))]
    assert weights == [formats.number(float(value), 5) for value in expected.dW[:, 1]]


@pytest.mark.parametrize("quantity", ["z", "a", "error", "slope", "delta", "db"])
def test_the_tooltip_has_the_value_of_the_trace(panel: SamplePanel, stage: Stage, quantity: str) -> None:
    stage.prepare()
    layer = stage.step().trace.layers[1]
    value = np.atleast_2d(getattr(layer, quantity))[0, 2]
    text = tooltip(panel, middle(panel, Operation(quantity, 2), neuron=2, of=3))
    assert text == f"{quantity} of layer 2, neuron 2: {formats.number(float(value), 6)}"


def test_outside_the_strips_the_tooltip_explains_the_numbers(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    assert tooltip(panel, QPoint(1, 1)) == panel.grid.toolTip()


def test_the_next_step_replaces_the_values(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.numbers)
    stage.step()
    first = shown_rows(panel)
    stage.step()
    assert panel.caption().startswith("sample 1,")
    assert not np.array_equal(shown_rows(panel), first)


def test_numbers_can_be_pressed_before_the_panel_has_shown_an_update(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    panel.hide()
    trace = stage.step().trace
    panel.numbers.setChecked(True)  # as at the start of a program that ended so
    assert panel.table.rowCount() == trace.layers[0].z.shape[1]


def test_numbers_of_a_network_that_lost_layers_are_its_own(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    panel.layer.setCurrentIndex(2)
    panel.hide()
    stage.prepare(dataclasses.replace(SMALL, hidden=(6,), activations=("sigmoid", "sigmoid")))
    stage.step()
    panel.numbers.setChecked(True)
    assert panel.layer.count() == 2
    assert panel.table.rowCount() == 6


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_values_near_the_float_limits_are_painted(panel: SamplePanel, stage: Stage, size: float) -> None:
    stage.prepare()
    step = stage.step()
    layers = tuple(
        dataclasses.replace(layer, **{name: size * getattr(layer, name) for name in ("z", "error", "delta", "dW")})
        for layer in step.trace.layers
    )
    stage.tell(dataclasses.replace(step, trace=dataclasses.replace(step.trace, layers=layers)))
    lay_out_and_paint(panel)


# A batch


def test_the_first_sample_of_a_batch_is_shown_or_the_selected_one(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare(BATCHES)
    step = stage.step()
    click(panel.numbers)
    assert panel.caption().startswith("sample 0,")
    assert "in a batch of 4" in panel.caption()
    np.testing.assert_allclose(shown_rows(panel)[:, 0], step.trace.layers[0].z[0], rtol=1e-4)
    stage.model.select(sample=2)
    assert panel.caption().startswith("sample 2,")
    assert formats.number(step.losses_after[2], 5) in panel.caption()
    np.testing.assert_allclose(shown_rows(panel)[:, 0], step.trace.layers[0].z[2], rtol=1e-4)


def test_selecting_a_sample_outside_the_batch_changes_nothing(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare(BATCHES)
    stage.step()
    before = panel.caption()
    stage.model.select(sample=20)
    assert panel.caption() == before


# Forward and back


def test_after_a_step_all_values_are_shown(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    assert revealed(panel, stage) == {operation for operation in ALL if has_a_strip(operation)}


@pytest.mark.parametrize("index", [0, 1, 6, 7, 12, 16, 22, len(ALL)])
def test_only_completed_operations_are_shown(panel: SamplePanel, stage: Stage, index: int) -> None:
    stage.prepare()
    stage.show_update(index)
    assert revealed(panel, stage) == {done for done in ALL[:index] if has_a_strip(done)}


def test_before_the_first_operation_there_are_no_tooltips(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(0)
    assert panel.sentence.text() == "Before the first operation: only the input is known."
    assert [tooltip(panel, middle(panel, operation)) for operation in ALL[:2]] == [panel.grid.toolTip()] * 2


def test_columns_that_are_not_computed_yet_are_empty(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.numbers)
    panel.layer.setCurrentIndex(1)
    stage.show_update(ALL.index(Operation("slope", 2)) + 1)
    texts = [panel.table.data(panel.table.index(0, column)) for column in range(panel.table.columnCount())]
    assert [text == "" for text in texts] == [False] * 4 + [True] * 6


def test_the_current_operation_is_named(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    for number, operation in enumerate(ALL, start=1):
        stage.show_update(number)
        where = "loss" if operation.quantity == "loss" else f"{operation.quantity} of layer {operation.layer}"
        assert panel.sentence.text().startswith(f"Operation {number} of {len(ALL)} · {where}. ")


@pytest.mark.parametrize(("name", "count"), [("back", -1), ("forth", 1)])
def test_the_arrow_buttons_step_by_one_operation(panel: SamplePanel, stage: Stage, name: str, count: int) -> None:
    stage.prepare()
    stage.show_update(5)
    click(getattr(panel, name))
    assert stage.commands.of(Step) == [("operation", count)]


@pytest.mark.parametrize("index", [0, len(ALL)])
def test_the_arrow_buttons_work_at_both_ends_of_a_sample(panel: SamplePanel, stage: Stage, index: int) -> None:
    stage.prepare()
    stage.show_update(index)
    assert panel.back.isEnabled()
    assert panel.forth.isEnabled()


def test_each_operation_changes_the_picture(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    pictures = []
    for index in range(4):
        stage.show_update(index)
        lay_out_and_paint(panel)
        pictures.append(panel.grid.grab().toImage())
    assert all(one != other for one, other in pairwise(pictures))


# The selection


def test_a_click_on_a_value_selects_its_neuron(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    click(panel.grid, middle(panel, Operation("delta", 1), neuron=3, of=4))
    assert stage.model.selection == Selection(0, 1, 3)
    click(panel.grid, middle(panel, Operation("dW", 2), neuron=0, of=3))
    assert stage.model.selection == Selection(0, 2, 0)


def test_the_selected_neuron_s_value_replaces_the_rms(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    lay_out_and_paint(panel)
    before = panel.grid.grab().toImage()
    assert "RMS of each layer" in panel.sentence.text()
    stage.model.select(layer=2, neuron=1)
    lay_out_and_paint(panel)
    assert panel.grid.grab().toImage() != before
    assert "neuron 1 in layer 2, RMS in the others" in panel.sentence.text()


def test_the_table_shows_the_selected_neuron(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.numbers)
    stage.step()
    stage.model.select(layer=2, neuron=1)
    for _ in range(2):
        assert panel.layer.currentText() == "Layer 2"
        assert [index.row() for index in panel.table_view.selectionModel().selectedRows()] == [1]
        stage.step()


def test_the_table_has_a_choice_of_layer_and_no_arrow_buttons(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    assert not panel.layer.isVisible()
    click(panel.numbers)
    assert panel.layer.isVisible()
    assert panel.table_view.isVisible()
    assert not panel.back.isVisible()
    click(panel.numbers)
    assert panel.grid.isVisible()
    assert panel.back.isVisible()


def test_the_choice_has_all_layers_of_the_network(panel: SamplePanel, stage: Stage) -> None:
    for hidden in ((3,), (4, 3, 2), ()):
        activations = ("sigmoid",) * (len(hidden) + 1)
        stage.prepare(dataclasses.replace(SMALL, hidden=hidden, activations=activations))
        click(panel.numbers)
        stage.step()
        texts = [panel.layer.itemText(index) for index in range(panel.layer.count())]
        assert texts == [f"Layer {number}" for number in range(1, len(hidden) + 2)]


@pytest.mark.slow
def test_the_table_of_a_wide_network_is_fast(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare(WIDE)
    step = stage.step()
    click(panel.numbers)
    panel.layer.setCurrentIndex(1)
    started = time.perf_counter()
    stage.tell(step)
    assert time.perf_counter() - started < 5  # measuring all of its 360,000 numbers takes 15 seconds


@pytest.mark.parametrize("fault", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_have_the_danger_colour(panel: SamplePanel, stage: Stage, fault: float) -> None:
    stage.prepare()
    update = stage.step()
    broken = dataclasses.replace(update.trace.layers[0], delta=np.full_like(update.trace.layers[0].delta, fault))
    layers = (broken, *update.trace.layers[1:])
    stage.tell(dataclasses.replace(update, trace=dataclasses.replace(update.trace, layers=layers)))
    at = middle(panel, Operation("delta", 1), neuron=1, of=4)
    assert panel.grid.grab().toImage().pixelColor(at).name() == LIGHT.danger.lower()


# Theme and size


def test_the_strips_follow_the_theme(panel: SamplePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    lay_out_and_paint(panel)
    before = panel.grid.grab().toImage()
    stage.model.set_theme(DARK)
    lay_out_and_paint(panel)
    assert panel.grid.grab().toImage() != before


@pytest.mark.parametrize("width", [30, 120, 300])
def test_the_panel_can_be_narrow(panel: SamplePanel, stage: Stage, width: int) -> None:
    stage.prepare()
    stage.step()
    panel.grid.setFixedSize(width, 60)
    lay_out_and_paint(panel)
    click(panel.grid, QPoint(width // 2, 30), Qt.MouseButton.LeftButton)
