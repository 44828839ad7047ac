"""A list of what changes most: its column of classes gives way to the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QStyle, QWidget

from bpviz.language import N_, _
from bpviz.ui.effects.effect_table import CHANGE, CLASS, SAMPLE, EffectTable
from bpviz.ui.widgets.keyboard_table import KeyboardTable

_SAMPLE, _CLASS, _CHANGE, _PADDING = "10,000", N_("Class"), "−0.000123", 18
# Of longer names of classes the end is elided.
_MOST_LETTERS = 14


class EffectList(KeyboardTable):
    """View of an `EffectTable`; `name` is its accessible name."""

    def __init__(self, name: str, table: EffectTable) -> None:
        super().__init__(name, "", table)
        self._widest = ""
        self.name_classes(_(_CLASS))

    def name_classes(self, widest: str) -> None:
        """Leave room for the widest name of a class; "" leaves the classes out."""
        self._widest = widest
        self.set_columns({SAMPLE: _SAMPLE, CLASS: widest}, CHANGE)
        self._hide_classes()

    def _hide_classes(self) -> None:
        self.setColumnHidden(CLASS, not self._widest or self.width() < list_width(self, self._widest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the classes if there is no room for them; they are also in the tooltips."""
        self._hide_classes()
        super().resizeEvent(event)


def widest_class(names: Sequence[str]) -> str:
    """Return the text that the column of classes leaves room for; "" if there are no classes."""
    return max((_(_CLASS), *(name[:_MOST_LETTERS] for name in names)), key=len) if names else ""


def list_width(widget: QWidget, widest: str = "") -> int:
    """Return the width of a list in the font of a widget, with a column for classes if there is a widest of them."""
    metrics: QFontMetrics = widget.fontMetrics()
    texts = filter(None, (_SAMPLE, widest, _CHANGE))
    bar = widget.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    return sum(metrics.horizontalAdvance(text) + _PADDING for text in texts) + bar
