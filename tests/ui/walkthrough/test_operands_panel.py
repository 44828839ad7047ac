import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.operands import operands
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.style import formats
from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.walkthrough.operand_view import Cell
from bpviz.ui.walkthrough.operands_panel import OperandsPanel
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, point_at, press

ARTICLE = dataclasses.replace(Experiment(), samples=40)
TINY = Experiment(samples=40, hidden=(2,), activations=("sigmoid", "sigmoid"))
BATCHES = dataclasses.replace(SMALL, batch_size=4)
ALL = operations(3)


@pytest.fixture
def panel(show: Show, stage: Stage) -> OperandsPanel:
    made = OperandsPanel(stage.model)
    show(made, 700, 420)
    return made


def at(operation: Operation, layers: int = 3) -> int:
    return operations(layers).index(operation) + 1


def middle(panel: OperandsPanel, cell: Cell) -> QPoint:
    """Return the centre of a painted cell."""
    shape = panel.view.operands[cell.operand].values.shape
    return panel.view.places()[cell.operand].cell(cell.row, cell.column, shape[0], shape[1]).center()


def tooltip(panel: OperandsPanel, where: QPoint) -> str:
    there = panel.view.mapToGlobal(where)
    point_at(panel.view, where)
    QApplication.sendEvent(panel.view, QHelpEvent(QEvent.Type.ToolTip, where, there))
    text = QToolTip.text()
    QToolTip.hideText()
    return text


def picture(panel: OperandsPanel) -> QImage:
    lay_out_and_paint(panel)
    return panel.view.grab().toImage()


def broken(update: TracedUpdate, value: float) -> TracedUpdate:
    """Return an update in which every number is the same."""
    layers = tuple(
        dataclasses.replace(layer, **{name: np.full_like(array, value) for name, array in vars(layer).items()})
        for layer in update.trace.layers
    )
    return dataclasses.replace(update, trace=dataclasses.replace(update.trace, layers=layers))


# Contents


def test_before_the_first_step_there_is_a_hint(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.empty.isVisible()
    assert "F11" in panel.empty.text()
    assert panel.caption() == panel.readout.text() == ""


def test_a_new_network_clears_the_panel(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(3)
    stage.prepare()
    assert panel.empty.isVisible()
    assert (panel.view.operands, panel.caption()) == ((), "")


@pytest.mark.parametrize("index", range(len(ALL) + 1))
def test_every_operation_has_its_operands(panel: OperandsPanel, stage: Stage, index: int) -> None:
    stage.prepare()
    update = stage.show_update(index)
    expected = operands(update, 0)
    assert [one.name for one in panel.view.operands] == [one.name for one in expected]
    for shown, wanted in zip(panel.view.operands, expected, strict=True):
        np.testing.assert_array_equal(shown.values, wanted.values)
    lay_out_and_paint(panel)


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (0, "before the first operation"),
        (at(Operation("z", 1)), "z of layer 1 · 1 of 25"),
        (at(Operation("loss", 3)), "loss · 7 of 25"),
        (at(Operation("update", 3)), "update of layer 3 · 25 of 25"),
    ],
)
def test_the_caption_names_the_operation(panel: OperandsPanel, stage: Stage, index: int, words: str) -> None:
    stage.prepare()
    stage.show_update(index)
    assert panel.caption() == words


def test_the_selected_sample_of_a_batch_is_shown_and_gradients_are_means(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare(BATCHES)
    update = stage.show_update(at(Operation("z", 1)))
    stage.model.select(sample=2)
    np.testing.assert_array_equal(panel.view.operands[0].values, update.trace.x[2:3])
    assert "mean" not in panel.caption()
    stage.show_update(at(Operation("dW", 1)))
    assert "mean over 4 samples" in panel.caption()


@pytest.mark.parametrize("experiment", [SMALL, ARTICLE, TINY, BATCHES], ids=["small", "article", "tiny", "batches"])
@pytest.mark.parametrize(("width", "height"), [(420, 220), (900, 420)])
def test_nothing_is_cut_off(show: Show, stage: Stage, experiment: Experiment, width: int, height: int) -> None:
    panel = OperandsPanel(stage.model)
    show(panel, width, height)
    stage.prepare(experiment)
    for index in range(len(operations(len(experiment.sizes) - 1)) + 1):
        stage.show_update(index)
        lay_out_and_paint(panel)
        assert all(panel.view.rect().contains(place.column) for place in panel.view.places())


@pytest.mark.parametrize(("width", "height"), [(30, 10), (120, 60), (300, 40)])
def test_the_panel_can_be_small(panel: OperandsPanel, stage: Stage, width: int, height: int) -> None:
    stage.prepare()
    stage.show_update(at(Operation("delta", 1)))
    panel.view.setFixedSize(width, height)
    lay_out_and_paint(panel)


# Colours


def test_operands_have_their_own_scales_or_a_common_one(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("delta", 1)))
    own = panel.view.scales()
    tops = [float(np.abs(one.values).max()) for one in panel.view.operands]
    assert [scale.top for scale in own] == tops
    assert [scale.kind for scale in own] == ["sign", "sign", "sign", "size", "sign"]
    before = picture(panel)
    click(panel.common)
    largest = max(tops[number] for number in (0, 1, 2, 4))
    assert panel.view.scales() == [Scale("sign", largest)] * 3 + [own[3]] + [Scale("sign", largest)]
    assert picture(panel) != before


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("quantity", ["z", "loss", "delta", "dW", "update"])
def test_values_that_are_not_finite_have_the_danger_colour(
    panel: OperandsPanel, stage: Stage, quantity: str, value: float
) -> None:
    stage.prepare()
    stage.tell(broken(stage.show_update(at(Operation(quantity, 3))), value))
    found = [Cell(number, 0, 0) for number, one in enumerate(panel.view.operands) if not np.isfinite(one.values[0, 0])]
    assert found
    image = picture(panel)
    for cell in found:
        corner = panel.view.places()[cell.operand].cells.topLeft() + QPoint(2, 2)
        assert image.pixelColor(corner).name() == LIGHT.danger.lower()


