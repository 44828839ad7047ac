"""Labelled editors for the fields of an experiment; each shows an error message below it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bpviz.language import N_, _
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.compact_editors import CompactLineEdit
from bpviz.ui.widgets.described_items import DescribedComboBox

# The longest label, and the most that an editor shows without scrolling.
_LABEL, _NUMBER = N_("Learning rate "), "0.000001"
_CHOICE_LETTERS = 12


def read_number(text: str) -> object:
    """Parse an int or a float; return other text unchanged, for validation to reject."""
    for kind in (int, float):
        try:
            return kind(text.strip())
        except ValueError:
            continue
    return text.strip()


def write_number(value: object) -> str:
    """Return the shortest text that `read_number` parses to the same value."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def mark(editor: QLineEdit, problem: str | None) -> None:
    """Set or remove the error frame of an editor."""
    editor.setProperty("wrong", "true" if problem else "false")
    # Qt evaluates property selectors of a style sheet only when a widget is polished.
    editor.style().unpolish(editor)
    editor.style().polish(editor)


def sentence(problem: str | None) -> str:
    """Return a problem with a capital letter, or "" for None."""
    return problem[:1].upper() + problem[1:] if problem else ""


class FieldLabel(QLabel):
    """A label that is as wide as the longest one of its form, so that the editors are aligned."""

    def __init__(self, text: str, longest: str) -> None:
        super().__init__(text)
        self._longest = longest

    def minimumSizeHint(self) -> QSize:
        """Return the size of the longest label."""
        return self.fontMetrics().size(0, self._longest)

    def sizeHint(self) -> QSize:
        """Return the size of the longest label."""
        return self.minimumSizeHint()


class Field(QWidget):
    """A label, an editor and an error message below them."""

    edited = Signal()

    def __init__(self, text: str, tip: str, editor: QWidget) -> None:
        super().__init__()
        self._reason = QLabel(wordWrap=True)
        self._reason.setProperty("role", "problem")
        self._reason.hide()
        label = FieldLabel(text, _(_LABEL))
        label.setToolTip(tip)
        label.setBuddy(editor)
        editor.setToolTip(tip)
        editor.setAccessibleName(text)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(label)
        row.addWidget(editor, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._reason)

    def complain(self, problem: str | None) -> None:
        """Show an error message, or remove it."""
        self._reason.setText(sentence(problem))
        self._reason.setVisible(bool(problem))

    def problem(self) -> str:
        """Return the error message, or ""."""
        return self._reason.text()


class NumberField(Field):
    """A line edit for a number; it accepts any text, since validation is done elsewhere."""

    def __init__(self, text: str, tip: str) -> None:
        self.editor = CompactLineEdit(text, tip, _NUMBER)
        super().__init__(text, tip, self.editor)
        self.editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.editor.editingFinished.connect(self.edited)

    def value(self) -> object:
        """Return the number, or the text if it is not a number."""
        return read_number(self.editor.text())

    def show_value(self, value: object) -> None:
        """Show a value."""
        self.editor.setText(write_number(value))

    def complain(self, problem: str | None) -> None:
        """Show or remove an error message and the error frame."""
        super().complain(problem)
        mark(self.editor, problem)


class ChoiceField(Field):
    """A combo box whose items have data, titles and a line about each."""

    def __init__(self, text: str, tip: str, titles: dict[str, str], lines: dict[str, str]) -> None:
        self.editor = choice(titles, lines)
        super().__init__(text, tip, self.editor)
        # activated is emitted for the user only, not when show_value changes the index.
        self.editor.activated.connect(self.edited)

    def offer(self, title: str, word: str, line: str) -> None:
        """Add an item: its title, its data, and what it does."""
        self.editor.items.add(_(title), word, _(line))

    def value(self) -> object:
        """Return the data of the current item."""
        return self.editor.currentData()

    def show_value(self, value: object) -> None:
        """Select the item with this data."""
        self.editor.setCurrentIndex(self.editor.findData(value))


class SwitchField(Field):
    """A check box."""

    def __init__(self, text: str, tip: str) -> None:
        self.editor = QCheckBox()
        super().__init__(text, tip, self.editor)
        # clicked, unlike toggled, is not emitted when show_value changes the state.
        self.editor.clicked.connect(self.edited)

    def value(self) -> object:
        """Return whether the box is checked."""
        return self.editor.isChecked()

    def show_value(self, value: object) -> None:
        """Check or uncheck the box."""
        self.editor.setChecked(bool(value))


def choice(titles: dict[str, str], lines: dict[str, str]) -> DescribedComboBox:
    """Return a combo box that may become narrower than its longest title; data -> title, and data -> what it does."""
    combo = DescribedComboBox()
    for word, title in titles.items():
        combo.items.add(_(title), word, _(lines[word]))
    longest = max(len(_(title)) for title in titles.values())
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(min(longest, _CHOICE_LETTERS))
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


def heading(text: str) -> QLabel:
    """Return the heading of a group of fields."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
