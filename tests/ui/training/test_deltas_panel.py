import dataclasses
import gc
import sys

import numpy as np
import pytest
from pyqtgraph import debug
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt

from bpviz.session.engine.events import EpochsDone, State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.frames.class_colours import CLASSES, rgb
from bpviz.ui.style.theme import DARK
from bpviz.ui.training.deltas_panel import DeltasPanel
from bpviz.ui.view_model.selection import Selection
from tests.session.helpers import SMALL, epoch_record
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, click_at, drag_to, hover, lay_out_and_paint

MANY = Experiment(samples=6000, hidden=(3,), activations=("sigmoid", "sigmoid"))
BLOBS = Experiment(dataset="blobs", classes=3, samples=90, hidden=(6,), activations=("tanh", "softmax"))


@pytest.fixture
def panel(show: Show, stage: Stage) -> DeltasPanel:
    made = DeltasPanel(stage.model)
    show(made, 660, 420)
    return made


def uniform(stage: Stage, *values: float) -> None:
    """Send a frame with the same delta everywhere in each layer."""
    frame = stage.make_frame()
    deltas = tuple(np.full_like(delta, value) for value, delta in zip(values, frame.deltas, strict=True))
    stage.tell(dataclasses.replace(frame, deltas=deltas))


def tell_epochs(stage: Stage, rms: list[float]) -> None:
    """Send epochs in which every neuron has the given RMS delta."""
    start = len(stage.model.epochs)
    stage.tell(EpochsDone(tuple(epoch_record(start + i, rms=np.full(9, v)) for i, v in enumerate(rms)), 1.0))


def ticks(panel: DeltasPanel) -> list[float]:
    return [float(text.replace("−", "-")) for _, text in panel.bar.ticks]


def cell(panel: DeltasPanel, layer: int, row: int, neuron: int) -> QPointF:
    """Return the scene position of the centre of a cell."""
    lay_out_and_paint(panel)
    point: QPointF = panel.columns[layer - 1].plot.vb.mapViewToScene(QPointF(neuron + 0.5, row + 0.5))
    return point


