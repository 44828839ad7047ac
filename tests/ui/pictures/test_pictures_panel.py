import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from bpviz.session.engine.commands import InspectSample
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.pictures.pictures_panel import Mode, PicturesPanel
from bpviz.ui.style.theme import DARK, LIGHT
from tests.session.pictures.test_shape import own_table
from tests.ui.pictures.conftest import DIGITS
from tests.ui.pictures.on_panel import begin, own_commands, shown_outputs, turn_to, values_of
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, point_at, press

# The chosen sample


def test_a_sample_is_shown_in_original_units_with_its_class_and_the_prediction(
    panel: PicturesPanel, stage: Stage
) -> None:
    begin(stage)
    stage.model.select(sample=17)
    split, network = stage.training.split, stage.training.network
    ink, _ = values_of(panel)
    np.testing.assert_allclose(16 * ink.ravel(), split.scaling.undo(split.X_train[17]))
    np.testing.assert_allclose(shown_outputs(panel).values, network.feed_forward(split.X_train[17]))
    predicted = int(network.predict(split.X_train[17]))
    assert panel.caption() == f"sample 17, class {split.labels_train[17]}"
    assert panel.readout.text().startswith(f"Predicted: class {predicted} (")
    assert [text for _, text in panel.sample.input.bar.ticks] == ["0", "16"]
    assert panel.sample.input.caption.text() == "Input, 0 to 16"


