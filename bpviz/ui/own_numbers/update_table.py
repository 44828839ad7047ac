"""List of the updates of a recording, with the largest difference of each quantity."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QFont

from bpviz.language import N_, _
from bpviz.session.own_numbers.operand_keys import TITLES
from bpviz.session.recording.survey import ComparedUpdate
from bpviz.session.recording.understanding import Understood
from bpviz.ui.own_numbers.given_table import FIRST, RIGHT, UNKNOWN, WRONG, short_name
from bpviz.ui.style import formats
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.widgets.cell_table import BOLD, Column, RecordTable

NUMBER, VERDICT = range(2)
_FIXED = (
    Column(N_("Update"), N_("Which update of your training, counted from 1"), is_number=True),
    Column(N_("First wrong"), N_("The first array that differs, in the order of computing")),
)
_DIGITS = 2


class UpdateTable(RecordTable):
    """Table model with a row for each recorded update, compared or not yet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_FIXED, parent)
        self._understood: Understood | None = None
        self._quantities: list[str] = []
        self._rows: list[ComparedUpdate] = []
        self._first: int | None = None
        self._theme: Theme = LIGHT

    def begin(self, understood: Understood | None) -> None:
        """Show another recording."""
        self.beginResetModel()
        self._understood, self._rows, self._first = understood, [], None
        given = {key[0] for key in understood.keys} if understood else set()
        self._quantities = [quantity for quantity in TITLES if quantity in given]
        tip = _("The largest difference of all layers, relative to the largest number of its array")
        self._columns = (*_FIXED, *(Column(TITLES[each], tip, is_number=True) for each in self._quantities))
        self.endResetModel()

    def show_rows(self, rows: list[ComparedUpdate], first: int | None) -> None:
        """Show what is known of the first updates; `first` is the place of the first that differs."""
        self._rows, self._first = rows, first
        self.touch()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme

    def widest(self) -> dict[int, str]:
        """Return the widest text of each column."""
        last = self.text(self.n_rows() - 1, NUMBER)
        return {NUMBER: last, VERDICT: _("{wrong} W after 99").format(wrong=WRONG)} | {
            len(_FIXED) + place: "−1.2e-123" for place in range(len(self._quantities))
        }

    def n_rows(self) -> int:
        """Return the number of updates."""
        return len(self._understood) if self._understood else 0

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        if column == NUMBER:
            return formats.count(self._understood.number(row)) if self._understood else ""
        if row >= len(self._rows):
            return UNKNOWN if column == VERDICT else ""
        if column == VERDICT:
            return self._verdict(row)
        difference = self._rows[row].differences.get(self._quantities[column - len(_FIXED)])
        return "" if difference is None else formats.number(difference, _DIGITS)

    def _verdict(self, row: int) -> str:
        found = self._rows[row]
        if found.is_right:
            return RIGHT
        sign = FIRST if row == self._first else WRONG
        return f"{sign} {short_name(found.first)}" if found.first else _("{sign} start").format(sign=sign)

    def tip(self, row: int, column: int) -> str | None:
        """Return why an update cannot be compared."""
        return (self._rows[row].problem or None) if row < len(self._rows) else None

    def ink(self, row: int, column: int) -> QColor | None:
        """Return the danger colour for an update that differs."""
        is_wrong = row < len(self._rows) and not self._rows[row].is_right
        return QColor(self._theme.danger) if is_wrong and column == VERDICT else None

    def font(self, row: int, column: int) -> QFont | None:
        """Return the bold font for the first that differs."""
        return BOLD if row == self._first else None
