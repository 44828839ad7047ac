"""Headers of the matrix with the names of the classes, and captions of its sides; long names are turned upright."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHeaderView, QLabel, QSizePolicy, QWidget

from bpviz.ui.confusion.matrix_table import short
from bpviz.ui.style.theme import GAP

_ALIGN = Qt.AlignmentFlag


class ClassHeader(QHeaderView):
    """Header of a matrix of classes; names above columns are turned upright if one of them is wider than its column.

    Parameters
    ----------
    orientation : Qt.Orientation
    parent : QWidget

    Attributes
    ----------
    is_upright : bool
        Whether the names of classes are turned upright.
    is_short : bool
        Whether the last name, that of a share, is shortened.
    """

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setSectionsClickable(False)
        self.is_upright = self.is_short = False
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)

    def name(self, section: int) -> str:
        """Return the text of a section."""
        name = str(self.model().headerData(section, self.orientation()))
        return short(name) if self.is_short and section == self.count() - 1 else name

    def names_width(self) -> int:
        """Return the width of the widest name."""
        names = (self.name(section) for section in range(self.count()))
        return max(map(self.fontMetrics().horizontalAdvance, names), default=0) + GAP

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint a name, elided if there is no room for all of it."""
        painter.save()
        painter.setPen(self.palette().placeholderText().color())
        is_share = section == self.count() - 1
        if self.orientation() is Qt.Orientation.Vertical:
            self._write(painter, rect.adjusted(0, 0, -GAP // 2, 0), section, _ALIGN.AlignRight | _ALIGN.AlignVCenter)
        elif self.is_upright and not is_share:
            painter.translate(rect.left(), rect.bottom())
            painter.rotate(-90)
            turned = QRect(GAP // 2, 0, rect.height() - GAP // 2, rect.width())
            self._write(painter, turned, section, _ALIGN.AlignLeft | _ALIGN.AlignVCenter)
        else:
            self._write(painter, rect.adjusted(0, 0, 0, -2), section, _ALIGN.AlignHCenter | _ALIGN.AlignBottom)
        painter.restore()

    def _write(self, painter: QPainter, box: QRect, section: int, align: Qt.AlignmentFlag) -> None:
        text = self.fontMetrics().elidedText(self.name(section), Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, align, text)


class SideCaption(QLabel):
    """Says what a side of the matrix is; it is elided where there is no room, and turned upright at the left side."""

    def __init__(self, text: str, *, is_upright: bool) -> None:
        super().__init__()
        self._text, self._is_upright = text, is_upright
        self.setAccessibleName(text)
        self.setProperty("role", "caption")
        ignored, fixed = QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed
        self.setSizePolicy(*((fixed, ignored) if is_upright else (ignored, fixed)))

    def sizeHint(self) -> QSize:
        """Return the height of a line, as a width if it is upright."""
        line = self.fontMetrics().height()
        return QSize(line, 0) if self._is_upright else QSize(0, line)

    def minimumSizeHint(self) -> QSize:
        """Return the same as `sizeHint`."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text in the middle of its side."""
        painter = QPainter(self)
        box = self.rect()
        if self._is_upright:
            painter.translate(0, self.height())
            painter.rotate(-90)
            box = QRect(0, 0, self.height(), self.width())
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, _ALIGN.AlignCenter, text)
        painter.end()
