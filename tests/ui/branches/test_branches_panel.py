"""The branches of a session: what is told of them, and what can be done with each."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from bpviz.session.engine.commands import CompareBranch, DeleteBranch, Fork, RenameBranch, ShowBranch
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.position import Position
from bpviz.ui.branches.branch_table import BESIDE, CHANGED, END, FORKED, MSE, NAME, REMOVE
from bpviz.ui.branches.branches_panel import BranchesPanel
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.hands import click, press
from tests.ui.stage import Stage

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


# What is told


def test_each_branch_tells_where_it_parted_what_was_changed_and_how_far_it_is(panel: BranchesPanel) -> None:
    rows = [[text(panel, row, column) for column in (NAME, FORKED, CHANGED, END, MSE)] for row in range(3)]
    assert rows == [
        ["main", "the start", "learning rate 0.2", "100", "0.062500"],
        ["faster", "main, epoch 40", "learning rate 1, W2[3, 0] = 0.5", "1,200", "–"],
        ["xavier", "the start", "initializer xavier", "0", "–"],
    ]


def test_a_fork_inside_an_epoch_names_its_sample(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(MAIN, dataclasses.replace(FORK, forked_at=Position(40, 12)))
    assert text(panel, 1, FORKED) == "main, epoch 40, sample 12"


def test_a_branch_outlives_the_one_that_it_was_forked_from(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(FORK, active=4)
    assert text(panel, 0, FORKED) == "a branch that is gone, epoch 40"


def test_the_changes_tell_their_time_in_the_tooltip(panel: BranchesPanel) -> None:
    tip = panel.table.data(panel.table.index(1, CHANGED), Qt.ItemDataRole.ToolTipRole)
    assert tip == "epoch 40: learning rate 1\nepoch 41, sample 7: W2[3, 0] = 0.5"


def test_without_a_network_the_table_says_what_to_do(show: Show, stage: Stage) -> None:
    panel = BranchesPanel(stage.model)
    show(panel, 700, 220)
    assert panel.table.rowCount() == 0
    assert "fork (Ctrl+K)" in panel.view._empty
    assert not panel.fork.isEnabled()


def test_a_branch_alone_says_how_to_get_another_and_cannot_be_forgotten(panel: BranchesPanel, stage: Stage) -> None:
    assert not panel.hint.isVisible()
    stage.tell_timeline(MAIN)
    assert panel.hint.isVisible()
    assert text(panel, 0, REMOVE) is None
    click_cell(panel, 0, REMOVE)
    choose(panel, 0)
    press(panel.view, Qt.Key.Key_Delete)
    assert stage.commands.given == []


def test_the_one_on_screen_is_told_by_its_weight_and_to_those_who_cannot_see(panel: BranchesPanel) -> None:
    index, kind = panel.table.index(0, NAME), Qt.ItemDataRole
    assert panel.table.data(index, kind.FontRole).weight() > QFont.Weight.Normal  # type: ignore[attr-defined]
    assert panel.table.data(panel.table.index(1, NAME), kind.FontRole) is None
    assert panel.table.data(index, kind.AccessibleTextRole) == "main, on screen"
    assert panel.table.data(panel.table.index(1, BESIDE), kind.AccessibleTextRole) == "Show faster beside"


# Bringing one to the screen


def test_a_click_brings_a_branch_to_the_screen(panel: BranchesPanel, stage: Stage) -> None:
    click_cell(panel, 1, CHANGED)
    assert stage.commands.given == [ShowBranch(4)]


def test_the_one_on_screen_is_not_brought_again(panel: BranchesPanel, stage: Stage) -> None:
    click_cell(panel, 0, NAME)
    assert stage.commands.given == []


def test_arrows_choose_a_branch_and_return_brings_it(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 0)
    press(panel.view, Qt.Key.Key_Down)
    press(panel.view, Qt.Key.Key_Down)
    press(panel.view, Qt.Key.Key_Return)
    assert stage.commands.given == [ShowBranch(7)]


# Side by side


def test_a_tick_compares_a_branch_with_the_one_on_screen(panel: BranchesPanel, stage: Stage) -> None:
    tick(panel, 1)
    assert stage.commands.given == [CompareBranch(4)]


def test_taking_the_tick_away_ends_the_comparison(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(MAIN, FORK, ALONE, compared=4)
    tick(panel, 1)
    assert stage.commands.given == [CompareBranch(None)]


def test_only_one_is_ticked_and_the_one_on_screen_has_no_box(panel: BranchesPanel, stage: Stage) -> None:
    stage.tell_timeline(MAIN, FORK, ALONE, compared=7)
    ticks = [panel.table.data(panel.table.index(row, BESIDE), Qt.ItemDataRole.CheckStateRole) for row in range(3)]
    assert ticks == [None, Qt.CheckState.Unchecked, Qt.CheckState.Checked]


def test_space_ticks_with_the_keyboard(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 2, BESIDE)
    press(panel.view, Qt.Key.Key_Space)
    assert stage.commands.given == [CompareBranch(7)]


def test_comparing_can_be_stopped_only_while_it_goes_on(panel: BranchesPanel, stage: Stage) -> None:
    assert not panel.stop.isVisible()
    stage.tell_timeline(MAIN, FORK, compared=4)
    assert panel.stop.isVisible()
    click(panel.stop)
    assert stage.commands.given == [CompareBranch(None)]


# Forking and forgetting


def test_a_fork_is_asked_for_until_there_are_four_branches(panel: BranchesPanel, stage: Stage) -> None:
    click(panel.fork)
    assert stage.commands.given == [Fork()]
    stage.tell_timeline(MAIN, FORK, ALONE, dataclasses.replace(FORK, number=9))
    assert not panel.fork.isEnabled()
    assert "forget one first" in panel.fork.toolTip()


def test_the_cross_forgets_a_branch_and_does_not_bring_it(panel: BranchesPanel, stage: Stage) -> None:
    click_cell(panel, 1, REMOVE)
    assert stage.commands.given == [DeleteBranch(4)]


def test_delete_forgets_the_chosen_branch(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 2)
    press(panel.view, Qt.Key.Key_Delete)
    assert stage.commands.given == [DeleteBranch(7)]


def test_the_choice_stays_near_when_a_branch_goes(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 2)
    stage.tell_timeline(MAIN, FORK)
    assert panel.view.currentIndex().row() == 1


# Renaming


@pytest.mark.parametrize("column", [NAME, END])
def test_f2_renames_the_chosen_branch(panel: BranchesPanel, stage: Stage, column: int) -> None:
    choose(panel, 1, column)
    press(panel.view, Qt.Key.Key_F2)
    editor(panel).selectAll()
    QTest.keyClicks(editor(panel), "ten times")
    press(editor(panel), Qt.Key.Key_Return)
    QCoreApplication.sendPostedEvents()  # the name is taken after the key
    assert stage.commands.given == [RenameBranch(4, "ten times")]


def test_a_double_click_renames(panel: BranchesPanel, stage: Stage) -> None:
    at = place_of(panel, 0, NAME)
    click(panel.view.viewport(), at)
    QTest.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert editor(panel).text() == "main"
    press(editor(panel), Qt.Key.Key_Escape)
    assert stage.commands.given == []


def test_a_name_that_is_being_typed_stays_while_training_goes_on(panel: BranchesPanel, stage: Stage) -> None:
    choose(panel, 1)
    press(panel.view, Qt.Key.Key_F2)
    QTest.keyClicks(editor(panel), "half a na")
    stage.tell_timeline(dataclasses.replace(MAIN, furthest=Position(101)), FORK, ALONE)
    assert editor(panel).text() == "half a na"
    assert text(panel, 0, END) == "101"


def test_a_name_takes_no_more_than_sixty_characters(panel: BranchesPanel) -> None:
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
def test_no_name_and_the_same_name_change_nothing(panel: BranchesPanel, stage: Stage, typed: str) -> None:
    assert not panel.table.setData(panel.table.index(1, NAME), typed)
    assert stage.commands.given == []


def test_a_new_session_empties_the_table(panel: BranchesPanel, stage: Stage) -> None:
    stage.prepare()
    assert panel.table.rowCount() == 0
    assert panel.view.currentIndex() == QModelIndex()
