import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget

from bpviz.session.diagnostics.neuron_health import NeuronHealth
from bpviz.session.engine.commands import EditParameter, LoadBeside, SetFrameOptions
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.training.interventions import Edit
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.ui.network.network_panel import NetworkPanel
from bpviz.ui.network.view import NetworkView
from bpviz.ui.style.theme import DARK
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press, retype

ALL = operations(3)
DEAD = Experiment(samples=40, hidden=(3,), activations=("relu", "sigmoid"))


def index_of(quantity: str, layer: int) -> int:
    return ALL.index(Operation(quantity, layer)) + 1


@pytest.fixture
def panel(show: Show, stage: Stage) -> NetworkPanel:
    made = NetworkPanel(stage.model)
    show(made, 700, 440)
    return made


@pytest.fixture
def ready(panel: NetworkPanel, stage: Stage) -> NetworkPanel:
    stage.prepare()
    stage.frame()
    lay_out_and_paint(panel)
    return panel


def middle_of(view: NetworkView, layer: int, neuron: int) -> QPoint:
    return view.neuron_box(layer, neuron).center()


def point(view: NetworkView, at: QPoint) -> None:
    QTest.mouseMove(view, at + QPoint(1, 1))
    QTest.mouseMove(view, at)


def double_click(view: NetworkView, at: QPoint) -> None:
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def options(stage: Stage) -> FrameOptions:
    found = stage.commands.of(SetFrameOptions)[-1]
    assert isinstance(found, FrameOptions)
    return found


# Neurons


def test_thumbnails_are_the_maps_of_the_frame(ready: NetworkPanel, stage: Stage) -> None:
    frame = stage.model.frame
    assert frame is not None
    assert [each.shape[0] for each in frame.maps] == [4, 3, 2]
    assert ready.view.nodes.maps is frame.maps
    assert (ready.view.nodes.maps[0].shape[2], ready.view.nodes.maps[0].shape[1]) == (
        options(stage).maps.columns,  # type: ignore[union-attr]
        options(stage).maps.rows,  # type: ignore[union-attr]
    )


def test_a_thumbnail_has_its_bottom_row_at_the_bottom(ready: NetworkPanel, stage: Stage) -> None:
    press(ready.view, Qt.Key.Key_N)  # thumbnails without numbers
    frame = stage.model.frame
    assert frame is not None
    rows = np.linspace(0, 1, frame.maps[0].shape[1], dtype=np.float32)
    maps = tuple(np.broadcast_to(rows[None, :, None], each.shape) for each in frame.maps)
    stage.tell(dataclasses.replace(frame, maps=maps))
    image, box = ready.view.grab().toImage(), ready.view.neuron_box(1, 2)
    top, bottom = (image.pixelColor(box.center().x(), y) for y in (box.top() + 3, box.bottom() - 3))
    # Larger activations are lighter.
    assert top.lightness() > bottom.lightness() + 50


def test_no_maps_are_requested_while_the_panel_is_hidden(ready: NetworkPanel, stage: Stage) -> None:
    assert options(stage).maps is not None
    assert options(stage).activations
    ready.hide()
    assert options(stage) == FrameOptions()


def test_discs_show_the_computed_values_of_the_selected_sample(ready: NetworkPanel, stage: Stage) -> None:
    ready.node_choice.setCurrentText("delta")
    update = stage.show_update(index_of("delta", 2))
    assert ready.view.nodes.values[0] is None
    np.testing.assert_array_equal(ready.view.nodes.values[1], update.trace.layers[1].delta[0])


def test_without_a_current_update_delta_is_that_of_all_samples(ready: NetworkPanel, stage: Stage) -> None:
    ready.node_choice.setCurrentText("delta")
    frame = stage.model.frame
    assert frame is not None
    shown = ready.view.nodes.values[0]
    assert shown is not None
    np.testing.assert_allclose(shown, np.sqrt(np.mean(frame.deltas[0] ** 2, axis=0)), rtol=1e-5)
    assert ready.node_key.text() == "RMS delta"
    assert "F11" in ready.caption()


