"""The help window: which page it shows, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDockWidget, QToolButton
from pytestqt.qtbot import QtBot

from bpviz.ui.help.help_window import HelpWindow
from bpviz.ui.help.pages import CONVENTIONS, DRAWING, EXPORT, LESSONS, PRESENTATION, SHORTCUTS, START
from bpviz.ui.widgets.panel import TitleLine
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint, press


def help_of(window: MainWindow) -> HelpWindow:
    (found,) = window.findChildren(HelpWindow)
    assert found.isVisible()
    return found


def question_mark(dock: QDockWidget) -> QToolButton:
    line = dock.titleBarWidget()
    assert isinstance(line, TitleLine)
    return line.help


def test_there_is_no_help_window_before_somebody_asks(main_window: MainWindow) -> None:
    assert main_window.findChildren(HelpWindow) == []


def test_help_begins_with_the_first_page_and_blocks_nothing(main_window: MainWindow) -> None:
    main_window.actions_["help"].trigger()
    shown = help_of(main_window)
    assert shown.current_page() == START
    assert shown.windowModality() is Qt.WindowModality.NonModal
    assert "Train." in shown.page.toPlainText()


def test_the_question_mark_of_every_panel_opens_its_page(main_window: MainWindow) -> None:
    for dock in main_window.docks.all:
        dock.bring_to_front()
        QCoreApplication.sendPostedEvents()
        click(question_mark(dock))
        shown = help_of(main_window)
        assert shown.current_page() == dock.objectName()
        assert shown.page.toPlainText().startswith(dock.windowTitle())


def test_a_panel_that_is_not_made_yet_has_a_question_mark(main_window: MainWindow) -> None:
    (dock, *_) = [dock for dock in main_window.docks.all if not dock.is_made]
    dock.show()
    click(question_mark(dock))
    assert help_of(main_window).current_page() == dock.objectName()


def test_a_panel_made_later_keeps_its_question_mark(main_window: MainWindow) -> None:
    (dock, *_) = [dock for dock in main_window.docks.all if not dock.is_made]
    before, panel = question_mark(dock), dock.panel
    assert question_mark(dock) is panel.title_line.help is not before
    panel.title_line.help.click()
    assert help_of(main_window).current_page() == dock.objectName()


def test_help_on_the_panel_that_has_the_keyboard_focus(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    main_window.docks.curves.panel.log.setFocus()
    main_window.actions_["help_panel"].trigger()
    assert help_of(main_window).current_page() == "curves"


def test_help_on_a_floating_panel(main_window: MainWindow, qtbot: QtBot) -> None:
    dock = main_window.docks.curves
    dock.setFloating(True)
    dock.panel.log.setFocus()
    dock.activateWindow()
    qtbot.waitUntil(dock.panel.log.hasFocus)
    main_window.actions_["help_panel"].trigger()
    assert help_of(main_window).current_page() == "curves"


def test_help_without_a_panel_that_has_the_focus_is_the_first_page(main_window: MainWindow) -> None:
    main_window.tool_bar.speed.setFocus()
    main_window.actions_["help_panel"].trigger()
    assert help_of(main_window).current_page() == START


def test_the_arrow_keys_go_through_the_contents(main_window: MainWindow) -> None:
    main_window.actions_["help"].trigger()
    shown = help_of(main_window)
    found = [shown.current_page()]
    for _ in range(shown.contents.count()):
        press(shown.contents, Qt.Key.Key_Down)
        found.append(shown.current_page())
    panels = [dock.objectName() for dock in main_window.docks.all]
    pages = [START, SHORTCUTS, DRAWING, EXPORT, PRESENTATION, LESSONS, CONVENTIONS]
    assert list(dict.fromkeys(found)) == [*pages, *panels]
    assert shown.page.toPlainText().startswith("Lesson")


@pytest.mark.parametrize(("name", "page"), [("shortcuts", SHORTCUTS), ("conventions", CONVENTIONS)])
def test_actions_open_their_page_in_the_same_window(main_window: MainWindow, name: str, page: str) -> None:
    main_window.actions_["help"].trigger()
    main_window.actions_[name].trigger()
    assert help_of(main_window).current_page() == page


def test_a_link_goes_to_another_page(main_window: MainWindow) -> None:
    main_window.actions_["help"].trigger()
    shown = help_of(main_window)
    shown.page.followed.emit(SHORTCUTS)
    assert shown.pages.currentWidget() is shown.sheet
    assert shown.contents.currentItem().text() == "Keyboard shortcuts"


def test_every_link_has_a_page(main_window: MainWindow) -> None:
    main_window.actions_["help"].trigger()
    shown = help_of(main_window)
    for page in (START, CONVENTIONS, *(dock.objectName() for dock in main_window.docks.all)):
        shown.show_page(page)
        for target in targets(shown):
            shown.show_page(target)
            assert shown.current_page() == target
    shown.show_page(START)
    assert targets(shown) == [SHORTCUTS, DRAWING, PRESENTATION, EXPORT, LESSONS, CONVENTIONS]


def targets(shown: HelpWindow) -> list[str]:
    found, block = [], shown.page.document().begin()
    while block.isValid():
        found += [each.format.anchorHref().partition(":")[2] for each in block.textFormats() if each.format.isAnchor()]
        block = block.next()
    return found


def test_escape_closes_the_window_and_the_next_help_opens_it_again(main_window: MainWindow, qtbot: QtBot) -> None:
    main_window.actions_["help"].trigger()
    shown = help_of(main_window)
    qtbot.waitUntil(shown.isActiveWindow)
    press(shown.page, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    main_window.actions_["help"].trigger()
    assert help_of(main_window).isVisible()


def test_the_window_grows_with_the_text_but_not_over_the_main_window(main_window: MainWindow) -> None:
    main_window.actions_["help"].trigger()
    shown = help_of(main_window)
    small, contents = shown.size(), shown.contents.width()
    for _ in range(5):
        main_window.actions_["larger"].trigger()
    lay_out_and_paint(shown)
    assert shown.height() > small.height()
    assert shown.contents.width() > 1.3 * contents
    assert shown.width() <= main_window.width()


def test_everything_that_takes_keys_has_a_name(main_window: MainWindow) -> None:
    main_window.actions_["help"].trigger()
    shown = help_of(main_window)
    assert all(each.accessibleName() for each in (shown.contents, shown.page, shown.sheet.search, shown.sheet.view))
