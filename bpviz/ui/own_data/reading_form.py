"""ReadingForm: how the text of a table is read; what was guessed can be changed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from bpviz.language import _
from bpviz.session.tables.read_options import CODECS, DELIMITERS, ReadOptions
from bpviz.ui.style.theme import GAP


class ReadingForm(QWidget):
    """Encoding, separator, decimal sign and header of a table, or the sheet of a workbook.

    Signals
    -------
    edited
        The user has chosen another.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.encoding, self.delimiter, self.decimal = QComboBox(), QComboBox(), QComboBox()
        self.sheet, self.sheet_title = QComboBox(), QLabel(_("Sheet"))
        self._is_other_sheet = False
        self.header = QCheckBox(_("Header"))
        self.header.setToolTip(_("The first row holds the names of the columns"))
        for name in CODECS:
            self.encoding.addItem(_(name), name)
        for sign, title in DELIMITERS.items():
            self.delimiter.addItem(_(title), sign)
        self.decimal.addItem(_("point"), ".")
        self.decimal.addItem(_("comma"), ",")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        self.sheet.setAccessibleName(_("Sheet"))
        self.sheet.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sheet.setMinimumContentsLength(10)  # names of sheets have up to 31 characters
        row.addWidget(self.sheet_title)
        row.addWidget(self.sheet)
        titles = {_("Encoding"): self.encoding, _("Separator"): self.delimiter, _("Decimal"): self.decimal}
        for title, editor in titles.items():
            editor.setAccessibleName(title)
            row.addWidget(QLabel(title))
            row.addWidget(editor)
            editor.activated.connect(self._edit)
        row.addWidget(self.header)
        row.addStretch(1)
        self.header.clicked.connect(self._edit)
        self.sheet.activated.connect(self._choose_sheet)
        self._show_sheets((), None)

    @Slot()
    def _edit(self) -> None:
        self.edited.emit()

    @Slot()
    def _choose_sheet(self) -> None:
        self._is_other_sheet = True
        self.edited.emit()

    def _show_sheets(self, names: tuple[str, ...], current: str | None) -> None:
        """Show the sheets, if there are several."""
        self._is_other_sheet = False
        self.sheet.clear()
        self.sheet.addItems(names)
        self.sheet.setCurrentIndex(names.index(current) if current in names else -1)
        for part in (self.sheet_title, self.sheet):
            part.setVisible(len(names) > 1)

    def show_options(self, options: ReadOptions, sheets: tuple[str, ...] = ()) -> None:
        """Show how a table was read; what its kind of file does not have cannot be chosen."""
        self._show_sheets(sheets, options.sheet)
        values = {self.encoding: options.encoding, self.delimiter: options.delimiter, self.decimal: options.decimal}
        for editor, value in values.items():
            editor.setEnabled(value is not None and options.delimiter is not None)
            editor.setCurrentIndex(editor.findData(value))
        self.header.setEnabled(options.decimal is not None)  # of numpy's files none has a header
        self.header.setChecked(bool(options.has_header))

    def options(self) -> ReadOptions:
        """Return what is chosen; of another sheet nothing is known but its name."""
        sheet = self.sheet.currentText() or None
        if self._is_other_sheet:
            return ReadOptions(sheet=sheet)
        return ReadOptions(
            encoding=self.encoding.currentData(),
            delimiter=self.delimiter.currentData(),
            decimal=self.decimal.currentData(),
            has_header=self.header.isChecked() if self.header.isEnabled() else None,
            sheet=sheet,
        )
