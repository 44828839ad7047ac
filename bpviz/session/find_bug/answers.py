"""What is said to somebody who points at an operation: whether it is the one that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from bpviz.core import backprop
from bpviz.core.mistakes.mistake import Planted
from bpviz.core.mistakes.planted import plant_all
from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.first_network import first_network
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate, network_of

_KEYS = {"update": ("W_after", "b_after")}
# Two programs that do the same differ by rounding.
_ROUNDING = 1e-9


class Verdict(Enum):
    """What is so about an operation."""

    WRONG = auto()
    WRONG_BEFORE = auto()
    RIGHT = auto()


@dataclass(frozen=True)
class Answer:
    """The answer to "is this operation wrong?".

    Attributes
    ----------
    verdict : Verdict
    text : str
        The mistake's name and layer, as in `Experiment.mistakes`; "" if the operation is not the one.
    sentence : str
    """

    verdict: Verdict
    text: str
    sentence: str


def judge(update: TracedUpdate, mistakes: tuple[str, ...], operation: Operation) -> Answer:
    """Return whether an operation of an update is the one in which a mistake was planted.

    Parameters
    ----------
    update : TracedUpdate
        As computed with the mistakes.
    mistakes : tuple of str
        As in `Experiment.mistakes`.
    operation : Operation
    """
    network = network_of(update)
    for text, planted in zip(mistakes, plant_all(network, mistakes), strict=True):
        if _is_at(planted, operation):
            return Answer(Verdict.WRONG, text, describe(planted, len(network.layers)))
    if _differs(update, operation):
        return Answer(
            Verdict.WRONG_BEFORE,
            "",
            _(
                "What it computes is wrong, but the operation itself is right: something that goes into it is wrong "
                "already. Follow its operands to where they come from."
            ),
        )
    return Answer(
        Verdict.RIGHT, "", _("This operation is right: with these numbers it gives what backpropagation gives.")
    )


def describe(planted: Planted, n_layers: int) -> str:
    """Return what is wrong and what would be right."""
    return f"{planted.sentence(n_layers)} {_(planted.mistake.remedy)}"


def solution(experiment: Experiment) -> str:
    """Return every mistake that is planted in an experiment, in words."""
    network = first_network(experiment)
    return " ".join(describe(each, len(network.layers)) for each in plant_all(network, experiment.mistakes))


def _is_at(planted: Planted, operation: Operation) -> bool:
    quantities = _KEYS.get(operation.quantity, (operation.quantity,))
    return any((quantity, operation.layer) in planted.keys for quantity in quantities)


def _differs(update: TracedUpdate, operation: Operation) -> bool:
    network = network_of(update)
    right = backprop.trace(network, update.trace.x, update.trace.y)
    if operation.quantity == "loss":
        return False
    if operation.quantity == "update":
        layer, change = right.layers[operation.layer - 1], update.layers[operation.layer - 1]
        true = change.W - update.learning_rate * layer.dW
    else:
        true = getattr(right.layers[operation.layer - 1], operation.quantity)
    found = update.value(operation)
    scale = max(float(np.abs(true).max(initial=0.0)), np.finfo(np.float64).tiny)
    return bool(np.abs(found - true).max(initial=0.0) > _ROUNDING * scale)
