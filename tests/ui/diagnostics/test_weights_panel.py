import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from bpviz.core.arrays import Array
from bpviz.session.diagnostics.histograms import BINS
from bpviz.session.engine.events import EpochsDone, State
from bpviz.ui.diagnostics.histogram_grid import Bars, Bin
from bpviz.ui.diagnostics.weights_panel import WeightsPanel
from bpviz.ui.style.theme import DARK
from tests.session.helpers import SMALL, epoch_record
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, hover, lay_out_and_paint, press

IN_BATCHES = dataclasses.replace(SMALL, batch_size=4)
W, DW = 0, 1


@pytest.fixture
def panel(show: Show, stage: Stage) -> WeightsPanel:
    made = WeightsPanel(stage.model)
    show(made, 560, 420)
    return made


def bars(panel: WeightsPanel, row: int, layer: int) -> Bars:
    found = panel.grid.bars[row][layer - 1]
    assert found is not None
    return found


def tell_frame(stage: Stage, parameters: Array | None = None) -> None:
    own = stage.training.network.parameters.copy() if parameters is None else parameters
    stage.tell(dataclasses.replace(stage.make_frame(), parameters=own))


def tell_ratios(stage: Stage, *rows: tuple[float, ...]) -> None:
    start = len(stage.model.epochs)
    stage.tell(EpochsDone(tuple(epoch_record(start + n, ratios=row) for n, row in enumerate(rows)), 1.0))


def point_at_bin(panel: WeightsPanel, row: int, layer: int, number: int) -> None:
    lay_out_and_paint(panel)
    area = panel.grid.area(row, layer - 1)
    there = QPointF(area.left() + (number + 0.5) * area.width() / BINS, area.center().y()).toPoint()
    QTest.mouseMove(panel.grid, there + QPoint(0, 1))
    QTest.mouseMove(panel.grid, there)


# Histograms


