"""Headers above the columns of the network diagram: layer titles, and buttons that add or remove neurons and layers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from bpviz.language import _
from bpviz.ui.network.layout import NetworkLayout
from bpviz.ui.style.theme import LIGHT, Theme

# A button is as wide and high as a line of text, so that it grows with the font.
_SIDE_LINES = 1.1


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
        return QSize(200, self.fontMetrics().height() + self._side() + 4)

    def _side(self) -> int:
        return round(_SIDE_LINES * self.fontMetrics().height())

    def begin(self, n_layers: int) -> None:
        """Create the buttons for a network."""
        for button in self.buttons.values():
            button.hide()
            # Deleted later, since the clicked button may be the sender of the signal that is being handled.
            button.deleteLater()
        self.buttons = {}
        for layer in range(1, n_layers):
            self._add("−", layer, _("Remove a neuron from layer {layer}").format(layer=layer)).clicked.connect(
                partial(self.width_wanted.emit, layer, -1)
            )
            self._add("+", layer, _("Add a neuron to layer {layer}").format(layer=layer)).clicked.connect(
                partial(self.width_wanted.emit, layer, 1)
            )
            self._add("×", layer, _("Remove layer {layer}").format(layer=layer)).clicked.connect(
                partial(self.removal_wanted.emit, layer)
            )
        for layer in range(1, n_layers + 1):
            self._add("new", layer, _("Insert a layer before layer {layer}").format(layer=layer)).clicked.connect(
                partial(self.layer_wanted.emit, layer)
            )

    def _add(self, word: str, layer: int, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText("+" if word == "new" else word)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setProperty("role", "tiny")
        button.show()
        self.buttons[word, layer] = button
        return button

    def follow(self, layout: NetworkLayout) -> None:
        """Align titles and buttons with the columns of a layout."""
        self._layout = layout
        side, y = self._side(), self.fontMetrics().height() + 2
        for (word, layer), button in self.buttons.items():
            middle = sum(layout.gap(layer)) / 2 if word == "new" else layout.middle(layer)
            shift = {"−": -side - 1, "+": 0, "×": side + 1, "new": 0}[word]
            button.setGeometry(QRect(round(middle + shift - side / 2), y, side, side))
            # Buttons that a zoomed layout moves across the edge are hidden, instead of cut off.
            button.setVisible(not self._theme.is_for_lecture and self.rect().contains(button.geometry()))
        self._hide_crowded()
        self.update()

    def _hide_crowded(self) -> None:
        """Hide buttons that have no room beside those to their left."""
        end = -1
        for button in sorted(self.buttons.values(), key=lambda button: button.x()):
            if not button.isHidden():
                button.setVisible(button.x() > end)
                end = max(end, button.geometry().right() if not button.isHidden() else end)

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
        self.updateGeometry()
        if self._layout is not None:
            self.follow(self._layout)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the titles."""
        if self._layout is None:
            return
        painter = QPainter(self)
        middles = [self._layout.middle(layer) for layer in range(len(self._layout.centres))]
        is_short = self._is_narrow(middles)
        for layer, places in enumerate(self._layout.centres):
            painter.setPen(QPen(QColor(self._theme.accent if layer == self.operated else self._theme.ink)))
            text = self._title(layer, len(places), is_short=is_short)
            width = self.fontMetrics().horizontalAdvance(text)
            x = min(round(middles[layer] - width / 2), self.width() - width)
            if 0 <= middles[layer] <= self.width():  # else a zoomed layout has moved the column away
                painter.drawText(max(x, 0), self.fontMetrics().ascent(), text)
        painter.end()

    def _is_narrow(self, middles: list[float]) -> bool:
        """Return whether the long titles have no room beside each other."""
        assert self._layout is not None
        titles = [self._title(layer, len(places), is_short=False) for layer, places in enumerate(self._layout.centres)]
        widths = [self.fontMetrics().horizontalAdvance(f"{title} ") for title in titles]
        lefts = [min(middle - width / 2, self.width() - width) for middle, width in zip(middles, widths, strict=True)]
        return any(left + width > after for left, width, after in zip(lefts, widths, lefts[1:], strict=False))

    @staticmethod
    def _title(layer: int, count: int, *, is_short: bool) -> str:
        if layer == 0:
            return _("Input")
        return f"{layer} · {count}" if is_short else _("Layer {layer} · {count}").format(layer=layer, count=count)
