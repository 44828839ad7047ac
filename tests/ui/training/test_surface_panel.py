import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from pytestqt.qtbot import QtBot

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import RequestFrame, SetFrameOptions
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.class_colours import CLASSES, rgb
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.ui.style.theme import DARK
from bpviz.ui.training.surface_panel import SurfacePanel
from bpviz.ui.view_model.selection import Selection
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, click_at, hover

BLOBS = Experiment(dataset="blobs", classes=4, samples=60, hidden=(6,), activations=("tanh", "softmax"))
MANY = Experiment(samples=20_000, hidden=(2,), activations=("sigmoid", "sigmoid"))


@pytest.fixture
def panel(show: Show, stage: Stage) -> SurfacePanel:
    made = SurfacePanel(stage.model)
    show(made, 500, 460)
    return made


def place(panel: SurfacePanel, x: float, y: float) -> QPointF:
    """Return the scene position of a point of the input plane."""
    found: QPointF = panel.plot.getPlotItem().vb.mapViewToScene(QPointF(x, y))
    return found


def asked(stage: Stage) -> Grid:
    grid = stage.commands.of(RequestFrame)[-1]
    assert isinstance(grid, Grid)
    return grid


def painted(frame: Frame, outputs: list[float]) -> Frame:
    """Return a frame with the same outputs everywhere."""
    values = np.broadcast_to(np.array(outputs, dtype=np.float32), (*frame.outputs.shape[:2], len(outputs)))
    return dataclasses.replace(frame, outputs=values)


# Points