def test_the_scale_of_slopes_ends_at_the_steepest_possible_slope(ready: NetworkPanel, stage: Stage) -> None:
    ready.node_choice.setCurrentText("slope")
    assert ready.node_bar.ticks == []
    stage.show_update(len(ALL))
    assert [text for _, text in ready.node_bar.ticks] == ["0", "0.50", "1.0"]


def test_values_that_are_not_finite_are_drawn(ready: NetworkPanel, stage: Stage) -> None:
    frame = stage.model.frame
    assert frame is not None
    broken = np.full_like(frame.parameters, np.nan)
    maps = tuple(np.full_like(each, np.nan) for each in frame.maps)
    deltas = tuple(np.full_like(each, np.inf) for each in frame.deltas)
    nan, endless = (float("nan"),) * 3, (float("inf"),) * 3
    stage.tell(
        dataclasses.replace(frame, parameters=broken, maps=maps, deltas=deltas, error_rms=nan, delta_rms=endless)
    )
    for choice in ("Thumbnails", "delta", "bias"):
        ready.node_choice.setCurrentText(choice)
        ready.grab()
    assert "∞ in layer 3" in ready.readout.text()


# Weights


def test_the_strongest_share_of_the_weights_is_drawn(ready: NetworkPanel, stage: Stage) -> None:
    ready.share.setValue(50)
    weights = np.concatenate([layer.weights.ravel() for layer in stage.training.network.layers])
    expected = np.sort(np.abs(weights))[-13:]
    np.testing.assert_allclose(np.abs(ready.view.edges.value), expected)
    assert len(weights) == 26


def test_a_small_network_shows_all_weights_and_a_large_one_a_part(ready: NetworkPanel, stage: Stage) -> None:
    assert ready.share.value() == 100
    stage.prepare(Experiment(samples=40))
    assert ready.share.value() == 20


def test_backflow_uses_the_deltas_that_are_computed(ready: NetworkPanel, stage: Stage) -> None:
    ready.edge_choice.setCurrentText("backflow")
    assert len(ready.view.edges) == 0
    update = stage.show_update(index_of("delta", 3))
    products = update.layers[2].W * update.trace.layers[2].delta[0]
    assert set(ready.view.edges.layer) == {3}
    np.testing.assert_allclose(np.sort(np.abs(ready.view.edges.value)), np.sort(np.abs(products).ravel()))


def test_a_hovered_weight_is_described(ready: NetworkPanel, stage: Stage) -> None:
    view = ready.view
    layout = view.layout_
    assert layout is not None
    start, end = layout.centres[2][0], layout.centres[3][0]
    x = layout.gap(3)[0] + 3
    y = start[1] + (end[1] - start[1]) * (x - start[0]) / (end[0] - start[0])
    point(view, QPoint(round(x), round(y)))
    assert ready.readout.text().startswith("W3[0, 0] · W")


# Animation


