"""Interventions: changes that the user makes during training."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from bpviz.language import _
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.session.experiment.labels import label
from bpviz.session.experiment.validation import shown
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import Stroke


class EditError(ValueError):
    """A parameter cannot be set, or a point cannot be drawn. The message says why."""


@dataclass(frozen=True)
class Edit:
    """A new value of a weight or bias, typed in or dragged by the user.

    Attributes
    ----------
    layer : int
        Counted from 1.
    source : int or None
        The neuron of the layer before from which the weight comes; None for the bias.
    neuron : int
    value : float
    goes_on : bool
        Whether it belongs to the same drag as the edit before: it then replaces that edit if it is of the same
        parameter at the same position. Not stored once the edit has been made.
    """

    layer: int
    source: int | None
    neuron: int
    value: float
    goes_on: bool = False

    def goes_on_with(self, other: Edit | None) -> bool:
        """Return whether it replaces another edit made at the same position."""
        same = other is not None and (self.layer, self.source, self.neuron) == (other.layer, other.source, other.neuron)
        return self.goes_on and same

    @property
    def name(self) -> str:
        """The parameter's name, e.g. "W2[3, 0]" or "b2[0]"."""
        return (
            f"b{self.layer}[{self.neuron}]" if self.source is None else f"W{self.layer}[{self.source}, {self.neuron}]"
        )

    def problem(self, sizes: tuple[int, ...]) -> str | None:
        """Return why the edit is invalid for a network of these widths, the input's included, or None."""
        if not 1 <= self.layer < len(sizes):
            return _("{name} cannot be set: choose a layer from 1 to {last}").format(
                name=self.name, last=len(sizes) - 1
            )
        if not 0 <= self.neuron < sizes[self.layer] or not 0 <= (self.source or 0) < sizes[self.layer - 1]:
            return _("{name} cannot be set: its layer is {n_in} x {n_out}").format(
                name=self.name, n_in=sizes[self.layer - 1], n_out=sizes[self.layer]
            )
        if not math.isfinite(self.value):
            return _("{name} cannot be {value}: type a finite number").format(name=self.name, value=self.value)
        return None


@dataclass(frozen=True)
class Intervention:
    """A change made by the user before the update at position `at`: exactly one of the other fields is not None.

    Attributes
    ----------
    at : Position
    experiment : Experiment or None
        New values of the fields in `LIVE`.
    sample : int or None
        A training sample for which an extra update was made.
    edit : Edit or None
        A new value of a parameter.
    stroke : Stroke or None
        Samples that were drawn or erased.
    """

    at: Position
    experiment: Experiment | None = None
    sample: int | None = None
    edit: Edit | None = None
    stroke: Stroke | None = None

    def alone(self) -> Intervention:
        """Return the intervention as it is stored, without the mark of a drag."""
        return self if self.edit is None else replace(self, edit=replace(self.edit, goes_on=False))

    def describe(self, before: Experiment) -> str:
        """Return what was changed, e.g. "learning rate 0.1".

        Parameters
        ----------
        before : Experiment
            The experiment before the change.
        """
        if self.edit is not None:
            return f"{self.edit.name} = {self.edit.value:.6g}"
        if self.sample is not None:
            return _("sample {sample:,} applied").format(sample=self.sample)
        if self.stroke is not None:
            return self.stroke.describe()
        assert self.experiment is not None
        changed = {name: getattr(self.experiment, name) for name in sorted(LIVE - {"epochs"})}
        news = [f"{label(name)} {_value(value)}" for name, value in changed.items() if value != getattr(before, name)]
        return ", ".join(news) or _("training options")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return shown(value)
