"""Table of the own numbers of one operand: wrong ones are marked by a sign and by colour."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QAbstractItemView

from bpviz.core.arrays import Array
from bpviz.core.mistakes.program import Key
from bpviz.language import _
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.own_numbers.operand_keys import PER_SAMPLE, name_of, place_of, right_numbers
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.widgets.array_table import ArrayTable, ArrayView
from bpviz.ui.widgets.cell_table import BOLD, Index, Role, lit

#: Signs before the numbers that are wrong, the first of all and the others, and in place of those that are not given.
FIRST, WRONG, NOT_GIVEN = "▶ ", "✕ ", "—"
_DIGITS, _TO_READ = 5, 10
_WIDEST = f"{FIRST}−1.2346e-05"
_LIGHT = 46


class OwnNumberTable(ArrayTable):
    """Table model of one operand.

    Signals
    -------
    typed : int, int, str
        Row, column and text that the user has typed.
    """

    typed = Signal(int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent, _DIGITS)
        self._key: Key = ("z", 1)
        self._update: TracedUpdate | None = None
        self._checked: NumbersChecked | None = None

    def show_operand(self, update: TracedUpdate, key: Key, numbers: OwnNumbers, checked: NumbersChecked | None) -> None:
        """Show the numbers of an operand, as far as they are given, with what is known of them."""
        shape = right_numbers(update, key).shape
        own = numbers.arrays.get(key)
        values = own if own is not None and own.shape == shape else np.full(shape, np.nan)
        is_same = key == self._key and values.shape == self.values.shape
        self._update, self._key, self._checked = update, key, checked
        if is_same:  # a reset would drop the selection and close an editor
            self.values = values
            self.touch()
        else:
            self.show_array(values, *self._names_of(update, key, shape))

    def _names_of(self, update: TracedUpdate, key: Key, shape: tuple[int, ...]) -> tuple[list[str], list[str]]:
        if key[0] in PER_SAMPLE:
            rows = [update.sample_name(row) for row in range(len(update.samples))]
        else:
            rows = [""] if shape[0] == 1 else [str(number) for number in range(shape[0])]
        return rows, [""] if key[0] == "loss" else [str(number) for number in range(shape[1])]

    # What is known of a cell

    def is_given(self, row: int, column: int) -> bool:
        """Return whether the number of a cell is given."""
        return not np.isnan(self.values[row, column])

    def is_wrong(self, row: int, column: int) -> bool:
        """Return whether the number of a cell is known to be wrong."""
        mask = self._checked.wrong.get(self._key) if self._checked else None
        return mask is not None and bool(mask[row, column])

    def is_first(self, row: int, column: int) -> bool:
        """Return whether a cell has the first wrong number of all."""
        return self._checked is not None and self._checked.first == (self._key, (row, column))

    def right(self) -> Array | None:
        """Return what the numbers should be, in the user's conventions as far as these are known."""
        if self._update is None:
            return None
        found = self._checked.right.get(self._key) if self._checked else None
        return right_numbers(self._update, self._key) if found is None else found

    def describe(self, row: int, column: int) -> str:
        """Return name, own number, right number and difference of a cell, in full precision."""
        right = self.right()
        if self._update is None or right is None:
            return ""
        place = place_of(self._key, self._update, row, column)
        name = f"{name_of(self._key)}, {place}" if place else name_of(self._key)
        ours = float(right[row, column])
        if not self.is_given(row, column):
            return _("{name}: not given").format(name=name)
        theirs = float(self.values[row, column])
        with np.errstate(all="ignore"):
            difference = formats.number(theirs - ours, 3)
        numbers = _("yours {yours}, right {right}, difference {difference}").format(
            yours=formats.exact(theirs), right=formats.exact(ours), difference=difference
        )
        state = (
            _("first wrong number") if self.is_first(row, column) else _("wrong") if self.is_wrong(row, column) else ""
        )
        return f"{name}: {numbers}{f' · {state}' if state else ''}"

    def read_out(self, row: int, column: int) -> str:
        """Return the same in short: the title of the panel names the array."""
        right = self.right()
        if self._update is None or right is None or not self.is_given(row, column):
            return self.describe(row, column)
        theirs, ours = float(self.values[row, column]), float(right[row, column])
        place = place_of(self._key, self._update, row, column) or name_of(self._key)
        difference = formats.number(theirs - ours, 3)
        return _("{place}: yours {exact} − right {number} = {difference}").format(
            place=place, exact=formats.exact(theirs), number=formats.number(ours, _TO_READ), difference=difference
        )

    # The cells

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let every cell be edited."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, kind: int = Role.DisplayRole) -> object:
        """Return the data of a cell; for editing, its number in full."""
        if kind == Role.EditRole:
            given = self.is_given(index.row(), index.column())
            return repr(float(self.values[index.row(), index.column()])) if given else ""
        return super().data(index, kind)

    def setData(self, index: Index, value: object, kind: int = Role.EditRole) -> bool:
        """Tell what was typed."""
        if kind != Role.EditRole or str(value) == self.data(index, Role.EditRole):
            return False
        self.typed.emit(index.row(), index.column(), str(value))
        return True

    def text(self, row: int, column: int) -> str:
        """Return the number with the sign of its mark."""
        if not self.is_given(row, column):
            return NOT_GIVEN
        sign = FIRST if self.is_first(row, column) else WRONG if self.is_wrong(row, column) else ""
        short, exact = super().text(row, column), formats.exact(float(self.values[row, column]))
        # A number of few digits is shown as it was pasted, without zeros that nobody has printed.
        return f"{sign}{exact if len(exact) <= len(short) else short}"

    def accessible_text(self, row: int, column: int) -> str:
        """Return the whole description of a cell."""
        return self.describe(row, column)

    def tip(self, row: int, column: int) -> str | None:
        """Return the whole description of a cell."""
        return self.describe(row, column)

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the danger colour of wrong numbers; those that are not given are faint."""
        if not self.is_given(row, column):
            return QColor(self._theme.faint)
        return QColor(self._theme.danger) if self.is_wrong(row, column) else None

    def light(self, row: int, column: int) -> QColor | None:
        """Return the background of the first wrong number."""
        if not self.is_first(row, column):
            return None
        colour = QColor(self._theme.danger)
        colour.setAlpha(_LIGHT)
        return colour

    def font(self, row: int, column: int) -> QFont | None:
        """Return the bold font for the first wrong number."""
        return BOLD if self.is_first(row, column) else None


class OwnNumberView(ArrayView):
    """View of an `OwnNumberTable`, into which numbers are pasted and typed.

    Signals
    -------
    paste_wanted
        Ctrl+V was pressed.
    delete_wanted
        Delete was pressed on the selected cells.
    opened : int, int
        Return was pressed on a cell.
    focused : int, int
        A cell has become the current one.
    """

    paste_wanted = Signal()
    delete_wanted = Signal()
    opened = Signal(int, int)
    focused = Signal(int, int)

    def __init__(self, table: OwnNumberTable) -> None:
        super().__init__(table)
        self.setAccessibleName(_("Own numbers of one array"))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # With Tab moving between cells, a keyboard user could not leave the table.
        self.setTabKeyNavigation(False)
        self.selectionModel().currentChanged.connect(self._tell_focus)

    def fit_to(self, theme: Theme) -> None:
        """Make room for the widest number in the present font; let marks be seen in cells that are selected."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, lit(theme))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(theme.ink))
        self.setPalette(palette)
        self.horizontalHeader().setDefaultSectionSize(self.fontMetrics().horizontalAdvance(_WIDEST) + 12)
        row = max(self.verticalHeader().defaultSectionSize(), self.sizeHintForRow(0))
        header = max(self.horizontalHeader().sizeHint().height(), self.fontMetrics().height() + 8)  # 0 without columns
        around = header + self.horizontalScrollBar().sizeHint().height()
        self.setMinimumHeight(around + row + 2 * self.frameWidth())  # one row can be read whole

    def current_cell(self) -> tuple[int, int] | None:
        """Return row and column of the current cell; None if there is none."""
        index = self.currentIndex()
        return (index.row(), index.column()) if index.isValid() else None

    def go_to(self, row: int, column: int) -> None:
        """Make a cell the current one, and scroll to it."""
        index = self.table.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste, delete or open; other keys move between cells and begin to edit."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (cell := self.current_cell()):
            self.opened.emit(*cell)
        else:
            super().keyPressEvent(event)

    def _tell_focus(self) -> None:
        if cell := self.current_cell():
            self.focused.emit(*cell)
