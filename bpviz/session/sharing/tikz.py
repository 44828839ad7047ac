"""The network as a TikZ picture for LaTeX: neurons, and weights as edges, coloured by sign and as wide as |w|."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.sharing.latex_fonts import with_fonts

#: A layer with more neurons is drawn with its first and its last ones, and dots between them.
MOST_DRAWN = 10
_FIRST, _LAST = 6, 2
_APART, _STEP = 3.0, 0.9  # of layers and of neurons, in centimetres
_WIDEST, _THINNEST = 1.6, 0.1  # in points
_HEAD = r"""\documentclass[border=4pt]{standalone}
\usepackage{tikz}
\definecolor{positive}{HTML}{14683A}
\definecolor{negative}{HTML}{6A1F87}
\begin{document}
\begin{tikzpicture}[neuron/.style={circle, draw, fill=white, minimum size=7mm, inner sep=0pt, font=\scriptsize}]
"""
_END = "\\end{tikzpicture}\n\\end{document}\n"


@dataclass(frozen=True)
class _Place:
    """A neuron, or None for the dots in place of several, and where it is drawn."""

    neuron: int | None
    x: float
    y: float


def network_as_tikz(weights: Sequence[Array], activations: Sequence[str]) -> str:
    """Return a document that draws a network.

    Parameters
    ----------
    weights : sequence of ndarray, each of shape (n_input, n_neurons)
        W of layers 1..L. The largest |w| that is drawn has the widest edge; what is not finite is not drawn.
    activations : sequence of str
        Of layers 1..L.
    """
    widths = [weights[0].shape[0], *(W.shape[1] for W in weights)]
    layers = [list(_places(number, width)) for number, width in enumerate(widths)]
    top = max(layer[0].y for layer in layers) + _STEP
    parts = (*_edges(weights, layers), *_nodes(layers), *_labels(widths, activations, top))
    return with_fonts(_HEAD + "\n".join(parts) + "\n" + _END)


def _places(layer: int, width: int) -> Iterator[_Place]:
    """Yield the places of a layer from its top to its bottom, around the height 0."""
    drawn: list[int | None] = list(range(width))
    if width > MOST_DRAWN:
        drawn = [*range(_FIRST), None, *range(width - _LAST, width)]
    for row, neuron in enumerate(drawn):
        yield _Place(neuron, _APART * layer, _STEP * ((len(drawn) - 1) / 2 - row))


def _edges(weights: Sequence[Array], layers: Sequence[list[_Place]]) -> Iterator[str]:
    found = [
        (float(W[start.neuron, end.neuron]), start, end)
        for W, before, after in zip(weights, layers, layers[1:], strict=False)
        for start in before
        for end in after
        if start.neuron is not None and end.neuron is not None and np.isfinite(W[start.neuron, end.neuron])
    ]
    largest = max((abs(edge[0]) for edge in found), default=0.0) or 1.0
    for w, start, end in sorted(found, key=lambda edge: abs(edge[0])):  # the widest on top
        sign, width = "negative" if w < 0 else "positive", max(_WIDEST * abs(w) / largest, _THINNEST)
        yield rf"\draw[{sign}, line width={width:.3f}pt] {_point(start)} -- {_point(end)};"


def _nodes(layers: Sequence[list[_Place]]) -> Iterator[str]:
    for number, layer in enumerate(layers):
        for place in layer:
            if place.neuron is None:
                yield rf"\node at {_point(place)} {{$\vdots$}};"
            else:
                name = str(place.neuron) if number else f"$x_{{{place.neuron + 1}}}$"
                yield rf"\node[neuron] at {_point(place)} {{{name}}};"


def _labels(widths: Sequence[int], activations: Sequence[str], top: float) -> Iterator[str]:
    for number, width in enumerate(widths):
        name = _("layer {number}").format(number=number) if number else _("input")
        below = f"{width} {activations[number - 1].replace('_', ' ')}" if number else str(width)
        yield rf"\node[align=center, font=\small] at ({_APART * number:.3f},{top:.3f}) {{{name}\\{below}}};"


def _point(place: _Place) -> str:
    return f"({place.x:.3f},{place.y:.3f})"
