import dataclasses
from typing import Any

import numpy as np
import pytest

from bpviz.core.surface import Grid
from bpviz.session.frames.class_colours import CLASSES
from bpviz.ui.plotting import sample_looks as looks
from bpviz.ui.training.surface_panel import SurfacePanel
from bpviz.ui.view_model.plane_model import Kind
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint


@pytest.fixture
def panel(show: Show, stage: Stage) -> SurfacePanel:
    made = SurfacePanel(stage.model)
    show(made, 560, 440)
    return made


def table(name: str, **values: Any) -> Any:
    regression = name in ("sine", "gauss", "diabetes")
    output = "none" if regression else "softmax"
    return dataclasses.replace(SMALL, dataset=name, activations=("sigmoid", "tanh", output), **values)


def positions(item: Any) -> Any:
    return np.column_stack((item.data["x"], item.data["y"]))


def test_one_input_is_drawn_as_a_curve_for_each_output_with_the_targets(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare(table("sine"))
    lay_out_and_paint(panel)
    frame = stage.frame()
    panel.redraw()
    assert frame.outputs.shape[0] == 1
    for number, curve in enumerate(panel.curves[:2]):
        x, y = curve.getData()
        np.testing.assert_allclose(y, frame.outputs[0, :, number])
        assert stage.training.network.feed_forward([x[3]])[number] == pytest.approx(y[3], abs=1e-5)
    assert panel.curves[2].getData()[0] is None
    split, shown = prepared.split, prepared.shown
    expected = np.column_stack((split.X_train[:, 0], split.y_train[:, 0]))[shown.train]
    np.testing.assert_allclose(positions(panel.train), expected)


def test_two_inputs_of_a_regression_are_drawn_in_the_colours_of_the_target(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare(table("gauss"))
    frame = stage.frame()
    panel.redraw()
    assert panel.boundary.getData()[0] is None
    low, high = looks.target_range(prepared.split)
    assert [float(text.replace("−", "-")) for _, text in panel.bar.ticks][::4] == pytest.approx([low, high], rel=0.01)
    pixels = looks.surface_pixels(frame.outputs, prepared.split, stage.model.theme)
    np.testing.assert_array_equal(panel.image.image, pixels)


def test_a_table_is_drawn_on_the_plane_that_is_chosen(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare(table("iris"))
    assert panel.chooser.isVisible()
    assert panel.caption().startswith("other inputs at their mean")
    np.testing.assert_allclose(positions(panel.train), prepared.split.X_train[prepared.shown.train][:, 2:])
    panel.chooser.across.setCurrentIndex(0)
    panel.chooser.across.activated.emit(0)
    np.testing.assert_allclose(positions(panel.train), prepared.split.X_train[prepared.shown.train][:, [0, 3]])
    assert panel.axes["bottom"].labelText == "sepal length (cm)"
    panel.chooser.kind.setCurrentText(Kind.COMPONENTS.value)
    panel.chooser.kind.activated.emit(2)
    assert "of the variance" in panel.caption()
    assert not panel.chooser.across.isEnabled()
    assert [text for _, text in panel.bar.ticks] == ["setosa", "versicolor", "virginica"]


def test_an_axis_crossed_with_itself_swaps_with_the_other(panel: SurfacePanel, stage: Stage) -> None:
    stage.prepare(table("iris"))
    panel.chooser.across.setCurrentIndex(3)
    panel.chooser.across.activated.emit(3)
    assert stage.model.plane.axis_inputs() == (3, 2)


def test_the_axes_of_scaled_inputs_are_in_original_units(panel: SurfacePanel, stage: Stage) -> None:
    plain, scaled = (stage.prepare(table("wine", scale=scale)).split for scale in ("none", "standard"))
    across, up = stage.model.plane.axis_inputs()
    assert across is not None
    assert up is not None
    for side, number in (("bottom", across), ("left", up)):
        assert panel.axes[side].original(scaled.X_train[5, number]) == pytest.approx(plain.X_train[5, number])
        ticks = [value for _, values in panel.axes[side].tickValues(-2, 2, 400)[:1] for value in values]
        texts = panel.axes[side].tickStrings(ticks, 1, panel.axes[side].tickValues(-2, 2, 400)[0][0])
        assert [float(text) for text in texts] == pytest.approx([panel.axes[side].original(each) for each in ticks])


def test_ten_digits_have_ten_colours(panel: SurfacePanel, stage: Stage) -> None:
    prepared = stage.prepare(table("digits", scale="minmax"))
    assert len(panel.bar.ticks) == len(set(CLASSES)) == 10
    labels = prepared.split.labels_train[prepared.shown.train]
    drawn = [brush.color().name().upper() for brush in panel.train.data["brush"]]
    assert drawn == [CLASSES[label] for label in labels]


def test_a_frame_asked_for_by_the_network_before_is_dropped(stage: Stage) -> None:
    stage.prepare(table("iris"))
    maker = stage._frames
    maker.request(Grid(0.0, 1.0, 0.0, 1.0, 3, 3))
    assert maker.seconds_until_due(running=False) is None
