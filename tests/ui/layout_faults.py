"""Finds texts that are cut off, widgets that overlap and controls out of reach, in a window as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from bpviz.ui.widgets.layout_barrier import ElidedLabel

_CONTROLS = (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit)
#: Frames of the style take a pixel or two, which hides no text.
_SLACK = 2


def layout_faults(window: QWidget) -> list[str]:
    """Return one line for each fault of what is visible in a window."""
    seen = [widget for widget in window.findChildren(QWidget) if _is_seen(widget)]
    docks = [widget for widget in seen if isinstance(widget, QDockWidget) and not widget.isFloating()]
    found = [
        f"over each other: {_describe(one)} and {_describe(other)}"
        for one, other in combinations(docks, 2)
        if _area(one.geometry() & other.geometry()) > 0
    ]
    for widget in seen:
        found += [f"{fault}: {_describe(widget)}" for fault in _own_faults(window, widget)]
        found += _overlaps(widget)
    return found


def _is_seen(widget: QWidget) -> bool:
    """Return whether a widget is visible, and not in a dock behind another tab."""
    for bar in (widget, widget.parentWidget()):
        if isinstance(bar, QTabBar) and bar.visibleRegion().isEmpty():
            return False  # Qt parks the bars that it does not use outside the window, scroll buttons and all
    if not widget.isVisible() or (widget.window() is not widget.parentWidget() and widget.isWindow()):
        return False
    bar = widget.parentWidget()
    if isinstance(bar, QTabBar) and not bar.window().rect().intersects(bar.geometry()):
        return False  # where Qt leaves the bar of docks of which one alone is shown
    dock: QWidget | None = widget
    while dock is not None and not isinstance(dock, QDockWidget):
        dock = dock.parentWidget()
    return dock is None or dock.visibleRegion().boundingRect().isValid()


def _own_faults(window: QWidget, widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and _cuts_label(widget):
        yield "text cut off"
    if isinstance(widget, QAbstractButton) and widget.text() and _is_narrow(widget):
        yield "button too small for its text"
    if isinstance(widget, QComboBox) and _cuts_choice(widget):
        yield "choice cut off"
    if isinstance(widget, QAbstractSpinBox) and _cuts_number(widget):
        yield "number cut off"
    if isinstance(widget, QTabBar) and _least_share_of_tabs(widget) < 0.5:
        yield "tab name unreadable"
    if isinstance(widget, _CONTROLS) and not _is_reachable(window, widget):
        yield "control out of reach"
    if isinstance(widget, QScrollArea) and _cuts_contents(widget):
        yield "contents cut off at the side"
    if isinstance(widget, QGraphicsView):
        yield from _texts_in_view(widget)


def _cuts_label(label: QLabel) -> bool:
    if isinstance(label, ElidedLabel) or not label.text():
        return False
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + _SLACK and _scrolled_by(label) is None
    wanted = label.minimumSizeHint()
    return wanted.width() > label.width() + _SLACK or wanted.height() > label.height() + _SLACK


def _is_narrow(button: QAbstractButton) -> bool:
    wanted = button.fontMetrics().boundingRect(button.text().replace("&", "")).size()
    has_icon = isinstance(button, QToolButton) and button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
    if has_icon and not button.icon().isNull():
        return False
    return wanted.width() > button.width() + _SLACK or wanted.height() > button.height() + _SLACK


def _cuts_choice(combo: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    return combo.fontMetrics().horizontalAdvance(combo.currentText()) > field.width() + _SLACK


def _cuts_number(box: QAbstractSpinBox) -> bool:
    edit = box.lineEdit()
    return edit is not None and edit.fontMetrics().horizontalAdvance(edit.text()) > edit.width() + _SLACK


def _least_share_of_tabs(bar: QTabBar) -> float:
    """Return the smallest part of a tab's text that there is room for."""
    shares = [1.0]
    for index in range(bar.count()):
        if bar.tabRect(index).intersects(bar.rect()) and bar.isTabVisible(index):
            wanted = bar.fontMetrics().horizontalAdvance(bar.tabText(index))
            shares.append((bar.tabRect(index).width() - 12) / max(wanted, 1))
    return min(shares)


def _cuts_contents(area: QScrollArea) -> bool:
    never = area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    contents = area.widget()
    return never and contents is not None and contents.width() > area.viewport().width() + _SLACK


def _scrolled_by(widget: QWidget) -> QScrollArea | None:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent


def _is_reachable(window: QWidget, widget: QWidget) -> bool:
    if _scrolled_by(widget) is not None or isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
        return True
    place = QRect(widget.mapTo(window, QPoint()), widget.size())
    return window.rect().contains(place) and widget.visibleRegion().boundingRect().size() == widget.size()


def _overlaps(parent: QWidget) -> list[str]:
    """Return the pairs of labels and controls of one parent that lie over each other."""
    if isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit | QTabBar | QToolBar):
        return []
    children = [
        child
        for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if isinstance(child, (QLabel, *_CONTROLS)) and child.isVisible()
    ]
    return [
        f"over each other: {_describe(one)} and {_describe(other)}"
        for one, other in combinations(children, 2)
        if _area(one.geometry() & other.geometry()) > 4
    ]


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0


def _texts_in_view(view: QGraphicsView) -> Iterator[str]:
    """Yield texts of a plot that lie outside of it, or over each other."""
    scene = view.scene()
    if scene is None:
        return
    room = view.mapToScene(view.viewport().rect()).boundingRect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK)
    items = [item for item in scene.items() if isinstance(item, QGraphicsTextItem) and item.isVisible()]
    items = [item for item in items if item.toPlainText().strip() and item.opacity() > 0]
    for item in items:
        if not room.contains(item.sceneBoundingRect().adjusted(4, 4, -4, -4)):
            yield f"text {item.toPlainText()!r} outside of the plot"
    for one, other in combinations(items, 2):
        shared = one.sceneBoundingRect().adjusted(4, 4, -4, -4) & other.sceneBoundingRect().adjusted(4, 4, -4, -4)
        if shared.isValid() and shared.width() * shared.height() > 9:
            yield f"texts {one.toPlainText()!r} and {other.toPlainText()!r} over each other"


def _describe(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else widget.accessibleName()
    dock: QWidget | None = widget
    while dock is not None and not isinstance(dock, QDockWidget | QToolBar):
        dock = dock.parentWidget()
    where = dock.objectName() or type(dock).__name__ if dock is not None else "window"
    return f"{type(widget).__name__} {text!r} {widget.width()}x{widget.height()} in {where}"
