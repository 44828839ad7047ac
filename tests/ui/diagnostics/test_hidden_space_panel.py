import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from sklearn.decomposition import PCA

from bpviz.core import backprop
from bpviz.core.arrays import Array
from bpviz.session.engine.commands import InspectSample, SetFrameOptions
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.ui.diagnostics.hidden_space_panel import HiddenSpacePanel
from bpviz.ui.style import formats
from bpviz.ui.style.theme import DARK
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, click_at, hover, lay_out_and_paint, press

BLOBS = Experiment(dataset="blobs", classes=3, samples=90, hidden=(6,), activations=("tanh", "softmax"))


@pytest.fixture
def panel(show: Show, stage: Stage) -> HiddenSpacePanel:
    made = HiddenSpacePanel(stage.model)
    show(made, 560, 420)
    return made


def activations(stage: Stage) -> list[Array]:
    """Return the activations of layers 1..L for the displayed training samples."""
    prepared = stage.model.prepared
    assert prepared is not None
    return backprop.forward(stage.training.network, prepared.split.X_train[prepared.shown.train])[1]


def tell_frame(stage: Stage, layers: list[Array] | None = None) -> Frame:
    """Send a frame with the requested activations."""
    a = layers or activations(stage)
    made = dataclasses.replace(stage.make_frame(), activations=tuple(layer.astype(np.float32) for layer in a))
    stage.tell(made)
    return made


def show_neurons(panel: HiddenSpacePanel, layer: int, across: int, up: int) -> None:
    panel.layer.setCurrentIndex(layer)
    panel.view.setCurrentText("Neurons")
    panel.across.setCurrentIndex(across)
    panel.up.setCurrentIndex(up)


def axis_names(panel: HiddenSpacePanel) -> tuple[str, str]:
    item = panel.plot.getPlotItem()
    return item.getAxis("bottom").labelText, item.getAxis("left").labelText


def drawn(panel: HiddenSpacePanel) -> list[Array]:
    """Return the positions of the points of each class."""
    return [np.column_stack((item.data["x"], item.data["y"])) for item in panel.points.classes if len(item.data)]


def spot(panel: HiddenSpacePanel, row: int) -> QPointF:
    """Return the scene position of a sample."""
    lay_out_and_paint(panel)
    point: QPointF = panel.plot.getPlotItem().vb.mapViewToScene(QPointF(*panel.points.places[row]))
    return point


# Requested frame options


def test_activations_are_requested_while_the_panel_is_visible(panel: HiddenSpacePanel, stage: Stage) -> None:
    panel.hide()
    assert stage.commands.of(SetFrameOptions) == [FrameOptions(activations=True), FrameOptions()]
    panel.show()
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(activations=True)


def test_without_activations_there_is_a_hint(panel: HiddenSpacePanel, stage: Stage) -> None:
    assert "Press F5 to train" in panel.readout.text()
    stage.prepare()
    stage.frame()
    if not stage.make_frame().activations:
        assert "on their way" in panel.readout.text()
    tell_frame(stage)
    assert panel.readout.text().startswith("● class 0  ▲ class 1  × misclassified · 28 training samples")


# Drawing


