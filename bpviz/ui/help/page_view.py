"""View of one Markdown page, in the colours and the font of the window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from bpviz.language import _
from bpviz.ui.style.theme import GAP, HAN, MONOSPACE, Theme

_LINE_HEIGHT = 130
_CODE = re.compile(r"`[^`]+`")


class PageView(QTextBrowser):
    """Shows a page.

    Signals
    -------
    followed : str
        The user has followed a link to this page.
    """

    followed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._text, self._theme = "", theme
        # QTextBrowser would look for the target in a file.
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Page of the help"))
        self.document().setDocumentMargin(2 * GAP)
        self.document().setIndentWidth(2 * GAP)
        self.anchorClicked.connect(self._follow)

    def show_page(self, text: str) -> None:
        """Show a page from its beginning.

        Parameters
        ----------
        text : str
            Markdown.
        """
        self._text = text
        self._lay_out()

    @Slot(object)
    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        # Qt's Markdown reader writes the colour of links into the document.
        self._lay_out()

    def _lay_out(self) -> None:
        # A formula is not broken between two lines.
        self.setMarkdown(_CODE.sub(lambda code: code[0].replace(" ", "\N{NO-BREAK SPACE}"), self._text))
        spacing = QTextBlockFormat()
        spacing.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        everything = QTextCursor(self.document())
        everything.select(QTextCursor.SelectionType.Document)
        everything.mergeBlockFormat(spacing)
        for block in self._blocks():
            self._set_font_of_code(block)
        self._draw_tables()

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def _set_font_of_code(self, block: QTextBlock) -> None:
        """Use the bundled font, instead of one that this machine may not have."""
        font = QTextCharFormat()
        font.setFontFamilies([MONOSPACE, HAN])
        for start, end in list(_code_in(block)):
            span = QTextCursor(self.document())
            span.setPosition(start)
            span.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            span.mergeCharFormat(font)

    def _draw_tables(self) -> None:
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                look = frame.format()
                look.setBorderBrush(QColor(self._theme.hairline))
                look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                look.setBorderCollapse(True)
                look.setCellPadding(GAP / 2)
                frame.setFormat(look)

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        self.followed.emit(url.path())


def _code_in(block: QTextBlock) -> Iterator[tuple[int, int]]:
    """Yield the first and the last position of each piece of code in a block."""
    piece = block.begin()
    while not piece.atEnd():
        fragment = piece.fragment()
        if fragment.charFormat().fontFixedPitch():
            yield fragment.position(), fragment.position() + fragment.length()
        piece += 1
