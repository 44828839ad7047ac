"""Training by a program with mistakes planted in it, one update after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.backprop import LayerTrace, Trace
from bpviz.core.metrics.reading import Reading
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.mistakes.planted import PlantedTraining

if TYPE_CHECKING:
    from bpviz.core.mistakes.mistake import Planted
    from bpviz.core.mistakes.program import Program
    from bpviz.core.network import Network

_QUANTITIES = ("z", "a", "error", "slope", "delta", "dW", "db")


class PlantedPath:
    """Trains a network as a wrong program would.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place.
    planted : tuple of Planted
        Mistakes that need nothing of the update before: any update can be repeated by itself.
    """

    def __init__(self, network: Network, planted: tuple[Planted, ...]) -> None:
        self._network, self._training = network, PlantedTraining(network, planted)

    def trace(self, x: Array, y: Array, learning_rate: float) -> Trace:
        """Return every quantity as the wrong program computes it, for a batch; the network is not changed."""
        program = self._training.numbers(x, y, learning_rate)
        layers = tuple(
            LayerTrace(*(frozen(program.value(quantity, number)) for quantity in _QUANTITIES))
            for number in range(1, len(self._network.layers) + 1)
        )
        return Trace(frozen(x), frozen(y), layers, float(program.value("loss", 0)))

    def train(
        self,
        x: Array,
        y: Array,
        order: Indices,
        learning_rate: float,
        batch_size: int,
        statistics: Statistics,
        scan: Scan | None = None,
        epoch: int = 0,
    ) -> int:
        """Train on the samples of `order` until the scan stops; return the number of samples trained on."""
        before = self._network.copy()
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            before.parameters[:] = self._network.parameters
            program = self._training.update(x[chosen], y[chosen], learning_rate)
            activations, deltas = self._all(program, "a"), self._all(program, "delta")
            if scan:
                reading = Reading(
                    before,
                    x[chosen],
                    y[chosen],
                    activations,
                    deltas,
                    self._network,
                    learning_rate=learning_rate,
                    samples=chosen,
                    epoch=epoch,
                )
                if scan.record(start, reading):
                    self._network.parameters[:] = before.parameters
                    return start
            statistics.add(np.hstack(deltas), activations[-1], y[chosen])
        return len(order)

    def _all(self, program: Program, quantity: str) -> list[Array]:
        return [program.value(quantity, number) for number in range(1, len(self._network.layers) + 1)]
