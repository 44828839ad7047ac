"""A handout as a PDF file: A4 across, the panels as lines and letters, text as text."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from bpviz.ui.offscreen.board import Board
from bpviz.ui.style.theme import GAP, PRINT, font

_MARGIN_MILLIMETRES = 12.0
_HEADING_POINTS, _TEXT_POINTS, _FOOTER_POINTS = 15.0, 11.0, 8.0
# The picture is at least so large a part of what the heading leaves; longer text is set smaller.
_LEAST_PICTURE = 0.5


class PdfFile:
    """Paints one page after another.

    Parameters
    ----------
    title : str
    dots : int
        Of an inch of the screen: then a pixel of a panel is a unit of the page, and fonts have their size.
    """

    def __init__(self, title: str, dots: int) -> None:
        self._title, self._n_pages = title, 0
        self._buffer = QBuffer()
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._writer = QPdfWriter(self._buffer)
        self._writer.setResolution(dots)
        margins = QMarginsF(*([_MARGIN_MILLIMETRES] * 4))
        a4 = QPageSize(QPageSize.PageSizeId.A4)
        unit = QPageLayout.Unit.Millimeter
        self._writer.setPageLayout(QPageLayout(a4, QPageLayout.Orientation.Landscape, margins, unit))
        self._writer.setTitle(title)
        self._writer.setCreator("bpviz")
        self._painter = QPainter(self._writer)

    def add(self, heading: str, paragraphs: tuple[str, ...], board: Board | None) -> Iterator[None]:
        """Paint a page, a panel in each step: heading, picture and text, or text alone without a board."""
        if self._n_pages:
            self._writer.newPage()
        self._n_pages += 1
        left = QRectF(self._painter.viewport())
        left.adjust(0, self._write(heading, left, _HEADING_POINTS, bold=True) + GAP, 0, -self._write_footer(left))
        text = _document("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs), left.width())
        if board is None:
            self._draw(text, left, 1.0)
            yield
            return
        room = left.height() * (1 - _LEAST_PICTURE)
        scale = min(1.0, room / max(text.size().height(), 1.0))
        below = QRectF(left)
        below.setTop(left.bottom() - text.size().height() * scale)
        picture = QRectF(left.left(), left.top(), left.width(), below.top() - left.top() - GAP)
        yield from board.paint_on(self._painter, picture)
        below.moveTop(board.bottom_on(picture) + GAP)
        self._draw(text, below, scale)

    def finish(self) -> bytes:
        """End the file, and return it."""
        self._painter.end()
        return bytes(self._buffer.data().data())

    def _write(self, text: str, place: QRectF, points: float, *, bold: bool = False) -> float:
        """Write a line at the top of a place, and return its height."""
        self._painter.setFont(font(points, bold=bold))
        self._painter.setPen(QColor(PRINT.ink))
        height = self._painter.fontMetrics().height()
        line = self._painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width()))
        self._painter.drawText(QRectF(place.left(), place.top(), place.width(), height), 0, line)
        return float(height)

    def _write_footer(self, place: QRectF) -> float:
        """Write the title and the page number at the bottom, and return the height of both."""
        self._painter.setFont(font(_FOOTER_POINTS))
        self._painter.setPen(QColor(PRINT.muted))
        height = self._painter.fontMetrics().height()
        line = QRectF(place.left(), place.bottom() - height, place.width(), height)
        self._painter.drawText(line, Qt.AlignmentFlag.AlignLeft, self._title)
        self._painter.drawText(line, Qt.AlignmentFlag.AlignRight, str(self._n_pages))
        return float(height + GAP)

    def _draw(self, text: QTextDocument, place: QRectF, scale: float) -> None:
        self._painter.save()
        self._painter.translate(place.topLeft())
        self._painter.scale(scale, scale)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(context.palette.ColorRole.Text, QColor(PRINT.ink))
        text.documentLayout().draw(self._painter, context)
        self._painter.restore()


def _document(html: str, width: float) -> QTextDocument:
    made = QTextDocument()
    made.setDocumentMargin(0)
    made.setDefaultFont(font(_TEXT_POINTS))
    made.setDefaultStyleSheet("p { margin-top: 0; margin-bottom: 4px; }")
    made.setHtml(html)
    made.setTextWidth(width)
    return made
