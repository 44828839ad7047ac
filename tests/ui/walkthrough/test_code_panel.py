import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QHelpEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from bpviz.core.optimisers.rule import LearningRule
from bpviz.session.engine.commands import GoToOperation
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.source_lines import Source, SourceError
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.session.walkthrough.variables import Variable, lines_at
from bpviz.ui.style import formats, theme
from bpviz.ui.style.theme import DARK, LIGHT, MONOSPACE, Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.walkthrough import code_panel as code
from bpviz.ui.walkthrough.code_panel import CodePanel
from bpviz.ui.walkthrough.variable_tooltips import in_full, in_short
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint, point_at

ALL = operations(3)


@pytest.fixture
def panel(show: Show, stage: Stage) -> CodePanel:
    made = CodePanel(stage.model)
    show(made, 700, 300)
    return made


def lit_lines(panel: CodePanel) -> tuple[int, ...]:
    assert panel.model.current_update is not None
    return lines_at(panel.source, panel.model.current_update, train_biases=True)


def look_at(stage: Stage, quantity: str, layer: int) -> TracedUpdate:
    return stage.show_update(ALL.index(Operation(quantity, layer)) + 1)


def line_of(panel: CodePanel, part: str) -> tuple[int, int]:
    """Return the line and the column of the start of a part of the code."""
    lines = panel.source.text.splitlines()
    line = next(number for number, text in enumerate(lines) if part in text)
    return line + 1, lines[line].index(part)


def tooltip(panel: CodePanel, part: str, offset: int = 0) -> str:
    """Return the tooltip of a part of the code."""
    line, column = line_of(panel, part)
    panel.view.verticalScrollBar().setValue(line - 2)
    lay_out_and_paint(panel)
    cursor = QTextCursor(panel.view.document().findBlockByNumber(line - 1))
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.MoveAnchor, column + offset)
    # At the right half of a character, the nearest gap is the one after it.
    at = panel.view.cursorRect(cursor).center() + QPoint(panel.view.fontMetrics().horizontalAdvance("x") * 3 // 4, 0)
    point_at(panel.view.viewport(), at)
    QApplication.sendEvent(panel.view.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, panel.view.mapToGlobal(at)))
    text = QToolTip.text()
    QToolTip.hideText()
    return text


def lit(panel: CodePanel) -> list[str]:
    """Return the texts of the highlighted lines."""
    selections = panel.view.extraSelections()
    return [selection.cursor.block().text().strip() for selection in selections]


# The highlighted line


