"""Samples as scatter points: colour and shape by class, crosses for misclassified samples, a ring for the selected."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF

from bpviz.core.arrays import Array, Indices
from bpviz.core.data.split import Split, titled
from bpviz.language import _
from bpviz.session.frames.class_colours import CLASSES
from bpviz.session.frames.frame import Flags
from bpviz.ui.plotting.spots import RING, Spots, nearest_place, ring_pens
from bpviz.ui.style.plot_style import cross
from bpviz.ui.style.theme import Theme

#: For each class, the pyqtgraph symbol and the character that shows the same shape in text.
_SHAPES = (
    ("o", "●"),
    ("t1", "▲"),
    ("s", "■"),
    ("d", "◆"),
    ("t", "▼"),
    ("star", "★"),
    ("t2", "▶"),
    ("p", "⬟"),
    ("t3", "◀"),
    ("h", "⬢"),
)
_SIZE, _CROSS = 6.5, 6.5
_Z_POINTS, _Z_WRONG, _Z_CHOSEN = 1, 2, 3


class ClassPoints:
    """Draws samples of several classes into a plot.

    Attributes
    ----------
    places : ndarray of shape (n_samples, 2)
        Position of every sample in the plot; samples whose position is not finite are not drawn.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._view = plot.getPlotItem().vb
        self.places: Array = np.empty((0, 2))
        self._labels: npt.NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._wrong: Flags = np.empty(0, dtype=np.bool_)
        self.classes = [Spots(_Z_POINTS, symbol=shape, size=_SIZE) for shape, _ in _SHAPES]
        self.wrong = Spots(_Z_WRONG, symbol=cross(), size=_CROSS, brush=None)
        self.chosen = Spots(_Z_CHOSEN, size=RING, brush=None)
        for item in (*self.classes, self.wrong, self.chosen):
            # The panel sets the range; items that count for the automatic range would recompute their bounds.
            plot.addItem(item, ignoreBounds=True)

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        for item, colour in zip(self.classes, CLASSES, strict=True):
            item.setBrush(pg.mkBrush(colour))
            item.setPen(pg.mkPen(theme.paper, width=0.7))
            item.setSize(_SIZE * theme.mark_size)
        self.wrong.setPen(pg.mkPen(theme.ink, width=1.1 * theme.line_width))
        self.wrong.setSize(_CROSS * theme.mark_size)
        self.chosen.setSize(RING * theme.mark_size)
        self._rings = ring_pens(theme)

    def show_mistakes(self, on: bool) -> None:
        """Show or hide the crosses on misclassified samples."""
        self.wrong.setVisible(on)

    def draw(self, places: Array, labels: npt.NDArray[np.intp], wrong: Flags, chosen: int | None) -> None:
        """Show samples by class, with misclassified ones marked; `chosen` is a row of `places`."""
        self.places, self._labels, self._wrong = places, labels, wrong
        shown = np.isfinite(places).all(axis=1)
        for number, item in enumerate(self.classes):
            item.place(places[shown & (labels == number)])
        self.wrong.place(places[shown & wrong])
        self.mark(chosen)

    def clear(self) -> None:
        """Remove all points."""
        self.draw(np.empty((0, 2)), np.empty(0, dtype=np.intp), np.empty(0, dtype=np.bool_), None)

    def mark(self, row: int | None) -> None:
        """Move the ring to a sample, or remove it."""
        if row is None or row >= len(self.places) or not np.isfinite(self.places[row]).all():
            self.chosen.clear()
        else:
            self.chosen.setData(pos=self.places[[row, row]], pen=self._rings)

    def at(self, where: QPointF) -> int | None:
        """Return the row of the sample at a scene position, or None."""
        return nearest_place(self._view, self.places, where)

    def describe(self, row: int, samples: Indices, split: Split) -> str:
        """Return a description of the training sample in a row."""
        mistaken = _(" · misclassified") if self._wrong[row] else ""
        name = split.class_name(int(samples[row]))
        text = _("sample {sample:,} of {title}") if name else _("sample {sample:,}")
        return text.format(sample=samples[row], title=titled(name)) + mistaken


def key(split: Split) -> str:
    """Return a legend of class shapes; "" for a regression, which has no classes."""
    if not split.is_classification:
        return ""
    written = (shape for _, shape in _SHAPES)
    shapes = "  ".join(f"{each} {titled(name)}" for each, name in zip(written, split.class_names, strict=False))
    return _("{shapes}  × misclassified").format(shapes=shapes)
