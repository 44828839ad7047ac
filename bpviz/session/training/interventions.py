"""Interventions: what is changed by hand while a network trains."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from bpviz.session.experiment.experiment import LIVE, Experiment, label
from bpviz.session.experiment.validation import shown
from bpviz.session.training.position import Position


class EditError(ValueError):
    """A parameter that cannot be typed in. The message says why."""


@dataclass(frozen=True)
class Edit:
    """A weight or bias typed in.

    Attributes
    ----------
    layer : int
        Counted from 1.
    source : int or None
        The neuron of the layer before whose weight it is; None for the bias.
    neuron : int
    value : float
    goes_on : bool
        Whether it goes on with the edit before, as while a value is dragged: where that was of the same parameter at
        the same position, it takes its place. No part of what an edit is once it is made.
    """

    layer: int
    source: int | None
    neuron: int
    value: float
    goes_on: bool = False

    def goes_on_with(self, other: Edit | None) -> bool:
        """Return whether it is to take the place of another edit, made at the same position."""
        same = other is not None and (self.layer, self.source, self.neuron) == (other.layer, other.source, other.neuron)
        return self.goes_on and same

    @property
    def name(self) -> str:
        """Which parameter it is, as in "W2[3, 0]" or "b2[0]"."""
        return (
            f"b{self.layer}[{self.neuron}]" if self.source is None else f"W{self.layer}[{self.source}, {self.neuron}]"
        )

    def problem(self, sizes: tuple[int, ...]) -> str | None:
        """Return why a network of such widths, the input's included, cannot have it, as a sentence; else None."""
        if not 1 <= self.layer < len(sizes):
            return f"{self.name} cannot be set: layers with weights go from 1 to {len(sizes) - 1}"
        if not 0 <= self.neuron < sizes[self.layer] or not 0 <= (self.source or 0) < sizes[self.layer - 1]:
            return f"{self.name} cannot be set: its layer is {sizes[self.layer - 1]} x {sizes[self.layer]}"
        if not math.isfinite(self.value):
            return f"{self.name} cannot be {self.value}: type a finite number"
        return None


@dataclass(frozen=True)
class Intervention:
    """Something changed by hand before the update that begins at `at`; exactly one of the others is given.

    Attributes
    ----------
    at : Position
    experiment : Experiment or None
        Other values of the fields that may change while a network trains.
    sample : int or None
        A training sample that was trained on out of turn.
    edit : Edit or None
        A parameter that was typed in.
    """

    at: Position
    experiment: Experiment | None = None
    sample: int | None = None
    edit: Edit | None = None

    def alone(self) -> Intervention:
        """Return it as it is kept: whatever it went on with has given place to it."""
        return self if self.edit is None else replace(self, edit=replace(self.edit, goes_on=False))

    def describe(self, before: Experiment) -> str:
        """Return what was changed, as in "learning rate 0.1".

        Parameters
        ----------
        before : Experiment
            The one in force until then.
        """
        if self.edit is not None:
            return f"{self.edit.name} = {self.edit.value:.6g}"
        if self.sample is not None:
            return f"sample {self.sample:,} applied"
        assert self.experiment is not None
        changed = {name: getattr(self.experiment, name) for name in sorted(LIVE - {"epochs"})}
        news = [f"{label(name)} {_value(value)}" for name, value in changed.items() if value != getattr(before, name)]
        return ", ".join(news) or "training options"


def _value(value: object) -> str:
    return ("off", "on")[value] if isinstance(value, bool) else shown(value)