def test_before_the_first_step_it_shows_the_code_and_a_hint(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    assert lit(panel) == []
    assert "F11" in panel.names.text()
    assert panel.caption() == "bpviz.core.backprop"
    assert "def backward" in panel.view.toPlainText()


def test_before_the_first_operation_no_line_is_highlighted(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(0)
    assert lit(panel) == []
    assert panel.names.text() == "Before the first operation: only x and y are known."


@pytest.mark.parametrize("index", range(1, len(ALL) + 1))
def test_the_line_of_every_operation_is_highlighted_and_visible(panel: CodePanel, stage: Stage, index: int) -> None:
    stage.prepare()
    stage.show_update(index)
    operation = ALL[index - 1]
    lines = lit_lines(panel)
    assert len(lit(panel)) == len(lines)
    target = "layer.weights[...]" if operation.quantity == "update" else operation.quantity
    assert lit(panel)[0].startswith(f"{target} ")
    assert set(lines) <= set(panel.view.visible_lines())
    assert panel.caption() == f"bpviz.core.backprop, line {lines[0]} · layer {operation.layer}"


def test_biases_that_are_not_trained_are_not_highlighted(panel: CodePanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, train_biases=False))
    look_at(stage, "update", 1)
    assert lit(panel) == ["layer.weights[...] -= learning_rate * layer_trace.dW"]


def test_a_visible_line_does_not_scroll_the_view(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    look_at(stage, "error", 3)
    before = panel.view.verticalScrollBar().value()
    for quantity in ("slope", "error"):
        look_at(stage, quantity, 3)
        assert panel.view.verticalScrollBar().value() == before


def test_scrolling_leaves_lines_above_the_highlighted_one(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    look_at(stage, "error", 3)
    assert lit_lines(panel)[0] - panel.view.visible_lines()[0] >= 3


def test_the_line_stays_visible_in_a_smaller_view(panel: CodePanel, stage: Stage, show: Show) -> None:
    stage.prepare()
    look_at(stage, "db", 3)
    panel.view.setFixedHeight(80)
    lay_out_and_paint(panel)
    assert lit_lines(panel)[0] in panel.view.visible_lines()


def test_a_new_network_removes_the_highlight(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    stage.prepare()
    assert lit(panel) == []
    assert panel.caption() == "bpviz.core.backprop"


def test_the_highlighted_line_has_a_marker_in_the_margin(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    look_at(stage, "error", 2)
    lay_out_and_paint(panel)
    picture = panel.view.viewport().grab().toImage()
    marked = [y for y in range(picture.height()) if picture.pixelColor(1, y) == QColor(LIGHT.accent)]
    assert panel.view.place_at(QPoint(20, marked[len(marked) // 2]))[0] == lit_lines(panel)[0]
    assert len(marked) < 2 * panel.view.fontMetrics().height()


def test_a_hidden_panel_draws_nothing_until_it_is_shown(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    panel.hide()
    look_at(stage, "slope", 2)
    assert lit(panel) == []
    panel.show()
    assert lit(panel) == ["slope = layer.rule.slope(z, a, None)"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("slope = layer.rule.slope", Operation("slope", 2)),
        ("layer.weights[...] -=", Operation("update", 2)),
        ("layer.bias[...] -=", Operation("update", 2)),
        ("loss = float(", Operation("loss", 3)),
    ],
)
def test_a_double_click_on_a_line_goes_to_its_operation(
    panel: CodePanel, stage: Stage, part: str, expected: Operation
) -> None:
    stage.prepare()
    look_at(stage, "delta", 2)
    panel.view.line_chosen.emit(line_of(panel, part)[0])
    assert stage.commands.of(GoToOperation)[-1] == ALL.index(expected) + 1


def test_a_double_click_on_a_line_that_computes_nothing_goes_nowhere(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    look_at(stage, "delta", 2)
    line, _ = line_of(panel, "def backward")
    panel.view.verticalScrollBar().setValue(line - 2)
    lay_out_and_paint(panel)
    cursor = QTextCursor(panel.view.document().findBlockByNumber(line - 1))
    chosen: list[int] = []
    panel.view.line_chosen.connect(chosen.append)
    there = panel.view.cursorRect(cursor).center() + QPoint(9, 0)
    QTest.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=there)
    assert (chosen, stage.commands.of(GoToOperation)) == ([line], [])


def test_a_line_missing_in_the_code_is_reported(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    panel.source = Source(panel.source.text.replace("slope = layer", "steepness = layer"))
    look_at(stage, "slope", 2)
    assert lit(panel) == []
    assert "has no line that assigns 'slope'" in panel.names.text()


def test_missing_source_code_is_reported(stage: Stage, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(rule: LearningRule) -> Source:
        raise SourceError("the source of bpviz.core.backprop is not installed")

    monkeypatch.setattr(code, "backprop_source", fail)
    panel = CodePanel(stage.model)
    show(panel, 400, 200)
    stage.prepare()
    stage.step()
    assert panel.view.toPlainText() == "# the source of bpviz.core.backprop is not installed\n"
    assert "no function 'update'" in panel.names.text()


# Names


def test_the_names_of_the_line_are_shown_below_the_code(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    look_at(stage, "error", 2)
    assert panel.names.text() == "error (1, 3)   deltas[0] (1, 2)   layer_next.weights.T (2, 3)"
    update = look_at(stage, "loss", 3)
    loss = formats.number(update.trace.loss)
    assert panel.names.text() == f"loss = {loss}   zs[-1] (1, 2)   activations[-1] (1, 2)   y (1, 2)"


def test_a_tooltip_has_shape_range_and_values(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    delta = look_at(stage, "error", 2).trace.layers[2].delta
    low, high, first, second = (formats.number(float(v)) for v in (delta.min(), delta.max(), *delta[0]))
    expected = f"deltas[0] (1, 2) · layer 3\nfrom {low} to {high}\n{first}, {second}"
    for offset in range(len("deltas[0]")):
        assert tooltip(panel, "deltas[0] @", offset) == expected


def test_a_tooltip_has_the_value_of_the_selected_neuron(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    update = look_at(stage, "error", 2)
    stage.model.select(layer=2, neuron=1)
    value = formats.number(float(update.trace.layers[1].error[0, 1]), 6)
    assert tooltip(panel, "error = network").endswith(f"\nneuron 1: {value}")
    assert "neuron" not in tooltip(panel, "deltas[0] @")


def test_a_tooltip_has_the_row_of_the_selected_sample_of_a_batch(panel: CodePanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, batch_size=4))
    update = look_at(stage, "error", 2)
    stage.model.select(sample=int(update.samples[2]))
    first = formats.number(float(update.trace.layers[1].error[2, 0]))
    assert f"\nrow 2: {first}, " in tooltip(panel, "error = network")


def test_a_variable_of_the_previous_layer_names_that_layer(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    look_at(stage, "z", 2)
    assert tooltip(panel, "a @ layer.weights").startswith("a (1, 4) · layer 1\n")
    look_at(stage, "z", 1)
    assert tooltip(panel, "a @ layer.weights").startswith("a (1, 2) · the input\n")


def test_a_tooltip_says_why_a_name_has_no_value(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    look_at(stage, "error", 3)
    assert tooltip(panel, "slope = layer.rule") == "slope: not computed yet"
    assert tooltip(panel, "dW = rows.T") == "dW: not computed yet"
    assert tooltip(panel, "z = a @") == "z: no longer defined, forward has returned"
    assert tooltip(panel, "layer_next is None") == "layer_next = None, since this is the last layer"


def test_other_text_has_no_tooltip(panel: CodePanel, stage: Stage) -> None:
    stage.prepare()
    assert tooltip(panel, "z = a @") == ""
    look_at(stage, "error", 3)
    assert tooltip(panel, '"""Return z and a') == ""
    assert tooltip(panel, "reversed(") == ""


WEIGHTS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
NEURON = Selection(layer=2, neuron=1)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("loss", Variable(0.25), "loss = 0.2500"),
        ("network.loss.cancels_slope", Variable(True), "network.loss.cancels_slope = True"),
        ("zs", Variable(()), "zs = an empty list"),
        ("zs", Variable((WEIGHTS, WEIGHTS[0])), "zs = a list of 2 arrays (2, 3), (3,)"),
        ("layer", Variable("layer 2: 2 → 3, tanh", 2), "layer = layer 2: 2 → 3, tanh"),
        (
            "layer.weights",
            Variable(WEIGHTS, 2),
            "layer.weights (2, 3) · layer 2\nfrom 1.000 to 6.000\n1.000, 2.000, 3.000, 4.000, …\n"
            "into neuron 1: 2.000, 5.000",
        ),
        (
            "layer_next.weights.T",
            Variable(WEIGHTS.T, 2),
            "layer_next.weights.T (3, 2) · layer 2\nfrom 1.000 to 6.000\n1.000, 4.000, 2.000, 5.000, …\n"
            "into neuron 1: 2.000, 5.000",
        ),
        (
            "db",
            Variable(WEIGHTS[0], 2),
            "db (3,) · layer 2\nfrom 1.000 to 3.000\n1.000, 2.000, 3.000\nneuron 1: 2.00000",
        ),
        (
            "z",
            Variable(np.array([[np.nan, np.inf, 1.0]]), 1),
            "z (1, 3) · layer 1\n2 of 3 are not finite\nnot a number, ∞, 1.000",
        ),
    ],
)
def test_each_kind_of_value_has_a_tooltip(name: str, known: Variable, expected: str) -> None:
    assert in_full(name, known, 0, NEURON) == expected


def test_the_short_text_of_a_number_is_its_value_and_of_an_array_its_shape() -> None:
    assert in_short("loss", Variable(0.25)) == "loss = 0.2500"
    assert in_short("dW", Variable(WEIGHTS, 1)) == "dW (2, 3)"


# Theme and fonts


def colour_of(panel: CodePanel, part: str) -> str:
    line, column = line_of(panel, part)
    block = panel.view.document().findBlockByNumber(line - 1)
    found = [r for r in block.layout().formats() if r.start <= column < r.start + r.length]
    return str(found[0].format.foreground().color().name().upper()) if found else ""


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=lambda look: look.name)
def test_python_is_highlighted(panel: CodePanel, stage: Stage, look: Theme) -> None:
    stage.model.set_theme(look)
    lay_out_and_paint(panel)
    assert colour_of(panel, "for layer in network.layers") == look.accuracy.upper()
    assert colour_of(panel, "0 else self.layers") == look.mse.upper()
    assert colour_of(panel, "Return z and a of every layer") == look.muted.upper()
    assert colour_of(panel, "delta is dL_s/dz, and") == look.muted.upper()
    assert colour_of(panel, "backward(\n".strip()) == look.ink.upper()
    assert colour_of(panel, "network.layers[0].n_input") == ""


def test_it_follows_the_theme(panel: CodePanel, stage: Stage, qapp: QApplication) -> None:
    stage.prepare()
    theme.apply(qapp, DARK)
    stage.model.set_theme(DARK)
    look_at(stage, "error", 2)
    lay_out_and_paint(panel)
    picture = panel.view.viewport().grab().toImage()
    assert picture.pixelColor(picture.width() - 1, 1) == QColor(DARK.paper)
    assert any(picture.pixelColor(1, y) == QColor(DARK.accent) for y in range(picture.height()))


def test_the_code_has_the_bundled_monospace_font(panel: CodePanel) -> None:
    assert MONOSPACE in QFontDatabase.families()
    info = QFontInfo(panel.view.font())
    assert info.family() == MONOSPACE
    assert info.fixedPitch()


def test_the_text_grows_with_the_application_font(panel: CodePanel, stage: Stage, qapp: QApplication) -> None:
    before = panel.view.font().pointSizeF()
    larger = qapp.font()
    larger.setPointSizeF(larger.pointSizeF() * 1.5)
    qapp.setFont(larger)
    stage.model.set_theme(DARK)
    assert panel.view.font().pointSizeF() > before
