"""Conventions: how formulas and numbers are written. What is trained never depends on them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields, replace

from bpviz.language import ENGLISH, _, chosen, without_gaps

_DELTA = re.compile(r"\b(d|D)elta(s?)\b(?!\d)")
#: Losses whose half can be left out.
_WITH_HALF = ("mse",)


@dataclass(frozen=True)
class Conventions:
    """A choice for each thing that books differ in; the default is what bpviz computes with.

    Attributes
    ----------
    negative : bool
        error, delta and gradients are the negative derivatives, y - a at the output, and an update adds them.
    whole : bool
        The squared error of a sample is the sum over the outputs without the half. Error, delta and gradients are twice
        as large then, and an update takes half of the learning rate; an optimiser that divides by the size of gradients
        takes twice the epsilon instead. Penalties and the largest norm are twice as large too.
    columns : bool
        Vectors are columns, W a + b: the matrix of weights is the transpose, with the index of the target first.
    from_one : bool
        Neurons, inputs and outputs count from 1.
    signal : bool
        delta is called the error signal.
    """

    negative: bool = False
    whole: bool = False
    columns: bool = False
    from_one: bool = False
    signal: bool = False

    @property
    def first(self) -> int:
        """The number of the first neuron of a layer."""
        return int(self.from_one)

    @property
    def loss_factor(self) -> float:
        """By what the loss of a sample is multiplied; for conventions that apply, see `applying`."""
        return 2.0 if self.whole else 1.0

    @property
    def factor(self) -> float:
        """By what error, delta and gradients are multiplied; for conventions that apply, see `applying`."""
        return -self.loss_factor if self.negative else self.loss_factor

    @property
    def delta_name(self) -> str:
        """The name of delta."""
        return _("error signal") if self.signal else _("delta")

    def rate_factor(self, *, rescales: bool) -> float:
        """Return by what the learning rate is divided: not by the size of gradients if `LearningRule.rescales`."""
        return math.copysign(1.0, self.factor) if rescales else self.factor

    def applying(self, loss: str) -> Conventions:
        """Return the conventions that apply to a loss: the half belongs to squared error."""
        return replace(self, whole=self.whole and has_half(loss))

    def worded(self, text: str) -> str:
        """Return a text of bpviz with the name of delta."""
        if not self.signal:
            return text
        if chosen() == ENGLISH:
            return _DELTA.sub(_signal, text)
        return without_gaps(text.replace(_("delta"), self.delta_name))

    def to_text(self) -> str:
        """Return the chosen conventions as words, "" for those of bpviz."""
        return " ".join(name for name in NAMES if getattr(self, name))

    @classmethod
    def from_text(cls, text: str) -> Conventions:
        """Return the conventions of `to_text`; words that are none are left out."""
        return cls(**{name: True for name in text.split() if name in NAMES})


def has_half(loss: str) -> bool:
    """Return whether a loss is written with a half or without."""
    return loss in _WITH_HALF


def _signal(found: re.Match[str]) -> str:
    return ("Error" if found[1] == "D" else "error") + " signal" + found[2]


NAMES = tuple(each.name for each in fields(Conventions))
#: What bpviz computes with.
OWN = Conventions()
