"""The command palette: what it lists, how it searches, and what Enter does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bpviz.session.engine.commands import Load, Run
from bpviz.session.engine.events import State
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.ui.help.command_palette import CommandPalette
from bpviz.ui.help.help_window import HelpWindow
from bpviz.ui.window.actions import ACTIONS
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import click, press


@pytest.fixture
def palette(bare_window: MainWindow, stage: Stage) -> CommandPalette:
    """The palette of a window that stands ready."""
    stage.prepare()
    stage.tell_timeline()
    return opened(bare_window)


def opened(window: MainWindow) -> CommandPalette:
    window.actions_["palette"].trigger()
    (found,) = window.findChildren(CommandPalette)
    assert found.isVisible()
    return found


def texts(palette: CommandPalette, column: int = 0) -> list[str]:
    return [str(palette.found.index(row, column).data()) for row in range(palette.found.rowCount())]


def line_of(palette: CommandPalette, text: str) -> tuple[str, str, bool]:
    """Return detail and keys of a command, and whether it is enabled."""
    row = texts(palette).index(text)
    cells = [palette.found.index(row, column) for column in range(3)]
    return str(cells[1].data()), str(cells[2].data()), bool(cells[0].flags() & Qt.ItemFlag.ItemIsEnabled)


def search(palette: CommandPalette, typed: str) -> list[str]:
    palette.line.clear()
    QTest.keyClicks(palette.line, typed)
    return texts(palette)


def plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


# What is listed


def test_every_command_preset_and_panel_is_listed(bare_window: MainWindow, palette: CommandPalette) -> None:
    listed = texts(palette)
    titles = [dock.windowTitle() for dock in bare_window.docks.all]
    assert {plain(action.text()) for action in bare_window.actions_.values()} <= set(listed)
    assert {load_preset(name).title for name in preset_names()} <= set(listed)
    assert {title: listed.count(title) >= 3 for title in titles} == dict.fromkeys(titles, True)


def test_a_command_has_its_menu_and_its_shortcut(palette: CommandPalette) -> None:
    assert line_of(palette, "Run") == ("Run", "F5", True)
    assert line_of(palette, "Two spirals") == ("Preset", "", True)


def test_a_disabled_command_says_what_it_needs(palette: CommandPalette) -> None:
    assert line_of(palette, "Inspect the selected sample") == ("Needs a selected sample", "Ctrl+I", False)
    assert line_of(palette, "Pause") == ("Needs training to run", "Shift+F5", False)


def test_the_palette_follows_what_is_enabled(bare_window: MainWindow, stage: Stage, palette: CommandPalette) -> None:
    palette.close()
    stage.model.select(sample=3)
    assert line_of(opened(bare_window), "Inspect the selected sample") == ("Sample", "Ctrl+I", True)


def test_every_action_that_can_be_disabled_has_a_reason(bare_window: MainWindow, stage: Stage) -> None:
    def without_reason() -> list[str]:
        return [
            name
            for name, action in bare_window.actions_.items()
            if not action.isEnabled() and not action.property("needs")
        ]

    assert sum(not action.isEnabled() for action in bare_window.actions_.values()) > 15
    assert without_reason() == []  # there is no network yet
    stage.prepare()
    stage.tell_timeline()
    assert without_reason() == []
    stage.become(State.RUNNING)
    assert without_reason() == []


@pytest.fixture
def _deltas_shown(bare_window: MainWindow) -> None:
    bare_window.docks.deltas.show()


@pytest.mark.usefixtures("_deltas_shown")  # before the palette opens
def test_a_panel_can_be_hidden_only_while_it_is_shown(palette: CommandPalette) -> None:
    search(palette, "hide panel deltas")
    assert line_of(palette, "Deltas") == ("Hide the panel", "", True)
    search(palette, "hide panel watch")
    assert line_of(palette, "Watch") == ("Needs the panel to be shown", "", False)


# Search


def test_all_words_must_occur_in_any_order(palette: CommandPalette) -> None:
    assert search(palette, "sample worst") == ["Inspect the worst sample"]


def test_case_does_not_matter_and_signs_are_no_pattern(palette: CommandPalette) -> None:
    assert search(palette, "WORST") == ["Inspect the worst sample"]
    assert search(palette, ".*") == []


def test_what_begins_with_the_words_comes_first(palette: CommandPalette) -> None:
    assert search(palette, "run")[0] == "Run"
    assert search(palette, "deltas")[0] == "Deltas"
    assert search(palette, "fork")[0] == "Fork here"


def test_letters_in_their_order_are_enough_if_no_text_has_the_words(palette: CommandPalette) -> None:
    assert "Vanishing deltas" in search(palette, "vnshdlt")
    assert search(palette, "zzzz") == []


def test_the_group_is_searched_too(palette: CommandPalette) -> None:
    assert len(search(palette, "preset")) == len(preset_names())


def test_an_empty_line_shows_everything_in_the_order_of_the_menus(palette: CommandPalette) -> None:
    before = texts(palette)
    search(palette, "delta")
    palette.line.clear()
    assert texts(palette) == before
    assert before[0] == "Open…"


# Keys


def test_enter_runs_the_first_command_and_closes(palette: CommandPalette, stage: Stage) -> None:
    stage.commands.given.clear()
    search(palette, "run")
    press(palette.line, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert Run() in stage.commands.given


def test_the_arrow_keys_choose_among_the_enabled(bare_window: MainWindow, palette: CommandPalette) -> None:
    before = search(palette, "help on")
    press(palette.line, Qt.Key.Key_Down)
    press(palette.line, Qt.Key.Key_Down)
    press(palette.line, Qt.Key.Key_Up)
    press(palette.line, Qt.Key.Key_Return)
    (shown,) = bare_window.findChildren(HelpWindow)
    assert shown.contents.currentItem().text() == before[1]


def test_a_disabled_command_is_not_run(palette: CommandPalette, stage: Stage) -> None:
    stage.commands.given.clear()
    assert search(palette, "inspect selected") == ["Inspect the selected sample"]
    press(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert stage.commands.given == []


def test_a_disabled_command_is_passed_over(palette: CommandPalette) -> None:
    assert search(palette, "selected")[0] == "Inspect the selected sample"
    assert palette.view.currentIndex().data() != "Inspect the selected sample"


def test_a_click_runs_a_command(bare_window: MainWindow, palette: CommandPalette) -> None:
    assert search(palette, "dark theme") == ["Dark theme"]
    was_dark = bare_window.model.theme.is_dark
    click(palette.view.viewport(), palette.view.visualRect(palette.found.index(0, 0)).center())
    assert bare_window.model.theme.is_dark is not was_dark


def test_escape_closes_and_runs_nothing(palette: CommandPalette, stage: Stage) -> None:
    stage.model.select(sample=3)
    press(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert stage.model.selection.sample == 3


def test_a_preset_is_loaded_as_by_the_tool_bar(bare_window: MainWindow, palette: CommandPalette, stage: Stage) -> None:
    search(palette, "sigmoid against")
    press(palette.line, Qt.Key.Key_Return)
    assert stage.commands.of(Load)[-1] == load_preset("sigmoid-relu").experiment
    assert bare_window.tool_bar.preset.currentText() == "Sigmoid against relu"
    assert bare_window.docks.comparison.isVisible()


def test_a_hidden_panel_is_shown_in_front(bare_window: MainWindow, palette: CommandPalette) -> None:
    assert not bare_window.docks.watch.isVisible()
    search(palette, "show watch")
    press(palette.line, Qt.Key.Key_Return)
    assert bare_window.docks.watch.isVisible()


def test_a_command_that_gives_the_focus_to_a_panel_does_so(bare_window: MainWindow, palette: CommandPalette) -> None:
    search(palette, "explain the delta")
    press(palette.line, Qt.Key.Key_Return)
    assert bare_window.docks.explain.isAncestorOf(bare_window.focusWidget())


def test_the_palette_opens_empty_each_time(bare_window: MainWindow, palette: CommandPalette) -> None:
    search(palette, "worst")
    palette.close()
    again = opened(bare_window)
    assert again is palette
    assert again.line.text() == ""
    assert len(texts(again)) > len(ACTIONS)


def test_the_palette_fits_into_a_small_window_with_large_text(bare_window: MainWindow) -> None:
    bare_window.resize(960, 600)
    for _ in range(5):
        bare_window.actions_["larger"].trigger()
    palette = opened(bare_window)
    assert palette.width() < bare_window.width()
    assert palette.height() < bare_window.height()


def test_everything_that_takes_keys_has_a_name(palette: CommandPalette) -> None:
    assert all(each.accessibleName() for each in (palette, palette.line, palette.view))
    assert QApplication.activePopupWidget() is palette
