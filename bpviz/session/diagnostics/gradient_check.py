"""The gradient check of the current update, in pieces, so that the engine can handle commands between them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bpviz.core import gradcheck
from bpviz.core.arrays import Array, Indices
from bpviz.core.backprop import Trace
from bpviz.core.gradcheck import LayerCheck, count_multiplications, sweep_epsilons_in_pieces
from bpviz.core.gradcheck_report import GradientReport, verdict
from bpviz.core.network import Network
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.language import _
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate

#: The epsilons of the sweep.
EPSILONS = tuple(10.0**-power for power in range(1, 13))
# Most multiplications of one numerical gradient: some seconds. The check takes two gradients, the sweep twelve.
_MAX_WORK = 1_000_000_000

ValleyPoint = tuple[float, Array]


class TooLargeToCheckError(ValueError):
    """Central differences of this network with so many samples would take minutes."""


@dataclass(frozen=True)
class GradientsChecked:
    """Backpropagation against central differences, for one update. Read-only arrays.

    Attributes
    ----------
    position : Position
        The position at which the update was checked.
    samples : ndarray of int
        The training samples of the update: one, or a batch, whose mean loss is differentiated.
    epsilon : float
        The step of the central difference.
    checks : tuple of LayerCheck
        Layers 1..L.
    verdict : GradientReport
    valley : tuple of (epsilon, ndarray of shape (n_layers,))
        The largest relative error of every layer for each of `EPSILONS`; empty until the sweep is complete.
    rule : LearningRule
        Its penalties are in both gradients.
    """

    position: Position
    samples: Indices
    epsilon: float
    checks: tuple[LayerCheck, ...]
    verdict: GradientReport
    valley: tuple[ValleyPoint, ...] = ()
    rule: LearningRule = PLAIN_SGD

    def is_of(self, update: TracedUpdate | None) -> bool:
        """Return whether these are the gradients of an update, whichever of its operations are done."""
        if update is None or not np.array_equal(self.samples, update.samples):
            return False
        checked = np.concatenate([found.analytic for found in self.checks])
        return np.array_equal(checked, _gradient_of(update), equal_nan=True)


def _gradient_of(update: TracedUpdate) -> Array:
    """Return the gradient of an update, packed, with the penalties of its rule."""
    if update.learning:
        return update.learning.penalised
    return np.concatenate([np.append(layer.dW.ravel(), layer.db) for layer in update.trace.layers])


def check_in_pieces(
    network: Network,
    trace: Trace,
    samples: Indices,
    position: Position,
    epsilon: float,
    rule: LearningRule = PLAIN_SGD,
) -> Iterator[GradientsChecked | None]:
    """Check the gradients of some samples, first with one epsilon, then with all of `EPSILONS`.

    Parameters
    ----------
    network : Network
        It must not change until the generator is exhausted: pass a copy.
    trace : Trace
        What was computed for these samples, with gradients to be checked.
    samples : ndarray of int
        Indices of the samples in the training set.
    position : Position
    epsilon : float
    rule : LearningRule
        Whose penalties are in the gradients and in the loss.

    Yields
    ------
    GradientsChecked or None
        None after each piece of some milliseconds; the result twice, without the sweep and with it.

    Raises
    ------
    TooLargeToCheckError
        Before the first piece, if the check would take minutes.
    """
    _refuse_what_takes_minutes(network, len(trace.x))
    checks = tuple((yield from gradcheck.check_in_pieces(network, trace.x, trace.y, epsilon, trace, rule)))
    numbers = samples.copy()
    numbers.flags.writeable = False
    found = GradientsChecked(position, numbers, epsilon, checks, verdict(checks), rule=rule)
    yield found
    points = []
    for point in sweep_epsilons_in_pieces(network, trace.x, trace.y, EPSILONS, trace, rule):
        points += [point] if point else []
        yield None
    yield dataclasses.replace(found, valley=tuple(points))


def _refuse_what_takes_minutes(network: Network, samples: int) -> None:
    if count_multiplications(network, samples) > _MAX_WORK:
        if samples > 1:
            text = _(
                "Moving each of {n_parameters:,} parameters by itself with a batch of {samples:,} samples would take "
                "minutes: check a smaller network, or a smaller batch."
            )
        else:
            text = _(
                "Moving each of {n_parameters:,} parameters by itself would take minutes: check a smaller network."
            )
        raise TooLargeToCheckError(text.format(n_parameters=len(network.parameters), samples=samples))
