"""SVG icons in the colours of the theme."""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from bpviz.assets import resource
from bpviz.ui.style.theme import Theme

_SIZES = (18, 36)


def icon(name: str, theme: Theme) -> QIcon:
    """Return the icon resources/icons/NAME.svg in the ink colour, and faint where it is disabled."""
    made = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.faint)):
        for image in _images(name, colour):
            made.addPixmap(QPixmap.fromImage(image), mode)
    return made


def program_icon() -> QIcon:
    """Return the application icon."""
    return QIcon(str(resource("icons", "bpviz.svg")))


@functools.cache
def _images(name: str, colour: str) -> tuple[QImage, ...]:
    """Return an icon in a colour; cached, since changing the theme back asks for the same images again."""
    # Lucide icons are drawn in currentColor, which QSvgRenderer does not resolve.
    svg = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    # Each size is rendered from the SVG, so that icons are sharp at a device pixel ratio of 2 as well.
    return tuple(_rendered(svg, size) for size in _SIZES)


@functools.cache
def _drawing(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _rendered(svg: QSvgRenderer, size: int) -> QImage:
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    svg.render(painter)
    painter.end()
    return image
