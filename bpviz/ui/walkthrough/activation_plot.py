"""Two small plots: an activation function and its slope, with z of the neurons of a layer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.core.activations import ACTIVATIONS, Activation
from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, LIGHT, Theme

_LINES_HIGH, _LEAST_WIDTH_IN_LETTERS = 6, 22
#: The plots show z at least to this far on both sides of 0, and at most so far.
_LEAST_REACH, _LARGEST_REACH = 4.0, 30.0
_POINTS = 241
_RUG, _DOT = 6.0, 3.5
# Opacity, of 255, of the tick of one training sample.
_FAINT = 50


class ActivationPlot(QWidget):
    """Draws f on the left and f' on the right; a dot is the chosen neuron, a tick below each neuron of its layer.

    Fainter ticks under these are the chosen neuron's z for training samples.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rule, self._theme = ACTIVATIONS["none"], LIGHT
        self._zs, self._neuron, self.samples = np.zeros(1), 0, np.empty(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self.update()

    def show_neuron(self, rule: Activation, zs: Array, neuron: int, samples: Array) -> None:
        """Show an activation function, with z of all neurons of a layer and one of them chosen.

        `samples` are z of that neuron for training samples; none are drawn where it is empty.
        """
        self._rule, self._zs, self._neuron, self.samples = rule, zs, neuron, samples[np.isfinite(samples)]
        z = formats.number(float(zs[neuron]), 3)
        name = _("{activation} and its slope over z, with neuron {neuron} at z = {z}")
        self.setAccessibleName(name.format(activation=rule.name, neuron=neuron, z=z))
        tip = _("A tick for z of each of the {count} neurons of this layer; the dot is neuron {neuron}")
        lines = [tip.format(count=len(zs), neuron=neuron)]
        if len(self.samples):
            tip = _("Faint ticks under these: z of neuron {neuron} for {count} training samples")
            lines.append(tip.format(neuron=neuron, count=len(self.samples)))
        self.setToolTip("\n".join(lines))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the least size at which both plots can be read."""
        metrics = self.fontMetrics()
        return QSize(_LEAST_WIDTH_IN_LETTERS * metrics.averageCharWidth(), _LINES_HIGH * metrics.height())

    def points(self) -> tuple[Array, Array, Array]:
        """Return z, f(z) and f'(z) along the curves."""
        known = np.concatenate((self._zs, self.samples))
        finite = known[np.isfinite(known)]
        reach = float(np.clip(1.1 * np.abs(finite).max(initial=0.0), _LEAST_REACH, _LARGEST_REACH))
        z = np.linspace(-reach, reach, _POINTS)
        return z, *self._values(z)

    def _values(self, z: Array) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):
            a = self._rule.f(z, None)
            return a, self._rule.slope(z, a, None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both plots."""
        z, a, slope = self.points()
        here = self._values(self._zs)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = (self.width() - 2 * GAP) / 2
        for place, (name, curve, values) in enumerate((("f(z)", a, here[0]), ("f′(z)", slope, here[1]))):
            area = QRectF(place * (width + 2 * GAP), 0, width, self.height())
            self._paint(painter, area, name, z, curve, float(values[self._neuron]))

    def _marks(self) -> tuple[float, float]:
        """Return the height of a tick and the radius of the dot, which grow with the lines of the theme."""
        return _RUG * self._theme.line_width, _DOT * self._theme.line_width

    def _paint(self, painter: QPainter, area: QRectF, name: str, z: Array, curve: Array, value: float) -> None:
        metrics, (rug, dot) = QFontMetricsF(self.font()), self._marks()
        inside = area.adjusted(dot, metrics.height() + dot, -dot, -2 * rug - 2 * dot)
        low, high = min(float(curve.min()), 0.0), max(float(curve.max()), 0.0)
        x = inside.left() + (z - z[0]) / (z[-1] - z[0]) * inside.width()
        y = inside.bottom() - (curve - low) / max(high - low, 1e-9) * inside.height()
        zero = QPointF(inside.center().x(), inside.bottom() + low / max(high - low, 1e-9) * inside.height())
        painter.setPen(QPen(QColor(self._theme.hairline), self._theme.line_width))
        painter.drawLine(QPointF(inside.left(), zero.y()), QPointF(inside.right(), zero.y()))
        painter.drawLine(QPointF(zero.x(), inside.top()), QPointF(zero.x(), inside.bottom()))
        painter.setPen(QPen(QColor(self._theme.ink), 1.5 * self._theme.line_width))
        painter.drawPolyline(QPolygonF([QPointF(*each) for each in zip(x.tolist(), y.tolist(), strict=True)]))
        self._paint_neurons(painter, inside, z, y)
        self._paint_title(painter, area, metrics, name, value)

    def _paint_neurons(self, painter: QPainter, inside: QRectF, z: Array, y: Array) -> None:
        places = inside.left() + (np.clip(self._zs, z[0], z[-1]) - z[0]) / (z[-1] - z[0]) * inside.width()
        rug, dot = self._marks()
        bottom = inside.bottom() + dot
        painter.setPen(QPen(QColor(self._theme.muted), self._theme.line_width))
        for place in places[np.isfinite(places)].tolist():
            painter.drawLine(QPointF(place, bottom), QPointF(place, bottom + rug))
        self._paint_samples(painter, inside, z)
        chosen = float(places[self._neuron])
        if np.isfinite(chosen):
            height = float(np.interp(self._zs[self._neuron], z, y))
            painter.setPen(QPen(QColor(self._theme.accent), 2 * self._theme.line_width))
            painter.drawLine(QPointF(chosen, bottom), QPointF(chosen, bottom + rug))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawEllipse(QPointF(chosen, height), dot, dot)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_samples(self, painter: QPainter, inside: QRectF, z: Array) -> None:
        faint = QColor(self._theme.ink)
        faint.setAlpha(_FAINT)  # many ticks at one place are dark
        painter.setPen(QPen(faint, self._theme.line_width))
        rug, dot = self._marks()
        top = inside.bottom() + dot + rug + 2
        places = inside.left() + (np.clip(self.samples, z[0], z[-1]) - z[0]) / (z[-1] - z[0]) * inside.width()
        painter.drawLines([QLineF(place, top, place, top + rug - 1) for place in places.tolist()])

    def _paint_title(self, painter: QPainter, area: QRectF, metrics: QFontMetricsF, name: str, value: float) -> None:
        written = f"{name} = {formats.number(value, 3)}"
        painter.setPen(QColor(self._theme.muted))
        text = metrics.elidedText(written, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QPointF(area.left(), metrics.ascent()), text)
