"""Situation: what is on screen, as far as lessons depend on it."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class Situation:
    """The position, numbers and selection on screen.

    Attributes
    ----------
    position : Position or None
        None where there is no network.
    update : TracedUpdate or None
        The current update.
    epochs : EpochTable
    sample, layer, neuron : int or None
        The selection.
    """

    position: Position | None
    update: TracedUpdate | None
    epochs: EpochTable
    sample: int | None = None
    layer: int | None = None
    neuron: int | None = None
