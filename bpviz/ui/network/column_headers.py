"""Headers above the columns of the network diagram: layer titles, and buttons that add or remove neurons and layers."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from bpviz.ui.network.layout import NetworkLayout
from bpviz.ui.style.theme import LIGHT, Theme

_SIDE = 17
_NARROW = 92


class ColumnHeaders(QWidget):
    """Layer titles with buttons: − and + change the width, × removes the layer, + between two layers adds one.

    Signals
    -------
    width_wanted : int, int
        A hidden layer, from 1, and the change of its number of neurons.
    layer_wanted : int
        The number of the new layer.
    removal_wanted : int
        The hidden layer to remove.
    """

    width_wanted = Signal(int, int)
    layer_wanted = Signal(int)
    removal_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout: NetworkLayout | None = None
        self._theme: Theme = LIGHT
        self.operated: int | None = None
        self.buttons: dict[tuple[str, int], QToolButton] = {}

    def sizeHint(self) -> QSize:
        """Return the height of a line of titles and a line of buttons."""
        return QSize(200, self.fontMetrics().height() + _SIDE + 4)

    def begin(self, n_layers: int) -> None:
        """Create the buttons for a network."""
        for button in self.buttons.values():
            button.hide()
            # Deleted later, since the clicked button may be the sender of the signal that is being handled.
            button.deleteLater()
        self.buttons = {}
        for layer in range(1, n_layers):
            self._add("−", layer, f"Remove a neuron from layer {layer}").clicked.connect(
                partial(self.width_wanted.emit, layer, -1)
            )
            self._add("+", layer, f"Add a neuron to layer {layer}").clicked.connect(
                partial(self.width_wanted.emit, layer, 1)
            )
            self._add("×", layer, f"Remove layer {layer}").clicked.connect(partial(self.removal_wanted.emit, layer))
        for layer in range(1, n_layers + 1):
            self._add("new", layer, f"Insert a layer before layer {layer}").clicked.connect(
                partial(self.layer_wanted.emit, layer)
            )

    def _add(self, word: str, layer: int, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText("+" if word == "new" else word)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setProperty("role", "tiny")
        button.resize(_SIDE, _SIDE)
        button.show()
        self.buttons[word, layer] = button
        return button

    def follow(self, layout: NetworkLayout) -> None:
        """Align titles and buttons with the columns of a layout."""
        self._layout = layout
        y = self.fontMetrics().height() + 2
        for (word, layer), button in self.buttons.items():
            middle = sum(layout.gap(layer)) / 2 if word == "new" else layout.middle(layer)
            shift = {"−": -_SIDE - 1, "+": 0, "×": _SIDE + 1, "new": 0}[word]
            at = QPoint(round(middle + shift - _SIDE / 2), y)
            button.move(at)
            # Buttons that a zoomed layout moves across the edge are hidden, instead of cut off.
            button.setVisible(self.rect().contains(QRect(at, button.size())))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show only the buttons that fit into the new width."""
        if self._layout is not None:
            self.follow(self._layout)

    def mark(self, layer: int | None) -> None:
        """Highlight the title of the layer of the current operation."""
        if layer != self.operated:
            self.operated = layer
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the titles."""
        if self._layout is None:
            return
        painter = QPainter(self)
        middles = [self._layout.middle(layer) for layer in range(len(self._layout.centres))]
        room = min((right - left for left, right in pairwise(middles)), default=0)
        for layer, places in enumerate(self._layout.centres):
            painter.setPen(QPen(QColor(self._theme.accent if layer == self.operated else self._theme.ink)))
            text = self._title(layer, len(places), is_short=room < _NARROW)
            width = self.fontMetrics().horizontalAdvance(text)
            x = min(round(middles[layer] - width / 2), self.width() - width)
            if 0 <= middles[layer] <= self.width():  # else a zoomed layout has moved the column away
                painter.drawText(max(x, 0), self.fontMetrics().ascent(), text)
        painter.end()

    @staticmethod
    def _title(layer: int, count: int, *, is_short: bool) -> str:
        if layer == 0:
            return "Input"
        return f"{layer} · {count}" if is_short else f"Layer {layer} · {count}"
