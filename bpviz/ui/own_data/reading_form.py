"""ReadingForm: how the text of a table is read; what was guessed can be changed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QWidget

from bpviz.session.tables.read_options import CODECS, DELIMITERS, ReadOptions
from bpviz.ui.style.theme import GAP


class ReadingForm(QWidget):
    """Encoding, separator, decimal sign and header of a table.

    Signals
    -------
    edited
        The user has chosen another.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.encoding, self.delimiter, self.decimal = QComboBox(), QComboBox(), QComboBox()
        self.header = QCheckBox("Header")
        self.header.setToolTip("The first row holds the names of the columns")
        for name in CODECS:
            self.encoding.addItem(name, name)
        for sign, title in DELIMITERS.items():
            self.delimiter.addItem(title, sign)
        self.decimal.addItem("point", ".")
        self.decimal.addItem("comma", ",")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        titles = {"Encoding": self.encoding, "Separator": self.delimiter, "Decimal": self.decimal}
        for title, editor in titles.items():
            editor.setAccessibleName(title)
            row.addWidget(QLabel(title))
            row.addWidget(editor)
            editor.activated.connect(self._edit)
        row.addWidget(self.header)
        row.addStretch(1)
        self.header.clicked.connect(self._edit)

    @Slot()
    def _edit(self) -> None:
        self.edited.emit()

    def show_options(self, options: ReadOptions) -> None:
        """Show how a table was read; what its kind of file does not have cannot be chosen."""
        values = {self.encoding: options.encoding, self.delimiter: options.delimiter, self.decimal: options.decimal}
        for editor, value in values.items():
            editor.setEnabled(value is not None and options.delimiter is not None)
            editor.setCurrentIndex(editor.findData(value))
        self.header.setEnabled(options.decimal is not None)  # of numpy's files none has a header
        self.header.setChecked(bool(options.has_header))

    def options(self) -> ReadOptions:
        """Return what is chosen."""
        return ReadOptions(
            encoding=self.encoding.currentData(),
            delimiter=self.delimiter.currentData(),
            decimal=self.decimal.currentData(),
            has_header=self.header.isChecked() if self.header.isEnabled() else None,
        )
