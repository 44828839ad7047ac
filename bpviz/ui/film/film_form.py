"""The fields of a film: what it goes by, from where to where, how fast, which panels, how large."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from bpviz.language import _
from bpviz.session.film.film_plan import (
    LEAST_RATE,
    LEFT_OUT,
    LEVELS,
    MOST_PANELS,
    MOST_RATE,
    USUAL_PANELS,
    USUAL_RATE,
    FilmError,
    FilmPlan,
)
from bpviz.session.sharing.share_text import ShareError, read_position
from bpviz.session.training.position import Position
from bpviz.ui.style.mnemonics import without_mnemonic
from bpviz.ui.style.theme import GAP, THEMES

SIZES = ((1280, 720), (1920, 1080), (800, 450))
_MOST_EVERY = 10_000_000


def _level_texts() -> dict[str, str]:
    return {"epoch": _("Epochs"), "sample": _("Samples of an epoch"), "operation": _("Operations of an update")}


def _theme_texts() -> dict[str, str]:
    return {"light": _("Light"), "dark": _("Dark")}


class FilmForm(QWidget):
    """Asks for everything but the file.

    Parameters
    ----------
    titles : dict of str to str
        Keys of the panels that can be chosen, and their titles.

    Signals
    -------
    changed
        The user has edited a field.
    """

    changed = Signal()

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__()
        self.level, self.resolution, self.theme = QComboBox(), QComboBox(), QComboBox()
        self.begin, self.end, self.every, self.rate = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.captions = QCheckBox(_("Captions"))
        self.captions.setToolTip(_("Write position and scores, or what the operation does, below the panels"))
        self.captions.setChecked(True)
        self.panels = {key: QCheckBox(title) for key, title in titles.items()}
        self._has_chosen_panels, self._here = False, Position()
        for key, text in _level_texts().items():
            self.level.addItem(text, key)
        for key, text in _theme_texts().items():
            self.theme.addItem(text, key)
        for width, height in SIZES:
            self.resolution.addItem(f"{width} × {height}", (width, height))
        self.end.setPlaceholderText(_("the end"))
        self.every.setPlaceholderText(_("automatic"))
        self._lay_out()
        self._connect()
        self._show_usual()

    def _lay_out(self) -> None:
        fields: tuple[tuple[str, QWidget, str], ...] = (
            (_("&Goes by"), self.level, _("What goes on from picture to picture")),
            (_("&From"), self.begin, _("The first position: an epoch, or epoch,samples or epoch,samples,operations")),
            (_("T&o"), self.end, _("The last position; empty for the end of the run, of the epoch or of the update")),
            (_("E&very"), self.every, _("A picture for so many of them; empty for at most 200 pictures")),
            (_("Pictures a &second"), self.rate, _("How many pictures are shown in a second")),
            (_("Si&ze"), self.resolution, _("Width and height in pixels")),
            (_("&Theme"), self.theme, _("The colours of the film")),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP)
        for index, (text, editor, tip) in enumerate(fields):
            label = QLabel(text)
            label.setBuddy(editor)
            editor.setToolTip(tip)
            editor.setAccessibleName(without_mnemonic(text))
            grid.addWidget(label, index, 0)
            grid.addWidget(editor, index, 1)
        grid.addWidget(self.captions, len(fields), 1)
        grid.setRowStretch(len(fields) + 1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * GAP)
        row.addLayout(grid, 1)
        row.addLayout(self._boxes())

    def _boxes(self) -> QGridLayout:
        """Return the boxes of the panels in two columns."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GAP)
        grid.setVerticalSpacing(GAP)
        grid.addWidget(QLabel(_("Panels, the first one largest")), 0, 0, 1, 2)
        half = (len(self.panels) + 1) // 2
        for index, box in enumerate(self.panels.values()):
            grid.addWidget(box, 1 + index % half, index // half)
        for index, reason in enumerate(LEFT_OUT.values()):
            line = QLabel(_("{clause}.").format(clause=_(reason)), wordWrap=True)
            line.setProperty("role", "caption")
            grid.addWidget(line, half + 1 + index, 0, 1, 2)
        grid.setRowStretch(half + 1 + len(LEFT_OUT), 1)
        return grid

    def _connect(self) -> None:
        self.level.activated.connect(self._change_level)
        for combo in (self.resolution, self.theme):
            combo.activated.connect(self.changed)
        for line in (self.begin, self.end, self.every, self.rate):
            line.textEdited.connect(self.changed)
        for box in self.panels.values():
            box.clicked.connect(self._choose_panels)
        self.captions.clicked.connect(self.changed)

    def begin_at(self, position: Position) -> None:
        """Take the position on screen, where films of samples and operations begin."""
        if position != self._here:
            self._here = position
            if self.level.currentData() != LEVELS[0]:
                self._show_usual()

    def set_theme(self, name: str) -> None:
        """Choose a theme."""
        self.theme.setCurrentIndex(self.theme.findData(name if name in THEMES else "light"))

    def plan(self, path: Path) -> FilmPlan:
        """Return what is asked for.

        Raises
        ------
        FilmError
            If a field is not a number, or not a position; the message says which.
        """
        chosen = tuple(key for key, box in self.panels.items() if box.isChecked())
        if not chosen or len(chosen) > MOST_PANELS:
            raise FilmError(_("choose 1 to {most} panels").format(most=MOST_PANELS))
        return FilmPlan(
            path,
            self._in_order(chosen),
            self.level.currentData(),
            _position(self.begin.text()) or Position(),
            _position(self.end.text()),
            _count(self.every.text()),
            _rate(self.rate.text()),
            tuple(self.resolution.currentData()),
            self.captions.isChecked(),
        )

    def _in_order(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Return the panels with the usual ones first, in their usual order."""
        usual = USUAL_PANELS[self.level.currentData()]
        return (*(key for key in usual if key in chosen), *(key for key in chosen if key not in usual))

    def _change_level(self) -> None:
        self._show_usual()
        self.changed.emit()

    def _choose_panels(self) -> None:
        self._has_chosen_panels = True
        self.changed.emit()

    def _show_usual(self) -> None:
        """Fill the fields for what the film goes by."""
        level, here = self.level.currentData(), self._here
        begin = {"epoch": "0", "sample": str(here.epoch), "operation": f"{here.epoch},{here.sample}"}
        self.begin.setText(begin[level])
        self.end.clear()
        self.every.setText("1" if level == "operation" else "")
        self.rate.setText(f"{USUAL_RATE[level]:g}")
        for key, box in self.panels.items():
            if not self._has_chosen_panels:
                box.setChecked(key in USUAL_PANELS[level])


def _position(text: str) -> Position | None:
    try:
        return read_position(text.replace(" ", "")) if text.strip() else None
    except ShareError as fault:
        raise FilmError(str(fault)) from fault


def _count(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= _MOST_EVERY:
        raise FilmError(_("Every must be a whole number from 1"))
    return int(text)


def _rate(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        rate = float(text.replace(",", "."))
    except ValueError:
        rate = 0.0
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise FilmError(
            _("Pictures a second must be a number from {least:g} to {most:g}").format(least=LEAST_RATE, most=MOST_RATE)
        )
    return rate
