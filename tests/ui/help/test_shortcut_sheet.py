"""The shortcut sheet: the real shortcuts by menu, and the search in them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex

from bpviz.ui.help.commands import commands_in
from bpviz.ui.help.shortcut_sheet import ShortcutSheet
from bpviz.ui.window.actions import ACTIONS, MENUS
from bpviz.ui.window.main_window import MainWindow
from tests.ui.user_input import lay_out_and_paint


@pytest.fixture
def sheet(bare_window: MainWindow) -> ShortcutSheet:
    bare_window.actions_["shortcuts"].trigger()
    (found,) = bare_window.findChildren(ShortcutSheet)
    return found


def rows(sheet: ShortcutSheet) -> dict[str, list[tuple[str, str]]]:
    """Return the commands and keys that are shown under each menu."""
    found = sheet.found
    menus = [found.index(row, 0) for row in range(found.rowCount())]
    return {str(menu.data()): [pair(sheet, menu, row) for row in range(found.rowCount(menu))] for menu in menus}


def pair(sheet: ShortcutSheet, menu: QModelIndex, row: int) -> tuple[str, str]:
    return str(sheet.found.index(row, 0, menu).data()), str(sheet.found.index(row, 1, menu).data())


def test_all_shortcuts_are_listed_under_their_menus(sheet: ShortcutSheet) -> None:
    wanted = {
        title.replace("&", ""): [ACTIONS[name].keys for name in names if name and ACTIONS[name].keys]
        for title, names in MENUS.items()
    }
    assert {menu: [keys for _, keys in entries] for menu, entries in rows(sheet).items()} == wanted


def test_a_shortcut_that_was_changed_is_listed_as_it_is(bare_window: MainWindow, sheet: ShortcutSheet) -> None:
    bare_window.actions_["run"].setShortcut("Ctrl+Alt+R")
    sheet.show_commands(commands_in(bare_window.menuBar()))
    assert ("Run", "Ctrl+Alt+R") in rows(sheet)["Run"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("worst", {"Sample": [("Inspect the worst sample", "Ctrl+Shift+W")]}),
        ("SAMPLE worst", {"Sample": [("Inspect the worst sample", "Ctrl+Shift+W")]}),
        ("ctrl+b", {"Time": [("Bookmark…", "Ctrl+B")]}),
        ("largest loss", {"Sample": [("Inspect the worst sample", "Ctrl+Shift+W")]}),
        ("xyzzy", {}),
    ],
)
def test_the_search_keeps_what_contains_all_words(
    sheet: ShortcutSheet, typed: str, found: dict[str, list[tuple[str, str]]]
) -> None:
    sheet.search.setText(typed)
    assert rows(sheet) == found


def test_after_an_empty_search_everything_is_there_in_its_old_order(sheet: ShortcutSheet) -> None:
    before = rows(sheet)
    sheet.search.setText("step")
    sheet.search.clear()
    assert rows(sheet) == before


def test_every_command_says_what_it_does(sheet: ShortcutSheet) -> None:
    menus = [sheet.found.index(row, 0) for row in range(sheet.found.rowCount())]
    tips = [str(sheet.found.index(row, 2, menu).data()) for menu in menus for row in range(sheet.found.rowCount(menu))]
    assert sorted(tips) == sorted(info.tip for info in ACTIONS.values() if info.keys)


def test_what_is_found_is_visible(sheet: ShortcutSheet) -> None:
    sheet.search.setText("worst")
    lay_out_and_paint(sheet)
    menu = sheet.found.index(0, 0)
    assert sheet.view.isExpanded(menu)
    assert sheet.view.visualRect(sheet.found.index(0, 0, menu)).isValid()
