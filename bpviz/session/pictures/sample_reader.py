"""What the network on screen makes of one sample, in the training set or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core import backprop
from bpviz.core.arrays import Array, frozen
from bpviz.core.input_gradient import input_gradient
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.first_network import first_network


@dataclass(frozen=True, eq=False)
class SampleReading:
    """The outputs for a sample, its loss, and what its inputs do to the loss. Read-only arrays.

    Attributes
    ----------
    outputs : ndarray of shape (n_outputs,)
    loss : float
        L_s.
    input_gradient : ndarray of shape (n_inputs,)
        dL_s/dx, of the inputs as the network sees them.
    """

    outputs: Array
    loss: float
    input_gradient: Array

    @property
    def predicted(self) -> int:
        """The class of the largest output."""
        return int(np.argmax(self.outputs))


class SampleReader:
    """Reads single samples with any parameters of an experiment's network.

    Parameters
    ----------
    experiment : Experiment
        If it has mistakes planted, numbers are those that the wrong program computes, as in all panels.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._network, self._mistakes = first_network(experiment), experiment.mistakes
        self._rate = experiment.learning_rate

    def take(self, weights: Sequence[Array], biases: Sequence[Array]) -> None:
        """Use these weights and biases of layers 1..L from now on."""
        for layer, W, b in zip(self._network.layers, weights, biases, strict=True):
            layer.weights, layer.bias = W, b

    def read(self, x: Array, y: Array) -> SampleReading:
        """Return what the network makes of a sample.

        Parameters
        ----------
        x : ndarray of shape (n_inputs,)
            As the network sees it: scaled.
        y : ndarray of shape (n_outputs,)
        """
        with np.errstate(all="ignore"):
            z, a, delta = self._wrong_pass(x, y) if self._mistakes else self._passes(x, y)
            loss = float(self._network.loss.value(z, a, y))
            gradient = input_gradient(self._network.layers[0].weights, delta)
        return SampleReading(frozen(a), loss, frozen(gradient))

    def _passes(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        """Return z and a of the output layer, and delta of layer 1."""
        zs, activations = backprop.forward(self._network, x)
        _, _, deltas = backprop.backward(self._network, zs, activations, y)
        return zs[-1], activations[-1], deltas[0]

    def _wrong_pass(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        from bpviz.core.mistakes.planted import plant_all  # hardly ever needed
        from bpviz.core.training.planted_path import PlantedPath

        wrong = PlantedPath(self._network, plant_all(self._network, self._mistakes))
        layers = wrong.trace(x[None], y[None], self._rate).layers
        return layers[-1].z[0], layers[-1].a[0], layers[0].delta[0]
