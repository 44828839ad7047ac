"""Lines of text about the neuron or the weight under the pointer."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.language import N_, _
from bpviz.session.diagnostics.neuron_health import NeuronHealth
from bpviz.session.frames.network_values import EDGE_QUANTITIES, NODE_QUANTITIES, NetworkValues
from bpviz.session.training.interventions import Edit
from bpviz.ui.style import formats

_HEALTH = {NeuronHealth.SATURATED: N_("saturated"), NeuronHealth.DEAD: N_("dead")}


def neuron_lines(
    values: NetworkValues, layer: int, neuron: int, health: int, write: Callable[[float], str] = formats.number
) -> list[str]:
    """Return lines for a neuron: its number, its computed values, and whether it is saturated or dead."""
    lines = [_("layer {layer}, neuron {neuron}").format(layer=layer, neuron=neuron)]
    for quantity in NODE_QUANTITIES:
        value = values.nodes(quantity)[layer - 1]
        if value is not None:
            lines.append(f"{_(node_name(values, quantity))} {write(float(value[neuron]))}")
    return [*lines, *([_(_HEALTH[NeuronHealth(health)])] if health else [])]


def node_name(values: NetworkValues, quantity: str) -> str:
    """Return the name of a quantity of the neurons, which without a current update may be over all samples.

    It is looked up where it is shown.
    """
    return N_("RMS delta") if quantity == "delta" and values.current_update is None else quantity


def edge_line(values: NetworkValues, layer: int, source: int, target: int, quantity: str) -> str:
    """Return a line for a weight: the chosen quantity first, then the others that are computed, in full precision."""
    name = f"{Edit(layer, source, target, 0.0).name} · {_(quantity)}"
    shown = values.edges(quantity)[layer - 1]
    first = _("is not computed yet") if shown is None else formats.exact(shown[source, target])
    others = ((each, values.edges(each)[layer - 1]) for each in EDGE_QUANTITIES if each != quantity)
    rest = [f"{_(each)} {formats.exact(matrix[source, target])}" for each, matrix in others if matrix is not None]
    return " · ".join([f"{name} {first}", *rest])