def test_a_drag_ends_where_the_plots_are_replaced(
    panel: DeltasPanel, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.prepare()
    uniform(stage, 0.5, -0.25, 0.125)
    start = panel.canvas.mapFromScene(cell(panel, 1, 5, 1))
    printed: list[object] = []
    monkeypatch.setattr(debug, "printExc", lambda *arguments, **_: printed.append(sys.exception()))
    drag_to(panel.canvas.viewport(), start, start + QPoint(0, 30), press=True)
    stage.prepare(BLOBS)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    drag_to(panel.canvas.viewport(), start, start + QPoint(0, 60), release=True)
    assert not printed
    assert panel.canvas.scene().dragItem is None


# Samples now


def test_there_is_a_heatmap_for_each_layer_with_its_width_and_rms(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    uniform(stage, 0.5, -0.25, 0.125)
    assert [column.width for column in panel.columns] == [4, 3, 2]
    assert [column.rms for column in panel.columns] == [0.5, 0.25, 0.125]
    assert "Layer 2 · 3" in panel.columns[1].title.labelText
    assert "RMS 0.250" in panel.columns[1].title.labelText


def test_rows_are_the_samples_ordered_by_class(panel: DeltasPanel, stage: Stage) -> None:
    prepared = stage.prepare()
    frame = stage.frame()
    labels = prepared.split.labels_train[prepared.shown.train]
    assert (np.diff(labels) >= 0).all()
    for column, delta in zip(panel.columns, frame.deltas, strict=True):
        np.testing.assert_array_equal(column.values, delta)


def test_a_regression_has_no_strip_of_classes(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(load_preset("plane").experiment, samples=20))
    stage.frame()
    assert not panel._strip.isVisible()


@pytest.mark.parametrize("experiment", [SMALL, BLOBS], ids=["two classes", "three"])
def test_the_strip_has_the_colours_of_the_classes(panel: DeltasPanel, stage: Stage, experiment: Experiment) -> None:
    prepared = stage.prepare(experiment)
    stage.frame()
    panel._strip.render()
    painted = panel._strip.qimage
    labels = prepared.split.labels_train[prepared.shown.train]
    colours = [painted.pixelColor(0, row).name().upper() for row in range(painted.height())]
    assert colours == [CLASSES[label] for label in labels]


def test_all_layers_share_one_range(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    panel.scale.setCurrentText("Linear")
    uniform(stage, 0.001, 0.01, 0.9)
    assert [float(column.image.image[0, 0]) for column in panel.columns] == pytest.approx([0.001, 0.01, 0.9])
    assert {tuple(column.image.levels) for column in panel.columns} == {(-1.0, 1.0)}
    assert ticks(panel) == [-1, -0.5, 0, 0.5, 1]


def test_the_readout_compares_layer_1_with_the_last(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    uniform(stage, 0.01, 0.1, 0.25)
    words = "RMS of layer 1 is 25 times smaller than that of layer 3"
    assert panel.readout.text() == f"dL_s/dz of 28 training samples by class · {words}"
    uniform(stage, 0.5, 0.1, 0.25)
    assert panel.readout.text().endswith("RMS of layer 1 is 2.0 times larger than that of layer 3")


def test_the_range_is_stable_between_frames(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    tops = []
    for size in (0.9, 0.5, 0.3, 0.8):
        uniform(stage, size, size, size)
        tops.append(ticks(panel)[-1])
    assert tops == [1, 1, 1, 1]


def test_the_range_can_be_locked_and_unlocked(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    uniform(stage, 0.9, 0.9, 0.9)
    click(panel.hold)
    uniform(stage, 9.0, 9.0, 9.0)
    assert ticks(panel)[-1] == 1
    click(panel.hold)
    assert ticks(panel)[-1] == 10


def test_a_new_network_resets_the_range(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    uniform(stage, 9.0, 9.0, 9.0)
    stage.prepare()
    uniform(stage, 9e-7, 9e-7, 9e-7)
    assert ticks(panel)[-1] == 1e-6


def test_the_log_scale_shows_what_the_linear_scale_hides(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    uniform(stage, -0.001, 0.01, 1.0)
    panel.scale.setCurrentText("Log")
    small, middle, large = (float(column.image.image[0, 0]) for column in panel.columns)
    assert -0.3 < small < -0.2
    assert 0.45 < middle < 0.55
    assert large == pytest.approx(1)
    assert ticks(panel) == [-1, -0.01, 0, 0.01, 1]
    panel.scale.setCurrentText("Linear")
    assert float(panel.columns[0].image.image[0, 0]) == pytest.approx(-0.001)


def test_too_many_samples_are_thinned_and_the_readout_has_both_numbers(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare(MANY)
    stage.frame()
    assert len(panel.columns[0].values) == 2000
    assert "of 4,200 training samples by class, 2,000 of them, evenly spaced" in panel.readout.text()


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan, 3e38])
@pytest.mark.parametrize("scale", ["Linear", "Log"])
def test_deltas_beyond_the_float_range_are_drawn(panel: DeltasPanel, stage: Stage, bad: float, scale: str) -> None:
    stage.prepare()
    panel.scale.setCurrentText(scale)
    uniform(stage, 0.5, bad, 0.5)
    panel.grab()
    uniform(stage, bad, bad, bad)
    panel.grab()


def test_deltas_of_zero_are_drawn(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    uniform(stage, 0.0, 0.0, 0.0)
    panel.grab()
    assert not panel.columns[0].image.image.any()
    assert panel.readout.text() == "dL_s/dz of 28 training samples by class"


def test_a_zoomed_view_stays_when_frames_arrive(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    panel.columns[0].plot.setYRange(3, 6, padding=0)
    stage.train()
    stage.frame()
    assert panel.columns[2].plot.vb.viewRange()[1] == pytest.approx([3, 6])
    stage.prepare()
    stage.frame()
    assert panel.columns[2].plot.vb.viewRange()[1] == pytest.approx([0, 28], abs=1e-9)


def test_zooming_one_layer_zooms_all(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    lay_out_and_paint(panel)
    panel.columns[1].plot.setYRange(3, 6, padding=0)
    views = [*(column.plot.vb for column in panel.columns), panel._strip_view]
    for row in (3, 6):
        heights = [view.mapViewToScene(QPointF(0, row)).y() for view in views]
        assert heights == pytest.approx([heights[0]] * 4, abs=0.5)  # pixels
    assert views[0].viewRange()[1] == pytest.approx([3, 6])


# Epochs


def test_in_the_epochs_view_rows_are_epochs_and_columns_neurons(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    records = stage.train(5)
    panel.view.setCurrentText("Epochs, RMS")
    shown = np.concatenate([column.values for column in panel.columns], axis=1)
    np.testing.assert_allclose(shown, [record.delta_rms for record in records], rtol=1e-6)
    assert {tuple(column.image.levels) for column in panel.columns} == {(0.0, 1.0)}
    assert panel.readout.text() == "5 epochs, one row per epoch, the first at the top"
    assert not panel._strip.isVisible()
    assert min(ticks(panel)) == 0


def test_epochs_are_added_while_training_runs(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    panel.view.setCurrentText("Epochs, RMS")
    stage.train(2)
    stage.frame()
    stage.train(3)
    assert len(panel.columns[0].values) == 5


def test_more_epochs_than_rows_are_binned_by_rms(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    panel.view.setCurrentText("Epochs, RMS")
    tell_epochs(stage, [3.0, 4.0] * 350 + [7.0])
    values = panel.columns[0].values
    assert len(values) == 351
    np.testing.assert_allclose(values[:350], np.sqrt(12.5), rtol=1e-6)
    np.testing.assert_allclose(values[350], 7)
    assert panel.readout.text() == "701 epochs, one row per 2 epochs, the first at the top"
    hover(panel.canvas, cell(panel, 1, 200, 0))
    assert "epoch 40" in panel.readout.text()


@pytest.mark.parametrize("huge", [1e30, np.inf])
def test_exploding_epochs_are_binned(panel: DeltasPanel, stage: Stage, huge: float) -> None:
    stage.prepare()
    panel.view.setCurrentText("Epochs, RMS")
    tell_epochs(stage, [1.0] * 700 + [huge] * 2)
    assert float(panel.columns[0].values[0, 0]) == 1
    assert float(panel.columns[0].values[-1, 0]) == np.float32(huge)


def test_the_samples_view_shows_the_latest_frame(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(3)
    panel.view.setCurrentText("Epochs, RMS")
    frame = stage.frame()
    panel.view.setCurrentText("Samples now")
    np.testing.assert_array_equal(panel.columns[0].values, frame.deltas[0])
    assert panel._strip.isVisible()


def test_before_the_first_epoch_the_epochs_are_empty(panel: DeltasPanel, stage: Stage) -> None:
    panel.view.setCurrentText("Epochs, RMS")
    stage.prepare()
    stage.train(3)
    stage.prepare()
    assert all(len(column.values) == 0 for column in panel.columns)
    assert panel.readout.text() == "No epoch is complete yet"


def test_the_epochs_view_without_epochs_is_empty(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    panel.view.setCurrentText("Epochs, RMS")
    assert all(column.image.image is None for column in panel.columns)
    assert panel.readout.text() == "No epoch is complete yet"


def test_a_click_on_an_epoch_selects_only_the_neuron(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(5)
    stage.frame()
    panel.view.setCurrentText("Epochs, RMS")
    click_at(panel.canvas, cell(panel, 2, 4, 1))
    assert stage.model.selection == Selection(None, 2, 1)


# Pointer


@pytest.mark.parametrize(("layer", "row", "neuron"), [(1, 0, 0), (1, 27, 3), (3, 13, 1)])
def test_a_click_selects_sample_layer_and_neuron(
    panel: DeltasPanel, stage: Stage, layer: int, row: int, neuron: int
) -> None:
    prepared = stage.prepare()
    stage.frame()
    click_at(panel.canvas, cell(panel, layer, row, neuron))
    assert stage.model.selection == Selection(int(prepared.shown.train[row]), layer, neuron)


def test_only_the_left_button_selects(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    click_at(panel.canvas, cell(panel, 1, 3, 1), Qt.MouseButton.RightButton)
    assert stage.model.selection == Selection()


def test_value_sample_and_neuron_under_the_pointer_are_shown(panel: DeltasPanel, stage: Stage) -> None:
    prepared = stage.prepare()
    frame = stage.frame()
    hover(panel.canvas, cell(panel, 2, 5, 1))
    sample = prepared.shown.train[5]
    label = prepared.split.labels_train[sample]
    value = float(panel.readout.text().split()[-1].replace("−", "-"))
    assert panel.readout.text().startswith(f"layer 2 · neuron 1 · sample {sample} of class {label} · delta")
    assert value == pytest.approx(float(frame.deltas[1][5, 1]), rel=1e-3)


def test_outside_the_heatmaps_the_readout_is_a_summary(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    hover(panel.canvas, cell(panel, 2, 5, 1))
    hover(panel.canvas, QPointF(1, 1))
    assert panel.readout.text().startswith("dL_s/dz of 28")


def test_there_is_no_row_above_the_first(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    panel.columns[0].plot.setYRange(-5, 5, padding=0)
    click_at(panel.canvas, cell(panel, 1, -1, 1))
    assert stage.model.selection == Selection()


def test_the_selection_of_other_panels_is_marked(panel: DeltasPanel, stage: Stage) -> None:
    prepared = stage.prepare()
    stage.frame()
    stage.model.select(sample=int(prepared.shown.train[9]), layer=2, neuron=1)
    assert [column._row.isVisible() for column in panel.columns] == [True] * 3
    assert {column._row.value() for column in panel.columns} == {9.5}
    assert [column._neuron.isVisible() for column in panel.columns] == [False, True, False]
    assert panel.columns[1]._neuron.getRegion() == (1, 2)
    stage.model.select_nothing()
    assert not any(column._row.isVisible() or column._neuron.isVisible() for column in panel.columns)


def test_a_sample_that_is_not_displayed_has_no_row(panel: DeltasPanel, stage: Stage) -> None:
    prepared = stage.prepare(MANY)
    stage.frame()
    hidden = int(np.setdiff1d(np.arange(4200), prepared.shown.train)[0])
    stage.model.select(sample=hidden)
    assert not panel.columns[0]._row.isVisible()


# Theme


def test_zero_has_the_paper_colour_in_both_themes(panel: DeltasPanel, stage: Stage) -> None:
    stage.prepare()
    for theme in (stage.model.theme, DARK):
        stage.model.set_theme(theme)
        middle = panel.columns[0].image.lut[127:129].mean(axis=0) / 255
        np.testing.assert_allclose(middle, rgb(theme.paper), atol=0.01)


def test_networks_of_any_depth_can_follow_each_other(panel: DeltasPanel, stage: Stage) -> None:
    for hidden in ((), (7,), (5, 4, 3, 2, 5, 6, 7, 8), (2,)):
        activations = ("tanh",) * len(hidden) + ("sigmoid",)
        stage.prepare(dataclasses.replace(SMALL, hidden=hidden, activations=activations))
        stage.become(State.RUNNING)
        stage.frame()
        assert [column.width for column in panel.columns] == [*hidden, 2]
        panel.grab()
