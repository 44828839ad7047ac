"""Training with a mistake planted: the numbers of an update as a wrong program computes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.core.mistakes.mistake import Planted, hooks_of, sites
from bpviz.core.mistakes.program import Program, Setup, keys_in_order
from bpviz.core.network import Network
from bpviz.language import _


def plant(network: Network, name: str, layer: int | None = None, *, way: int = 0) -> Planted:
    """Return a mistake planted in a network.

    Parameters
    ----------
    network : Network
    name : str
        A name from `MISTAKES`.
    layer : int, optional
        Layer 1..L; by default every layer in which it can be made.
    way : int
        Which of the mistake's ways.

    Raises
    ------
    ValueError
        If there is no such mistake, or it cannot be made there.
    """
    if name not in MISTAKES:
        raise ValueError(
            _("no mistake is called {name!r}; choose one of {mistakes}").format(name=name, mistakes=", ".join(MISTAKES))
        )
    mistake, nothing = MISTAKES[name], np.empty((1, 0))
    layers = mistake.ways[way].layers(Setup(network, nothing, nothing, learning_rate=1.0))
    if layer is not None and layers != (0,):
        layers = tuple(number for number in layers if number == layer)
    if not layers:
        where = _("in any layer") if layer is None else _("in layer {layer}").format(layer=layer)
        raise ValueError(
            _("{name} cannot be made {where} of this network; choose another layer or mistake").format(
                name=name, where=where
            )
        )
    return Planted(mistake, mistake.ways[way], layers)


def plant_all(network: Network, texts: Sequence[str]) -> tuple[Planted, ...]:
    """Return mistakes given as "name", in every layer, or as "name@layer"; raises as `plant`."""
    return tuple(_plant_text(network, text) for text in texts)


def _plant_text(network: Network, text: str) -> Planted:
    name, _at, layer = text.partition("@")
    if layer and not layer.isdecimal():
        raise ValueError(
            _("{text!r} is not a mistake; write a name, or a name, @ and the number of a layer").format(text=text)
        )
    # Of the ways in which programs make it, the first that this network allows.
    number, n_ways = int(layer) if layer else None, len(MISTAKES[name].ways) if name in MISTAKES else 1
    for way in range(n_ways - 1):
        with suppress(ValueError):
            return plant(network, name, number, way=way)
    return plant(network, name, number, way=n_ways - 1)


def plantable(network: Network, name: str) -> tuple[int, ...]:
    """Return the layers of a network in which a mistake can be made, in any way; (0,) if it belongs to no layer."""
    nothing = np.empty((1, 0))
    found = sites(MISTAKES[name], Setup(network, nothing, nothing, learning_rate=1.0), has_before=True)
    return tuple(sorted({number for planted in found for number in planted.layers}))


class PlantedTraining:
    """Gradient descent by a program with mistakes.

    Parameters
    ----------
    network : Network
        Its parameters are changed by `update`.
    planted : iterable of Planted
        The mistakes; none for the true algorithm.
    """

    def __init__(self, network: Network, planted: Iterable[Planted]) -> None:
        planted = tuple(planted)
        self.network = network
        self._hooks = hooks_of(planted)
        self._looks_back = any(each.way.needs_before or "previous" in each.mistake.name for each in planted)
        self._before: Program | None = None
        self._keys = keys_in_order(len(network.layers))

    def numbers(self, x: Array, y: Array, learning_rate: float) -> Program:
        """Return all quantities of one update, shapes (n_samples, n_neurons); the network is not changed."""
        setup = Setup(self.network, np.atleast_2d(x), np.atleast_2d(y), learning_rate)
        return self._complete(Program(setup, self._hooks, self._before))

    def update(self, x: Array, y: Array, learning_rate: float) -> Program:
        """Take one step, on one sample or the mean of a batch; return its numbers."""
        network = self.network.copy() if self._looks_back else self.network
        setup = Setup(network, np.atleast_2d(x), np.atleast_2d(y), learning_rate)
        program = self._complete(Program(setup, self._hooks, self._before))
        for number, layer in enumerate(self.network.layers, start=1):
            layer.weights[...] = program.value("W_after", number)
            layer.bias[...] = program.value("b_after", number)
        program.before = None  # all is computed: nothing older is needed
        self._before = program if self._looks_back else None
        return program

    def _complete(self, program: Program) -> Program:
        """Compute every quantity, while the network still has the parameters that they are computed from."""
        for quantity, layer in self._keys:
            program.value(quantity, layer)
        return program