def test_w_and_dw_of_the_current_update_are_counted_by_layer(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(5)
    assert panel.grid.titles == ("Layer 1", "Layer 2", "Layer 3")
    for layer, (before, trace) in enumerate(zip(update.layers, update.trace.layers, strict=True), start=1):
        for row, values in ((W, before.W), (DW, trace.dW)):
            found = bars(panel, row, layer)
            expected, _ = np.histogram(values, bins=BINS, range=(-found.top, found.top))
            np.testing.assert_array_equal(found.counts, expected)
            assert found.counts.sum() == values.size
            assert found.spread.rms == pytest.approx(np.sqrt(np.mean(values**2)))
    assert panel.readout.text().startswith(f"dW of sample {update.samples[0]}, epoch 0 · ")


def test_w_of_a_layer_is_that_after_its_update_operation(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    everything = len(stage.show_update(0).operations)
    update = stage.show_update(everything - 1)  # all layers but the last are updated
    for layer, found in enumerate(update.layers, start=1):
        values = found.W if layer == 3 else found.W_after
        assert bars(panel, W, layer).spread.rms == pytest.approx(np.sqrt(np.mean(values**2)), rel=1e-14)


def test_before_any_update_there_is_no_dw_but_a_hint(panel: WeightsPanel, stage: Stage) -> None:
    assert "Press F11 (one operation)" in panel.readout.text()
    stage.prepare()
    tell_frame(stage)
    assert panel.grid.bars[DW] == (None, None, None)
    for layer, own in enumerate(stage.training.network.layers, start=1):
        assert bars(panel, W, layer).spread.rms == pytest.approx(np.sqrt(np.mean(own.weights**2)))
    assert panel.readout.text() == "Press F11 (one operation) or F10 (one sample) to see dW"
    panel.grab()


def test_an_update_of_another_position_is_not_shown(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(5)
    stage.train(2)
    tell_frame(stage)
    assert panel.grid.bars[DW] == (None, None, None)
    own = stage.training.network.layers[0].weights
    assert bars(panel, W, 1).spread.rms == pytest.approx(np.sqrt(np.mean(own**2)))


def test_dw_of_a_batch_names_the_batch(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare(IN_BATCHES)
    stage.show_update(5)
    assert panel.readout.text().startswith("dW of a batch of 4 samples, epoch 0")


def test_ranges_are_symmetric_and_stable(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    parameters = stage.training.network.parameters.copy()
    parameters *= 0.6 / np.abs(parameters).max()
    tops = []
    for size in (1.0, 0.7, 1.5, 2.0, 1.0):
        tell_frame(stage, size * parameters)
        tops.append(bars(panel, W, 1).top)
        assert bars(panel, W, 1).counts.sum() == 8
    assert tops[0] == tops[1]
    assert tops == sorted(tops)


def test_all_layers_can_share_one_range(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    parameters = stage.training.network.parameters.copy()
    parameters[:8] = 30.0
    tell_frame(stage, parameters)
    assert len({bars(panel, W, layer).top for layer in (1, 2, 3)}) > 1
    click(panel.shared)
    assert {bars(panel, W, layer).top for layer in (1, 2, 3)} == {50.0}
    click(panel.shared)
    assert bars(panel, W, 3).top < 50.0


def test_fit_resets_the_ranges(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage, np.full_like(stage.training.network.parameters, 9.0))
    tell_frame(stage, np.full_like(stage.training.network.parameters, 3.0))
    assert bars(panel, W, 1).top == 10.0
    panel._fit()
    assert bars(panel, W, 1).top == 5.0


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, 1e300])
def test_values_that_are_not_finite_are_drawn(panel: WeightsPanel, stage: Stage, bad: float) -> None:
    stage.prepare()
    parameters = stage.training.network.parameters.copy()
    parameters[:3] = bad
    tell_frame(stage, parameters)
    panel.grab()
    tell_frame(stage, np.full_like(parameters, bad))
    panel.grab()
    update = stage.show_update(5)
    spoilt = [dataclasses.replace(layer, dW=np.full_like(layer.dW, bad)) for layer in update.trace.layers]
    stage.tell(dataclasses.replace(update, trace=dataclasses.replace(update.trace, layers=tuple(spoilt))))
    panel.grab()
    assert ("26 values are not finite" in panel.readout.text()) == (not np.isfinite(bad))


def test_the_bin_under_the_pointer_is_described(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(5)
    found = bars(panel, W, 2)
    number = int(found.counts.argmax())
    point_at_bin(panel, W, 2, number)
    assert panel.grid.bin == Bin(W, 1, number)
    assert panel.readout.text().startswith(f"W of layer 2: {found.counts[number]} of 12 in ")
    assert panel.grid.accessibleDescription() == panel.readout.text()
    QTest.mouseMove(panel.grid, QPoint(2, 2))
    assert panel.readout.text().startswith("dW of sample")


def test_the_arrow_keys_move_between_bins_and_histograms(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    press(panel.grid, Qt.Key.Key_Right)
    assert panel.grid.bin is None
    stage.show_update(5)
    middle = BINS // 2
    visited: list[Bin | None] = []
    keys = (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Up, Qt.Key.Key_Left)
    for key in keys:
        press(panel.grid, key)
        visited.append(panel.grid.bin)
    assert visited == [
        Bin(W, 0, middle),
        Bin(W, 0, middle + 1),
        Bin(DW, 0, middle + 1),
        Bin(DW, 1, middle + 1),
        Bin(W, 1, middle + 1),
        Bin(W, 1, middle),
    ]
    assert panel.readout.text().startswith("W of layer 2: ")


def test_without_dw_the_keys_stay_in_the_row_of_w(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    tell_frame(stage)
    press(panel.grid, Qt.Key.Key_Right)
    press(panel.grid, Qt.Key.Key_Down)
    assert panel.grid.bin == Bin(W, 0, BINS // 2)


# Update ratios


def test_every_layer_has_a_line_of_its_ratios(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.ratio_readout.text() == "No epoch is complete yet: press F5 to train"
    records = stage.train(4)
    for layer, line in enumerate(panel.ratios.lines):
        epochs, powers = line.getOriginalDataset()
        np.testing.assert_array_equal(epochs, range(1, 5))
        np.testing.assert_allclose(powers, np.log10([record.update_ratio[layer] for record in records]), rtol=1e-5)
    assert panel.ratio_readout.text() == "RMS of update / RMS of W over the epochs, one line per layer"


def test_nan_ratios_are_not_drawn_and_infinite_ones_are_clipped(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    tell_ratios(stage, (np.nan, 1e-3, 0.0), (np.nan, np.inf, 1e-4), (np.nan, 1e-2, np.nan))
    panel.grab()
    heights = [line.getOriginalDataset()[1] for line in panel.ratios.lines]
    assert heights[0] is None or not len(heights[0])
    np.testing.assert_allclose(heights[1], [-3, 6, -2], atol=1e-6)
    np.testing.assert_allclose(heights[2], [-12, -4], atol=1e-6)
    assert [number.isVisible() for number in panel.ratios.numbers] == [False, True, False]


def test_the_guide_line_is_always_visible(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    for ratio in (1e-7, 1e-3, 10.0):
        tell_ratios(stage, (ratio, ratio, ratio))
        low, high = panel.ratios.plot.getPlotItem().vb.viewRange()[1]
        assert low < -3 < high
        assert low < np.log10(ratio) < high


def test_the_layer_numbers_are_inside_the_plot_at_any_number_of_epochs(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    for _ in range(30):
        tell_ratios(stage, (1e-3, 1e-3, 1e-3))
        right = panel.ratios.plot.getPlotItem().vb.viewRange()[0][1]
        assert right > 1.04 * (len(stage.model.epochs) - 1)


def test_the_layer_numbers_do_not_overlap(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    tell_ratios(stage, (1e-3, 1e-3, 1e-3))
    lay_out_and_paint(panel)
    view = panel.ratios.plot.getPlotItem().vb
    places = sorted(view.mapViewToScene(number.pos()).y() for number in panel.ratios.numbers)
    assert min(np.diff(places)) > 12


def test_the_line_is_at_the_end_of_the_last_epoch_and_follows_a_seek(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    assert not panel.ratios.cursor_line.isVisible()
    start = stage.training.trainer.checkpoint()
    stage.train(5)
    stage.become(State.PAUSED)
    assert panel.ratios.cursor_line.value() == 5
    stage.training.trainer.restore(start)
    stage.training.trainer.advance(14)
    stage.become(State.PAUSED)
    assert panel.ratios.cursor_line.value() == 0.5


def test_the_ratios_of_an_epoch_are_read_with_pointer_and_keyboard(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    tell_ratios(stage, (1e-3, 2e-3, 4e-3), (5e-3, 6e-3, 7e-3), (1e-4, 2e-4, 3e-4))
    lay_out_and_paint(panel)
    view = panel.ratios.plot.getPlotItem().vb
    hover(panel.ratios.plot, view.mapViewToScene(QPointF(2, -3)))
    expected = "epoch 2: update / W of layer 1 0.00500 · layer 2 0.00600 · layer 3 0.00700"
    assert panel.ratio_readout.text() == expected
    panel.ratios._point(None)
    press(panel.ratios.plot, Qt.Key.Key_Left)
    assert panel.ratio_readout.text().startswith("epoch 3: ")
    press(panel.ratios.plot, Qt.Key.Key_Left)
    assert panel.ratio_readout.text() == expected
    assert panel.ratios.plot.accessibleDescription() == expected


def test_a_hidden_panel_draws_nothing_until_it_is_shown(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    panel.hide()
    stage.train(3)
    stage.show_update(5)
    assert panel.grid.bars == ((None,) * 3, (None,) * 3)
    panel.show()
    assert bars(panel, DW, 1).counts.sum() == 8
    assert len(panel.ratios.lines[0].getOriginalDataset()[0]) == 3


def test_networks_of_any_depth_can_follow_each_other(panel: WeightsPanel, stage: Stage) -> None:
    for hidden in ((), (7,), (5, 4, 3, 2, 5, 6, 7, 8), (2,)):
        stage.prepare(dataclasses.replace(SMALL, hidden=hidden, activations=("tanh",) * len(hidden) + ("sigmoid",)))
        stage.train(2)
        stage.show_update(3)
        assert len(panel.grid.bars[DW]) == len(panel.ratios.lines) == len(hidden) + 1
        panel.grab()


def test_another_theme_is_drawn(panel: WeightsPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(2)
    stage.show_update(3)
    stage.model.set_theme(DARK)
    panel.grab()
    assert panel.ratios.cursor_line.pen.color().name().upper() == DARK.ink
