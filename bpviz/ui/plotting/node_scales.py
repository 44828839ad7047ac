"""The colour scales of the neurons: one for all layers, but for activations one for each activation function."""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.surface import Outputs
from bpviz.language import _
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.plotting.stable_range import StableRange

_WIDEST_TICK = 8
# Activations whose slope is negative somewhere.
_FALLING = {"gelu", "silu", "sin"}
Layers = Sequence[Array | Outputs | None]


class NodeScales:
    """Holds the ranges, so that colours hold still between frames."""

    def __init__(self) -> None:
        self._ranges: dict[str, StableRange] = {}

    def held(self, name: str) -> StableRange:
        """Return the range kept under a name."""
        return self._ranges.setdefault(name, StableRange())

    def of(self, quantity: str, name: str, layers: Layers, activations: Sequence[str]) -> tuple[Scale, ...]:
        """Return the scale of each layer; empty if no layer has a value.

        Parameters
        ----------
        quantity : str
            What the neurons show; `name` is its name on screen, under which its range is kept.
        name : str
        layers : sequence of ndarray or None
        activations : sequence of str
            Of layers 1..L.
        """
        known = [layer for layer in layers if layer is not None]
        if not known:
            return ()
        if quantity == "a":
            return tuple(self._of_activation(each, layers, activations) for each in activations)
        if quantity == "slope":
            kind = "sign" if _FALLING & set(activations) else "size"
            return (Scale(kind, max(ACTIVATIONS[each].max_slope for each in activations)),) * len(layers)
        found = cells.scale_of("slope" if name == "RMS delta" else quantity, known)
        return (Scale(found.kind, self.held(f"{quantity} {name}").fit(found.top)),) * len(layers)

    def _of_activation(self, activation: str, layers: Layers, activations: Sequence[str]) -> Scale:
        """Return the scale of the layers with an activation function: outputs to 1 are no darker for a relu of 10."""
        alike = [a for a, name in zip(layers, activations, strict=True) if name == activation and a is not None]
        return cells.activation_scale(activation, alike, self.held(f"a {activation}"))


def ticks(scales: Sequence[Scale]) -> list[tuple[float, str]]:
    """Return the ticks of a colour bar; those of several scales stand side by side, where there is room."""
    if len(set(scales)) == 1:
        return scales[0].ticks()
    ends = [[scale.ticks()[end][1] for scale in scales] for end in (0, -1)]
    low, high = ("/".join(dict.fromkeys(texts)) for texts in ends)
    is_narrow = max(len(low), len(high)) <= _WIDEST_TICK
    return [(0.0, low), (1.0, high)] if is_narrow else [(0.0, _("lowest")), (1.0, _("highest"))]


def ranges_in_words(scales: Sequence[Scale], activations: Sequence[str]) -> str:
    """Return the range of each layer's colours as text, where they differ."""
    lines = (
        _("layer {n}, {name}: {text}").format(n=n, name=name, text=s.text)
        for n, (s, name) in enumerate(zip(scales, activations, strict=True), 1)
    )
    return "\n".join(lines) if len(set(scales)) > 1 else ""
