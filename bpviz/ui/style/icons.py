"""SVG icons in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from bpviz.assets import resource
from bpviz.ui.style.theme import Theme

_SIZES = (18, 36)


def icon(name: str, theme: Theme) -> QIcon:
    """Return the icon resources/icons/NAME.svg in the ink colour, and muted where it is disabled."""
    # Both sizes are rendered from the SVG, so that icons are sharp at a device pixel ratio of 2 as well.
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.muted)):
        for size in _SIZES:
            made.addPixmap(_pixmap(name, colour, size), mode)
    return made


def program_icon() -> QIcon:
    """Return the application icon."""
    return QIcon(str(resource("icons", "bpviz.svg")))


def _pixmap(name: str, colour: str, size: int) -> QPixmap:
    # Lucide icons are drawn in currentColor, which QSvgRenderer does not resolve.
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(text.encode())).render(painter)
    painter.end()
    return pixmap
