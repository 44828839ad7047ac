"""Tasks of lessons: what the user is asked to do, and whether it is done."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.lessons.situation import Situation
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import Operation


@dataclass(frozen=True)
class OperationDone:
    """An operation of the current update is done; with `just`, it is the latest one."""

    operation: Operation
    just: bool = False

    def holds(self, situation: Situation) -> bool:
        """Return whether it holds in a situation."""
        update = situation.update
        if update is None or self.operation not in update.operations:
            return False
        return update.operation == self.operation if self.just else update.is_done(self.operation)


@dataclass(frozen=True)
class PositionReached:
    """The position on screen is this one or a later one."""

    position: Position

    def holds(self, situation: Situation) -> bool:
        """Return whether it holds in a situation."""
        return situation.position is not None and situation.position >= self.position


@dataclass(frozen=True)
class NeuronSelected:
    """A neuron is selected; any one of its layer if `neuron` is None."""

    layer: int
    neuron: int | None = None

    def holds(self, situation: Situation) -> bool:
        """Return whether it holds in a situation."""
        return situation.layer == self.layer and self.neuron in (None, situation.neuron)


@dataclass(frozen=True)
class SampleSelected:
    """A training sample is selected."""

    sample: int

    def holds(self, situation: Situation) -> bool:
        """Return whether it holds in a situation."""
        return situation.sample == self.sample


@dataclass(frozen=True)
class ColumnBelow:
    """The latest epoch's record is below a number."""

    column: str
    below: float

    def holds(self, situation: Situation) -> bool:
        """Return whether it holds in a situation."""
        return len(situation.epochs) > 0 and float(situation.epochs.column(self.column)[-1]) < self.below


Condition = OperationDone | PositionReached | NeuronSelected | SampleSelected | ColumnBelow


@dataclass(frozen=True)
class Task:
    """What the user is asked to do, and the condition that holds when it is done."""

    text: str
    until: Condition
