"""Filter of a list of commands by what the user types."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRegularExpression, QSortFilterProxyModel, Qt, Slot

#: Role of the text in which the typed words are looked up.
SEARCHED = Qt.ItemDataRole.UserRole

_CASE_INSENSITIVE = QRegularExpression.PatternOption.CaseInsensitiveOption


class CommandFilter(QSortFilterProxyModel):
    """Keeps the rows that contain all typed words, in any order; those that begin with the first word come first.

    If no row contains all words, the rows that contain the typed letters in their order are kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""
        self.setFilterRole(SEARCHED)
        self.setRecursiveFilteringEnabled(True)
        self.sort(0)

    @Slot(str)
    def search(self, typed: str) -> None:
        """Keep the rows that match what was typed."""
        self._typed = typed.strip().lower()
        self._keep("".join(f"(?=.*{QRegularExpression.escape(word)})" for word in self._typed.split()))
        if not self.rowCount():
            self._keep(".*".join(map(QRegularExpression.escape, self._typed.replace(" ", ""))))
        # The order depends on what was typed, which sort() does not know: it would do nothing.
        self.invalidate()

    def _keep(self, pattern: str) -> None:
        self.setFilterRegularExpression(QRegularExpression(pattern, _CASE_INSENSITIVE))

    def lessThan(self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex) -> bool:
        """Return whether a row comes before another one."""
        return self._rank(left) < self._rank(right)

    def _rank(self, index: QModelIndex | QPersistentModelIndex) -> tuple[bool, bool, int]:
        """Return a row's place: first where a text begins with the words, then where one of its words does."""
        text = str(index.data()).lower()
        first = self._typed.split()[0] if self._typed else ""
        begins = text.startswith(self._typed)
        return not begins, not any(word.startswith(first) for word in text.split()), index.row()