class LayoutBarrier(QProxyStyle):
    """A desktop with animations turned off."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: QStyleHintReturn | None = None,
    ) -> int:
        wants_motion = hint != QStyle.StyleHint.SH_Widget_Animation_Duration
        return super().styleHint(hint, option, widget, data) if wants_motion else 0


def test_the_highlight_is_animated(ready: NetworkPanel, stage: Stage) -> None:
    stage.show_update(1)
    assert ready.view.flow.operation == Operation("z", 1)
    assert ready.view.flow.progress < 1
    ready.view.grab()
    assert ready.head.operated == 1


def test_the_highlight_is_not_animated_if_animations_are_off(ready: NetworkPanel, stage: Stage) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setStyle(LayoutBarrier("Fusion"))
    stage.show_update(1)
    assert ready.view.flow.progress == 1


def test_the_current_operation_is_described_in_the_caption(ready: NetworkPanel, stage: Stage) -> None:
    stage.show_update(index_of("error", 2))
    assert ready.caption() == "Each neuron of layer 2 collects the deltas of layer 3, back through its weights."


def test_a_run_hides_the_current_update(ready: NetworkPanel, stage: Stage) -> None:
    stage.show_update(index_of("error", 2))
    stage.become(State.RUNNING)
    assert ready.values.current_update is None
    assert ready.view.flow.operation is None


def test_unchanged_weights_are_not_drawn_again(ready: NetworkPanel, stage: Stage) -> None:
    stage.show_update(1)
    ready.view.grab()
    drawn = ready.view.edges
    stage.show_update(index_of("delta", 1))
    assert ready.view.edges is drawn
    stage.show_update(index_of("update", 1))
    assert ready.view.edges is not drawn


# Diagnosis


def test_the_readout_describes_all_samples_then_the_current_one(ready: NetworkPanel, stage: Stage) -> None:
    frame = stage.model.frame
    assert frame is not None
    assert ready.readout.text().startswith("28 samples: delta")
    np.testing.assert_allclose(ready.foot.sizes, [np.sqrt(np.mean(delta**2)) for delta in frame.deltas], rtol=1e-5)
    stage.show_update(index_of("delta", 2))
    assert ready.readout.text().startswith("28 samples: delta")
    update = stage.show_update(index_of("delta", 1))
    assert ready.readout.text().startswith(f"Sample {update.samples[0]}: delta")
    np.testing.assert_allclose(ready.foot.sizes[0], np.sqrt(np.mean(update.trace.layers[0].delta ** 2)))


def test_dead_neurons_are_marked(panel: NetworkPanel, stage: Stage) -> None:
    stage.prepare(DEAD)
    layer = stage.training.network.layers[0]
    layer.bias = [0.0, -1e3, 0.0]
    stage.frame()
    assert panel.view.neuron_health[0].tolist()[1] == NeuronHealth.DEAD
    assert "dead: relu gives 0" in panel.view.toolTip()
    panel.grab()


# Selection


def test_a_click_on_a_neuron_selects_it(ready: NetworkPanel, stage: Stage) -> None:
    click(ready.view, middle_of(ready.view, 2, 1))
    assert (stage.model.selection.layer, stage.model.selection.neuron) == (2, 1)


def test_arrow_keys_select_neurons_and_describe_them(ready: NetworkPanel, stage: Stage) -> None:
    stage.show_update(len(ALL))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        press(ready.view, key)
    chosen = stage.model.selection
    assert chosen.layer == 1
    assert chosen.neuron is not None
    name = ready.view.accessibleName()
    assert name.startswith(f"Network: layer 1, neuron {chosen.neuron}, a ")
    assert ", delta " in name


def test_the_magnifier_shows_the_hovered_neuron_with_its_numbers(ready: NetworkPanel, stage: Stage) -> None:
    update = stage.show_update(len(ALL))
    point(ready.view, middle_of(ready.view, 1, 3))
    assert ready.view.hover == (1, 3)
    lens = ready.view.magnifier
    assert lens is not None
    assert lens.picture is not None
    assert lens.lines[0] == "layer 1, neuron 3"
    assert f"a {update.trace.layers[0].a[0, 3].item()!r}" in lens.lines
    ready.view.grab()
    update = stage.show_update(len(ALL), sample=9)
    assert f"a {update.trace.layers[0].a[0, 3]:.4f}" in ready.readout.text()


def test_the_magnifier_is_hidden_while_the_editor_is_open(ready: NetworkPanel, stage: Stage) -> None:
    double_click(ready.view, middle_of(ready.view, 1, 0))
    point(ready.view, middle_of(ready.view, 1, 0))
    stage.show_update(len(ALL))
    assert ready.view.magnifier is None


def test_the_wheel_zooms_at_the_pointer_and_a_double_click_elsewhere_fits(ready: NetworkPanel) -> None:
    view = ready.view
    at = middle_of(view, 2, 1)
    view.zoom_by(2.0, at.toPointF())
    assert (middle_of(view, 2, 1) - at).manhattanLength() <= 4
    view.zoom_by(0.1, at.toPointF())
    assert view.zoom == 1
    view.zoom_by(2.0, at.toPointF())
    double_click(view, QPoint(view.width() - 2, view.height() - 2))
    assert view.zoom == 1


# Editing


def test_a_double_click_opens_the_editor_and_each_value_is_an_edit(ready: NetworkPanel, stage: Stage) -> None:
    double_click(ready.view, middle_of(ready.view, 2, 1))
    editor = ready.editor
    assert editor.isVisible()
    assert editor.bias.name.text() == "b2[1]"
    retype(editor.bias.line, "-0.25")
    editor.source.setValue(3)
    assert editor.weight.line.text() == f"{stage.training.network.layers[1].weights[3, 1]:.6g}"
    retype(editor.weight.line, "1e-3")
    assert stage.commands.of(EditParameter) == [Edit(2, None, 1, -0.25), Edit(2, 3, 1, 0.001)]


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "1e999"])
def test_text_that_is_no_number_shows_an_error(ready: NetworkPanel, stage: Stage, text: str) -> None:
    double_click(ready.view, middle_of(ready.view, 2, 1))
    retype(ready.editor.bias.line, text)
    assert stage.commands.of(EditParameter) == []
    assert ready.editor.problem.isVisible()
    retype(ready.editor.bias.line, "1")
    assert not ready.editor.problem.isVisible()


def test_a_weight_is_changed_by_dragging(ready: NetworkPanel, stage: Stage) -> None:
    double_click(ready.view, middle_of(ready.view, 1, 0))
    before = ready.editor.weight.slider
    before.setValue(50)
    before.sliderReleased.emit()
    (edit,) = stage.commands.of(EditParameter)
    assert isinstance(edit, Edit)
    weight = stage.training.network.layers[0].weights[edit.source or 0, 0]
    assert edit.value == pytest.approx(weight + max(2 * abs(weight), 1.0) / 2, rel=1e-4)


# Layers


def test_layer_changes_need_a_confirmation(ready: NetworkPanel, stage: Stage) -> None:
    for _ in range(2):
        click(ready.head.buttons["+", 1])
    click(ready.head.buttons["new", 3])
    assert stage.commands.of(LoadBeside) == []
    assert ready.strip.isVisible()
    assert "it starts at epoch 0" in ready.strip.describe.text()
    click(ready.strip.make)
    expected = dataclasses.replace(SMALL, hidden=(6, 3, 8), activations=("sigmoid", "tanh", "tanh", "sigmoid"))
    assert stage.commands.of(LoadBeside) == [(expected, "2-6-3-8-2")]
    assert not ready.strip.isVisible()


def test_a_proposed_removal_can_be_cancelled(ready: NetworkPanel, stage: Stage) -> None:
    click(ready.head.buttons["×", 2])
    assert ready.strip.proposed is not None
    assert ready.strip.proposed.hidden == (4,)
    click(ready.strip.drop)
    assert not ready.strip.isVisible()
    assert stage.commands.of(LoadBeside) == []


def test_an_invalid_shape_shows_an_error(panel: NetworkPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, hidden=(1, 3)))
    click(panel.head.buttons["−", 1])
    assert "from 1 to 1,024" in panel.strip.describe.text()
    assert not panel.strip.make.isEnabled()


@pytest.mark.parametrize("sizes", [(200, 200), (3,) * 8])
def test_wide_and_deep_networks_are_drawn(panel: NetworkPanel, stage: Stage, sizes: tuple[int, ...]) -> None:
    stage.model.set_theme(DARK)
    stage.prepare(Experiment(samples=40, hidden=sizes, activations=("tanh",) * len(sizes) + ("sigmoid",)))
    stage.frame()
    stage.step()
    panel.grab()
    assert len(panel.view.edges) <= 3000
