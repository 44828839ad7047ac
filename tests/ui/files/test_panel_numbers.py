"""The numbers of panels as CSV."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from bpviz.session.frames.frame import FrameOptions
from bpviz.session.sharing.panel_numbers import check_numbers, surface_numbers
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage

Rows = list[dict[str, str]]


@pytest.fixture
def trained(main_window: MainWindow, stage: Stage) -> MainWindow:
    stage.prepare()
    stage.train(3)
    stage.model.request_frame_options("test", FrameOptions(activations=True))
    stage.frame()
    return main_window


def numbers_of(window: MainWindow, dock: PanelDock[Panel]) -> Rows:
    """Copy the numbers of a panel by the menu of its title, and read them."""
    dock.bring_to_front()
    QApplication.clipboard().clear()
    window.exports.open_panel_menu(dock, QPoint())
    menu = window.findChildren(QMenu, "panel")[-1]
    next(action for action in menu.actions() if action.text() == "Copy &numbers").trigger()
    menu.close()
    return list(csv.DictReader(io.StringIO(QApplication.clipboard().text())))


def test_the_curve_gives_its_epochs(trained: MainWindow, stage: Stage) -> None:
    rows = numbers_of(trained, trained.docks.curves)
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [float(row["mse_test"]) for row in rows] == list(stage.model.epochs.column("mse_test"))


def test_the_deltas_are_those_of_the_samples(trained: MainWindow, stage: Stage) -> None:
    rows = numbers_of(trained, trained.docks.deltas)
    frame, prepared = stage.model.frame, stage.model.prepared
    assert frame is not None
    assert prepared is not None
    assert [int(row["sample"]) for row in rows] == prepared.shown.train.tolist()
    assert [float(row["delta_1_0"]) for row in rows] == frame.deltas[0][:, 0].tolist()
    last = len(frame.deltas)
    assert [float(row[f"delta_{last}_1"]) for row in rows] == frame.deltas[-1][:, 1].tolist()


def test_the_deltas_over_epochs_have_a_row_for_each_epoch(trained: MainWindow) -> None:
    panel = trained.docks.deltas.panel
    panel.view.setCurrentIndex(1)
    rows = numbers_of(trained, trained.docks.deltas)
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert all(float(row["rms_1_0"]) > 0 for row in rows)


def test_the_surface_gives_inputs_and_outputs_of_each_cell(trained: MainWindow, stage: Stage) -> None:
    rows = numbers_of(trained, trained.docks.surface)
    network = stage.training.network
    points = np.array([[float(row["x1"]), float(row["x2"])] for row in rows])
    outputs = np.array([[float(row["output_0"]), float(row["output_1"])] for row in rows])
    assert stage.model.frame is not None
    assert len(rows) == stage.model.frame.grid.rows * stage.model.frame.grid.columns
    np.testing.assert_allclose(outputs, network.feed_forward(points), atol=1e-5)


def test_operands_are_given_in_full_precision(trained: MainWindow, stage: Stage) -> None:
    update = stage.show_update(1)
    rows = numbers_of(trained, trained.docks.operands)
    z = [float(row["value"]) for row in rows if row["array"] == "z of layer 1"]
    assert z == update.trace.layers[0].z[0].tolist()


def test_the_gradient_check_gives_both_gradients(trained: MainWindow, stage: Stage) -> None:
    checked = stage.check()
    rows = numbers_of(trained, trained.docks.check)
    analytic = np.concatenate([each.analytic for each in checked.checks])
    assert [float(row["backprop"]) for row in rows] == analytic.tolist()
    assert rows[-1]["parameter"] == "b"
    assert len(rows) == len(list(check_numbers(checked).rows))


def test_hidden_space_gives_the_places_of_the_samples(trained: MainWindow, stage: Stage) -> None:
    trained.docks.hidden_space.bring_to_front()
    stage.frame()
    panel = trained.docks.hidden_space.panel
    panel.redraw()
    rows = numbers_of(trained, trained.docks.hidden_space)
    across = [float(list(row.values())[2]) for row in rows]
    assert across == panel.points.places[:, 0].tolist()


def test_weights_and_gradients_give_their_histograms(trained: MainWindow, stage: Stage) -> None:
    trained.docks.weights.panel.set_seen(True)
    stage.frame()
    rows = numbers_of(trained, trained.docks.weights)
    counts = [int(row["count"]) for row in rows if row["quantity"] == "W" and row["layer"] == "1"]
    assert sum(counts) == stage.training.network.layers[0].weights.size


def test_a_table_gives_its_rows(trained: MainWindow, stage: Stage) -> None:
    stage.tell_timeline()
    rows = numbers_of(trained, trained.docks.branches)
    assert [next(value for value in row.values() if value) for row in rows] == ["main"]


def test_a_panel_without_numbers_has_none_in_its_menu_and_says_so(trained: MainWindow) -> None:
    trained.docks.code.bring_to_front()
    trained.exports.open_panel_menu(trained.docks.code, QPoint())
    (menu,) = trained.findChildren(QMenu, "panel")
    assert [action.text() for action in menu.actions() if "umbers" in action.text()] == []
    menu.close()
    trained.docks.code.panel.view.setFocus()
    trained.actions_["copy_numbers"].trigger()
    assert trained.notice.sentence.text().startswith("Code shows no numbers")


def test_saved_numbers_are_the_copied_ones(trained: MainWindow, tmp_path: Path) -> None:
    trained.docks.curves.panel.plot.setFocus()
    trained.actions_["copy_numbers"].trigger()
    trained.actions_["save_numbers"].trigger()
    (dialog,) = trained.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "numbers.csv"))
    dialog.close()
    assert (tmp_path / "numbers.csv").read_text(encoding="utf-8") == QApplication.clipboard().text()


def test_the_rows_of_numbers_stay_those_of_the_moment(trained: MainWindow, stage: Stage) -> None:
    assert stage.model.frame is not None
    numbers = surface_numbers(stage.model.frame)
    assert list(numbers.rows) == list(numbers.rows) != []
