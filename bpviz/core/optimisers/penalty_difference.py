"""The penalty of the weights in a gradient check: its central difference, and the kink of l1 at 0.

A weight's term of the penalty depends on no other parameter. So its difference is taken by itself and added to that
of L, which keeps the digits that a large sum over all weights would take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.optimisers.rule import LearningRule
from bpviz.core.optimisers.steps import penalty_terms

if TYPE_CHECKING:
    from bpviz.core.network import Network


def penalty_difference(network: Network, epsilon: float, rule: LearningRule) -> Array:
    """Return (penalty(p + epsilon) - penalty(p - epsilon)) / (2 epsilon) for every parameter p; 0 for biases."""
    found = []
    for layer in network.layers:
        right, left = (penalty_terms(layer.weights + step, rule) for step in (epsilon, -epsilon))
        found += [((right - left) / (2 * epsilon)).ravel(), np.zeros(layer.n_neurons)]
    return np.concatenate(found)


def kink_of_l1(network: Network, epsilon: float, rule: LearningRule) -> Array:
    """Return for every parameter how far the difference may be from the slope of l1 * |W|: l1 with 0 in the step."""
    found = []
    for layer in network.layers:
        found += [np.where(np.abs(layer.weights) <= epsilon, rule.l1, 0.0).ravel(), np.zeros(layer.n_neurons)]
    return np.concatenate(found)
