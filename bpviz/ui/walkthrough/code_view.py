"""A text of Python to read, with some of its lines lit, that says what is under the pointer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QTextEdit, QToolTip

from bpviz.ui.style.theme import GAP, LIGHT, Theme
from bpviz.ui.walkthrough.syntax_highlighter import SyntaxHighlighter

MONOSPACE = "DejaVu Sans Mono"
_LIT_ALPHA, _MARKER = 45, 3


class CodeView(QPlainTextEdit):
    """Shows a source.

    Parameters
    ----------
    text : str
        Python.
    describe : callable
        ``describe(line, column)`` -> what is said of that place, "" for nothing; lines are counted from 1, columns
        from 0.
    """

    def __init__(self, text: str, describe: Callable[[int, int], str]) -> None:
        super().__init__(text)
        self._describe, self._theme, self._lit = describe, LIGHT, tuple[int, ...]()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setCursorWidth(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName("Source of backpropagation")
        self.document().setDocumentMargin(GAP)
        self._highlighter = SyntaxHighlighter(self.document())

    def light(self, lines: tuple[int, ...]) -> None:
        """Light some lines, and scroll to them where they are out of sight. What was said of another place is gone."""
        self._lit = lines
        self.setExtraSelections([self._lit_line(line) for line in lines])
        self._show_lit()
        if self.viewport().underMouse():
            QToolTip.hideText()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours, and the size of the program's text."""
        self._theme = theme
        font = QFont(MONOSPACE)
        font.setPointSizeF(QApplication.font().pointSizeF() - 1)
        self.setFont(font)
        self._highlighter.set_theme(theme)
        self.light(self._lit)

    def visible_lines(self) -> range:
        """Return the lines that are wholly in sight, counted from 1."""
        top = self.verticalScrollBar().value()
        room = self.viewport().height() - (GAP if top == 0 else 0)
        return range(top + 1, top + 1 + int(room / self._line_height()))

    def place_at(self, at: QPoint) -> tuple[int, int]:
        """Return the line, counted from 1, and the column, from 0, at a place of the viewport."""
        cursor = self.cursorForPosition(at)
        # The cursor goes to the nearest gap between two signs, which may be behind the sign that is meant.
        is_behind = at.x() < self.cursorRect(cursor).left()
        return cursor.blockNumber() + 1, cursor.positionInBlock() - is_behind

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is under the pointer when it rests."""
        if not isinstance(event, QHelpEvent) or event.type() is not QEvent.Type.ToolTip:
            return super().viewportEvent(event)
        QToolTip.showText(event.globalPos(), self._describe(*self.place_at(event.pos())), self)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, and a mark at the left of each line that is lit."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        for line in self._lit:
            area = self.blockBoundingGeometry(self.document().findBlockByNumber(line - 1))
            area.translate(self.contentOffset())
            margin = QRectF(0, area.top(), area.left() + self.document().documentMargin(), area.height())
            painter.fillRect(margin, self._lit_colour())
            margin.setWidth(_MARKER)
            painter.fillRect(margin, QColor(self._theme.accent))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep in sight what is lit."""
        super().resizeEvent(event)
        self._show_lit()

    def _show_lit(self) -> None:
        seen = self.visible_lines()
        if self._lit and not (self._lit[0] in seen and self._lit[-1] in seen):
            self.verticalScrollBar().setValue(max(self._lit[0] - 1 - len(seen) // 3, 0))

    def _line_height(self) -> float:
        return max(self.blockBoundingRect(self.document().lastBlock()).height(), 1.0)

    def _lit_colour(self) -> QColor:
        colour = QColor(self._theme.accent)
        colour.setAlpha(_LIT_ALPHA)
        return colour

    def _lit_line(self, line: int) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.format.setBackground(self._lit_colour())
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        made.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        return made
