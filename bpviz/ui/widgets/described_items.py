"""Lists of combo boxes whose items say in a line what they are, with a picture if there is one, and in groups."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bpviz.ui.style.theme import BASE_POINTS, GAP, SMALLER_POINTS

_LINE = Qt.ItemDataRole.UserRole + 1
_PICTURE = Qt.ItemDataRole.UserRole + 2
_WIDTH, _HEIGHT = 60, 42
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


class DescribedItems(QStyledItemDelegate):
    """Paints items of two lines, name and description; it is the delegate of one combo box's list.

    Parameters
    ----------
    combo : QComboBox
    """

    def __init__(self, combo: QComboBox) -> None:
        super().__init__(combo)
        self._combo = combo
        combo.setItemDelegate(self)

    def add_group(self, name: str) -> None:
        """Add the heading of a group, which cannot be chosen."""
        heading = QStandardItem(name)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        self._items().appendRow(heading)

    def add(self, title: str, word: str, line: str, tip: str = "") -> None:
        """Add an item with its data and description; the tooltip is the description if none is given."""
        self._combo.addItem(title, word)
        index = self._combo.count() - 1
        self._combo.setItemData(index, line, _LINE)
        self._combo.setItemData(index, line, Qt.ItemDataRole.AccessibleDescriptionRole)
        self._combo.setItemData(index, tip or line, Qt.ItemDataRole.ToolTipRole)

    def set_picture(self, index: int, picture: QPixmap) -> None:
        """Give an item a picture."""
        self._combo.setItemData(index, picture, _PICTURE)

    def _items(self) -> QStandardItemModel:
        items = self._combo.model()
        assert isinstance(items, QStandardItemModel)  # as of every combo box that was given no other
        return items

    def fit(self) -> None:
        """Make the list as wide as its widest item."""
        view = self._combo.view()
        bar = view.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        view.setMinimumWidth(view.sizeHintForColumn(0) + bar + GAP)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the room for the picture and the lines."""
        title, line = _fonts(option, is_heading=not _can_be_chosen(index))
        height = option.fontMetrics.height()
        if not _can_be_chosen(index):
            return QSize(0, height + GAP // 2)
        picture = index.data(_PICTURE)
        widths = (_advance(title, index.data()), _advance(line, index.data(_LINE) or ""))
        left = _WIDTH + GAP if picture else 0
        return QSize(left + max(widths) + 3 * GAP, max(2 * height, _HEIGHT if picture else 0) + GAP // 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one item."""
        painter.save()
        rect: QRect = option.rect.adjusted(GAP, 0, -GAP, 0)
        palette: QPalette = option.palette
        if not _can_be_chosen(index):
            painter.setFont(_fonts(option, is_heading=True)[0])
            painter.setPen(palette.placeholderText().color())
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, index.data().upper())
        else:
            is_under_pointer = bool(option.state & QStyle.StateFlag.State_Selected)
            if is_under_pointer:
                painter.fillRect(option.rect, palette.highlight())
            self._paint_item(painter, rect, option, index, is_under_pointer)
        painter.restore()

    @staticmethod
    def _paint_item(
        painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: _Index, is_under_pointer: bool
    ) -> None:
        picture, line = index.data(_PICTURE), index.data(_LINE) or ""
        if picture:
            top = rect.top() + (rect.height() - _HEIGHT) // 2
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRect(rect.left(), top, _WIDTH, _HEIGHT), picture)
            rect = rect.adjusted(_WIDTH + GAP, 0, 0, 0)
        palette: QPalette = option.palette
        over = palette.highlightedText().color()
        title_font, line_font = _fonts(option, is_heading=False)
        half = rect.height() // 2
        painter.setFont(title_font)
        painter.setPen(over if is_under_pointer else palette.text().color())
        title = rect.adjusted(0, 0, 0, -half) if line else rect
        painter.drawText(title, _LEFT, index.data())
        painter.setFont(line_font)
        painter.setPen(over if is_under_pointer else palette.placeholderText().color())
        painter.drawText(rect.adjusted(0, half, 0, 0), _LEFT, line)


class DescribedComboBox(QComboBox):
    """A combo box with described items; the closed box shows the title alone.

    Attributes
    ----------
    items : DescribedItems
        Through which items are added.
    """

    def __init__(self) -> None:
        super().__init__()
        self.items = DescribedItems(self)

    def showPopup(self) -> None:
        """Open the list, as wide as its widest item."""
        self.items.fit()
        super().showPopup()


def _can_be_chosen(index: _Index) -> bool:
    return bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)


def _fonts(option: QStyleOptionViewItem, *, is_heading: bool) -> tuple[QFont, QFont]:
    """Return the fonts of a title and of a description."""
    title, line = QFont(option.font), QFont(option.font)
    small = line.pointSizeF() * (BASE_POINTS - SMALLER_POINTS) / BASE_POINTS
    line.setPointSizeF(small)
    title.setWeight(QFont.Weight.DemiBold)
    if is_heading:
        title.setPointSizeF(small)
    return title, line


def _advance(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
