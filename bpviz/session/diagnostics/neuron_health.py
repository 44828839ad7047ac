"""Neuron health: find saturated and dead neurons."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from bpviz.core.activations import ACTIVATIONS

# A neuron is saturated if its slope is below `Activation.saturated_slope` for more than this share of the samples.
_SHARE = 0.95

#: The definitions, as texts for the screen.
SATURATED_RULE = (
    f"saturated: its slope is below a tenth of the steepest for more than {100 * _SHARE:.0f} % of the shown samples"
)
DEAD_RULE = "dead: relu gives 0 for every shown sample, so that no delta passes it"


class NeuronHealth(IntEnum):
    """The state of a neuron."""

    NONE = 0
    SATURATED = 1
    DEAD = 2


def neuron_health(a: npt.NDArray[np.floating], activation: str) -> npt.NDArray[np.uint8]:
    """Return the `NeuronHealth` of each neuron of a layer.

    Parameters
    ----------
    a : ndarray of shape (n_samples, n_neurons)
    activation : str
        Softmax is never saturated: a confident output is what it should have.
    """
    found = np.full(a.shape[1], NeuronHealth.NONE, dtype=np.uint8)
    rule = ACTIVATIONS[activation]
    if activation == "relu":
        found[(a == 0).all(axis=0)] = NeuronHealth.DEAD
    elif activation in ("sigmoid", "tanh"):
        slope = rule.slope(a, None)  # type: ignore[arg-type]
        flat = (slope < rule.saturated_slope).mean(axis=0) > _SHARE
        found[flat] = NeuronHealth.SATURATED
    return found
