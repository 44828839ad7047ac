"""Combo box, spin box and line edit that are only as wide as their contents, for rows of editors.

The items of combo boxes have a word, which the code and the settings know, and a text in the user's language.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QSizePolicy, QSpinBox

from bpviz.language import _

_ANY = -1


class CompactComboBox(QComboBox):
    """A combo box as wide as its current item.

    Parameters
    ----------
    name, tip : str
        Accessible name and tooltip.
    titles : dict of str to str
        Data of each item -> its text.
    """

    def __init__(self, name: str, tip: str, titles: dict[str, str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for word, title in titles.items():
            self.addItem(_(title), word)
        # The size hint depends on the current item, so the layout must ask for it again.
        self.currentIndexChanged.connect(self._fit)

    def sizeHint(self) -> QSize:
        """Return the size of the current item with its arrow."""
        hint, metrics = super().sizeHint(), self.fontMetrics()
        hint.setWidth(hint.width() - self._longest() + metrics.horizontalAdvance(self.currentText()))
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return `sizeHint`, so that the current item is never cut off."""
        return self.sizeHint()

    def showPopup(self) -> None:
        """Open the list at the width of its longest item."""
        # The popup is otherwise as narrow as the combo box and elides the other items.
        self.view().setMinimumWidth(super().sizeHint().width())
        super().showPopup()

    def word(self) -> str:
        """Return the data of the current item."""
        return str(self.currentData())

    def choose(self, word: str) -> None:
        """Select the item with this data, or the first if there is none."""
        self.setCurrentIndex(max(self.findData(word), 0))

    def _longest(self) -> int:
        return max(self.fontMetrics().horizontalAdvance(self.itemText(index)) for index in range(self.count()))

    @Slot()
    def _fit(self) -> None:
        self.updateGeometry()


class CompactSpinBox(QSpinBox):
    """A spin box for an integer from 0, optionally with a special value for "any".

    Parameters
    ----------
    name, tip : str
        Accessible name and tooltip.
    any_word : str
        Text of the special value "any"; "" if there is no such value.
    """

    edited = Signal()

    def __init__(self, name: str, tip: str, any_word: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setSpecialValueText(any_word)
        self.setMinimum(_ANY if any_word else 0)
        self.setValue(self.minimum())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(self.edited)
        self._fit()

    def number(self) -> int | None:
        """Return the number, or None for "any"."""
        return None if self.value() == _ANY else self.value()

    def show_number(self, number: int | None) -> None:
        """Show a number, clipped to the allowed range, or "any"."""
        self.setValue(_ANY if number is None else number)

    def set_count(self, count: int) -> None:
        """Allow the numbers 0 to count - 1."""
        self.setMaximum(max(count - 1, 0))
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the width to a new font size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        words = (self.specialValueText(), str(self.maximum()), "000")
        self.setFixedWidth(max(map(metrics.horizontalAdvance, words)) + 2 * metrics.averageCharWidth() + 8)


class CompactLineEdit(QLineEdit):
    """A line edit as wide as a number.

    Parameters
    ----------
    name, tip : str
        Accessible name and tooltip.
    widest : str
        The widest text that is shown without scrolling.
    """

    def __init__(self, name: str, tip: str, widest: str = "-1.234e-05") -> None:
        super().__init__()
        self._widest = widest
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the widest text."""
        hint = super().sizeHint()
        hint.setWidth(self.fontMetrics().horizontalAdvance(self._widest) + self.fontMetrics().averageCharWidth() + 8)
        return hint

    def minimumSizeHint(self) -> QSize:
        """Return `sizeHint`, so that numbers are never cut off."""
        return self.sizeHint()


def offer(combo: QComboBox, words: Iterable[str]) -> None:
    """Add an item for each word, which is its data; the text is its translation."""
    for word in words:
        combo.addItem(_(word), str(word))


def chosen(combo: QComboBox) -> str:
    """Return the word of the current item, "" if there is none."""
    return str(combo.currentData() or "")


def choose(combo: QComboBox, word: str) -> None:
    """Select the item with a word; without effect if there is none."""
    index = combo.findData(word)
    if index >= 0:
        combo.setCurrentIndex(index)
