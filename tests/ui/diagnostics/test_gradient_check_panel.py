import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.core.network import Network
from bpviz.session.diagnostics.gradient_check import EPSILONS, GradientsChecked
from bpviz.session.engine.commands import CheckGradients
from bpviz.session.engine.events import Failed
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.ui.diagnostics.gradient_check_panel import GradientCheckPanel
from bpviz.ui.style.theme import DARK, LIGHT
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, click_at, hover, lay_out_and_paint

DEEP = Experiment(samples=40, hidden=(5,) * 8, activations=("sigmoid",) * 9)


@pytest.fixture
def panel(show: Show, stage: Stage) -> GradientCheckPanel:
    made = GradientCheckPanel(stage.model)
    show(made, 700, 420)
    return made


def asked(stage: Stage) -> list[object]:
    return stage.commands.of(CheckGradients)


def cell(panel: GradientCheckPanel, layer: int, row: int, neuron: int) -> QPointF:
    """Return the scene position of the centre of a cell."""
    lay_out_and_paint(panel)
    point: QPointF = panel.maps[layer - 1].plot.vb.mapViewToScene(QPointF(neuron + 0.5, row + 0.5))
    return point


def with_errors(checked: GradientsChecked, value: float) -> GradientsChecked:
    """Return a check with the same relative error everywhere."""
    checks = tuple(
        dataclasses.replace(found, errors=np.full_like(found.errors, value), worst=value) for found in checked.checks
    )
    return dataclasses.replace(checked, checks=checks)


# Verdict


def test_without_a_current_update_there_is_nothing_to_check(panel: GradientCheckPanel, stage: Stage) -> None:
    assert panel.verdict.text() == "Press F11 to take one operation, F10 one sample; then press Check."
    stage.prepare()
    assert panel.verdict.text() == "Press F11 to take one operation, F10 one sample; then press Check."
    assert not panel.button.isEnabled()
    assert not panel.pictures.isVisible()


