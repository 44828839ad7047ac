"""Cards with the numbers of each neuron, where the neurons are large enough for them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from bpviz.core.data.split import subscript
from bpviz.language import _
from bpviz.session.frames.network_numbers import NetworkNumbers, Number
from bpviz.ui.network.layout import Card, NetworkLayout
from bpviz.ui.network.nodes import box_of
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme

_PAD, _BETWEEN, _FIRST_COLUMN = 4, 6, 0.44
# In the order in which they are tried: how many lines, with all numbers in four, those of the phase in three, and
# the one that says most in one; and their significant digits.
_KINDS = ((4, 6), (4, 4), (3, 6), (3, 4), (3, 3), (1, 4), (1, 3))
_FULL = 4
# These say most, the first of them that is known.
_CHIEF = ("delta", "a", "RMS δ", "b")
_LONGEST_NAMES = {True: ("a", "slope"), False: ("RMS δ",)}
# The picture of a neuron is above its numbers, or beside them; without room for either there is none.
_ABOVE, _BESIDE, _NONE = (0, 16), (48, 0), (0, 0)


def cards(metrics: QFontMetrics) -> tuple[Card, ...]:
    """Return the possible cards in a font, the best first: those with a picture, then those with most numbers."""
    pictured = [_card(metrics, *kind, *picture) for kind in _KINDS for picture in (_ABOVE, _BESIDE)]
    return (*pictured, *(_card(metrics, *kind, *_NONE) for kind in _KINDS))


def _card(metrics: QFontMetrics, lines: int, digits: int, beside: int, above: int) -> Card:
    number, is_full = metrics.horizontalAdvance(sample(digits)), lines == _FULL
    names = [metrics.horizontalAdvance(_(name)) for name in _LONGEST_NAMES[is_full]]
    width = beside + sum(names) + len(names) * (number + _BETWEEN) + (len(names) - 1) * 2 * _BETWEEN + 2 * _PAD
    height = lines * metrics.height() + 2 * _PAD
    inputs = metrics.horizontalAdvance("x₂") + _BETWEEN + number + 2 * _PAD
    return Card(width, height, inputs, number + 2 * _PAD, beside, above, lines, digits)


def sample(digits: int) -> str:
    """Return the widest number of so many digits for which room is kept."""
    return "−0.0" + digits * "8" if digits > 3 else "−0." + digits * "8"


def fitted(metrics: QFontMetrics, value: float, digits: int, width: float) -> str:
    """Return a number with as many digits as fit into a width, or "…" if not even one does."""
    texts = (formats.number(value, count) for count in range(digits, 0, -1))
    return next((text for text in texts if metrics.horizontalAdvance(text) <= width), "…")


def paint_cards(painter: QPainter, layout: NetworkLayout, numbers: NetworkNumbers, theme: Theme) -> None:
    """Write the numbers of all inputs and neurons into the lower parts of their boxes."""
    if layout.card is None:
        return
    for neuron in range(len(layout.centres[0])):
        _paint_input(painter, input_box(layout, neuron), neuron, numbers.input(neuron), layout.card, theme)
    for layer in range(1, len(layout.centres)):
        for neuron in range(len(layout.centres[layer])):
            _paint_card(painter, layout, layer, neuron, numbers, theme)


def input_box(layout: NetworkLayout, neuron: int) -> QRect:
    """Return the rectangle of an input, which has fewer numbers than a neuron."""
    box = box_of(layout, 0, neuron)
    if layout.card is None:
        return box
    height, middle = (layout.card.height - 2 * _PAD) // layout.card.lines + 2 * _PAD, box.center()
    left, top = middle.x() - layout.card.input_width // 2, middle.y() - height // 2
    return QRect(left, top, layout.card.input_width, height)


def _paint_input(painter: QPainter, box: QRect, neuron: int, value: float | None, card: Card, theme: Theme) -> None:
    painter.setPen(QColor(theme.muted))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(box, 3, 3)
    name = f"x{subscript(neuron + 1)}"
    if value is None:
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
    else:
        area = QRectF(box).adjusted(_PAD, 0, -_PAD, 0)
        _write(painter, area, (name, value), card.digits, theme, is_current=False)


def _paint_card(
    painter: QPainter, layout: NetworkLayout, layer: int, neuron: int, numbers: NetworkNumbers, theme: Theme
) -> None:
    card, box = layout.card, QRectF(box_of(layout, layer, neuron))
    assert card is not None
    left = box.left() + card.picture_width
    frame = QRectF(left, box.bottom() - card.height, box.right() - left, card.height)
    painter.setPen(QPen(QColor(theme.hairline), 1))
    painter.setBrush(QColor(theme.raised))
    painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
    operation = numbers.operation
    current = operation.quantity if operation and operation.layer == layer else ""
    for area, number in _places(frame.adjusted(_PAD, _PAD, -_PAD, -_PAD), card, layer, neuron, numbers):
        is_current = number[0] == {"update": "b", "db": "delta"}.get(current, current)
        _write(painter, area, number, card.digits, theme, is_current=is_current)


def _places(
    inner: QRectF, card: Card, layer: int, neuron: int, numbers: NetworkNumbers
) -> Iterator[tuple[QRectF, Number]]:
    line = inner.height() / card.lines
    for area, column in _columns(inner, card, layer, neuron, numbers):
        for row, number in enumerate(column):
            yield QRectF(area.left(), area.top() + row * line, area.width(), line), number


def _columns(
    inner: QRectF, card: Card, layer: int, neuron: int, numbers: NetworkNumbers
) -> tuple[tuple[QRectF, tuple[Number, ...]], ...]:
    if card.lines == 1:
        return ((inner, chief(numbers, layer, neuron)),)
    if card.lines < _FULL:
        return ((inner, numbers.in_short(layer, neuron)),)
    forward, backward = numbers.in_full(layer, neuron)
    middle = _FIRST_COLUMN * inner.width()  # the names of the first column are shorter
    return (
        (inner.adjusted(0, 0, middle - inner.width() - _BETWEEN, 0), forward),
        (inner.adjusted(middle + _BETWEEN, 0, 0, 0), backward),
    )


def chief(numbers: NetworkNumbers, layer: int, neuron: int) -> tuple[Number, ...]:
    """Return the number of a neuron that the current operation computes, or else the one that says most."""
    forward, backward = numbers.in_full(layer, neuron)
    known, operation = dict(forward + backward), numbers.operation
    current = (operation.quantity,) if operation and operation.layer == layer else ()
    chosen = next((name for name in (*current, *_CHIEF) if known.get(name) is not None), None)
    return ((chosen, known[chosen]),) if chosen else ()


def _write(painter: QPainter, area: QRectF, number: Number, digits: int, theme: Theme, *, is_current: bool) -> None:
    name, value = _(number[0]), number[1]  # a symbol is in no catalogue, and stays as it is
    metrics, middle = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(theme.accent if is_current else theme.muted))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, name)
    if value is not None:
        painter.setPen(QColor(theme.accent if is_current else theme.ink))
        room = area.width() - metrics.horizontalAdvance(name) - _BETWEEN
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, fitted(metrics, value, digits, room))
