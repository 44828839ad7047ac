"""Neuron health: find saturated and dead neurons."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.language import _

# A neuron is saturated if |slope| is below `Activation.saturated_slope` for more than this share of the samples.
_SHARE = 0.95


def saturated_rule() -> str:
    """Return the definition of a saturated neuron, as a text for the screen."""
    text = _("saturated: its slope is below a tenth of the steepest for more than {share:.0f} % of the shown samples")
    return text.format(share=100 * _SHARE)


def dead_rule() -> str:
    """Return the definition of a dead neuron, as a text for the screen."""
    return _("dead: relu gives 0 for every shown sample, so that no delta passes it")


class NeuronHealth(IntEnum):
    """The state of a neuron."""

    NONE = 0
    SATURATED = 1
    DEAD = 2


def neuron_health(z: Array, a: Array, activation: str) -> npt.NDArray[np.uint8]:
    """Return the `NeuronHealth` of each neuron of a layer.

    Parameters
    ----------
    z, a : ndarray of shape (n_samples, n_neurons)
    activation : str
        Softmax is never saturated: a confident output is what it should have. Nor is leaky_relu, whose slope is no
        accident. For sin "saturated" means that z stays where the sine turns.
    """
    found = np.full(a.shape[1], NeuronHealth.NONE, dtype=np.uint8)
    rule = ACTIVATIONS[activation]
    if activation == "relu":
        found[(a == 0).all(axis=0)] = NeuronHealth.DEAD
    elif not (rule.output_only or rule.has_kink):
        flat = (np.abs(rule.slope(z, a, None)) < rule.saturated_slope).mean(axis=0) > _SHARE
        found[flat] = NeuronHealth.SATURATED
    return found
