import dataclasses
import re

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.session.diagnostics.z_over_samples import z_over_samples
from bpviz.session.engine.events import State
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.formula import formula
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.latex import latex
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style import formats
from bpviz.ui.style.theme import DARK
from bpviz.ui.walkthrough import formula_view
from bpviz.ui.walkthrough.formula_panel import FormulaPanel
from bpviz.ui.walkthrough.formula_view import FormulaView, render_formula
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint

ALL = operations(3)
# The largest extent of any formula in units of its SVG; ziamath has produced brackets of 2000.
HIGHEST, WIDEST = 100.0, 700.0


@pytest.fixture
def panel(show: Show, stage: Stage) -> FormulaPanel:
    made = FormulaPanel(stage.model)
    show(made, 480, 300)
    return made


def plain(text: str) -> str:
    return re.sub("<[^>]*>", "", text)


def index_of(operation: Operation) -> int:
    return ALL.index(operation) + 1


def test_before_the_first_operation_there_is_a_hint(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.empty.isVisible()
    assert "F11" in panel.empty.text()
    assert not panel.copy.isEnabled()


def test_a_neuron_that_is_in_another_layer_is_said_not_to_be_the_one_shown(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(index_of(Operation("delta", 2)))
    numbers = "<br>".join(formula(update, 0).numbers)
    assert panel.numbers.text() == numbers
    stage.model.select(layer=1, neuron=3)
    said = "Neuron 0 of layer 2, since the selected neuron 3 is in layer 1:"
    assert plain(panel.numbers.text().replace("<br>", "\n")).startswith(f"{said}\n")
    assert panel.numbers.text().endswith(numbers)
    stage.model.select(layer=2, neuron=1)
    assert "since" not in panel.numbers.text()


def test_any_weight_can_be_chosen(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(index_of(Operation("delta", 2)))
    assert not panel.source.isVisible()
    update = stage.show_update(index_of(Operation("dW", 2)))
    assert panel.source.isVisible()
    assert panel.numbers.text() == "<br>".join(formula(update, 0).numbers)
    panel.source.setValue(1)
    assert panel.numbers.text() == "<br>".join(formula(update, 0, 0, 1).numbers)
    assert "dW<sub>1,0</sub>" in panel.numbers.text()
    panel.source.setValue(panel.source.maximum())
    update = stage.show_update(index_of(Operation("dW", 1)))
    assert panel.source.number() == 1  # layer 1 has two inputs
    assert panel.numbers.text() == "<br>".join(formula(update, 0, 0, 1).numbers)


def test_it_shows_sentence_formula_and_numbers_of_the_operation(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(index_of(Operation("delta", 2)))
    shown = formula(update, 0)
    assert plain(panel.sentence.text()) == caption(update, 0)
    assert panel.formula.accessibleName() == shown.latex
    assert panel.numbers.text() == "<br>".join(shown.numbers)
    assert panel.caption() == "delta of layer 2, neuron 0, sample 0"
    assert not panel.empty.isVisible()


def test_the_numbers_are_of_the_selected_neuron(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(index_of(Operation("z", 2)))
    stage.model.select(layer=2, neuron=1)
    assert panel.numbers.text() == "<br>".join(formula(update, 0, 1).numbers)
    stage.model.select(layer=1, neuron=3)
    assert panel.numbers.text().endswith("<br>".join(formula(update, 0, 0).numbers))


def test_the_numbers_are_of_the_selected_sample_of_a_batch(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, batch_size=4))
    update = stage.show_update(1)
    sample = int(update.samples[2])
    stage.model.select(sample=sample)
    assert panel.numbers.text() == "<br>".join(formula(update, 2).numbers)
    assert panel.caption().endswith(f"sample {sample}")


@pytest.mark.parametrize("index", range(len(ALL) + 1))
def test_every_operation_is_painted(panel: FormulaPanel, stage: Stage, index: int) -> None:
    stage.prepare()
    stage.show_update(index)
    lay_out_and_paint(panel)
    picture = panel.formula.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)}
    assert len(colours) > 1


def test_a_new_network_clears_the_panel(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(3)
    stage.prepare()
    assert panel.empty.isVisible()
    assert panel.caption() == ""


def test_a_hidden_panel_is_updated_when_it_is_shown(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    panel.hide()
    update = stage.show_update(2)
    assert panel.numbers.text() == ""
    panel.show()
    assert panel.numbers.text() == "<br>".join(formula(update, 0).numbers)


def test_everything_can_be_copied_as_text(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(index_of(Operation("slope", 2)))
    click(panel.copy)
    words, tex, *numbers = QApplication.clipboard().text().split("\n")
    assert (words, tex) == (caption(update, 0), formula(update, 0).latex)
    assert numbers[0].startswith("slope_0 = 1 − ")
    assert "^(2)" in numbers[0]
    assert "<" not in "".join(numbers)


def test_the_formula_has_the_ink_colour_of_the_theme(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(1)
    lay_out_and_paint(panel)
    before = panel.formula.grab().toImage()
    stage.model.set_theme(DARK)
    assert panel.formula.grab().toImage() != before


@pytest.mark.parametrize("width", [120, 300, 900])
def test_a_formula_is_never_cut_off(qtbot: QtBot, width: int) -> None:
    view = FormulaView()
    qtbot.addWidget(view)
    setting = FormulaContext((2, 25, 2), ("tanh", "sigmoid"), "cross_entropy", 32, True)
    view.show_formula(latex(Operation("loss", 2), setting))
    view.resize(width, view.heightForWidth(width))
    assert view.rect().toRectF().adjusted(0, 0, 0, 1).contains(view.formula_rect())
    assert view.formula_rect().width() == pytest.approx(min(width, view.sizeHint().width()), abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize(
    ("output", "loss"),
    [("none", "mse"), ("softmax", "mse"), ("softmax", "cross_entropy"), ("sigmoid", "cross_entropy")],
)
def test_formulas_have_a_plausible_size(output: str, loss: str, batch: int) -> None:
    for hidden in ("none", "relu", "leaky_relu", "tanh", "sigmoid"):
        setting = FormulaContext((2, 25, 2), (hidden, output), loss, batch, True)
        for operation in (None, *operations(2)):
            found = re.search('width="([0-9.]+)" height="([0-9.]+)"', render_formula(latex(operation, setting)))
            assert found
            assert 10 < float(found[1]) < WIDEST
            assert 5 < float(found[2]) < HIGHEST


# The queue


def test_formulas_are_rendered_one_per_turn_of_the_event_loop(
    panel: FormulaPanel, stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(formula_view, "render_formula", made.append)
    stage.prepare()
    assert panel.queue.is_running
    QCoreApplication.processEvents()
    assert len(made) <= 1
    qtbot.waitUntil(lambda: not panel.queue.is_running)
    setting = FormulaContext.of_experiment(stage.model.experiment)
    assert made == [latex(operation, setting) for operation in (None, *ALL)]


def test_no_formula_is_rendered_in_advance_during_training_or_while_hidden(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    stage.become(State.RUNNING)
    assert not panel.queue.is_running
    stage.become(State.PAUSED)
    assert panel.queue.is_running
    panel.hide()
    assert not panel.queue.is_running
    panel.show()
    assert panel.queue.is_running
    panel.queue.set_running(False)


def test_values_that_are_not_finite_are_shown(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(1)
    first = update.trace.layers[0]
    broken = dataclasses.replace(first, z=np.full_like(first.z, np.nan))
    trace = dataclasses.replace(update.trace, layers=(broken, *update.trace.layers[1:]))
    stage.tell(dataclasses.replace(update, trace=trace))
    assert "not a number" in panel.numbers.text()
    lay_out_and_paint(panel)


@pytest.mark.parametrize("quantity", ["a", "slope"])
def test_f_and_its_slope_are_drawn_with_the_selected_neuron(panel: FormulaPanel, stage: Stage, quantity: str) -> None:
    stage.prepare()
    update = stage.show_update(index_of(Operation(quantity, 2)))
    stage.model.select(layer=2, neuron=1)
    panel.resize(520, 420)
    lay_out_and_paint(panel)
    assert panel.curves.isVisible()
    z = update.trace.layers[1].z[0, 1]
    assert panel.curves.accessibleName().endswith(f"and its slope over z, with neuron 1 at z = {formats.number(z, 3)}")
    along, f, slope = panel.curves.points()
    np.testing.assert_allclose(np.gradient(f, along)[1:-1], slope[1:-1], atol=0.01)
    stage.show_update(index_of(Operation("delta", 2)))
    assert not panel.curves.isVisible()


def test_the_curves_go_first_when_room_is_short(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(index_of(Operation("slope", 1)))
    lay_out_and_paint(panel)
    assert panel.curves.isVisible()
    panel.resize(480, 170)
    lay_out_and_paint(panel)
    assert not panel.curves.isVisible()
    panel.resize(480, 400)
    lay_out_and_paint(panel)
    assert panel.curves.isVisible()


def test_the_ticks_of_samples_are_their_z_and_are_computed_once_for_an_update(
    panel: FormulaPanel, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(update: TracedUpdate, X: Array, layer: int) -> Array:
        made.append(layer)
        return z_over_samples(update, X, layer)

    monkeypatch.setattr("bpviz.ui.walkthrough.formula_panel.z_over_samples", counted)
    stage.prepare()
    stage.model.select(layer=2, neuron=1)
    stage.show_update(4)  # a of layer 2
    zs, _ = backprop.forward(stage.training.network, stage.training.split.X_train)
    np.testing.assert_allclose(panel.curves.samples, zs[1][:, 1])
    assert panel.curves.toolTip().endswith("z of neuron 1 for 28 training samples")
    reach = panel.curves.points()[0][-1]
    assert reach >= np.abs(zs[1][:, 1]).max()
    panel.curves.grab()
    stage.model.select(layer=2, neuron=2)
    np.testing.assert_allclose(panel.curves.samples, zs[1][:, 2])
    assert made == [2]
    stage.step()
    stage.show_update(4)
    assert made == [2, 2]


def test_a_planted_mistake_has_no_ticks_of_samples(panel: FormulaPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, mistakes=("slope_left_out",)))
    stage.show_update(4)
    assert len(panel.curves.samples) == 0
    panel.curves.grab()