def test_the_current_update_is_checked_with_the_chosen_epsilon(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    assert panel.verdict.text().startswith("Press Check: ")
    click(panel.button)
    assert asked(stage) == [1e-5]
    assert panel.verdict.text() == "Checking…"


def test_the_verdict_has_a_mark_and_a_word_besides_its_colour(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    checked = stage.check()
    assert "✓ Right" in panel.verdict.text()
    assert panel.verdict.text().endswith(checked.verdict.sentence)


def test_an_error_is_reported_with_its_layer(
    panel: GradientCheckPanel, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    backward = backprop.backward

    def flipped(network: Network, zs: list[Array], activations: list[Array], y: Array) -> tuple[list[Array], ...]:
        errors, slopes, deltas = backward(network, zs, activations, y)
        return errors, slopes, [-deltas[0], *deltas[1:]]

    monkeypatch.setattr(backprop, "backward", flipped)
    stage.prepare()
    stage.show_update(4)
    stage.check()
    assert "✗ Wrong" in panel.verdict.text()
    assert "Layers 2 and 3 agree; the gradients of layer 1 are wrong (relative error 2)." in panel.verdict.text()
    assert "times −1" in panel.verdict.text()


def test_where_the_differences_cannot_tell_the_verdict_and_the_cells_say_so(
    panel: GradientCheckPanel, stage: Stage
) -> None:
    stage.prepare(DEEP)
    stage.show_update(4)
    checked = stage.check(1e-9)
    assert checked.verdict.cannot_tell
    assert "? Cannot tell here" in panel.verdict.text()
    assert "drown in the rounding of the loss" in panel.verdict.text()
    first = panel.maps[0]
    np.testing.assert_array_equal(first.doubts.image, checked.checks[0].doubts > 0)
    row, neuron = np.argwhere(checked.checks[0].doubts)[0]
    assert first.describe(row, neuron).endswith(" · cannot tell: the difference drowns in rounding")
    assert not panel.maps[-1].doubts.image.any()


def test_a_check_stays_valid_during_the_operations_of_its_update(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    stage.check()
    stage.show_update(9)
    assert "✓ Right" in panel.verdict.text()
    stage.step()
    assert "✓ Right" in panel.verdict.text()
    assert panel.maps[0].image.opacity() == 1.0


def test_a_check_of_another_update_is_dimmed_and_names_its_position(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.training.run_epoch()
    stage.show_update(0, sample=12)
    stage.check()
    stage.show_update(0, sample=13)
    assert panel.verdict.text() == "Checked at epoch 1, sample 12. Press Check again."
    assert panel.maps[0].image.opacity() < 0.5
    stage.show_update(5, sample=12)
    assert "✓ Right" in panel.verdict.text()


def test_a_batch_is_named_as_one(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(stage.model.experiment, batch_size=5))
    stage.show_update(0)
    stage.check()
    assert "epoch 0, a batch of 5 samples" in panel.readout.text()


def test_a_failed_check_is_not_pending(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    click(panel.button)
    stage.tell(Failed("This network is too large."))
    assert panel.verdict.text().startswith("Press Check: ")


def test_a_new_network_clears_the_check(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    stage.check(valley=True)
    stage.prepare(load_preset("mazur").experiment)
    assert panel.verdict.text().startswith("Press F11")
    assert [picture.found for picture in panel.maps] == [None, None]
    stage.show_update(4)
    stage.check(valley=True)
    assert "agree in both layers" in panel.verdict.text()
    panel.grab()


# Following


def test_follow_checks_every_new_update_but_not_every_operation(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(0, sample=3)
    click(panel.follow)
    assert asked(stage) == [1e-5]
    stage.check()
    stage.show_update(7, sample=3)
    assert len(asked(stage)) == 1
    stage.show_update(0, sample=4)
    assert len(asked(stage)) == 2


def test_follow_never_requests_a_second_check_before_the_first_is_done(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.follow)
    stage.show_update(0, sample=3)
    first = stage.model.current_update
    stage.show_update(0, sample=4)
    stage.show_update(0, sample=5)
    assert len(asked(stage)) == 1
    stage.model.current_update = first
    late = stage.check()
    assert late.samples.tolist() == [3]
    stage.show_update(0, sample=6)
    assert len(asked(stage)) == 2


def test_without_follow_no_check_is_requested(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.step()
    stage.step()
    assert asked(stage) == []


def test_a_hidden_panel_checks_and_draws_when_it_is_shown(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(0, sample=3)
    click(panel.follow)
    stage.check()
    panel.hide()
    stage.show_update(0, sample=4)
    stage.check()
    assert len(asked(stage)) == 1
    stage.show_update(0, sample=5)
    panel.show()
    assert len(asked(stage)) == 2
    assert panel.maps[0].found is stage.model.checked.checks[0]  # type: ignore[union-attr]


# Heatmaps


def test_there_is_a_map_for_each_layer_with_a_row_for_each_input_and_one_for_the_biases(
    panel: GradientCheckPanel, stage: Stage
) -> None:
    stage.prepare()
    stage.show_update(4)
    checked = stage.check()
    shapes = [picture.image.image.shape for picture in panel.maps]
    assert shapes == [(3, 4), (5, 3), (4, 2)]
    expected = np.log10(np.maximum(checked.checks[0].errors, 1e-12)) / 12 + 1
    np.testing.assert_allclose(panel.maps[0].image.image, np.clip(expected, 0, 1), atol=1e-6)
    assert panel.maps[0].plot.vb.viewRange() == [[0, 4], [0, 3]]


@pytest.mark.parametrize(
    ("error", "place"), [(0.0, 0), (1e-20, 0), (1e-12, 0), (1e-6, 0.5), (1.0, 1), (2.0, 1), (np.inf, 1), (np.nan, 1)]
)
def test_all_errors_are_on_one_scale_from_1e_12_to_1(
    panel: GradientCheckPanel, stage: Stage, error: float, place: float
) -> None:
    stage.prepare()
    stage.show_update(4)
    checked = stage.check()
    stage.tell(with_errors(checked, error))
    panel.grab()
    assert [float(picture.image.image.ravel()[0]) for picture in panel.maps] == pytest.approx([place] * 3)
    assert [text for _, text in panel.bar.ticks] == ["1e−12", "1e−9", "1e−6", "1e−3", "1"]


@pytest.mark.parametrize(("row", "name"), [(1, "dW[2][1, 2]"), (4, "db[2][2]")])
def test_hovering_shows_parameter_both_gradients_and_error(
    panel: GradientCheckPanel, stage: Stage, row: int, name: str
) -> None:
    stage.prepare()
    stage.show_update(4)
    found = stage.check().checks[1]
    hover(panel.canvas, cell(panel, 2, row, 2))
    parts = panel.readout.text().replace("−", "-").split(" · ")
    assert parts[0] == name
    assert float(parts[1].removeprefix("backpropagation ")) == pytest.approx(found.analytic[3 * row + 2], rel=1e-4)
    assert float(parts[2].removeprefix("central difference ")) == pytest.approx(found.numerical[3 * row + 2], rel=1e-4)
    assert float(parts[3].removeprefix("relative error ")) == pytest.approx(found.errors[row, 2], rel=0.06)
    hover(panel.canvas, QPointF(1, 1))
    assert panel.readout.text().startswith("relative errors by layer, b in the last row · epoch 0, sample ")


def test_a_click_on_a_cell_selects_its_neuron_and_keeps_the_sample(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(4)
    stage.check()
    click_at(panel.canvas, cell(panel, 2, 1, 2))
    selection = stage.model.selection
    assert (selection.sample, selection.layer, selection.neuron) == (int(update.samples[0]), 2, 2)
    assert [picture._neuron.isVisible() for picture in panel.maps] == [False, True, False]
    click_at(panel.canvas, cell(panel, 1, 0, 0), Qt.MouseButton.RightButton)
    assert stage.model.selection == selection


# Errors over epsilon


def test_the_errors_over_epsilon_arrive_after_the_verdict(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    stage.check()
    assert panel.readout.text().endswith("measuring errors over epsilon…")
    assert not any(line.isVisible() for line in panel.valley.lines)
    checked = stage.check(valley=True)
    assert "measuring" not in panel.readout.text()
    for index, line in enumerate(panel.valley.lines):
        x, y = line.getData()
        np.testing.assert_allclose(x, np.log10(EPSILONS))
        np.testing.assert_allclose(y, np.log10([errors[index] for _, errors in checked.valley]))
        assert line.isVisible()


def test_a_new_epsilon_is_marked_and_checked(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    panel.epsilon.setCurrentText("epsilon 1e−7")
    assert panel.valley.marker.value() == -7
    assert asked(stage) == []
    stage.check()
    panel.epsilon.setCurrentText("epsilon 1e−3")
    assert panel.valley.marker.value() == -3
    assert asked(stage) == [1e-3]


def test_epsilon_can_be_1e_2_to_1e_9(panel: GradientCheckPanel) -> None:
    texts = [panel.epsilon.itemText(index) for index in range(panel.epsilon.count())]
    assert texts == [f"epsilon 1e−{power}" for power in range(2, 10)]
    assert panel.epsilon.currentText() == "epsilon 1e−5"


@pytest.mark.slow
@pytest.mark.parametrize(("clicked", "chosen"), [(-6.8, -7), (-3.3, -3), (-11.9, -9), (-1.0, -2)])
def test_a_click_on_the_plot_chooses_the_nearest_epsilon(
    panel: GradientCheckPanel, stage: Stage, clicked: float, chosen: int
) -> None:
    stage.prepare()
    stage.show_update(4)
    stage.check(valley=True)
    lay_out_and_paint(panel)
    plot = panel.valley.plot
    click_at(plot, plot.getPlotItem().vb.mapViewToScene(QPointF(clicked, -2.0)))
    assert panel.epsilon.currentText() == f"epsilon 1e−{-chosen}"
    assert panel.valley.marker.value() == chosen
    assert asked(stage) == [pytest.approx(10.0**chosen)]


def test_the_line_can_be_dragged_and_snaps_to_a_power_of_ten(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    panel.valley.marker.setPos(-7.6)
    panel.valley.marker.sigPositionChangeFinished.emit(panel.valley.marker)
    assert panel.valley.marker.value() == -8
    assert panel.epsilon.currentText() == "epsilon 1e−8"


def test_the_line_of_the_selected_layer_is_wider(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    stage.check(valley=True)
    stage.model.select(layer=2, neuron=0)
    widths = [line.opts["pen"].widthF() for line in panel.valley.lines]
    assert widths[1] > widths[0] == widths[2]


def test_the_numbers_of_many_layers_do_not_overlap(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare(DEEP)
    stage.show_update(4)
    stage.check(valley=True)
    heights = sorted(number.pos().y() for number in panel.valley._numbers)
    assert len(heights) == 9
    assert np.diff(heights).min() >= 1.0
    panel.grab()


def test_errors_that_are_not_finite_are_drawn(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    checked = stage.check(valley=True)
    for value in (np.nan, np.inf, 0.0):
        points = tuple((epsilon, np.full_like(errors, value)) for epsilon, errors in checked.valley)
        stage.tell(dataclasses.replace(checked, valley=points))
        panel.grab()


def test_the_theme_can_change(panel: GradientCheckPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(4)
    stage.check(valley=True)
    stage.model.set_theme(DARK)
    assert DARK.positive in panel.verdict.text()
    stage.model.set_theme(LIGHT)
    assert LIGHT.positive in panel.verdict.text()
    panel.grab()


# The model


def test_the_model_keeps_a_check_until_there_is_a_new_network(stage: Stage) -> None:
    stage.prepare()
    received: list[object] = []
    stage.model.gradients_checked.connect(received.append)
    stage.model.post(CheckGradients(1e-4))
    assert asked(stage) == [1e-4]
    checked = stage.check()
    assert stage.model.checked is checked
    assert received == [checked]
    stage.prepare()
    assert stage.model.checked is None
