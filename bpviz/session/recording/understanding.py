"""How the numbers of a recording are read: rows or columns, activation functions, loss; and its updates, so read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from bpviz.core import backprop
from bpviz.core.checking.readings import readings_of, with_rate
from bpviz.core.diagnosis.diagnose import Reading, diagnose
from bpviz.core.diagnosis.layouts import Layout, RawUpdate
from bpviz.core.diagnosis.numbers import CheckedUpdate
from bpviz.core.mistakes.program import Key, Program, keys_in_order
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.recording.recording import Recording
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import LayerChange, TracedUpdate, UpdateKind

# How many updates are tried to find out how all of them are to be read.
_MOST_TRIED = 3


@dataclass(frozen=True)
class Understood:
    """A recording, and how it is read.

    Attributes
    ----------
    recording : Recording
    layout : Layout
    activations : tuple of str
    loss : str
    notes : tuple of str
        What was inferred, a sentence each.
    """

    recording: Recording
    layout: Layout
    activations: tuple[str, ...]
    loss: str
    notes: tuple[str, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        """Return the number of updates."""
        return len(self.recording.updates)

    def number(self, index: int) -> int:
        """Return which of their updates one is, counted from 1."""
        return self.recording.updates[index].number

    def index_of(self, number: int) -> int:
        """Return the place of the last update that was kept up to one of their numbers; 0 if there is none."""
        numbers = [update.number for update in self.recording.updates]
        return max(int(np.searchsorted(numbers, number, side="right")) - 1, 0)

    def checked(self, index: int) -> CheckedUpdate:
        """Return an update in the shapes of bpviz.

        Raises
        ------
        ValueError
            If its arrays do not fit together.
        """
        raw = self.recording.updates[index].raw
        _, (update,) = with_rate([raw.read(self.layout, self.activations, self.loss)])
        return update

    @property
    def keys(self) -> tuple[Key, ...]:
        """The arrays that some update has, in the order of computing."""
        given = {key for update in self.recording.updates for key in update.raw.numbers}
        return tuple(key for key in keys_in_order(len(self.activations)) if key in given)


def understand(recording: Recording) -> Understood:
    """Find out how the numbers of a recording are to be read.

    Raises
    ------
    ValueError
        If its arrays do not fit together; the sentence says which.
    """
    raws = [update.raw for update in recording.updates if _is_usable(update.raw)][:_MOST_TRIED]
    raws = raws or [recording.updates[0].raw]
    activations = "?" if recording.activations is None else list(recording.activations)
    reading = _likeliest(readings_of(raws, activations, recording.loss))
    network = reading.updates[0].setup.network
    names = tuple(layer.activation or "none" for layer in network.layers)
    notes = tuple(note for note in reading.notes if "learning rate" not in note)
    return Understood(recording, reading.layout, names, network.loss_name, notes)


def _is_usable(raw: RawUpdate) -> bool:
    arrays = (raw.x, *raw.weights, *raw.biases, *raw.numbers.values())
    return bool(raw.numbers) and all(np.isfinite(array).all() for array in arrays)


def _likeliest(readings: Sequence[Reading]) -> Reading:
    """Return the reading under which the numbers are right, or best explained."""
    if len(readings) == 1:
        return readings[0]
    with np.errstate(all="ignore"):
        chosen = diagnose(readings).comparison.updates[0]
    return next(reading for reading in readings if reading.updates[0] is chosen)


def own_numbers(update: CheckedUpdate) -> OwnNumbers:
    """Return somebody's numbers of an update, always of two axes."""
    arrays = {key: np.atleast_2d(given.values) for key, given in update.numbers.items()}
    return OwnNumbers(MappingProxyType(arrays))


def traced(update: CheckedUpdate) -> TracedUpdate:
    """Return the same update as bpviz computes it, from their parameters."""
    setup = update.setup
    with np.errstate(all="ignore"):
        trace = backprop.trace(setup.network, setup.x, setup.y)
        truth = update.truth()
        layers = tuple(_change(truth, number) for number in range(1, setup.n_layers + 1))
    nothing = np.zeros(len(setup.x))
    return TracedUpdate(
        position=Position(),
        index=len(operations(setup.n_layers)),
        kind=UpdateKind.INSPECTED,
        samples=np.arange(len(setup.x)),
        trace=trace,
        layers=layers,
        learning_rate=setup.learning_rate or 0.0,
        loss_name=setup.network.loss_name,
        losses_before=nothing,
        losses_after=nothing,
        mse_before=None,
        mse_after=None,
    )


def _change(truth: Program, number: int) -> LayerChange:
    layer = truth.setup.layer(number)
    is_stepped = truth.setup.learning_rate is not None
    W, b = layer.weights, layer.bias
    W_after, b_after = (truth.value("W_after", number), truth.value("b_after", number)) if is_stepped else (W, b)
    return LayerChange(layer.activation or "none", W, b, W_after, b_after)
