"""The properties of network and training that determine the formulas of an update."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from bpviz.core.activations import LEAK
from bpviz.core.losses import Loss, loss_for
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.session.conventions.conventions import OWN, Conventions
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class FormulaContext:
    """Widths and activations of a network, its loss and how it is trained.

    Attributes
    ----------
    sizes : tuple of int
        Widths of all layers, inputs and outputs included.
    activations : tuple of str
        Of layers 1..L.
    loss_name : str
    samples : int
        Number of samples of an update.
    trains_biases : bool
    rule : LearningRule
    leak : float
        The slope of leaky_relu for z < 0.
    conventions : Conventions
        Those that apply.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss_name: str
    samples: int
    trains_biases: bool
    rule: LearningRule = PLAIN_SGD
    leak: float = LEAK
    conventions: Conventions = OWN

    @classmethod
    def of_experiment(cls, experiment: Experiment, conventions: Conventions = OWN) -> Self:
        """Return the context of an experiment's updates."""
        return cls(
            experiment.sizes,
            experiment.activations,
            experiment.loss,
            experiment.batch_size,
            experiment.train_biases,
            experiment.rule,
            experiment.leak,
            conventions.applying(experiment.loss),
        )

    @classmethod
    def of_update(cls, update: TracedUpdate) -> Self:
        """Return the context of a traced update."""
        sizes = (len(update.layers[0].W), *(len(layer.b) for layer in update.layers))
        activations = tuple(layer.activation for layer in update.layers)
        biases, rule, leak = _trains_biases(update), update.rule, update.layers[0].leak
        return cls(sizes, activations, update.loss_name, len(update.samples), biases, rule, leak, update.conventions)

    @property
    def loss(self) -> Loss:
        """The loss function for the activation of the output layer."""
        return loss_for(self.loss_name, self.activations[-1])

    def is_output(self, operation: Operation) -> bool:
        """Return whether an operation belongs to the output layer."""
        return operation.layer == len(self.activations)

    def activation(self, operation: Operation) -> str:
        """Return the activation of an operation's layer."""
        return self.activations[operation.layer - 1]


def _trains_biases(update: TracedUpdate) -> bool:
    """Return whether the update changes biases: not if all stay the same though some db would change them."""
    pairs = list(zip(update.layers, update.trace.layers, strict=True))
    with np.errstate(all="ignore"):
        stepped = [layer.b - update.learning_rate * done.db for layer, done in pairs]
    if update.learning:
        return any(not np.array_equal(layer.b, layer.b_after) for layer in update.layers)
    moved = any(not np.array_equal(layer.b, layer.b_after, equal_nan=True) for layer, _ in pairs)
    return moved or all(np.array_equal(layer.b, new) for (layer, _), new in zip(pairs, stepped, strict=True))