def test_the_second_picture_is_delta_times_the_transposed_weights(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    update = stage.show_update(3, sample=9)
    stage.model.select(sample=9)
    _, gradient = values_of(panel)
    expected = update.trace.layers[0].delta[0] @ update.layers[0].W.T
    np.testing.assert_allclose(gradient.ravel(), expected, rtol=1e-9, atol=1e-12)
    top = float(panel.sample.gradient.bar.ticks[-1][1])
    assert top >= np.abs(expected).max()
    assert panel.sample.gradient.caption.text() == "dL/dx: which pixels make this loss"
    assert panel.sentence.text() == "Green: more ink raises the loss. Purple: more ink lowers it."


def test_more_ink_where_it_is_green_raises_the_loss(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.model.select(sample=4)
    _, gradient = values_of(panel)
    split, network = stage.training.split, stage.training.network
    greenest = int(gradient.argmax())
    more = split.X_train[4].copy()
    more[greenest] += 1e-4
    assert network.losses(more, split.y_train[4]) > network.losses(split.X_train[4], split.y_train[4])


def test_without_a_choice_it_is_the_sample_of_the_current_update_or_the_first(
    panel: PicturesPanel, stage: Stage
) -> None:
    begin(stage, epochs=0)
    assert panel.caption().startswith("sample 0, ")
    update = stage.show_update(0)
    assert panel.caption().startswith(f"sample {update.samples[0]}, ")


def test_the_arrows_take_up_the_samples_next_to_it(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    click(panel.forth)
    assert stage.model.selection.sample == 1
    click(panel.back)
    click(panel.back)
    last = len(stage.training.split.X_train) - 1
    assert stage.model.selection.sample == last
    assert stage.commands.of(InspectSample) == [1, 0, last]


def test_a_pixel_under_the_pointer_is_read_out_in_both_units(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.model.select(sample=17)
    lay_out_and_paint(panel)
    view, split = panel.sample.input.view, stage.training.split
    point_at(view, view.centre_of(2, 3).toPoint())
    original = split.scaling.undo(split.X_train[17])[19]
    assert panel.readout.text().startswith(f"pixel_2_3: {original:.3g}")
    assert ", scaled " in panel.readout.text()
    assert ", dL/dx " in panel.readout.text()
    point_at(view, QPoint(view.width() - 1, view.height() + 5))
    view.setFocus()
    press(panel.sample.gradient.view, Qt.Key.Key_Right)
    assert panel.readout.text().startswith("pixel_0_0: ")


def test_numbers_are_those_of_the_moment_on_screen(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.model.select(sample=17)
    late = shown_outputs(panel).values.copy()
    stage.training.network.parameters[:] = 0.0  # as after going back to another moment
    stage.frame()
    np.testing.assert_allclose(shown_outputs(panel).values, np.full(10, 0.1))
    assert not np.allclose(late, 0.1)


def test_before_the_first_numbers_the_input_is_shown_without_outputs(panel: PicturesPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.sample.input.view.values is not None
    assert panel.sample.gradient.view.values is None
    assert panel.sample.bars.outputs is None
    panel.grab()


def test_parameters_that_are_not_finite_are_shown(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.training.network.parameters[:] = np.nan
    stage.frame()
    for mode in Mode:
        turn_to(panel, mode)


# Weights


def test_each_neuron_has_its_weights_as_a_picture(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.WEIGHTS)
    np.testing.assert_array_equal(panel.weights.grid.W, stage.training.network.layers[0].weights)
    assert panel.weights.grid.n_neurons == 6
    stage.model.select(layer=1, neuron=4)
    expected = stage.training.network.layers[0].weights[:, 4].reshape(8, 8)
    np.testing.assert_array_equal(panel.weights.large.view.values, expected)
    assert panel.weights.large.caption.text() == "Weights into neuron 4 of layer 1"


def test_a_click_on_a_small_picture_chooses_its_neuron_for_all_panels(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.WEIGHTS)
    grid = panel.weights.grid
    click(grid, grid.place(3).center())
    assert (stage.model.selection.layer, stage.model.selection.neuron) == (1, 3)
    assert grid.chosen == 3


def test_a_neuron_of_another_layer_is_not_marked_among_those_of_the_first(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.WEIGHTS)
    stage.model.select(layer=2, neuron=3)
    assert panel.weights.grid.chosen is None
    assert panel.weights.large.view.values is None
    assert panel.weights.large.caption.text() == "Click a neuron to see it large"


def test_the_keyboard_chooses_neurons_too(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.WEIGHTS)
    grid = panel.weights.grid
    grid.setFocus()
    chosen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home):
        press(grid, key)
        chosen.append(stage.model.selection.neuron)
    assert chosen == [0, 1, 5, 4, 0]
    press(grid, Qt.Key.Key_Down)
    assert stage.model.selection.neuron == min(grid.n_columns, 5)


def test_weights_follow_a_run_at_the_pace_of_frames(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.WEIGHTS)
    stage.become(State.RUNNING)
    stage.training.run_epoch()
    stage.frame()
    stage.model.paint_queue.finish()
    np.testing.assert_array_equal(panel.weights.grid.W, stage.training.network.layers[0].weights)


def test_a_panel_that_is_not_seen_draws_nothing_until_it_is(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.WEIGHTS)
    before = panel.weights.grid.W
    panel.set_seen(False)
    stage.training.run_epoch()
    stage.frame()
    assert panel.weights.grid.W is before
    panel.set_seen(True)
    np.testing.assert_array_equal(panel.weights.grid.W, stage.training.network.layers[0].weights)


def test_many_neurons_are_scrolled_and_the_chosen_one_comes_into_sight(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage, dataclasses.replace(DIGITS, hidden=(300,)), epochs=0)
    turn_to(panel, Mode.WEIGHTS)
    area, grid = panel.weights.area, panel.weights.grid
    assert area.verticalScrollBar().maximum() > 0
    stage.model.select(layer=1, neuron=299)
    lay_out_and_paint(panel)
    seen = area.viewport().rect().translated(-grid.pos())
    assert seen.contains(grid.place(299).center())
    assert grid.neuron_at(grid.place(299).center()) == 299
    assert grid.neuron_at(QPoint(grid.width() - 1, 3)) is None


# Other data


def test_data_that_are_no_pictures_say_so(panel: PicturesPanel, stage: Stage) -> None:
    assert panel.none.text.text() == "Choose an experiment first."
    begin(stage)
    assert panel.pages.currentWidget() is panel.sample
    begin(stage, Experiment(samples=60, hidden=(4,), activations=("tanh", "sigmoid")))
    assert panel.pages.currentWidget() is panel.none
    assert "no picture" in panel.none.text.text()
    assert not panel.none.square.isVisible()
    assert panel.caption() == ""
    for control in (panel.mode, panel.back, panel.forth):
        assert not control.isEnabled()
    begin(stage, DIGITS)
    assert panel.pages.currentWidget() is panel.sample


def test_a_table_of_a_square_number_of_columns_is_shown_as_a_picture_if_asked(
    panel: PicturesPanel, stage: Stage
) -> None:
    begin(stage, own_table(9))
    assert panel.pages.currentWidget() is panel.none
    assert panel.none.square.text() == "Show them as 3 × 3 pixels"
    click(panel.none.square)
    assert panel.pages.currentWidget() is panel.sample
    assert values_of(panel)[0].shape == (3, 3)
    assert shown_outputs(panel).names == ("a", "b")
    begin(stage, own_table(9))  # the same columns again
    assert panel.pages.currentWidget() is panel.sample
    begin(stage, own_table(16))
    assert panel.pages.currentWidget() is panel.none


def test_a_regression_on_pixels_has_targets_and_no_classes(panel: PicturesPanel, stage: Stage) -> None:
    numbers = dataclasses.replace(
        own_table(9),
        inputs=("p1", "p2", "p3", "p4"),
        target="p0",
        task="regression",
        activations=("tanh", "none"),
        loss="mse",
    )
    begin(stage, numbers)
    click(panel.none.square)
    stage.model.select(sample=3)
    assert not shown_outputs(panel).is_classification
    assert panel.readout.text().startswith("Loss ")
    turn_to(panel, Mode.DRAW)
    assert not panel.draw.target.isVisible()
    click(panel.draw.copy)
    click(panel.draw.walk)
    assert own_commands(stage)[-1].targets == tuple(stage.training.split.y_train[3].tolist())


# The look


def test_another_theme_repaints_all_pages(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    for mode in Mode:
        turn_to(panel, mode)
        light = panel.grab().toImage()
        stage.model.set_theme(DARK)
        assert panel.grab().toImage() != light
        stage.model.set_theme(LIGHT)


@pytest.mark.parametrize(("width", "height"), [(220, 300), (300, 700), (460, 300), (900, 260)])
def test_pictures_are_square_and_inside_the_panel_in_any_shape_of_it(
    panel: PicturesPanel, stage: Stage, width: int, height: int
) -> None:
    begin(stage)
    for mode in (Mode.SAMPLE, Mode.DRAW):
        panel.mode.setCurrentText(mode)
        body = panel.sample if mode is Mode.SAMPLE else panel.draw.body
        body.resize(width, height)
        lay_out_and_paint(body)
        for view in (body.input.view, body.gradient.view):
            assert abs(view.width() - view.height()) <= 1
            assert body.rect().contains(view.mapTo(body, view.rect().bottomRight()))
            assert view.width() > 40
    assert body.input.view.cell_at(QPointF(2, 2)) == (0, 0)
