"""Numbers in the network diagram: where they are written, and that none covers another."""

from __future__ import annotations

import dataclasses
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QApplication

from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.ui.network.network_panel import NetworkPanel
from bpviz.ui.network.nodes import box_of
from bpviz.ui.network.number_cards import fitted, input_box
from bpviz.ui.network.view import NetworkView
from bpviz.ui.style import theme
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, point_at, press

MAZUR, XOR = (load_preset(name).experiment for name in ("mazur", "xor"))
LARGE = dataclasses.replace(SMALL, hidden=(25, 50), activations=("sigmoid",) * 3)


def open_panel(show: Show, stage: Stage, experiment: Experiment, size: tuple[int, int]) -> NetworkPanel:
    panel = NetworkPanel(stage.model)
    show(panel, *size)
    stage.prepare(experiment)
    stage.frame()
    lay_out_and_paint(panel)
    return panel


def after(stage: Stage, quantity: str, layer: int) -> None:
    n_layers = len(stage.training.network.layers)
    stage.show_update(operations(n_layers).index(Operation(quantity, layer)) + 1)


def boxes(view: NetworkView) -> list[QRectF]:
    """Return the rectangles of all neurons, inputs and labels."""
    layout, labels = view.layout_, view.labels.labels
    assert layout is not None
    assert labels is not None
    layers = enumerate(layout.centres)
    nodes = [
        box_of(layout, layer, n) if layer else input_box(layout, n) for layer, at in layers for n in range(len(at))
    ]
    return [*map(QRectF, nodes), *labels.boxes()]


def n_labels(view: NetworkView) -> tuple[int, int]:
    labels = view.labels.labels
    assert labels is not None
    return len(labels.places), len(labels.sent_places)


@pytest.mark.parametrize(
    "scale", [1.0, *(pytest.param(scale, marks=pytest.mark.slow) for scale in theme.SCALES if scale != 1.0)]
)
@pytest.mark.parametrize(
    "size",
    [
        (400, 300),
        (820, 560),
        *(pytest.param(size, marks=pytest.mark.slow) for size in ((520, 360), (640, 420), (1400, 900))),
    ],
)
@pytest.mark.parametrize("experiment", [MAZUR, XOR, SMALL], ids=["2-2-2", "2-4-2", "2-4-3-2"])
def test_no_number_covers_another_or_is_cut_off(
    show: Show, stage: Stage, qapp: QApplication, experiment: Experiment, size: tuple[int, int], scale: float
) -> None:
    theme.apply(qapp, theme.LIGHT, scale)
    panel = open_panel(show, stage, experiment, size)
    view = panel.view
    for operation in operations(len(experiment.sizes) - 1):
        after(stage, operation.quantity, operation.layer)
        view.grab()
        if view.layout_ is None or view.layout_.card is None:
            continue
        found = boxes(view)
        assert all(QRectF(view.rect()).contains(box) for box in found)
        assert not any(one.intersects(other) for one, other in combinations(found, 2))


@pytest.mark.parametrize(
    ("experiment", "size"), [(MAZUR, (740, 330)), (MAZUR, (820, 430)), (XOR, (680, 400)), (XOR, (900, 500))]
)
def test_with_room_every_weight_has_its_number(
    show: Show, stage: Stage, experiment: Experiment, size: tuple[int, int]
) -> None:
    view = open_panel(show, stage, experiment, size).view
    n_weights = sum(before * here for before, here in pairwise(experiment.sizes))
    after(stage, "a", 1)
    view.grab()
    assert n_labels(view) == (n_weights, 0)
    after(stage, "dW", 2)
    view.grab()
    places, sent = n_labels(view)
    into_outputs = experiment.sizes[-1] * experiment.sizes[-2]
    assert sent == into_outputs
    assert places in (n_weights, n_weights - into_outputs)


def test_a_large_network_has_numbers_only_where_it_is_zoomed(show: Show, stage: Stage) -> None:
    view = open_panel(show, stage, LARGE, (700, 440)).view
    assert view.layout_ is not None
    assert view.layout_.card is None
    for _ in range(14):
        view.zoom_by(1.2, QPointF(300, 200))
    assert view.layout_.card is not None
    view.grab()
    assert n_labels(view)[0] <= 64


def test_numbers_stay_at_their_places_while_training_runs(show: Show, stage: Stage) -> None:
    view = open_panel(show, stage, XOR, (700, 440)).view
    before = view.labels.labels
    stage.train(1)
    stage.become(State.RUNNING)
    stage.frame()
    stage.model.paint_queue.finish()
    view.grab()
    assert view.labels.labels is before


def test_what_an_operation_sends_moves_along_the_edge(show: Show, stage: Stage) -> None:
    view = open_panel(show, stage, MAZUR, (740, 400)).view
    after(stage, "z", 1)
    view.grab()
    view.flow.progress = 0.0
    start = view.grab().toImage()
    view.flow.progress = 0.5
    middle = view.grab().toImage()
    view.flow.progress = 1.0
    end = view.grab().toImage()
    assert start != middle != end
    labels = view.labels.labels
    assert labels is not None
    (x0, _), (x1, _) = labels._ends[0]
    assert x0 < labels.places[0].x() < labels.sent_places[0].x() < x1
    after(stage, "error", 1)
    view.grab()
    labels = view.labels.labels
    assert labels is not None
    assert labels.sent_places.keys() == {4, 5, 6, 7}


