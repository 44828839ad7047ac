"""A read-only view of Python code with highlighted lines and a tooltip for each name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QApplication, QFrame, QPlainTextEdit, QTextEdit, QToolTip

from bpviz.language import _
from bpviz.ui.style.theme import GAP, LIGHT, MONOSPACE, Theme
from bpviz.ui.walkthrough.syntax_highlighter import SyntaxHighlighter

_HIGHLIGHT_ALPHA, _MARKER = 45, 3


class CodeView(QPlainTextEdit):
    """Shows source code.

    Parameters
    ----------
    text : str
        Python source code.
    describe : callable
        ``describe(line, column)`` -> the tooltip for that position, or ""; lines are counted from 1, columns
        from 0.

    Signals
    -------
    line_chosen : int
        A line was double-clicked; counted from 1.
    """

    line_chosen = Signal(int)

    def __init__(self, text: str, describe: Callable[[int, int], str]) -> None:
        super().__init__(text)
        self._describe, self._theme, self._highlighted = describe, LIGHT, tuple[int, ...]()
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # Wrapped lines would break the relation between line number and scroll position.
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        # Text can be selected with the keyboard, but there is no caret in read-only text.
        self.setCursorWidth(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName(_("Source of backpropagation"))
        self.document().setDocumentMargin(GAP)
        self._highlighter = SyntaxHighlighter(self.document())

    def highlight_lines(self, lines: tuple[int, ...]) -> None:
        """Highlight lines, scroll to them if they are not visible, and hide a tooltip that is now out of date."""
        self._highlighted = lines
        self.setExtraSelections([self._selection_of(line) for line in lines])
        self._scroll_to_highlight()
        self.viewport().setToolTip("")
        if self.viewport().underMouse():
            QToolTip.hideText()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme and the application's font size."""
        self._theme = theme
        font = QFont(MONOSPACE)
        font.setPointSizeF(QApplication.font().pointSizeF() - 1)
        self.setFont(font)
        self._highlighter.set_theme(theme)
        self.highlight_lines(self._highlighted)

    def visible_lines(self) -> range:
        """Return the numbers, from 1, of the lines that are completely visible."""
        top = self.verticalScrollBar().value()
        room = self.viewport().height() - (GAP if top == 0 else 0)
        return range(top + 1, top + 1 + int(room / self._line_height()))

    def place_at(self, at: QPoint) -> tuple[int, int]:
        """Return the line, from 1, and the column, from 0, at a viewport position."""
        cursor = self.cursorForPosition(at)
        # cursorForPosition returns the nearest gap between two characters, which may be after the character meant.
        is_behind = at.x() < self.cursorRect(cursor).left()
        return cursor.blockNumber() + 1, cursor.positionInBlock() - is_behind

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Set the tooltip to the description of the name under the pointer."""
        super().mouseMoveEvent(event)
        self.viewport().setToolTip(self._describe(*self.place_at(event.position().toPoint())))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Tell which line was double-clicked."""
        super().mouseDoubleClickEvent(event)
        self.line_chosen.emit(self.place_at(event.position().toPoint())[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, and a marker in the left margin of each highlighted line."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        for line in self._highlighted:
            area = self.blockBoundingGeometry(self.document().findBlockByNumber(line - 1))
            area.translate(self.contentOffset())
            # An extra selection does not colour the document margin, so the highlight is extended by hand.
            margin = QRectF(0, area.top(), area.left() + self.document().documentMargin(), area.height())
            painter.fillRect(margin, self._highlight_colour())
            margin.setWidth(_MARKER)
            painter.fillRect(margin, QColor(self._theme.accent))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll so that the highlighted lines stay visible."""
        super().resizeEvent(event)
        self._scroll_to_highlight()

    def _scroll_to_highlight(self) -> None:
        seen, lines = self.visible_lines(), self._highlighted
        if lines and not (lines[0] in seen and lines[-1] in seen):
            self.verticalScrollBar().setValue(max(lines[0] - 1 - len(seen) // 3, 0))

    def _line_height(self) -> float:
        return max(self.blockBoundingRect(self.document().lastBlock()).height(), 1.0)

    def _highlight_colour(self) -> QColor:
        colour = QColor(self._theme.accent)
        colour.setAlpha(_HIGHLIGHT_ALPHA)
        return colour

    def _selection_of(self, line: int) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.format.setBackground(self._highlight_colour())
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        made.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        return made