def test_it_follows_the_theme(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(5)
    before = picture(panel)
    stage.model.set_theme(DARK)
    assert picture(panel) != before


# Selection


def test_a_click_selects_the_neuron_of_the_column(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("z", 2)))
    click(panel.view, middle(panel, Cell(1, 3, 2)))
    assert stage.model.selection == Selection(0, 2, 2)
    click(panel.view, middle(panel, Cell(0, 0, 3)))
    assert stage.model.selection == Selection(0, 1, 3)


def test_a_click_on_an_input_or_outside_the_cells_selects_no_neuron(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("z", 1)))
    click(panel.view, middle(panel, Cell(0, 0, 1)))
    assert "x[1] = " in panel.readout.text()
    click(panel.view, QPoint(panel.view.width() - 2, panel.view.height() - 2))
    assert stage.model.selection == Selection(0)


@pytest.mark.parametrize(("layer", "neuron"), [(1, 2), (2, 1)])
def test_the_selected_neuron_is_outlined_in_every_operand(
    panel: OperandsPanel, stage: Stage, layer: int, neuron: int
) -> None:
    stage.prepare()
    stage.show_update(at(Operation("delta", 1)))
    before = picture(panel)
    stage.model.select(layer=layer, neuron=neuron)
    after = picture(panel)
    for operand, place in zip(panel.view.operands, panel.view.places(), strict=True):
        rect = place.column
        is_outlined = before.copy(rect) != after.copy(rect)
        assert is_outlined == (layer in (operand.row_layer, operand.column_layer)), operand.name


def test_the_tooltip_has_name_index_value_and_neurons(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(at(Operation("z", 2)))
    value = formats.number(float(update.layers[1].W[3, 1]), 6)
    assert tooltip(panel, middle(panel, Cell(1, 3, 1))) == (
        f"W of layer 2[3, 1] = {value}\nfrom neuron 3 of layer 1 to neuron 1 of layer 2"
    )
    z = formats.number(float(update.trace.layers[1].z[0, 2]), 6)
    assert tooltip(panel, middle(panel, Cell(3, 0, 2))) == f"z of layer 2[2] = {z}\nneuron 2 of layer 2"


def test_neurons_are_named_in_the_direction_of_the_forward_pass(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(at(Operation("error", 1)))
    value = formats.number(float(update.layers[1].W[3, 2]), 6)
    assert tooltip(panel, middle(panel, Cell(1, 2, 3))) == (
        f"Wᵀ of layer 2[2, 3] = {value}\nfrom neuron 3 of layer 1 to neuron 2 of layer 2"
    )


def test_the_tooltip_of_a_short_name_is_the_full_name(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("z", 2)))
    assert tooltip(panel, panel.view.places()[1].column.topLeft() + QPoint(2, 2)) == "W of layer 2"


# Keyboard


def test_arrow_keys_move_through_all_operands_and_describe_cells(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("z", 2)))
    assert "arrow keys" in panel.readout.text()
    press(panel.view, Qt.Key.Key_Left)
    assert panel.view.cell == Cell(3, 0, 0)
    press(panel.view, Qt.Key.Key_Left)
    assert panel.view.cell == Cell(2, 0, 2)
    for _ in range(3):
        press(panel.view, Qt.Key.Key_Left)
    for _ in range(5):
        press(panel.view, Qt.Key.Key_Down)
    assert panel.view.cell == Cell(1, 3, 2)
    text = panel.readout.text()
    assert text.startswith("W of layer 2[3, 2] = ")
    assert text.endswith("from neuron 3 of layer 1 to neuron 2 of layer 2")
    assert panel.view.accessibleDescription() == text


