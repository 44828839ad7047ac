"""The command palette: a search line over a list of everything that the user can do."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHeaderView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.help.command_filter import SEARCHED, CommandFilter
from bpviz.ui.help.commands import Command
from bpviz.ui.style.theme import GAP

_TEXT, _DETAIL, _KEYS = range(3)
_COMMAND = Qt.ItemDataRole.UserRole + 1
# Size, in characters and lines, and the part of the window that it may take.
_COLUMNS, _LINES, _SHARE = 92, 18, 0.9
_TO_THE_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QFrame):
    """Runs a command on Enter or a click, and closes; Esc or a click elsewhere closes it.

    Parameters
    ----------
    window : QWidget
        Over whose upper part it opens.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self._over = window
        self.setProperty("role", "card")
        self.setAccessibleName(_("Command palette"))
        self.line, self.view = _SearchLine(), QTreeView()
        self._model, self.found = QStandardItemModel(0, 3, self), CommandFilter()
        self.found.setSourceModel(self._model)
        self.found.setParent(self)
        self._set_up_view()
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addWidget(self.line)
        column.addWidget(self.view, 1)
        self.line.textChanged.connect(self._search)
        self.line.moved.connect(self._move)
        self.line.returnPressed.connect(self._run_current)
        self.view.clicked.connect(self._run)

    def _set_up_view(self) -> None:
        self.view.setModel(self.found)
        self.view.setAccessibleName(_("Commands"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        # Keys go to the search line, which passes those that move on to the list.
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setAllColumnsShowFocus(True)
        self.view.setHeaderHidden(True)
        self.view.setStyleSheet("QTreeView::item { padding: 3px 4px }")
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_DETAIL, QHeaderView.ResizeMode.Stretch)

    def open(self, commands: Iterable[Command]) -> None:
        """Show the palette with these commands and an empty search line."""
        self._model.removeRows(0, self._model.rowCount())
        for command in commands:
            self._model.appendRow(self._row(command))
        for column in (_TEXT, _KEYS):
            self.view.resizeColumnToContents(column)
        self.line.clear()
        self._search("")
        self._place()
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _row(self, command: Command) -> list[QStandardItem]:
        detail = command.group if command.is_enabled or not command.needs else command.needs
        text, *others = cells = [QStandardItem(text) for text in (command.text, detail, command.keys)]
        text.setData(f"{command.text} {command.group}", SEARCHED)
        text.setData(command, _COMMAND)
        for cell in cells:
            cell.setEnabled(command.is_enabled)
            cell.setToolTip(command.tip)
        for cell in others:
            cell.setForeground(self.palette().placeholderText())
        cells[_KEYS].setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return cells

    def _place(self) -> None:
        window, metrics = self._over, self.fontMetrics()
        wanted = QSize(_COLUMNS * metrics.averageCharWidth(), _LINES * (metrics.lineSpacing() + 4))
        self.resize(wanted.boundedTo(window.size() * _SHARE))
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, window.height() // 12)))

    @Slot(str)
    def _search(self, typed: str) -> None:
        self.found.search(typed)
        rows = (self.found.index(row, _TEXT) for row in range(self.found.rowCount()))
        enabled = (index for index in rows if index.flags() & Qt.ItemFlag.ItemIsEnabled)
        self.view.setCurrentIndex(next(enabled, QModelIndex()))
        self.view.scrollToTop()

    @Slot(QKeyEvent)
    def _move(self, event: QKeyEvent) -> None:
        self.view.keyPressEvent(event)

    @Slot()
    def _run_current(self) -> None:
        self._run(self.view.currentIndex())

    @Slot(QModelIndex)
    def _run(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEnabled:
            command = index.siblingAtColumn(_TEXT).data(_COMMAND)
            self.close()  # before the command, which may give the focus to something
            command.run()


class _SearchLine(QLineEdit):
    """Passes on the keys that move in the list."""

    moved = Signal(QKeyEvent)

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("Search for a command, a preset, a panel or a page of the help"))
        self.setAccessibleName(_("Search the commands"))
        self.setToolTip(_("Words in any order; arrow keys choose, Enter runs, Esc closes"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on the keys that move in the list."""
        if event.key() in _TO_THE_LIST:
            self.moved.emit(event)
        else:
            super().keyPressEvent(event)
