"""Texts that come from Qt, and headings: in Chinese nothing on screen or for a screen reader is English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QDockWidget,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bpviz.app import _translate_dialogs
from bpviz.language import ENGLISH, IDEOGRAPH, choose
from bpviz.ui.diagnostics.cause_tree import COLUMNS, CauseTree
from tests.ui.conftest import OpenProgram

_WORD = re.compile("[A-Za-z]{3,}")


@pytest.fixture(autouse=True)
def _in_chinese(qapp: QApplication) -> Iterator[None]:
    choose("zh_CN")
    _translate_dialogs(qapp)
    yield
    choose(ENGLISH)
    _translate_dialogs(qapp)
    for translator in qapp.findChildren(QTranslator):
        translator.deleteLater()


def is_english(text: str) -> bool:
    return bool(_WORD.search(text)) and not re.search(IDEOGRAPH, text)


def said(widget: QWidget) -> list[str]:
    """Return what a screen reader says of a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    kinds = QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Help
    return [found.text(kind) for kind in kinds]


def test_the_buttons_of_docks_have_names(open_program: OpenProgram) -> None:
    driver = open_program()
    driver.wait_until_ready()
    for dock in driver.window.findChildren(QDockWidget):
        own = ("qt_dockwidget_floatbutton", "qt_dockwidget_closebutton")
        buttons = [each for each in dock.findChildren(QAbstractButton) if each.objectName() in own]
        assert len(buttons) == 2
        for button in buttons:
            assert re.search(IDEOGRAPH, button.accessibleName())
            assert not any(map(is_english, said(button)))


def test_menus_of_texts_are_chinese(qtbot: QtBot) -> None:
    for widget in (QLineEdit(), QPlainTextEdit(), QTextBrowser()):
        qtbot.addWidget(widget)
        menu = widget.createStandardContextMenu()
        assert isinstance(menu, QMenu)
        texts = [action.text().split("\t")[0] for action in menu.actions() if not action.isSeparator()]
        assert texts
        assert not any(map(is_english, texts))
        menu.deleteLater()


def test_dialogs_for_files_and_buttons_are_chinese(qtbot: QtBot) -> None:
    dialog, box = QFileDialog(), QDialogButtonBox()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    for each in (dialog, box):
        qtbot.addWidget(each)
    buttons = QDialogButtonBox.StandardButton
    for button in (buttons.Ok, buttons.Cancel, buttons.Close, buttons.Save, buttons.Discard, buttons.Open):
        assert not is_english(box.addButton(button).text())
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    assert labels
    assert not any(map(is_english, labels))
    assert not any(is_english(text) for each in dialog.findChildren(QAbstractButton) for text in said(each))


def test_the_headings_of_causes_are_chinese() -> None:
    tree = CauseTree()
    for section in range(len(COLUMNS)):
        for kind in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = tree.headerData(section, Qt.Orientation.Horizontal, kind)
            assert isinstance(text, str)
            assert re.search(IDEOGRAPH, text)
