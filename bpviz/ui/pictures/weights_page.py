"""The weights of layer 1 as pictures: all of them small, and the chosen one large."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.session.pictures.shape import Shape
from bpviz.ui.pictures.figure import Figure
from bpviz.ui.pictures.picture_view import PictureView
from bpviz.ui.pictures.weight_grid import WeightGrid
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.plotting.stable_range import StableRange
from bpviz.ui.style.theme import GAP, Theme

_NONE_CHOSEN = N_("Click a neuron to see it large")


class WeightsPage(QWidget):
    """Shows the weights into each neuron of layer 1, on one scale."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = WeightGrid()
        self.area = QScrollArea(widgetResizable=True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.grid)
        self.large = Figure(PictureView(_("Weights into the chosen neuron")), _("Colours of weights"), "sign")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addWidget(self.area, 1)
        self._row.addWidget(self.large, 1)
        self._range = StableRange()
        self._shape: Shape = (1, 1)

    def begin(self) -> None:
        """Forget the colour range of another network."""
        self._range.release()

    def show_weights(self, W: Array | None, shape: Shape, neuron: int | None) -> None:
        """Show weights of shape (n_inputs, n_neurons); `neuron` is the chosen one, None for none."""
        largest = 0.0 if W is None else float(np.abs(np.where(np.isfinite(W), W, 0.0)).max())
        top = self._range.fit(largest)
        self.grid.show_weights(W, shape, Scale("sign", top))
        self.grid.choose(neuron)
        is_shown = W is not None and neuron is not None and neuron < W.shape[1]
        self.large.show_signs(W[:, neuron].reshape(shape) if W is not None and is_shown else None, top)
        self.large.caption.setText(
            _("Weights into neuron {neuron} of layer 1").format(neuron=neuron) if is_shown else _(_NONE_CHOSEN)
        )

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self.grid.restyle(theme)
        self.large.restyle(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the large picture beside the small ones, or below them in a page that is higher than wide."""
        super().resizeEvent(event)
        is_high = self.height() > self.width()
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if is_high else QBoxLayout.Direction.LeftToRight)
