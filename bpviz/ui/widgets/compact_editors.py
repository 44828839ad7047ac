"""Small editors that are as wide as what they show, so that a row of them reads like a sentence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal, Slot
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QSizePolicy, QSpinBox

_ANY = -1


class CompactComboBox(QComboBox):
    """A choice of words, as wide as the chosen one.

    Parameters
    ----------
    name, tip : str
        What a screen reader says, and the tooltip.
    titles : dict of str to str
        Word -> how it reads.
    """

    def __init__(self, name: str, tip: str, titles: dict[str, str]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for word, title in titles.items():
            self.addItem(title, word)
        self.currentIndexChanged.connect(self._fit)

    def sizeHint(self) -> QSize:
        """Return the size of the chosen word with its arrow."""
        hint, metrics = super().sizeHint(), self.fontMetrics()
        hint.setWidth(hint.width() - self._longest() + metrics.horizontalAdvance(self.currentText()))
        return hint

    def minimumSizeHint(self) -> QSize:
        """Never be narrower than the chosen word."""
        return self.sizeHint()

    def showPopup(self) -> None:
        """Open the list, as wide as its longest word."""
        self.view().setMinimumWidth(super().sizeHint().width())
        super().showPopup()

    def word(self) -> str:
        """Return the chosen word."""
        return str(self.currentData())

    def choose(self, word: str) -> None:
        """Choose a word, the first where there is no such word."""
        self.setCurrentIndex(max(self.findData(word), 0))

    def _longest(self) -> int:
        return max(self.fontMetrics().horizontalAdvance(self.itemText(index)) for index in range(self.count()))

    @Slot()
    def _fit(self) -> None:
        self.updateGeometry()


class CompactSpinBox(QSpinBox):
    """A whole number from 0, or, where a word for it is given, any.

    Parameters
    ----------
    name, tip : str
        What a screen reader says, and the tooltip.
    any_word : str
        What stands there for no number; "" where there is always one.
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
        """Return the number, None for any."""
        return None if self.value() == _ANY else self.value()

    def show_number(self, number: int | None) -> None:
        """Show a number, or the nearest that can be chosen."""
        self.setValue(_ANY if number is None else number)

    def set_count(self, count: int) -> None:
        """Offer the numbers of so many things."""
        self.setMaximum(max(count - 1, 0))
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit another size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        words = (self.specialValueText(), str(self.maximum()), "000")
        self.setFixedWidth(max(map(metrics.horizontalAdvance, words)) + 2 * metrics.averageCharWidth() + 8)


class CompactLineEdit(QLineEdit):
    """A line of text, as wide as a number.

    Parameters
    ----------
    name, tip : str
        What a screen reader says, and the tooltip.
    """

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of a number such as -1.234e-05."""
        hint = super().sizeHint()
        hint.setWidth(self.fontMetrics().horizontalAdvance("-1.234e-05") + self.fontMetrics().averageCharWidth() + 8)
        return hint