def test_every_displayed_sample_is_a_point(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    x, y = panel.train.getData()
    np.testing.assert_array_equal(np.column_stack((x, y)), prepared.split.X_train[prepared.shown.train])
    assert len(panel.test.getData()[0]) == len(prepared.split.X_test)
    assert panel.caption() == "28 training ●   12 test □"


def test_points_have_the_colours_of_their_classes(panel: SurfacePanel, stage: Stage) -> None:
    split = stage.prepare(BLOBS).split
    drawn = [point.brush().color().name().upper() for point in panel.train.points()]
    assert drawn == [CLASSES[label] for label in np.sort(split.labels_train)]


def test_training_and_test_points_differ_in_shape(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    assert {point.symbol() for point in panel.train.points()} == {"o"}
    assert {point.symbol() for point in panel.test.points()} == {"s"}


def test_too_many_samples_are_thinned_and_the_caption_has_both_numbers(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare(MANY)
    assert len(panel.train.points()) == 2000
    assert panel.caption() == "2,000 of 14,000 training ●   2,000 of 6,000 test □"


def test_test_points_can_be_hidden(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.test.isVisible()
    click(panel.tests)
    assert not panel.test.isVisible()


def test_misclassified_points_are_marked_on_demand(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    frame = stage.frame()
    wrong = prepared.split.X_train[prepared.shown.train][frame.wrong_train]
    wrong_test = prepared.split.X_test[prepared.shown.test][frame.wrong_test]
    assert len(wrong)
    assert len(wrong_test)
    assert len(panel.wrong.points()) == 0
    click(panel.mistakes)
    np.testing.assert_array_equal(np.column_stack(panel.wrong.getData()), [*wrong, *wrong_test])
    click(panel.tests)
    assert len(panel.wrong.points()) == len(wrong)
    click(panel.mistakes)
    assert len(panel.wrong.points()) == 0


def test_a_new_network_clears_the_marks(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.mistakes)
    stage.frame()
    stage.model.select(sample=1)
    assert len(panel.chosen.points())
    stage.prepare(BLOBS)
    assert len(panel.wrong.points()) == len(panel.chosen.points()) == 0


# The surface


def test_the_surface_is_at_the_position_of_its_grid(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    grid = Grid(-1.0, 3.0, -2.0, 1.0, 12, 7)
    stage.frame(grid)
    assert panel.image.mapRectToView(panel.image.boundingRect()) == QRectF(-1, -2, 4, 3)
    assert panel.image.image.shape == (7, 12, 3)


@pytest.mark.parametrize(("outputs", "ahead"), [([1.0, 0.0], 0), ([0.0, 1.0], 1), ([0.5, 0.5], None), ([3.0, -3.0], 0)])
def test_the_surface_has_the_colour_of_the_class_with_the_largest_output(
    panel: SurfacePanel, stage: Stage, outputs: list[float], ahead: int | None
) -> None:
    stage.prepare()
    stage.tell(painted(stage.frame(), outputs))
    paper = rgb(stage.model.theme.paper)
    expected = paper if ahead is None else paper + 0.55 * (rgb(CLASSES[ahead]) - paper)
    np.testing.assert_allclose(panel.image.image[0, 0] / 255, expected, atol=0.01)


def test_the_boundary_is_where_two_outputs_are_equal(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    frame = stage.frame(Grid(-1.0, 1.0, -1.0, 1.0, 20, 20))
    slope = np.tile(np.linspace(-0.95, 0.95, 20, dtype=np.float32), (20, 1))
    stage.tell(dataclasses.replace(frame, outputs=np.stack((0.5 - slope / 2, 0.5 + slope / 2), axis=-1)))
    x, y = panel.boundary.getData()
    on_line = np.isfinite(x)
    np.testing.assert_allclose(x[on_line], 0, atol=1e-6)
    assert y[on_line].min() < -0.9
    assert y[on_line].max() > 0.9


def test_with_several_classes_each_has_a_boundary_and_a_tick(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare(BLOBS)
    stage.train(3)
    stage.frame()
    assert [text for _, text in panel.bar.ticks] == [f"class {k}" for k in range(len(panel.bar.ticks))]
    assert len(panel.bar.ticks) > 2
    assert np.isfinite(panel.boundary.getData()[0]).any()
    stage.prepare()
    assert panel.image.image is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e38])
def test_outputs_beyond_the_float_range_are_drawn(panel: SurfacePanel, stage: Stage, bad: float) -> None:
    stage.prepare()
    stage.tell(painted(stage.frame(), [bad, 0.0]))
    assert panel.image.image.dtype == np.uint8
    panel.grab()


# The view


def test_all_points_are_in_view_with_equal_aspect(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    view = panel.plot.getPlotItem().vb
    assert all(view.viewRect().contains(QPointF(*point)) for point in prepared.split.X_train)
    width, height = view.viewPixelSize()
    assert width == pytest.approx(height, rel=1e-6)


def test_the_requested_grid_covers_the_view(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    (left, right), (bottom, top) = panel.plot.getPlotItem().vb.viewRange()
    grid = asked(stage)
    assert (grid.left, grid.right, grid.bottom, grid.top) == (left, right, bottom, top)


def test_zooming_requests_the_visible_part(qtbot: QtBot, panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    panel.plot.setRange(QRectF(0, 0, 0.1, 0.1), padding=0)
    qtbot.waitUntil(lambda: asked(stage).right - asked(stage).left < 0.3)
    assert asked(stage).columns * asked(stage).rows > 10_000


def test_the_surface_is_coarser_while_training_runs(qtbot: QtBot, panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    still = asked(stage)
    stage.become(State.RUNNING)
    qtbot.waitUntil(lambda: asked(stage) != still)
    moving = asked(stage)
    assert moving.columns * moving.rows < still.columns * still.rows / 4
    stage.frame()
    stage.become(State.FINISHED)
    qtbot.waitUntil(lambda: asked(stage) == still)


def test_fit_shows_all_samples(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    panel.plot.setRange(QRectF(0, 0, 0.1, 0.1), padding=0)
    (fit,) = [button for button in panel.title_line.findChildren(type(panel.tests)) if button.text() == "Fit"]
    click(fit)
    rect = panel.plot.getPlotItem().vb.viewRect()
    assert all(rect.contains(QPointF(*point)) for point in prepared.split.X_train)


# Pointer


def test_a_click_on_a_point_selects_its_sample(panel: SurfacePanel, stage: Stage) -> None:
    X = stage.prepare().split.X_train
    click_at(panel.plot, place(panel, *X[7]))
    assert stage.model.selection == Selection(7)
    np.testing.assert_array_equal(np.unique(np.column_stack(panel.chosen.getData()), axis=0), [X[7]])


def test_a_click_elsewhere_clears_the_selection(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare()
    stage.model.select(sample=7)
    left, bottom = prepared.split.X_train.min(axis=0)
    click_at(panel.plot, place(panel, left, bottom))
    assert stage.model.selection == Selection()


def test_a_click_selects_only_displayed_points(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare(MANY)
    for x, y in prepared.split.X_train[:50]:
        click_at(panel.plot, place(panel, x, y))
        assert stage.model.selection.sample is None or stage.model.selection.sample in prepared.shown.train


def test_only_the_left_button_selects(panel: SurfacePanel, stage: Stage) -> None:
    X = stage.prepare().split.X_train
    click_at(panel.plot, place(panel, *X[7]), Qt.MouseButton.RightButton)
    assert stage.model.selection == Selection()


def test_a_click_without_points_does_nothing(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.plot.viewport())
    assert stage.model.selection == Selection()


def test_the_outputs_under_the_pointer_are_shown(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    stage.tell(painted(stage.frame(), [0.25, -0.75]))
    hover(panel.plot, place(panel, 0.5, -0.25))
    assert panel.caption().startswith("(0.5")
    assert panel.caption().endswith("→ 0.250, −0.750")


def test_outside_the_plot_the_caption_is_a_summary(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    hover(panel.plot, place(panel, 0, 0))
    hover(panel.plot, QPointF(2, 2))
    assert panel.caption().startswith("28 training")


def test_outside_the_surface_no_outputs_are_shown(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame(Grid(0.0, 1.0, 0.0, 1.0, 2, 2))
    hover(panel.plot, place(panel, -0.2, 0.5))
    assert panel.caption().startswith("28 training")


# Theme


def test_the_surface_is_repainted_in_a_new_theme(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    stage.tell(painted(stage.frame(), [0.5, 0.5]))
    stage.model.set_theme(DARK)
    np.testing.assert_allclose(panel.image.image[0, 0] / 255, rgb(DARK.paper), atol=0.01)


# The selected neuron


def test_the_map_of_the_selected_neuron_is_requested_and_shown(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    assert stage.commands.of(SetFrameOptions) == []
    panel.neuron.setChecked(True)
    assert stage.commands.of(SetFrameOptions) == []
    stage.model.select(layer=1, neuron=2)
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(maps=asked(stage).coarser())
    frame = stage.frame()
    assert panel.caption() == "a of layer 1, neuron 2"
    shown = panel.image.image.astype(int).sum(axis=-1)
    assert shown.shape == frame.maps[0][2].shape
    # The lightness of the activation map increases from 0 to 1.
    assert np.corrcoef(shown.ravel(), frame.maps[0][2].ravel())[0, 1] > 0.9
    assert [text for _, text in panel.bar.ticks] == ["0", "0.50", "1.0"]


def test_the_classes_return_when_the_toggle_is_off(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    panel.neuron.setChecked(True)
    stage.model.select(layer=2, neuron=0)
    frame = stage.frame()
    assert [text for _, text in panel.bar.ticks] == ["−1.0", "0", "1.0"]
    panel.neuron.setChecked(False)
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions()
    assert panel.image.image.shape[:2] == frame.outputs.shape[:2]
    assert [text for _, text in panel.bar.ticks] == ["class 0", "tie", "class 1"]


def test_a_neuron_with_nan_outputs_is_shown(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare()
    panel.neuron.setChecked(True)
    stage.model.select(layer=1, neuron=0)
    frame = stage.frame()
    stage.tell(dataclasses.replace(frame, maps=tuple(np.full_like(each, np.nan) for each in frame.maps)))
    panel.grab()
