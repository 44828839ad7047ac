"""The network diagram as a widget: painting, hover, selection, zoom and keyboard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.language import _
from bpviz.session.frames.network_numbers import NetworkNumbers
from bpviz.ui.network.edge_labels import LabelLayer, best_layout, labelled_edges
from bpviz.ui.network.edge_raster import EdgeRaster, edge_keys
from bpviz.ui.network.edges import MOST_SMOOTH, Edges, all_edges, edges_of, every_end, paint_edges, strongest
from bpviz.ui.network.flow_animation import Flow, paint_flow
from bpviz.ui.network.layout import NetworkLayout, card_layouts, lay_out
from bpviz.ui.network.magnifier import Magnifier, paint_magnifier
from bpviz.ui.network.nodes import Nodes, box_of, fade_edges_in_columns, paint_neuron_health, paint_nodes, paint_outline
from bpviz.ui.network.number_cards import cards, paint_cards
from bpviz.ui.style.theme import LIGHT, Theme
from bpviz.ui.view_model.selection import Selection

_MARGIN = 4
_EDGE_PIXELS, _DRAG_PIXELS = 5, 4
_MOST_ZOOM, _ZOOM_STEP = 12.0, 1.2
# Up to this number, computing the pixels of all lines takes no longer than a few frames.
_MOST_RASTERED = 6_000
_NOTHING = all_edges((), ())
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

Neuron = tuple[int, int]


@contextmanager
def _painting(picture: QImage) -> Iterator[QPainter]:
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    yield painter
    painter.end()


class NetworkView(QWidget):
    """Paints the network and emits what the user hovers over, selects and edits.

    Edges and nodes are kept as two images, which are repainted only when their values change; hover and animation are
    painted over them.

    Signals
    -------
    picked : int, int
        A layer, from 1, and a neuron, from 0.
    pointed : object
        (layer, neuron) or (layer, source, target) under the pointer, or None.
    edit_wanted : int, object, int
        A layer, the source neuron of a weight or None for the bias, and a neuron.
    moved
        The positions of the neurons have changed.
    """

    picked = Signal(int, int)
    pointed = Signal(object)
    edit_wanted = Signal(int, object, int)
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Network"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.sizes: tuple[int, ...] = ()
        self.layout_: NetworkLayout | None = None
        self.nodes, self.edges, self.every_edge = Nodes(), _NOTHING, _NOTHING
        self.neuron_health: Sequence[npt.NDArray[np.uint8]] = ()
        self.magnifier: Magnifier | None = None
        self.labels = LabelLayer()
        self.hover: Neuron | None = None
        self.zoom, self._offset = 1.0, QPointF(0, 0)
        self.flow = Flow(self)
        self.flow.moved.connect(self.update)
        self._top, self._theme, self._selection = 1.0, LIGHT, Selection()
        self._edge_style = 1.0, 1.0, False
        self._edge_picture: QImage | None = None
        self._node_picture: QImage | None = None
        self._raster: EdgeRaster | None = None
        self._numbers: NetworkNumbers | None = None
        self._writes_numbers = True
        self._pressed: QPointF | None = None
        self._is_dragging = False

    def sizeHint(self) -> QSize:
        """Return the usual size of the diagram."""
        return QSize(520, 260)

    # Contents

    def begin(self, sizes: tuple[int, ...]) -> None:
        """Show a new network without values."""
        self.sizes, self.hover, self.magnifier, self.neuron_health = sizes, None, None, ()
        self.nodes, self.edges, self.every_edge = Nodes(), _NOTHING, _NOTHING
        self._numbers = None
        self.flow.show_operation(None)
        self.fit()

    def show_nodes(self, nodes: Nodes, neuron_health: Sequence[npt.NDArray[np.uint8]]) -> None:
        """Set the values of the neurons and the marks of saturated and dead ones."""
        if not nodes.same_as(self.nodes) or neuron_health is not self.neuron_health:
            self.nodes, self.neuron_health, self._node_picture = nodes, neuron_health, None
            self.update()

    def show_edges(self, every: Edges, share: float, top: float, *, fast: bool = False) -> None:
        """Set the weights; only the strongest fraction `share` is drawn, but all weights of a hovered neuron.

        `fast` draws them without antialiasing, for edges that are about to be replaced.
        """
        style = share, top, fast
        if style != self._edge_style or not every.same_as(self.every_edge):
            self.every_edge, self.edges, self._top = every, strongest(every, share), top
            self._edge_style, self._edge_picture = style, None
            self.update()

    def show_numbers(self, numbers: NetworkNumbers) -> None:
        """Set the numbers that are written where there is room, and highlight the current operation."""
        self._numbers = numbers
        if self.layout_ and self.layout_.card:
            self._node_picture = None
        self.flow.show_operation(numbers.operation)
        self.update()

    def set_selection(self, selection: Selection) -> None:
        """Outline the selected neuron."""
        self._selection = selection
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self._invalidate()

    def set_magnifier(self, magnifier: Magnifier | None) -> None:
        """Show the magnifier next to the hovered neuron, or hide it."""
        self.magnifier = magnifier
        self.update()

    @Slot()
    def fit(self) -> None:
        """Show the whole network."""
        self._set_view(1.0, QPointF(0, 0))

    def _set_view(self, zoom: float, offset: QPointF) -> None:
        self.zoom, self._offset = zoom, offset
        if not self.sizes:
            return
        top = self.fontMetrics().height() + _MARGIN
        width, height = self.width() - 2 * _MARGIN, self.height() - top - _MARGIN
        metrics = QFontMetrics(self._small_font())
        sizes = cards(metrics) if self._writes_numbers else ()
        with_numbers = card_layouts(self.sizes, width, height, sizes)
        best = best_layout(with_numbers, metrics.height(), QRectF(0, 0, width, height))
        layout = best or lay_out(self.sizes, width, height)
        layout = layout.seen(zoom, offset.x() + zoom * _MARGIN, offset.y() + zoom * top)
        self.layout_ = layout if layout.card and zoom == 1 else layout.with_card(sizes)
        # The raster holds the pixels of each line and is valid for one layout only.
        self._raster = None
        self._invalidate()
        self.moved.emit()

    def _invalidate(self) -> None:
        self._edge_picture = self._node_picture = None
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the two images, and the hover, animation and selection over them."""
        layout = self.layout_
        if layout is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # All weights of a hovered neuron are drawn, also those below the share that is shown otherwise.
        if self.hover:
            paint_edges(painter, layout, edges_of(self.every_edge, *self.hover), self._top, self._theme)
        else:
            painter.drawImage(0, 0, self._edge_image(layout))
        paint_flow(painter, layout, self.flow, self.edges, self._theme, self.height())
        self._paint_labels(painter, layout)
        painter.drawImage(0, 0, self._node_image(layout))
        if self._selected:
            paint_outline(painter, layout, *self._selected, self._theme)
        if self.hasFocus():
            painter.setPen(QColor(self._theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self.magnifier and self.hover:
            paint_magnifier(painter, self.magnifier, box_of(layout, *self.hover), self.rect(), self._theme)
        painter.end()

    def _paint_labels(self, painter: QPainter, layout: NetworkLayout) -> None:
        """Write the numbers of the weights, and of what the current operation sends along them."""
        if layout.card is None or self._numbers is None or not len(self.every_edge):
            return
        painter.setFont(self._small_font())
        edges = labelled_edges(self.every_edge, self.edges, self.hover, self._selected)
        area, progress = QRectF(self.rect()), self.flow.progress
        self.labels.paint(painter, layout, edges, self._numbers, area, progress, self._theme)
        painter.setFont(self.font())

    @property
    def _selected(self) -> Neuron | None:
        layer, neuron = self._selection.layer, self._selection.neuron
        return None if layer is None or neuron is None else (layer, neuron)

    def _small_font(self) -> QFont:
        small = QFont(self.font())
        small.setPointSizeF(max(small.pointSizeF() - 1, 1.0))
        return small

    def _edge_image(self, layout: NetworkLayout) -> QImage:
        if self._edge_picture is None:
            # Painting line by line takes time for each edge and frame. The raster takes more time once, when the layout
            # changes, and little for each frame; it has no antialiasing, which is visible only where edges are few.
            fast = self._edge_style[2]
            is_many = len(self.edges) > MOST_SMOOTH or fast
            self._edge_picture = (
                self._raster_image(layout) if is_many and self._n_edges <= _MOST_RASTERED else self._line_image(layout)
            )
            with _painting(self._edge_picture) as painter:
                fade_edges_in_columns(painter, layout, self._theme)
        return self._edge_picture

    @property
    def _n_edges(self) -> int:
        return sum(before * here for before, here in pairwise(self.sizes))

    def _line_image(self, layout: NetworkLayout) -> QImage:
        """Return the image of the edges, painted line by line."""
        picture = self._blank()
        with _painting(picture) as painter:
            paint_edges(painter, layout, self.edges, self._top, self._theme)
        return picture

    def _raster_image(self, layout: NetworkLayout) -> QImage:
        """Return the image of the edges, painted with the raster of this layout."""
        ratio = self.devicePixelRatioF()
        if self._raster is None:
            size = self.size() * ratio
            self._raster = EdgeRaster(ratio * every_end(layout), size.width(), size.height())
        keys = np.zeros(self._n_edges, dtype=np.uint8)
        keys[self.edges.number] = edge_keys(self.edges.value, self._top)
        picture = self._raster.paint(keys, self._theme)
        picture.setDevicePixelRatio(ratio)
        return picture

    def _node_image(self, layout: NetworkLayout) -> QImage:
        if self._node_picture is None:
            self._node_picture = self._blank()
            with _painting(self._node_picture) as painter:
                painter.setFont(self.font())
                paint_nodes(painter, layout, self.nodes, self._theme)
                if self._numbers and layout.card:
                    painter.setFont(self._small_font())
                    paint_cards(painter, layout, self._numbers, self._theme)
                for layer, found in enumerate(self.neuron_health, start=1):
                    paint_neuron_health(painter, layout, layer, found, self._theme)
        return self._node_picture

    def _blank(self) -> QImage:
        ratio = self.devicePixelRatioF()
        picture = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the network into the new size."""
        self.fit()

    # The pointer

    def _neuron_at(self, at: QPointF) -> Neuron | None:
        return self.layout_.neuron_at(at.x(), at.y()) if self.layout_ else None

    def edge_at(self, at: QPointF) -> tuple[int, int, int] | None:
        """Return layer, source and target of the drawn weight near a point, or None."""
        best, nearest = None, float(_EDGE_PIXELS)
        for layer in range(1, len(self.sizes)) if self.layout_ else ():
            edges = self.edges.into(layer)
            assert self.layout_ is not None
            number, distance = self.layout_.nearest_edge(layer, edges.source, edges.target, at.x(), at.y())
            if distance <= nearest:
                best, nearest = (layer, int(edges.source[number]), int(edges.target[number])), distance
        return best

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Update the hover, or pan while dragging."""
        at = event.position()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(at)
            return
        neuron = self._neuron_at(at)
        if neuron != self.hover:
            self.hover = neuron
            self.update()
        self.pointed.emit(neuron or self.edge_at(at))

    def _drag(self, at: QPointF) -> None:
        assert self._pressed is not None
        delta = at - self._pressed
        # A few pixels of tolerance, so that a click with a small movement still selects.
        if self._is_dragging or delta.manhattanLength() > _DRAG_PIXELS:
            self._is_dragging, self._pressed = True, at
            self._set_view(self.zoom, self._offset + delta)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the start of a click or drag."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._is_dragging = event.position(), False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select the clicked neuron, unless the mouse was dragged."""
        was_click, self._pressed = self._pressed is not None and not self._is_dragging, None
        neuron = self._neuron_at(event.position())
        if was_click and neuron and neuron[0] > 0:
            self.picked.emit(*neuron)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit the neuron or weight under the pointer; elsewhere, fit the network."""
        neuron, edge = self._neuron_at(event.position()), self.edge_at(event.position())
        if neuron:
            if neuron[0] > 0:
                self.edit_wanted.emit(neuron[0], None, neuron[1])
        elif edge:
            self.edit_wanted.emit(*edge)
        else:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        self.zoom_by(_ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Zoom around a point; the zoom is never smaller than the whole network."""
        zoom = min(max(self.zoom * factor, 1.0), _MOST_ZOOM)
        offset = at - (at - self._offset) * (zoom / self.zoom)
        self._set_view(zoom, offset if zoom > 1 else QPointF(0, 0))

    def leaveEvent(self, event: QEvent) -> None:
        """End the hover."""
        self.hover = self.magnifier = None
        self.pointed.emit(None)
        self.update()

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select with the arrow keys, edit with Return or F2, zoom with + and −, fit with 0, write numbers with N."""
        key = Qt.Key(event.key())
        if key in _ARROWS and self.layout_:
            self.picked.emit(*(self.layout_.neighbour(*self._selected, *_ARROWS[key]) if self._selected else (1, 0)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self._selection.layer is not None:
            self.edit_wanted.emit(self._selection.layer, None, self._selection.neuron)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            factor = _ZOOM_STEP if key == Qt.Key.Key_Plus else 1 / _ZOOM_STEP
            self.zoom_by(factor, QPointF(self.rect().center()))
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_N:
            self._writes_numbers = not self._writes_numbers
            self._set_view(self.zoom, self._offset)
        else:
            super().keyPressEvent(event)

    def neuron_box(self, layer: int, neuron: int) -> QRect:
        """Return the rectangle of a neuron."""
        assert self.layout_ is not None
        return box_of(self.layout_, layer, neuron)
