import dataclasses
import math

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from bpviz.core.backprop import Trace
from bpviz.session.diagnostics.causes import explain
from bpviz.session.diagnostics.delta_diagnosis import diagnose_delta
from bpviz.session.diagnostics.layer_diagnosis import diagnose_layers, diagnose_layers_in_words
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.diagnostics.cause_tree import BAR_ROLE, COLUMNS, SHARE, CauseTree
from bpviz.ui.diagnostics.explain_panel import ExplainPanel
from bpviz.ui.style import formats, theme
from bpviz.ui.style.theme import DARK, LIGHT
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press

EVERYTHING = len(operations(3))
BATCHES = dataclasses.replace(SMALL, batch_size=4)
SOFTMAX = dataclasses.replace(SMALL, activations=("relu", "tanh", "softmax"))
CROSS_ENTROPY = dataclasses.replace(SOFTMAX, loss="cross_entropy")


@pytest.fixture
def panel(show: Show, stage: Stage) -> ExplainPanel:
    made = ExplainPanel(stage.model)
    show(made, 700, 420)
    return made


def open_on(stage: Stage, layer: int, neuron: int) -> TracedUpdate:
    """Show an update and select a neuron, as another panel would."""
    stage.prepare()
    update = stage.show_update(EVERYTHING)
    stage.model.select(layer=layer, neuron=neuron)
    return update


def texts(tree: CauseTree, parent: QModelIndex | None = None) -> list[list[str]]:
    """Return the cells of the child rows."""
    above = parent or QModelIndex()
    rows = range(tree.rowCount(above))
    return [[str(tree.data(tree.index(row, column, above))) for column in range(len(COLUMNS))] for row in rows]


def line(panel: ExplainPanel, *names: str) -> QModelIndex:
    """Return the row with a name, below the row with another name."""
    tree, found = panel.tree.causes, QModelIndex()
    for name in names:
        row = [cells[0] for cells in texts(tree, found)].index(name)
        found = tree.index(row, 0, found)
    return found


def click_on(panel: ExplainPanel, index: QModelIndex) -> None:
    panel.tree.scrollTo(index)
    lay_out_and_paint(panel)
    click(panel.tree.viewport(), panel.tree.visualRect(index).center())


def selected(stage: Stage) -> tuple[int | None, int | None]:
    return stage.model.selection.layer, stage.model.selection.neuron


def with_deltas(update: TracedUpdate, layer: int, values: list[float]) -> TracedUpdate:
    layers = list(update.trace.layers)
    layers[layer - 1] = dataclasses.replace(layers[layer - 1], delta=np.array([values]))
    return dataclasses.replace(update, trace=Trace(update.trace.x, update.trace.y, tuple(layers), update.trace.loss))


# Empty state