def test_n_switches_the_numbers_off_and_on(show: Show, stage: Stage) -> None:
    view = open_panel(show, stage, MAZUR, (740, 400)).view
    card = view.layout_.card if view.layout_ else None
    assert card is not None
    press(view, Qt.Key.Key_N)
    assert view.layout_ is not None
    assert view.layout_.card is None
    press(view, Qt.Key.Key_N)
    assert view.layout_.card == card


def test_hovering_shows_full_precision(show: Show, stage: Stage) -> None:
    panel = open_panel(show, stage, MAZUR, (820, 440))
    view = panel.view
    after(stage, "update", 2)
    point_at(view, view.neuron_box(1, 0).center())
    assert view.magnifier is not None
    update = stage.model.current_update
    assert update is not None
    assert f"a {update.trace.layers[0].a[0, 0].item()!r}" in view.magnifier.lines
    lay_out_and_paint(panel)
    labels = view.labels.labels
    assert labels is not None
    view.hover = None
    view.grab()
    place = view.labels.labels.places[0] if view.labels.labels else None
    assert place is not None
    point_at(view, place.toPoint())
    weight, gradient = update.layers[0].W_after[0, 0].item(), update.trace.layers[0].dW[0, 0].item()
    assert panel.readout.text().startswith(f"W1[0, 0] · W {weight!r} · dW {gradient!r} · contribution ")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.15, "0.1500"), (-0.15, "−0.150"), (0.0012345, "0.0012"), (-1.5e-12, "−2e−12"), (-1.5e-123, "…")],
)
def test_a_number_has_as_many_digits_as_fit(qapp: QApplication, value: float, text: str) -> None:
    class Letters:
        def horizontalAdvance(self, words: str) -> int:
            return len(words)

    assert fitted(Letters(), value, 4, 6) == text  # type: ignore[arg-type]


# The list of weights


def test_a_click_on_a_neuron_lists_its_weights_beside_the_picture(show: Show, stage: Stage) -> None:
    panel = open_panel(show, stage, SMALL, (760, 400))
    assert not panel.weights.isVisible()
    click(panel.view, panel.view.neuron_box(2, 1).center())
    lay_out_and_paint(panel)
    assert panel.weights.isVisible()
    listed = panel.weights.geometry()
    picture = QRectF(panel.view.mapTo(panel, QPoint()), panel.view.size().toSizeF())
    assert not picture.intersects(QRectF(listed))
    table, network = panel.weights.table, stage.training.network
    into, out = network.layers[1].weights[:, 1], network.layers[2].weights[1]
    shown = [weight.weight for weight in table.weights]
    np.testing.assert_array_equal(np.abs(shown[:4]), np.sort(np.abs(into))[::-1])
    np.testing.assert_array_equal(np.abs(shown[4:]), np.sort(np.abs(out))[::-1])
    assert table.text(0, 0).startswith("from ")
    assert table.text(4, 0).startswith("to ")
    assert repr(shown[0]).replace("-", "−") in table.tip(0, 1)
    stage.model.select_nothing()
    assert not panel.weights.isVisible()


def test_a_row_selects_the_neuron_at_the_other_end_but_no_input(show: Show, stage: Stage) -> None:
    panel = open_panel(show, stage, SMALL, (760, 400))
    stage.model.select(layer=1, neuron=0)
    lay_out_and_paint(panel)
    view = panel.weights.view
    click(view.viewport(), view.visualRect(view.model().index(0, 0)).center())
    assert (stage.model.selection.layer, stage.model.selection.neuron) == (1, 0)
    row = panel.weights.table.weights[2]
    click(view.viewport(), view.visualRect(view.model().index(2, 0)).center())
    assert (stage.model.selection.layer, stage.model.selection.neuron) == (2, row.neuron)


@pytest.mark.parametrize(("size", "is_below"), [((380, 420), True), ((380, 260), None), ((760, 300), False)])
def test_the_list_is_where_there_is_room(
    show: Show, stage: Stage, size: tuple[int, int], is_below: bool | None
) -> None:
    panel = open_panel(show, stage, SMALL, size)
    stage.model.select(layer=1, neuron=0)
    lay_out_and_paint(panel)
    assert panel.weights.isVisible() is (is_below is not None)
    if is_below is not None:
        assert (panel.weights.y() > panel.view.height() / 2) is is_below


def test_the_list_follows_the_operations(show: Show, stage: Stage) -> None:
    panel = open_panel(show, stage, SMALL, (760, 400))
    stage.model.select(layer=1, neuron=0)
    assert panel.weights.table.text(0, 2) == "–"
    after(stage, "z", 1)
    carried = panel.weights.table.weights[0].carried
    assert carried is not None
    assert panel.weights.table.text(0, 2) != "–"
