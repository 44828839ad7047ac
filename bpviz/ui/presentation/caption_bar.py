"""The caption below the panels: heading and sentence of the stop, and the number of the epoch."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.presentation.fitted_text import FittedText
from bpviz.ui.presentation.stop import Stop
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, heading_weight

# Heights as parts of the height of the screen.
_BAR, _HEADING, _SENTENCE, _LEAST, _EPOCH = 0.18, 1 / 26, 1 / 32, 1 / 40, 1 / 9


class CaptionBar(QToolBar):
    """Shows a stop and an epoch; its height does not depend on the texts."""

    def __init__(self) -> None:
        super().__init__(_("Caption"))
        self.setObjectName("caption")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self.heading, self.sentence = FittedText(), FittedText()
        self.epoch, self._word = QLabel("0"), QLabel(_("epoch"))
        self.epoch.setAccessibleName(_("Epoch"))
        self.epoch.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._word.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._body = QWidget()
        self._body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(GAP, 0, GAP, 0)
        row.setSpacing(4 * GAP)
        row.addLayout(_column(self.heading, self.sentence), 1)
        row.addLayout(_column(self._word, self.epoch))
        self.addWidget(self._body)

    def set_screen_height(self, height: int) -> None:
        """Use fonts and a height that are right for a screen of so many pixels."""
        smallest, heading = ceil(_LEAST * height), round(_HEADING * height)
        self._body.setFixedHeight(round(_BAR * height))
        self.heading.set_sizes(smallest, heading)
        self.heading.setFixedHeight(round(1.3 * heading))
        self.heading.setFont(_font(self.font(), smallest, is_bold=True))
        self.sentence.set_sizes(smallest, round(_SENTENCE * height))
        self._word.setFont(_font(self.font(), smallest, is_bold=False))
        self.epoch.setFont(_font(self.font(), round(_EPOCH * height), is_bold=True))
        # As wide as a number of the digits that most trainings have, so that the sentence does not move.
        self.epoch.setMinimumWidth(self.epoch.fontMetrics().horizontalAdvance("0000"))

    def show_stop(self, stop: Stop) -> None:
        """Show the heading and the texts of a stop."""
        heading = f"{stop.heading}  ·  {stop.count}" if stop.count else stop.heading
        self.heading.set_text(heading, "")
        self.sentence.set_text(stop.text, stop.asked)

    def show_epoch(self, epoch: int) -> None:
        """Show the number of an epoch."""
        self.epoch.setText(formats.count(epoch))


def _column(above: QWidget, below: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(above)
    column.addWidget(below, 1)
    return column


def _font(base: QFont, size: int, *, is_bold: bool) -> QFont:
    font = QFont(base)
    font.setPixelSize(size)
    font.setWeight(heading_weight() if is_bold else QFont.Weight.Normal)
    return font