def test_before_the_first_step_there_is_a_hint(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.empty.isVisible()
    assert "F11" in panel.empty.text()
    assert not panel.start.isEnabled()
    assert not panel.layers.isEnabled()


def test_a_new_network_empties_it(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    stage.prepare()
    assert panel.empty.isVisible()
    assert not panel.verdict.isVisible()
    assert panel.caption() == ""
    assert panel.tree.causes.rowCount() == 0


# The tree


def test_rows_are_the_slope_and_the_terms_by_size(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    cause = explain(update, 0, 1, 2)
    slope, *terms = texts(panel.tree.causes)
    assert slope == [f"slope, a = {formats.number(cause.a, 3)}", "", "", f"× {formats.number(cause.slope, 3)}", ""]
    assert len(terms) == 3
    for cells, term in zip(terms, cause.terms, strict=True):
        numbers = [formats.number(value, 3) for value in (term.weight, term.delta, term.product)]
        assert cells == [f"2 · neuron {term.neuron}", *numbers, f"{100 * term.share:.0f} %"]


def test_each_row_expands_into_its_own_causes_down_to_the_loss(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    tree = panel.tree.causes
    second = line(panel, "2 · neuron 1")
    assert [cells[0] for cells in texts(tree, second)][1:] == [
        f"3 · neuron {term.neuron}" for term in explain(update, 0, 2, 1).terms
    ]
    output = line(panel, "2 · neuron 1", "3 · neuron 0")
    cause = explain(update, 0, 3, 0)
    slope, error = texts(tree, output)
    assert slope[3] == f"× {formats.number(cause.slope, 3)}"
    assert cause.y is not None
    assert error[0] == f"error, a = {formats.number(cause.a, 3)}, y = {formats.number(cause.y, 3)}"
    assert error[3] == formats.number(cause.error, 3)
    assert not tree.hasChildren(tree.index(1, 0, output))


def test_products_times_slope_are_the_delta_of_the_parent(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 0)
    slope, *terms = [cells[3] for cells in texts(panel.tree.causes)]
    numbers = [float(text.replace("−", "-")) for text in terms]
    product = float(slope.removeprefix("× ")) * sum(numbers)
    assert product == pytest.approx(update.trace.layers[0].delta[0, 0], rel=0.05)


def test_branches_are_computed_when_they_are_expanded(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    lay_out_and_paint(panel)
    assert panel.tree.causes.opened() == []
    panel.tree.expand(line(panel, "2 · neuron 1"))
    assert [path for path, _ in panel.tree.causes.opened()] == [(1,)]


@pytest.mark.parametrize(("experiment", "name"), [(SOFTMAX, "error"), (CROSS_ENTROPY, "delta")], ids=["mse", "ce"])
def test_an_output_whose_delta_is_no_product_has_no_slope(
    panel: ExplainPanel, stage: Stage, experiment: object, name: str
) -> None:
    stage.prepare(experiment)  # type: ignore[arg-type]
    update = stage.show_update(EVERYTHING)
    stage.model.select(layer=3, neuron=1)
    cells = texts(panel.tree.causes)
    assert [row[0].split(",")[0] for row in cells] == [name]
    assert cells[0][3] == formats.number(getattr(explain(update, 0, 3, 1), name), 3)


def test_every_row_knows_its_parent(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    tree = panel.tree.causes
    inner = line(panel, "2 · neuron 1", "3 · neuron 0")
    assert tree.parent(inner) == line(panel, "2 · neuron 1")
    assert tree.parent(tree.parent(inner)) == QModelIndex()
    assert tree.find(tree.path(inner)) == inner
    assert not tree.index(99, 0).isValid()


def test_the_bar_is_the_share_with_the_sign_of_the_product(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    tree = panel.tree.causes
    for row, term in enumerate(explain(update, 0, 1, 2).terms, start=1):
        assert tree.data(tree.index(row, SHARE), BAR_ROLE) == math.copysign(term.share, term.product)


def test_the_bar_is_painted_in_the_colour_of_its_sign(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    lay_out_and_paint(panel)
    term = explain(update, 0, 1, 2).terms[0]
    area = panel.tree.visualRect(panel.tree.causes.index(1, SHARE))
    drawn = panel.tree.viewport().grab().toImage().pixelColor(area.left() + 4, area.center().y())
    sign = QColor(LIGHT.positive if term.product >= 0 else LIGHT.negative)
    paper = QColor(LIGHT.paper)
    mixed = [p + (s - p) * 80 / 255 for p, s in zip(paper.getRgb()[:3], sign.getRgb()[:3], strict=True)]  # type: ignore[index]
    np.testing.assert_allclose(drawn.getRgb()[:3], mixed, atol=2)  # type: ignore[index]


def test_columns_have_tooltips(panel: ExplainPanel) -> None:
    for section, name in enumerate(COLUMNS):
        header = panel.tree.causes.headerData
        assert header(section, Qt.Orientation.Horizontal) == name
        assert header(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)


# Root, selection and verdict


def test_a_click_on_a_term_selects_its_neuron_and_keeps_the_root(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    before = texts(panel.tree.causes)
    click_on(panel, line(panel, "2 · neuron 1"))
    assert selected(stage) == (2, 1)
    assert panel.verdict.text() == f"Neuron 1 of layer 2: {diagnose_delta(update, 0, 2, 1)}"
    assert panel.caption().startswith("delta of neuron 2 in layer 1")
    assert texts(panel.tree.causes) == before


def test_a_factor_belongs_to_the_neuron_of_its_delta(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    panel.tree.expand(line(panel, "2 · neuron 1"))
    inner = panel.tree.causes.index(0, 0, line(panel, "2 · neuron 1"))
    click_on(panel, inner)
    assert selected(stage) == (2, 1)


def test_the_keyboard_moves_expands_and_selects(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    strongest = explain(update, 0, 1, 2).terms[0].neuron
    panel.tree.setFocus()
    panel.tree.setCurrentIndex(panel.tree.causes.index(0, 0))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        press(panel.tree, key)
    assert selected(stage) == (1, 2)
    press(panel.tree, Qt.Key.Key_Return)
    assert selected(stage) == (3, explain(update, 0, 2, strongest).terms[0].neuron)


def test_start_here_makes_the_selected_neuron_the_root(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    assert not panel.start.isEnabled()
    click_on(panel, line(panel, "2 · neuron 1"))
    assert panel.start.isEnabled()
    click(panel.start)
    assert panel.caption().startswith("delta of neuron 1 in layer 2")
    assert [cells[0] for cells in texts(panel.tree.causes)][1].startswith("3 · ")
    assert not panel.start.isEnabled()


def test_a_neuron_selected_in_another_panel_is_the_root(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    click_on(panel, line(panel, "2 · neuron 1"))
    stage.model.select(layer=2, neuron=0)
    assert panel.caption().startswith("delta of neuron 0 in layer 2")


def test_the_root_stays_for_the_next_sample(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    click_on(panel, line(panel, "2 · neuron 1"))
    stage.show_update(EVERYTHING, sample=7)
    assert panel.caption() == "delta of neuron 2 in layer 1 · sample 7"
    assert panel.verdict.text().startswith("Neuron 1 of layer 2: ")


def test_a_pending_delta_names_the_operation_that_computes_it(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    place = operations(3).index(Operation("delta", 1)) + 1
    stage.show_update(place - 1)
    assert panel.caption().endswith(f" · computed by operation {place}, not yet")
    stage.show_update(place)
    assert panel.caption() == "delta of neuron 2 in layer 1 · sample 0"


def test_expanded_and_current_rows_stay_for_the_next_sample(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    panel.tree.expand(line(panel, "2 · neuron 1"))
    panel.tree.setCurrentIndex(line(panel, "2 · neuron 1", "3 · neuron 0"))
    stage.training.run_epoch()
    update = stage.show_update(EVERYTHING, sample=7)
    assert panel.tree.isExpanded(line(panel, "2 · neuron 1"))
    assert not panel.tree.isExpanded(line(panel, "2 · neuron 2"))
    assert panel.tree.currentIndex() == line(panel, "2 · neuron 1", "3 · neuron 0")
    first = explain(update, 0, 1, 2).terms[0]
    assert texts(panel.tree.causes)[1][3] == formats.number(first.product, 3)


def test_an_operation_of_the_same_update_keeps_the_tree(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    resets: list[object] = []
    panel.tree.causes.modelReset.connect(lambda: resets.append(None))
    stage.tell(dataclasses.replace(update, index=3))
    assert resets == []


def test_the_selected_sample_of_a_batch_is_explained(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare(BATCHES)
    update = stage.show_update(EVERYTHING)
    stage.model.select(sample=int(update.samples[2]), layer=1, neuron=3)
    assert panel.verdict.text().endswith(diagnose_delta(update, 2, 1, 3))
    assert texts(panel.tree.causes)[1][3] == formats.number(explain(update, 2, 1, 3).terms[0].product, 3)
    stage.model.select(sample=int(update.samples[1]))
    assert texts(panel.tree.causes)[1][3] == formats.number(explain(update, 1, 1, 3).terms[0].product, 3)


def test_values_that_are_not_finite_are_shown(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 1, 2)
    stage.tell(with_deltas(update, 2, [math.nan, math.inf, 0.0]))
    lay_out_and_paint(panel)
    first, second, third = texts(panel.tree.causes)[1:]
    assert (first[2], second[2], third[2]) == ("not a number", "∞", "0")
    assert first[4] == second[4] == third[4] == ""
    stage.model.select_nothing()
    lay_out_and_paint(panel)
    assert "stop being finite numbers in layer 2" in panel.verdict.text()


def test_the_verdict_can_be_copied(panel: ExplainPanel) -> None:
    label = panel.verdict.findChild(QLabel)
    assert label is not None
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


# The table of layers


def cells_of_story(panel: ExplainPanel) -> list[list[str]]:
    table = panel.layer_table.model()
    return [[str(table.index(row, column).data()) for column in range(6)] for row in range(table.rowCount())]


def test_without_a_neuron_it_compares_the_layers(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(EVERYTHING)
    assert panel.layer_table.isVisible()
    assert panel.verdict.text() == diagnose_layers_in_words(update, 0)
    assert panel.hint.text().startswith("Select a neuron")
    for cells, story in zip(cells_of_story(panel), diagnose_layers(update, 0), strict=True):
        by_weights = "" if story.by_weights is None else formats.number(story.by_weights, 3)
        sizes = [formats.number(value, 3) for value in (story.largest, story.rms)]
        assert cells == [str(story.layer), *sizes, by_weights, formats.number(story.by_slopes, 3), story.sentence]


def test_layers_shows_the_table_while_a_neuron_is_selected(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    assert panel.tree.isVisible()
    words = panel.caption(), panel.verdict.text(), panel.hint.text()
    click(panel.layers)
    assert panel.layer_table.isVisible()
    click(panel.layers)
    assert panel.tree.isVisible()
    assert (panel.caption(), panel.verdict.text(), panel.hint.text()) == words


def test_clearing_the_selection_shows_the_table(panel: ExplainPanel, stage: Stage) -> None:
    open_on(stage, 1, 2)
    stage.model.select_nothing()
    assert panel.layer_table.isVisible()
    assert not panel.layers.isEnabled()


def test_enter_on_a_layer_selects_its_largest_delta(panel: ExplainPanel, stage: Stage) -> None:
    update = open_on(stage, 3, 0)
    click(panel.layers)
    panel.layer_table.setFocus()
    panel.layer_table.selectRow(0)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        press(panel.layer_table, key)
    largest = int(np.argmax(np.abs(update.trace.layers[0].delta[0])))
    assert selected(stage) == (1, largest)
    assert panel.tree.isVisible()
    assert panel.caption().startswith(f"delta of neuron {largest} in layer 1")


def test_the_table_follows_the_samples_and_keeps_the_current_row(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(EVERYTHING)
    panel.layer_table.selectRow(1)
    update = stage.show_update(EVERYTHING, sample=9)
    assert cells_of_story(panel)[0][1] == formats.number(diagnose_layers(update, 0)[0].largest, 3)
    assert panel.layer_table.currentIndex().row() == 1


def test_a_new_network_has_another_number_of_layers(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(EVERYTHING)
    stage.prepare(dataclasses.replace(SMALL, hidden=(3,), activations=("tanh", "sigmoid")))
    stage.show_update(4)
    assert [cells[0] for cells in cells_of_story(panel)] == ["2", "1"]


# Visibility and theme


def test_a_hidden_panel_draws_nothing_until_it_is_shown(panel: ExplainPanel, stage: Stage) -> None:
    panel.hide()
    update = open_on(stage, 1, 2)
    assert panel.tree.causes.rowCount() == 0
    panel.show()
    assert panel.verdict.text() == f"Neuron 2 of layer 1: {diagnose_delta(update, 0, 1, 2)}"


@pytest.mark.parametrize("part", ["tree", "layer_table"])
def test_it_follows_the_theme(panel: ExplainPanel, stage: Stage, qapp: QApplication, part: str) -> None:
    open_on(stage, 1, 2)
    panel.layers.setChecked(part == "layer_table")
    theme.apply(qapp, DARK)
    stage.model.set_theme(DARK)
    lay_out_and_paint(panel)
    view: QWidget = getattr(panel, part).viewport()
    assert view.grab().toImage().pixelColor(QPoint(1, view.height() - 1)) == QColor(DARK.paper)
