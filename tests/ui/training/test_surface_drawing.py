"""Drawing on the surface with the mouse: what a drag or a click gives to the session, and what is seen of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from bpviz.core.arrays import Array
from bpviz.session.engine.commands import Draw, InspectSample, Load, LoadWithPoints
from bpviz.session.engine.events import Failed, NetworkReady, PointsDrawn
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.frames.class_colours import CLASSES
from bpviz.session.frames.frame_maker import choose_shown_samples
from bpviz.session.training.strokes import Sketch, Stroke, split_after
from bpviz.ui.style.theme import DARK
from bpviz.ui.training.drawing_bar import Tool
from bpviz.ui.training.surface_panel import SurfacePanel
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, drag_to, hover, leave, press

BLOBS = Experiment(dataset="blobs", classes=4, samples=60, hidden=(6,), activations=("tanh", "softmax"))
PLANE = dataclasses.replace(load_preset("plane").experiment, samples=40)
LINE = dataclasses.replace(load_preset("line").experiment, samples=40)


@pytest.fixture
def panel(show: Show, stage: Stage) -> SurfacePanel:
    made = SurfacePanel(stage.model)
    show(made, 560, 460)
    stage.prepare()
    stage.frame()
    click(made.draw)
    return made


def at(panel: SurfacePanel, x: float, y: float) -> QPoint:
    """Return the pixel of the plot at a point of the plane."""
    scene = panel.plot.getPlotItem().vb.mapViewToScene(QPointF(x, y))
    found: QPoint = panel.plot.mapFromScene(scene)
    return found


def drag(panel: SurfacePanel, start: tuple[float, float], end: tuple[float, float]) -> None:
    drag_to(panel.plot.viewport(), at(panel, *start), at(panel, *end), press=True, release=True)


def sketches(stage: Stage) -> list[Sketch]:
    found = stage.commands.of(Draw)
    assert all(isinstance(each, Sketch) for each in found)
    return found


def only(stage: Stage) -> Sketch:
    (sketch,) = sketches(stage)
    return sketch


def pixels(panel: SurfacePanel, sketch: Sketch) -> Array:
    return np.array([at(panel, x, y).toTuple() for x, y, *_ in sketch.points])


def tell_drawn(stage: Stage, sketch: Sketch, *, holds_from: int | None = None) -> None:
    """Tell what the session would of a stroke at the start of an epoch, or within one if it holds later."""
    split = split_after(stage.training.split, sketch.stroke_on(stage.training.split))
    if holds_from is None:
        prepared = stage.model.prepared
        assert prepared is not None
        shown = choose_shown_samples(split)
        stage.tell(dataclasses.replace(prepared, split=split, shown=shown, is_redrawn=True))
    stage.tell(PointsDrawn(split, holds_from))


# Switching it on


def test_the_tools_are_there_only_while_drawing_is_on(panel: SurfacePanel) -> None:
    assert panel.tools.isVisible()
    assert panel.plot.cursor().shape() is Qt.CursorShape.CrossCursor
    click(panel.draw)
    assert not panel.tools.isVisible()
    assert panel.plot.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_without_drawing_a_click_selects_a_sample_as_before(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.draw)
    prepared = stage.model.prepared
    assert prepared is not None
    x, y = prepared.split.X_train[3]
    click(panel.plot.viewport(), at(panel, x, y))
    assert stage.commands.of(InspectSample)
    assert not sketches(stage)


@pytest.mark.parametrize("dataset", ["iris", "sine"])
def test_where_nothing_can_be_drawn_the_button_says_why(panel: SurfacePanel, stage: Stage, dataset: str) -> None:
    stage.prepare(load_preset(dataset).experiment)
    assert not panel.draw.isEnabled()
    assert not panel.tools.isVisible()
    assert "can be drawn for one" in panel.draw.toolTip()
    stage.prepare(BLOBS)
    assert panel.draw.isEnabled()
    assert "can be drawn" not in panel.draw.toolTip()


# Tools


def test_the_brush_leaves_points_of_the_class_at_even_distances(panel: SurfacePanel, stage: Stage) -> None:
    panel.tools.reach.setValue(20)
    click(panel.tools.classes[1])
    drag(panel, (-0.5, 0.0), (1.0, 0.0))
    found = only(stage)
    assert {point[2] for point in found.points} == {1.0}
    assert not found.is_test
    steps = np.diff(pixels(panel, found)[:, 0])
    assert len(steps) >= 4
    np.testing.assert_allclose(steps, 20, atol=1.01)
    assert found.points[0][:2] == pytest.approx((-0.5, 0.0), abs=0.02)


def test_a_point_is_drawn_by_a_click_also_by_the_second_of_two_quick_ones(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.tools.tools[Tool.POINT])
    here = at(panel, 0.5, 0.5)
    click(panel.plot.viewport(), here)
    click(panel.plot.viewport(), here)
    assert [len(each.points) for each in sketches(stage)] == [1, 1]


def test_a_drag_of_the_point_tool_is_one_point(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.tools.tools[Tool.POINT])
    drag(panel, (0.0, 0.0), (1.0, 0.5))
    assert len(only(stage).points) == 1


def test_scatter_throws_as_many_points_at_a_time_as_was_chosen_about_as_wide(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.tools.tools[Tool.SCATTER])
    panel.tools.reach.setValue(30)
    panel.tools.rate.setValue(50)
    click(panel.plot.viewport(), at(panel, 0.5, 0.25))
    found = pixels(panel, only(stage))
    assert len(found) == 50
    assert 10 < found.std(axis=0).mean() < 20
    np.testing.assert_allclose(found.mean(axis=0), at(panel, 0.5, 0.25).toTuple(), atol=8)


def test_the_eraser_gives_its_path_and_its_radius(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.tools.tools[Tool.ERASER])
    panel.tools.reach.setValue(25)
    drag(panel, (0.0, 0.0), (1.0, 0.0))
    found = only(stage)
    width, height = panel.plot.getPlotItem().vb.viewPixelSize()
    assert found.radii == pytest.approx((25 * width, 25 * height))
    assert found.path[0] == pytest.approx((0.0, 0.0), abs=0.02)
    assert found.path[-1][0] == pytest.approx(1.0, abs=25 * width)
    assert not found.points


def test_what_is_under_the_eraser_is_hidden_at_once(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.tools.tools[Tool.ERASER])
    before = len(panel.train.points())
    drag_to(panel.plot.viewport(), at(panel, 0.0, 0.9), at(panel, 0.3, 0.9), press=True)
    during = len(panel.train.points())
    drag_to(panel.plot.viewport(), at(panel, 0.3, 0.9), at(panel, 0.3, 0.9), release=True)
    erased = only(stage).stroke_on(stage.training.split)
    assert erased.n_erased > 0
    assert during == before - erased.n_erased
    stage.tell(Failed("There are too many branches."))
    assert len(panel.train.points()) == before


def test_test_points_can_be_drawn_instead(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.tools.test)
    click(panel.plot.viewport(), at(panel, 0.5, 0.5))
    assert only(stage).is_test


def test_clear_all_erases_everything(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.tools.clear)
    assert only(stage).erases_all
    assert len(panel.train.points()) == len(panel.test.points()) == 0
    tell_drawn(stage, only(stage), holds_from=1)
    assert panel.tools.note.text() == "no points"
    assert panel.caption() == "nothing to train on: draw points; until then training goes on with the 28 points before"


def test_the_ring_shows_the_reach_of_the_eraser(panel: SurfacePanel) -> None:
    click(panel.tools.tools[Tool.ERASER])
    hover(panel.plot, panel.plot.getPlotItem().vb.mapViewToScene(QPointF(0.5, 0.5)))
    (ring,) = panel.drawing.ring.points()
    assert ring.size() == 2 * panel.tools.reach.value()
    assert ring.pos().toTuple() == pytest.approx((0.5, 0.5), abs=0.02)
    leave(panel.plot)
    assert not len(panel.drawing.ring.points())


def test_the_right_button_does_not_draw(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.plot.viewport(), at(panel, 0.5, 0.5), Qt.MouseButton.RightButton)
    assert not sketches(stage)


def test_each_tool_keeps_its_own_size(panel: SurfacePanel) -> None:
    panel.tools.reach.setValue(50)
    click(panel.tools.tools[Tool.ERASER])
    assert panel.tools.reach.value() == 20
    panel.tools.reach.setValue(70)
    click(panel.tools.tools[Tool.BRUSH])
    assert panel.tools.reach.value() == 50
    assert panel.tools.reach.toolTip() == "Distance between points in pixels of the screen"
    click(panel.tools.tools[Tool.POINT])
    assert not panel.tools.reach.isVisible()


# Classes, targets and keys


def test_classes_are_offered_with_their_names_and_number_keys(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare(BLOBS)
    assert [button.text() for button in panel.tools.classes] == ["class 0", "class 1", "class 2", "class 3"]
    press(panel.plot, Qt.Key.Key_3)
    click(panel.plot.viewport(), at(panel, 0.0, 0.0))
    assert only(stage).points[0][2] == 2.0
    press(panel.plot, Qt.Key.Key_7)
    assert panel.tools.class_number == 2


def test_letters_choose_tools_and_a_number_leaves_the_eraser(panel: SurfacePanel) -> None:
    chosen = []
    for key in (Qt.Key.Key_E, Qt.Key.Key_S, Qt.Key.Key_P, Qt.Key.Key_B, Qt.Key.Key_E, Qt.Key.Key_2):
        press(panel.plot, key)
        chosen.append(panel.tools.tool)
    assert chosen == [Tool.ERASER, Tool.SCATTER, Tool.POINT, Tool.BRUSH, Tool.ERASER, Tool.BRUSH]
    press(panel.plot, Qt.Key.Key_T)
    assert panel.tools.test.isChecked()


def test_keys_are_left_alone_while_drawing_is_off(panel: SurfacePanel) -> None:
    click(panel.draw)
    press(panel.plot, Qt.Key.Key_E)
    assert panel.tools.tool is Tool.BRUSH


def test_over_two_inputs_the_target_of_a_regression_is_typed(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare(dataclasses.replace(PLANE, scale="standard"))
    click(panel.draw)
    click(panel.draw)
    assert panel.tools.target.isVisible()
    assert not panel.tools.classes
    panel.tools.target.setValue(0.5)
    click(panel.plot.viewport(), at(panel, 0.25, 0.5))
    (point,) = only(stage).points
    assert prepared.split.target_scaling.undo(np.array([[point[2]]]))[0, 0] == pytest.approx(0.5)
    assert point[:2] == pytest.approx((0.25, 0.5), abs=0.02)


def test_over_one_input_the_height_of_the_pointer_is_the_target(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare(LINE)
    assert panel.tools.hint.isVisible()
    x, y = float(prepared.split.X_train.mean()), float(prepared.split.y_train.mean())
    click(panel.plot.viewport(), at(panel, x, y))
    (point,) = only(stage).points
    width, height = panel.plot.getPlotItem().vb.viewPixelSize()
    assert len(point) == 2
    assert point[0] == pytest.approx(x, abs=2 * width)
    assert point[1] == pytest.approx(y, abs=2 * height)


# What the session tells


def test_a_stroke_is_seen_before_the_session_tells_of_it(panel: SurfacePanel, stage: Stage) -> None:
    drag(panel, (-0.5, 0.0), (1.0, 0.0))
    found = only(stage)
    assert len(panel.drawing.ink.points()) == len(found.points)
    assert panel.drawing.ink.points()[0].brush().color().name().upper() == CLASSES[0]
    tell_drawn(stage, found)
    assert not len(panel.drawing.ink.points())
    assert len(panel.train.points()) == 28 + len(found.points)
    assert panel.caption().startswith(f"{28 + len(found.points)} training")


def test_points_that_wait_are_drawn_at_once_and_the_caption_says_from_when_they_hold(
    panel: SurfacePanel, stage: Stage
) -> None:
    click(panel.plot.viewport(), at(panel, 0.5, 0.5))
    tell_drawn(stage, only(stage), holds_from=3)
    assert len(panel.train.points()) == 29
    assert panel.caption() == "from epoch 3:   29 training ●   12 test □"
    assert panel.tools.note.text() == "from epoch 3"
    assert stage.model.prepared is not None
    assert len(stage.model.prepared.split.X_train) == 28
    tell_drawn(stage, only(stage))
    assert panel.caption() == "29 training ●   12 test □"


def test_other_samples_of_the_same_network_leave_surface_and_range_as_they_are(
    panel: SurfacePanel, stage: Stage
) -> None:
    stage.model.select(sample=1, layer=1, neuron=2)
    before = panel.plot.getPlotItem().vb.viewRange()
    tell_drawn(stage, Sketch(((4.0, 4.0, 1.0),)))
    assert panel.image.image is not None
    assert panel.plot.getPlotItem().vb.viewRange() == before
    assert (stage.model.selection.sample, stage.model.selection.neuron) == (None, 2)


def test_the_epochs_so_far_stay_when_points_are_drawn(panel: SurfacePanel, stage: Stage) -> None:
    stage.train(3)
    tell_drawn(stage, Sketch(((0.0, 0.0, 1.0),)))
    assert len(stage.model.epochs) == 3


def test_the_erasing_of_all_test_points_can_be_drawn(panel: SurfacePanel, stage: Stage) -> None:
    click(panel.mistakes)
    stroke = Stroke(erased_test=(0, 12))
    split = split_after(stage.training.split, stroke)
    stage.training.draw(split)
    assert stage.model.prepared is not None
    shown = choose_shown_samples(split)
    stage.tell(dataclasses.replace(stage.model.prepared, split=split, shown=shown, is_redrawn=True))
    stage.frame()
    assert panel.caption() == "28 training ●   0 test □"


def test_another_theme_redraws_ring_and_points(panel: SurfacePanel, stage: Stage) -> None:
    stage.model.set_theme(DARK)
    assert panel.drawing.ring.opts["pen"].color().name().upper() == DARK.ink


# The model


@pytest.mark.parametrize(
    ("keeps", "drawn", "kind"), [(True, True, LoadWithPoints), (True, False, Load), (False, True, Load)]
)
def test_another_network_on_the_same_samples_keeps_what_was_drawn(
    stage: Stage, keeps: bool, drawn: bool, kind: type[Load | LoadWithPoints]
) -> None:
    stage.prepare()
    if drawn:
        tell_drawn(stage, Sketch(((0.0, 0.0, 1.0),)))
    stage.model.load(BLOBS, keeps_points=keeps)
    assert stage.commands.of(kind) == [BLOBS]
    assert isinstance(stage.prepare(), NetworkReady)
    assert not stage.model.drawing.has_points
