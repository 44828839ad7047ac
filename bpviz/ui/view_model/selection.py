"""The selected sample, layer and neuron."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Selection:
    """The selected sample, layer and neuron, the same for all panels.

    Attributes
    ----------
    sample : int or None
        A training sample.
    layer, neuron : int or None
        A neuron: its layer, counted from 1, and its number there, counted from 0. Both or neither.
    """

    sample: int | None = None
    layer: int | None = None
    neuron: int | None = None
