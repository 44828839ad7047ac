"""The branches panel: texts of the table, and actions on each branch."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit

from bpviz.session.engine.commands import CompareBranch, DeleteBranch, Fork, RenameBranch, ShowBranch
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.position import Position
from bpviz.ui.branches.branch_table import BESIDE, CHANGED, END, FORKED, MSE, NAME, REMOVE
from bpviz.ui.branches.branches_panel import BranchesPanel
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, press

AT_40 = Position(40)
MAIN = BranchInfo(0, "main", SMALL, None, Position(), ((Position(3), "learning rate 0.2"),), Position(100), 0.0625)
FORK = BranchInfo(
    4,
    "faster",
    dataclasses.replace(SMALL, learning_rate=1.0),
    0,
    AT_40,
    ((Position(3), "learning rate 0.2"), (AT_40, "learning rate 1"), (Position(41, 7), "W2[3, 0] = 0.5")),
    Position(1200),
    None,
)
ALONE = BranchInfo(
    7, "xavier", dataclasses.replace(SMALL, initializer="xavier"), None, Position(), (), Position(), None
)


@pytest.fixture
def panel(show: Show, stage: Stage) -> BranchesPanel:
    made = BranchesPanel(stage.model)
    show(made, 700, 220)
    stage.prepare()
    stage.tell_timeline(MAIN, FORK, ALONE)
    stage.commands.given.clear()
    return made


def text(panel: BranchesPanel, row: int, column: int) -> object:
    return panel.table.data(panel.table.index(row, column))


def place_of(panel: BranchesPanel, row: int, column: int) -> QPoint:
    return panel.view.visualRect(panel.table.index(row, column)).center()


def click_cell(panel: BranchesPanel, row: int, column: int) -> None:
    click(panel.view.viewport(), place_of(panel, row, column))


def tick(panel: BranchesPanel, row: int) -> None:
    box = panel.view.visualRect(panel.table.index(row, BESIDE))
    click(panel.view.viewport(), QPoint(box.left() + 12, box.center().y()))


def choose(panel: BranchesPanel, row: int, column: int = NAME) -> None:
    panel.activateWindow()
    panel.view.setFocus()
    panel.view.setCurrentIndex(panel.table.index(row, column))


def editor(panel: BranchesPanel) -> QLineEdit:
    (found,) = panel.view.viewport().findChildren(QLineEdit)
    return found


# Texts


def test_each_branch_shows_its_fork_its_changes_and_its_progress(panel: BranchesPanel) -> None:
    rows = [[text(panel, row, column) for column in (NAME, FORKED, CHANGED, END, MSE)] for row in range(3)]
    assert rows == [
        ["main", "the start", "learning rate 0.2", "100", "0.062500"],
        ["faster", "main, epoch 40", "learning rate 1, W2[3, 0] = 0.5", "1,200", "–"],
        ["xavier", "the start", "initializer xavier", "0", "–"],
    ]


def test_a_fork_inside_an_epoch_names_its_sample(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(MAIN, dataclasses.replace(FORK, forked_at=Position(40, 12)))
    assert text(panel, 1, FORKED) == "main, epoch 40, sample 12"


def test_a_branch_outlives_its_parent(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(FORK, active=4)
    assert text(panel, 0, FORKED) == "a deleted branch, epoch 40"


def test_the_tooltip_of_changes_has_their_positions(panel: BranchesPanel) -> None:
    tip = panel.table.data(panel.table.index(1, CHANGED), Qt.ItemDataRole.ToolTipRole)
    assert tip == "epoch 40: learning rate 1\nepoch 41, sample 7: W2[3, 0] = 0.5"


def test_without_a_network_the_table_shows_a_hint(show: Show, stage: Stage) -> None:
    panel = BranchesPanel(stage.model)
    show(panel, 700, 220)
    assert panel.table.rowCount() == 0
    assert "fork (Ctrl+K)" in panel.view._empty
    assert not panel.fork.isEnabled()


def test_a_single_branch_shows_how_to_fork_and_cannot_be_deleted(panel: BranchesPanel, stage: Stage) -> None:
    assert not panel.hint.isVisible()
    stage.tell_timeline(MAIN)
    assert panel.hint.isVisible()
    assert text(panel, 0, REMOVE) is None
    click_cell(panel, 0, REMOVE)
    choose(panel, 0)
    press(panel.view, Qt.Key.Key_Delete)
    assert stage.commands.given == []


def test_the_active_branch_is_bold_and_named_active_for_screen_readers(panel: BranchesPanel) -> None:
    index, kind = panel.table.index(0, NAME), Qt.ItemDataRole
    assert panel.table.data(index, kind.FontRole).weight() > QFont.Weight.Normal  # type: ignore[attr-defined]
    assert panel.table.data(panel.table.index(1, NAME), kind.FontRole) is None
    assert panel.table.data(index, kind.AccessibleTextRole) == "main, active"
    assert panel.table.data(panel.table.index(1, BESIDE), kind.AccessibleTextRole) == "Compare with faster"


# Switching


def test_a_click_switches_to_a_branch(panel: BranchesPanel, stage: Stage) -> None:
    click_cell(panel, 1, CHANGED)
    assert stage.commands.given == [ShowBranch(4)]


def test_a_click_on_the_active_branch_does_nothing(panel: BranchesPanel, stage: Stage) -> None:
    click_cell(panel, 0, NAME)
    assert stage.commands.given == []


def test_return_switches_to_the_branch_selected_by_arrow_keys(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 0)
    press(panel.view, Qt.Key.Key_Down)
    press(panel.view, Qt.Key.Key_Down)
    press(panel.view, Qt.Key.Key_Return)
    assert stage.commands.given == [ShowBranch(7)]


# Comparing


def test_a_checked_box_compares_a_branch_with_the_active_one(panel: BranchesPanel, stage: Stage) -> None:
    tick(panel, 1)
    assert stage.commands.given == [CompareBranch(4)]


def test_unchecking_the_box_ends_the_comparison(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(MAIN, FORK, ALONE, compared=4)
    tick(panel, 1)
    assert stage.commands.given == [CompareBranch(None)]


def test_only_one_box_is_checked_and_the_active_branch_has_none(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(MAIN, FORK, ALONE, compared=7)
    ticks = [panel.table.data(panel.table.index(row, BESIDE), Qt.ItemDataRole.CheckStateRole) for row in range(3)]
    assert ticks == [None, Qt.CheckState.Unchecked, Qt.CheckState.Checked]


def test_space_checks_the_box(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 2, BESIDE)
    press(panel.view, Qt.Key.Key_Space)
    assert stage.commands.given == [CompareBranch(7)]


def test_the_stop_button_is_visible_only_during_a_comparison(panel: BranchesPanel, stage: Stage) -> None:
    assert not panel.stop.isVisible()
    stage.tell_timeline(MAIN, FORK, compared=4)
    assert panel.stop.isVisible()
    click(panel.stop)
    assert stage.commands.given == [CompareBranch(None)]


# Forking and deleting


def test_fork_is_enabled_up_to_four_branches(panel: BranchesPanel, stage: Stage) -> None:
    click(panel.fork)
    assert stage.commands.given == [Fork()]
    stage.tell_timeline(MAIN, FORK, ALONE, dataclasses.replace(FORK, number=9))
    assert not panel.fork.isEnabled()
    assert "delete one first" in panel.fork.toolTip()


def test_the_cross_deletes_a_branch_and_does_not_switch_to_it(panel: BranchesPanel, stage: Stage) -> None:
    click_cell(panel, 1, REMOVE)
    assert stage.commands.given == [DeleteBranch(4)]


def test_delete_deletes_the_selected_branch(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 2)
    press(panel.view, Qt.Key.Key_Delete)
    assert stage.commands.given == [DeleteBranch(7)]


def test_the_selection_stays_near_when_a_branch_is_deleted(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 2)
    stage.tell_timeline(MAIN, FORK)
    assert panel.view.currentIndex().row() == 1


# Renaming


@pytest.mark.parametrize("column", [NAME, END])
def test_f2_renames_the_selected_branch(panel: BranchesPanel, stage: Stage, column: int) -> None:
    choose(panel, 1, column)
    press(panel.view, Qt.Key.Key_F2)
    editor(panel).selectAll()
    QTest.keyClicks(editor(panel), "ten times")
    press(editor(panel), Qt.Key.Key_Return)
    QCoreApplication.sendPostedEvents()  # the name is set in a posted event after the key
    assert stage.commands.given == [RenameBranch(4, "ten times")]


def test_a_double_click_renames(panel: BranchesPanel, stage: Stage) -> None:
    at = place_of(panel, 0, NAME)
    click(panel.view.viewport(), at)
    QTest.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert editor(panel).text() == "main"
    press(editor(panel), Qt.Key.Key_Escape)
    assert stage.commands.given == []


def test_an_open_name_editor_stays_open_while_training_runs(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 1)
    press(panel.view, Qt.Key.Key_F2)
    QTest.keyClicks(editor(panel), "half a na")
    stage.tell_timeline(dataclasses.replace(MAIN, furthest=Position(101)), FORK, ALONE)
    assert editor(panel).text() == "half a na"
    assert text(panel, 0, END) == "101"


def test_a_name_is_taken_also_if_other_branches_come_and_go_meanwhile(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 1)
    press(panel.view, Qt.Key.Key_F2)
    QTest.keyClicks(editor(panel), "half a name")
    stage.tell_timeline(FORK, ALONE)
    stage.tell_timeline(MAIN, FORK)
    assert [text(panel, row, FORKED) for row in range(2)] == ["the start", "main, epoch 40"]
    press(editor(panel), Qt.Key.Key_Return)
    QCoreApplication.sendPostedEvents()
    assert stage.commands.given == [RenameBranch(4, "half a name")]


def test_an_open_name_editor_closes_without_a_name_when_its_branch_is_deleted(
    panel: BranchesPanel, stage: Stage
) -> None:
    choose(panel, 1)
    press(panel.view, Qt.Key.Key_F2)
    QTest.keyClicks(editor(panel), "half a na")
    stage.tell_timeline(MAIN, ALONE)  # Qt would warn of an editor that still hands over its text
    assert panel.view.state() == QAbstractItemView.State.NoState
    assert stage.commands.given == []


def test_a_name_has_at_most_sixty_characters(panel: BranchesPanel) -> None:
    choose(panel, 1)
    press(panel.view, Qt.Key.Key_F2)
    assert editor(panel).maxLength() == 60


@pytest.mark.parametrize(
    ("typed", "name"),
    [("a\nb", "a b"), ("  wide   gap ", "wide gap"), ("\u2028tab\there\x07", "tab here"), ("x" * 99, "x" * 60)],
)
def test_a_name_becomes_one_short_line(panel: BranchesPanel, stage: Stage, typed: str, name: str) -> None:
    panel.table.setData(panel.table.index(1, NAME), typed)
    assert stage.commands.given == [RenameBranch(4, name)]


@pytest.mark.parametrize("typed", ["", "   ", "\n", "faster"])
def test_an_empty_or_unchanged_name_changes_nothing(panel: BranchesPanel, stage: Stage, typed: str) -> None:
    assert not panel.table.setData(panel.table.index(1, NAME), typed)
    assert stage.commands.given == []


def test_a_new_session_empties_the_table(panel: BranchesPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.table.rowCount() == 0
    assert panel.view.currentIndex() == QModelIndex()
