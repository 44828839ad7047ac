"""Arrangements of the docks: fitted to the window, filled by one panel, and the user's own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar

from bpviz.ui.style.theme import BASE_POINTS, SMALLER_POINTS
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.workspaces import COMPARE, LECTURE, STEP, TRAIN, Density, Workspace, fitted
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint


def keys(workspace: Workspace) -> set[str]:
    return {key for column in workspace.columns for cell in column for key in cell}


def seen(window: MainWindow) -> set[str]:
    lay_out_and_paint(window)
    window.model.paint_queue.finish()
    return {dock.objectName() for dock in window.docks.all if dock.is_seen}


# Fitting


@pytest.mark.parametrize("workspace", [TRAIN, STEP, LECTURE, COMPARE])
@pytest.mark.parametrize("density", [Density(1, 1), Density(2, 1), Density(2, 2), Density(3, 3)])
def test_no_panel_is_lost_where_there_is_room_for_fewer_columns(workspace: Workspace, density: Density) -> None:
    small = fitted(workspace, density)
    assert keys(small) == keys(workspace)
    assert len(small.columns) == len(small.widths) == len(small.heights) <= density.columns
    assert all(
        len(column) == len(heights) <= density.rows
        for column, heights in zip(small.columns, small.heights, strict=True)
    )


def test_a_workspace_stays_as_it_is_where_there_is_room() -> None:
    assert fitted(TRAIN, Density(3, 2)) == TRAIN


def test_the_narrowest_column_joins_its_neighbour_behind_the_panels_there() -> None:
    (left, right) = fitted(TRAIN, Density(2, 2)).columns
    assert left[0] == ("surface", "comparison", "experiment")
    assert right == TRAIN.columns[2]


def test_cells_at_the_bottom_join_the_last_that_has_room() -> None:
    (_, right) = fitted(COMPARE, Density(2, 2)).columns
    assert right == (("curves",), ("deltas", "branches"))


def test_larger_text_leaves_room_for_fewer_columns() -> None:
    assert Density.of(1280, 720, 1.0) == Density(3, 2)
    assert Density.of(1280, 720, 1.8).columns == 1
    assert Density.of(3840, 2160, 2.2) == Density(4, 4)


def test_larger_text_puts_panels_behind_tabs_and_smaller_text_brings_them_back(main_window: MainWindow) -> None:
    main_window.resize(1280, 720)
    before = seen(main_window)
    assert before == {"experiment", "surface", "curves", "network", "deltas"}
    main_window.appearance.set_scale(1.5)
    assert seen(main_window) < before
    main_window.appearance.set_scale(1.0)
    assert seen(main_window) == before


def test_the_user_s_own_arrangement_is_not_changed_by_larger_text(main_window: MainWindow) -> None:
    main_window.resize(1280, 720)
    main_window.docks.code.toggleViewAction().trigger()
    own = seen(main_window)
    main_window.appearance.set_scale(1.5)
    assert seen(main_window) == own


# One panel that fills the window


def test_a_double_click_on_a_title_lets_the_panel_fill_the_window_and_brings_all_back(main_window: MainWindow) -> None:
    before = seen(main_window)
    title = main_window.docks.network.panel.title_line
    QTest.mouseDClick(title, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert seen(main_window) == {"network"}
    assert main_window.docks.network.width() > 0.95 * main_window.width()
    QTest.mouseDClick(title, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert seen(main_window) == before


def test_tabs_that_come_back_with_an_arrangement_have_their_whole_names(main_window: MainWindow) -> None:
    main_window.restoreState(main_window.saveState())
    lay_out_and_paint(main_window)
    bars = [bar for bar in main_window.findChildren(QTabBar) if bar.isVisible()]
    assert bars
    assert {(bar.elideMode(), bar.usesScrollButtons()) for bar in bars} == {(Qt.TextElideMode.ElideNone, True)}


def test_a_key_lets_the_panel_with_the_focus_fill_the_window(main_window: MainWindow) -> None:
    before = seen(main_window)
    main_window.docks.curves.panel.plot.setFocus()
    main_window.actions_["fill"].trigger()
    assert seen(main_window) == {"curves"}
    main_window.actions_["fill"].trigger()
    assert seen(main_window) == before


def test_a_workspace_ends_the_filled_window(main_window: MainWindow) -> None:
    main_window.actions_["fill"].trigger()
    main_window.actions_["compare_layout"].trigger()
    assert seen(main_window) == {"comparison", "curves", "deltas", "branches"}
    main_window.actions_["fill"].trigger()
    assert len(seen(main_window)) == 1


# Lecture


def test_a_lecture_has_two_panels_with_text_of_a_fortieth_of_the_height_and_wide_lines(
    main_window: MainWindow, stage: Stage
) -> None:
    stage.prepare()
    stage.train()
    stage.frame()
    assert main_window.docks.network.panel.head.buttons["+", 1].isVisible()
    main_window.actions_["lecture_layout"].trigger()
    assert seen(main_window) == {"surface", "network"}
    smallest = main_window.fontInfo().pixelSize() * (BASE_POINTS - SMALLER_POINTS) / BASE_POINTS
    assert smallest >= main_window.height() / 40 - 1
    assert stage.model.theme.line_width == 2
    assert not main_window.docks.network.panel.head.buttons["+", 1].isVisible()
    main_window.actions_["train_layout"].trigger()
    assert stage.model.theme.line_width == 1
    assert main_window.fontInfo().pixelSize() < 16


@pytest.mark.slow
def test_after_a_lecture_with_large_text_the_experiment_is_as_narrow_as_before(main_window: MainWindow) -> None:
    main_window.resize(1280, 720)
    seen(main_window)
    before = main_window.docks.experiment.minimumSizeHint().width()
    main_window.actions_["lecture_layout"].trigger()
    assert main_window.tool_bar.epoch.isVisible()
    assert not main_window.tool_bar.stop_after.isVisible()
    seen(main_window)
    main_window.actions_["train_layout"].trigger()
    seen(main_window)
    assert main_window.tool_bar.stop_after.isVisible()
    assert main_window.docks.experiment.minimumSizeHint().width() == before
    assert main_window.docks.experiment.width() <= before + 8
