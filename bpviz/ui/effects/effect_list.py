"""A list of what changes most: its column of classes gives way to the others."""

from __future__ import annotations

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QStyle, QWidget

from bpviz.ui.effects.effect_table import CHANGE, CLASS, SAMPLE, EffectTable
from bpviz.ui.widgets.keyboard_table import KeyboardTable

_SAMPLE, _CHANGE, _PADDING = "10,000", "−0.000123", 18


class EffectList(KeyboardTable):
    """View of an `EffectTable`; `name` is its accessible name."""

    def __init__(self, name: str, table: EffectTable) -> None:
        super().__init__(name, "", table)
        self.set_columns({SAMPLE: _SAMPLE, CLASS: ""}, CHANGE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the classes if there is no room for them; they are also in the tooltips."""
        self.setColumnHidden(CLASS, self.width() < list_width(self))
        super().resizeEvent(event)


def list_width(widget: QWidget, *, with_class: bool = True) -> int:
    """Return the width of a list in the font of a widget."""
    metrics: QFontMetrics = widget.fontMetrics()
    texts = (_SAMPLE, "Class", _CHANGE) if with_class else (_SAMPLE, _CHANGE)
    bar = widget.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    return sum(metrics.horizontalAdvance(text) + _PADDING for text in texts) + bar
