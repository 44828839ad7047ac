import dataclasses

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible

from bpviz.session.engine.commands import GoToOperation
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.ui.style.theme import DARK
from bpviz.ui.walkthrough.operations_panel import OperationsPanel
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

ALL = operations(3)
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def panel(show: Show, stage: Stage) -> OperationsPanel:
    made = OperationsPanel(stage.model)
    show(made, 380, 170)
    return made


def cell(panel: OperationsPanel, operation: Operation) -> QModelIndex:
    return panel.grid.table.index(operation.layer - 1, panel.grid.table.columns.index(operation.quantity))


def spoken(panel: OperationsPanel, operation: Operation) -> object:
    return cell(panel, operation).data(SPOKEN)


def click_on(panel: OperationsPanel, operation: Operation) -> None:
    lay_out_and_paint(panel)
    click(panel.grid.viewport(), panel.grid.visualRect(cell(panel, operation)).center())


def test_before_the_first_operation_there_is_a_hint(panel: OperationsPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.empty.isVisible()
    assert "F11" in panel.empty.text()


@pytest.mark.parametrize("index", [0, 1, 7, len(ALL)])
def test_each_cell_has_the_state_of_its_operation(panel: OperationsPanel, stage: Stage, index: int) -> None:
    stage.prepare()
    stage.show_update(index)
    for number, operation in enumerate(ALL, start=1):
        state = "current" if number == index else "done" if number < index else "to do"
        assert spoken(panel, operation) == f"{operation.quantity} of layer {operation.layer}, {state}"


def test_only_the_last_layer_has_a_loss(panel: OperationsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(3)
    assert [spoken(panel, Operation("loss", layer)) for layer in (1, 2)] == [None, None]
    stage.commands.given.clear()
    click_on(panel, Operation("loss", 1))
    assert stage.commands.given == []


@pytest.mark.parametrize("operation", ALL)
def test_a_click_steps_to_the_operation(panel: OperationsPanel, stage: Stage, operation: Operation) -> None:
    stage.prepare()
    stage.show_update(6)
    click_on(panel, operation)
    assert stage.commands.of(GoToOperation) == [ALL.index(operation) + 1]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_steps_to_the_focused_operation(panel: OperationsPanel, stage: Stage, key: Qt.Key) -> None:
    stage.prepare()
    stage.show_update(1)
    press(panel.grid, Qt.Key.Key_Right)
    press(panel.grid, key)
    assert stage.commands.of(GoToOperation) == [2]


def test_the_caption_has_sample_and_progress(panel: OperationsPanel, stage: Stage) -> None:
    prepared = stage.prepare()
    stage.show_update(12, sample=17)
    label = prepared.split.labels_train[17]
    assert panel.caption() == f"operation 12 of {len(ALL)} · sample 17, class {label}, inspected"
    stage.step()
    assert panel.caption().endswith("in turn")
    stage.prepare(dataclasses.replace(SMALL, batch_size=4))
    stage.show_update(1)
    assert panel.caption().endswith("in turn, batch of 4")


@pytest.mark.parametrize("layers", [1, 4])
def test_it_fits_into_a_small_panel(panel: OperationsPanel, stage: Stage, layers: int) -> None:
    stage.prepare(dataclasses.replace(SMALL, hidden=(3,) * (layers - 1), activations=("sigmoid",) * layers))
    stage.show_update(1)
    lay_out_and_paint(panel)
    visible = panel.grid.viewport().rect()
    for operation in operations(layers):
        assert visible.contains(panel.grid.visualRect(cell(panel, operation))), operation
    metrics, header = panel.grid.fontMetrics(), panel.grid.horizontalHeader()
    assert all(
        metrics.horizontalAdvance(name) <= header.sectionSize(n) for n, name in enumerate(panel.grid.table.columns)
    )


def test_with_nine_layers_it_scrolls_to_the_current_operation(panel: OperationsPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, hidden=(3,) * 8, activations=("sigmoid",) * 9))
    for index, layer in ((18, 9), (1, 1)):
        stage.show_update(index)
        lay_out_and_paint(panel)
        at = panel.grid.visualRect(cell(panel, Operation("a" if layer == 9 else "z", layer)))
        assert panel.grid.viewport().rect().contains(at)


def test_columns_have_tooltips_with_their_phase(panel: OperationsPanel) -> None:
    tips = [panel.grid.table.headerData(n, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for n in range(9)]
    assert tips[0] == "z: forward phase"
    assert tips[5] == "delta: backward phase"


def test_the_state_of_a_cell_is_accessible(panel: OperationsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(2)
    table = QAccessible.queryAccessibleInterface(panel.grid)
    assert table is not None
    names = [table.child(n).text(QAccessible.Text.Name) for n in range(table.childCount())]
    assert "z of layer 1, done" in names
    assert "a of layer 1, current" in names


def test_a_network_of_another_depth_replaces_the_rows(panel: OperationsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(1)
    stage.prepare(dataclasses.replace(SMALL, hidden=(3,), activations=("sigmoid",) * 2))
    stage.show_update(1)
    assert panel.grid.table.rowCount() == 2
    assert spoken(panel, Operation("loss", 2)) == "loss of layer 2, to do"


def test_a_hidden_panel_draws_nothing_until_it_is_shown(panel: OperationsPanel, stage: Stage) -> None:
    stage.prepare()
    panel.hide()
    stage.show_update(4)
    assert panel.caption() == ""
    panel.show()
    assert panel.caption().startswith("operation 4")


def test_each_operation_and_theme_is_painted_differently(panel: OperationsPanel, stage: Stage) -> None:
    stage.prepare()
    pictures = []
    for index in (1, 2, 3):
        stage.show_update(index)
        lay_out_and_paint(panel)
        pictures.append(panel.grid.grab().toImage())
    stage.model.set_theme(DARK)
    pictures.append(panel.grid.grab().toImage())
    assert all(one != other for n, one in enumerate(pictures) for other in pictures[:n])
