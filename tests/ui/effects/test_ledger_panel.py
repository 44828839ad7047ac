"""The panel that lists the updates of an epoch."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog

from bpviz.session.effects.ledger import Ledger, LedgerProgress
from bpviz.session.engine.commands import CancelLedger, GoTo, MakeLedger
from bpviz.session.engine.events import Failed, State, Status
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations
from bpviz.ui.effects.ledger_panel import LedgerPanel
from bpviz.ui.effects.ledger_table import FILTERS, LOSS_ROSE, MSE_FELL, MSE_ROSE, RIGHT, WRONG
from bpviz.ui.style import formats
from bpviz.ui.style.theme import DARK, LIGHT
from tests.session.effects.by_hand import trained
from tests.session.effects.test_ledger import ledger_of
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, press

#: After the gradients of an update, before it is made.
READY = len(operations(3)) - 3
TITLES = ["No.", "Sample", "Class", "Right", "MSE moved", "Loss before", "Loss after", "Change", "Update"]
DELTAS = ["Delta 1", "Delta 2", "Delta 3"]
MSE_MOVED = TITLES.index("MSE moved")


@pytest.fixture
def panel(stage: Stage, show: Show) -> LedgerPanel:
    made = LedgerPanel(stage.model)
    show(made, 620, 320)
    stage.prepare()
    stage.tell_timeline()
    stage.train(3)
    return made


@pytest.fixture
def ledger() -> Ledger:
    return ledger_of(trained(), 2)


@pytest.fixture
def filled(panel: LedgerPanel, stage: Stage, ledger: Ledger) -> LedgerPanel:
    click(panel.make)
    stage.tell(ledger)
    return panel


def titles(panel: LedgerPanel) -> list[str]:
    header = [panel.table.headerData(column, Qt.Orientation.Horizontal) for column in range(panel.table.columnCount())]
    return [str(title).rstrip(" ▴▾") for title in header]


def column(panel: LedgerPanel, title: str) -> list[str]:
    place = titles(panel).index(title)
    return [panel.table.text(row, place) for row in range(panel.table.rowCount())]


def click_title(panel: LedgerPanel, place: int) -> None:
    header = panel.view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(place) + 8, header.height() // 2)
    click(header.viewport(), at)


# Making


def test_the_epoch_on_screen_is_listed_when_wanted(panel: LedgerPanel, stage: Stage, ledger: Ledger) -> None:
    assert panel.empty.isVisible()
    click(panel.make)
    assert stage.commands.of(MakeLedger) == [2]
    assert panel.readout.text() == "Replaying the epoch…"
    stage.tell(LedgerProgress(20, 28))
    assert panel.readout.text() == "Replaying: 20 of 28 updates…"
    stage.tell(ledger)
    assert panel.view.isVisible()
    assert panel.table.rowCount() == 28
    wrong, moved = 28 - ledger.n_right.sum(), formats.number(ledger.mse_change.sum())
    assert (
        panel.readout.text() == f"Epoch 2 to 3 · 28 updates · {wrong} of 28 samples wrong · MSE moved by {moved} in all"
    )


@pytest.mark.parametrize(("position", "epoch"), [(Position(2), 1), (Position(2, 4), 2), (Position(1, 0, 5), 1)])
def test_in_the_past_it_is_the_epoch_of_the_position(
    panel: LedgerPanel, stage: Stage, position: Position, epoch: int
) -> None:
    stage.tell(Status(State.PAUSED, position, is_live=False, furthest=Position(3)))
    click(panel.make)
    assert stage.commands.of(MakeLedger) == [epoch]


def test_before_the_first_update_there_is_nothing_to_list(stage: Stage, show: Show) -> None:
    made = LedgerPanel(stage.model)
    show(made, 620, 320)
    assert not made.make.isEnabled()
    stage.prepare()
    assert not made.make.isEnabled()
    assert made.empty.text() == "Press F5 to train, or F10 to take one sample."
    stage.step()
    assert made.make.isEnabled()


def test_a_replay_can_be_cancelled(panel: LedgerPanel, stage: Stage, ledger: Ledger) -> None:
    click(panel.make)
    assert not panel.make.isVisible()
    click(panel.cancel)
    assert stage.commands.of(CancelLedger) == [None]
    assert panel.make.isVisible()
    stage.tell(LedgerProgress(20, 28))  # was on its way
    stage.tell(ledger)
    assert not panel.cancel.isVisible()
    assert panel.empty.isVisible()


def test_a_refusal_ends_the_wait_but_another_failure_does_not(panel: LedgerPanel, stage: Stage) -> None:
    click(panel.make)
    stage.tell(Failed("The epoch after epoch 2 has no updates yet."))
    assert panel.make.isVisible()
    click(panel.make)
    stage.tell(LedgerProgress(20, 28))
    stage.tell(Failed("The file cannot be written."))
    assert panel.cancel.isVisible()
    stage.tell(Failed("An internal error occurred.", "Traceback"))
    assert panel.make.isVisible()


def test_another_network_has_no_ledger(filled: LedgerPanel, stage: Stage) -> None:
    stage.prepare()
    assert filled.empty.isVisible()
    assert (filled.table.rowCount(), filled.readout.text()) == (0, "")
    assert not filled.save.isEnabled()


def test_a_change_in_or_before_the_epoch_drops_the_ledger(filled: LedgerPanel, stage: Stage) -> None:
    def branch(number: int, at: Position) -> BranchInfo:
        changes = ((at, "learning rate 1"),)
        return BranchInfo(number, "b", stage.training.experiment, None, Position(), changes, Position(9), None)

    stage.tell_timeline(branch(0, Position(3)))
    assert filled.table.rowCount() == 28
    stage.tell_timeline(branch(0, Position(2, 27)))
    assert filled.table.rowCount() == 0
    assert filled.readout.text() == "The run was changed after this ledger had been made: list the updates again."


def test_another_branch_drops_the_ledger(filled: LedgerPanel, stage: Stage) -> None:
    other = BranchInfo(1, "fork", stage.training.experiment, 0, Position(1), (), Position(3), None)
    stage.tell_timeline(other, active=1)
    assert filled.table.rowCount() == 0


# The table


def test_every_column_has_the_numbers_of_the_ledger(filled: LedgerPanel, ledger: Ledger, stage: Stage) -> None:
    QAbstractItemModelTester(filled.table, QAbstractItemModelTester.FailureReportingMode.Warning, filled.table)
    assert titles(filled) == TITLES + DELTAS
    numbers = {
        "MSE moved": ledger.mse_after - ledger.mse_before,
        "Loss before": ledger.loss_before,
        "Loss after": ledger.loss_after,
        "Change": ledger.loss_after - ledger.loss_before,
        "Update": ledger.update_norm,
    } | {f"Delta {layer + 1}": ledger.delta_rms[:, layer] for layer in range(3)}
    for title, values in numbers.items():
        assert column(filled, title) == [formats.number(float(value)) for value in values]
    samples = [int(each[0]) for each in ledger.samples]
    assert column(filled, "No.") == [str(number) for number in range(1, 29)]
    assert column(filled, "Sample") == [str(sample) for sample in samples]
    assert column(filled, "Class") == [str(stage.training.split.labels_train[sample]) for sample in samples]
    assert column(filled, "Right") == [("wrong", "right")[right] for right in ledger.n_right]


def test_with_batches_a_row_is_a_batch(panel: LedgerPanel, stage: Stage) -> None:
    batches = ledger_of(trained(dataclasses.replace(SMALL, batch_size=5)), 2)
    click(panel.make)
    stage.tell(batches)
    assert "Class" not in titles(panel)
    assert column(panel, "Samples") == [
        *("0, 1, 2, 3 …", "5, 6, 7, 8 …", "10, 11, 12, 13 …"),
        *("15, 16, 17, 18 …", "20, 21, 22, 23 …", "25, 26, 27"),
    ]
    assert column(panel, "Right")[-1] == f"{batches.n_right[-1]} of 3"
    tip = panel.table.headerData(titles(panel).index("Delta 1"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "RMS delta of layer 1, over its neurons and the samples of the batch\nClick to sort"


def test_a_click_on_a_title_sorts_and_another_one_reverses(filled: LedgerPanel, ledger: Ledger) -> None:
    click_title(filled, MSE_MOVED)
    assert filled.table.rows.tolist() == np.argsort(ledger.mse_change, kind="stable").tolist()
    assert filled.table.headerData(MSE_MOVED, Qt.Orientation.Horizontal) == "MSE moved ▴"
    click_title(filled, MSE_MOVED)
    assert filled.table.rows.tolist() == np.argsort(-ledger.mse_change, kind="stable").tolist()
    assert filled.table.headerData(MSE_MOVED, Qt.Orientation.Horizontal) == "MSE moved ▾"


def test_filters_keep_the_rows_that_they_name_in_their_order(filled: LedgerPanel, ledger: Ledger) -> None:
    expected = {
        WRONG: ledger.n_right == 0,
        RIGHT: ledger.n_right == 1,
        LOSS_ROSE: ledger.loss_after > ledger.loss_before,
        MSE_ROSE: ledger.mse_after > ledger.mse_before,
        MSE_FELL: ledger.mse_after < ledger.mse_before,
    }
    assert [filled.filter.itemText(index) for index in range(filled.filter.count())] == list(FILTERS)
    filled.view.sortByColumn(MSE_MOVED, Qt.SortOrder.DescendingOrder)
    for name, passing in expected.items():
        filled.filter.setCurrentText(name)
        order = np.argsort(-ledger.mse_change, kind="stable")
        assert filled.table.rows.tolist() == [row for row in order if passing[row]]
        assert f"· {passing.sum()} shown of 28 updates ·" in filled.readout.text()


def test_changes_have_the_colour_of_their_sign_in_both_themes(filled: LedgerPanel, stage: Stage) -> None:
    filled.view.sortByColumn(MSE_MOVED, Qt.SortOrder.AscendingOrder)
    for theme in (LIGHT, DARK):
        stage.model.set_theme(theme)
        inks = [filled.table.ink(row, MSE_MOVED) for row in (0, filled.table.rowCount() - 1)]
        assert [ink.name() for ink in inks if ink] == [theme.negative.lower(), theme.positive.lower()]


def test_what_was_left_out_is_said(panel: LedgerPanel, stage: Stage, ledger: Ledger) -> None:
    click(panel.make)
    stage.tell(
        dataclasses.replace(ledger, n_updates=90_000, is_complete=False, n_scored=500, n_training=90_000, n_changes=2)
    )
    text = panel.readout.text()
    assert "the first 28 of 90,000 updates so far" in text
    assert "MSE of 500 of 90,000 training samples" in text
    assert "your 2 changes in between are in no row" in text


# Going to an update


@pytest.mark.parametrize("how", ["click", "Return"])
def test_a_row_goes_to_its_update_whatever_the_order(
    filled: LedgerPanel, stage: Stage, ledger: Ledger, how: str
) -> None:
    filled.view.sortByColumn(MSE_MOVED, Qt.SortOrder.DescendingOrder)
    index = filled.table.index(3, 1)
    if how == "click":
        click(filled.view.viewport(), filled.view.visualRect(index).center())
    else:
        filled.view.setCurrentIndex(index)
        press(filled.view, Qt.Key.Key_Return)
    row = int(np.argsort(-ledger.mse_change, kind="stable")[3])
    assert stage.commands.of(GoTo) == [Position(2, int(ledger.starts[row]), READY)]


def test_the_row_of_the_selected_sample_is_the_current_one(filled: LedgerPanel, stage: Stage) -> None:
    filled.view.sortByColumn(MSE_MOVED, Qt.SortOrder.DescendingOrder)
    stage.model.select(sample=17)
    assert filled.table.text(filled.view.currentIndex().row(), 1) == "17"
    assert stage.commands.of(GoTo) == []


def test_the_row_of_the_update_on_screen_is_highlighted(filled: LedgerPanel, stage: Stage) -> None:
    stage.tell(Status(State.PAUSED, Position(2, 11, READY), is_live=False, furthest=Position(3)))
    lit = [row for row in range(28) if filled.table.light(row, 0)]
    assert lit == [11]
    stage.tell(Status(State.PAUSED, Position(1, 11, READY), is_live=False, furthest=Position(3)))
    assert not any(filled.table.light(row, 0) for row in range(28))


@pytest.mark.parametrize(("samples", "row"), [(12, 11), (28, 27)])
def test_an_update_that_has_been_made_is_still_the_one_on_screen(
    panel: LedgerPanel, stage: Stage, samples: int, row: int
) -> None:
    stage.step()
    click(panel.make)
    stage.tell(ledger_of(trained(epochs=4), 3))
    for _ in range(samples - 1):
        stage.step()
    if stage.training.trainer.epoch_is_complete:
        stage.training.finish_epoch()
        update = stage.model.current_update
        assert update is not None
        stage.tell(dataclasses.replace(update, position=stage.training.position))
        stage.become(State.PAUSED)
    assert [place for place in range(28) if panel.table.light(place, 0)] == [row]


# Saving


def test_the_rows_are_saved_as_they_are_listed(filled: LedgerPanel, ledger: Ledger, tmp_path: Path) -> None:
    filled.filter.setCurrentText(MSE_ROSE)
    filled.view.sortByColumn(MSE_MOVED, Qt.SortOrder.DescendingOrder)
    click(filled.save)
    (dialog,) = filled.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "ledger.csv"))
    dialog.reject()
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["samples_done"]) for row in rows] == ledger.starts[filled.table.rows].tolist()
    moved = [float(row["mse_after"]) - float(row["mse_before"]) for row in rows]
    assert moved == sorted((value for value in ledger.mse_change if value > 0), reverse=True)


def test_a_file_that_cannot_be_written_is_told_of(filled: LedgerPanel, ledger: Ledger, tmp_path: Path) -> None:
    told: list[Failed] = []
    filled.model.failed.connect(told.append)
    filled.save_ledger(ledger, str(tmp_path))
    assert len(told) == 1


def test_no_sample_of_a_regression_is_called_right_or_wrong(panel: LedgerPanel, stage: Stage) -> None:
    panel.filter.setCurrentText(WRONG)
    plane = dataclasses.replace(SMALL, dataset="plane", activations=("sigmoid", "tanh", "none"))
    stage.prepare(plane)
    stage.tell_timeline()
    stage.train(3)
    click(panel.make)
    stage.tell(ledger_of(trained(plane), 2))
    offered = [panel.filter.itemText(index) for index in range(panel.filter.count())]
    assert offered == [name for name in FILTERS if name not in (RIGHT, WRONG)]
    assert panel.filter.currentText() == FILTERS[0]
    assert "Right" not in [column.title for column in panel.table.columns]
    assert panel.table.n_rows() > 0
    assert "wrong" not in panel.readout.text()
    stage.prepare(SMALL)
    assert [panel.filter.itemText(index) for index in range(panel.filter.count())] == list(FILTERS)