def test_the_last_hidden_layer_is_shown_first_by_principal_components(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    oracle = PCA(2).fit(activations(stage)[1])
    places = oracle.transform(activations(stage)[1])
    assert panel.layer.currentText() == "Layer 2"
    np.testing.assert_allclose(np.abs(panel.points.places), np.abs(places), atol=1e-5)
    shares = oracle.explained_variance_ratio_
    for index, name in enumerate(axis_names(panel)):
        assert name.startswith(f"component {index + 1} · ")
        assert float(name.split()[3]) == pytest.approx(100 * shares[index], rel=0.06)


def test_two_neurons_can_be_selected(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    show_neurons(panel, layer=1, across=3, up=1)
    np.testing.assert_allclose(panel.points.places, activations(stage)[0][:, [3, 1]], rtol=1e-6)
    assert axis_names(panel) == ("a of neuron 3", "a of neuron 1")


def test_a_layer_of_two_neurons_is_shown_without_components(panel: HiddenSpacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    tell_frame(stage)
    panel.layer.setCurrentIndex(3)
    np.testing.assert_allclose(panel.points.places, activations(stage)[2], rtol=1e-6)
    assert not panel.view.isEnabled()
    assert [combo.isVisible() for combo in (panel.across, panel.up)] == [False, False]
    panel.layer.setCurrentIndex(0)
    np.testing.assert_array_equal(panel.points.places, prepared.split.X_train[prepared.shown.train])
    assert axis_names(panel) == ("input x₁", "input x₂")


def test_a_layer_of_one_neuron_is_shown_against_the_class(panel: HiddenSpacePanel, stage: Stage) -> None:
    prepared = stage.prepare(dataclasses.replace(SMALL, hidden=(1,), activations=("tanh", "sigmoid")))
    tell_frame(stage)
    expected = np.column_stack((activations(stage)[0][:, 0], prepared.split.labels_train[prepared.shown.train]))
    np.testing.assert_allclose(panel.points.places, expected, rtol=1e-6)
    assert axis_names(panel) == ("a of neuron 0", "class")


def test_each_class_has_its_own_colour_and_symbol(panel: HiddenSpacePanel, stage: Stage) -> None:
    prepared = stage.prepare(BLOBS)
    tell_frame(stage)
    labels = prepared.split.labels_train[prepared.shown.train]
    assert [len(places) for places in drawn(panel)] == np.bincount(labels).tolist()
    for number, places in enumerate(drawn(panel)):
        np.testing.assert_array_equal(places, panel.points.places[labels == number])
    looks = [(item.opts["symbol"], item.opts["brush"].color().name()) for item in panel.points.classes]
    assert len({shape for shape, _ in looks}) == len({colour for _, colour in looks}) == len(looks)


def test_crosses_on_mistakes_can_be_hidden(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    frame = tell_frame(stage)
    assert 0 < frame.wrong_train.sum() == len(panel.points.wrong.data)
    click(panel.mistakes)
    assert not panel.points.wrong.isVisible()
    stage.train()
    tell_frame(stage)
    assert not panel.points.wrong.isVisible()


def test_ranges_are_stable_and_grow_when_needed(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    show_neurons(panel, layer=1, across=0, up=1)
    a = activations(stage)
    ranges = []
    for size in (1.0, 0.9, 1.02, 3.0, 2.5):
        tell_frame(stage, [layer.mean() + size * (layer - layer.mean()) for layer in a])
        ranges.append(panel.plot.getPlotItem().vb.viewRange())
    assert ranges[0] == ranges[1] == ranges[2]
    assert ranges[3] == ranges[4] != ranges[0]
    (left, right), (bottom, top) = ranges[4]
    assert (panel.points.places > (left, bottom)).all()
    assert (panel.points.places < (right, top)).all()


def test_a_zoomed_view_stays_until_fit_is_clicked(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    view = panel.plot.getPlotItem().vb
    view.scaleBy((0.5, 0.5))
    view.sigRangeChangedManually.emit([True, True])
    zoomed = view.viewRange()
    stage.train(3)
    tell_frame(stage)
    assert view.viewRange() == zoomed
    panel._fit()
    assert view.viewRange() != zoomed


def test_components_keep_their_sign_between_frames(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    before = panel.points.places.copy()
    tell_frame(stage, [-layer + 1e-4 * layer**2 for layer in activations(stage)])  # mirrored at the mean
    np.testing.assert_allclose(panel.points.places, -before, atol=1e-2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 3e38])
@pytest.mark.parametrize("view", ["PCA", "Neurons"])
def test_values_that_are_not_finite_are_not_drawn(panel: HiddenSpacePanel, stage: Stage, bad: float, view: str) -> None:
    stage.prepare()
    panel.view.setCurrentText(view)
    a = activations(stage)
    a[1][4, 0] = bad
    tell_frame(stage, a)
    panel.grab()
    assert sum(map(len, drawn(panel))) == (28 if np.isfinite(bad) else 27)
    tell_frame(stage, [np.full_like(layer, bad) for layer in a])
    panel.grab()
    if not np.isfinite(bad):
        assert panel.readout.text().startswith("Layer 2 has no finite activations: go back in time")


def test_while_training_runs_a_frame_is_drawn_through_the_paint_queue(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    before = panel.points.places
    stage.train(2)
    stage.become(State.RUNNING)
    tell_frame(stage)
    assert panel.points.places is before
    stage.model.paint_queue.finish()
    assert panel.points.places is not before


def test_a_hidden_panel_draws_nothing_until_it_is_shown(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    before = panel.points.places
    panel.hide()
    stage.train(2)
    tell_frame(stage)
    assert panel.points.places is before
    panel.show()
    assert panel.points.places is not before


# Selection, pointer and keyboard


def test_a_click_selects_and_inspects_the_sample(panel: HiddenSpacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    tell_frame(stage)
    click_at(panel.plot, spot(panel, 9), Qt.MouseButton.RightButton)
    assert stage.model.selection.sample is None
    click_at(panel.plot, spot(panel, 9))
    sample = int(prepared.shown.train[9])
    assert stage.model.selection.sample == sample
    assert stage.commands.of(InspectSample) == [sample]


def test_the_selected_sample_has_a_ring_that_moves_with_it(panel: HiddenSpacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    tell_frame(stage)
    stage.model.select(sample=int(prepared.shown.train[3]))
    assert (panel.points.chosen.data["x"][0], panel.points.chosen.data["y"][0]) == tuple(panel.points.places[3])
    stage.train(3)
    tell_frame(stage)
    assert panel.points.chosen.data["x"][0] == panel.points.places[3, 0]
    stage.model.select_nothing()
    assert not len(panel.points.chosen.data)


def test_a_neuron_selected_elsewhere_becomes_the_horizontal_axis(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    show_neurons(panel, layer=1, across=0, up=1)
    stage.model.select(layer=1, neuron=2)
    assert axis_names(panel) == ("a of neuron 2", "a of neuron 1")
    stage.model.select(layer=2, neuron=0)
    assert axis_names(panel) == ("a of neuron 2", "a of neuron 1")


def test_the_sample_under_the_pointer_is_described(panel: HiddenSpacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    frame = tell_frame(stage)
    row = int(np.flatnonzero(frame.wrong_train)[0])
    hover(panel.plot, spot(panel, row))
    sample = prepared.shown.train[row]
    label = prepared.split.labels_train[sample]
    assert panel.readout.text().startswith(f"sample {sample} of class {label} · misclassified · ")
    hover(panel.plot, QPointF(1, 1))
    assert "28 training samples" in panel.readout.text()


def test_the_arrow_keys_select_samples_and_describe_them(panel: HiddenSpacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    tell_frame(stage)
    panel.activateWindow()
    panel.plot.setFocus()
    samples = [int(sample) for sample in prepared.shown.train]
    chosen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        press(panel.plot, key)
        chosen.append(stage.model.selection.sample)
    assert chosen == [samples[row] for row in (0, 1, 2, 1, 0, -1)]
    assert stage.commands.of(InspectSample) == []
    press(panel.plot, Qt.Key.Key_Return)
    assert stage.commands.of(InspectSample) == [samples[-1]]
    assert f"sample {samples[-1]} of class 1" in panel.plot.accessibleDescription()


def test_networks_of_any_depth_can_follow_each_other(panel: HiddenSpacePanel, stage: Stage) -> None:
    for hidden in ((), (7,), (5, 4, 3, 2, 5, 6, 7, 8), (1,), (4, 3)):
        stage.prepare(dataclasses.replace(SMALL, hidden=hidden, activations=("tanh",) * len(hidden) + ("sigmoid",)))
        tell_frame(stage)
        assert panel.layer.count() == len(hidden) + 2
        assert panel.layer.currentIndex() == max(len(hidden), 1)
        assert len(panel.points.places) == 28
        panel.grab()


def test_another_theme_is_drawn(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    stage.model.set_theme(DARK)
    panel.grab()
    assert panel.points.wrong.opts["pen"].color().name().upper() == DARK.ink


def test_classes_have_their_names_and_a_regression_has_none(panel: HiddenSpacePanel, stage: Stage) -> None:
    stage.prepare(load_preset("iris").experiment)
    tell_frame(stage)
    assert panel.readout.text() == "● setosa  ▲ versicolor  ■ virginica  × misclassified · 105 training samples"
    hover(panel.plot, spot(panel, 0))
    sample = stage.model.prepared.shown.train[0] if stage.model.prepared else None
    assert panel.readout.text().startswith(f"sample {sample} of setosa")
    stage.prepare(load_preset("plane").experiment)
    tell_frame(stage)
    count = formats.count(len(stage.training.split.X_train))
    assert panel.readout.text() == f"{count} training samples"
