"""The shortcut sheet: all shortcuts by menu, with a search line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHeaderView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from bpviz.language import N_, _
from bpviz.ui.help.command_filter import SEARCHED, CommandFilter
from bpviz.ui.help.commands import Command
from bpviz.ui.style.theme import GAP

_HEADERS = (N_("Command"), N_("Keys"), N_("What it does"))


class ShortcutSheet(QWidget):
    """Lists the commands that have a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.search, self.view = QLineEdit(), QTreeView()
        self._model, self.found = QStandardItemModel(0, len(_HEADERS), self), CommandFilter()
        self._model.setHorizontalHeaderLabels([_(header) for header in _HEADERS])
        self.found.setSourceModel(self._model)
        self.found.setParent(self)
        self.search.setPlaceholderText(_("Search for a command or a key"))
        self.search.setAccessibleName(_("Search the shortcuts"))
        self.search.setToolTip(_("Words of a command, or a key such as Ctrl+B"))
        self.search.setClearButtonEnabled(True)
        self._set_up_view()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, GAP)
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        self.search.textChanged.connect(self.found.search)
        self.search.textChanged.connect(self.view.expandAll)
        self.setFocusProxy(self.search)

    def _set_up_view(self) -> None:
        self.view.setModel(self.found)
        self.view.setAccessibleName(_("Keyboard shortcuts by menu"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.view.setRootIsDecorated(False)
        self.view.setItemsExpandable(False)
        self.view.setStyleSheet("QTreeView::item { padding: 2px 4px }")
        self.view.setUniformRowHeights(True)
        self.view.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.view.header().setStretchLastSection(True)

    def show_commands(self, commands: Iterable[Command]) -> None:
        """Show the shortcuts of commands, which are in the order of their menus."""
        self._model.removeRows(0, self._model.rowCount())
        with_keys = (each for each in commands if each.keys)
        for menu, entries in groupby(with_keys, lambda each: each.group):
            heading = QStandardItem(menu)
            font = heading.font()
            font.setBold(True)
            heading.setFont(font)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for each in entries:
                heading.appendRow(_row(each))
            self._model.appendRow(heading)
        self.found.search(self.search.text())
        self.view.expandAll()


def _row(command: Command) -> list[QStandardItem]:
    cells = [QStandardItem(text) for text in (command.text, command.keys, command.tip)]
    cells[2].setToolTip(command.tip)  # a narrow window shows only its beginning
    cells[0].setData(" ".join((command.text, command.keys, command.tip)), SEARCHED)
    return cells