def test_moving_stops_at_both_ends(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("a", 2)))
    for key, end in ((Qt.Key.Key_Right, Cell(1, 0, 2)), (Qt.Key.Key_Left, Cell(0, 0, 0))):
        for _ in range(10):
            press(panel.view, key)
        assert panel.view.cell == end


def test_moving_selects_nothing_until_enter_is_pressed(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("a", 2)))
    press(panel.view, Qt.Key.Key_Right)
    press(panel.view, Qt.Key.Key_Right)
    assert stage.model.selection.neuron is None
    press(panel.view, Qt.Key.Key_Return)
    assert stage.model.selection == Selection(0, 2, 1)


def test_the_focused_cell_stays_if_the_next_step_has_the_same_operands(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("a", 2)))
    press(panel.view, Qt.Key.Key_Right)
    stage.show_update(at(Operation("a", 2)), sample=7)
    assert panel.view.cell == Cell(1, 0, 0)
    stage.show_update(at(Operation("z", 3)))
    assert panel.view.cell is None
    assert "arrow keys" in panel.readout.text()


def test_keys_do_nothing_without_operands(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_A):
        press(panel.view, key)
    assert panel.view.cell is None


# Numbers


@pytest.mark.parametrize(("experiment", "is_written"), [(TINY, True), (ARTICLE, False)], ids=["tiny", "article"])
def test_numbers_are_written_into_cells_that_are_large_enough(
    panel: OperandsPanel, stage: Stage, experiment: Experiment, is_written: bool
) -> None:
    stage.prepare(experiment)
    stage.show_update(at(Operation("delta", 1), len(experiment.sizes) - 1))
    image, place = picture(panel), panel.view.places()[4]
    cell = place.cell(0, 0, *panel.view.operands[4].values.shape).adjusted(2, 2, -2, -2)
    colours = {image.pixelColor(x, cell.center().y()).name() for x in range(cell.left(), cell.right() + 1)}
    assert (len(colours) > 5) is is_written  # digits are antialiased


def test_the_table_holds_the_numbers_of_one_operand(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(at(Operation("delta", 1)))
    click(panel.numbers)
    names = [panel.which.itemText(number) for number in range(panel.which.count())]
    assert names == [one.name for one in operands(update, 0)]
    np.testing.assert_array_equal(panel.table.values, update.trace.layers[0].delta)
    panel.which.setCurrentText("Wᵀ of layer 2")
    np.testing.assert_array_equal(panel.table.values, update.layers[1].W.T)


def test_the_selected_operand_is_kept_or_the_result_is_shown(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.numbers)
    stage.show_update(at(Operation("z", 2)))
    assert panel.which.currentText() == "z of layer 2"
    panel.which.setCurrentText("a of layer 1")
    stage.show_update(at(Operation("dW", 2)))
    assert panel.which.currentText() == "dW of layer 2"
    stage.show_update(at(Operation("z", 2)))
    panel.which.setCurrentText("a of layer 1")
    update = stage.show_update(at(Operation("slope", 1)))
    assert panel.which.currentText() == "a of layer 1"
    np.testing.assert_array_equal(panel.table.values, update.trace.layers[0].a)


def test_rows_of_a_batch_are_named_as_samples(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare(BATCHES)
    stage.show_update(at(Operation("dW", 2)))
    click(panel.numbers)
    panel.which.setCurrentText("delta of layer 2")
    assert panel.table.headerData(3, Qt.Orientation.Vertical) == "sample 3"
    assert panel.table.headerData(2, Qt.Orientation.Horizontal) == "2"


def test_a_button_copies_the_table_as_csv(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(at(Operation("dW", 2)))
    click(panel.numbers)
    click(panel.copy)
    lines = QGuiApplication.clipboard().text().splitlines()
    np.testing.assert_array_equal(
        [[float(text) for text in line.split(",")] for line in lines], update.trace.layers[1].dW
    )


def test_a_click_in_the_table_selects_the_neuron(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(at(Operation("dW", 2)))
    click(panel.numbers)
    lay_out_and_paint(panel)
    where = panel.table_view.visualRect(panel.table.index(1, 2)).center()
    click(panel.table_view.viewport(), where)
    assert stage.model.selection == Selection(0, 2, 2)


def test_controls_are_visible_only_where_they_apply(panel: OperandsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(3)
    assert [tool.isVisible() for tool in (panel.common, panel.which, panel.copy)] == [True, False, False]
    click(panel.numbers)
    assert [tool.isVisible() for tool in (panel.common, panel.which, panel.copy)] == [False, True, True]
    assert panel.readout.text() == ""
