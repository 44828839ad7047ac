"""Pictures of a widget: as pixels at any scale, as SVG or as PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from bpviz.session.files.safe_write import check_target, write_atomically

PICTURE_SUFFIXES = (".png", ".svg", ".pdf")
_POINTS_OF_AN_INCH = 72
# Of pyqtgraph's items: smooth lines, and points of their usual size.
_EXPORT = {"antialias": True, "resolutionScale": 1.0}


def picture(widget: QWidget, scale: float = 1.0) -> QImage:
    """Return what a widget looks like, with `scale` pixels for each of its own in both directions."""
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    with drawn_anew(widget):
        QWidget.render(widget, image)  # a plot's own method takes other arguments
    return image


def svg(widget: QWidget) -> bytes:
    """Return a widget as an SVG file, with its texts as text."""
    from PySide6.QtSvg import QSvgGenerator  # takes a while to import, and is seldom needed

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(widget.rect())
    generator.setResolution(widget.logicalDpiX())
    painter = QPainter(generator)
    try:
        with drawn_anew(widget):
            QWidget.render(widget, painter, QPoint())
    finally:
        painter.end()  # Qt does not survive the end of a file that is still painted
    return bytes(buffer.data().data())


def pdf(widget: QWidget) -> bytes:
    """Return a widget as a PDF file of one page of its size, with its texts as text."""
    dots = widget.logicalDpiX()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(dots)  # so that a pixel of the screen is a unit of the page, and fonts have their size
    points = _POINTS_OF_AN_INCH / dots
    page = QSizeF(widget.width() * points, widget.height() * points)
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, matchPolicy=QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setCreator("bpviz")
    painter = QPainter(writer)
    try:
        with drawn_anew(widget):
            QWidget.render(widget, painter, QPoint())
    finally:
        painter.end()  # writes the end of the file
    return bytes(buffer.data().data())


def save_picture(widget: QWidget, path: Path, scale: float = 1.0) -> None:
    """Save what a widget looks like as a PNG, SVG or PDF file, which the name decides; `scale` is for PNG.

    Raises
    ------
    ExportError
        If the file cannot be written, or its name promises another format.
    """
    check_target(path, PICTURE_SUFFIXES)
    # Rendered to memory first, so that a failed write leaves no partial file.
    makers: dict[str, Callable[[], bytes]] = {
        ".png": lambda: _png(picture(widget, scale)),
        ".svg": lambda: svg(widget),
        ".pdf": lambda: pdf(widget),
    }
    content = makers[path.suffix.lower()]()
    write_atomically(path, lambda file: file.write(content))


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


@contextmanager
def drawn_anew(widget: QWidget) -> Iterator[None]:
    """Let plots draw their axes and points anew, of which they keep pixmaps in the resolution of the screen."""
    scenes = [view.scene() for view in (widget, *widget.findChildren(QGraphicsView)) if isinstance(view, QGraphicsView)]
    items = [item for scene in scenes for item in scene.items()]
    cached = [(item, item.cacheMode()) for item in items if item.cacheMode() is not QGraphicsItem.CacheMode.NoCache]
    exported = [item for item in items if hasattr(item, "setExportMode")]
    for item, _ in cached:
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    for item in exported:
        item.setExportMode(True, dict(_EXPORT))
    try:
        yield
    finally:
        for item in exported:
            item.setExportMode(False)
        for item, mode in cached:
            item.setCacheMode(mode)
