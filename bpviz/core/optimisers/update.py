"""Make one update of a whole network out of its gradient, in numpy."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.optimisers.learning import Learning
from bpviz.core.optimisers.steps import STEPS, clipped, decay, penalised
from bpviz.core.packing import unpack

if TYPE_CHECKING:
    from bpviz.core.network import Network


def update(network: Network, gradient: Array, learning: Learning, rate: float) -> None:
    """Change the parameters of a network, and what the optimiser remembers.

    Parameters
    ----------
    network : Network
    gradient : ndarray of shape (n_parameters,)
        Packed as the network's parameters. Overwritten with the gradient that the optimiser takes.
    learning : Learning
    rate : float
        The learning rate of this epoch.
    """
    rule, parts = learning.rule, trained_parts(network)
    learning.updates += 1
    if rule.has_penalty:
        for W, dW in zip(_weights(network, network.parameters), _weights(network, gradient), strict=True):
            dW[...] = penalised(W, dW, rule)
    if rule.clip_norm:
        norm = norm_of([gradient[part] for part in parts])
        for part in parts:
            gradient[part] = clipped(gradient[part], norm, rule)
    if rule.weight_decay:
        for W in _weights(network, network.parameters):
            decay(W, rate, rule)
    for part in parts:
        state = [slot[part] for slot in learning.slots]
        STEPS[rule.optimiser](network.parameters[part], gradient[part], state, learning.updates, rate, rule)


def trained_parts(network: Network) -> list[slice]:
    """Return which parts of the packed parameters are trained: all, or without the biases of each layer."""
    if network.train_biases:
        return [slice(None)]
    firsts = accumulate((layer.n_parameters for layer in network.layers), initial=0)
    return [slice(first, first + layer.weights.size) for first, layer in zip(firsts, network.layers, strict=False)]


def norm_of(gradients: list[Array]) -> float:
    """Return the root of the sum of all squares."""
    return float(np.sqrt(sum(np.vdot(each, each) for each in gradients)))


def _weights(network: Network, packed: Array) -> list[Array]:
    """Return the part of each layer's weights in a packed vector, of the shape of the weights, as views."""
    sizes = (network.layers[0].n_input, *(layer.n_neurons for layer in network.layers))
    return [W for W, _ in unpack(packed, sizes)]
