"""What is chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Selection:
    """What is chosen, for all panels at once.

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
