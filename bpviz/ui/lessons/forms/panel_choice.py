"""A list in which panels are checked, in an order of the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QListWidgetItem

from bpviz.ui.widgets.editors.lines import ListLines

_LINES = 8
_KEY = Qt.ItemDataRole.UserRole


class PanelChoice(ListLines):
    """Lists panels by their titles; those that are checked have numbers, in the order in which they were checked."""

    def __init__(self) -> None:
        super().__init__(_LINES)
        self.keys: list[str] = []
        self._titles: Mapping[str, str] = {}
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.itemChanged.connect(self._take)

    def show_panels(self, titles: Mapping[str, str], keys: Sequence[str]) -> None:
        """Show all panels, with those of these keys checked and first."""
        # A lesson may name a panel that this version of bpviz has not: it stays named.
        self._titles = {key: titles.get(key, key) for key in keys} | dict(titles)
        self.keys = list(keys)
        with QSignalBlocker(self):
            self.clear()
            for key in self._titles:
                item = QListWidgetItem("")
                item.setData(_KEY, key)
                item.setCheckState(Qt.CheckState.Checked if key in keys else Qt.CheckState.Unchecked)
                self.addItem(item)
            self._number()
        self.scrollToTop()

    def check(self, key: str, *, is_on: bool) -> None:
        """Check a panel, or take its check away, as a click on it does."""
        for item in self._items():
            if item.data(_KEY) == key:
                item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        key, is_on = str(item.data(_KEY)), item.checkState() is Qt.CheckState.Checked
        if is_on != (key in self.keys):
            self.keys = [*self.keys, key] if is_on else [each for each in self.keys if each != key]
        with QSignalBlocker(self):
            self._number()

    def _number(self) -> None:
        for item in self._items():
            key = str(item.data(_KEY))
            number = f"{self.keys.index(key) + 1}. " if key in self.keys else ""
            item.setText(number + self._titles[key])
