"""The samples in the input plane, each in the colour of the sign and size of a change."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg

from bpviz.core.arrays import Array
from bpviz.ui.plotting.spots import RING, Spots, ring_pens
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import Theme

# An odd number of colours, so that one of them is the neutral.
_COLOURS, _SIZE, _STEP = 21, 6.5, 12
_Z_POINTS, _Z_STEP, _Z_CHOSEN = 1, 30, 31
Rows = npt.NDArray[np.intp]


class EffectPoints:
    """Draws samples in as many colours as the eye can tell apart; strong changes lie over weak ones.

    Attributes
    ----------
    places : ndarray of shape (n_samples, 2)
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self.places: Array = np.empty((0, 2))
        middle = _COLOURS // 2
        self.spots = [Spots(_Z_POINTS + abs(number - middle), size=_SIZE) for number in range(_COLOURS)]
        self.step, self.chosen = Spots(_Z_STEP, size=_STEP, brush=None), Spots(_Z_CHOSEN, size=RING, brush=None)
        for item in (*self.spots, self.step, self.chosen):
            plot.addItem(item, ignoreBounds=True)

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        table = colours.lookup(colours.sign_map(theme))
        for number, item in enumerate(self.spots):
            item.setBrush(pg.mkBrush(*table[round((len(table) - 1) * number / (_COLOURS - 1))]))
            # The neutral is the colour of the paper: without a line a sample that is not changed would vanish.
            item.setPen(pg.mkPen(theme.muted, width=0.6))
            item.setSize(_SIZE * theme.mark_size)
        self.step.setPen(pg.mkPen(theme.ink, width=1.8 * theme.line_width))
        self.step.setSize(_STEP * theme.mark_size)
        self.chosen.setSize(RING * theme.mark_size)
        self._rings = ring_pens(theme)

    def draw(self, shares: Array) -> None:
        """Colour the samples by changes from -1 to 1, larger ones as 1; those that are NaN are not drawn."""
        known = np.isfinite(shares)
        numbers = np.rint((np.clip(shares[known], -1, 1) + 1) / 2 * (_COLOURS - 1)).astype(np.intp)
        places = self.places[known]
        for number, item in enumerate(self.spots):
            item.place(places[numbers == number])

    def mark(self, chosen: int | None, step: Rows) -> None:
        """Put the ring around the sample in a row, and thin rings around those that a step is made with."""
        self.step.place(self.places[step])
        if chosen is None:
            self.chosen.clear()
        else:
            self.chosen.setData(pos=self.places[[chosen, chosen]], pen=self._rings)
