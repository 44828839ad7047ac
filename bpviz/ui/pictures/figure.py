"""A picture with a line above it and a colour bar beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.core.arrays import Array
from bpviz.session.pictures.ink_range import InkRange
from bpviz.ui.pictures.picture_view import INK, PictureView
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.plotting.colour_bar import ColourBar, Ticks
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.widgets.layout_barrier import ElidedLabel

_INNER = GAP // 2


class Figure(QWidget):
    """Holds a view of a picture, its caption, and its colour bar, which is as high as the picture.

    Parameters
    ----------
    view : PictureView
    bar_name : str
        Accessible name of the colour bar.
    kind : {"sign", "ink"}
        Of its colours.
    """

    def __init__(self, view: PictureView, bar_name: str, kind: str) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view, self.caption, self.bar = view, ElidedLabel(), ColourBar(bar_name, "−1.0")
        self._kind = kind
        for part in (self.caption, self.view, self.bar):
            part.setParent(self)

    def show_signs(self, values: Array | None, top: float) -> None:
        """Show values from -top to top in the colours of signs."""
        scale = Scale("sign", top)
        self._show(values, scale, scale.ticks())

    def show_ink(self, values: Array | None, ink: InkRange) -> None:
        """Show pixels in original units in the colours of ink."""
        self._show(None if values is None else ink.shares(values), INK, ink_ticks(ink))

    def _show(self, values: Array | None, scale: Scale, ticks: Ticks) -> None:
        before = self.view.values_shape
        self.view.show_values(values, scale)
        self.bar.show_ticks(ticks)
        self.bar.set_widest(max((text for _, text in ticks), key=len))
        if self.view.values_shape != before or self.bar.width() != self.bar.sizeHint().width():
            self._place()

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.view.restyle(theme)
        self.bar.show_scale(theme, colours.scale_map(self._kind, theme))

    # Geometry

    def _beside(self) -> int:
        """Return the width of the colour bar with its gap."""
        return self.bar.sizeHint().width() + _INNER

    def _above(self) -> int:
        """Return the height of the caption with its gap."""
        return self.caption.sizeHint().height() + _INNER // 2

    def sizeHint(self) -> QSize:
        """Return the size of a usual picture with caption and colour bar."""
        return self.view.sizeHint() + QSize(self._beside(), self._above())

    def minimumSizeHint(self) -> QSize:
        """Return the size of the smallest picture with caption and colour bar."""
        least = self.view.minimumSizeHint()
        height = max(least.height(), 2 * self.fontMetrics().height())
        return QSize(least.width() + self._beside(), height + self._above())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place caption, picture and colour bar."""
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        """Make room for another size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self._place()

    def _place(self) -> None:
        above, beside = self._above(), self._beside()
        rows, columns = self.view.values_shape or (1, 1)
        side = max(min((self.width() - beside) / columns, (self.height() - above) / rows), 0)
        width, height = int(side * columns), int(side * rows)
        self.caption.setGeometry(0, 0, self.width(), self.caption.sizeHint().height())
        self.view.setGeometry(QRect(0, above, width, height))
        self.bar.setGeometry(QRect(width + _INNER, above, beside - _INNER, height))


def ink_ticks(ink: InkRange) -> Ticks:
    """Return the ticks of the colour bar for pixels in original units."""
    return [(0.0, formats.number(ink.low, 2)), (1.0, formats.number(ink.high, 2))]
